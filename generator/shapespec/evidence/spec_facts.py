"""What a spec states, in the same words as the facts of sources."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec import schema as ir
from shapespec.evidence.model import Fact
from shapespec.evidence.paths import Place, Tree


def spec_facts(tree: Tree) -> Iterator[Fact]:
    """Every fact that a spec states, place by place.

    `type` is Smithy's word for it, with `string` for an enum; `required` is stated
    where it is true.
    """
    for place in tree.places.values():
        for kind, value in _facts(place):
            span = place.member.span if place.member else place.shape.span
            yield Fact(path=place.path, kind=kind, value=value, span=span)


def _facts(place: Place) -> Iterator[tuple[str, ir.Json]]:
    shape, member = place.shape, place.member
    yield "type", type_word(shape)
    if member is not None and (member.required or member.claimed):
        yield "required", True
    if member is not None and member.default is not None:
        yield "default", member.default[0]
    match shape:
        case ir.String(length=length, pattern=pattern):
            yield from _bounds(length, "minLength", "maxLength")
            if pattern is not None:
                yield "pattern", pattern.source
        case ir.Blob(length=length):
            yield from _bounds(length, "minLength", "maxLength")
        case ir.List(length=length) | ir.Map(length=length):
            yield from _bounds(length, "minItems", "maxItems")
        case ir.Integer(range=limits) | ir.Float(range=limits):
            yield from _bounds(limits, "minimum", "maximum")
        case ir.Enum(values=values):
            yield "enum", [one.value for one in values]
            retired: list[ir.Json] = [one.value for one in values if one.retired]
            if retired:
                yield "retired", retired
        case _:
            pass


def _bounds(
    limits: ir.Bounds, least: str, greatest: str
) -> Iterator[tuple[str, ir.Json]]:
    if limits.min is not None:
        yield least, limits.min
    if limits.max is not None:
        yield greatest, limits.max


def type_word(shape: ir.Shape) -> str:
    """Smithy's word for a shape's type."""
    match shape:
        case ir.Integer(bits=bits):
            return "integer" if bits == 32 else "long"
        case ir.Float(bits=bits):
            return "float" if bits == 32 else "double"
        case ir.Enum():
            return "string"
        case _:
            return type(shape).__name__.lower()
