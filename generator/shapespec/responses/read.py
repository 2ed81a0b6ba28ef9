"""Reads responses as people hold them: JSON, YAML, NDJSON, a file or a stream.

What is read is divided into parts, each of which can be read by itself, so that several
processes can share the work; see `bulk.py`.
"""

from __future__ import annotations

import errno
import io
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from typing import IO, Generic, NamedTuple, TypeAlias, TypeVar

from shapespec.ground.errors import reason
from shapespec.ground.pointer import steps
from shapespec.ground.reading import open_input
from shapespec.ground.source import Position, shown
from shapespec.records import dataclass
from shapespec.responses.fast import WORTH_BYTES, Quick
from shapespec.responses.files import FoundFile, kind_of
from shapespec.responses.guesses import recognised
from shapespec.responses.limits import MAX_RESPONSE_BYTES
from shapespec.responses.parse import Unreadable, decoded, parse_json, parse_yaml
from shapespec.responses.remote import is_url, open_remote, without_secrets
from shapespec.responses.row_places import place_rows
from shapespec.responses.rows import NoRows, rows as rows_of
from shapespec.responses.stream import Block, Damaged, Pace, Stream
from shapespec.responses.sure import FastReader
from shapespec.responses.tables import (
    Cells,
    NoCells,
    arrow_cells,
    begins_as,
    csv_cells,
    values_of,
)

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
        places: Where the findings are, by their pointers, if that is known already.
    """

    source: str
    value: object = None
    text: str = ""
    unreadable: str | None = None
    kind: str = "json"
    row: str | None = None
    origin: Position | None = None
    within: str = ""
    places: Mapping[str, Position | None] | None = None


class Clean(NamedTuple):
    """Responses on lines that follow each other, of which there is nothing to say.

    Attributes:
        name: The file that they are in, as sources name it.
        first: The line of the first one.
        many: How many they are.
    """

    name: str
    first: int
    many: int

    @property
    def numbers(self) -> range:
        """The numbers of their lines."""
        return range(self.first, self.first + self.many)

    def responses(self) -> Iterator[Response]:
        """Each of them, without its value."""
        for number in self.numbers:
            yield Response(source=f"{self.name}:{number}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How responses are read.

    Attributes:
        kind: One of `limits.FORMATS`; where left out, what the name or the text of a
            file tells.
        rows: Whether each document holds many responses, of which `rows.py` tells. A
            line of NDJSON that is no array is one response.
        limit: How many bytes a document, or a line of NDJSON, may have.
        at: Where the response is within each document, as a JSON Pointer.
        column: The column that holds the responses, where a file is a table.
        pace: How many bytes are read at a time.
    """

    kind: str | None = None
    rows: bool = False
    limit: int = MAX_RESPONSE_BYTES
    at: str = ""
    column: str | None = None
    pace: Pace = field(default_factory=Pace)


class Chunk(NamedTuple):
    """Something that can be read by itself: lines, a document, or small files.

    Attributes:
        name: The file, as sources name it.
        number: The line that it begins with.
        size: How many bytes it has.
        cost: How many bytes of the file were read for it; fewer where it is packed.
        lines: How many lines it has.
        kind: `lines`, `cells`, `json` or `yaml`.
        cells: Cells of a table.
        data: Its bytes; none where they are too many, or to be read from `path`.
        rows: Whether it is a document that holds many responses.
        path: The file that has its bytes as they are.
        start: Where in that file.
        problem: Why there is nothing to read.
        files: Files that are to be read, and nothing else.
    """

    name: str
    number: int = 1
    size: int = 0
    cost: int = 0
    lines: int = 1
    kind: str = "lines"
    data: bytes | None = None
    rows: bool = False
    cells: Cells | None = None
    path: str | None = None
    start: int = 0
    problem: str | None = None
    files: tuple[FoundFile, ...] = ()

    def apart(self) -> Chunk:
        """The same without its bytes, where another process can read them itself."""
        return self if self.path is None else self._replace(data=None)


Made = TypeVar("Made")
Found: TypeAlias = "Iterator[Response | Clean]"


def read_responses(
    file: str | FoundFile,
    kind: str | None = None,
    *,
    rows: bool = False,
    limit: int = MAX_RESPONSE_BYTES,
) -> Iterator[Response]:
    """The responses in a file; where it cannot be read, a response that says so.

    Args:
        file: The file, or `-` for standard input; what is packed is unpacked.
        kind: See `ReadOptions`, as for the others.
        rows: See there.
        limit: See there.
    """
    found = file if isinstance(file, FoundFile) else FoundFile(file)
    reading = ReadOptions(kind=kind, rows=rows, limit=limit)
    for part in file_parts(found, reading):
        for one in read_part(part, reading):
            if isinstance(one, Response):  # nothing is looked at that could be clean
                yield one


def file_parts(file: FoundFile, reading: ReadOptions) -> Iterator[Chunk]:
    """The parts of a file; where it cannot be read, the last one says so."""
    name = "<stdin>" if file.path == "-" else shown(without_secrets(file.path))
    divider = _Divider(name, reading)
    try:
        if file.problem is not None:
            yield divider.unreadable(file.problem)
        elif file.path == "-":
            yield from divider.divide(_standard_input(), reading.kind)
        else:
            kind = reading.kind or kind_of(file.path)
            if is_url(file.path):
                with open_remote(file.path) as raw:
                    yield from divider.divide(raw, kind)
            else:
                with open_input(file.path, listed=file.listed) as raw:
                    yield from divider.divide(raw, kind, file.path)
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        yield divider.unreadable(why)


def read_part(
    part: Chunk,
    reading: ReadOptions,
    quick: Once[Quick] | None = None,
    fast: Once[FastReader] | None = None,
) -> Found:
    """The responses in a part; where it cannot be read, a response that says so.

    Args:
        part: The part.
        reading: How it is read.
        quick: Tells lines apart of which there is nothing to say.
        fast: Reads lines, where it is sure.
    """
    for file in part.files:
        for inner in file_parts(file, reading):
            yield from read_part(inner, reading, quick, fast)
    if part.files:
        return
    reader = _Reader(part.name, reading)
    if part.problem is not None:
        yield reader.unreadable(part.number, part.problem)
        return
    data = part.data
    if data is None and part.path is not None:
        try:
            with open(part.path, "rb") as raw:  # noqa: PTH123 - as it was opened before
                raw.seek(part.start)
                data = raw.read(part.size)
        except OSError as error:
            yield reader.unreadable(part.number, reason(error))
            return
    check = None if quick is None else quick.worth(part.size)
    reader.fast = None if fast is None else fast.worth(part.size)
    if part.cells is not None:
        yield from reader.cells(part.cells, check)
    elif part.kind == "lines":
        yield from reader.block(Block(part.number, data), check)
    else:
        document = reader.document(
            part.number, data or b"", part.kind, list_rows=part.rows
        )
        yield from (inside(one, reading.at) for one in document)


class Once(Generic[Made]):
    """Makes something fast once there is enough to read, and not before."""

    def __init__(self, make: Callable[[], Made | None]) -> None:
        """Make it with `make`, which is called once."""
        self._make = make
        self._made: Made | None = None
        self._left: int | None = WORTH_BYTES

    def worth(self, size: int) -> Made | None:
        """What is made, for so many more bytes; none while it is not worth it."""
        if self._left is not None:
            self._left -= size
            if self._left < 0:
                self._left = None
                self._made = self._make()
        return self._made


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
    if response.unreadable is not None or not pointer:
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


class _Divider:
    """Divides one file or stream into parts."""

    def __init__(self, name: str, reading: ReadOptions) -> None:
        self.name = name
        self.reading = reading
        self.stream: Stream | None = None
        self.path: str | None = None
        self.position = 0

    def divide(
        self, raw: IO[bytes], kind: str | None, path: str | None = None
    ) -> Iterator[Chunk]:
        """The parts; where bytes cannot be unpacked, the last one says so."""
        try:
            kind = kind or _table_in(raw)
            if kind in ("parquet", "arrow"):
                yield from self._table(arrow_cells(raw, kind, self.reading.column))
                return
            self.stream = Stream(raw, self.reading.limit)
            if path is not None and not self.stream.packed and _can_seek(raw):
                self.path = path
            yield from self._divide(self.stream, kind)
        except Damaged as error:
            yield self.unreadable(str(error))
        except NoCells as error:
            yield Chunk(self.name, error.number, problem=str(error))

    def _table(self, found: Iterator[Cells]) -> Iterator[Chunk]:
        for cells in found:
            first, last = cells.numbers[0], cells.numbers[-1]
            lines = last - first + 1
            cost = self._cost()
            yield Chunk(self.name, first, cells.size, cost, lines, "cells", cells=cells)

    def _divide(self, stream: Stream, kind: str | None) -> Iterator[Chunk]:
        pace = self.reading.pace
        if kind == "csv":
            yield from self._table(csv_cells(stream, self.reading.column))
            return
        if kind == "ndjson":
            yield from map(self._lines, stream.blocks(pace=pace))
            return
        first = stream.line()
        if kind in (None, "json") and len(first) <= stream.limit and _is_whole(first):
            yield from self._from_first_line(first, stream.blocks(first, pace=pace))
            return
        data = stream.rest(first)
        if data is None:
            yield self.unreadable(too_large("it has", stream.limit))
            return
        if kind is None:
            begins = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
            kind = "json" if begins in b'{["' else "yaml"
        yield self._document(data, kind, rows=self.reading.rows)

    def _from_first_line(
        self, first: bytes, blocks: Iterator[Block]
    ) -> Iterator[Chunk]:
        """Parts where the first line is JSON: it may be all, or one of many."""
        waiting: list[Block] = []
        if self.reading.rows:
            for block in blocks:
                waiting.append(block)
                if len([*block.lines(self.reading.limit)]) > (len(waiting) == 1):
                    break
            else:
                yield self._document(first, "json", rows=True)
                return
        yield from map(self._lines, waiting)
        yield from map(self._lines, blocks)

    def _lines(self, block: Block) -> Chunk:
        data = block.data
        return Chunk(
            self.name,
            number=block.number,
            size=0 if data is None else len(data),
            cost=self._cost(),
            lines=block.many,
            data=data,
            path=None if data is None else self.path,
            start=block.start,
        )

    def _document(self, data: bytes, kind: str, *, rows: bool) -> Chunk:
        cost = self._cost()
        return Chunk(
            self.name, size=len(data), cost=cost, kind=kind, data=data, rows=rows
        )

    def _cost(self) -> int:
        """How many bytes of the file were read since this was asked."""
        before = self.position
        self.position = 0 if self.stream is None else self.stream.position
        return self.position - before

    def unreadable(self, problem: str) -> Chunk:
        """What is there in place of a part that cannot be read."""
        number = 1 if self.stream is None else self.stream.number
        return Chunk(self.name, number, problem=problem)


class _Reader:
    """Reads the responses of one file out of its parts."""

    def __init__(self, name: str, reading: ReadOptions) -> None:
        self.name = name
        self.reading = reading
        self.fast: FastReader | None = None

    def block(self, block: Block, quick: Quick | None) -> Found:
        """The responses that are on lines."""
        if quick is None or block.data is None:
            for number, data in block.lines(self.reading.limit):
                yield from self._line(number, data)
            return
        first = count = 0
        limit = self.reading.limit
        for at, line in enumerate(io.BytesIO(block.data), block.number):
            if len(line) <= limit and quick(line):
                first = first or at
                count += 1
                continue
            if count:
                yield Clean(self.name, first, count)
                first = count = 0
            if len(line) > limit:
                yield from self._line(at, None)
            elif not line.isspace():
                yield from self._line(at, line)
        if count:
            yield Clean(self.name, first, count)

    def cells(self, cells: Cells, quick: Quick | None) -> Found:
        """The responses that are in cells of a table."""
        if cells.values is not None:
            for number, value in zip(cells.numbers, values_of(cells), strict=True):
                yield self._value(number, value)
            return
        for number, held in zip(cells.numbers, cells.held, strict=True):
            if held is None:
                yield from self._line(number, b"null")
            elif not isinstance(held, bytes):
                yield self._value(number, held)
            elif len(held) > self.reading.limit:
                yield from self._line(number, None)
            elif quick is not None and quick(held):
                yield Clean(self.name, number, 1)
            else:
                yield from self._line(number, held)

    def _value(self, number: int, value: object) -> Response:
        """The response that a cell is, which is no text."""
        if isinstance(value, NoCells):
            return self.unreadable(number, str(value))
        source = f"{self.name}:{number}"
        return inside(Response(source=source, value=value), self.reading.at)

    def _line(self, number: int, data: bytes | None) -> Iterator[Response]:
        if data is None:
            problem = too_large("the line has", self.reading.limit)
            yield self.unreadable(number, problem)
            return
        fast = self._fast(number, data)
        if fast is not None:
            yield inside(fast, self.reading.at)
            return
        for one in self.document(number, data, "json", list_rows=False):
            yield inside(one, self.reading.at)

    def _fast(self, number: int, data: bytes) -> Response | None:
        """The response that a line is; none where that is not sure."""
        if self.fast is None:
            return None
        try:
            value = self.fast(data)
            text = data.decode("utf-8")
        except Exception:  # noqa: BLE001 - whatever it is, the line is read with care
            return None
        if self.reading.rows and isinstance(value, list):
            return None
        return Response(source=f"{self.name}:{number}", value=value, text=text)

    def document(
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
        if not list_rows and not (self.reading.rows and isinstance(value, list)):
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


def too_large(what: str, limit: int) -> str:
    """That there are too many bytes, and what to do about it."""
    return f"{what} more than {limit:,} bytes; --max-size raises the limit"


def _table_in(raw: IO[bytes]) -> str | None:
    """What kind of table a file is, where it is one that shows it at its beginning."""
    if not isinstance(raw, io.BufferedReader) or not _can_seek(raw):
        return None
    return begins_as(raw.peek(8)[:8])


def _can_seek(raw: IO[bytes]) -> bool:
    try:
        return raw.seekable()
    except (OSError, ValueError):
        return False


def _is_whole(line: bytes) -> bool:
    """Whether a line is a JSON value on its own."""
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True
