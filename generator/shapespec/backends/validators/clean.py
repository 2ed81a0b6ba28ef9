"""From the schema to the check that is silent: of which values there is nothing to say.

`validate` asks it first, and `_findings` asks it of each structure on the way to a
fault. It must never say yes where there is a finding. It says no where there is none
only for values of classes of their own, and for what is nested too deeply.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import assert_never
from zlib import crc32

from shapespec.backends.environment import literal
from shapespec.backends.validators import view
from shapespec.backends.validators.accept import (
    AcceptLowering,
    bounded,
    off_step,
    plain,
    unlike,
)
from shapespec.backends.validators.text import title_of
from shapespec.cel.silent import Broken, Let, Loop, Statement, Unless, When, silent
from shapespec.contract import schema as ir
from shapespec.ground.values import Json

MANY = 4
"""How many rules have a function of their own: it takes its time to call that."""

LARGE = 20
"""How many members are looked at in parts, each of which has a function of its own."""
_PART = 10
"""How many members a part has, more or less."""


class CleanLowering(AcceptLowering):
    """Turns each structure and union into a function that says yes where all is clean.

    Then there is no finding of any weight: members and values are known, and kept are
    also the constraints and rules that only warn or advise.
    """

    verb = "clean"
    variants = (
        f"({AcceptLowering.variants}) "
        "and len(value) - [*value.values()].count(None) != 1"
    )

    def __init__(self, accept: AcceptLowering) -> None:
        """Take names and patterns from the fast path, which this one stands beside."""
        self.schema = accept.schema
        self.rules = accept.rules
        self.names = accept.names
        self.patterns = accept.patterns
        self.used = set()
        self.cel: set[str] = set()
        self.from_rules: set[str] = set()
        self.kept: dict[str, view.AcceptFunction] = {}
        self._make()

    @cached_property
    def words(self) -> frozenset[str]:
        return super().words.union(*(one.uses for one in self.kept.values()))

    @property
    def tables(self) -> tuple[view.PartOfTable, ...]:
        """The names of members and the values of enums, each a set out of the table."""
        return tuple(self._tables())

    def _tables(self) -> Iterator[view.PartOfTable]:
        for shape in self.schema.shapes.values():
            name, row = self.names.constant(shape.id), literal(shape.id)
            if isinstance(shape, ir.Structure | ir.Union):
                yield view.PartOfTable(f"{name}_MEMBERS", row, "members")
            elif isinstance(shape, ir.Enum):
                yield view.PartOfTable(f"{name}_VALUES", row, "values")
                if any(one.retired for one in shape.values):
                    yield view.PartOfTable(f"{name}_VALUES_RETIRED", row, "retired")

    def all_roots(self) -> tuple[view.NamedCheck, ...]:
        """Every shape with a function, named or not: its id and its function."""
        return tuple(
            view.NamedCheck(
                shape=shape.id,
                key=literal(shape.id),
                function=self.names.function(self.verb, shape.id),
            )
            for shape in self.schema.shapes.values()
            if self.has_function(shape)
        )

    def other_tags(self, shape: ir.OneOf) -> str:
        del shape
        return "False"

    def needs(self, member: ir.Member) -> bool:
        return member.required or member.claimed

    def function(self, shape: ir.Shape) -> view.AcceptFunction:
        made = super().function(shape)
        return replace(made, reads=not self.is_divided(shape))

    def is_divided(self, shape: ir.Shape) -> bool:
        """Whether the members of a structure are looked at in parts."""
        return (
            isinstance(shape, ir.Structure)
            and len(shape.members) >= LARGE
            and shape.id not in self.schema.recursive
        )

    def members(self, shape: ir.Structure | ir.Union) -> Iterator[view.Step]:
        """What the members must pass; those of a large structure in parts.

        So the walk passes over the parts that are clean, and begins at that where the
        silent check has ended.
        """
        if not self.is_divided(shape):
            yield from super().members(shape)
            return
        outside = self.used
        for at, some in enumerate(_in_parts(shape.members)):
            name = self.names.function(f"part_{at + 1}_of", shape.id)
            self.used = {"Any"}
            steps = [*self.each_of(some)]
            if not at:
                steps.insert(0, view.Refuse(fails="type(value) is not dict"))
            if some[-1] is shape.members[-1]:
                steps += self.others(shape)
            self.kept[f"{shape.id}.{some[0].name}"] = view.AcceptFunction(
                function=name,
                shape=shape.id,
                title=title_of(shape),
                fails="",
                counted=False,
                steps=tuple(steps),
                uses=frozenset(self.used),
                begins=some[0].name,
            )
            outside.add(name)
            yield view.Refuse(fails=f"not {name}(value)")
        self.used = outside

    def judged(self, shape: ir.Structure | ir.Union) -> Iterator[view.Step]:
        """The rules, as statements that ask only whether any may be broken."""
        if not isinstance(shape, ir.Structure) or not shape.rules:
            return
        found = silent(self.schema, shape, self.is_there)
        self.cel |= found.helpers
        self.from_rules |= found.asked | found.patterns
        used = found.helpers | found.asked | found.patterns
        if len(shape.rules) < MANY and not self.is_divided(shape):
            self.used |= used
            yield from map(_step, found.statements)
            return
        # The walk asks them of a structure that is not clean.
        steps = tuple(_step(one, named=True) for one in found.statements)
        name = self.names.function("doubts", shape.id)
        self.kept[shape.id] = view.AcceptFunction(
            function=name,
            shape=shape.id,
            title=title_of(shape),
            fails="",
            counted=False,
            steps=steps,
            uses=frozenset(used) | {"Any"},
        )
        yield view.Refuse(fails=f"{self.use(name)}(value)")

    def kept_tables(self) -> tuple[view.NamedCheck, ...]:
        """What asks about the rules of a structure, or about some of its members."""
        return tuple(
            view.NamedCheck(shape=shape, key=literal(shape), function=one.function)
            for shape, one in self.kept.items()
        )

    def is_there(self, member: ir.Member) -> bool:
        """Whether a member of what is clean so far is there, and not null."""
        return self.needs(member) and member.null != "value"

    @property
    def rule_functions(self) -> list[str]:
        """What is used of the module with the rules."""
        return sorted(self.from_rules)

    def constrained(self, target: str) -> ir.Shape:
        shape = self.schema.shapes[target]
        match shape:
            case (
                ir.String()
                | ir.Integer()
                | ir.Float()
                | ir.Boolean()
                | ir.Document()
                | ir.Blob()
                | ir.List()
                | ir.Tuple()
                | ir.Map()
            ):
                return replace(shape, relaxed=())
            case _:
                return shape

    def others(self, shape: ir.Structure | ir.Union) -> Iterator[view.Step]:
        known = self.use(f"{self.names.constant(shape.id)}_MEMBERS")
        yield view.Refuse(fails=f"not {known}.issuperset(value)")

    def enum(self, shape: ir.Enum, v: str) -> str:
        known = self.use(f"{self.names.constant(shape.id)}_VALUES")
        tests = [f"type({v}) is not str", f"{v} not in {known}"]
        if any(one.retired for one in shape.values):
            tests.append(f"{v} in {self.use(f'{known}_RETIRED')}")
        return " or ".join(tests)

    def joined_enum(self, shape: ir.Enum, iterable: str) -> str | None:
        known = self.use(f"{self.names.constant(shape.id)}_VALUES")
        tests = [f"not {known}.issuperset({iterable})"]
        if any(one.retired for one in shape.values):
            retired = self.use(f"{known}_RETIRED")
            tests.append(f"not {retired}.isdisjoint({iterable})")
        return " or ".join(tests)

    def integer(self, shape: ir.Integer, v: str) -> str:
        whole = f"(type({v}) is not float or not {v}.is_integer())"
        kind, *rest = plain(shape, v, self.off_step).split(" or ", 1)
        return " or ".join([f"{kind} and {whole}", *rest])

    def number(self, shape: ir.Float | ir.Boolean, v: str) -> str:
        return plain(shape, v, self.off_step)

    def off_step(self, step: float, what: str) -> str:
        """The same, where the digits are asked if the quick test is not sure."""
        self.use("is_multiple")
        return f"{off_step(step, what)} and not is_multiple({what}, {step!r})"

    def unlisted(self, values: tuple[Json, ...], v: str) -> str:
        """The same, where what has parts is compared, too."""
        if any(isinstance(one, list | dict) for one in values):
            self.use("canonical")
            return unlike(values, v)
        return super().unlisted(values, v)

    def blob(self, shape: ir.Blob, v: str) -> str:
        self.use("byte_count")
        if tests := bounded(shape, "size"):
            return " or ".join([f"(size := byte_count({v})) is None", *tests])
        return f"byte_count({v}) is None"

    def list_bounds(self, shape: ir.List | ir.Tuple, v: str) -> list[str]:
        tests = bounded(replace(shape, unique_items=False), f"len({v})")
        if shape.unique_items:
            self.use("all_differ")
            tests.append(f"not all_differ({v})")
        return tests


def _in_parts(members: tuple[ir.Member, ...]) -> Iterator[list[ir.Member]]:
    """Members in parts whose ends their names decide.

    So a new member changes the part that it is in, and no other.
    """
    part: list[ir.Member] = []
    for one in members:
        ends = (
            crc32(one.name.encode("utf-8", "surrogatepass")) % (_PART // 2) == 0
            or len(part) > _PART
        )
        if ends and len(part) > _PART // 2:
            yield part
            part = []
        part.append(one)
    yield part


def _step(statement: Statement, *, named: bool = False) -> view.Step:
    """A statement as the templates have it.

    Args:
        statement: The statement.
        named: Whether the rule is named that may be broken, or the value just refused.
    """

    def steps(body: tuple[Statement, ...]) -> tuple[view.Step, ...]:
        return tuple(_step(one, named=named) for one in body)

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
