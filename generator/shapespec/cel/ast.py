"""A CEL expression once it has been read: a dozen kinds of node, each placed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


class Place(NamedTuple):
    """A stretch of the expression's text, in characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant; `kind` is its CEL type."""

    value: bool | int | float | str | bytes | None
    kind: str
    place: Place


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Select:
    """A member of a value."""

    operand: Node
    field: str
    place: Place


@dataclass(frozen=True, slots=True)
class Has:
    """Whether a member is there."""

    select: Select
    place: Place


@dataclass(frozen=True, slots=True)
class Index:
    """An item of a list or a value of a map."""

    operand: Node
    index: Node
    place: Place


@dataclass(frozen=True, slots=True)
class Call:
    """A function, or a method where there is a target."""

    function: str
    target: Node | None
    arguments: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Macro:
    """`all`, `exists`, `exists_one`, `filter` or `map` over a list or a map's keys."""

    kind: str
    iterable: Node
    variable: str
    body: Node
    place: Place


@dataclass(frozen=True, slots=True)
class Unary:
    """`!` or `-`."""

    operator: str
    operand: Node
    place: Place


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands; among the operators are `&&`, `||` and `in`."""

    operator: str
    left: Node
    right: Node
    place: Place


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? yes : no`."""

    condition: Node
    yes: Node
    no: Node
    place: Place


@dataclass(frozen=True, slots=True)
class Items:
    """A list written out."""

    items: tuple[Node, ...]
    place: Place


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
