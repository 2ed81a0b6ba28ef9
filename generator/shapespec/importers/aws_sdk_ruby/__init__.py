"""The YARD documentation of the AWS SDK for Ruby: the text of one class of `Types`.

Each attribute has a paragraph that ends with its type: `@return [Array<Types::Tag>]`.
Names are in snake case. `types.rb` of a gem, which has all classes, is read, too.
"""

from __future__ import annotations

import re

from shapespec.contract.places import Tree
from shapespec.diagnostics.model import stop_on
from shapespec.ground.source import SourceFile
from shapespec.importers.aws_sdk_ruby.facts import page_facts
from shapespec.importers.aws_sdk_ruby.parse import Parser
from shapespec.importers.aws_sdk_ruby.types import DESCRIBES, KIND, means
from shapespec.importers.aws_sdk_ruby.types_rb import SIGN, TypesRb
from shapespec.importers.common import lines, prose_of, version_facts
from shapespec.importers.protocol import Page
from shapespec.records import dataclass

_DESCRIBED = re.compile(r"\s*(?!@)\S.*@return \[")
"""A line with something before the type."""


@dataclass(frozen=True, slots=True)
class AwsSdkRuby:
    """The importer `aws-sdk-ruby`."""

    kind: str = KIND
    describes: str = DESCRIBES

    def means(self, word: str) -> frozenset[str]:
        return means(word)

    def read(self, document: SourceFile, tree: Tree | None) -> Page:
        if SIGN.search(document.text):
            gem = TypesRb(document, tree)
            facts = (*gem.facts(), *version_facts(document))
            stop_on(gem.faults)
            return Page(gem.title, facts, tuple(gem.faults))
        parser = Parser(document)
        attributes = parser.attributes()
        about = tuple(version_facts(document))
        facts = (*page_facts(parser.name, attributes, tree, parser.faults), *about)
        stop_on(parser.faults)
        described = frozenset(
            line.number for line in lines(document) if _DESCRIBED.match(line.text)
        )
        return Page(
            parser.name, facts, tuple(parser.faults), described | prose_of(about)
        )


importer = AwsSdkRuby()
