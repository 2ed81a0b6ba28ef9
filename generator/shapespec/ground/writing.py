"""Writes files: whole, where they belong, and nowhere else.

There are two kinds of places. A file that someone named on the command line is written
by `write_file`, which follows the links that the name leads through, as a shell does.
Files below a folder, whose names come from elsewhere, are written, read and removed
through a `Root`, which follows none. Both replace a file in the same way (`stage`, then
`settle`): its text is written to a new file beside it, which takes its place when it is
whole.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO

from shapespec.ground.errors import Unusable, reason
from shapespec.ground.folders import OpenFolder, open_folder

_MOST_LINKS = 40
_DESCRIPTORS = re.compile(r"/proc/(?P<process>[0-9]+)(?:/task/[0-9]+)?/fd|/dev/fd")
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def stage(
    folder: OpenFolder,
    name: str,
    beside: str,
    data: Iterable[bytes],
    *,
    mode: int = 0o666,
) -> None:
    """Write what a file is to hold to a new file beside it, with the same permissions.

    Nothing that has the other name is followed or written to: it would have to be
    removed first.

    Args:
        folder: The folder of both.
        name: The file that is to be replaced; it may be missing.
        beside: The name of the new file.
        data: What it holds, in parts.
        mode: Its permissions where it replaces none, less those of the umask.

    Raises:
        OSError: It cannot be written, or the name is taken; no new file is left.
    """
    try:
        with _beside(folder, name, beside, mode) as descriptor:
            _pour(descriptor, data)
    except OSError as error:
        shown = error.filename or str(folder.shown / name)
        raise type(error)(error.errno, error.strerror or "", shown) from error


@contextmanager
def _beside(
    folder: OpenFolder, name: str, beside: str, mode: int = 0o666
) -> Iterator[int]:
    """A descriptor for what a file is to hold; see `stage`.

    Raises:
        OSError: The system refuses, or the name is taken.
    """
    like = _status(folder, name)
    if like is not None and not stat.S_ISREG(like.st_mode):
        if not stat.S_ISLNK(like.st_mode):
            shown = str(folder.shown / name)
            raise OSError(errno.EEXIST, "it is not a regular file", shown)
        like = None
    if like is not None:
        mode = like.st_mode & 0o777
    descriptor = folder.open(beside, _CREATE, mode)
    try:
        try:
            yield descriptor
            if like is not None:
                _take_after(descriptor, like)
        finally:
            os.close(descriptor)
    except BaseException:
        with suppress(OSError):
            folder.remove(beside)
        raise


def settle(folder: OpenFolder, name: str, beside: str) -> None:
    """Move the new file to the place of the one that it replaces.

    A link that has the place is replaced, not followed.

    Raises:
        OSError: The system refuses; no new file is left.
    """
    try:
        folder.move(beside, name)
    except OSError:
        with suppress(OSError):
            folder.remove(beside)
        raise


def write_file(
    path: Path, text: str | bytes | Iterable[str], *, named: bool = True
) -> None:
    """Write a file that someone named, whole or not at all.

    Where the name is a link, the file that it leads to is written and the link stays.
    A file keeps its permissions. A device, a pipe, or a standard stream such as
    `/dev/stdout` is written to, not replaced. Folders are made where they are missing.
    A text in parts is written as the parts come.

    Args:
        path: The file.
        text: What it is to hold.
        named: Whether someone named just this file. Where its name is made from that of
            another one, a link that has it was put there by nobody knows whom; it is
            replaced, and what is not a file is left alone.

    Raises:
        Unusable: It cannot be written; what was there is still there.
        BrokenPipeError: It is a pipe, and nobody reads it any more.
    """
    data = _parts(text)
    try:
        target = _target(path) if named else path
        if isinstance(target, int):
            sys.stdout.flush()
            _pour_and_close(os.dup(target), data)
            return
        if named and not _is_file_or_missing(target):
            _pour_and_close(os.open(target, os.O_WRONLY), data)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with open_folder(target.parent) as folder:
            beside = f".{target.name[:100]}.{secrets.token_hex(6)}.new"
            stage(folder, target.name, beside, data)
            settle(folder, target.name, beside)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _cannot_write(path, error) from error


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """A stream into a file that someone named, as `write_file` would write it.

    The file has what was written once the block has ended well; where it ends with an
    exception, what was there before is still there.

    Raises:
        Unusable: It cannot be opened, or put in its place. What `write` raises is left
            to the caller.
    """
    with ExitStack() as stack:
        try:
            target = _target(path)
            if isinstance(target, int):
                sys.stdout.flush()
                descriptor = os.dup(target)
                stack.callback(os.close, descriptor)
            elif not _is_file_or_missing(target):
                descriptor = os.open(target, os.O_WRONLY)
                stack.callback(os.close, descriptor)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                folder = stack.enter_context(open_folder(target.parent))
                beside = f".{target.name[:100]}.{secrets.token_hex(6)}.new"
                begun = _beside(folder, target.name, beside)
                stack.push(_settling(folder, target.name, beside, path))
                descriptor = stack.enter_context(begun)
        except OSError as error:
            raise _cannot_write(path, error) from error
        stream = os.fdopen(descriptor, "wb", closefd=False)
        stack.push(_closing(stream, path))
        yield stream


def _closing(
    stream: IO[bytes], path: Path
) -> Callable[[type[BaseException] | None, object, object], bool]:
    """What closes a stream; it fails only where nothing else has failed before."""

    def closed(kind: type[BaseException] | None, *_: object) -> bool:
        try:
            stream.close()
        except OSError as error:
            if kind is None:
                raise _cannot_write(path, error) from error
        return False

    return closed


def _settling(
    folder: OpenFolder, name: str, beside: str, path: Path
) -> Callable[[type[BaseException] | None, object, object], bool]:
    """What moves a file to its place at the end, unless something was raised."""

    def settled(kind: type[BaseException] | None, *_: object) -> bool:
        if kind is None:
            try:
                settle(folder, name, beside)
            except OSError as error:
                raise _cannot_write(path, error) from error
        return False

    return settled


def _cannot_write(path: Path, error: OSError) -> Unusable:
    return Unusable(f"cannot write {path}: {reason(error)}")


def _target(path: Path) -> Path | int:
    """Where a name leads: a path whose last part is not a link, or a descriptor.

    The open files of a process look like links to them, but are none: to follow them
    is to write over what is there, at its beginning.
    """
    for _ in range(_MOST_LINKS):
        parent = os.path.realpath(path.parent)
        found = _DESCRIPTORS.fullmatch(parent)
        if found and path.name.isdecimal():
            process = found["process"]
            if process is None or int(process) == os.getpid():
                return int(path.name)
        path = Path(parent, path.name) if path.name else Path(parent)
        if not path.is_symlink():
            return path
        path = path.parent / path.readlink()
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def _is_file_or_missing(path: Path) -> bool:
    """Whether a file can take this place; a folder is refused when it is opened."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return True


class Root:
    """A folder below which files are read, written and removed, and nowhere else.

    Paths have `/` between their parts. No link is followed on the way down, whoever
    made it and whenever. All methods raise OSError.
    """

    def __init__(self, base: OpenFolder, down: tuple[str, ...], shown: Path) -> None:
        """The folder `down` below `base`; what is missing is made when it is needed."""
        self._base = base
        self._down = down
        self.shown = shown

    @contextmanager
    def parent(self, path: str, *, make: bool = False) -> Iterator[OpenFolder]:
        """Open the folder of a file.

        Raises:
            OSError: It is missing, or there is a link on the way.
            ValueError: The path leads nowhere below a folder.
        """
        if not is_plain_path(path):
            raise ValueError(path)
        here: OpenFolder | None = None
        try:
            for part in (*self._down, *path.split("/")[:-1]):
                before, here = here, (here or self._base).folder(part, make=make)
                if before is not None:
                    before.__exit__()
            yield here or self._base
        finally:
            if here is not None:
                here.__exit__()

    def place(self, path: str) -> Path:
        """A file as messages name it."""
        return self.shown.joinpath(*PurePosixPath(path).parts)

    def read(self, path: str) -> bytes | None:
        """What a file holds; none where there is none, or something else, or a link."""
        try:
            with self.parent(path) as folder:
                name = _name(path)
                seen = _status(folder, name)
                if seen is None or not stat.S_ISREG(seen.st_mode):
                    return None
                with os.fdopen(folder.open(name, os.O_RDONLY), "rb") as stream:
                    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                        return None
                    return stream.read()
        except FileNotFoundError:
            return None

    def status(self, path: str) -> os.stat_result:
        """What the system knows of a file, or of the link that has its place."""
        with self.parent(path) as folder:
            return folder.status(_name(path))

    def stage(self, path: str, beside: str, data: bytes) -> None:
        """Write what a file is to hold beside it; what has that name is removed."""
        name = _name(beside)
        with self.parent(path, make=True) as folder:
            _clear(folder, name)
            stage(folder, _name(path), name, (data,))

    def settle(self, path: str, beside: str) -> None:
        """Move what was written to the place of the file."""
        with self.parent(path) as folder:
            settle(folder, _name(path), _name(beside))

    def write(self, path: str, data: bytes) -> None:
        """Replace a file."""
        beside = f"{path}.{secrets.token_hex(6)}.new"
        self.stage(path, beside, data)
        self.settle(path, beside)

    def discard(self, path: str) -> None:
        """Remove a file under a name that is ours alone, or a link that has it."""
        with suppress(FileNotFoundError), self.parent(path) as folder:
            _clear(folder, _name(path))

    def remove(self, path: str, sha256: str) -> bool:
        """Remove a file that holds what it is known to hold, and empty folders with it.

        Returns:
            Whether it is gone; one that holds something else stays.
        """
        held = self.read(path)
        if held is None or hashlib.sha256(held).hexdigest() != sha256:
            return held is None
        at = PurePosixPath(path)
        with self.parent(path) as folder:
            folder.remove(at.name)
        with suppress(OSError):  # the first that is not empty ends it
            for above in at.parents:
                if above.name:
                    with self.parent(str(above)) as folder:
                        folder.remove_folder(above.name)
        return True

    def open(self, path: str, flags: int) -> int:
        """Open a file, and give its descriptor; its folder is made where missing."""
        with self.parent(path, make=True) as folder:
            return folder.open(_name(path), flags)


@contextmanager
def open_root(path: Path, *, within: Path | None = None) -> Iterator[Root]:
    """Open a folder to write below, which may be missing.

    Args:
        path: The folder.
        within: The folder that must contain it; none where the user named `path`, which
            then may be anywhere.

    Raises:
        Unusable: It cannot be opened, or leads out of the folder that must contain it.
    """
    real = Path(os.path.realpath(path))
    if within is None:
        top = real
        while not top.is_dir() and top != top.parent:
            top = top.parent
    else:
        top = Path(os.path.realpath(within))
        if leads_out(path, within):
            raise Unusable(f"{path} is outside of {within}")
    try:
        base = open_folder(top)
    except OSError as error:
        raise Unusable(f"cannot open {top}: {reason(error)}") from error
    with base:
        yield Root(base, real.relative_to(top).parts, path)


def leads_out(path: Path, folder: Path) -> bool:
    """Whether a path leads out of a folder, links being followed."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def is_plain_path(path: str) -> bool:
    """Whether a path leads into the folder that it is taken from, on every system."""
    parts = path.split("/")
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return all(part not in ("", ".", "..") for part in parts) and not any(
        sign in path for sign in "\\:\0\n"
    )


def _name(path: str) -> str:
    """The name of a file in its folder."""
    return path.rpartition("/")[2]


def why(error: OSError) -> str:
    """The file that an operation failed for, and the reason."""
    return f"{error.filename}: {reason(error)}" if error.filename else reason(error)


def _status(folder: OpenFolder, name: str) -> os.stat_result | None:
    try:
        return folder.status(name)
    except FileNotFoundError:
        return None


def _clear(folder: OpenFolder, name: str) -> None:
    """Make room under a name that is ours alone: a file or a link there is removed."""
    seen = _status(folder, name)
    if seen is not None:
        folder.remove(name)


def _take_after(descriptor: int, like: os.stat_result) -> None:
    """Give a new file the permissions and, where we may, the owner of another."""
    if sys.platform == "win32":
        return
    now = os.fstat(descriptor)
    if (now.st_uid, now.st_gid) != (like.st_uid, like.st_gid):
        with suppress(PermissionError):
            os.fchown(descriptor, like.st_uid, like.st_gid)
    os.fchmod(descriptor, like.st_mode & 0o777)


def _parts(text: str | bytes | Iterable[str]) -> Iterable[bytes]:
    """A text in parts, as UTF-8."""
    if isinstance(text, bytes):
        return (text,)
    parts = (text,) if isinstance(text, str) else text
    return (part.encode("utf-8", "backslashreplace") for part in parts)


def _pour(descriptor: int, data: Iterable[bytes]) -> None:
    """Write all of it; one call may take a part only."""
    for part in data:
        left = memoryview(part)
        while left:
            left = left[os.write(descriptor, left) :]


def _pour_and_close(descriptor: int, data: Iterable[bytes]) -> None:
    try:
        _pour(descriptor, data)
    finally:
        os.close(descriptor)
