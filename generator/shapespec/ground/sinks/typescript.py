"""Text in TypeScript source: literals and doc comments."""

from __future__ import annotations

import textwrap

from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.sinks.visible import visible_lines

_WIDTH = 88


def literal(text: str) -> str:
    """A text as a TypeScript literal: one line of ASCII and nothing but a string."""
    return str(dumps(text))


def doc_comment(text: str, indent: int = 0) -> str:
    """A text as a doc comment, wrapped and unable to end it.

    Args:
        text: Paragraphs, an empty line between them.
        indent: The column that it begins at.
    """
    safe = visible_lines(text).replace("*/", "*\\/")
    margin = " " * indent
    lines: list[str] = []
    for line in safe.split("\n"):
        lines += textwrap.wrap(
            line,
            width=_WIDTH - indent - 3,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    if len(lines) == 1:
        return f"{margin}/** {lines[0]} */"
    body = [f"{margin} * {line}".rstrip() for line in lines]
    return "\n".join([f"{margin}/**", *body, f"{margin} */"])
