"""A CEL expression once it has been read: a dozen kinds of node, each placed."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from shapespec.records import dataclass


class Stretch(NamedTuple):
    """A stretch of the expression's text, in characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant; `kind` is its CEL type."""

    value: bool | int | float | str | bytes | None
    kind: str
    place: Stretch


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    name: str
    place: Stretch


@dataclass(frozen=True, slots=True)
class Select:
    """A member of a value."""

    operand: Node
    field: str
    place: Stretch


@dataclass(frozen=True, slots=True)
class Has:
    """Whether a member is there."""

    select: Select
    place: Stretch


@dataclass(frozen=True, slots=True)
class Index:
    """An item of a list or a value of a map."""

    operand: Node
    index: Node
    place: Stretch


@dataclass(frozen=True, slots=True)
class Call:
    """A function, or a method where there is a target."""

    function: str
    target: Node | None
    arguments: tuple[Node, ...]
    place: Stretch


@dataclass(frozen=True, slots=True)
class Macro:
    """`all`, `exists`, `exists_one`, `filter` or `map` over a list or a map's keys."""

    kind: str
    iterable: Node
    variable: str
    body: Node
    place: Stretch


@dataclass(frozen=True, slots=True)
class Unary:
    """`!` or `-`."""

    operator: str
    operand: Node
    place: Stretch


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands; among the operators are `&&`, `||` and `in`."""

    operator: str
    left: Node
    right: Node
    place: Stretch


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? yes : no`."""

    condition: Node
    yes: Node
    no: Node
    place: Stretch


@dataclass(frozen=True, slots=True)
class Items:
    """A list written out."""

    items: tuple[Node, ...]
    place: Stretch


Node: TypeAlias = (
    Literal
    | Name
    | Select
    | Has
    | Index
    | Call
    | Macro
    | Unary
    | Binary
    | Conditional
    | Items
)


def parts(node: Node) -> tuple[Node, ...]:
    """The nodes that a node is made of."""
    match node:
        case Literal() | Name():
            return ()
        case Select(operand=operand) | Unary(operand=operand):
            return (operand,)
        case Has(select=select):
            return (select,)
        case Index(operand=operand, index=index):
            return (operand, index)
        case Call(target=target, arguments=arguments):
            return arguments if target is None else (target, *arguments)
        case Macro(iterable=iterable, body=body):
            return (iterable, body)
        case Binary(left=left, right=right):
            return (left, right)
        case Conditional(condition=condition, yes=yes, no=no):
            return (condition, yes, no)
        case Items(items=items):
            return items


def depth(node: Node) -> tuple[int, int]:
    """How many nodes, and how many loops, stand inside each other at most."""
    deepest = loops = 0
    pending = [(node, 1, 0)]
    while pending:
        one, level, inside = pending.pop()
        inside += isinstance(one, Macro)
        deepest, loops = max(deepest, level), max(loops, inside)
        pending += ((part, level + 1, inside) for part in parts(one))
    return deepest, loops


def root_of(items: Node) -> str | None:
    """The variable that holds some items, at a path; none where they were made."""
    while True:
        match items:
            case Name(name=name):
                return name
            case Select(operand=operand) | Index(operand=operand):
                items = operand
            case Macro(kind="filter", iterable=iterable):
                items = iterable
            case _:
                return None
