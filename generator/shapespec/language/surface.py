"""The spec language, version 1: every construct, as written, on one page.

A class is a mapping in the YAML file, a field one of its keys. What a field may
hold is a construct of `grammar.py`. Nothing is resolved here: targets are names,
and every name and value knows its place. `spec/language.md` explains the same
constructs to people, `spec/shapespec.schema.json` to editors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, dataclass_transform

from shapespec.ground.source import Located, Span
from shapespec.ground.values import Json
from shapespec.language.grammar import (
    Boolean,
    Construct,
    Convert,
    Deferred,
    Definitions,
    Either,
    Entries,
    Entry,
    Faults,
    Many,
    Nothing,
    Number,
    Record,
    Tagged,
    Text,
    Value,
    is_null,
    reads,
)
from shapespec.language.yaml_tree import Mapping, Node, Scalar, Sequence
from shapespec.records import dataclass

LANGUAGE_VERSION = 1

_IDENTIFIER = r"[A-Za-z_][A-Za-z0-9_]{0,127}"
_KEBAB = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_STEP = rf"{_IDENTIFIER}(?:\[\]|\{{\}})*"

TEXT = Text()
WORDS = Text("text that says something", blank=False)
NAME = Text("a name of letters, digits and `_`", _IDENTIFIER)
_REFERENCE = rf"(?:{_IDENTIFIER}\.)?{_IDENTIFIER}"
SHAPE = Text("the name of a shape", _REFERENCE)
ANY_NAME = Text("a name of at least one character", r"[\s\S]+")
ID = Text("an id in kebab-case", _KEBAB)
IDS = Many(ID, "a list of ids")
PATH = Text("a path such as `Channels[].Name`", rf"{_STEP}(?:\.{_STEP})*")
PACKAGE = Text("a name in lower case, such as `training_job`", "[a-z][a-z0-9_]{0,127}")
_PART = r"\w[\w-]*(?:\.[\w-]+)*"
FILE = Text("a file beside the spec or below it", rf"{_PART}(?:/{_PART})*")
STATUS = Text("a status: 404, 4XX or default", r"[1-5](?:[0-9]{2}|XX)|default")
IMPORT = Text(
    "the path of a spec from this one, with `/`",
    rf"(?:\.\./)*{_PART}(?:/{_PART})*",
)
BOOLEAN = Boolean()
NUMBER = Number()
COUNT = Number("a whole number of at least 0", integer=True, minimum=0)
STEP = Number("a number greater than 0", above=0)
VALUE = Value()


T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def record(cls: type[T]) -> type[T]:
    """A frozen, slotted, keyword-only dataclass."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


def _is_scalar(node: Node) -> bool:
    return isinstance(node, Scalar)


def _is_sequence(node: Node) -> bool:
    return isinstance(node, Sequence)


# --- traits ---------------------------------------------------------------------


@record
class Length:
    """Bounds on a size: characters, items, entries or bytes."""

    span: Span
    min: Located[int] | None = reads(COUNT, "The least size that is right.")
    max: Located[int] | None = reads(COUNT, "The greatest size that is right.")


@record
class Range:
    """Bounds on a number: `min` and `max` are valid, `above` and `below` are not."""

    span: Span
    min: Located[float] | None = reads(NUMBER, "The least number that is right.")
    max: Located[float] | None = reads(NUMBER, "The greatest number that is right.")
    above: Located[float] | None = reads(NUMBER, "Only what is greater is right.")
    below: Located[float] | None = reads(NUMBER, "Only what is less is right.")


@record
class Deprecated:
    """Since when something is deprecated, and what to use in its place."""

    span: Span
    since: Located[str] | None = reads(TEXT, "A date or edition.")
    use: Located[str] | None = reads(TEXT, "The replacement.")


@dataclass(frozen=True, slots=True)
class _True:
    """`true` alone, as the short form of a record whose keys may all be left out."""

    into: Callable[..., Any]
    what: str = "`true`, `false`, or a mapping with `since` and `use`"

    def read(self, node: Node, faults: Faults) -> Any:
        value = Boolean(self.what).read(node, faults)
        return self.into(span=node.span) if value is not None and value.value else None

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"type": "boolean"}


LENGTH = Record(Length, "a mapping with `min` and `max`")
RANGE = Record(Range, "a mapping with `min` or `above`, and `max` or `below`")
DEPRECATED = Either(
    _True(Deprecated),
    Record(Deprecated, "a mapping with `since` and `use`"),
    _is_scalar,
)
KEYWORDS = (
    "const",
    "enum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "pattern",
    "format",
    "uniqueItems",
)
FORMATS = (
    "date",
    "time",
    "duration",
    "uuid",
    "uri",
    "email",
    "ipv4",
    "ipv6",
    "hostname",
    "byte",
)
RELAXED = Entries(
    ID,
    Text("a JSON Schema keyword", choices=KEYWORDS),
    "a mapping from keyword to decision",
    at_least=1,
)
_RELAXED_DOC = "Keywords whose violation is a warning, and the decision that says why."
_STREAMING_DOC = "The value may be an object to read from, which is not read."
CLAIMABLE = (*KEYWORDS, "required")
Claimed: TypeAlias = "Located[bool] | tuple[Located[str], ...]"
"""Whether what is stated is a claim, or which keywords are."""

CLAIMED = Either(
    Boolean("`true` or `false`"),
    Many(
        Text("`required` or a JSON Schema keyword", choices=CLAIMABLE),
        "a list of keywords",
        at_least=1,
    ),
    _is_scalar,
)
_CLAIMED_DOC = (
    "Whether the constraints here are claims of a document that no response confirms;"
    " or the keywords that are. A violation is a warning."
)


@record
class Common:
    """Traits that every shape and every member may have."""

    span: Span
    doc: Located[str] | None = reads(TEXT, "The meaning, in your own words.")
    deprecated: Deprecated | None = reads(
        DEPRECATED, "No longer to be used: `true`, or since when and what instead."
    )
    sensitive: Located[bool] | None = reads(
        BOOLEAN, "Its value is never shown in messages or by `repr`."
    )
    examples: tuple[Located[Json], ...] | None = reads(
        Many(VALUE, "a list of values"),
        "Values that are right; the compiler checks them.",
    )
    claimed: Claimed | None = reads(CLAIMED, _CLAIMED_DOC)


# --- simple shapes ----------------------------------------------------------------


@record
class Listed(Common):
    """What a few values may be all there is of."""

    const: Located[Json] | None = reads(VALUE, "The only value that is right.")
    values: tuple[Located[Json], ...] | None = reads(
        Many(VALUE, "a list of values", at_least=1),
        "The values that are right; no others are.",
    )


@record
class String(Listed):
    """Text."""

    length: Length | None = reads(LENGTH, "Bounds on the number of code points.")
    pattern: Located[str] | None = reads(
        TEXT, "A Java-flavoured regular expression that the whole text matches."
    )
    format: Located[str] | None = reads(
        Text("a format of strings", choices=FORMATS),
        "The format of the string: a date, an address of some kind, base64 text.",
    )
    relaxed: tuple[Entry[Located[str]], ...] | None = reads(RELAXED, _RELAXED_DOC)

    @property
    def longest(self) -> int | None:
        """The greatest length that is stated; nothing longer is held to the pattern."""
        if self.length is None or self.length.max is None:
            return None
        return int(self.length.max.value)


@record
class EnumValue:
    """One value of an enum."""

    span: Span
    doc: Located[str] | None = reads(TEXT, "The meaning of the value.")
    retired: Located[bool] | None = reads(
        BOOLEAN, "Right in old responses; no longer sent."
    )
    under: Located[str] | None = reads(
        TEXT, "The value of the enum in `grouped_by` that this one belongs to."
    )
    python: Located[str] | None = reads(
        NAME, "Its name in Python, where the one derived from the value clashes."
    )


def _nothing_said(span: Span) -> EnumValue:
    return EnumValue(span=span)


def _doc_alone(doc: Located[str]) -> EnumValue:
    return EnumValue(span=doc.span, doc=doc)


def _name_alone(name: Located[str]) -> Entry[EnumValue]:
    return Entry(name, EnumValue(span=name.span))


ENUM_VALUE = Either(
    Nothing(_nothing_said),
    Either(
        Convert(TEXT, _doc_alone),
        Record(EnumValue, "a mapping with `doc`, `retired`, `under`"),
        _is_scalar,
    ),
    is_null,
)
ENUM_VALUES = Either(
    Many(Convert(TEXT, _name_alone), "a list of values", at_least=1),
    Entries(ENUM_VALUE, what="a mapping of values", at_least=1),
    _is_sequence,
)


@record
class Enum(Common):
    """Text out of a set of values."""

    values: tuple[Entry[EnumValue], ...] = reads(
        ENUM_VALUES,
        "The values: a list, or a mapping from each value to its meaning.",
        required=True,
    )
    open: Located[bool] | None = reads(
        BOOLEAN, "The set may grow: an unknown value is a warning, not an error."
    )
    grouped_by: Located[str] | None = reads(
        SHAPE, "The enum whose values group the values of this one."
    )


@record
class Numeric(Listed):
    """Traits of every kind of number."""

    range: Range | None = reads(RANGE, "Bounds on the value.")
    multiple_of: Located[float] | None = reads(
        STEP, "The value is a multiple of this number."
    )
    unit: Located[str] | None = reads(
        TEXT, "The unit of the value, such as `s` or `GB`."
    )
    relaxed: tuple[Entry[Located[str]], ...] | None = reads(RELAXED, _RELAXED_DOC)


@record
class Integer(Numeric):
    """A whole number, 32 bits wide where it is stored."""


@record
class Long(Numeric):
    """A whole number, 64 bits wide where it is stored."""


@record
class Float(Numeric):
    """A number, single precision where it is stored."""


@record
class Double(Numeric):
    """A number, double precision where it is stored."""


@record
class Bool(Listed):
    """True or false."""

    relaxed: tuple[Entry[Located[str]], ...] | None = reads(RELAXED, _RELAXED_DOC)


@record
class Timestamp(Common):
    """A moment in time; the forms say how it is written."""


@record
class Blob(Common):
    """Bytes, as base64 text."""

    length: Length | None = reads(LENGTH, "Bounds on the number of bytes.")
    streaming: Located[bool] | None = reads(BOOLEAN, _STREAMING_DOC)


@record
class Document(Listed):
    """Any JSON value."""

    relaxed: tuple[Entry[Located[str]], ...] | None = reads(RELAXED, _RELAXED_DOC)


def _find_target() -> Construct:
    return TARGET


_TARGET = Deferred(_find_target)


@record
class List(Common):
    """Items of one shape, in order."""

    member: Target | None = reads(
        _TARGET, "The shape of each item; with `prefix`, of each further one."
    )
    prefix: tuple[Target, ...] | None = reads(
        Many(_TARGET, "a list of shapes", at_least=1),
        "The shapes of the first items, one by one.",
    )
    length: Length | None = reads(LENGTH, "Bounds on the number of items.")
    unique_items: Located[bool] | None = reads(BOOLEAN, "No item occurs twice.")
    sparse: Located[bool] | None = reads(BOOLEAN, "Items may be null.")
    streaming: Located[bool] | None = reads(BOOLEAN, _STREAMING_DOC)
    relaxed: tuple[Entry[Located[str]], ...] | None = reads(RELAXED, _RELAXED_DOC)

    @property
    def items(self) -> tuple[Target, ...]:
        """The shapes of its items, those of the first ones first."""
        rest = () if self.member is None else (self.member,)
        return (*(self.prefix or ()), *rest)


@record
class Map(Common):
    """Values of one shape under keys of the writer's choice."""

    key: Target = reads(_TARGET, "The shape of each key: text.", required=True)
    value: Target = reads(_TARGET, "The shape of each value.", required=True)
    length: Length | None = reads(LENGTH, "Bounds on the number of entries.")
    sparse: Located[bool] | None = reads(BOOLEAN, "Values may be null.")
    relaxed: tuple[Entry[Located[str]], ...] | None = reads(RELAXED, _RELAXED_DOC)


@record
class OneOf(Common):
    """A value of one of several shapes."""

    one_of: tuple[Target, ...] = reads(
        Many(_TARGET, "a list of shapes", at_least=1),
        "The shapes that a value may have, told apart by JSON type and by members.",
        required=True,
    )
    discriminator: Located[str] | None = reads(
        ANY_NAME, "The member whose value, the tag, says which structure it is."
    )
    mapping: tuple[Entry[Located[str]], ...] | None = reads(
        Entries(SHAPE, ANY_NAME, "a mapping from tag to shape", at_least=1),
        "The structure that each tag means, where the structures do not say it.",
    )
    open: Located[bool] | None = reads(
        BOOLEAN, "There may be more tags: an unknown one is a warning, not an error."
    )
    otherwise: Located[str] | None = reads(
        SHAPE, "The structure that an object without the tag is."
    )
    names: tuple[str, ...] = ()
    """What each option is called in its own file, where that is not its name here."""


Simple: TypeAlias = (
    "String | Enum | Integer | Long | Float | Double | Bool | Timestamp | Blob"
    " | Document | List | Map | OneOf"
)
Target: TypeAlias = "Located[str] | Simple"
"""The name of a shape or of a built-in type, or a simple shape without a name."""

SIMPLE: dict[str, Record] = {
    "string": Record(String, "a string shape"),
    "enum": Record(Enum, "an enum"),
    "integer": Record(Integer, "an integer shape"),
    "long": Record(Long, "a long shape"),
    "float": Record(Float, "a float shape"),
    "double": Record(Double, "a double shape"),
    "boolean": Record(Bool, "a boolean shape"),
    "timestamp": Record(Timestamp, "a timestamp shape"),
    "blob": Record(Blob, "a blob shape"),
    "document": Record(Document, "a document shape"),
    "list": Record(List, "a list shape", either=("member", "prefix")),
    "map": Record(Map, "a map shape"),
}
NAMELESS = {name: made for name, made in SIMPLE.items() if name != "enum"}
"""What may be written in place, without a name: all that needs no class in Python."""

ONE_OF = {"one_of": Record(OneOf, "a shape with `one_of`")}
"""What has a key of its own in the place of `type`."""

_IN_PLACE = "a type that can be written in place"
_TARGET_WORDS = "a shape's name, or a mapping with `type`"
TARGET = Either(
    Text(_TARGET_WORDS, _REFERENCE),
    Tagged(
        "Nameless", _TARGET_WORDS, "type", NAMELESS, choice=_IN_PLACE, implied=ONE_OF
    ),
    _is_scalar,
)


# --- members ----------------------------------------------------------------------


@record
class Reference(Common):
    """A member of a named shape or a built-in type."""

    target: Located[str] = reads(
        SHAPE, "The name of a shape or of a built-in type.", required=True
    )
    unit: Located[str] | None = reads(
        TEXT, "The unit of the value, such as `s` or `GB`."
    )


@record
class MemberTraits:
    """What a member says beside its shape."""

    span: Span
    required: Located[bool] | None = reads(BOOLEAN, "Every response has the member.")
    nullable: Located[bool] | None = reads(
        BOOLEAN, "Whether null is a valid value of it; else `nulls` of the spec says."
    )
    default: Located[Json] | None = reads(
        VALUE,
        "The value that the service assumes where the member is absent; documentation.",
    )
    python: Located[str] | None = reads(
        NAME, "Its name in Python, where the one derived from its name clashes."
    )
    names: tuple[Entry[Located[str]], ...] | None = reads(
        Entries(ANY_NAME, ID, "a mapping from forms to names"),
        "Its name in forms with `keys: named`, by form, where that differs.",
    )


@record
class Member:
    """A named part of a structure, or a variant of a union."""

    span: Span
    shape: Reference | Simple
    traits: MemberTraits


class _Member:
    """A shape's name; or a mapping with `target`, or with `type` and its traits."""

    what = "a shape's name, or a mapping with `target` or `type`"

    def __init__(self) -> None:
        self.name = Text(self.what, _REFERENCE)
        self.reference = Record(Reference, "a member without `type`")
        self.traits = Record(MemberTraits, "a member")
        self.nameless = Tagged(
            "NamelessMember",
            "a member",
            "type",
            NAMELESS,
            choice=_IN_PLACE,
            implied=ONE_OF,
        )

    def read(self, node: Node, faults: Faults) -> Member | None:
        if not isinstance(node, Mapping):
            target = self.name.read(node, faults)
            if target is None:
                return None
            reference = Reference(span=node.span, target=target)
            return Member(
                span=node.span, shape=reference, traits=MemberTraits(span=node.span)
            )
        own = [entry for entry in node.entries if entry[0].text in self.traits.keys]
        rest = [
            entry for entry in node.entries if entry[0].text not in self.traits.keys
        ]
        traits = self.traits.read_entries(own, node.span, faults)
        record = self.reference
        if any(key.text in ("type", *ONE_OF) for key, _ in rest):
            chosen = self.nameless.choose(Mapping(tuple(rest), node.span), faults)
            if chosen is None:
                return None
            record, rest, _ = chosen
        shape = record.read_entries(rest, node.span, faults, extra=self.traits.keys)
        if shape is None or traits is None:
            return None
        return Member(span=node.span, shape=shape, traits=traits)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        if "Member" not in definitions:
            definitions["Member"] = {}
            traits = self.traits.properties(definitions)
            definitions["Member"] = {
                "anyOf": [
                    self.name.schema(definitions),
                    {
                        **self.nameless.conditions(definitions, traits),
                        "if": self.nameless.told,
                        "else": self.reference.object_schema(definitions, traits),
                    },
                ]
            }
        return {"$ref": "#/$defs/Member"}


MEMBERS = Entries(_Member(), ANY_NAME, "a mapping from member to shape")
VARIANTS = Entries(_Member(), ANY_NAME, "a mapping from variant to shape", at_least=1)


# --- structures, their rules and derived values -------------------------------------


@record
class Rule:
    """What spans several members: an expression that is true when all is well."""

    span: Span
    cel: Located[str] = reads(
        TEXT,
        "A CEL expression over `this`; with `each`, over `item` too.",
        required=True,
    )
    message: Located[str] = reads(WORDS, "The fault when it is false.", required=True)
    severity: Located[str] | None = reads(
        Text("`error` or `advice`", choices=("error", "advice")),
        "`error`, which is meant where left out, or `advice`.",
    )
    at: Located[str] | None = reads(
        PATH, "The member that a finding points at, from the structure or the item."
    )
    each: Located[str] | None = reads(
        PATH, "The list whose items are looked at one by one, each as `item`."
    )
    source: tuple[Located[str], ...] | None = reads(IDS, "The sources that state it.")


@record
class Derived:
    """A value computed from the members."""

    span: Span
    cel: Located[str] = reads(TEXT, "A CEL expression over `this`.", required=True)
    type: Located[str] = reads(
        Text(
            "a type that a derived value can have",
            choices=("integer", "double", "boolean", "string"),
        ),
        "The type of the value.",
        required=True,
    )
    doc: Located[str] | None = reads(TEXT, "The meaning, in your own words.")
    unit: Located[str] | None = reads(
        TEXT, "The unit of the value, such as `s` or `%`."
    )
    python: Located[str] | None = reads(
        NAME, "Its name in Python, where the one derived from its name clashes."
    )
    source: tuple[Located[str], ...] | None = reads(IDS, "The sources that state it.")


@record
class Note:
    """A constraint that no response can show; documentation only."""

    span: Span
    doc: Located[str] = reads(
        WORDS, "The constraint, in your own words.", required=True
    )
    at: Located[str] | None = reads(PATH, "The member that it is about.")
    source: tuple[Located[str], ...] | None = reads(IDS, "The sources that state it.")


def _note_alone(doc: Located[str]) -> Note:
    return Note(span=doc.span, doc=doc)


_CLOSED = "Whether an unknown member is an error; where left out, the spec says it."


@record
class Structure(Common):
    """Named members, each of a shape of its own."""

    members: tuple[Entry[Member], ...] = reads(
        MEMBERS, "The members, by the name they have on the wire.", required=True
    )
    closed: Located[bool] | None = reads(BOOLEAN, _CLOSED)
    rules: tuple[Entry[Rule], ...] | None = reads(
        Entries(Record(Rule, "a rule"), ID, "a mapping of rules"),
        "Conditions across several members, by id.",
    )
    derived: tuple[Entry[Derived], ...] | None = reads(
        Entries(Record(Derived, "a derived value"), NAME, "a mapping of values"),
        "Values computed from the members, by name.",
    )
    notes: tuple[Entry[Note], ...] | None = reads(
        Entries(
            Either(Convert(WORDS, _note_alone), Record(Note, "a note"), _is_scalar),
            ID,
            "a mapping of notes",
        ),
        "Constraints that no response can show, by id.",
    )


@record
class Union(Common):
    """One of several members, and exactly one."""

    members: tuple[Entry[Member], ...] = reads(
        VARIANTS, "The variants, by the name they have on the wire.", required=True
    )
    closed: Located[bool] | None = reads(BOOLEAN, _CLOSED)


Shape: TypeAlias = "Simple | Structure | Union"

SHAPES = {
    **SIMPLE,
    "structure": Record(Structure, "a structure"),
    "union": Record(Union, "a union"),
}


# --- the whole spec -----------------------------------------------------------------

_METHOD = Text("a method such as GET", r"[A-Z][A-Z-]{0,31}")
_PATH = Text("a path such as /pets/{id}", r"/[!-~]*")
_STATUS = Number("an HTTP status", integer=True, minimum=100, maximum=599)
_MEMBERS = Many(ANY_NAME, "a list of members")


@record
class Http:
    """How an operation is called over HTTP."""

    span: Span
    method: Located[str] = reads(_METHOD, "The method, in capitals.", required=True)
    path: Located[str] = reads(
        _PATH, "The path; members of the input are in it in braces.", required=True
    )
    status: Located[int | float] | None = reads(_STATUS, "The status of the output.")
    headers: tuple[Located[str], ...] | None = reads(
        _MEMBERS, "The members of the input that are headers."
    )
    cookies: tuple[Located[str], ...] | None = reads(
        _MEMBERS, "The members of the input that are cookies."
    )
    query: tuple[Located[str], ...] | None = reads(
        _MEMBERS, "The members of the input that are in the query, beside a body."
    )
    body: Located[str] | None = reads(
        ANY_NAME, "The member of the input that is the body."
    )


_TOKENS = Either(
    Convert(TEXT, lambda one: (one,)), Many(TEXT, "a list of names"), _is_scalar
)


@record
class Pagination:
    """Which members turn the pages of what an operation returns."""

    span: Span
    input_token: tuple[Located[str], ...] | None = reads(
        _TOKENS, "The member of the input, or the members, that say where to go on."
    )
    output_token: tuple[Located[str], ...] | None = reads(
        _TOKENS, "Where in the output that is read from."
    )
    items: tuple[Located[str], ...] | None = reads(
        _TOKENS, "The members of the output that hold a page."
    )
    page_size: Located[str] | None = reads(
        TEXT, "The member of the input that says how many items a page should hold."
    )
    more_results: Located[str] | None = reads(
        TEXT, "The member of the output that says whether there are more."
    )


@record
class Operation:
    """A call: what is sent and what comes back."""

    span: Span
    doc: Located[str] | None = reads(TEXT, "The effect, in your own words.")
    input: Located[str] | None = reads(SHAPE, "The structure that is sent.")
    output: Located[str] | None = reads(SHAPE, "The shape that comes back.")
    outputs: tuple[Entry[Located[str]], ...] | None = reads(
        Entries(SHAPE, STATUS, "a mapping from status to shape", at_least=1),
        "The shapes that come back, by HTTP status.",
    )
    errors: tuple[Located[str], ...] | None = reads(
        Many(SHAPE, "a list of shapes"), "The shapes of its errors."
    )
    http: Http | None = reads(
        Record(Http, "what HTTP says of a call"), "How it is called over HTTP."
    )
    api_version: Located[str] | None = reads(TEXT, "The version of the API.")
    pagination: Pagination | None = reads(
        Record(Pagination, "what turns the pages"),
        "How to come by all that it returns, page by page.",
    )
    deprecated: Deprecated | None = reads(DEPRECATED, "No longer to be called.")


TIMESTAMP_READ = (
    "datetime",
    "iso-8601",
    "epoch-seconds",
    "epoch-milliseconds",
    "date",
    "http-date",
)
TIMESTAMP_WRITE = ("datetime", "iso-8601", "epoch-seconds", "epoch-milliseconds")


@record
class Timestamps:
    """How a form writes moments in time."""

    span: Span
    read: tuple[Located[str], ...] = reads(
        Many(
            Text("an encoding", choices=TIMESTAMP_READ),
            "a list of encodings",
            at_least=1,
        ),
        "The encodings that may be met.",
        required=True,
    )
    write: Located[str] = reads(
        Text("an encoding that can be written", choices=TIMESTAMP_WRITE),
        "The encoding that is written.",
        required=True,
    )


@record
class Envelope:
    """What a form wraps the response in."""

    span: Span
    member: Located[str] = reads(
        ANY_NAME, "The member that holds the response.", required=True
    )
    marks: tuple[Entry[Located[str]], ...] | None = reads(
        Entries(TEXT, ANY_NAME, "a mapping from member to text"),
        "Other members and their values, by which the envelope is known.",
    )


KEYS = ("as-is", "snake_case", "named")

EXTRA_TYPES = (
    *("string", "integer", "number", "boolean", "timestamp"),
    *("json", "hstore", "hstore_csv"),
)


def _untyped(
    names: tuple[Located[str], ...],
) -> tuple[Entry[Located[str] | None], ...]:
    return tuple(Entry(name, None) for name in names)


@record
class Form:
    """How one system writes the same response."""

    span: Span
    doc: Located[str] | None = reads(TEXT, "Whose form it is.")
    timestamps: Timestamps = reads(
        Record(Timestamps, "a mapping with `read` and `write`"),
        "How timestamps are written.",
        required=True,
    )
    extra_members: tuple[Entry[Located[str] | None], ...] | None = reads(
        Either(
            Convert(Many(ANY_NAME, "a list of names"), _untyped),
            Entries(
                Text("the type of a column", choices=EXTRA_TYPES),
                ANY_NAME,
                "a mapping from names to types",
            ),
            _is_sequence,
        ),
        "Members beside those of the response that the form adds, as a list, or with"
        " the type of each: `string`, `integer`, `number`, `boolean`, `timestamp`,"
        " `json`, `hstore` or `hstore_csv`.",
    )
    table: Located[str] | None = reads(
        TEXT, "The table, where the response is a row of one."
    )
    keys: Located[str] | None = reads(
        Text("`as-is`, `snake_case` or `named`", choices=KEYS),
        "How members are spelt: `as-is`, which is meant, `snake_case`, or `named`: as"
        " `names` of each member says.",
    )
    columns: tuple[Located[str], ...] | None = reads(
        Many(
            Text("`json`, `hstore` or `text`", choices=("json", "hstore", "text")),
            "a list",
        ),
        "The response is a row of a table; what structures, lists and maps in it are"
        " written as, and `text` where numbers and booleans may be text, as in CSV."
        " What is below them is spelt either way.",
    )
    vectors: Located[bool] | None = reads(
        BOOLEAN, "Whether a value that is not a list may be wrapped in a list."
    )
    absent: tuple[Located[str], ...] | None = reads(
        Many(
            Text(
                "`empty-list` or `empty-structure`",
                choices=("empty-list", "empty-structure"),
            ),
            "a list",
        ),
        "Values that mean an absent member, beside null.",
    )
    envelope: Envelope | None = reads(
        Record(Envelope, "a mapping with `member`"),
        "The wrapper around the response.",
    )


@record
class Samples:
    """What made-up responses are made of, where it should be more than right."""

    span: Span
    words: tuple[Entry[tuple[Located[str], ...]], ...] | None = reads(
        Entries(Many(TEXT, "a list of strings", at_least=1), ID, "a mapping of words"),
        "Texts, one of which is taken for a whole response, by the name that other"
        " words and values have for it in braces.",
    )
    values: tuple[Entry[tuple[Located[Json], ...]], ...] | None = reads(
        Entries(
            Many(VALUE, "a list of values", at_least=1),
            Text(
                "the name of a shape, or a member as `Shape.Member`",
                rf"{_IDENTIFIER}(?:\.[\s\S]+)?",
            ),
            "a mapping of values",
        ),
        "Values to choose from, by shape or, as `Shape.Member`, by member. Of a"
        " structure what is given is taken, null for no member, and the rest made.",
    )


EFFECTS = ("looser", "stricter", "none")
"""What a limitation of an importer makes of a spec."""


@record
class LeftOut:
    """A place at which something is not carried."""

    span: Span
    at: Located[str] | None = reads(
        WORDS, "Where in this spec: a shape, `Shape.Member`, an operation."
    )
    keyword: Located[str] | None = reads(
        WORDS, "The keyword or trait of the source that says it."
    )
    source: Located[str] | None = reads(
        WORDS, "Where the source says it, and what is remarkable about it."
    )
    digest: Located[str] | None = reads(
        Text("hexadecimal digits", r"[0-9a-f]{8,64}"),
        "Digits of what the source says there; others where it says something else.",
    )


@record
class NotCarried:
    """A limitation of the importer that wrote the spec, and where it met it."""

    span: Span
    effect: Located[str] = reads(
        Text("`looser`, `stricter` or `none`", choices=EFFECTS),
        "Whether this spec accepts more than the source does, or less, or neither.",
        required=True,
    )
    means: Located[str] = reads(WORDS, "The consequence for this spec.", required=True)
    places: tuple[LeftOut, ...] = reads(
        Many(Record(LeftOut, "a place"), "a list of places", at_least=1),
        "Where.",
        required=True,
    )


@record
class Spec:
    """One contract: operations, the shapes they use, and the forms they come in."""

    span: Span
    shapespec: Located[int] = reads(
        Number(
            f"the version of the language, which is {LANGUAGE_VERSION}",
            integer=True,
            minimum=1,
            maximum=LANGUAGE_VERSION,
        ),
        "The version of the language: 1.",
        required=True,
    )
    package: Located[str] = reads(
        PACKAGE, "The name of the generated package and folders.", required=True
    )
    title: Located[str] | None = reads(TEXT, "Title of the contract.")
    doc: Located[str] | None = reads(TEXT, "Its subject, in your own words.")
    operations: tuple[Entry[Operation], ...] | None = reads(
        Entries(Record(Operation, "an operation"), NAME, "a mapping of operations"),
        "The operations, by name.",
    )
    imports: tuple[Entry[Located[str]], ...] | None = reads(
        Entries(IMPORT, NAME, "a mapping from namespace to file"),
        "Other specs whose shapes are used here as `namespace.Shape`, each with its"
        " path from this file.",
    )
    roots: tuple[Located[str], ...] | None = reads(
        Many(SHAPE, "a list of shapes"),
        "Shapes that are used on their own, beside those of the operations.",
    )
    shapes: tuple[Entry[Shape], ...] = reads(
        Entries(
            Tagged("Shape", "a shape", "type", SHAPES, implied=ONE_OF),
            NAME,
            "a mapping of shapes",
            at_least=1,
        ),
        "The shapes, by name.",
        required=True,
    )
    claimed: Claimed | None = reads(CLAIMED, _CLAIMED_DOC)
    closed: Located[bool] | None = reads(
        BOOLEAN, "Whether an unknown member of a structure or a union is an error."
    )
    formats: Located[str] | None = reads(
        Text("`assert` or `annotate`", choices=("assert", "annotate")),
        "Whether a string without its `format` is an error: `assert`, which is meant"
        " where left out, or `annotate`.",
    )
    nulls: Located[str] | None = reads(
        Text("`absent` or `invalid`", choices=("absent", "invalid")),
        "The meaning of null for a member without `nullable`: as good as `absent`,"
        " which is meant where left out, or `invalid`.",
    )
    evidence: tuple[Located[str], ...] | None = reads(
        Many(FILE, "a list of files"),
        "Files of evidence: what each source states. Beside this file or below it.",
    )
    decisions: Located[str] | None = reads(
        FILE, "The file of decisions: which fact the spec takes where sources disagree."
    )
    forms: tuple[Entry[Form], ...] | None = reads(
        Entries(Record(Form, "a form"), ID, "a mapping of forms"),
        "The forms a response comes in, by name.",
    )
    samples: Samples | None = reads(
        Record(Samples, "a mapping with `words` and `values`"),
        "Material for sample responses.",
    )
    not_carried: tuple[Entry[NotCarried], ...] | None = reads(
        Entries(Record(NotCarried, "a limitation"), ID, "a mapping of limitations"),
        "Facts of the source of an imported spec that this spec leaves out, by the name"
        " of the limitation. `shapespec import` writes it; `shapespec diff` reads it.",
    )


SPEC = Record(Spec, "a spec")
