"""The items of lists: the first ones, which have schemas of their own, and the rest."""

from __future__ import annotations

from typing import NamedTuple

from shapespec.drafts.model import Note
from shapespec.importers.json_schema.document import Node
from shapespec.importers.json_schema.meaning import note_at
from shapespec.importers.json_schema.parts import Parts, says_nothing

_DYNAMIC = ("anyOf", "oneOf", "if", "contains", "dependentSchemas")


class ItemLayout(NamedTuple):
    """What is said of the items of a list.

    Attributes:
        first: What is said of each of the first items.
        rest: What is said of all others.
        most: How many items there can be, where others are refused.
        notes: What is not carried.
    """

    first: list[list[Node]]
    rest: list[Node]
    most: int | None
    notes: list[Note]


class _Said(NamedTuple):
    """What one schema says: of the first items, and of those behind them."""

    first: list[Node]
    rest: Node | None


def layout(parts: Parts) -> ItemLayout:
    """What all parts say of the items of a list."""
    said = [_said(source) for source in parts.sources]
    notes = [*_contains(parts)]
    unevaluated = parts.said.get("unevaluatedItems", ())
    static = not any(word in parts for word in _DYNAMIC)
    own = str(parts.sources[0]) if parts.sources and parts.single else ""
    if any(one.rest is not None for one in said):  # which evaluates all, within its own
        whole = {str(one) for one in parts.sources if _said(one).rest is not None}
        unevaluated = [one for one in unevaluated if one.parent not in {own, *whole}]
    if any(node.parent != own for node in unevaluated):
        unevaluated = [node for node in unevaluated if node.parent != own]
    for node in unevaluated:
        if says_nothing(node):
            continue
        if static and node.parent == own:
            most_first = max((one.first for one in said), key=len, default=[])
            said.append(_Said(most_first, node))
        else:
            notes.append(note_at("unsupported-keyword", node))
    closed = [
        len(one.first)
        for one in said
        if one.rest is not None and one.rest.value is False
    ]
    most = min(closed) if closed else None
    longest = max((len(one.first) for one in said), default=0)
    if most is not None:
        longest = min(longest, most)
    first = [
        [node for one in said for node in _at(one, at) if not says_nothing(node)]
        for at in range(longest)
    ]
    rest = [
        one.rest for one in said if one.rest is not None and one.rest.value is not False
    ]
    return ItemLayout(first, rest, most, notes)


def _said(source: Node) -> _Said:
    value = source.value
    word, behind = "prefixItems", "items"
    if "prefixItems" not in source.scope.dialect.keywords:
        word, behind = "items", "additionalItems"
        if not isinstance(value.get("items"), list):
            rest = source.child("items") if "items" in value else None
            return _Said([], rest)
    listed = value.get(word)
    count = len(listed) if isinstance(listed, list) else 0
    first = [source.child(word, at) for at in range(count)]
    return _Said(first, source.child(behind) if behind in value else None)


def _at(said: _Said, at: int) -> list[Node]:
    """What a schema says of the item at a place."""
    if at < len(said.first):
        return [said.first[at]]
    return [] if said.rest is None else [said.rest]


def _contains(parts: Parts) -> list[Note]:
    """What `contains` and the counts beside it say, which no list can have."""
    return [
        note_at("unsupported-keyword", source.child(keyword))
        for source in parts.sources
        if "contains" in source.value and "contains" in source.scope.dialect.keywords
        for keyword in _told(source)
    ]


def _told(source: Node) -> list[str]:
    """Those of the keywords that refuse something."""
    counts = {
        word: source.value[word]
        for word in ("minContains", "maxContains")
        if word in source.value and word in source.scope.dialect.keywords
    }
    least = counts.get("minContains", 1)
    if least == 0 and "maxContains" not in counts:
        return []
    beside = (word for word in counts if word == "maxContains" or least > 1)
    return ["contains", *beside]
