"""Which files hold the responses that are meant: files, folders, patterns of names."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from shapespec.ground.errors import reason
from shapespec.responses.ignored import Ignored, is_hidden

_BY_SUFFIX = {
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
}


class FoundFile(NamedTuple):
    """A file that may hold responses, or a name that leads to none.

    Attributes:
        path: Where it is; `-` is standard input.
        listed: Whether a folder has it, or a pattern; else somebody named it.
        problem: Why there is nothing to read.
    """

    path: str
    listed: bool = False
    problem: str | None = None


def kind_of(name: str) -> str | None:
    """What a file holds by its name, `.gz` aside; none where the name does not tell."""
    path = Path(name.lower())
    suffix = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    return _BY_SUFFIX.get(suffix)


def response_files(
    named: Iterable[str], *, exclude: Iterable[str] = ()
) -> Iterator[FoundFile]:
    """The files that are meant.

    A name is that of a file, or `-`; a folder stands for all files in it, at any
    depth, whose names say that they hold responses; and a name that nothing has, with
    `*`, `?` or `[` in it, for what it matches, `**` for folders at any depth. Files of
    a folder or a pattern come in the order of their names. Of a folder, hidden files
    and folders are passed over, `node_modules`, and what git ignores.

    A folder or a pattern that leads to no such file, or cannot be listed, comes with
    its problem.

    Args:
        named: The names.
        exclude: Patterns as in a .gitignore: files of folders and patterns that match
            one are passed over.
    """
    ignored = Ignored(exclude)
    for name in named:
        if name == "-" or os.path.isfile(name):  # noqa: PTH113 - no Path for a `-`
            yield FoundFile(name)
        elif Path(name).is_dir():
            yield from _some(name, _below(name, ignored), "contains no file")
        elif glob.has_magic(name) and not os.path.lexists(name):
            yield from _some(name, _matching(name, ignored), "matches no file")
        else:
            yield FoundFile(name)


def _some(name: str, files: Iterator[FoundFile], problem: str) -> Iterator[FoundFile]:
    """The files, of which there has to be one."""
    found = False
    for file in files:
        found = True
        yield file
    if not found:
        kinds = ", ".join(_BY_SUFFIX)
        problem += f" that ends in one of {kinds} (with or without .gz)"
        yield FoundFile(name, listed=True, problem=problem)


def _below(folder: str, ignored: Ignored) -> Iterator[FoundFile]:
    within = ignored.within(folder)
    unlisted: list[OSError] = []
    for at, folders, files in os.walk(folder, onerror=unlisted.append):
        within.enter(at)
        folders[:] = sorted(
            name
            for name in folders
            if not is_hidden(name) and not within.ignores(f"{at}/{name}/")
        )
        for name in sorted(files):
            path = Path(at, name)
            if (
                kind_of(name) is not None
                and not is_hidden(name)
                and not within.ignores(str(path))
            ):
                yield FoundFile(str(path), listed=True)
    for error in unlisted:
        yield FoundFile(str(error.filename), listed=True, problem=reason(error))


def _matching(pattern: str, ignored: Ignored) -> Iterator[FoundFile]:
    """What a pattern matches: files of any name, and what its folders hold.

    A pattern that ends in `**` leads to a folder and to what is in it; each file comes
    once.
    """
    seen = set()
    for name in sorted(glob.glob(pattern, recursive=True)):  # noqa: PTH207 - as given
        if Path(name).is_dir():
            found = _below(name, ignored)
        else:
            found = iter(
                () if ignored.excludes(name) else (FoundFile(name, listed=True),)
            )
        for file in found:
            if file.path not in seen:
                seen.add(file.path)
                yield file
