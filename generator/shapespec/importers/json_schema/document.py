"""A JSON Schema as a document: places, references, and which draft it is of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

from shapespec.ground.errors import Unusable
from shapespec.ground.pointer import pointer_to, steps

DEFINITIONS = ("$defs", "definitions")
_IGNORES_SIBLINGS = ("draft-03", "draft-04", "draft-06", "draft-07")


class Node(NamedTuple):
    """A schema within a document, and its place as a JSON Pointer."""

    value: Any
    pointer: str

    def child(self, *steps: str | int) -> Node:
        """What stands below."""
        value, pointer = self.value, self.pointer
        for step in steps:
            value = value[step]
            pointer += pointer_to([step])
        return Node(value, pointer)

    @property
    def parent(self) -> str:
        """The place of what it stands in."""
        return self.pointer.rpartition("/")[0]

    def __str__(self) -> str:
        """The place as a reference would have it."""
        return f"#{self.pointer}"


class Document:
    """A schema and everything in it that a reference can mean.

    Attributes:
        siblings: Whether keywords beside `$ref` count.
        followed: The places that references have led to.
    """

    def __init__(self, data: Any, name: str) -> None:
        """Hold a schema, called `name` in messages.

        Raises:
            Unusable: It is no schema.
        """
        if not isinstance(data, dict):
            raise Unusable(f"{name} is not a JSON Schema: expected an object")
        self.name = name
        self.root = Node(data, "")
        dialect = data.get("$schema")
        self.dialect = dialect if isinstance(dialect, str) else ""
        self.siblings = not any(old in self.dialect for old in _IGNORES_SIBLINGS)
        self._named: dict[str, Node] = {"": self.root}
        self.followed: set[str] = set()
        for node in _nodes(self.root):
            self._note_names(node)

    def _note_names(self, node: Node) -> None:
        for key in ("$anchor", "$dynamicAnchor"):
            anchor = node.value.get(key)
            if isinstance(anchor, str):
                self._named.setdefault(f"#{anchor}", node)
        own = node.value.get("$id")
        if isinstance(own, str):
            self._named.setdefault(own.removesuffix("#"), node)

    def find(self, reference: str) -> Node | None:
        """What a reference means; none where that is in another document."""
        base, _, fragment = reference.partition("#")
        start = self._named.get(base) or self._named.get(f"#{base.removeprefix('#')}")
        if start is None:
            return self._named.get(reference)
        if not fragment:
            return start
        if not fragment.startswith("/"):
            return self._named.get(f"#{fragment}")
        return _below(start, unquote(fragment))

    def definitions(self) -> Iterator[tuple[str, Node]]:
        """The schemas under `$defs` and `definitions` of the root, by name."""
        for key in DEFINITIONS:
            listed = self.root.value.get(key)
            if isinstance(listed, dict):
                for name in listed:
                    yield name, self.root.child(key, name)


def _below(start: Node, pointer: str) -> Node | None:
    found = start
    for key in steps(pointer):
        try:
            found = found.child(int(key) if isinstance(found.value, list) else key)
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    return found


def _nodes(root: Node) -> Iterator[Node]:
    """Every object of a document."""
    pending = [root]
    while pending:
        node = pending.pop()
        match node.value:
            case dict():
                yield node
                pending += [node.child(key) for key in node.value]
            case list():
                pending += [node.child(at) for at in range(len(node.value))]
