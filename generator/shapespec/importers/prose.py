"""Facts that a person read from prose: whether their lines are where they were."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.contract.facts import Evidence, line_hash
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import SourceFile
from shapespec.importers.common import lines


def verify(prose: Evidence, document: SourceFile) -> Iterator[Diagnostic]:
    """What is wrong with the lines that the facts of a `.prose.yaml` name.

    Args:
        prose: The facts, each with the line that states it and the hash of that line.
        document: What they were read from.
    """
    hashes = {line.number: line_hash(line.text) for line in lines(document)}
    places = {found: number for number, found in reversed(hashes.items())}
    for fact in prose.facts:
        if fact.span is None:
            continue
        if fact.line is None or fact.line_hash is None:
            yield catalogue.missing_line(fact.span)
            continue
        found = hashes.get(fact.line, line_hash(""))
        if found != fact.line_hash:
            now = places.get(fact.line_hash)
            yield catalogue.moved_line(fact.span, document.name, fact.line, found, now)
