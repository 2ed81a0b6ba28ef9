"""Reads responses as people hold them: JSON, YAML, NDJSON, a file or a stream."""

from __future__ import annotations

import errno
import itertools
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import IO

from shapespec.ground.errors import reason
from shapespec.ground.pointer import steps
from shapespec.ground.reading import open_input
from shapespec.ground.source import Position, shown
from shapespec.records import dataclass
from shapespec.responses.files import FoundFile, kind_of, response_files
from shapespec.responses.guesses import recognised
from shapespec.responses.parse import Unreadable, decoded, parse_json, parse_yaml
from shapespec.responses.row_places import place_rows
from shapespec.responses.rows import NoRows, rows as rows_of
from shapespec.responses.stream import MAX_RESPONSE_BYTES, Damaged, Line, Stream

FORMATS = ("json", "yaml", "ndjson")
_INDEX = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One response, or what is there in place of one.

    Attributes:
        source: Where it came from, as `file:line`.
        value: The response, where it could be read.
        text: The text that it was read from.
        unreadable: Why it could not be read, without a word of it; none where it could.
        kind: What the text is: `json` or `yaml`.
        row: Of one among several in a document: where it is there; see `rows.py`.
        origin: Where in the file the text begins; line of `source` where left out.
        within: Where in the text the response is, as a JSON Pointer.
    """

    source: str
    value: object = None
    text: str = ""
    unreadable: str | None = None
    kind: str = "json"
    row: str | None = None
    origin: Position | None = None
    within: str = ""


def read_responses(
    file: str | FoundFile,
    kind: str | None = None,
    *,
    rows: bool = False,
    limit: int = MAX_RESPONSE_BYTES,
) -> Iterator[Response]:
    """The responses in a file; where it cannot be read, a response that says so.

    Args:
        file: The file, or `-` for standard input; what gzip packed is unpacked.
        kind: One of `FORMATS`; where left out, what its name or its text tells.
        rows: Whether each document holds many responses, of which `rows.py` tells. A
            line of NDJSON that is no array is one response.
        limit: How many bytes a document, or a line of NDJSON, may have.
    """
    path, listed, problem = file if isinstance(file, FoundFile) else FoundFile(file)
    name = "<stdin>" if path == "-" else shown(path)
    reader = _Reader(name, limit, rows=rows)
    try:
        if problem is not None:
            yield reader.unreadable(1, problem)
        elif path == "-":
            yield from reader.read(_standard_input(), kind)
        else:
            with open_input(path, listed=listed) as stream:
                yield from reader.read(stream, kind or kind_of(path))
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        yield reader.unreadable(reader.number, why)


def read_all(
    named: Iterable[str],
    kind: str | None = None,
    *,
    rows: bool = False,
    limit: int = MAX_RESPONSE_BYTES,
    exclude: Iterable[str] = (),
) -> Iterator[Response]:
    """The responses in all files that names lead to; see `files.response_files`."""
    for file in response_files(named, exclude=exclude):
        yield from read_responses(file, kind, rows=rows, limit=limit)


def _standard_input() -> IO[bytes]:
    """Standard input, as bytes.

    Raises:
        OSError: It is closed.
    """
    if sys.stdin is None:  # so it is where a shell was told `<&-`
        raise OSError(errno.EBADF, "standard input is closed")
    return sys.stdin.buffer


def inside(response: Response, pointer: str) -> Response:
    """The response within a document that wraps it, at a JSON Pointer (RFC 6901)."""
    if response.unreadable is not None:
        return response
    value = response.value
    for name in steps(pointer):
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif (
            isinstance(value, list)
            and _INDEX.fullmatch(name)
            and (int(name) < len(value))
        ):
            value = value[int(name)]
        else:
            problem = f"there is nothing at {pointer}"
            return replace(response, value=None, unreadable=problem)
    return replace(response, value=value, within=response.within + pointer)


class _Reader:
    """Reads one file or stream."""

    def __init__(self, name: str, limit: int, *, rows: bool) -> None:
        self.name = name
        self.limit = limit
        self.rows = rows
        self.number = 1

    def read(self, raw: IO[bytes], kind: str | None) -> Iterator[Response]:
        """The responses; where bytes cannot be unpacked, that is the last one."""
        try:
            yield from self._read(Stream(raw, self.limit), kind)
        except Damaged as error:
            yield self.unreadable(self.number, str(error))

    def _read(self, stream: Stream, kind: str | None) -> Iterator[Response]:
        if kind == "ndjson":
            yield from self._lines(stream.lines())
            return
        first = stream.line()
        if kind in (None, "json") and len(first) <= self.limit and _is_whole(first):
            yield from self._from_first_line(stream.lines(first))
            return
        data = stream.rest(first)
        if data is None:
            yield self.unreadable(1, self._too_large("it has"))
            return
        if kind is None:
            begins = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
            kind = "json" if begins in b'{["' else "yaml"
        yield from self._document(1, data, kind, list_rows=self.rows)

    def _from_first_line(self, lines: Iterator[Line]) -> Iterator[Response]:
        """Responses where the first line is JSON: it may be all, or one of many."""
        first = next(lines)
        second = next(lines, None) if self.rows else None
        if not self.rows or second is not None:
            following = [second] if second is not None else []
            yield from self._lines(itertools.chain([first], following, lines))
        elif first.data is not None:
            yield from self._document(first.number, first.data, "json", list_rows=True)

    def _lines(self, lines: Iterable[Line]) -> Iterator[Response]:
        for number, data in lines:
            self.number = number + 1
            if data is None:
                yield self.unreadable(number, self._too_large("the line has"))
            else:
                yield from self._document(number, data, "json", list_rows=False)

    def _document(
        self, number: int, data: bytes, kind: str, *, list_rows: bool
    ) -> Iterator[Response]:
        """The response that a document is, or the rows that it holds."""
        text = None
        try:
            text = decoded(data)
            value = parse_yaml(text) if kind == "yaml" else parse_json(text)
        except Unreadable as error:
            yield self.unreadable(number, recognised(text, str(error)))
            return
        if not list_rows and not (self.rows and isinstance(value, list)):
            source = f"{self.name}:{number}"
            yield Response(source=source, value=value, text=text, kind=kind)
            return
        try:
            found = rows_of(value)
        except NoRows as error:
            yield self.unreadable(number, str(error))
            return
        for row, place in place_rows(found, text, kind, number):
            yield Response(
                source=f"{self.name}:{place.line}",
                value=row.value,
                text=place.text,
                kind=kind,
                row=row.place,
                origin=place.origin,
                within=place.within,
            )

    def unreadable(self, number: int, problem: str) -> Response:
        """What is there in place of a response that cannot be read."""
        return Response(source=f"{self.name}:{number}", unreadable=problem)

    def _too_large(self, what: str) -> str:
        return f"{what} more than {self.limit:,} bytes; --max-size raises the limit"


def _is_whole(line: bytes) -> bool:
    """Whether a line is a JSON value on its own."""
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True
