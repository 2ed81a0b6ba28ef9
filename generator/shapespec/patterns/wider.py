"""A pattern that matches more than another, where that one would take too long.

What is counted far is repeated without end, what stands around is not looked at, and
what would give nothing back may. A text that even the wider pattern refuses is wrong;
of the others it is not known, and whoever asks for a wider pattern says so.
"""

from __future__ import annotations

from functools import partial

from shapespec.patterns.ast import (
    EMPTY,
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
from shapespec.patterns.forms import for_others
from shapespec.patterns.normal import alternatives, is_plain
from shapespec.patterns.places import settled

_STEPS = ((8, True), (8, False), (1, False))
"""What is tried in turn: up to how many times a repetition is still counted, and
whether one of characters is, however long."""


def wider(regex: Regex) -> Regex | None:
    """A fast pattern that matches all texts that a pattern matches, if one is found."""
    plain = settled(regex)
    for few, runs in _STEPS:
        found = for_others(_loose(plain, few, runs=runs))
        if found.cost.is_linear and is_plain(found.regex):
            return found.regex
    return None


def _loose(regex: Regex, few: int, *, runs: bool) -> Regex:
    inner = partial(_loose, few=few, runs=runs)
    match regex:
        case Chars():
            return regex
        case Sequence(parts):
            return sequence([inner(part) for part in parts])
        case Choice(options):
            return alternatives([inner(option) for option in options])
        case Repeat(Chars() as part, low, high) if runs:
            return Repeat(part, low, high, Greed.GREEDY)
        case Repeat(part, low, high):
            most = None if high is None or high > few else high
            return Repeat(inner(part), min(low, few), most, Greed.GREEDY)
        case Atomic(part):
            return inner(part)
        case Look() | Edge():
            return EMPTY
