"""Sets of code points, exact and independent of any regular-expression engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache, reduce
from typing import NamedTuple

LAST = 0x10FFFF


class CharSet(NamedTuple):
    """A set of code points as sorted, disjoint, non-adjacent ranges, ends included."""

    ranges: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, *ranges: tuple[int, int]) -> CharSet:
        """The union of ranges in any order."""
        merged: list[tuple[int, int]] = []
        for low, high in sorted(ranges):
            if merged and low <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
            else:
                merged.append((low, high))
        return cls(tuple(merged))

    @classmethod
    @lru_cache(maxsize=4096)
    def chars(cls, text: str) -> CharSet:
        """The characters of a text."""
        return cls.of(*((ord(char), ord(char)) for char in text))

    @classmethod
    def union(cls, sets: Iterable[CharSet]) -> CharSet:
        """All that is in any of the sets."""
        distinct = {id(one): one for one in sets}.values()
        if 0 < len(distinct) <= _FEW:
            return reduce(_either, distinct)
        return cls.of(*{pair for one in distinct for pair in one.ranges})

    def __or__(self, other: CharSet) -> CharSet:
        return _either(self, other)

    def __invert__(self) -> CharSet:
        return _other(self)

    def __and__(self, other: CharSet) -> CharSet:
        return _both(self, other)

    def __sub__(self, other: CharSet) -> CharSet:
        return self & ~other

    def has(self, code: int) -> bool:
        """Whether a code point is in the set."""
        for low, high in self.ranges:  # noqa: SIM110 - many ask; a loop is quicker
            if low <= code <= high:
                return True
        return False

    def __contains__(self, code: object) -> bool:
        return isinstance(code, int) and self.has(code)

    @property
    def size(self) -> int:
        """How many code points are in the set."""
        return sum(high - low + 1 for low, high in self.ranges)

    @property
    def single(self) -> int | None:
        """The one code point of a set that has only one."""
        if len(self.ranges) == 1 and self.ranges[0][0] == self.ranges[0][1]:
            return self.ranges[0][0]
        return None

    def isdisjoint(self, other: CharSet) -> bool:
        """Whether nothing is in both."""
        return next(_shared(self.ranges, other.ranges), None) is None

    def fold_ascii(self) -> CharSet:
        """The set with the other case of each ASCII letter added (Java's `(?i)`)."""
        upper = self & CharSet.of((0x41, 0x5A))
        lower = self & CharSet.of((0x61, 0x7A))
        shifted = [(low + 32, high + 32) for low, high in upper.ranges]
        shifted += [(low - 32, high - 32) for low, high in lower.ranges]
        return self | CharSet.of(*shifted)


def _shared(
    ours: tuple[tuple[int, int], ...], theirs: tuple[tuple[int, int], ...]
) -> Iterator[tuple[int, int]]:
    """What is in both of two rows of ranges, in order."""
    one = other = 0
    while one < len(ours) and other < len(theirs):
        low = max(ours[one][0], theirs[other][0])
        high = min(ours[one][1], theirs[other][1])
        if low <= high:
            yield low, high
        if ours[one][1] < theirs[other][1]:
            one += 1
        else:
            other += 1


# A pattern says few different sets, many times each.


_FEW = 4
"""As many sets are added up one by one, which is remembered."""


@lru_cache(maxsize=4096)
def _either(one: CharSet, other: CharSet) -> CharSet:
    return CharSet.of(*one.ranges, *other.ranges)


@lru_cache(maxsize=4096)
def _both(one: CharSet, other: CharSet) -> CharSet:
    return CharSet(tuple(_shared(one.ranges, other.ranges)))


@lru_cache(maxsize=4096)
def _other(chars: CharSet) -> CharSet:
    gaps = []
    start = 0
    for low, high in chars.ranges:
        if low > start:
            gaps.append((start, low - 1))
        start = high + 1
    if start <= LAST:
        gaps.append((start, LAST))
    return CharSet(tuple(gaps))


EVERYTHING = CharSet.of((0, LAST))
SURROGATES = CharSet.of((0xD800, 0xDFFF))
NOTHING = CharSet(())
DIGITS = CharSet.of((0x30, 0x39))
WORD = CharSet.of((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
SPACE = CharSet.chars(" \t\n\v\f\r")
LINE_TERMINATORS = CharSet.chars("\n\r\x85\u2028\u2029")
VERTICAL_SPACE = CharSet.chars("\n\v\f\r\x85\u2028\u2029")
HORIZONTAL_SPACE = CharSet.chars(" \t\xa0\u1680\u180e\u202f\u205f\u3000") | CharSet.of(
    (0x2000, 0x200A)
)
