"""Java-flavoured patterns, read once and written for every engine that needs them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from shapespec.patterns import emit
from shapespec.patterns.ast import Regex
from shapespec.patterns.backtracking import Cost
from shapespec.patterns.forms import PatternForm, for_others, for_python
from shapespec.patterns.parse import PatternRefused, PatternTooSlow, parse
from shapespec.patterns.rewrite import simplify
from shapespec.patterns.wider import wider

MOST_STEPS = 10_000_000
"""How many steps an engine may take for a text of the greatest length."""


class Pattern(NamedTuple):
    """A pattern as written, as it is meant, and as each engine takes it.

    Attributes:
        source: As written.
        regex: As meant.
        python: For `fullmatch` of Python's `re`.
        ecma: For an unanchored search, as JSON Schema makes it.
        longest: The length that texts have at most, where one is known.
        cost: What the dearer of the two costs an engine.
    """

    source: str
    regex: Regex
    python: str
    ecma: str
    longest: int | None = None
    cost: Cost = Cost()

    def __hash__(self) -> int:
        return hash((self.source, self.longest))  # which all else comes of

    @property
    def is_slow(self) -> bool:
        """Whether the steps grow with the square of a length that nothing bounds."""
        return self.longest is None and not self.cost.is_linear


@lru_cache(maxsize=4096)
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
def translate(source: str, longest: int | None = None) -> Pattern:
    """Read a Java-flavoured pattern and write it for Python and ECMA-262.

    Args:
        source: The pattern.
        longest: The length of the longest text that is held against it, if one is set.

    Raises:
        PatternRefused: It is not well-formed, or cannot be carried over exactly.
        PatternTooSlow: It would take a validator more time than there is for some text.
    """
    regex = meaning(source)
    python = accepted(for_python(regex), source, longest)
    others = accepted(for_others(regex), source, longest)
    return Pattern(
        source,
        regex,
        emit.python(python.regex, _guard(python.cost, longest)),
        emit.ecma(others.regex, _guard(others.cost, longest)),
        longest,
        max(python.cost, others.cost, key=lambda cost: cost.gravity),
    )


def _guard(cost: Cost, longest: int | None) -> int | None:
    """From which length on an engine need not look, where it would take long.

    Validators hold a text against its pattern even where it breaks a `length` that is
    relaxed, or, those of JSON Schema, any.
    """
    return None if cost.is_linear or (longest or 0) > _LONGEST_GUARD else longest


def accepted(form: PatternForm, source: str, longest: int | None) -> PatternForm:
    """A form that an engine may be given.

    Raises:
        PatternTooSlow: Some text, no longer than `longest`, would take it too long.
    """
    if form.cost.exponential:
        raise PatternTooSlow(_DOUBLES, 0, len(source))
    if form.cost.degree > SQUARE and form.cost.steps(longest) > MOST_STEPS:
        power = _POWERS.get(form.cost.degree, f"power {form.cost.degree}")
        raise PatternTooSlow(_GROWS.format(power), 0, len(source))
    return form


SQUARE = 2
_LONGEST_WIDER = 2_000  # who reads a spec should be able to read its patterns
_LONGEST_GUARD = 10_000  # some engines write a counted repetition out
_POWERS = {3: "cube", 4: "fourth power", 5: "fifth power"}
_DOUBLES = (
    "it can match in so many ways that some short text would take years; "
    "say in one way only what is repeated"
)
_GROWS = (
    "it can match in so many ways that the time grows with the {} of a text's length; "
    "say in one way only what is repeated, or give the shape a smaller `length`"
)


def wider_source(source: str) -> str | None:
    """A fast pattern that matches all that a slow one matches, if one is found.

    Raises:
        PatternRefused: The slow one is not well-formed.
    """
    found = wider(meaning(source))
    text = None if found is None else emit.java(found)
    return None if text is None or len(text) > _LONGEST_WIDER else text


__all__ = [
    "Pattern",
    "PatternRefused",
    "PatternTooSlow",
    "meaning",
    "same_pattern",
    "translate",
    "wider_source",
]
