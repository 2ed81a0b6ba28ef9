"""Texts that a pattern takes many ways through, made of its own automaton.

A way leads to a loop, around it again and again, perhaps through the next loop, and
then to a character that fits nowhere. Where two loops take the same piece of text, that
piece is what is repeated. The verdict on a pattern has no part in what texts are made.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cached_property
from typing import TypeVar

from shapespec.patterns.ast import Regex
from shapespec.patterns.automaton import SMALL, Automaton, automaton, bits
from shapespec.patterns.charset import CharSet

T = TypeVar("T", bound=Hashable)

_ODD = ("\0", "\n", "\x85", "\U0001f996")
"""What a text may end in, because it may fit nowhere."""

_SOME = 10
"""How many states of a pattern are led back to, beside how many, in how many pieces."""


def attacks(regex: Regex, length: int) -> Iterator[str]:
    """Texts of about a length that a pattern should find hard to refuse."""
    seen: set[str] = set()
    for text in _Attack(automaton(regex, SMALL)).texts(length):
        if text not in seen:
            seen.add(text)
            yield text


def _spread(many: list[T]) -> list[T]:
    """A few of many, from the first to the last."""
    step = max(len(many) / _SOME, 1)
    return [many[int(number * step)] for number in range(min(len(many), _SOME))]


class _Attack:
    def __init__(self, machine: Automaton) -> None:
        self.machine = machine

    def texts(self, length: int) -> Iterator[str]:
        for state, pieces in self.loops:
            head = self.way_to(state)
            if head is None:
                continue
            for piece in pieces:
                times = max((length - len(head)) // len(piece), 1)
                for end in self.ends:
                    yield head + piece * times + end
        yield from self.through_all(length)

    def through_all(self, length: int) -> Iterator[str]:
        """One loop after the other, each as often as the length allows."""
        text, at, rest = "", None, self.loops
        for number, (state, pieces) in enumerate(rest):
            way = self.way_to(state) if at is None else self.way_from(at, state)
            if way is None or not pieces:
                continue
            left = (length - len(text) - len(way)) // (len(rest) - number)
            text += way + pieces[0] * max(left // len(pieces[0]), 1)
            at = state
        for end in self.ends:
            yield text + end

    @cached_property
    def ends(self) -> tuple[str, ...]:
        """What texts end in: a character that fits nowhere, if there is one."""
        taken = CharSet.union(self.machine.kinds)
        free = [char for char in _ODD if ord(char) not in taken]
        return (*(free[:1] or _ODD), "")

    @cached_property
    def loops(self) -> list[tuple[int, list[str]]]:
        """States that lead back to themselves, with the pieces that do."""
        looping = _spread([*self.looping()])
        found = []
        for state in looping:
            pieces = [*self.single(state), *self.around(state)]
            pieces += [
                piece
                for other in looping
                if other != state and (piece := self.around_both(state, other))
            ]
            found.append((state, _spread([*dict.fromkeys(pieces)])))
        return found

    def looping(self) -> Iterator[int]:
        """The states that lead back to themselves."""
        for state, after in enumerate(self.machine.follows):
            seen, pending = after, after
            while pending:
                reached = 0
                for one in bits(pending):
                    reached |= self.machine.follows[one]
                pending = reached & ~seen
                seen |= reached
            if seen >> state & 1:
                yield state

    def single(self, state: int) -> Iterator[str]:
        """Each kind of character that leads from a state at once back to it."""
        if self.machine.follows[state] >> state & 1:
            for kind in bits(self.machine.sets[state]):
                yield self.char(1 << kind)

    def around(self, state: int) -> Iterator[str]:
        """Pieces that lead from a state back to it."""
        for first in bits(self.machine.follows[state]):
            way = self.way_from(first, state)
            if way is not None:
                yield self.char(self.machine.sets[first]) + way

    def around_both(self, one: int, other: int) -> str | None:
        """A piece that leads from each of two states back to it."""
        sets, follows = self.machine.sets, self.machine.follows

        def on(pair: tuple[int, int]) -> Iterator[tuple[int, tuple[int, int]]]:
            for left in bits(follows[pair[0]]):
                for right in bits(follows[pair[1]]):
                    if both := sets[left] & sets[right]:
                        yield both, (left, right)

        return self.shortest([(one, other)], on, (one, other), some=True)

    def way_to(self, state: int) -> str | None:
        """The shortest text that leads to a state."""
        return self.shortest([-1], self.on, state, some=False)

    def way_from(self, source: int, state: int) -> str | None:
        return self.shortest([source], self.on, state, some=False)

    def on(self, state: int) -> Iterator[tuple[int, int]]:
        after = self.machine.begin if state == -1 else self.machine.follows[state]
        for target in bits(after):
            yield self.machine.sets[target], target

    def shortest(
        self,
        sources: Iterable[T],
        on: Callable[[T], Iterable[tuple[int, T]]],
        goal: T,
        *,
        some: bool,
    ) -> str | None:
        """The shortest text from one of some places to another; not empty if `some`."""
        pending = deque((source, "") for source in sources)
        seen = {source for source, _ in pending}
        if goal in seen and not some:
            return ""
        while pending and len(seen) < 2000:
            place, text = pending.popleft()
            for chars, following in on(place):
                if not chars:
                    continue
                if following == goal:
                    return text + self.char(chars)
                if following not in seen:
                    seen.add(following)
                    pending.append((following, text + self.char(chars)))
        return None

    def char(self, taken: int) -> str:
        """A character of a set, one that can be read if there is one."""
        ranges = self.machine.chars(taken & -taken).ranges or ((0, 0),)
        for low, high in ranges:
            if low <= ord("a") <= high:
                return "a"
        for low, high in ranges:
            if high > 32:
                return chr(max(low, 33))
        return chr(ranges[0][0])
