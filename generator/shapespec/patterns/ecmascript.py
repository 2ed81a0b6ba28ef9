"""Patterns of ECMA-262, as JSON Schema and Smithy have them, in the spec's own dialect.

There a pattern may match anywhere in a text; here it is Java's and matches the whole.
The meaning stays: what is not anchored gets `[\\s\\S]*` around it, and `.`, `\\s` and
`$`, which mean other characters and places in Java, are written out.
"""

from __future__ import annotations

import re

from shapespec.patterns.parse import PatternRefused

_ANYTHING = "[\\s\\S]*"
_DOT = "[^\\n\\r\\x{2028}\\x{2029}]"
_SPACES = (
    "\\s\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}"
    "\\x{3000}\\x{feff}"
)
"""What `\\s` is: Java's, and all that Unicode calls a space."""

_SETS = {"s": f"[{_SPACES}]", "S": f"[^{_SPACES}]"}
_SAME = frozenset("dDwWtnfr")
_COUNT = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")
_NAME = re.compile(r"\(\?<[A-Za-z_$][\w$]*>")
_GROUP = re.compile(r"\((?:\?(?:[:=!]|<[=!]))?")
_CATEGORY = re.compile(r"[pP]\{(?:[A-Z][a-z]?|ASCII|Graph|Print)\}")
"""What is Unicode's in both dialects, or Java's and nothing in the other."""

_CODE = re.compile(r"x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}")

_START, _END = "\\A", "\\z"


def as_java(pattern: str) -> str:
    """The pattern that matches a whole text where ECMA-262's matches in it.

    Raises:
        PatternRefused: It is no pattern of ECMA-262, or cannot be carried over.
    """
    reader = _Reader(pattern)
    return "|".join(map(_whole, reader.alternatives()))


def _whole(tokens: list[str]) -> str:
    """An alternative, without the anchors at its ends or with anything around it."""
    first = tokens[:1] == [_START]
    last = tokens[-1:] == [_END]
    body = tokens[first : len(tokens) - last]
    if not first and body[:2] == [_DOT, "*"]:
        body = body[2:]
    if not last and body[-2:] == [_DOT, "*"]:
        body = body[:-2]
    if not body and not (first and last):
        return _ANYTHING
    return "".join(
        [*([] if first else [_ANYTHING]), *body, *([] if last else [_ANYTHING])]
    )


class _Reader:
    """Reads a pattern into tokens of Java's dialect."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def refuse(self, reason: str, start: int) -> PatternRefused:
        return PatternRefused(reason, start, self.at)

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def next(self) -> str:
        self.at += 1
        return self.text[self.at - 1 : self.at]

    def take(self, regex: re.Pattern[str]) -> str | None:
        """What a regular expression matches here, and go behind it."""
        found = regex.match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        return found[0]

    def alternatives(self) -> list[list[str]]:
        """The alternatives of the whole pattern, each as its tokens."""
        found: list[list[str]] = [[]]
        depth = 0
        while self.at < len(self.text):
            piece = self.piece()
            depth += piece.startswith("(") - (piece == ")")
            if piece == "|" and depth == 0:
                found.append([])
            else:
                found[-1].append(piece)
        return found

    def piece(self) -> str:
        start = self.at
        char = self.peek()
        match char:
            case "\\":
                self.at += 1
                return self.escape(start)
            case "[":
                self.at += 1
                return self.character_class(start)
            case "(":
                return self.group(start)
            case "*" | "+" | "?" | "{":
                return self.quantifier(start)
        self.at += 1
        return {".": _DOT, "^": _START, "$": _END, "}": "\\}", "]": "\\]"}.get(
            char, char
        )

    def group(self, start: int) -> str:
        if self.take(_NAME):
            return "("
        found = self.take(_GROUP) or ""
        if found == "(" and self.peek() == "?":
            raise self.refuse(
                "a group begins in a way that ECMA-262 does not know", start
            )
        return found

    def quantifier(self, start: int) -> str:
        found = self.take(_COUNT)
        if found is None:
            found = self.next()
            if found == "{":
                return "\\{"
        lazy = "?" if self.peek() == "?" else ""
        self.at += len(lazy)
        if self.peek() in ("*", "+", "?"):
            raise self.refuse("a repetition is repeated", start)
        return found + lazy

    def escape(self, start: int, *, inside: bool = False) -> str:
        """What an escape is, behind its backslash."""
        if (code := self.take(_CODE)) is not None:
            return "\\" + (f"x{code[1:]}" if code.startswith("u{") else code)
        if (category := self.take(_CATEGORY)) is not None:
            return f"\\{category}"
        char = self.next()
        if char in _SETS:
            return _SPACES if inside and char == "s" else _SETS[char]
        if char in _SAME or (char in ("b", "B") and not inside):
            return f"\\{char}"
        match char:
            case "b":
                return "\\x08"
            case "v":
                return "\\x0b"
            case "0" if not self.peek().isdigit():
                return "\\x00"
            case "c" if self.peek().isascii() and self.peek().isalpha():
                return f"\\c{self.next().upper()}"
            case "":
                raise self.refuse("the pattern ends with a single `\\`", start)
            case "k" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9":
                raise self.refuse("a back-reference cannot be carried over", start)
        if char.isascii() and char.isalnum():
            raise self.refuse(f"`\\{char}` cannot be carried over from ECMA-262", start)
        return f"\\{char}"

    # --- classes ------------------------------------------------------------------

    def character_class(self, start: int) -> str:
        """What stands between `[` and `]`; the `[` has been read."""
        negated = self.peek() == "^"
        self.at += negated
        parts: list[str] = []
        while self.peek() != "]":
            if not self.peek():
                raise self.refuse("a character class is not closed", start)
            parts.append(self.class_part())
        self.at += 1
        if not parts:
            return "[\\s\\S]" if negated else "[^\\s\\S]"
        return f"[{'^' * negated}{''.join(parts)}]"

    def class_part(self) -> str:
        """A character, a range or a set."""
        first, is_set = self.class_atom()
        if self.peek() != "-" or self.text[self.at + 1 : self.at + 2] in ("]", ""):
            return first
        if is_set:
            return first
        self.at += 1
        last, is_set = self.class_atom()
        return f"{first}\\-{last}" if is_set else f"{first}-{last}"

    def class_atom(self) -> tuple[str, bool]:
        """A character or a set, and whether it is a set."""
        start = self.at
        char = self.next()
        if char != "\\":
            return (f"\\{char}" if char in "[&^-" else char), False
        kind = self.peek()
        found = self.escape(start, inside=True)
        return found, kind in "dDwWsSpP"
