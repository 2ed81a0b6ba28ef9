"""Rules and derived values: CEL, read, checked and compiled.

CEL is the Common Expression Language (https://github.com/google/cel-spec); cel-python
is the oracle of the tests, for the parser and for what rules decide.
"""

from __future__ import annotations

from functools import lru_cache

from shapespec.cel.ast import Node, Stretch
from shapespec.cel.compile import Compiled, compile_cel, shapes_asked, shapes_called
from shapespec.cel.parse import CelFault, parse
from shapespec.cel.paths import PathFault, PathStep, follow, items, steps
from shapespec.cel.types import BOOL, DYN, Type, of_shape
from shapespec.contract import schema as ir

read = lru_cache(maxsize=4096)(parse)
"""The tree of an expression, read once."""


def variables(
    schema: ir.Schema, structure: ir.Structure, rule: ir.Rule
) -> dict[str, Type]:
    """The variables of a rule: `this`, and with `each`, `item`.

    Raises:
        PathFault: `each` does not lead to a list.
    """
    found = {"this": of_shape(schema, structure.id)}
    if rule.each is not None:
        found["item"] = of_shape(schema, items(schema, structure.id, rule.each))
    return found


def compile_rule(
    schema: ir.Schema,
    structure: ir.Structure,
    rule: ir.Rule,
) -> ir.CompiledCel:
    """A rule as Python over `this` and `item`.

    Raises:
        CelFault: The rule is wrong.
        PathFault: `each` does not lead to a list.
    """
    names = variables(schema, structure, rule)
    node = read(rule.cel)
    prefix = rule.python.removeprefix("rule_").upper()
    compiled = compile_cel(schema, node, names, prefix=prefix)
    if compiled.type not in (BOOL, DYN):
        message = f"a rule must be true or false, but this is {compiled.type}"
        raise CelFault("cel-type", message, _whole(node))
    return _code(compiled)


_DERIVED = {"integer": "int", "double": "double", "boolean": "bool", "string": "string"}


def compile_derived(
    schema: ir.Schema, structure: ir.Structure, derived: ir.Derived
) -> ir.CompiledCel:
    """A derived value as Python over an object called `this`.

    Raises:
        CelFault: The expression is wrong, or of another type.
    """
    node = read(derived.cel)
    names = {"this": of_shape(schema, structure.id)}
    compiled = compile_cel(schema, node, names, attributes=True)
    wanted = _DERIVED[derived.type]
    if compiled.type.kind not in (wanted, "dyn"):
        message = f"it is declared as {derived.type}, but this is {compiled.type}"
        raise CelFault("cel-type", message, _whole(node))
    return _code(compiled)


def _code(found: Compiled) -> ir.CompiledCel:
    helpers = tuple(sorted(found.helpers))
    return ir.CompiledCel(found.text, helpers, tuple(found.patterns.items()))


def _whole(node: Node) -> Stretch:
    return node.place


__all__ = [
    "CelFault",
    "Compiled",
    "PathFault",
    "PathStep",
    "compile_derived",
    "compile_rule",
    "follow",
    "items",
    "read",
    "shapes_asked",
    "shapes_called",
    "steps",
    "variables",
]
