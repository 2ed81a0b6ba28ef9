"""Bytes out of files and pipes, unpacked where they are packed, and never too many."""

from __future__ import annotations

import gzip
import io
import select
import sys
import zlib
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast

from shapespec.ground.errors import Unusable
from shapespec.ground.extras import need
from shapespec.records import dataclass
from shapespec.responses.limits import MAX_RESPONSE_BYTES

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BLOCK_BYTES = 1024 * 1024
"""How many bytes of lines are read at a time; a line that is longer is a block."""

_CHUNK_BYTES = 64 * 1024

GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"
_UNPACK = "which is not unpacked here; gzip and zstd are"
_NOT_READ = {
    b"BZh91AY&SY": f"it is packed by bzip2, {_UNPACK}",
    b"\xfd7zXZ\x00": f"it is packed by xz, {_UNPACK}",
    b"PK\x03\x04": f"it is a zip file, {_UNPACK}",
    b"PAR1": "Parquet cannot be read from a pipe; write it to a file first",
}
"""What is said of a file by its first bytes; no text begins with them."""
_MOST_MAGIC = max(map(len, _NOT_READ))
_PATIENCE = 0.05
"""Seconds for which a pipe may be silent before what it gave is passed on."""


class Line(NamedTuple):
    """A line that is not blank, and its number; no text where it is too long."""

    number: int
    data: bytes | None


class Block(NamedTuple):
    """Whole lines, the last of which may lack its break.

    Attributes:
        number: The number of the first line.
        data: The lines; none for one that is too long.
        start: The offset of the first line in the file, which is read as it is.
        many: How many lines there are, blank ones included.
    """

    number: int
    data: bytes | None
    start: int = 0
    many: int = 1

    def lines(self, limit: int) -> Iterator[Line]:
        """The lines that are not blank; one of more than `limit` bytes is too long."""
        if self.data is None:
            yield Line(self.number, None)
            return
        for number, line in enumerate(io.BytesIO(self.data), self.number):
            if len(line) > limit:
                yield Line(number, None)
            elif not line.isspace():
                yield Line(number, line)


@dataclass(slots=True)
class Pace:
    """How fast to read; that may change as it becomes known how much there is to do.

    Attributes:
        size: How many bytes of lines are read at a time, if they come without delay.
    """

    size: int = 0


class Damaged(Exception):
    """What is packed cannot be unpacked; the message says what is wrong with it."""


class Stream:
    """A file or a pipe, read in blocks of lines or as one document.

    Attributes:
        limit: How many bytes a document or a line may have.
        packed: Whether its bytes are unpacked.
        number: The number of the line that a block begins with which is not read yet.
    """

    def __init__(self, raw: IO[bytes], limit: int = MAX_RESPONSE_BYTES) -> None:
        """Read at most `limit` bytes at a time; what is packed is unpacked.

        Raises:
            Damaged: It is packed by what nothing here unpacks, or a table in a pipe.
        """
        buffered = (
            raw
            if isinstance(raw, io.BufferedReader)
            else io.BufferedReader(cast("io.RawIOBase", raw))
        )
        begin = buffered.peek(_MOST_MAGIC)[:_MOST_MAGIC]
        for magic, problem in _NOT_READ.items():
            if begin.startswith(magic):
                raise Damaged(problem)
        begin = begin[: len(ZSTD)]
        self.packed = begin == ZSTD or begin[: len(GZIP)] == GZIP
        self._raw = buffered
        self._stream: io.BufferedReader = buffered
        if begin == ZSTD:
            self._stream = io.BufferedReader(_Zstd(buffered), BLOCK_BYTES)
        elif self.packed:
            self._stream = cast("io.BufferedReader", gzip.GzipFile(fileobj=buffered))
        self.limit = limit
        self.number = 1

    @property
    def position(self) -> int:
        """How many bytes of the file were read; 0 where it is a pipe."""
        try:
            return self._raw.tell()
        except (OSError, ValueError):
            return 0

    def line(self) -> bytes:
        """The next line, its break included; of one that is too long, the beginning.

        Raises:
            Damaged: It cannot be unpacked.
        """
        return self._read(self._stream.readline, self.limit + 1)

    def rest(self, first: bytes) -> bytes | None:
        """All there is, `first` being read already; none where that is too much.

        Raises:
            Damaged: It cannot be unpacked.
        """
        more = self._read(self._stream.read, max(0, self.limit + 1 - len(first)))
        data = first + more
        return data if len(data) <= self.limit else None

    def blocks(
        self, first: bytes = b"", *, pace: Pace | None = None
    ) -> Iterator[Block]:
        """Blocks of lines, `first` being read already.

        Args:
            first: What was read of the first line.
            pace: How many bytes a block should have, if they come without delay.

        Raises:
            Damaged: The next one cannot be unpacked. What was before it has been given.
        """
        whole: list[bytes | memoryview] = []
        tail = [first] if first else []
        if first.endswith(b"\n"):
            whole, tail = [first], []
        start = 0

        def block() -> Block:
            nonlocal start
            data = b"".join(whole)
            count = data.count(b"\n") + (not data.endswith(b"\n"))
            made = Block(self.number, data, start, count)
            self.number += count
            start += len(data)
            whole.clear()
            return made

        while True:
            wanted = 0 if pace is None else pace.size
            ready = sum(map(len, whole))
            if ready and (2 * ready >= wanted or self._is_silent()):
                yield block()
            try:
                chunk = self._read(self._stream.read1, wanted or _CHUNK_BYTES)
            except (Damaged, OSError, ValueError):
                if whole:
                    yield block()
                raise
            end = chunk.rfind(b"\n") + 1
            if end:
                whole += [*tail, memoryview(chunk)[:end]]  # which is not copied twice
                tail = [chunk[end:]] if end < len(chunk) else []
            elif chunk:
                tail.append(chunk)
            else:
                whole += tail
                if whole:
                    yield block()
                return
            if sum(map(len, tail)) > self.limit:
                if whole:
                    yield block()
                yield Block(self.number, None, start)
                start += sum(map(len, tail))
                self.number += 1
                start += self._skip()
                tail = []

    def _skip(self) -> int:
        """Pass the rest of a line over, and say how many bytes it has."""
        size, chunk = 0, b" "
        while chunk and not chunk.endswith(b"\n"):
            chunk = self._read(self._stream.readline, BLOCK_BYTES)
            size += len(chunk)
        return size

    def _is_silent(self) -> bool:
        """Whether it is a pipe that gives nothing at the moment."""
        if self.packed or sys.platform == "win32":
            return False
        try:
            ready, _, _ = select.select([self._raw], [], [], _PATIENCE)
        except (OSError, ValueError):  # it has no descriptor, so it does not wait
            return False
        return not ready

    @staticmethod
    def _read(read: Callable[[int], bytes], size: int) -> bytes:
        try:
            return read(size)
        except EOFError:
            raise Damaged("its gzip data ends too early") from None
        except (gzip.BadGzipFile, zlib.error):
            raise Damaged("its gzip data is damaged") from None


class _Zstd(io.RawIOBase):
    """What zstd packed, unpacked."""

    def __init__(self, packed: IO[bytes]) -> None:
        zstd = _zstd_library()
        self._error: type[Exception] = zstd.ZstdError
        self._file: io.BufferedIOBase = zstd.ZstdFile(packed)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        room = memoryview(buffer).cast("B")
        try:
            data = self._file.read1(len(room))  # `read` loses what is before an end
        except EOFError:
            raise Damaged("its zstd data ends too early") from None
        except self._error:
            raise Damaged("its zstd data is damaged") from None
        room[: len(data)] = data
        return len(data)


def _zstd_library() -> Any:
    """The module for zstd: Python's own from 3.14 on, or the same for older ones.

    Raises:
        Damaged: It is not installed; with what to run.
    """
    if sys.version_info >= (3, 14):
        return import_module("compression.zstd")
    try:
        need("backports.zstd", "zst", "backports.zstd")
    except Unusable as error:
        raise Damaged(f"it is packed by zstd; {error}") from None
    return import_module("backports.zstd")
