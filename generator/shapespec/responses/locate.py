"""Where in a text values are: all that is asked about a text is found in one pass."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from shapespec.ground.pointer import steps
from shapespec.ground.source import Position, SourceFile, Span
from shapespec.language.yaml_tree import Mapping, Node, Sequence, compose
from shapespec.responses.symbols import without_symbols

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_WORD = re.compile(r"[^][{},: \t\n\r]*")
_BRACKET = re.compile(rf"{_STRING.pattern}|[][{{}}]")


def locate(text: str, kind: str, pointers: Iterable[str]) -> Iterator[Position]:
    """The places of values, one for each JSON Pointer, in their order.

    A member's place is that of its name. The place of what is absent is that of the
    value that it is absent from. The text is read once, and a pointer costs its own
    length.

    Args:
        text: JSON or YAML that was parsed without an error.
        kind: `json` or `yaml`.
        pointers: The pointers, in any order.
    """
    source = _yaml(text).source if kind == "yaml" else SourceFile("", text)
    return map(source.position, offsets(text, kind, pointers))


def offsets(text: str, kind: str, pointers: Iterable[str]) -> Iterator[int]:
    """The offsets of the same places in the text; see `locate`."""
    asked = [*pointers]
    root = _Asked()
    for pointer in asked:
        root.ask(pointer)
    if kind == "yaml":
        _yaml(text).answer(root)
    else:
        _answer(root, text)
    for pointer in asked:
        yield root.offset(pointer)


def second_name(text: str) -> int:
    """The offset of the first name that an object in a JSON text has twice, or 0."""
    open_ones: list[set[str] | None] = []
    for token in _BRACKET.finditer(text):
        names = open_ones[-1] if open_ones else None
        match token[0]:
            case "{":
                open_ones.append(set())
            case "[":
                open_ones.append(None)
            case "]" | "}":
                del open_ones[-1:]
            case written if names is not None and text[_skip(text, token.end())] == ":":
                name = json.loads(written)
                if name in names:
                    return token.start()
                names.add(name)
    return 0


def json_items(text: str, pointer: str) -> Iterator[slice]:
    """The stretches of a list's items in a JSON text, in order."""
    at = _list_at(text, steps(pointer))
    while text[at] in "[,":
        start = _skip(text, at + 1)
        end = _end(text, start)
        yield slice(start, end)
        at = _skip(text, end)


class _Asked:
    """A place that is asked about, or is on the way to one.

    Attributes:
        below: The places below that are asked about, by name or index.
        at: The offset of the value, or of its name; none until it is found.
    """

    __slots__ = ("at", "below")

    def __init__(self) -> None:
        self.below: dict[str, _Asked] = {}
        self.at: int | None = None

    def ask(self, pointer: str) -> None:
        """Ask about a place, too."""
        place = self
        for step in steps(pointer):
            found = place.below.get(step)
            if found is None:
                found = place.below[step] = _Asked()
            place = found

    def offset(self, pointer: str) -> int:
        """The answer; of what was not found, that of the nearest value around it."""
        place, offset = self, self.at
        for step in steps(pointer):
            place = place.below[step]
            if place.at is None:
                break
            offset = place.at
        return offset or 0


def _answer(root: _Asked, text: str) -> None:
    """Find places in a JSON text, in one pass and without recursion."""
    root.at = at = _skip(text, 0)
    asked: _Asked | None = root
    open_ones: list[tuple[_Asked, itertools.count[int] | None]] = []
    while True:
        if asked is not None and asked.below and text[at] in "[{":
            numbers = itertools.count() if text[at] == "[" else None
            open_ones.append((asked, numbers))
            at = _skip(text, at + 1)
        else:
            at = _skip(text, _end(text, at))
        while open_ones and text[at] in "]}":
            open_ones.pop()
            at = _skip(text, at + 1)
        if not open_ones:
            return
        if text[at] == ",":
            at = _skip(text, at + 1)
        around, numbers = open_ones[-1]
        start = at
        if numbers is None:
            name, at = _name(text, at)
        else:
            name = str(next(numbers))
        asked = around.below.get(name)
        if asked is not None:
            asked.at = start


def _list_at(text: str, way: list[str]) -> int:
    """The offset of a value in a JSON text that leads to it by names alone."""
    at = _skip(text, 0)
    for step in way:
        name = None
        while name != step:
            if name is not None:
                at = _skip(text, _end(text, at))
            name, at = _name(text, _skip(text, at + 1))
    return at


def _name(text: str, at: int) -> tuple[str, int]:
    """The name of the member that begins at `at`, and the offset of its value."""
    end = _end(text, at)
    written = text[at:end]
    name = json.loads(written) if "\\" in written else written[1:-1]
    return name, _skip(text, _skip(text, end) + 1)


def _skip(text: str, at: int) -> int:
    """The offset behind white space."""
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _end(text: str, at: int) -> int:
    """The offset behind the value that begins at `at`."""
    if text[at] not in "[{":
        found = (_STRING if text[at] == '"' else _WORD).match(text, at)
        return found.end() if found else at
    depth = 0
    for bracket in _BRACKET.finditer(text, at):
        if text[bracket.start()] == '"':
            continue
        depth += 1 if bracket[0] in "[{" else -1
        if not depth:
            return bracket.end()
    return len(text)


class _Yaml:
    """A YAML text as a tree, with the members of its mappings by name."""

    def __init__(self, text: str) -> None:
        self.source = SourceFile("", text)
        self._root = without_symbols(compose(self.source))
        self._members: dict[int, dict[str, tuple[Span, Node]]] = {}

    def answer(self, root: _Asked) -> None:
        """Find places in the tree."""
        root.at = self._root.span.start
        pending = [(root, self._root)]
        while pending:
            around, node = pending.pop()
            for name, asked in around.below.items():
                found = self._below(node, name)
                if found is not None:
                    span, value = found
                    asked.at = span.start
                    pending.append((asked, value))

    def _below(self, node: Node, name: str) -> tuple[Span, Node] | None:
        """What a node has under a name or at an index, and where that is."""
        if isinstance(node, Mapping):
            members = self._members.get(id(node))
            if members is None:
                members = {key.text: (key.span, value) for key, value in node.entries}
                self._members[id(node)] = members
            return members.get(name)
        if isinstance(node, Sequence) and name.isdecimal():
            for item in node.items[int(name) :][:1]:
                return item.span, item
        return None


@lru_cache(maxsize=1)
def _yaml(text: str) -> _Yaml:
    """A YAML text as a tree; kept, since each of its rows is asked about by itself."""
    return _Yaml(text)
