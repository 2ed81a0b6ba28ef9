"""The schema: a spec as meant, resolved and frozen. What every backend reads.

Shapes and traits carry the names that Smithy gives them. A shape refers to another
by id, so recursion is nothing special. A shape written in place, without a name,
has the id of its place, as in Smithy: `Channel$ContentType`, `Tags$member`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from shapespec.contract.facts import Decision, Ledger
from shapespec.contract.formats import Format
from shapespec.ground.source import Located, Span
from shapespec.ground.values import Json
from shapespec.patterns import Pattern
from shapespec.records import dataclass

BUILT_IN = (
    "string",
    "integer",
    "long",
    "float",
    "double",
    "boolean",
    "timestamp",
    "blob",
    "document",
)
"""Types that need no declaration: the simple shapes without any trait."""


class Bounds(NamedTuple):
    """The least and the greatest value; none for no bound.

    Of a number, there may be the value that all are above or below in their place.
    """

    min: int | float | None = None
    max: int | float | None = None
    above: int | float | None = None
    below: int | float | None = None

    def __bool__(self) -> bool:
        return self != (None, None, None, None)


class Deprecated(NamedTuple):
    """Since when something is deprecated, and what to use in its place."""

    since: str | None = None
    use: str | None = None


UNBOUNDED = Bounds()

Null: TypeAlias = Literal["absent", "value", "invalid"]
"""What null is in the place of a member."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A keyword whose violation is a warning, and the decision that says why.

    Without a decision the keyword is a claim: a document states it of responses, and
    no response confirms it. `settled` is the decision itself, where it has been read.
    """

    keyword: str
    decision: str | None
    settled: Decision | None = field(default=None, compare=False, repr=False)
    span: Span | None = field(default=None, compare=False, repr=False)
    keyword_span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeBase:
    """What every shape has.

    Attributes:
        id: Its name, or the id of its place.
        doc: What it means, in a sentence or two.
        examples: Values that are right.
        python: Its name as a class in Python; empty where it is built in.
        span: Where the spec declares it; built-in types have no such place.
    """

    id: str
    python: str = ""
    doc: str | None = None
    deprecated: Deprecated | None = None
    sensitive: bool = False
    examples: tuple[Json, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def named(self) -> bool:
        """Whether the spec gives it a name of its own."""
        return "$" not in self.id and self.id not in BUILT_IN


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar(ShapeBase):
    """What a few values may be all there is of.

    Attributes:
        const: The only value that is right, in a tuple of one.
        allowed: The values that are right, if they are listed.
    """

    const: tuple[Json] | None = None
    allowed: tuple[Json, ...] = ()

    @property
    def listed(self) -> tuple[Json, ...]:
        """The values that are right, if the shape says which they are."""
        return self.allowed if self.const is None else self.const


@dataclass(frozen=True, slots=True, kw_only=True)
class String(Scalar):
    """Text; `length` in code points, `pattern` for the whole of it.

    A `format` that is not `asserted` is an annotation.
    """

    length: Bounds = UNBOUNDED
    pattern: Pattern | None = None
    format: Format | None = None
    asserted: bool = True
    relaxed: tuple[Relaxation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumValue:
    """One value of an enum; `under` is the value it belongs to in another enum."""

    value: str
    doc: str | None = None
    retired: bool = False
    under: str | None = None
    python: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enum(ShapeBase):
    """Text out of a set; `open` where the set may grow."""

    values: tuple[EnumValue, ...]
    open: bool = False
    grouped_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Integer(Scalar):
    """A whole number; `bits` is its width where it is stored, 32 or 64."""

    bits: int
    range: Bounds = UNBOUNDED
    multiple_of: int | float | None = None
    unit: str | None = None
    relaxed: tuple[Relaxation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Float(Scalar):
    """A number; `bits` is its width where it is stored, 32 or 64."""

    bits: int
    range: Bounds = UNBOUNDED
    multiple_of: int | float | None = None
    unit: str | None = None
    relaxed: tuple[Relaxation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Boolean(Scalar):
    """True or false."""

    relaxed: tuple[Relaxation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timestamp(ShapeBase):
    """A moment in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob(ShapeBase):
    """Bytes, as base64 text; `length` in bytes.

    A blob that is `streaming` may be an object that the bytes are read from.
    """

    length: Bounds = UNBOUNDED
    streaming: bool = False
    relaxed: tuple[Relaxation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Scalar):
    """Any JSON value."""

    relaxed: tuple[Relaxation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class List(ShapeBase):
    """Items of the shape `member`; `sparse` where an item may be null.

    A list that is `streaming` may be an object that yields the items.
    """

    member: str
    length: Bounds = UNBOUNDED
    unique_items: bool = False
    sparse: bool = False
    streaming: bool = False
    relaxed: tuple[Relaxation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuple(ShapeBase):
    """A list whose first items each have a shape of their own.

    Attributes:
        prefix: The shapes of the first items.
        rest: The shape of the items behind them; none where there are no others.
        sparse: Whether an item may be null.
    """

    prefix: tuple[str, ...]
    rest: str | None = None
    length: Bounds = UNBOUNDED
    unique_items: bool = False
    sparse: bool = False
    relaxed: tuple[Relaxation, ...] = ()

    def at(self, index: int) -> str | None:
        """The shape of an item; none where there is nothing to say about it."""
        return self.prefix[index] if index < len(self.prefix) else self.rest

    @property
    def whole(self) -> bool:
        """Whether every right value has all of the first items."""
        return (self.length.min or 0) >= len(self.prefix) and not any(
            one.keyword == "minItems" for one in self.relaxed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Map(ShapeBase):
    """Values of the shape `value` under keys of the shape `key`."""

    key: str
    value: str
    length: Bounds = UNBOUNDED
    sparse: bool = False
    relaxed: tuple[Relaxation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A part of a structure, or a variant of a union.

    Attributes:
        name: As it is on the wire.
        target: The id of its shape.
        required: Whether every response has it.
        claimed: Whether a document says so, and no response confirms it; it is not
            `required` then.
        null: What null is there: as good as `absent`, a `value` that is right, or
            `invalid`.
        default: What the service takes where it is absent, in a tuple of one.
        python: Its name in Python.
        names: Its names in forms that have names of their own, by form.
    """

    name: str
    target: str
    required: bool = False
    claimed: bool = False
    null: Null = "absent"
    default: tuple[Json] | None = None
    doc: str | None = None
    deprecated: Deprecated | None = None
    sensitive: bool = False
    unit: str | None = None
    examples: tuple[Json, ...] = ()
    python: str
    names: tuple[tuple[str, str], ...] = ()
    span: Span = field(compare=False, repr=False)

    @property
    def nullable(self) -> bool:
        """Whether null is right in its place."""
        return self.null == "value" or (self.null == "absent" and not self.required)


class CompiledCel(NamedTuple):
    """A CEL expression as Python.

    Attributes:
        text: An expression over `this` and `item`.
        helpers: What it calls of the package's `_cel` module.
        patterns: The regular expressions that it uses, by the name of their constant.
    """

    text: str
    helpers: tuple[str, ...] = ()
    patterns: tuple[tuple[str, str], ...] = ()


NOT_COMPILED = CompiledCel("None")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What spans several members: a CEL expression that is true when all is well.

    Attributes:
        python: The name of its function in Python.
        code: The expression, compiled; see `passes/compile_rules.py`.
    """

    id: str
    python: str
    cel: str
    message: str
    severity: str
    at: str | None
    each: str | None
    sources: tuple[str, ...]
    code: CompiledCel = field(default=NOT_COMPILED, compare=False, repr=False)
    span: Span = field(compare=False, repr=False)
    cel_span: Span = field(compare=False, repr=False)
    at_span: Span | None = field(compare=False, repr=False)
    each_span: Span | None = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A value computed from the members by a CEL expression.

    Attributes:
        python: Its name in Python.
        code: The expression, compiled; see `passes/compile_rules.py`.
    """

    name: str
    cel: str
    type: str
    doc: str | None
    unit: str | None
    python: str
    sources: tuple[str, ...]
    code: CompiledCel = field(default=NOT_COMPILED, compare=False, repr=False)
    span: Span = field(compare=False, repr=False)
    cel_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A constraint that no response can show."""

    id: str
    doc: str
    at: str | None
    sources: tuple[str, ...]
    span: Span = field(compare=False, repr=False)
    at_span: Span | None = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure(ShapeBase):
    """Named members, each of a shape of its own; `closed` where there are no others."""

    members: tuple[Member, ...]
    closed: bool = False
    rules: tuple[Rule, ...] = ()
    derived: tuple[Derived, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Union(ShapeBase):
    """One of several members, and exactly one; `closed` where there are no others."""

    members: tuple[Member, ...]
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of the shapes that a value may have.

    Attributes:
        target: The id of its shape.
        tags: The values of the discriminator that choose it; empty without one.
        name: What its shape is called where it is declared; that is its tag without
            another one.
        needs: The members that choose it where there is no discriminator, and other
            options are objects, too; else empty.
        untagged: Whether an object without a tag is this one.
    """

    target: str
    name: str = ""
    tags: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    untagged: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def is_told(self) -> bool:
        """Whether members tell that an object is this one."""
        return bool(self.tags or self.needs or self.untagged)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf(ShapeBase):
    """A value of one of several shapes, which its JSON type and its members tell apart.

    Attributes:
        options: The shapes.
        discriminator: The member whose value says which of the objects it is.
        open: Whether there may be other tags than those of the options.
    """

    options: tuple[Option, ...]
    discriminator: str | None = None
    open: bool = False

    @property
    def is_choice_of_objects(self) -> bool:
        """Whether its members have to tell apart what is an object."""
        return any(one.is_told for one in self.options)


Shape: TypeAlias = (
    String
    | Enum
    | Integer
    | Float
    | Boolean
    | Timestamp
    | Blob
    | Document
    | List
    | Tuple
    | Map
    | Structure
    | Union
    | OneOf
)


def has_page(shape: Shape) -> bool:
    """Whether a shape has a name that references explain wherever it is used."""
    return shape.named and isinstance(shape, Structure | Union | Enum | OneOf)


def explained(schema: Schema) -> Iterator[Shape]:
    """The shapes that references have a page for: those, and roots of other types."""
    for shape in schema.named_shapes():
        if has_page(shape) or shape.id in schema.roots:
            yield shape


WITHOUT_BODY = ("DELETE", "GET", "HEAD", "OPTIONS", "TRACE")
"""Methods whose requests have no body where an operation does not say that they do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """How an operation is called over HTTP.

    Attributes:
        method: In capitals: `GET`.
        path: With members of the input in braces: `/pets/{id}`.
        status: Of the output, if that is said.
        headers: The members of the input that are headers.
        cookies: The members of the input that are cookies.
        query: The members of the input that are in the query, where there is a body.
        body: The member of the input that is the body.
    """

    method: str
    path: str
    status: int | None = None
    headers: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    body: str | None = None

    @property
    def in_path(self) -> tuple[str, ...]:
        """The members of the input that are in the path."""
        return tuple(re.findall(r"\{([^{}/]+)\}", self.path))

    def parameters(self, members: Iterable[str]) -> dict[str, str]:
        """Where each member of an input is that is not in the body."""
        found = dict.fromkeys(self.in_path, "path")
        for place, names in (
            ("header", self.headers),
            ("cookie", self.cookies),
            ("query", self.query),
        ):
            found |= {name: place for name in names if name not in found}
        if self.body is not None or self.method in WITHOUT_BODY:
            rest = (name for name in members if name not in (self.body, *found))
            found |= dict.fromkeys(rest, "query")
        return found

    def places(self, members: Iterable[str]) -> dict[str, str]:
        """Where each member of an input is; the body is one, or it has members."""
        listed = [*members]
        whole = {} if self.body is None else {self.body: "body as a whole"}
        return dict.fromkeys(listed, "body") | self.parameters(listed) | whole


class Pagination(NamedTuple):
    """Which members turn the pages of what an operation returns.

    Names are of members, or expressions of JMESPath where they lie deeper.

    Attributes:
        input_token: What a request says of where to go on.
        output_token: Where it is read from.
        items: What a page holds.
        page_size: What a request says of how many there should be.
        more_results: What tells that there are more.
    """

    input_token: tuple[str, ...] = ()
    output_token: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    page_size: str | None = None
    more_results: str | None = None

    def stated(self) -> dict[str, Json]:
        """What is said, by name; one of several as itself."""
        found: dict[str, Json] = {}
        for name, value in self._asdict().items():
            if isinstance(value, tuple):
                names: list[Json] = [*value]
                if names:
                    found[name] = names[0] if len(names) == 1 else names
            elif value is not None:
                found[name] = value
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A call: what is sent and received, and its errors.

    Attributes:
        output: What comes back where all is well.
        outputs: What comes back by status: `404`, `4XX` or `default`.
        errors: What comes back where something went wrong.
        api_version: The version of the API.
        pagination: How to come by all that it returns; none where that is at once.
    """

    name: str
    doc: str | None
    input: str | None
    output: str | None
    errors: tuple[str, ...]
    outputs: tuple[tuple[str, str], ...] = ()
    deprecated: Deprecated | None
    http: Http | None = None
    api_version: str | None = None
    pagination: Pagination | None = None
    span: Span = field(compare=False, repr=False)


class Envelope(NamedTuple):
    """What a form wraps the response in.

    Attributes:
        member: The member that holds the response.
        marks: Other members and their values, by which the envelope is known.
    """

    member: str
    marks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How one system writes the same response.

    Attributes:
        read: The timestamp encodings that may be met.
        write: The timestamp encoding that is written.
        extra_members: Members that the form adds to those of the response.
        keys: How members are spelt: `as-is`, `snake_case`, or `named`, as each member
            says.
        extra_types: The types of those of them of which the spec says one.
        table: The table whose rows they are.
        columns: What members of the root may be as text: `json`, `hstore`, and `text`
            for numbers and booleans.
        vectors: Whether a value may stand in a list of its own.
        absent: What else stands for an absent member: `empty-list`, `empty-structure`.
        envelope: What the response is wrapped in.
    """

    name: str
    doc: str | None
    read: tuple[str, ...]
    write: str
    extra_members: tuple[str, ...]
    keys: str = "as-is"
    extra_types: Mapping[str, str] = field(default_factory=dict[str, str])
    table: str | None = None
    columns: tuple[str, ...] = ()
    vectors: bool = False
    absent: tuple[str, ...] = ()
    envelope: Envelope | None = None

    @property
    def respells(self) -> bool:
        """Whether the form changes more than how moments are written."""
        return (
            self.keys != "as-is"
            or self.vectors
            or "epoch-milliseconds" in self.read
            or self.envelope is not None
            or bool(self.columns or self.absent)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleValues:
    """What made-up responses may hold in a place.

    Attributes:
        place: The id of a shape, or a member as `Shape.Member`.
        values: Values to choose from; texts may hold words in braces.
    """

    place: str
    values: tuple[Located[Json], ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """What made-up responses are made of.

    Attributes:
        words: Texts to choose from for a whole response, by name.
        values: Values to choose from, by place.
    """

    words: Mapping[str, tuple[Located[str], ...]]
    values: Mapping[str, SampleValues]


class LeftOut(NamedTuple):
    """Something that the source of a spec says and the spec does not.

    Attributes:
        rule: The name of the limitation.
        effect: What it makes of the spec: `looser`, `stricter`, `none`.
        means: What holds in the spec instead.
        at: Where in the spec: a shape or a member; empty for the whole.
        keyword: The keyword or trait that says it.
        source: Where the source says it, and what is remarkable about it.
        digest: Digits of what it says.
        span: Where the spec records it.
    """

    rule: str
    effect: str
    means: str
    at: str
    keyword: str
    source: str
    digest: str
    span: Span


@dataclass(frozen=True, kw_only=True)
class Schema:
    """One contract.

    Attributes:
        source: The spec's path as headers show it.
        shapes: Every shape in use by id, named ones in the spec's order, each
            nameless one behind the shape it belongs to.
        roots: The shapes of the operations and those that the spec lists.
        ledger: What sources state about the contract, and what was decided.
        samples: What made-up responses are made of.
        examples: For each output a made-up response, as JSON text in the spelling of
            each form; under the empty name one of no form. References show them.
        modules: The generated package, its modules by path, for the check in a site.
        not_carried: What the source says that an importer could not carry.
        span: Where the spec names its package.
    """

    source: str
    package: str
    title: str
    doc: str | None
    operations: tuple[Operation, ...]
    roots: tuple[str, ...]
    shapes: Mapping[str, Shape]
    forms: tuple[Form, ...]
    ledger: Ledger = field(default=Ledger(), compare=False, repr=False)
    samples: Samples = field(
        default=Samples(words={}, values={}), compare=False, repr=False
    )
    examples: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict[str, Mapping[str, str]], compare=False, repr=False
    )
    modules: Mapping[str, str] = field(
        default_factory=dict[str, str], compare=False, repr=False
    )
    not_carried: tuple[LeftOut, ...] = field(default=(), compare=False, repr=False)
    span: Span = field(compare=False, repr=False)

    @property
    def respells(self) -> bool:
        """Whether any form changes more than how moments are written."""
        return any(form.respells for form in self.forms)

    @property
    def extra_members(self) -> frozenset[str]:
        """What responses may add where no form is named.

        These are the members of forms that spell members as the service does.
        """
        return frozenset(
            name
            for form in self.forms
            if not form.respells
            for name in form.extra_members
        )

    def named_shapes(self) -> Iterator[Shape]:
        """The shapes that have a name, in the spec's order."""
        return (shape for shape in self.shapes.values() if shape.named)

    @cached_property
    def uses(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """For each shape what refers to it: (shape, member) or (shape, "")."""
        found: dict[str, list[tuple[str, str]]] = {name: [] for name in self.shapes}
        for shape in self.shapes.values():
            for name, target in targets(shape):
                found[target].append((shape.id, name))
        return {name: tuple(places) for name, places in found.items()}

    @cached_property
    def recursive(self) -> frozenset[str]:
        """The shapes that contain themselves, directly or through others."""
        edges = {
            shape.id: [target for _, target in targets(shape)]
            for shape in self.shapes.values()
        }
        return frozenset(in_cycles(edges))

    @cached_property
    def hollow(self) -> frozenset[str]:
        """The lists and maps that contain themselves with no structure in between.

        Their values hold lists and maps and nothing else, however deep.
        """
        kinds = (List, Tuple, Map)
        edges = {
            shape.id: [
                target
                for _, target in targets(shape)
                if isinstance(self.shapes[target], kinds)
            ]
            for shape in self.shapes.values()
            if isinstance(shape, kinds)
        }
        return frozenset(in_cycles(edges))


def targets(shape: Shape) -> tuple[tuple[str, str], ...]:
    """What a shape refers to: pairs of member name (or "") and shape id."""
    match shape:
        case Structure(members=members) | Union(members=members):
            return tuple((member.name, member.target) for member in members)
        case List(member=member):
            return (("", member),)
        case Tuple(prefix=prefix, rest=rest):
            return tuple(("", one) for one in (*prefix, rest) if one is not None)
        case Map(key=key, value=value):
            return (("", key), ("", value))
        case OneOf(options=options):
            return tuple(("", option.target) for option in options)
        case _:
            return ()


DEFAULT_ENCODINGS = frozenset(("datetime", "iso-8601", "epoch-seconds"))


def encodings(schema: Schema) -> frozenset[str]:
    """The timestamp encodings that are read where no form is named.

    All that any form reads but epoch milliseconds, which cannot be told from seconds;
    the usual three where the spec has no forms.
    """
    found = {encoding for form in schema.forms for encoding in form.read}
    return frozenset(found - {"epoch-milliseconds"}) or DEFAULT_ENCODINGS


def in_cycles(edges: Mapping[str, list[str]]) -> Iterator[str]:
    """Nodes on a cycle."""
    for component in components(edges):
        if len(component) > 1 or component[0] in edges[component[0]]:
            yield from component


def components(edges: Mapping[str, Collection[str]]) -> Iterator[list[str]]:
    """The strongly connected components of a graph, each behind those it leads to.

    Tarjan's algorithm, without recursion.
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    on_stack: set[str] = set()
    stack: list[str] = []
    for root in edges:
        if root in index:
            continue
        work: list[tuple[str, Iterator[str]]] = [(root, iter(edges[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, children = work[-1]
            child = next(children, None)
            if child is None:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
                if low[node] == index[node]:
                    component = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        component.append(member)
                        if member == node:
                            break
                    yield component
            elif child not in index:
                index[child] = low[child] = len(index)
                stack.append(child)
                on_stack.add(child)
                work.append((child, iter(edges[child])))
            elif child in on_stack:
                low[node] = min(low[node], index[child])
