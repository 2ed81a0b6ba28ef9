"""Rules and derived values as cel-python evaluates them: the oracle of our compiler.

A response is turned into values of CEL by its schema alone. A rule is broken where
cel-python says false; an error, which CEL has where a member is absent, breaks none.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import celpy
from celpy import celtypes
from celpy.evaluation import CELEvalError

from shapespec.cel import steps
from shapespec.contract import schema as ir

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _item(items: celtypes.ListType, index: Any) -> Any:
    """An item of a list; an index below 0 is out of bounds, as CEL has it.

    Raises:
        IndexError: There is no such item; cel-python itself would count from the end.
    """
    if isinstance(index, int) and index < 0:
        raise IndexError(f"index out of bounds: {index}")
    return list.__getitem__(items, index)


setattr(celtypes.ListType, "__getitem__", _item)  # noqa: B010 - to type checkers no value


class Verdict(NamedTuple):
    """What a rule says of a place: true, false, or none where it has no value."""

    rule: str
    pointer: str
    holds: bool | None


@cache
def program(expression: str) -> celpy.Runner:
    """An expression, ready to be evaluated."""
    limit = sys.getrecursionlimit()
    try:
        environment = celpy.Environment()  # this raises the limit
        return environment.program(environment.compile(expression))
    finally:
        sys.setrecursionlimit(limit)


def evaluate(expression: str, **variables: Any) -> Any:
    """The value of an expression; none where CEL has an error."""
    try:
        return program(expression).evaluate(variables)
    except CELEvalError:
        return None


@dataclass(frozen=True)
class Oracle:
    """Evaluates everything in CEL that a schema holds."""

    schema: ir.Schema

    def verdicts(self, response: object, root: str) -> Iterator[Verdict]:
        """What each rule says of each structure that it is about."""
        for shape, value, at in self.structures(response, root, ""):
            this = self.to_cel(value, shape.id)
            for rule in shape.rules:
                yield from self.judged(rule, value, this, at)

    def judged(
        self, rule: ir.Rule, value: dict[str, Any], this: Any, at: str
    ) -> Iterator[Verdict]:
        """What a rule says of a structure, or of each item that it is about."""
        if rule.each is None:
            verdict = _verdict(evaluate(rule.cel, this=this))
            yield Verdict(rule.id, at + _way(rule.at), verdict)
            return
        given, items, place = value, this, at
        for step in steps(rule.each):
            given = (given or {}).get(step.name) or {}
            name = celtypes.StringType(step.name)
            items = items[name] if items and name in items else None
            place += f"/{step.name}"
        for index, item in enumerate(items or ()):
            verdict = _verdict(evaluate(rule.cel, this=this, item=item))
            yield Verdict(rule.id, f"{place}/{index}{_way(rule.at)}", verdict)

    def derived(self, response: object, root: str) -> dict[str, Any]:
        """The derived values of a response; none where one has no value."""
        shape = self.schema.shapes[root]
        assert isinstance(shape, ir.Structure)
        this = self.to_cel(response, root)
        return {one.name: evaluate(one.cel, this=this) for one in shape.derived}

    def structures(
        self, value: object, target: str, at: str
    ) -> Iterator[tuple[ir.Structure, dict[str, Any], str]]:
        """Every structure in a value that has a shape, with its place."""
        shape = self.schema.shapes[target]
        match shape, value:
            case ir.Structure() | ir.Union(), dict():
                if isinstance(shape, ir.Structure):
                    yield shape, value, at
                for member in shape.members:
                    below = f"{at}/{member.name}"
                    inner = value.get(member.name)
                    yield from self.structures(inner, member.target, below)
            case ir.List(), list():
                for index, item in enumerate(value):
                    yield from self.structures(item, shape.member, f"{at}/{index}")
            case ir.Map(), dict():
                for key, item in value.items():
                    yield from self.structures(item, shape.value, f"{at}/{key}")
            case _:
                return

    def to_cel(self, value: Any, target: str) -> Any:
        """A right value of a shape as CEL has it; members that are null are absent."""
        shape = self.schema.shapes[target]
        match shape:
            case ir.Structure() | ir.Union():
                return celtypes.MapType(
                    {
                        celtypes.StringType(member.name): self.to_cel(
                            value[member.name], member.target
                        )
                        for member in shape.members
                        if value.get(member.name) is not None
                    }
                )
            case ir.List(member=member):
                return celtypes.ListType([self.to_cel(item, member) for item in value])
            case ir.Map():
                return celtypes.MapType(
                    {
                        celtypes.StringType(key): self.to_cel(item, shape.value)
                        for key, item in value.items()
                    }
                )
            case ir.Timestamp():
                return celtypes.TimestampType(_moment(value))
            case ir.Integer():
                return celtypes.IntType(int(value))
            case ir.Float():
                return celtypes.DoubleType(value)
            case ir.Boolean():
                return celtypes.BoolType(value)
            case _:
                return celtypes.StringType(value)


def same(ours: object, theirs: Any) -> bool:
    """Whether a derived value is the oracle's."""
    if ours is None or theirs is None:
        return ours is theirs
    if isinstance(ours, float):
        return math.isclose(ours, float(theirs), rel_tol=1e-15)
    return bool(ours == theirs)


def _verdict(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _way(path: str | None) -> str:
    return "".join(f"/{step.name}" for step in steps(path)) if path else ""


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, int | float):
        return _EPOCH + timedelta(seconds=value)
    found = datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
