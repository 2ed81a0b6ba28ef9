"""Opens what somebody named to be read: a file, a pipe or a device, but never waits."""

from __future__ import annotations

import errno
import io
import os
import select
import stat
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PATIENCE = 10.0
"""Seconds in which somebody has to begin to write to a named pipe that is read."""

_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY")
)
_CHUNK = 65536


def open_input(path: str, *, listed: bool = False) -> IO[bytes]:
    """A stream of the bytes of a file.

    Args:
        path: What somebody named, or what is in a folder that was named.
        listed: Whether it is in such a folder. Then only a file will do: nobody means
            a pipe or a device that is there, and it could be waited for without end.

    Raises:
        OSError: It cannot be opened, is not a file, or is a named pipe that nobody
            writes to.
        ValueError: There is a zero byte in its name.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        begun = _begin(descriptor, path, listed=listed)
    except BaseException:
        os.close(descriptor)
        raise
    if begun is None:
        return os.fdopen(descriptor, "rb")
    raw = cast("io.RawIOBase", _Pipe(begun, os.fdopen(descriptor, "rb", buffering=0)))
    return io.BufferedReader(raw)


def _begin(descriptor: int, path: str, *, listed: bool) -> bytes | None:
    """What a named pipe begins with; none for what is read as it is."""
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if listed:
        raise OSError(errno.EINVAL, f"it is {_kind(mode)}, and not a file")
    begun = None
    if stat.S_ISFIFO(mode) and not _is_open_already(path):
        begun = _first(descriptor)
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(descriptor, True)
    return begun


def _first(descriptor: int) -> bytes:
    """What is first in a named pipe; nothing yet where somebody has only opened it."""
    for wait in (0.0, PATIENCE):
        select.select([descriptor], [], [], wait)
        try:
            begun = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return b""
        if begun:
            return begun
    raise OSError(errno.EPIPE, "it is a pipe that nobody writes to")


def _is_open_already(path: str) -> bool:
    """Whether it is the pipe of a shell, as in `<(command)` or `/dev/stdin`."""
    real = os.path.realpath(path)
    return "/pipe:[" in real or Path(real).parent.as_posix() == "/dev/fd"


def _kind(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"


class _Pipe(io.RawIOBase):
    """A pipe of which the first bytes were read already."""

    def __init__(self, begun: bytes, rest: IO[bytes]) -> None:
        self._begun = memoryview(begun)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        room = memoryview(buffer).cast("B")
        if not self._begun:
            return cast("io.RawIOBase", self._rest).readinto(room) or 0
        size = min(len(room), len(self._begun))
        room[:size] = self._begun[:size]
        self._begun = self._begun[size:]
        return size

    def close(self) -> None:
        self._rest.close()
        super().close()
