"""When what a document states can have been written, by the history of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from shapespec.contract import schema as ir
from shapespec.contract.constraints import DOCUMENTED
from shapespec.contract.facts import OBSERVED, Fact, Source, Value
from shapespec.contract.places import Tree
from shapespec.evidence.history.past import Past, StatedSince, past_of
from shapespec.evidence.provenance import is_member, parent_of

_HELD = DOCUMENTED - {"enum"} | {"required"}


class End(NamedTuple):
    """One end of the time in which something can have been written.

    Attributes:
        date: The day of a release; none where nothing bounds.
        because: The paths, and the values, that prove it.
    """

    date: str | None
    because: tuple[str, ...]


class Dated(NamedTuple):
    """From when to when all that a source states was so."""

    source: Source
    earliest: End
    latest: End


def dated(schema: ir.Schema) -> Iterator[Dated]:
    """When each document of a contract with a history can have been written.

    It was written after all that it states had come, and before what it lacks came,
    where it goes as deep as that. Models and responses are left out.
    """
    if not schema.ledger.histories:
        return
    past, tree = past_of(schema.ledger.histories[0]), Tree(schema)
    own = {history.id for history in schema.ledger.histories} | {OBSERVED}
    facts: dict[Source, list[Fact]] = {}
    sources: dict[str, Source] = {}
    for evidence in schema.ledger.evidence:
        if evidence.source.id not in own:
            source = sources.setdefault(evidence.source.id, evidence.source)
            facts.setdefault(source, []).extend(evidence.facts)
    for source, stated in facts.items():
        begins = past.history.steps[0].release.date
        known = past.history.from_birth  # else what was there then may be older
        since = [
            (day, why)
            for day, why in _since(stated, past, tree)
            if known or day > begins
        ]
        until = [*_until(stated, past, tree)]
        first = max((day for day, _ in since), default=None)
        last = min((day for day, _ in until), default=None)
        yield Dated(source, _end(first, since), _end(last, until))


def _end(day: str | None, found: Iterable[tuple[str, str]]) -> End:
    return End(day, tuple(dict.fromkeys(why for one, why in found if one == day)))


def _since(facts: list[Fact], past: Past, tree: Tree) -> Iterator[tuple[str, str]]:
    """The days on which the things that a source states came, with what each is."""
    for fact in facts:
        place = tree.find(fact.path)
        path = place.path if place else fact.path
        life = past.places.get(path)
        if fact.kind == "type" and life is not None:
            yield life.since.date, path
        if fact.kind == "enum" and isinstance(fact.value, list):
            for value in fact.value:
                came = past.values.get((path, str(value)))
                if came is not None:
                    yield came.since.date, f"{path}: {value}"
        if fact.kind in _HELD:
            for since, _ in _held(past.facts.get((path, fact.kind), ()), fact.value):
                yield since, f"{path} {fact.kind}"


def _until(facts: list[Fact], past: Past, tree: Tree) -> Iterator[tuple[str, str]]:
    """The days on which something of it went, or something came that it lacks."""
    named: set[str] = set()
    for fact in facts:
        place = tree.find(fact.path)
        path = place.path if place else fact.path
        life = past.places.get(path)
        if fact.kind == "type":
            named.add(path)
            if life is not None and life.until is not None:
                yield life.until.date, path
        if fact.kind in _HELD:
            for _, until in _held(past.facts.get((path, fact.kind), ()), fact.value):
                if until is not None:
                    yield until, f"{path} {fact.kind}"
    covered = {parent_of(path) for path in named if is_member(path)}
    for path, life in past.places.items():
        if is_member(path) and path not in named and parent_of(path) in covered:
            yield life.since.date, f"without {path}"


def _held(
    stated: Iterable[StatedSince], value: Value
) -> Iterator[tuple[str, str | None]]:
    """When a bound or a requirement was the one that a source states, at last."""
    log = [*stated]
    found: tuple[str, str | None] | None = None
    for number, one in enumerate(log):
        if one.value == value:
            after = log[number + 1].since.date if number + 1 < len(log) else None
            found = one.since.date, after
    if found is not None:
        yield found
