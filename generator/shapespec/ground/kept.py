"""What is kept in the user's cache folder, so that it is made once.

Some of it is code that will run. So the folder and the files belong to the user alone
and are not believed otherwise, no link is followed, and each file holds the digest of
its contents. A file is written beside its place and moved there, so that two runs at
once cannot mix. Whatever cannot be read or written is as if it were not there.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import secrets
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from shapespec.ground.folders import LinkedError, OpenFolder, open_folder
from shapespec.ground.sinks.log import note
from shapespec.ground.writing import settle, stage

log = logging.getLogger("shapespec.cache")

VARIABLE = "SHAPESPEC_CACHE"
"""The environment variable with another folder, or `off`."""

MAX_BYTES = 200 * 1024 * 1024
"""How much the folder holds, in bytes, before the oldest contracts are removed."""

MAX_AGE = 60 * 24 * 3600
"""After how many seconds without use a contract is removed."""

_MAGIC = b"shapespec kept 2\n"
CONTRACT, EXAMPLES, FITS, LAYOUT, LEDGER, TEMPLATE = _ENDINGS = (
    ".contract",
    ".examples",
    ".fits",
    ".layout",
    ".ledger",
    ".template",
)
"""What the files of the folder end in, by what they hold."""

_LARGEST = 64 * 1024 * 1024
_SMALL = 64 * 1024
"""How many bytes hardly count; a run keeps many templates, and looks around twice."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def cache_folder() -> Path | None:
    """The folder of compiled contracts; none where the cache is switched off."""
    given = os.environ.get(VARIABLE, "")
    if given.casefold() in ("off", "0", "no", "false"):
        return None
    if given:
        return Path(given)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    else:
        base = os.environ.get("XDG_CACHE_HOME")
    try:
        usual = "Library/Caches" if sys.platform == "darwin" else ".cache"
        return Path(base or Path.home() / usual) / "shapespec"
    except RuntimeError:  # the user has no home
        return None


def read(key: str, ending: str) -> bytes | None:
    """What is kept under a key; none where nothing is that can be believed."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        with _opened(folder) as held:
            return _read(held, f"{key}{ending}", folder)
    except OSError:
        return None


def write(key: str, ending: str, contents: bytes) -> None:
    """Keep something, if that is possible; where it is large, remove what is old."""
    folder = cache_folder()
    if folder is None:
        return
    digest = hashlib.sha256(contents).hexdigest().encode()
    try:
        _make(folder)
        with _opened(folder) as held:
            _put(held, f"{key}{ending}", _MAGIC + digest + b"\n" + contents)
            if len(contents) >= _SMALL:
                _tidy(held)
    except OSError as error:
        note(log, logging.DEBUG, f"{folder} cannot be written: {error}")


def _make(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)


def _opened(folder: Path) -> OpenFolder:
    """The folder, if nobody else can write to it.

    Raises:
        OSError: There is none, it is a link, or it is not ours alone.
    """
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode):
        raise LinkedError(str(folder))
    if not _is_ours(seen, _OTHERS):
        _say_unused(folder)
        raise PermissionError(str(folder))
    return open_folder(folder)


@cache
def _say_unused(folder: Path) -> None:
    """Say once that a folder is not used."""
    message = f"{folder} is not used: it must belong to you, with mode 0700"
    note(log, logging.WARNING, message)


def _is_ours(seen: os.stat_result, others: int) -> bool:
    """Whether something belongs to the user, and others may not do these things."""
    if sys.platform == "win32":
        return True  # the profile of a user is theirs alone
    return seen.st_uid == os.getuid() and not seen.st_mode & others


def _read(held: OpenFolder, name: str, folder: Path) -> bytes | None:
    descriptor = held.open(name, os.O_RDONLY)
    with os.fdopen(descriptor, "rb") as stream:
        seen = os.fstat(stream.fileno())
        trusted = stat.S_ISREG(seen.st_mode) and _is_ours(seen, _OTHERS_WRITE)
        contents = stream.read(_LARGEST) if trusted else b""
    found = _verified(contents)
    if found is None:
        message = f"{folder / name} is corrupt; it is made again"
        note(log, logging.WARNING, message)
        return None
    with suppress(OSError):
        os.utime(folder / name, follow_symlinks=False)
    return found


def _verified(contents: bytes) -> bytes | None:
    """What a file holds, if it is whole."""
    start = len(_MAGIC) + 65
    head, body = contents[:start], contents[start:]
    digest = hashlib.sha256(body).hexdigest().encode()
    if not secrets.compare_digest(head, _MAGIC + digest + b"\n"):
        return None
    return body


def _put(held: OpenFolder, name: str, contents: bytes) -> None:
    beside = f".{secrets.token_hex(8)}.new"
    stage(held, name, beside, (contents,), mode=0o600)
    settle(held, name, beside)


def _tidy(held: OpenFolder) -> None:
    """Remove what has not been used for long, and the oldest of what is too much."""
    total = 0
    now = time.time()
    for age, size, name in sorted(_files(held, now)):
        total += size
        if age > MAX_AGE or total > MAX_BYTES:
            with suppress(OSError):
                held.remove(name)


def _files(held: OpenFolder, now: float) -> Iterator[tuple[float, int, str]]:
    for name in (path.name for path in held.shown.iterdir()):
        if name.endswith((*_ENDINGS, ".new")):
            with suppress(OSError):
                seen = held.status(name)
                yield now - seen.st_mtime, seen.st_size, name


def key_of(*parts: str) -> str:
    """The key of what is made of these parts, by this Python."""
    found = hashlib.sha256(importlib.util.MAGIC_NUMBER)
    for part in (sys.version, *parts):
        found.update(part.encode("utf-8", "surrogateescape") + b"\0")
    return found.hexdigest()
