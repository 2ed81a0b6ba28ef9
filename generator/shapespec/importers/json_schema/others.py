"""What is said of the members of an object that no keyword names, as rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import filterfalse
from typing import TYPE_CHECKING, NamedTuple

from shapespec.contract.schema import Bounds
from shapespec.drafts.model import Note, Rule, Shape
from shapespec.ground.sinks.visible import visible
from shapespec.importers.json_schema.document import Node
from shapespec.importers.json_schema.meaning import note_at
from shapespec.importers.json_schema.names import last
from shapespec.importers.json_schema.parts import (
    Parts,
    is_name,
    keys_of,
    named_alone,
    says_nothing,
)
from shapespec.importers.json_schema.scalars import DOCUMENT, STRING
from shapespec.patterns import PatternRefused, translate
from shapespec.patterns.ecmascript import as_java

if TYPE_CHECKING:
    from shapespec.importers.json_schema.convert import Converter


class _Rest(NamedTuple):
    """What is said of the members that a schema neither names nor has a pattern for.

    Attributes:
        node: What it says.
        patterns: The patterns that it has.
    """

    node: Node
    patterns: tuple[str, ...]


def _rests(parts: Parts) -> Iterator[_Rest]:
    for source in parts.sources:
        if "additionalProperties" in source.value:
            found = source.child("additionalProperties")
            patterns = tuple(pattern for pattern, _ in keys_of(source.value))
            yield _Rest(found, patterns)
    for one in parts.unevaluated:
        if not one.dynamic:
            beside = map(named_alone, filterfalse(is_name, one.names))
            yield _Rest(one.node, (*one.patterns, *beside))


def is_closed(parts: Parts) -> bool:
    """Whether there are no other members than those that are named."""
    return any(one.node.value is False and not one.patterns for one in _rests(parts))


def rules(
    converter: Converter, parts: Parts, name: str
) -> tuple[list[Rule], list[Note]]:
    """What is said of other members and of all keys, as rules; and what cannot be.

    Args:
        converter: Makes the shapes that the rules ask for.
        parts: The object.
        name: What its shape is called.
    """
    made: list[Rule] = []
    notes: list[Note] = []
    for one in _rests(parts):
        if says_nothing(one.node) or (one.node.value is False and not one.patterns):
            continue
        note = note_at(
            "closed" if one.node.value is False else "additional-typed", one.node
        )
        asked = called(one.patterns)
        if asked is None:
            notes.append(note)
            continue
        which = f"others(this, {asked}, false)" if asked else "others(this)"
        if one.node.value is False:
            made.append(
                Rule(
                    id="additional-properties",
                    cel=f"size({which}) == 0",
                    message="A member has a name that is not allowed.",
                    remark=f"{one.node}",
                    note=note,
                )
            )
        else:
            made.append(_of_values(converter, one.node, which, name, note))
    for source in parts.sources:
        for pattern, way in keys_of(source.value):
            node = source.child(*way)
            if says_nothing(node):
                continue
            word = "nameless-member" if way[0] == "properties" else "additional-typed"
            note = note_at(word, node)
            asked = called((pattern,))
            if asked is None:
                notes.append(note)
            else:
                which = f"others(this, {asked})"
                made.append(_of_values(converter, node, which, name, note))
    made += _of_keys(converter, parts, name)
    for missing, nodes in parts.nameless().items():
        cel = having(missing)
        note = note_at("nameless-member", nodes[0])
        if cel is None:
            notes.append(note)
        else:
            said = "The member with the empty name is missing."
            made.append(
                Rule(
                    id="required-name",
                    cel=cel,
                    message=said,
                    remark=f"{nodes[0]}",
                    note=note,
                )
            )
    return made, notes


def having(name: str) -> str | None:
    """Whether there is a property of which no member can have the name."""
    asked = called((named_alone(name),))
    return None if asked is None else f"size(others(this, {asked})) > 0"


def called(patterns: tuple[str, ...]) -> str | None:
    """Patterns as one, as a literal; none where that cannot be; empty without any."""
    if not patterns:
        return ""
    try:
        read = [as_java(one) for one in patterns]
        joined = read[0] if len(read) == 1 else "|".join(f"(?:{one})" for one in read)
        translate(joined)
    except PatternRefused:
        return None
    if visible(joined) != joined:
        return None
    return json.dumps(joined, ensure_ascii=False)


def _of_values(
    converter: Converter, node: Node, which: str, name: str, note: Note
) -> Rule:
    value = converter.inner([node], f"{name}Other")
    shape = Shape(
        type="map", key=STRING, value=value, sparse=converter.is_nullable([node])
    )
    asked = converter.for_rule(node, shape, f"{name}Others")
    return Rule(
        id="other-members",
        cel=f"conforms({which}, '{asked}')",
        message="A member that the schema does not name has an invalid value.",
        remark=f"{node}",
        note=note,
        shapes=(asked,),
    )


def _of_keys(converter: Converter, parts: Parts, name: str) -> Iterator[Rule]:
    low = parts.tightest("minProperties", least=True) or None
    high = parts.tightest("maxProperties", least=False)
    if low is not None or high is not None:
        word = "minProperties" if low is not None else "maxProperties"
        node = parts.said[word][0]
        sized = Shape(
            type="map",
            key=STRING,
            value=DOCUMENT,
            sparse=True,
            length=Bounds(low, high),
        )
        yield _whole(converter, node, sized, f"{name}Size", "The number of members")
    for node in parts.said.get("propertyNames", ()):
        if says_nothing(node):
            continue
        key = converter.key([node], f"{name}Key")
        named = Shape(type="map", key=key, value=DOCUMENT, sparse=True)
        yield _whole(converter, node, named, f"{name}Names", "The name of a member")


def _whole(
    converter: Converter, node: Node, shape: Shape, name: str, what: str
) -> Rule:
    asked = converter.for_rule(node, shape, name)
    word = last(node.pointer)
    return Rule(
        id="property-names" if word == "propertyNames" else "property-count",
        cel=f"conforms(this, '{asked}')",
        message=f"{what} is invalid.",
        remark=f"{node}",
        note=note_at("unsupported-keyword", node),
        shapes=(asked,),
    )
