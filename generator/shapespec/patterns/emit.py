"""Writes a pattern for an engine: Python's `re`, or any that reads ECMA-262.

Both are written with explicit sets only, so they mean the same everywhere. The
ECMA-262 text is also valid for Python's `re` and Rust's `fancy-regex`, because JSON
Schema validators use those too.
"""

from __future__ import annotations

from functools import lru_cache

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
from shapespec.patterns.charset import EVERYTHING, LAST, LINE_TERMINATORS, CharSet
from shapespec.patterns.parse import PatternRefused
from shapespec.records import dataclass

_SURROGATES = range(0xD800, 0xE000)

_SPECIAL = frozenset("^$\\.*+?()[]{}|")
_SPECIAL_IN_CLASS = frozenset("\\]^-[")
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\f": r"\f", "\v": r"\v"}


def python(regex: Regex, longest: int | None = None) -> str:
    """A trimmed pattern for `re.compile(…).fullmatch`, without flags.

    What is longer than `longest` matches, whatever it is: that is found elsewhere.
    """
    body = _Writer(ecma=False).write(regex)
    if longest is None:
        return body
    return rf"(?=[\s\S]{{{longest + 1}}})[\s\S]*+|{body}"


def ecma(regex: Regex, longest: int | None = None) -> str:
    """A trimmed pattern for an unanchored search, as JSON Schema's `pattern` makes it.

    It ends in `$(?!\\n)`: where `$` is the very end, as in ECMA-262, the look-ahead
    is idle; where it also stands before a last newline, as in Python, it is needed.
    What is longer than `longest` matches: that is what `maxLength` is there for.
    """
    body = _Writer(ecma=True).write(regex)
    if isinstance(regex, Choice) and longest is None:
        body = f"(?:{body})"
    if longest is None:
        return f"^{body}$(?!\\n)"
    return rf"^(?:(?=[\s\S]{{{longest + 1}}})|(?:{body})$(?!\n))"


def java(regex: Regex) -> str:
    """A pattern without assertions as a spec has it; sets are written out."""
    return _Writer(ecma=True).write(regex)


def ecma_anywhere(regex: Regex) -> str:
    """A pattern for an unanchored search that may find it anywhere."""
    return _Writer(ecma=True).write(regex)


def trim_edges(regex: Regex) -> Regex:
    """The pattern without anchors that hold wherever the whole text is matched."""
    return _trim(_trim(regex, first=True), first=False)


def _trim(regex: Regex, *, first: bool) -> Regex:
    match regex:
        case Edge.START if first:
            return EMPTY
        case Edge.END | Edge.BEFORE_LAST_BREAK if not first:
            return EMPTY
        case Choice(options):
            return Choice(tuple(_trim(option, first=first) for option in options))
        case Sequence(parts) if parts:
            kept = list(parts)
            index = 0 if first else -1
            kept[index] = _trim(kept[index], first=first)
            if kept[index] == EMPTY:
                del kept[index]
                return _trim(sequence(kept), first=first)
            return sequence(kept)
        case _:
            return regex


@dataclass(slots=True)
class _Writer:
    ecma: bool
    groups: int = 0

    def write(self, regex: Regex) -> str:
        match regex:
            case Chars(chars):
                return char_class(chars, ecma=self.ecma)
            case Sequence(parts):
                return "".join(self.part(part) for part in parts)
            case Choice(options):
                return "|".join(self.write(option) for option in options)
            case Repeat():
                return self.repeat(regex)
            case Atomic(part):
                return self.atomic(part)
            case Look():
                return self.look(regex)
            case Edge():
                return self.edge(regex)

    def part(self, regex: Regex) -> str:
        """A part of a sequence."""
        text = self.write(regex)
        return f"(?:{text})" if isinstance(regex, Choice) else text

    def repeat(self, regex: Repeat) -> str:
        if regex.greed is Greed.POSSESSIVE and self.ecma:
            return self.atomic(regex._replace(greed=Greed.GREEDY))
        match regex.part:
            case Chars():
                part = self.write(regex.part)
            case Atomic() if not self.ecma:
                part = self.write(regex.part)
            case _:
                part = f"(?:{self.write(regex.part)})"
        return part + _quantifier(regex.low, regex.high) + regex.greed

    def atomic(self, part: Regex) -> str:
        if not self.ecma:
            return f"(?>{self.write(part)})"
        # ECMA-262 has no atomic groups; a look-ahead is one, and its group is taken.
        self.groups += 1
        group = self.groups
        return f"(?=({self.write(part)}))\\{group}"

    def look(self, look: Look) -> str:
        sign = "!" if look.negative else "="
        if look.ahead:
            return f"(?{sign}{self.write(look.part)})"
        options = look.part.options if isinstance(look.part, Choice) else (look.part,)
        if any(fixed_width(option) is None for option in options):
            reason = "a look-behind of varying length cannot be carried over"
            raise PatternRefused(reason, 0, 1)
        behind = [f"(?<{sign}{self.write(option)})" for option in options]
        if look.negative:
            return "".join(behind)
        return behind[0] if len(behind) == 1 else f"(?:{'|'.join(behind)})"

    def edge(self, edge: Edge) -> str:
        end = r"$(?!\n)" if self.ecma else r"\Z"
        match edge:
            case Edge.START:
                return "^"
            case Edge.END:
                return end
            case Edge.BEFORE_LAST_BREAK:
                breaks = char_class(LINE_TERMINATORS, ecma=self.ecma)
                return rf"(?=(?:\r\n|{breaks})?{end})"


def _quantifier(low: int, high: int | None) -> str:
    match low, high:
        case 0, None:
            return "*"
        case 1, None:
            return "+"
        case 0, 1:
            return "?"
        case _, None:
            return f"{{{low},}}"
    return f"{{{low}}}" if low == high else f"{{{low},{high}}}"


def fixed_width(regex: Regex) -> int | None:
    """How many characters a pattern always takes; none where that varies."""
    match regex:
        case Chars():
            return 1
        case Sequence(parts):
            widths = [fixed_width(part) for part in parts]
            known = [width for width in widths if width is not None]
            return sum(known) if len(known) == len(widths) else None
        case Choice(options):
            distinct = {fixed_width(option) for option in options}
            return distinct.pop() if len(distinct) == 1 else None
        case Repeat(part, low, high):
            width = fixed_width(part)
            return width * low if width is not None and low == high else None
        case Atomic(part):
            return fixed_width(part)
        case Look() | Edge():
            return 0


@lru_cache(maxsize=4096)
def char_class(chars: CharSet, *, ecma: bool) -> str:
    """A set as a literal, or as a class in its shorter form."""
    if ecma:
        chars = without_surrogate_ends(chars)
    if chars.single is not None:
        return _char(chars.single, _SPECIAL, ecma=ecma)
    if chars == EVERYTHING:
        return r"[\s\S]"
    if not chars.ranges:
        return r"[^\s\S]"
    if chars.ranges[0][0] == 0 and chars.ranges[-1][1] == LAST:
        others = without_surrogate_ends(~chars) if ecma else ~chars
        return f"[^{_ranges(others, ecma=ecma)}]" if others.ranges else r"[\s\S]"
    return f"[{_ranges(chars, ecma=ecma)}]"


def without_surrogate_ends(chars: CharSet) -> CharSet:
    """A set none of whose ranges begins or ends among the surrogates.

    No text holds a surrogate alone, and engines whose texts cannot refuse to read one.
    """
    kept = [
        (0xE000 if low in _SURROGATES else low, 0xD7FF if high in _SURROGATES else high)
        for low, high in chars.ranges
    ]
    return CharSet.of(*(range_ for range_ in kept if range_[0] <= range_[1]))


def _ranges(chars: CharSet, *, ecma: bool) -> str:
    written = []
    for low, high in chars.ranges:
        first = _char(low, _SPECIAL_IN_CLASS, ecma=ecma)
        last = _char(high, _SPECIAL_IN_CLASS, ecma=ecma)
        if low == high:
            written.append(first)
        elif high == low + 1:
            written.append(first + last)
        else:
            written.append(f"{first}-{last}")
    return "".join(written)


def _char(code: int, special: frozenset[str], *, ecma: bool) -> str:
    char = chr(code)
    if char in _NAMED:
        return _NAMED[char]
    if char in special:
        return f"\\{char}"
    if 0x20 <= code < 0x7F:
        return char
    if code <= 0xFF:
        return f"\\x{code:02x}"
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    return char if ecma else f"\\U{code:08x}"
