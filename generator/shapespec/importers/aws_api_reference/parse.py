"""A page of the AWS API reference as its members and what each line says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from itertools import islice
from typing import NamedTuple

from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located, SourceFile
from shapespec.importers.aws_api_reference.types import (
    BODY,
    DESCRIBES,
    HEADER,
    KIND,
    URI,
)
from shapespec.importers.common import (
    Line,
    last_line,
    lines,
    refuse,
    skipped,
    unescaped,
)
from shapespec.records import dataclass


class Part(Enum):
    """The part of a page in which a member stands."""

    STRUCTURE = "the members of a structure"
    REQUEST = "what is sent"
    RESPONSE = "what comes back"


LABELS = (
    "Type",
    "Required",
    "Length Constraints",
    "Key Length Constraints",
    "Value Length Constraints",
    "Pattern",
    "Key Pattern",
    "Value Pattern",
    "Array Members",
    "Map Entries",
    "Valid Range",
    "Valid Values",
    "Valid Keys",
)
"""What a line may state; each stands at the beginning of its line."""

_PARTS = {
    "Contents": Part.STRUCTURE,
    "Request Parameters": Part.REQUEST,
    "URI Request Parameters": Part.REQUEST,
    "Request Body": Part.REQUEST,
    "Response Elements": Part.RESPONSE,
}
_LAST = "See Also"
_ERRORS = "Errors"
_FURNITURE = re.compile(
    r"(?:Request|Response) Syntax|See Also|(?:Examples?|Sample)\b.*"
)
_CONTEXTS = (
    (re.compile(r"\bURI parameters?\b"), URI),
    (re.compile(r"\bHTTP headers?\b"), HEADER),
    (re.compile(r"\b(?:as the HTTP body|binary data)\b"), BODY),
    (re.compile(r"\bin (?:JSON|XML) format\b"), None),
)
_INTRODUCTION = re.compile(
    r"The (?:request|response) .*|If the action is successful, .*|"
    r"The following (?:data|elements?) .*"
)
_TITLE = re.compile(r"# (?P<name>[^<]+?)\s*(?:<a name=.*)?")
_HEADING = re.compile(r"## (?P<name>[^<]+?)\s*(?:<a name=.*)?")
_ANCHOR = re.compile(r'\s*<a name="[^"]*"></a>\s*')
_NAME = r"(?:[\w.:$-]|\\[_.-])+"
_ENTRY = re.compile(
    rf"\s?\*\* ?(?:\[(?P<linked>{_NAME})\]\([^)]*\)|(?P<plain>{_NAME})) ?\*\*"
    rf"\s*(?P<anchor>{_ANCHOR.pattern})?\s*"
)
_ADMONITIONS = {"Note", "Important", "Warning", "Tip", "Caution", "Topics"}
_STATEMENT = re.compile(rf"\s*(?P<label>{'|'.join(LABELS)}): ?(?P<value>.*)")


_LONE_NAME = re.compile(
    r"\s*(?:[-+*]|#{1,6}|\d+\.)?\s*(?:`[\w.:$-]+`|\[[^\]]+\]\([^)]*\)|[\w.:$-]+)"
    r"(?:\s+[—–-]+.*|\s*:?)\s*"
)
"""A line that has a name, as members have it in other layouts."""

_STATUS = re.compile(r"\s*HTTP Status Code: ?(?P<code>[1-5][0-9]{2})\s*")


class Error(NamedTuple):
    """What an operation can fail with, and the HTTP status that it has then."""

    name: Located[str]
    line: int
    status: int | None = None
    status_line: int | None = None


class Statement(NamedTuple):
    """A line that states something: its label and what stands behind it."""

    label: str
    value: Located[str]
    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedMember:
    """A member as written.

    Attributes:
        name: Without the backslashes of Markdown.
        written: With them.
        part: The part of the page that names it.
        context: The place in an HTTP message that the page puts it in.
        statements: What is stated of it.
    """

    name: Located[str]
    written: str
    part: Part
    context: str | None
    line: int
    statements: tuple[Statement, ...]


@dataclass(slots=True)
class _Open:
    """A member whose end has not been read yet."""

    head: Line
    match: re.Match[str]
    part: Part
    context: str | None
    statements: list[Statement]

    def entry(self) -> DescribedMember:
        group = "linked" if self.match["linked"] else "plain"
        written = self.head.located(self.match, group)
        return DescribedMember(
            name=Located(unescaped(written.value), written.span),
            written=written.value,
            part=self.part,
            context=self.context,
            line=self.head.number,
            statements=tuple(self.statements),
        )


class Parser:
    """Reads a page once, line by line; nothing in it goes unnoticed."""

    def __init__(self, document: SourceFile) -> None:
        """Begin with a page.

        Raises:
            Faults: It is no such page.
        """
        self.faults: list[Diagnostic] = []
        self._document = document
        self._lines = lines(document)
        titles = (_TITLE.fullmatch(line.text) for line in self._lines)
        title = next((match for match in titles if match), None)
        headings = {name.value for name in self._headings()}
        if title is None:
            raise refuse(document, KIND, DESCRIBES, "it has no title `# Name`")
        if headings.isdisjoint(_PARTS):
            missing = "it has no section `Contents` or `Response Elements`"
            if headings.isdisjoint(("Request Syntax", "Errors", _LAST)):
                raise refuse(document, KIND, DESCRIBES, missing)
        self.title = unescaped(title["name"])
        entries = (_ENTRY.fullmatch(line.text) for line in self._lines)
        self._anchored = any(match and match["anchor"] for match in entries)
        self._part: Part | None = None
        self._context: str | None = None
        self._open: _Open | None = None
        self._fence: Line | None = None
        self.errors: list[Error] = []
        self.skipped: list[str] = []

    def _headings(self) -> Iterator[Located[str]]:
        for line in self._lines:
            if match := _HEADING.fullmatch(line.text):
                yield line.located(match, "name")

    def entries(self) -> tuple[DescribedMember, ...]:
        """The members, in the order of the page."""
        found: list[DescribedMember] = []
        for section, body in self._sections():
            self._part, self._context = _PARTS.get(section), None
            before = len(found)
            for line in body:
                closed = self._read(line)
                if closed is not None:
                    found.append(closed.entry())
            if self._open is not None:
                found.append(self._open.entry())
                self._open = None
            if len(found) == before:
                self._check_empty(body)
        self._check_end()
        return tuple(found)

    def _sections(self) -> Iterator[tuple[str, list[Line]]]:
        """The sections whose lines are to be read; others are known or reported."""
        name: Located[str] | None = None
        body: list[Line] = []
        for line in self._lines:
            if line.text.lstrip().startswith("```"):
                self._fence = None if self._fence else line
            elif self._fence is None and (match := _HEADING.fullmatch(line.text)):
                yield from self._known(name, body)
                name, body = line.located(match, "name"), []
            elif self._fence is None:
                body.append(line)
        yield from self._known(name, body)

    def _known(
        self, name: Located[str] | None, body: list[Line]
    ) -> Iterator[tuple[str, list[Line]]]:
        if name is None:
            stray = (line for line in body if _STATEMENT.fullmatch(line.text))
            for line in islice(stray, 1):
                self._unread(line, "a section `## Contents` before it")
            return
        if _FURNITURE.fullmatch(name.value):
            self.skipped.append(name.value)
            return
        if name.value == _ERRORS:
            self._read_errors(body)
            return
        if name.value in _PARTS:
            yield name.value, body
        else:
            self.faults.append(skipped(name, body, _STATEMENT))

    def _read(self, line: Line) -> _Open | None:
        """Take in a line of a section of members; the member that it ends, if any."""
        text = line.text.strip()
        if not text or _ANCHOR.fullmatch(text):
            return None
        closed = self._open
        if match := _ENTRY.fullmatch(line.text):
            name = match["linked"] or match["plain"]
            if match["anchor"] or not (self._anchored or name in _ADMONITIONS):
                assert self._part is not None  # noqa: S101 - in a section of members
                self._open = _Open(line, match, self._part, self._context, [])
                return closed
        stated = {one.label for one in closed.statements} if closed else set[str]()
        if match := _STATEMENT.fullmatch(line.text):
            if closed is None:
                self._unread(line, "a member before what is stated of it")
            elif match["label"] in stated:
                self._unread(line, f"`{match['label']}` once for a member")
            else:
                value = Located(match["value"].strip(), line.span)
                closed.statements.append(Statement(match["label"], value, line))
        elif closed is None or (stated and _INTRODUCTION.fullmatch(text)):
            self._introduce(text)
            self._open = None
            return closed
        elif stated:
            labels = ", ".join(f"`{label}`" for label in LABELS[:3])
            self._unread(line, f"{labels} or another statement, or the next member")
        return None

    def _check_empty(self, body: list[Line]) -> None:
        """Miss the members of a section that has names, but not as members."""
        names = (line for line in body if _LONE_NAME.fullmatch(line.text))
        for line in islice(names, 1):
            self._unread(line, "a member, as `**Name**`")

    def _read_errors(self, body: list[Line]) -> None:
        """Take in the section of errors: a name each, and its HTTP status."""
        for line in body:
            if match := _ENTRY.fullmatch(line.text):
                name = line.located(match, "linked" if match["linked"] else "plain")
                if name.value in _ADMONITIONS:
                    continue
                plain = Located(unescaped(name.value), name.span)
                self.errors.append(Error(plain, line.number))
            elif (match := _STATUS.fullmatch(line.text)) and self.errors:
                self.errors[-1] = self.errors[-1]._replace(
                    status=int(match["code"]), status_line=line.number
                )
            elif _STATEMENT.fullmatch(line.text):
                self._unread(line, "an error and its `HTTP Status Code`")

    def _introduce(self, text: str) -> None:
        for sign, context in _CONTEXTS:
            if sign.search(text):
                self._context = context

    def _unread(self, line: Line, expected: str) -> None:
        self.faults.append(catalogue.unreadable_line(line.span, expected))

    def _check_end(self) -> None:
        end = last_line(self._lines, self._document)
        if self._fence is not None:
            began = Located("the code begins here", self._fence.span)
            self.faults.append(
                catalogue.truncated_page(end, "the code has ended", began)
            )
        elif _LAST not in {name.value for name in self._headings()}:
            self.faults.append(catalogue.truncated_page(end, f"the section `{_LAST}`"))
