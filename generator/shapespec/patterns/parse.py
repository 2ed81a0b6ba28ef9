"""Reads a Java-flavoured regular expression.

The grammar is that of `java.util.regex.Pattern` without flags, as AWS's service
models use it: nested classes and `&&`, `\\p{…}`, possessive quantifiers, atomic
groups, inline flags, look-around, `\\h`, `\\R`, `\\Q…\\E`. Whatever is read becomes
exact sets of code points, so that nothing is left to what `\\d` or `.` happen to mean
in another engine. What cannot be carried over exactly is refused.
"""

from __future__ import annotations

from typing import Self

from shapespec.patterns import unicode
from shapespec.patterns.ast import (
    EMPTY,
    Atomic,
    Chars,
    Edge,
    Greed,
    Look,
    Regex,
    Repeat,
    choice,
    sequence,
)
from shapespec.patterns.charset import (
    DIGITS,
    EVERYTHING,
    HORIZONTAL_SPACE,
    LINE_TERMINATORS,
    NOTHING,
    SPACE,
    VERTICAL_SPACE,
    WORD,
    CharSet,
)

MAX_DEPTH = 50
MAX_LENGTH = 10_000
MAX_REPEAT = 65_535

_CLASSES = {
    "d": DIGITS,
    "w": WORD,
    "s": SPACE,
    "h": HORIZONTAL_SPACE,
    "v": VERTICAL_SPACE,
}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}
_HEX = frozenset("0123456789abcdefABCDEF")


class PatternRefused(ValueError):
    """A pattern cannot be read or carried over; `start` and `end` say which part."""

    def __init__(self, reason: str, start: int, end: int) -> None:
        """Say why, and where in the pattern, in characters."""
        super().__init__(reason)
        self.reason = reason
        self.start = start
        self.end = max(end, start + 1)

    def __reduce__(self) -> tuple[type[Self], tuple[str, int, int], object]:
        # An exception is rebuilt from its `args`, which is the reason alone.
        made = self.reason, self.start, self.end
        return type(self), made, self.__dict__


class PatternTooSlow(PatternRefused):
    """A pattern says what can be said, and an engine would take too long over it."""


def parse(pattern: str) -> Regex:
    """The meaning of a pattern.

    Raises:
        PatternRefused: It is not well-formed, or says what cannot be carried over.
    """
    parser = _Parser(pattern)
    if len(pattern) > MAX_LENGTH:
        reason = f"a pattern may have {MAX_LENGTH:,} characters"
        raise PatternRefused(reason, MAX_LENGTH, len(pattern))
    regex = parser.alternatives()
    if parser.at < len(pattern):
        raise parser.refuse("`)` closes nothing", parser.at)
    return regex


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.text = pattern
        self.at = 0
        self.depth = 0
        self.flags = frozenset[str]()

    def refuse(self, reason: str, start: int) -> PatternRefused:
        return PatternRefused(reason, start, min(self.at, len(self.text)))

    def peek(self, length: int = 1) -> str:
        return self.text[self.at : self.at + length]

    def take(self, expected: str) -> bool:
        if self.text.startswith(expected, self.at):
            self.at += len(expected)
            return True
        return False

    def skip_comments(self) -> None:
        while "x" in self.flags and self.peek() and self.peek() in " \t\n\v\f\r#":
            if self.peek() == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end == -1 else end
            self.at += 1

    # --- structure ----------------------------------------------------------------

    def alternatives(self) -> Regex:
        options = [self.concatenation()]
        while self.take("|"):
            options.append(self.concatenation())
        return choice(options)

    def concatenation(self) -> Regex:
        parts: list[Regex] = []
        self.skip_comments()
        while self.at < len(self.text) and self.peek() not in "|)":
            parts.append(self.quantified())
            self.skip_comments()
        return sequence(parts)

    def quantified(self) -> Regex:
        start = self.at
        part = self.atom()
        self.skip_comments()
        bounds = self.quantifier(start)
        if bounds is None:
            return part
        low, high = bounds
        greed = Greed.GREEDY
        if self.take("?"):
            greed = Greed.LAZY
        elif self.take("+"):
            greed = Greed.POSSESSIVE
        return Repeat(part, low, high, greed)

    def quantifier(self, start: int) -> tuple[int, int | None] | None:
        if self.take("*"):
            return 0, None
        if self.take("+"):
            return 1, None
        if self.take("?"):
            return 0, 1
        if not self.take("{"):
            return None
        low = self.count(start)
        high: int | None = low
        if self.take(","):
            high = None if self.peek() == "}" else self.count(start)
        if not self.take("}"):
            raise self.refuse("a repetition count is not closed with `}`", start)
        if high is not None and high < low:
            raise self.refuse("a repetition's bounds are the wrong way round", start)
        return low, high

    def count(self, start: int) -> int:
        begin = self.at
        while self.peek().isascii() and self.peek().isdigit():
            self.at += 1
        digits = self.text[begin : self.at]
        if not digits:
            raise self.refuse("`{` begins no repetition count; write `\\{`", start)
        if len(digits) > 6 or int(digits) > MAX_REPEAT:
            raise self.refuse(f"a repetition count is above {MAX_REPEAT}", start)
        return int(digits)

    def atom(self) -> Regex:
        start = self.at
        char = self.peek()
        self.at += 1
        match char:
            case "(":
                return self.group(start)
            case "[":
                return self.chars(self.character_class(start))
            case ".":
                return Chars(self.dot())
            case "^":
                return self.start_anchor(start)
            case "$":
                return self.end_anchor(start)
            case "\\":
                return self.escape(start)
            case "*" | "+" | "?" | "{":
                raise self.refuse(f"`{char}` repeats nothing", start)
            case _:
                return self.chars(CharSet.chars(char))

    def chars(self, found: CharSet) -> Chars:
        return Chars(found.fold_ascii() if "i" in self.flags else found)

    def dot(self) -> CharSet:
        if "s" in self.flags:
            return EVERYTHING
        if "d" in self.flags:
            return ~CharSet.chars("\n")
        return ~LINE_TERMINATORS

    def start_anchor(self, start: int) -> Regex:
        if "m" in self.flags:
            raise self.refuse("`^` under the flag `m` cannot be carried over", start)
        return Edge.START

    def end_anchor(self, start: int) -> Regex:
        if "m" in self.flags:
            raise self.refuse("`$` under the flag `m` cannot be carried over", start)
        return Edge.BEFORE_LAST_BREAK

    # --- groups -------------------------------------------------------------------

    def group(self, start: int) -> Regex:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.refuse(f"groups are nested deeper than {MAX_DEPTH}", start)
        flags = self.flags
        regex = self.group_body(start)
        if regex is None:
            self.depth -= 1
            return EMPTY
        if not self.take(")"):
            raise self.refuse("a group is not closed", start)
        self.flags = flags
        self.depth -= 1
        return regex

    def group_body(self, start: int) -> Regex | None:
        """What stands in a group; none where that is flags for what follows it."""
        if not self.take("?"):
            return self.alternatives()
        if self.take(":"):
            return self.alternatives()
        if self.take(">"):
            return Atomic(self.alternatives())
        for ahead, sign in ((True, ""), (False, "<")):
            for negative, mark in ((False, "="), (True, "!")):
                if self.take(sign + mark):
                    return Look(self.alternatives(), ahead, negative)
        if self.take("<"):
            self.group_name(start)
            return self.alternatives()
        return self.inline_flags(start)

    def group_name(self, start: int) -> None:
        end = self.text.find(">", self.at)
        name = self.text[self.at : end] if end != -1 else ""
        if not (name.isascii() and name.isalnum() and name[0].isalpha()):
            raise self.refuse("a group's name is not made of letters and digits", start)
        self.at = end + 1

    def inline_flags(self, start: int) -> Regex | None:
        flags = set(self.flags)
        on = True
        while (char := self.peek()) and char not in ":)":
            self.at += 1
            if char == "-":
                on = False
            elif char not in "imsxdu":
                raise self.refuse(f"a group may not begin with `(?{char}`", start)
            elif on:
                flags.add(char)
            else:
                flags.discard(char)
        if {"i", "u"} <= flags:
            raise self.refuse("Unicode case folding cannot be carried over", start)
        self.flags = frozenset(flags)
        if self.take(")"):
            return None
        if not self.take(":"):
            raise self.refuse("a group is not closed", start)
        return self.alternatives()

    # --- escapes ------------------------------------------------------------------

    def escape(self, start: int) -> Regex:
        char = self.peek()
        self.at += 1
        match char:
            case "A":
                return Edge.START
            case "z":
                return Edge.END
            case "Z":
                return Edge.BEFORE_LAST_BREAK
            case "b" | "B":
                return _word_boundary(negated=char == "B")
            case "R":
                crlf = sequence(
                    [Chars(CharSet.chars("\r")), Chars(CharSet.chars("\n"))]
                )
                return Atomic(choice([crlf, Chars(VERTICAL_SPACE)]))
            case "Q":
                end = self.text.find("\\E", self.at)
                end = len(self.text) if end == -1 else end
                quoted = self.text[self.at : end]
                self.at = end + 2
                return sequence([self.chars(CharSet.chars(one)) for one in quoted])
            case "k" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9":
                raise self.refuse("a back-reference cannot be carried over", start)
            case "G" | "X":
                raise self.refuse(f"`\\{char}` cannot be carried over", start)
        self.at = start + 1
        return self.chars(self.escaped_set(start))

    def escaped_set(self, start: int) -> CharSet:
        """The characters an escape stands for, inside a class or outside."""
        char = self.peek()
        if not char:
            raise self.refuse("the pattern ends with a single `\\`", start)
        self.at += 1
        if char.lower() in _CLASSES:
            found = _CLASSES[char.lower()]
            return found if char.islower() else ~found
        if char in "pP":
            found = self.unicode_property(start)
            return found if char == "p" else ~found
        if char in _CONTROLS:
            return CharSet.chars(_CONTROLS[char])
        if char in "xu0c":
            code = self.code_point(char, start)
            return CharSet.of((code, code))
        if char.isascii() and char.isalnum():
            raise self.refuse(f"`\\{char}` has no meaning", start)
        return CharSet.chars(char)

    def unicode_property(self, start: int) -> CharSet:
        if self.take("{"):
            end = self.text.find("}", self.at)
            if end == -1:
                raise self.refuse("`\\p{` is not closed", start)
            name = self.text[self.at : end]
            self.at = end + 1
        else:
            name = self.peek()
            self.at += 1
        found = unicode.named(name)
        if found is None:
            raise self.refuse(f"the Unicode property `{name}` is not known here", start)
        return found

    def code_point(self, kind: str, start: int) -> int:
        if kind == "c":
            char = self.peek()
            self.at += 1
            if not char:
                raise self.refuse("`\\c` names no control character", start)
            return ord(char) ^ 64
        if kind == "0":
            return self.octal(start)
        if self.take("{"):
            end = self.text.find("}", self.at)
            digits = self.text[self.at : end] if end != -1 else ""
            self.at = end + 1
        else:
            width = 2 if kind == "x" else 4
            digits = self.peek(width)
            self.at += width
            if len(digits) != width:
                raise self.refuse(f"`\\{kind}` needs {width} hexadecimal digits", start)
        if not digits or not set(digits) <= _HEX or int(digits, 16) > 0x10FFFF:
            raise self.refuse(f"`\\{kind}` needs hexadecimal digits", start)
        code = int(digits, 16)
        if 0xD800 <= code <= 0xDBFF and kind == "u":
            return self.surrogate_pair(code)
        return code

    def surrogate_pair(self, high: int) -> int:
        digits = self.text[self.at + 2 : self.at + 6]
        if self.peek(2) == "\\u" and len(digits) == 4 and set(digits) <= _HEX:
            low = int(digits, 16)
            if 0xDC00 <= low <= 0xDFFF:
                self.at += 6
                return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
        return high

    def octal(self, start: int) -> int:
        begin = self.at
        while self.at < begin + 3 and self.peek() and self.peek() in "01234567":
            self.at += 1
        digits = self.text[begin : self.at]
        if len(digits) == 3 and digits[0] > "3":
            self.at -= 1
            digits = digits[:2]
        if not digits:
            raise self.refuse("`\\0` needs octal digits", start)
        return int(digits, 8)

    # --- classes ------------------------------------------------------------------

    def character_class(self, start: int) -> CharSet:
        """What stands between `[` and `]`; the `[` has been read."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.refuse(f"classes are nested deeper than {MAX_DEPTH}", start)
        negated = self.take("^")
        found = self.class_union(start)
        while self.take("&&"):
            if self.peek() not in ("]", "&"):
                found = found & self.class_union(start)
        if not self.take("]"):
            raise self.refuse("a character class is not closed", start)
        self.depth -= 1
        return ~found if negated else found

    def class_union(self, start: int) -> CharSet:
        sets: list[CharSet] = []
        while True:
            self.skip_comments()
            char = self.peek()
            if not char:
                raise self.refuse("a character class is not closed", start)
            if (char == "]" and sets) or self.peek(2) == "&&":
                break
            begin = self.at
            self.at += 1
            if char == "[":
                sets.append(self.character_class(begin))
            else:
                sets.append(self.class_range(begin, char))
        return CharSet.union(sets) if sets else NOTHING

    def class_range(self, begin: int, char: str) -> CharSet:
        if char == "\\" and self.take("Q"):
            end = self.text.find("\\E", self.at)
            quoted = self.text[self.at : end] if end != -1 else self.text[self.at :]
            self.at = end + 2 if end != -1 else len(self.text)
            return CharSet.chars(quoted)
        low = self.escaped_set(begin) if char == "\\" else CharSet.chars(char)
        first = low.single
        if first is None or self.peek() != "-" or self.peek(2)[1:] in ("]", "[", ""):
            return low
        self.at += 1
        other = self.peek()
        here = self.at
        self.at += 1
        high = self.escaped_set(here) if other == "\\" else CharSet.chars(other)
        last = high.single
        if last is None or last < first:
            raise self.refuse("a range in a class ends before it begins", begin)
        return CharSet.of((first, last))


def _word_boundary(*, negated: bool) -> Regex:
    word = Chars(WORD)
    before = Look(word, ahead=False, negative=False)
    not_before = Look(word, ahead=False, negative=True)
    after = Look(word, ahead=True, negative=False)
    not_after = Look(word, ahead=True, negative=True)
    if negated:
        return choice([sequence([before, after]), sequence([not_before, not_after])])
    return choice([sequence([before, not_after]), sequence([not_before, after])])
