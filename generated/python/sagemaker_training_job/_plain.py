# The run time of packages that shapespec generates, copied.
"""Values of odd classes, as the built-in classes read them."""
# pyright: basic

from __future__ import annotations

from datetime import datetime, timezone

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from typing import Any


def plain(response: Any) -> Any:
    """The same of JSON's own types, bytes and datetimes, without a word of any class.

    A subclass may raise whatever it likes from any of its methods; here its value is
    read as the built-in class reads it. What is of no built-in class, and what only
    says so, is an `object`, which no shape takes. Parts that are shared stay shared.
    """
    made: dict[int, Any] = {}
    pending: list[Any] = []

    def shell(value: Any) -> Any:
        kind = type(value)
        if not issubclass(kind, (dict, list)):
            return _plain_scalar(value)
        if id(value) not in made:
            made[id(value)] = {} if issubclass(kind, dict) else []
            pending.append(value)
        return made[id(value)]

    root = shell(response)
    while pending:
        value = pending.pop()
        found = made[id(value)]
        if isinstance(found, list):
            found.extend(map(shell, list.__iter__(value)))
        else:
            for key, item in dict.items(value):
                found[_plain_scalar(key)] = shell(item)
    return root


_KEPT = (bool, int, float, str, bytes, bytearray, type(None))


def _plain_scalar(value: Any) -> Any:
    kind = type(value)
    if kind in _KEPT:
        return value
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, int):
        return int.__add__(value, 0)
    if issubclass(kind, float):
        return float.__float__(value)
    if issubclass(kind, bytes):
        return bytes.__getitem__(value, slice(None))
    if issubclass(kind, bytearray):
        return bytearray.__getitem__(value, slice(None))
    if issubclass(kind, datetime):
        return _plain_moment(value)
    return type(type.__dict__["__name__"].__get__(kind), (), {})()


def _plain_moment(value: Any) -> Any:
    """A datetime with a fixed offset; an object where its time zone gives none."""
    try:
        offset = datetime.utcoffset(value)
        day, time = datetime.date(value), datetime.time(value)
        zone = None if offset is None else timezone(offset)
    except Exception:  # noqa: BLE001 - a time zone may raise whatever it likes
        return object()
    return datetime.combine(day, time, zone)
