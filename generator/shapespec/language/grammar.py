"""The constructs a spec is written in: each reads itself and describes itself.

A construct knows two things: how to read a YAML node into a value, reporting what
is wrong with it, and what an editor should know of it, as JSON Schema. The language
itself, `surface.py`, is a page of records whose fields name a construct each; the
meta-schema that editors load is printed from the very objects that read the spec.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping as Dict
from typing import Any, Generic, NamedTuple, Protocol, TypeAlias, TypeVar

from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located, Span
from shapespec.ground.values import Json
from shapespec.language.yaml_tree import Mapping, Node, Scalar, Sequence
from shapespec.records import dataclass

T = TypeVar("T")

Definitions: TypeAlias = dict[str, Json]
Faults: TypeAlias = list[Diagnostic]

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)\Z")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")
_LONGEST_NUMBER = 400


class Construct(Protocol):
    """Anything that can stand as a value in a spec."""

    @property
    def what(self) -> str:
        """What is expected here, in words: "text", "a mapping"."""
        ...

    def read(self, node: Node, faults: Faults) -> Any:
        """The node's value; none, with a fault added, where it does not fit."""
        ...

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        """The same expectation as JSON Schema; shared parts go to `definitions`."""
        ...


class Entry(NamedTuple, Generic[T]):
    """A named thing: a shape, a member, a value of an enum."""

    name: Located[str]
    value: T


def is_null(node: Node) -> bool:
    """Whether a node is an absent value: nothing, `~` or `null`."""
    return isinstance(node, Scalar) and node.plain and node.text in ("", "~", "null")


def wrong_type(node: Node, expected: str) -> Diagnostic:
    """A node that is not what was expected."""
    return catalogue.wrong_type(_describe(node), node.span, expected)


def _help(faults: Faults, told: int, key: str, node: Node) -> None:
    """Say what to write as the value of a key, where a fault is that it is another."""
    for at in range(told, len(faults)):
        fault = faults[at]
        if isinstance(node, Scalar) and fault.message.startswith("expected `true`"):
            continue  # what is expected is what to write
        is_value = (
            fault.primary.span.start == node.span.start if fault.primary else False
        )
        if fault.rule == "wrong-type" and fault.help is None and is_value:
            faults[at] = dataclasses.replace(fault, help=catalogue.instead(key))


def _describe(node: Node) -> str:
    """A node in a few words, for someone who expected something else."""
    match node:
        case Mapping(entries=entries):
            return "a mapping" if entries else "an empty mapping"
        case Sequence(items=items):
            return "a list" if items else "an empty list"
        case Scalar(text="" | "~" | "null", plain=True):
            return "nothing"
        case Scalar(text=text, plain=True):
            return catalogue.quote(text)
        case Scalar(text=text):
            quoted = catalogue.quote(text)
            return f"the text {quoted}" if text.strip() else quoted


@dataclass(frozen=True, slots=True)
class Text:
    """Any scalar, taken as the text that was written."""

    what: str = "text"
    pattern: str | None = None
    choices: tuple[str, ...] = ()
    blank: bool = True

    def read(self, node: Node, faults: Faults) -> Located[str] | None:
        if not isinstance(node, Scalar) or is_null(node):
            faults.append(wrong_type(node, self.what))
            return None
        if not self.blank and not node.text.strip():
            faults.append(wrong_type(node, self.what))
            return None
        if self.choices and node.text not in self.choices:
            faults.append(
                catalogue.invalid_choice(node.text, node.span, self.what, self.choices)
            )
            return None
        if self.pattern and not re.fullmatch(self.pattern, node.text):
            faults.append(
                catalogue.invalid_name(node.text, node.span, self.what, self.pattern)
            )
            return None
        return Located(node.text, node.span)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        # A plain `no` or `12` is text to us, and something else to an editor.
        if self.choices:
            return {"enum": [_as_editor_reads(choice) for choice in self.choices]}
        if self.pattern:
            return {"type": "string", "pattern": f"^(?:{self.pattern})$"}
        found: dict[str, Json] = {"type": ["string", "number", "boolean"]}
        if not self.blank:
            found["pattern"] = "\\S"
        return found


def _as_editor_reads(text: str) -> Json:
    return int(text) if _INTEGER.match(text) else text


@dataclass(frozen=True, slots=True)
class Boolean:
    """`true` or `false`, unquoted."""

    what: str = "`true` or `false`"

    def read(self, node: Node, faults: Faults) -> Located[bool] | None:
        match node:
            case Scalar(text="true" | "false" as text, plain=True, span=span):
                return Located(text == "true", span)
        faults.append(wrong_type(node, self.what))
        return None

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as JSON writes it; `integer` admits no fraction."""

    what: str = "a number"
    integer: bool = False
    minimum: int | None = None
    maximum: int | None = None
    above: int | None = None

    def read(self, node: Node, faults: Faults) -> Located[int | float] | None:
        value = _number(node) if isinstance(node, Scalar) and node.plain else None
        if value is None or not self._allows(value):
            faults.append(wrong_type(node, self.what))
            return None
        return Located(value, node.span)

    def _allows(self, value: float) -> bool:
        if self.integer and not isinstance(value, int):
            return False
        if self.above is not None and value <= self.above:
            return False
        if self.minimum is not None and value < self.minimum:
            return False
        return self.maximum is None or value <= self.maximum

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        found: dict[str, Json] = {"type": "integer" if self.integer else "number"}
        if self.minimum is not None:
            found["minimum"] = self.minimum
        if self.maximum is not None:
            found["maximum"] = self.maximum
        if self.above is not None:
            found["exclusiveMinimum"] = self.above
        return found


def _number(node: Scalar) -> int | float | None:
    text = node.text
    if len(text) > _LONGEST_NUMBER:
        return None
    if _INTEGER.match(text):
        return int(text)
    if _NUMBER.match(text):
        value = float(text)
        return value if abs(value) != float("inf") else None
    return None


@dataclass(frozen=True, slots=True)
class Value:
    """Any JSON value; unquoted `true`, `null` and numbers mean what JSON means."""

    what: str = "a JSON value"

    def read(self, node: Node, faults: Faults) -> Located[Json]:
        return Located(self._plain(node), node.span)

    def _plain(self, node: Node) -> Json:
        match node:
            case Sequence(items=items):
                return [self._plain(item) for item in items]
            case Mapping(entries=entries):
                return {key.text: self._plain(value) for key, value in entries}
            case Scalar(text="true" | "false" as text, plain=True):
                return text == "true"
            case Scalar(plain=True) if is_null(node):
                return None
            case Scalar(text=text, plain=plain):
                number = _number(node) if plain else None
                return text if number is None else number

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {}


@dataclass(frozen=True, slots=True)
class Many:
    """A list, each item of one construct."""

    item: Construct
    what: str = "a list"
    at_least: int = 0

    def read(self, node: Node, faults: Faults) -> tuple[Any, ...] | None:
        if not isinstance(node, Sequence) or len(node.items) < self.at_least:
            faults.append(wrong_type(node, self.what))
            return None
        read = (self.item.read(item, faults) for item in node.items)
        return tuple(value for value in read if value is not None)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        found: dict[str, Json] = {
            "type": "array",
            "items": self.item.schema(definitions),
        }
        if self.at_least:
            found["minItems"] = self.at_least
        return found


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping from names of the writer's choice to values of one construct."""

    value: Construct
    name: Text = Text()
    what: str = "a mapping"
    at_least: int = 0

    def read(self, node: Node, faults: Faults) -> tuple[Entry[Any], ...] | None:
        if not isinstance(node, Mapping) or len(node.entries) < self.at_least:
            faults.append(wrong_type(node, self.what))
            return None
        entries = []
        for key, child in node.entries:
            name = self.name.read(key, faults)
            value = self.value.read(child, faults)
            if name is not None and value is not None:
                entries.append(Entry(name, value))
        return tuple(entries)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        found: dict[str, Json] = {
            "type": "object",
            "additionalProperties": self.value.schema(definitions),
        }
        if self.name.pattern:
            found["propertyNames"] = {"pattern": f"^(?:{self.name.pattern})$"}
        if self.name.choices:
            found["propertyNames"] = {"enum": [*self.name.choices]}
        if self.at_least:
            found["minProperties"] = self.at_least
        return found


@dataclass(frozen=True, slots=True)
class Either:
    """A short form for one kind of node, the long form for the rest."""

    short: Construct
    long: Construct
    is_short: Callable[[Node], bool]

    @property
    def what(self) -> str:
        return f"{self.short.what} or {self.long.what}"

    def read(self, node: Node, faults: Faults) -> Any:
        chosen = self.short if self.is_short(node) else self.long
        return chosen.read(node, faults)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {
            "anyOf": [self.short.schema(definitions), self.long.schema(definitions)]
        }


@dataclass(frozen=True, slots=True)
class Convert:
    """A construct whose value is turned into another one, which cannot fail."""

    construct: Construct
    into: Callable[[Any], Any]

    @property
    def what(self) -> str:
        return self.construct.what

    def read(self, node: Node, faults: Faults) -> Any:
        value = self.construct.read(node, faults)
        return None if value is None else self.into(value)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return self.construct.schema(definitions)


@dataclass(frozen=True, slots=True)
class Nothing:
    """An empty value, for a name that needs no more said."""

    into: Callable[[Span], Any]
    what: str = "nothing"

    def read(self, node: Node, faults: Faults) -> Any:
        return self.into(node.span)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"type": "null"}


@dataclass(frozen=True, slots=True)
class Deferred:
    """A construct that is defined further down; for those that contain themselves."""

    find: Callable[[], Construct]

    @property
    def what(self) -> str:
        return self.find().what

    def read(self, node: Node, faults: Faults) -> Any:
        return self.find().read(node, faults)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return self.find().schema(definitions)


class Record:
    """A mapping with fixed keys, read into a dataclass whose fields came from `reads`.

    The dataclass has a field `span` for the place of the whole mapping.
    """

    def __init__(
        self,
        make: type,
        what: str,
        *,
        doc: str | None = None,
        either: tuple[str, ...] = (),
    ) -> None:
        """Read into `make`; `doc` falls back on the class's own first line.

        `either` are keys of which at least one is there.
        """
        self.either = either
        self.make = make
        self.what = what
        self.doc = doc or (make.__doc__ or "").splitlines()[0]
        self.keys: dict[str, Key] = {}
        self._fields: dict[str, str] = {}
        for field in dataclasses.fields(make):
            key: Key | None = field.metadata.get("key")
            if key is not None:
                self.keys[key.name or field.name] = key
                self._fields[key.name or field.name] = field.name

    def read(self, node: Node, faults: Faults) -> Any:
        if not isinstance(node, Mapping):
            faults.append(wrong_type(node, self.what))
            return None
        return self.read_entries(node.entries, node.span, faults)

    def read_entries(
        self,
        entries: Iterable[tuple[Scalar, Node]],
        span: Span,
        faults: Faults,
        extra: Iterable[str] = (),
    ) -> Any:
        """Read from the entries of a mapping that holds other things beside.

        Args:
            entries: The entries that are this record's.
            span: The place of the whole mapping.
            faults: Takes what is wrong.
            extra: Keys that are right here too, for suggestions.
        """
        found: dict[str, Any] = {}
        before = len(faults)
        written = set()
        for key, child in entries:
            written.add(key.text)
            known = self.keys.get(key.text)
            if known is None:
                faults.append(
                    catalogue.unknown_key(
                        key.text, key.span, self.what, [*self.keys, *extra]
                    )
                )
                continue
            told = len(faults)
            value = known.construct.read(child, faults)
            _help(faults, told, key.text, child)
            if value is not None:
                found[self._fields[key.text]] = value
        for name, wanted in self.keys.items():
            if wanted.required and name not in written:
                fault = catalogue.missing_key(name, self.what, span, written)
                faults.append(fault)
        if self.either and written.isdisjoint(self.either):
            fault = catalogue.missing_key(self.either[0], self.what, span, written)
            faults.append(fault)
            return None
        if len(faults) > before and self._lacks_required(found):
            return None
        return self.make(span=span, **found)

    def _lacks_required(self, found: Dict[str, Any]) -> bool:
        return any(
            key.required and self._fields[name] not in found
            for name, key in self.keys.items()
        )

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        name = self.make.__name__
        if name not in definitions:
            definitions[name] = {}
            definitions[name] = self.object_schema(definitions)
        return {"$ref": f"#/$defs/{name}"}

    def object_schema(
        self, definitions: Definitions, beside: Dict[str, Json] | None = None
    ) -> dict[str, Json]:
        """The mapping as JSON Schema, with the keys of `beside` allowed too."""
        found: dict[str, Json] = {
            "type": "object",
            "description": self.doc,
            "properties": {**(beside or {}), **self.properties(definitions)},
            "additionalProperties": False,
        }
        required: list[Json] = [name for name, key in self.keys.items() if key.required]
        if required:
            found["required"] = required
        if self.either:
            found["anyOf"] = [{"required": [key]} for key in self.either]
        return found

    def properties(self, definitions: Definitions) -> dict[str, Json]:
        """The schema of each key."""
        return {
            name: {**key.construct.schema(definitions), "description": key.doc}
            for name, key in self.keys.items()
        }


class Tagged:
    """A mapping whose `tag` key says which record its other keys make."""

    def __init__(  # noqa: PLR0913 - all but two say what is read
        self,
        name: str,
        what: str,
        tag: str,
        records: Dict[str, Record],
        *,
        choice: str = "a type",
        implied: Dict[str, Record] | None = None,
    ) -> None:
        """Choose from `records` by tag.

        Args:
            name: The definition in the schema.
            what: What is expected here, in words.
            tag: The key that holds the tag.
            records: The records by tag.
            choice: What the tag is expected to be, in words.
            implied: Records that a key of theirs tells, without a tag.
        """
        self.implied = implied or {}
        self.name = name
        self.what = what
        self.tag = tag
        self.records = records
        self.choice = Text(choice, choices=tuple(records))

    def read(self, node: Node, faults: Faults) -> Any:
        chosen = self.choose(node, faults)
        if chosen is None:
            return None
        record, rest, span = chosen
        return record.read_entries(rest, span, faults)

    def choose(
        self, node: Node, faults: Faults
    ) -> tuple[Record, list[tuple[Scalar, Node]], Span] | None:
        """The record that the tag names, and the entries beside the tag."""
        if not isinstance(node, Mapping):
            faults.append(wrong_type(node, self.what))
            return None
        tags = [value for key, value in node.entries if key.text == self.tag]
        if not tags:
            for key, _ in node.entries:
                if key.text in self.implied:
                    return self.implied[key.text], [*node.entries], node.span
            written = [key.text for key, _ in node.entries]
            fault = catalogue.missing_key(self.tag, self.what, node.span, written)
            faults.append(fault)
            return None
        told = len(faults)
        tag = self.choice.read(tags[0], faults)
        _help(faults, told, self.tag, tags[0])
        if tag is None:
            return None
        rest = [entry for entry in node.entries if entry[0].text != self.tag]
        return self.records[tag.value], rest, node.span

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        if self.name not in definitions:
            definitions[self.name] = {}
            definitions[self.name] = {
                **self.conditions(definitions, {}),
                **self.told,
            }
        return {"$ref": f"#/$defs/{self.name}"}

    @property
    def told(self) -> dict[str, Json]:
        """What says that one of the records is meant."""
        if not self.implied:
            return {"required": [self.tag]}
        keys = (self.tag, *self.implied)
        return {"anyOf": [{"required": [key]} for key in keys]}

    def conditions(
        self, definitions: Definitions, beside: Dict[str, Json]
    ) -> dict[str, Json]:
        """What the other keys may be for each tag, as a chain of `if` and `then`."""
        variants: list[Json] = []
        for tag, record in self.records.items():
            constant: dict[str, Json] = {self.tag: {"const": tag}}
            condition: dict[str, Json] = {
                "properties": constant,
                "required": [self.tag],
            }
            then = record.object_schema(definitions, {**beside, **constant})
            variants.append({"if": condition, "then": then})
        for key, record in self.implied.items():
            then = record.object_schema(definitions, {**beside})
            variants.append({"if": {"required": [key]}, "then": then})
        return {
            "type": "object",
            "properties": {self.tag: {"enum": [*self.records]}},
            "allOf": variants,
        }


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record: what may stand there and what it is for."""

    construct: Construct
    doc: str
    required: bool = False
    name: str | None = None


def reads(
    construct: Construct,
    doc: str,
    *,
    required: bool = False,
    name: str | None = None,
) -> Any:
    """A dataclass field that a record reads; `name` where the key is no identifier."""
    metadata = {"key": Key(construct, doc, required, name)}
    if required:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=None, metadata=metadata)
