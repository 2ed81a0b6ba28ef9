"""Text with places in it: what every diagnostic points at."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from functools import cached_property
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

T_co = TypeVar("T_co", covariant=True)

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def shown(path: str) -> str:
    r"""A path as it is shown: a byte that is not UTF-8 becomes an escape, `\xff`."""
    if path.isascii():
        return path
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


class Position(NamedTuple):
    """A place as editors count it: line and column both start at 1."""

    line: int
    column: int


class SourceFile:
    """A text and the name it goes by in messages."""

    def __init__(self, name: str, text: str, path: Path | None = None) -> None:
        """Hold `text` under `name`, the path as the user gave it.

        `path` is where it is, if it is a file whose imports can be found.
        """
        self.name = shown(name)
        self.text = text
        self.path = path

    def __repr__(self) -> str:
        return f"SourceFile({self.name!r})"

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_BREAK.finditer(self.text))]

    def position(self, offset: int) -> Position:
        """Line and column of the character at `offset`."""
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line, without its break; empty past the end."""
        if not 1 <= number <= len(self._line_starts):
            return ""
        start = self._line_starts[number - 1]
        match = _LINE_BREAK.search(self.text, start)
        return self.text[start : match.start() if match else len(self.text)]


class Span(NamedTuple):
    """A stretch of a file, from `start` up to and without `end`, in characters."""

    file: SourceFile
    start: int
    end: int

    @property
    def position(self) -> Position:
        """Where the stretch begins."""
        return self.file.position(self.start)

    def first_line(self) -> Span:
        """The stretch, cut at the end of its first line."""
        end = self.file.text.find("\n", self.start, self.end)
        return self if end == -1 else self._replace(end=end)

    def __str__(self) -> str:
        line, column = self.position
        return f"{self.file.name}:{line}:{column}"


class Located(NamedTuple, Generic[T_co]):
    """A value and where it was written."""

    value: T_co
    span: Span
