"""What an importer is: it reads one format and states what it finds as facts."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from shapespec.contract.facts import Fact
from shapespec.contract.places import Tree
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import SourceFile


class Page(NamedTuple):
    """What an importer made of a page.

    Attributes:
        title: What the page is about, in its own words.
        facts: Every fact that it states, in the order of the page.
        warnings: What a reader should know of how it was read.
        also_prose: Lines that state a fact and hold prose beside it.
        skipped: Sections that are known and not read.
    """

    title: str
    facts: tuple[Fact, ...]
    warnings: tuple[Diagnostic, ...] = ()
    also_prose: frozenset[int] = frozenset()
    skipped: tuple[str, ...] = ()


class Importer(Protocol):
    """Knows one format, on any page of it, and no service."""

    @property
    def kind(self) -> str:
        """What `shapespec import` calls the format."""
        ...

    @property
    def describes(self) -> str:
        """The format in a few words: `AWS CLI reference`."""
        ...

    def means(self, word: str) -> frozenset[str]:
        """The types, in Smithy's words, that a type in the format's words may be.

        None for a word that the format does not have.
        """
        ...


class DocumentImporter(Importer, Protocol):
    """An importer whose format is one of pages, each in a file."""

    def read(self, document: SourceFile, tree: Tree | None) -> Page:
        """Every fact that a page states.

        Args:
            document: The page.
            tree: The places of the spec that the page is about, for what the page
                itself leaves open: nesting that it does not show, wire names that it
                spells otherwise.

        Raises:
            Faults: The page is not of this format, or cannot be read to its end.
        """
        ...
