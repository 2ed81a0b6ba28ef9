"""What rules want to find in members, which chance does not: constants and shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from shapespec import cel
from shapespec.cel.ast import (
    Binary,
    Call,
    Index,
    Items,
    Literal,
    Macro,
    Name,
    Node,
    Select,
    parts,
)
from shapespec.contract import schema as ir
from shapespec.contract.judge import problem
from shapespec.ground.values import Json

WHOLE = ""
"""What stands for the structure itself among its members."""


class Wanted(NamedTuple):
    """What to draw for a member, beside what its shape says.

    Attributes:
        constants: Values of the member, or of its items where it is a list.
        shapes: Shapes whose values do instead.
    """

    constants: tuple[Json, ...]
    shapes: tuple[str, ...]


class _Asked(NamedTuple):
    """A member that an expression looks at, and a constant or a shape for it."""

    member: str
    constant: Json = None
    shape: str = ""


def wanted(schema: ir.Schema, shape: ir.Structure) -> Mapping[str, Wanted]:
    """By member, what the rules of a structure compare it with or ask it to be."""
    asked: dict[_Asked, None] = {}
    for rule in shape.rules:
        if rule.severity == "error":
            names = {"this": WHOLE}
            if rule.each is not None:
                names["item"] = cel.steps(rule.each)[-1].name
            asked |= dict.fromkeys(_asked(cel.read(rule.cel), names))
    found: dict[str, Wanted] = {}
    for member, target in (
        (WHOLE, None),
        *((one.name, schema.shapes[one.target]) for one in shape.members),
    ):
        mine = [one for one in asked if one.member == member]
        shapes = tuple(one.shape for one in mine if one.shape)
        constants = tuple(
            one.constant
            for one in mine
            if not one.shape and target and _is_right(schema, target, one.constant)
        )
        if shapes or constants:
            found[member] = Wanted(constants, shapes)
    return found


def _is_right(schema: ir.Schema, shape: ir.Shape, constant: Json) -> bool:
    """Whether a constant may stand in a member, or in the list that it is."""
    target = shape.member if isinstance(shape, ir.List) else shape.id
    return problem(schema, target, constant) is None


def _asked(node: Node, names: Mapping[str, str]) -> Iterator[_Asked]:
    """What an expression asks of members.

    Args:
        node: The expression.
        names: The member that each variable is in; `WHOLE` for the structure.
    """
    match node:
        case Call(function="conforms", arguments=(value, Literal() as shape)):
            yield from _shapes(value, (shape,), names)
        case Call(function="conforming", arguments=(value, Items(items=shapes))):
            yield from _shapes(value, shapes, names)
        case Call(function="contains" | "startsWith" | "endsWith", target=target):
            yield from _constants(target, node.arguments, names)
        case Binary(left=left, right=right):
            yield from _constants(left, (right,), names)
            yield from _constants(right, (left,), names)
        case Macro(iterable=iterable, variable=variable, body=body):
            member = _member(iterable, names)
            inner = {name: one for name, one in names.items() if name != variable}
            yield from _asked(iterable, names)
            yield from _asked(body, {**inner, variable: member} if member else inner)
            return
        case _:
            pass
    for part in parts(node):
        yield from _asked(part, names)


def _shapes(
    value: Node, shapes: tuple[Node, ...], names: Mapping[str, str]
) -> Iterator[_Asked]:
    member = _member(value, names)
    for one in shapes:
        if member is not None and isinstance(one, Literal):
            yield _Asked(member, shape=str(one.value))


def _constants(
    value: Node | None, others: tuple[Node, ...], names: Mapping[str, str]
) -> Iterator[_Asked]:
    member = None if value is None else _member(value, names)
    for one in others if member else ():
        for each in one.items if isinstance(one, Items) else (one,):
            if isinstance(each, Literal) and not isinstance(each.value, bytes):
                yield _Asked(member or "", each.value)


def _member(node: Node, names: Mapping[str, str]) -> str | None:
    """The member of the structure that an expression gives, or an item of it."""
    match node:
        case Name(name=name):
            return names.get(name)
        case Select(operand=operand, field=field):
            return field if _member(operand, names) == WHOLE else None
        case Index(operand=operand) | Macro(kind="filter", iterable=operand):
            return _member(operand, names)
        case _:
            return None
