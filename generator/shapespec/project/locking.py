"""A lock on an output folder, so that two runs at once do not mix their files.

The operating system holds it for as long as the process lives: a run that is killed
leaves no lock behind. The file that is locked is opened through a `Root`, which follows
no link: one that somebody put there would lock, or create, a file elsewhere.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from shapespec.ground.errors import Unusable
from shapespec.ground.writing import Root, why

_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
"""What a file system without locks says; each file is still replaced whole there."""


@contextmanager
def exclusive(root: Root, path: str, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold an exclusive lock on a folder.

    Args:
        root: The folder.
        path: The file below it that is locked, made where it is not there.
        waiting: Called once if another run has to be waited for.

    Raises:
        Unusable: The folder cannot be written.
    """
    try:
        descriptor = root.open(path, os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise Unusable(f"cannot write {why(error)}") from error
    with os.fdopen(descriptor, "r+b", buffering=0) as stream:
        if not _locked(stream, wait=False):
            waiting()
            while not _locked(stream, wait=True):
                pass
        yield


if sys.platform == "win32":
    import msvcrt

    def _locked(stream: IO[bytes], *, wait: bool) -> bool:
        """Whether the lock is ours; with `wait`, after ten seconds at most."""
        stream.seek(0)
        mode = msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK
        try:
            msvcrt.locking(stream.fileno(), mode, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(stream: IO[bytes], *, wait: bool) -> bool:
        """Whether the lock is ours; with `wait`, when the other run has ended."""
        mode = fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB
        try:
            fcntl.flock(stream, mode)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
        return True
