"""Patterns as C functions over ASCII, where one pass without a way back decides.

Generated patterns are possessive wherever that changes no verdict, so most of them are
a row of loops. One that may have to give something back stays with `re`, and so does
every text that is not ASCII: the function says 2, "ask `re`".
"""

from __future__ import annotations

import itertools

from shapespec.patterns.ast import (
    Chars,
    Choice,
    Edge,
    Greed,
    Look,
    Regex,
    Repeat,
    Sequence,
)
from shapespec.patterns.charset import CharSet
from shapespec.patterns.parse import PatternRefused, parse
from shapespec.patterns.rewrite import first

_FUNCTION = """
    static int {name}(PyObject *text) {{
      if (!PyUnicode_Check(text)) {{
        PyErr_SetString(PyExc_TypeError, "expected text");
        return -1;
      }}
      if (!PyUnicode_IS_ASCII(text)) return 2;
      const unsigned char *begin = PyUnicode_1BYTE_DATA(text), *at = begin;
      const unsigned char *end = begin + PyUnicode_GET_LENGTH(text);
      {body}
      return {verdict};
    }}"""
_ASCII = CharSet.of((0, 0x7F))


class _NeedsRe(Exception):
    """A pattern may have to give back what it took."""


def matcher(name: str, pattern: str, method: str) -> str | None:
    """A C function that tests a pattern, as generated; none if only `re` can.

    Args:
        name: What the function is called.
        pattern: As `re` takes it.
        method: What of `re` tests it: `fullmatch`, `match` or `search`.
    """
    try:
        regex, whole = parse(pattern), method == "fullmatch"
        if method == "search":
            if isinstance(regex, Chars):
                return _FUNCTION.format(name=name, body=_search(regex), verdict="0")
            regex, whole = _anchored(regex, pattern)
        body = _Writer().write(regex, "return 0;")
    except (PatternRefused, _NeedsRe):
        return None
    verdict = "at == end" if whole else "1"
    return _FUNCTION.format(name=name, body=body, verdict=verdict)


def _search(wanted: Chars) -> str:
    """Statements that look for a character."""
    return f"for (; at < end; at++) if ({_within(wanted.set, '*at')}) return 1;"


def _anchored(regex: Regex, pattern: str) -> tuple[Regex, bool]:
    """What follows the beginning of a text, and whether nothing follows that."""
    match regex:
        case Sequence((Edge.START, *parts, Edge())) if pattern.endswith(r"\Z"):
            return Sequence(tuple(parts)), True
        case Sequence((Edge.START, *parts)):
            return Sequence(tuple(parts)), False
        case _:
            raise _NeedsRe


class _Writer:
    def __init__(self) -> None:
        self.count = itertools.count(1)

    def write(self, regex: Regex, fail: str) -> str:
        """Statements that go on behind a match, or do what is to be done without."""
        match regex:
            case Chars(chars):
                return f"if (at == end || !{_within(chars, '*at')}) {fail} at++;"
            case Sequence(parts):
                return self.row(parts, fail)
            case Choice(options):
                return self.choice(options, fail)
            case Repeat(part, low, high, greed):
                if low != high and greed is not Greed.POSSESSIVE:
                    raise _NeedsRe
                if isinstance(part, Chars):
                    return self.run(part.set, low, high, fail)
                return self.loop(part, low, high, fail)
            case Look(Chars(chars), ahead=False, negative=negative):
                found = f"at != begin && {_within(chars, 'at[-1]')}"
                return f"if ({found}) {fail}" if negative else f"if (!({found})) {fail}"
            case _:
                raise _NeedsRe

    def row(self, parts: tuple[Regex, ...], fail: str) -> str:
        """Parts one after the other; literal text is compared at once."""
        written = []
        for is_text, group in itertools.groupby(parts, key=_is_literal):
            if is_text:
                codes = [one.set.single or 0 for one in group if isinstance(one, Chars)]
                text = "".join(f"\\\\x{code:02x}" for code in codes)
                size = len(codes)
                differs = f'end - at < {size} || memcmp(at, "{text}", {size})'
                written.append(f"if ({differs}) {fail} at += {size};")
            else:
                written += [self.write(part, fail) for part in group]
        return " ".join(written)

    def run(self, chars: CharSet, low: int, high: int | None, fail: str) -> str:
        """A run of characters out of one set."""
        number = next(self.count)
        most = "" if high is None else f" && at - run{number} < {high}"
        least = f" if (at - run{number} < {low}) {fail}" if low else ""
        return (
            f"const unsigned char *run{number} = at; "
            f"while (at < end && {_within(chars, '*at')}{most}) at++;{least}"
        )

    def loop(self, part: Regex, low: int, high: int | None, fail: str) -> str:
        """A part again and again; what does not match whole is not taken."""
        number = next(self.count)
        _, empty = first(part)
        if empty:
            raise _NeedsRe
        most = "" if high is None else f"times{number} < {high}"
        inner = self.write(part, f"{{ at = from{number}; goto done{number}; }}")
        least = f" if (times{number} < {low}) {fail}" if low else ""
        return (
            f"Py_ssize_t times{number}; const unsigned char *from{number}; "
            f"for (times{number} = 0; {most}; times{number}++) "
            f"{{ from{number} = at; {inner} }} done{number}: ;{least}"
        )

    def choice(self, options: tuple[Regex, ...], fail: str) -> str:
        """Options that begin with different characters, so one can match at most."""
        number = next(self.count)
        firsts = [first(option) for option in options]
        for (one, empty), (other, also_empty) in itertools.combinations(firsts, 2):
            if empty or also_empty or not one.isdisjoint(other):
                raise _NeedsRe
        written = [f"const unsigned char *start{number} = at;"]
        for index, option in enumerate(options):
            label = f"next{number}_{index}"
            miss = f"{{ at = start{number}; goto {label}; }}"
            inner = self.write(option, miss)
            written.append(f"{{ {inner} goto chosen{number}; }} {label}: ;")
        return f"{' '.join(written)} {fail} chosen{number}: ;"


def _is_literal(regex: Regex) -> bool:
    return (
        isinstance(regex, Chars)
        and regex.set.single is not None
        and (regex.set.single < 0x80)
    )


def _within(chars: CharSet, code: str) -> str:
    """Whether a character of ASCII is in a set."""
    tests = [
        f"{code} == {low}" if low == high else f"({code} >= {low} && {code} <= {high})"
        for low, high in (chars & _ASCII).ranges
    ]
    return f"({' || '.join(tests) or '0'})"
