"""Templates and the few filters they need; see templates/README.md."""

from __future__ import annotations

import textwrap
from functools import cache
from typing import TYPE_CHECKING

from shapespec.ground.literals import literal
from shapespec.ground.resources import TEMPLATES

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["comment", "docstring", "environment", "literal", "render"]

_WIDTH = 88


@cache
def environment() -> Environment:
    """One environment for all templates; a misspelt name in one is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Python and Markdown; lower.py finishes strings
    )
    made.filters["docstring"] = docstring
    made.filters["comment"] = comment
    return made


def render(template: str, **views: object) -> str:
    """The text of a template, given its view."""
    return environment().get_template(template).render(**views)


def docstring(text: str, indent: int = 4, hang: int = 0) -> str:
    """Text as the inside of a docstring: wrapped, and unable to end it.

    Args:
        text: Paragraphs, an empty line between them.
        indent: The column that it stands at.
        hang: How much further the second and later lines of a paragraph stand.
    """
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    safe = "".join(char if _harmless(char) else _escape(char) for char in escaped)
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
    return "".join(char if _harmless(char) and char != "\n" else " " for char in text)


def _harmless(char: str) -> bool:
    return char == "\n" or char.isprintable()


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
