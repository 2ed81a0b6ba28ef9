"""Folders that are held open, so that nobody can swap what they lead to.

A path is only text: between the moment when it is checked and the moment when it is
used, a folder in it may become a link to another place. A folder that is held open
cannot. Files below it are opened, moved and removed by one name at a time, relative to
the open folder, and no link is ever followed.

Windows has no such calls. There each step looks at the path for links and junctions
before it uses it: links that are there are refused, but one that appears in between
would be followed.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path
from typing import Protocol, Self

_BINARY: int = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
_NO_FOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT: int = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


class LinkedError(OSError):
    """A folder on the way is a link."""

    def __init__(self, shown: str) -> None:
        """The link, as messages name it."""
        super().__init__(errno.ELOOP, "it is a link, and may lead elsewhere", shown)

    def __reduce__(self) -> tuple[type[LinkedError], tuple[str], object]:
        # A system error is rebuilt from its number and its text.
        return LinkedError, (self.filename,), self.__dict__


class OpenFolder(Protocol):
    """A folder, and what can be done with the names in it; links are not followed.

    All methods raise OSError.
    """

    @property
    def shown(self) -> Path:
        """The folder as messages name it."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *exception: object) -> None: ...

    def folder(self, name: str, *, make: bool = False) -> OpenFolder:
        """Open a folder in this one; with `make`, it is made where it is missing."""

    def open(self, name: str, flags: int, mode: int = 0o666) -> int:
        """Open a file, and give its descriptor."""

    def status(self, name: str) -> os.stat_result:
        """What the system knows of a name, or of the link that has it."""

    def move(self, old: str, new: str) -> None:
        """Give a file another name, in place of any other file that has it."""

    def remove(self, name: str) -> None:
        """Remove a file, or a link."""

    def remove_folder(self, name: str) -> None:
        """Remove a folder that is empty."""


class HeldFolder:
    """A folder that is held open by its descriptor (POSIX)."""

    def __init__(self, descriptor: int, top: Path, *down: str) -> None:
        """Hold `descriptor`, which is closed at the end of a `with` statement.

        It is of the folder at `top`, or of the one that is `down` below it.
        """
        self._at = descriptor
        self._top = top
        self._down = down

    @property
    def shown(self) -> Path:
        """The folder as messages name it."""
        return self._top.joinpath(*self._down)

    @classmethod
    def at(cls, path: Path) -> HeldFolder:
        """Open a folder by its path, in which links are followed."""
        return cls(os.open(path, os.O_RDONLY | os.O_DIRECTORY), path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        os.close(self._at)

    def folder(self, name: str, *, make: bool = False) -> HeldFolder:
        """Open a folder in this one; with `make`, it is made where it is missing."""
        try:
            return self._folder(name)
        except FileNotFoundError:
            if not make:
                raise
        try:
            os.mkdir(name, dir_fd=self._at)
        except FileExistsError:
            pass  # another run has made it
        except OSError as error:
            raise _named(error, self.shown / name) from error
        return self._folder(name)

    def _folder(self, name: str) -> HeldFolder:
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
        try:
            descriptor = os.open(name, flags, dir_fd=self._at)
        except OSError as error:
            shown = self.shown / name
            if error.errno == errno.ELOOP or self._is_link(name):
                raise LinkedError(str(shown)) from error
            raise _named(error, shown) from error
        return HeldFolder(descriptor, self._top, *self._down, name)

    def _is_link(self, name: str) -> bool:
        try:
            return stat.S_ISLNK(self.status(name).st_mode)
        except OSError:
            return False

    def open(self, name: str, flags: int, mode: int = 0o666) -> int:
        """Open a file, and give its descriptor."""
        try:
            return os.open(name, flags | _NO_FOLLOW | _NO_WAIT, mode, dir_fd=self._at)
        except OSError as error:
            raise _named(error, self.shown / name) from error

    def status(self, name: str) -> os.stat_result:
        """What the system knows of a name, or of the link that has it."""
        return os.stat(name, dir_fd=self._at, follow_symlinks=False)

    def move(self, old: str, new: str) -> None:
        """Give a file another name, in place of any other file that has it."""
        try:
            os.rename(old, new, src_dir_fd=self._at, dst_dir_fd=self._at)
        except OSError as error:
            raise _named(error, self.shown / new) from error

    def remove(self, name: str) -> None:
        """Remove a file, or a link."""
        try:
            os.unlink(name, dir_fd=self._at)
        except OSError as error:
            raise _named(error, self.shown / name) from error

    def remove_folder(self, name: str) -> None:
        """Remove a folder that is empty."""
        os.rmdir(name, dir_fd=self._at)


class PathFolder:
    """A folder by its path, for systems whose calls take nothing else (Windows)."""

    def __init__(self, path: Path) -> None:
        """The folder at `path`, which is looked at again by each call."""
        self.shown = path

    @classmethod
    def at(cls, path: Path) -> PathFolder:
        """Open a folder by its path, in which links are followed."""
        if not path.is_dir():
            raise _named(OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)), path)
        return cls(Path(os.path.realpath(path)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def folder(self, name: str, *, make: bool = False) -> PathFolder:
        """Open a folder in this one; with `make`, it is made where it is missing."""
        path = self.shown / name
        if make:
            path.mkdir(exist_ok=True)
        seen = self.status(name)
        if _leads_elsewhere(seen):
            raise LinkedError(str(path))
        if not stat.S_ISDIR(seen.st_mode):
            raise _named(OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)), path)
        return PathFolder(path)

    def open(self, name: str, flags: int, mode: int = 0o666) -> int:
        """Open a file, and give its descriptor."""
        path = self.shown / name
        if not flags & os.O_EXCL and path.is_symlink():
            raise LinkedError(str(path))
        return os.open(path, flags | _BINARY | _NO_FOLLOW | _NO_WAIT, mode)

    def status(self, name: str) -> os.stat_result:
        """What the system knows of a name, or of the link that has it."""
        return (self.shown / name).lstat()

    def move(self, old: str, new: str) -> None:
        """Give a file another name, in place of any other file that has it."""
        (self.shown / old).replace(self.shown / new)

    def remove(self, name: str) -> None:
        """Remove a file, or a link."""
        (self.shown / name).unlink()

    def remove_folder(self, name: str) -> None:
        """Remove a folder that is empty."""
        (self.shown / name).rmdir()


def open_folder(path: Path) -> OpenFolder:
    """Open a folder that someone named; links in its path are followed.

    Raises:
        OSError: There is no such folder, or it may not be used.
    """
    if os.open in os.supports_dir_fd and sys.platform != "win32":
        return HeldFolder.at(path)
    return PathFolder.at(path)


def _leads_elsewhere(seen: os.stat_result) -> bool:
    """Whether it is a link, or a junction of Windows."""
    attributes = getattr(seen, "st_file_attributes", 0)
    reparse = getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0)
    return stat.S_ISLNK(seen.st_mode) or bool(attributes & reparse)


def _named(error: OSError, path: Path) -> OSError:
    """The same fault with the whole path, not only the name in its folder."""
    return type(error)(error.errno, error.strerror or "", str(path))
