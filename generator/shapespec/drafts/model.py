"""What a draft is: the spec language as frozen types, with notes and comments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from operator import is_
from typing import NamedTuple, TypeAlias

from shapespec.contract.schema import Bounds, Deprecated, Http
from shapespec.ground.values import Json
from shapespec.records import dataclass

UNBOUNDED = Bounds()


class Note(NamedTuple):
    """Something that the source says and the spec does not say in the same way.

    Attributes:
        rule: A limitation of `limits.LIMITATIONS`.
        said: What it is here: the pattern and why it is refused, the keyword.
        keyword: The keyword or trait of the source that is not carried.
        digest: Digits that tell what the source says there, where `said` does not.
    """

    rule: str
    said: str
    keyword: str = ""
    digest: str = ""


class Noted(NamedTuple):
    """A note and where it belongs, as the spec names the place.

    Attributes:
        at: The place.
        note: The note.
        whole: Whether it concerns the whole, and the place is that in the source.
    """

    at: str
    note: Note
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value of an enum."""

    text: str
    doc: str | None = None
    python: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A condition across the members of a structure, in CEL.

    Attributes:
        id: Of letters, digits and `-`.
        cel: An expression that is true of what is right.
        message: What is wrong where it is false.
        remark: What a reader of the spec should see beside it.
        note: The note that takes its place if it cannot be compiled.
        asks: The members that it is about.
        shapes: The shapes that it asks values to conform to.
        exact: Those of them of which nothing may have a note, since the rule refuses
            what conforms to them.
        instead: What it says where that is not so, beside its note; else nothing.
    """

    id: str
    cel: str
    message: str
    remark: str | None = None
    note: Note | None = None
    asks: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    instead: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of a structure or a union.

    Attributes:
        name: As the spec has it.
        target: Its shape.
        nullable: Whether null is a value of it; none where the draft says that of all.
        names: Its names in forms that have names of their own, by form.
        remark: What a reader of the spec should see beside it.
        demanded: Where the source says that it is required, if that has a place.
    """

    name: str
    target: Target
    required: bool = False
    nullable: bool | None = None
    default: tuple[Json] | None = None
    examples: tuple[Json, ...] = ()
    python: str | None = None
    doc: str | None = None
    deprecated: Deprecated | None = None
    sensitive: bool = False
    names: tuple[tuple[str, str], ...] = ()
    remark: str | None = None
    notes: tuple[Note, ...] = ()
    demanded: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A shape; without any trait it is a built-in type.

    Attributes:
        type: One of the language's types, or `one_of`.
        const: The only value that is right, in a tuple of one.
        allowed: The values that are right, of a type that is no enum.
        closed: Whether it has no members but its own, if that is said of it.
        claimed: Whether its constraints are claims, if that is said of it.
        prefix: The shapes of the first items of a list.
        options: The shapes that a value of `one_of` may have.
        discriminator: The member that tells which of them an object has.
        mapping: Its values, and the ids of the shapes.
        otherwise: The id of the shape that an object without it has; empty for none.
        demanded: Where the source says how many items there have to be, if anywhere.
        remark: What a reader of the spec should see beside it.
    """

    type: str
    length: Bounds = UNBOUNDED
    demanded: str = field(default="", compare=False)
    range: Bounds = UNBOUNDED
    multiple_of: float | None = None
    pattern: str | None = None
    format: str | None = None
    const: tuple[Json] | None = None
    allowed: tuple[Json, ...] = ()
    unique_items: bool = False
    sparse: bool = False
    streaming: bool = False
    open: bool = False
    closed: bool | None = None
    values: tuple[Value, ...] = ()
    members: tuple[Member, ...] = ()
    rules: tuple[Rule, ...] = ()
    prefix: tuple[Target, ...] = ()
    options: tuple[Target, ...] = ()
    discriminator: str | None = None
    mapping: tuple[tuple[str, str], ...] = ()
    otherwise: str = ""
    member: Target | None = None
    key: Target | None = None
    value: Target | None = None
    doc: str | None = None
    deprecated: Deprecated | None = None
    sensitive: bool = False
    claimed: bool | None = None
    examples: tuple[Json, ...] = ()
    remark: str | None = None
    notes: tuple[Note, ...] = ()

    def noting(self, rule: str, said: str, keyword: str = "") -> Shape:
        """The same shape with one more note."""
        return replace(self, notes=(*self.notes, Note(rule, said, keyword)))


Target: TypeAlias = "str | Shape"
"""The id of a shape, or a shape in place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation, with the ids of its shapes.

    Attributes:
        outputs: What comes back by status, in place of `output` and `errors`.
    """

    name: str
    input: str | None = None
    output: str | None = None
    errors: tuple[str, ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()
    doc: str | None = None
    deprecated: Deprecated | None = None
    http: Http | None = None
    api_version: str | None = None
    pagination: Mapping[str, Json] | None = None
    notes: tuple[Note, ...] = ()

    def named(self) -> tuple[str, ...]:
        """The ids of all that comes back and is sent, what comes back first."""
        back = (self.output, *dict(self.outputs).values())
        return tuple(one for one in (*back, self.input, *self.errors) if one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form that the responses come in.

    Attributes:
        keys: How members are spelt, if not as in the spec.
    """

    name: str
    doc: str
    read: tuple[str, ...]
    write: str
    keys: str | None = None
    extra_members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A spec to be.

    Attributes:
        command: What wrote it.
        origin: What it was made of, line by line.
        shapes: By the ids that the source gives them.
        roots: The ids of what is used on its own.
        notes: What concerns the whole.
        claimed: Whether constraints are claims, where a shape does not say so itself.
        closed: Whether structures have no members but their own, where they do not say.
        formats: Whether a string without its format is an error (`assert`), or not
            (`annotate`).
        nulls: What null is for a member that does not say: `absent` or `invalid`.
    """

    command: str
    origin: tuple[str, ...]
    package: str
    title: str | None
    shapes: Mapping[str, Shape]
    operations: tuple[Operation, ...] = ()
    roots: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()
    doc: str | None = None
    notes: tuple[Note, ...] = ()
    claimed: bool = False
    closed: bool = False
    formats: str = "assert"
    nulls: str = "absent"


def targets(shape: Shape) -> Iterator[Target]:
    """What a shape refers to directly, by id or in place."""
    for member in shape.members:
        yield member.target
    yield from shape.options
    yield from shape.prefix
    for target in (shape.member, shape.key, shape.value):
        if target is not None:
            yield target


def references(shape: Shape) -> Iterator[str]:
    """The ids that a shape and the shapes in place within it refer to.

    Those that rules ask for are among them.
    """
    for rule in shape.rules:
        yield from rule.shapes
    for target in targets(shape):
        if isinstance(target, str):
            yield target
        else:
            yield from references(target)


def with_targets(shape: Shape, change: Callable[[Target], Target]) -> Shape:
    """A shape with each of its direct targets changed."""
    if not (shape.members or shape.options or shape.prefix) and (
        shape.member is shape.key is shape.value is None
    ):
        return shape
    members = tuple(_led(one, change(one.target)) for one in shape.members)
    options = tuple(map(change, shape.options))
    prefix = tuple(map(change, shape.prefix))
    mapping = tuple((tag, _name(change(one))) for tag, one in shape.mapping)
    otherwise = shape.otherwise and _name(change(shape.otherwise))
    item, key, value = (
        None if one is None else change(one)
        for one in (shape.member, shape.key, shape.value)
    )
    beside: tuple[object, ...] = (shape.member, shape.key, shape.value)
    was = (*shape.members, *shape.options, *shape.prefix, *beside)
    now = (*members, *options, *prefix, item, key, value)
    if all(map(is_, now, was)) and (mapping, otherwise) == (
        shape.mapping,
        shape.otherwise,
    ):
        return shape
    return replace(
        shape,
        members=members,
        options=options,
        prefix=prefix,
        mapping=mapping,
        otherwise=otherwise,
        member=item,
        key=key,
        value=value,
    )


def _led(member: Member, target: Target) -> Member:
    return member if target is member.target else replace(member, target=target)


def _name(target: Target) -> str:
    """The id that a mapping leads to; what is in place has none."""
    return target if isinstance(target, str) else ""


def each_shape(
    shapes: Mapping[str, Shape], change: Callable[[Shape], Shape]
) -> dict[str, Shape]:
    """The shapes with a change made to each, those in place first."""

    def deep(shape: Shape) -> Shape:
        return change(with_targets(shape, inner))

    def inner(target: Target) -> Target:
        return target if isinstance(target, str) else deep(target)

    return {name: deep(shape) for name, shape in shapes.items()}


def all_notes(draft: Draft) -> Iterator[Noted]:
    """Every note of a draft, in the order in which it is written."""
    yield from (Noted(note.said, note, whole=True) for note in draft.notes)
    for operation in draft.operations:
        yield from _at(operation.name, operation.notes)
    for name, shape in draft.shapes.items():
        yield from _within(name, shape)


def _within(at: str, shape: Shape) -> Iterator[Noted]:
    yield from _at(at, shape.notes)
    for member in shape.members:
        place = f"{at}.{member.name}"
        yield from _at(place, member.notes)
        yield from _below(place, member.target)
    for option in shape.options:
        yield from _below(at, option)
    for number, item in enumerate(shape.prefix):
        yield from _below(f"{at}[{number}]", item)
    for part, sign in ((shape.member, "[]"), (shape.key, "{key}"), (shape.value, "{}")):
        if part is not None:
            yield from _below(at + sign, part)


def _below(at: str, target: Target) -> Iterator[Noted]:
    if not isinstance(target, str):
        yield from _within(at, target)


def _at(place: str, notes: Iterable[Note]) -> Iterator[Noted]:
    return (Noted(place, note) for note in notes)
