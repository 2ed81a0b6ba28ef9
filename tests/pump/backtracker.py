"""An engine that goes back and tries again, as Python's `re` does, and counts steps.

It takes any pattern that is read or emitted. What it counts does not depend on the
machine: an instruction is a step, and so is a character that a run takes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

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
from shapespec.patterns.charset import LINE_TERMINATORS, CharSet
from shapespec.patterns.emit import fixed_width


class TooManySteps(Exception):
    """A text takes more steps than are worth counting."""


class _Char(NamedTuple):
    chars: CharSet


class _Run(NamedTuple):
    chars: CharSet
    low: int
    high: int | None
    greed: Greed


class _Split(NamedTuple):
    first: int
    second: int


class _Jump(NamedTuple):
    to: int


class _Begin(NamedTuple):
    loop: int


class _Loop(NamedTuple):
    loop: int
    low: int
    high: int | None
    lazy: bool
    out: int


class _Inner(NamedTuple):
    code: tuple[_Op, ...]
    look: Look | None


class _Place(NamedTuple):
    edge: Edge


_Op: TypeAlias = _Char | _Run | _Split | _Jump | _Begin | _Loop | _Inner | _Place
_Counts: TypeAlias = tuple[tuple[int, int], ...]
"""For each loop how often it has been run, and where it was entered last."""


@dataclass(slots=True)
class Backtracker:
    """A pattern to hold texts against.

    Attributes:
        steps: How many steps it has taken since it was made.
    """

    regex: Regex
    most: int = 10_000_000
    steps: int = 0
    loops: int = 0
    code: tuple[_Op, ...] = ()
    known: dict[CharSet, dict[str, bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.code = tuple(self._compile(self.regex, 0))

    def fullmatch(self, text: str) -> bool:
        """Whether the whole of a text matches.

        Raises:
            TooManySteps: It takes more than `most`.
        """
        return self._end(self.code, text, 0, whole=True) is not None

    # --- into instructions --------------------------------------------------------

    def _compile(self, regex: Regex, at: int) -> list[_Op]:
        match regex:
            case Chars(chars):
                return [_Char(chars)]
            case Sequence(parts):
                code: list[_Op] = []
                for part in parts:
                    code += self._compile(part, at + len(code))
                return code
            case Choice(options):
                return self._choice(options, at)
            case Repeat(part, low, high, Greed.POSSESSIVE) if not isinstance(
                part, Chars
            ):
                inner = tuple(self._compile(Repeat(part, low, high), 0))
                return [_Inner(inner, None)]
            case Repeat(Chars(chars), low, high, greed):
                return [_Run(chars, low, high, greed)]
            case Repeat(part, low, high, greed):
                return self._loop(part, (low, high), greed, at)
            case Atomic(part):
                return [_Inner(tuple(self._compile(part, 0)), None)]
            case Look(part):
                return [_Inner(tuple(self._compile(part, 0)), regex)]
            case Edge():
                return [_Place(regex)]

    def _choice(self, options: tuple[Regex, ...], at: int) -> list[_Op]:
        *others, last = options
        code: list[_Op] = []
        jumps: list[int] = []
        for option in others:
            here = len(code)
            inner = self._compile(option, at + here + 1)
            code += [
                _Split(at + here + 1, at + here + len(inner) + 2),
                *inner,
                _Jump(0),
            ]
            jumps.append(len(code) - 1)
        code += self._compile(last, at + len(code))
        for jump in jumps:
            code[jump] = _Jump(at + len(code))
        return code

    def _loop(
        self, part: Regex, bounds: tuple[int, int | None], greed: Greed, at: int
    ) -> list[_Op]:
        loop = self.loops
        self.loops += 1
        inner = self._compile(part, at + 2)
        out = at + len(inner) + 3
        head = _Loop(loop, *bounds, greed is Greed.LAZY, out)
        return [_Begin(loop), head, *inner, _Jump(at + 1)]

    # --- running ------------------------------------------------------------------

    def _has(self, chars: CharSet, char: str) -> bool:
        known = self.known.setdefault(chars, {})
        if char not in known:
            known[char] = ord(char) in chars
        return known[char]

    def _end(
        self, code: tuple[_Op, ...], text: str, start: int, *, whole: bool
    ) -> int | None:
        """Where the first match ends that begins at a place, if there is one."""
        counts: _Counts = ((0, -1),) * self.loops
        # What is still to be tried: an instruction, places from last to first, counts.
        pending: list[tuple[int, int, int, int, _Counts]] = [
            (0, start, start, -1, counts)
        ]
        while pending:
            pc, at, last, step, counts = pending.pop()
            if at != last:
                pending.append((pc, at + step, last, step, counts))
            while True:
                self.steps += 1
                if self.steps > self.most:
                    raise TooManySteps
                if pc == len(code):
                    if not whole or at == len(text):
                        return at
                    break
                match code[pc]:
                    case _Run() as run:
                        found = self._run(run, text, at)
                        if found is None:
                            break
                        at, last = found
                        pc += 1
                        if at != last:
                            step = 1 if run.greed is Greed.LAZY else -1
                            pending.append((pc, at + step, last, step, counts))
                    case _Split(first, second):
                        pending.append((second, at, at, -1, counts))
                        pc = first
                    case _Jump(to):
                        pc = to
                    case _Begin(loop):
                        counts = (*counts[:loop], (0, -1), *counts[loop + 1 :])
                        pc += 1
                    case _Loop() as head:
                        on, again = _next(head, pc, at, counts)
                        pc, counts = on
                        if again is not None:
                            pending.append((again[0], at, at, -1, again[1]))
                    case _Char() | _Inner() | _Place() as op:
                        end = self._one(op, text, at)
                        if end is None:
                            break
                        at = end
                        pc += 1
        return None

    def _one(self, op: _Char | _Inner | _Place, text: str, at: int) -> int | None:
        """Where an instruction leads that leads to one place at most."""
        match op:
            case _Char(chars):
                held = at < len(text) and self._has(chars, text[at])
                return at + 1 if held else None
            case _Inner(inner, None):
                return self._end(inner, text, at, whole=False)
            case _Inner(inner, look):
                found = self._looks(inner, look, text, at)
                return None if found == look.negative else at
            case _Place(edge):
                return at if _holds(edge, text, at) else None

    def _run(self, run: _Run, text: str, at: int) -> tuple[int, int] | None:
        """The first and the last place to go on from."""
        most = len(text) if run.high is None else min(len(text), at + run.high)
        end = at
        while end < most and self._has(run.chars, text[end]):
            end += 1
        self.steps += end - at
        if end < at + run.low:
            return None
        match run.greed:
            case Greed.POSSESSIVE:
                return end, end
            case Greed.LAZY:
                return at + run.low, end
            case Greed.GREEDY:
                return end, at + run.low

    def _looks(self, code: tuple[_Op, ...], look: Look, text: str, at: int) -> bool:
        if look.ahead:
            return self._end(code, text, at, whole=False) is not None
        width = fixed_width(look.part)
        starts = range(at + 1) if width is None else range(at - width, at - width + 1)
        return any(
            start >= 0 and self._end(code, text[:at], start, whole=True) is not None
            for start in starts
        )


_State: TypeAlias = tuple[int, _Counts]


def _next(
    head: _Loop, pc: int, at: int, counts: _Counts
) -> tuple[_State, _State | None]:
    """Where a loop leads first, and what it tries later."""
    times, before = counts[head.loop]
    more = (*counts[: head.loop], (times + 1, at), *counts[head.loop + 1 :])
    inside, outside = (pc + 1, more), (head.out, counts)
    is_idle = times > head.low and before == at
    if is_idle or (head.high is not None and times >= head.high):
        return outside, None
    if times < head.low:
        return inside, None
    return (outside, inside) if head.lazy else (inside, outside)


def _holds(edge: Edge, text: str, at: int) -> bool:
    match edge:
        case Edge.START:
            return at == 0
        case Edge.END:
            return at == len(text)
        case Edge.BEFORE_LAST_BREAK:
            rest = text[at:]
            return rest in ("", "\r\n") or (
                len(rest) == 1 and ord(rest) in LINE_TERMINATORS
            )
