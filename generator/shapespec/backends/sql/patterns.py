"""Writes a pattern for the regular expressions of a database.

PostgreSQL reads advanced regular expressions of its own, DuckDB those of RE2. Both are
written with explicit sets, as everywhere; a repetition that is longer than an engine
takes is written as several in a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

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
from shapespec.patterns.charset import LAST, SURROGATES, CharSet
from shapespec.records import dataclass

_LARGEST = 80_000
"""How large a pattern may be: ranges of characters, with repetitions written out."""

_IDLE = 10
"""A repetition of what may match nothing, and one of a varying number within another,
grow with the square; by this much less."""

_SPECIAL = frozenset("^$\\.*+?()[]{}|")
_SPECIAL_IN_CLASS = frozenset("\\]^-[&~")
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\f": r"\f", "\v": r"\v"}


class NotSayable(ValueError):
    """A database has no words for a constraint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What a regular expression may hold.

    Attributes:
        most: The greatest count of a repetition, and of repetitions in each other.
        impossible: Characters that no text of the database holds.
        escape: Writes a character that is not written as such.
        everything: Any character at all.
        end: The end of the text.
        looks: Whether there are look-aheads and look-behinds.
    """

    most: int
    impossible: CharSet
    escape: Callable[[int], str]
    everything: str
    end: str
    looks: bool


def _four_or_eight(code: int) -> str:
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _in_braces(code: int) -> str:
    return f"\\x{{{code:x}}}"


POSTGRESQL = Engine(
    most=255,
    impossible=SURROGATES | CharSet.of((0, 0)),
    escape=_four_or_eight,
    everything=".",
    end=r"\Z",
    looks=True,
)
RE2 = Engine(
    most=1000,
    impossible=SURROGATES,
    escape=_in_braces,
    everything="(?s:.)",
    end=r"\z",
    looks=False,
)


def whole(regex: Regex, engine: Engine) -> str:
    """A pattern that matches the texts that the given one matches as a whole.

    Raises:
        NotSayable: The engine has no words for it, or would not hold all of it.
    """
    if _size(regex) > _LARGEST:
        raise NotSayable
    return f"\\A(?:{_Writer(engine).write(regex)}){engine.end}"


@dataclass(frozen=True, slots=True)
class _Writer:
    engine: Engine

    def write(self, regex: Regex) -> str:
        match regex:
            case Chars(chars):
                return self.chars(chars)
            case Sequence(parts):
                return "".join(self.part(part) for part in parts)
            case Choice(options):
                return "|".join(self.write(option) for option in options)
            case Repeat():
                return self.repeat(regex)
            case Look():
                return self.look(regex)
            case Edge.START:
                return r"\A"
            case Edge.END:
                return self.engine.end
            case Atomic() | Edge():
                raise NotSayable

    def part(self, regex: Regex) -> str:
        """A part of a sequence."""
        text = self.write(regex)
        return f"(?:{text})" if isinstance(regex, Choice) else text

    def look(self, look: Look) -> str:
        if not self.engine.looks:
            raise NotSayable
        sign = "!" if look.negative else "="
        return f"(?{'' if look.ahead else '<'}{sign}{self.write(look.part)})"

    def repeat(self, regex: Repeat) -> str:
        """A repetition; which of the possible matches is found makes no difference."""
        if regex.greed is Greed.POSSESSIVE or isinstance(regex.part, Look | Edge):
            raise NotSayable
        part = self.write(regex.part)
        if not isinstance(regex.part, Chars):
            part = f"(?:{part})"
        most = self.engine.most // _nested(regex.part)
        if most == 0:
            raise NotSayable
        return (
            "".join(part + count for count in _counts(regex.low, regex.high, most))
            or "(?:)"
        )

    def chars(self, chars: CharSet) -> str:
        possible = chars - self.engine.impossible
        if not (~chars - self.engine.impossible).ranges:
            return self.engine.everything
        if possible.single is not None:
            return self.char(possible.single, _SPECIAL)
        if chars.ranges and chars.ranges[0][0] == 0 and chars.ranges[-1][1] == LAST:
            return f"[^{self.ranges(~chars - self.engine.impossible)}]"
        return f"[{self.ranges(possible)}]"

    def ranges(self, chars: CharSet) -> str:
        if not chars.ranges:
            raise NotSayable
        return "".join(
            self.char(low, _SPECIAL_IN_CLASS)
            + (f"-{self.char(high, _SPECIAL_IN_CLASS)}" if high > low else "")
            for low, high in chars.ranges
        )

    def char(self, code: int, special: frozenset[str]) -> str:
        char = chr(code)
        if char in _NAMED:
            return _NAMED[char]
        if char in special:
            return f"\\{char}"
        return char if 0x20 <= code < 0x7F else self.engine.escape(code)


def _counts(low: int, high: int | None, most: int) -> Iterator[str]:
    """The quantifiers of repetitions in a row that are together `low` to `high`."""
    if high is None and low <= 1:
        yield "+" if low else "*"
        return
    if high is not None and high <= most:
        yield f"{{{low}}}" if low == high else f"{{{low},{high}}}"
        return
    yield from _split(low, most, "{{{0}}}")
    if high is None:
        yield "*"
    else:
        yield from _split(high - low, most, "{{0,{0}}}")


def _split(total: int, most: int, quantifier: str) -> Iterator[str]:
    for _ in range(total // most):
        yield quantifier.format(most)
    if total % most:
        yield quantifier.format(total % most)


def _nested(regex: Regex) -> int:
    """The greatest product of counts of repetitions in each other, 1 or more."""
    match regex:
        case Sequence(parts) | Choice(parts):
            return max(map(_nested, parts), default=1)
        case Repeat(part, low, high):
            return max(low, high or 1, 1) * _nested(part)
        case Atomic(part) | Look(part):
            return _nested(part)
        case Chars() | Edge():
            return 1


def _size(regex: Regex, *, within: bool = False) -> int:
    """What a pattern costs an engine that writes repetitions out."""
    match regex:
        case Chars(chars):
            return len(chars.ranges)
        case Sequence(parts) | Choice(parts):
            return sum(_size(part, within=within) for part in parts)
        case Repeat(part, low, high):
            size = max(low, high or 1, 1) * _size(part, within=True)
            squared = _may_be_empty(part) or (within and high != low)
            return size * max(size // _IDLE, 1) if squared else size
        case Atomic(part) | Look(part):
            return _size(part, within=within)
        case Edge():
            return 0


def _may_be_empty(regex: Regex) -> bool:
    match regex:
        case Chars():
            return False
        case Sequence(parts):
            return all(map(_may_be_empty, parts))
        case Choice(options):
            return any(map(_may_be_empty, options))
        case Repeat(part, low):
            return low == 0 or _may_be_empty(part)
        case Atomic(part):
            return _may_be_empty(part)
        case Look() | Edge():
            return True
