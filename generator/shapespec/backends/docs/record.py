"""What the contract rests on: sources, disagreements, the history of editions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from shapespec.backends.docs import markdown as md, view
from shapespec.backends.docs.links import Links
from shapespec.contract import schema as ir
from shapespec.contract.facts import Decision, Source, Value
from shapespec.contract.history import Change, History, Step
from shapespec.evidence.provenance import (
    Difference,
    Edition,
    MemberRecord,
    Provenance,
    is_member,
)

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
}


class Record:
    """Writes what is on record about a contract."""

    def __init__(self, schema: ir.Schema, links: Links) -> None:
        """Arrange the evidence of `schema`, whose pages `links` knows."""
        self.links = links
        self.ledger = schema.ledger
        self.provenance = Provenance(schema)

    def pages(self) -> tuple[str, ...]:
        """Links to the pages about evidence."""
        sources = md.link("Sources", self.links.sources.file)
        timeline = md.link("Timeline", self.links.timeline.file)
        return (
            f"{sources}: Who states what, and how disagreements were settled.",
            f"{timeline}: What each edition added, changed and retired.",
        )

    def facts(
        self, shape: ir.Structure | ir.Union, member: ir.Member
    ) -> Iterator[view.Fact]:
        """Who states a member, how often it is seen, and what was decided about it."""
        record = self.provenance.members.get((shape.id, member.name))
        if record is None:
            return
        if record.sources:
            dated = record.since and record.lifetime is None
            since = f"; since {md.text(record.since or '')}" if dated else ""
            yield view.Fact(label="Stated by", text=_named(record.sources) + since)
        yield from _lifetime(record)
        if record.required_by and not member.required:
            yield view.Fact(
                label="Documented as required", text=_named(record.required_by)
            )
        if record.presence is not None:
            yield view.Fact(label="Observed", text=_presence(record.presence))
        if record.decisions:
            links = [self.links.to_decision(one.id) for one in record.decisions]
            label = "Decision" if len(links) == 1 else "Decisions"
            yield view.Fact(label=label, text=", ".join(links))

    def value_since(self, shape: ir.Enum, one: ir.EnumValue) -> str:
        """The day of the first release that states a value, if that is known."""
        life = self.provenance.value_since(shape.id, one.value)
        return life.since.date if life else ""

    def sources(self) -> Iterator[view.Chapter]:
        """Every source in a table, then every decision."""
        sources = self.provenance.by_edition
        yield view.Chapter(
            heading=self.links.sources.heading("Who states facts"),
            table=md.table(
                ("Source", "Title", "Edition", "Facts"),
                [
                    (
                        md.code(source.id),
                        md.inline(source.title),
                        md.inline(source.edition),
                        str(len(self.provenance.facts[source.id])),
                    )
                    for source in sources
                ],
            ),
        )
        if self.ledger.decisions:
            yield view.Chapter(
                heading=self.links.decided,
                paragraphs=("Where sources disagree: which fact is taken, and why.",),
                sections=tuple(map(self.decision, self.ledger.decisions)),
            )

    def decision(self, decision: Decision) -> view.Section:
        places = [md.code(path.value) for path in decision.paths]
        stands = "nothing" if decision.stands is None else _value(decision.stands)
        return view.Section(
            heading=self.links.decisions[decision.id],
            paragraphs=md.prose(decision.reason),
            facts=(
                view.Fact(label="About", text=f"{decision.kind} of {md.words(places)}"),
                *(
                    view.Fact(label=md.text(source), text=_value(value))
                    for source, value in decision.says.items()
                ),
                view.Fact(label="Stands", text=stands),
            ),
        )

    def timeline(self) -> Iterator[view.Chapter]:
        """What releases changed, then a chapter for each document, oldest first."""
        for history in self.ledger.histories:
            yield self.history(history)
        for edition in self.provenance.timeline:
            source = edition.source
            title = f"{source.edition}: {source.title}"
            yield view.Chapter(
                heading=self.links.timeline.heading(title, f"{title} ({source.id})"),
                facts=tuple(_edition(edition)),
            )

    def history(self, history: History) -> view.Chapter:
        """What each release of a service model states otherwise than those before."""
        first, *later = history.steps
        title = f"Releases of {history.title}"
        states = sum(change.kind == "type" for change in first.changes)
        said = (
            f"{history.read} releases were read, the newest being"
            f" {md.inline(history.last.version)} of {history.last.date}. The first"
            f" one that knows the operation is {md.inline(first.release.version)}"
            f" of {first.release.date}; it states {states} places. The others say"
            " what changed since the release before."
        )
        return view.Chapter(
            heading=self.links.timeline.heading(title, f"Releases of {history.id}"),
            paragraphs=(said,),
            sections=tuple(map(self.step, later)),
        )

    def step(self, step: Step) -> view.Section:
        title = f"{step.release.date}: {step.release.version}"
        return view.Section(
            heading=self.links.timeline.heading(title, title),
            paragraphs=(),
            facts=tuple(_step_facts(step)),
        )


def _lifetime(record: MemberRecord) -> Iterator[view.Fact]:
    """Since when releases state a member, and what they stated otherwise."""
    life = record.lifetime
    if life is None:
        return
    text = f"{life.since.date}, in {md.inline(life.since.version)}"
    if life.until is not None:
        text += f", until {life.until.date}"
    yield view.Fact(label="First released", text=text)
    items = tuple(
        f"{_WORDS[kind]}: "
        + ", then ".join(f"{_stated(one.value)} ({one.since.date})" for one in stated)
        for kind, stated in record.past.items()
    )
    if items:
        yield view.Fact(label="Changed", text=_count(items, "statement"), items=items)


def _stated(value: Value) -> str:
    return "nothing" if value is None else _value(value)


def _step_facts(step: Step) -> Iterator[view.Fact]:
    """Members that are new or gone, then statements that are otherwise."""
    new = {one.path for one in step.changes if one.kind == "type" and not one.gone}
    gone = {one.path for one in step.changes if one.kind == "type" and one.gone}
    for label, paths in (("Added", new), ("Gone", gone)):
        listed = tuple(md.code(path) for path in sorted(paths) if is_member(path))
        if listed:
            yield view.Fact(label=label, text=_count(listed, "member"), items=listed)
    rest = (one for one in step.changes if one.path not in new | gone)
    listed = tuple(map(_change, rest))
    if listed:
        yield view.Fact(label="Changed", text=_count(listed, "statement"), items=listed)


def _change(one: Change) -> str:
    place = f"{md.code(one.path)}: {_WORDS[one.kind]}"
    if one.gone:
        return f"{place} no longer stated"
    if one.added or one.removed:
        parts = (("now also", one.added), ("no longer", one.removed))
        said = [f"{word} {_values(list(values))}" for word, values in parts if values]
        return f"{place} {'; '.join(said)}"
    return f"{place} {_value(one.value)}"


def _edition(edition: Edition) -> Iterator[view.Fact]:
    if not edition.added and not edition.changed and not edition.retired:
        yield view.Fact(label="New", text="nothing")
    if edition.added:
        listed = tuple(map(md.code, edition.added))
        yield view.Fact(label="Added", text=_count(listed, "member"), items=listed)
    if edition.changed:
        listed = tuple(map(_difference, edition.changed))
        yield view.Fact(label="Changed", text=_count(listed, "statement"), items=listed)
    if edition.retired:
        listed = tuple(
            f"{md.code(path)}: {md.words(map(md.code, values))}"
            for path, values in edition.retired
        )
        yield view.Fact(label="Retired", text=_count(listed, "list"), items=listed)


def _count(items: tuple[str, ...], what: str) -> str:
    return f"{len(items)} {what}{'' if len(items) == 1 else 's'}"


def _difference(one: Difference) -> str:
    place = f"{md.code(one.path)}: {_WORDS[one.kind]}"
    if isinstance(one.before, list) and isinstance(one.after, list):
        new = [value for value in one.after if value not in one.before]
        gone = [value for value in one.before if value not in one.after]
        parts = [("now also", new), ("no longer", gone)]
        said = [f"{word} {_values(values)}" for word, values in parts if values]
        return f"{place} {'; '.join(said)}"
    return f"{place} {_value(one.after)}, before {_value(one.before)}"


_FEW = 8


def _values(values: list[Value]) -> str:
    shown = [md.code(md.value(str(value))) for value in values[:_FEW]]
    more = len(values) - len(shown)
    return md.words([*shown, f"{more} more"] if more else shown)


def _value(value: Value) -> str:
    if isinstance(value, str):
        return md.code(md.value(value))
    return md.code(json.dumps(value, ensure_ascii=False))


def _named(sources: Iterable[Source]) -> str:
    return ", ".join(
        f"{md.code(source.id)} ({md.inline(source.edition)})" for source in sources
    )


def _presence(presence: Mapping[str, Value]) -> str:
    """How often responses have a member: in all, then by status."""
    total = presence.get("total")
    by = presence.get("by")
    said = _share(total)
    if isinstance(by, dict) and by:
        parts = [
            f"{md.code(md.value(status))} {_share(one)}" for status, one in by.items()
        ]
        said += f"; {', '.join(parts)}"
    return said


def _share(counted: Value) -> str:
    if not isinstance(counted, dict):
        return "?"
    return f"{counted.get('present')} of {counted.get('of')}"
