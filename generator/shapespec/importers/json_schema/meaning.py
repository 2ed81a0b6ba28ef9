"""What a place of a schema says, in a few digits: so two imports can be compared.

A keyword that is not carried is not in the spec, yet `shapespec diff` has to see that
it changed. So each note has a digest of what its place says, references followed;
annotations say nothing of values, and make no difference.
"""

from __future__ import annotations

import json
from typing import Any

from shapespec.contract.schema import components
from shapespec.drafts.digests import digest_of
from shapespec.drafts.model import Note
from shapespec.ground.pointer import steps
from shapespec.importers.json_schema.dialects import subschemas
from shapespec.importers.json_schema.document import (
    Dangling,
    Elsewhere,
    Node,
    reference_of,
)
from shapespec.importers.json_schema.parts import SAYING

_TOGETHER = frozenset(("then", "else", "unevaluatedItems", "unevaluatedProperties"))
"""Keywords whose meaning depends on what is beside them."""


def note_at(rule: str, node: Node, said: str = "") -> Note:
    """A note about a place of a schema.

    Args:
        rule: The limitation.
        node: The place.
        said: What is remarkable about it, beside the place.
    """
    way = steps(node.pointer)
    keyword = next((one for one in reversed(way[-2:]) if one in SAYING), "")
    about = node
    if keyword in _TOGETHER and way[-1] == keyword:
        about = node.library.at(node, node.pointer.rpartition("/")[0])
    digest = digest_of([way[-1:], *_closure(about)])
    return Note(rule, f"{node}: {said}" if said else f"{node}", keyword, digest)


def _closure(node: Node) -> list[str]:
    """What a part of a schema says, and what it refers to."""
    text, led = _own(node)
    for one in led:
        _know(one)
    known = node.library.meanings
    return [text, *sorted({known[one.place] for one in led})]


def _know(node: Node) -> None:
    """Find the digests of a schema and of all that it leads to.

    Schemas that lead to each other have one in common.
    """
    known = node.library.meanings
    if node.place in known:
        return
    texts: dict[str, str] = {}
    edges: dict[str, list[str]] = {}
    pending = [node]
    while pending:
        one = pending.pop()
        if one.place in texts or one.place in known:
            continue
        texts[one.place], led = _own(one)
        edges[one.place] = [other.place for other in led]
        pending += led
    inner = {
        place: [one for one in led if one not in known] for place, led in edges.items()
    }
    for component in components(inner):
        outer = {
            known[one] for place in component for one in edges[place] if one in known
        }
        texts_of = sorted(texts[place] for place in component)
        digest = digest_of([texts_of, sorted(outer)])
        known |= dict.fromkeys(component, digest)


def _own(node: Node) -> tuple[str, list[Node]]:
    """The text of a part of a schema without annotations; and what it refers to."""
    led: list[Node] = []

    def plain(one: Node) -> Any:
        if isinstance(one.value, list):
            return [plain(one.child(at)) for at in range(len(one.value))]
        if not isinstance(one.value, dict):
            return one.value
        found: dict[str, Any] = {}
        within = dict(subschemas(one.value))
        for keyword, value in one.value.items():
            if keyword not in SAYING:
                continue
            if isinstance(value, dict | list) and (
                parts := [way for way in within if way[0] == keyword]
            ):
                found[keyword] = [
                    [*way[1:], plain(one.child(*way))] for way in sorted(parts, key=str)
                ]
                found[keyword] += _beside(value, parts)
            else:
                found[keyword] = value
        led.extend(_led(one))
        return found

    if isinstance(node.value, dict) and not node.library.is_schema(node.value):
        said = {name: plain(node.child(name)) for name in node.value}
    else:
        said = plain(node)
    return json.dumps(said, sort_keys=True), led


def _beside(value: Any, parts: list[tuple[str | int, ...]]) -> list[Any]:
    """What stands between schemas and is none: the names of `dependencies`."""
    if not isinstance(value, dict):
        return []
    named = {way[1] for way in parts if len(way) > 1}
    return [[name, one] for name, one in sorted(value.items()) if name not in named]


def _led(node: Node) -> list[Node]:
    if reference_of(node) is None:
        return []
    try:
        found = node.library.find(node)
    except (Dangling, Elsewhere):
        return []
    return [] if found is None else [found]
