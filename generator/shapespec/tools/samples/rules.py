"""What rules are about: the places that each one mentions, and where it is broken."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias, assert_never

from shapespec.cel import read, steps
from shapespec.cel.ast import (
    Binary,
    Call,
    Conditional,
    Has,
    Index,
    Items,
    Literal,
    Macro,
    Name,
    Node,
    Select,
    Unary,
)
from shapespec.contract import schema as ir
from shapespec.contract.choices import pick
from shapespec.contract.places import ITEMS, KEYS, VALUES, Way

Spot: TypeAlias = tuple[str | int, ...]
"""A place in one response: members' names and positions in lists."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that a rule speaks of; its way begins at the item or at the structure."""

    of_item: bool
    way: Way


@dataclass(frozen=True)
class Judged:
    """A rule, compiled, and what it speaks of."""

    rule: ir.Rule
    structure: ir.Structure
    function: Callable[..., bool | None]

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Every place that the expression speaks of, the deepest only, in order."""
        names = {"this": Mention(of_item=False, way=())}
        if self.rule.each is not None:
            names["item"] = Mention(of_item=True, way=())
        found = dict.fromkeys(_mentions(read(self.rule.cel), names))
        return tuple(one for one in found if one.way or one.of_item)

    @cached_property
    def literals(self) -> tuple[bool | float | str, ...]:
        """The constants of the expression."""
        return tuple(dict.fromkeys(_literals(read(self.rule.cel))))

    @cached_property
    def regexes(self) -> tuple[str, ...]:
        """The regular expressions that it holds texts against."""
        return tuple(_regexes(read(self.rule.cel)))

    @cached_property
    def each(self) -> Way:
        """The way to the items that it is asked about; empty where there are none."""
        if self.rule.each is None:
            return ()
        return tuple(step.name for step in steps(self.rule.each))

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways that it speaks of, from the structure."""
        return tuple(
            (*self.each, ITEMS, *one.way) if one.of_item else one.way
            for one in self.mentions
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of one structure, or of one item in it."""

    judged: Judged
    at: Spot
    structure: dict[str, Any]
    item: int | None
    holds: bool | None


class Rules:
    """All rules of a contract."""

    def __init__(self, schema: ir.Schema, functions: Any) -> None:
        """Bring the rules of a schema together with the functions of its package.

        Args:
            schema: The schema.
            functions: The generated module `_rules`.
        """
        self.schema = schema
        self.by_structure = {
            shape.id: tuple(
                Judged(rule, shape, getattr(functions, rule.python))
                for rule in shape.rules
            )
            for shape in schema.shapes.values()
            if isinstance(shape, ir.Structure) and shape.rules
        }

    def verdicts(self, response: Any, target: str) -> Iterator[Verdict]:
        """What every rule says of a response, of the deepest structures first."""
        for at, value, shape in structures(self.schema, response, target):
            for judged in self.by_structure.get(shape.id, ()):
                yield from self._ask(judged, at, value)

    def _ask(
        self, judged: Judged, at: Spot, value: dict[str, Any]
    ) -> Iterator[Verdict]:
        if not judged.each:
            yield Verdict(judged, at, value, None, _said(judged.function, value))
            return
        items: Any = value
        for step in judged.each:
            items = items.get(step) if isinstance(items, dict) else None
        if isinstance(items, list):
            for index, item in enumerate(items):
                holds = _said(judged.function, value, item)
                yield Verdict(judged, at, value, index, holds)


def _said(function: Callable[..., bool | None], *values: Any) -> bool | None:
    with contextlib.suppress(
        ArithmeticError, AttributeError, LookupError, TypeError, ValueError
    ):
        return function(*values)
    return None


def structures(
    schema: ir.Schema, value: Any, target: str, at: Spot = ()
) -> Iterator[tuple[Spot, dict[str, Any], ir.Structure]]:
    """Every structure of a response with its place, the deepest first."""
    shape = schema.shapes[target]
    match shape:
        case ir.Structure(members=members) | ir.Union(members=members):
            if not isinstance(value, dict):
                return
            for member in members:
                item = value.get(member.name)
                if isinstance(item, dict | list):
                    there = (*at, member.name)
                    yield from structures(schema, item, member.target, there)
            if isinstance(shape, ir.Structure):
                yield at, value, shape
        case ir.List(member=inner):
            if isinstance(value, list):
                for index, item in enumerate(value):
                    yield from structures(schema, item, inner, (*at, index))
        case ir.Tuple():
            for index, item in enumerate(value if isinstance(value, list) else ()):
                of_item = shape.at(index)
                if of_item is not None:
                    yield from structures(schema, item, of_item, (*at, index))
        case ir.Map(value=inner):
            if isinstance(value, dict):
                for key, item in value.items():
                    yield from structures(schema, item, inner, (*at, key))
        case ir.OneOf():
            option = pick(schema, shape, value)
            if option is not None:
                yield from structures(schema, value, option.target, at)
        case _:
            return


# --- expressions ------------------------------------------------------------------


def _mentions(node: Node, names: dict[str, Mention]) -> Iterator[Mention]:
    """The places that an expression speaks of."""
    place = _place(node, names)
    if place is not None:
        yield place
        return
    if isinstance(node, Macro):
        yield from _mentions(node.iterable, names)
        yield from _mentions(node.body, {**names, node.variable: _inside(node, names)})
        return
    for child in _children(node):
        yield from _mentions(child, names)


def _inside(node: Macro, names: dict[str, Mention]) -> Mention:
    """The place of a macro's variable: the items of a list, or the keys of a map.

    Which of the two is for the shapes to say; `[]` stands for both.
    """
    base = _place(node.iterable, names) or Mention(of_item=False, way=())
    return Mention(base.of_item, (*base.way, ITEMS))


def _place(node: Node, names: dict[str, Mention]) -> Mention | None:
    match node:
        case Name(name):
            return names.get(name)
        case Has(select):
            return _place(select, names)
        case Select(operand, field):
            base = _place(operand, names)
            return None if base is None else Mention(base.of_item, (*base.way, field))
        case Index(operand, Literal(value)):
            base = _place(operand, names)
            step = str(value) if isinstance(value, str) else ITEMS
            return None if base is None else Mention(base.of_item, (*base.way, step))
        case _:
            return None


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case Literal() | Name():
            return ()
        case Select(operand, _) | Unary(_, operand):
            return (operand,)
        case Has(select):
            return (select,)
        case Index(operand, index):
            return (operand, index)
        case Call(_, target, arguments):
            return arguments if target is None else (target, *arguments)
        case Macro(_, iterable, _, body):
            return (iterable, body)
        case Binary(_, left, right):
            return (left, right)
        case Conditional(condition, yes, no):
            return (condition, yes, no)
        case Items(items):
            return items
        case _:
            assert_never(node)


def _literals(node: Node) -> Iterator[bool | float | str]:
    if isinstance(node, Literal) and isinstance(node.value, bool | int | float | str):
        yield node.value
    for child in _children(node):
        yield from _literals(child)


def _regexes(node: Node) -> Iterator[str]:
    match node:
        case Call("matches", target, (Literal(str(pattern)), *_)):
            del target
            yield pattern
        case _:
            for child in _children(node):
                yield from _regexes(child)


def resolved(schema: ir.Schema, target: str, way: Way) -> tuple[Way, ir.Shape] | None:
    """A way with `[]` told from `{key}`, and the shape it leads to, if to any."""
    shape = schema.shapes[target]
    found: list[str] = []
    for step in way:
        match shape:
            case ir.Structure(members=members) | ir.Union(members=members):
                targets = {member.name: member.target for member in members}
                if step not in targets:
                    return None
                shape = schema.shapes[targets[step]]
                found.append(step)
            case ir.List(member=inner):
                shape = schema.shapes[inner]
                found.append(ITEMS)
            case ir.Map(key=key, value=inner):
                keys = step == ITEMS
                shape = schema.shapes[key if keys else inner]
                found.append(KEYS if keys else VALUES)
            case _:
                return None
    return tuple(found), shape
