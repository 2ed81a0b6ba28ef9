"""The AWS API reference, as the Markdown of github.com/awsdocs.

A page is about an operation (`Request Parameters`, `Response Elements`) or a structure
(`Contents`): a paragraph a member, with its type and its constraints on lines of their
own.
"""

from __future__ import annotations

from shapespec.contract.places import Tree
from shapespec.diagnostics.model import stop_on
from shapespec.ground.source import SourceFile
from shapespec.importers.aws_api_reference.facts import error_facts, page_facts
from shapespec.importers.aws_api_reference.parse import Parser
from shapespec.importers.aws_api_reference.types import DESCRIBES, KIND, means
from shapespec.importers.common import prose_of, version_facts
from shapespec.importers.protocol import Page
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True)
class AwsApiReference:
    """The importer `aws-api-reference`."""

    kind: str = KIND
    describes: str = DESCRIBES

    def means(self, word: str) -> frozenset[str]:
        return means(word)

    def read(self, document: SourceFile, tree: Tree | None) -> Page:
        parser = Parser(document)
        entries = parser.entries()
        faults = parser.faults
        facts = (
            *page_facts(entries, parser.title, tree, faults),
            *error_facts(parser.errors),
            *version_facts(document),
        )
        stop_on(faults)
        skipped = tuple(parser.skipped)
        return Page(
            parser.title,
            facts,
            tuple(faults),
            also_prose=prose_of(version_facts(document)),
            skipped=skipped,
        )


importer = AwsApiReference()
