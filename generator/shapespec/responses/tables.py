"""Responses in tables: a column of Parquet, Arrow or CSV files, or their rows.

A column holds JSON texts, or structures, whose nulls are absent members. What is read
here are cells: which response a cell is, `read.py` decides.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from typing import IO, Any, NamedTuple, TypeAlias
from uuid import UUID

from shapespec.ground.errors import Unusable
from shapespec.ground.extras import need
from shapespec.responses.cells import NoValue, in_python
from shapespec.responses.stream import GZIP, ZSTD, Stream

_BATCH = 1000
"""How many rows are read at a time."""

_MOST_NAMED = 12

_opened: deque[Any] = deque(maxlen=16)
"""Files that Arrow opened of late."""

_HELD = (
    *("string", "large_string", "string_view"),
    *("binary", "large_binary", "binary_view"),
    *("struct", "map"),
)
"""The types that a column of responses can have."""

_AS_BYTES = {
    "string": "binary",
    "large_string": "large_binary",
    "string_view": "binary_view",
}
_MOST_WRAPPED = 3
"""How many dictionaries and extensions may be around a type."""


class NoCells(Exception):
    """There is no such column, or a cell cannot be read; the message says why.

    Attributes:
        number: The line or row that cannot be read.
    """

    def __init__(self, message: str, number: int = 1) -> None:
        """Say why, and where."""
        super().__init__(message, number)
        self.number = number

    def __str__(self) -> str:
        return str(self.args[0])


Held: TypeAlias = bytes | dict[str, str] | NoCells | None
"""A cell: JSON text, nothing for null, or why it cannot be read. A record of CSV that
is a response: its cells by column."""


class Cells(NamedTuple):
    """Cells of consecutive rows.

    Attributes:
        numbers: The line, or the row from 1 on, of each; all rows are counted.
        held: What each of them holds.
        values: Where the cells are structures: their column as a stream of Arrow.
    """

    numbers: tuple[int, ...]
    held: tuple[Held, ...] = ()
    values: bytes | None = None

    @property
    def size(self) -> int:
        """About how many bytes they have."""
        return len(self.values or b"") + sum(map(_size, self.held))


def _size(held: Held) -> int:
    if isinstance(held, dict):
        return sum(map(len, held.values()))
    return len(held) if isinstance(held, bytes) else 0


def csv_cells(stream: Stream, column: str | None) -> Iterator[Cells]:
    """The cells of a column of CSV (RFC 4180), whose first record has the names.

    Where there are several columns and none is named, each record is a response. Names
    that have no comma between them may have semicolons or tabs: so then have the cells.

    Args:
        stream: The file.
        column: The column; it can be left out where there is only one.

    Raises:
        NoCells: There is no such column, or something is not CSV.
        Damaged: It cannot be unpacked.
    """
    csv.field_size_limit(min(stream.limit, 2**31 - 1))
    head = stream.line().removeprefix(b"\xef\xbb\xbf")
    between = _delimiter(head)
    reader = csv.reader(_csv_lines(stream, head), strict=True, delimiter=between)
    start = 1
    take: _OneColumn | _AllColumns | None = None
    held = _Held()
    try:
        for record in reader:
            if take is None:
                take = _taking(record, column)
            elif record:
                held.add(start, _taken(take, record))
            start = reader.line_num + 1
            if held.is_much:
                yield held.cells()
                held = _Held()
    except (csv.Error, NoCells) as error:  # the rest cannot be told apart
        if held.numbers:
            yield held.cells()
        if isinstance(error, NoCells):
            raise
        raise NoCells(f"it is not CSV: {error}", start) from None
    if take is None:
        raise NoCells("it has no record with the names of columns")
    if held.numbers:
        yield held.cells()


class _Held:
    """What was read and is not yet handed on."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.held: list[Held] = []
        self.size = 0

    def add(self, number: int, held: Held) -> None:
        self.numbers.append(number)
        self.held.append(held)
        self.size += _size(held)

    @property
    def is_much(self) -> bool:
        return self.size > 2**20 or len(self.numbers) >= _BATCH

    def cells(self) -> Cells:
        return Cells((*self.numbers,), (*self.held,))


def _taken(take: _OneColumn | _AllColumns, record: list[str]) -> Held:
    """What is taken of a record, or why there is nothing to take."""
    try:
        return take(record)
    except NoCells as error:
        return error


class _OneColumn(NamedTuple):
    """Takes the cell of one column."""

    at: int

    def __call__(self, record: list[str]) -> bytes | None:
        if self.at >= len(record):
            raise NoCells(f"the record has {len(record)} fields only")
        return record[self.at].encode("utf-8", "surrogateescape") or None


class _AllColumns(NamedTuple):
    """Takes the cells of all columns, by their names; empty ones are absent."""

    names: tuple[str, ...]

    def __call__(self, record: list[str]) -> dict[str, str]:
        if len(record) != len(self.names):
            raise NoCells(
                f"the record has {len(record)} fields, and there are"
                f" {len(self.names)} columns"
            )
        found: dict[str, str] = {}
        for name, cell in zip(self.names, record, strict=True):
            try:
                cell.encode("utf-8")
            except UnicodeEncodeError:
                raise NoCells("the record is not UTF-8") from None
            if cell:
                found[name] = cell
        return found


def _taking(names: list[str], column: str | None) -> _OneColumn | _AllColumns:
    if column is None and len(names) > 1:
        for name in names:
            if names.count(name) > 1:
                raise NoCells(f"it has several columns {name!r}")
        return _AllColumns((*names,))
    return _OneColumn(_index(names, column))


def _delimiter(head: bytes) -> str:
    """What is between the names of columns; a comma, unless there is none."""
    bare = re.sub(rb'"[^"]*"?', b"", head)
    counts = {one: bare.count(one.encode()) for one in (",", ";", "\t")}
    most = max(counts, key=lambda one: counts[one])
    return "," if counts[","] else most


def _csv_lines(stream: Stream, head: bytes) -> Iterator[str]:
    line = head
    number = 1
    while line:
        if len(line) > stream.limit:
            raise NoCells(
                f"the line has more than {stream.limit:,} bytes; --max-size raises the"
                " limit",
                number,
            )
        yield line.decode("utf-8", "surrogateescape")
        number += 1
        line = stream.line()


def _index(names: list[str], column: str | None) -> int:
    if column is None and len(names) == 1:
        return 0
    found = [index for index, name in enumerate(names) if name == column]
    if len(found) > 1:
        raise NoCells(f"it has several columns {column!r}")
    if not found:
        raise NoCells(f"it has no column {column!r}, but {_listed(names)}")
    return found[0]


def _listed(names: Iterable[str]) -> str:
    each = [*names] or ["no column at all"]
    more = ", ..." if len(each) > _MOST_NAMED else ""
    return ", ".join(each[:_MOST_NAMED]) + more


def arrow_cells(raw: IO[bytes], kind: str, column: str | None) -> Iterator[Cells]:
    """The cells of a column of a Parquet or an Arrow file; without one, its rows.

    Args:
        raw: The file; a Parquet file has to be one that can be read at any place.
        kind: `parquet` or `arrow`, which is a file or a stream.
        column: The column.

    Raises:
        NoCells: There is no such column, or it cannot be read.
    """
    try:
        need("pyarrow", "arrow")
    except Unusable as error:
        raise NoCells(str(error)) from None
    if _is_packed(raw):
        raise NoCells(f"a packed {kind} file cannot be read; unpack it first")
    pa: Any = import_module("pyarrow")
    number = 1
    try:
        opened = _parquet(raw, column) if kind == "parquet" else _arrow(pa, raw, column)
        for batch in opened:
            for start in range(0, batch.num_rows, _BATCH):
                part = batch.slice(start, _BATCH)
                numbers = (*range(number, number + part.num_rows),)
                yield _cells(pa, part, column, numbers)
                number += part.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        words = " ".join(str(error).split()) or type(error).__name__
        raise NoCells(f"it cannot be read as {kind}: {words}", number) from None


def _is_packed(raw: IO[bytes]) -> bool:
    begin = raw.peek(4)[:4] if isinstance(raw, io.BufferedReader) else b""
    return begin.startswith((GZIP, ZSTD))


def _parquet(raw: IO[bytes], column: str | None) -> Iterator[Any]:
    pq: Any = import_module("pyarrow.parquet")
    if not raw.seekable():
        raise NoCells("Parquet cannot be read from a pipe; write it to a file first")
    with pq.ParquetFile(raw) as file:
        _check_column(file.schema_arrow, column)
        columns = None if column is None else [column]
        yield from file.iter_batches(
            batch_size=_BATCH, columns=columns, use_threads=False
        )


def _arrow(pa: Any, raw: IO[bytes], column: str | None) -> Iterator[Any]:
    ipc: Any = import_module("pyarrow.ipc")
    begin = raw.read(6)
    if begin == b"ARROW1":
        if not raw.seekable():
            raise NoCells("an Arrow file cannot be read from a pipe, but a stream can")
        raw.seek(0)
        source: Any = pa.PythonFile(raw, "r")
        # A thread of Arrow lets a file go that it could not open. Whoever lets go last
        # needs the interpreter, and if that is ending by then, the process is aborted.
        _opened.append(source)
        with ipc.open_file(source) as file:
            _check_column(file.schema, column)
            for index in range(file.num_record_batches):
                yield file.get_batch(index)
        return
    if raw.seekable():
        raw.seek(0)
        inner: Any = raw
    else:
        inner = _Again(begin, raw)
    with ipc.open_stream(pa.PythonFile(inner, "r")) as stream:
        _check_column(stream.schema, column)
        yield from stream


class _Again(io.RawIOBase):
    """A pipe of which the first bytes were read already."""

    def __init__(self, begin: bytes, rest: IO[bytes]) -> None:
        self._begin = begin
        self._rest = rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._begin:
            taken, self._begin = self._begin, b""
            return taken if size < 0 else taken + self._rest.read(size - len(taken))
        return self._rest.read(size)


def _check_column(schema: Any, column: str | None) -> None:
    if column is None:
        return
    names = list(schema.names)
    _index(names, column)
    kind = schema.field(column).type
    types: Any = import_module("pyarrow.types")
    bare = _bare(kind)
    if not any(getattr(types, f"is_{name}")(bare) for name in _HELD):
        raise NoCells(
            f"column {column!r} has the type {kind}; JSON texts or structures are"
            " expected"
        )


def _bare(kind: Any) -> Any:
    """The type that Arrow stores: that of the values of a dictionary or an extension.

    Such as `arrow.json`, the type of JSON texts.
    """
    types: Any = import_module("pyarrow.types")
    for _ in range(_MOST_WRAPPED):
        if types.is_dictionary(kind):
            kind = kind.value_type
        elif hasattr(kind, "storage_type"):
            kind = kind.storage_type
    return kind


def _cells(pa: Any, batch: Any, column: str | None, numbers: tuple[int, ...]) -> Cells:
    types: Any = import_module("pyarrow.types")
    if column is None:
        array = batch.to_struct_array()
    else:
        array = batch.column(batch.schema.get_field_index(column))
    for _ in range(_MOST_WRAPPED):
        if types.is_dictionary(array.type):
            array = array.dictionary_decode()
        elif hasattr(array.type, "storage_type"):
            array = array.storage
    kind = array.type
    if not (types.is_struct(kind) or types.is_map(kind)):
        for text, binary in _AS_BYTES.items():  # a text may be other than UTF-8
            if getattr(types, f"is_{text}")(kind):
                array = array.cast(getattr(pa, binary)())
        return Cells(numbers, (*array.to_pylist(),))
    sink = pa.BufferOutputStream()
    one = pa.record_batch([array], names=["cell"])
    with pa.ipc.new_stream(sink, one.schema) as writer:
        writer.write_batch(one)
    return Cells(numbers, values=sink.getvalue().to_pybytes())


def values_of(cells: Cells) -> Iterator[object]:
    """The values of cells that are structures; `NoCells` for one that Python lacks."""
    pa: Any = import_module("pyarrow")
    with pa.ipc.open_stream(cells.values) as stream:
        for batch in stream:
            column = batch.column(0)
            kind = column.type
            for cell in in_python(column):
                yield (
                    NoCells(cell.why)
                    if isinstance(cell, NoValue)
                    else plain(cell, kind)
                )


def plain(value: Any, kind: Any) -> object:
    """A value of Arrow as JSON would have it: a null in a structure is no member.

    A map with a key twice stays a list of pairs, since no object has that.

    What JSON has no type for is what it is in Python, or its text.
    """
    types: Any = import_module("pyarrow.types")
    if value is None:
        return None
    kind = _bare(kind)
    if types.is_struct(kind):
        return {
            field.name: plain(value[field.name], field.type)
            for field in (kind.field(index) for index in range(kind.num_fields))
            if value[field.name] is not None
        }
    if types.is_map(kind):
        pairs = [(str(key), plain(item, kind.item_type)) for key, item in value]
        found = dict(pairs)
        return found if len(found) == len(pairs) else [[*pair] for pair in pairs]
    if isinstance(value, list) and hasattr(kind, "value_type"):
        return [plain(item, kind.value_type) for item in value]
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value


def begins_as(begin: bytes) -> str | None:
    """What a file is by its first bytes, if it is a table."""
    if begin.startswith(b"PAR1"):
        return "parquet"
    return "arrow" if begin.startswith(b"ARROW1") else None
