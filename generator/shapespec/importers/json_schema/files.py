"""Schemas from files, standard input and, with leave, the net; JSON or YAML."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import url2pathname

from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Faults
from shapespec.ground.errors import Unusable, reason
from shapespec.ground.source import SourceFile
from shapespec.ground.writing import leads_out
from shapespec.importers.json_file import JsonFile, json_of, places, yaml_of
from shapespec.importers.json_schema.check import problems
from shapespec.importers.json_schema.dialects import Dialect, dialect_of
from shapespec.importers.json_schema.document import Elsewhere
from shapespec.project.files import MAX_SPEC_BYTES, read_source

PATIENCE = 30.0
"""Seconds in which a server has to answer."""

_NET = ("http", "https")
_YAML = (".yaml", ".yml")


def read_schema(named: str, limit: int, *, allow_net: bool = False) -> JsonFile:
    """The schema that somebody names: a path, `-` for standard input, or a URL.

    Raises:
        Unusable: It cannot be read, is neither JSON nor YAML, has a key twice, is
            nested too deeply, or is a URL although the net may not be used.
        Faults: It is too large, or not UTF-8.
    """
    if named == "-":
        return parsed(_standard_input(limit), "schema", "")
    if urlsplit(named).scheme in _NET:
        if not allow_net:
            raise Unusable(f"{named} is a URL: with --allow-net, it is fetched")
        name = Path(urlsplit(named).path).name or "schema"
        return parsed(fetched(named, limit), name, named)
    path = Path(named)
    return parsed(read_source(path, limit=limit), path.name, path.absolute().as_uri())


def parsed(source: SourceFile, name: str, uri: str) -> JsonFile:
    """The value of a text, which is JSON if it looks like it, and YAML else.

    Raises:
        Unusable: It is neither, has a key twice, or is nested too deeply.
    """
    begins_like_json = source.text.lstrip()[:1] in ("{", "[")
    if Path(name).suffix.lower() in _YAML or not begins_like_json:
        return yaml_of(source, name, uri)
    return json_of(source, name, uri)


def _standard_input(limit: int) -> SourceFile:
    if sys.stdin is None:
        raise Unusable("cannot read standard input: it is closed")
    return _text("<stdin>", sys.stdin.buffer.read(limit + 1), limit)


def _text(name: str, data: bytes, limit: int) -> SourceFile:
    if len(data) > limit:
        raise Faults([catalogue.file_too_large(name, len(data), limit)])
    try:
        return SourceFile(name, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Faults([catalogue.not_utf8(name, error.start)]) from None


def fetched(url: str, limit: int) -> SourceFile:
    """The text at a URL.

    Raises:
        Unusable: It cannot be had.
        Faults: It is too large, or not UTF-8.
    """
    from urllib.request import Request, urlopen

    if urlsplit(url).scheme not in _NET:
        raise Unusable(f"cannot fetch {url}: it is not http or https")
    request = Request(url, headers={"User-Agent": "shapespec"})  # noqa: S310  # checked
    try:
        with urlopen(request, timeout=PATIENCE) as stream:  # noqa: S310  # checked above
            return _text(url, stream.read(limit + 1), limit)
    except OSError as error:
        raise Unusable(f"cannot fetch {url}: {reason(error)}") from error
    except (HTTPException, ValueError) as error:
        raise Unusable(f"cannot fetch {url}: {error}") from error


@dataclass
class Shelf:
    """The documents that a schema refers to.

    A `file:` URI is read below the folder of the schema. Where the schema has a URI of
    its own, a document beside that URI may be a file beside the schema.

    Attributes:
        file: The schema that is imported.
        limit: How many bytes a document may have.
        allow_net: Whether others may be fetched.
        files: All that were read, by their URIs.
    """

    file: JsonFile
    dialect: Dialect
    limit: int = MAX_SPEC_BYTES
    allow_net: bool = False
    files: dict[str, JsonFile] = field(default_factory=dict[str, JsonFile])

    def __call__(self, uri: str) -> Any:
        """The document at a URI.

        Raises:
            Elsewhere: It cannot be had; the message says why.
            Unusable: It is there and cannot be read.
            Faults: It is no schema.
        """
        source, name = self._source(uri)
        found = parsed(source, name, uri)
        dialect = self.dialect
        if isinstance(found.data, dict):
            dialect = dialect_of(found.data.get("$schema")) or dialect
        check(found, dialect)
        self.files[uri] = found
        return found.data

    def _source(self, uri: str) -> tuple[SourceFile, str]:
        path = self._path(uri)
        if path is not None:
            return read_source(path, limit=self.limit, listed=True), path.name
        if urlsplit(uri).scheme not in _NET:
            raise Elsewhere(f"there is no such document beside {self.file.name}")
        if not self.allow_net:
            raise Elsewhere("without --allow-net, nothing is fetched")
        name = Path(urlsplit(uri).path).name or "schema"
        try:
            return fetched(uri, self.limit), name
        except Unusable as unusable:
            raise Elsewhere(str(unusable)) from None

    def _path(self, uri: str) -> Path | None:
        """The file that a URI means, if there is one below the schema's folder."""
        home = self.file.uri
        if urlsplit(home).scheme != "file":
            return None
        folder = _path_of(home).parent
        wanted = uri
        own = self.file.data.get("$id") if isinstance(self.file.data, dict) else None
        if isinstance(own, str) and urlsplit(own).scheme in _NET:
            beside = urljoin(own, ".")
            if uri.startswith(beside) and uri != own:
                wanted = urljoin(home, uri.removeprefix(beside))
        elif not urlsplit(uri).scheme:
            wanted = urljoin(home, uri)
        if urlsplit(wanted).scheme != "file":
            return None
        path = _path_of(wanted)
        if leads_out(path, folder):
            if wanted == uri:
                raise Elsewhere(f"it leads out of the folder of {self.file.name}")
            return None
        return path if path.is_file() else None


def _path_of(uri: str) -> Path:
    return Path(url2pathname(urlsplit(uri).path))


def check(file: JsonFile, dialect: Dialect) -> None:
    """Check that a document is a schema.

    Raises:
        Faults: It is not.
    """
    found = [*problems(file.data, dialect)]
    if found:
        spans = places(file, [one.pointer for one in found])
        raise Faults(
            catalogue.invalid_schema(span, one.message, one.help)
            for span, one in zip(spans, found, strict=True)
        )
