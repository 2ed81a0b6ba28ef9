"""Says a rule in JSON Schema, as far as JSON Schema can say it.

A rule is broken where its expression is false, and not where it has no value. So two
schemas are made of every part: one for the values of which it is true, one for those
of which it is false; and of a rule the schema for those of which it is not false.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

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
from shapespec.cel.outside import ITEM, cases
from shapespec.cel.search import search_ecma
from shapespec.cel.types import Type, of_shape
from shapespec.contract import schema as ir
from shapespec.ground.values import Json
from shapespec.patterns import translate
from shapespec.patterns.match import matches

Keywords: TypeAlias = dict[str, Json]

_NOT_NULL: Keywords = {"not": {"type": "null"}}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


_SIZES = {
    "string": ("string", "Length"),
    "list": ("array", "Items"),
    "map": ("object", "Properties"),
}


class NotSayable(ValueError):
    """JSON Schema has no words for an expression."""


def keywords(schema: ir.Schema, structure: str, node: Node) -> Keywords:
    """A schema for the structures that do not break a rule over `this`.

    Raises:
        NotSayable: JSON Schema cannot say it.
    """
    return _Sayer(schema, "this", of_shape(schema, structure)).not_false(node)


class ItemKeywords(NamedTuple):
    """Schemas for the items of a structure that do not break a rule.

    Attributes:
        condition: A schema of structures; empty where it is of all.
        then: A schema of items where the structure is of the condition.
        otherwise: A schema of items elsewhere.
    """

    condition: Keywords
    then: Keywords
    otherwise: Keywords


def item_keywords(
    schema: ir.Schema, structure: str, item: Type, node: Node
) -> tuple[ItemKeywords, ...]:
    """Schemas for the items that do not break a rule over `this` and `item`.

    Raises:
        NotSayable: JSON Schema cannot say it.
    """
    outer = _Sayer(schema, "this", of_shape(schema, structure))
    inner = _Sayer(schema, ITEM, item)
    said = [(case.answers, inner.not_false(case.rest)) for case in cases(node)]
    match said:
        case [((), then)]:
            return (ItemKeywords({}, then, {}),)
        case [(((question, _),), yes), (_, no), (_, neither)] if yes == neither:
            return (ItemKeywords(outer.false(question), no, yes),)
        case [(((question, _),), yes), (_, no), (_, neither)] if no == neither:
            return (ItemKeywords(outer.true(question), yes, no),)
    return tuple(
        ItemKeywords(outer.all_answers(answers), then, {})
        for answers, then in said
        if then
    )


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
                return _if(self.false(left), self.not_false(right))
            case Conditional(Has(Select(Name())) as condition, yes, no):
                found = self.not_false(yes), self.not_false(no)
                return _if(self.true(condition), *found)
            case Conditional(condition, yes, no):
                found = self.not_false(yes), self.not_false(no)
                taken = _if(self.true(condition), found[0])
                return {"allOf": [taken, _if(self.false(condition), found[1])]}
            case Binary("!=", Has(Select(Name()) as one), Has(Select(Name()) as other)):
                return {"oneOf": [self.has(one), self.has(other)]}
            case Has(Select(Name()) as select):
                return self.has(select)
            case Has():
                return {"not": self.false(node)}
            case Unary("!", operand):
                return {"not": self.true(operand)}
            case Macro("all", iterable, variable, body):
                return self.every(iterable, variable, body)
            case Literal(True) | Literal(kind="unknown"):
                return {}
            case Literal(False):
                return {"not": {}}
            case _ if (equal := _unequal(node)) is not None:
                return {"not": self.true(equal)}
            case _:
                path, test = self.atom(node)
                return _below(path, _or_null(test)) if path else test

    def all_answers(self, answers: Iterable[tuple[Node, bool | None]]) -> Keywords:
        """A schema for values of which each expression is true, false or neither."""
        found: list[Json] = []
        for node, answer in answers:
            either: list[Json] = []
            if answer is not False:
                either.append(self.true(node))
            if answer is not True:
                either.append(self.false(node))
            found.append(
                either[0] if answer is not None else {"not": {"anyOf": either}}
            )
        return {"allOf": found}

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
            case Conditional(condition, yes, no):
                return self.either(condition, self.true(yes), self.true(no))
            case Literal(kind="unknown"):
                return {"not": {}}
            case Literal(bool() as value):
                return {} if value else {"not": {}}
            case _ if (equal := _unequal(node)) is not None:
                return self.false(equal)
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
            case Conditional(condition, yes, no):
                return self.either(condition, self.false(yes), self.false(no))
            case Literal(kind="unknown"):
                return {"not": {}}
            case Literal(bool() as value):
                return {} if not value else {"not": {}}
            case _ if (equal := _unequal(node)) is not None:
                return self.true(equal)
            case _:
                path, test = self.atom(node)
                return _at(path, {"not": _or_null(test) if path else test})

    def either(self, condition: Node, yes: Keywords, no: Keywords) -> Keywords:
        """A schema for values of which the branch that is taken is as it should be."""
        return {
            "anyOf": [
                {"allOf": [self.true(condition), yes]},
                {"allOf": [self.false(condition), no]},
            ]
        }

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
            case Binary(
                "==", Call("size", None, (Call("others") as rest,)), Literal(0)
            ):
                return (), self.others(rest, values=False)
            case Binary(operator, Literal() as left, right) if operator in _MIRRORED:
                return self.comparison(right, _MIRRORED[operator], left)
            case Binary(operator, left, Literal() as right) if operator in _MIRRORED:
                return self.comparison(left, operator, right)
            case Binary("in", left, Items(items)):
                values: list[Json] = [_value(item) for item in items]
                return self.path(left), {"enum": values}
            case Call(
                "conforms", None, (Call("others") as rest, Literal(value=str(of)))
            ):
                if not isinstance(self.schema.shapes[of], ir.Map):
                    raise NotSayable
                below: Json = {"$ref": f"#/$defs/{of}/additionalProperties"}
                return (), self.others(rest, below)
            case Call("conforms", None, (value, Literal(value=str(shape)))):
                return self.path(value), {"$ref": f"#/$defs/{shape}"}
            case Call("startsWith", target, (Literal(str() as text),)) if target:
                return self.path(target), _text(f"^{_escaped(text)}")
            case Call("matches", target, (Literal(str() as text),)) if target:
                return self.path(target), _text(search_ecma(text))
            case _:
                raise NotSayable

    def others(self, call: Call, values: Json) -> Keywords:
        """What is said of the members without a name, or of some of them."""
        owner, *rest = call.arguments
        shape = self.schema.shapes[self.type.shape] if self.type.shape else None
        if self.path(owner) or not isinstance(shape, ir.Structure):
            raise NotSayable
        named = [member.name for member in shape.members]
        known: Keywords = {"properties": dict.fromkeys(named, True)} if named else {}
        match rest:
            case []:
                return {**known, "additionalProperties": values}
            case [Literal(value=str(pattern)), Literal(value=False)]:
                matching: Keywords = {translate(pattern).ecma: True}
                return {
                    **known,
                    "patternProperties": matching,
                    "additionalProperties": values,
                }
            case [Literal(value=str(pattern)), *_]:
                found = translate(pattern)
                if any(matches(found.regex, name) for name in named):
                    every = "|".join(map(_escaped, named))
                    ecma = rf"^(?!(?:{every})$)[\s\S]*?(?:{found.ecma})"
                    return {"patternProperties": {ecma: values}}
                return {"patternProperties": {found.ecma: values}}
            case _:
                raise NotSayable

    def comparison(
        self, operand: Node, operator: str, literal: Literal
    ) -> tuple[tuple[str, ...], Keywords]:
        value = _value(literal)
        if isinstance(operand, Call) and operand.function == "conforming":
            return self.counted(operand, operator, value)
        if isinstance(operand, Call) and operand.function == "size":
            return self.size(operand, operator, value)
        path = self.path(operand)
        if literal.kind in ("timestamp", "duration"):
            raise NotSayable
        match operator:
            case "==":
                return path, {"enum": [value]}
        if literal.kind not in ("int", "double"):
            raise NotSayable
        word = {
            "<": "exclusiveMaximum",
            "<=": "maximum",
            ">": "exclusiveMinimum",
            ">=": "minimum",
        }[operator]
        return path, {"type": "number", word: value}

    def counted(
        self, call: Call, operator: str, value: Json
    ) -> tuple[tuple[str, ...], Keywords]:
        """How many of several shapes: exactly one, one at least or at most, none."""
        match call.arguments:
            case (operand, Items(items)):
                path = self.path(operand)
            case _:
                raise NotSayable
        found: list[Json] = [{"$ref": f"#/$defs/{_value(one)}"} for one in items]
        some: Keywords = {"anyOf": found}
        match f"{operator} {value}":
            case "== 1":
                return path, {"oneOf": found}
            case "> 0" | ">= 1":
                return path, some
            case "== 0" | "< 1":
                return path, {"not": some}
            case "<= 1" | "< 2":
                return path, {"anyOf": [{"oneOf": found}, {"not": some}]}
            case _:
                raise NotSayable

    def size(
        self, call: Call, operator: str, value: Json
    ) -> tuple[tuple[str, ...], Keywords]:
        operand = call.target if call.target is not None else call.arguments[0]
        path = self.path(operand)
        found = self.type
        for name in path:
            found = self.member(found, name)
        if found.kind not in _SIZES:
            raise NotSayable
        kind, noun = _SIZES[found.kind]
        if not isinstance(value, int) or isinstance(value, bool):
            raise NotSayable
        limits: Keywords = {}
        if operator in ("==", ">=", ">"):
            limits[f"min{noun}"] = value + (operator == ">")
        if operator in ("==", "<=", "<"):
            limits[f"max{noun}"] = value - (operator == "<")
        return path, {"type": kind, **limits}


def _unequal(node: Node) -> Node | None:
    """The equality that an inequality denies; none where it is about no constant."""
    match node:
        case Binary("!=", left, right, place) if isinstance(left, Literal) or (
            isinstance(right, Literal)
        ):
            return Binary("==", left, right, place)
        case _:
            return None


def _if(
    condition: Keywords, then: Keywords, otherwise: Keywords | None = None
) -> Keywords:
    """A conditional, with the branches that say anything."""
    found: Keywords = {"if": condition}
    if then:
        found["then"] = then
    if otherwise:
        found["else"] = otherwise
    return found if len(found) > 1 else {}


def _or_null(test: Keywords) -> Keywords:
    """A test that null passes, too: it counts as absent."""
    match test:
        case {"enum": list() as values}:
            return {"enum": [*values, None]}
        case {"type": kind, **rest}:
            return {"type": [kind, "null"], **rest}
        case _:
            return {"anyOf": [test, {"type": "null"}]}


def _text(pattern: str) -> Keywords:
    return {"type": "string", "pattern": pattern}


def _at(path: tuple[str, ...], test: Keywords) -> Keywords:
    """A schema that wants a value there, and that it passes the test."""
    found = test
    for depth, name in reversed([*enumerate(path)]):
        found = {"required": [name], "properties": {name: found}}
        if depth:  # null, which has no members, would pass otherwise
            found = {"type": "object", **found}
    return found


def _below(path: tuple[str, ...], test: Keywords) -> Keywords:
    """A schema that wants a value, if it is there, to pass the test."""
    found = test
    for name in reversed(path):
        found = {"properties": {name: found}}
    return found


def _value(node: Node) -> Json:
    if isinstance(node, Literal) and not isinstance(node.value, bytes):
        return node.value
    raise NotSayable


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in "^$\\.*+?()[]{}|/" else char for char in text)
