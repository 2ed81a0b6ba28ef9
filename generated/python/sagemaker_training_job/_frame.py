# The run time of packages that shapespec generates, copied.
"""Responses as data frames hold them, read as JSON would have held them.

A frame has a value in every cell, so what is absent is NaN, NaT, NA or null; numbers,
times and lists are of the frame's own classes; and a map is a structure with every key
of every row, or a list of pairs. No library of frames is imported: their values are
known by what their classes offer.
"""
# pyright: basic

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum

from ._contract import SHAPES
from ._part import Part, with_parts

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from typing import Any

FRAME = "frame"
_AS_THEY_ARE = frozenset((str, int, bool))
_NOTHING = frozenset(("NAType", "NaTType"))
"""How pandas calls the classes of what is absent."""
_LONGEST = 310
"""How many digits before the point a decimal may have: no double is that long."""
_ANYTHING = Part("document")
_OF_PARTS = frozenset(("structure", "list", "tuple", "map"))
_MOST_CHOICES = 20


def read_frame(response: Any, shape: str) -> Any:
    """The response that a row or a cell of a frame stands for, of JSON's types.

    Absent are, in structures and maps, `None`, NaN, NaT and NA; a list keeps `None`.
    Where the shape has a structure, a list or a map, a text of JSON stands for it.
    Datetimes, bytes, and values of classes that no frame has stay what they are.

    Args:
        response: A row as a mapping, a named tuple, or an object of a generated class.
        shape: The shape it should have.
    """
    try:
        return _Reader().read(response, shape)
    except Exception:  # noqa: BLE001 - an object that raises what it likes
        return response


class _Reader:
    """Reads without recursion, and shared parts once."""

    def __init__(self) -> None:
        self.made: dict[tuple[int, int], Any] = {}
        self.alive: list[Any] = []
        self.pending: list[tuple[Any, Part, Any]] = []

    def read(self, response: Any, shape: str) -> Any:
        root = self.convert(response, with_parts(SHAPES.get(shape)))
        while self.pending:
            value, part, made = self.pending.pop()
            if isinstance(made, list):
                inside = part.inside if part.kind in ("list", "tuple") else _anything
                for at, item in enumerate(value):
                    below = with_parts(SHAPES.get(inside(at)))
                    made.append(self.convert(item, below or _below(part)))
            else:
                self.fill(value, part, made)
        return root

    def fill(self, value: dict[Any, Any], part: Part, made: dict[Any, Any]) -> None:
        """The members of a structure or the entries of a map that are there."""
        below = _below(part)
        if part.kind == "map":
            below = with_parts(SHAPES.get(part.target))
        members, by_snake = part.members, part.by_snake
        for key, item in value.items():
            if item is None and key not in part.nulls:
                continue
            if members:
                name = key if key in members else by_snake.get(key)
                below = None
                if name is not None:
                    below = with_parts(SHAPES.get(members[name].shape))
            found = self.convert(item, below)
            if found is not None or key in part.nulls:
                made[key if type(key) is str else _scalar(key)] = found

    def convert(self, value: Any, part: Part | None) -> Any:
        if type(value) in _AS_THEY_ARE and (part is None or type(value) is not str):
            return value
        part = part or _ANYTHING
        key = id(value), id(part)
        if key in self.made:  # an array may hold itself, and is a new list each time
            return self.made[key]
        given, value = value, _plain(value, part)
        if type(value) is str and part.kind in _OF_PARTS:
            value = _of_json(value)
        if part.kind == "one_of":
            if type(value) is str and not part.takes_text():
                value = _of_json(value, "")
            part = _option(part, value)
        if type(value) is list and part.kind == "map":
            value = _of_pairs(value)
        if type(value) is not dict and type(value) is not list:
            return value
        self.made[key] = made = type(value)()
        self.alive.append(given)
        self.pending.append((value, part, made))
        return made


def _anything(_: int) -> str:
    return ""


def _option(part: Part, value: Any) -> Part:
    """The option of a choice that a value is meant to be; anything where unclear."""
    for _ in range(_MOST_CHOICES):
        try:
            part = with_parts(SHAPES.get(part.meant(value))) or _ANYTHING
        except TypeError:  # its tag is not a text
            return _ANYTHING
        if part.kind != "one_of":
            return part
    return _ANYTHING


def _below(part: Part) -> Part | None:
    return _ANYTHING if part.kind == "document" else None


def _plain(value: Any, part: Part) -> Any:
    """A value of a frame's own class as one of JSON's; none for what is absent."""
    for _ in range(3):  # an array of one holds a scalar of numpy, that one a number
        try:
            found = _once(value, part)
        except Exception:  # noqa: BLE001 - what its methods raise; it is judged as it is
            break
        if found is value:
            break
        value = found
    return value


def _once(value: Any, part: Part) -> Any:
    kind = type(value)
    if value is None or kind in _AS_THEY_ARE or kind in (dict, list):
        return value
    if kind.__name__ in _NOTHING:
        return None
    if issubclass(kind, (float, Decimal)):
        return _number(value)
    if hasattr(kind, "dtype") or hasattr(kind, "as_py") or hasattr(kind, "to_pylist"):
        return _of_array(value, kind, part)
    if issubclass(kind, Mapping):
        return dict(value)
    for name in ("to_response", "asDict", "_asdict"):
        if hasattr(kind, name):
            found = dict(getattr(value, name)())
            return _without_index(found, part) if kind.__name__ == "Pandas" else found
    if issubclass(kind, tuple):
        return list(value)
    return _scalar(value)


def _scalar(value: Any) -> Any:
    """A value without parts: a member of an enum, a day, a text of some class."""
    kind = type(value)
    if issubclass(kind, Enum):
        return value.value
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, date) and not issubclass(kind, datetime):
        return datetime.combine(value, time())
    return value


def _number(value: Any) -> Any:
    """A number as an `int` or a `float`; none for NaN."""
    if value != value:  # noqa: PLR0124 - NaN, NaT
        return None
    if not isinstance(value, Decimal):
        return float(value)
    if not value.is_finite() or value.adjusted() > _LONGEST:
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def _of_array(value: Any, kind: type, part: Part) -> Any:
    """What numpy, pandas, polars or Arrow hold, as Python holds it."""
    if hasattr(kind, "as_py"):
        return value.as_py()
    if hasattr(kind, "to_pylist"):
        return value.to_pylist()
    if hasattr(kind, "to_dict") and part.kind != "list":
        return value.to_dict()  # a row of pandas, as `iterrows` gives it
    if getattr(value.dtype, "kind", "") == "M":
        value = value.astype("datetime64[us]")
    for name in ("item", "tolist", "to_list"):
        if hasattr(kind, name) and (name != "item" or getattr(value, "shape", 0) == ()):
            return getattr(value, name)()
    return value


def _without_index(row: dict[Any, Any], part: Part) -> dict[Any, Any]:
    """A row as `itertuples` gives it, without the label, which is in front of it."""
    if "Index" not in part.members:
        row.pop("Index", None)
    return row


def _of_json(text: str, begins: str = "{[") -> Any:
    """The object or the list that a text of JSON holds; else the text."""
    if begins and (not text or text.lstrip()[:1] not in (*begins,)):
        return text
    try:
        found = json.loads(text, object_pairs_hook=_unique, parse_constant=_refused)
    except (ValueError, RecursionError):
        return text
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _refused(word: str) -> Any:
    raise ValueError(word)


def _of_pairs(items: list[Any]) -> Any:
    """The map that a list of keys and values stands for; else the list."""
    found: dict[Any, Any] = {}
    for item in items:
        if isinstance(item, dict) and item.keys() == {"key", "value"}:
            name, value = item["key"], item["value"]
        elif isinstance(item, (tuple, list)) and len(item) == 2:
            name, value = item
        else:
            return items
        if not isinstance(name, str) or name in found:
            return items
        found[name] = value
    return found
