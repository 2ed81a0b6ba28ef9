"""The files of an OpenAPI description: JSON or YAML, each read once, by name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import unquote

from shapespec.ground.errors import Unusable
from shapespec.ground.pointer import pointer_to, steps
from shapespec.ground.source import SourceFile, Span
from shapespec.ground.writing import leads_out
from shapespec.importers.json_file import JsonFile, places
from shapespec.importers.openapi.resources import Resources
from shapespec.project.files import read_source
from shapespec.responses.locate import locate
from shapespec.responses.parse import Unreadable, parse_json, parse_yaml

MAX_DEPTH = 200
"""Levels of nesting a description may have."""

MAX_BYTES = 64 * 1024 * 1024
"""How large a file of a description may be; all of GitHub's has some 13 MB."""

MAX_FILES = 2000
"""How many files a description may have."""

_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")


Key: TypeAlias = tuple[str, str]
"""Where a value is: its file, and its pointer there."""


class Place(NamedTuple):
    """A value of a description: in which file, and where there."""

    value: Any
    file: str
    pointer: str

    def child(self, *way: str | int) -> Place:
        """What is below."""
        value = self.value
        for step in way:
            value = value[step]
        return Place(value, self.file, self.pointer + pointer_to(way))

    def get(self, key: str) -> Place | None:
        """The member of an object; none where there is none."""
        if isinstance(self.value, dict) and key in self.value:
            return self.child(key)
        return None

    def members(self) -> Iterator[tuple[str, Place]]:
        """The members of an object."""
        if isinstance(self.value, dict):
            for key in self.value:
                yield key, self.child(key)

    def items(self) -> Iterator[Place]:
        """The items of a list."""
        if isinstance(self.value, list):
            for at in range(len(self.value)):
                yield self.child(at)

    @property
    def key(self) -> tuple[str, str]:
        """What this place is known by."""
        return self.file, self.pointer


class Files:
    """A description and the files below its folder that it refers to.

    Attributes:
        entry: The name of the description.
    """

    def __init__(self, path: Path, limit: int = MAX_BYTES) -> None:
        """Read the description at `path`; other files when they are asked for.

        Raises:
            Unusable: It cannot be read, or is not JSON or YAML.
            Faults: It is larger than `limit`, or not UTF-8.
        """
        self.folder = path.parent
        self.limit = limit
        self.entry = path.name
        self._sources: dict[str, SourceFile] = {}
        self._values: dict[str, Any] = {}
        self._resources = Resources()
        self._load(self.entry, path)

    def root(self, file: str | None = None) -> Place:
        """The whole of a file.

        Raises:
            Unusable: It cannot be read, or is not below the description's folder.
            Faults: It is too large, or not UTF-8.
        """
        name = self.entry if file is None else file
        if name not in self._values:
            path = self.folder / name
            if len(self._values) >= MAX_FILES:
                raise Unusable(f"{self.entry} refers to more than {MAX_FILES} files")
            if leads_out(path, self.folder):
                raise Unusable(f"cannot read {name}: it is not below {self.folder}")
            self._load(name, path, listed=True)
        return Place(self._values[name], name, "")

    def _load(self, name: str, path: Path, *, listed: bool = False) -> None:
        source = read_source(path, limit=self.limit, listed=listed)
        text = source.text
        is_json = text.lstrip()[:1] in ("{", "[")
        try:
            value = parse_json(text) if is_json else parse_yaml(text)
        except Unreadable as error:
            if not is_json:
                raise Unusable(f"{path}: {error}") from None
            value = _flow_style(text, path, str(error))
        _check_depth(value, path)
        self._sources[name] = source
        self._values[name] = value
        self._resources.add(Place(value, name, ""), text)

    def find(self, reference: str, at: Place) -> Place:
        """What a reference means that is at some place.

        Raises:
            Unusable: There is no such place, or it is not in a file that is read.
        """
        named = self._resources.find(self.root(at.file), reference, at)
        if named is not None:
            return self._below(*named, reference, at)
        base, _, fragment = reference.partition("#")
        file = at.file
        if base:
            if _ELSEWHERE.match(base):
                raise self.fault(
                    at, f"{reference!r} is not in a file; nothing is fetched"
                )
            file = _joined(PurePosixPath(at.file).parent, unquote(base))
        try:
            found = self.root(file)
        except Unusable as error:
            raise self.fault(at, f"{reference!r} cannot be followed: {error}") from None
        if fragment and not fragment.startswith("/"):
            raise self.fault(at, f"{reference!r}: there is no `$anchor` of that name")
        return self._below(found, fragment, reference, at)

    def _below(self, found: Place, fragment: str, reference: str, at: Place) -> Place:
        for step in steps(unquote(fragment)):
            below = _below(found, step)
            if below is None:
                raise self.fault(
                    at, f"{reference!r} leads nowhere: there is no {step!r}"
                )
            found = below
        return found

    def fault(self, at: Place, said: str) -> Unusable:
        """What is wrong at a place, with its line."""
        return Unusable(f"{self.shown(at)}: {said}")

    def span(self, at: Place) -> Span | None:
        """A place as a stretch of its file."""
        source = self._sources[at.file]
        kind = "json" if source.text.lstrip()[:1] in ("{", "[") else "yaml"
        file = JsonFile(self._values[at.file], at.file, "", source, kind)
        return places(file, [at.pointer])[0]

    def shown(self, at: Place) -> str:
        """A place as a message has it: file, line, column and pointer."""
        source = self._sources[at.file]
        kind = "json" if source.text.lstrip()[:1] in ("{", "[") else "yaml"
        where = next(iter(locate(source.text, kind, [at.pointer])))
        file = self.folder / at.file
        return f"{file}:{where.line}:{where.column}: {at.pointer or 'the description'}"

    def digest(self) -> str:
        """The hash of all files that have been read."""
        found = hashlib.sha256()
        for name in sorted(self._sources):
            found.update(f"{name}\0{self._sources[name].text}\0".encode())
        return found.hexdigest()


def _flow_style(text: str, path: Path, why: str) -> object:
    """What a text is that begins like JSON and is not: YAML in flow style."""
    try:
        return parse_yaml(text)
    except Unreadable:
        raise Unusable(f"{path}: {why}") from None


def _below(found: Place, step: str) -> Place | None:
    value = found.value
    if isinstance(value, dict):
        return found.child(step) if step in value else None
    if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        return found.child(int(step))
    return None


def _joined(folder: PurePosixPath, name: str) -> str:
    parts: list[str] = []
    for part in (folder / name).parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _check_depth(value: object, path: Path) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for one in level
            if isinstance(one, dict | list)
            for child in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return
    raise Unusable(f"{path}: it is nested deeper than {MAX_DEPTH}")
