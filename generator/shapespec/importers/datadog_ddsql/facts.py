"""What a page of the DDSQL data directory states, as facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from shapespec.contract.facts import Fact
from shapespec.contract.places import TABLE, Tree
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located, SourceFile, Span
from shapespec.importers.common import if_other, lines, unescaped, wire_name
from shapespec.importers.datadog_ddsql.parse import Column
from shapespec.importers.datadog_ddsql.types import DESCRIBES, means

_TABLE = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+")


def table_facts(document: SourceFile) -> Iterator[Fact]:
    """The name of the table: alone on a line before the fields, as code or not."""
    for line in lines(document):
        text = line.text.strip().strip("`")
        if text.startswith("## "):
            return
        if _TABLE.fullmatch(text):
            yield Fact(path=TABLE, kind="table", value=text, line=line.number)
            return


def page_facts(
    columns: Iterable[Column], tree: Tree | None, faults: list[Diagnostic]
) -> Iterator[Fact]:
    """The facts of a page, column by column.

    A column that no member of the spec spells keeps its own name.
    """
    seen: dict[str, Span] = {}
    for column in columns:
        first = seen.setdefault(column.name.value, column.name.span)
        if first is not column.name.span:
            faults.append(catalogue.duplicate_member(column.name, first))
        word = unescaped(column.type.value)
        if not means(word):
            found = Located(word, column.type.span)
            faults.append(catalogue.unknown_type_name(found, DESCRIBES))
        wire = wire_name("", unescaped(column.name.value), tree)
        yield Fact(
            path=wire,
            kind="type",
            value=word,
            line=column.type.span.position.line,
            as_written=if_other(column.name.value, wire),
        )
