# The run time of packages that shapespec generates, copied.
"""What the quick check asks of values: whether they are surely right.

Each says no of a value that it is not sure of, or raises on a type that it is not for.
A text is a line where Java's `.` matches all of it; that it is ASCII and has no line
break takes a fifth of the time of a pattern to see.
"""
# pyright: basic

from __future__ import annotations

import re
import sys

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

ENDLESS = sys.maxsize
ONE_LINE = re.compile(r"[^\n\r\x85\u2028\u2029]*+").fullmatch
isascii = str.isascii


def whole(value: Any) -> bool:
    """Whether a float is a whole number."""
    return type(value) is float and value.is_integer()


def line(text: Any, most: int = ENDLESS) -> object:
    """Whether a text of so many characters at most is one line."""
    if len(text) <= most and isascii(text) and "\n" not in text and "\r" not in text:
        return True
    return len(text) <= most and ONE_LINE(text)


def lines(all_texts: Any, most: int = ENDLESS, least: int = 0) -> bool:
    """The same of some texts; `least` is 0 or 1."""
    text = "".join(all_texts)
    if len(text) <= most and isascii(text) and "\n" not in text and "\r" not in text:
        return not least or "" not in all_texts
    for one in all_texts:
        if len(one) < least or not line(one, most):
            return False
    return True


def line_map(given: Any, entries: int, item: int, key: int, least: int = 0) -> bool:
    """Whether there are so many entries at most, and all keys and items are lines.

    Args:
        given: A map.
        entries: How many entries it may have.
        item: How many characters an item may have.
        key: How many characters a key may have.
        least: How many it has at least, 0 or 1.
    """
    if type(given) is not dict or len(given) > entries:
        return False
    keys, items = "".join(given), "".join(given.values())
    if len(keys) <= key and len(items) <= item:
        text = keys + items
        if isascii(text) and "\n" not in text and "\r" not in text:
            return not least or "" not in given
    return lines(given, key, least) and lines(given.values(), item)


def texts(given: Any, most: int = ENDLESS, least: int = 0) -> bool:
    """Whether all are texts of so many characters; `least` is 0 or 1."""
    if len("".join(given)) > most:
        for one in given:
            if len(one) > most:
                return False
    return not least or "" not in given


def all_are(test: Callable[..., object], items: Iterable[Any], known: Any) -> bool:
    """Whether all items pass a test."""
    for item in items:
        if not test(item, known):
            return False
    return True


def list_of(
    test: Callable[..., object],
    items: Any,
    known: Any,
    most: int = ENDLESS,
    least: int = 0,
) -> bool:
    """Whether there is a list of so many items, and all pass a test."""
    if type(items) is not list or not least <= len(items) <= most:
        return False
    for item in items:
        if not test(item, known):
            return False
    return True
