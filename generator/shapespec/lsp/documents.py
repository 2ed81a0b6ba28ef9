"""The files of a workspace: of which kind each is, and which names lead where.

What an editor has open goes before what is on the disk.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types as lsp
from pygls.uris import from_fs_path
from pygls.workspace import TextDocument, Workspace

from shapespec.ground.source import SourceFile, Span
from shapespec.lsp.language import Kind, root_keys
from shapespec.lsp.outline import keys
from shapespec.lsp.references import Named, names
from shapespec.project.files import project_of, siblings

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_PATH = re.compile(r"\s*:\s+(?:\"([^\"\n]+)\"|'([^'\n]+)'|([^\s#,{}'\"]+))")
_SPECS = (".yaml", ".yml")
_MOST_FILES = 2_000
_LARGEST = 1_000_000
"""Bytes of a file that is looked through for imports."""


class ShapeInFile(NamedTuple):
    """A shape of a file."""

    uri: str
    name: str


def kind_of(text: str) -> Kind | None:
    """What a document is; none if it is neither a spec nor what belongs to one."""
    top = {key.name for key in keys(text) if not key.path}
    if "shapespec" in top:
        return "spec"
    if top and top <= {"decisions"}:
        return "decisions"
    if "facts" in top and top <= root_keys("evidence"):
        return "evidence"
    if "history" in top and top <= root_keys("history"):
        return "history"
    return "spec" if top <= root_keys("spec") else None


def source_of(document: TextDocument) -> SourceFile:
    """A document as the compiler reads it."""
    return SourceFile(document.path or document.uri, document.source)


def lines_of(text: str) -> list[str]:
    """The lines of a text as editors count them."""
    return _LINE.findall(text)


def range_of(document: TextDocument, span: Span) -> lsp.Range:
    """A span as the editor counts: lines from 0, columns in its units."""
    lines, codec = lines_of(document.source), document.position_codec
    start, end = (
        codec.position_to_client_units(lines, lsp.Position(line - 1, column - 1))
        for line, column in map(span.file.position, (span.start, span.end))
    )
    return lsp.Range(start, end)


def offset_of(document: TextDocument, position: lsp.Position) -> int:
    """The place in the text of a position that an editor names."""
    lines = lines_of(document.source)
    at = lsp.Position(position.line, position.character)
    if at.line >= len(lines):
        return len(document.source)
    found = document.position_codec.position_from_client_units(lines, at)
    line = lines[found.line].rstrip("\r\n")
    return sum(map(len, lines[: found.line])) + min(found.character, len(line))


class Documents:
    """The specs of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        """Those that an editor has open, and those on the disk."""
        self._workspace = workspace

    def get(self, uri: str) -> TextDocument:
        """A document; one that cannot be read is empty."""
        document = self._workspace.get_text_document(uri)
        try:
            _ = document.source
        except (OSError, ValueError):
            return TextDocument(uri, "", position_codec=document.position_codec)
        return document

    def opened(self) -> tuple[str, ...]:
        """What the editor has open."""
        return tuple(self._workspace.text_documents)

    def reads(self, document: TextDocument, name: str) -> SourceFile:
        """A file that a document names, as the editor has it, if it does.

        Raises:
            Unusable: It cannot be read.
        """
        path = Path(document.path)
        found = siblings(path, document.path)(name)
        uri = _uri(path.parent / name)
        if uri in self.opened():
            return SourceFile(found.name, self.get(uri).source, found.path)
        return found

    def imports(self, document: TextDocument) -> Mapping[str, str]:
        """The file of each namespace of a document."""
        if not document.path:
            return {}
        folder = Path(document.path).parent
        return {
            name: _uri(folder / path) for name, path, _ in named_files(document.source)
        }

    def shape(self, document: TextDocument, named: Named) -> ShapeInFile | None:
        """The shape that a name in a document leads to."""
        if not named.space:
            return ShapeInFile(document.uri, named.name)
        uri = self.imports(document).get(named.space)
        return None if uri is None else ShapeInFile(uri, named.name)

    def definition(self, shape: ShapeInFile) -> Named | None:
        """Where a shape is defined; none if it is not."""
        found = names(source_of(self.get(shape.uri)))
        return next(
            (one for one in found if one.defines and one.name == shape.name), None
        )

    def uses(self, shape: ShapeInFile) -> Iterator[tuple[TextDocument, Named]]:
        """Where a shape is named, in all specs that can."""
        for uri in (shape.uri, *self.importers(shape.uri)):
            document = self.get(uri)
            for one in names(source_of(document)):
                if one.name == shape.name and self.shape(document, one) == shape:
                    yield document, one

    def importers(self, uri: str) -> Iterator[str]:
        """The specs that import a file: open ones, and those of its project."""
        path = self.get(uri).path
        beside = map(_uri, _specs(project_of(Path(path)))) if path else ()
        for one in dict.fromkeys((*self.opened(), *beside)):
            if one != uri and uri in self.imports(self.get(one)).values():
                yield one


def named_files(text: str) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """The imports of a text: namespace, path, and where the path is."""
    if "imports" not in text:
        return
    lines = lines_of(text)
    for key in keys(text):
        if key.path == ("imports",):
            start = sum(map(len, lines[: key.line])) + key.column
            found = _PATH.search(text, text.index(key.name, start) + len(key.name))
            if found is not None and found.lastindex is not None:
                yield key.name, found[found.lastindex], found.span(found.lastindex)


def _uri(path: Path) -> str:
    return from_fs_path(os.path.normpath(path)) or ""


def _specs(folder: Path) -> Iterator[Path]:
    """The files below a folder that may be specs with imports."""
    left = _MOST_FILES
    for place, folders, files in os.walk(folder):
        folders[:] = [
            one for one in folders if one[:1] != "." and one != "node_modules"
        ]
        for name in files:
            path = Path(place, name)
            if not name.endswith(_SPECS):
                continue
            left -= 1
            if left < 0:
                return
            try:
                if path.stat().st_size <= _LARGEST and b"imports" in path.read_bytes():
                    yield path
            except OSError:
                continue
