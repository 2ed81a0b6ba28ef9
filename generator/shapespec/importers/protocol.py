"""What an importer is: it reads one format and states what it finds as facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from shapespec.evidence.model import Fact
from shapespec.evidence.paths import Tree
from shapespec.source import SourceFile


class Importer(Protocol):
    """Reads one documentation format, on any page of it; knows no service."""

    @property
    def kind(self) -> str:
        """What `shapespec import` calls the format."""
        ...

    @property
    def describes(self) -> str:
        """The format in a few words, for the command's help."""
        ...

    def means(self, word: str) -> frozenset[str]:
        """The types, in Smithy's words, that a type in the format's words may be."""
        ...

    def facts(self, document: SourceFile, tree: Tree | None) -> Iterable[Fact]:
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
