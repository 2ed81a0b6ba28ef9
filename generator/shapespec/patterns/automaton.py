"""A pattern as an automaton: a state for each character that is written in it.

That is Glushkov's: a state says which character of the pattern was taken last, and its
edges say which may be taken next. Sets of states are the bits of a number, and so are
sets of characters: code points that no set of the pattern tells apart are one bit.

A repetition that counts to little is written out. A longer one becomes a loop, which
has the ways of the counted one and more, and remembers how many characters it takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from shapespec.patterns.ast import (
    Atomic,
    Chars,
    Choice,
    Edge,
    Greed,
    Look,
    Regex,
    Repeat,
    Sequence,
)
from shapespec.patterns.charset import CharSet
from shapespec.records import dataclass

SMALL, WRITTEN_OUT = 12, 64
"""How many states a repetition may have that is written out: at first, and at most."""

LARGEST, MOST_EDGES = 4_000, 20_000
"""How many states and edges an automaton may have."""


class TooLarge(Exception):
    """A pattern has more states, or needs more steps, than are worth the time."""


class Ways(NamedTuple):
    """States that are led to, and how many ways lead to those to which several do."""

    all: int = 0
    several: Mapping[int, int] = MappingProxyType({})

    def count(self, state: int) -> int:
        """How many ways lead to a state."""
        return self.several.get(state, self.all >> state & 1)

    def __or__(self, other: Ways) -> Ways:
        both = self.all & other.all
        if not both and not self.several and not other.several:
            return Ways(self.all | other.all)
        several = {**self.several, **other.several}
        several.update((one, self.count(one) + other.count(one)) for one in bits(both))
        return Ways(self.all | other.all, several)

    def times(self, count: int) -> Ways:
        """The same ways, each so many times.

        Raises:
            TooLarge: There are too many to be counted.
        """
        if count == 0:
            return Ways()
        if count == 1:
            return self
        several = {one: few(self.count(one) * count) for one in bits(self.all)}
        return Ways(self.all, several)


class Fragment(NamedTuple):
    """A part: where it begins, where it ends, in how many ways it may be empty."""

    begin: Ways
    end: Ways
    empty: int


MOST_WAYS = 1_000
"""How many ways may lead from one character to the next."""


def few(ways: int) -> int:
    """A number of ways, if they are few enough to be counted.

    Raises:
        TooLarge: They are not.
    """
    if ways > MOST_WAYS:
        raise TooLarge
    return ways


@dataclass(slots=True)
class Automaton:
    """An automaton, all of whose states may be the last.

    Attributes:
        sets: The characters of each state, as bits.
        follows: The states that may come next.
        several: For those of them that come next in several ways, in how many.
        bounds: How many characters the loop that a state is in takes, at most; none
            where it is in no loop that counts.
        begin: The states that come first.
        end: The states that come last where the whole pattern has matched.
        empty: Whether the pattern matches the empty text.
        whole: In how many ways all that is.
        kinds: The characters of each bit of a set.
    """

    sets: list[int]
    follows: list[int]
    several: list[dict[int, int]]
    bounds: list[int | None]
    begin: int
    end: int
    empty: bool
    whole: Fragment
    kinds: list[CharSet]

    def chars(self, taken: int) -> CharSet:
        """The characters that a set of bits stands for."""
        return CharSet.union(self.kinds[number] for number in bits(taken))


def automaton(regex: Regex, written_out: int | None) -> Automaton:
    """The automaton of a pattern.

    Args:
        regex: A pattern; what gives nothing back is read as if it did.
        written_out: How many states a repetition may have that is written out; all
            are where there is none, and the automaton takes what the pattern takes.

    Raises:
        TooLarge: It has too many states or edges.
    """
    builder = _Builder(written_out)
    whole = builder.build(regex, None)
    sets, kinds = _as_bits(builder.sets)
    return Automaton(
        sets,
        builder.follows,
        builder.several,
        builder.bounds,
        whole.begin.all,
        whole.end.all,
        whole.empty > 0,
        whole,
        kinds,
    )


def bits(number: int) -> Iterator[int]:
    """The places of the bits that are set."""
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


class _Builder:
    def __init__(self, written_out: int | None) -> None:
        self.written_out = written_out
        self.sets: list[CharSet] = []
        self.follows: list[int] = []
        self.several: list[dict[int, int]] = []
        self.bounds: list[int | None] = []
        self.kept: dict[int, CharSet] = {}
        self.edges = 0

    def build(self, regex: Regex, bound: int | None) -> Fragment:
        """Add a part; `bound` is what the loop takes that the part is in."""
        match regex:
            case Chars(chars):
                return self.state(chars, bound)
            case Sequence(parts):
                return self.row(self.build(part, bound) for part in parts)
            case Choice(options):
                begin, end, empty = Ways(), Ways(), 0
                for option in options:
                    part = self.build(option, bound)
                    begin, end = begin | part.begin, end | part.end
                    empty = few(empty + part.empty)
                return Fragment(begin, end, empty)
            case Repeat():
                return self.repeat(regex, bound)
            case Atomic(part):
                return self.build(part, bound)
            case Look() | Edge():
                return Fragment(Ways(), Ways(), 1)

    def state(self, chars: CharSet, bound: int | None) -> Fragment:
        if len(self.sets) >= LARGEST:
            raise TooLarge
        state = Ways(1 << len(self.sets))
        self.sets.append(chars)
        self.follows.append(0)
        self.several.append({})
        self.bounds.append(bound)
        return Fragment(state, state, 0)

    def row(self, parts: Iterable[Fragment]) -> Fragment:
        begin, end, empty = Ways(), Ways(), 1
        for part in parts:
            self.join(end, part.begin)
            begin |= part.begin.times(empty)
            end = end.times(part.empty) | part.end
            empty = few(empty * part.empty)
        return Fragment(begin, end, empty)

    def repeat(self, repeat: Repeat, bound: int | None) -> Fragment:
        part, low, high, _ = repeat
        if high == 0:
            return Fragment(Ways(), Ways(), 1)
        if high is not None and self.is_written_out(part, high):
            return self.copies(part, low, high, bound)
        if self.written_out is None and low > 1:
            copies = self.copies(part, low - 1, low - 1, bound)
            return self.row((copies, self.repeat(Repeat(part, 1, high), bound)))
        if bound is None and high is not None and (width := longest(part)) is not None:
            bound = width * high
        elif high is None:
            bound = ENDLESS
        built = self.build(part, bound)
        self.join(built.end, built.begin)
        empty = built.empty + (low == 0)
        if built.empty and low > 1:
            # Any of those that there have to be may be the empty ones.
            self.join(built.end, built.begin)
            empty = few(built.empty ** min(low, MOST_WAYS))
        self.keep(repeat, built.end)
        return Fragment(built.begin, built.end, few(empty))

    def is_written_out(self, part: Regex, count: int) -> bool:
        most = self.written_out
        return most is None or count == 1 or count * size(part) <= most

    def copies(self, part: Regex, low: int, high: int, bound: int | None) -> Fragment:
        """A part as often as it has to be, and then as often as it may."""
        tail = Fragment(Ways(), Ways(), 1)
        for index in range(high, 0, -1):
            one = self.build(part, bound)
            tail = self.row((one, tail))
            if index > low:
                tail = tail._replace(empty=few(tail.empty + 1))
        return tail

    def keep(self, repeat: Repeat, end: Ways) -> None:
        """Remember that what goes on as long as it can leaves nothing for others."""
        match repeat:
            case Repeat(Chars(chars), _, None, Greed.POSSESSIVE):
                self.kept[end.all.bit_length() - 1] = chars

    def join(self, sources: Ways, targets: Ways) -> None:
        for source in bits(sources.all):
            reached = targets.times(sources.count(source))
            if source in self.kept:
                free = self.outside(reached.all, self.kept[source])
                several = {
                    one: ways
                    for one, ways in reached.several.items()
                    if free >> one & 1
                }
                reached = Ways(reached.all & free, several)
            self.edges += reached.all.bit_count()
            if self.edges > MOST_EDGES:
                raise TooLarge
            known = Ways(self.follows[source], self.several[source]) | reached
            self.follows[source] = known.all
            self.several[source] = dict(known.several)

    def outside(self, states: int, chars: CharSet) -> int:
        """Those of some states that take a character which is not in a set."""
        found = 0
        for state in bits(states):
            if (self.sets[state] - chars).ranges:
                found |= 1 << state
        return found


ENDLESS = 1 << 200
"""How many characters a loop takes that does not count; more than any text has."""


def size(regex: Regex) -> int:
    """How many characters are written in a pattern, repetitions written out."""
    match regex:
        case Chars():
            return 1
        case Sequence(parts) | Choice(parts):
            return sum(size(part) for part in parts)
        case Repeat(part, low, high):
            return size(part) * max(low, high or 1, 1)
        case Atomic(part):
            return size(part)
        case Look() | Edge():
            return 0


def longest(regex: Regex) -> int | None:
    """How many characters a match has at most; none where there is no limit."""
    match regex:
        case Chars():
            return 1
        case Sequence(parts):
            widths = [longest(part) for part in parts]
            known = [width for width in widths if width is not None]
            return sum(known) if len(known) == len(widths) else None
        case Choice(options):
            widths = [longest(option) for option in options]
            known = [width for width in widths if width is not None]
            return max(known, default=0) if len(known) == len(widths) else None
        case Repeat(part, _, high):
            width = longest(part)
            if width == 0:
                return 0
            return None if width is None or high is None else width * high
        case Atomic(part):
            return longest(part)
        case Look() | Edge():
            return 0


def shortest(regex: Regex) -> int:
    """How many characters a match has at least."""
    match regex:
        case Chars():
            return 1
        case Sequence(parts):
            return sum(map(shortest, parts))
        case Choice(options):
            return min(map(shortest, options))
        case Repeat(part, low, _):
            return low * shortest(part)
        case Atomic(part):
            return shortest(part)
        case Look() | Edge():
            return 0


def _as_bits(sets: list[CharSet]) -> tuple[list[int], list[CharSet]]:
    """The sets over the fewest kinds of characters that tell them apart, and those."""
    distinct = {chars: number for number, chars in enumerate(dict.fromkeys(sets))}
    turns: dict[int, int] = {}
    for chars, number in distinct.items():
        for low, high in chars.ranges:
            turns[low] = turns.get(low, 0) ^ 1 << number
            turns[high + 1] = turns.get(high + 1, 0) ^ 1 << number
    found = [0] * len(distinct)
    kinds: dict[int, list[tuple[int, int]]] = {}
    places = sorted(turns)
    held = 0
    for at, after in pairwise(places):
        held ^= turns[at]
        if held and held not in kinds:
            for number in bits(held):
                found[number] |= 1 << len(kinds)
        if held:
            kinds.setdefault(held, []).append((at, after - 1))
    return (
        [found[distinct[chars]] for chars in sets],
        [CharSet.of(*ranges) for ranges in kinds.values()],
    )
