"""What the search looks through: names, values, rules, decisions, meanings.

Spellings need no entries of their own: the page compares names without capitals and
marks, so that `TrainingJobName`, `training_job_name` and `training-job-name` are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from shapespec.backends.reference import rich
from shapespec.backends.reference.anchors import anchor
from shapespec.backends.reference.rich import Rich, Target
from shapespec.backends.site import view
from shapespec.backends.site.layout import INDEX, SiteLayout
from shapespec.ground.sinks.visible import visible

SearchRow: TypeAlias = "tuple[str, ...]"
"""A kind, a name, the anchor, the words that explain it, and the page, if another."""


def entries(page: view.SiteContract, layout: SiteLayout) -> Iterator[SearchRow]:
    """An entry for each thing that has a name."""
    for to, entry in _entries(page):
        home = layout.home(to)
        yield entry if home == INDEX else (*entry, home)


def _entries(page: view.SiteContract) -> Iterator[tuple[Target, SearchRow]]:
    for operation in page.operations:
        yield _entry("operation", operation.name, operation.target, operation.doc)
    for shape in (*page.shapes, *page.enums):
        yield _entry(shape.kind, shape.id, shape.target, shape.doc)
        for member in shape.members:
            where = member.at[0] if member.at else f"{shape.id}.{member.name}"
            yield _entry("member", where, member.target, member.doc)
        for value in shape.values:
            doc = (value.doc, (shape.id,))
            yield _entry("value", value.value, value.target, doc)
        for rule in shape.rules:
            yield _entry("rule", rule.id, rule.target, rule.message)
        for note in shape.notes:
            yield _entry("note", note.id, note.target, (note.doc,))
        for derived in shape.derived:
            yield _entry("derived value", derived.name, derived.target, derived.doc)
    for decision in page.decisions:
        yield _entry("decision", decision.id, decision.target, decision.reason)
    for source in page.sources:
        yield _entry("source", source.id, source.target, ((source.title,),))


def _entry(
    kind: str, name: str, target: Target, doc: Iterable[Rich]
) -> tuple[Target, SearchRow]:
    said = " ".join(filter(None, map(rich.plain, doc)))
    return target, (kind, visible(name), anchor(target), visible(said))
