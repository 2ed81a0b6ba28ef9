"""Bytes out of files and pipes, unpacked where they are packed, and never too many."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple, cast

MAX_RESPONSE_BYTES = 64 * 1024 * 1024
"""How many bytes a document or a line may have, unless told otherwise."""

_GZIP = b"\x1f\x8b"


class Line(NamedTuple):
    """A line that is not blank, and its number; no text where it is too long."""

    number: int
    data: bytes | None


class Damaged(Exception):
    """What is packed cannot be unpacked; the message says what is wrong with it."""


class Stream:
    """A file or a pipe, read in lines or as one document."""

    def __init__(self, raw: IO[bytes], limit: int = MAX_RESPONSE_BYTES) -> None:
        """Read at most `limit` bytes at a time; what gzip packed is unpacked."""
        buffered = (
            raw
            if isinstance(raw, io.BufferedReader)
            else io.BufferedReader(cast("io.RawIOBase", raw))
        )
        packed = buffered.peek(len(_GZIP))[: len(_GZIP)] == _GZIP
        self._stream: IO[bytes] = (
            cast("IO[bytes]", gzip.GzipFile(fileobj=buffered)) if packed else buffered
        )
        self.limit = limit

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

    def lines(self, first: bytes = b"") -> Iterator[Line]:
        """The lines that are not blank, `first` being read already.

        Raises:
            Damaged: The next one cannot be unpacked.
        """
        number = 1
        line = first or self.line()
        while line:
            if len(line) > self.limit:
                yield Line(number, None)
                while line and not line.endswith(b"\n"):
                    line = self.line()
            elif not line.isspace():
                yield Line(number, line)
            number += 1
            line = self.line()

    @staticmethod
    def _read(read: Callable[[int], bytes], size: int) -> bytes:
        try:
            return read(size)
        except EOFError:
            raise Damaged("its gzip data ends too early") from None
        except (gzip.BadGzipFile, zlib.error):
            raise Damaged("its gzip data is damaged") from None
