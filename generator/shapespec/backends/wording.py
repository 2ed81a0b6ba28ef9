"""Constraints in words, the same in docstrings, references and messages."""

from __future__ import annotations

import json

from shapespec import schema as ir

CLAIM = "documented; not confirmed by responses"
"""What findings say of a constraint that is a claim."""


def bounds(limits: ir.Bounds, singular: str, plural: str) -> str | None:
    """Bounds on a size: "1 to 20 items", "at most 1 item", "exactly 3 items"."""
    low, high = limits
    if low in (None, 0):
        low = None
    if low is None and high is None:
        return None
    if low is None:
        return f"at most {number(high)} {singular if high == 1 else plural}"
    if high is None:
        return f"at least {number(low)} {singular if low == 1 else plural}"
    if low == high:
        return f"exactly {number(low)} {singular if low == 1 else plural}"
    return f"{number(low)} to {number(high)} {plural}"


def interval(limits: ir.Bounds) -> str | None:
    """Bounds on a number: "1 or more", "at most 5", "0 to 21600"."""
    low, high = limits
    if low is None and high is None:
        return None
    if low is None:
        return f"at most {number(high)}"
    if high is None:
        return f"{number(low)} or more"
    return f"{number(low)} to {number(high)}"


def number(value: float | None) -> str:
    """A number as JSON writes it."""
    return repr(value)


def constraints(shape: ir.Shape) -> list[str]:
    """What a shape demands of a value beside its type, phrase by phrase."""
    found: list[str | None] = []
    match shape:
        case ir.String(length=length, pattern=pattern):
            found.append(bounds(length, "character", "characters"))
            if pattern is not None:
                found.append(f"matching `{pattern.source}`")
        case ir.Integer(range=limits) | ir.Float(range=limits):
            found.append(interval(limits))
        case ir.Blob(length=length):
            found.append(bounds(length, "byte", "bytes"))
        case ir.List(length=length, unique_items=unique):
            found.append(bounds(length, "item", "items"))
            if unique:
                found.append("none twice")
        case ir.Map(length=length):
            found.append(bounds(length, "entry", "entries"))
        case _:
            pass
    return [phrase for phrase in found if phrase]


def claims(shape: ir.Shape) -> list[str]:
    """The keywords of a shape that are claims, in its own order."""
    relaxed: tuple[ir.Relaxation, ...] = getattr(shape, "relaxed", ())
    return [one.keyword for one in relaxed if one.decision is None]


def unit(shape: ir.Shape) -> str | None:
    """The unit that a shape's values have."""
    return shape.unit if isinstance(shape, ir.Integer | ir.Float) else None


def value(given: ir.Json) -> str:
    """A value as JSON, in code."""
    return f"`{json.dumps(given, ensure_ascii=False)}`"


def deprecated(mark: ir.Deprecated) -> str:
    """Since when something is deprecated and what to use, as sentences."""
    since = f" since {mark.since}" if mark.since else ""
    use = f" Use {mark.use} instead." if mark.use else ""
    return f"Deprecated{since}.{use}"
