"""Paths: one spelling for every place in a contract, shared by all who state facts.

    InputDataConfig[].ChannelName     a member of the items of a list
    Environment{}                     the values of a map
    Environment{key}                  its keys
    (request).TrainingJobName         a member of what is sent
    (operation)                       the operation itself
    (errors).ResourceNotFound         what it can fail with

A path begins at the response of the operation, or with `(request)` at the request, or
with `(errors)` and a name at an error.
Where a structure contains itself, its path is not followed a second time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shapespec.contract import naming, schema as ir
from shapespec.contract.extent import require_places

REQUEST = "(request)"
OPERATION = "(operation)"
ERRORS = "(errors)"
ITEMS = "[]"
VALUES = "{}"
KEYS = "{key}"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a contract.

    Attributes:
        path: How facts spell it.
        shape: The shape of its values.
        member: The member that it is; none for items, keys and values.
        parent: The structure or union that has the member.
    """

    path: str
    shape: ir.Shape
    member: ir.Member | None
    parent: ir.Shape | None


class Tree:
    """Every place of a contract by path, in the order of the spec."""

    def __init__(self, schema: ir.Schema) -> None:
        """The places of the request and the response of the main operation.

        Raises:
            Faults: They are too many.
        """
        self.schema = schema
        self.places: dict[str, Place] = {}
        for prefix, root in _roots(schema):
            require_places(schema, root)
            for place in _below(schema, prefix, schema.shapes[root], (root,)):
                self.places[place.path] = place

    def __contains__(self, path: object) -> bool:
        return path in self.places

    def get(self, path: str) -> Place | None:
        """The place of a path."""
        return self.places.get(path)

    def find(self, path: str) -> Place | None:
        """The place of a path in which `[]` may also stand for the values of a map."""
        if path in self.places or ITEMS not in path:
            return self.places.get(path)
        found = ""
        for part in path.split(ITEMS)[:-1]:
            found += part
            found += ITEMS if found + ITEMS in self.places else VALUES
        return self.places.get(found + path.rsplit(ITEMS, 1)[1])

    def members(self, path: str) -> dict[str, Place]:
        """The members at a path by name; `""` is the response itself."""
        prefix = f"{path}." if path else ""
        return {
            place.member.name: place
            for place in self.places.values()
            if place.member is not None and place.path == prefix + place.member.name
        }

    def spelt(self, path: str, name: str) -> str | None:
        """The wire name of a member that another system spells in snake case."""
        for member in self.members(path):
            if naming.snake_case(member) == name:
                return member
        return None


def join(path: str, name: str) -> str:
    """The path of a member of what stands at a path."""
    return f"{path}.{name}" if path else name


def _roots(schema: ir.Schema) -> Iterator[tuple[str, str]]:
    if not schema.operations:
        yield "", schema.roots[0]
        return
    operation = schema.operations[0]
    if operation.output is not None:
        yield "", operation.output
    if operation.input is not None:
        yield REQUEST, operation.input
    for name in operation.errors:
        yield f"{ERRORS}.{name}", name


def _below(
    schema: ir.Schema, path: str, shape: ir.Shape, above: tuple[str, ...]
) -> Iterator[Place]:
    match shape:
        case ir.Structure(members=members) | ir.Union(members=members):
            for member in members:
                target = schema.shapes[member.target]
                here = join(path, member.name)
                yield Place(here, target, member, shape)
                yield from _inside(schema, here, target, above)
        case ir.List(member=member):
            item = schema.shapes[member]
            yield Place(path + ITEMS, item, None, None)
            yield from _inside(schema, path + ITEMS, item, above)
        case ir.Map(key=key, value=value):
            yield Place(path + KEYS, schema.shapes[key], None, None)
            found = schema.shapes[value]
            yield Place(path + VALUES, found, None, None)
            yield from _inside(schema, path + VALUES, found, above)
        case _:
            pass


def _inside(
    schema: ir.Schema, path: str, shape: ir.Shape, above: tuple[str, ...]
) -> Iterator[Place]:
    if shape.id not in above:
        yield from _below(schema, path, shape, (*above, shape.id))
