"""XML, whose text can hold fewer characters than a string can."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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


def text(lines: Iterable[str]) -> Escaped:
    """Text of several lines; what XML cannot hold becomes an escape."""
    return Escaped("\n".join(map(_line, lines)))


def _line(line: str) -> str:
    """A line that a runner of workflows takes for no command of its own."""
    shown = escape(visible(line)).replace("##[", "##&#91;")
    return re.sub(r"^(\s*):(?=:)", r"\1&#58;", shown)


def _quoted(value: object) -> str:
    return quoteattr(visible(str(value))).replace("##[", "##&#91;")
