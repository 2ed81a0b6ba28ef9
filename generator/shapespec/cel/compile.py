"""Turns CEL into Python: expressions of three values, true, false and none.

None stands for what CEL calls an error: a member that is absent, a number divided by
zero. It spreads as errors do in CEL: through every operation, but not through `&&` and
`||` where the other side decides, nor through the branch of a `? :` that is not taken.
A rule is broken where its expression is false, and not where it is none.

    this.MaxWaitTimeInSeconds >= this.MaxRuntimeInSeconds

becomes

    None
    if (v1 := this.get("MaxWaitTimeInSeconds")) is None
    or (v2 := this.get("MaxRuntimeInSeconds")) is None
    else v1 >= v2

What is compiled is also checked: names and members exist, types fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field
from functools import cached_property
from typing import assert_never

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
    parts,
    root_of,
)
from shapespec.cel.parse import CelFault, parse
from shapespec.cel.search import search_python
from shapespec.cel.types import (
    BOOL,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NUMBERS,
    ORDERED,
    STRING,
    TIMESTAMP,
    Type,
    comparable,
    of_shape,
)
from shapespec.contract import schema as ir
from shapespec.diagnostics.suggest import nearest
from shapespec.ground.sinks.python import literal
from shapespec.patterns import PatternRefused, translate
from shapespec.records import dataclass
from shapespec.runtime._cel import to_duration, to_timestamp

_DURATION = re.compile(
    r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:h|ms|m|s|us|ns)"
    r"(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:h|ms|m|s|us|ns))*\Z"
)


@dataclass(slots=True)
class Code:
    """Python for an expression.

    Attributes:
        text: An expression that, once the guards hold, is the value.
        type: Its type.
        guards: Conditions under which there is no value, in order.
    """

    text: str
    type: Type
    guards: list[str] = field(default_factory=list)

    @property
    def whole(self) -> str:
        """One expression for it all: none where a guard says so."""
        if not self.guards:
            return self.text
        *before, last = self.guards
        bound = re.fullmatch(r"\((\w+) := (.*)\) is None", last)
        if bound and bound[1] == self.text:
            # The last guard makes the very value, which may be none by itself.
            value = Code(bound[2], self.type, before)
            return value.whole
        return f"(None if {' or '.join(self.guards)} else {self.text})"


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression as Python.

    Attributes:
        text: The expression.
        type: Its type.
        helpers: What it calls, of the package's `_rules` module's own functions.
        patterns: The regular expressions it uses, by the name of their constant.
    """

    text: str
    type: Type
    helpers: frozenset[str]
    patterns: Mapping[str, str]


def compile_cel(
    schema: ir.Schema,
    node: Node,
    variables: Mapping[str, Type],
    *,
    prefix: str = "PATTERN",
    attributes: bool = False,
) -> Compiled:
    """An expression as Python over its variables.

    Args:
        schema: The schema that types are looked up in.
        node: The expression.
        variables: The type of each variable; in Python it has the same name.
        prefix: What names of constants begin with.
        attributes: Whether structures are objects with attributes; else they are
            dictionaries.

    Raises:
        CelFault: A name is not known, or types do not fit.
    """
    compiler = Compiler(schema, prefix, attributes=attributes)
    compiler.loop_of = "item" if "item" in variables else None
    code = compiler.code(node, dict(variables))
    return Compiled(
        code.whole, code.type, frozenset(compiler.helpers), compiler.patterns
    )


class Compiler:
    """Compiles one expression, or several that share what they are made of."""

    def __init__(self, schema: ir.Schema, prefix: str, *, attributes: bool) -> None:
        """Compile over a schema; see `compile_cel` for the rest."""
        self.schema = schema
        self.prefix = prefix
        self.attributes = attributes
        self.helpers: set[str] = set()
        self.patterns: dict[str, str] = {}
        self.count = 0
        self.macros = 0
        self.depth = 0
        self.loop_of: str | None = None

    @contextmanager
    def inside(self, iterable: Node, variable: str) -> Iterator[None]:
        """Within a loop.

        `loop_of` is its variable where it and the loops around it look at nothing
        twice, so that a loop of what is in its items does not either. It is empty where
        they do, and none outside of loops.
        """
        outer = self.loop_of
        once = (
            root_of(iterable) is not None if outer is None else self.follows(iterable)
        )
        self.loop_of = variable if once else ""
        self.depth += 1
        yield
        self.depth -= 1
        self.loop_of = outer

    def follows(self, iterable: Node) -> bool:
        """Whether the items are those of one item of the loop around."""
        return bool(self.loop_of) and root_of(iterable) == self.loop_of

    def repeats(self, node: Node) -> bool:
        """Whether a loop around looks at the same value again and again."""
        if self.loop_of is None or isinstance(node, Literal | Items):
            return False
        return not self.follows(node)

    def again(self, node: Node, text: str, helper: str = "limited") -> str:
        """A value, counted where a loop around looks at it again and again.

        `limited` counts its items, and `weighed` all that is in it.
        """
        return f"{self.helper(helper)}({text})" if self.repeats(node) else text

    def variable(self) -> str:
        self.count += 1
        return f"v{self.count}"

    def helper(self, name: str) -> str:
        self.helpers.add(name)
        return name

    def bound(self, code: Code) -> Code:
        """The same in a variable, so that it is computed once and may be none."""
        if not code.guards and code.text.isidentifier():
            return code
        name = self.variable()
        return Code(name, code.type, [f"({name} := {code.whole}) is None"])

    def unknown_name(
        self, name: str, names: Mapping[str, Type], place: Stretch
    ) -> CelFault:
        meant = {one: one for one in names}
        for variable, found in names.items():
            shape = self.schema.shapes[found.shape] if found.shape else None
            if isinstance(shape, ir.Structure | ir.Union):
                for member in shape.members:
                    meant.setdefault(member.name, f"{variable}.{member.name}")
        near = name if name in meant else nearest(name, meant)
        listed = ", ".join(f"`{one}`" for one in names)
        return CelFault(
            "cel-unknown-name",
            f"unknown variable `{name}`",
            place,
            f"did you mean `{meant[near]}`?" if near else f"there are: {listed}",
        )

    def code(self, node: Node, names: dict[str, Type]) -> Code:
        match node:
            case Literal():
                return _constant(node)
            case Name(name, place):
                if name not in names:
                    raise self.unknown_name(name, names, place)
                return Code(name, names[name])
            case Select():
                return self.select(node, names)
            case Has(select):
                return self.has(select, names)
            case Index():
                return self.index(node, names)
            case Items(items):
                return self.items(items, names)
            case Unary():
                return self.unary(node, names)
            case Binary(operator="&&" | "||"):
                return self.logic(node, names)
            case Binary(operator="in"):
                return self.contains(node, names)
            case Binary(operator="==" | "!=" | "<" | "<=" | ">" | ">="):
                return self.comparison(node, names)
            case Binary():
                return self.arithmetic(node, names)
            case Conditional():
                return self.conditional(node, names)
            case Macro():
                return self.macro(node, names)
            case Call():
                return self.call(node, names)
            case _:
                assert_never(node)

    # --- members ------------------------------------------------------------------

    def reader(self, kind: Type) -> str | None:
        """What reads a value that a response may spell in several ways."""
        helper = None if self.attributes else SPELT.get(kind.kind)
        return None if helper is None else self.helper(helper)

    def read(self, raw: Code) -> Code:
        """A value of the response, read if it may be spelt in several ways."""
        reader = self.reader(raw.type)
        if reader is None:
            return raw
        return Code(f"{reader}({raw.text})", raw.type, raw.guards)

    def operand(self, code: Code, kinds: tuple[str, ...]) -> Code:
        """An operand of some types; in a document, there may be anything in its place.

        `truth` and the like give none where it is something else.
        """
        if code.type.kind != "dyn":
            return code
        wanted = "".join(f", {literal(kind)}" for kind in kinds)
        text = f"{self.helper('of_type')}({code.text}{wanted})"
        return self.bound(Code(text, DYN, code.guards))

    def select(self, node: Select, names: dict[str, Type]) -> Code:
        return self.named(self.member(node, names))

    def named(self, raw: Code) -> Code:
        """A member that is read, in a variable; it has no value where it is absent."""
        raw = self.read(raw)
        name = self.variable()
        return Code(name, raw.type, [*raw.guards, f"({name} := {raw.text}) is None"])

    def member(self, node: Select, names: dict[str, Type]) -> Code:
        """A member as it stands in the response; none where it is absent."""
        return self.member_of(self.code(node.operand, names), node)

    def member_of(self, operand: Code, node: Select) -> Code:
        """The same, of a value that is compiled already."""
        key = literal(node.field)
        text = f"{operand.text}.get({key})"
        match operand.type:
            case Type("message", shape=str(shape)):
                found = self.schema.shapes[shape]
                kinds = ir.Structure | ir.Union
                members = found.members if isinstance(found, kinds) else ()
                for member in members:
                    if member.name == node.field:
                        break
                else:
                    raise _unknown_member(node, shape, (one.name for one in members))
                if self.attributes:
                    text = f"{operand.text}.{member.python}"
                found_type = of_shape(self.schema, member.target)
                return Code(text, found_type, operand.guards)
            case Type("map", item=item):
                return Code(text, item or DYN, operand.guards)
            case _:
                message = f"{operand.type} has no members"
                raise CelFault("cel-type", message, node.place)

    def has(self, select: Select, names: dict[str, Type]) -> Code:
        found = self.member(select, names)
        return Code(f"({found.text} is not None)", BOOL, found.guards)

    def index(self, node: Index, names: dict[str, Type]) -> Code:
        operand = self.code(node.operand, names)
        index = self.code(node.index, names)
        match operand.type.kind, index.type.kind:
            case ("list", "int") | ("map", "string") | ("dyn", _):
                pass
            case _:
                message = f"{operand.type} cannot be indexed with {index.type}"
                raise CelFault("cel-type", message, node.place)
        found = operand.type.item or DYN
        at = f"{self.helper('at')}({operand.text}, {index.text})"
        item = self.read(Code(at, found))
        name = self.variable()
        guards = [*operand.guards, *index.guards, f"({name} := {item.text}) is None"]
        return Code(name, found, guards)

    def items(self, items: tuple[Node, ...], names: dict[str, Type]) -> Code:
        parts = [self.code(item, names) for item in items]
        for part, node in zip(parts, items, strict=True):
            if not comparable(parts[0].type, part.type):
                message = f"a list of {parts[0].type} cannot hold {part.type}"
                raise CelFault("cel-type", message, node.place)
        types = {part.type for part in parts}
        item = parts[0].type if len(types) == 1 else DYN if parts else None
        text = ", ".join(part.text for part in parts)
        text += "," * (len(parts) == 1)
        guards = [guard for part in parts for guard in part.guards]
        return Code(f"({text})", Type("list", item=item), guards)

    # --- operators ----------------------------------------------------------------

    def unary(self, node: Unary, names: dict[str, Type]) -> Code:
        operand = self.code(node.operand, names)
        if node.operator == "!":
            operand = self.truth(operand, node.operand)
            return Code(f"(not {operand.text})", BOOL, operand.guards)
        _expect(operand, NUMBERS, node.operand.place)
        operand = self.operand(operand, NUMBERS)
        return Code(f"(-{operand.text})", operand.type, operand.guards)

    def truth(self, code: Code, node: Node) -> Code:
        """An operand that has to be true or false."""
        _expect(code, ("bool",), node.place)
        return self.operand(code, ("bool",))

    def logic(self, node: Binary, names: dict[str, Type]) -> Code:
        left = self.truth(self.code(node.left, names), node.left)
        right = self.truth(self.code(node.right, names), node.right)
        word = "and" if node.operator == "&&" else "or"
        if not left.guards and not right.guards:
            return Code(f"({left.text} {word} {right.text})", BOOL)
        if not left.guards:
            return self.bound(Code(f"({left.text} {word} {right.whole})", BOOL))
        name = self.variable()
        if word == "and":
            rest = f"{self.helper('both')}({name}, {right.whole})"
            text = f"(False if ({name} := {left.whole}) is False else {rest})"
        else:
            rest = f"{self.helper('either')}({name}, {right.whole})"
            text = f"(True if ({name} := {left.whole}) else {rest})"
        return self.bound(Code(text, BOOL))

    def contains(self, node: Binary, names: dict[str, Type]) -> Code:
        left, right = self.code(node.left, names), self.code(node.right, names)
        match right.type:
            case Type("list", item=item) if item is None or comparable(left.type, item):
                pass
            case Type("map") if left.type == STRING:
                pass
            case Type("dyn"):
                pass
            case _:
                message = f"`in` does not take {left.type} and {right.type}"
                raise CelFault("cel-type", message, node.place)
        guards = [*left.guards, *right.guards]
        if right.type.kind == "map":
            return Code(f"({left.text} in {right.text})", BOOL, guards)
        self.whole(left.type, node.left)
        items, item = self.again(node.right, right.text), right.type.item or DYN
        reader = self.reader(item) if isinstance(node.right, Select | Index) else None
        if reader is not None:
            items = f"[*map({reader}, {items})]"
        if left.type.kind in _PLAIN and item.kind in _PLAIN and item.kind != "bool":
            return Code(f"({left.text} in {items})", BOOL, guards)
        text = f"{self.helper('among')}({left.text}, {items})"
        return self.bound(Code(text, BOOL, guards))

    def whole(self, found: Type, node: Node) -> None:
        """Refuse to compare as a whole what holds values that are spelt variously."""
        if self.attributes or found.kind not in ("list", "map", "message"):
            return
        if spelt := _holds(self.schema, found, set()):
            message = (
                f"{found} holds a {spelt}, which a response may write in several ways, "
                "so it cannot be compared as a whole"
            )
            raise CelFault("cel-unsupported", message, node.place, "compare its parts")

    def comparison(self, node: Binary, names: dict[str, Type]) -> Code:
        in_order = self.in_order(node, names)
        if in_order is not None:
            return in_order
        compared = self.compared(node, names)
        sure = self.surely(node, names)
        if sure is None:
            return compared
        return self.bound(Code(f"(True if {sure} else {compared.whole})", BOOL))

    def in_order(self, node: Binary, names: dict[str, Type]) -> Code | None:
        """The comparison of two times as a response has them; none if it is another."""
        sides = _from_less_to_more(node)
        found = [] if sides is None else [self.time(one, names) for one in sides]
        texts = [text for text in found if text is not None]
        if len(texts) != len(_SIDES):
            return None
        helper = "no_later" if node.operator in ("<=", ">=") else "earlier"
        return self.bound(Code(f"{self.helper(helper)}({', '.join(texts)})", BOOL))

    def time(self, node: Node, names: dict[str, Type]) -> str | None:
        """A time as a response has it, that of a name; none if it is something else."""
        if self.attributes or not isinstance(node, Select):
            return None
        if not isinstance(node.operand, Name):
            return None
        raw = self.member(node, names)
        return None if raw.type != TIMESTAMP or raw.guards else raw.text

    def surely(self, node: Binary, names: dict[str, Type]) -> str | None:
        """What tells by numbers that a time less another compares as wanted, or none.

        Epoch seconds are compared as they are, where that is sure: they are rounded to
        microseconds when they are read, which changes no order but may make two equal.
        Else, the times themselves are compared.
        """
        match _from_less_to_more(node):
            case Binary("-", end, start), span:
                sure = self.sure_interval(end, start, span, names)
                return None if sure is None else f"{sure[0]} < {sure[1]} - {ROUNDED}"
            case span, Binary("-", end, start):
                sure = self.sure_interval(end, start, span, names)
                return None if sure is None else f"{sure[0]} > {sure[1]} + {ROUNDED}"
            case _:
                return None

    def sure_interval(
        self, end: Node, start: Node, span: Node, names: dict[str, Type]
    ) -> tuple[str, str] | None:
        """The seconds between two times, after tests of them, and those of a span."""
        found = [self.epoch(end, names), self.epoch(start, names)]
        length = self.seconds(span, names)
        if found[0] is None or found[1] is None or length is None:
            return None
        tests = [found[0][0], found[1][0], length[0]]
        joined = " and ".join(filter(None, tests))
        return f"{joined} and {found[0][1]} - {found[1][1]}", length[1]

    def epoch(self, node: Node, names: dict[str, Type]) -> tuple[str, str] | None:
        """A test whether a time is epoch seconds, and the variable with them."""
        raw = self.time(node, names)
        if raw is None or "epoch-seconds" not in ir.encodings(self.schema):
            return None
        name = self.variable()
        return f"type({name} := {raw}) is float and 0.0 <= {name} < 4e9", name

    def seconds(self, node: Node, names: dict[str, Type]) -> tuple[str, str] | None:
        """The seconds of a duration that says so many: a test, and an expression."""
        match node:
            case Call("duration", None, (Literal(value=str(written)),)):
                span = to_duration(written)
                return None if span is None else ("", repr(span.total_seconds()))
            case Call("duration", None, (Binary("+", text, Literal(value="s")),)):
                if not (isinstance(text, Call) and text.function == "string"):
                    return None
                count = self.code(text.arguments[0], names)
                if count.type != INT:
                    return None
                name = self.variable()
                made = f"({name} := {count.whole})"
                # No sum of so many with a double overflows.
                return f"type{made} is int and -1e9 < {name} < 1e9", name
            case _:
                return None

    def compared(self, node: Binary, names: dict[str, Type]) -> Code:
        left, right = self.code(node.left, names), self.code(node.right, names)
        if not comparable(left.type, right.type):
            message = f"{left.type} cannot be compared with {right.type}"
            raise CelFault("cel-type", message, node.place)
        if node.operator not in ("==", "!="):
            _expect(left, ORDERED, node.left.place)
            _expect(right, ORDERED, node.right.place)
        guards = [*left.guards, *right.guards]
        if left.type.kind in _PLAIN and right.type.kind in _PLAIN:
            return Code(f"({left.text} {node.operator} {right.text})", BOOL, guards)
        self.whole(left.type, node.left)
        self.whole(right.type, node.right)
        if node.operator in ("==", "!="):
            word = "not " if node.operator == "!=" else ""
            members = {_has_members(left.type), _has_members(right.type)}
            helper = self.helper("same_members" if True in members else "equal")
            one = left.text
            if self.repeats(node.right):  # no more is looked at than the less of both
                one = self.again(node.left, one, "weighed")
            text = f"({word}{helper}({one}, {right.text}))"
            return Code(text, BOOL, guards)
        compared = f"({left.text} {node.operator} {right.text})"
        alike = f"{self.helper('comparable')}({left.text}, {right.text})"
        return self.bound(Code(f"({compared} if {alike} else None)", BOOL, guards))

    def arithmetic(self, node: Binary, names: dict[str, Type]) -> Code:
        left, right = self.code(node.left, names), self.code(node.right, names)
        guards = [*left.guards, *right.guards]
        found = _ARITHMETIC.get((node.operator, left.type.kind, right.type.kind))
        if found is None:
            message = f"`{node.operator}` does not take {left.type} and {right.type}"
            raise CelFault("cel-type", message, node.place)
        if node.operator in "/%":
            name = self.variable()
            function = "remainder"
            if node.operator == "/":
                function = "quotient" if found == DOUBLE else "whole_quotient"
            text = f"{self.helper(function)}({left.text}, {right.text})"
            return Code(name, found, [*guards, f"({name} := {text}) is None"])
        if found == STRING:
            one = self.again(node.left, left.text, "weighed")
            other = self.again(node.right, right.text, "weighed")
            return Code(f"({one} + {other})", found, guards)
        text = f"({left.text} {node.operator} {right.text})"
        if found == INT or left.type == right.type == TIMESTAMP:
            return Code(text, found, guards)
        # A time may end after the year 9999, and a huge integer is not a double.
        function = {"+": "total", "-": "difference", "*": "product"}[node.operator]
        text = f"{self.helper(function)}({left.text}, {right.text})"
        return self.bound(Code(text, found, guards))

    def conditional(self, node: Conditional, names: dict[str, Type]) -> Code:
        condition = self.code(node.condition, names)
        condition = self.truth(condition, node.condition)
        yes, no = self.code(node.yes, names), self.code(node.no, names)
        mixed = yes.type != no.type and {yes.type.kind, no.type.kind} <= {*NUMBERS}
        if mixed or not comparable(yes.type, no.type):
            message = f"the branches have different types: {yes.type} and {no.type}"
            raise CelFault("cel-type", message, node.place)
        found = yes.type if yes.type == no.type else DYN
        text = f"({yes.whole} if {condition.text} else {no.whole})"
        if not yes.guards and not no.guards:
            return Code(text, found, condition.guards)
        name = self.variable()
        guards = [*condition.guards, f"({name} := {text}) is None"]
        return Code(name, found, guards)

    # --- macros and functions -----------------------------------------------------

    def macro(self, node: Macro, names: dict[str, Type]) -> Code:
        iterable = self.code(node.iterable, names)
        match iterable.type:
            case Type("list", item=item):
                inner = item or DYN
            case Type("map"):
                inner = STRING
            case _:
                message = f"`{node.kind}` needs a list or a map, not {iterable.type}"
                raise CelFault("cel-type", message, node.iterable.place)
        self.macros += 1
        variable = f"item{self.macros}"
        helpers = frozenset(self.helpers)
        with self.inside(node.iterable, variable):
            body = self.body(node, names, variable, inner)
        distinct = distinct_field(node)
        if distinct is not None:
            self.helpers &= helpers  # those of the body, which is not used
        items = self.again(node.iterable, iterable.text)
        reader = None
        if isinstance(node.iterable, Select | Index):  # others have read their items
            reader = self.reader(inner)
        if reader is not None:
            items = f"map({reader}, {items})"
        if distinct is not None:
            read = self.member(
                _member_of(variable, distinct, node.place), {**names, variable: inner}
            )
            read = self.read(read)
            values = f"[{read.text} for {variable} in {items}]"
            text = f"(len({items}) < 2 or {self.helper('distinct')}({values}))"
            name = self.variable()
            return Code(name, BOOL, [*iterable.guards, f"({name} := {text}) is None"])
        if node.kind in ("map", "filter"):
            if node.kind == "filter":
                body = self.truth(body, node.body)
                pairs = f"(({body.whole}, {variable}) for {variable} in {items})"
                text, found = f"{self.helper('kept')}({pairs})", inner
            else:
                parts = f"({body.whole} for {variable} in {items})"
                text, found = f"{self.helper('mapped')}({parts})", body.type
            name = self.variable()
            guards = [*iterable.guards, f"({name} := {text}) is None"]
            return Code(name, Type("list", item=found), guards)
        body = self.truth(body, node.body)
        quantifier = {"all": "every", "exists": "some", "exists_one": "exactly_one"}
        function = self.helper(quantifier[node.kind])
        text = f"{function}({body.whole} for {variable} in {items})"
        name = self.variable()
        return Code(name, BOOL, [*iterable.guards, f"({name} := {text}) is None"])

    def body(
        self, node: Macro, names: dict[str, Type], variable: str, inner: Type
    ) -> Code:
        """What a macro does with each item, which has a name of our own in Python."""
        outer = Renamed(node.variable, variable).apply(node.body)
        return self.code(outer, {**names, variable: inner})

    def call(self, node: Call, names: dict[str, Type]) -> Code:
        if node.target is None and node.function in _ASKING:
            return self.conforms(node, names)
        if node.target is None and node.function == "others":
            return self.others(node, names)
        target = None if node.target is None else self.code(node.target, names)
        arguments = [self.code(argument, names) for argument in node.arguments]
        if node.function == "matches":
            return self.matches(node, target, arguments)
        operands = [*([target] if target is not None else []), *arguments]
        kinds = tuple(operand.type.kind for operand in operands)
        signature = _FUNCTIONS.get(node.function)
        if signature is None:
            known = sorted([*_FUNCTIONS, *_ASKING, "has", "matches", "others"])
            near = nearest(node.function, known)
            raise CelFault(
                "cel-unknown-name",
                f"unknown function `{node.function}`",
                node.place,
                f"did you mean `{near}`?" if near else f"there are: {', '.join(known)}",
            )
        fitting = [
            one
            for one in signature
            if len(one[0]) == len(kinds)
            and all(
                kind == wanted or (kind == "dyn" and wanted in _IN_DOCUMENTS)
                for kind, wanted in zip(kinds, one[0], strict=True)
            )
        ]
        if fitting:
            # The last one takes whatever those before it take.
            _, template, found = fitting[-1]
            for place, operand in enumerate(operands):
                wanted = tuple(dict.fromkeys(one[0][place] for one in fitting))
                operands[place] = self.operand(operand, wanted)
            guards = [guard for operand in operands for guard in operand.guards]
            if node.function == "contains":
                searched = node.target or node.arguments[0]
                text = self.again(searched, operands[0].text, "weighed")
                operands[0] = Code(text, operands[0].type)
            return self.filled(node, template, found, operands, guards)
        message = f"`{node.function}` does not take {', '.join(kinds) or 'nothing'}"
        raise CelFault("cel-type", message, node.place)

    def filled(
        self,
        node: Call,
        template: str,
        found: Type,
        operands: list[Code],
        guards: list[str],
    ) -> Code:
        if node.arguments and isinstance(node.arguments[0], Literal):
            _check_written(node.function, node.arguments[0])
        text = template.format(*(operand.text for operand in operands))
        match = re.match(r"([a-z_]+)\(", text)
        if match and match[1] in _HELPERS:
            self.helper(match[1])
            name = self.variable()
            return Code(name, found, [*guards, f"({name} := {text}) is None"])
        return Code(text, found, guards)

    def conforms(self, node: Call, names: dict[str, Type]) -> Code:
        """Whether a value, as it stands in the response, is right by a shape.

        With a list of shapes, by how many of them.
        """
        asked: tuple[Node, ...]
        match node.arguments:
            case (value, Literal(value=str()) as shape):
                asked = (shape,)
            case (value, Items(items)) if node.function == "conforming" and items:
                asked = items
            case _:
                wanted = (
                    "names of shapes" if node.function == "conforming" else "a shape"
                )
                message = f"`{node.function}` takes a value and {wanted}, in quotes"
                raise CelFault("cel-type", message, node.place)
        if self.attributes:
            message = "a derived value cannot ask what conforms to a shape"
            raise CelFault("cel-unsupported", message, node.place)
        shapes = [self.shape_named(one) for one in asked]
        if isinstance(value, Select):
            raw = self.member(value, names)
            name = self.variable()
            given = Code(
                name, raw.type, [*raw.guards, f"({name} := {raw.text}) is None"]
            )
        else:
            given = self.code(value, names)
        listed = ", ".join(map(literal, shapes))
        asking = self.again(value, given.text, "weighed")
        text = f"{self.helper(node.function)}({asking}, {listed})"
        kind = BOOL if node.function == "conforms" else INT
        return self.bound(Code(text, kind, given.guards))

    def shape_named(self, node: Node) -> str:
        """The shape that a literal names."""
        named = node.value if isinstance(node, Literal) else None
        if isinstance(named, str) and named in self.shapes:
            return named
        near = nearest(named, self.shapes) if isinstance(named, str) else None
        raise CelFault(
            "cel-unknown-name",
            f"no shape is called {named!r}",
            node.place,
            f"did you mean `{near}`?" if near else None,
        )

    @cached_property
    def shapes(self) -> frozenset[str]:
        """The shapes that have a name."""
        return frozenset(one.id for one in self.schema.named_shapes())

    def others(self, node: Call, names: dict[str, Type]) -> Code:
        """The members of a structure that its shape does not name, as a map."""
        match node.arguments:
            case (value,):
                tests = ""
            case (value, Literal(value=str(pattern)) as written):
                tests = f", {self.whole_match(pattern, written.place)}"
            case (
                value,
                Literal(value=str(pattern)) as written,
                Literal(value=bool(yes)),
            ):
                tests = f", {self.whole_match(pattern, written.place)}"
                tests += "" if yes else ", wanted=False"
            case _:
                message = (
                    "`others` takes a structure, and may take a pattern, in quotes, "
                    "and whether names match it"
                )
                raise CelFault("cel-type", message, node.place)
        owner = self.code(value, names)
        shape = self.schema.shapes[owner.type.shape] if owner.type.shape else None
        if self.attributes or not isinstance(shape, ir.Structure):
            message = f"`others` takes a structure, not {owner.type}"
            raise CelFault("cel-type", message, node.place)
        known = "".join(f"{literal(one.name)}, " for one in shape.members)
        members = self.again(value, owner.text)
        text = f"{self.helper('others')}({members}, ({known}){tests})"
        return self.bound(Code(text, Type("map", item=DYN), owner.guards))

    def whole_match(self, pattern: str, place: Stretch) -> str:
        """The constant of a pattern of the language, which the whole text matches."""
        try:
            found = translate(pattern)
        except PatternRefused as refused:
            message = f"the pattern cannot be used: {refused.reason}"
            raise CelFault("cel-type", message, place) from None
        return self.named_pattern(rf"\A(?:{found.python})\Z")

    def named_pattern(self, regex: str) -> str:
        """The name of the constant of an expression; equal ones share it."""
        for name, known in self.patterns.items():
            if known == regex:
                return name
        name = f"{self.prefix}_{len(self.patterns) + 1}"
        self.patterns[name] = regex
        return name

    def constant(self, pattern: str, place: Stretch) -> str:
        """The name of a constant that searches for a pattern."""
        return self.named_pattern(_search(pattern, place))

    def matches(self, node: Call, target: Code | None, arguments: list[Code]) -> Code:
        """`matches` searches, as RE2 does; the pattern has to be written out."""
        operands = [*([target] if target is not None else []), *arguments]
        pattern = node.arguments[-1] if node.arguments else None
        if len(operands) != 2 or not isinstance(pattern, Literal):
            message = "`matches` takes a string and a literal pattern"
            raise CelFault("cel-type", message, node.place)
        _expect(operands[0], ("string",), node.place)
        operands[0] = self.operand(operands[0], ("string",))
        name = self.constant(str(pattern.value), pattern.place)
        searched = node.target or node.arguments[0]
        text = self.again(searched, operands[0].text, "weighed")
        return Code(f"({name}({text}) is not None)", BOOL, operands[0].guards)


def _check_written(function: str, written: Literal) -> None:
    """Refuse a duration or a time that is written out and is none."""
    text = str(written.value)
    if function == "duration":
        if not _DURATION.match(text):
            message = f"{text!r} is not a duration such as '90s' or '1h30m'"
            raise CelFault("cel-type", message, written.place)
        if to_duration(text) is None:
            message = (
                f"{text!r} is longer than a duration can be (some 2.7 million years)"
            )
            raise CelFault("cel-type", message, written.place)
    elif function == "timestamp" and to_timestamp(text) is None:
        message = (
            f"{text!r} is not a timestamp in the years 1 to 9999, "
            "such as '2025-06-03T09:14:02Z'"
        )
        raise CelFault("cel-type", message, written.place)


def _search(pattern: str, place: Stretch) -> str:
    """An RE2 pattern as Python, for `search`."""
    try:
        return search_python(pattern)
    except PatternRefused as refused:
        raise CelFault(
            "cel-type", f"the pattern cannot be used: {refused.reason}", place
        ) from None


@dataclass(frozen=True, slots=True)
class Renamed:
    """A tree in which a variable has another name."""

    old: str
    new: str

    def apply(self, node: Node) -> Node:
        match node:
            case Name(name, place):
                return Name(self.new, place) if name == self.old else node
            case Literal():
                return node
            case Select(operand, name, place):
                return Select(self.apply(operand), name, place)
            case Has(select, place):
                inner = self.apply(select.operand)
                return Has(Select(inner, select.field, select.place), place)
            case Index(operand, index, place):
                return Index(self.apply(operand), self.apply(index), place)
            case Call(function, target, arguments, place):
                made = None if target is None else self.apply(target)
                return Call(function, made, tuple(map(self.apply, arguments)), place)
            case Macro(kind, iterable, variable, body, place):
                shadowed = variable == self.old
                made_body = body if shadowed else self.apply(body)
                return Macro(kind, self.apply(iterable), variable, made_body, place)
            case Unary(operator, operand, place):
                return Unary(operator, self.apply(operand), place)
            case Binary(operator, left, right, place):
                return Binary(operator, self.apply(left), self.apply(right), place)
            case Conditional(condition, yes, no, place):
                return Conditional(
                    self.apply(condition), self.apply(yes), self.apply(no), place
                )
            case Items(items, place):
                return Items(tuple(map(self.apply, items)), place)
            case _:
                assert_never(node)


def distinct_field(node: Macro) -> str | None:
    """The member in `X.all(a, X.exists_one(b, b.M == a.M))`, which says no M is twice.

    As it stands the expression compares every item with every other one.
    """
    match node.body:
        case Macro(
            "exists_one",
            iterable,
            inner,
            Binary("==", Select(Name(one), first), Select(Name(other), second)),
        ) if node.kind == "all" and _same(iterable, node.iterable):
            both = {one, other} == {inner, node.variable} and inner != node.variable
            return first if both and first == second else None
        case _:
            return None


def _same(one: Node, other: Node) -> bool:
    """Whether two chains of members are the same, wherever they stand."""
    match one, other:
        case Name(first), Name(second):
            return first == second
        case Select(left, first), Select(right, second):
            return first == second and _same(left, right)
        case _:
            return False


def _member_of(variable: str, name: str, place: Stretch) -> Select:
    return Select(Name(variable, place), name, place)


_ARITHMETIC = {
    **{
        (operator, one, other): DOUBLE if "double" in (one, other) else INT
        for operator in "+-*/"
        for one in NUMBERS
        for other in NUMBERS
        if one == other
    },
    ("%", "int", "int"): INT,
    ("+", "string", "string"): STRING,
    ("-", "timestamp", "timestamp"): DURATION,
    ("+", "timestamp", "duration"): TIMESTAMP,
    ("-", "timestamp", "duration"): TIMESTAMP,
    ("+", "duration", "timestamp"): TIMESTAMP,
    ("+", "duration", "duration"): DURATION,
    ("-", "duration", "duration"): DURATION,
}
"""The operations on each pair of types and what they give; CEL mixes no numbers."""

_FUNCTIONS: dict[str, list[tuple[tuple[str, ...], str, Type]]] = {
    "size": [
        (("string",), "len({0})", INT),
        (("list",), "len({0})", INT),
        (("map",), "len({0})", INT),
        (("bytes",), "len({0})", INT),
    ],
    "startsWith": [(("string", "string"), "{0}.startswith({1})", BOOL)],
    "endsWith": [(("string", "string"), "{0}.endswith({1})", BOOL)],
    "contains": [(("string", "string"), "({1} in {0})", BOOL)],
    "string": [
        (("string",), "{0}", STRING),
        (("bool",), "str({0}).lower()", STRING),
        (("int",), "to_string({0})", STRING),
    ],
    "int": [
        (("int",), "{0}", INT),
        (("timestamp",), "to_int({0}.timestamp())", INT),
        (("double",), "to_int({0})", INT),
        (("string",), "to_int({0})", INT),
    ],
    "double": [
        (("double",), "{0}", DOUBLE),
        (("int",), "to_double({0})", DOUBLE),
        (("string",), "to_double({0})", DOUBLE),
    ],
    "duration": [(("string",), "to_duration({0})", DURATION)],
    "timestamp": [(("string",), "to_timestamp({0})", TIMESTAMP)],
    "getHours": [
        (("timestamp",), "calendar({0}, 'hour')", INT),
        (("duration",), "int({0}.total_seconds() / 3600)", INT),
    ],
    "getMinutes": [
        (("timestamp",), "calendar({0}, 'minute')", INT),
        (("duration",), "int({0}.total_seconds() / 60)", INT),
    ],
    "getSeconds": [
        (("timestamp",), "calendar({0}, 'second')", INT),
        (("duration",), "int({0}.total_seconds())", INT),
    ],
    "getFullYear": [(("timestamp",), "calendar({0}, 'year')", INT)],
    "getMonth": [(("timestamp",), "calendar({0}, 'month')", INT)],
    "getDate": [(("timestamp",), "calendar({0}, 'day')", INT)],
    "getDayOfWeek": [(("timestamp",), "calendar({0}, 'weekday')", INT)],
}
"""Functions and methods: the types they take, Python for them, the type they give."""

_ASKING = ("conforms", "conforming")
"""The functions that take names of shapes."""
_HELPERS = (
    *("calendar", "to_int", "to_double", "to_duration", "to_string", "to_timestamp"),
)
SPELT = {"timestamp": "moment", "bytes": "octets"}
"""Types that a response may spell in several ways, and the helper that reads each."""
_PLAIN = (*ORDERED, "null")
"""Types whose values are compared by Python's own operators."""
_IN_DOCUMENTS = ("string", "int", "double", "bool", "list", "map")
"""The types of what stands in a document."""


def _has_members(found: Type) -> bool:
    """Whether structures are among the parts of a value."""
    return found.shape is not None or (
        found.item is not None and _has_members(found.item)
    )


def _holds(schema: ir.Schema, found: Type, seen: set[str]) -> str | None:
    """The type of a value somewhere in it that is spelt in several ways, if any is."""
    if found.kind in SPELT:
        return found.kind
    if found.shape is None:
        return None if found.item is None else _holds(schema, found.item, seen)
    shape = schema.shapes[found.shape]
    if found.shape in seen or not isinstance(shape, ir.Structure | ir.Union):
        return None
    seen.add(found.shape)
    below = (of_shape(schema, member.target) for member in shape.members)
    return next(filter(None, (_holds(schema, one, seen) for one in below)), None)


_SIDES = ("less", "more")


def _from_less_to_more(node: Binary) -> tuple[Node, Node] | None:
    """What has to be less, or equal, and what more; none if neither is asked."""
    match node.operator:
        case "<" | "<=":
            return node.left, node.right
        case ">" | ">=":
            return node.right, node.left
        case _:
            return None


ROUNDED = "1e-05"
"""More than rounding to microseconds, and that of a double of epoch seconds, is [s]."""


def _constant(node: Literal) -> Code:
    if node.kind == "string":
        return Code(literal(str(node.value)), STRING)
    return Code(ascii(node.value), Type(node.kind))


def _expect(code: Code, kinds: tuple[str, ...], place: Stretch) -> None:
    if code.type.kind not in (*kinds, "dyn"):
        wanted = " or ".join(kinds)
        raise CelFault("cel-type", f"expected {wanted}, found {code.type}", place)


def _unknown_member(node: Select, shape: str, members: Iterable[str]) -> CelFault:
    near = nearest(node.field, members)
    place = Stretch(node.place.end - len(node.field), node.place.end)
    hint = f"did you mean `{near}`?" if near else None
    return CelFault(
        "cel-unknown-name", f"`{shape}` has no member `{node.field}`", place, hint
    )


def shapes_asked(node: Node) -> tuple[str, ...]:
    """The shapes that an expression asks values to conform to."""
    return tuple(sorted({str(one.value) for one in _asked(node)}))


def _asked(node: Node) -> Iterator[Literal]:
    pending = [node]
    while pending:
        found = pending.pop()
        pending += parts(found)
        match found:
            case Call(function, None, (_, Literal(value=str()) as one)) if (
                function in _ASKING
            ):
                yield one
            case Call("conforming", None, (_, Items(items))):
                yield from (one for one in items if isinstance(one, Literal))


def asks_shapes(node: Node) -> bool:
    """Whether an expression looks at whole values, or at members without a name."""
    return (
        isinstance(node, Call)
        and node.target is None
        and node.function in (*_ASKING, "others")
    ) or any(map(asks_shapes, parts(node)))


def shapes_called(cel: str, called: Callable[[str], str]) -> str:
    """An expression in which the shapes that it asks for have other names.

    One that is wrong, or asks for none, stays as it is.
    """
    if "conform" not in cel:
        return cel
    try:
        tree = parse(cel)
    except CelFault:
        return cel
    for one in sorted(_asked(tree), key=lambda one: one.place.start, reverse=True):
        name = called(str(one.value))
        if name != one.value:
            cel = f"{cel[: one.place.start]}'{name}'{cel[one.place.end :]}"
    return cel
