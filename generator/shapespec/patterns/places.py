"""Rewrites a pattern so that it says without assertions what it says with them.

Where a pattern matches the whole text, most assertions are settled by what stands next
to them: between `(` and a digit there is a word boundary, `^` behind a character never
holds, `(?!-)[a-z-]` is `[a-z]`. An anchor that holds in some ways through a pattern and
not in others divides it: `.*(^a|b)` is `a|.*b`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

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
from shapespec.patterns.automaton import size
from shapespec.patterns.charset import LINE_TERMINATORS, NOTHING, CharSet
from shapespec.patterns.normal import alternatives, nullable, repeat

NEVER = Chars(NOTHING)
"""What matches no text."""


def settled(regex: Regex) -> Regex:
    """The same pattern of whole texts, with fewer assertions, or the pattern itself."""
    if not _asserts(regex):
        return regex
    nothing = _Beside(NOTHING, edge=True)
    found = _settle(_without_last_break(regex), nothing, nothing)
    try:
        return alternatives([one for one in _divided(found) if one != NEVER] or [NEVER])
    except _Undivided:
        return found


def _asserts(regex: Regex) -> bool:
    match regex:
        case Chars():
            return False
        case Sequence(parts) | Choice(parts):
            return any(map(_asserts, parts))
        case Repeat(part) | Atomic(part):
            return _asserts(part)
        case Look() | Edge():
            return True


def _without_last_break(regex: Regex) -> Regex:
    """The pattern with `$` as the very end, where no line can break behind it."""
    if not _chars(regex).isdisjoint(LINE_TERMINATORS):
        return regex

    def end(part: Regex) -> Regex:
        match part:
            case Edge.BEFORE_LAST_BREAK:
                return Edge.END
            case Sequence(parts):
                return Sequence(tuple(map(end, parts)))
            case Choice(options):
                return Choice(tuple(map(end, options)))
            case Repeat(inner) | Atomic(inner):
                return part._replace(part=end(inner))
            case Chars() | Look() | Edge():
                return part

    return end(regex)


def _chars(regex: Regex) -> CharSet:
    """All characters that a pattern could take."""
    match regex:
        case Chars(chars):
            return chars
        case Sequence(parts) | Choice(parts):
            return CharSet.union(map(_chars, parts))
        case Repeat(part) | Atomic(part):
            return _chars(part)
        case Look() | Edge():
            return NOTHING


# --- what stands beside ---------------------------------------------------------


class _Beside(NamedTuple):
    """Which characters may stand beside a place, and whether the text may end there."""

    chars: CharSet
    edge: bool

    def __or__(self, other: _Beside) -> _Beside:
        return _Beside(self.chars | other.chars, self.edge or other.edge)


def _settle(regex: Regex, before: _Beside, after: _Beside) -> Regex:
    match regex:
        case Sequence(parts):
            return _row(list(parts), before, after)
        case Choice(options):
            found = [_settle(option, before, after) for option in options]
            kept = [one for one in found if one != NEVER]
            if len(kept) == len(options) or not kept:
                return Choice(tuple(found)) if kept else NEVER
            return kept[0] if len(kept) == 1 else Choice(tuple(kept))
        case Repeat(part, low, high, greed) if greed is not Greed.POSSESSIVE:
            return _repeated(part, (low, high), before, after)
        case Look(Chars(chars), ahead, negative):
            return _look(regex, chars, after if ahead else before, negative=negative)
        case Edge.START | Edge.END:
            beside = before if regex is Edge.START else after
            if not beside.edge:
                return NEVER
            return regex if beside.chars.ranges else EMPTY
        case _:
            return regex


def _look(look: Regex, chars: CharSet, beside: _Beside, *, negative: bool) -> Regex:
    inside = not (beside.chars - chars).ranges and not beside.edge
    outside = beside.chars.isdisjoint(chars)
    if not inside and not outside:
        return look
    return NEVER if inside == negative else EMPTY


def _repeated(
    part: Regex, bounds: tuple[int, int | None], before: _Beside, after: _Beside
) -> Regex:
    low, high = bounds
    if high is None or high > 1:
        first, last = _begins(part), _ends(part)
        if nullable(part):
            first, last = first | after, last | before
        before, after = before | last, after | first
    found = _settle(part, before, after)
    if found == NEVER:
        return EMPTY if low == 0 else NEVER
    return repeat(found, low, high)


def _row(parts: list[Regex], before: _Beside, after: _Beside) -> Regex:
    behind = [after] * len(parts)
    for index in range(len(parts) - 1, 0, -1):
        here = _begins(parts[index])
        behind[index - 1] = here | behind[index] if nullable(parts[index]) else here
    made: list[Regex] = []
    for part, then in zip(parts, behind, strict=True):
        found = _settle(part, before, then)
        if found == NEVER:
            return NEVER
        last = _ends(found)
        before = last | before if nullable(found) else last
        made.append(found)
    return sequence(_into_sets(made))


def _into_sets(parts: list[Regex]) -> list[Regex]:
    """Parts in a row with what is looked for beside a character in its set."""
    made: list[Regex] = []
    for part in parts:
        match made, part:
            case [*_, Look(Chars(chars), True, negative)], _ if (
                found := _at_first(part, chars, negative=negative)
            ) is not None:
                made[-1:] = found
            case [*_, _], Look(Chars(chars), False, negative) if (
                found := _at_last(made[-1], chars, negative=negative)
            ) is not None:
                made[-1:] = found
            case _:
                made.append(part)
    return made


def _at_first(part: Regex, chars: CharSet, *, negative: bool) -> list[Regex] | None:
    """A part whose first character is in a set, or is not."""
    match part:
        case Chars(held):
            return [Chars(held - chars if negative else held & chars)]
        case Repeat(Chars(held) as every, low, high, greed) if (
            low > 0 and greed is not Greed.POSSESSIVE
        ):
            one = Chars(held - chars if negative else held & chars)
            return [one, repeat(every, low - 1, None if high is None else high - 1)]
        case _:
            return None


def _at_last(part: Regex, chars: CharSet, *, negative: bool) -> list[Regex] | None:
    found = _at_first(part, chars, negative=negative)
    return None if found is None else found[::-1]


def _begins(regex: Regex) -> _Beside:
    return _Beside(_outer(regex, iter), edge=False)


def _ends(regex: Regex) -> _Beside:
    return _Beside(_outer(regex, reversed), edge=False)


def _outer(
    regex: Regex, order: Callable[[tuple[Regex, ...]], Iterator[Regex]]
) -> CharSet:
    """The characters at one end of what a pattern matches."""
    match regex:
        case Chars(chars):
            return chars
        case Sequence(parts):
            found = NOTHING
            for part in order(parts):
                found |= _outer(part, order)
                if not nullable(part):
                    break
            return found
        case Choice(options):
            return CharSet.union(_outer(option, order) for option in options)
        case Repeat(part) | Atomic(part):
            return _outer(part, order)
        case Look() | Edge():
            return NOTHING


# --- ways that an anchor divides ------------------------------------------------------


class _Undivided(Exception):
    """An anchor stands where a pattern cannot be divided by it."""


class _Ways(NamedTuple):
    """A pattern by what has to stand beside it: anything, or nothing at an end."""

    free: Regex = NEVER
    first: Regex = NEVER
    last: Regex = NEVER
    both: Regex = NEVER


_FIRST, _LAST = (1, 3), (2, 3)
_MOST = 4_000
"""How many characters may be written in all ways together."""


def _divided(regex: Regex) -> _Ways:
    """The ways through a pattern, by the anchors that they pass.

    Raises:
        _Undivided: An anchor stands in what is kept, looked at or counted.
    """
    match regex:
        case Edge.START:
            return _Ways(first=EMPTY)
        case Edge.END:
            return _Ways(last=EMPTY)
        case _ if not _anchored(regex):
            return _Ways(regex)
        case Sequence(parts):
            found = _Ways(EMPTY)
            for part in parts:
                found = _after(found, _divided(part))
            return found
        case Choice(options):
            each = [_divided(option) for option in options]
            return _Ways(*(_any(kind) for kind in zip(*each, strict=True)))
        case Repeat(part, low, 1, Greed.GREEDY | Greed.LAZY):
            ways = _divided(part)
            return ways._replace(free=_any([ways.free, EMPTY])) if low == 0 else ways
        case Repeat(part, 0 | 1 as low, None, Greed.GREEDY | Greed.LAZY):
            return _looped(_divided(part), low)
        case _:
            raise _Undivided


def _anchored(regex: Regex) -> bool:
    match regex:
        case Edge():
            return True
        case Sequence(parts) | Choice(parts):
            return any(map(_anchored, parts))
        case Repeat(part) | Atomic(part) | Look(part):
            return _anchored(part)
        case Chars():
            return False


def _looped(ways: _Ways, low: int) -> _Ways:
    """A loop: only the first time may begin the text, only the last may end it."""
    if any(one != NEVER and nullable(one) for one in ways):
        raise _Undivided
    more = _after(
        _after(
            _Ways(ways.free, ways.first),
            _Ways(EMPTY if ways.free == NEVER else repeat(ways.free, 0, None)),
        ),
        _Ways(ways.free, last=ways.last),
    )
    found = [_any(kind) for kind in zip(ways, more, strict=True)]
    if low == 0:
        found[0] = _any([found[0], EMPTY])
    return _Ways(*found)


def _after(one: _Ways, other: _Ways) -> _Ways:
    """The ways through one pattern and then another."""
    found: list[list[Regex]] = [[], [], [], []]
    for (left, head), (right, tail) in product(enumerate(one), enumerate(other)):
        before = _empty(head) if right in _FIRST else head
        behind = _empty(tail) if left in _LAST else tail
        if NEVER in (before, behind):
            continue
        first = left in _FIRST or right in _FIRST
        last = left in _LAST or right in _LAST
        found[first + 2 * last].append(sequence([before, behind]))
    if sum(size(way) for kind in found for way in kind) > _MOST:
        raise _Undivided
    return _Ways(*map(_any, found))


def _any(ways: list[Regex] | tuple[Regex, ...]) -> Regex:
    kept = [*dict.fromkeys(one for one in ways if one != NEVER)]
    if not kept:
        return NEVER
    return kept[0] if len(kept) == 1 else alternatives(kept)


def _empty(regex: Regex) -> Regex:
    """The ways through a pattern that take no character."""
    match regex:
        case Chars():
            return NEVER
        case Sequence(parts):
            found = [_empty(part) for part in parts]
            return NEVER if NEVER in found else sequence(found)
        case Choice(options):
            return _any([_empty(option) for option in options])
        case Repeat(_, 0):
            return EMPTY
        case Repeat(part) | Atomic(part):
            return _empty(part)
        case Look() | Edge():
            return regex
