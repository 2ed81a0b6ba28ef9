"""Who states what, since when: the evidence as readers of the outputs want it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property, lru_cache
from typing import NamedTuple

from shapespec.contract import schema as ir
from shapespec.contract.constraints import DOCUMENTED
from shapespec.contract.facts import OBSERVED, Decision, Fact, Source, Value
from shapespec.contract.history import Release
from shapespec.contract.places import ITEMS, KEYS, VALUES, Tree
from shapespec.evidence.history.past import Lifetime, Past, StatedSince, past_of
from shapespec.ground.same import Same
from shapespec.records import dataclass

YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_PARTS = (ITEMS, VALUES, KEYS)


@dataclass(slots=True)
class MemberRecord:
    """What is on record about a member, at whatever places it stands.

    Attributes:
        sources: Who states it, oldest edition first.
        lifetime: Since when, and until when, releases state it; none where no history
            knows it.
        since: When it was first stated: the day of a release, or the edition of a
            source before which another goes as deep and lacks it.
        past: What was stated of it, by kind of fact, where that changed.
        required_by: Who requires it.
        presence: How often responses have it, in all and by status.
        decisions: How disagreements about it were settled.
    """

    sources: list[Source] = field(default_factory=list)
    required_by: list[Source] = field(default_factory=list)
    presence: Mapping[str, Value] | None = None
    decisions: list[Decision] = field(default_factory=list)
    lifetime: Lifetime | None = None
    since: str | None = None
    past: dict[str, list[StatedSince]] = field(default_factory=dict)


class Revision(NamedTuple):
    """What one edition states otherwise than the one before that states it at all."""

    path: str
    kind: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What one source added to what older ones state.

    Attributes:
        source: The source.
        added: Members that no older one states.
        changed: What an older one states otherwise.
        retired: Values that no older one calls retired, by path.
    """

    source: Source
    added: tuple[str, ...]
    changed: tuple[Revision, ...]
    retired: tuple[tuple[str, tuple[str, ...]], ...]


class Provenance:
    """The ledger of a schema, arranged for its readers."""

    def __init__(self, schema: ir.Schema) -> None:
        """Arrange the facts by member and by edition."""
        self.schema = schema
        ledger = schema.ledger
        self.tree = Tree(schema) if ledger.evidence or ledger.histories else None
        self.facts: dict[str, list[Fact]] = {}
        self.sources: dict[str, Source] = {}
        for evidence in schema.ledger.evidence:
            self.sources.setdefault(evidence.source.id, evidence.source)
            self.facts.setdefault(evidence.source.id, []).extend(evidence.facts)

        self.pasts = tuple(past_of(one) for one in schema.ledger.histories)
        self._at: dict[str, tuple[str, str] | None] = {}

    def __bool__(self) -> bool:
        return bool(self.sources)

    def value_since(self, shape: str, value: str) -> Lifetime | None:
        """Since when a value of an enum is stated, at any place that has the enum."""
        return self._enums.get((shape, value))

    def later(self, shape: str, member: str) -> str | None:
        """The day from which a member is known, where it came after the first release.

        Args:
            shape: The structure or union that has it.
            member: Its name.
        """
        if not self.pasts:
            return None
        record = self.members.get((shape, member))
        return self._later(record.lifetime if record else None)

    def later_value(self, shape: str, value: str) -> str | None:
        """The day from which a value of an enum is known, in the same way."""
        return self._later(self.value_since(shape, value))

    def _later(self, life: Lifetime | None) -> str | None:
        return None if life is None or life.since in self._firsts else life.since.date

    @cached_property
    def _firsts(self) -> frozenset[Release]:
        return frozenset(past.history.steps[0].release for past in self.pasts)

    @cached_property
    def _enums(self) -> Mapping[tuple[str, str], Lifetime]:
        found: dict[tuple[str, str], Lifetime] = {}
        for past in self.pasts:
            for (path, value), lifetime in past.values.items():
                place = self.tree.find(path) if self.tree else None
                if place is not None:
                    key = place.shape.id, value
                    found[key] = _longer(found.get(key), lifetime)
        return found

    @property
    def by_edition(self) -> list[Source]:
        """The sources, oldest first; those without a year, such as a version, last."""
        return sorted(self.sources.values(), key=_age)

    @cached_property
    def members(self) -> Mapping[tuple[str, str], MemberRecord]:
        """What is on record about each member, by shape and name."""
        found: dict[tuple[str, str], MemberRecord] = {}
        for source in self.by_edition:
            for fact in self.facts[source.id]:
                record = self._record(found, fact.path)
                if record is not None:
                    _note(record, source, fact)
        for decision in self.schema.ledger.decisions:
            for about in decision.paths:
                record = self._record(found, about.value)
                if record is not None and decision not in record.decisions:
                    record.decisions.append(decision)
        for edition in self.timeline:
            for path in edition.added:
                record = self._record(found, path)
                if record is not None and record.since is None:
                    record.since = edition.source.edition
        for past in self.pasts:
            self._date(found, past)
        return found

    def _date(self, found: dict[tuple[str, str], MemberRecord], past: Past) -> None:
        """Note what a history says of members."""
        for path, lifetime in past.places.items():
            record = self._record(found, path) if is_member(path) else None
            if record is not None:
                record.lifetime = _longer(record.lifetime, lifetime)
                record.since = record.lifetime.since.date
        for (path, kind), stated in past.facts.items():
            record = self._record(found, path) if is_member(path) else None
            if record is not None and kind not in ("type", "enum") and len(stated) > 1:
                record.past.setdefault(kind, stated)

    def _record(
        self, found: dict[tuple[str, str], MemberRecord], path: str
    ) -> MemberRecord | None:
        key = self.member_at(path)
        return None if key is None else found.setdefault(key, MemberRecord())

    def member_at(self, path: str) -> tuple[str, str] | None:
        """The member that a path is about, by shape and name, if there is one."""
        if path not in self._at:
            self._at[path] = self._member_at(path)
        return self._at[path]

    def _member_at(self, path: str) -> tuple[str, str] | None:
        # What is inside a list is about the list.
        place = self.tree.find(_to_member(path)) if self.tree else None
        if place is None or place.member is None or place.parent is None:
            return None
        return place.parent.id, place.member.name

    @cached_property
    def timeline(self) -> tuple[Edition, ...]:
        """What each document and model added, changed and retired, oldest first."""
        stated: dict[tuple[str, str], Fact] = {}
        retired: set[tuple[str, str]] = set()
        editions = []
        for source in self.by_edition:
            if source.id == OBSERVED:
                continue
            facts = self.facts[source.id]
            editions.append(
                Edition(
                    source=source,
                    added=tuple(self._added(facts, stated)),
                    changed=tuple(_changed(facts, stated)),
                    retired=tuple(_retired(facts, retired)),
                )
            )
            for fact in facts:
                if not _is_partial(fact) or (fact.path, fact.kind) not in stated:
                    stated[fact.path, fact.kind] = fact
        return tuple(editions)

    def _added(
        self, facts: list[Fact], stated: Mapping[tuple[str, str], Fact]
    ) -> Iterator[str]:
        """Members that older editions lack, though they go as deep."""
        covered = {parent_of(path) for path, kind in stated if kind == "type"}
        for fact in sorted(facts, key=Fact.sort_key):
            place = self.tree.find(fact.path) if self.tree else None
            new = fact.kind == "type" and (fact.path, "type") not in stated
            is_member = place is None or place.member is not None
            if new and is_member and parent_of(fact.path) in covered:
                covered.add(fact.path)
                yield fact.path


_COMPARED = DOCUMENTED | {"required"}


def provenance_of(schema: ir.Schema) -> Provenance:
    """The ledger of a schema, arranged once for all outputs of a run."""
    return _arranged(Same(schema, schema.shapes, schema.ledger))


@lru_cache(maxsize=2)
def _arranged(schema: Same[ir.Schema]) -> Provenance:
    return Provenance(schema.value)


def _changed(
    facts: list[Fact], stated: Mapping[tuple[str, str], Fact]
) -> Iterator[Revision]:
    for fact in facts:
        older = stated.get((fact.path, fact.kind))
        if fact.kind not in _COMPARED or older is None:
            continue
        if _is_partial(fact) or _is_partial(older):
            continue
        before = older.value
        if before != fact.value and not _same_values(before, fact.value):
            yield Revision(fact.path, fact.kind, before, fact.value)


def _is_partial(fact: Fact) -> bool:
    """Whether a fact may name only some of the values: a list that prose gives."""
    return fact.kind == "enum" and fact.line_hash is not None


def is_member(path: str) -> bool:
    """Whether a path ends in a member, not in what is in a list or a map."""
    return not path.endswith(_PARTS)


def parent_of(path: str) -> str:
    """The path of what has a member; empty for the response itself."""
    return _to_member(path.rpartition(".")[0])


def _to_member(path: str) -> str:
    """A path without what is in the list or the map at its end."""
    while path.endswith(_PARTS):
        path = path[: max(path.rfind("["), path.rfind("{"))]
    return path


def _longer(one: Lifetime | None, other: Lifetime) -> Lifetime:
    """Of two places of the same, from the first release of either to the last."""
    if one is None:
        return other
    first = min(one, other, key=lambda life: life.since.date)
    ends = (one.until, other.until)
    until = None if None in ends else max(filter(None, ends), key=lambda end: end.date)
    return Lifetime(first.since, first.after, until)


def _same_values(before: Value, after: Value) -> bool:
    """Whether two lists hold the same values, in whatever order."""
    if not isinstance(before, list) or not isinstance(after, list):
        return False
    return sorted(map(str, before)) == sorted(map(str, after))


def _retired(
    facts: list[Fact], known: set[tuple[str, str]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for fact in facts:
        if fact.kind == "retired" and isinstance(fact.value, list):
            values = [str(value) for value in fact.value]
            new = tuple(value for value in values if (fact.path, value) not in known)
            known.update((fact.path, value) for value in values)
            if new:
                yield fact.path, new


def _note(record: MemberRecord, source: Source, fact: Fact) -> None:
    match fact.kind:
        case "type" if source not in record.sources:
            record.sources.append(source)
        case "required" if fact.value is True and source not in record.required_by:
            record.required_by.append(source)
        case "presence" if record.presence is None and isinstance(fact.value, dict):
            record.presence = fact.value
        case _:
            pass


def _age(source: Source) -> tuple[bool, str, str]:
    year = YEAR.match(source.edition)
    return (year is None, year[0] if year else source.edition, source.id)
