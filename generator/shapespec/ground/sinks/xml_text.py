"""XML, whose text can hold fewer characters than a string can."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from shapespec.ground.sinks.out import Escaped
from shapespec.ground.sinks.visible import visible


def opened(name: str, attributes: Mapping[str, object]) -> Escaped:
    """The beginning of an element; its name is ours, its values are anybody's."""
    given = "".join(f" {key}={_quoted(value)}" for key, value in attributes.items())
    return Escaped(f"<{name}{given}>")


def closed(name: str) -> Escaped:
    """The end of an element."""
    return Escaped(f"</{name}>")


def element(name: str, attributes: Mapping[str, object]) -> Escaped:
    """An element with nothing inside."""
    return Escaped(f"{opened(name, attributes)[:-1]}/>")


def declared() -> Escaped:
    """The first line of a document, which is encoded as UTF-8."""
    return Escaped('<?xml version="1.0" encoding="utf-8"?>')


def text(lines: Iterable[str]) -> Escaped:
    """Text of several lines; what XML cannot hold becomes an escape."""
    return Escaped("\n".join(map(_line, lines)))


def _line(line: str) -> str:
    """A line that a runner of workflows takes for no command of its own."""
    shown = escape(visible(line)).replace("##[", "##&#91;")
    return re.sub(r"^(\s*):(?=:)", r"\1&#58;", shown)


def _quoted(value: object) -> str:
    return quoteattr(visible(str(value))).replace("##[", "##&#91;")
