"""Reads CEL through cel-python's parser, and turns its tree into ours.

The grammar is that of https://github.com/google/cel-spec as cel-python has it. What it
allows and a rule cannot use (messages written out, unsigned integers, maps) is refused
with its place.
"""

from __future__ import annotations

from functools import cache
from math import isfinite
from string import hexdigits
from sys import maxunicode
from typing import Any

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
    Place,
    Select,
    Unary,
    depth,
)
from shapespec.ground.errors import Portable

MAX_LENGTH = 4000
MAX_DEPTH = 40
MAX_OPERATIONS = 60
MAX_LOOPS = 4
MACROS = ("all", "exists", "exists_one", "filter", "map")

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


class CelFault(Portable, ValueError):
    """An expression is wrong; `place` says which part of it.

    Attributes:
        rule: The diagnostic's rule: `cel-syntax`, `cel-unknown-name`, `cel-type` or
            `cel-unsupported`.
        message: What is wrong.
        place: Where in the expression, in characters.
        help: What to do about it.
    """

    def __init__(
        self, rule: str, message: str, place: Place, help_text: str | None = None
    ) -> None:
        """Say what is wrong, where, and what to do."""
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.place = place
        self.help = help_text


@cache
def _parser() -> Any:
    """cel-python's own lark parser; with the places of all that it reads."""
    from celpy.celparser import CELParser

    CELParser()
    return CELParser.CEL_PARSER


def parse(text: str) -> Node:
    """The tree of an expression.

    Raises:
        CelFault: It is not CEL, or too long or too deep to be meant.
    """
    from lark.exceptions import UnexpectedEOF, UnexpectedInput

    if len(text) > MAX_LENGTH:
        message = f"an expression may have {MAX_LENGTH} characters"
        raise CelFault("cel-syntax", message, Place(MAX_LENGTH, len(text)))
    _check_depth(text)
    try:
        tree = _parser().parse(text)
    except UnexpectedEOF:
        last = max(len(text) - 1, 0)
        place = Place(last, len(text))
        raise CelFault("cel-syntax", "it ends too soon", place) from None
    except UnexpectedInput as error:
        start = _start(error.pos_in_stream, text)
        if getattr(getattr(error, "token", None), "type", "") == "$END":
            raise CelFault(
                "cel-syntax", "it ends too soon", Place(start, len(text))
            ) from None
        found = text[start : start + 1]
        message = f"`{found}` is not expected there"
        raise CelFault("cel-syntax", message, Place(start, start + 1)) from None
    try:
        node = _Reader(text).expr(tree)
    except RecursionError:
        raise _too_deep(text) from None
    levels, loops = depth(node)
    if levels > MAX_OPERATIONS:
        raise _too_deep(text)
    if loops > MAX_LOOPS:
        message = f"more than {MAX_LOOPS} loops stand inside each other"
        raise CelFault("cel-unsupported", message, Place(0, len(text)))
    return node


def _too_deep(text: str) -> CelFault:
    message = f"it has more than {MAX_OPERATIONS} operations inside each other"
    help_text = "make several rules of it"
    return CelFault("cel-syntax", message, Place(0, len(text)), help_text)


def _start(at: int | None, text: str) -> int:
    """Where a fault begins; at the last character where the text ends too soon."""
    last = max(len(text) - 1, 0)
    return last if at is None or at < 0 else min(at, last)


def _check_depth(text: str) -> None:
    depth = 0
    for at, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if depth > MAX_DEPTH:
            message = f"it is nested deeper than {MAX_DEPTH} levels"
            raise CelFault("cel-syntax", message, Place(at, at + 1))


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text

    def place(self, tree: Any) -> Place:
        start = getattr(tree.meta, "start_pos", None)
        end = getattr(tree.meta, "end_pos", None)
        return Place(start or 0, len(self.text) if end is None else end)

    def expr(self, tree: Any) -> Node:
        parts = _present(tree)
        if len(parts) == 1:
            return self.any_of(parts[0])
        condition, yes, no = (self.any_of(part) for part in parts)
        return Conditional(condition, yes, no, self.place(tree))

    def any_of(self, tree: Any) -> Node:
        match tree.data:
            case "expr":
                return self.expr(tree)
            case "conditionalor":
                return self.chain(tree, "||")
            case "conditionaland":
                return self.chain(tree, "&&")
            case "relation" | "addition" | "multiplication":
                return self.binary(tree)
            case "unary":
                return self.unary(tree)
            case "member":
                return self.member(tree)
            case _:
                raise self.unsupported(tree)

    def chain(self, tree: Any, operator: str) -> Node:
        parts = _present(tree)
        if len(parts) == 1:
            return self.any_of(parts[0])
        left, right = (self.any_of(part) for part in parts)
        return Binary(operator, left, right, self.place(tree))

    def binary(self, tree: Any) -> Node:
        parts = _present(tree)
        if len(parts) == 1:
            return self.any_of(parts[0])
        (operand,) = _present(parts[0])
        left, right = self.any_of(operand), self.any_of(parts[1])
        return Binary(_BINARY[str(parts[0].data)], left, right, self.place(tree))

    def unary(self, tree: Any) -> Node:
        parts = _present(tree)
        if len(parts) == 1:
            return self.member(parts[0])
        operator = "!" if parts[0].data == "unary_not" else "-"
        return Unary(operator, self.any_of(parts[1]), self.place(tree))

    def member(self, tree: Any) -> Node:
        (inner,) = _present(tree)
        match inner.data:
            case "primary":
                return self.primary(inner)
            case "member_dot":
                operand, name = inner.children
                return Select(self.member(operand), str(name), self.place(inner))
            case "member_dot_arg":
                return self.method(inner)
            case "member_index":
                operand, index = inner.children
                found = self.member(operand)
                return Index(found, self.expr(index), self.place(inner))
            case _:
                raise self.unsupported(inner)

    def method(self, tree: Any) -> Node:
        operand, name, *rest = tree.children
        arguments = self.arguments(rest)
        target = self.member(operand)
        if name in MACROS and len(arguments) == 2 and isinstance(arguments[0], Name):
            variable = arguments[0].name
            return Macro(str(name), target, variable, arguments[1], self.place(tree))
        return Call(str(name), target, arguments, self.place(tree))

    def primary(self, tree: Any) -> Node:
        (inner,) = _present(tree)
        match inner.data:
            case "literal":
                return self.literal(inner)
            case "ident":
                return Name(str(inner.children[0]), self.place(inner))
            case "paren_expr":
                return self.expr(inner.children[0])
            case "ident_arg":
                return self.function(inner)
            case "list_lit":
                return Items(self.arguments(inner.children), self.place(inner))
            case _:
                raise self.unsupported(inner)

    def function(self, tree: Any) -> Node:
        name, *rest = tree.children
        arguments = self.arguments(rest)
        if name == "has":
            match arguments:
                case (Select() as select,):
                    return Has(select, self.place(tree))
                case _:
                    message = "`has` takes a member, as in `has(this.Name)`"
                    raise CelFault("cel-type", message, self.place(tree))
        return Call(str(name), None, arguments, self.place(tree))

    def arguments(self, children: list[Any]) -> tuple[Node, ...]:
        found = [child for child in children if child is not None]
        return tuple(self.expr(part) for part in found[0].children) if found else ()

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
                raise self.unsupported(tree)

    def unsupported(self, tree: Any) -> CelFault:
        place = self.place(tree)
        written = self.text[place.start : place.end]
        message = f"`{written}` is CEL, but rules do not know it"
        return CelFault("cel-unsupported", message, place)


def _present(tree: Any) -> list[Any]:
    return [child for child in tree.children if child is not None]


def _whole_number(written: str, place: Place) -> int:
    """The value of an integer literal; those of CEL have 64 bits."""
    value = int(written, 16) if "x" in written else int(written)
    if not -(2**63) <= value < 2**63:
        message = "an integer has 64 bits; this number needs more"
        help_text = "compare with a double, such as `1e20`"
        raise CelFault("cel-syntax", message, place, help_text)
    return value


def _double(written: str, place: Place) -> float:
    """The value of a literal with a fraction or an exponent."""
    value = float(written)
    if not isfinite(value):
        message = "the number is greater than a double can be (about 1.8e308)"
        raise CelFault("cel-syntax", message, place)
    if value == 0 and set(written.lower().partition("e")[0]) & {*"123456789"}:
        message = "the number is nearer to 0 than a double can be (about 5e-324)"
        raise CelFault("cel-syntax", message, place)
    return value


def _string(written: str, place: Place) -> str:
    """The text of a string literal."""
    raw = written[0] in "rR"
    body = written[1:] if raw else written
    quotes = 3 if body[:3] in ('"""', "'''") else 1
    body = body[quotes:-quotes]
    text = body if raw else _unescaped(body, place)
    surrogates = [char for char in text if "\ud800" <= char <= "\udfff"]
    if surrogates:
        code = ord(surrogates[0])
        message = f"U+{code:04X} is half of a surrogate pair, not a character"
        help_text = "write the character itself, or `\\U` and its eight digits"
        raise CelFault("cel-syntax", message, place, help_text)
    return text


_ESCAPES = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}


def _unescaped(body: str, place: Place) -> str:
    """A string's escapes resolved, as the CEL specification lists them."""
    found = []
    at = 0
    while at < len(body):
        char = body[at]
        at += 1
        if char != "\\" or at == len(body):
            found.append(char)
            continue
        kind = body[at]
        at += 1
        width = {"x": 2, "X": 2, "u": 4, "U": 8}.get(kind)
        if width is not None:
            found.append(_coded(f"\\{kind}", body[at : at + width], width, 16, place))
            at += width
        elif kind.isdigit():
            found.append(_coded("\\", body[at - 1 : at + 2], 3, 8, place))
            at += 2
        else:
            found.append(_ESCAPES.get(kind, kind))
    return "".join(found)


def _coded(lead: str, digits: str, width: int, base: int, place: Place) -> str:
    """The character that an escape gives the number of."""
    allowed = "01234567" if base == 8 else hexdigits
    if len(digits) != width or not set(digits) <= {*allowed}:
        kind = "octal" if base == 8 else "hexadecimal"
        message = f"`{lead}` needs {width} {kind} digits"
        raise CelFault("cel-syntax", message, place)
    code = int(digits, base)
    if code > maxunicode:
        message = f"`{lead}{digits}` is beyond the last character, U+10FFFF"
        raise CelFault("cel-syntax", message, place)
    return chr(code)
