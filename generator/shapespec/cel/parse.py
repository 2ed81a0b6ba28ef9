"""Reads CEL, the Common Expression Language.

The grammar is that of https://github.com/google/cel-spec as cel-python reads it, which
is what the tests hold this against. What it allows and a rule cannot use (messages
written out, unsigned integers, maps) is refused with its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import isfinite
from string import hexdigits
from sys import maxunicode

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
    depth,
)
from shapespec.ground.errors import Portable

MAX_LENGTH = 4000
MAX_DEPTH = 40
MAX_OPERATIONS = 60
MAX_LOOPS = 4
MACROS = ("all", "exists", "exists_one", "filter", "map")

_LEVELS = (("||",), ("&&",), ("<=", "<", ">=", ">", "==", "!=", "in"), ("+", "-"))
"""The binary operators from the weakest, all from left to right; `*`, `/`, `%` last."""
_LEVEL = {
    operator: level
    for level, operators in enumerate((*_LEVELS, ("*", "/", "%")))
    for operator in operators
}
_SKIPPED = re.compile(r"(?:[\t\n\f\r ]+|//.*)+")
_NAME = re.compile(r"[_a-zA-Z][_a-zA-Z0-9]*")
_QUOTED = (
    r'[rR]?(?:"""(?:\\[\s\S]|[\s\S])*?"""|\'\'\'(?:\\[\s\S]|[\s\S])*?\'\'\''
    r'|"(?:\\.|.)*?"|\'(?:\\.|.)*?\')'
)
_LITERAL = re.compile(
    rf"(?P<bytes>[bB]{_QUOTED})|(?P<string>{_QUOTED})"
    r"|(?P<double>-?[0-9]+\.[0-9]*(?:[eE][+-]?[0-9]+)?"
    r"|-?[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|-?[0-9]+[eE][+-]?[0-9]+)"
    r"|(?P<uint>(?:-?0x[0-9a-fA-F]+|-?[0-9]+)[uU])"
    r"|(?P<int>-?0x[0-9a-fA-F]+|-?[0-9]+)"
)
"""In the order in which the grammar prefers them; a sign belongs to a number."""
_AFTER = re.compile(r"&&|\|\||<=|>=|==|!=|in|[-+*/%<>?:.,()\[\]{}]")
"""What may follow an operand. `in` needs no space behind it."""
_WORDS: dict[str, tuple[bool | None, str]] = {
    "true": (True, "bool"),
    "false": (False, "bool"),
    "null": (None, "null"),
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
        self, rule: str, message: str, place: Stretch, help_text: str | None = None
    ) -> None:
        """Say what is wrong, where, and what to do."""
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.place = place
        self.help = help_text


def parse(text: str) -> Node:
    """The tree of an expression.

    Raises:
        CelFault: It is not CEL, or too long or too deep to be meant.
    """
    if len(text) > MAX_LENGTH:
        message = f"an expression may have {MAX_LENGTH} characters"
        raise CelFault("cel-syntax", message, Stretch(MAX_LENGTH, len(text)))
    _check_depth(text)
    reader = _Reader(text)
    try:
        node = reader.whole()
    except RecursionError:
        raise _too_deep(text) from None
    if reader.fault is not None:
        raise reader.fault
    levels, loops = depth(node)
    if levels > MAX_OPERATIONS:
        raise _too_deep(text)
    if loops > MAX_LOOPS:
        message = f"more than {MAX_LOOPS} loops are nested"
        raise CelFault("cel-unsupported", message, Stretch(0, len(text)))
    return node


def _too_deep(text: str) -> CelFault:
    message = f"it has more than {MAX_OPERATIONS} operations inside each other"
    help_text = "split it into several rules"
    return CelFault("cel-syntax", message, Stretch(0, len(text)), help_text)


def _check_depth(text: str) -> None:
    depth = 0
    for at, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if depth > MAX_DEPTH:
            message = f"it is nested deeper than {MAX_DEPTH} levels"
            raise CelFault("cel-syntax", message, Stretch(at, at + 1))


class _Reader:
    """Reads by recursive descent, a level of the grammar for each binding of operators.

    A part is a node with the end of its text, parentheses included: where the node in
    parentheses ends is not where what is made of it does. What is CEL, but not for
    rules, is a fault once the whole is found to be CEL; the first one counts.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.last = 0
        """Where the token before begins."""
        self.end = 0
        """Where the token before ends."""
        self.fault: CelFault | None = None
        self.skip()

    def skip(self) -> None:
        """Go past spaces and comments."""
        found = _SKIPPED.match(self.text, self.at)
        if found is not None:
            self.at = found.end()

    def take(self, end: int) -> str:
        """The token from here to an end, with what may be skipped behind it."""
        token = self.text[self.at : end]
        self.last, self.end, self.at = self.at, end, end
        self.skip()
        return token

    def next(self) -> str:
        """The operator or the sign that is next, if any is."""
        found = _AFTER.match(self.text, self.at)
        return "" if found is None else found[0]

    def has(self, sign: str) -> bool:
        """Whether a sign is next, which is then taken."""
        if self.next() != sign:
            return False
        self.take(self.at + len(sign))
        return True

    def expect(self, sign: str) -> None:
        """Take a sign, which has to be there."""
        if not self.has(sign):
            raise self.unexpected()

    def name(self) -> str:
        """Take a name."""
        found = _NAME.match(self.text, self.at)
        if found is None or found[0] in ("true", "false"):
            raise self.unexpected()
        return self.take(found.end())

    def unexpected(self) -> CelFault:
        """What is next cannot stand there."""
        if self.at == len(self.text):
            place = Stretch(self.last, len(self.text))
            return CelFault("cel-syntax", "it ends too early", place)
        place = Stretch(self.at, self.at + 1)
        message = f"unexpected `{self.text[self.at]}`"
        return CelFault("cel-syntax", message, place)

    def since(self, start: int) -> Stretch:
        """The place from a start to the end of what was read last."""
        return Stretch(start, self.end)

    def unsupported(self, start: int) -> Node:
        """What rules do not know, as a node that is never looked at."""
        place = self.since(start)
        message = f"`{self.text[start : self.end]}` is CEL, but rules do not support it"
        self.refuse(CelFault("cel-unsupported", message, place))
        return Literal(None, "null", place)

    def refuse(self, fault: CelFault) -> None:
        """Remember a fault, if it is the first one."""
        self.fault = self.fault or fault

    def whole(self) -> Node:
        """The expression that is the whole text."""
        node = self.expression()
        if self.at < len(self.text):
            raise self.unexpected()
        return node

    def expression(self) -> Node:
        """`a ? b : c`, or what binds more."""
        start = self.at
        condition = self.operation(0)
        if not self.has("?"):
            return condition
        yes = self.operation(0)
        self.expect(":")
        no = self.expression()
        return Conditional(condition, yes, no, self.since(start))

    def operation(self, level: int) -> Node:
        """Operands between operators that bind as much or more."""
        start = self.at
        left = self.unary()
        while (found := _LEVEL.get(operator := self.next(), -1)) >= level:
            self.take(self.at + len(operator))
            right = self.operation(found + 1)
            left = Binary(operator, left, right, self.since(start))
        return left

    def unary(self) -> Node:
        """Operators before an operand, the last of them first."""
        before: list[tuple[str, int]] = []
        while self.at < len(self.text) and self.text[self.at] in "!-":
            if _LITERAL.match(self.text, self.at) is not None:
                break
            start = self.at
            before.append((self.take(start + 1), start))
        node = self.member()
        for operator, start in reversed(before):
            node = Unary(operator, node, self.since(start))
        return node

    def member(self) -> Node:
        """An operand with the members, items and calls behind it."""
        start = self.at
        node = self.primary()
        while True:
            if self.has("."):
                name = self.name()
                if self.has("("):
                    node = self.method(node, name, self.items(")"), start)
                else:
                    node = Select(node, name, self.since(start))
            elif self.has("["):
                index = self.expression()
                self.expect("]")
                node = Index(node, index, self.since(start))
            elif self.has("{"):
                self.entries(self.name_only)
                node = self.unsupported(start)
            else:
                return node

    def method(
        self, target: Node, name: str, arguments: tuple[Node, ...], start: int
    ) -> Node:
        place = self.since(start)
        if name in MACROS and len(arguments) == 2 and isinstance(arguments[0], Name):
            return Macro(name, target, arguments[0].name, arguments[1], place)
        return Call(name, target, arguments, place)

    def items(self, closing: str) -> tuple[Node, ...]:
        """Expressions between commas, up to what closes them."""
        if self.has(closing):
            return ()
        found = [self.expression()]
        while self.has(","):
            found.append(self.expression())
        self.expect(closing)
        return tuple(found)

    def entries(self, key: Callable[[], object]) -> None:
        """What stands in braces, read and left alone."""
        if self.has("}"):
            return
        while True:
            key()
            self.expect(":")
            self.expression()
            if not self.has(","):
                self.expect("}")
                return

    def name_only(self) -> None:
        """The name of a field."""
        self.name()

    def primary(self) -> Node:
        start = self.at
        literal = _LITERAL.match(self.text, start)
        if literal is not None:
            return self.literal(str(literal.lastgroup), self.take(literal.end()))
        found = _NAME.match(self.text, start)
        if found is not None:
            return self.named(self.take(found.end()), start)
        match self.text[start : start + 1]:
            case "(":
                self.take(start + 1)
                node = self.expression()
                self.expect(")")
                return node
            case "[":
                self.take(start + 1)
                return Items(self.items("]"), self.since(start))
            case "{":
                self.take(start + 1)
                self.entries(self.expression)
                return self.unsupported(start)
            case ".":
                self.take(start + 1)
                self.name()
                if self.has("("):
                    self.items(")")
                return self.unsupported(start)
            case _:
                raise self.unexpected()

    def named(self, name: str, start: int) -> Node:
        """A constant, a variable, or a function with its arguments."""
        if name in _WORDS:
            value, kind = _WORDS[name]
            return Literal(value, kind, self.since(start))
        if not self.has("("):
            return Name(name, self.since(start))
        arguments = self.items(")")
        place = self.since(start)
        if name != "has":
            return Call(name, None, arguments, place)
        if len(arguments) == 1 and isinstance(arguments[0], Select):
            return Has(arguments[0], place)
        message = "`has` takes a member, as in `has(this.Name)`"
        self.refuse(CelFault("cel-type", message, place))
        return Call(name, None, arguments, place)

    def literal(self, kind: str, written: str) -> Node:
        place = self.since(self.last)
        try:
            match kind:
                case "int":
                    return Literal(_whole_number(written, place), kind, place)
                case "double":
                    return Literal(_double(written, place), kind, place)
                case "string":
                    return Literal(_string(written, place), kind, place)
                case _:
                    return self.unsupported(place.start)
        except CelFault as fault:
            self.refuse(fault)
            return Literal(None, "null", place)


def _whole_number(written: str, place: Stretch) -> int:
    """The value of an integer literal; those of CEL have 64 bits."""
    value = int(written, 16) if "x" in written else int(written)
    if not -(2**63) <= value < 2**63:
        message = "an integer has 64 bits; this number needs more"
        help_text = "compare with a double, such as `1e20`"
        raise CelFault("cel-syntax", message, place, help_text)
    return value


def _double(written: str, place: Stretch) -> float:
    """The value of a literal with a fraction or an exponent."""
    value = float(written)
    if not isfinite(value):
        message = "the number is greater than a double can be (about 1.8e308)"
        raise CelFault("cel-syntax", message, place)
    if value == 0 and set(written.lower().partition("e")[0]) & {*"123456789"}:
        message = "the number is nearer to 0 than a double can be (about 5e-324)"
        raise CelFault("cel-syntax", message, place)
    return value


def _string(written: str, place: Stretch) -> str:
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


def _unescaped(body: str, place: Stretch) -> str:
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


def _coded(lead: str, digits: str, width: int, base: int, place: Stretch) -> str:
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
