"""From the schema to the fast path: which values are surely right.

The fast path may refuse what is right, and then the full validator decides; it must
never accept what is wrong. So it tests exact types, leaves rare cases (a float that is
a whole number, a list whose items must differ) to the full validator, and asks cheap
questions that are sure when they say yes: see `patterns/quick.py`. A test of a type is
left out where the next operation raises on any other one; generator/adr/0003 has the
figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from shapespec.backends.environment import literal
from shapespec.backends.validators import view
from shapespec.backends.validators.names import Names
from shapespec.backends.validators.rules import Rules
from shapespec.backends.validators.text import pattern_literal, title_of
from shapespec.contract import schema as ir
from shapespec.contract.constraints import (
    Constraint,
    by_rule,
    ends,
    enforced,
    size_bounds,
)
from shapespec.contract.numbers import SURE_DIGITS, exact
from shapespec.contract.timestamps import EPOCH_END, EPOCH_FIRST, USUAL, text_pattern
from shapespec.patterns import Pattern, emit
from shapespec.patterns.charset import LINE_TERMINATORS
from shapespec.patterns.quick import Quick, quick

_LARGEST = "1.7976931348623157e308"
_LINE = emit.char_class(~LINE_TERMINATORS, ecma=False)
_SHARED = {f"{_LINE}*+": "ONE_LINE_MATCHES", f"{_LINE}++": "SOME_LINE_MATCHES"}


class AcceptLowering:
    """Turns each structure and each union of a schema into a function."""

    def __init__(self, schema: ir.Schema, rules: Rules) -> None:
        """Collect the patterns as the functions are made that use them."""
        self.schema = schema
        self.rules = rules.by_structure
        self.names = Names(schema)
        self._patterns: dict[str, view.PatternConstant] = {}
        self.functions = tuple(
            self.function(shape)
            for shape in schema.shapes.values()
            if isinstance(shape, ir.Structure | ir.Union)
        )

    @property
    def constants(self) -> tuple[view.PatternConstant, ...]:
        """The patterns in use."""
        return tuple(self._patterns.values())

    @property
    def moment(self) -> view.Moment | None:
        """How timestamps are judged; none where there are none."""
        kinds = {type(shape) for shape in self.schema.shapes.values()}
        if ir.Timestamp not in kinds:
            return None
        encodings = ir.encodings(self.schema)
        pattern = text_pattern(encodings)
        return view.Moment(
            numbers="epoch-seconds" in encodings,
            datetimes="datetime" in encodings,
            iso="iso-8601" in encodings,
            usual=pattern_literal(USUAL),
            text=None if pattern is None else pattern_literal(pattern),
            first=f"{EPOCH_FIRST}.0",
            end=f"{EPOCH_END}.0",
        )

    def accept_roots(self) -> tuple[view.Root, ...]:
        """The structures and unions that can be asked for by name."""
        return tuple(
            view.Root(
                key=literal(shape.id),
                function=self.names.function("accept", shape.id),
            )
            for shape in self.schema.named_shapes()
            if isinstance(shape, ir.Structure | ir.Union)
        )

    def function(self, shape: ir.Structure | ir.Union) -> view.AcceptFunction:
        fails = "type(value) is not dict"
        if isinstance(shape, ir.Union):
            fails += " or len(value) != 1 or None in value.values()"
        return view.AcceptFunction(
            function=self.names.function("accept", shape.id),
            title=title_of(shape),
            fails=fails,
            steps=(*self.members(shape), *self.judged(shape)),
        )

    def members(self, shape: ir.Structure | ir.Union) -> Iterator[view.Step]:
        for member in shape.members:
            steps = tuple(self.steps(member.target, "v"))
            key = literal(member.name)
            match steps:
                case () if member.required:
                    yield view.Needed(key=key, steps=(view.Refuse(fails="v is None"),))
                case ():
                    continue
                case _ if member.required:
                    yield view.Needed(key=key, steps=steps)
                case (view.Refuse(fails=fails),):
                    several = " or " in fails
                    fails = f"({fails})" if several else fails
                    yield view.Optional(key=key, fails=fails)
                case _:
                    yield view.Present(key=key, steps=steps)

    def judged(self, shape: ir.Structure | ir.Union) -> Iterator[view.Step]:
        """The rules whose findings are errors."""
        for rule in self.rules.get(shape.id, ()):
            if rule.severity != literal("error"):
                continue
            if rule.each is None:
                yield view.Refuse(fails=f"{rule.function}(value) is False")
            else:
                fails = f"{rule.function}(value, item) is False"
                yield view.Item(items=_items(rule.each), fails=fails)

    @property
    def rule_functions(self) -> list[str]:
        """The functions of these rules."""
        return sorted(
            rule.function
            for rules in self.rules.values()
            for rule in rules
            if rule.severity == literal("error")
        )

    @property
    def uses_places(self) -> bool:
        """Whether any of these rules looks at items further down."""
        return any(
            rule.each is not None
            and len(rule.each) > 1
            and rule.severity == literal("error")
            for rules in self.rules.values()
            for rule in rules
        )

    def steps(self, target: str, v: str) -> Iterator[view.Step]:
        """What a value in the variable `v` must pass."""
        shape = self.schema.shapes[target]
        match shape:
            case ir.String():
                yield view.Refuse(fails=" or ".join(self.string(shape, v)))
            case ir.Enum():
                tests = [f"type({v}) is not str"]
                if not shape.open:
                    values = ", ".join(literal(one.value) for one in shape.values)
                    tests.append(f"{v} not in {{{values}}}")
                yield view.Refuse(fails=" or ".join(tests))
            case ir.Integer() | ir.Float() | ir.Boolean():
                yield view.Refuse(fails=_plain(shape, v))
            case ir.Timestamp():
                yield view.Refuse(fails=self.timestamp(v))
            case ir.Blob():
                tests = [f"type({v}) is not bytes", *_bounded(shape, f"len({v})")]
                yield view.Refuse(fails=" or ".join(tests))
            case ir.Document():
                return
            case ir.List() | ir.Map() if target in self.schema.hollow:
                yield view.Refuse(fails="True")
            case ir.List():
                tests = [f"type({v}) is not list", *_bounded(shape, f"len({v})")]
                yield view.Refuse(fails=" or ".join(tests))
                yield from self.each(shape.member, v, v, sparse=shape.sparse)
            case ir.Map():
                tests = [f"type({v}) is not dict", *_bounded(shape, f"len({v})")]
                yield view.Refuse(fails=" or ".join(tests))
                yield from self.each(shape.key, v, v)
                values = f"{v}.values()"
                yield from self.each(shape.value, values, v, sparse=shape.sparse)
            case ir.Structure() | ir.Union():
                accepts = self.names.function("accept", target)
                yield view.Refuse(fails=f"not {accepts}({v})")
            case _:
                assert_never(shape)

    def unsure(self, target: str, v: str) -> str:
        """What makes a value in the variable `v` worth a closer look, never raising.

        It is empty where only a closer look can tell: containers, and relaxed patterns.
        """
        shape = self.schema.shapes[target]
        match shape:
            case ir.String() if shape.pattern is None or _pattern(shape) is not None:
                shape = replace(shape, relaxed=())
                kind = f"type({v}) is not str"
                tests = [test for test in self.string(shape, v) if test != kind]
                return " or ".join([kind, *tests])
            case ir.Enum():
                known = f"{self.names.constant(shape.id)}_VALUES"
                tests = [f"type({v}) is not str", f"{v} not in {known}"]
                if any(one.retired for one in shape.values):
                    tests.append(f"{v} in {known}_RETIRED")
                return " or ".join(tests)
            case ir.Integer() | ir.Float():
                return _plain(replace(shape, relaxed=()), v)
            case ir.Boolean():
                return _plain(shape, v)
            case ir.Timestamp():
                inside = f"{EPOCH_FIRST}.0 <= {v} < {EPOCH_END}.0"
                return f"not (type({v}) is float and report.seconds and {inside})"
            case _:
                return ""

    # --- text ---------------------------------------------------------------------

    def string(self, shape: ir.String, v: str) -> list[str]:
        """What makes a text not surely right, as expressions."""
        pattern = _pattern(shape)
        sizes = _bounded(shape, f"len({v})")
        if pattern is None:
            return [f"type({v}) is not str", *sizes]
        test = quick(pattern)
        low = size_bounds(shape).min
        if test.at_least > (low or 0):
            test = Quick("fullmatch", pattern.python)
        sure = self.sure(shape, test, v)
        if not sure:
            return [f"type({v}) is not str", *sizes]
        if test.one_line:
            exactly = self.matches(shape, "fullmatch", pattern.python)
            return [*sizes, f"not ({' and '.join(sure)} or {exactly}({v}))"]
        return [*sizes, *(f"{one} is None" for one in sure)]

    def sure(self, shape: ir.String, test: Quick, v: str) -> list[str]:
        found = []
        if test.method:
            found.append(f"{self.matches(shape, test.method, test.pattern)}({v})")
        if test.one_line:
            found.append(_one_line(v))
        return found

    def matches(self, shape: ir.String, method: str, pattern: str) -> str:
        """The constant that holds a method of a compiled pattern.

        It is named for the first shape that needs it.
        """
        key = f"{method} {pattern}"
        if key not in self._patterns:
            suffix = "BEGINS" if method == "match" else "MATCHES"
            name = f"{self.names.constant(shape.id)}_{suffix}"
            if pattern in _SHARED:
                name = _SHARED[pattern]
            self._patterns[key] = view.PatternConstant(
                name=name, literal=pattern_literal(pattern), method=method
            )
        return self._patterns[key].name

    def timestamp(self, v: str) -> str:
        if "epoch-seconds" not in ir.encodings(self.schema):
            return f"not is_moment({v})"
        inside = f"{EPOCH_FIRST}.0 <= {v} < {EPOCH_END}.0"
        return f"not (type({v}) is float and {inside} or is_moment({v}))"

    # --- parts --------------------------------------------------------------------

    def each(
        self, target: str, iterable: str, v: str, *, sparse: bool = False
    ) -> Iterator[view.Step]:
        """What the items of a list, or the keys or values of a map, must pass."""
        item = f"{v}i"
        steps = tuple(self.steps(target, item))
        if not steps:
            return
        if sparse:
            steps = (view.Given(item=item, steps=steps),)
        loop = view.Each(item=item, iterable=iterable, steps=steps)
        joined = None if sparse else self.joined(target, iterable)
        if joined is None:
            yield loop
        else:
            yield view.Joined(iterable=iterable, fails=joined, steps=(loop,))

    def joined(self, target: str, iterable: str) -> str | None:
        """What makes texts, seen as one, not surely right; none if they cannot be.

        Joining raises on anything that is no text, so it also tests types.
        """
        shape = self.schema.shapes[target]
        if isinstance(shape, ir.Enum) and shape.open:
            return ""
        if not isinstance(shape, ir.String):
            return None
        limits = size_bounds(shape)
        low, high = limits.min, limits.max
        if low is not None and low > 1:
            return None
        tests = [f'"" in {iterable}'] if low == 1 else []
        if high is not None:
            tests.append(f"len(text) > {high}")
        pattern = _pattern(shape)
        if pattern is not None:
            test = quick(pattern)
            if test.method or test.at_least > (low or 0):
                return None
            if test.one_line:
                tests.append(f"not ({_one_line('text')})")
        return " or ".join(tests)


def _items(way: tuple[str, ...]) -> str:
    """The items that a way leads to; the list itself has been tested before."""
    if len(way) == 1:
        return f"get({way[0]}) or ()"
    return f"places(value, ({', '.join(way)}))"


def _one_line(v: str) -> str:
    """That a text surely has no line terminator: ASCII has two, Java knows five.

    `str.isascii` also tests the type: a mock object has a method of any name.
    """
    return f'str.isascii({v}) and "\\n" not in {v} and "\\r" not in {v}'


def _plain(shape: ir.Integer | ir.Float | ir.Boolean, v: str) -> str:
    """What makes a number or a truth value not surely right, never raising."""
    match shape:
        case ir.Integer():
            tests = [f"type({v}) is not int", *_bounded(shape, v)]
        case ir.Float():
            number = f"type({v}) is not float and type({v}) is not int"
            finite = f"not -{_LARGEST} <= {v} <= {_LARGEST}"
            tests = [number, finite, *_bounded(shape, v)]
        case ir.Boolean():
            tests = [f"{v} is not True and {v} is not False"]
        case _:
            assert_never(shape)
    return " or ".join(tests)


def _bounded(shape: ir.Shape, what: str) -> list[str]:
    """The condition of being outside of the bounds that are enforced."""
    tests: list[str] = []
    for rule, found in by_rule(enforced(shape)).items():
        match rule:
            case "length" | "range":
                tests.append(_outside(found, what))
            case "multiple-of":
                tests += [_off_step(one.limit, what) for one in found]
            case "pattern":
                pass  # see `string`
            case "unique-items":
                tests += ["True" for _ in found]  # for the full validator to decide
            case _:
                assert_never(rule)
    return tests


def _off_step(step: float, what: str) -> str:
    """The condition of being no multiple of a step, as JSON writes the two.

    A number with no more digits than a binary number is sure of is a multiple of a
    fraction if it is the nearest one to a multiple. The full validator judges others.
    """
    numerator, denominator = exact(step).as_integer_ratio()
    if denominator == 1:
        return f"{what} % {numerator} != 0"
    largest = f"{float(10**SURE_DIGITS // denominator)!r}"
    count = f"round({what} * {denominator} / {numerator})"
    nearest = f"{count} * {numerator} / {denominator} == {what}"
    return f"not (-{largest} < {what} < {largest} and {nearest})"


def _pattern(shape: ir.String) -> Pattern | None:
    """The pattern that is enforced."""
    for one in by_rule(enforced(shape)).get("pattern", ()):
        pattern: Pattern = one.limit
        return pattern
    return None


def _outside(found: Iterable[Constraint], what: str) -> str:
    """The condition of being outside of bounds, as one expression."""
    by_side = ends(found)
    low, high = by_side.get("low"), by_side.get("high")
    if low is None or high is None:
        return " or ".join(one.broken_by(what) for one in by_side.values())
    above = f"{low.limit!r} {low.about.operator} {what}"
    return f"not {above} {high.about.operator} {high.limit!r}"
