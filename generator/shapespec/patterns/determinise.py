"""Rewrites a pattern by way of its deterministic automaton.

Of a text that has been read, such an automaton knows one state, so there is one way to
match it, and a pattern that is made of the automaton again has few ways: as many, for a
text of any length, as states were taken apart. It is made by taking out one state after
the other (J. Brzozowski, E. McCluskey, 1963), those first that make it longest least.

A pattern that counts far has too many states for this, and so has one that has to know
what stood many characters before. Then there is no such form.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from shapespec.patterns.ast import (
    EMPTY,
    Chars,
    Choice,
    Regex,
    Repeat,
    Sequence,
    sequence,
)
from shapespec.patterns.automaton import Automaton, TooLarge, automaton, bits
from shapespec.patterns.charset import CharSet
from shapespec.patterns.normal import alternatives, is_plain, normal, repeat, tailed

MOST_STATES = 150
"""How many states a deterministic automaton may have."""

_MOST_READ = 400
"""How many states the automaton may have that it is made of."""

_LONGEST = 2_500
"""How many characters may be written in the pattern that comes of it."""

_MOST_MOVES = 30_000

_Moves = dict[int, dict[int, int]]
"""For each state the characters, as bits, that lead to each other one."""


def determinised(regex: Regex) -> Regex | None:
    """A pattern that matches the same texts in few ways; none if it gets too long."""
    if not is_plain(regex):
        return None
    try:
        machine = automaton(regex, None)
        moves, ends = _subsets(machine)
        moves, ends = _merged(moves, ends)
        found = _Graph(machine, moves, ends).pattern()
    except TooLarge:
        return None
    return tailed(normal(found))


def _subsets(machine: Automaton) -> tuple[_Moves, set[int]]:
    """The deterministic automaton, its states numbered from 0, where it begins."""
    if len(machine.sets) > _MOST_READ:
        raise TooLarge
    numbers: dict[int, int] = {-1: 0}
    moves: _Moves = {}
    ends = {0} if machine.empty else set()
    pending = [-1]
    left = _MOST_MOVES
    while pending:
        state = pending.pop()
        after = machine.begin
        if state != -1:
            after = 0
            for one in bits(state):
                after |= machine.follows[one]
        parts: list[tuple[int, int]] = []
        for one in bits(after):
            left -= 1 + len(parts)
            taken = machine.sets[one]
            split: list[tuple[int, int]] = []
            for chars, states in parts:
                if both := chars & taken:
                    split.append((both, states | 1 << one))
                if rest := chars & ~taken:
                    split.append((rest, states))
                taken &= ~chars
            if taken:
                split.append((taken, 1 << one))
            parts = split
        if left < 0:
            raise TooLarge
        targets: dict[int, int] = defaultdict(int)
        for chars, states in parts:
            targets[states] |= chars
        row = moves[numbers[state]] = {}
        for states, chars in targets.items():
            if states not in numbers:
                if len(numbers) >= MOST_STATES * 4:
                    raise TooLarge
                numbers[states] = len(numbers)
                pending.append(states)
                if states & machine.end:
                    ends.add(numbers[states])
            row[numbers[states]] = chars
    return moves, ends


def _merged(moves: _Moves, ends: set[int]) -> tuple[_Moves, set[int]]:
    """The automaton with states as one that the same texts lead on from (Moore)."""
    kinds = {state: int(state in ends) for state in moves}
    while True:
        seen: dict[tuple[object, ...], int] = {}
        finer = {}
        for state in moves:
            row: dict[int, int] = defaultdict(int)
            for target, chars in moves[state].items():
                row[kinds[target]] |= chars
            key = (kinds[state], *sorted(row.items()))
            finer[state] = seen.setdefault(key, len(seen))
        if len(seen) == len(set(kinds.values())):
            break
        kinds = finer
    start = kinds[0]
    order = {start: 0}
    for kind in kinds.values():
        order.setdefault(kind, len(order))
    if len(order) > MOST_STATES:
        raise TooLarge
    found: _Moves = {number: {} for number in order.values()}
    for state, row in moves.items():
        at = found[order[kinds[state]]]
        for target, chars in row.items():
            kind = order[kinds[target]]
            at[kind] = at.get(kind, 0) | chars
    return found, {order[kinds[state]] for state in ends}


class _Edge(NamedTuple):
    """What leads from one state to another, and how long it is when it is written."""

    regex: Regex
    length: int


_FIRST, _FINAL = -2, -1


class _Graph:
    """States, and patterns that lead from one to another."""

    def __init__(self, machine: Automaton, moves: _Moves, ends: set[int]) -> None:
        self.lengths: dict[int, tuple[Regex, int]] = {}
        self.out: dict[int, dict[int, _Edge]] = {_FIRST: {0: self.edge(EMPTY)}}
        self.into: dict[int, set[int]] = defaultdict(set)
        for state, row in moves.items():
            edges = {
                to: self.edge(Chars(machine.chars(taken))) for to, taken in row.items()
            }
            self.out[state] = edges
            if state in ends:
                edges[_FINAL] = self.edge(EMPTY)
            for target in edges:
                self.into[target].add(state)
        self.into[0].add(_FIRST)

    def pattern(self) -> Regex:
        """What leads from the first state to the last, all others taken out."""
        weights = {state: self.weight(state) for state in self.out if state != _FIRST}
        while weights:
            state = min(weights, key=lambda one: (weights[one], one))
            del weights[state]
            for one in self.take_out(state):
                if one in weights:
                    weights[one] = self.weight(one)
        found = self.out[_FIRST].get(_FINAL)
        return Chars(CharSet(())) if found is None else found.regex

    def weight(self, state: int) -> int:
        """By how much the patterns grow when a state is taken out."""
        sources = [self.out[one][state].length for one in self.into[state] - {state}]
        row = self.out[state]
        targets = [edge.length for to, edge in row.items() if to != state]
        loop = row[state].length if state in row else 0
        return (
            sum(sources) * (len(targets) - 1)
            + sum(targets) * (len(sources) - 1)
            + loop * (len(sources) * len(targets) - 1)
        )

    def take_out(self, state: int) -> set[int]:
        """Lead past a state; those that led to it, and those that it led to."""
        out = self.out.pop(state)
        loop = out.pop(state, None)
        around = EMPTY if loop is None else repeat(loop.regex, 0, None)
        sources = self.into.pop(state) - {state}
        for source in sorted(sources):
            row = self.out[source]
            head = row.pop(state).regex
            for target, tail in out.items():
                way = sequence([head, around, tail.regex])
                other = row.get(target)
                row[target] = self.edge(
                    way if other is None else alternatives([other.regex, way])
                )
                self.into[target].add(source)
        for target in out:
            self.into[target].discard(state)
        return sources | {*out}

    def edge(self, regex: Regex) -> _Edge:
        """An edge.

        Raises:
            TooLarge: What leads along it is too long when it is written.
        """
        length = self.length(regex)
        if length > _LONGEST:
            raise TooLarge
        return _Edge(regex, length)

    def length(self, regex: Regex) -> int:
        """How long a pattern is when it is written; parts that recur count as known."""
        known = self.lengths.get(id(regex))
        if known is not None and known[0] is regex:
            return known[1]
        match regex:
            case Chars(chars):
                ranges = min(2 * len(chars.ranges), 20)
                found = 1 if chars.single is not None else 2 + ranges
            case Sequence(parts) | Choice(parts):
                found = sum(map(self.length, parts)) + len(parts)
            case Repeat(part):
                found = self.length(part) + 2
            case _:
                found = 1
        self.lengths[id(regex)] = regex, found
        return found
