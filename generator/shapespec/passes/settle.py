"""Gives each relaxed keyword the decision that says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from shapespec.contract import schema as ir
from shapespec.contract.facts import Decision


def settle(schema: ir.Schema) -> ir.Schema:
    """The same schema, with the decisions of its ledger where they are referred to."""
    decisions = {one.id: one for one in schema.ledger.decisions}
    if not decisions:
        return schema
    shapes = {name: _settled(one, decisions) for name, one in schema.shapes.items()}
    return replace(schema, shapes=MappingProxyType(shapes))


def _settled(shape: ir.Shape, decisions: Mapping[str, Decision]) -> ir.Shape:
    match shape:
        case (
            ir.String()
            | ir.Integer()
            | ir.Float()
            | ir.Blob()
            | ir.List()
            | ir.Tuple()
            | ir.Map()
        ):
            relaxed = tuple(
                replace(one, settled=decisions.get(one.decision or ""))
                for one in shape.relaxed
            )
            return replace(shape, relaxed=relaxed) if relaxed else shape
        case _:
            return shape
