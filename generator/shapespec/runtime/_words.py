"""What a shape demands, in words: the same in findings, docstrings and references."""
# pyright: basic

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeAlias

Number: TypeAlias = "int | float"

CLAIM = "documented; not confirmed by responses"
"""What findings say of a constraint that is a claim."""

TYPES = {
    "string": "a string",
    "number": "a number",
    "boolean": "a boolean",
    "array": "a list",
    "object": "an object",
}
"""Types of JSON values that are told apart at once; integers are numbers."""

NOUNS = {
    "string": ("character", "characters"),
    "blob": ("byte", "bytes"),
    "list": ("item", "items"),
    "tuple": ("item", "items"),
    "map": ("entry", "entries"),
}
"""What the size of a value of each kind is counted in: one, and several."""

_MOST_LISTED = 12


def size(low: Number | None, high: Number | None, kind: str) -> str | None:
    """Bounds on a size: "1 to 20 items", "at most 1 item", "exactly 3 items"."""
    singular, plural = NOUNS[kind]
    if low in (None, 0):
        low = None
    if low is None and high is None:
        return None
    if low is None:
        return f"at most {high!r} {singular if high == 1 else plural}"
    if high is None:
        return f"at least {low!r} {singular if low == 1 else plural}"
    if low == high:
        return f"exactly {low!r} {singular if low == 1 else plural}"
    return f"{low!r} to {high!r} {plural}"


def interval(
    low: Number | None,
    high: Number | None,
    above: Number | None = None,
    below: Number | None = None,
) -> str | None:
    """Bounds on a number: "1 or more", "at most 5", "0 to 21600", "more than 0"."""
    least = f"at least {low!r}" if above is None else f"more than {above!r}"
    most = f"at most {high!r}" if below is None else f"less than {below!r}"
    if low is None and above is None:
        return None if high is None and below is None else most
    if high is None and below is None:
        return f"{low!r} or more" if above is None else least
    if above is None and below is None:
        return f"{low!r} to {high!r}"
    return f"{least} and {most}"


def listed(values: Iterable[Any]) -> str:
    """Values as JSON, in words, the first ones of many."""
    texts = [json.dumps(one, ensure_ascii=False) for one in values]
    more = len(texts) - _MOST_LISTED
    return alternatives(
        [*texts[:_MOST_LISTED], f"{more} others"] if more > 0 else texts
    )


def types(kinds: Collection[str]) -> str:
    """Types as a list in a sentence: "a string, a number or an object"."""
    return alternatives([TYPES[one] for one in TYPES if one in kinds])


def alternatives(words: Sequence[str]) -> str:
    """One or more words as a list in a sentence: "a, b or c"."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
