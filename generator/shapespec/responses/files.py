"""Which files hold the responses that are meant: files, folders, patterns of names."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from shapespec.ground.errors import Unusable, reason

_BY_SUFFIX = {
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
}


def kind_of(name: str) -> str | None:
    """What a file holds by its name, `.gz` aside; none where the name does not tell."""
    path = Path(name.lower())
    suffix = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    return _BY_SUFFIX.get(suffix)


def response_files(named: Iterable[str]) -> Iterator[str]:
    """The files that are meant.

    A name is that of a file, or `-`; a folder stands for all files in it, at any
    depth, whose names say that they hold responses; and a name that nothing has, with
    `*`, `?` or `[` in it, for what it matches, `**` for folders at any depth. Files of
    a folder or a pattern come in the order of their names.

    Raises:
        Unusable: A folder or a pattern leads to no such file, or cannot be listed.
    """
    for name in named:
        if name == "-" or os.path.isfile(name):  # noqa: PTH113 - no Path for a `-`
            yield name
        elif Path(name).is_dir():
            yield from _some(_below(name), f"{name} contains no file")
        elif glob.has_magic(name) and not os.path.lexists(name):
            yield from _some(_matching(name), f"{name} matches no file")
        else:
            yield name


def _some(files: Iterator[str], problem: str) -> Iterator[str]:
    """The files, of which there has to be one."""
    found = False
    for file in files:
        found = True
        yield file
    if not found:
        kinds = ", ".join(_BY_SUFFIX)
        raise Unusable(f"{problem} that ends in one of {kinds} (with or without .gz)")


def _below(folder: str) -> Iterator[str]:
    def refuse(error: OSError) -> None:
        raise Unusable(f"cannot read {error.filename}: {reason(error)}") from error

    for at, folders, files in os.walk(folder, onerror=refuse):
        folders.sort()
        for file in sorted(files):
            if kind_of(file) is not None:
                yield str(Path(at, file))


def _matching(pattern: str) -> Iterator[str]:
    """What a pattern matches: files of any name, and what its folders hold.

    A pattern that ends in `**` leads to a folder and to what is in it; each file comes
    once.
    """
    seen = set()
    for name in sorted(glob.glob(pattern, recursive=True)):  # noqa: PTH207 - as given
        for file in _below(name) if Path(name).is_dir() else (name,):
            if file not in seen:
                seen.add(file)
                yield file
