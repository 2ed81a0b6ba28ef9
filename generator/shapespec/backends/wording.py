"""Constraints in words, the same in docstrings, references and messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import assert_never

from shapespec.contract import schema as ir
from shapespec.contract.constraints import by_rule, of
from shapespec.ground.values import Json
from shapespec.runtime._words import CLAIM, interval, size

__all__ = ["CLAIM", "CLOSED"]

CLOSED = "There are no other members: an unknown one is an error."
"""What references say of a closed structure or union."""


_KINDS = {
    ir.String: "string",
    ir.Blob: "blob",
    ir.List: "list",
    ir.Tuple: "tuple",
    ir.Map: "map",
}


def bounds_of(shape: ir.Shape) -> str | None:
    """The length or the range of a shape."""
    match shape:
        case ir.Integer(range=limits) | ir.Float(range=limits):
            return interval(*limits)
        case (
            ir.String(length=limits)
            | ir.Blob(length=limits)
            | ir.List(length=limits)
            | ir.Tuple(length=limits)
            | ir.Map(length=limits)
        ):
            return size(limits.min, limits.max, _KINDS[type(shape)])
        case _:
            return None


def constraints(shape: ir.Shape) -> list[str]:
    """What a shape demands of a value beside its type, phrase by phrase."""
    return [phrase for phrase in _phrases(shape) if phrase]


def _phrases(shape: ir.Shape) -> Iterator[str | None]:
    for rule, found in by_rule(of(shape)).items():
        match rule:
            case "length" | "range":
                yield bounds_of(shape)
            case "enum":
                words = (
                    "always" if one.keyword == "const" else "one of" for one in found
                )
                yield from (
                    f"{word} {one.demand()}"
                    for word, one in zip(words, found, strict=True)
                )
            case "pattern":
                yield from (f"matching `{one.stated}`" for one in found)
            case "format":
                yield from (one.demand() for one in found)
            case "multiple-of":
                yield from (one.demand() for one in found)
            case "unique-items":
                yield "none twice"
            case _:
                assert_never(rule)


def claims(shape: ir.Shape) -> list[str]:
    """The keywords of a shape that are claims, in its own order."""
    return [one.keyword for one in of(shape) if one.claimed]


def choice(shape: ir.OneOf) -> list[str]:
    """What tells the options of a choice apart, in sentences."""
    if shape.discriminator is not None:
        said = [f"`{shape.discriminator}` says which of the structures it is."]
        if shape.open:
            said.append("There may be others than these.")
        return said
    return [
        f"`{one.target}` has {' and '.join(f'`{name}`' for name in one.needs)}."
        for one in shape.options
        if one.needs
    ]


def unit(shape: ir.Shape) -> str | None:
    """The unit that a shape's values have."""
    return shape.unit if isinstance(shape, ir.Integer | ir.Float) else None


def value(given: Json) -> str:
    """A value as JSON, in code."""
    return f"`{json.dumps(given, ensure_ascii=False)}`"


def deprecated(mark: ir.Deprecated) -> str:
    """Since when something is deprecated and what to use, as sentences."""
    since = f" since {mark.since}" if mark.since else ""
    use = f" Use {mark.use} instead." if mark.use else ""
    return f"Deprecated{since}.{use}"
