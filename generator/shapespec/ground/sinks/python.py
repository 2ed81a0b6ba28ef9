"""Text in Python source: literals, docstrings, comments."""

from __future__ import annotations

import textwrap

from shapespec.ground.sinks.visible import visible

_WIDTH = 88


def literal(text: str) -> str:
    """A text as a Python literal, in double quotes where that needs no more escapes.

    Whatever the text holds, the literal is one line of ASCII and nothing but a string.
    """
    written = ascii(text)
    if written[0] == "'" and '"' not in text:
        written = '"' + written[1:-1].replace("\\'", "'") + '"'
    return written


def docstring(text: str, indent: int = 4, hang: int = 0) -> str:
    """Text as the inside of a docstring: wrapped, and unable to end it.

    Args:
        text: Paragraphs, an empty line between them.
        indent: The column that it stands at.
        hang: How much further the second and later lines of a paragraph stand.
    """
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    safe = "\n".join(map(visible, escaped.split("\n")))
    lines: list[str] = []
    for line in safe.split("\n"):
        lines += textwrap.wrap(
            line,
            width=_WIDTH - indent,
            subsequent_indent=" " * hang,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    body = "\n".join(f"{' ' * indent}{line}".rstrip() for line in lines).lstrip()
    return f"{body} " if body.endswith('"') else body


def comment(text: str) -> str:
    """Text for one comment line: without anything that could end it."""
    return visible(" ".join(text.splitlines()))
