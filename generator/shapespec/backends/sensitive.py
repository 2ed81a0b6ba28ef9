"""Which members keep their values to themselves: the sensitive, and all below."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.contract import schema as ir


def hidden_members(schema: ir.Schema) -> frozenset[tuple[str, str]]:
    """Members whose value is not shown, each as its structure's id and its name.

    A value does not know how it was reached. So a structure below something sensitive
    keeps its members to itself wherever else it is used.
    """
    below = below_sensitive(schema)
    return frozenset(
        (shape.id, member.name)
        for shape in schema.shapes.values()
        if isinstance(shape, ir.Structure | ir.Union)
        for member in shape.members
        if shape.id in below or member.sensitive or _shows(schema, member.target)
    )


def below_sensitive(schema: ir.Schema) -> frozenset[str]:
    """The shapes that are sensitive, or that something sensitive leads to."""
    return frozenset(_below(schema, _sensitive(schema)))


def _sensitive(schema: ir.Schema) -> Iterator[str]:
    """The shapes that are sensitive, or that a sensitive member has."""
    for shape in schema.shapes.values():
        if shape.sensitive:
            yield shape.id
        if isinstance(shape, ir.Structure | ir.Union):
            yield from (one.target for one in shape.members if one.sensitive)


def _below(schema: ir.Schema, shapes: Iterator[str]) -> set[str]:
    """These shapes and all that they lead to."""
    found: set[str] = set()
    pending = [*shapes]
    while pending:
        shape = pending.pop()
        if shape not in found:
            found.add(shape)
            pending += [target for _, target in ir.targets(schema.shapes[shape])]
    return found


def _shows(schema: ir.Schema, target: str) -> bool:
    """Whether a value would show something sensitive: itself, an item, a key."""
    seen: set[str] = set()
    pending = [target]
    while pending:
        shape = schema.shapes[pending.pop()]
        if shape.sensitive:
            return True
        if (
            isinstance(shape, ir.List | ir.Tuple | ir.Map | ir.OneOf)
            and shape.id not in seen
        ):
            seen.add(shape.id)
            pending += [inner for _, inner in ir.targets(shape)]
    return False
