"""Schemas that must all hold, laid beside each other: `allOf`, `$ref` and the rest.

The keywords of all parts are collected. Type, nullability and values are those that
every part allows; what several parts say of another keyword is joined where that can be
said, and else the first one stands, with a note.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from shapespec.contract.constraints import KEYWORDS
from shapespec.contract.numbers import exact, numbers
from shapespec.contract.schema import Bounds, Float, Integer
from shapespec.drafts.model import Note
from shapespec.importers.json_schema.document import (
    Document,
    Elsewhere,
    Node,
    reference_of,
)
from shapespec.importers.json_schema.judge import is_right
from shapespec.patterns import PatternRefused, translate
from shapespec.patterns.ecmascript import as_java
from shapespec.patterns.match import Undecided, matches
from shapespec.records import dataclass


def _limiting(kind: str) -> tuple[str, ...]:
    """The keywords of constraints that refuse values of one type only."""
    return tuple(
        word
        for word, about in KEYWORDS.items()
        if {*about.types} <= {kind, "integer"} and about.rule != "format"
    )


KINDS = ("null", "boolean", "number", "string", "array", "object")
"""The types of JSON, `integer` being part of `number`."""

ABOUT = {
    "object": (
        "additionalProperties",
        "dependencies",
        "dependentRequired",
        "dependentSchemas",
        "patternProperties",
        "properties",
        "propertyNames",
        "required",
        "unevaluatedProperties",
        *_limiting("object"),
    ),
    "array": (
        "additionalItems",
        "contains",
        "items",
        "maxContains",
        "minContains",
        "prefixItems",
        "unevaluatedItems",
        *_limiting("array"),
    ),
    "string": _limiting("string"),
    "number": _limiting("number"),
}
"""The keywords that refuse values of one type only."""

ANY_TYPE = ("anyOf", "else", "if", "not", "oneOf", "then")
"""The keywords that can refuse values of any type, beside those of `types`."""

ASSERTING = frozenset((*(word for one in ABOUT.values() for word in one), *ANY_TYPE))
_STATED = ("const", "enum", "type")
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef", "allOf")
_SHAPING = ("contentEncoding", "format")
SAYING = ASSERTING | {*_STATED, *_REFERENCES, *_SHAPING}
"""The keywords that say something of values; all others are annotations."""

_WITHOUT_DEPENDENCIES = 2019
_SIZES = {"string": "Length", "array": "Items", "object": "Properties"}


_DYNAMIC = ("anyOf", "oneOf", "if", "dependentSchemas")
"""Keywords by which it depends on a value what is evaluated."""


@dataclass(frozen=True, slots=True)
class Unevaluated:
    """What a schema says of the properties that nothing in it evaluates.

    Attributes:
        node: What it says.
        names: The properties that are evaluated whatever the value is.
        patterns: The patterns of names that are.
        dynamic: The keywords by which it depends on the value what else is.
    """

    node: Node
    names: frozenset[str]
    patterns: tuple[str, ...]
    dynamic: frozenset[str]

    def is_about(self, name: str) -> bool:
        """Whether a property is one that nothing evaluates."""
        found = any(is_found(pattern, name) for pattern in self.patterns)
        return not self.dynamic and name not in self.names and not found


@dataclass(slots=True)
class Parts:
    """What all parts say, by keyword.

    Attributes:
        nodes: The parts as they were given.
        single: Whether they are one schema, with all that it refers to.
        sources: The schemas that they lead to, each once.
        said: For each keyword the places that say it.
        notes: What could not be laid together.
        never: Whether a part refuses everything.
        unevaluated: What is said of properties that nothing evaluates.
        only: The types that are considered; all where there are none.
        chosen: The places of the options that led here.
    """

    nodes: list[Node]
    sources: list[Node] = field(default_factory=list[Node])
    said: dict[str, list[Node]] = field(default_factory=dict[str, list[Node]])
    notes: list[Note] = field(default_factory=list[Note])
    never: list[Node] = field(default_factory=list[Node])
    unevaluated: list[Unevaluated] = field(default_factory=list[Unevaluated])
    only: frozenset[str] = frozenset()
    chosen: frozenset[str] = frozenset()
    single: bool = True

    def __contains__(self, keyword: str) -> bool:
        return keyword in self.said

    @property
    def at(self) -> Node:
        """The first part."""
        return self.nodes[0]

    def tightest(self, keyword: str, *, least: bool) -> int | float | None:
        """The bound that demands the most."""
        found = [
            node.value
            for node in self.said.get(keyword, ())
            if isinstance(node.value, int | float) and not isinstance(node.value, bool)
        ]
        if not found:
            return None
        bound: int | float = max(found) if least else min(found)
        return bound

    def end(
        self, included: str, excluded: str, *, least: bool
    ) -> tuple[int | float | None, int | float | None]:
        """The tightest bound at one end: one that is valid, or one that is not.

        In draft 4 the keyword of the latter is a boolean beside the former.
        """
        turned = {
            node.parent for node in self.said.get(excluded, ()) if node.value is True
        }
        found = [
            (
                node.value if least else -node.value,
                keyword == excluded or node.parent in turned,
            )
            for keyword in (included, excluded)
            for node in self.said.get(keyword, ())
            if isinstance(node.value, int | float) and not isinstance(node.value, bool)
        ]
        if not found:
            return None, None
        bound, is_excluded = max(found)
        bound = bound if least else -bound
        return (None, bound) if is_excluded else (bound, None)

    # --- types and values ---------------------------------------------------------

    @property
    def is_typed(self) -> bool:
        """Whether some part states a type."""
        return "type" in self.said

    @property
    def is_whole(self) -> bool:
        """Whether its numbers are whole."""
        return any(
            "integer" in words and "number" not in words
            for words in map(_words, self.said.get("type", ()))
        )

    def kinds(self) -> frozenset[str]:
        """The types that every part allows."""
        found = self.only or frozenset(KINDS)
        if self.never:
            return frozenset()
        for node in self.said.get("type", ()):
            words = _words(node)
            found &= {"number" if word == "integer" else word for word in words}
        for node in self.said.get("not", ()):
            found -= _refused_types(node.value)
        return frozenset(one for one in found if not self._is_empty(one))

    def _is_empty(self, kind: str) -> bool:
        """Whether bounds contradict each other, so that no value of a type is right."""
        if kind == "number":
            return self._has_no_number()
        if kind not in _SIZES:
            return False
        low, high = (f"{end}{_SIZES[kind]}" for end in ("min", "max"))
        if low not in self.said or high not in self.said:
            return False
        least = self.tightest(low, least=True)
        most = self.tightest(high, least=False)
        return least is not None and most is not None and least > most

    def _has_no_number(self) -> bool:
        low, above = self.end("minimum", "exclusiveMinimum", least=True)
        high, below = self.end("maximum", "exclusiveMaximum", least=False)
        limits = Bounds(low, high, above, below)
        if (low is None and above is None) or (high is None and below is None):
            return False
        kind = Integer if self.is_whole else Float
        step = self.step()
        found = kind(id="", bits=64, range=limits, multiple_of=step)
        return numbers(found).is_empty

    def step(self, *, whole: bool = False) -> float | None:
        """What its numbers are a multiple of; whole ones are so of a whole number."""
        steps = [
            exact(node.value)
            for node in self.said.get("multipleOf", ())
            if isinstance(node.value, int | float) and 0 < node.value < math.inf
        ]
        if not steps:
            return None
        least = math.lcm(*(one.numerator for one in steps))
        if whole or self.is_whole:
            return None if least == 1 else least
        step = Fraction(least, math.gcd(*(one.denominator for one in steps)))
        return int(step) if step.denominator == 1 else float(step)

    def values(self) -> list[Any] | None:
        """The values that every part allows, if one of them lists values.

        What else the parts say is taken into account.
        """
        listed = self._listed()
        if listed is None:
            return None
        kinds = self.kinds()
        found: list[Any] = []
        more = self.said.keys() & ASSERTING
        for value in listed:
            kind = kind_of(value)
            if kind not in kinds or _is_in(value, found):
                continue
            if kind == "number" and self.is_whole and value % 1:
                continue
            if not more or all(is_right(node, value) for node in self.nodes):
                found.append(value)
        return found

    def _listed(self) -> list[Any] | None:
        allowed: list[Any] | None = None
        for keyword in ("const", "enum"):
            for node in self.said.get(keyword, ()):
                listed = [node.value] if keyword == "const" else node.value
                allowed = [
                    one for one in listed if allowed is None or _is_in(one, allowed)
                ]
        return allowed

    # --- objects ------------------------------------------------------------------

    def properties(self) -> dict[str, list[Node]]:
        """The properties that any part names, with all that is said of each.

        A part that does not name one says of it what it says of those it does not
        name.
        """
        names: dict[str, None] = {}
        for node in self.said.get("properties", ()):
            names |= dict.fromkeys(filter(is_name, node.value))
        return {name: self.about(name) for name in names}

    def about(self, name: str) -> list[Node]:
        """All that is said of a property."""
        found: list[Node] = []
        for source in self.sources:
            found += _about(source, name)
        found += [one.node for one in self.unevaluated if one.is_about(name)]
        return found

    def closed(self) -> Node | None:
        """What says that there are no other members than those that are named."""
        for node in self.said.get("additionalProperties", ()):
            if node.value is False:
                return node
        for one in self.unevaluated:
            if one.node.value is False and not one.dynamic:
                return one.node
        return None

    def required(self) -> list[str]:
        """The names that some part requires."""
        found = {name: None for _, name in self._required() if is_name(name)}
        return [*found]

    def _required(self) -> Iterator[tuple[Node, str]]:
        for node in self.said.get("required", ()):
            if isinstance(node.value, list):
                yield from ((node, one) for one in node.value if isinstance(one, str))

    def nameless(self) -> dict[str, list[Node]]:
        """What requires properties of which no member can have the name."""
        found: dict[str, list[Node]] = {}
        for node, name in self._required():
            if not is_name(name):
                found.setdefault(name, []).append(node)
        return found

    @property
    def names_all(self) -> bool:
        """Whether a member can have the name of each property that a part names."""
        named = [
            name for node in self.said.get("properties", ()) for name in node.value
        ]
        return not self.nameless() and all(map(is_name, named))

    def demands(self, name: str) -> str:
        """The place that requires a name; empty if none does."""
        places = (
            str(node)
            for node in self.said.get("required", ())
            if isinstance(node.value, list) and name in node.value
        )
        return next(places, "")

    def place(self, keyword: str) -> str:
        """The place of a keyword; empty if it is not there."""
        return next(map(str, self.said.get(keyword, ())), "")

    # --- others like it -----------------------------------------------------------

    def without(self, *keywords: str) -> Parts:
        """The same, without keywords."""
        said = {
            word: nodes for word, nodes in self.said.items() if word not in keywords
        }
        return replace(self, said=said)

    def of(self, *kinds: str) -> Parts:
        """The same, of values of some types only."""
        return replace(self, only=frozenset(kinds))

    def joined(self, more: Parts) -> Parts:
        """Both, as if they stood in one schema."""
        said = {keyword: [*nodes] for keyword, nodes in self.said.items()}
        for keyword, nodes in more.said.items():
            said.setdefault(keyword, []).extend(nodes)
        return Parts(
            [*self.nodes, *more.nodes],
            [*self.sources, *more.sources],
            said,
            [*self.notes, *more.notes],
            [*self.never, *more.never],
            [*_beside(self.unevaluated, more), *more.unevaluated],
            self.only,
            self.chosen | more.chosen,
            self.single,
        )


def is_name(name: str) -> bool:
    """Whether a member can be called so: by a text, and not by an empty one."""
    return bool(name) and not any("\ud800" <= sign <= "\udfff" for sign in name)


def keys_of(schema: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    """The patterns by which a schema speaks of properties, and the way to each.

    They are its own, and those of properties of which no member can have the name.
    """
    for pattern in schema.get("patternProperties", ()):
        yield pattern, ("patternProperties", pattern)
    for name in schema.get("properties", ()):
        if not is_name(name):
            yield named_alone(name), ("properties", name)


def named_alone(name: str) -> str:
    """A pattern of ECMA-262 for a name that no member can have."""
    return f"^{name}$"


def kind_of(value: Any) -> str:
    """The type of a JSON value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def _words(node: Node) -> list[str]:
    given = node.value if isinstance(node.value, list) else [node.value]
    return [word for word in given if isinstance(word, str)]


def _refused_types(schema: Any) -> frozenset[str]:
    """The types of which a schema accepts all values: what `not` refuses whole."""
    if not isinstance(schema, dict):
        return frozenset(KINDS) if schema is True else frozenset()
    said = schema.keys() & SAYING
    if not said:
        return frozenset(KINDS)
    if said != {"type"}:
        return frozenset()
    given = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return frozenset(one for one in given if one in KINDS)


def says_all(parts: Parts, keyword: str) -> bool:
    """Whether what a keyword says is said by the types alone."""
    return keyword == "not" and all(
        node.value is False
        or (_refused_types(node.value) and "integer" not in _types_of(node.value))
        for node in parts.said.get("not", ())
    )


def _types_of(schema: Any) -> list[str]:
    given = schema.get("type") if isinstance(schema, dict) else None
    listed = given if isinstance(given, list) else [given]
    return [one for one in listed if isinstance(one, str)]


def _is_in(value: Any, values: Iterable[Any]) -> bool:
    return any(is_equal(value, one) for one in values)


def is_equal(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal: `1` is `1.0`, and not `true`."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_equal, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            is_equal(value, other[name]) for name, value in one.items()
        )
    return bool(one == other)


def _about(source: Node, name: str) -> Iterator[Node]:
    """What one schema says of a property."""
    said = source.value
    named = False
    if name in said.get("properties", ()):
        named = True
        yield source.child("properties", name)
    for pattern in said.get("patternProperties", ()):
        if is_found(pattern, name):
            named = True
            yield source.child("patternProperties", pattern)
    if not named and "additionalProperties" in said:
        yield source.child("additionalProperties")


@lru_cache(maxsize=1024)
def is_found(pattern: str, text: str) -> bool:
    """Whether a pattern of ECMA-262 matches somewhere in a text; not if unreadable."""
    try:
        return matches(translate(as_java(pattern)).regex, text)
    except (PatternRefused, Undecided):
        return False


def laid_together(
    document: Document, nodes: list[Node], within: frozenset[str] = frozenset()
) -> Parts:
    """What schemas say that must all hold; references and `allOf` are followed.

    Args:
        document: What they are in.
        nodes: The schemas.
        within: The places of schemas that are being laid together, and led here.
    """
    parts = Parts([*nodes], single=len(nodes) == 1)
    pending: list[tuple[Node, Parts | None]] = []
    for node in _flat(document, nodes, parts):
        parts.sources.append(node)
        for keyword in node.value:
            if keyword in _REFERENCES or not _counts(keyword, node):
                continue
            parts.said.setdefault(keyword, []).append(node.child(keyword))
            if keyword == "unevaluatedProperties":
                own = parts if parts.single and node.place == nodes[0].place else None
                pending.append((node, own))
    for node, own in pending:
        if own is not None or node.place not in within:  # else a part of itself
            parts.unevaluated += _unevaluated(document, node, own, within)
    return parts


def _counts(keyword: str, node: Node) -> bool:
    """Whether a keyword means something in the draft of a schema."""
    dialect = node.scope.dialect
    if keyword == "dependencies" and dialect.year >= _WITHOUT_DEPENDENCIES:
        return False
    return keyword in dialect.keywords or keyword not in SAYING


def _unevaluated(
    document: Document, node: Node, own: Parts | None, within: frozenset[str]
) -> Iterator[Unevaluated]:
    """What a schema says of properties that nothing in it evaluates."""
    if own is None:
        own = laid_together(document, [node], within | {node.place})
        yield from own.unevaluated
        return
    if "additionalProperties" in own or len(own.said["unevaluatedProperties"]) > 1:
        return  # something within evaluates all
    dynamic = frozenset(word for word in _DYNAMIC if word in own)
    if len(own.said.get("oneOf", ())) > 1:  # not one of them alone evaluates
        dynamic |= {"anyOf"}
    names = {name for said in own.said.get("properties", ()) for name in said.value}
    patterns = tuple(
        name for said in own.said.get("patternProperties", ()) for name in said.value
    )
    said = node.child("unevaluatedProperties")
    yield Unevaluated(said, frozenset(names), patterns, dynamic)


def _beside(found: list[Unevaluated], more: Parts) -> list[Unevaluated]:
    """What is said of properties that nothing evaluates, an option being chosen.

    Of `oneOf`, it is the only one that evaluates any; of `anyOf`, it may not be.
    """
    names = {name for said in more.said.get("properties", ()) for name in said.value}
    patterns = tuple(
        name for said in more.said.get("patternProperties", ()) for name in said.value
    )
    inner = frozenset(word for word in _DYNAMIC if word in more)
    return [
        replace(
            one,
            names=one.names | names,
            patterns=(*one.patterns, *patterns),
            dynamic=(one.dynamic - {"oneOf"}) | inner,
        )
        if one.dynamic & {"anyOf", "oneOf"}
        else one
        for one in found
        if not (one.dynamic and _evaluates_all(more))
    ]


def _evaluates_all(parts: Parts) -> bool:
    """Whether a schema evaluates every property of what it accepts."""
    return bool({"additionalProperties", "unevaluatedProperties"} & parts.said.keys())


def _flat(document: Document, nodes: list[Node], parts: Parts) -> Iterator[Node]:
    """Schemas that must all hold, each once, in the order in which they are met."""
    seen: set[str] = set()
    pending = [*reversed(nodes)]
    while pending:
        node = pending.pop()
        if node.value is True or node.place in seen:
            continue
        seen.add(node.place)
        if not isinstance(node.value, dict):
            parts.never.append(node)
            continue
        reference = reference_of(node)
        inner: list[Node] = []
        if reference is not None:
            keyword, written = reference
            try:
                target = document.find(node)
            except Elsewhere:
                said = f"{node}/{keyword}: {written}"
                parts.notes.append(Note("remote-reference", said, keyword))
            else:
                inner += [target] if target else []
        if reference is None or node.scope.dialect.siblings:
            yield node
            every = node.value.get("allOf")
            if isinstance(every, list):
                inner += [node.child("allOf", at) for at in range(len(every))]
        pending += reversed(inner)


def alias(document: Document, node: Node) -> Node | None:
    """The schema that one stands for that says nothing of its own; none if it does.

    That is a `$ref`, alone or as the only part of `allOf`, with annotations beside it.
    """
    if not isinstance(node.value, dict):
        return None
    reference = reference_of(node)
    own = node.value.keys() & SAYING
    if reference is not None:
        if node.scope.dialect.siblings and own - {reference[0]}:
            return None
        try:
            return document.find(node)
        except Elsewhere:
            return None
    every = node.value.get("allOf")
    if own == {"allOf"} and isinstance(every, list) and len(every) == 1:
        return alias(document, node.child("allOf", 0))
    return None


def says_nothing(node: Node) -> bool:
    """Whether a schema accepts everything by itself."""
    if isinstance(node.value, bool):
        return node.value
    return not node.value.keys() & SAYING
