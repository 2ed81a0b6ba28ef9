"""Java-flavoured patterns, read once and written for every engine that needs them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from shapespec.patterns import emit
from shapespec.patterns.ast import Regex
from shapespec.patterns.backtracking import Growth, growth
from shapespec.patterns.parse import PatternRefused, parse
from shapespec.patterns.rewrite import committed, possessive, simplify


class Pattern(NamedTuple):
    """A pattern as written, as it is meant, and as each engine takes it."""

    source: str
    regex: Regex
    python: str
    ecma: str


def meaning(source: str) -> Regex:
    """What a Java-flavoured pattern says, whether or not an engine can be asked.

    Raises:
        PatternRefused: It is not well-formed.
    """
    return simplify(emit.trim_edges(parse(source)))


def same_pattern(one: object, other: object) -> bool:
    """Whether two patterns, matched against whole texts, are the same expression."""
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    try:
        trimmed = [emit.trim_edges(meaning(pattern)) for pattern in (one, other)]
    except PatternRefused:
        return one == other
    return trimmed[0] == trimmed[1]


@lru_cache(maxsize=16_384)
def translate(source: str) -> Pattern:
    """Read a Java-flavoured pattern and write it for Python and ECMA-262.

    Raises:
        PatternRefused: It is not well-formed, cannot be carried over exactly, or would
            take a validator more time than there is for some text.
    """
    regex = meaning(source)
    safe = possessive(committed(regex))
    if growth(safe) is Growth.EXPONENTIAL:
        raise PatternRefused(_TOO_SLOW, 0, len(source))
    return Pattern(source, regex, emit.python(safe), emit.ecma(regex))


_TOO_SLOW = (
    "it can match in so many ways that some short text would take years; "
    "say in one way only what is repeated"
)


__all__ = ["Pattern", "PatternRefused", "meaning", "same_pattern", "translate"]
