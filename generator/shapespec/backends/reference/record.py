"""What a contract rests on: sources, disagreements, the history of editions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from shapespec.backends.reference import rich, view
from shapespec.backends.reference.describe import to_member, to_source
from shapespec.backends.reference.rich import Rich, Target
from shapespec.contract import schema as ir
from shapespec.contract.facts import Decision, Fact, Source, Value
from shapespec.contract.history import History, Restatement, Step
from shapespec.evidence.provenance import Edition, Revision, is_member, provenance_of

_WORDS = {
    "type": "type",
    "required": "required",
    "minLength": "least length",
    "maxLength": "greatest length",
    "minItems": "least number of items",
    "maxItems": "greatest number of items",
    "minimum": "minimum",
    "maximum": "maximum",
    "pattern": "pattern",
    "enum": "values",
    "default": "default",
    "retired": "retired",
    "errors": "errors",
    "httpStatus": "HTTP status",
    "apiVersion": "API version",
    "paginated": "pages",
    "pagination": "turning of pages",
    "table": "table",
}
_FEW = 8


class Record:
    """Words for what is on record about a contract."""

    def __init__(self, schema: ir.Schema) -> None:
        """Arrange the evidence of `schema`."""
        self.ledger = schema.ledger
        self.provenance = provenance_of(schema)
        self._places = self._by_member()

    def __bool__(self) -> bool:
        return bool(self.provenance)

    def _by_member(self) -> Mapping[tuple[str, str], list[tuple[Source, Fact]]]:
        """The facts about each member, by shape and name, with who states them."""
        found: dict[tuple[str, str], list[tuple[Source, Fact]]] = {}
        for source in self.provenance.by_edition:
            for fact in self.provenance.facts[source.id]:
                key = self.provenance.member_at(fact.path)
                if key is not None:
                    found.setdefault(key, []).append((source, fact))
        return found

    # --- of members -------------------------------------------------------------------

    def statements(self, shape: str, name: str) -> Iterator[view.Statement]:
        """Who states a member, and where."""
        by_source: dict[str, list[Fact]] = {}
        sources: dict[str, Source] = {}
        for source, fact in self._places.get((shape, name), ()):
            if fact.kind not in ("presence", "seen"):
                sources[source.id] = source
                by_source.setdefault(source.id, []).append(fact)
        for source_id, facts in by_source.items():
            source = sources[source_id]
            lines = sorted({one.line for one in facts if one.line is not None})
            where = source.document
            if lines:
                where += f", line {lines[0]}"
            yield view.Statement(
                source=Target("source", source.id),
                title=source.title,
                edition=source.edition,
                where=where,
                says=tuple(
                    _said(one)
                    for one in facts
                    if one.kind in _WORDS and one.kind != "type"
                ),
            )

    def types(self, shape: str, name: str) -> dict[str, str]:
        """What each source calls the type of a member, by the source's kind."""
        return {
            source.kind: str(fact.value)
            for source, fact in reversed(self._places.get((shape, name), ()))
            if fact.kind == "type" and not fact.path.endswith(("]", "}"))
        }

    def presence(self, shape: str, name: str) -> tuple[view.Share, ...]:
        """How often responses have a member: in all, then by status."""
        record = self.provenance.members.get((shape, name))
        if record is None or record.presence is None:
            return ()
        total = record.presence.get("total")
        by = record.presence.get("by")
        shares = [("", total), *(by.items() if isinstance(by, dict) else ())]
        return tuple(_share(label, counted) for label, counted in shares)

    def required_by(self, shape: str, name: str) -> tuple[Rich, ...]:
        """Who requires a member."""
        record = self.provenance.members.get((shape, name))
        return tuple(map(_named, record.required_by)) if record else ()

    def since(self, shape: str, name: str) -> str:
        """The edition of the oldest source that states a member."""
        record = self.provenance.members.get((shape, name))
        return (record.since or "") if record else ""

    def released(self, shape: str, name: str) -> str:
        """In which release a member was first stated, and until when it was."""
        record = self.provenance.members.get((shape, name))
        life = record.lifetime if record else None
        if life is None:
            return ""
        gone = f", until {life.until.date}" if life.until else ""
        version = rich.value(life.since.version)
        if life.after is None:
            return f"{life.since.date} or before; {version} is the oldest read{gone}"
        return f"{life.since.date}, in {version}{gone}"

    def days(self, shape: str, name: str) -> tuple[str, str]:
        """The first day of a member, and the day it went; empty where not known."""
        record = self.provenance.members.get((shape, name))
        life = record.lifetime if record else None
        if life is None:
            return "", ""
        return life.since.date, life.until.date if life.until else ""

    def past(self, shape: str, name: str) -> Iterator[Rich]:
        """What was stated of a member, where that changed."""
        record = self.provenance.members.get((shape, name))
        for kind, stated in record.past.items() if record else ():
            lines = [
                rich.line(_or_nothing(one.value), f" ({one.since.date})")
                for one in stated
            ]
            yield rich.line(f"{_WORDS[kind]}: ", rich.join(", then ", lines))

    def value_since(self, shape: str, value: str) -> str:
        """The day of the first release that states a value, if that is known."""
        life = self.provenance.value_since(shape, value)
        return life.since.date if life and life.after is not None else ""

    def decided(self, shape: str, name: str) -> tuple[view.Decision, ...]:
        """How disagreements about a member were settled."""
        record = self.provenance.members.get((shape, name))
        return tuple(map(self.decision, record.decisions)) if record else ()

    # --- of the whole -----------------------------------------------------------------

    def sources(self) -> Iterator[view.Source]:
        """Every source, oldest edition first."""
        for source in self.provenance.by_edition:
            yield view.Source(
                target=Target("source", source.id),
                id=source.id,
                title=source.title,
                edition=source.edition,
                document=source.document,
                facts=len(self.provenance.facts[source.id]),
            )

    def decisions(self) -> Iterator[view.Decision]:
        """Every decision, in the order of its file."""
        yield from map(self.decision, self.ledger.decisions)

    def decision(self, decision: Decision) -> view.Decision:
        """A decision in words."""
        places = [self._to_place(path.value) for path in decision.paths]
        stands = "nothing" if decision.stands is None else None
        return view.Decision(
            target=Target("decision", decision.id),
            id=decision.id,
            reason=rich.prose(decision.reason),
            about=rich.line(f"{decision.kind} of ", rich.words(places)),
            says=tuple(
                (to_source(source), _value(value))
                for source, value in decision.says.items()
            ),
            stands=(stands,) if stands else _value(decision.stands),
        )

    def releases(self) -> Iterator[view.Releases]:
        """What the releases of service models changed."""
        for history in self.ledger.histories:
            yield self._releases(history)

    def _releases(self, history: History) -> view.Releases:
        first, *later = history.steps
        states = sum(change.kind == "type" for change in first.changes)
        oldest, before = "first one that knows the operation", ""
        if not history.from_birth:
            oldest, before = "oldest of them", ", which may be older than that"
        said = (
            f"{history.read} releases were read, the newest being"
            f" {history.last.version} of {history.last.date}. The {oldest} is"
            f" {first.release.version} of {first.release.date}; it states {states}"
            f" places{before}. The others say what changed since the release"
            " before."
        )
        return view.Releases(
            id=history.id,
            title=history.title,
            said=(said,),
            steps=tuple(map(self._step, later)),
        )

    def _step(self, step: Step) -> view.Step:
        """Members that are new or gone, then statements that are otherwise."""
        types = [one for one in step.changes if one.kind == "type"]
        new = {one.path for one in types if not one.gone}
        gone = {one.path for one in types if one.gone}
        facts = []
        for label, paths in (("Added", new), ("Gone", gone)):
            items = tuple(map(self._to_place, filter(is_member, sorted(paths))))
            if items:
                facts.append(_listed(label, items, "member"))
        rest = (one for one in step.changes if one.path not in new | gone)
        items = tuple(map(self._change, rest))
        if items:
            facts.append(_listed("Changed", items, "statement"))
        return view.Step(
            date=step.release.date, version=step.release.version, facts=tuple(facts)
        )

    def _change(self, one: Restatement) -> Rich:
        place = rich.line(self._to_place(one.path), f": {_WORDS[one.kind]} ")
        if one.gone:
            return rich.line(place, "no longer stated")
        if one.added or one.removed:
            parts = (("now also ", one.added), ("no longer ", one.removed))
            said = [
                rich.line(word, _values(values)) for word, values in parts if values
            ]
            return rich.line(place, rich.join("; ", said))
        return rich.line(place, _value(one.value))

    def editions(self) -> Iterator[view.Edition]:
        """What each document and model brought, oldest first."""
        for edition in self.provenance.timeline:
            yield self._edition(edition)

    def _edition(self, edition: Edition) -> view.Edition:
        source = edition.source
        return view.Edition(
            title=f"{source.edition}: {source.title}",
            source=Target("source", source.id),
            added=tuple(map(self._to_place, edition.added)),
            changed=tuple(map(self._difference, edition.changed)),
            retired=tuple(
                rich.line(
                    self._to_place(path), ": ", rich.words(map(rich.code, values))
                )
                for path, values in edition.retired
            ),
        )

    def _to_place(self, path: str) -> Rich:
        """A path, as a link to the member that it ends in."""
        key = self.provenance.member_at(path)
        if key is None:
            return rich.code(path)
        return (rich.Link(rich.code(path), Target("member", *key)),)

    def _difference(self, one: Revision) -> Rich:
        place = rich.line(self._to_place(one.path), f": {_WORDS[one.kind]} ")
        if isinstance(one.before, list) and isinstance(one.after, list):
            new = [value for value in one.after if value not in one.before]
            gone = [value for value in one.before if value not in one.after]
            parts = [("now also ", new), ("no longer ", gone)]
            said = [rich.line(word, _values(found)) for word, found in parts if found]
            return rich.line(place, rich.join("; ", said))
        return rich.line(place, _value(one.after), ", before ", _value(one.before))


def _said(fact: Fact) -> str:
    """A fact in a few words, for a list of what a source says."""
    if isinstance(fact.value, list):
        return f"{len(fact.value)} {_WORDS[fact.kind]}"
    if fact.kind == "required":
        return "required" if fact.value else "not required"
    return f"{_WORDS[fact.kind]} {_shown(fact.value)}"


def _shown(value: Value) -> str:
    return rich.value(value) if isinstance(value, str) else json.dumps(value)


def _listed(label: str, items: tuple[Rich, ...], what: str) -> view.Fact:
    plural = "" if len(items) == 1 else "s"
    return view.Fact(label=label, text=(f"{len(items)} {what}{plural}",), items=items)


def _or_nothing(value: Value) -> Rich:
    return ("nothing",) if value is None else _value(value)


def _values(values: Sequence[Value]) -> Rich:
    shown = [rich.code(rich.value(str(value))) for value in values[:_FEW]]
    more = len(values) - len(shown)
    return rich.words([*shown, (f"{more} more",)] if more else shown)


def _value(value: Value) -> Rich:
    if isinstance(value, str):
        return rich.code(rich.value(value))
    return rich.code(json.dumps(value, ensure_ascii=False))


def _named(source: Source) -> Rich:
    return rich.line(to_source(source.id), f" ({source.edition})")


def _share(label: str, counted: Value) -> view.Share:
    present, of = 0, 0
    if isinstance(counted, dict):
        present, of = _count(counted.get("present")), _count(counted.get("of"))
    return view.Share(label=rich.value(label) if label else "", present=present, of=of)


def _count(number: Value) -> int:
    return number if isinstance(number, int) else 0


def named(sources: Iterable[str]) -> tuple[Rich, ...]:
    """Links to sources."""
    return tuple(map(to_source, sources))


__all__ = ["Record", "named", "to_member"]
