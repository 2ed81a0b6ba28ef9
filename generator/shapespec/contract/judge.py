"""Judges a value by a schema directly, without generated code.

Slow and short. It serves the compiler's own questions, such as whether an example
in a spec is right, and the tests as a second opinion on generated validators.
"""

from __future__ import annotations

import base64
import math
import re
from datetime import datetime
from functools import lru_cache
from typing import Any, assert_never

from shapespec.contract import constraints, schema as ir
from shapespec.contract.choices import families, pick
from shapespec.contract.timestamps import EPOCH_END, EPOCH_FIRST, text_pattern
from shapespec.patterns import Pattern
from shapespec.patterns.match import Undecided, matches
from shapespec.runtime import _words as words

_LONGEST = 1000
"""How long a text may be for an engine, which may take the square of that."""


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def problem(schema: ir.Schema, target: str, value: object) -> str | None:
    """The first thing that is wrong with a value, or none.

    Unknown members are not wrong where a shape is not closed, nor are unknown values
    of open enums.
    """
    shape = schema.shapes[target]
    match shape:
        case ir.String():
            return _string(shape, value)
        case ir.Enum():
            return _enum(shape, value)
        case ir.Integer() | ir.Float():
            return _number(shape, value)
        case ir.Boolean():
            if not isinstance(value, bool):
                return _expected("a boolean", value)
            return _demands(shape, value)
        case ir.Timestamp():
            return _timestamp(ir.encodings(schema), value)
        case ir.Blob():
            return _blob(shape, value)
        case ir.Document():
            return _demands(shape, value)
        case ir.List() | ir.Tuple():
            return _list(schema, shape, value)
        case ir.Map():
            return _map(schema, shape, value)
        case ir.Structure():
            return _structure(schema, shape, value)
        case ir.Union():
            return _union(schema, shape, value)
        case ir.OneOf():
            return _one_of(schema, shape, value)


_WORDS = {
    bool: "a boolean",
    int: "a number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "a mapping",
}


def _expected(what: str, value: object) -> str:
    found = "null" if value is None else _WORDS.get(type(value), type(value).__name__)
    return f"expected {what}, found {found}"


def _demands(shape: ir.Shape, value: Any, what: str = "length") -> str | None:
    """The first constraint that a value of the right type breaks, in words."""
    for one in constraints.of(shape):
        rule = one.rule
        match rule:
            case "enum":
                if one.breaks(value):
                    return f"it is not {one.demand()}"
            case "pattern":
                if not _matches(one.limit, value):
                    return f"it does not match `{one.stated}`"
            case "format":
                if not _matches(one.limit.pattern, value):
                    return f"it is not {one.demand()}"
            case "multiple-of":
                if one.breaks(value):
                    return f"{what} {value} is not {one.demand()}"
            case "unique-items":
                pass  # the items themselves come first
            case "length" | "range":
                size = constraints.measured(shape, value, one.keyword)
                if one.breaks(size):
                    return f"{what} {size} is {one.about.beyond.format(one.limit)}"
            case _:
                assert_never(rule)
    return None


def _matches(pattern: Pattern, value: str) -> bool:
    try:
        return matches(pattern.regex, value)
    except Undecided:  # by an engine then, where it cannot take long
        engine = _compiled(pattern.python)
        return len(value) > _LONGEST or engine.fullmatch(value) is not None


def _string(shape: ir.String, value: object) -> str | None:
    if not isinstance(value, str):
        return _expected("text", value)
    return _demands(shape, value)


def _enum(shape: ir.Enum, value: object) -> str | None:
    if not isinstance(value, str):
        return _expected("text", value)
    if shape.open or any(known.value == value for known in shape.values):
        return None
    return f"`{value}` is not a value of `{shape.id}`"


def _number(shape: ir.Integer | ir.Float, value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _expected("a number", value)
    if isinstance(value, float) and not math.isfinite(value):
        return "it is not finite"
    if isinstance(shape, ir.Integer) and value != int(value):
        return "it is not a whole number"
    return _demands(shape, value, "value")


def _timestamp(encodings: frozenset[str], value: object) -> str | None:
    pattern = text_pattern(encodings)
    match value:
        case datetime() if "datetime" in encodings:
            return None
        case str() if pattern is not None and _compiled(pattern).fullmatch(value):
            return None
        case bool():
            return _expected("a timestamp", value)
        case int() | float() if EPOCH_FIRST <= value < EPOCH_END:
            return None if "epoch-seconds" in encodings else "no form reads numbers"
        case _:
            return "it is not a timestamp"


def _blob(shape: ir.Blob, value: object) -> str | None:
    if not isinstance(value, str):
        return _expected("base64 text", value)
    try:
        base64.b64decode(value, validate=True)
    except ValueError:
        return "it is not base64"
    return _demands(shape, value)


def _list(schema: ir.Schema, shape: ir.List | ir.Tuple, value: object) -> str | None:
    if not isinstance(value, list):
        return _expected("a list", value)
    wrong = _demands(shape, value)
    if wrong:
        return wrong
    for index, item in enumerate(value):
        target = shape.member if isinstance(shape, ir.List) else shape.at(index)
        wrong = None if target is None else problem(schema, target, item)
        if wrong and not (item is None and shape.sparse):
            return wrong
    items = [constraints.distinct(item) for item in value]
    if shape.unique_items and any(item in items[:at] for at, item in enumerate(items)):
        return "an item occurs twice"
    return None


def _map(schema: ir.Schema, shape: ir.Map, value: object) -> str | None:
    if not isinstance(value, dict):
        return _expected("a mapping", value)
    wrong = _demands(shape, value)
    for name, item in value.items():
        wrong = wrong or problem(schema, shape.key, name)
        if not (item is None and shape.sparse):
            wrong = wrong or problem(schema, shape.value, item)
    return wrong


def _structure(schema: ir.Schema, shape: ir.Structure, value: object) -> str | None:
    if not isinstance(value, dict):
        return _expected("a mapping", value)
    for member in shape.members:
        item = value.get(member.name)
        absent = member.null == "absent" or member.name not in value
        if item is None and absent:
            if member.required or member.claimed:
                return f"`{member.name}` is missing"
            continue
        if item is None and member.nullable:
            continue
        if item is None:
            return f"`{member.name}`: {_expected('a value', item)}"
        wrong = problem(schema, member.target, item)
        if wrong:
            return f"`{member.name}`: {wrong}"
    return _unknown(shape, value)


def _unknown(shape: ir.Structure | ir.Union, value: dict[object, object]) -> str | None:
    """A member that a closed shape does not have, in words."""
    known = {member.name for member in shape.members}
    for name in value:
        if shape.closed and name not in known:
            return f"`{name}` is not a member of `{shape.id}`"
    return None


def _union(schema: ir.Schema, shape: ir.Union, value: object) -> str | None:
    if not isinstance(value, dict):
        return _expected("a mapping", value)
    for member in shape.members:
        if not member.nullable and value.get(member.name, member) is None:
            return f"`{member.name}`: {_expected('a value', None)}"
    given = {name: item for name, item in value.items() if item is not None}
    ours = [member for member in shape.members if member.name in given]
    if len(ours) > 1 or not given:
        return f"expected one member, found {len(given)}"
    for member in ours:
        wrong = problem(schema, member.target, given[member.name])
        if wrong:
            return wrong
    return _unknown(shape, value)


def _one_of(schema: ir.Schema, shape: ir.OneOf, value: object) -> str | None:
    option = pick(schema, shape, value)
    if option is not None:
        return problem(schema, option.target, value)
    if not isinstance(value, dict) or not shape.is_choice_of_objects:
        return _expected(words.types(families(schema, shape.id)), value)
    if shape.discriminator is None:
        return "it does not have the required members of exactly one option"
    tag = value.get(shape.discriminator)
    if tag is None:
        return f"`{shape.discriminator}` is missing"
    known_later = shape.open and isinstance(tag, str)
    return None if known_later else f"`{tag}` is not a tag of `{shape.id}`"
