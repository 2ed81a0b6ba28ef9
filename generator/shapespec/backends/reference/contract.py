"""From the schema to what there is to say about each of its parts."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from shapespec import cel
from shapespec.backends import wording
from shapespec.backends.python_package import main_root
from shapespec.backends.reference import quantity, rich, view
from shapespec.backends.reference.describe import (
    FEW,
    Describer,
    deprecated,
    examples,
    grows,
    to_member,
    to_shape,
    to_source,
)
from shapespec.backends.reference.places import Way, ways
from shapespec.backends.reference.reads import inside, member_of, reads
from shapespec.backends.reference.record import Record
from shapespec.backends.reference.rich import Rich, Target
from shapespec.backends.reference.spellings import spellings
from shapespec.contract import schema as ir

_DEEPEST = 12
"""As deep is the tree of members followed."""

_MOST_PLACES = 50
"""As many places are shown at which something is not carried; the spec has all."""

_EFFECTS = {
    "looser": "accepts what the source refuses",
    "stricter": "may refuse what the source accepts",
    "none": "makes no difference to values",
}
_MOST_BRANCHES = 1500
"""As many members does a tree have; a larger one ends at links."""


class ContractDescriber:
    """Describes the parts of one contract, each when it is asked for."""

    def __init__(self, schema: ir.Schema) -> None:
        """Describe `schema`."""
        self.schema = schema
        self.describe = Describer(schema)
        self.record = Record(schema)

    # --- the whole --------------------------------------------------------------------

    def not_carried(self) -> Iterator[Rich]:
        """What the source says and the contract does not, by limitation."""
        found: dict[str, list[ir.LeftOut]] = {}
        for one in self.schema.not_carried:
            found.setdefault(one.rule, []).append(one)
        for rule, several in found.items():
            first = several[0]
            shown = [_place(one) for one in several[:_MOST_PLACES]]
            more = len(several) - len(shown)
            yield rich.line(
                rich.code(rule),
                f", {_EFFECTS[first.effect]}: ",
                rich.inline(first.means),
                ": ",
                rich.join(", ", shown),
                f" and {more} more" if more else "",
            )

    def operations(self) -> Iterator[view.Operation]:
        """The calls, in the spec's order."""
        for one in self.schema.operations:
            yield view.Operation(
                target=Target("operation", one.name),
                name=one.name,
                doc=rich.prose(one.doc),
                deprecated=deprecated(one.deprecated),
                input=one.input,
                output=one.output,
                sent=self.describe.type(one.input) if one.input else (),
                returned=self.body(one.output) if one.output else (),
                errors=tuple(
                    (
                        to_shape(name),
                        rich.sentence(self.schema.shapes[name].doc),
                    )
                    for name in one.errors
                ),
                facts=(*self._answers(one), *_operation_facts(one)),
            )

    def _answers(self, operation: ir.Operation) -> Iterator[view.Fact]:
        """What comes back by status; where there is one, what a list or map demands."""
        given = operation.outputs or (("", operation.output or ""),)
        told: list[Rich] = []
        for status, name in given:
            shape = self.schema.shapes.get(name)
            if shape is None:
                continue
            demands = () if ir.has_page(shape) else tuple(wording.constraints(shape))
            more = f" ({', '.join(demands)})" if demands else ""
            if status:
                told.append(rich.line(rich.code(status), ": ", self.body(name), more))
            elif demands:
                told.append((", ".join(demands),))
        if told:
            label = "Statuses" if operation.outputs else "Bounds of the response"
            yield view.Fact(label=label, text=rich.join("; ", told))

    def body(self, name: str) -> Rich:
        """What is sent or comes back: a link, and what a list or a map is made of."""
        link = to_shape(name)
        if ir.has_page(self.schema.shapes[name]):
            return link
        spelt = self.describe.type(name)
        article = "an" if rich.plain(spelt)[:1] in "aeiou" else "a"
        return rich.line(link, f", {article} ", spelt)

    def shapes(self) -> Iterator[view.Shape]:
        """The shapes that are explained, in the spec's order."""
        yield from map(self.shape, ir.explained(self.schema))

    def forms(self) -> Iterator[view.Form]:
        """How each system writes a response; the examples are added by others."""
        written = self.schema.examples.get(main_root(self.schema) or "", {})
        for form in self.schema.forms:
            yield view.Form(
                target=Target("form", form.name),
                name=form.name,
                doc=rich.inline(form.doc or ""),
                facts=tuple(form_facts(form)),
                example=written.get(form.name, ""),
            )

    # --- shapes -----------------------------------------------------------------------

    def shape(self, shape: ir.Shape) -> view.Shape:
        """All that there is to say about a shape."""
        members: tuple[view.Member, ...] = ()
        values: tuple[view.Value, ...] = ()
        if isinstance(shape, ir.Enum):
            values = self._values(shape)
        elif isinstance(shape, ir.Structure | ir.Union):
            members = tuple(self.member(shape, one) for one in shape.members)
        structure = shape if isinstance(shape, ir.Structure) else None
        return view.Shape(
            target=Target("shape", shape.id),
            id=shape.id,
            kind=self.describe.kind(shape.id),
            doc=rich.prose(shape.doc),
            deprecated=deprecated(shape.deprecated),
            sensitive=shape.sensitive,
            examples=examples(shape, shape.examples),
            type=() if ir.has_page(shape) else self.describe.type(shape.id),
            demands=()
            if ir.has_page(shape)
            else tuple(self.describe.demands_of(shape)),
            members=members,
            values=values,
            options=tuple(self.describe.options(shape))
            if isinstance(shape, ir.OneOf)
            else (),
            grows=grows(shape) if isinstance(shape, ir.Enum | ir.OneOf) else "",
            closed=_closed(shape),
            rules=tuple(self.rules(structure)) if structure else (),
            derived=tuple(self.derived(structure)) if structure else (),
            notes=tuple(self.notes(structure)) if structure else (),
            uses=tuple(self.uses(shape.id)),
        )

    def member(self, shape: ir.Structure | ir.Union, member: ir.Member) -> view.Member:
        """All that there is to say about a member."""
        target = self.schema.shapes[member.target]
        key = (shape.id, member.name)
        choice = isinstance(shape, ir.Structure)
        few = self._few_values(member.target)
        own_page = ir.has_page(target)
        meaning = self.describe.meaning(member)
        doc = rich.prose(member.doc or target.doc)
        given = member.examples or (() if own_page else target.examples)
        paths = self.ways.get(shape.id, ())
        born, gone = self.record.days(*key)
        return view.Member(
            target=Target("member", *key),
            name=rich.name(member.name),
            brief=rich.sentence(member.doc or target.doc),
            doc=(*doc, meaning) if meaning else doc,
            type=self.describe.type(member.target),
            kind=self.describe.kind(member.target),
            required=member.required if choice else None,
            claimed=member.claimed,
            deprecated=deprecated(member.deprecated or target.deprecated),
            sensitive=member.sensitive or target.sensitive,
            demands=tuple(self.describe.demands(member, few)),
            values=self._values(few) if few else (),
            open=few is not None and few.open,
            grows=grows(few) if few else "",
            examples=examples(target, given),
            spellings=tuple(self._spellings(paths, shape, member)),
            rules=self.mentions.get(("rule", *key), ()),
            notes=self.mentions.get(("note", *key), ()),
            presence=self.record.presence(*key),
            required_by=() if member.required else self.record.required_by(*key),
            statements=tuple(self.record.statements(*key)),
            since=self.record.since(*key),
            released=self.record.released(*key),
            born=born,
            gone=gone,
            past=tuple(self.record.past(*key)),
            decisions=self.record.decided(*key),
            at=tuple(way.path(member) for way in paths),
        )

    def _values(self, shape: ir.Enum) -> tuple[view.Value, ...]:
        """The values of an enum, each with the day it was first stated."""
        return tuple(
            replace(one, since=self.record.value_since(shape.id, one.target.name))
            for one in self.describe.values(shape)
        )

    def _few_values(self, target: str) -> ir.Enum | None:
        """The enum that a member is, or that it lists, if its values are few."""
        found: str | None = target
        seen: set[str | None] = set()
        while found not in seen:
            seen.add(found)
            shape = self.schema.shapes.get(found or "")
            if isinstance(shape, ir.Enum):
                return shape if len(shape.values) <= FEW else None
            found = inside(self.schema, found)
        return None

    def _spellings(
        self,
        paths: tuple[Way, ...],
        shape: ir.Structure | ir.Union,
        member: ir.Member,
    ) -> Iterator[view.Spelling]:
        if paths:
            types = self.record.types(shape.id, member.name)
            yield from spellings(self.schema, paths[0], member, types)

    @cached_property
    def ways(self) -> Mapping[str, tuple[Way, ...]]:
        """The ways to each structure."""
        return ways(self.schema)

    # --- what joins members -----------------------------------------------------------

    @cached_property
    def mentions(self) -> Mapping[tuple[str, str, str], tuple[view.Mention, ...]]:
        """The rules and notes about each member: by kind, shape and name.

        A rule is about every member that it reads, and about the one it points at.
        """
        found: dict[tuple[str, str, str], dict[str, view.Mention]] = {}
        for shape in self.schema.shapes.values():
            if not isinstance(shape, ir.Structure):
                continue
            for rule in shape.rules:
                mention = view.Mention(
                    target=Target("rule", shape.id, rule.id),
                    id=rule.id,
                    severity=_severity(rule),
                    text=rich.sentence(rule.message),
                )
                for key in self._about(shape, rule):
                    found.setdefault(("rule", *key), {})[rule.id] = mention
            for note in shape.notes:
                place = self._at(shape.id, note.at or "")
                if place is not None:
                    mention = view.Mention(
                        target=Target("note", shape.id, note.id),
                        id=note.id,
                        severity="",
                        text=rich.sentence(note.doc),
                    )
                    found.setdefault(("note", *place), {})[note.id] = mention
        return {key: tuple(named.values()) for key, named in found.items()}

    def _about(self, shape: ir.Structure, rule: ir.Rule) -> tuple[tuple[str, str], ...]:
        """The members that a rule reads, and the one that it points at."""
        read = reads(self.schema, shape, rule)
        start = self._item_of(shape.id, rule.each) if rule.each else shape.id
        pointed = self._at(start, rule.at or "")
        return tuple(dict.fromkeys((*read, *((pointed,) if pointed else ()))))

    def rules(self, shape: ir.Structure) -> Iterator[view.Rule]:
        """The rules of a structure."""
        for rule in shape.rules:
            points = []
            start: str | None = shape.id
            if rule.each is not None:
                place = self._to_place(start, rule.each)
                points.append(
                    view.Fact(label="Looks at", text=rich.line("each item of ", place))
                )
                start = self._item_of(start, rule.each)
            if rule.at is not None:
                place = self._to_place(start, rule.at)
                points.append(view.Fact(label="Points at", text=place))
            asked = tuple(map(self._asked, cel.shapes_asked(cel.read(rule.cel))))
            if asked:
                points.append(view.Fact(label="Asks for", text=rich.words(asked)))
            yield view.Rule(
                target=Target("rule", shape.id, rule.id),
                id=rule.id,
                severity=_severity(rule),
                message=rich.prose(rule.message),
                cel=rich.block(rule.cel),
                points=tuple(points),
                reads=tuple(
                    Target("member", *key) for key in reads(self.schema, shape, rule)
                ),
                sources=tuple(map(to_source, rule.sources)),
            )

    def _asked(self, name: str) -> Rich:
        """A shape that a rule asks for; what has no page is spelt out."""
        if ir.has_page(self.schema.shapes[name]) or name in self.schema.roots:
            return to_shape(name)
        return self.describe.type(name)

    def derived(self, shape: ir.Structure) -> Iterator[view.Derived]:
        """What follows from the members of a structure."""
        for one in shape.derived:
            facts = [view.Fact(label="Type", text=(one.type,))]
            if one.unit is not None:
                facts.append(
                    view.Fact(
                        label="Unit", text=rich.inline(quantity.in_full(one.unit))
                    )
                )
            yield view.Derived(
                target=Target("derived", shape.id, one.name),
                name=one.name,
                doc=rich.prose(one.doc),
                cel=rich.block(one.cel),
                facts=tuple(facts),
                sources=tuple(map(to_source, one.sources)),
            )

    def notes(self, shape: ir.Structure) -> Iterator[view.Note]:
        """Facts about the members that cannot be checked in a response."""
        for note in shape.notes:
            about = self._at(shape.id, note.at) if note.at else None
            yield view.Note(
                target=Target("note", shape.id, note.id),
                id=note.id,
                doc=rich.inline(note.doc),
                place=self._to_place(shape.id, note.at) if note.at else (),
                about=Target("member", *about) if about else None,
                sources=tuple(map(to_source, note.sources)),
            )

    def _to_place(self, start: str | None, path: str) -> Rich:
        """A path, as a link to the member at its end."""
        key = self._at(start, path)
        if key is None:
            return rich.code(path)
        return (rich.Link(rich.code(path), Target("member", *key)),)

    def _at(self, start: str | None, path: str) -> tuple[str, str] | None:
        """The member at the end of a path, by shape and name."""
        key = None
        target = start
        for step in cel.steps(path) if path else ():
            member = member_of(self.schema, target, step.name)
            if member is None or target is None:
                return None
            key = (target, member.name)
            target = inside(self.schema, member.target) if step.items else member.target
        return key

    def _item_of(self, start: str | None, path: str) -> str | None:
        """The shape of the items of the list that a path leads to."""
        key = self._at(start, path)
        member = member_of(self.schema, *key) if key else None
        return inside(self.schema, member.target) if member else None

    # --- what uses a shape ------------------------------------------------------------

    def uses(self, name: str) -> Iterator[view.Use]:
        """What uses a shape: operations, members through lists and maps, enums."""
        for operation in self.schema.operations:
            to = rich.link(operation.name, Target("operation", operation.name))
            for role, shape in (
                ("request", operation.input),
                ("response", operation.output),
                *(("error", error) for error in operation.errors),
            ):
                if shape == name:
                    yield view.Use(by=to, role=f"as {role}")
            known = (operation.output, *operation.errors)
            for status, shape in operation.outputs:
                if shape == name and shape not in known:
                    yield view.Use(by=to, role=f"as response with status {status}")
        for enum in self._grouped.get(name, ()):
            yield view.Use(by=to_shape(enum), role="to group its values")
        found: dict[str, dict[str, None]] = {}
        seen = {name}
        pending = deque(seen)
        while pending:
            part = pending.popleft()
            for user, member in self.schema.uses[part]:
                using = self.schema.shapes[user]
                if isinstance(using, ir.Structure | ir.Union):
                    found.setdefault(user, {})[member] = None
                elif isinstance(using, ir.OneOf) and using.named:
                    yield view.Use(by=to_shape(user), role="as an option")
                elif user not in seen:
                    seen.add(user)
                    pending.append(user)
                    passed = part != name and part in self.schema.roots
                    if user in self.schema.roots and not passed:
                        yield view.Use(by=to_shape(user), role=_role(using, part))
        for user, rules in self._asking.get(name, {}).items():
            links = (rich.link(one, Target("rule", user, one)) for one in rules)
            yield view.Use(by=to_shape(user), role="in rules", members=tuple(links))
        for user, members in found.items():
            yield view.Use(
                by=to_shape(user),
                members=tuple(to_member(user, member) for member in members),
            )

    @cached_property
    def _grouped(self) -> Mapping[str, list[str]]:
        """The enums whose values belong to those of another."""
        found: dict[str, list[str]] = {}
        for shape in self.schema.shapes.values():
            if isinstance(shape, ir.Enum) and shape.grouped_by is not None:
                found.setdefault(shape.grouped_by, []).append(shape.id)
        return found

    @cached_property
    def _asking(self) -> Mapping[str, Mapping[str, list[str]]]:
        """By shape, the structures whose rules ask for it, with these rules."""
        found: dict[str, dict[str, list[str]]] = {}
        for shape in self.schema.shapes.values():
            for rule in shape.rules if isinstance(shape, ir.Structure) else ():
                for asked in cel.shapes_asked(cel.read(rule.cel)):
                    found.setdefault(asked, {}).setdefault(shape.id, []).append(rule.id)
        return found

    # --- the tree ---------------------------------------------------------------------

    def tree(self, root: str) -> tuple[view.Branch, ...]:
        """The members of a root, those of what they hold, and so on."""
        self._branches = 0
        return self._below(root, (root,))

    def _below(self, target: str, above: tuple[str, ...]) -> tuple[view.Branch, ...]:
        shape = self.schema.shapes[target]
        if not isinstance(shape, ir.Structure | ir.Union):
            inner = (
                self._below(one, (*above, one))
                for _, one in ir.targets(shape)
                if one not in above and len(above) <= _DEEPEST
            )
            return tuple(branch for branches in inner for branch in branches)
        self._branches += len(shape.members)
        return tuple(self._branch(shape, one, above) for one in shape.members)

    def _branch(
        self,
        shape: ir.Structure | ir.Union,
        member: ir.Member,
        above: tuple[str, ...],
    ) -> view.Branch:
        held: str | None = member.target
        marks, seen = "", set[str]()
        while (
            isinstance(kind := self.schema.shapes.get(held or ""), ir.List | ir.Map)
            and kind.id not in seen
        ):
            seen.add(kind.id)
            marks += "[]" if isinstance(kind, ir.List) else "{}"
            held = inside(self.schema, held)
        branches: tuple[view.Branch, ...] = ()
        again = False
        whole = ir.Structure | ir.Union | ir.OneOf
        if isinstance(kind, whole) and held is not None:
            again = (
                held in above
                or len(above) > _DEEPEST
                or self._branches > _MOST_BRANCHES
            )
            if not again:
                branches = self._below(held, (*above, held))
        old = member.deprecated or self.schema.shapes[member.target].deprecated
        return view.Branch(
            target=Target("member", shape.id, member.name),
            name=rich.name(member.name) + marks,
            kind=self.describe.kind(held or member.target),
            required=member.required,
            old=old is not None,
            below=branches,
            again=again,
        )


def _role(using: ir.Shape, part: str) -> str:
    """What a shape is in a list or a map that consists of it."""
    if not isinstance(using, ir.Map):
        return "as an item"
    return "as a key" if using.key == part else "as a value"


def _place(one: ir.LeftOut) -> Rich:
    """Where something is not carried, and by which keyword of the source it is said."""
    words = [one.at or one.source, *([one.keyword] if one.keyword else [])]
    return rich.join(" ", [rich.code(rich.name(word)) for word in words if word])


def _closed(shape: ir.Shape) -> str:
    """That a shape has no other members, in words; empty where it may have some."""
    closed = isinstance(shape, ir.Structure | ir.Union) and shape.closed
    return wording.CLOSED if closed else ""


def _severity(rule: ir.Rule) -> str:
    """What the findings of a rule weigh."""
    return "note" if rule.severity == "advice" else rule.severity


def _operation_facts(operation: ir.Operation) -> Iterator[view.Fact]:
    """The version of the API, and what turns pages."""
    if operation.api_version is not None:
        text = rich.code(rich.value(operation.api_version))
        yield view.Fact(label="API version", text=text)
    if operation.pagination is not None:
        parts = (
            rich.line(
                f"{name.replace('_', ' ')} ",
                rich.words(
                    rich.code(rich.name(str(one)))
                    for one in (value if isinstance(value, list) else [value])
                ),
            )
            for name, value in operation.pagination.stated().items()
        )
        text = rich.join("; ", parts) or ("yes",)
        yield view.Fact(label="Pages", text=text)


def form_facts(form: ir.Form) -> Iterator[view.Fact]:
    """How a form writes what others write in another way."""
    read = rich.words(((encoding(one),) for one in form.read), "or")
    yield view.Fact(label="Timestamps read", text=read)
    yield view.Fact(label="Timestamps written", text=(encoding(form.write),))
    spelling = tuple(form_spelling(form))
    if spelling:
        yield view.Fact(label="Spelling", text=rich.join("; ", spelling))
    if form.extra_members:
        extra = (
            rich.line(rich.code(rich.name(one)), f" ({form.extra_types[one]})")
            if one in form.extra_types
            else rich.code(rich.name(one))
            for one in form.extra_members
        )
        yield view.Fact(label="Extra members", text=rich.join(", ", extra))
    if form.table is not None:
        yield view.Fact(label="Table", text=rich.code(rich.name(form.table)))


def form_spelling(form: ir.Form) -> Iterator[Rich]:
    """What a form changes beside moments, in words."""
    if form.keys == "snake_case":
        yield ("members in snake case",)
    if form.keys == "named":
        yield ("members by names of its own",)
    if form.columns:
        named = [one for one in form.columns if one != "text"]
        if named:
            kinds = " or ".join({"json": "JSON"}.get(one, one) for one in named)
            yield (f"columns may be {kinds} text",)
        if "text" in form.columns:
            yield ("numbers and booleans may be text",)
    if form.vectors:
        yield ("single values may stand in lists",)
    for one in form.absent:
        yield (f"an {one.replace('-', ' ')} is an absent member",)
    if form.envelope is not None:
        member = rich.code(rich.name(form.envelope.member))
        yield rich.line("may be in an envelope, as ", member)


def encoding(name: str) -> str:
    """A timestamp encoding in words."""
    known = {"iso-8601": "ISO 8601 text", "http-date": "HTTP date"}
    return known.get(name, name.replace("-", " "))
