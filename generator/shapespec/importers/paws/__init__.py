"""The R documentation of paws, as Markdown.

A page is about an operation: its arguments in an HTML table, what it returns and how
it is called as R code, in which a value stands for its type: `"string"`, `123`,
`TRUE|FALSE`, `"A"|"B"`.
"""

from __future__ import annotations

from shapespec.contract.places import Tree
from shapespec.diagnostics.model import stop_on
from shapespec.ground.source import SourceFile
from shapespec.importers.paws.facts import page_facts
from shapespec.importers.paws.parse import Parser
from shapespec.importers.paws.types import DESCRIBES, KIND, means
from shapespec.importers.protocol import Page
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True)
class Paws:
    """The importer `paws`."""

    kind: str = KIND
    describes: str = DESCRIBES

    def means(self, word: str) -> frozenset[str]:
        return means(word)

    def read(self, document: SourceFile, tree: Tree | None) -> Page:
        parser = Parser(document)
        written = parser.page()
        facts = tuple(page_facts(written, parser.faults))
        stop_on(parser.faults)
        return Page(written.name, facts, tuple(parser.faults))


importer = Paws()
