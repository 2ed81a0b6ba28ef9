"""What the templates of the reference receive: finished Markdown, nothing to decide.

Every text is one line, but for the lines of `Code`.
"""

from __future__ import annotations

from typing import NamedTuple

from shapespec.records import dataclass


class Heading(NamedTuple):
    """A heading and its anchor."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The titles of columns, and rows of as many cells."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedLine:
    """A line of the contents, and what is listed under it."""

    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of a definition, and what is listed under it."""

    label: str
    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBlock:
    """Lines of code in a language, and a fence that they cannot close."""

    lines: str
    fence: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What there is to say about one thing: a member, a rule, a derived value."""

    heading: Heading
    paragraphs: tuple[str, ...]
    code: CodeBlock | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A part of a page: an overview as table or list, and sections."""

    heading: Heading
    paragraphs: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    table: Table | None = None
    items: tuple[str, ...] = ()
    code: CodeBlock | None = None
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the reference.

    Attributes:
        file: Its name.
        comment: Where it comes from, for those who would edit it.
        trail: The way to it from the first page.
        contents: Links to its chapters; empty where the page is short.
    """

    file: str
    comment: str
    title: str
    trail: tuple[str, ...]
    paragraphs: tuple[str, ...]
    facts: tuple[Fact, ...]
    contents: tuple[ListedLine, ...]
    chapters: tuple[Chapter, ...]
