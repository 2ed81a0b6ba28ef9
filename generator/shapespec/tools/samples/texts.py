"""Texts for strings: of a length that is asked for, matching a pattern.

A pattern is first narrowed to what is both shorter to write and readable: one length,
letters and digits where they will do. What is left has neither choice of length nor
assertions, and rstr writes a text for it. Assertions were left out, so the whole
pattern has the last word; a text that it refuses is drawn again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from random import Random

from rstr import Rstr

from shapespec.contract import schema as ir
from shapespec.patterns import emit, translate
from shapespec.patterns.ast import (
    EMPTY,
    Atomic,
    Chars,
    Choice,
    Edge,
    Look,
    Regex,
    Repeat,
    Sequence,
    sequence,
)
from shapespec.patterns.charset import SURROGATES, CharSet

_LETTERS = CharSet.of((0x61, 0x7A), (0x30, 0x39))
_PLAIN = _LETTERS | CharSet.of((0x41, 0x5A))
_PRINTABLE = CharSet.of((0x20, 0x7E))
_LARGEST_REPEAT = 100  # rstr refuses to repeat anything more often at once
_TRIES = 40
_USUAL_EXTRA = 12


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern for Python, compiled once."""
    return re.compile(pattern)


def matches(shape: ir.String, text: str) -> bool:
    """Whether a text is what the pattern demands, whatever its length."""
    if shape.pattern is None:
        return True
    return compiled(shape.pattern.python).fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _is_found(source: str, length: ir.Bounds) -> bool:
    """Whether a text is found for a pattern at all.

    To find none takes long, so that is done once, and always with the same numbers:
    what is drawn has to depend on nothing but the seed.
    """
    shape = ir.String(id="", pattern=translate(source), length=length)
    return Texts(Random(0)).search(shape) is not None


class _NoChar(Exception):
    """A set of characters is empty."""


class Texts:
    """Draws texts."""

    def __init__(self, random: Random, *, wild: bool = False) -> None:
        """Draw with `random`; from all the characters that are right where `wild`."""
        self.random = random
        self.wild = wild
        self._xeger = Rstr(random).xeger

    def any(self, shape: ir.String) -> str | None:
        """A text that is right, not much longer than it has to be."""
        pattern = shape.pattern
        if pattern is not None and not _is_found(pattern.source, shape.length):
            return None
        return self.search(shape)

    def search(self, shape: ir.String) -> str | None:
        """The same; to find that there is none takes long."""
        low, high = span(shape)
        if low > high:
            return None
        lengths = [self.random.randint(low, min(high, low + _USUAL_EXTRA))]
        for length in (*lengths, *range(low, min(high, low + 80) + 1)):
            text = self.of_length(shape, length)
            if text is not None:
                return text
        return None

    def of_length(self, shape: ir.String, length: int) -> str | None:
        """A text of that many code points that matches the pattern, if one is found."""
        regex = _EVERYTHING if shape.pattern is None else shape.pattern.regex
        for _ in range(_TRIES):
            try:
                fixed = self._fixed(regex, length)
            except _NoChar:  # the pattern of what nothing is valid for
                return None
            if fixed is None:
                continue
            text = self._xeger(emit.python(fixed))
            if len(text) == length and matches(shape, text):
                return text
        return None

    def _chars(self, chars: CharSet) -> Regex:
        if self.wild and self.random.random() < 0.5:
            return Chars(CharSet.of(*(self._one_of(chars) for _ in range(3))))
        for wanted in (_LETTERS, _PLAIN, _PRINTABLE):
            some = chars & wanted
            if some.ranges:
                return Chars(some)
        return Chars(CharSet.of(*(self._one_of(chars) for _ in range(3))))

    def _one_of(self, chars: CharSet) -> tuple[int, int]:
        """A character of a set; no half of a surrogate pair, which JSON cannot hold."""
        ranges = (chars - SURROGATES).ranges
        if not ranges:
            raise _NoChar
        low, high = self.random.choice(ranges)
        code = self.random.randint(low, high)
        return (code, code)

    def _fixed(self, regex: Regex, length: int) -> Regex | None:
        """A pattern for some of the texts of one length that a pattern matches."""
        low, high = widths(regex)
        if length < low or (high is not None and length > high):
            return None
        match regex:
            case Chars(chars):
                return self._chars(chars)
            case Sequence(parts):
                return self._row(parts, length)
            case Choice(options):
                fixed = self._fixed(self.random.choice(options), length)
                if fixed is not None:
                    return fixed
                found = (self._fixed(option, length) for option in options)
                return next((one for one in found if one is not None), None)
            case Repeat(Chars(chars), _, _):
                return repeated(self._chars(chars), length)
            case Repeat(part, fewest, most):
                return self._run(part, fewest, most, length)
            case Atomic(part):
                return self._fixed(part, length)
            case Look() | Edge():
                return EMPTY

    def _run(
        self, part: Regex, fewest: int, most: int | None, length: int
    ) -> Regex | None:
        """A repeated part: how often, and how long each time."""
        low, high = widths(part)
        fewest = max(fewest, -(-length // high) if high else 0)
        limit = length // low if low else max(fewest, length)
        most = limit if most is None else min(most, limit)
        if length == 0 and low == 0:
            return EMPTY
        if fewest > most:
            return None
        return self._row((part,) * self.random.randint(fewest, most), length)

    def _row(self, parts: tuple[Regex, ...], length: int) -> Regex | None:
        """Parts in a row, the length shared out among them."""
        bounds = [widths(part) for part in parts]
        sizes = [low for low, _ in bounds]
        rest = length - sum(sizes)
        order = [*range(len(parts))]
        self.random.shuffle(order)
        for place, index in enumerate(order):
            low, high = bounds[index]
            slack = rest if high is None else min(rest, high - low)
            last = place == len(order) - 1
            share = slack if last else self.random.randint(0, slack)
            sizes[index] += share
            rest -= share
        for index in order:
            low, high = bounds[index]
            share = rest if high is None else min(rest, high - sizes[index])
            sizes[index] += share
            rest -= share
        fixed = []
        for part, size in zip(parts, sizes, strict=True):
            one = self._fixed(part, size)
            if one is None:
                return None
            fixed.append(one)
        return None if rest else sequence(fixed)


def stretched(shape: ir.String, text: str, length: int) -> Iterator[str]:
    """A text made longer or shorter, where that still matches the pattern."""
    missing = length - len(text)
    tails = (text[-1:] * missing, "a" * missing, "0" * missing)
    for made in (text[:length],) if missing <= 0 else (text + one for one in tails):
        if len(made) == length and matches(shape, made):
            yield made


_EVERYTHING: Regex = Repeat(Chars(CharSet.of((0x20, 0x7E), (0xA1, 0x17F))), 0, None)


def span(shape: ir.String) -> tuple[int, int]:
    """The least and the greatest length of a text that could be right."""
    low, high = (0, None) if shape.pattern is None else widths(shape.pattern.regex)
    least = max(low, int(shape.length.min or 0))
    most = least + 4096
    for limit in (high, shape.length.max):
        if limit is not None:
            most = min(most, int(limit))
    return least, most


@lru_cache(maxsize=4096)
def widths(regex: Regex) -> tuple[int, int | None]:
    """How short and how long a match can be; none for no limit."""
    match regex:
        case Chars():
            return 1, 1
        case Sequence(parts):
            pairs = [widths(part) for part in parts]
            highs = [high for _, high in pairs if high is not None]
            most = sum(highs) if len(highs) == len(pairs) else None
            return sum(low for low, _ in pairs), most
        case Choice(options):
            pairs = [widths(option) for option in options]
            highs = [high for _, high in pairs if high is not None]
            most = max(highs) if len(highs) == len(pairs) else None
            return min(low for low, _ in pairs), most
        case Repeat(part, fewest, most):
            low, high = widths(part)
            if high == 0:
                return 0, 0
            return low * fewest, None if most is None or high is None else high * most
        case Atomic(part):
            return widths(part)
        case Look() | Edge():
            return 0, 0


def repeated(part: Regex, count: int) -> Regex:
    """A part so many times, in steps that rstr can take."""
    if count <= _LARGEST_REPEAT:
        return Repeat(part, count, count)
    whole, rest = divmod(count, _LARGEST_REPEAT)
    block = repeated(Repeat(part, _LARGEST_REPEAT, _LARGEST_REPEAT), whole)
    return sequence([block, Repeat(part, rest, rest)])


_ODD = ("!", " ", "\n", "-", "_", "/", ":", "é", "\u2028", "a", "A", "0")


def breaking(shape: ir.String, right: str) -> Iterator[str]:
    """Texts near one that is right which do not match, of a length that is right."""
    low, high = int(shape.length.min or 0), shape.length.max
    for text in near(right):
        fits = low <= len(text) and (high is None or len(text) <= high)
        if fits and not matches(shape, text):
            yield text


def near(text: str) -> Iterator[str]:
    """Texts that differ from one in little."""
    for odd in _ODD:
        yield text + odd
        yield odd + text
        for index in range(len(text)):
            yield f"{text[:index]}{odd}{text[index + 1 :]}"
    for index in range(len(text)):
        yield text[:index] + text[index + 1 :]
        yield text[:index]
    yield from _ODD
    yield ""
