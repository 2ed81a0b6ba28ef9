"""Whether a text matches a pattern, in time that no pattern can make explode.

Engines that go back and try again take time that doubles with every character for a
pattern such as `(a+)+b`. Here all ways to match are followed at once, as in
K. Thompson, "Regular expression search algorithm", CACM 11 (1968); a repetition
counts down.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, TypeAlias

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

Way: TypeAlias = "tuple[int, int, int | None, Way] | None"
"""What is still to be matched: a node, how far in it we are, and what follows."""

_MOST_STEPS = 200_000


class Undecided(Exception):
    """The pattern asks what cannot be followed so, or there are too many ways."""


def matches(regex: Regex, text: str) -> bool:
    """Whether the whole of a text matches.

    Raises:
        Undecided: The pattern looks around or gives nothing back, or takes too long.
    """
    return _matcher(regex).matches(text)


@lru_cache(maxsize=256)
def _matcher(regex: Regex) -> _Matcher:
    return _Matcher(regex)


class _Next(NamedTuple):
    """Where ways lead: whether the text may end, and the characters that lead on."""

    ends: bool
    on: tuple[tuple[CharSet, Way], ...]


class _Matcher:
    """Follows ways through a pattern, and remembers for the next text where they lead.

    There is one object for a way, so that ways are told apart by their identity.
    """

    def __init__(self, regex: Regex) -> None:
        self.regex = regex
        self.nodes: dict[int, Regex] = {}
        self.ways: dict[tuple[int, int, int | None, int], Way] = {}
        self.known: dict[tuple[int, ...], _Next] = {}
        self.steps = 0

    def matches(self, text: str) -> bool:
        self.steps = 0
        if len(self.ways) > _MOST_STEPS:
            self.known.clear()
            self.ways.clear()
        ends, following = self.follow([self.begin(self.regex, None)])
        for char in text:
            code = ord(char)
            reached = [way for allowed, way in following if allowed.has(code)]
            if not reached:
                return False
            ends, following = self.follow(reached)
        return ends

    def way(self, node: int, low: int, high: int | None, then: Way) -> Way:
        """The way from some place in a node, and on."""
        key = (node, low, high, id(then))
        found = self.ways.get(key)
        if found is None:
            found = self.ways[key] = (node, low, high, then)
        return found

    def begin(self, node: Regex, then: Way) -> Way:
        """The way through a node and on."""
        self.nodes[id(node)] = node
        if isinstance(node, Repeat):
            return self.way(id(node), node.low, node.high, then)
        return self.way(id(node), 0, None, then)

    def follow(self, ways: list[Way]) -> _Next:
        """Where ways lead from here."""
        key = tuple(map(id, ways))
        known = self.known.get(key)
        if known is None:
            known = self.known[key] = self.followed(ways)
        return known

    def followed(self, ways: list[Way]) -> _Next:
        seen: set[int] = set()
        found: list[tuple[CharSet, Way]] = []
        while ways:
            way = ways.pop()
            if id(way) in seen:
                continue
            seen.add(id(way))
            self.steps += 1
            if self.steps > _MOST_STEPS:
                raise Undecided
            if way is None:
                continue
            key, low, high, then = way
            match self.nodes[key]:
                case Chars(set=allowed):
                    found.append((allowed, then))
                case Sequence(parts=parts):
                    on = self.way(key, low + 1, None, then)
                    ways.append(
                        self.begin(parts[low], on) if low < len(parts) else then
                    )
                case Choice(options=options):
                    ways += (self.begin(option, then) for option in options)
                case Repeat(greed=Greed.POSSESSIVE) | Atomic() | Look() | Edge():
                    raise Undecided
                case Repeat(part=part):
                    if low <= 0:
                        ways.append(then)
                    if high is None or high > 0:
                        left = None if high is None else high - 1
                        again = self.way(key, max(low - 1, 0), left, then)
                        ways.append(self.begin(part, again))
        return _Next(id(None) in seen, tuple(found))
