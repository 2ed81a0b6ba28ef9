"""A spec as it is being typed: which keys there are, and where the cursor is.

A text that is being typed is not well-formed most of the time, so it is not parsed:
indentation and brackets say enough of where a key belongs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

Path: TypeAlias = tuple[str, ...]
"""The keys that lead to a place, from the top; `[]` for the items of a list."""

ITEM = "[]"
_VALUE, _KEYS = True, False
_KEY = re.compile(
    r"(?P<key>\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|-?[^\s#\[\]{},&*!|>%@`\"'-][^:#,{}]*?)"
    r"\s*:(?=\s|$)"
)
_WORD = re.compile(r"[\w-]*\Z")


class Key(NamedTuple):
    """A key: the path of its mapping, its text, and where it starts."""

    path: Path
    name: str
    line: int
    column: int


@dataclass(slots=True)
class _Scope:
    """A mapping or list that is open: its keys so far, and the one that is current."""

    indent: int
    flow: str = ""
    key: str | None = None
    values: dict[str, str] = field(default_factory=dict[str, str])


class Cursor(NamedTuple):
    """Where a cursor is.

    Attributes:
        path: The keys that lead there; with the current key, where its value is typed.
        value: Whether a value is typed, not a key.
        siblings: The keys of the mapping before the cursor, with their values.
        above: The same for each mapping that the path leads through.
        word: The part of a word that stands before it.
    """

    path: Path
    value: bool
    siblings: dict[str, str]
    above: tuple[dict[str, str], ...]
    word: str


def keys(text: str) -> Iterator[Key]:
    """Every key of a text, in order."""
    yield from _Scanner().scan(text)


def cursor(text: str) -> Cursor:
    """Where the end of a text is, as the beginning of a document."""
    scanner = _Scanner()
    for _ in scanner.scan(text):
        pass
    return scanner.cursor(text)


class _Scanner:
    """Follows a text line by line, and remembers what is open."""

    def __init__(self) -> None:
        self.scopes: list[_Scope] = []
        self.line = 0
        self.block: int | None = None

    def scan(self, text: str) -> Iterator[Key]:
        for number, line in enumerate(text.split("\n")):
            self.line = number
            yield from self._line(line)

    def path(self) -> Path:
        return tuple(
            ITEM if scope.flow == "[" else scope.key or ""
            for scope in self.scopes
            if scope.flow == "[" or scope.key is not None
        )

    def above(self) -> tuple[dict[str, str], ...]:
        """The keys of each mapping that the path leads through."""
        return tuple(
            {**scope.values}
            for scope in self.scopes
            if scope.flow == "[" or scope.key is not None
        )

    def _in_flow(self) -> bool:
        return bool(self.scopes) and bool(self.scopes[-1].flow)

    def _line(self, line: str) -> Iterator[Key]:
        at = len(line) - len(line.lstrip(" "))
        blank = line.strip() == "" or line.lstrip().startswith("#")
        if self.block is not None and not blank:
            if at > self.block:
                return
            self.block = None
        if self.block is not None or (blank and not self._in_flow()):
            return
        if not self._in_flow():
            self._close(at)
            while line.startswith("- ", at) or line[at:] == "-":
                self.scopes.append(_Scope(at, key=ITEM))
                at += 1
                at += len(line[at:]) - len(line[at:].lstrip(" "))
            found = _KEY.match(line, at)
            if found is None:
                yield from self._flow(line, at)
                return
            yield self._open(found, at)
            at = found.end()
            if re.fullmatch(r"\s+[|>][-+0-9]*\s*(?:#.*)?", line[at:]):
                self.block = self.scopes[-1].indent
                return
        yield from self._flow(line, at)

    def _close(self, indent: int) -> None:
        while self.scopes and self.scopes[-1].indent > indent:
            self.scopes.pop()
        while self.scopes and self.scopes[-1].indent == indent:
            if self.scopes[-1].key != ITEM:
                self.scopes[-1].key = None
                return
            self.scopes.pop()

    def _open(self, found: re.Match[str], indent: int) -> Key:
        name = found["key"].strip("\"'")
        if not self.scopes or self.scopes[-1].indent != indent or self.scopes[-1].flow:
            self.scopes.append(_Scope(indent))
        scope = self.scopes[-1]
        scope.key = None
        key = Key(self.path(), name, self.line, found.start("key"))
        scope.key = name
        scope.values[name] = ""
        return key

    def _flow(self, line: str, at: int) -> Iterator[Key]:
        """The rest of a line: brackets, and keys within them."""
        start = at
        while at < len(line):
            char = line[at]
            scope = self.scopes[-1] if self.scopes else None
            if char == "#" and (at == 0 or line[at - 1] in " \t"):
                break
            if char in "\"'" and not line[start:at].strip():
                end = _quoted(line, at)
                if scope and scope.flow == "{" and scope.key is None:
                    found = _KEY.match(line, at)
                    if found:
                        yield self._flow_key(found)
                        at = start = found.end()
                        continue
                at = end
                continue
            if char in "{[" and (self._in_flow() or line[start:at].strip() == ""):
                self.scopes.append(_Scope(10_000, flow=char))
                start = at + 1
            elif char in "}]" and self._in_flow():
                self._value(line[start:at])
                self.scopes.pop()
                start = at + 1
            elif char == "," and self._in_flow():
                self._value(line[start:at])
                if scope is not None:
                    scope.key = None
                start = at + 1
            elif scope and scope.flow == "{" and scope.key is None and char != " ":
                found = _KEY.match(line, at)
                if found:
                    yield self._flow_key(found)
                    at = start = found.end()
                    continue
            at += 1
        self._value(line[start:at])

    def _flow_key(self, found: re.Match[str]) -> Key:
        name = found["key"].strip("\"'")
        key = Key(self.path(), name, self.line, found.start("key"))
        self.scopes[-1].key = name
        self.scopes[-1].values[name] = ""
        return key

    def _value(self, text: str) -> None:
        scope = self.scopes[-1] if self.scopes else None
        if scope and scope.key and text.strip():
            scope.values[scope.key] = text.strip().strip("\"'")

    def cursor(self, text: str) -> Cursor:
        line = text[text.rfind("\n") + 1 :]
        word = _WORD.search(line)
        typed = word[0] if word else ""
        if not self._in_flow():
            at = len(line) - len(line.lstrip(" -"))
            if line.lstrip().startswith("-") and _KEY.match(line, at) is None:
                return Cursor(self.path(), _VALUE, {}, self.above(), typed)
            if _KEY.match(line, at) is None:  # a key is being typed, or none yet
                self._close(len(line) - len(line.lstrip(" ")) if line.strip() else at)
                siblings = self._siblings(at)
                return Cursor(self.path(), _KEYS, siblings, self.above(), typed)
        scope = self.scopes[-1] if self.scopes else None
        siblings = {} if scope is None else {**scope.values}
        if scope is not None and scope.flow == "{" and scope.key is None:
            return Cursor(self.path(), _KEYS, siblings, self.above(), typed)
        return Cursor(self.path(), _VALUE, siblings, self.above(), typed)

    def _siblings(self, indent: int) -> dict[str, str]:
        scope = self.scopes[-1] if self.scopes else None
        if scope is None or scope.indent != indent:
            return {}
        scope.key = None
        return {**scope.values}


def _quoted(line: str, at: int) -> int:
    """Where a quoted text ends; at the end of the line, if it is open."""
    sign = line[at]
    pattern = r'"(?:[^"\\]|\\.)*(?:"|$)' if sign == '"' else r"'(?:[^']|'')*(?:'|$)"
    found = re.compile(pattern).match(line, at)
    return found.end() if found else len(line)
