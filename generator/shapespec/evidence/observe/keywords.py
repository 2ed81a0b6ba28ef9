"""Which keyword of a shape a value breaks; findings name the rule alone."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from shapespec import schema as ir

_RULES = {
    "minLength": "length",
    "maxLength": "length",
    "minItems": "length",
    "maxItems": "length",
    "minimum": "range",
    "maximum": "range",
    "pattern": "pattern",
    "uniqueItems": "unique-items",
}


def broken_keyword(shape: ir.Shape, value: object, rule: str) -> str:
    """The keyword that a value breaks, by a rule that was found broken.

    It is spelt as facts spell it; the rule itself where no keyword is to be told.
    """
    for keyword in broken_keywords(shape, value):
        if _RULES[keyword] == rule:
            return keyword
    return rule


def breaks_relaxed(shape: ir.Shape, value: object) -> bool:
    """Whether a value breaks a keyword that the shape relaxes."""
    relaxed = {fact_keyword(one.keyword) for one in getattr(shape, "relaxed", ())}
    return any(keyword in relaxed for keyword in broken_keywords(shape, value))


def fact_keyword(keyword: str) -> str:
    """A keyword of JSON Schema as facts call it, which have one word for both sizes."""
    return keyword.replace("Properties", "Items")


def spec_keyword(shape: ir.Shape, keyword: str) -> str:
    """A keyword as `relaxed` calls it."""
    return keyword.replace("Items", "Properties") if _is_map(shape) else keyword


def _is_map(shape: ir.Shape) -> bool:
    return isinstance(shape, ir.Map)


def broken_keywords(shape: ir.Shape, value: object) -> Iterator[str]:
    """Every keyword that a value of the right type breaks."""
    match shape, value:
        case ir.String(length=length, pattern=pattern), str():
            yield from _outside(len(value), length, "minLength", "maxLength")
            if pattern is not None and not re.fullmatch(pattern.python, value):
                yield "pattern"
        case ir.Blob(length=length), str():
            yield from _outside(_byte_count(value), length, "minLength", "maxLength")
        case ir.List(length=length), list():
            yield from _outside(len(value), length, "minItems", "maxItems")
            if shape.unique_items and len(value) > 1:
                yield "uniqueItems"  # perhaps; the validator knows
        case ir.Map(length=length), dict():
            yield from _outside(len(value), length, "minItems", "maxItems")
        case ((ir.Integer(range=limits) | ir.Float(range=limits)), (int() | float())):
            yield from _outside(value, limits, "minimum", "maximum")
        case _:
            pass


def _outside(
    size: float, bounds: ir.Bounds, least: str, greatest: str
) -> Iterator[str]:
    if bounds.min is not None and size < bounds.min:
        yield least
    if bounds.max is not None and size > bounds.max:
        yield greatest


def _byte_count(text: str) -> int:
    try:
        return len(base64.b64decode(text, validate=True))
    except ValueError:
        return 0
