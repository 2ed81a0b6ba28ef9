"""Amounts as people say them: "28 days" in place of 2419200 s."""

from __future__ import annotations

from shapespec.contract import schema as ir

_SECONDS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))
_UNITS = {
    "s": 1.0,
    "sec": 1.0,
    "second": 1.0,
    "seconds": 1.0,
    "ms": 0.001,
    "millisecond": 0.001,
    "milliseconds": 0.001,
    "min": 60.0,
    "minute": 60.0,
    "minutes": 60.0,
    "h": 3600.0,
    "hour": 3600.0,
    "hours": 3600.0,
}

_IN_FULL = {
    "s": "seconds",
    "sec": "seconds",
    "ms": "milliseconds",
    "min": "minutes",
    "h": "hours",
}


def in_full(unit: str) -> str:
    """A unit of time as a word, where the spec has its symbol; others as they are."""
    return _IN_FULL.get(unit, unit)


def grouped(number: float) -> str:
    """A number whose thousands can be told apart: 2,419,200."""
    if isinstance(number, int) and abs(number) >= 10_000:
        return f"{number:,}"
    return repr(number)


def humane(number: float, unit: str | None) -> str | None:
    """A time as people say it; none where it is as plain as it is."""
    scale = _UNITS.get((unit or "").lower())
    if scale is None:
        return None
    seconds = number * scale
    for size, word in _SECONDS:
        count = seconds / size
        if count >= 1 and (scale != size) and round(count, 2) == count:
            shown = int(count) if count == int(count) else count
            return f"{shown} {word}{'' if shown == 1 else 's'}"
    if scale < 1 and seconds >= 1 and seconds == int(seconds):
        return f"{int(seconds)} second{'' if seconds == 1 else 's'}"
    return None


def of(shape: ir.Shape, unit: str | None) -> str | None:
    """The range of a number in words that a glance takes in: "1 s to 28 days"."""
    if not isinstance(shape, ir.Integer | ir.Float):
        return None
    return interval(shape.range, unit)


def interval(limits: ir.Bounds, unit: str | None) -> str | None:
    """Bounds in words that a glance takes in."""
    low, high = limits.min, limits.max
    if limits.above is not None or limits.below is not None:
        return None
    said = [humane(one, unit) for one in (low, high) if one is not None]
    if not any(said):
        return None
    if low is None:
        return f"at most {said[0]}"
    if high is None:
        return f"at least {said[0]}"
    shown = [
        word or f"{grouped(one)} {unit}"
        for word, one in zip(said, (low, high), strict=True)
    ]
    return " to ".join(shown)
