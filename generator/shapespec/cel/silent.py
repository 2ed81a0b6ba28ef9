"""From the rules of a structure to statements that ask whether any may be broken.

The silent check asks rules of a value that has passed everything else, and wants to
know one thing: may this rule be false? So what is false and what has no value need not
be told apart, what is sure to be there is not looked for, loops are statements, and
what several rules read is read once. Times are compared as numbers of seconds, which
rounding to microseconds, as times are read, changes in no order; see `_cel.instant`.
Where that is not sure, and where an expression has a loop of its own, a test says only
that the rule may be broken, and the rule itself decides.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import zip_longest
from typing import TypeAlias

from shapespec.cel import read, variables
from shapespec.cel.ast import (
    Binary,
    Call,
    Conditional,
    Has,
    Index,
    Literal,
    Macro,
    Name,
    Node,
    Select,
    Unary,
    parts,
)
from shapespec.cel.compile import (
    ROUNDED,
    SPELT,
    Code,
    Compiler,
    Renamed,
    asks_shapes,
    distinct_field,
)
from shapespec.cel.paths import steps
from shapespec.cel.types import BOOL, INT, TIMESTAMP, Type, of_shape
from shapespec.contract import schema as ir
from shapespec.ground.sinks.python import literal, shown
from shapespec.records import dataclass
from shapespec.runtime._cel import to_duration

_INVERSE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_TRUE, _FALSE = "True", "False"


@dataclass(frozen=True, slots=True)
class Let:
    """A variable and what it stands for."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Where this is reached, a rule is broken; or may be, where there is a call to ask.

    Attributes:
        ask: What is true where the rule is broken.
        ends: Whether the loop around it ends where the rule was asked.
        rule: The id of the rule.
    """

    ask: str = ""
    ends: bool = False
    rule: str = ""


@dataclass(frozen=True, slots=True)
class When:
    """Statements under a condition."""

    test: str
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """Statements for each item."""

    item: str
    items: str
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Unless:
    """Statements that are reached if a condition is so for no item."""

    item: str
    items: str
    test: str
    body: tuple[Statement, ...]


Statement: TypeAlias = "Let | Broken | When | Loop | Unless"


@dataclass(frozen=True, slots=True)
class Silent:
    """The statements for the rules of a structure.

    Attributes:
        errors: Those for rules whose findings are errors. They are over `value`, in the
            order of the rules.
        others: Those for all other rules, to be reached behind these.
        helpers: What they use of the module `_cel`.
        asked: The functions of rules that they call.
        patterns: The constants of `_rules` that they use.
    """

    errors: tuple[Statement, ...]
    others: tuple[Statement, ...]
    helpers: frozenset[str]
    asked: frozenset[str]
    patterns: frozenset[str]


Sure: TypeAlias = Callable[[ir.Member], bool]
"""Tells the members that are there when rules are asked."""


def silent(
    schema: ir.Schema, structure: ir.Structure, get: str, sure: Sure, surer: Sure
) -> Silent:
    """The rules of a structure as statements.

    Args:
        schema: The schema.
        structure: The structure.
        get: What gets a member of `value`.
        sure: For rules whose findings are errors.
        surer: For all others.
    """
    writer = _Writer(schema, structure, get, sure)
    asked = [tuple(writer.rules("error"))]
    writer.is_sure = surer
    asked.append(tuple(writer.rules("advice")))
    words: set[str] = set()
    found: list[tuple[Statement, ...]] = []
    for statements in asked:
        before = words & writer.known.keys()
        words.update(re.findall(r"\w+", " ".join(_texts(statements))))
        lets: list[Let] = []
        for let in reversed(writer.known.values()):
            if let.name in words - before:
                lets.insert(0, let)
                words.update(re.findall(r"\w+", let.value))
        found.append((*lets, *statements))
    errors, others = found
    return Silent(
        errors,
        others,
        frozenset(words & writer.helpers),
        frozenset(words & {rule.python for rule in structure.rules}),
        frozenset(
            words & {name for rule in structure.rules for name, _ in rule.code.patterns}
        ),
    )


def _texts(statements: Iterable[Statement]) -> Iterator[str]:
    for one in statements:
        match one:
            case Let(_, text):
                yield text
            case Broken(ask):
                yield ask
            case When(text, body) | Loop(_, text, body):
                yield text
                yield from _texts(body)
            case Unless(_, items, test, body):
                yield from (items, test)
                yield from _texts(body)


@dataclass(frozen=True, slots=True)
class _Term:
    """A time or a span in seconds.

    Attributes:
        text: The number, as an expression.
        there: What is true where it is there.
        known: What is true where the number is sure.
        bare: Whether it is a time as the response has it, and not computed.
    """

    text: str
    there: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    bare: bool = False


@dataclass(slots=True)
class _Items:
    """A variable that goes through a list that is a member of `this`."""

    member: str
    shape: str
    used: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _OfItems:
    """Whether a condition may be so for any, or for all, items of a list.

    Attributes:
        there: What is true where the list is there.
        of_one: The condition: of an item, or of one that decides for all.
        loop: The loop over the items, if there has to be one.
        word: Python's function for that.
    """

    there: Sequence[str]
    of_one: str
    loop: Loop | None = None
    word: str = ""

    @property
    def test(self) -> str:
        """The condition as an expression."""
        if self.loop is None:
            return _joined([*self.there, self.of_one], "and")
        every = f"{self.word}({self.of_one} for {self.loop.item} in {self.loop.items})"
        return _joined([*self.there, every], "and")

    @property
    def statements(self) -> Iterator[Statement]:
        """Statements that reach `Broken` where it is so; quicker than a generator."""
        there = _joined(self.there, "and")
        if self.loop is None or self.word != "all":
            yield _when(self.test, (Broken(),))
        else:
            test = tidied(f"not ({self.of_one})")
            loop = Unless(self.loop.item, self.loop.items, test, (Broken(),))
            yield _when(there, (loop,))


class _Writer(Compiler):
    """Writes the statements of one structure."""

    def __init__(
        self,
        schema: ir.Schema,
        structure: ir.Structure,
        get: str,
        sure: Sure,
    ) -> None:
        super().__init__(schema, "", attributes=False)
        self.structure = structure
        self.get = get
        self.is_sure = sure
        self.members = {member.name: member for member in structure.members}
        self.own = of_shape(schema, structure.id)
        self.constants: dict[str, str] = {}
        self.known: dict[str, Let] = {}
        self.often = _read_often(structure)
        self.loops: dict[str, _Items] = {}
        self.lazy: set[str] = set()
        self.unsure = False

    def rules(self, severity: str) -> Iterator[Statement]:
        """The statements of rules; those of the same items in one loop."""
        by_list: dict[str, list[ir.Rule]] = {}
        for rule in self.structure.rules:
            if rule.severity != severity:
                continue
            if rule.each is None:
                yield from self.rule(rule)
            else:
                by_list.setdefault(rule.each, []).append(rule)
        for each, rules in by_list.items():
            yield from self.each(each, rules)

    def each(self, each: str, rules: Sequence[ir.Rule]) -> Iterator[Statement]:
        way = []
        for step in steps(each):
            way.append(step.name)
            if step.items:
                break
        item = variables(self.schema, self.structure, rules[0])["item"]
        if len(way) == 1 and item.shape is not None:
            self.loops["item"] = _Items(way[0], item.shape)
        body = tuple(one for rule in rules for one in self.rule(rule))
        found = self.loops.pop("item", None)
        if not body:
            return
        items = self.raw(way[0])
        for name in way[1:]:
            items = f"({items} or {{}}).get({literal(name)})"
        items = f"{items} or ()"
        yield self.along("item", items, found, body)

    def rule(self, rule: ir.Rule) -> tuple[Statement, ...]:
        """The statements of a rule."""
        self.constants = {pattern: name for name, pattern in rule.code.patterns}
        self.unsure = False
        self.loop_of = None if rule.each is None else "item"
        names = variables(self.schema, self.structure, rule)
        node = read(rule.cel)
        item = ", item" if rule.each is not None else ""
        ask = f"{rule.python}(value{item}) is False"
        if asks_shapes(node):
            return _ending((Broken(),), ask, rule.id, ends=False)
        found = tuple(self.statements(node, names, wanted=False))
        if self.unsure and _nesting(found) > 1:
            found = (Broken(),)  # else it would be asked again and again
        return _ending(found, ask if self.unsure else "", rule.id, ends=False)

    # --- statements ---------------------------------------------------------------

    def statements(
        self, node: Node, names: dict[str, Type], *, wanted: bool
    ) -> Iterator[Statement]:
        """What reaches `Broken` where an expression may be what is wanted."""
        match node:
            case Unary("!", operand):
                yield from self.statements(operand, names, wanted=not wanted)
            case Binary("&&" | "||" as operator, left, right):
                if (operator == "&&") is wanted:
                    body = tuple(self.statements(right, names, wanted=wanted))
                    test = self.may(left, names, wanted=wanted)
                    if body and test != _FALSE:
                        yield _when(test, body)
                else:
                    yield from self.statements(left, names, wanted=wanted)
                    yield from self.statements(right, names, wanted=wanted)
            case Macro("all" | "exists" as kind) if (kind == "exists") is wanted:
                macros = self.macros
                found = self.of_items(node, names, wanted=wanted)
                if found is not None and found.loop is None:
                    yield from found.statements
                else:
                    self.macros = macros
                    yield from self.loop(node, names, wanted=wanted)
            case Macro() if found := self.of_items(node, names, wanted=wanted):
                yield from found.statements
            case _:
                test = self.may(node, names, wanted=wanted)
                if test != _FALSE:
                    yield _when(test, (Broken(),))

    def loop(
        self, node: Macro, names: dict[str, Type], *, wanted: bool
    ) -> Iterator[Statement]:
        """A loop over a list; any item decides."""
        if distinct_field(node) is not None:
            test = self.may(node, names, wanted=wanted)
            yield _when(test, (Broken(),))
            return
        iterable = self.code(node.iterable, names)
        inner = iterable.type.item
        if iterable.type.kind != "list" or inner is None or inner.kind in SPELT:
            self.unsure = True
            yield _when(_joined(_there(iterable.guards), "and"), (Broken(),))
            return
        self.macros += 1
        variable = f"item{self.macros}"
        match node.iterable:
            case Select(Name("this"), member) if inner.shape is not None:
                if self.depth == 0:
                    self.loops[variable] = _Items(member, inner.shape)
        items = self.again(node.iterable, iterable.text)
        renamed = Renamed(node.variable, variable).apply(node.body)
        given = {**names, variable: inner}
        with self.inside(node.iterable, variable):
            body = tuple(self.statements(renamed, given, wanted=wanted))
        found = self.loops.pop(variable, None)
        if not body:
            return
        there = _joined(_there(iterable.guards), "and")
        yield _when(there, (self.along(variable, items, found, body),))

    def along(
        self,
        variable: str,
        items: str,
        found: _Items | None,
        body: tuple[Statement, ...],
    ) -> Loop:
        """A loop over a list and beside it over the times of its items."""
        if found is None or not found.used:
            return Loop(variable, items, body)
        pairs = {
            local: self.times(found.member, name) for name, local in found.used.items()
        }
        for name, local in found.used.items():
            keys = "|".join(map(re.escape, (literal(name), repr(name))))
            read = rf"\b{variable}\.get\((?:{keys})\)(?= is (?:not )?None\b)"
            body = _with(body, re.compile(read), local)
        if re.search(rf"\b{variable}\b", " ".join(_texts(body))):
            pairs = {variable: items, **pairs}
        if len(pairs) == 1:
            return Loop(*next(iter(pairs.items())), body)
        together = f"zip({', '.join(pairs.values())}, strict=True)"
        return Loop(", ".join(pairs), together, body)

    # --- what is read once --------------------------------------------------------

    def let(self, name: str, value: str) -> str:
        """The variable that stands for a value: the one of this name, or a like one."""
        found, number = name, 1
        while (known := self.known.get(found)) is not None and known.value != value:
            number += 1
            found = f"{name}_{number}"
        self.known[found] = Let(found, value)
        return found

    def its(self, member: str) -> str:
        """A member of `this` in a variable of its own."""
        name = f"its_{self.members[member].python}"
        return self.let(name, self.got(member))

    def got(self, member: str) -> str:
        """A member of `this`."""
        if self.is_sure(self.members[member]):
            return f"value[{literal(member)}]"
        return f"{self.get}({literal(member)})"

    def times(self, member: str, name: str) -> str:
        """The times of all items of a list, each in seconds."""
        python = f"{self.members[member].python}_{_python(self.items_of(member), name)}"
        items = f"{self.its(member)} or ()"
        made = f"{self.helper('instants')}({items}, {literal(name)})"
        return self.let(f"all_{python}", made)

    def items_of(self, member: str) -> ir.Structure | ir.Union:
        inner = of_shape(self.schema, self.members[member].target).item
        shape = self.schema.shapes[inner.shape or ""] if inner is not None else None
        assert isinstance(shape, ir.Structure | ir.Union)  # noqa: S101 - what is asked
        return shape

    # --- conditions ---------------------------------------------------------------

    def may(self, node: Node, names: dict[str, Type], *, wanted: bool) -> str:
        """An expression that is true where another may be true, or false."""
        match node:
            case Literal(value=bool(value)):
                return _TRUE if value is wanted else _FALSE
            case Unary("!", operand):
                return self.may(operand, names, wanted=not wanted)
            case Binary("&&" | "||" as operator, left, right):
                word = "and" if (operator == "&&") is wanted else "or"
                both = (self.may(one, names, wanted=wanted) for one in (left, right))
                return _joined(both, word)
            case Has(select):
                return self.may_have(select, names, wanted=wanted)
            case Conditional():
                return self.may_either(node, names, wanted=wanted)
            case Binary("==" | "!=" | "<" | "<=" | ">" | ">="):
                timed = self.timed(node, names, wanted=wanted)
                if timed is not None:
                    self.unsure = True
                    return timed
                return self.plainly(self.compared(node, names), wanted=wanted)
            case Macro() if found := self.of_items(node, names, wanted=wanted):
                return found.test
            case _:
                code = self.truth(self.code(node, names), node)
                return self.plainly(code, wanted=wanted)

    def of_items(
        self, node: Macro, names: dict[str, Type], *, wanted: bool
    ) -> _OfItems | None:
        """The same of the items of a list of `this`; none where that is not quick."""
        match node.iterable:
            case Select(Name("this"), member) if (
                node.kind in ("all", "exists")
                and self.depth == 0
                and self.has_structures(member)
                and distinct_field(node) is None
            ):
                iterable = self.code(node.iterable, names)
            case _:
                return None
        inner = iterable.type.item
        if inner is None or inner.shape is None:
            return None
        self.macros += 1
        variable = f"item{self.macros}"
        self.loops[variable] = _Items(member, inner.shape)
        renamed = Renamed(node.variable, variable).apply(node.body)
        given = {**names, variable: inner}
        of_any = (node.kind == "exists") is wanted
        with self.inside(node.iterable, variable):
            test = reread(self.may(renamed, given, wanted=wanted))
            extreme = of_any and self.extreme(renamed, variable, given, wanted=wanted)
        found = self.loops.pop(variable)
        if ":=" in test or self.loops_in(test):
            return None
        there = _there(iterable.guards)
        if extreme:
            (local,) = found.used.values()
            return _OfItems(there, re.sub(rf"\b{local}\b", extreme, test))
        loop = self.along(variable, iterable.text, found, (When(test, (Broken(),)),))
        (when,) = loop.body
        assert isinstance(when, When)  # noqa: S101 - it was just made
        return _OfItems(there, when.test, loop, "any" if of_any else "all")

    def extreme(
        self, node: Node, variable: str, names: dict[str, Type], *, wanted: bool
    ) -> str:
        """The one time of a list that decides for all: if any is later, the latest is.

        Nothing where it is not asked whether an item's own time is before or after one
        that is the same for all items.
        """
        match node:
            case Binary("<" | "<=" | ">" | ">=" as operator, left, right):
                pass
            case _:
                return ""
        items = self.loops[variable]
        match left, right:
            case (Select(Name(one), name), other) if one == variable:
                later = (operator in (">", ">=")) is wanted
            case (other, Select(Name(one), name)) if one == variable:
                later = (operator in ("<", "<=")) is wanted
            case _:
                return ""
        fixed = self.term(other, names)
        if (
            items.used.keys() != {name}
            or fixed is None
            or re.search(rf"\b{variable}_", fixed.text)
            or not self.is_sure(_member(self.items_of(items.member), name))
        ):
            return ""
        function = "latest" if later else "earliest"
        every = self.times(items.member, name)
        made = f"{self.helper(function)}({every})"
        return self.let(f"{function}{every.removeprefix('all')}", made)

    def plainly(self, code: Code, *, wanted: bool) -> str:
        """A condition as it is compiled anyway, or less of it if that has a loop."""
        sure = [one for one in code.guards if not self.loops_in(one)]
        if len(sure) == len(code.guards) and not self.loops_in(code.text):
            text = code.text if wanted else f"not {code.text}"
            return _joined([*_there(code.guards), text], "and")
        self.unsure = True
        upto = next(
            (at for at, one in enumerate(code.guards) if self.loops_in(one)),
            len(code.guards),
        )
        return _joined(_there(code.guards[:upto]), "and")

    def loops_in(self, text: str) -> bool:
        """Whether a text has a generator, which has no place in C."""
        return any(re.search(rf"\b{name} :=", text) for name in self.lazy)

    def may_have(self, select: Select, names: dict[str, Type], *, wanted: bool) -> str:
        operand = self.code(select.operand, names)
        found = self.member_of(operand, select)
        there = _there(found.guards)
        if self.surely_there(select, operand.type):
            return _joined([*there, _TRUE if wanted else _FALSE], "and")
        word = "is not" if wanted else "is"
        return _joined([*there, f"{found.text} {word} None"], "and")

    def may_either(
        self, node: Conditional, names: dict[str, Type], *, wanted: bool
    ) -> str:
        condition = self.truth(self.code(node.condition, names), node.condition)
        if any(map(self.loops_in, (*condition.guards, condition.text))):
            return self.plainly(condition, wanted=wanted)
        yes = self.may(node.yes, names, wanted=wanted)
        no = self.may(node.no, names, wanted=wanted)
        chosen = f"({yes} if {condition.text} else {no})"
        if no == _FALSE:
            chosen = _joined([condition.text, yes], "and")
        elif yes == _FALSE:
            chosen = _joined([f"not {condition.text}", no], "and")
        return _joined([*_there(condition.guards), chosen], "and")

    # --- values -------------------------------------------------------------------

    def code(self, node: Node, names: dict[str, Type]) -> Code:
        match node:
            case Name("this"):
                return Code("value", names["this"])
            case _:
                return super().code(node, names)

    def member_of(self, operand: Code, node: Select) -> Code:
        found = super().member_of(operand, node)
        match node.operand:
            case Name("this"):
                text = self.got(node.field)
                if node.field in self.often:
                    text = self.its(node.field)
                return Code(text, found.type, found.guards)
            case _:
                return found

    def select(self, node: Select, names: dict[str, Type]) -> Code:
        operand = self.code(node.operand, names)
        raw = self.member_of(operand, node)
        if self.reader(raw.type) is not None:
            return self.named(raw)
        if self.surely_there(node, operand.type):
            return raw
        if raw.text.isidentifier():
            return Code(raw.text, raw.type, [*raw.guards, f"{raw.text} is None"])
        return self.named(raw)

    def surely_there(self, node: Select, owner: Type) -> bool:
        """Whether the member of a structure that is there has to be there, too."""
        shape = self.schema.shapes[owner.shape] if owner.shape is not None else None
        if not isinstance(shape, ir.Structure):
            return False
        return any(
            member.name == node.field and self.is_sure(member)
            for member in shape.members
        )

    def macro(self, node: Macro, names: dict[str, Type]) -> Code:
        if distinct_field(node) is not None:
            return super().macro(node, names)
        plain = self.plain_macro(node, names)
        if plain is not None:
            return plain
        found = super().macro(node, names)
        self.lazy.add(found.text)
        return found

    def plain_macro(self, node: Macro, names: dict[str, Type]) -> Code | None:
        """A macro whose condition has a value for each item, as Python has it."""
        if node.kind not in ("all", "exists", "filter"):
            return None
        iterable = self.code(node.iterable, names)
        inner = iterable.type.item
        if iterable.type.kind != "list" or inner is None or inner.kind in SPELT:
            return None
        self.macros += 1
        variable = f"item{self.macros}"
        renamed = Renamed(node.variable, variable).apply(node.body)
        with self.inside(node.iterable, variable):
            body = self.code(renamed, {**names, variable: inner})
        if body.type != BOOL or body.guards or ":=" in body.text:
            return None
        items = self.again(node.iterable, iterable.text)
        if node.kind == "filter":
            text = f"[{variable} for {variable} in {items} if {body.text}]"
            return Code(text, iterable.type, iterable.guards)
        function = "all" if node.kind == "all" else "any"
        text = f"{function}({body.text} for {variable} in {items})"
        return Code(text, BOOL, iterable.guards)

    def matches(self, node: Call, target: Code | None, arguments: list[Code]) -> Code:
        self.patterns.clear()
        found = super().matches(node, target, arguments)
        ((name, pattern),) = self.patterns.items()
        text = found.text.replace(f"({name}(", f"({self.constants[pattern]}(", 1)
        return Code(text, found.type, found.guards)

    # --- times --------------------------------------------------------------------

    def timed(
        self, node: Binary, names: dict[str, Type], *, wanted: bool
    ) -> str | None:
        """Whether two times or spans may compare as wanted; none for other values."""
        left, right = self.term(node.left, names), self.term(node.right, names)
        if left is None or right is None:
            return None
        operator = node.operator if wanted else _INVERSE[node.operator]
        one, other, margin = left.text, right.text, f" + {ROUNDED}"
        bare = left.bare and right.bare
        match operator:
            case "<" | ">":
                # A number that is no number compares as nothing, so nothing is sure.
                margin = "" if bare else margin
                one, other = (one, other) if operator == "<" else (other, one)
                sure = f"{one} >= {other}{margin}"
            case "<=" | ">=":
                one, other = (one, other) if operator == "<=" else (other, one)
                sure = f"{one} > {other}{margin}"
            case "==":
                sure = f"abs({one} - ({other})) > {ROUNDED}"
            case _ if bare:
                sure = f"{one} == {other}"
            case _:
                sure = _FALSE
        sure = _joined([*left.known, *right.known, sure], "and")
        return _joined([*left.there, *right.there, f"not ({sure})"], "and")

    def term(self, node: Node, names: dict[str, Type]) -> _Term | None:
        """A time or a span as a number; none where there is no quick way."""
        match node:
            case Select(operand, name):
                return self.instant(operand, name, names)
            case Binary("+" | "-" as operator, one, other):
                left, right = self.term(one, names), self.term(other, names)
                if left is None or right is None:
                    return None
                return _Term(
                    f"({left.text} {operator} {right.text})",
                    (*left.there, *right.there),
                    (*left.known, *right.known),
                )
            case Call("duration", None, (Literal(value=str(written)),)):
                span = to_duration(written)
                short = span is not None and abs(span.total_seconds()) < _LONGEST
                return _Term(repr(span.total_seconds())) if span and short else None
            case Call(
                "duration",
                None,
                (Binary("+", Call("string", None, (count,)), Literal(value="s")),),
            ):
                return self.counted(count, names)
            case _:
                return None

    def counted(self, node: Node, names: dict[str, Type]) -> _Term | None:
        """A span of so many seconds."""
        count = self.code(node, names)
        if count.type != INT or any(map(self.loops_in, (*count.guards, count.text))):
            return None
        name = self.variable()
        known = f"type({name} := {count.text}) is int"
        near = f"-{_LONGEST!r} < {name} < {_LONGEST!r}"
        return _Term(name, tuple(_there(count.guards)), (known, near))

    def instant(self, operand: Node, name: str, names: dict[str, Type]) -> _Term | None:
        """A time that a response has, read before."""
        match operand:
            case Name("this"):
                if of_shape(self.schema, self.members[name].target) != TIMESTAMP:
                    return None
                member = self.members[name]
                text = f"when_{member.python}"
                v = f"(v := {self.raw(name)})"
                quick = "is float and 0.0 <= v < 4e9"
                if self.is_sure(member):
                    quick = f"type{v} {quick}"
                else:
                    quick = f"{v} is None or (type(v) {quick})"
                value = f"v if {quick} else {self.helper('instant')}(v)"
                return self.bare(self.let(text, value), member)
            case Name(variable) if variable in self.loops and self.depth <= 1:
                items = self.loops[variable]
                member = _member(self.items_of(items.member), name)
                if of_shape(self.schema, member.target) != TIMESTAMP:
                    return None
                self.times(items.member, name)
                text = items.used.setdefault(name, f"{variable}_{member.python}")
                return self.bare(text, member)
            case Index(Select(Name("this"), several), Literal(value=int(at))) if (
                at >= 0 and self.has_structures(several)
            ):
                member = _member(self.items_of(several), name)
                if of_shape(self.schema, member.target) != TIMESTAMP:
                    return None
                every = self.times(several, name)
                value = f"{every}[{at}] if len({every}) > {at} else None"
                text = self.let(f"{every}_{at}", value)
                return _Term(text, (f"{text} is not None",), bare=True)
            case _:
                return None

    def bare(self, text: str, member: ir.Member) -> _Term:
        there = () if self.is_sure(member) else (f"{text} is not None",)
        return _Term(text, there, bare=True)

    def raw(self, member: str) -> str:
        if member in self.often:
            return self.its(member)
        return self.got(member)

    def has_structures(self, member: str) -> bool:
        found = of_shape(self.schema, self.members[member].target)
        return found.kind == "list" and bool(found.item and found.item.shape)


_LONGEST = 1e9
"""How many seconds a span has at most that is compared as a number."""


def _member(shape: ir.Structure | ir.Union, name: str) -> ir.Member:
    return next(one for one in shape.members if one.name == name)


def _python(shape: ir.Structure | ir.Union, name: str) -> str:
    return _member(shape, name).python


def _read_often(structure: ir.Structure) -> set[str]:
    """The members that rules read more than once; those in loops count as such."""
    seen: dict[str, int] = {}
    for rule in structure.rules:
        pending: list[tuple[Node, int]] = [(read(rule.cel), 1 + bool(rule.each))]
        while pending:
            node, times = pending.pop()
            match node:
                case Select(Name("this"), name):
                    seen[name] = seen.get(name, 0) + times
                case Macro(iterable=iterable, body=body):
                    pending += [(iterable, times), (body, 2)]
                case _:
                    pending += [(part, times) for part in parts(node)]
    return {name for name, count in seen.items() if count > 1}


def _there(guards: Iterable[str]) -> list[str]:
    """The opposite of conditions under which there is no value."""
    return [f"{guard.removesuffix(' is None')} is not None" for guard in guards]


def _joined(tests: Iterable[str], word: str) -> str:
    """Conditions as one; those that are known already are left out."""
    rest, ends = (_TRUE, _FALSE) if word == "and" else (_FALSE, _TRUE)
    found = []
    for test in tests:
        if test == ends:
            found.append(test)
            break
        if test != rest:
            found.append(test)
    if found[-1:] == [ends] and not any(":=" in one for one in found):
        return ends
    if not found:
        return rest
    return found[0] if len(found) == 1 else f"({f' {word} '.join(found)})"


def _when(test: str, body: tuple[Statement, ...]) -> Statement:
    match body:
        case (one,) if test == _TRUE:
            return one
        case (When(inner, found),):
            return When(tidied(f"({test}) and ({inner})", _texts(found)), found)
        case _:
            return When(tidied(test, _texts(body)), body)


def _nesting(statements: Iterable[Statement]) -> int:
    """How many loops stand inside each other at most."""
    deepest = 0
    for one in statements:
        match one:
            case Loop(body=body) | Unless(body=body):
                deepest = max(deepest, 1 + _nesting(body))
            case When(body=body):
                deepest = max(deepest, _nesting(body))
            case _:
                pass
    return deepest


def _ending(
    statements: Iterable[Statement], ask: str, rule: str, *, ends: bool
) -> tuple[Statement, ...]:
    """The statements with what is to be asked where a rule may be broken."""
    found: list[Statement] = []
    for one in statements:
        match one:
            case Broken():
                found.append(Broken(ask, ends=ends, rule=rule))
            case When(test, body):
                found.append(When(test, _ending(body, ask, rule, ends=ends)))
            case Loop(item, items, body):
                inner = _ending(body, ask, rule, ends=bool(ask))
                found.append(Loop(item, items, inner))
            case Unless(item, items, test, body):
                inner = _ending(body, ask, rule, ends=ends)
                found.append(Unless(item, items, test, inner))
            case _:
                found.append(one)
    return tuple(found)


def _with(
    statements: tuple[Statement, ...], read: re.Pattern[str], local: str
) -> tuple[Statement, ...]:
    """Statements in which a variable stands for what is read."""
    found: list[Statement] = []
    for one in statements:
        match one:
            case When(test, body):
                found.append(When(read.sub(local, test), _with(body, read, local)))
            case Loop(item, items, body):
                inner = _with(body, read, local)
                found.append(Loop(item, read.sub(local, items), inner))
            case Unless(item, items, test, body):
                inner = _with(body, read, local)
                test = read.sub(local, test)
                found.append(Unless(item, read.sub(local, items), test, inner))
            case _:
                found.append(one)
    return tuple(found)


_FLIPPED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


class _Tidy(ast.NodeTransformer):
    """Says what is not so without a `not`, where Python has a word for it."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        found: dict[str, ast.expr] = {}
        for one in node.values:
            same = isinstance(one, ast.BoolOp) and type(one.op) is type(node.op)
            for part in one.values if same else (one,):  # type: ignore[attr-defined]
                found.setdefault(ast.dump(part), part)
        node.values = [
            one
            for one, after in zip_longest(found.values(), [*found.values()][1:])
            if not (isinstance(node.op, ast.And) and _says_so_too(one, after))
        ]
        return node if len(node.values) > 1 else node.values[0]

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.UnaryOp(ast.Not(), ast.UnaryOp(ast.Not(), inner)):
                return inner
            case ast.UnaryOp(ast.Not(), ast.Compare(left, [only], others)) if (
                type(only) in _FLIPPED
            ):
                return ast.Compare(left, [_FLIPPED[type(only)]()], others)
            case _:
                return node


def _says_so_too(one: ast.expr, after: ast.expr | None) -> bool:
    """Whether a condition that comes next is true only where this one is."""
    match after:
        case ast.Compare(ast.NamedExpr(value=named), [ast.IsNot()], others):
            there = ast.Compare(named, [ast.IsNot()], others)
            return ast.dump(one) == ast.dump(there)
        case _:
            return False


class _Unnamed(ast.NodeTransformer):
    """Leaves out the names of values that nothing reads."""

    def __init__(self, read: set[str]) -> None:
        self.read = read

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        self.generic_visit(node)
        return node if node.target.id in self.read else node.value


def tidied(expression: str, later: Iterable[str] = ()) -> str:
    """An expression without what it does not need; it means the same.

    Args:
        expression: A condition in Python.
        later: What stands below it and may read what it names.
    """
    tree = _Tidy().visit(ast.parse(expression, mode="eval"))
    read = {
        one.id
        for one in ast.walk(tree)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)
    }
    read.update(*(re.findall(r"\w+", text) for text in later))
    tree = _Unnamed(read).visit(tree)
    return shown(ast.unparse(tree))  # which writes strings as `repr` does


class _Reread(ast.NodeTransformer):
    """Reads a member of an item again wherever a variable stands for it."""

    def __init__(self) -> None:
        self.reads: dict[str, ast.expr] = {}

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        self.generic_visit(node)
        match node.value:
            case ast.Call(ast.Attribute(ast.Name(), "get"), [ast.Constant()]):
                self.reads[node.target.id] = node.value
                return node.value
            case _:
                return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.reads.get(node.id, node)


def reread(condition: str) -> str:
    """A condition without variables for members of items: a loop has no place for them.

    A variable stands in a condition before all that reads it.
    """
    if ":=" not in condition:
        return condition
    tree = _Reread().visit(ast.parse(condition, mode="eval"))
    return shown(ast.unparse(tree))  # as `tidied` does
