"""XML, whose text can hold fewer characters than a string can."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from shapespec.ground.sinks.out import Escaped
from shapespec.ground.sinks.visible import visible


def element(name: str, attributes: Mapping[str, object], *inside: Escaped) -> Escaped:
    """An element with what is inside; names are ours, values are anybody's."""
    given = "".join(f" {key}={_quoted(value)}" for key, value in attributes.items())
    if not inside:
        return Escaped(f"<{name}{given}/>")
    return Escaped(f"<{name}{given}>{''.join(inside)}</{name}>")


def document(root: Escaped) -> Escaped:
    """A document of one element, encoded as UTF-8."""
    return Escaped(f'<?xml version="1.0" encoding="utf-8"?>\n{root}')


def text(lines: str) -> Escaped:
    """Text of several lines; what XML cannot hold becomes an escape."""
    return Escaped("\n".join(escape(visible(line)) for line in lines.split("\n")))


def _quoted(value: object) -> str:
    return quoteattr(visible(str(value)))
