"""What importers share: a page as lines that know their place, and its roots."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from shapespec.contract.facts import Fact
from shapespec.contract.places import OPERATION, REQUEST, Tree
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic, Faults, Severity
from shapespec.ground.source import Located, SourceFile, Span

_LINE = re.compile(r"(?P<text>[^\r\n]*)(?:\r\n|\r|\n|\Z)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")

_SIGNS = (
    ("paws", re.compile(r">\s*R Documentation\s*<")),
    ("aws-cli", re.compile(r"^#+ Global Options", re.MULTILINE)),
    ("aws-sdk-ruby", re.compile(r"^\s*@!attribute \[", re.MULTILINE)),
    ("datadog-ddsql", re.compile(r"^\| *Title *\| *ID *\|", re.MULTILINE)),
    ("aws-api-reference", re.compile('<a name="API_|^Required: ', re.MULTILINE)),
)
"""By what a page of each format is known at a glance, the surest first."""


class Line(NamedTuple):
    """A line of a page, without its break.

    Attributes:
        number: From 1.
        start: Where it begins in the text.
    """

    file: SourceFile
    number: int
    start: int
    text: str

    @property
    def span(self) -> Span:
        """The line without the white space at its ends."""
        stripped = self.text.strip()
        start = self.start + len(self.text) - len(self.text.lstrip())
        return Span(self.file, start, start + len(stripped))

    def part(self, match: re.Match[str], group: str | int = 0) -> Span:
        """What a group of a match within the line covers."""
        start, end = match.span(group)
        return Span(self.file, self.start + start, self.start + end)

    def located(self, match: re.Match[str], group: str) -> Located[str]:
        """The text of a group of a match, and its place."""
        return Located(match[group], self.part(match, group))


def lines(document: SourceFile) -> tuple[Line, ...]:
    """The lines of a page, whatever its line breaks; none behind the last break."""
    return tuple(_lines(document))


def _lines(document: SourceFile) -> Iterator[Line]:
    found = (match for match in _LINE.finditer(document.text))
    for number, match in enumerate(found, start=1):
        if match.start() < len(document.text):
            yield Line(document, number, match.start(), match["text"])


def last_line(page: Iterable[Line], document: SourceFile) -> Span:
    """Where a page ends: its last line that is not blank."""
    for line in reversed(tuple(page)):
        if line.text.strip():
            return line.span
    return Span(document, 0, 0)


def refuse(document: SourceFile, kind: str, describes: str, missing: str) -> Faults:
    """The fault of a page that is not of a format, for want of something."""
    other = next((name for name, sign in _SIGNS if sign.search(document.text)), None)
    first = next(_lines(document), Line(document, 1, 0, ""))
    return Faults(
        [
            catalogue.wrong_format(
                Span(document, 0, len(first.text)),
                describes,
                missing if document.text.strip() else "it is empty",
                None if other == kind else other,
            )
        ]
    )


def skipped(
    section: Located[str], body: Sequence[Line], sign: re.Pattern[str]
) -> Diagnostic:
    """What is to be said of a section that the format does not know.

    It is skipped with a warning, but not where a line in it looks like one that states
    something: then it cannot be read.

    Args:
        section: Its name.
        body: Its lines, without the heading.
        sign: What such a line looks like.
    """
    for line in body:
        if sign.fullmatch(line.text):
            expected = f"nothing of the kind in a section `{section.value}`"
            return catalogue.unreadable_line(line.span, expected)
    last = body[-1].number if body else section.span.position.line
    return catalogue.skipped_lines(section.span, section.value, last)


Section: TypeAlias = tuple[Located[str], list[Line]]
"""A heading and the lines below it."""


def once(sections: Iterable[Section], faults: list[Diagnostic]) -> dict[str, Section]:
    """Sections by name, none of which may come twice."""
    found: dict[str, Section] = {}
    for section in sections:
        name = section[0]
        if name.value in found:
            expected = f"only one section `{name.value}`"
            faults.append(catalogue.unreadable_line(name.span, expected))
        found.setdefault(name.value, section)
    return found


def is_refused(faults: Iterable[Diagnostic]) -> bool:
    """Whether a page is refused already, so that a fault that follows says nothing."""
    return any(fault.severity is Severity.ERROR for fault in faults)


_GOTO = re.compile(r"docs\.aws\.amazon\.com/goto/\w+/[\w.-]+?-(\d{4}-\d\d-\d\d)/\w+")


def version_facts(document: SourceFile) -> Iterator[Fact]:
    """The version of the API that links to other references name, each once."""
    seen: set[str] = set()
    for line in _lines(document):
        for match in _GOTO.finditer(line.text):
            if match[1] not in seen:
                seen.add(match[1])
                yield Fact(
                    path=OPERATION,
                    kind="apiVersion",
                    value=match[1],
                    line=line.number,
                )


def prose_of(facts: Iterable[Fact]) -> frozenset[int]:
    """The lines of facts that are in prose, too."""
    return frozenset(one.line for one in facts if one.line is not None)


def unescaped(text: str) -> str:
    """A text without the backslashes that Markdown puts before punctuation."""
    return _ESCAPE.sub(r"\1", text)


def if_other(written: str, meant: str) -> str | None:
    """How something is written, where that is not how it is meant."""
    return None if written == meant else written


def roots(name: str, tree: Tree | None) -> tuple[str, ...]:
    """The paths at which a page about one structure puts its members.

    The response and the request of the spec's operation are where they are, a
    structure within them wherever it stands. One that the spec lacks is taken for the
    response, or for the request if it is called so.
    """
    if tree is not None:
        for operation in tree.schema.operations[:1]:
            if name in (operation.output, operation.input):
                return ("",) if name == operation.output else (REQUEST,)
        found = [place.path for place in tree.places.values() if place.shape.id == name]
        if found:
            return tuple(found)
    return (REQUEST,) if name.endswith("Request") else ("",)


def wire_name(path: str, snake: str, tree: Tree | None) -> str:
    """How the wire spells a member that a page has in snake case; else the same."""
    return (tree.spelt(path, snake) if tree is not None else None) or snake
