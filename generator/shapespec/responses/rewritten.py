"""Responses as R, Python, DynamoDB or another spelling writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping


def unboxed(value: object) -> object:
    """A value with each list of one scalar replaced by that scalar."""
    match value:
        case [(str() | int() | float()) as one]:
            return one
        case list():
            return [unboxed(item) for item in value]
        case dict():
            return {name: unboxed(item) for name, item in value.items()}
        case _:
            return value


_MILLISECONDS = (10**11, 10**14)
"""Numbers that are moments in milliseconds, and far from any in seconds."""


def _is_odd_moment(value: object) -> bool:
    match value:
        case {"$date": _, **rest}:
            return not rest
        case str():
            return value.startswith("datetime.datetime(")
        case [int() | float() as number]:  # as R writes a vector
            return _MILLISECONDS[0] <= number < _MILLISECONDS[1]
        case _:
            return False


def odd_moments(value: object) -> Iterator[object]:
    """Values that stand for moments as R or MongoDB write them."""
    if _is_odd_moment(value):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from odd_moments(item)


def with_moments(value: object) -> object:
    """The same with a moment as text in their places, which every form reads."""
    if _is_odd_moment(value):
        return "2023-11-14T22:13:20Z"
    match value:
        case list():
            return [*map(with_moments, value)]
        case dict():
            return {name: with_moments(item) for name, item in value.items()}
        case _:
            return value


def fold(name: str) -> str:
    """What is left of a name without joints and capitals."""
    return name.replace("_", "").replace("-", "").casefold()


def renamed(value: object, known: Mapping[str, str], odd: dict[str, str]) -> object:
    """A value with the names that are known, however they are written.

    Args:
        value: The value.
        known: Names by what is left of them without joints and capitals.
        odd: Where names are noted that are written in another way.
    """
    match value:
        case dict():
            found = {}
            for written, item in value.items():
                name = known.get(fold(str(written)), written)
                if name != written:
                    odd.setdefault(str(written), name)
                found[name] = renamed(item, known, odd)
            return found
        case list():
            return [renamed(item, known, odd) for item in value]
        case _:
            return value


_TYPES = frozenset(("S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS"))


def is_typed(value: object) -> bool:
    """Whether DynamoDB writes a value so: its type, and then itself."""
    return isinstance(value, dict) and len(value) == 1 and value.keys() <= _TYPES


def untyped(value: object) -> object:
    """A value of DynamoDB as JSON would have it."""
    match value:
        case {"M": dict() as members}:
            return {name: untyped(item) for name, item in members.items()}
        case {"L": list() as items}:
            return [*map(untyped, items)]
        case {"N": str() as number}:
            return _number(number)
        case {"NULL": _}:
            return None
        case dict() if is_typed(value):
            return next(iter(value.values()))
        case _:
            return value


def _number(text: str) -> object:
    try:
        found: object = json.loads(text)
    except ValueError:
        return text
    return found
