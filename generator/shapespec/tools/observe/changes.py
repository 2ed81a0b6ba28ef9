"""Changes of a spec by meaning, and the edits of its text that make them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping as Dict, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from shapespec.compiler import compile_spec
from shapespec.contract import constraints, naming, schema as ir
from shapespec.contract.constraints import KEYWORDS
from shapespec.diagnostics.model import Faults
from shapespec.ground.source import SourceFile
from shapespec.language import yaml_tree
from shapespec.language.yaml_tree import Mapping, Node
from shapespec.tools.observe import edits
from shapespec.tools.observe.edits import Edit

UNEXPLAINED = "Seen in responses; no document explains it."
"""The doc of a value that joins an enum, where the others have docs."""


class MakeOptional(NamedTuple):
    """A member is no longer required."""

    owner: str
    member: str


class AddValue(NamedTuple):
    """An enum has another value."""

    enum: str
    value: str


class Relax(NamedTuple):
    """A keyword's violation is a warning."""

    shape: str
    keyword: str

    @property
    def decision(self) -> str:
        """The id of the decision that has to say why."""
        words = naming.snake_case(f"{self.shape}_{self.keyword}")
        return f"observed-{re.sub('[^a-z0-9]+', '-', words)}"


class MakeSparse(NamedTuple):
    """An item of a list or a value of a map may be null."""

    shape: str


class Confirm(NamedTuple):
    """Claims are facts: those of a shape, or of a member and what is written in it."""

    shape: str
    member: str
    keywords: tuple[str, ...]


Change: TypeAlias = MakeOptional | AddValue | Relax | MakeSparse | Confirm


class Editor:
    """Makes changes in the text of a spec."""

    def __init__(self, source: SourceFile, schema: ir.Schema) -> None:
        """Change a spec that means `schema`."""
        self._source = source
        self._schema = schema
        self._text = source.text
        self._shapes = edits.child(yaml_tree.compose(source), "shapes")

    def feasible(self, changes: Sequence[Change]) -> list[Change]:
        """The changes that can be made so that the spec means just that, and is right.

        The edits are tried out together; where that fails, in halves.
        """
        kept: list[Change] = []
        pending = [[one for one in changes if self._edits([one])]]
        while pending:
            group = pending.pop()
            if self._succeeds([*kept, *group]):
                kept += group
            elif len(group) > 1:
                middle = len(group) // 2
                pending += [group[middle:], group[:middle]]
        return kept

    def _succeeds(self, changes: Sequence[Change]) -> bool:
        text = self.changed(changes)
        try:
            found = compile_spec(SourceFile(self._source.name, text))
        except Faults:
            return False
        wanted = _with_changes(self._schema.shapes, changes)
        return {
            name: _without_docs(shape, changes) for name, shape in found.shapes.items()
        } == wanted

    def changed(self, changes: Iterable[Change]) -> str:
        """The text with changes made."""
        return edits.applied(self._text, self._edits(changes))

    def _edits(self, changes: Iterable[Change]) -> list[Edit]:
        found: list[Edit | None] = []
        values: dict[str, list[str]] = defaultdict(list)
        relaxed: dict[str, list[Relax]] = defaultdict(list)
        for change in changes:
            match change:
                case MakeOptional(owner=owner, member=name):
                    members = edits.child(self._node(owner), "members")
                    member = edits.child(members, name)
                    found.append(edits.without_entry(self._text, member, "required"))
                case AddValue(enum=enum, value=value):
                    values[enum].append(value)
                case Relax(shape=shape):
                    relaxed[shape].append(change)
                case MakeSparse(shape=shape):
                    found.append(self._sparse(shape))
                case Confirm():
                    found.append(self._confirmed(change))
        found += [self._with_values(enum, new) for enum, new in values.items()]
        found += [self._relaxed(shape, new) for shape, new in relaxed.items()]
        return [edit for edit in found if edit is not None]

    def _with_values(self, enum: str, new: Iterable[str]) -> Edit | None:
        node = edits.child(self._node(enum), "values")
        items = [edits.scalar(value) for value in new]
        if isinstance(node, Mapping):
            items = [f"{item}: {UNEXPLAINED}" for item in items]
        return edits.with_items(self._text, node, items)

    def _relaxed(self, shape: str, new: Sequence[Relax]) -> Edit | None:
        node = self._node(shape)
        entries = [f"{one.keyword}: {one.decision}" for one in new]
        there = edits.child(node, "relaxed")
        if there is not None:
            return edits.with_items(self._text, there, entries)
        behind = KEYWORDS[new[0].keyword].trait
        entry = f"relaxed: {{{', '.join(entries)}}}"
        return edits.with_entry_behind(self._text, node, behind, entry)

    def _sparse(self, shape: str) -> Edit | None:
        node = self._node(shape)
        there = edits.child(node, "sparse")
        if there is not None:
            return edits.in_place(self._text, there, "true")
        return edits.with_items(self._text, node, ["sparse: true"])

    def _confirmed(self, change: Confirm) -> Edit | None:
        node = self._node(change.shape)
        if change.member:
            node = edits.child(edits.child(node, "members"), change.member)
        left = [one for one in self._claims(change) if one not in change.keywords]
        value = f"[{', '.join(left)}]" if left else "false"
        there = edits.child(node, "claimed")
        if there is not None:
            return edits.in_place(self._text, there, value)
        return edits.with_items(self._text, node, [f"claimed: {value}"])

    def _claims(self, change: Confirm) -> Iterator[str]:
        """All that is claimed where a change is to be made."""
        shape = self._schema.shapes[change.shape]
        for one in _members(shape) if change.member else ():
            if one.name == change.member:
                if one.claimed:
                    yield "required"
                if one.target.startswith(f"{shape.id}$"):
                    shape = self._schema.shapes[one.target]
                    yield from (each.keyword for each in _claimed(shape))
        if not change.member:
            yield from (each.keyword for each in _claimed(shape))

    def _node(self, shape: str) -> Node | None:
        """Where the spec declares a shape, by its id."""
        name, *steps = re.split(r"(?<!\$)\$(?!\$)", shape)
        node = edits.child(self._shapes, name)
        for step in steps:
            members = edits.child(node, "members")
            if members is not None:
                node = edits.child(members, step.replace("$$", "$"))
            else:
                node = edits.child(node, step)
        return node


def _with_changes(
    shapes: Dict[str, ir.Shape], changes: Iterable[Change]
) -> dict[str, ir.Shape]:
    """What the shapes are to be once the changes are made."""
    found = dict(shapes)
    for change in changes:
        match change, found[change[0]]:
            case MakeOptional(member=name), (ir.Structure() as shape):
                members = tuple(
                    replace(one, required=False, claimed=False)
                    if one.name == name
                    else one
                    for one in shape.members
                )
                found[shape.id] = replace(shape, members=members)
            case AddValue(value=value), (ir.Enum(values=values) as shape):
                new = ir.EnumValue(
                    value=value,
                    python=naming.constant(value),
                    span=values[-1].span,
                )
                found[shape.id] = replace(shape, values=(*values, new))
            case (
                Relax(keyword=keyword),
                (
                    ir.String() | ir.Integer() | ir.Float() | ir.List() | ir.Map()
                ) as shape,
            ):
                new_one = ir.Relaxation(keyword, change.decision)
                left = _without(shape.relaxed, [keyword])
                decided = tuple(one for one in left if one.decision)
                relaxed = (*decided, new_one, *left[len(decided) :])
                found[shape.id] = replace(shape, relaxed=relaxed)
            case MakeSparse(), (ir.List() | ir.Tuple() | ir.Map()) as shape:
                found[shape.id] = replace(shape, sparse=True)
            case Confirm(member="", keywords=keywords), shape:
                found[shape.id] = _stated(shape, keywords)
            case (
                Confirm(member=name, keywords=keywords),
                (ir.Structure() | ir.Union()) as shape,
            ):
                for one in shape.members:
                    if one.name == name and one.target.startswith(f"{shape.id}$"):
                        found[one.target] = _stated(found[one.target], keywords)
                if isinstance(shape, ir.Structure) and "required" in keywords:
                    members = tuple(
                        replace(one, required=True, claimed=False)
                        if one.name == name
                        else one
                        for one in shape.members
                    )
                    found[shape.id] = replace(shape, members=members)
            case _:
                pass
    return found


def _members(shape: ir.Shape) -> tuple[ir.Member, ...]:
    return shape.members if isinstance(shape, ir.Structure | ir.Union) else ()


def _claimed(shape: ir.Shape) -> Iterator[ir.Relaxation]:
    """The keywords of a shape that are claims."""
    if constraints.of(shape):
        yield from (one for one in getattr(shape, "relaxed", ()) if not one.decision)


def _without(
    relaxed: tuple[ir.Relaxation, ...], keywords: Iterable[str]
) -> tuple[ir.Relaxation, ...]:
    """What is relaxed, without claims about some keywords."""
    gone = frozenset(keywords)
    return tuple(one for one in relaxed if one.decision or one.keyword not in gone)


def _stated(shape: ir.Shape, keywords: Iterable[str]) -> ir.Shape:
    """A shape some of whose claims are facts."""
    if isinstance(
        shape, ir.String | ir.Integer | ir.Float | ir.List | ir.Map | ir.Blob
    ):
        return replace(shape, relaxed=_without(shape.relaxed, keywords))
    return shape


def _without_docs(shape: ir.Shape, changes: Iterable[Change]) -> ir.Shape:
    """A shape without the docs of values that were added."""
    if not isinstance(shape, ir.Enum):
        return shape
    values = tuple(
        replace(one, doc=None) if AddValue(shape.id, one.value) in changes else one
        for one in shape.values
    )
    return replace(shape, values=values)
