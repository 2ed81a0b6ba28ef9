"""Which keyword of a shape a value breaks; findings name the rule alone."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.contract import constraints, schema as ir
from shapespec.contract.constraints import Constraint

NULL = "null"
"""What is broken where null is no value."""


def broken_keyword(shape: ir.Shape, value: object, rule: str) -> str:
    """The keyword that a value breaks, by a rule that was found broken.

    It is spelt as facts spell it; the rule itself where no keyword is to be told.
    """
    if value is None and rule == "type":
        return NULL
    for one in broken(shape, value):
        if one.rule == rule:
            return one.fact
    return rule


def breaks_relaxed(shape: ir.Shape, value: object) -> bool:
    """Whether a value breaks a keyword that the shape relaxes."""
    return any(one.relaxed for one in broken(shape, value))


def spec_keyword(shape: ir.Shape, keyword: str) -> str:
    """A keyword as `relaxed` calls it, from the word that facts have for it."""
    stated = {one.fact: one.keyword for one in constraints.of(shape)}
    return stated.get(keyword, keyword)


_TYPES: dict[type[ir.Shape], type | tuple[type, ...]] = {
    ir.String: str,
    ir.Blob: str,
    ir.List: list,
    ir.Tuple: list,
    ir.Map: dict,
    ir.Integer: (int, float),
    ir.Float: (int, float),
    ir.Boolean: bool,
    ir.Document: object,
}


def broken(shape: ir.Shape, value: object) -> Iterator[Constraint]:
    """Every constraint that a value of the right type breaks."""
    demands = constraints.of(shape)
    if not demands or not isinstance(value, _TYPES[type(shape)]):
        return
    for one in demands:
        try:
            breaks = one.breaks(constraints.measured(shape, value, one.keyword))
        except ValueError:
            breaks = one.breaks(0)
        if breaks:
            yield one
