"""Where in a text a JSON Pointer points."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from json import decoder
from typing import NamedTuple

from shapespec.ground.source import Position, SourceFile
from shapespec.language.yaml_tree import Mapping, Node, Sequence, compose
from shapespec.responses.rows import Row

_SPACE = re.compile(r"[ \t\n\r]*")

# What the standard library's own decoder is made of; typeshed does not list it.
_scan: Callable[[str, int], tuple[object, int]] = vars(decoder.JSONDecoder())[
    "scan_once"
]
_scan_string: Callable[[str, int], tuple[str, int]] = vars(decoder)["scanstring"]


def locate(text: str, pointer: str) -> int:
    """The offset of a value in a JSON text that has been read without fault.

    For a member that is the place of its name; for one that is absent, the place of
    what it is absent from.
    """
    return _find(text, pointer)[0]


def locate_yaml(text: str, pointer: str) -> Position:
    """The place of a value in a YAML text, as `locate` has it in JSON."""
    source, node = _tree(text)
    shown = node.span
    for name in _steps(pointer):
        if isinstance(node, Mapping):
            entries = (entry for entry in node.entries if entry[0].text == name)
            found = [(key.span, value) for key, value in entries]
        elif isinstance(node, Sequence) and name.isdecimal():
            found = [(item.span, item) for item in node.items[int(name) :][:1]]
        else:
            break
        if not found:
            break
        shown, node = found[0]
    return source.position(shown.start)


@lru_cache(maxsize=1)
def _tree(text: str) -> tuple[SourceFile, Node]:
    """A YAML text as a tree; kept, as one text may be asked about often."""
    source = SourceFile("", text)
    return source, compose(source)


class Placed(NamedTuple):
    """Where a row is.

    Attributes:
        line: The line of the file where it begins.
        text: The text that holds it; empty where places in it are not told.
        origin: Where in the file that text begins.
        within: Where in that text the row is, as a JSON Pointer.
    """

    line: int
    text: str
    origin: Position
    within: str = ""


def place_rows(
    rows: Iterable[Row], text: str, kind: str, number: int
) -> Iterator[tuple[Row, Placed]]:
    """Rows, each with its place in the text that holds them all.

    Args:
        rows: What the text holds, in order.
        text: JSON or YAML, read without fault.
        kind: Which of the two.
        number: The line of the file where the text begins.
    """
    source = SourceFile("", text)
    items: Iterator[slice] | None = None
    for row in rows:
        if not row.whole:
            yield row, Placed(number, "", Position(number, 1))
        elif kind == "yaml":
            line = locate_yaml(text, row.place).line
            yield row, Placed(line, text, Position(1, 1), row.place)
        else:
            items = items or _items(text, row.place.rpartition("/")[0])
            item = next(items)
            line, column = source.position(item.start)
            origin = Position(number + line - 1, column)
            yield row, Placed(origin.line, text[item], origin)


def _items(text: str, pointer: str) -> Iterator[slice]:
    """Where the items of a list are, in order, at a place in a JSON text."""
    _, at = _find(text, pointer)
    while text[at] in "[,":
        start = _skip(text, at + 1)
        _, end = _scan(text, start)
        yield slice(start, end)
        at = _skip(text, end)


def _steps(pointer: str) -> Iterator[str]:
    """The names and indexes that a JSON Pointer is made of."""
    for step in pointer.split("/")[1:]:
        yield step.replace("~1", "/").replace("~0", "~")


def _find(text: str, pointer: str) -> tuple[int, int]:
    """The offsets of what is shown for a place in a JSON text, and of its value."""
    at = shown = _skip(text, 0)
    for name in _steps(pointer):
        found = None
        if text[at] == "{":
            found = _member(text, at, name)
        elif text[at] == "[":
            found = _item(text, at, name)
        if found is None:
            break
        shown, at = found
    return shown, at


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _member(text: str, at: int, name: str) -> tuple[int, int] | None:
    """The places of a member's name and value in the object at `at`."""
    at = _skip(text, at + 1)
    while text[at] == '"':
        start = at
        key, at = _scan_string(text, at + 1)
        at = _skip(text, _skip(text, at) + 1)
        if key == name:
            return start, at
        _, at = _scan(text, at)
        at = _skip(text, at)
        if text[at] != ",":
            return None
        at = _skip(text, at + 1)
    return None


def _item(text: str, at: int, index: str) -> tuple[int, int] | None:
    """The place of an item in the list at `at`, twice."""
    at = _skip(text, at + 1)
    for _ in range(int(index) if index.isdecimal() else 0):
        _, at = _scan(text, at)
        at = _skip(text, at)
        if text[at] != ",":
            return None
        at = _skip(text, at + 1)
    return at, at
