"""From the schema to the quick check: what surely has no error, or is surely clean.

It has two answers. Without `known` it asks whether there is surely no error. With the
members and values that are known it asks whether there is nothing to say at all: then
nothing is unknown, and kept are also constraints and rules that only warn or advise.

The check may refuse what is right, and then the full validator decides; it must never
accept what is wrong. So it tests exact types, and a test of a type is left out where
the next operation raises on any other one; generator/adr/0003 has the figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import assert_never
from zlib import crc32

from shapespec.backends.environment import literal
from shapespec.backends.validators import choices, values, view
from shapespec.backends.validators.names import Names
from shapespec.backends.validators.rules import Rules
from shapespec.backends.validators.text import pattern_literal, title_of
from shapespec.backends.validators.values import SIZE, V, bound, bounded, either, one
from shapespec.cel.silent import Broken, Let, Loop, Statement, Unless, When, silent
from shapespec.contract import schema as ir
from shapespec.contract.constraints import by_rule, enforced, only, size_bounds
from shapespec.contract.formats import Format
from shapespec.contract.timestamps import EPOCH_END, EPOCH_FIRST, USUAL, text_pattern
from shapespec.patterns import Pattern, emit
from shapespec.patterns.ast import Chars, Greed, Regex, Repeat
from shapespec.patterns.automaton import longest, shortest
from shapespec.patterns.quick import quick

ABSENT = "ABSENT"
"""The constant that stands for a member that is not there, where null is not it."""

MANY = 4
"""How many rules have a function of their own: it takes its time to call that."""

LARGE = 20
"""How many members are looked at in parts, each of which has a function of its own."""
_PART = 10
"""How many members a part has, more or less."""

_LONGEST = 2**31 - 1
"""The longest text whose length every C compiler can count."""
_LIST, _MAP = f"type({V}) is list", f"type({V}) is dict"
_CALL = re.compile(rf"(\w+)\({V}\)")
_RECORDS = ir.Structure | ir.Union | ir.OneOf


class AcceptLowering:
    """Turns each structure and each union of a schema into a function."""

    def __init__(self, schema: ir.Schema, rules: Rules) -> None:
        """Collect the patterns as the functions are made that use them."""
        self.schema = schema
        self.rules = rules.by_structure
        self.names = Names(schema)
        self.patterns: dict[str, view.PatternConstant] = {}
        self.kept: dict[str, view.AcceptFunction] = {}
        self.cel: set[str] = set()
        self.from_rules: set[str] = set()
        self.used: set[str] = set()
        self.odd: dict[str, bool] = {}
        self.counted = False
        self.get = "get"
        self.functions = tuple(
            self.function(shape)
            for shape in schema.shapes.values()
            if self.has_function(shape)
        )
        made = (*self.functions, *self.kept.values())
        self.words = frozenset[str]().union(*(each.uses for each in made))

    def is_root(self, shape: ir.Shape) -> bool:
        """Whether a shape can be asked about by its name."""
        return isinstance(shape, _RECORDS) or shape.id in self.schema.roots

    def has_function(self, shape: ir.Shape) -> bool:
        """Whether a shape has a function of its own; others are judged in place."""
        return self.is_root(shape) or self.is_odd(shape)

    def is_odd(self, shape: ir.Shape) -> bool:
        """Whether a list or a map is such that no expression asks about its parts."""
        if shape.id not in self.odd:
            outside = self.used
            self.used = set()
            self.odd[shape.id] = shape.id not in self.schema.hollow and self._is_odd(
                shape
            )
            self.used = outside
        return self.odd[shape.id]

    def _is_odd(self, shape: ir.Shape) -> bool:
        match shape:
            case ir.Tuple():
                return True
            case ir.List(member=item, sparse=sparse):
                return self.group(item, V, sparse=sparse) is None
            case ir.Map(key=key, value=item, sparse=sparse):
                parts = self.group(key, V), self.group(item, V, sparse=sparse)
                return None in parts
            case _:
                return False

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

    def roots(self) -> tuple[view.NamedCheck, ...]:
        """The shapes that can be asked about, named or not, and their functions."""
        return tuple(
            view.NamedCheck(
                shape=shape.id,
                key=literal(shape.id),
                function=self.names.function("is", shape.id),
            )
            for shape in self.schema.shapes.values()
            if self.is_root(shape)
        )

    def kept_tables(self) -> tuple[view.NamedCheck, ...]:
        """What asks about the rules of a structure, or about some of its members."""
        return tuple(
            view.NamedCheck(shape=shape, key=literal(shape), function=each.function)
            for shape, each in self.kept.items()
        )

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

    # --- functions ----------------------------------------------------------------

    def function(self, shape: ir.Shape) -> view.AcceptFunction:
        self.counted = shape.id in self.schema.recursive
        self.used = {"Any", "MOST_PLACES"} if self.counted else {"Any"}
        steps, choice = tuple[view.Step, ...](), None
        tests: list[str] = []
        match shape:
            case ir.OneOf():
                choice = self.choice(shape)
            case ir.Structure() | ir.Union():
                self.get = _get_of(shape.members)
                tests += self.record(shape)
                steps = tuple(self.judged(shape))
            case ir.List() | ir.Tuple() | ir.Map() if self.is_odd(shape):
                strict = replace(shape, relaxed=())
                tests += either(self.sizes(shape), self.sizes(strict))
                steps = tuple(self.each_part(shape))
            case _:
                tests += self.of(shape)
        return view.AcceptFunction(
            function=self.names.function("is", shape.id),
            shape=shape.id,
            title=title_of(shape),
            counted=self.counted,
            counts=isinstance(shape, _RECORDS),
            tests=tuple(test.replace(V, "value") for test in tests),
            steps=steps,
            uses=frozenset(self.used),
            choice=choice,
        )

    def choice(self, shape: ir.OneOf) -> view.ChoiceSteps:
        """What a value of one of several shapes has to pass."""
        parts = choices.lower(self.schema, shape)
        tag = shape.discriminator
        if any("moment" in kinds for _, kinds in parts.plain):
            self.use("datetime")
        is_open = parts.objects and shape.open and tag is not None
        return view.ChoiceSteps(
            cases=tuple(
                view.ChoiceCase(
                    test=choices.exact(kinds), passes=self.whole(option.target)
                )
                for option, kinds in parts.plain
            ),
            objects=tuple(
                view.ChoiceCase(
                    test=choices.complete(each)
                    if tag is None
                    else choices.tagged(each),
                    passes=self.whole(each.target),
                )
                for each in parts.objects
            ),
            discriminator=None if tag is None else literal(tag),
            needs=tuple(choices.complete(each) for each in parts.objects if each.needs),
            others="known is None and type(tag) is str" if is_open else "False",
        )

    def whole(self, target: str) -> str:
        """What is true of a value of a shape that stands in `value`."""
        return one(self.tests(target)).replace(V, "value")

    def record(self, shape: ir.Structure | ir.Union) -> Iterator[str]:
        """What is true of a structure or a union, but for its rules."""
        if not self.is_divided(shape):
            yield f"type({V}) is dict"
        if isinstance(shape, ir.Union):
            alone = f"len({V}) == 1 and None not in {V}.values()"
            yield f"({alone} or len({V}) - [*{V}.values()].count(None) == 1)"
        if not self.is_divided(shape):
            yield self.no_others(shape)
            yield from self.each_of(shape.members)
            return
        # The walk passes over the parts that are clean, and begins at that where the
        # quick check has ended.
        outside = self.used
        for at, some in enumerate(_in_parts(shape.members)):
            name = self.names.function(f"part_{at + 1}_of", shape.id)
            self.used = {"Any"}
            self.get = _get_of(some)
            tests = [*self.each_of(some)]
            if not at:
                tests.insert(0, "type(value) is dict")
            if some[-1] is shape.members[-1]:
                tests.append(self.no_others(shape).replace(V, "value"))
            self.kept[f"{shape.id}.{some[0].name}"] = view.AcceptFunction(
                function=name,
                shape=shape.id,
                title=title_of(shape),
                tests=tuple(tests),
                uses=frozenset(self.used),
            )
            outside.add(name)
            yield f"{name}({V}, known)"
        self.used = outside

    def is_divided(self, shape: ir.Shape) -> bool:
        """Whether the members of a structure are looked at in parts."""
        return (
            isinstance(shape, ir.Structure)
            and len(shape.members) >= LARGE
            and shape.id not in self.schema.recursive
        )

    def no_others(self, shape: ir.Structure | ir.Union) -> str:
        """What is true where a shape has all members that are there."""
        if shape.closed:
            return f"{self.use(self.only(shape))}.issuperset({V})"
        if all(member.required for member in shape.members) and shape.members:
            return f"(known is None or len({V}) == {len(shape.members)})"
        return f"(known is None or known[{literal(shape.id)}].issuperset({V}))"

    def each_of(self, members: Iterable[ir.Member]) -> Iterator[str]:
        """What is true of some members of a structure or a union."""
        for member in members:
            yield from self.member(member)

    def member(self, member: ir.Member) -> Iterator[str]:
        key, tests = literal(member.name), self.tests(member.target)
        if member.null == "value" and (member.required or member.claimed):
            there = f"{key} in value"
            if member.required and not tests:
                yield there
            elif member.required:
                yield f"((v := value[{key}]) is None or {_v(tests)})"
                return
            else:
                yield f"(known is None or {there})"
        got, absent = f"(v := {self.get}({key}))", "None"
        if member.null == "invalid":
            got, absent = f"(v := {self.get}({key}, {self.use(ABSENT)}))", ABSENT
        target = self.schema.shapes[member.target]
        needed = member.null != "value" and (member.required or member.claimed)
        may_be_null = not tests or isinstance(target, ir.Document | ir.OneOf)
        if may_be_null and (needed or absent == ABSENT):
            # The member may not be null, though its shape has null among its values.
            tests = [f"{V} is not None", *tests]
        if needed and member.required:
            yield from bound(tests, f"value[{key}]")
        elif needed:
            yield f"(known is None if {got} is {absent} else {_v(tests)})"
        elif tests:
            yield f"({got} is {absent} or {_v(tests)})"

    # --- rules --------------------------------------------------------------------

    def judged(self, shape: ir.Structure | ir.Union) -> Iterator[view.Step]:
        """The rules, as statements that ask only whether any may be broken."""
        if not isinstance(shape, ir.Structure) or not shape.rules:
            return
        named = len(shape.rules) >= MANY or self.is_divided(shape)
        found = silent(
            self.schema,
            shape,
            "get" if named else self.get,
            lambda member: member.required and member.null != "value",
            lambda member: (
                (member.required or member.claimed) and member.null != "value"
            ),
        )
        self.cel |= found.helpers
        self.from_rules |= found.asked | found.patterns
        used = found.helpers | found.asked | found.patterns
        steps = [_step(each, named=named) for each in found.errors]
        if found.others:
            steps.append(view.Enough(result="doubts" if named else "True"))
            steps += [_step(each, named=named) for each in found.others]
        if not named:
            self.used |= used
            yield from steps
            return
        # The walk asks them of a structure that is not clean.
        name = self.names.function("doubts", shape.id)
        self.kept[shape.id] = view.AcceptFunction(
            function=name,
            shape=shape.id,
            title=title_of(shape),
            steps=tuple(steps),
            finds=True,
            uses=frozenset(used) | {"Any"},
        )
        yield view.Refuse(fails=f"{self.use(name)}(value, known)")

    # --- values -------------------------------------------------------------------

    def tests(self, target: str) -> list[str]:
        """What is true of a value of a shape, as a part of another."""
        shape = self.schema.shapes[target]
        if isinstance(shape, _RECORDS) or self.is_odd(shape):
            function = self.use(self.names.function("is", target))
            counted = self.counted and target in self.schema.recursive
            return [f"{function}({V}, known{', left' if counted else ''})"]
        return self.of(shape)

    def of(self, shape: ir.Shape) -> list[str]:
        """The same of a shape that has no function."""
        match shape:
            case (
                ir.String()
                | ir.Integer()
                | ir.Float()
                | ir.Boolean()
                | ir.Document()
                | ir.Blob()
                | ir.List()
                | ir.Map()
            ) if shape.relaxed:
                strict = replace(shape, relaxed=())
                return either(self.tolerant(shape), self.tolerant(strict))
            case _:
                return self.tolerant(shape)

    def tolerant(self, shape: ir.Shape) -> list[str]:
        """The same, where what is relaxed may be broken."""
        match shape:
            case ir.String():
                return self.string(shape)
            case ir.Enum():
                return [*self.enum(shape)]
            case ir.Integer() | ir.Float() | ir.Boolean():
                tests = values.plain(shape)
            case ir.Document():
                listed = only(shape)
                tests = [values.any_of(listed)] if listed else []
            case ir.Timestamp():
                moment = f"{self.use('sure_moment')}({V})"
                if "epoch-seconds" not in ir.encodings(self.schema):
                    return [moment]
                return [f"(type({V}) is float and 0.0 <= {V} < 4e9 or {moment})"]
            case ir.Blob():
                tests = values.blob(shape)
            case ir.List() | ir.Tuple() | ir.Map() if shape.id in self.schema.hollow:
                return ["False"]
            case ir.List():
                tests = [*self.items(shape)]
            case ir.Map():
                tests = [*self.entries(shape)]
            case ir.Tuple() | ir.Structure() | ir.Union() | ir.OneOf():
                raise AssertionError(shape.id)  # they have functions
            case _:
                assert_never(shape)
        for helper in (
            "whole",
            "is_multiple",
            "byte_count",
            "canonical",
            "all_are",
            "ENDLESS",
        ):
            if any(re.search(rf"\b{helper}\b", test) for test in tests):
                self.use(helper)
        return tests

    def enum(self, shape: ir.Enum) -> Iterator[str]:
        """What is true of a value of an enum."""
        yield f"type({V}) is str"
        if not shape.open:
            listed = ", ".join(literal(each.value) for each in shape.values)
            yield f"{V} in {{{listed}}}"
        if shape.open or any(each.retired for each in shape.values):
            yield f"(known is None or {V} in known[{literal(shape.id)}])"

    def sizes(self, shape: ir.List | ir.Tuple | ir.Map) -> list[str]:
        """What is true of a list or a map, but for what is in it."""
        tests = bounded(shape, SIZE)
        if any("all_differ(" in test for test in tests):
            self.use("all_differ")
        return [_MAP if isinstance(shape, ir.Map) else _LIST, *tests]

    def items(self, shape: ir.List) -> Iterator[str]:
        """What is true of a list that is not odd."""
        sizes = self.sizes(shape)
        found = self.group(shape.member, V, sparse=shape.sparse) or ()
        for test in found:
            declared = self.schema.shapes[shape.id]
            apart = getattr(declared, "relaxed", ()) or shape.unique_items
            if test.startswith("all_are(") and not apart:
                limits = _limits(size_bounds(shape))
                self.use("list_of")
                yield f"list_of({test[len('all_are(') : -1]}{limits})"
                return
        yield from (*sizes, *found)

    def entries(self, shape: ir.Map) -> Iterator[str]:
        """What is true of a map that is not odd."""
        sizes = size_bounds(shape)
        keys = self.group(shape.key, V) or ()
        items = self.group(shape.value, f"{V}.values()", sparse=shape.sparse) or ()
        match (*keys, *items):
            case (str(key), str(item)) if not (shape.relaxed or sizes.min):
                of_key = re.fullmatch(rf"lines\({V}, (\d+(?:, 1)?)\)", key)
                of_item = re.fullmatch(rf"lines\({V}\.values\(\), (\d+)\)", item)
                if of_key and of_item and sizes.max is not None:
                    self.use("line_map")
                    yield f"line_map({V}, {int(sizes.max)}, {of_item[1]}, {of_key[1]})"
                    return
            case _:
                pass
        yield from (*self.sizes(shape), *keys, *items)

    def each_part(self, shape: ir.List | ir.Tuple | ir.Map) -> Iterator[view.Step]:
        """Statements about the parts of an odd list or map."""
        if isinstance(shape, ir.Map):
            yield from self.each(shape.key, "value")
            yield from self.each(shape.value, "value.values()", sparse=shape.sparse)
        elif isinstance(shape, ir.List):
            yield from self.each(shape.member, "value", sparse=shape.sparse)
        else:
            least = size_bounds(shape).min or 0
            for index, target in enumerate(shape.prefix):
                if steps := self.part(target, sparse=shape.sparse):
                    yield view.First(index=index, surely=index < least, steps=steps)
            if shape.rest is not None:
                others = f"value[{len(shape.prefix)}:]"
                yield from self.each(shape.rest, others, sparse=shape.sparse)

    def each(
        self, target: str, iterable: str, *, sparse: bool = False
    ) -> Iterator[view.Step]:
        """What the items of a list, or the keys or values of a map, must pass."""
        if steps := self.part(target, sparse=sparse):
            yield view.Each(item="item", iterable=iterable, steps=steps)

    def part(self, target: str, *, sparse: bool) -> tuple[view.Step, ...]:
        tests = [test.replace(V, "item") for test in self.tests(target)]
        if not tests:
            return ()
        whole = one(tests)
        if sparse:
            whole = f"(item is None or {whole})"
        return (view.Refuse(fails=f"not ({whole})"),)

    def group(
        self, target: str, items: str, *, sparse: bool = False
    ) -> list[str] | None:
        """What is true of several values as expressions; none where there are none."""
        shape = self.schema.shapes[target]
        if sparse:
            return None
        match shape:
            case ir.Structure() | ir.Union() | ir.OneOf():
                if target in self.schema.recursive:
                    return None
                function = self.use(self.names.function("is", target))
                return [f"all_are({function}, {items}, known)"]
            case ir.List() | ir.Map() | ir.Tuple():
                return None
            case ir.Enum(open=True):
                self.use("texts")
                known = f"known[{literal(target)}].issuperset({items})"
                return [f"texts({items})", f"(known is None or {known})"]
            case ir.String() if found := self.joined(shape, items):
                return [found]
            case _:
                tests = self.of(shape)
        called = _CALL.fullmatch(tests[0]) if len(tests) == 1 else None
        if called is not None:
            return [f"all(map({called[1]}, {items}))"]
        return None if tests else []

    def joined(self, shape: ir.String, items: str) -> str | None:
        """What is true of texts that can be looked at as one."""
        limits, pattern = size_bounds(shape), _pattern(shape)
        test = None if pattern is None else quick(pattern)
        least, most = limits.min or 0, limits.max or 0
        if test is not None:
            least = max(least, test.at_least)
            if test.method:
                return None
        if least > 1 or most > _LONGEST or only(shape) or shape.format or shape.relaxed:
            return None
        helper = "lines" if test is not None and test.one_line else "texts"
        return f"{self.use(helper)}({items}{_limits(ir.Bounds(least, limits.max))})"

    # --- text ---------------------------------------------------------------------

    def string(self, shape: ir.String) -> list[str]:
        """What is true of a text."""
        if listed := only(shape):
            return [f"type({V}) is str", values.listed(listed)]
        for each in by_rule(enforced(shape)).get("format", ()):
            formatted = self.formatted(shape, each.limit)
            bare = replace(shape, format=None)
            return [*self.string(bare), f"{formatted}({V})"]
        pattern, limits = _pattern(shape), size_bounds(shape)
        if pattern is None:
            return [f"type({V}) is str", *bounded(shape, SIZE)]
        test = quick(pattern)
        low, high = int(max(limits.min or 0, test.at_least)), limits.max
        sized = [f"len({V}) >= {low}"] if low > 1 else [V] if low else []
        if not test.method and not test.one_line:
            high_end = [] if high is None else [f"len({V}) <= {high}"]
            return [f"type({V}) is str", *sized, *high_end]
        if not test.one_line:
            return self.patterned(shape, test.regex or pattern.regex, test.pattern)
        is_line = f"{self.use('line')}({V})"
        begins = ""
        if test.method:
            begins = f"{self.matches(shape, 'match', test.pattern)}({V})"
            if not test.exact:
                exactly = f"{self.matches(shape, 'fullmatch', pattern.python)}({V})"
                return [*bounded(shape, SIZE), f"({begins} and {is_line} or {exactly})"]
        if high is not None and high <= _LONGEST:
            is_line = f"line({V}, {int(high)})"
        elif high is not None:
            sized.append(f"len({V}) <= {high}")
        return [*sized, is_line, *([begins] if begins else [])]

    def patterned(self, shape: ir.String, regex: Regex, test: str) -> list[str]:
        """What is true of a text that a pattern matches; it may know how long it is."""
        limits = size_bounds(shape)
        low, high = limits.min or 0, limits.max
        match regex:
            case Repeat(Chars(), least, most) if high is not None:
                ends = (int(high), most) if most is not None else (int(high),)
                low, high = max(int(low), least), min(ends)
                if low <= high <= _MOST_COUNTED:
                    sized = regex._replace(low=low, high=high, greed=Greed.POSSESSIVE)
                    return [
                        f"{self.matches(shape, 'fullmatch', emit.python(sized))}({V})"
                    ]
            case _:
                pass
        most = longest(regex)
        implied = low <= shortest(regex) and (
            high is None or (most is not None and most <= high)
        )
        sizes = [] if implied else bounded(shape, SIZE)
        return [*sizes, f"{self.matches(shape, 'fullmatch', test)}({V})"]

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
            self.patterns[key] = view.PatternConstant(
                name=f"{self.names.constant(shape.id)}_{suffix}",
                literal=pattern_literal(pattern),
                method=method,
            )
        return self.use(self.patterns[key].name)


_MOST_COUNTED = 0xFFFF
"""How often Python's patterns repeat a character at most, on any machine."""


def _get_of(members: Sequence[ir.Member]) -> str:
    """What gets members that may be absent; it takes its time to make it a variable."""
    return "get" if len(members) > _MOST_GOT else "value.get"


_MOST_GOT = 12


def _v(tests: list[str]) -> str:
    """Tests of what stands in the variable `v`."""
    return one(tests).replace(V, "v")


def _limits(bounds: ir.Bounds) -> str:
    """Arguments for the most and the least, if there are any."""
    low, high = int(bounds.min or 0), bounds.max
    if high is None:
        return f", ENDLESS, {low}" if low else ""
    return f", {int(high)}, {low}" if low else f", {int(high)}"


def _pattern(shape: ir.String) -> Pattern | None:
    """The pattern that is enforced."""
    for each in by_rule(enforced(shape)).get("pattern", ()):
        pattern: Pattern = each.limit
        return pattern
    return None


def _in_parts(members: tuple[ir.Member, ...]) -> Iterator[list[ir.Member]]:
    """Members in parts whose ends their names decide.

    So a new member changes the part that it is in, and no other.
    """
    part: list[ir.Member] = []
    for each in members:
        ends = (
            crc32(each.name.encode("utf-8", "surrogatepass")) % (_PART // 2) == 0
            or len(part) > _PART
        )
        if ends and len(part) > _PART // 2:
            yield part
            part = []
        part.append(each)
    yield part


def _step(statement: Statement, *, named: bool = False) -> view.Step:
    """A statement as the templates have it.

    Args:
        statement: The statement.
        named: Whether the rule is named that may be broken, or the value just refused.
    """

    def steps(body: tuple[Statement, ...]) -> tuple[view.Step, ...]:
        return tuple(_step(each, named=named) for each in body)

    def name(rule: str) -> str:
        return literal(rule) if named else ""

    match statement:
        case Let(name=variable, value=value):
            return view.Let(name=variable, value=value)
        case Broken(ask, ends, rule):
            return view.Broken(ask=ask, ends=ends, rule=name(rule))
        case When(test, (Broken("", _, rule),)):
            return view.Refuse(fails=test, rule=name(rule))
        case When(test, (Broken(ask, False, rule),)):
            return view.Refuse(fails=f"({test}) and {ask}", rule=name(rule))
        case When(test, body):
            return view.When(test=test, steps=steps(body))
        case Loop(item, items, body):
            return view.Each(item=item, iterable=items, steps=steps(body))
        case Unless(item, items, test, body):
            return view.Unless(item=item, iterable=items, test=test, steps=steps(body))
        case _:
            assert_never(statement)
