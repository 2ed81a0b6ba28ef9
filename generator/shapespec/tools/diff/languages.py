"""Which of two patterns matches more: decided on their syntax, without any engine.

A pattern is run on both sides at once, character class by character class, with
Antimirov's partial derivatives (Theoretical Computer Science 155, 1996): a state is
what still has to be matched. Look-around, atomic groups and anchors inside a pattern
are not decided, nor is what takes too many steps.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from shapespec.patterns import PatternRefused, meaning
from shapespec.patterns.ast import (
    Chars,
    Choice,
    Greed,
    Regex,
    Repeat,
    Sequence,
)
from shapespec.patterns.charset import EVERYTHING, CharSet
from shapespec.patterns.emit import trim_edges

_State: TypeAlias = tuple[Regex, ...]
_States: TypeAlias = frozenset[_State]

_WORK = 20_000
"""How many states are looked at; two lengths up to 2,048 need some 4,000."""


class Relation(StrEnum):
    """How the texts that one pattern matches relate to those of another."""

    EQUAL = "equal"
    WIDER = "wider"
    NARROWER = "narrower"
    OTHER = "other"
    UNKNOWN = "unknown"


class _Undecided(Exception):
    """The question is beyond what is decided here."""


def relation(old: str | None, new: str | None) -> Relation:
    """How the texts that a new pattern matches relate to those of the old one.

    Args:
        old: A Java-flavoured pattern for whole texts; none matches every text.
        new: The same.
    """
    if old == new:
        return Relation.EQUAL
    try:
        first, second = _regex(old), _regex(new)
        if first == second:
            return Relation.EQUAL
        wider, narrower = _within(first, second), _within(second, first)
    except (PatternRefused, _Undecided, RecursionError):
        return Relation.UNKNOWN
    match wider, narrower:
        case True, True:
            return Relation.EQUAL
        case True, False:
            return Relation.WIDER
        case False, True:
            return Relation.NARROWER
        case _:
            return Relation.OTHER


def _regex(pattern: str | None) -> Regex:
    if pattern is None:
        return Repeat(Chars(EVERYTHING), 0, None)
    return trim_edges(meaning(pattern))


def _within(inner: Regex, outer: Regex) -> bool:
    """Whether all that one pattern matches is matched by the other."""
    start: tuple[_State, _States] = ((inner,), frozenset({(outer,)}))
    seen = {start}
    pending = [start]
    work = 0
    while pending:
        state, others = pending.pop()
        work += 1 + len(others)
        if work > _WORK:
            raise _Undecided
        if _empty(state) and not any(map(_empty, others)):
            return False
        for chars in _classes([state, *others]):
            code = chars.ranges[0][0]
            after = frozenset(end for one in others for end in _after(one, code))
            for end in _after(state, code):
                pair = (end, after)
                if pair not in seen:
                    seen.add(pair)
                    pending.append(pair)
    return True


def _empty(state: _State) -> bool:
    """Whether nothing more need be matched."""
    return all(map(_nullable, state))


@lru_cache(maxsize=4_096)
def _nullable(regex: Regex) -> bool:
    match regex:
        case Chars():
            return False
        case Sequence(parts):
            return all(map(_nullable, parts))
        case Choice(options):
            return any(map(_nullable, options))
        case Repeat(part, low, _, greed) if greed is not Greed.POSSESSIVE:
            return low == 0 or _nullable(part)
        case _:
            raise _Undecided


@lru_cache(maxsize=16_384)
def _after(state: _State, code: int) -> _States:
    """What is left to match behind one character."""
    if not state:
        return frozenset()
    head, rest = state[0], state[1:]
    match head:
        case Chars(chars):
            return frozenset({rest}) if _holds(chars, code) else frozenset()
        case Sequence(parts):
            return _after((*parts, *rest), code)
        case Choice(options):
            return frozenset(
                end for one in options for end in _after((one, *rest), code)
            )
        case Repeat(part, low, high, greed) if greed is not Greed.POSSESSIVE:
            found: set[_State] = set()
            if high != 0:
                again = Repeat(
                    part, max(low - 1, 0), None if high is None else high - 1
                )
                behind = rest if again.high == 0 else (again, *rest)
                found |= {(*end, *behind) for end in _after((part,), code)}
            if low == 0 or _nullable(part):
                found |= _after(rest, code)
            return frozenset(found)
        case _:
            raise _Undecided


def _holds(chars: CharSet, code: int) -> bool:
    return any(low <= code <= high for low, high in chars.ranges)


@lru_cache(maxsize=16_384)
def _first(state: _State) -> frozenset[CharSet]:
    """The sets that the next character is taken from."""
    if not state:
        return frozenset()
    head, rest = state[0], state[1:]
    match head:
        case Chars(chars):
            return frozenset({chars}) if chars.ranges else frozenset()
        case Sequence(parts):
            return _first((*parts, *rest))
        case Choice(options):
            return frozenset(
                one for option in options for one in _first((option, *rest))
            )
        case Repeat(part, low, high):
            found = _first((part,)) if high != 0 else frozenset()
            return found | _first(rest) if low == 0 or _nullable(part) else found
        case _:
            raise _Undecided


def _classes(states: Iterable[_State]) -> tuple[CharSet, ...]:
    """Classes of characters among which no state tells one from another."""
    sets = frozenset(chars for state in states for chars in _first(state))
    return _partition(sets)


@lru_cache(maxsize=4_096)
def _partition(sets: frozenset[CharSet]) -> tuple[CharSet, ...]:
    classes: list[CharSet] = []
    for chars in sorted(sets):
        left = chars
        split: list[CharSet] = []
        for one in classes:
            both = one & left
            if not both.ranges:
                split.append(one)
                continue
            split += [part for part in (both, one - both) if part.ranges]
            left = left - both
        classes = [*split, left] if left.ranges else split
    return tuple(classes)
