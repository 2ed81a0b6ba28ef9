# The run time of packages that shapespec generates, copied.
"""What compiled CEL calls: operations that return None where there is no value."""
# pyright: basic

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from math import inf, isnan, nan

from . import _steps
from ._form import is_in_range, read_moment
from ._forms import ANY_FORM

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from typing import Any

begin = _steps.begin
limited = _steps.limited
weighed = _steps.weighed

_DURATION_PART = re.compile(r"([0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(h|ms|m|s|us|ns)")
_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_INTEGER = re.compile(r"-?[0-9]{1,19}")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SMALL = 2**53
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "bool"),
    (int, "number"),
    (float, "number"),
    (str, "string"),
    (list, "list"),
    (tuple, "list"),
    (dict, "map"),
    (bytes, "bytes"),
    (datetime, "timestamp"),
    (timedelta, "duration"),
)
NO_ANSWER = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What an expression fails with where a value is not of the type it is taken for."""
_COUNTS_SECONDS = ANY_FORM.is_moment(0.0)


def both(left: bool | None, right: bool | None) -> bool | None:
    """`&&`: false where one is false, else none where one is none."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def either(left: bool | None, right: bool | None) -> bool | None:
    """`||`: true where one is true, else none where one is none."""
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def every(verdicts: Iterable[bool | None]) -> bool | None:
    """`all`: false where one is false, else none where one is none."""
    found: bool | None = True
    for verdict in verdicts:
        if verdict is False:
            return False
        if verdict is None:
            found = None
    return found


def some(verdicts: Iterable[bool | None]) -> bool | None:
    """`exists`: true where one is true, else none where one is none."""
    found: bool | None = False
    for verdict in verdicts:
        if verdict is True:
            return True
        if verdict is None:
            found = None
    return found


def exactly_one(verdicts: Iterable[bool | None]) -> bool | None:
    """`exists_one`: none where one is none, else whether one is true."""
    count = 0
    for verdict in verdicts:
        if verdict is None:
            return None
        count += verdict
    return count == 1


def kept(pairs: Iterable[tuple[bool | None, Any]]) -> list[Any] | None:
    """`filter`: the items whose verdict is true; none where one is none."""
    found = []
    for verdict, item in pairs:
        if verdict is None:
            return None
        if verdict:
            found.append(item)
    return found


def mapped(values: Iterable[Any]) -> list[Any] | None:
    """`map`: the values; none where one is none."""
    found = list(values)
    return None if None in found else found


def distinct(values: list[Any]) -> bool | None:
    """`all` over `exists_one`: whether all values differ; none where one is none."""
    if any(value is None for value in values):
        return None
    keys = [value if type(value) is str else _key(value) for value in values]
    return len(set(keys)) == len(keys)


def _key(value: Any) -> Any:
    """What equal values share, and others do not; its hash is not easily met.

    Integers that differ by multiples of 2**61 - 1 have one hash, so many of them in a
    set take the square of their number.
    """
    kind = type(value)
    if issubclass(kind, (datetime, timedelta, bytes)):
        return value
    if issubclass(kind, float):
        return int(value) if value.is_integer() and abs(value) < _SMALL else ("", value)
    if issubclass(kind, int) and kind is not bool and abs(value) < _SMALL:
        return int(value)
    from ._report import canonical

    return "", canonical(value)


# --- shapes -----------------------------------------------------------------------

_DEEPEST = 40
"""How many values within each other are asked at once what they conform to."""

_TOO_DEEP = f"more than {_DEEPEST} values in each other ask what they conform to"

_asked: ContextVar[_Asked | None] = ContextVar("asked", default=None)


class _Asked:
    """What has been asked while one value was judged, so that nothing is asked twice.

    The values are kept with the answers, since it is their identity that is known.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.found: dict[tuple[int, str], tuple[Any, bool | Exception | None]] = {}


def conforms(value: Any, shape: str) -> bool | None:
    """Whether a value has no error by a shape; none where that depends on itself.

    Raises:
        TooManySteps: There is no time to say so.
    """
    asked = _asked.get()
    if asked is None:
        token = _asked.set(_Asked())
        try:
            return conforms(value, shape)
        finally:
            _asked.reset(token)
    key = (id(value), shape)
    if key not in asked.found:
        if asked.depth == _DEEPEST:
            raise _steps.TooManySteps(_TOO_DEEP)
        asked.found[key] = (value, None)
        asked.depth += 1
        try:
            asked.found[key] = (value, _has_no_error(value, shape))
        except _steps.TooManySteps as error:
            asked.found[key] = (value, error)
        finally:
            asked.depth -= 1
    found = asked.found[key][1]
    if isinstance(found, Exception):
        raise found.with_traceback(None)
    return found


def conforming(value: Any, *shapes: str) -> int | None:
    """By how many shapes a value has no error; none where that depends on itself."""
    found = [conforms(value, shape) for shape in shapes]
    return None if None in found else found.count(True)


def _has_no_error(value: Any, shape: str) -> bool:
    from ._findings import checks_for
    from ._report import Report

    report = Report(ANY_FORM, strict=False)
    found = report.run(checks_for(ANY_FORM)[shape], value)
    if any(one.severity == "error" for one in found):
        return False
    if report.unjudged is not None:
        raise report.unjudged
    return True


def others(
    value: Any,
    known: tuple[str, ...],
    matches: Callable[[str], Any] | None = None,
    *,
    wanted: bool = True,
) -> dict[str, Any]:
    """The members without a name in the shape; those whose names match, or do not."""
    return {
        name: item
        for name, item in value.items()
        if name not in known
        and (matches is None or (matches(name) is not None) is wanted)
    }


def but(matches: Callable[[str], Any]) -> Callable[[str], bool]:
    """What finds the names that something else does not find."""
    return lambda name: not matches(name)


def every_name(name: str) -> bool:
    """Whether a member may be one of the others: any may."""
    del name
    return True


def total(left: Any, right: Any) -> Any:
    """`+` on doubles and times; none where it is beyond what they can be."""
    try:
        return left + right
    except OverflowError:
        return None


def difference(left: Any, right: Any) -> Any:
    """`-` on doubles and times; none where it is beyond what they can be."""
    try:
        return left - right
    except OverflowError:
        return None


def product(left: float, right: float) -> float | None:
    """`*` on doubles; none where one is too great an integer."""
    try:
        return left * right
    except OverflowError:
        return None


def quotient(dividend: float, divisor: float) -> float | None:
    """`/` on doubles; none where the divisor is zero."""
    try:
        return None if divisor == 0 else dividend / divisor
    except OverflowError:
        return None


def whole_quotient(dividend: int, divisor: int) -> int | None:
    """`/` on integers, towards zero; none where the divisor is zero."""
    if divisor == 0:
        return None
    whole = abs(dividend) // abs(divisor)
    return whole if (dividend < 0) == (divisor < 0) else -whole


def remainder(dividend: int, divisor: int) -> int | None:
    """`%`: with the sign of the dividend; none where the divisor is zero."""
    if divisor == 0:
        return None
    rest = abs(dividend) % abs(divisor)
    return -rest if dividend < 0 else rest


def at(container: Any, index: Any) -> Any:
    """An item of a list or a value of a map; None if there is none."""
    items: Any = container
    if type(items) is list and type(index) is int:
        return items[index] if 0 <= index < len(items) else None
    if _kind(container) == "map":
        return container.get(index) if _kind(index) == "string" else None
    if _kind(container) != "list" or _kind(index) != "number":
        return None
    return container[int(index)] if 0 <= index < len(container) else None


def _kind(value: Any) -> str:
    """The type of a value, as JSON names it, or that of its class."""
    if value is None:
        return "null"
    for kind, name in _KINDS:
        if issubclass(type(value), kind):
            return name
    return type(value).__name__


def of_type(value: Any, *wanted: str) -> Any:
    """What stands in a document, where it is of one of some types of CEL; else none."""
    kind = _kind(value)
    if kind == "number":
        kind = "double" if issubclass(type(value), float) else "int"
    return value if kind in wanted else None


def comparable(left: Any, right: Any) -> bool:
    """Whether one of two values can be less than the other."""
    kind = _kind(left)
    return kind == _kind(right) and kind not in ("null", "list", "map")


def equal(left: Any, right: Any) -> bool:
    """`==` on what may have parts, however deep.

    Numbers are equal by value, and no number equals a boolean. What is met again, where
    a few objects share each other, is not compared again.
    """
    pending = [(left, right)]
    seen: set[tuple[int, int]] = set()
    while pending:
        one, other = pending.pop()
        kind = _kind(one)
        if kind != _kind(other):
            return False
        if kind not in ("list", "map"):
            if one != other:
                return False
            continue
        if len(one) != len(other):
            return False
        if (id(one), id(other)) in seen:
            continue
        seen.add((id(one), id(other)))
        if kind == "list":
            pending.extend(zip(one, other, strict=True))
        else:
            for key, value in one.items():
                if key not in other:
                    return False
                pending.append((value, other[key]))
    return True


def same_members(left: Any, right: Any) -> bool:
    """`==` on structures, or lists or maps of them: a member that is null is absent."""
    return equal(_without_null(left), _without_null(right))


def _without_null(value: Any) -> Any:
    """The same without entries that are null; shared parts stay shared."""
    made: dict[int, Any] = {}

    def shell(item: Any) -> Any:
        kind = _kind(item)
        if kind not in ("list", "map"):
            return item
        if id(item) not in made:
            made[id(item)] = [] if kind == "list" else {}
            pending.append(item)
        return made[id(item)]

    pending: list[Any] = []
    root = shell(value)
    while pending:
        item = pending.pop()
        found = made[id(item)]
        if isinstance(found, list):
            found.extend(map(shell, item))
        else:
            for key, part in item.items():
                if part is not None:
                    found[key] = shell(part)
    return root


def among(value: Any, container: Any) -> bool | None:
    """`in`: whether a list has an equal item, or a map the key; none for the rest."""
    kind = _kind(container)
    if kind == "map":
        return value in container if _kind(value) == "string" else None
    return any(equal(value, item) for item in container) if kind == "list" else None


def moment(value: Any) -> datetime | None:
    """A timestamp in any spelling as an aware datetime; none where it is none."""
    if type(value) is float and _COUNTS_SECONDS and 0.0 <= value < 4e9:
        return _EPOCH + timedelta(0, value)
    if type(value) is str:
        return _moment_of(value)
    if value is None or not ANY_FORM.is_moment(value):
        return None
    return read_moment(value)


@lru_cache(maxsize=8192)
def _moment_of(text: str) -> datetime | None:
    """The same of a text; a loop in a loop reads its times again and again."""
    return read_moment(text) if ANY_FORM.is_moment(text) else None


_ROUNDED = 1e-5
"""More than rounding to microseconds, and that of a double of epoch seconds, is [s]."""


def earlier(one: Any, other: Any) -> bool | None:
    """`<` on timestamps in any spelling; none where one of them is none.

    Epoch seconds are compared as they are, where that is sure: they are rounded to
    microseconds when they are read, which changes no order but may make two equal.
    """
    if (
        type(one) is type(other) is float
        and 0.0 <= one < 4e9
        and 0.0 <= other < 4e9
        and _COUNTS_SECONDS
    ):
        if one >= other:
            return False
        if one < other - _ROUNDED:
            return True
    left, right = moment(one), moment(other)
    return None if left is None or right is None else left < right


def no_later(one: Any, other: Any) -> bool | None:
    """`<=` on timestamps; see `earlier`."""
    found = earlier(other, one)
    return None if found is None else not found


def instant(value: Any) -> Any:
    """A timestamp that was found right, in seconds since 1970; none where it is absent.

    The number is less, equal or more than that of another timestamp as the moments are,
    or equal where they differ by the rounding to microseconds that makes them so. It is
    no number (NaN) where nobody can be sure of that.
    """
    if value is None:
        return None
    if type(value) is str:
        return _seconds(value)
    if type(value) is datetime:
        # Times of one time zone with a history compare by their clocks.
        if not (value.tzinfo is None or type(value.tzinfo) is timezone):
            return nan
    elif issubclass(type(value), datetime):
        return nan
    elif issubclass(type(value), (int, float)):
        return float(value) if 0.0 <= value < 4e9 else nan
    return _seconds_of(read_moment(value))


@lru_cache(maxsize=32)
def _seconds(text: str) -> float:
    """The same of a text; a response has some of its times several times."""
    try:
        return _seconds_of(read_moment(text))
    except ValueError:  # it is no timestamp, which the walk may ask about
        return nan


def _seconds_of(moment: datetime) -> float:
    seconds = (moment - _EPOCH).total_seconds()
    return seconds if 0.0 <= seconds < 4e9 else nan


def instants(items: Any, name: str) -> list[Any]:
    """A member of each item of a list, each as `instant` has it."""
    return [
        value
        if (value := item.get(name)) is None
        or (type(value) is float and 0.0 <= value < 4e9)
        else instant(value)
        for item in items
    ]


def latest(times: list[Any]) -> float:
    """The most of what `instants` gave; less than any moment where that is nothing.

    It is no number (NaN) where one of them is none.
    """
    return nan if isnan(sum(times)) else max(times, default=-inf)


def earliest(times: list[Any]) -> float:
    """The least of what `instants` gave; more than any moment where that is nothing.

    It is no number (NaN) where one of them is none.
    """
    return nan if isnan(sum(times)) else min(times, default=inf)


def octets(value: Any) -> bytes | None:
    """A blob as its bytes, given as such or as base64 text; else none."""
    if issubclass(type(value), (bytes, bytearray)):
        return bytes(value)
    if not issubclass(type(value), str):
        return None
    from base64 import b64decode

    try:
        return b64decode(value, validate=True)
    except ValueError:
        return None


def calendar(value: datetime, part: str) -> int | None:
    """A part of a moment in UTC; months from 0, days of the week from 0, Sunday."""
    try:
        utc = value.astimezone(UTC)
    except OverflowError:
        return None
    match part:
        case "month":
            return utc.month - 1
        case "weekday":
            return utc.isoweekday() % 7
        case _:
            return int(getattr(utc, part))


def to_int(value: Any) -> int | None:
    """`int()`: towards zero; None if a string is not a number."""
    if isinstance(value, str) and not _INTEGER.fullmatch(value):
        return None
    try:
        return int(value)
    except (ValueError, OverflowError):
        return None


def to_double(value: Any) -> float | None:
    """`double()`; none where a text is no number, or an integer no double."""
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def to_string(value: Any) -> str | None:
    """`string()`; none where a number has more digits than Python writes."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return int.__repr__(value)
    except ValueError:
        return None


def to_duration(text: str) -> timedelta | None:
    """`duration()`: `1h30m`, `-2.5s`; None if a string is not a duration."""
    if text[-1:] == "s" and len(text) < 12 and text.isascii() and text[:-1].isdigit():
        return timedelta(0, int(text[:-1]))
    start = at = int(text.startswith(("+", "-")))
    seconds = 0.0
    while part := _DURATION_PART.match(text, at):
        seconds += float(part[1]) * _SECONDS[part[2]]
        at = part.end()
    if at == start or at < len(text):
        return None
    try:
        return timedelta(seconds=-seconds if text.startswith("-") else seconds)
    except (ValueError, OverflowError):
        return None


def to_timestamp(text: str) -> datetime | None:
    """`timestamp()` of a text of RFC 3339; none for other texts and other years."""
    if not _RFC_3339.fullmatch(text):
        return None
    try:
        found = read_moment(text)
    except ValueError:
        return None
    return found if is_in_range(found) else None


def places(value: Any, way: tuple[str, ...]) -> Iterator[Any]:
    """The items of the list that a way leads to; nothing where there is no list."""
    for name in way:
        if not isinstance(value, dict):
            return
        value = value.get(name)
    if isinstance(value, list):
        yield from value
