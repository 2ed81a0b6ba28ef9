"""Findings as rows of a file, for a warehouse: NDJSON or Parquet.

The file has its name when it is whole, and not before.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from shapespec.ground.errors import Unusable, reason
from shapespec.ground.extras import need
from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.writing import written_whole
from shapespec.responses.cells import whole
from shapespec.responses.places import file_and_line, positions
from shapespec.responses.policy import Judged, Verdict, unclean, weigh

Row = dict[str, "str | int"]

COLUMNS = (
    "file",
    "line",
    "rule",
    "severity",
    "pointer",
    "message",
    "fingerprint",
    "operation",
)
"""What a row has; `line` is a number, all else are strings."""

_SUFFIXES = (".ndjson", ".jsonl", ".parquet")
_GROUP = 50_000
"""How many rows a group of a Parquet file has."""


def check_report(path: Path, others: Iterable[str | Path]) -> None:
    """See that a report can be written to a file of this name.

    Args:
        path: The file.
        others: What is read or written beside it.

    Raises:
        Unusable: It would replace one of the others; its suffix says nothing that is
            known; or a library is missing.
    """
    if os.path.realpath(path) in map(os.path.realpath, others):
        message = f"--report {path}: this run reads or writes that file; name another"
        raise Unusable(message)
    if path.suffix not in _SUFFIXES:
        expected = ", ".join(_SUFFIXES)
        raise Unusable(f"--report {path}: its name must end in one of {expected}")
    if path.suffix == ".parquet":
        need("pyarrow", "arrow")


class FindingsTable:
    """Writes what is found, a row for each finding and each unreadable response."""

    def __init__(self, add: Callable[[Row], None], operation: str) -> None:
        """Pass rows to `add`; the responses are those of an operation."""
        self._add = add
        self._operation = operation
        self.rows = 0

    def noted(self, verdicts: Iterable[Judged]) -> Iterator[Judged]:
        """The verdicts, while their findings are written."""
        for verdict in verdicts:
            for one in unclean((verdict,)):
                for row in self._rows(one):
                    self._add(row)
                    self.rows += 1
            yield verdict

    def _rows(self, verdict: Verdict) -> Iterator[Row]:
        response = verdict.response
        file, first = file_and_line(response)
        if response.unreadable is not None:
            yield self._row(
                (file, first, "unreadable", "error", "", response.unreadable, "")
            )
        places = positions(response, verdict.findings)
        for finding, place in zip(verdict.findings, places, strict=True):
            yield self._row(
                (
                    file,
                    place.line if place else first,
                    finding.rule,
                    finding.severity,
                    finding.pointer,
                    finding.message,
                    weigh(finding, response.value).fingerprint,
                )
            )

    def _row(self, values: Iterable[str | int]) -> Row:
        return dict(zip(COLUMNS, (*values, self._operation), strict=True))


@contextmanager
def open_report(path: Path, operation: str) -> Iterator[FindingsTable]:
    """A report, whose file is there once all was written to it without a fault.

    Raises:
        Unusable: It cannot be written.
    """
    with written_whole(path) as stream:
        try:
            if path.suffix == ".parquet":
                with _parquet(stream) as add:
                    yield FindingsTable(add, operation)
            else:
                yield FindingsTable(lambda row: _put(stream, row), operation)
            _refused(stream.flush)
        except _Unwritten as error:
            raise Unusable(f"cannot write {path}: {error}") from None


class _Unwritten(Exception):
    """The system refuses to write; the message says why."""


def _refused(call: Callable[..., object], *given: object) -> None:
    """Call what writes.

    Raises:
        _Unwritten: The system refuses.
    """
    try:
        call(*given)
    except OSError as error:
        raise _Unwritten(reason(error)) from None


def _put(stream: IO[bytes], row: Row) -> None:
    _refused(stream.write, f"{dumps(row)}\n".encode())


@contextmanager
def _parquet(stream: IO[bytes]) -> Iterator[Callable[[Row], None]]:
    """What takes rows, and writes groups of them."""
    pa: Any = import_module("pyarrow")
    pq: Any = import_module("pyarrow.parquet")

    text = pa.string()
    schema = pa.schema(
        [
            pa.field(name, pa.int64() if name == "line" else text, nullable=False)
            for name in COLUMNS
        ]
    )
    waiting: list[Row] = []

    def write(writer: Any) -> None:
        _refused(writer.write_table, pa.Table.from_pylist(waiting, schema))
        waiting.clear()

    writer = pq.ParquetWriter(stream, schema, compression="zstd")

    def add(row: Row) -> None:
        waiting.append(
            {
                name: whole(value) if isinstance(value, str) else value
                for name, value in row.items()
            }
        )
        if len(waiting) >= _GROUP:
            write(writer)

    try:
        yield add
        write(writer)
    except BaseException:
        with suppress(OSError):  # else it would be tried when the file is closed
            writer.close()
        raise
    _refused(writer.close)
