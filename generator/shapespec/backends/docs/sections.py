"""The words of the reference as Markdown, as they stand on one page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from shapespec.backends.docs import markdown as md, view
from shapespec.backends.docs.links import Links, Page
from shapespec.backends.reference import rich, view as reference
from shapespec.backends.reference.anchors import anchor
from shapespec.backends.reference.rich import Rich, Target

_RULES = (
    "Each expression must be true of a response. If it is false, a finding has the"
    " message above it."
)
_DERIVED = "Values that are computed from the members, with the expression."
_NOTES = "Facts about the members that cannot be checked in a response."


class Sections:
    """Writes what stands on one page, with links as they lead from there."""

    def __init__(self, links: Links, page: Page) -> None:
        """Write on `page`."""
        self.links = links
        self.page = page

    def line(self, text: Rich) -> str:
        """A line."""
        return md.written(text, self._href)

    def _href(self, to: Target) -> str | None:
        return self.links.href(to, self.page)

    def paragraphs(self, lines: Iterable[Rich]) -> tuple[str, ...]:
        """Paragraphs."""
        return tuple(self.line(one) for one in lines if one)

    def described(self, to: Target, doc: str | None) -> str:
        """A link and the first sentence about what it leads to."""
        link = self.line(rich.link(to.of, to))
        return ": ".join(filter(None, (link, self.line(rich.sentence(doc)))))

    # --- members ----------------------------------------------------------------------

    def body(
        self, shape: reference.Shape, index: view.Chapter
    ) -> Iterator[view.Chapter]:
        """The members, then rules, derived values and notes, as far as there are any.

        Args:
            shape: Whose members they are.
            index: The chapter of the members, as it begins.
        """
        yield view.Chapter(
            heading=index.heading,
            paragraphs=(*index.paragraphs, *_in_words(shape)),
            facts=index.facts,
            table=self._index(shape),
            sections=tuple(map(self._member, shape.members)),
        )
        yield from self._joining(shape)

    def _index(self, shape: reference.Shape) -> view.Table | None:
        """A table of the members; without descriptions where there are none."""
        if not shape.members:
            return None
        choice = shape.kind == "structure"
        told = any(member.brief for member in shape.members)
        rows = []
        for member in shape.members:
            link = (rich.Link((member.name,), member.target),)
            row = [self.line(link), self.line(member.type)]
            row += [_is_required(member)] * choice
            row += [self._brief(member)] * told
            rows.append(row)
        columns = ["Member", "Type", *["Required"] * choice, *["Description"] * told]
        return md.table(columns, rows)

    def _brief(self, member: reference.Member) -> str:
        """What a member is, in the one line of a table."""
        old = "Deprecated." if member.deprecated else ""
        return " ".join(filter(None, (old, self.line(member.brief))))

    def _member(self, member: reference.Member) -> view.Section:
        """All that there is to say about a member."""
        return view.Section(
            heading=self.links.parts[member.target],
            paragraphs=self.paragraphs(member.doc),
            facts=(*self._value_facts(member), *self._record(member)),
        )

    def _value_facts(self, member: reference.Member) -> Iterator[view.Fact]:
        """What a value may be."""
        yield from self.deprecated(member.deprecated)
        yield view.Fact(label="Type", text=self.line(member.type))
        if member.required is not None:
            yield view.Fact(label="Required", text=_is_required(member))
        yield from self.facts(member.demands)
        if member.values:
            yield self._values(member)
        yield from self.examples(member.examples)
        if member.sensitive:
            yield view.Fact(label="Sensitive", text="messages never show the value")

    def _values(self, member: reference.Member) -> view.Fact:
        """The values themselves, each with its meaning if there is one."""
        brief = "the set may grow" if member.open else "no others"
        if any(one.doc for one in member.values):
            items = tuple(
                ": ".join(filter(None, (self._to_value(one), self.line(one.doc))))
                for one in member.values
            )
            return view.Fact(label="Valid values", text=brief, items=items)
        listed = _words([*map(self._to_value, member.values)], "or")
        return view.Fact(label="Valid values", text=f"{listed}; {brief}")

    def _to_value(self, one: reference.Value) -> str:
        retired = " (retired)" if one.retired else ""
        return self.line((rich.Link(rich.code(one.value), one.target),)) + retired

    def _record(self, member: reference.Member) -> Iterator[view.Fact]:
        """What is said about a member elsewhere, its names, and who states it."""
        if member.rules:
            items = tuple(map(self._mention, member.rules))
            yield view.Fact(label="Rules", text=_count(items, "rule"), items=items)
        if member.notes:
            items = tuple(map(self._mention, member.notes))
            yield view.Fact(label="Notes", text=_count(items, "note"), items=items)
        if member.spellings:
            items = tuple(map(_spelling, member.spellings))
            yield view.Fact(label="Names", text=_count(items, "system"), items=items)
        if len(member.at) > 1:
            paths = ", ".join(map(md.code, member.at))
            yield view.Fact(label="Places", text=paths)
        if member.statements:
            items = tuple(map(self._statement, member.statements))
            text = _count(items, "source")
            if member.since and not member.released:
                text += f"; since {md.text(member.since)}"
            yield view.Fact(label="Stated by", text=text, items=items)
        if member.released:
            yield view.Fact(label="First released", text=md.text(member.released))
        if member.past:
            items = tuple(map(self.line, member.past))
            text = _count(items, "statement")
            yield view.Fact(label="Changed", text=text, items=items)
        if member.required_by:
            listed = ", ".join(map(self.line, member.required_by))
            yield view.Fact(label="Documented as required", text=listed)
        if member.presence:
            yield view.Fact(label="Observed", text=_presence(member.presence))
        if member.decisions:
            label = "Decision" if len(member.decisions) == 1 else "Decisions"
            links = (rich.link(one.id, one.target) for one in member.decisions)
            yield view.Fact(label=label, text=", ".join(map(self.line, links)))

    def _mention(self, one: reference.Mention) -> str:
        link = self.line(rich.link(one.id, one.target))
        if one.severity:
            return f"{link} ({one.severity}), when broken: “{self.line(one.text)}”"
        return f"{link}: {self.line(one.text)}"

    def _statement(self, one: reference.Statement) -> str:
        link = self.line((rich.Link(rich.code(one.source.of), one.source),))
        said = f"{link} ({md.text(one.edition)}): {md.text(one.where)}"
        says = ", ".join(map(md.code, one.says))
        return f"{said}; {says}" if says else said

    # --- what joins members -----------------------------------------------------------

    def _joining(self, shape: reference.Shape) -> Iterator[view.Chapter]:
        for title, paragraph, sections in (
            ("Rules", _RULES, tuple(map(self._rule, shape.rules))),
            ("Derived values", _DERIVED, tuple(map(self._derived, shape.derived))),
            ("Notes", _NOTES, tuple(map(self._note, shape.notes))),
        ):
            if sections:
                yield view.Chapter(
                    heading=self.links.chapters[shape.id, title],
                    paragraphs=(paragraph,),
                    sections=sections,
                )

    def _rule(self, rule: reference.Rule) -> view.Section:
        reads = (to for to in rule.reads if self._href(to))
        links = [self.line((rich.Link(rich.code(one.name), one),)) for one in reads]
        read = [view.Fact(label="Reads", text=", ".join(links))] if links else []
        return view.Section(
            heading=self.links.parts[rule.target],
            paragraphs=self.paragraphs(rule.message),
            code=md.block(rule.cel, "cel"),
            facts=(
                view.Fact(label="Severity", text=rule.severity),
                *self.facts(rule.points),
                *read,
                *self._from(rule.sources),
            ),
        )

    def _derived(self, one: reference.Derived) -> view.Section:
        return view.Section(
            heading=self.links.parts[one.target],
            paragraphs=self.paragraphs(one.doc),
            code=md.block(one.cel, "cel"),
            facts=(*self.facts(one.facts), *self._from(one.sources)),
        )

    def _note(self, note: reference.Note) -> view.Section:
        place = [view.Fact(label="About", text=self.line(note.place))]
        return view.Section(
            heading=self.links.parts[note.target],
            paragraphs=self.paragraphs((note.doc,)),
            facts=(*(place if note.place else ()), *self._from(note.sources)),
        )

    def _from(self, sources: Sequence[Rich]) -> Iterator[view.Fact]:
        if sources:
            label = "Source" if len(sources) == 1 else "Sources"
            yield view.Fact(label=label, text=self.line(rich.words(sources)))

    # --- facts ------------------------------------------------------------------------

    def facts(self, facts: Iterable[reference.Fact]) -> Iterator[view.Fact]:
        """Facts as they are."""
        for one in facts:
            items = tuple(map(self.line, one.items))
            yield view.Fact(label=one.label, text=self.line(one.text), items=items)

    def deprecated(self, text: Rich) -> Iterator[view.Fact]:
        """Since when something is deprecated, if it is."""
        if text:
            yield view.Fact(label="Deprecated", text=self.line(text))

    def examples(self, given: tuple[Rich, ...]) -> Iterator[view.Fact]:
        """Values that are right, if any are given."""
        if given:
            label = "Example" if len(given) == 1 else "Examples"
            yield view.Fact(label=label, text=", ".join(map(self.line, given)))

    def uses(self, uses: Iterable[reference.Use]) -> list[str]:
        """What uses a shape, each as an item."""
        found = []
        for use in uses:
            text = self.line(use.by)
            if use.role:
                text += f": {use.role}"
            if use.members:
                text += f": {', '.join(map(self.line, use.members))}"
            found.append(text)
        return found

    # --- tables -----------------------------------------------------------------------

    def value_table(self, values: tuple[reference.Value, ...]) -> view.Table:
        """The values of an enum, each with an anchor."""
        return md.filled_table(
            {
                "Value": [
                    md.anchor(anchor(v.target)) + md.code(v.value) for v in values
                ],
                "Meaning": [self.line(one.doc) for one in values],
                "Group": [self.line(one.under) for one in values],
                "Status": ["retired" if one.retired else "" for one in values],
                "Since": [one.since for one in values],
            }
        )

    def value(self, one: reference.Value) -> str:
        """A value of an enum in a list, with its anchor."""
        retired = " (retired)" if one.retired else ""
        return md.anchor(anchor(one.target)) + md.code(one.value) + retired

    def forms(self, forms: tuple[reference.Form, ...]) -> view.Table:
        """How each system writes a response."""
        facts = [{one.label: self.line(one.text) for one in f.facts} for f in forms]
        columns = (
            *("Timestamps read", "Timestamps written"),
            *("Spelling", "Extra members", "Table"),
        )
        return md.filled_table(
            {
                "Form": [
                    self.line((rich.Link(rich.code(one.name), one.target),))
                    for one in forms
                ],
                "Description": [self.line(one.doc) for one in forms],
                **{title: [one.get(title, "") for one in facts] for title in columns},
            }
        )

    def sources(self, sources: tuple[reference.Source, ...]) -> view.Table:
        """Who states facts."""
        return md.table(
            ("Source", "Title", "Edition", "Document", "Facts"),
            [
                (
                    md.anchor(anchor(one.target)) + md.code(one.id),
                    md.text(one.title),
                    md.text(one.edition),
                    md.text(one.document),
                    str(one.facts),
                )
                for one in sources
            ],
        )

    # --- evidence ---------------------------------------------------------------------

    def decision(self, decision: reference.Decision) -> view.Section:
        """How a disagreement was settled."""
        return view.Section(
            heading=self.links.parts[decision.target],
            paragraphs=self.paragraphs(decision.reason),
            facts=(
                view.Fact(label="About", text=self.line(decision.about)),
                *(
                    view.Fact(label=md.text(rich.plain(source)), text=self.line(value))
                    for source, value in decision.says
                ),
                view.Fact(label="Stands", text=self.line(decision.stands)),
            ),
        )

    def step(self, step: reference.Step) -> view.Section:
        """What a release changed."""
        return view.Section(
            heading=self.page.heading(f"{step.date}: {step.version}"),
            paragraphs=(),
            facts=tuple(self.facts(step.facts)),
        )

    def edition(self, edition: reference.Edition) -> Iterator[view.Fact]:
        """What an edition brought."""
        if not edition.added and not edition.changed and not edition.retired:
            yield view.Fact(label="New", text="nothing")
        for label, lines, what in (
            ("Added", edition.added, "member"),
            ("Changed", edition.changed, "statement"),
            ("Retired", edition.retired, "list"),
        ):
            if lines:
                items = tuple(map(self.line, lines))
                yield view.Fact(label=label, text=_count(items, what), items=items)


def shape_facts(sections: Sections, shape: reference.Shape) -> Iterator[view.Fact]:
    """What is to be known about a shape wherever it is used."""
    yield from sections.deprecated(shape.deprecated)
    if shape.type:
        yield view.Fact(label="Type", text=sections.line(shape.type))
    yield from sections.facts(shape.demands)
    yield from sections.examples(shape.examples)
    if shape.sensitive:
        yield view.Fact(label="Sensitive", text="messages never show the value")


def _in_words(shape: reference.Shape) -> Iterator[str]:
    """What a table of members cannot say."""
    if not shape.members:
        yield "It has no members."
    elif shape.kind == "union":
        yield "A value has exactly one of these members."
    if shape.closed:
        yield shape.closed


def _is_required(member: reference.Member) -> str:
    """Whether responses have a member, in a few words."""
    if member.claimed:
        return "documented, not confirmed"
    return "yes" if member.required else "no"


def _spelling(one: reference.Spelling) -> str:
    said = f"{md.text(one.system)}: {md.code(one.text)}"
    return f"{said}, {md.code(one.type)}" if one.type else said


def _presence(shares: tuple[reference.Share, ...]) -> str:
    """How often responses have a member: in all, then by status."""
    total, *others = shares
    said = f"{total.present} of {total.of}"
    if others:
        parts = (f"{md.code(one.label)} {one.present} of {one.of}" for one in others)
        said += f"; {', '.join(parts)}"
    return said


def _count(items: Sequence[object], what: str) -> str:
    return f"{len(items)} {what}{'' if len(items) == 1 else 's'}"


def _words(items: Sequence[str], last: str) -> str:
    *most, final = items
    return f"{', '.join(most)} {last} {final}" if most else final
