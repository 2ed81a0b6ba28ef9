"""Templates and the few filters they need; see templates/README.md."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from shapespec.ground.resources import TEMPLATES
from shapespec.ground.sinks.python import comment, docstring, literal

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["comment", "docstring", "environment", "literal", "render"]


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
