"""Says a rule in JSON Schema, as far as JSON Schema can say it.

A rule is broken where its expression is false, and not where it has no value. So two
schemas are made of every part: one for the values of which it is true, one for those
of which it is false; and of a rule the schema for those of which it is not false.
"""

from __future__ import annotations

from typing import TypeAlias

from shapespec import schema as ir
from shapespec.cel.ast import (
    Binary,
    Call,
    Conditional,
    Has,
    Items,
    Literal,
    Macro,
    Name,
    Node,
    Select,
    Unary,
)
from shapespec.cel.search import search_ecma
from shapespec.cel.types import Type, of_shape

Keywords: TypeAlias = dict[str, ir.Json]

_NOT_NULL: Keywords = {"not": {"type": "null"}}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


class NotSayable(ValueError):
    """JSON Schema has no words for an expression."""


def keywords(schema: ir.Schema, structure: str, node: Node) -> Keywords:
    """A schema for the structures that do not break a rule over `this`.

    Raises:
        NotSayable: JSON Schema cannot say it.
    """
    return _Sayer(schema, "this", of_shape(schema, structure)).not_false(node)


def item_keywords(schema: ir.Schema, item: Type, node: Node) -> Keywords:
    """A schema for the items that do not break a rule over `item` alone.

    Raises:
        NotSayable: JSON Schema cannot say it, or the rule looks beyond the item.
    """
    return _Sayer(schema, "item", item).not_false(node)


class _Sayer:
    """Schemas of the values that a variable stands for."""

    def __init__(self, schema: ir.Schema, variable: str, type_: Type) -> None:
        self.schema = schema
        self.variable = variable
        self.type = type_

    def not_false(self, node: Node) -> Keywords:
        match node:
            case Binary("&&", left, right):
                return {"allOf": [self.not_false(left), self.not_false(right)]}
            case Binary("||", left, right):
                return {"if": self.false(left), "then": self.not_false(right)}
            case Conditional(condition, yes, no):
                return {
                    "allOf": [
                        {"if": self.true(condition), "then": self.not_false(yes)},
                        {"if": self.false(condition), "then": self.not_false(no)},
                    ]
                }
            case Binary("!=", Has(one), Has(other)):
                return {"oneOf": [self.has(one), self.has(other)]}
            case Has(select):
                return self.has(select)
            case Unary("!", Has(select)):
                return {"not": self.has(select)}
            case Macro("all", iterable, variable, body):
                return self.every(iterable, variable, body)
            case Literal(True):
                return {}
            case _:
                return {"not": self.false(node)}

    def true(self, node: Node) -> Keywords:
        match node:
            case Binary("&&", left, right):
                return {"allOf": [self.true(left), self.true(right)]}
            case Binary("||", left, right):
                return {"anyOf": [self.true(left), self.true(right)]}
            case Unary("!", operand):
                return self.false(operand)
            case Has(select):
                return self.has(select)
            case Literal(bool() as value):
                return {} if value else {"not": {}}
            case _:
                path, test = self.atom(node)
                return _at(path, test)

    def false(self, node: Node) -> Keywords:
        match node:
            case Binary("&&", left, right):
                return {"anyOf": [self.false(left), self.false(right)]}
            case Binary("||", left, right):
                return {"allOf": [self.false(left), self.false(right)]}
            case Unary("!", operand):
                return self.true(operand)
            case Has(select):
                above = self.path(select.operand)
                absent: Keywords = {"not": _at((select.field,), _NOT_NULL)}
                return _at(above, absent) if above else absent
            case Literal(bool() as value):
                return {} if not value else {"not": {}}
            case _:
                path, test = self.atom(node)
                return _at(path, {"not": {"anyOf": [test, {"type": "null"}]}})

    def has(self, select: Select) -> Keywords:
        return _at((*self.path(select.operand), select.field), _NOT_NULL)

    def every(self, iterable: Node, variable: str, body: Node) -> Keywords:
        path = self.path(iterable)
        found = self.type
        for name in path:
            found = self.member(found, name)
        match found:
            case Type("list", item=Type() as item):
                inner = _Sayer(self.schema, variable, item).not_false(body)
                return _below(path, {"items": inner})
            case Type("map"):
                inner = _Sayer(self.schema, variable, Type("string")).not_false(body)
                return _below(path, {"propertyNames": inner})
            case _:
                raise NotSayable

    def member(self, found: Type, name: str) -> Type:
        shape = self.schema.shapes[found.shape] if found.shape else None
        if isinstance(shape, ir.Structure | ir.Union):
            for member in shape.members:
                if member.name == name:
                    return of_shape(self.schema, member.target)
        raise NotSayable

    def path(self, node: Node) -> tuple[str, ...]:
        """The members from the variable to a value."""
        match node:
            case Name(name) if name == self.variable:
                return ()
            case Select(operand, name):
                return (*self.path(operand), name)
            case _:
                raise NotSayable

    def atom(self, node: Node) -> tuple[tuple[str, ...], Keywords]:
        """A value, and the test that it passes where a simple expression is true."""
        match node:
            case Binary(operator, Literal() as left, right) if operator in _MIRRORED:
                return self.comparison(right, _MIRRORED[operator], left)
            case Binary(operator, left, Literal() as right) if operator in _MIRRORED:
                return self.comparison(left, operator, right)
            case Binary("in", left, Items(items)):
                values: list[ir.Json] = [_value(item) for item in items]
                return self.path(left), {"enum": values}
            case Call("startsWith", target, (Literal(str() as text),)) if target:
                return self.path(target), {"pattern": f"^{_escaped(text)}"}
            case Call("matches", target, (Literal(str() as text),)) if target:
                return self.path(target), {"pattern": search_ecma(text)}
            case _:
                raise NotSayable

    def comparison(
        self, operand: Node, operator: str, literal: Literal
    ) -> tuple[tuple[str, ...], Keywords]:
        value = _value(literal)
        if isinstance(operand, Call) and operand.function == "size":
            return self.size(operand, operator, value)
        path = self.path(operand)
        if literal.kind in ("timestamp", "duration"):
            raise NotSayable
        match operator:
            case "==":
                return path, {"const": value}
            case "!=":
                return path, {"not": {"anyOf": [{"const": value}, {"type": "null"}]}}
        if literal.kind not in ("int", "double"):
            raise NotSayable
        word = {
            "<": "exclusiveMaximum",
            "<=": "maximum",
            ">": "exclusiveMinimum",
            ">=": "minimum",
        }[operator]
        return path, {"type": "number", word: value}

    def size(
        self, call: Call, operator: str, value: ir.Json
    ) -> tuple[tuple[str, ...], Keywords]:
        operand = call.target if call.target is not None else call.arguments[0]
        path = self.path(operand)
        found = self.type
        for name in path:
            found = self.member(found, name)
        noun = {"string": "Length", "list": "Items", "map": "Properties"}.get(
            found.kind
        )
        if noun is None or not isinstance(value, int) or isinstance(value, bool):
            raise NotSayable
        least, most = f"min{noun}", f"max{noun}"
        match operator:
            case "==":
                return path, {least: value, most: value}
            case ">=":
                return path, {least: value}
            case ">":
                return path, {least: value + 1}
            case "<=":
                return path, {most: value}
            case "<":
                return path, {most: value - 1}
            case _:
                raise NotSayable


def _at(path: tuple[str, ...], test: Keywords) -> Keywords:
    """A schema that wants a value there, and that it passes the test."""
    found = test
    for name in reversed(path):
        found = {"required": [name], "properties": {name: found}}
    return found


def _below(path: tuple[str, ...], test: Keywords) -> Keywords:
    """A schema that wants a value, if it is there, to pass the test."""
    found = test
    for name in reversed(path):
        found = {"properties": {name: found}}
    return found


def _value(node: Node) -> ir.Json:
    if isinstance(node, Literal) and not isinstance(node.value, bytes):
        return node.value
    raise NotSayable


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in "^$\\.*+?()[]{}|/" else char for char in text)
