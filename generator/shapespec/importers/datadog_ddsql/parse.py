"""A page of the DDSQL data directory as the columns that its table lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located, SourceFile, Span
from shapespec.importers.common import (
    Line,
    is_refused,
    last_line,
    lines,
    refuse,
    skipped,
)
from shapespec.importers.datadog_ddsql.types import DESCRIBES, KIND

_TITLE = re.compile(r"# (?!Source:)(?P<title>.+?)\s*")
_HEADING = re.compile(r"## (?P<name>.+?)\s*")
_HEAD = re.compile(r"\|\s*Title\s*\|\s*ID\s*\|\s*Type\s*\|.*")
_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+\s*")
_ROW = re.compile(r"\|.*\|\s*")
_CELL = re.compile(r"\|(?P<cell>(?:[^|\\]|\\.)*)(?=\|)")
_GROUP = "core"
_SECTION = "Fields"


class Column(NamedTuple):
    """A row of the table: the id of a column, and its type."""

    name: Located[str]
    type: Located[str]


class Parser:
    """Reads a page line by line; nothing in it goes unnoticed."""

    def __init__(self, document: SourceFile) -> None:
        """Begin with a page.

        Raises:
            Faults: It is no such page.
        """
        self.faults: list[Diagnostic] = []
        self._document = document
        self._lines = lines(document)
        titles = (_TITLE.fullmatch(line.text) for line in self._lines)
        title = next((match["title"] for match in titles if match), None)
        if title is None:
            raise refuse(document, KIND, DESCRIBES, "it has no title `# Name`")
        headings = (_HEADING.fullmatch(line.text) for line in self._lines)
        if not any(match and match["name"] == _SECTION for match in headings):
            missing = f"it has no section `{_SECTION}`"
            raise refuse(document, KIND, DESCRIBES, missing)
        self.title = title

    def columns(self) -> tuple[Column, ...]:
        """The columns, in the order of the table."""
        found: list[Column] = []
        section: Located[str] | None = None
        body: list[Line] = []
        for line in self._lines:
            match = _HEADING.fullmatch(line.text)
            if match is None:
                body.append(line)
                continue
            found += self._section(section, body)
            section, body = line.located(match, "name"), []
        found += self._section(section, body)
        if not found and not is_refused(self.faults):
            end = last_line(self._lines, self._document)
            self.faults.append(catalogue.truncated_page(end, "a row of the table"))
        return tuple(found)

    def _section(
        self, section: Located[str] | None, body: list[Line]
    ) -> Iterator[Column]:
        if section is None:
            return
        if section.value != _SECTION:
            self.faults.append(skipped(section, body, _ROW))
            return
        table = [line for line in body if line.text.strip()]
        end = last_line(self._lines, self._document)
        for line in table:
            if line is table[0]:
                if not _HEAD.fullmatch(line.text):
                    head = "the table's head `| Title | ID | Type |`"
                    self._unread(line.span, head)
                    return
            elif _ROW.fullmatch(line.text):
                if not _RULE.fullmatch(line.text):
                    yield from self._row(line)
            elif line.span.end == end.end:
                began = Located("the table begins here", table[0].span)
                cut = catalogue.truncated_page(end, "its last row has ended", began)
                self.faults.append(cut)
            else:
                self._unread(line.span, "a row between `|` and `|`")

    def _row(self, line: Line) -> tuple[Column, ...]:
        """The column of a row; its head is shifted, its last cells may be missing."""
        cells = list(_CELL.finditer(line.text))
        groups = [cell["cell"].strip() == _GROUP for cell in cells[:3]]
        at = groups.index(True) if True in groups else 0
        if at == 0 or len(cells) < at + 2 or not cells[at - 1]["cell"].strip():
            self._unread(line.span, f"`| name | {_GROUP} | type |`")
            return ()
        return (Column(_stripped(line, cells[at - 1]), _stripped(line, cells[at + 1])),)

    def _unread(self, at: Span, expected: str) -> None:
        self.faults.append(catalogue.unreadable_line(at, expected))


def _stripped(line: Line, cell: re.Match[str]) -> Located[str]:
    """A cell without the white space that fills it."""
    text = cell["cell"]
    start = line.start + cell.start("cell") + len(text) - len(text.lstrip())
    stripped = text.strip()
    return Located(stripped, Span(line.file, start, start + len(stripped)))
