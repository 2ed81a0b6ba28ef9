"""What a spec states, in the same words as the facts of sources."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.contract import constraints, schema as ir
from shapespec.contract.facts import Fact
from shapespec.contract.places import OPERATION, TABLE, Place, Tree
from shapespec.ground.values import Json


def spec_facts(tree: Tree) -> Iterator[Fact]:
    """Every fact that a spec states, place by place.

    `type` is Smithy's word for it, with `string` for an enum; `required` is stated
    where it is true.
    """
    for place in tree.places.values():
        for kind, value in place_facts(place):
            span = place.member.span if place.member else place.shape.span
            yield Fact(path=place.path, kind=kind, value=value, span=span)
    for path, place in tree.roots.items():
        for kind, value in place_facts(place):
            if kind != "type":  # an operation says what comes back
                yield Fact(path=path, kind=kind, value=value, span=place.shape.span)
    for operation in tree.schema.operations[:1]:
        if operation.errors:
            named: list[Json] = [*operation.errors]
            span = operation.span
            yield Fact(path=OPERATION, kind="errors", value=named, span=span)
        yield from _operation(operation)
    yield from _warehouse(tree)


def _operation(operation: ir.Operation) -> Iterator[Fact]:
    span = operation.span
    if operation.api_version is not None:
        version = operation.api_version
        yield Fact(path=OPERATION, kind="apiVersion", value=version, span=span)
    if operation.pagination is not None:
        yield Fact(path=OPERATION, kind="paginated", value=True, span=span)
        said = operation.pagination.stated()
        if said:
            yield Fact(path=OPERATION, kind="pagination", value=said, span=span)


def _warehouse(tree: Tree) -> Iterator[Fact]:
    """Tables, and the types of columns that no response has."""
    for form in tree.schema.forms:
        if form.table is not None:
            yield Fact(path=TABLE, kind="table", value=form.table)
        for name, kind in form.extra_types.items():
            if tree.find(name) is None:
                yield Fact(path=name, kind="type", value=_COLUMNS[kind])


_COLUMNS = {
    "string": "string",
    "integer": "long",
    "number": "double",
    "boolean": "boolean",
    "timestamp": "timestamp",
    "json": "document",
    "hstore": "map",
    "hstore_csv": "map",
}
"""Smithy's words for the types of columns."""


def place_facts(place: Place) -> Iterator[tuple[str, Json]]:
    """What a spec states of a place, by kind."""
    shape, member = place.shape, place.member
    yield "type", type_word(shape)
    if member is not None and (member.required or member.claimed):
        yield "required", True
    if member is not None and member.default is not None:
        yield "default", member.default[0]
    for one in constraints.of(shape):
        if one.rule == "enum":
            yield one.fact, list(one.limit)
        elif one.about.documented:
            yield one.fact, one.stated
    if isinstance(shape, ir.Enum):
        yield "enum", [one.value for one in shape.values]
        retired: list[Json] = [one.value for one in shape.values if one.retired]
        if retired:
            yield "retired", retired


def type_word(shape: ir.Shape) -> str:
    """Smithy's word for a shape's type."""
    match shape:
        case ir.Integer(bits=bits):
            return "integer" if bits == 32 else "long"
        case ir.Float(bits=bits):
            return "float" if bits == 32 else "double"
        case ir.Enum():
            return "string"
        case ir.OneOf():
            return "one_of"
        case _:
            return type(shape).__name__.lower()
