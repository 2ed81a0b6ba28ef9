"""How long a backtracking engine may look before it gives up on a pattern.

Python's `re`, and most engines that read ECMA-262, try one way after another. How many
ways there are is how ambiguous the pattern is, read as an automaton in which any state
may be the last (Weideman, van der Merwe, Berglund, Watson: "Analyzing Matching Time
Behavior of Backtracking Regular Expression Matchers by Using Ambiguity of NFA", 2016;
Weber, Seidl: "On the degree of ambiguity of finite automata", 1991):

- exponentially many, if a state can come back to itself in two ways over one text, as
  in `(?:a|a)*`;
- polynomially many, if a state can over one text come back to itself, go on to another
  one, and that one come back to itself, as in `a*a*`: one degree for each such step;
- else no more than the text has characters, times a constant.

What is judged is the pattern as an engine is given it. A possessive repetition of
characters leaves none of them to what follows. What gives nothing back is judged for
itself where one way leads to it, and as if it gave back where there may be several;
either way the answer may be too grave for a pattern, never too light. So it is where an
answer would take more than `BUDGET` steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeVar

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
from shapespec.patterns.automaton import (
    ENDLESS,
    SMALL,
    WRITTEN_OUT,
    Automaton,
    TooLarge,
    automaton,
    bits,
    longest,
    size,
)
from shapespec.patterns.rewrite import alphabet, is_deterministic

BUDGET = 60_000
"""How many steps the analysis of a pattern may take."""

_MOST_WAYS = 100_000
"""How many ways there may be without any loop."""

_FEW = 16
"""How many ways are a constant that does not matter."""

_ANY_TIME = -1

_MEANT = 10_000
"""The length of the texts by which two answers are compared."""

_FACTORS = 40
"""How many kinds of worst case are told apart before they are taken together."""

T = TypeVar("T", bound=Hashable)


class Cost(NamedTuple):
    """How many steps an engine takes at worst, as the text grows.

    Attributes:
        exponential: Whether the number doubles, or may, with a few characters more.
        factors: For each kind of worst case the numbers of characters that are tried
            in every combination; `ENDLESS` stands for all that the text has.
    """

    exponential: bool = False
    factors: tuple[tuple[int, ...], ...] = ((ENDLESS,),)

    @property
    def degree(self) -> int:
        """The power of the text's length; a bound of a thousand tries counts as one."""
        return max(map(_degree, self.factors))

    @property
    def is_linear(self) -> bool:
        """Whether the number grows with the text, times a constant."""
        return not self.exponential and self.degree == 1

    @property
    def gravity(self) -> tuple[bool, int, float]:
        """What the costs of two forms are compared by."""
        return self.exponential, self.degree, self.steps(_MEANT)

    def steps(self, length: int | None) -> float:
        """The number for a text of at most so many characters; infinite if endless."""
        if self.exponential:
            return math.inf
        most = ENDLESS if length is None else length
        found = max(
            math.prod(min(one, most) for one in factors) for factors in self.factors
        )
        return found if found < ENDLESS else math.inf

    def within(self, other: Cost) -> Cost:
        """The cost of this again and again, as often as the other says."""
        if self.exponential or other.exponential:
            return EXPONENTIAL
        return Cost(
            factors=_worst(
                [*one, *two] for one in self.factors for two in other.factors
            )
        )


LINEAR = Cost()
EXPONENTIAL = Cost(exponential=True)
_CONSTANT = 1000


def _degree(factors: tuple[int, ...]) -> int:
    tries = math.prod(one for one in factors if one != ENDLESS)
    return max(factors.count(ENDLESS) + (tries > _CONSTANT), 1)


def worst(costs: Iterable[Cost]) -> Cost:
    """The cost of one after the other."""
    found = LINEAR
    for cost in costs:
        if cost.exponential:
            return EXPONENTIAL
        if cost != found:
            found = Cost(factors=_worst([*found.factors, *cost.factors]))
    return found


@lru_cache(maxsize=2048)
def cost(regex: Regex) -> Cost:
    """How long an engine may look, at worst, for a pattern as it is given to it."""
    try:
        return _cost(regex)
    except TooLarge:
        return EXPONENTIAL


def _cost(regex: Regex) -> Cost:
    if is_deterministic(regex):
        return LINEAR
    parts = regex.parts if isinstance(regex, Sequence) else (regex,)
    found = LINEAR
    for index, part in enumerate(parts):
        alone = _alone(part)
        if alone is None:
            return worst([found, _together(Sequence(parts[index:]))])
        found = worst([found, alone])
    return found


def _alone(regex: Regex) -> Cost | None:
    """The cost of a part from which one way leads on, at most; none if several may."""
    match regex:
        case Chars() | Edge():
            return LINEAR
        case Look(part) | Atomic(part):
            return _cost(part)
        case Repeat(Chars(), low, high) if low == high:
            return LINEAR
        case Repeat(part, _, _, Greed.POSSESSIVE) if is_deterministic(part):
            return LINEAR
        case _:
            return None


def _together(regex: Regex) -> Cost:
    """The cost of a part into which an engine may come back."""
    found = _ambiguity(regex, SMALL)
    if not found.is_linear and _counts(regex):
        other = _ambiguity(regex, WRITTEN_OUT)
        found = other if other.gravity < found.gravity else found
    inner = [_cost(part).within(found) for part in _looks(regex)]
    return worst([found, *inner])


def _ambiguity(regex: Regex, written_out: int) -> Cost:
    try:
        return _Ambiguity(automaton(regex, written_out), longest(regex)).cost()
    except TooLarge:
        return EXPONENTIAL


def _counts(regex: Regex) -> bool:
    """Whether a repetition is written out at most that is not at first."""
    match regex:
        case Repeat(part, _, high):
            return (
                high not in (None, 1) and SMALL < high * size(part) <= WRITTEN_OUT
            ) or _counts(part)
        case Sequence(parts) | Choice(parts):
            return any(map(_counts, parts))
        case Atomic(part):
            return _counts(part)
        case Chars() | Look() | Edge():
            return False


def _looks(regex: Regex) -> Iterator[Regex]:
    """What is looked for ahead without an end, within a part."""
    match regex:
        case Look(part):
            if longest(part) is None and not _begins_anew(part):
                yield part
            yield from _looks(part)
        case Sequence(parts) | Choice(parts):
            for part in parts:
                yield from _looks(part)
        case Atomic(part) | Repeat(part):
            yield from _looks(part)
        case Chars() | Edge():
            return


def _begins_anew(regex: Regex) -> bool:
    """Whether no place that is looked at is looked at again from behind the first.

    So it is if the first character is none of those that follow: wherever else one
    looks from, each character is looked at once.
    """
    match regex:
        case Sequence((Chars(chars), *rest)):
            held = alphabet(Sequence(tuple(rest)))
            return (
                held is not None and held.isdisjoint(chars) and is_deterministic(regex)
            )
        case _:
            return False


class _Ambiguity:
    """In how many ways an automaton takes a text."""

    def __init__(self, machine: Automaton, width: int | None) -> None:
        self.machine = machine
        self.width = ENDLESS if width is None else max(width, 1)
        self.left = BUDGET
        self.taking: dict[int, int] = {}

    def spend(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise TooLarge

    def cost(self) -> Cost:
        parts = _parts(range(len(self.machine.sets)), self.following)
        loops = [
            sum(1 << state for state in part)
            for part in parts
            if len(part) > 1 or self.machine.follows[part[0]] >> part[0] & 1
        ]
        at_once = self.at_once(parts)
        if any(map(self.doubles, loops)) or at_once > _MOST_WAYS:
            return EXPONENTIAL
        factors = self.chains(loops)
        if at_once > _FEW:
            factors = tuple((*some, at_once) for some in factors)
        return Cost(factors=factors)

    def following(self, state: int) -> Iterator[int]:
        return bits(self.machine.follows[state])

    def takers(self, chars: int) -> int:
        """The states that take one of some characters."""
        if chars not in self.taking:
            self.spend(1 + len(self.machine.sets) // 16)
            self.taking[chars] = sum(
                1 << state
                for state, taken in enumerate(self.machine.sets)
                if taken & chars
            )
        return self.taking[chars]

    # --- exponential --------------------------------------------------------------

    def doubles(self, loop: int) -> bool:
        """Whether a state comes back to itself in two ways over one text."""
        sets, follows = self.machine.sets, self.machine.follows
        for state in bits(loop):
            if any(loop >> target & 1 for target in self.machine.several[state]):
                return True
        seen: set[tuple[int, int]] = set()
        checked: set[int] = set()
        pending: list[tuple[int, int]] = []

        def meet(one: int, other: int) -> bool:
            for first in bits(one):
                rest = other & self.takers(sets[first])
                if rest >> first & 1 and one != other:
                    return True
                for second in bits(rest):
                    self.spend()
                    pair = (first, second) if first < second else (second, first)
                    if first != second and pair not in seen:
                        seen.add(pair)
                        pending.append(pair)
            return False

        for state in bits(loop):
            targets = follows[state] & loop
            if targets not in checked:
                checked.add(targets)
                self.spend(targets.bit_count())
                if not self.is_disjoint(targets):
                    meet(targets, targets)
        while pending:
            one, other = pending.pop()
            both = follows[one] & follows[other] & loop
            if both:
                return True
            meet(follows[one] & loop, follows[other] & loop)
        return False

    def is_disjoint(self, states: int) -> bool:
        """Whether each character is taken by one of some states, at most."""
        held = 0
        for state in bits(states):
            if held & self.machine.sets[state]:
                return False
            held |= self.machine.sets[state]
        return True

    def at_once(self, parts: list[list[int]]) -> int:
        """How many ways lead to one state over one text, loops left aside.

        The parts come in such an order that none leads to one after it. A way out of a
        loop may be taken after any number of characters, so it has no time.
        """
        sets, before = self.machine.sets, self.before()
        ways: list[dict[int, int]] = [{} for _ in sets]
        found = 1
        for part in reversed(parts):
            inner = set(part)
            if len(part) == 1 and not self.machine.follows[part[0]] >> part[0] & 1:
                state = part[0]
                ways[state] = self.arriving(before[state], ways)
                if self.machine.begin >> state & 1:
                    ways[state][0] = self.machine.whole.begin.count(state)
                found = max(found, *ways[state].values(), 1)
            else:
                begin = self.machine.whole.begin
                entries = [
                    self.ever(before[one], inner, ways) + begin.count(one)
                    for one in part
                ]
                entered = max(self.most(part, dict(zip(part, entries, strict=True))), 1)
                for state in part:
                    ways[state] = {_ANY_TIME: entered}
                found = max(found, entered)
            if found > _MOST_WAYS:
                break
        whole = self.machine.whole
        return found * max(whole.empty, *whole.end.several.values(), 1)

    def arriving(
        self, sources: Mapping[int, int], ways: list[dict[int, int]]
    ) -> dict[int, int]:
        """How many ways lead from some states to the next, at each time.

        Args:
            sources: In how many ways each of the states leads there.
            ways: How many ways lead to each state, at each time.
        """
        self.spend(sum(1 + len(ways[source]) for source in sources))
        if len(sources) == 1:
            [(source, several)] = sources.items()
            return {
                time + (time != _ANY_TIME): count * several
                for time, count in ways[source].items()
            }
        times = {time for source in sources for time in ways[source]}
        return {
            time + (time != _ANY_TIME): self.most(
                sources,
                {
                    one: several
                    * (
                        ways[one].get(time, 0)
                        + (ways[one].get(_ANY_TIME, 0) if time != _ANY_TIME else 0)
                    )
                    for one, several in sources.items()
                },
            )
            for time in times
        }

    def ever(
        self, sources: Mapping[int, int], inner: set[int], ways: list[dict[int, int]]
    ) -> int:
        """How many ways lead from some states outside a loop into it, all in all."""
        outside = {one: several for one, several in sources.items() if one not in inner}
        return sum(self.arriving(outside, ways).values())

    def before(self) -> list[dict[int, int]]:
        """The states that each state may come from, and in how many ways."""
        found: list[dict[int, int]] = [{} for _ in self.machine.sets]
        for state, targets in enumerate(self.machine.follows):
            several = self.machine.several[state]
            for target in bits(targets):
                found[target][state] = several.get(target, 1)
        return found

    def most(self, states: Iterable[int], ways: Mapping[int, int]) -> int:
        """The ways to those of some states that one character can lead to."""
        active = [state for state in states if ways[state]]
        if len(active) < 2:
            return ways[active[0]] if active else 0
        self.spend(len(active) // 4)
        sets: dict[int, int] = {}
        for state in active:
            taken = self.machine.sets[state]
            sets[taken] = sets.get(taken, 0) + ways[state]
        by_char: dict[int, int] = {}
        for taken, added in sets.items():
            self.spend(len(by_char) // 4)
            parts: dict[int, int] = {}
            left = taken
            for chars, count in by_char.items():
                if both := chars & taken:
                    parts[both] = max(parts.get(both, 0), count + added)
                if rest := chars & ~taken:
                    parts[rest] = max(parts.get(rest, 0), count)
                left &= ~chars
            if left:
                parts[left] = added
            by_char = parts
        return max(by_char.values())

    # --- polynomial ---------------------------------------------------------------

    def chains(self, loops: list[int]) -> tuple[tuple[int, ...], ...]:
        """The loops one behind the other that share a text, as factors of `Cost`.

        The loops come in such an order that none leads to one before it.
        """
        loops.reverse()
        reach = self.reach()
        after: list[list[int]] = []
        for number, loop in enumerate(loops):
            reached = reach[(loop & -loop).bit_length() - 1]
            later = [
                other
                for other in range(number + 1, len(loops))
                if loops[other] & reached and self.shares(loops, number, other)
            ]
            after.append(later)
        if not any(after):
            return ((self.width,),)
        return self.paths(loops, reach, after)

    def paths(
        self, loops: list[int], reach: list[int], after: list[list[int]]
    ) -> tuple[tuple[int, ...], ...]:
        """The factors of each way along the loops that a text can be shared among."""
        ends: list[set[tuple[tuple[int, ...], tuple[int, ...]]]] = [
            set() for _ in loops
        ]
        found: set[tuple[int, ...]] = {(self.width,)}
        states = [(loop & -loop).bit_length() - 1 for loop in loops]
        counts = [self.machine.bounds[state] or 1 for state in states]
        for number, (state, here) in enumerate(zip(states, counts, strict=True)):
            close = set(after[number])
            apart = [
                other
                for other in range(number + 1, len(loops))
                if other not in close and loops[other] & reach[state]
            ]
            ends[number].add(((), (here,)))
            if len(ends[number]) > _FACTORS:
                ends[number] = {_largest(ends[number])}
            for closed, group in ends[number]:
                self.spend()
                done = tuple(sorted([*closed, *sorted(group)[:-1]], reverse=True))
                found.add((self.width, *done))
                for other in after[number]:
                    grown = tuple(sorted((*group, counts[other])))
                    ends[other].add((closed, grown))
                for other in apart if len(group) > 1 else ():
                    ends[other].add((done, (counts[other],)))
        return _worst(found)

    def reach(self) -> list[int]:
        """The states that each state leads to, in any number of steps."""
        found = [0] * len(self.machine.sets)
        parts = _parts(range(len(found)), self.following)
        for part in parts:
            inner = sum(1 << state for state in part)
            reached = 0
            for state in part:
                self.spend()
                reached |= self.machine.follows[state]
            for target in bits(reached & ~inner):
                reached |= found[target]
            for state in part:
                found[state] = reached
        return found

    def shares(self, loops: list[int], one: int, other: int) -> bool:
        """Whether one text leads around a loop, around another, and from it there."""
        sets, follows = self.machine.sets, self.machine.follows
        first, last = loops[one], loops[other]

        def pairs(pair: tuple[int, int]) -> Iterator[tuple[int, int]]:
            for a in bits(follows[pair[0]] & first):
                for c in bits(follows[pair[1]] & last & self.takers(sets[a])):
                    self.spend()
                    yield a, c

        starts = [
            (a, c) for a in bits(first) for c in bits(last & self.takers(sets[a]))
        ]
        self.spend(len(starts))
        return any(self.leads(set(group), pairs) for group in _loops(starts, pairs))

    def leads(
        self,
        group: set[tuple[int, int]],
        pairs: Callable[[tuple[int, int]], Iterator[tuple[int, int]]],
    ) -> bool:
        """Whether a way leads from the first of a pair to the second beside both."""
        sets, follows = self.machine.sets, self.machine.follows
        start = next(iter(group))
        beside = {start: 1 << start[0]}
        pending = [start]
        while pending:
            pair = pending.pop()
            reached = 0
            for state in bits(beside[pair]):
                self.spend()
                reached |= follows[state]
            for following in pairs(pair):
                if following not in group:
                    continue
                a, c = following
                there = reached & self.takers(sets[a] & sets[c])
                if there >> c & 1:
                    return True
                if there & ~beside.get(following, 0):
                    beside[following] = beside.get(following, 0) | there
                    pending.append(following)
        return False


def _worst(factors: Iterable[Iterable[int]]) -> tuple[tuple[int, ...], ...]:
    """The factors that none of the others outdoes, greatest first."""
    kept: list[tuple[int, ...]] = []
    for one in sorted(
        {tuple(sorted(some, reverse=True)) for some in factors}, reverse=True
    ):
        if not any(_outdoes(other, one) for other in kept):
            kept.append(one)
    if len(kept) > _FACTORS:
        size = max(map(len, kept))
        padded = [[*one, *[1] * (size - len(one))] for one in kept]
        kept = [tuple(map(max, *padded))]
    return tuple(kept)


def _outdoes(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return len(one) >= len(other) and all(map(int.__ge__, one, other))


def _largest(
    ends: Iterable[tuple[tuple[int, ...], tuple[int, ...]]],
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """One that is no better than any of many."""
    closed = _worst(one for one, _ in ends)
    group = _worst(two for _, two in ends)
    return _join(closed), _join(group)


def _join(many: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    size = max(map(len, many))
    padded = [[*one, *[1] * (size - len(one))] for one in many]
    return tuple(max(column) for column in zip(*padded, strict=True))


def _loops(states: Iterable[T], following: Callable[[T], Iterable[T]]) -> list[list[T]]:
    """The strongly connected parts that have an edge within."""
    return [
        part
        for part in _parts(states, following)
        if len(part) > 1 or part[0] in following(part[0])
    ]


def _parts(states: Iterable[T], following: Callable[[T], Iterable[T]]) -> list[list[T]]:
    """The strongly connected parts, the last first (Tarjan, no recursion)."""
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
                    found.append(part)
    return found
