"""Whether anything has changed since the last run, answered without compiling.

A stamp remembers what a run read (the spec, the files that it names, the compiler
itself, its templates and tools) and what it left: size, time and number of each file,
as git's index has them. Where all is as it was, there is nothing to do. Stamps are
about one machine; they lie in a folder that tells git to leave it out, and may be
deleted at any time. `generate --check` does not believe them.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from shapespec.diagnostics.model import Faults
from shapespec.ground.errors import Unusable
from shapespec.ground.resources import CODE, TEMPLATES
from shapespec.ground.source import SourceFile
from shapespec.ground.version import __version__
from shapespec.ground.writing import Root

if TYPE_CHECKING:
    from shapespec.evidence.ledger import Sibling

CACHE = ".shapespec/cache"
"""Where stamps and the lock lie, below the output folder."""

LOCK = f"{CACHE}/lock"

_TOOLS = ("jinja2", "ruamel.yaml", "ruff")
"""What else decides what comes out, beside this package."""


class Left(NamedTuple):
    """What a run left: its package and how many files it has."""

    package: str
    files: int


class Recorder:
    """Reads files for a spec, and remembers what they held."""

    def __init__(
        self, sibling: Sibling, folder: Path, note: Callable[[Path], None]
    ) -> None:
        """Read files of `folder` through `sibling`; tell `note` of each before."""
        self.digests: dict[str, str] = {}
        self._sibling = sibling
        self._folder = folder
        self._note = note

    def __call__(self, name: str) -> SourceFile:
        self._note(self._folder / name)
        source = self._sibling(name)
        self.digests[name] = source.digest
        return source


class Stamp:
    """The stamp of one spec in one output folder."""

    def __init__(
        self, root: Root, source: SourceFile, targets: Iterable[str], layout: str = ""
    ) -> None:
        """The stamp for generating `targets` from `source` into `root`, in a layout."""
        self.root = root
        about = [source.name, source.digest, layout]
        self._key = _digest([*about, *sorted(set(targets)), *compiler_state()])
        place = hashlib.sha256(source.name.encode("utf-8", "replace")).hexdigest()
        self._file = f"{CACHE}/{place[:16]}.json"

    def current(self, sibling: Sibling) -> Left | None:
        """What the last run left, if it is still there and would come out again."""
        try:
            found = json.loads(self.root.read(self._file) or b"")
            if found["key"] != self._key:
                return None
            if any(sibling(name).digest != was for name, was in found["read"].items()):
                return None
            files: Mapping[str, list[int]] = found["files"]
            if self.root.read(found["begun"]) is not None:  # a later run was killed
                return None
            if any(self._state(path) != was for path, was in files.items()):
                return None
            return Left(str(found["package"]), int(found["count"]))
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return None
        except (Unusable, Faults, RecursionError):
            return None

    def write(
        self, left: Left, read: Recorder, paths: Iterable[str], begun: str
    ) -> None:
        """Remember a run; where that cannot be written, nothing is remembered.

        Args:
            left: What it left.
            read: What read the files that the spec names.
            paths: All files that it left, below the output folder.
            begun: The file that is there while a run is not finished.
        """
        with suppress(OSError):
            text = json.dumps(
                {
                    "key": self._key,
                    "package": left.package,
                    "count": left.files,
                    "begun": begun,
                    "read": read.digests,
                    "files": {path: self._state(path) for path in paths},
                }
            )
            ignore = f"{CACHE}/.gitignore"
            if self.root.read(ignore) is None:
                self.root.write(ignore, b"*\n")
            self.root.write(self._file, text.encode())

    def _state(self, path: str) -> list[int]:
        return _state(self.root.status(path))


def _state(seen: os.stat_result) -> list[int]:
    """What changes when a file does."""
    return [seen.st_size, seen.st_mtime_ns, seen.st_ino]


@cache
def compiler_state() -> tuple[str, ...]:
    """All that decides what comes out beside the spec: code, templates, tools.

    It is that of the process, whatever becomes of the files later.
    """
    return tuple(_compiler_state())


def _compiler_state() -> Iterator[str]:
    yield __version__
    yield sys.version
    for folder in (CODE, TEMPLATES):
        for path, entry in _walk(folder):
            seen = entry.stat()
            yield f"{path} {seen.st_size} {seen.st_mtime_ns}"
    for tool in _TOOLS:
        found = find_spec(tool)
        if found is not None and found.origin is not None:
            yield f"{found.origin} {_state(Path(found.origin).stat())}"


def _walk(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """The code, templates, assets and tables below a folder, in a fixed order."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.endswith((".py", ".jinja", ".txt", ".css", ".js", ".svg")):
            yield entry.path, entry
        elif entry.is_dir() and not entry.name.startswith(("_", ".")):
            yield from _walk(Path(entry.path))


def _digest(parts: Iterable[str]) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(part.encode("utf-8", "surrogateescape") + b"\0")
    return found.hexdigest()
