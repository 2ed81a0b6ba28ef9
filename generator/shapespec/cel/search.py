"""The patterns of `matches`, which searches a text as RE2 does: `$` is its very end."""

from __future__ import annotations

from shapespec.patterns import emit
from shapespec.patterns.ast import (
    Atomic,
    Chars,
    Choice,
    Edge,
    Look,
    Regex,
    Repeat,
    Sequence,
)
from shapespec.patterns.charset import EVERYTHING
from shapespec.patterns.parse import parse
from shapespec.patterns.rewrite import possessive, simplify

_ANYTHING = Repeat(Chars(EVERYTHING), 0, None)


def search_python(pattern: str) -> str:
    """A pattern for the `search` of Python's `re`.

    Raises:
        PatternRefused: It is not well-formed, or cannot be carried over exactly.
    """
    regex = _read(pattern)
    if not _is_anchored(pattern, regex):
        return emit.python(regex)
    return rf"\A(?:{emit.python(possessive(emit.trim_edges(regex)))})\Z"


def search_ecma(pattern: str) -> str:
    """A pattern for JSON Schema's `pattern`.

    Raises:
        PatternRefused: It is not well-formed, or cannot be carried over exactly.
    """
    regex = _read(pattern)
    if _is_anchored(pattern, regex):
        return emit.ecma(emit.trim_edges(regex))
    return emit.ecma(Sequence((_ANYTHING, regex, _ANYTHING)))


def _read(pattern: str) -> Regex:
    return simplify(_to_the_end(parse(pattern)))


def _to_the_end(regex: Regex) -> Regex:
    """The pattern with every end before a last line break as the very end."""
    match regex:
        case Edge.BEFORE_LAST_BREAK:
            return Edge.END
        case Sequence(parts):
            return Sequence(tuple(map(_to_the_end, parts)))
        case Choice(options):
            return Choice(tuple(map(_to_the_end, options)))
        case Repeat(part) | Atomic(part) | Look(part):
            return regex._replace(part=_to_the_end(part))
        case _:
            return regex


def _is_anchored(pattern: str, regex: Regex) -> bool:
    """Whether the whole text has to match: `^a|b$` has an anchor in each half only."""
    return (
        not isinstance(regex, Choice)
        and pattern.startswith("^")
        and pattern.endswith("$")
        and not pattern.endswith("\\$")
    )
