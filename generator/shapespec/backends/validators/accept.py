"""From the schema to the fast path: which values are surely right.

The fast path may refuse what is right, and then the full validator decides; it must
never accept what is wrong. So it tests exact types, leaves rare cases (a float that is
a whole number, a list whose items must differ) to the full validator, and asks cheap
questions that are sure when they say yes: see `patterns/quick.py`. A test of a type is
left out where the next operation raises on any other one; generator/adr/0003 has the
figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from itertools import groupby
from typing import TypeAlias, assert_never

from shapespec.backends.environment import literal
from shapespec.backends.validators import choices, view
from shapespec.backends.validators.names import Names
from shapespec.backends.validators.rules import Rule, Rules
from shapespec.backends.validators.text import pattern_literal, title_of
from shapespec.contract import schema as ir
from shapespec.contract.constraints import (
    Constraint,
    by_rule,
    ends,
    enforced,
    only,
    size_bounds,
)
from shapespec.contract.formats import Format
from shapespec.contract.numbers import SURE_DIGITS, exact
from shapespec.contract.timestamps import EPOCH_END, EPOCH_FIRST, USUAL, text_pattern
from shapespec.ground.values import Json
from shapespec.patterns import Pattern, emit
from shapespec.patterns.charset import LINE_TERMINATORS
from shapespec.patterns.quick import Quick, quick
from shapespec.runtime._report import canonical

ABSENT = "ABSENT"
"""The constant that stands for a member that is not there, where null is not it."""

_LARGEST = "1.7976931348623157e308"
_LINE = emit.char_class(~LINE_TERMINATORS, ecma=False)
_LONGEST = 2**31 - 1
"""The longest text whose length every C compiler can count."""
ONE_LINE = f"{_LINE}*+"
_SHARED = {ONE_LINE: "ONE_LINE_MATCHES", f"{_LINE}++": "SOME_LINE_MATCHES"}


class AcceptLowering:
    """Turns each structure and each union of a schema into a function.

    It says yes where there is no error; those of `clean` say yes where there is nothing
    to say at all.
    """

    verb = "accept"
    counted = False
    variants = "len(value) != 1 or None in value.values()"

    def __init__(self, schema: ir.Schema, rules: Rules) -> None:
        """Collect the patterns as the functions are made that use them."""
        self.schema = schema
        self.rules = rules.by_structure
        self.names = Names(schema)
        self.patterns: dict[str, view.PatternConstant] = {}
        self.used: set[str] = set()
        self._make()

    def _make(self) -> None:
        self.functions = tuple(
            self.function(shape)
            for shape in self.schema.shapes.values()
            if self.has_function(shape)
        )

    def has_function(self, shape: ir.Shape) -> bool:
        """Whether a shape has a function of its own; others are judged in place."""
        kinds = ir.Structure | ir.Union | ir.OneOf
        return isinstance(shape, kinds) or shape.id in self.schema.roots

    @property
    def constants(self) -> tuple[view.PatternConstant, ...]:
        """The patterns in use."""
        return tuple(self.patterns.values())

    @cached_property
    def words(self) -> frozenset[str]:
        """The names that the functions use."""
        return frozenset[str]().union(*(one.uses for one in self.functions))

    def use(self, name: str) -> str:
        """The same name; the function that is being made uses it."""
        self.used.add(name)
        return name

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

    def accept_roots(self) -> tuple[view.NamedCheck, ...]:
        """The shapes with a function that can be asked for by name."""
        return tuple(
            view.NamedCheck(
                shape=shape.id,
                key=literal(shape.id),
                function=self.names.function(self.verb, shape.id),
            )
            for shape in self.schema.named_shapes()
            if self.has_function(shape)
        )

    def function(self, shape: ir.Shape) -> view.AcceptFunction:
        self.counted = shape.id in self.schema.recursive
        self.used = {"Any", "MOST_PLACES"} if self.counted else {"Any"}
        fails, steps, choice = "", tuple[view.Step, ...](), None
        match shape:
            case ir.OneOf():
                choice = self.choice(shape)
            case ir.Structure() | ir.Union():
                fails = "type(value) is not dict"
                if isinstance(shape, ir.Union):
                    fails += f" or {self.variants}"
                steps = (*self.members(shape), *self.judged(shape))
            case _:
                steps = tuple(self.steps(shape.id, "value"))
        return view.AcceptFunction(
            function=self.names.function(self.verb, shape.id),
            shape=shape.id,
            title=title_of(shape),
            fails=fails,
            counted=self.counted,
            steps=steps,
            uses=frozenset(self.used),
            choice=choice,
            plain=not isinstance(shape, ir.OneOf | ir.Structure | ir.Union),
        )

    def choice(self, shape: ir.OneOf) -> view.ChoiceSteps:
        """What a value of one of several shapes has to pass."""
        parts = choices.lower(self.schema, shape)
        tag = shape.discriminator
        if any("moment" in kinds for _, kinds in parts.plain):
            self.use("datetime")
        return view.ChoiceSteps(
            cases=tuple(
                view.ChoiceCase(
                    test=choices.exact(kinds),
                    steps=tuple(self.steps(option.target, "value")),
                )
                for option, kinds in parts.plain
            ),
            objects=tuple(
                view.ChoiceCase(
                    test=choices.complete(one) if tag is None else choices.tagged(one),
                    steps=tuple(self.steps(one.target, "value")),
                )
                for one in parts.objects
            ),
            discriminator=None if tag is None else literal(tag),
            needs=tuple(choices.complete(one) for one in parts.objects if one.needs),
            others=self.other_tags(shape) if parts.objects else "False",
        )

    def other_tags(self, shape: ir.OneOf) -> str:
        """What is true of tags that are not known and may be there."""
        return "type(tag) is str" if shape.open and shape.discriminator else "False"

    @property
    def closed(self) -> tuple[view.TextSet, ...]:
        """The members of shapes that have no others, each a set."""
        return tuple(
            view.TextSet(
                name=self.only(shape),
                texts=tuple(literal(member.name) for member in shape.members),
            )
            for shape in self.schema.shapes.values()
            if isinstance(shape, ir.Structure | ir.Union) and shape.closed
        )

    def only(self, shape: ir.Structure | ir.Union) -> str:
        """The constant that holds the members of a closed shape."""
        return f"{self.names.constant(shape.id)}_CLOSED"

    def others(self, shape: ir.Structure | ir.Union) -> Iterator[view.Step]:
        """What members must pass that a shape does not have."""
        if shape.closed:
            closed = self.use(self.only(shape))
            yield view.Refuse(fails=f"not {closed}.issuperset(value)")

    def members(self, shape: ir.Structure | ir.Union) -> Iterator[view.Step]:
        yield from self.others(shape)
        yield from self.each_of(shape.members)

    def each_of(self, members: Iterable[ir.Member]) -> Iterator[view.Step]:
        """What some members of a structure or a union must pass."""
        for member in members:
            steps = tuple(self.steps(member.target, "v"))
            key = literal(member.name)
            target = self.schema.shapes[member.target]
            needed = self.needs(member)
            if needed and member.null == "value":
                yield view.Refuse(fails=f"{key} not in value")
                needed = False
            absent = "None" if member.null != "invalid" else ABSENT
            if absent == ABSENT:
                self.use(ABSENT)
            may_be_null = not steps or isinstance(target, ir.Document | ir.OneOf)
            if may_be_null and (needed or absent == ABSENT):
                # The member may not be null, though its shape has it among its values.
                steps = (view.Refuse(fails="v is None"), *steps)
            match steps:
                case ():
                    continue
                case _ if needed:
                    yield view.Needed(key=key, steps=steps)
                case (view.Refuse(fails=fails),):
                    several = " or " in fails
                    fails = f"({fails})" if several else fails
                    yield view.Optional(key=key, fails=fails, absent=absent)
                case _:
                    yield view.Present(key=key, steps=steps, absent=absent)

    def needs(self, member: ir.Member) -> bool:
        """Whether a member has to be there."""
        return member.required

    def asked(self, shape: str) -> tuple[Rule, ...]:
        """The rules that a structure has to keep: those whose findings are errors."""
        rules = self.rules.get(shape, ())
        return tuple(rule for rule in rules if rule.severity == literal("error"))

    def constrained(self, target: str) -> ir.Shape:
        """A shape with the constraints that its values have to meet."""
        return self.schema.shapes[target]

    def judged(self, shape: ir.Structure | ir.Union) -> Iterator[view.Step]:
        for rule in self.asked(shape.id):
            if rule.each is None:
                yield view.Refuse(fails=self.breaks(rule))
        for each, rules in groupby(self.asked(shape.id), key=lambda rule: rule.each):
            if each is not None:
                fails = tuple(self.breaks(rule) for rule in rules)
                yield view.Item(items=self.items(each), fails=fails)

    def breaks(self, rule: Rule) -> str:
        """The condition that a rule is broken."""
        items = "" if rule.each is None else ", item"
        return f"{self.use(rule.function)}(value{items}) is False"

    def items(self, way: tuple[str, ...]) -> str:
        """The items that a way leads to; the list itself has been tested before."""
        if len(way) == 1:
            return f"get({way[0]}) or ()"
        return f"{self.use('places')}(value, ({', '.join(way)}))"

    @property
    def rule_functions(self) -> list[str]:
        """The functions of these rules."""
        return sorted(
            rule.function for shape in self.rules for rule in self.asked(shape)
        )

    def steps(self, target: str, v: str) -> Iterator[view.Step]:
        """What a value in the variable `v` must pass."""
        shape = self.constrained(target)
        match shape:
            case ir.String():
                yield view.Refuse(fails=" or ".join(self.string(shape, v)))
            case ir.Enum():
                yield view.Refuse(fails=self.enum(shape, v))
            case ir.Integer():
                yield view.Refuse(fails=self.integer(shape, v))
            case ir.Float() | ir.Boolean():
                yield view.Refuse(fails=self.number(shape, v))
            case ir.Document() if listed := only(shape):
                yield view.Refuse(fails=self.unlisted(listed, v))
            case ir.Timestamp():
                yield view.Refuse(fails=self.timestamp(v))
            case ir.Blob():
                yield view.Refuse(fails=self.blob(shape, v))
            case ir.Document():
                return
            case ir.List() | ir.Tuple() | ir.Map() if target in self.schema.hollow:
                yield view.Refuse(fails="True")
            case ir.List():
                tests = [f"type({v}) is not list", *self.list_bounds(shape, v)]
                yield view.Refuse(fails=" or ".join(tests))
                yield from self.each(shape.member, v, v, sparse=shape.sparse)
            case ir.Tuple():
                tests = [f"type({v}) is not list", *self.list_bounds(shape, v)]
                yield view.Refuse(fails=" or ".join(tests))
                yield from self.first(shape, v)
            case ir.Map():
                tests = [f"type({v}) is not dict", *bounded(shape, f"len({v})")]
                yield view.Refuse(fails=" or ".join(tests))
                yield from self.each(shape.key, v, v)
                values = f"{v}.values()"
                yield from self.each(shape.value, values, v, sparse=shape.sparse)
            case ir.Structure() | ir.Union() | ir.OneOf():
                accepts = self.use(self.names.function(self.verb, target))
                counted = self.counted and target in self.schema.recursive
                yield view.Refuse(
                    fails=f"not {accepts}({v}{', left' if counted else ''})"
                )
            case _:
                assert_never(shape)

    def enum(self, shape: ir.Enum, v: str) -> str:
        """What makes a text no value that may be there."""
        tests = [f"type({v}) is not str"]
        if not shape.open:
            values = ", ".join(literal(one.value) for one in shape.values)
            tests.append(f"{v} not in {{{values}}}")
        return " or ".join(tests)

    def integer(self, shape: ir.Integer, v: str) -> str:
        return plain(shape, v)

    def number(self, shape: ir.Float | ir.Boolean, v: str) -> str:
        return plain(shape, v)

    def unlisted(self, values: tuple[Json, ...], v: str) -> str:
        """The condition of being none of some JSON values, never raising."""
        texts: list[Json] = []
        numbers: list[Json] = []
        tests = []
        for one in values:
            match one:
                case bool() | None:
                    tests.append(f"{v} is {one!r}")
                case str():
                    texts.append(one)
                case int() | float():
                    numbers.append(one)
                case _:
                    pass  # for the full validator to decide
        if texts:
            tests.append(f"type({v}) is str and not {unlisted(tuple(texts), v)}")
        if numbers:
            kinds = f"(type({v}) is int or type({v}) is float)"
            tests.append(f"{kinds} and not {unlisted(tuple(numbers), v)}")
        return f"not ({' or '.join(tests)})" if tests else "True"

    def blob(self, shape: ir.Blob, v: str) -> str:
        tests = [f"type({v}) is not bytes", *bounded(shape, f"len({v})")]
        return " or ".join(tests)

    def first(self, shape: ir.Tuple, v: str) -> Iterator[view.Step]:
        """What the items of a list must pass that has a prefix."""
        least = size_bounds(shape).min or 0
        for index, target in enumerate(shape.prefix):
            item = f"{v}{index}"
            steps = tuple(self.steps(target, item))
            if not steps:
                continue
            if shape.sparse:
                steps = (view.Given(item=item, steps=steps),)
            surely = index < least
            yield view.First(
                item=item, items=v, index=index, surely=surely, steps=steps
            )
        if shape.rest is not None:
            others = f"{v}[{len(shape.prefix)}:]"
            yield from self.each(shape.rest, others, v, sparse=shape.sparse)

    def list_bounds(self, shape: ir.List | ir.Tuple, v: str) -> list[str]:
        return bounded(shape, f"len({v})")

    # --- text ---------------------------------------------------------------------

    def string(self, shape: ir.String, v: str) -> list[str]:
        """What makes a text not surely right, as expressions."""
        if values := only(shape):
            return [f"type({v}) is not str", unlisted(values, v)]
        pattern = _pattern(shape)
        sizes = bounded(shape, f"len({v})")
        for one in by_rule(enforced(shape)).get("format", ()):
            formatted = self.formatted(shape, one.limit)
            bare = replace(shape, format=None)
            return [*self.string(bare, v), f"{formatted}({v}) is None"]
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

    def formatted(self, shape: ir.String, found: Format) -> str:
        """The constant that holds what asks whether a text has a format."""
        key = f"format {found.name}"
        if key not in self.patterns:
            self.patterns[key] = view.PatternConstant(
                name=f"{self.names.constant(shape.id)}_HAS_FORMAT",
                literal=pattern_literal(found.pattern.python),
            )
        return self.use(self.patterns[key].name)

    def matches(self, shape: ir.String, method: str, pattern: str) -> str:
        """The constant that holds a method of a compiled pattern.

        It is named for the first shape that needs it.
        """
        key = f"{method} {pattern}"
        if key not in self.patterns:
            suffix = "BEGINS" if method == "match" else "MATCHES"
            name = f"{self.names.constant(shape.id)}_{suffix}"
            if pattern in _SHARED:
                name = _SHARED[pattern]
            self.patterns[key] = view.PatternConstant(
                name=name, literal=pattern_literal(pattern), method=method
            )
        return self.use(self.patterns[key].name)

    def timestamp(self, v: str) -> str:
        self.use("is_moment")
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
        if joined is not None and (lines := self.lines(target)) is not None:
            low, high = lines
            yield view.Refuse(
                fails=f"not {self.use('are_lines')}({iterable}, {low}, {high})"
            )
        elif joined is None:
            yield loop
        else:
            yield view.Joined(iterable=iterable, fails=joined, steps=(loop,))

    def joined(self, target: str, iterable: str) -> str | None:
        """What makes texts, seen as one, not surely right; none if they cannot be.

        Joining raises on anything that is no text, so it also tests types.
        """
        shape = self.constrained(target)
        if isinstance(shape, ir.Enum):
            return self.joined_enum(shape, iterable)
        if not isinstance(shape, ir.String):
            return None
        limits = size_bounds(shape)
        low, high = limits.min, limits.max
        if (low is not None and low > 1) or only(shape) or shape.format:
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

    def lines(self, target: str) -> tuple[int, int] | None:
        """The least and the greatest size of texts of any one line; none for others."""
        shape = self.constrained(target)
        if not isinstance(shape, ir.String):
            return None
        pattern = _pattern(shape)
        if pattern is None or pattern.python not in _SHARED:
            return None
        limits = size_bounds(shape)
        if limits.max is None or limits.max > _LONGEST:
            return None
        known = self.used
        self.used = set()  # it is `are_lines` that uses the pattern
        self.matches(shape, "fullmatch", ONE_LINE)
        self.used = known
        return int(limits.min or 0), int(limits.max)

    def joined_enum(self, shape: ir.Enum, iterable: str) -> str | None:
        """What makes some of several texts no value that may be there."""
        del iterable
        return "" if shape.open else None


def _one_line(v: str) -> str:
    """That a text surely has no line terminator: ASCII has two, Java knows five.

    `str.isascii` also tests the type: a mock object has a method of any name.
    """
    return f'str.isascii({v}) and "\\n" not in {v} and "\\r" not in {v}'


def off_step(step: float, what: str) -> str:
    """The condition of being no multiple of a step, as JSON writes the two.

    A number with no more digits than a binary number is sure of is a multiple of a
    fraction if it is the nearest one to a multiple. The full validator judges others.
    """
    numerator, denominator = exact(step).as_integer_ratio()
    largest = f"{float(10**SURE_DIGITS // denominator)!r}"
    if denominator == 1:
        return f"not (-{largest} < {what} < {largest} and {what} % {numerator} == 0)"
    count = f"round({what} * {denominator} / {numerator})"
    nearest = f"{count} * {numerator} / {denominator} == {what}"
    return f"not (-{largest} < {what} < {largest} and {nearest})"


OffStep: TypeAlias = Callable[[float, str], str]
"""Gives the condition of being no multiple of a step."""


def unlisted(values: tuple[Json, ...], v: str) -> str:
    """The condition of being none of some values, for one of their own type."""
    if len(values) > 1:
        return f"({v} not in {{{', '.join(map(constant, values))}}})"
    operator = "is not" if isinstance(values[0], bool) else "!="
    return f"({v} {operator} {constant(values[0])})"


def unlike(values: tuple[Json, ...], v: str) -> str:
    """The condition of being none of some JSON values of any kind."""
    known = sorted(literal(canonical(one)) for one in values)
    return f"canonical({v}) not in {{{', '.join(known)}}}"


def constant(value: Json) -> str:
    """A value without parts as Python has it."""
    return literal(value) if isinstance(value, str) else repr(value)


def plain(
    shape: ir.Integer | ir.Float | ir.Boolean, v: str, off: OffStep = off_step
) -> str:
    """What makes a number or a truth value not surely right, never raising."""
    match shape:
        case ir.Integer():
            tests = [f"type({v}) is not int", *bounded(shape, v, off)]
        case ir.Float():
            number = f"type({v}) is not float and type({v}) is not int"
            finite = f"not -{_LARGEST} <= {v} <= {_LARGEST}"
            tests = [number, finite, *bounded(shape, v, off)]
        case ir.Boolean():
            tests = [f"{v} is not True and {v} is not False"]
        case _:
            assert_never(shape)
    if values := only(shape):
        tests.append(unlisted(values, v))
    return " or ".join(tests)


def bounded(shape: ir.Shape, what: str, off: OffStep = off_step) -> list[str]:
    """The condition of being outside of the bounds that are enforced."""
    tests: list[str] = []
    for rule, found in by_rule(enforced(shape)).items():
        match rule:
            case "length" | "range":
                tests.append(_outside(found, what))
            case "multiple-of":
                tests += [off(one.limit, what) for one in found]
            case "pattern" | "format" | "enum":
                pass  # see `string`, `plain` and `unlisted`
            case "unique-items":
                tests += ["True" for _ in found]  # for the full validator to decide
            case _:
                assert_never(rule)
    return tests


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
