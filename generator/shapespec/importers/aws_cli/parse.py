"""A page of the AWS CLI reference as its options and the entries of its output."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import NamedTuple

from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located, SourceFile, Span
from shapespec.importers.aws_cli.repair import repair
from shapespec.importers.aws_cli.types import DESCRIBES, KIND, means
from shapespec.importers.common import (
    Line,
    Section,
    last_line,
    lines,
    once,
    refuse,
    skipped,
)
from shapespec.records import dataclass

_TITLE = re.compile(r"# (?P<name>[^¶]+?)¶?\s*")
_HEADING = re.compile(r"## (?P<name>[^¶]+?)¶?\s*")
_SERVICE = re.compile(r"\[(?P<name>[^\[\]]+)\]\([^)]*#cli-aws[^)]*\)")
_FURNITURE = {"Description", "Global Options", "Examples"}
_READ = {"Synopsis", "Options", "Output"}

_MARGIN = re.compile(r"[\s>]*")
_REQUIRED = r"(?P<required> \\?\[required\\?\])?"
_OPTION = re.compile(
    rf"`(?:--)?(?P<name>[\w-]+)`(?: \| `--[\w-]+`)* \((?P<word>[^()]+)\){_REQUIRED}"
)
_MEMBER = re.compile(rf"(?P<name>[^\s()]+) -\\?> \((?P<word>[^()]+)\){_REQUIRED}")
_ITEM = re.compile(rf"\((?P<word>[a-z ]+)\){_REQUIRED}")
_RECURSIVE = "( ... recursive ... )"
_NEARLY = re.compile(
    r"`--[\w-]+`(?: \| `--[\w-]+`)*\s*\(?[a-z ]{0,24}\)?"
    r"|[^\s()]+ -\\?>\s*\(?[a-z ]*\)?.{0,12}"
)
"""What may have been meant as the line of an option or of a member."""
_USE = re.compile(r"(?P<open>\[?)--(?P<name>[\w-]+)(?: <value>)?(?: \| --[\w-]+)*\]?")
PAGINATED = "is a paginated operation"

_VALUE = re.compile(r"[-*+] `?(?P<value>[^`]+?)`?")
_MAY_END = re.compile(r"[^\w\s,;(\[-]$|^[-*+] |^None$|^## ")
"""The end of a sentence, or a line that is none."""

_LIMIT = re.compile(r"[-*+] (?P<which>min|max|pattern): `(?P<limit>.*)`")

_OWN = {"cli-input-json", "cli-input-yaml", "generate-cli-skeleton", "outfile"}
_PAGING = {"starting-token", "page-size", "max-items"}
"""Options of the CLI itself, on every page and on those of paginated operations."""


class Limit(NamedTuple):
    """A line below `Constraints:`."""

    which: str
    limit: Located[str]


@dataclass(slots=True, kw_only=True)
class ListedMember:
    """A line `Name -> (type)`, and what its text says.

    Attributes:
        name: None for what a list holds, which has only a type.
        word: The type; none for `( ... recursive ... )`.
        line: Where it stands.
        margin: How far it is indented or quoted.
        required: Whether it is marked so.
        values: The possible values that its text lists.
        limits: The constraints that its text lists.
    """

    name: Located[str] | None
    word: Located[str] | None
    line: Line
    margin: int
    required: bool = False
    values: list[Located[str]] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Option:
    """An option of the command.

    Attributes:
        head: Its own line.
        use: Its line of the synopsis, with whether it has to be given.
        entries: What its value holds.
        syntax: The JSON that shows how its value is written.
    """

    head: ListedMember
    use: tuple[bool, int] | None = None
    entries: list[ListedMember] = field(default_factory=list)
    syntax: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A page as written; `end` is its last line."""

    title: str
    options: tuple[Option, ...]
    output: tuple[ListedMember, ...]
    end: Span


class Parser:
    """Reads a page section by section; nothing in it goes unnoticed."""

    def __init__(self, document: SourceFile) -> None:
        """Begin with a page."""
        self.faults: list[Diagnostic] = []
        self.skipped: list[str] = []
        self._document = document
        self._lines = tuple(
            line._replace(text=repair(line.text)) for line in lines(document)
        )

    def page(self) -> Written:
        """The whole page.

        Raises:
            Faults: It is no such page.
        """
        found = once(self._sections(), self.faults)
        sections = {name: body for name, (_, body) in found.items()}
        titles = (_TITLE.fullmatch(line.text) for line in self._lines)
        title = next((match["name"] for match in titles if match), None)
        uses = self._synopsis(sections.get("Synopsis", []))
        if title is None or sections.keys().isdisjoint(_READ | {"Global Options"}):
            missing = "it has no section `Options` or `Output`"
            raise refuse(self._document, KIND, DESCRIBES, missing)
        end = last_line(self._lines, self._document)
        if "Output" not in sections:
            self.faults.append(catalogue.truncated_page(end, "the section `Output`"))
        self._check_end(end)
        options = self._options(sections.get("Options", []), uses)
        named = {one.head.name.value for one in options if one.head.name}
        for name, (is_required, _) in uses.items():
            if is_required and name not in named:
                missing = f"the option `--{name}`, which the synopsis names"
                self.faults.append(catalogue.truncated_page(end, missing))
        return Written(
            title=" ".join([*self._services(), title]),
            options=options,
            output=self._output(sections.get("Output", [])),
            end=end,
        )

    def _check_end(self, end: Span) -> None:
        """Look whether the page, which nothing ends, goes on to where text may end."""
        text = self._document.text[end.start : end.end].strip("> \t\r\n")
        if text.startswith("###"):
            self.faults.append(catalogue.truncated_page(end, "what the heading is of"))
        elif not (_MAY_END.search(text) or _MEMBER.fullmatch(text)):
            sentence = "its last sentence has ended"
            self.faults.append(catalogue.truncated_page(end, sentence, sure=False))

    def _services(self) -> Iterator[str]:
        for line in self._lines[:12]:
            for match in _SERVICE.finditer(line.text):
                yield match["name"]

    def _sections(self) -> Iterator[Section]:
        """The sections, each with its lines; unknown ones are reported."""
        head: Located[str] | None = None
        body: list[Line] = []
        fenced = False
        for line in self._lines:
            fenced ^= line.text.lstrip("> ").startswith("```")
            match = None if fenced else _HEADING.fullmatch(line.text)
            if match is None:
                body.append(line)
                continue
            yield from self._known(head, body)
            head, body = line.located(match, "name"), []
        yield from self._known(head, body)

    def _known(self, head: Located[str] | None, body: list[Line]) -> Iterator[Section]:
        if head is None:
            return
        if head.value in _FURNITURE:
            self.skipped.append(head.value)
        elif head.value not in _READ:
            self.faults.append(skipped(head, body, _MEMBER))
        yield head, body

    def _synopsis(self, body: list[Line]) -> dict[str, tuple[bool, int]]:
        """Which options have to be given, each with its line."""
        found = {}
        for line in body:
            if match := _USE.fullmatch(line.text.strip()):
                found[match["name"]] = (not match["open"], line.number)
        return found

    def _options(
        self, body: list[Line], uses: dict[str, tuple[bool, int]]
    ) -> tuple[Option, ...]:
        """The options of the service; those of the CLI itself are left out."""
        options: list[Option] = []
        for entry, syntax in self._entries(body, _OPTION):
            if entry.name is not None and entry.line.text.startswith("`"):
                options.append(Option(head=entry, use=uses.get(entry.name.value)))
            elif options:
                options[-1].entries.append(entry)
            else:
                self._unread(entry.line, "an option before what it holds")
            if options:
                options[-1].syntax += syntax
        paginated = any(PAGINATED in line.text for line in self._lines)
        own = _OWN | _PAGING if paginated else _OWN
        return tuple(
            one for one in options if one.head.name and one.head.name.value not in own
        )

    def _output(self, body: list[Line]) -> tuple[ListedMember, ...]:
        return tuple(entry for entry, _ in self._entries(body, None))

    def _entries(
        self, body: Iterable[Line], heads: re.Pattern[str] | None
    ) -> Iterator[tuple[ListedMember, list[Line]]]:
        """The entries of a section, each with the JSON syntax that its text shows."""
        entry: ListedMember | None = None
        syntax: list[Line] = []
        text = _Text(self.faults)
        fence: list[Line] | None = None
        label = ""
        for line in body:
            margin = _MARGIN.match(line.text)
            assert margin is not None  # noqa: S101 - it matches nothing, too
            inner = line.text[margin.end() :].rstrip()
            if inner.startswith("```"):
                if fence is not None and label == "JSON Syntax:":
                    syntax += fence
                fence = [] if fence is None else None
            elif fence is not None:
                fence.append(line)
            elif inner:
                found = self._entry(line, inner, margin.group(), heads)
                if found is None:
                    label = inner
                    if entry is None and inner != "None":
                        self._unread(line, "the first option, or `Name -> (type)`")
                    text.read(line, inner, entry)
                    continue
                if entry is not None:
                    yield entry, syntax
                entry, syntax = found, []
                text = _Text(self.faults)
        if entry is not None:
            yield entry, syntax
        if fence is not None:
            end = last_line(self._lines, self._document)
            self.faults.append(catalogue.truncated_page(end, "the code has ended"))

    def _entry(
        self, line: Line, inner: str, margin: str, heads: re.Pattern[str] | None
    ) -> ListedMember | None:
        """The entry that a line is, if it is one."""
        width = margin.count(">") or len(margin)
        if inner == _RECURSIVE:
            return ListedMember(name=None, word=None, line=line, margin=width)
        at = line._replace(start=line.start + len(margin), text=inner)
        for pattern in (heads, _MEMBER, _ITEM):
            match = pattern.fullmatch(inner) if pattern else None
            if match is None or (pattern is _ITEM and not means(match["word"])):
                continue
            return ListedMember(
                name=None if pattern is _ITEM else at.located(match, "name"),
                word=at.located(match, "word"),
                line=line,
                margin=width,
                required=bool(match["required"]),
            )
        if _NEARLY.fullmatch(inner):
            is_option = inner.startswith("`")
            expected = "an option and `(type)`" if is_option else "`Name -> (type)`"
            self._unread(line, expected)
        return None

    def _unread(self, line: Line, expected: str) -> None:
        self.faults.append(catalogue.unreadable_line(line.span, expected))


class _Text:
    """Reads the text of an entry for the two lists that state something."""

    def __init__(self, faults: list[Diagnostic]) -> None:
        self._faults = faults
        self._list = ""

    def read(self, line: Line, inner: str, entry: ListedMember | None) -> None:
        """Take in a line of the text."""
        if inner in ("Possible values:", "Constraints:"):
            self._list = inner
            return
        at = line._replace(start=line.start + line.text.index(inner), text=inner)
        is_point = inner.startswith(("- ", "* ", "+ "))
        if entry is None or not is_point:
            self._list = ""
        elif self._list == "Possible values:":
            match = _VALUE.fullmatch(inner)
            if match:
                entry.values.append(at.located(match, "value"))
            else:
                entry.values.clear()
                self._list = ""
        elif self._list:
            match = _LIMIT.fullmatch(inner)
            if match:
                entry.limits.append(Limit(match["which"], at.located(match, "limit")))
            else:
                expected = "`- min: `, `- max: ` or `- pattern: `"
                self._faults.append(catalogue.unreadable_line(line.span, expected))
