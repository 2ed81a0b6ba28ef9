"""Values that break one constraint, made out of one that is right."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from shapespec.contract import schema as ir
from shapespec.contract.choices import (
    ARRAY,
    BOOLEAN,
    NUMBER,
    OBJECT,
    STRING,
    families,
)
from shapespec.contract.constraints import KEYWORDS, distinct, limits, measured, of
from shapespec.contract.numbers import is_multiple, numbers
from shapespec.contract.timestamps import EPOCH_END, EPOCH_FIRST
from shapespec.records import dataclass
from shapespec.tools.samples.draw import Draw, OwnedMember
from shapespec.tools.samples.sites import PlacedConstraint
from shapespec.tools.samples.standing import ABSENT
from shapespec.tools.samples.texts import breaking, span, stretched

_UNKNOWN_MEMBER = "UnknownMember"


@dataclass(frozen=True, slots=True)
class Mutation:
    """What is done to a response.

    Attributes:
        value: What takes the place of the value that is right; `ABSENT` for nothing.
        action: What that is, in words.
        inside: What is done happens to this member of the value, not to the value.
    """

    value: Any
    action: str
    inside: str | None = None


def violations(
    constraint: PlacedConstraint, right: Any, draw: Draw
) -> Iterator[Mutation]:
    """Changes each of which breaks a constraint, the plainest first.

    Args:
        constraint: What is to be broken; no rule of the spec.
        right: The value that stands in its place.
        draw: Draws what is needed.
    """
    shape = constraint.site.shape
    match constraint.keyword:
        case "required":
            yield Mutation(ABSENT, "the member is left out")
        case "nullable":
            yield Mutation(None, "null in its place")
        case "type":
            for value in _wrong(shape, draw.schema):
                yield Mutation(
                    value, f"{_name(value)} where {constraint.demand} belongs"
                )
        case "timestamp":
            for value in ("yesterday", True, {}):
                yield Mutation(value, f"{_name(value)} where a timestamp belongs")
        case "enum" if isinstance(shape, ir.Enum):
            yield from _misspelt(shape, right)
        case "enum" | "const":
            for value in _unlisted(shape, right):
                yield Mutation(value, f"{_name(value)}, which is not one of the values")
        case "retired-value" if isinstance(shape, ir.Enum):
            for one in shape.values:
                if one.retired:
                    yield Mutation(one.value, f"the retired value {one.value!r}")
        case "pattern" if isinstance(shape, ir.String):
            for text in breaking(shape, right):
                yield Mutation(text, f"{text!r} in place of {right!r}")
        case "format" if isinstance(shape, ir.String) and shape.format is not None:
            beside = (f"{right}!", f"!{right}", f" {right[1:]}", f"{right[:-1]} ")
            for text in (*shape.format.wrong, *beside, f"{right[:1]} {right[2:]}"):
                yield Mutation(text, f"{text!r}, which is not {constraint.demand}")
        case "unknown-member":
            value = {**right, _UNKNOWN_MEMBER: "?"}
            action = f"a member {_UNKNOWN_MEMBER!r} is added"
            yield Mutation(value, action, _UNKNOWN_MEMBER)
        case "tag":
            text = f"Not{right}"
            yield Mutation(text, f"{text!r}, which is not a known tag")
        case "one_of" if isinstance(shape, ir.OneOf):
            needs = {name for one in shape.options for name in one.needs}
            if isinstance(right, dict):
                value = {name: one for name, one in right.items() if name not in needs}
                yield Mutation(value, "the members that tell the options are left out")
        case "union" if isinstance(shape, ir.Union):
            yield from _variants(shape, right, draw)
        case "multipleOf" if isinstance(shape, ir.Integer | ir.Float):
            yield from _off_step(shape, right)
        case "uniqueItems":
            yield Mutation([*right, *deepcopy(right[:1])], "the first item is repeated")
        case _:
            yield from _beyond(constraint, right, draw)


def _unlisted(shape: ir.Shape, right: Any) -> Iterator[Any]:
    """Values of the same type that a shape does not list, nearest first."""
    known = [distinct(one) for one in getattr(shape, "listed", ())]
    match shape, right:
        case _, bool():
            ideas: tuple[Any, ...] = (not right,)
        case _, int() | float():
            step = getattr(shape, "multiple_of", None) or 1
            ideas = tuple(
                right + sign * step * by for by in (1, 2, 3) for sign in (1, -1)
            )
            ideas += (max([right, *_numbers(known)]) + step,)
        case _, str():
            ideas = (
                right + right[-1:],
                right.swapcase(),
                f"Not{right}",
                f"{right}?",
                "",
            )
        case _:
            ideas = ("none of these", 7, {})
    stated = [one for one in of(shape) if one.rule not in ("enum", "unique-items")]
    ideas = tuple(one for one in ideas if distinct(one) not in known)
    yield from sorted(
        ideas,
        key=lambda one: sum(
            each.breaks(measured(shape, one, each.keyword)) for each in stated
        ),
    )


def _numbers(values: list[Any]) -> list[float]:
    return [one for one in values if isinstance(one, int | float)]


def _wrong(shape: ir.Shape, schema: ir.Schema) -> Iterator[Any]:
    """Values of other types than those of a shape."""
    if not isinstance(shape, ir.OneOf):
        yield from _WRONG_TYPES[type(shape)]
        return
    known = families(schema, shape.id)
    for kind, value in _OF_FAMILY.items():
        if kind not in known:
            yield value
    yield None  # where it is not as good as nothing


_OF_FAMILY = {NUMBER: 7, STRING: "none", BOOLEAN: True, ARRAY: [], OBJECT: {}}


def _misspelt(shape: ir.Enum, right: str) -> Iterator[Mutation]:
    known = {value.value for value in shape.values}
    for text in (right + right[-1:], right.swapcase(), f"Not{right}", f"{right}?", ""):
        if text not in known:
            yield Mutation(text, f"{text!r}, which is not a value of {shape.id}")


def _variants(shape: ir.Union, right: Any, draw: Draw) -> Iterator[Mutation]:
    for member in shape.members:
        if member.name not in right:
            value = draw.value(member.target, part=OwnedMember(shape.id, member))
            both = {**right, member.name: value}
            yield Mutation(
                both, f"{member.name!r} is present beside {next(iter(right))!r}"
            )
    yield Mutation({}, "no member is given")


def _off_step(shape: ir.Integer | ir.Float, right: float) -> Iterator[Mutation]:
    """Numbers between two steps, those within the bounds first."""
    step = shape.multiple_of or 1
    beside = (right + 1, right - 1)
    if isinstance(shape, ir.Float):
        beside = (right + step / 2, right - step / 2)
    stated = of(shape)
    off = [one for one in beside if not is_multiple(one, step)]
    off.sort(key=lambda one: sum(each.breaks(one) for each in stated))
    for value in off:
        yield Mutation(value, f"{value!r}, which is not a multiple of {step!r}")


def at_bound(
    shape: ir.Shape, keyword: str, right: Any, draw: Draw
) -> Iterator[Mutation]:
    """Values that meet a bound exactly, or as nearly as the pattern lets them."""
    limit, below = limit_of(shape, keyword)
    action = f"exactly {_counted(shape, limit)}"
    if isinstance(shape, ir.Integer | ir.Float):
        right_numbers = numbers(shape)
        nearest = right_numbers.low if below else right_numbers.high
        if nearest is not None and nearest != limit:
            least = "least" if below else "greatest"
            action = f"{nearest!r}, the {least} number that is valid"
            limit = nearest
    if isinstance(shape, ir.String):
        low, high = span(shape)
        nearest = low if below else high
        if nearest != limit:
            limit = nearest
            few = "fewest" if below else "most"
            action = f"{_counted(shape, limit)}, the {few} that the pattern allows"
    for value in _sized(shape, limit, right, draw):
        yield Mutation(value, action)


def limit_of(shape: ir.Shape, keyword: str) -> tuple[float, bool]:
    """The limit that a keyword states, and whether it is a lower one."""
    if isinstance(shape, ir.Timestamp):
        return _MOMENTS[keyword], keyword == "minimum"
    limit: float = dict(limits(shape))[keyword]
    return limit, KEYWORDS[keyword].side == "low"


_MOMENTS = {"minimum": EPOCH_FIRST, "maximum": EPOCH_END - 1}


def _beyond(constraint: PlacedConstraint, right: Any, draw: Draw) -> Iterator[Mutation]:
    """The nearest values beyond a bound."""
    shape = constraint.site.shape
    limit, below = limit_of(shape, constraint.keyword)
    if isinstance(shape, ir.Integer | ir.Float):
        right_numbers = numbers(shape)
        value = right_numbers.beyond(below=below)
        action = f"{value!r}, one beyond the bound"
        if right_numbers.step is None:
            action = f"{value!r}, just beyond the bound {limit!r}"
        yield Mutation(value, action)
        return
    beyond = limit - 1 if below else limit + 1
    action = f"{_counted(shape, beyond)}, one beyond the bound"
    for value in _sized(shape, beyond, right, draw):
        yield Mutation(value, action)
    if isinstance(shape, ir.String):
        yield Mutation(("a" * int(beyond)), action)


def _sized(shape: ir.Shape, size: float, right: Any, draw: Draw) -> Iterator[Any]:
    """Values of a size, or the number itself."""
    match shape:
        case ir.Integer() | ir.Float() | ir.Timestamp():
            yield size
        case ir.String():
            yield from stretched(shape, right, int(size))
            drawn = draw.texts.of_length(shape, int(size))
            if drawn is not None:
                yield drawn
        case ir.Blob():
            yield base64.b64encode(draw.random.randbytes(int(size))).decode("ascii")
        case ir.List():
            yield draw.items(shape, int(size))
        case ir.Tuple():
            yield draw.first_items(shape, int(size))
        case ir.Map():
            entries = draw.entries(shape, int(size))
            if len(entries) < size:
                # There are not so many keys that are right: an enum has few values.
                more = range(int(size) - len(entries))
                value = next(iter(entries.values()), None)
                entries |= {f"key-{number}": value for number in more}
            yield entries
        case _:
            return


_UNITS = {
    ir.Timestamp: "epoch seconds",
    ir.String: "code points",
    ir.Blob: "bytes",
    ir.List: "items",
    ir.Tuple: "items",
    ir.Map: "entries",
}


def _counted(shape: ir.Shape, size: float) -> str:
    unit = _UNITS.get(type(shape))
    return f"{size!r}" if unit is None else f"{size!r} {unit}"


_WRONG_TYPES: dict[type[ir.Shape], tuple[Any, ...]] = {
    ir.String: (7, True, []),
    ir.Enum: (7, True, []),
    ir.Integer: ("seven", 1.5, True),
    ir.Float: ("seven", True),
    ir.Boolean: ("true", 1),
    ir.Blob: ("?", 7),
    ir.List: ({}, "none"),
    ir.Tuple: ({}, "none"),
    ir.Map: ([], "none"),
    ir.Structure: ([], "none"),
    ir.Union: ([], "none"),
}


def _name(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case str():
            return f"the text {value!r}"
        case int() | float():
            return f"the number {value!r}"
        case list():
            return "a list"
        case _:
            return "an object"
