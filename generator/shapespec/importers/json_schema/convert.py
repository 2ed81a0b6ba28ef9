"""Makes shapes of schemas: one method for each type, and a note for what is left."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shapespec.contract.numbers import exact
from shapespec.contract.schema import Bounds, Deprecated
from shapespec.drafts.model import Member, Note, Shape, Target, Value, references
from shapespec.drafts.names import identifier
from shapespec.importers.json_schema import choice
from shapespec.importers.json_schema.document import Document, Node
from shapespec.importers.json_schema.parts import (
    ANNOTATIONS,
    Parts,
    alias,
    laid_together,
)
from shapespec.patterns import PatternRefused
from shapespec.patterns.ecmascript import as_java

DOCUMENT = Shape(type="document")
STRING = Shape(type="string")

_NO_PART = re.compile(r"[^0-9A-Za-z]+")
_NAMED = ("structure", "union", "enum")
_ALWAYS = ANNOTATIONS | {"type", "enum", "const", "nullable"}
_LONGEST_TITLE = 40

_ABOUT = {
    "object": (
        "properties",
        "required",
        "additionalProperties",
        "patternProperties",
        "propertyNames",
        "minProperties",
        "maxProperties",
    ),
    "array": ("items", "prefixItems", "minItems", "maxItems", "uniqueItems"),
    "string": ("pattern", "minLength", "maxLength", "format", "contentEncoding"),
    "number": (
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
    ),
}
"""The keywords that tell a type where none is stated."""


class Converter:
    """Makes shapes of the schemas of a document.

    Attributes:
        shapes: Those that have a name, by their ids.
    """

    def __init__(self, document: Document, *, docs: bool) -> None:
        """Convert the schemas of a document, with its descriptions where wanted."""
        self.document = document
        self.docs = docs
        self.shapes: dict[str, Shape] = {}
        self._ids: dict[str, str] = {}
        self._pending: list[tuple[str, Node]] = []
        self._made: dict[tuple[str, ...], Target] = {}
        self._open: dict[tuple[str, ...], tuple[str, str | None]] = {}
        self._nullable: dict[str, bool] = {}
        self._given = dict(document.given)
        self._taken: set[str] = {*self._given.values()}

    # --- names --------------------------------------------------------------------

    def reference(self, node: Node) -> Target:
        """The shape of a schema that others refer to; `make_all` makes it."""
        seen: set[str] = set()
        while (other := alias(self.document, node)) is not None:
            if node.place in seen:
                return DOCUMENT.noting("never", f"{node}: it refers to itself")
            seen.add(node.place)
            self.document.followed.add(other.place)
            node = other
        if node.place in self._ids:
            return self._ids[node.place]
        name = self._given.get(node.place) or self._free(_last_step(node))
        self._ids[node.place] = name
        self._pending.append((name, node))
        return name

    def make_all(self) -> None:
        """Make the shapes that have been referred to, and those that these refer to."""
        while self._pending:
            name, node = self._pending.pop()
            shape = self.shape([node], identifier(name))
            self.shapes[name] = replace(shape, doc=shape.doc or self.doc(node))

    def name_root(self, name: str) -> Target:
        """The shape of the whole document, under a name."""
        self._given.setdefault(self.document.root.place, self._free(name))
        return self.reference(self.document.root)

    def is_unused_root(self, name: str) -> bool:
        """Whether a shape is the whole document, no object, and not referred to."""
        if self._ids.get(self.document.root.place) != name or self.shapes[
            name
        ].type in (
            "structure",
            "union",
        ):
            return False
        return all(name not in references(shape) for shape in self.shapes.values())

    def _free(self, wanted: str) -> str:
        base = identifier(wanted)
        base = base[0].upper() + base[1:]
        found, count = base, 1
        while found in self._taken:
            count += 1
            found = f"{base}{count}"
        self._taken.add(found)
        return found

    def target(self, nodes: list[Node], name: str) -> Target:
        """What a member, an item or a value is: a name, or a shape in place."""
        if len(nodes) == 1:
            if isinstance(nodes[0].value, dict):
                other = alias(self.document, nodes[0]) or choice.sole_option(
                    self.document, nodes[0]
                )
                if other is not None:
                    self.document.followed.add(other.place)
                    return self.reference(other)
            if nodes[0].place in self._ids:
                return self._ids[nodes[0].place]
        places = tuple(node.place for node in nodes)
        if places in self._made:
            return self._made[places]
        if places in self._open:  # it contains itself, so it needs a name
            outer, reserved = self._open[places]
            reserved = reserved or self._free(outer)
            self._open[places] = outer, reserved
            return reserved
        self._open[places] = _title(nodes[0]) or name, None
        shape = self.shape(nodes, name)
        outer, reserved = self._open.pop(places)
        made: Target = shape
        if reserved or shape.type in _NAMED:
            made = reserved or self._free(outer)
            self.shapes[made] = shape
        self._made[places] = made
        return made

    def named_enum(self, values: tuple[Value, ...], owner: str, member: str) -> str:
        """An enum that belongs to a member."""
        found = self._free(owner + _capital(member))
        self.shapes[found] = Shape(type="enum", values=values)
        return found

    # --- shapes -------------------------------------------------------------------

    def shape(self, nodes: list[Node], name: str) -> Shape:
        """The shape of schemas that must all hold."""
        if len(nodes) == 1 and isinstance(nodes[0].value, bool):
            never = DOCUMENT.noting("never", str(nodes[0]))
            return DOCUMENT if nodes[0].value else never
        return self.of_parts(laid_together(self.document, nodes), name)

    def of_parts(self, parts: Parts, name: str) -> Shape:
        """The shape of what is laid together, with all its notes."""
        if "oneOf" in parts or "anyOf" in parts:
            return choice.shape(self, parts, name)
        values = parts.values()
        types = [one for one in parts.types() or () if one != "null"]
        if values is not None:
            shape = _enumerated(parts, [one for one in values if one is not None])
            if shape is not None:
                return self.finished(parts, shape, ())
        if parts.types() is None:
            types = _inferred(parts)
        if {*types} == {"integer", "number"}:
            types = ["number"]
        if len(types) != 1:
            return self.finished(parts, _several(parts, types), ())
        makers: dict[str, Callable[[Parts, str], Shape]] = {
            "object": self.object,
            "array": self.array,
            "string": lambda parts, _: _text(parts),
            "integer": lambda parts, _: _number(parts),
            "number": lambda parts, _: _number(parts),
            "boolean": lambda _, __: Shape(type="boolean"),
        }
        if types[0] not in makers:
            note = Note("unsupported-keyword", f"{parts.at}/type: `{types[0]}`")
            return self.finished(parts, replace(DOCUMENT, notes=(note,)), ())
        kind = "number" if types[0] == "integer" else types[0]
        shape = makers[types[0]](parts, name)
        return self.finished(parts, shape, _ABOUT.get(kind, ()))

    def finished(self, parts: Parts, shape: Shape, used: tuple[str, ...]) -> Shape:
        """A shape with a note for each keyword that it does not carry."""
        left = [
            Note("unsupported-keyword", str(node))
            for keyword, nodes in parts.said.items()
            if keyword not in used and keyword not in _ALWAYS
            for node in nodes
        ]
        return replace(shape, notes=(*shape.notes, *parts.notes, *left))

    # --- objects ------------------------------------------------------------------

    def object(self, parts: Parts, name: str) -> Shape:
        """A structure where members are named, else a map."""
        properties, required = parts.properties(), parts.required()
        beside = parts.first("additionalProperties")
        if not properties and not required and beside is not False:
            return self.map(parts, name)
        patterns = parts.said.get("patternProperties", ())
        if not properties and not required and patterns:
            return self.map(parts, name)
        notes = [Note("additional-typed", str(node)) for node in patterns]
        if isinstance(beside, dict) and beside:
            at = parts.said["additionalProperties"][0]
            notes.append(Note("additional-typed", str(at)))
        notes += [
            Note("unsupported-keyword", str(node))
            for keyword in ("propertyNames", "minProperties", "maxProperties")
            for node in parts.said.get(keyword, ())
        ]
        members = [
            self.member(one, nodes, name, required=one in required)
            for one, nodes in properties.items()
        ]
        members += [
            unknown_member(one, str(parts.at))
            for one in required
            if one not in properties
        ]
        return Shape(type="structure", members=tuple(members), notes=tuple(notes))

    def member(
        self, name: str, nodes: list[Node], owner: str, *, required: bool
    ) -> Member:
        """A member, whatever its schemas say of it beside its shape."""
        target = self.target(nodes, owner + _capital(name))
        said = nodes[0].value if isinstance(nodes[0].value, dict) else {}
        notes: list[Note] = []
        if required and self.is_nullable(nodes):
            notes.append(Note("required-null", str(nodes[0])))
            required = False
        default = said.get("default")
        examples = said.get("examples", ())
        return Member(
            name=name,
            target=target,
            required=required,
            default=None if default is None else (default,),
            examples=tuple(examples) if isinstance(examples, list) else (),
            doc=self.doc(nodes[0]),
            deprecated=Deprecated() if said.get("deprecated") is True else None,
            sensitive=said.get("format") == "password",
            notes=tuple(notes),
        )

    def map(self, parts: Parts, name: str) -> Shape:
        """Values of one shape under keys of the writer's choice."""
        values: list[Node] = []
        key: Target = STRING
        notes: list[Note] = []
        patterns = parts.said.get("patternProperties", ())
        listed = [node.child(pattern) for node in patterns for pattern in node.value]
        beside = parts.said.get("additionalProperties", [])
        closed = any(node.value is False for node in beside)
        if len(listed) == 1 and closed:
            (pattern,) = (pattern for node in patterns for pattern in node.value)
            values, key = listed, _patterned(STRING, pattern, str(listed[0]))
        else:
            notes = [Note("additional-typed", str(node)) for node in listed]
            values = [node for node in beside if isinstance(node.value, dict)]
        names = parts.said.get("propertyNames", [])
        if names:
            key = self.target(names, f"{name}Key")
        value = self.target(values, f"{name}Value") if values else DOCUMENT
        low, high = (
            parts.tightest("minProperties", least=True),
            parts.tightest("maxProperties", least=False),
        )
        return Shape(
            type="map",
            key=key,
            value=value,
            length=Bounds(low, high),
            sparse=bool(values) and self.is_nullable(values),
            notes=tuple(notes),
        )

    # --- lists --------------------------------------------------------------------

    def array(self, parts: Parts, name: str) -> Shape:
        """A list; one whose items differ by position has items of any shape."""
        notes: list[Note] = []
        items = [
            node
            for node in parts.said.get("items", ())
            if isinstance(node.value, dict | bool)
        ]
        tuples = [
            node
            for keyword in ("prefixItems", "items")
            for node in parts.said.get(keyword, ())
            if isinstance(node.value, list)
        ]
        if tuples:
            items = []
            notes += [Note("tuple", str(node)) for node in tuples]
        member = self.target(items, f"{name}Item") if items else DOCUMENT
        unique = any(node.value is True for node in parts.said.get("uniqueItems", ()))
        return Shape(
            type="list",
            member=member,
            length=Bounds(
                parts.tightest("minItems", least=True),
                parts.tightest("maxItems", least=False),
            ),
            unique_items=unique,
            sparse=bool(items) and self.is_nullable(items),
            notes=tuple(notes),
        )

    # --- what is beside the shape ---------------------------------------------------

    def doc(self, node: Node) -> str | None:
        """What a schema says of itself, where descriptions are wanted."""
        if not self.docs or not isinstance(node.value, dict):
            return None
        found = node.value.get("description")
        return found if isinstance(found, str) and found.strip() else None

    def is_nullable(self, nodes: list[Node]) -> bool:
        """Whether null is among the values that schemas allow."""
        return all(map(self._allows_null, nodes))

    def _allows_null(self, node: Node) -> bool:
        if node.place not in self._nullable:
            self._nullable[node.place] = False  # what leads back to itself adds none
            self._nullable[node.place] = self._says_null(node)
        return self._nullable[node.place]

    def _says_null(self, node: Node) -> bool:
        if not isinstance(node.value, dict):
            return node.value is True
        other = alias(self.document, node)
        if other is not None:
            return self._allows_null(other)
        if not set(node.value) - ANNOTATIONS:
            return True
        kind = node.value.get("type")
        if node.value.get("nullable") is True or kind == "null":
            return True
        if isinstance(kind, list):
            return "null" in kind
        if kind is not None:
            return False
        if "const" in node.value:
            return node.value["const"] is None
        values = node.value.get("enum")
        if isinstance(values, list):
            return None in values
        return any(map(self._allows_null, choice.options(node)))


def unknown_member(name: str, at: str) -> Member:
    """A member that is required and of which nothing is said: it may be null."""
    note = Note("required-null", f"{at}: `{name}`")
    return Member(name=name, target=DOCUMENT, notes=(note,))


# --- simple types -----------------------------------------------------------------


def _text(parts: Parts) -> Shape:
    length = Bounds(
        parts.tightest("minLength", least=True),
        parts.tightest("maxLength", least=False),
    )
    pattern, form = parts.first("pattern"), parts.first("format")
    encoding = parts.first("contentEncoding")
    special = "timestamp" if form == "date-time" else ""
    if encoding == "base64" or form == "byte":
        special = "blob"
    if special:
        shape = Shape(type=special)
        for keyword in ("minLength", "maxLength", "pattern"):
            for node in parts.said.get(keyword, ()):
                shape = shape.noting("text-length", str(node))
        return shape
    shape = Shape(type="string", length=length, sensitive=form == "password")
    if form is not None and form != "password":
        at = parts.said["format"][0]
        shape = shape.noting("format-not-checked", f"{at}: `{form}`")
    if encoding is not None:
        at = parts.said["contentEncoding"][0]
        shape = shape.noting("format-not-checked", f"{at}: `{encoding}`")
    if isinstance(pattern, str):
        return _patterned(shape, pattern, str(parts.said["pattern"][0]))
    return shape


def _patterned(shape: Shape, pattern: str, at: str) -> Shape:
    try:
        java = as_java(pattern)
    except PatternRefused as refused:
        said = f"{at}: `{pattern}`: {refused.reason}"
        return shape.noting("unsupported-pattern", said)
    if java in pattern:
        return replace(shape, pattern=java)
    return replace(shape, pattern=java, remark=f"pattern there: {pattern}")


_STORED = {"int32": "integer", "int64": "long", "float": "float", "double": "double"}


def _number(parts: Parts) -> Shape:
    whole = "number" not in (parts.types() or ("number",))
    limits = _limits(parts)
    notes: list[Note] = []
    kind = "long" if whole else "double"
    for node in parts.said.get("format", ()):
        stored = _STORED.get(node.value) if isinstance(node.value, str) else None
        if stored is None or (stored in ("integer", "long")) != whole:
            notes.append(Note("format-not-checked", f"{node}: `{node.value}`"))
        else:
            kind = stored
    parts.said.pop("format", None)
    step = _step(parts, whole=whole)
    return Shape(type=kind, range=limits, multiple_of=step, notes=tuple(notes))


def _limits(parts: Parts) -> Bounds:
    """The tightest bounds; in draft 4, a boolean says that a bound is not valid."""
    low, above = parts.end("minimum", "exclusiveMinimum", least=True)
    high, below = parts.end("maximum", "exclusiveMaximum", least=False)
    return Bounds(low, high, above, below)


def _step(parts: Parts, *, whole: bool) -> float | None:
    """What numbers are a multiple of; whole ones are so of a whole number, too."""
    step = parts.first("multipleOf")
    if isinstance(step, bool) or not isinstance(step, int | float):
        return None
    if not 0 < step < math.inf:
        return None
    least = exact(step).numerator if whole else step
    return None if whole and least == 1 else least


def _enumerated(parts: Parts, values: list[Any]) -> Shape | None:
    """The shape of a set of values; none where only the type can be said."""
    if not values:
        return DOCUMENT.noting("null-alone", str(parts.at))
    if all(isinstance(one, str) for one in values):
        return Shape(type="enum", values=tuple(Value(text=one) for one in values))
    at = (parts.said.get("enum") or parts.said.get("const") or [parts.at])[0]
    if all(isinstance(one, bool) for one in values):
        shape = Shape(type="boolean")
        both = {True, False} <= {*values}
        return shape if both else shape.noting("enum-not-text", str(at))
    if all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in values
    ):
        low, high = min(values), max(values)
        whole = all(one % 1 == 0 for one in values)
        shape = Shape(type="long" if whole else "double", range=Bounds(low, high))
        every = whole and len({*values}) == high - low + 1
        return shape if every or low == high else shape.noting("enum-not-text", str(at))
    return DOCUMENT.noting("enum-not-text", str(at))


def _inferred(parts: Parts) -> list[str]:
    """The type that keywords are about, where they are all about one."""
    found = [
        kind
        for kind, keywords in _ABOUT.items()
        if any(keyword in parts for keyword in keywords)
    ]
    if len(found) == 1:
        parts.notes.append(Note("inferred-type", f"{parts.at}: {found[0]}"))
    return found


def _several(parts: Parts, types: list[str]) -> Shape:
    """Any value, for what has no type or several."""
    if types:
        return DOCUMENT.noting("mixed-types", f"{parts.at}: {', '.join(types)}")
    if parts.types() == ["null"]:
        return DOCUMENT.noting("null-alone", str(parts.at))
    if parts.types() == []:
        return DOCUMENT.noting("never", str(parts.at))
    return DOCUMENT


# --- names ------------------------------------------------------------------------


def _last_step(node: Node) -> str:
    return node.pointer.rpartition("/")[2] or "Root"


def _title(node: Node) -> str | None:
    title = node.value.get("title") if isinstance(node.value, dict) else None
    if not isinstance(title, str) or not title.isascii():
        return None
    return title if 0 < len(title) <= _LONGEST_TITLE else None


def _capital(name: str) -> str:
    parts = [part for part in _NO_PART.split(name) if part]
    return "".join(part[0].upper() + part[1:] for part in parts)
