"""Schemas that must all hold, laid beside each other: `allOf`, `$ref` and the rest.

The keywords of all parts are collected; what several parts say of one keyword is joined
where that can be said, and else the first one stands, with a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shapespec.drafts.model import Note
from shapespec.importers.json_schema.document import (
    Document,
    Elsewhere,
    Node,
    reference_of,
)

ANNOTATIONS = frozenset(
    (
        "$anchor",
        "$comment",
        "$defs",
        "$dynamicAnchor",
        "$id",
        "$recursiveAnchor",
        "id",
        "$schema",
        "$vocabulary",
        "contentMediaType",
        "default",
        "definitions",
        "deprecated",
        "description",
        "example",
        "examples",
        "readOnly",
        "title",
        "writeOnly",
    )
)
"""Keywords that refuse no value."""


@dataclass(slots=True)
class Parts:
    """What all parts say, by keyword.

    Attributes:
        at: The place of the first part.
        said: For each keyword the places that say it.
        notes: What could not be laid together.
        chosen: The places of options that were the only ones.
    """

    at: Node
    said: dict[str, list[Node]] = field(default_factory=dict[str, list[Node]])
    notes: list[Note] = field(default_factory=list[Note])
    chosen: frozenset[str] = frozenset()

    def __contains__(self, keyword: str) -> bool:
        return keyword in self.said

    def first(self, keyword: str) -> Any:
        """What is said first; a note where another part says something else."""
        found = self.said.get(keyword)
        if not found:
            return None
        for other in found[1:]:
            if other.value != found[0].value:
                self.notes.append(Note("conflicting-parts", str(other)))
        return found[0].value

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

    def types(self) -> list[str] | None:
        """The types every part allows, or None if no part says."""
        allowed: list[str] | None = None
        for node in self.said.get("type", ()):
            given = node.value if isinstance(node.value, list) else [node.value]
            words = [word for word in given if isinstance(word, str)]
            if allowed is None:
                allowed = words
                continue
            both = [word for word in words if word in allowed]
            if {"integer", "number"} <= {*allowed, *words} and "integer" not in both:
                both.append("integer")
            allowed = both
        return allowed

    def values(self) -> list[Any] | None:
        """The values that `enum` and `const` allow; none where none says anything."""
        allowed: list[Any] | None = None
        for keyword in ("const", "enum"):
            for node in self.said.get(keyword, ()):
                listed = [node.value] if keyword == "const" else node.value
                given = listed if isinstance(listed, list) else []
                allowed = [
                    one for one in given if allowed is None or _is_in(one, allowed)
                ]
        return allowed

    def properties(self) -> dict[str, list[Node]]:
        """The properties that any part names, with all that is said of each."""
        found: dict[str, list[Node]] = {}
        for node in self.said.get("properties", ()):
            if isinstance(node.value, dict):
                for name in node.value:
                    found.setdefault(name, []).append(node.child(name))
        return found

    def required(self) -> list[str]:
        """The names that some part requires."""
        found: dict[str, None] = {}
        for node in self.said.get("required", ()):
            if isinstance(node.value, list):
                found |= dict.fromkeys(
                    one for one in node.value if isinstance(one, str)
                )
        return [*found]


def _is_in(value: Any, values: list[Any]) -> bool:
    return any(value == one and type(value) is type(one) for one in values)


def laid_together(document: Document, nodes: list[Node]) -> Parts:
    """What schemas say that must all hold; references and `allOf` are followed."""
    parts = Parts(nodes[0])
    for node in _flat(document, nodes, parts):
        for keyword in node.value:
            if keyword not in ("$ref", "$dynamicRef", "$recursiveRef", "allOf"):
                parts.said.setdefault(keyword, []).append(node.child(keyword))
    return parts


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
            parts.notes.append(Note("never", str(node)))
            continue
        reference = reference_of(node)
        inner: list[Node] = []
        if reference is not None:
            keyword, written = reference
            try:
                target = document.find(node)
            except Elsewhere:
                said = f"{node}/{keyword}: {written}"
                parts.notes.append(Note("remote-reference", said))
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
    own = set(node.value) - ANNOTATIONS
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
