"""Takes apart what is slow in a pattern and puts something equal in its place.

First the whole pattern is tried, then its parts, then neighbours together: what counts
far, or looks around, stays as it is where that is not what makes the pattern slow.
"""

from __future__ import annotations

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
    sequence,
)
from shapespec.patterns.automaton import size
from shapespec.patterns.backtracking import cost
from shapespec.patterns.determinise import determinised
from shapespec.patterns.normal import alternatives

_MOST_WORK = 2_000
"""How many characters of patterns are looked at in all."""

_NEIGHBOURS = 6
"""How many parts in a row are tried together."""


def eased(regex: Regex) -> Regex:
    """A pattern that matches the same texts, with fewer ways where that can be had."""
    return _Easing().eased(regex)


class _Easing:
    def __init__(self) -> None:
        self.left = _MOST_WORK

    def is_left(self, regex: Regex) -> bool:
        self.left -= 8 + min(size(regex), _MOST_WORK)
        return self.left > 0

    def eased(self, regex: Regex) -> Regex:
        if not self.is_left(regex) or cost(regex).is_linear:
            return regex
        whole = self.faster(regex)
        if whole is not None:
            return whole
        match regex:
            case Sequence(parts):
                return self.row([self.eased(part) for part in parts])
            case Choice(options):
                return alternatives([self.eased(option) for option in options])
            case Look(part, ahead=True):
                return regex._replace(part=self.eased(part))
            case Repeat(part, greed=Greed.GREEDY | Greed.LAZY):
                return regex._replace(part=self.eased(part))
            case Repeat() | Atomic() | Look() | Chars() | Edge():
                return regex

    def faster(self, regex: Regex) -> Regex | None:
        """The same by way of its automaton, where that takes one pass."""
        if not self.is_left(regex):
            return None
        found = determinised(regex)
        return found if found is not None and cost(found).is_linear else None

    def row(self, parts: list[Regex]) -> Regex:
        """Parts in a row, neighbours together until none is slow beside another."""
        for width in range(2, _NEIGHBOURS + 1):
            start = 0
            while start + width <= len(parts) and self.left > 0:
                some = sequence(parts[start : start + width])
                if self.is_left(some) and not cost(some).is_linear:
                    found = self.faster(some)
                    if found is not None:
                        parts[start : start + width] = [found]
                start += 1
        return sequence(parts)
