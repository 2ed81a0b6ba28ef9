"""Paths such as `DataSource.Files[].Name`: from a structure to what lies in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from shapespec.contract import schema as ir
from shapespec.ground.errors import Portable


class PathStep(NamedTuple):
    """A part of a path: a member, and whether its items are meant one by one."""

    name: str
    items: bool


class PathFault(Portable, ValueError):
    """A path leads nowhere.

    Attributes:
        message: Why.
        start: Where in the path the step is that fails, in characters.
        end: Where it ends.
        known: The names that could stand there.
    """

    def __init__(
        self, message: str, start: int, end: int, known: Iterable[str] = ()
    ) -> None:
        """Say why, where, and what could stand there."""
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.known = tuple(known)


def steps(path: str) -> tuple[PathStep, ...]:
    """The parts of a path."""
    return tuple(
        PathStep(part.rstrip("[]"), part.endswith("[]")) for part in path.split(".")
    )


def follow(schema: ir.Schema, start: str, path: str) -> ir.Shape:
    """The shape that a path leads to.

    Raises:
        PathFault: It leads nowhere.
    """
    shape = schema.shapes[start]
    at = 0
    for step in steps(path):
        end = at + len(step.name)
        members = (
            {member.name: member for member in shape.members}
            if isinstance(shape, ir.Structure | ir.Union)
            else {}
        )
        if step.name not in members:
            message = f"`{shape.id}` has no member `{step.name}`"
            raise PathFault(message, at, end, members)
        shape = schema.shapes[members[step.name].target]
        at = end + 1
        if step.items:
            at += len("[]")
            if not isinstance(shape, ir.List):
                raise PathFault(f"`{step.name}` is not a list", end, end + len("[]"))
            shape = schema.shapes[shape.member]
    return shape


def items(schema: ir.Schema, start: str, path: str) -> str:
    """The shape of the items of the list that a path leads to.

    Raises:
        PathFault: It leads nowhere, or to what is no list.
    """
    reached = follow(schema, start, path)
    if not isinstance(reached, ir.List):
        message = "it is not a list, so it has no items to look at"
        raise PathFault(message, 0, len(path))
    return reached.member
