"""What the contract rests on: sources, disagreements, the history of editions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from shapespec.backends.docs import markdown as md, view
from shapespec.backends.docs.links import Links
from shapespec.contract import schema as ir
from shapespec.contract.facts import Decision, Source, Value
from shapespec.evidence.provenance import Difference, Edition, Provenance

_WORDS = {
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
            since = f"; since {md.text(record.since or '')}"
            yield view.Fact(label="Stated by", text=_named(record.sources) + since)
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
                paragraphs=("Where sources disagree: what stands, and why.",),
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
        """A chapter for each document and model, oldest first."""
        for edition in self.provenance.timeline:
            source = edition.source
            title = f"{source.edition}: {source.title}"
            yield view.Chapter(
                heading=self.links.timeline.heading(title, f"{title} ({source.id})"),
                facts=tuple(_edition(edition)),
            )


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
