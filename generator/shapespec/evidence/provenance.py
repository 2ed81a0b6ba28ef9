"""Who states what, since when: the evidence as readers of the outputs want it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from shapespec.contract import schema as ir
from shapespec.contract.facts import OBSERVED, Decision, Fact, Source, Value
from shapespec.contract.paths import Place, Tree

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_PARTS = re.compile(r"(?:\[\]|\{\}|\{key\})+\Z")


@dataclass(slots=True)
class MemberRecord:
    """What is on record about a member, at whatever places it stands.

    Attributes:
        sources: Who states it, oldest edition first.
        required_by: Who requires it.
        presence: How often responses have it, in all and by status.
        decisions: How disagreements about it were settled.
    """

    sources: list[Source] = field(default_factory=list)
    required_by: list[Source] = field(default_factory=list)
    presence: Mapping[str, Value] | None = None
    decisions: list[Decision] = field(default_factory=list)

    @property
    def since(self) -> str | None:
        """The edition of the oldest source that states it."""
        return self.sources[0].edition if self.sources else None


class Difference(NamedTuple):
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
    changed: tuple[Difference, ...]
    retired: tuple[tuple[str, tuple[str, ...]], ...]


class Provenance:
    """The ledger of a schema, arranged for its readers."""

    def __init__(self, schema: ir.Schema) -> None:
        """Arrange the facts by member and by edition."""
        self.schema = schema
        self.tree = Tree(schema) if schema.ledger.evidence else None
        self.facts: dict[str, list[Fact]] = {}
        self.sources: dict[str, Source] = {}
        for evidence in schema.ledger.evidence:
            self.sources.setdefault(evidence.source.id, evidence.source)
            self.facts.setdefault(evidence.source.id, []).extend(evidence.facts)

    def __bool__(self) -> bool:
        return bool(self.sources)

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
            for path in decision.paths:
                record = self._record(found, path.value)
                if record is not None and decision not in record.decisions:
                    record.decisions.append(decision)
        return found

    def _record(
        self, found: dict[tuple[str, str], MemberRecord], path: str
    ) -> MemberRecord | None:
        place = self._member_place(path)
        if place is None or place.member is None or place.parent is None:
            return None
        return found.setdefault((place.parent.id, place.member.name), MemberRecord())

    def _member_place(self, path: str) -> Place | None:
        """The member that a path is about; what is inside a list is about the list."""
        if self.tree is None:
            return None
        return self.tree.find(_PARTS.sub("", path))

    @cached_property
    def timeline(self) -> tuple[Edition, ...]:
        """What each document and model added, changed and retired, oldest first."""
        stated: dict[tuple[str, str], Value] = {}
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
                stated[fact.path, fact.kind] = fact.value
        return tuple(editions)

    def _added(
        self, facts: list[Fact], stated: Mapping[tuple[str, str], Value]
    ) -> Iterator[str]:
        for fact in facts:
            place = self.tree.find(fact.path) if self.tree else None
            new = fact.kind == "type" and (fact.path, "type") not in stated
            if new and (place is None or place.member is not None):
                yield fact.path


_COMPARED = (
    "required",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "pattern",
    "enum",
)


def _changed(
    facts: list[Fact], stated: Mapping[tuple[str, str], Value]
) -> Iterator[Difference]:
    for fact in facts:
        if fact.kind not in _COMPARED or (fact.path, fact.kind) not in stated:
            continue
        before = stated[fact.path, fact.kind]
        if before != fact.value and not _same_values(before, fact.value):
            yield Difference(fact.path, fact.kind, before, fact.value)


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
    year = _YEAR.match(source.edition)
    return (year is None, year[0] if year else source.edition, source.id)
