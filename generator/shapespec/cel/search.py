"""The patterns of `matches`, which searches a text as RE2 does: `$` is its very end."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from shapespec.patterns import accepted, emit
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
    sequence,
)
from shapespec.patterns.backtracking import cost
from shapespec.patterns.charset import EVERYTHING
from shapespec.patterns.forms import PatternForm, for_others, for_python
from shapespec.patterns.parse import parse
from shapespec.patterns.rewrite import simplify

_ANYTHING = Repeat(Chars(EVERYTHING), 0, None)
_ANYWHERE = Repeat(Chars(EVERYTHING), 0, None, Greed.LAZY)


@lru_cache(maxsize=1024)
def search_python(pattern: str) -> str:
    """A pattern for the `search` of Python's `re`.

    Raises:
        PatternRefused: It is not well-formed, cannot be carried over exactly, or would
            take too long for some text.
    """
    found = _judged(pattern, for_python)
    if found.whole:
        return rf"\A(?:{emit.python(found.regex)})\Z"
    return emit.python(found.regex)


@lru_cache(maxsize=1024)
def search_ecma(pattern: str) -> str:
    """A pattern for JSON Schema's `pattern`, which searches as well.

    Raises:
        PatternRefused: It is not well-formed, cannot be carried over exactly, or would
            take too long for some text.
    """
    found = _judged(pattern, for_others)
    if found.whole:
        return emit.ecma(found.regex)
    return emit.ecma_anywhere(found.regex)


class _Judged(NamedTuple):
    """What an engine is given, and whether the whole text has to match it."""

    regex: Regex
    whole: bool


def _judged(pattern: str, form_of: Callable[[Regex], PatternForm]) -> _Judged:
    regex = _read(pattern)
    if _is_anchored(pattern, regex):
        form = accepted(form_of(emit.trim_edges(regex)), pattern, None)
        return _Judged(form.regex, whole=True)
    plain = PatternForm(regex, cost(sequence([_ANYWHERE, regex])))
    if not plain.cost.is_linear:
        whole = form_of(_somewhere(regex))
        if whole.cost.gravity < plain.cost.gravity:
            return _Judged(accepted(whole, pattern, None).regex, whole=True)
    return _Judged(accepted(plain, pattern, None).regex, whole=False)


def _somewhere(regex: Regex) -> Regex:
    """The whole texts in which a pattern is found."""
    return simplify(sequence([_ANYTHING, regex, _ANYTHING]))


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
