"""Which words of a response may be written down: names of members, values of enums."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

OTHER = "(other)"
"""Stands for a value that does not look like one of an enum."""

UNNAMED = "(unnamed)"
"""Stands for a member whose name does not look like one."""

MORE = "(more)"
"""Stands for what came after the first `LIMIT` different words of a place."""

NONE = "(none)"
"""Stands for the status of a response that has none."""

LIMIT = 200
"""How many different words are kept for a place."""

# A long run of digits is an account or a time, never part of a name.
_VALUE = re.compile(r"(?!.*[0-9]{5})[A-Za-z][A-Za-z0-9._-]{0,63}")
_NAME = re.compile(r"(?!.*[0-9]{5})[A-Za-z][A-Za-z0-9_]{0,63}")


def value_word(value: str) -> str:
    """An unknown value of an enum, if it looks like one."""
    return value if _VALUE.fullmatch(value) else OTHER


def member_word(name: str) -> str:
    """The name of an unknown member, if it looks like one."""
    return name if _NAME.fullmatch(name) else UNNAMED


def is_word(text: str) -> bool:
    """Whether a text stands for itself, and not for what is not written down."""
    return not text.startswith("(")


class WordCounts:
    """Counts words: the first `LIMIT` different ones each, all others together."""

    __slots__ = ("_counts", "_limit")

    def __init__(self, limit: int = LIMIT) -> None:
        """Begin with none, and keep so many."""
        self._counts: dict[str, int] = {}
        self._limit = limit

    def taken(self) -> dict[str, int]:
        """The counts as they came, which begin anew."""
        counts, self._counts = self._counts, {}
        return counts

    def fits(self, counts: Iterable[str]) -> bool:
        """Whether there is room for all of some words."""
        return len(self._counts.keys() | counts) <= self._limit

    def fold(self, counts: Mapping[str, int]) -> None:
        """Add the counts of words that fit."""
        for word, count in counts.items():
            self._counts[word] = self._counts.get(word, 0) + count

    def add(self, word: str) -> str:
        """Count a word; gives what it is counted as."""
        counts = self._counts
        if word not in counts and len(counts) >= self._limit:
            word = MORE
        counts[word] = counts.get(word, 0) + 1
        return word

    def counts(self, known: Iterable[str] = ()) -> Mapping[str, int]:
        """The counts: known words in their order, others by name, stand-ins last."""
        order = {word: index for index, word in enumerate(known)}
        last = len(order)

        def place(word: str) -> tuple[int, bool, str]:
            return (order.get(word, last), not is_word(word), word)

        return {word: self._counts[word] for word in sorted(self._counts, key=place)}
