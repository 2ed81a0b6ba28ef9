"""Whether a text matches a pattern, in time that no pattern can make explode.

Engines that go back and try again take time that doubles with every character for a
pattern such as `(a+)+b`. Here all ways to match are followed at once, as in
K. Thompson, "Regular expression search algorithm", CACM 11 (1968); a repetition
counts down.
"""

from __future__ import annotations

from typing import TypeAlias

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
    return _Matcher(regex).matches(text)


class _Matcher:
    def __init__(self, regex: Regex) -> None:
        self.regex = regex
        self.nodes: dict[int, Regex] = {}
        self.steps = 0

    def matches(self, text: str) -> bool:
        ends, following = self.follow([self.begin(self.regex, None)])
        for char in text:
            code = ord(char)
            reached = [way for allowed, way in following if allowed.has(code)]
            if not reached:
                return False
            ends, following = self.follow(reached)
        return ends

    def begin(self, node: Regex, then: Way) -> Way:
        """The way through a node and on."""
        self.nodes[id(node)] = node
        if isinstance(node, Repeat):
            return (id(node), node.low, node.high, then)
        return (id(node), 0, None, then)

    def follow(self, ways: list[Way]) -> tuple[bool, list[tuple[CharSet, Way]]]:
        """Whether the text may end here, and the characters that lead on."""
        seen: set[Way] = set()
        found: list[tuple[CharSet, Way]] = []
        while ways:
            way = ways.pop()
            if way in seen:
                continue
            seen.add(way)
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
                    on = (key, low + 1, None, then)
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
                        again = (key, max(low - 1, 0), left, then)
                        ways.append(self.begin(part, again))
        return None in seen, found
