"""CEL as cel-python's grammar reads it, in our nodes: the oracle of our parser."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import celpy
from lark import Lark, Token
from lark.exceptions import UnexpectedInput

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
    Stretch,
    Unary,
)
from shapespec.cel.parse import MACROS, CelFault, _double, _string, _whole_number

_BINARY = {
    "relation_lt": "<",
    "relation_le": "<=",
    "relation_gt": ">",
    "relation_ge": ">=",
    "relation_eq": "==",
    "relation_ne": "!=",
    "relation_in": "in",
    "addition_add": "+",
    "addition_sub": "-",
    "multiplication_mul": "*",
    "multiplication_div": "/",
    "multiplication_mod": "%",
}


class NotForRules(Exception):
    """An expression is CEL, and a rule cannot be so."""


class NotCel(Exception):
    """A text is not CEL; `place` says where that is first seen."""

    def __init__(self, place: Stretch) -> None:
        """It is first seen at `place`."""
        super().__init__()
        self.place = place


def _truth(token: Token) -> Token:
    """`true` and `false` are no names; cel-python's own callback loses their places."""
    return token.update(type="BOOL_LIT") if token in ("true", "false") else token


@cache
def grammar() -> Lark:
    """The grammar that cel-python ships, with its settings."""
    return Lark(
        Path(celpy.__file__).with_name("cel.lark").read_text("utf-8"),
        parser="lalr",
        start="expr",
        lexer_callbacks={"IDENT": _truth},
        propagate_positions=True,
        maybe_placeholders=False,
        priority="invert",
    )


def read(text: str) -> Node:
    """The tree of an expression.

    Raises:
        NotCel: It is not CEL.
        NotForRules: It is, but rules do not know it, or a literal has no value.
    """
    try:
        tree = grammar().parse(text)
    except UnexpectedInput as error:
        token = getattr(error, "token", None)
        start = error.pos_in_stream or 0
        ends = getattr(token, "type", "") == "$END"
        raise NotCel(Stretch(start, len(text) if ends else start + 1)) from None
    try:
        return _Reader(text).any_of(tree)
    except CelFault:
        raise NotForRules from None


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text

    def place(self, tree: Any) -> Stretch:
        return Stretch(tree.meta.start_pos, tree.meta.end_pos)

    def any_of(self, tree: Any) -> Node:
        parts = tree.children
        match tree.data:
            case "expr" if len(parts) == 3:
                condition, yes, no = map(self.any_of, parts)
                return Conditional(condition, yes, no, self.place(tree))
            case "expr" | "member" | "primary":
                return self.any_of(parts[0])
            case (
                "conditionalor"
                | "conditionaland"
                | "relation"
                | "addition"
                | "multiplication"
            ):
                return self.binary(tree)
            case "unary" if len(parts) == 2:
                operator = "!" if parts[0].data == "unary_not" else "-"
                return Unary(operator, self.any_of(parts[1]), self.place(tree))
            case "unary" | "paren_expr":
                return self.any_of(parts[0])
            case "member_dot":
                return Select(self.any_of(parts[0]), str(parts[1]), self.place(tree))
            case "member_dot_arg":
                return self.method(tree)
            case "member_index":
                operand, index = map(self.any_of, parts)
                return Index(operand, index, self.place(tree))
            case "literal":
                return self.literal(tree)
            case "ident":
                return Name(str(parts[0]), self.place(tree))
            case "ident_arg":
                return self.function(tree)
            case "list_lit":
                return Items(self.arguments(parts), self.place(tree))
            case _:
                raise NotForRules

    def binary(self, tree: Any) -> Node:
        parts = tree.children
        if len(parts) == 1:
            return self.any_of(parts[0])
        if tree.data.startswith("conditional"):
            operator = "||" if tree.data == "conditionalor" else "&&"
            left, right = map(self.any_of, parts)
        else:
            operator = _BINARY[str(parts[0].data)]
            left, right = self.any_of(parts[0].children[0]), self.any_of(parts[1])
        return Binary(operator, left, right, self.place(tree))

    def method(self, tree: Any) -> Node:
        operand, name, *rest = tree.children
        target, arguments = self.any_of(operand), self.arguments(rest)
        if name in MACROS and len(arguments) == 2 and isinstance(arguments[0], Name):
            variable = arguments[0].name
            return Macro(str(name), target, variable, arguments[1], self.place(tree))
        return Call(str(name), target, arguments, self.place(tree))

    def function(self, tree: Any) -> Node:
        name, *rest = tree.children
        arguments = self.arguments(rest)
        if name != "has":
            return Call(str(name), None, arguments, self.place(tree))
        if len(arguments) != 1 or not isinstance(arguments[0], Select):
            raise NotForRules
        return Has(arguments[0], self.place(tree))

    def arguments(self, children: list[Any]) -> tuple[Node, ...]:
        return tuple(map(self.any_of, children[0].children)) if children else ()

    def literal(self, tree: Any) -> Node:
        token = tree.children[0]
        place = self.place(tree)
        text = str(token)
        match token.type:
            case "INT_LIT":
                return Literal(_whole_number(text, place), "int", place)
            case "FLOAT_LIT":
                return Literal(_double(text, place), "double", place)
            case "BOOL_LIT":
                return Literal(text == "true", "bool", place)
            case "NULL_LIT":
                return Literal(None, "null", place)
            case "STRING_LIT" | "MLSTRING_LIT":
                return Literal(_string(text, place), "string", place)
            case _:
                raise NotForRules
