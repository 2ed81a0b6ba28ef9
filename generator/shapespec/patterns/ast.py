"""What a pattern is once it has been read: six kinds of node."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, TypeAlias

from shapespec.patterns.charset import CharSet


def _same(one: tuple[object, ...], other: object) -> bool:
    """Whether two nodes are equal: a row of parts is no choice of the same ones."""
    return type(one) is type(other) and tuple.__eq__(one, other)


class Chars(NamedTuple):
    """One character out of a set."""

    set: CharSet

    def __eq__(self, other: object) -> bool:
        return _same(self, other)

    def __ne__(self, other: object) -> bool:
        return not _same(self, other)

    def __hash__(self) -> int:
        return tuple.__hash__(self)


class Sequence(NamedTuple):
    """Parts, one after the other; the empty sequence matches the empty text."""

    parts: tuple[Regex, ...]

    def __eq__(self, other: object) -> bool:
        return _same(self, other)

    def __ne__(self, other: object) -> bool:
        return not _same(self, other)

    def __hash__(self) -> int:
        return tuple.__hash__(self)


class Choice(NamedTuple):
    """One of several, the first that leads to a match."""

    options: tuple[Regex, ...]

    def __eq__(self, other: object) -> bool:
        return _same(self, other)

    def __ne__(self, other: object) -> bool:
        return not _same(self, other)

    def __hash__(self) -> int:
        return tuple.__hash__(self)


class Greed(StrEnum):
    """How a repetition chooses; the value is what is written after the quantifier."""

    GREEDY = ""
    LAZY = "?"
    POSSESSIVE = "+"


class Repeat(NamedTuple):
    """A part `low` to `high` times; without end where `high` is none."""

    part: Regex
    low: int
    high: int | None
    greed: Greed = Greed.GREEDY

    def __eq__(self, other: object) -> bool:
        return _same(self, other)

    def __ne__(self, other: object) -> bool:
        return not _same(self, other)

    def __hash__(self) -> int:
        return tuple.__hash__(self)


class Atomic(NamedTuple):
    """A part that gives nothing back once it has matched."""

    part: Regex

    def __eq__(self, other: object) -> bool:
        return _same(self, other)

    def __ne__(self, other: object) -> bool:
        return not _same(self, other)

    def __hash__(self) -> int:
        return tuple.__hash__(self)


class Look(NamedTuple):
    """An assertion that a part stands, or does not stand, ahead or behind."""

    part: Regex
    ahead: bool
    negative: bool

    def __eq__(self, other: object) -> bool:
        return _same(self, other)

    def __ne__(self, other: object) -> bool:
        return not _same(self, other)

    def __hash__(self) -> int:
        return tuple.__hash__(self)


class Edge(StrEnum):
    """A place of no width."""

    START = "start"
    END = "end"
    BEFORE_LAST_BREAK = "end or before a last line break"


Regex: TypeAlias = Chars | Sequence | Choice | Repeat | Atomic | Look | Edge

EMPTY = Sequence(())


def sequence(parts: list[Regex]) -> Regex:
    """Parts in a row, without needless nesting."""
    flat: list[Regex] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Sequence) else (part,))
    return flat[0] if len(flat) == 1 else Sequence(tuple(flat))


def choice(options: list[Regex]) -> Regex:
    """Alternatives, without needless nesting; single characters become one set."""
    if len(options) == 1:
        return options[0]
    if all(isinstance(option, Chars) for option in options):
        return Chars(CharSet.union(o.set for o in options if isinstance(o, Chars)))
    return Choice(tuple(options))
