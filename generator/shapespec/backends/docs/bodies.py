"""Structures and unions: their members, and what joins those."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from shapespec.backends.docs import markdown as md, view
from shapespec.backends.docs.describe import Describer, is_required
from shapespec.backends.docs.links import Links, Page
from shapespec.backends.docs.record import Record
from shapespec.backends.reference.places import ways
from shapespec.backends.reference.spellings import spellings
from shapespec.backends.reference.view import Spelling
from shapespec.contract import schema as ir

_RULES = (
    "Each expression is true where all is well; where it is false, a finding says what"
    " stands above it."
)
_DERIVED = "What follows from the members, and the expression that computes it."
_NOTES = "What holds as well, though no response can show it."
_NAMES = "How users of each system write the way to a member, and a column's type."
_FEW_SYSTEMS = 2
_STEP = re.compile(r"([^.\[\]{}]+)((?:\[\]|\{\})*)")

About: TypeAlias = "dict[str, dict[str, list[str]]]"
"""Links to what the page says about members elsewhere, by member and label."""


class Bodies:
    """Writes the chapters about each structure of a schema."""

    def __init__(self, schema: ir.Schema, links: Links) -> None:
        """Describe the structures of `schema`, whose pages `links` knows."""
        self.schema = schema
        self.links = links
        self.describe = Describer(schema, links)
        self.record = Record(schema, links)
        self.ways = ways(schema)

    def chapters(
        self,
        page: Page,
        shape: ir.Structure | ir.Union,
        index: view.Chapter,
        of: str = "",
    ) -> Iterator[view.Chapter]:
        """The members, then rules, derived values and notes, as far as there are any.

        Args:
            page: The page that they are on.
            shape: Whose members they are.
            index: The chapter of the members, as it begins.
            of: What the titles of the other chapters end in.
        """
        about: About = {}
        joining: list[view.Chapter] = []
        if isinstance(shape, ir.Structure):
            joining += self._rules(page, shape, of, about)
            joining += self._derived(page, shape, of)
            joining += self._notes(page, shape, of, about)
        yield view.Chapter(
            heading=index.heading,
            paragraphs=(*index.paragraphs, *_in_words(shape)),
            facts=index.facts,
            table=self._index(shape),
            sections=tuple(self._member(shape, one, about) for one in shape.members),
        )
        yield from joining
        yield from self._names(page, shape, of)

    # --- members ----------------------------------------------------------------------

    def _index(self, shape: ir.Structure | ir.Union) -> view.Table | None:
        """A table of the members; without descriptions where there are none."""
        if not shape.members:
            return None
        choice = isinstance(shape, ir.Structure)
        told = any(self._doc(member) for member in shape.members)
        rows = []
        for member in shape.members:
            name = md.text(md.name(member.name))
            anchor = self.links.members[shape.id, member.name].anchor
            row = [md.link(name, f"#{anchor}"), self.describe.type(member.target)]
            row += [is_required(member)] * choice + [self._line(member)] * told
            rows.append(row)
        columns = ["Member", "Type", *["Required"] * choice, *["Description"] * told]
        return md.table(columns, rows)

    def _line(self, member: ir.Member) -> str:
        """What a member is, in the one line of a table."""
        old = member.deprecated or self.schema.shapes[member.target].deprecated
        words = ("Deprecated." if old else "", md.sentence(self._doc(member)))
        return " ".join(filter(None, words))

    def _member(
        self, shape: ir.Structure | ir.Union, member: ir.Member, about: About
    ) -> view.Section:
        """All that there is to say about a member."""
        told = about.get(member.name, {})
        return view.Section(
            heading=self.links.members[shape.id, member.name],
            paragraphs=md.prose(self._doc(member)),
            facts=(
                *self.describe.member(member, choice=isinstance(shape, ir.Structure)),
                *(view.Fact(label=one, text=", ".join(told[one])) for one in told),
                *self.record.facts(shape, member),
            ),
        )

    def _doc(self, member: ir.Member) -> str | None:
        return member.doc or self.schema.shapes[member.target].doc

    # --- what joins members -----------------------------------------------------------

    def _rules(
        self, page: Page, shape: ir.Structure, of: str, about: About
    ) -> Iterator[view.Chapter]:
        if not shape.rules:
            return
        title = page.heading(f"Rules{of}", f"Rules of {shape.id}")
        sections = []
        for rule in shape.rules:
            heading = page.heading(rule.id, f"{rule.id} (rule)")
            _mention(about, rule.each or rule.at, "Rules", rule.id, heading)
            facts = [view.Fact(label="Severity", text=rule.severity)]
            start: str | None = shape.id
            if rule.each is not None:
                place, start = self._place(start, rule.each)
                facts.append(view.Fact(label="Looks at", text=f"each item of {place}"))
            if rule.at is not None:
                place, _ = self._place(start, rule.at)
                facts.append(view.Fact(label="Points at", text=place))
            sections.append(
                view.Section(
                    heading=heading,
                    paragraphs=md.prose(rule.message),
                    code=_cel(rule.cel),
                    facts=(*facts, *_sources(rule.sources)),
                )
            )
        yield view.Chapter(
            heading=title, paragraphs=(_RULES,), sections=tuple(sections)
        )

    def _derived(
        self, page: Page, shape: ir.Structure, of: str
    ) -> Iterator[view.Chapter]:
        if not shape.derived:
            return
        title = page.heading(f"Derived values{of}", f"Derived values of {shape.id}")
        sections = []
        for one in shape.derived:
            facts = [view.Fact(label="Type", text=one.type)]
            if one.unit is not None:
                facts.append(view.Fact(label="Unit", text=md.inline(one.unit)))
            sections.append(
                view.Section(
                    heading=page.heading(one.name, f"{one.name} (derived value)"),
                    paragraphs=md.prose(one.doc),
                    code=_cel(one.cel),
                    facts=(*facts, *_sources(one.sources)),
                )
            )
        yield view.Chapter(
            heading=title, paragraphs=(_DERIVED,), sections=tuple(sections)
        )

    def _notes(
        self, page: Page, shape: ir.Structure, of: str, about: About
    ) -> Iterator[view.Chapter]:
        if not shape.notes:
            return
        title = page.heading(f"Notes{of}", f"Notes of {shape.id}")
        items = []
        for note in shape.notes:
            _mention(about, note.at, "Notes", note.id, title)
            subject = f"**{md.text(note.id)}**"
            if note.at is not None:
                subject += f" ({self._place(shape.id, note.at)[0]})"
            words = [f"{subject}:", md.inline(note.doc)]
            words += [f"{one.label}: {one.text}." for one in _sources(note.sources)]
            items.append(" ".join(filter(None, words)))
        yield view.Chapter(heading=title, paragraphs=(_NOTES,), items=tuple(items))

    def _names(
        self, page: Page, shape: ir.Structure | ir.Union, of: str
    ) -> Iterator[view.Chapter]:
        """What each system calls the members; nothing where there is one system."""
        paths = self.ways.get(shape.id, ())
        rows = [
            list(spellings(self.schema, paths[0], member, {}))
            for member in (shape.members if paths else ())
        ]
        if not rows or len(rows[0]) <= _FEW_SYSTEMS:
            return
        systems = [one.system for one in rows[0]]
        title = f"Names in every system{of}"
        yield view.Chapter(
            heading=page.heading(title, f"Names of {shape.id} in every system"),
            paragraphs=(_NAMES,),
            table=md.table(
                systems,
                [[md.code(_named(one)) for one in row] for row in rows],
            ),
        )

    def _place(self, start: str | None, path: str) -> tuple[str, str | None]:
        """A path as a link to the member at its end, and the shape of items there."""
        target, owner, name = start, "", ""
        for name, inside in _STEP.findall(path):
            shape = self.schema.shapes.get(target or "")
            if not isinstance(shape, ir.Structure | ir.Union):
                return md.code(path), None
            owner = shape.id
            target = next((m.target for m in shape.members if m.name == name), None)
            for _ in range(len(inside) // 2):
                target = self._item(target)
        if (owner, name) not in self.links.members:
            return md.code(path), None
        link = md.link(md.code(path), self.links.member(owner, name))
        return link, self._item(target) or target

    def _item(self, target: str | None) -> str | None:
        """The shape of what is in a list or a map."""
        match self.schema.shapes.get(target or ""):
            case ir.List(member=item) | ir.Map(value=item):
                return item
            case _:
                return None


def _in_words(shape: ir.Structure | ir.Union) -> Iterator[str]:
    """What a table of members cannot say."""
    if not shape.members:
        yield "It has no members."
    elif isinstance(shape, ir.Union):
        yield "A value has exactly one of these members."


def _mention(
    about: About, path: str | None, label: str, name: str, heading: view.Heading
) -> None:
    """Let the member that a path begins with point at what is said about it."""
    first = _STEP.match(path or "")
    if first is not None:
        link = md.link(md.text(name), f"#{heading.anchor}")
        about.setdefault(first[1], {}).setdefault(label, []).append(link)


def _named(one: Spelling) -> str:
    """A name, with the type of a column."""
    return (
        f"{one.text} ({one.type})" if one.system == "DDSQL" and one.type else one.text
    )


def _cel(expression: str) -> view.Code:
    lines, fence = md.block(expression)
    return view.Code(lines=lines, fence=fence)


def _sources(sources: Iterable[str]) -> Iterator[view.Fact]:
    named = [md.code(source) for source in sources]
    if named:
        label = "Source" if len(named) == 1 else "Sources"
        yield view.Fact(label=label, text=md.words(named))
