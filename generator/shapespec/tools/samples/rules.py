"""What rules are about: the places that each one mentions, and where it is broken."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
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
from shapespec.records import dataclass

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
    def _mentioned(self) -> dict[Mention, None]:
        names = {"this": Mention(of_item=False, way=())}
        if self.rule.each is not None:
            names["item"] = Mention(of_item=True, way=())
        return dict.fromkeys(_mentions(read(self.rule.cel), names))

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Every place that the expression speaks of, the deepest only, in order."""
        return tuple(one for one in self._mentioned if one.way or one.of_item)

    @cached_property
    def members(self) -> frozenset[str] | None:
        """The members of the structure that it speaks of; none where of all of them."""
        if any(not (one.way or one.of_item) for one in self._mentioned):
            return None
        return frozenset(one[0] for one in (self.each, *self.ways) if one)

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
class RuleResult:
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
        self._named = {
            (owner, one.rule.id): one
            for owner, rules in self.by_structure.items()
            for one in rules
        }
        self._about: dict[str, Mapping[str, tuple[int, ...]]] = {}
        self._members: dict[str, dict[str, ir.Member]] = {}

    def of(self, owner: str, rule: ir.Rule) -> Judged | None:
        """A rule of a structure, compiled."""
        return self._named.get((owner, rule.id))

    def about(self, shape: ir.Shape, member: str) -> tuple[int, ...]:
        """The numbers of a structure's rules that speak of one of its members."""
        found = self._about.get(shape.id)
        if found is None:
            rules = self.by_structure.get(shape.id, ())
            found = self._about[shape.id] = _by_member(rules)
        return found.get(member, found.get("", ()))

    def member(self, shape: ir.Structure | ir.Union, name: str) -> ir.Member | None:
        """The member with a name."""
        found = self._members.get(shape.id)
        if found is None:
            found = self._members[shape.id] = {one.name: one for one in shape.members}
        return found.get(name)

    def verdicts(self, response: Any, target: str) -> Iterator[RuleResult]:
        """What every rule says of a response, of the deepest structures first."""
        for at, value, shape in structures(self.schema, response, target):
            for judged in self.by_structure.get(shape.id, ()):
                yield from self.ask(judged, at, value)

    def ask(
        self, judged: Judged, at: Spot, value: dict[str, Any]
    ) -> Iterator[RuleResult]:
        """What one rule says of a structure, or of each item that it is about."""
        if not judged.each:
            yield RuleResult(judged, at, value, None, _said(judged.function, value))
            return
        items: Any = value
        for step in judged.each:
            items = items.get(step) if isinstance(items, dict) else None
        if isinstance(items, list):
            for index, item in enumerate(items):
                holds = _said(judged.function, value, item)
                yield RuleResult(judged, at, value, index, holds)


def _by_member(rules: tuple[Judged, ...]) -> dict[str, tuple[int, ...]]:
    """The numbers of rules by member; those under "" speak of all members."""
    every = [number for number, one in enumerate(rules) if one.members is None]
    found: dict[str, list[int]] = {"": every}
    for number, one in enumerate(rules):
        for name in one.members or ():
            found.setdefault(name, [*every]).append(number)
    return {name: tuple(sorted(numbers)) for name, numbers in found.items()}


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


def resolved(rules: Rules, target: str, way: Way) -> tuple[Way, ir.Shape] | None:
    """A way with `[]` told from `{key}`, and the shape it leads to, if to any."""
    schema = rules.schema
    shape = schema.shapes[target]
    found: list[str] = []
    for step in way:
        match shape:
            case ir.Structure() | ir.Union():
                member = rules.member(shape, step)
                if member is None:
                    return None
                shape = schema.shapes[member.target]
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
