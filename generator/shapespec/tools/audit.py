"""Holds every fact of every source against the spec, and the spec against the facts.

A fact *agrees* with the spec, is *decided* where a decision says what stands and the
spec states exactly that, or is *open*. What the spec states and no source does is
*unsupported*. Open and unsupported are faults.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from shapespec.contract import constraints, schema as ir
from shapespec.contract.facts import Decision, Fact, Ledger, Source, Value
from shapespec.contract.places import (
    OPERATION,
    OptionStep,
    Place,
    PrefixStep,
    Tree,
    parts,
)
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.evidence.spec_facts import spec_facts, type_word
from shapespec.ground.source import Located, Span
from shapespec.importers import find
from shapespec.patterns import same_pattern
from shapespec.records import dataclass


class Outcome(StrEnum):
    """What became of a fact."""

    AGREES = "agrees"
    DECIDED = "decided"
    OPEN = "open"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """A fact, who states it, and its verdict.

    Attributes:
        source: The source's id; none where only the spec states it.
        fact: The fact.
        verdict: What became of it.
        decision: The decision that covers it.
        problem: What is wrong, and what the spec states instead.
    """

    source: str | None
    fact: Fact
    verdict: Outcome
    decision: str | None = None
    problem: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether the audit fails for it."""
        return self.verdict in (Outcome.OPEN, Outcome.UNSUPPORTED)


def audit(schema: ir.Schema) -> tuple[Audited, ...]:
    """Every fact with its verdict: source by source, then what nobody states."""
    auditor = _Auditor(schema)
    entries = tuple(auditor.facts())
    return (*entries, *auditor.unsupported(entries))


class Account(NamedTuple):
    """What became of the prose of a document, in lines.

    Attributes:
        source: Who it is.
        cited: Lines on which facts rest that a person read.
        aside: Lines that state nothing.
        open: Lines that nobody has read.
    """

    source: Source
    cited: int
    aside: int
    open: tuple[int, ...]


def account(ledger: Ledger) -> Iterator[Account]:
    """The prose of each document whose importer recorded it."""
    cited: dict[str, set[int]] = defaultdict(set)
    aside: dict[str, set[int]] = defaultdict(set)
    for evidence in ledger.evidence:
        for fact in evidence.facts:
            if fact.line_hash is not None:
                cited[evidence.source.id].update(_cited(fact))
        for rest in evidence.aside:
            for one in rest.lines:
                first, last = one.lines
                aside[evidence.source.id].update(range(first, last + 1))
    for evidence in ledger.evidence:
        if evidence.prose is None:
            continue
        source = evidence.source
        prose = {
            line for first, last in evidence.prose for line in range(first, last + 1)
        }
        mine = prose & cited[source.id]
        rest_of = (prose & aside[source.id]) - mine
        left = tuple(sorted(prose - mine - rest_of))
        yield Account(source, len(mine), len(rest_of), left)


def _cited(fact: Fact) -> Iterator[int]:
    if fact.follows_from:
        yield from fact.follows_from
    elif fact.line is not None:
        yield from range(fact.line, (fact.last_line or fact.line) + 1)


def check_decisions(
    schema: ir.Schema, entries: Iterable[Audited]
) -> Iterator[Diagnostic]:
    """Faults in decisions: unknown paths, misquoted sources, nothing decided."""
    tree = Tree(schema)
    relaxed = tuple(_relaxations(schema))
    used = {entry.decision for entry in entries} | {decision for decision, _ in relaxed}
    stated = _stated(schema.ledger)
    known = {path for path, _ in stated} | set(tree.places)
    sources = {evidence.source.id for evidence in schema.ledger.evidence}
    misquoted: set[str] = set()
    for decision in schema.ledger.decisions:
        named = Located(decision.id, decision.span)
        for path in decision.paths:
            if path.value not in known:
                yield catalogue.unknown_place(path, known)
        for source, value in decision.says.items():
            if source not in sources:
                yield catalogue.unknown_source(named, source, sources)
                continue
            for path in decision.paths:
                facts = stated.get((path.value, decision.kind), {})
                told = [measured(decision.kind, one) for one in facts.get(source, ())]
                if told and measured(decision.kind, value) not in told:
                    misquoted.add(decision.id)
                    yield catalogue.misquoted_source(named, source, facts[source])
        if decision.id not in used | misquoted:
            yield catalogue.unused_decision(named)
    ids = {decision.id for decision in schema.ledger.decisions}
    for decision_id, one in relaxed:
        if schema.ledger.evidence and decision_id not in ids and one.span:
            named = Located(decision_id, one.span)
            yield catalogue.unknown_decision(named, one.keyword, ids)


def _relaxations(schema: ir.Schema) -> Iterator[tuple[str, ir.Relaxation]]:
    """What is relaxed by decisions, each with the id of the decision."""
    for shape in schema.shapes.values():
        for one in getattr(shape, "relaxed", ()):
            if one.decision is not None:
                yield one.decision, one


def _stated(
    ledger: Ledger,
) -> Mapping[tuple[str, str], Mapping[str, list[Value]]]:
    """By path and kind, what each source states."""
    found: dict[tuple[str, str], dict[str, list[Value]]] = defaultdict(dict)
    for evidence in ledger.evidence:
        for fact in evidence.facts:
            values = found[fact.path, fact.kind].setdefault(evidence.source.id, [])
            values.append(fact.value)
    return found


class _Auditor:
    def __init__(self, schema: ir.Schema) -> None:
        self.schema = schema
        self.tree = Tree(schema)
        self.stated = {(one.path, one.kind): one for one in spec_facts(self.tree)}
        self.rules = set(_rule_ids(schema))
        self.unnamed = [one for one in self.tree.places.values() if _is_unnamed(one)]
        self.decisions: dict[tuple[str, str], list[Decision]] = defaultdict(list)
        for decision in schema.ledger.decisions:
            for path in decision.paths:
                self.decisions[path.value, decision.kind].append(decision)

    def facts(self) -> Iterator[Audited]:
        for evidence in self.schema.ledger.evidence:
            source = evidence.source
            for fact in evidence.facts:
                problem = self.problem(fact, source.kind)
                if problem is None:
                    yield Audited(source=source.id, fact=fact, verdict=Outcome.AGREES)
                    continue
                decision = self.decision(fact, source.id)
                yield Audited(
                    source=source.id,
                    fact=fact,
                    verdict=Outcome.DECIDED if decision else Outcome.OPEN,
                    decision=decision,
                    problem="" if decision else problem,
                )

    def decision(self, fact: Fact, source: str) -> str | None:
        """The decision that covers a fact, if the spec states what it says."""
        for decision in self.decisions[fact.path, fact.kind]:
            if source not in decision.says:
                continue
            said = measured(fact.kind, decision.says[source])
            if said != measured(fact.kind, fact.value):
                continue
            if self.stands(fact, decision.stands):
                return decision.id
        return None

    def stands(self, fact: Fact, value: Value) -> bool:
        """Whether the spec states what a decision takes: of a list, at least that."""
        if fact.kind == "meaning":
            return value in self.meanings(fact.path)
        stated = self.spec_value(fact.path, fact.kind)
        if isinstance(stated, list) and isinstance(value, list):
            return all(one in stated for one in value)
        return stated == value

    def meanings(self, path: str) -> set[str]:
        """The notes about a member, by their ids."""
        place = self.tree.find(path)
        if place is None or place.member is None:
            return set()
        notes = place.parent.notes if isinstance(place.parent, ir.Structure) else ()
        return {note.id for note in notes if note.at == place.member.name}

    def spec_value(self, path: str, kind: str) -> Value:
        """What the spec states; what is not required or paged is so without a word."""
        place = self.tree.find(path)
        found = self.stated.get((self.stated_at(place, kind) if place else path, kind))
        if found is not None:
            return found.value
        if kind == "required" and place is not None and place.member is not None:
            return False
        return False if kind == "paginated" else None

    def stated_at(self, place: Place, kind: str) -> str:
        """Where the spec states a kind of fact: at a place, or at an option of it."""
        if isinstance(place.shape, ir.OneOf) and (place.path, kind) not in self.stated:
            for part in parts(place.shape):
                if (place.path + part.step, kind) in self.stated:
                    return place.path + part.step
        return place.path

    def problem(self, fact: Fact, kind: str) -> str | None:
        """Why a fact does not agree with the spec; none where it does."""
        if fact.kind == "rule":
            if fact.value in self.rules or self.names_a_constraint(fact):
                return None
            return f"the spec has no rule, note or constraint {fact.value!r}"
        if fact.kind in ("errors", "httpStatus"):
            return self.operation_problem(fact)
        if fact.kind in ("apiVersion", "paginated", "pagination", "table"):
            value = self.spec_value(fact.path, fact.kind)
            return None if value == fact.value else f"the spec states {_shown(value)}"
        place = self.tree.find(fact.path)
        if place is None:
            column = self.stated.get((fact.path, "type"))
            if column is None or fact.kind != "type":
                return "the spec has no such place"
            if _agree(fact, column.value, kind):
                return None
            return f"the spec states {_shown(column.value)}"
        if fact.kind == "meaning":
            if fact.value in self.meanings(fact.path):
                return None
            return f"no note about the member says {fact.value!r}"
        if fact.kind == "seen":
            return None if _knows(place, fact.value) else "the spec does not state this"
        if fact.kind == "presence":
            return _presence_problem(fact, place)
        stated = self.spec_value(fact.path, fact.kind)
        if _agree(fact, stated, kind) or self.is_of_type(fact, place, kind):
            return None
        return f"the spec states {_shown(stated)}"

    def is_of_type(self, fact: Fact, place: Place, kind: str) -> bool:
        """Whether a word for a type is right of a tuple, or of each option."""
        if fact.kind != "type":
            return False
        match place.shape:
            case ir.Tuple():
                words = ["list"]
            case ir.OneOf(options=options):
                words = [type_word(self.schema.shapes[one.target]) for one in options]
            case _:
                return False
        return all(_agree(fact, word, kind) for word in words)

    def operation_problem(self, fact: Fact) -> str | None:
        """Why a fact about the operation or one of its errors does not agree."""
        stated = self.spec_value(OPERATION, "errors")
        known = stated if isinstance(stated, list) else []
        if fact.kind == "errors":
            named = fact.value if isinstance(fact.value, list) else []
            missing = [str(one) for one in named if one not in known]
        else:
            name = fact.path.partition(".")[2]
            missing = [] if name in known else [name]
        listed = ", ".join(missing)
        return f"the operation does not name the error {listed}" if missing else None

    def names_a_constraint(self, fact: Fact) -> bool:
        """Whether an id is a place and what the spec says there: `Path#maximum`."""
        path, mark, trait = str(fact.value).partition("#")
        place = self.tree.find(path)
        if not mark or place is None:
            return False
        if (place.path, trait) in self.stated:
            return True
        owners = [one for one in (place.member, place.shape) if one is not None]
        return any(getattr(owner, trait, None) for owner in owners)

    def seen_values(self, entries: Iterable[Audited]) -> Mapping[str, set[str]]:
        """By enum, the values that responses had, wherever they had them."""
        found: dict[str, set[str]] = defaultdict(set)
        for entry in entries:
            place = self.tree.find(entry.fact.path)
            if entry.fact.kind == "seen" and place is not None:
                for kind in ("values", "retired"):
                    found[place.shape.id].update(_part(entry.fact.value, kind))
        return found

    def unsupported(self, entries: tuple[Audited, ...]) -> Iterator[Audited]:
        """What the spec states and no source does."""
        support: dict[tuple[str, str], list[Audited]] = defaultdict(list)
        for entry in entries:
            if entry.verdict in (Outcome.AGREES, Outcome.DECIDED):
                kind, places = entry.fact.kind, self.tree.places_of(entry.fact.path)
                paths = [self.stated_at(place, kind) for place in places]
                for path in paths or [entry.fact.path]:
                    support[path, kind].append(entry)
        seen = self.seen_values(entries)
        for (path, kind), fact in self.stated.items():
            supporters = support[path, kind]
            if kind in ("enum", "retired", "errors"):
                retired = support[path, "retired"] if kind == "enum" else []
                place = self.tree.find(path)
                known = seen[place.shape.id] if place is not None else set()
                yield from self.unsupported_values(fact, [*supporters, *retired], known)
            elif kind == "type" and self.tree.find(path) in self.unnamed:
                continue
            elif not any(_supports(entry, fact) for entry in supporters):
                yield _nobody(fact)
        facts = [entry.fact for entry in entries]
        named = {str(fact.value) for fact in facts if fact.kind == "rule"}
        for rule, span in _rules(self.schema):
            if rule not in named:
                yield _nobody(Fact(path="", kind="rule", value=rule, span=span))

    def unsupported_values(
        self, fact: Fact, supporters: list[Audited], seen: set[str]
    ) -> Iterator[Audited]:
        known = {json.dumps(one) for one in seen}
        for entry in supporters:
            if isinstance(entry.fact.value, list):
                known.update(
                    json.dumps(one, sort_keys=True) for one in entry.fact.value
                )
        values = fact.value if isinstance(fact.value, list) else []
        missing: list[Value] = [
            value for value in values if json.dumps(value, sort_keys=True) not in known
        ]
        for decision in self.decisions[fact.path, fact.kind]:
            stands = decision.stands if isinstance(decision.stands, list) else []
            covered: list[Value] = [value for value in missing if value in stands]
            if covered:
                missing = [value for value in missing if value not in stands]
                yield Audited(
                    source=None,
                    fact=replace(fact, value=covered),
                    verdict=Outcome.DECIDED,
                    decision=decision.id,
                )
        if missing:
            yield _nobody(replace(fact, value=missing))


_COUNTS = frozenset(("present", "of", "findings", "responses", "severity"))


def measured(kind: str, value: Value) -> Value:
    """What was seen, without how often, and how it weighed.

    One more response changes only the counts, and a spec that relaxes a keyword only
    the severity.
    """
    if kind not in ("seen", "presence") or not isinstance(value, dict):
        return value
    return {
        key: _uncounted(key, item) for key, item in value.items() if key not in _COUNTS
    }


def _uncounted(key: str, value: Value) -> Value:
    if key in ("types", "values", "retired"):
        names = value if isinstance(value, dict | list) else []
        found: list[Value] = [*sorted(map(str, names))]
        return found
    return measured("seen", value)


def _part(value: Value, kind: str) -> Iterable[str]:
    """The values of a kind that a fact about what was seen lists."""
    found = value.get(kind, {}) if isinstance(value, dict) else {}
    return map(str, found) if isinstance(found, dict | list) else ()


def _knows(place: Place, value: Value) -> bool:
    """Whether the spec states all that was seen at a place."""
    if not isinstance(value, dict):
        return False
    shape = place.shape
    values = {one.value: one.retired for one in getattr(shape, "values", ())}
    relaxed = {one.fact for one in constraints.of(shape) if one.relaxed is not None}
    if place.member is not None and place.member.claimed:
        relaxed.add("required")
    if place.around is not None and getattr(place.around.shape, "sparse", False):
        relaxed.add("null")
    known = {
        "values": all(one in values for one in _part(value, "values")),
        "retired": all(values.get(one) for one in _part(value, "retired")),
        "broken": all(one in relaxed for one in _part(value, "broken")),
    }
    # A member that the spec lacked is there now: its place was found.
    return all(known.get(key, True) for key in value)


def _is_unnamed(place: Place) -> bool:
    """Whether it is an option or a first item, which no source has a name for."""
    return isinstance(place.way[-1], OptionStep | PrefixStep)


class Unjudged(NamedTuple):
    """What a spec states and the audit does not look at, since no fact can say it.

    Attributes:
        kinds: How often it states constraints of each kind, by key of the language.
        roots: The roots that facts have no paths for.
    """

    kinds: Mapping[str, int]
    roots: tuple[str, ...]


def unjudged(schema: ir.Schema) -> Unjudged:
    """What the audit does not look at."""
    tree = Tree(schema)
    counted: Counter[str] = Counter()
    for place in (*tree.roots.values(), *tree.places.values()):
        counted.update(_unstated(place))
    seen = {place.shape.id for place in tree.roots.values()}
    roots = tuple(root for root in schema.roots if root not in seen)
    return Unjudged(dict(sorted(counted.items())), roots)


def _unstated(place: Place) -> Iterator[str]:
    """The keys of the language that constrain a place, and that are no kind of fact."""
    shape, member = place.shape, place.member
    for one in constraints.of(shape):
        if not one.about.documented:
            yield one.about.trait
    if member is not None and member.null != "absent":
        yield "nullable"
    if getattr(shape, "closed", False):
        yield "closed"
    if getattr(shape, "sparse", False):
        yield "sparse"
    if isinstance(shape, ir.OneOf):
        yield "one_of" if shape.discriminator is None else "discriminator"


def _nobody(fact: Fact) -> Audited:
    return Audited(
        source=None,
        fact=fact,
        verdict=Outcome.UNSUPPORTED,
        problem="no source states it",
    )


def _supports(entry: Audited, fact: Fact) -> bool:
    """Whether a fact is a reason for what the spec states."""
    if entry.verdict is Outcome.DECIDED or fact.kind == "type":
        return True
    return fact.kind != "required" or entry.fact.value is True


def _agree(fact: Fact, stated: Value, importer: str) -> bool:
    match fact.kind:
        case "type":
            return stated in find(importer).means(str(fact.value))
        case "enum" | "retired":
            return (
                isinstance(stated, list)
                and isinstance(fact.value, list)
                and all(value in stated for value in fact.value)
            )
        case "pattern":
            return same_pattern(stated, fact.value)
        case _:
            same_type = isinstance(fact.value, bool) == isinstance(stated, bool)
            return same_type and fact.value == stated


def _presence_problem(fact: Fact, place: Place) -> str | None:
    """A required member is in every response."""
    if place.member is None or not place.member.required:
        return None
    total = fact.value.get("total") if isinstance(fact.value, dict) else None
    if not isinstance(total, dict) or total.get("present") == total.get("of"):
        return None
    present, of = total["present"], total["of"]
    return f"the spec requires it; {present} of {of} responses have it"


def _shown(value: Value) -> str:
    return "nothing of the kind" if value is None else repr(value)


def _rules(schema: ir.Schema) -> Iterator[tuple[str, Span]]:
    for shape in schema.shapes.values():
        if isinstance(shape, ir.Structure):
            for rule in shape.rules:
                yield rule.id, rule.span
            for note in shape.notes:
                yield note.id, note.span
            for derived in shape.derived:
                yield derived.name, derived.span


def _rule_ids(schema: ir.Schema) -> Iterator[str]:
    for rule, _ in _rules(schema):
        yield rule
