"""What a shape demands of a value of its type, as tests that can be asked."""
# pyright: basic

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from math import inf
from sys import maxsize
from typing import Any, NamedTuple, TypeAlias

from . import _words as words
from ._form import END, FIRST, Form
from ._part import Part
from ._report import all_differ, canonical, is_multiple


class Sure(NamedTuple):
    """What values there is surely nothing to say of: most of those that are right.

    A test that is not sure may raise.

    Attributes:
        kind: Their type; none for any.
        low: Their least size; less than 0 where they have none.
        high: Their greatest size.
        test: What else is true of them; none for nothing.
    """

    kind: type | None
    low: float
    high: float
    test: Callable[[Any], Any] | None


class _Nothing:
    """What no value is an instance of."""


NEVER = Sure(_Nothing, -1, -1, None)
"""No values: only the check of a shape can tell."""


def is_sure(sure: Sure, value: Any) -> bool:
    """Whether there is surely nothing to say of a value."""
    kind, low, high, test = sure
    try:
        return (
            (kind is None or type(value) is kind)
            and (low < 0 or low <= len(value) <= high)
            and (test is None or bool(test(value)))
        )
    except Exception:  # noqa: BLE001 - it is not sure
        return False


class Test(NamedTuple):
    """A constraint.

    Attributes:
        keyword: What JSON Schema calls it.
        fails: Whether a value breaks it; of a blob, its size.
        said: The method of the report that says so.
        expected: What was expected, in words.
        relaxed: Whether that is a warning.
    """

    keyword: str
    fails: Callable[[Any], bool]
    said: str
    expected: str
    relaxed: bool


def tests_of(part: Part) -> tuple[tuple[Test, ...], tuple[Test, ...]]:
    """The constraints that are relaxed, and those that are not."""
    found = tuple(_tests(part))
    return (
        tuple(one for one in found if one.relaxed),
        tuple(one for one in found if not one.relaxed),
    )


def _tests(part: Part) -> Iterator[Test]:
    for keyword, fails, said, expected in _stated(part):
        claim = f" ({words.CLAIM})" if keyword in part.claimed else ""
        relaxed = keyword in part.relaxed
        yield Test(keyword, fails, said, f"{expected}{claim}", relaxed)


_Stated: TypeAlias = "Iterator[tuple[str, Callable[[Any], bool], str, str]]"


def _stated(part: Part) -> _Stated:
    if part.const:
        yield "const", _unlisted(part, part.const), "unlisted", words.listed(part.const)
    if part.values and part.kind != "enum":
        values = tuple(part.values)
        yield "enum", _unlisted(part, values), "unlisted", words.listed(values)
    if part.kind in words.NOUNS:
        yield from _sizes(part)
    else:
        yield from _bounds(part)
    if part.pattern is not None:
        pattern = f"`{part.pattern}`"
        yield "pattern", _mismatch(part.regex), "pattern", pattern
    if part.formatted is not None:
        expected, regex = part.formatted
        yield "format", _mismatch(regex), "format", expected
    if part.unique:
        yield "uniqueItems", _is_repeated, "repeated", "no item twice"


def _sizes(part: Part) -> _Stated:
    low, high = part.bounds
    expected = words.size(low, high, part.kind) or ""
    suffix = {"list": "Items", "tuple": "Items", "map": "Properties"}
    noun = suffix.get(part.kind, "Length")
    broken, said = (
        (_NUMBER, "byte_length") if part.kind == "blob" else (_SIZE, "length")
    )
    if low is not None and low > 0:
        yield f"min{noun}", broken["min"](low), said, expected
    if high is not None:
        yield f"max{noun}", broken["max"](high), said, expected


def _bounds(part: Part) -> _Stated:
    low, high = part.bounds
    expected = words.interval(low, high, part.above, part.below) or ""
    for keyword, bound, limit in (
        ("minimum", "min", low),
        ("maximum", "max", high),
        ("exclusiveMinimum", "above", part.above),
        ("exclusiveMaximum", "below", part.below),
    ):
        if limit is not None:
            yield keyword, _NUMBER[bound](limit), "range", expected
    if part.step is not None:
        multiple = f"a multiple of {part.step!r}"
        yield "multipleOf", _between(part.step), "multiple", multiple


_SIZE: Mapping[str, Callable[[float], Callable[[Any], bool]]] = {
    "min": lambda limit: lambda value: len(value) < limit,
    "max": lambda limit: lambda value: len(value) > limit,
}
_NUMBER: Mapping[str, Callable[[float], Callable[[Any], bool]]] = {
    "min": lambda limit: lambda value: value < limit,
    "max": lambda limit: lambda value: value > limit,
    "above": lambda limit: lambda value: value <= limit,
    "below": lambda limit: lambda value: value >= limit,
}
"""What breaks a bound, by what the bound is called."""


def _between(step: float) -> Callable[[Any], bool]:
    def fails(value: Any) -> bool:
        return not is_multiple(value, step)

    return fails


def _is_repeated(value: list[Any]) -> bool:
    return not all_differ(value)


@cache
def _compiled(regex: str) -> Callable[[str], Any]:
    """What asks whether a text matches as a whole; equal patterns share it."""
    return re.compile(regex).fullmatch


def _mismatch(regex: str) -> Callable[[Any], bool]:
    matches = _compiled(regex)

    def fails(value: Any) -> bool:
        return matches(value) is None

    return fails


def _unlisted(part: Part, values: tuple[Any, ...]) -> Callable[[Any], bool]:
    """The condition of being none of some values, as JSON compares them."""
    if part.kind == "document":
        known = frozenset(map(canonical, values))
        return lambda value: canonical(value) not in known
    if len(values) == 1 and isinstance(values[0], bool):
        return lambda value: value is not values[0]
    if len(values) == 1:
        return lambda value: value != values[0]
    listed = frozenset(values)
    return lambda value: value not in listed


# --- what is plainly right ----------------------------------------------------------

_LINE = "[^\\n\\r\\x85\\u2028\\u2029]"
_ONE_LINE = {f"{_LINE}*+": 0, f"{_LINE}++": 1}
"""Patterns of any text without a line terminator, each with its shortest match."""
_LARGEST = 1.7976931348623157e308


def sure_of(part: Part, form: Form) -> Sure:
    """What values of a shape without parts are plainly right."""
    if part.const or part.formatted or (part.values and part.kind != "enum"):
        return NEVER
    match part.kind:
        case "string":
            return _sure_string(part)
        case "enum":
            current = frozenset(part.values).difference(part.retired)
            return Sure(str, -1, -1, current.__contains__)
        case "integer" | "number":
            return _sure_number(part)
        case "boolean":
            return Sure(bool, -1, -1, None)
        case "timestamp":
            return Sure(None, -1, -1, _sure_moment(form))
        case "document":
            return Sure(None, -1, -1, None)
        case _:
            return NEVER


def _sure_string(part: Part) -> Sure:
    low, high = part.bounds[0] or 0, part.bounds[1]
    most = maxsize if high is None else high
    if part.pattern is None:
        return Sure(str, low, most, None)
    matches = _compiled(part.regex)
    if part.regex not in _ONE_LINE:
        return Sure(str, low, most, matches)

    def is_one_line(value: str) -> Any:
        return _is_plain(value) or matches(value)

    return Sure(str, max(low, _ONE_LINE[part.regex]), most, is_one_line)


def sure_map(part: Part, key: Sure, value: Sure, shapes: Mapping[str, Part]) -> Sure:
    """What maps are plainly right: of the right size, and of such entries alone."""
    keys, values = (
        _all_sure(sure, together=_has_plain_texts(shapes[name]))
        for sure, name in ((key, part.key), (value, part.target))
    )
    if keys is None or values is None:
        return NEVER
    right = right_size(part)
    return Sure(
        dict,
        right.start,
        right.stop - 1,
        lambda found: keys(found) and values(found.values()),
    )


def _has_plain_texts(part: Part) -> bool:
    """Whether texts are right if they have few characters, and end no line."""
    return part.pattern is None or part.regex in _ONE_LINE


def right_size(part: Part) -> range:
    """The sizes of lists and maps of which there is nothing to say."""
    low, high = part.bounds
    end = maxsize if high is None else int(high) + 1
    if part.unique:
        end = min(end, 2)  # items differ where there are not two
    return range(int(low or 0), end)


def _all_sure(
    sure: Sure, *, together: bool
) -> Callable[[Collection[Any]], bool] | None:
    """Whether all of some values are plainly right; none where no value is.

    Args:
        sure: What is plainly right.
        together: Whether texts may be looked at as one, if they are texts of any
            characters, or of any that end no line.
    """
    kind, low, high, test = sure
    if sure is NEVER:
        return None
    if low < 0 and kind is None and test is not None:
        return lambda values: all(map(test, values))
    if kind is not str or low > 0 or not together:
        return lambda values: all(is_sure(sure, value) for value in values)

    def are_sure(values: Collection[Any]) -> bool:
        text = "".join(values)
        if len(text) <= high and (test is None or _is_plain(text)):
            return True
        return all(is_sure(sure, value) for value in values)

    return are_sure


def _is_plain(text: str) -> bool:
    return text.isascii() and "\n" not in text and "\r" not in text


def _sure_number(part: Part) -> Sure:
    tests = [one for tests in tests_of(part) for one in tests]
    whole = part.kind == "integer"
    if whole and not tests:
        return Sure(int, -1, -1, None)
    if whole and part.above is part.below is part.step is None:
        low, high = part.bounds
        least = -inf if low is None else low
        most = inf if high is None else high
        return Sure(int, -1, -1, lambda value: least <= value <= most)
    kinds = (int,) if whole else (int, float)
    return Sure(
        None,
        -1,
        -1,
        lambda value: (
            type(value) in kinds
            and -_LARGEST <= value <= _LARGEST
            and not any(test.fails(value) for test in tests)
        ),
    )


def _sure_moment(form: Form) -> Callable[[Any], bool]:
    is_moment = form.is_moment
    if not is_moment(0.0):
        return is_moment
    return lambda value: (
        FIRST <= value < END if type(value) is float else is_moment(value)
    )
