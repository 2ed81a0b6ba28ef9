"""From the schema to the functions of the full validator."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import TypedDict, assert_never

from shapespec import schema as ir
from shapespec.backends import wording
from shapespec.backends.environment import literal
from shapespec.backends.validators import view
from shapespec.backends.validators.accept import AcceptLowering
from shapespec.backends.validators.rules import Rule, Rules
from shapespec.backends.validators.text import pattern_literal, title_of


class Lowering:
    """Turns each shape of a schema into the check of it."""

    def __init__(self, schema: ir.Schema, rules: Rules, accept: AcceptLowering) -> None:
        """Take the names and the quick tests of the fast path.

        `quick` names the patterns of the fast path that checks use.
        """
        self.schema = schema
        self.rules = rules.by_structure
        self.names = accept.names
        self.accept = accept
        self.quick: set[str] = set()

    def checks(self) -> tuple[view.Check, ...]:
        """A check for every shape, in the schema's order."""
        return tuple(self.check(shape) for shape in self.schema.shapes.values())

    def roots(self) -> tuple[view.Root, ...]:
        """Every named shape, which can be asked for by name."""
        return tuple(
            view.Root(
                key=literal(shape.id), function=self.names.function("check", shape.id)
            )
            for shape in self.schema.named_shapes()
        )

    def patterns(self) -> tuple[view.PatternConstant, ...]:
        """A constant for each pattern."""
        return tuple(
            view.PatternConstant(
                name=f"{self.names.constant(shape.id)}_PATTERN",
                literal=pattern_literal(shape.pattern.python),
            )
            for shape in self.schema.shapes.values()
            if isinstance(shape, ir.String) and shape.pattern is not None
        )

    def use(self, target: str, variable: str) -> view.Use:
        """How the value in a variable is handed to its check."""
        unsure = self.accept.unsure(target, variable)
        constants = {constant.name for constant in self.accept.constants}
        self.quick |= constants.intersection(re.findall(r"\w+", unsure))
        return view.Use(
            function=self.names.function("check", target),
            recursive=target in self.schema.recursive,
            unsure=unsure,
        )

    def check(self, shape: ir.Shape) -> view.Check:
        """The check of a shape; what is sensitive stays out of messages."""
        found = self._check(shape)
        hides = "\n    at = report.hide(at)" if shape.sensitive else ""
        return replace(found, hides=hides)

    def _check(self, shape: ir.Shape) -> view.Check:
        function = self.names.function("check", shape.id)
        title = literal(title_of(shape))
        doc = _doc(shape)
        match shape:
            case ir.String():
                return view.Check(
                    template="validators/findings/string.py.jinja",
                    function=function,
                    title=title,
                    doc=doc,
                    **_split(self.string_tests(shape), shape.relaxed),
                )
            case ir.Enum():
                return view.EnumCheck(
                    template="validators/findings/enum.py.jinja",
                    function=function,
                    title=title,
                    doc=doc,
                    known=f"{self.names.constant(shape.id)}_VALUES",
                    values=tuple(literal(one.value) for one in shape.values),
                    retired=tuple(literal(v.value) for v in shape.values if v.retired),
                    closed=not shape.open,
                )
            case ir.Integer() | ir.Float():
                whole = isinstance(shape, ir.Integer)
                return view.NumberCheck(
                    template="validators/findings/number.py.jinja",
                    function=function,
                    title=title,
                    doc=doc,
                    predicate="is_integer" if whole else "is_number",
                    helpers=("is_integer" if whole else "is_number",),
                    expected=literal("an integer" if whole else "a number"),
                    **_split(_range_tests(shape), shape.relaxed),
                )
            case ir.Boolean() | ir.Timestamp() | ir.Document():
                kind = type(shape).__name__.lower()
                return view.Check(
                    template=f"validators/findings/{kind}.py.jinja",
                    function=function,
                    title=title,
                    doc=doc,
                )
            case ir.Blob():
                tests = size_tests(shape.length, "size", "byte", "bytes", "Length")
                return view.Check(
                    template="validators/findings/blob.py.jinja",
                    function=function,
                    title=title,
                    doc=doc,
                    helpers=("byte_count",),
                    **_split(tests, shape.relaxed),
                )
            case ir.List():
                tests = size_tests(shape.length, "len(value)", "item", "items", "Items")
                if shape.unique_items:
                    repeated = view.Test(
                        rule="repeated",
                        fails="not all_differ(value)",
                        expected=literal("no item twice"),
                    )
                    tests.append(("uniqueItems", repeated))
                return view.ListCheck(
                    template="validators/findings/list.py.jinja",
                    function=function,
                    title=title,
                    doc=doc,
                    item=self.use(shape.member, "item"),
                    sparse=shape.sparse,
                    helpers=("all_differ",) if shape.unique_items else (),
                    **_split(tests, shape.relaxed),
                )
            case ir.Map():
                tests = size_tests(
                    shape.length, "len(value)", "entry", "entries", "Properties"
                )
                return view.MapCheck(
                    template="validators/findings/map.py.jinja",
                    function=function,
                    title=title,
                    doc=doc,
                    key=self.use(shape.key, "key"),
                    item=self.use(shape.value, "item"),
                    sparse=shape.sparse,
                    **_split(tests, shape.relaxed),
                )
            case ir.Structure() | ir.Union():
                kind = type(shape).__name__.lower()
                return view.StructureCheck(
                    template=f"validators/findings/{kind}.py.jinja",
                    function=function,
                    title=title,
                    doc=doc,
                    known=f"{self.names.constant(shape.id)}_MEMBERS",
                    members=tuple(
                        view.MemberCheck(
                            key=literal(member.name),
                            step=_step(member),
                            required=member.required,
                            claimed=member.claimed,
                            check=self.use(member.target, "member"),
                        )
                        for member in shape.members
                    ),
                    helpers=(
                        *_hiding(shape),
                        *(("some_broken",) if shape.id in self.rules else ()),
                    ),
                    runs=_runs(self.rules.get(shape.id, ())),
                )
            case _:
                assert_never(shape)

    def string_tests(self, shape: ir.String) -> list[tuple[str, view.Test]]:
        tests = size_tests(
            shape.length, "len(value)", "character", "characters", "Length"
        )
        if shape.pattern is not None:
            constant = f"{self.names.constant(shape.id)}_PATTERN"
            test = view.Test(
                rule="pattern",
                fails=f"{constant}(value) is None",
                expected=literal(f"`{shape.pattern.source}`"),
            )
            tests.append(("pattern", test))
        return tests


def _step(member: ir.Member) -> str:
    """A member's name as a step of the way to its value."""
    name = literal(member.name)
    return f"Hidden({name})" if member.sensitive else name


def _hiding(shape: ir.Structure | ir.Union) -> tuple[str, ...]:
    """What hides the members that are sensitive, if any is."""
    return ("Hidden",) if any(member.sensitive for member in shape.members) else ()


def _runs(rules: tuple[Rule, ...]) -> tuple[view.RuleRun, ...]:
    """Rules that are asked of the same values, one after the other."""
    return tuple(
        view.RuleRun(each=each, rules=tuple(run))
        for each, run in groupby(rules, key=lambda rule: rule.each)
    )


def _doc(shape: ir.Shape) -> str:
    phrases = wording.constraints(shape)
    demands = f": {', '.join(phrases)}" if phrases else ""
    return f"Check a {title_of(shape)}{demands}."


def size_tests(
    limits: ir.Bounds, size: str, one: str, many: str, noun: str
) -> list[tuple[str, view.Test]]:
    """Tests of a size by keyword; a least size of 0 demands nothing."""
    expected = wording.bounds(limits, one, many)
    if expected is None:
        return []
    limits = limits._replace(min=limits.min or None)
    test = partial(view.Test, rule="length", expected=literal(expected))
    return _interval_tests(limits, size, noun, test)


def _range_tests(shape: ir.Integer | ir.Float) -> list[tuple[str, view.Test]]:
    expected = wording.interval(shape.range)
    if expected is None:
        return []
    test = partial(view.Test, rule="range", expected=literal(expected))
    return _interval_tests(shape.range, "value", "imum", test)


def _interval_tests(
    limits: ir.Bounds, what: str, noun: str, test: Callable[..., view.Test]
) -> list[tuple[str, view.Test]]:
    found = []
    if limits.min is not None:
        found.append((f"min{noun}", test(fails=f"{what} < {limits.min!r}")))
    if limits.max is not None:
        found.append((f"max{noun}", test(fails=f"{what} > {limits.max!r}")))
    return found


class _Split(TypedDict):
    """The two fields of a check that hold its tests."""

    tests: tuple[view.Test, ...]
    relaxed: tuple[view.Test, ...]


def _split(
    tests: list[tuple[str, view.Test]], relaxed: tuple[ir.Relaxation, ...]
) -> _Split:
    """Tests apart by whether the keyword they stand for is relaxed or a claim."""
    claims = {one.keyword: one.decision is None for one in relaxed}
    return {
        "tests": tuple(test for keyword, test in tests if keyword not in claims),
        "relaxed": tuple(
            _as_claim(test) if claims[keyword] else test
            for keyword, test in tests
            if keyword in claims
        ),
    }


def _as_claim(test: view.Test) -> view.Test:
    """A test whose finding says that a document stands behind it, and no response."""
    expected = f"{json.loads(test.expected)} ({wording.CLAIM})"
    return replace(test, expected=literal(expected))
