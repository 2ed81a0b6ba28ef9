"""Which files hold the responses that are meant: files, folders, patterns of names."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from shapespec.ground.errors import reason
from shapespec.responses.ignored import Ignored, is_hidden
from shapespec.responses.remote import NOTHING, is_url, path_of, remote_files

_BY_SUFFIX = {
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
}
_TABLES_BY_SUFFIX = {
    ".csv": "csv",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".arrows": "arrow",
    ".feather": "arrow",
}
"""Tables, which in a folder are read only where somebody asks for tables."""

_PACKED = (".gz", ".zst")


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
    suffix = _suffix(path_of(name) if is_url(name) else name)
    return _BY_SUFFIX.get(suffix) or _TABLES_BY_SUFFIX.get(suffix)


def _suffix(name: str) -> str:
    path = Path(name.lower())
    return Path(path.stem).suffix if path.suffix in _PACKED else path.suffix


def _is_meant(name: str, *, tables: bool) -> bool:
    """Whether who names a folder means a file in it that has this name."""
    suffix = _suffix(name)
    return suffix in _BY_SUFFIX or (tables and suffix in _TABLES_BY_SUFFIX)


def response_files(
    named: Iterable[str], *, exclude: Iterable[str] = (), tables: bool = False
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
        tables: Whether those of a folder may be tables.
    """
    ignored = Ignored(exclude)
    for name in named:
        if is_url(name):
            yield from _remote(name, ignored, tables=tables)
        elif name == "-" or os.path.isfile(name):  # noqa: PTH113 - no Path for a `-`
            yield FoundFile(name)
        elif Path(name).is_dir():
            yield from _some(
                name, _below(name, ignored, tables=tables), "contains no file"
            )
        elif glob.has_magic(name) and not os.path.lexists(name):
            yield from _some(
                name, _matching(name, ignored, tables=tables), "matches no file"
            )
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
        problem += f" that ends in one of {kinds} (with or without .gz or .zst)"
        yield FoundFile(name, listed=True, problem=problem)


def _remote(url: str, ignored: Ignored, *, tables: bool) -> Iterator[FoundFile]:
    """The files that a URL stands for; of a folder, those that are meant by it."""
    try:
        files = [*remote_files(url)]
    except OSError as error:
        yield FoundFile(url, listed=True, problem=reason(error))
        return
    if not files:
        yield FoundFile(url, listed=True, problem=NOTHING)
    elif files == [url]:
        yield FoundFile(url)
    elif glob.has_magic(url):
        yield from (
            FoundFile(one, listed=True)
            for one in files
            if not ignored.excludes(path_of(one))
        )
    else:
        yield from _some(
            url,
            (
                FoundFile(one, listed=True)
                for one in files
                if _is_meant(one, tables=tables)
                and not any(map(is_hidden, one.removeprefix(url).split("/")))
                and not ignored.excludes(path_of(one))
            ),
            "contains no file",
        )


def _below(folder: str, ignored: Ignored, *, tables: bool) -> Iterator[FoundFile]:
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
                _is_meant(name, tables=tables)
                and not is_hidden(name)
                and not within.ignores(str(path))
            ):
                yield FoundFile(str(path), listed=True)
    for error in unlisted:
        yield FoundFile(str(error.filename), listed=True, problem=reason(error))


def _matching(pattern: str, ignored: Ignored, *, tables: bool) -> Iterator[FoundFile]:
    """What a pattern matches: files of any name, and what its folders hold.

    A pattern that ends in `**` leads to a folder and to what is in it; each file comes
    once.
    """
    seen = set()
    for name in sorted(glob.glob(pattern, recursive=True)):  # noqa: PTH207 - as given
        if Path(name).is_dir():
            found = _below(name, ignored, tables=tables)
        else:
            found = iter(
                () if ignored.excludes(name) else (FoundFile(name, listed=True),)
            )
        for file in found:
            if file.path not in seen:
                seen.add(file.path)
                yield file
