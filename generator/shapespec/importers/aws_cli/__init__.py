"""The AWS CLI reference, version 2, as Markdown: a page a command.

Options and output are lists of `Name -> (type)`. Some pages indent what a structure
holds; others write it flat, and where the structure ends has to be found. Pages whose
UTF-8 was encoded a second time are read as they were meant.
"""

from __future__ import annotations

from shapespec.contract.places import Tree
from shapespec.diagnostics.model import stop_on
from shapespec.ground.source import SourceFile
from shapespec.importers.aws_cli.facts import page_facts, paging_facts
from shapespec.importers.aws_cli.parse import Parser
from shapespec.importers.aws_cli.types import DESCRIBES, KIND, means
from shapespec.importers.common import prose_of, version_facts
from shapespec.importers.protocol import Page
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True)
class AwsCli:
    """The importer `aws-cli`."""

    kind: str = KIND
    describes: str = DESCRIBES

    def means(self, word: str) -> frozenset[str]:
        return means(word)

    def read(self, document: SourceFile, tree: Tree | None) -> Page:
        parser = Parser(document)
        written = parser.page()
        about = (*version_facts(document), *paging_facts(document))
        facts = (*page_facts(written, tree, parser.faults), *about)
        stop_on(parser.faults)
        skipped = tuple(parser.skipped)
        return Page(
            written.title,
            facts,
            tuple(parser.faults),
            also_prose=prose_of(about),
            skipped=skipped,
        )


importer = AwsCli()
