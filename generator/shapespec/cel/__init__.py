"""Rules and derived values: CEL, read, checked and compiled.

CEL is the Common Expression Language (https://github.com/google/cel-spec); cel-python
is its parser here and the oracle of the tests.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from shapespec import schema as ir
from shapespec.cel.ast import Node, Place
from shapespec.cel.compile import Compiled, compile_cel
from shapespec.cel.parse import CelFault, parse
from shapespec.cel.types import BOOL, DYN, Type, of_shape


class Step(NamedTuple):
    """A part of a path: a member, and whether its items are meant one by one."""

    name: str
    items: bool


read = lru_cache(maxsize=4096)(parse)
"""The tree of an expression, read once."""


def steps(path: str) -> tuple[Step, ...]:
    """The parts of a path such as `DataSource.Files[].Name`."""
    return tuple(
        Step(part.rstrip("[]"), part.endswith("[]")) for part in path.split(".")
    )


def variables(
    schema: ir.Schema, structure: ir.Structure, rule: ir.Rule
) -> dict[str, Type]:
    """The variables of a rule: `this`, and with `each`, `item`.

    Raises:
        CelFault: `each` does not lead to a list.
    """
    found = {"this": of_shape(schema, structure.id)}
    if rule.each is not None:
        reached = follow(schema, structure.id, rule.each)
        if not isinstance(reached, ir.List):
            message = f"`{rule.each}` is no list whose items could be looked at"
            raise CelFault("cel-name", message, Place(0, 0))
        found["item"] = of_shape(schema, reached.member)
    return found


def follow(schema: ir.Schema, start: str, path: str) -> ir.Shape:
    """The shape that a path leads to.

    Raises:
        CelFault: It leads nowhere.
    """
    shape = schema.shapes[start]
    for step in steps(path):
        members = (
            {member.name: member for member in shape.members}
            if isinstance(shape, ir.Structure | ir.Union)
            else {}
        )
        if step.name not in members:
            message = f"`{path}` leads nowhere: `{shape.id}` has no `{step.name}`"
            raise CelFault("cel-name", message, Place(0, 0))
        shape = schema.shapes[members[step.name].target]
        if step.items:
            if not isinstance(shape, ir.List):
                message = f"`{path}` leads nowhere: `{step.name}` is no list"
                raise CelFault("cel-name", message, Place(0, 0))
            shape = schema.shapes[shape.member]
    return shape


def compile_rule(
    schema: ir.Schema,
    structure: ir.Structure,
    rule: ir.Rule,
    *,
    prefix: str = "PATTERN",
) -> Compiled:
    """A rule as Python over `this` and `item`.

    Raises:
        CelFault: The rule is wrong.
    """
    names = variables(schema, structure, rule)
    node = read(rule.cel)
    compiled = compile_cel(schema, node, names, prefix=prefix)
    if compiled.type not in (BOOL, DYN):
        message = f"a rule is true or false, this is {compiled.type}"
        raise CelFault("cel-type", message, _whole(node))
    if rule.at is not None:
        start = structure.id
        if rule.each is not None:
            reached = follow(schema, structure.id, rule.each)
            start = reached.member if isinstance(reached, ir.List) else start
        follow(schema, start, rule.at)
    return compiled


_DERIVED = {"integer": "int", "double": "double", "boolean": "bool", "string": "string"}


def compile_derived(
    schema: ir.Schema, structure: ir.Structure, derived: ir.Derived
) -> Compiled:
    """A derived value as Python over an object called `this`.

    Raises:
        CelFault: The expression is wrong, or of another type.
    """
    node = read(derived.cel)
    names = {"this": of_shape(schema, structure.id)}
    compiled = compile_cel(schema, node, names, attributes=True)
    wanted = _DERIVED[derived.type]
    if compiled.type.kind not in (wanted, "dyn"):
        message = f"it is declared as {derived.type}, this is {compiled.type}"
        raise CelFault("cel-type", message, _whole(node))
    return compiled


def _whole(node: Node) -> Place:
    return node.place


def function_name(rule: str) -> str:
    """The name of a rule's function in Python."""
    return re.sub(r"[^a-z0-9_]", "_", rule.lower())


__all__ = [
    "CelFault",
    "Compiled",
    "Step",
    "compile_derived",
    "compile_rule",
    "follow",
    "function_name",
    "read",
    "steps",
    "variables",
]
