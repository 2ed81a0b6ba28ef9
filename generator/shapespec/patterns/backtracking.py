"""How long a backtracking engine may look before it gives up on a pattern.

Python's `re`, and most engines that read ECMA-262, try one way after another. How many
ways there are is how ambiguous the pattern is, read as an automaton in which any state
may be the last (Weideman, van der Merwe, Berglund, Watson: "Analyzing Matching Time
Behavior of Backtracking Regular Expression Matchers by Using Ambiguity of NFA", 2016):

- exponentially many, if a state can come back to itself in two ways over one text, as
  in `(?:a|a)*`;
- polynomially many, if a state can over one text come back to itself, go on to another
  one, and that one come back to itself, as in `a*a*`;
- else no more than the text has characters, times a constant.

A repetition that is possessive does not count as a way on for what it would have taken.
Bounded repetition is as good as unbounded here where it is long; a short one is a
constant. So the answer may be too grave for a pattern, never too light.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from enum import IntEnum
from functools import partial
from typing import TypeAlias, TypeVar

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
from shapespec.patterns.charset import EVERYTHING, NOTHING, CharSet
from shapespec.patterns.rewrite import alphabet, first, is_deterministic

LONG = 64
"""From how many times on a bounded repetition counts as an endless one."""

FEW = 8
"""Up to how many times a repetition counts as none, whatever it holds."""

_COPIES = 16
"""Up to how many times a character that is counted exactly is written out."""


class Growth(IntEnum):
    """How the number of ways grows with the text."""

    LINEAR = 1
    POLYNOMIAL = 2
    EXPONENTIAL = 3


_Pair: TypeAlias = tuple[int, int]
_Triple: TypeAlias = tuple[int, int, int]
T = TypeVar("T", bound=Hashable)


def growth(regex: Regex) -> Growth:
    """How long an engine may look, at worst, for a pattern as it is given to it."""
    if is_deterministic(regex):
        return Growth.LINEAR
    worst = max((growth(part) for part in _inner(regex)), default=Growth.LINEAR)
    machine = _Machine(regex)
    if machine.exponential():
        return Growth.EXPONENTIAL
    return max(worst, Growth.POLYNOMIAL if machine.polynomial() else Growth.LINEAR)


def _inner(regex: Regex) -> Iterable[Regex]:
    """What is matched for itself, because nothing returns into it."""
    match regex:
        case Look(part):
            yield part
        case Sequence(parts) | Choice(parts):
            for part in parts:
                yield from _inner(part)
        case Atomic(part):
            yield part
        case Repeat(part):
            yield from _inner(part)
        case Chars() | Edge():
            return


class _Machine:
    """A pattern as an automaton: a state for each character that is written in it.

    `edges[state]` are the states that may come next, and how many ways lead there;
    `short` are the edges back that a short repetition makes.
    """

    def __init__(self, regex: Regex) -> None:
        self.sets: list[CharSet] = []
        self.edges: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self.short: set[_Pair] = set()
        self.kept: dict[_Pair, CharSet] = {}
        self.build(regex)

    def build(self, regex: Regex) -> tuple[set[int], set[int], bool]:
        """Add a part; gives where it begins, where it ends, and if it may be empty."""
        match regex:
            case Chars(chars):
                self.sets.append(chars)
                state = len(self.sets) - 1
                return {state}, {state}, False
            case Sequence(parts):
                return self.row(parts)
            case Choice(options):
                built = [self.build(option) for option in options]
                return (
                    set().union(*(begin for begin, _, _ in built)),
                    set().union(*(end for _, end, _ in built)),
                    any(empty for _, _, empty in built),
                )
            case Repeat():
                return self.repeat(regex)
            case Atomic(part):
                # There is one way through it, if any: it is like a character.
                held = alphabet(part)
                return self.build(Chars(EVERYTHING if held is None else held))
            case Look() | Edge():
                return set(), set(), True

    def row(self, parts: Iterable[Regex]) -> tuple[set[int], set[int], bool]:
        begins: set[int] = set()
        ends: set[int] = set()
        empty = True
        for part in parts:
            begin, end, skipped = self.build(part)
            self.join(ends, begin)
            begins |= begin if empty else set()
            ends = ends | end if skipped else end
            empty = empty and skipped
        return begins, ends, empty

    def repeat(self, repeat: Repeat) -> tuple[set[int], set[int], bool]:
        part, low, high, greed = repeat
        if isinstance(part, Chars) and low == high and low <= _COPIES:
            return self.row([part] * low)
        begin, end, empty = self.build(part)
        if high is None or high > FEW:
            for source in end:
                for target in begin:
                    self.edges[source][target] += 1
                    if high is not None and high <= LONG:
                        self.short.add((source, target))
        if greed is Greed.POSSESSIVE and high is None:
            # Where it could go on, it does: nothing that follows takes its characters.
            taken, _ = first(part)
            for source in end:
                self.kept[source, source] = taken
        return begin, end, empty or low == 0

    def join(self, sources: set[int], targets: set[int]) -> None:
        for source in sources:
            taken = self.kept.get((source, source), NOTHING)
            for target in targets:
                if (self.sets[target] - taken).ranges:
                    self.edges[source][target] += 1

    # --- ambiguity ----------------------------------------------------------------

    def exponential(self) -> bool:
        """Whether a state comes back to itself in two ways over one text."""
        loops = _loops(range(len(self.sets)), lambda state: self.edges[state])
        for loop in loops:
            inside = set(loop)
            if any(
                count > 1 and target in inside
                for state in loop
                for target, count in self.edges[state].items()
            ):
                return True
            pairs = [(state, state) for state in loop]
            for group in _loops(pairs, partial(self.pairs, inside)):
                if any(one == other for one, other in group) and any(
                    one != other for one, other in group
                ):
                    return True
        return False

    def pairs(self, inside: set[int], pair: _Pair) -> list[_Pair]:
        """Where two ways get to over one character."""
        return [
            (one, other)
            for one in self.edges[pair[0]]
            if one in inside
            for other in self.edges[pair[1]]
            if other in inside and not self.sets[one].isdisjoint(self.sets[other])
        ]

    def polynomial(self) -> bool:
        """Whether two loops, one behind the other, take the same text."""
        long = {
            state: [t for t in targets if (state, t) not in self.short]
            for state, targets in self.edges.items()
        }
        loops = _loops(range(len(self.sets)), lambda state: long.get(state, []))
        looping = {state: number for number, loop in enumerate(loops) for state in loop}
        for start in looping:
            for target in looping:
                if start != target and self.follows(start, target, looping, long):
                    return True
        return False

    def follows(
        self,
        start: int,
        target: int,
        looping: dict[int, int],
        long: dict[int, list[int]],
    ) -> bool:
        """Whether one text leads around `start`, around `target`, and from one on."""
        goal = (start, target, target)
        seen: set[_Triple] = set()
        pending: list[_Triple] = [(start, start, target)]
        while pending:
            one, two, three = pending.pop()
            for a in long.get(one, []):
                if looping.get(a) != looping[start]:
                    continue
                for c in long.get(three, []):
                    both = self.sets[a] & self.sets[c]
                    if looping.get(c) != looping[target] or not both.ranges:
                        continue
                    for b in self.edges[two]:
                        if self.sets[b].isdisjoint(both):
                            continue
                        following = (a, b, c)
                        if following == goal:
                            return True
                        if following not in seen:
                            seen.add(following)
                            pending.append(following)
        return False


def _loops(states: Iterable[T], following: Callable[[T], Iterable[T]]) -> list[list[T]]:
    """The strongly connected parts that have an edge within (Tarjan, no recursion)."""
    index: dict[T, int] = {}
    low: dict[T, int] = {}
    active: dict[T, None] = {}
    found: list[list[T]] = []
    for root in states:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        active[root] = None
        pending = [(root, iter([*following(root)]))]
        while pending:
            state, rest = pending[-1]
            for target in rest:
                if target not in index:
                    index[target] = low[target] = len(index)
                    active[target] = None
                    pending.append((target, iter([*following(target)])))
                    break
                if target in active:
                    low[state] = min(low[state], index[target])
            else:
                pending.pop()
                if pending:
                    above = pending[-1][0]
                    low[above] = min(low[above], low[state])
                if low[state] == index[state]:
                    part = []
                    while True:
                        last, _ = active.popitem()
                        part.append(last)
                        if last == state:
                            break
                    if len(part) > 1 or state in following(state):
                        found.append(part)
    return found
