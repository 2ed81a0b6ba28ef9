"""What each shape consists of, as `anchors.place_anchor` wants it."""

from __future__ import annotations

from shapespec.backends.reference.anchors import Table
from shapespec.contract import schema as ir


def table(schema: ir.Schema) -> Table:
    """The shapes of a schema that have something inside."""
    found: dict[str, dict[str, str] | str] = {}
    for shape in schema.shapes.values():
        match shape:
            case ir.Structure(members=members) | ir.Union(members=members):
                found[shape.id] = {one.name: one.target for one in members}
            case ir.List(member=inside) | ir.Map(value=inside):
                found[shape.id] = inside
            case _:
                pass
    return found
