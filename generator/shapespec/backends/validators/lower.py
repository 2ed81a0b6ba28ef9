"""From the schema to the functions of the full validator."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import TypedDict, assert_never

from shapespec.backends import wording
from shapespec.backends.environment import literal
from shapespec.backends.sensitive import below_sensitive
from shapespec.backends.validators import choices, view
from shapespec.backends.validators.accept import AcceptLowering, unlike, unlisted
from shapespec.backends.validators.rules import Rule, Rules
from shapespec.backends.validators.text import pattern_literal, title_of
from shapespec.contract import constraints, schema as ir
from shapespec.contract.choices import families, in_words


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
        self.hidden = below_sensitive(schema)

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
        shape = self.schema.shapes[target]
        unsure = self.accept.unsure(target, variable)
        constants = {constant.name for constant in self.accept.constants}
        self.quick |= constants.intersection(re.findall(r"\w+", unsure))
        return view.Use(
            function=self.names.function("check", target),
            recursive=target in self.schema.recursive,
            unsure=unsure,
            clean=literal(target) if isinstance(shape, _JUDGED) else "",
        )

    def check(self, shape: ir.Shape) -> view.Check:
        """The check of a shape; what is sensitive stays out of messages."""
        found = self._check(shape)
        hides = "\n    at = report.hide(at)" if shape.sensitive else ""
        return replace(found, hides=hides)

    def entry(self, shape: ir.Map) -> str:
        """The way to an entry: a key that is sensitive, or is below, is not named."""
        if self.schema.shapes[shape.key].sensitive:
            return "report.unnamed(at, key)"
        if shape.id in self.hidden:
            return "report.entry(at, key)"
        return "(at, key)"

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
                    **_split(self.tests(shape, "len(value)")),
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
                    helpers=(
                        "is_integer" if whole else "is_number",
                        *(("is_multiple",) if shape.multiple_of is not None else ()),
                    ),
                    expected=literal("an integer" if whole else "a number"),
                    **_split(self.tests(shape, "value")),
                )
            case ir.Boolean() | ir.Timestamp() | ir.Document():
                kind = type(shape).__name__.lower()
                parts = isinstance(shape, ir.Document) and bool(shape.listed)
                return view.Check(
                    template=f"validators/findings/{kind}.py.jinja",
                    function=function,
                    title=title,
                    doc=doc,
                    helpers=("canonical",) * parts,
                    **_split(self.tests(shape, "value")),
                )
            case ir.Blob():
                return view.BlobCheck(
                    template="validators/findings/blob.py.jinja",
                    function=function,
                    title=title,
                    doc=doc,
                    streaming=shape.streaming,
                    helpers=("byte_count", *_stream(shape)),
                    **_split(self.tests(shape, "size")),
                )
            case ir.List():
                return view.ListCheck(
                    template="validators/findings/list.py.jinja",
                    function=function,
                    title=title,
                    doc=doc,
                    item=self.use(shape.member, "item"),
                    sparse=shape.sparse,
                    streaming=shape.streaming,
                    helpers=(
                        *(("all_differ",) if shape.unique_items else ()),
                        *_stream(shape),
                    ),
                    **_split(self.tests(shape, "len(value)")),
                )
            case ir.Tuple():
                rest = shape.rest
                return view.TupleCheck(
                    template="validators/findings/tuple.py.jinja",
                    function=function,
                    title=title,
                    doc=doc,
                    prefix=tuple(self.use(one, "item") for one in shape.prefix),
                    rest=None if rest is None else self.use(rest, "item"),
                    sparse=shape.sparse,
                    helpers=("all_differ",) if shape.unique_items else (),
                    **_split(self.tests(shape, "len(value)")),
                )
            case ir.Map():
                return view.MapCheck(
                    template="validators/findings/map.py.jinja",
                    function=function,
                    title=title,
                    doc=doc,
                    entry=self.entry(shape),
                    key=self.use(shape.key, "key"),
                    item=self.use(shape.value, "item"),
                    sparse=shape.sparse,
                    **_split(self.tests(shape, "len(value)")),
                )
            case ir.Structure() | ir.Union():
                kind = type(shape).__name__.lower()
                return view.StructureCheck(
                    template=f"validators/findings/{kind}.py.jinja",
                    function=function,
                    title=title,
                    doc=doc,
                    known=f"{self.names.constant(shape.id)}_MEMBERS",
                    closed=shape.closed,
                    members=tuple(
                        view.MemberCheck(
                            key=literal(member.name),
                            step=_step(member),
                            required=member.required,
                            claimed=member.claimed,
                            null=member.null,
                            any=_takes_all(self.schema.shapes[member.target]),
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
            case ir.OneOf():
                return self.choice(shape, function, title, doc)
            case _:
                assert_never(shape)

    def choice(
        self, shape: ir.OneOf, function: str, title: str, doc: str
    ) -> view.ChoiceCheck:
        """The check of a value of one of several shapes."""
        parts = choices.lower(self.schema, shape)
        tagged = shape.discriminator is not None
        options = [*parts.objects]
        return view.ChoiceCheck(
            template="validators/findings/one_of.py.jinja",
            function=function,
            title=title,
            doc=doc,
            choosing=() if not options else _choosing(tagged=tagged),
            expected=literal(in_words(families(self.schema, shape.id))),
            options=tuple(
                view.OptionCheck(
                    test=choices.test(found), check=self.same(option.target)
                )
                for option, found in parts.plain
            ),
            objects=tuple(
                view.OptionCheck(
                    test=choices.tagged(option) if tagged else f"option == {number}",
                    check=self.same(option.target),
                )
                for number, option in enumerate(options)
            ),
            discriminator=literal(shape.discriminator or "") if tagged else None,
            tags=tuple(literal(tag) for one in options for tag in one.tags),
            closed=not shape.open,
            needs=tuple(choices.names_of(one) for one in options),
            names=tuple(literal(one.target) for one in options),
        )

    def same(self, target: str) -> view.Use:
        """How the value of a choice is handed to the check of an option, at once."""
        return replace(self.use(target, "value"), recursive=False)

    def tests(self, shape: ir.Shape, measured: str) -> Iterator[tuple[view.Test, bool]]:
        """A test for each constraint, and whether to fail it is a warning.

        Args:
            shape: What states them.
            measured: What bounds are compared with, as an expression.
        """
        said = wording.bounds_of(shape)
        for one in constraints.of(shape):
            method = one.rule.replace("-", "_")
            rule = one.rule
            match rule:
                case "pattern":
                    constant = f"{self.names.constant(shape.id)}_PATTERN"
                    fails, expected = f"{constant}(value) is None", f"`{one.stated}`"
                case "enum":
                    method, expected = "unlisted", one.demand()
                    any_kind = isinstance(shape, ir.Document)
                    fails = (unlike if any_kind else unlisted)(one.limit, "value")
                case "unique-items":
                    method = "repeated"
                    fails, expected = "not all_differ(value)", one.demand()
                case "multiple-of":
                    method = "multiple"
                    fails, expected = one.broken_by(measured), one.demand()
                case "length" | "range":
                    if one.idle:
                        continue
                    fails, expected = one.broken_by(measured), said or ""
                case _:
                    assert_never(rule)
            if one.claimed:
                expected = f"{expected} ({wording.CLAIM})"
            test = view.Test(rule=method, fails=fails, expected=literal(expected))
            yield test, one.relaxed is not None


def _takes_all(shape: ir.Shape) -> bool:
    """Whether every value is right."""
    return isinstance(shape, ir.Document) and not shape.listed


_JUDGED = ir.Structure | ir.Union | ir.OneOf
"""What has a silent check of its own."""


def _choosing(*, tagged: bool) -> tuple[str, ...]:
    """What a check needs that tells objects apart."""
    return ("unknown_tag",) if tagged else ("misfit", "which")


def _step(member: ir.Member) -> str:
    """A member's name as a step of the way to its value."""
    name = literal(member.name)
    return f"Hidden({name})" if member.sensitive else name


def _stream(shape: ir.Blob | ir.List) -> tuple[str, ...]:
    """What knows a stream, if there can be one."""
    return ("is_stream",) if shape.streaming else ()


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


class _Split(TypedDict):
    """The two fields of a check that hold its tests."""

    tests: tuple[view.Test, ...]
    relaxed: tuple[view.Test, ...]


def _split(tests: Iterable[tuple[view.Test, bool]]) -> _Split:
    """Tests apart by whether the keyword they stand for is relaxed."""
    found = tuple(tests)
    return {
        "tests": tuple(test for test, relaxed in found if not relaxed),
        "relaxed": tuple(test for test, relaxed in found if relaxed),
    }
