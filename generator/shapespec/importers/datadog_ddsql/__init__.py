"""The DDSQL data directory of Datadog, as Markdown: a table whose rows are columns.

The head of the table has five cells, the first of which no row fills: what stands
under `Title` is the column's id, under `ID` its group, under `Type` its type.
"""

from __future__ import annotations

import re

from shapespec.contract.places import Tree
from shapespec.diagnostics.model import stop_on
from shapespec.ground.source import SourceFile
from shapespec.importers.common import lines, prose_of
from shapespec.importers.datadog_ddsql.facts import page_facts, table_facts
from shapespec.importers.datadog_ddsql.parse import Parser
from shapespec.importers.datadog_ddsql.types import DESCRIBES, KIND, means
from shapespec.importers.protocol import Page
from shapespec.records import dataclass

_DESCRIBED = re.compile(r"\s*\|(?:[^|]*\|){3}\s*[^|\s]")
"""A row with something in its fourth cell."""


@dataclass(frozen=True, slots=True)
class DatadogDdsql:
    """The importer `datadog-ddsql`."""

    kind: str = KIND
    describes: str = DESCRIBES

    def means(self, word: str) -> frozenset[str]:
        return means(word)

    def read(self, document: SourceFile, tree: Tree | None) -> Page:
        parser = Parser(document)
        columns = parser.columns()
        named = tuple(table_facts(document))
        facts = (*page_facts(columns, tree, parser.faults), *named)
        stop_on(parser.faults)
        described = frozenset(
            line.number for line in lines(document) if _DESCRIBED.match(line.text)
        )
        return Page(
            parser.title, facts, tuple(parser.faults), described | prose_of(named)
        )


importer = DatadogDdsql()
