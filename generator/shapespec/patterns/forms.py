"""The forms a pattern may be written in, and which of them an engine is given.

All forms of a pattern match the same texts. The plainest is taken that costs an engine
no more than one pass over the text; where there is none, the one that costs least.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from shapespec.patterns.ast import Regex
from shapespec.patterns.backtracking import Cost, cost
from shapespec.patterns.ease import eased
from shapespec.patterns.normal import normal
from shapespec.patterns.places import settled
from shapespec.patterns.rewrite import committed, possessive, simplify


class PatternForm(NamedTuple):
    """A form of a pattern, and what it costs an engine that goes back."""

    regex: Regex
    cost: Cost


@lru_cache(maxsize=4096)
def for_python(regex: Regex) -> PatternForm:
    """The form for Python's `re`: what need not give back does not."""
    return _best(_possessive_first(regex))


@lru_cache(maxsize=4096)
def for_others(regex: Regex) -> PatternForm:
    """The form for engines that read ECMA-262, and for people who read a schema."""
    return _best(_plain_first(regex))


def _possessive_first(regex: Regex) -> Iterator[Regex]:
    yield possessive(committed(regex))
    yield possessive(committed(_normal(regex)))
    yield possessive(committed(_eased(regex)))


def _plain_first(regex: Regex) -> Iterator[Regex]:
    yield regex
    yield _normal(regex)
    yield _eased(regex)
    yield from _possessive_first(regex)


@lru_cache(maxsize=256)
def _normal(regex: Regex) -> Regex:
    return simplify(normal(settled(regex)))


@lru_cache(maxsize=256)
def _eased(regex: Regex) -> Regex:
    return simplify(eased(_normal(regex)))


def _best(forms: Iterable[Regex]) -> PatternForm:
    found: PatternForm | None = None
    for regex in forms:
        form = PatternForm(regex, cost(regex))
        if found is None or form.cost.gravity < found.cost.gravity:
            found = form
        if form.cost.is_linear:
            break
    if found is None:
        raise ValueError("a pattern has one form at least")
    return found
