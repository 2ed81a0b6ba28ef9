"""Java-flavoured patterns, read once and written for every engine that needs them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from shapespec.patterns import emit
from shapespec.patterns.ast import Regex
from shapespec.patterns.parse import PatternRefused, parse
from shapespec.patterns.rewrite import possessive, simplify


class Pattern(NamedTuple):
    """A pattern as written, as it is meant, and as each engine takes it."""

    source: str
    regex: Regex
    python: str
    ecma: str


@lru_cache(maxsize=16_384)
def translate(source: str) -> Pattern:
    """Read a Java-flavoured pattern and write it for Python and ECMA-262.

    Raises:
        PatternRefused: It is not well-formed, or cannot be carried over exactly.
    """
    regex = simplify(emit.trim_edges(parse(source)))
    return Pattern(source, regex, emit.python(possessive(regex)), emit.ecma(regex))


__all__ = ["Pattern", "PatternRefused", "translate"]
