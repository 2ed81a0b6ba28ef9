"""Patterns that nobody wrote: each engine's text means the same, and none is slow.

`make fuzz` tries many thousands; here it is a few. The reference is the engine of
`tests/pump`, which is given the pattern as it was drawn.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from contextlib import suppress

import pytest

pytest.importorskip("hypothesis")

from hypothesis import given, strategies as st

from shapespec.cel.search import search_ecma, search_python
from shapespec.patterns import (
    PatternRefused,
    PatternTooSlow,
    emit,
    meaning,
    translate,
    wider_source,
)
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
from shapespec.patterns.backtracking import cost
from shapespec.patterns.charset import LINE_TERMINATORS, CharSet
from shapespec.patterns.parse import parse
from shapespec.patterns.quick import quick
from tests.behaviour.test_patterns import NODE, made_up
from tests.pump.attacks import attacks
from tests.pump.backtracker import Backtracker, TooManySteps
from tests.support.fuzzing import fuzz, inputs, tried

FUZZ = fuzz()
A_CHARACTER = 250
"""How many steps a linear pattern may take for each character of a text."""

A_TRY = 12
"""How many steps it may take for each of the tries that it is said to need."""

letters = st.sampled_from(["a", "b", "ab", "-", "a-", "b\n", "abc"])
sets = letters.map(CharSet.chars) | st.just(~LINE_TERMINATORS)
chars = sets.map(Chars)
endless = [(0, None), (1, None), (2, None)]
counted = [(0, 1), (0, 2), (1, 2), (2, 3), (0, 9), (1, 70), (11, 11), (40, 40)]
bounds = st.sampled_from([*endless, *counted])


def _repeat(part: Regex, limits: tuple[int, int | None], greed: Greed) -> Regex:
    return Repeat(part, *limits, greed)


def _look(part: Regex, *, negative: bool) -> Regex:
    return Look(part, ahead=True, negative=negative)


def _optional(options: list[Regex]) -> Regex:
    return choice([*options, EMPTY])


def grown(inner: st.SearchStrategy[Regex]) -> st.SearchStrategy[Regex]:
    """Patterns that have others in them."""
    rows = st.lists(inner, min_size=2, max_size=4)
    greed = st.sampled_from([*[Greed.GREEDY] * 6, Greed.LAZY, Greed.POSSESSIVE])
    return (
        rows.map(sequence)
        | rows.map(choice)
        | rows.map(_optional)
        | st.builds(_repeat, inner, bounds, greed)
        | st.builds(_repeat, inner, bounds, greed)
        | inner.map(Atomic)
        | st.builds(_look, inner, negative=st.booleans())
        | st.just(Edge.START)
        | st.just(Edge.END)
    )


drawn = st.recursive(chars, grown, max_leaves=8)
texts = st.text(alphabet="ab-c\n", max_size=12)


@FUZZ
@given(drawn, st.lists(texts, min_size=1, max_size=12))
def test_drawn_patterns(tree: Regex, given_texts: list[str]) -> None:
    """Each text for an engine takes what the pattern takes as it was drawn."""
    source = emit.python(tree)
    with suppress(PatternRefused, TooManySteps):
        found = translate(source)
        exact = Backtracker(parse(source), 200_000)
        test = quick(found)
        for text in given_texts:
            expected = exact.fullmatch(text)
            assert expected == (re.fullmatch(found.python, text) is not None), source
            assert expected == (re.search(found.ecma, text) is not None), source
            if test.method == "fullmatch" and test.exact and not test.one_line:
                assert expected == (re.fullmatch(test.pattern, text) is not None)


@FUZZ
@given(drawn)
def test_no_drawn_pattern_is_slow(tree: Regex) -> None:
    """What is called linear takes so many steps for a character, however attacked."""
    with suppress(PatternRefused):
        as_drawn = parse(emit.python(tree))
        emitted = parse(translate(emit.python(tree)).python)
        for one in (as_drawn, emitted):
            if cost(one).is_linear:
                for text in attacks(one, 120):
                    size = len(text) + 20
                    tries = int(A_TRY * cost(one).steps(size))
                    Backtracker(one, max(A_CHARACTER * size, tries)).fullmatch(text)


@FUZZ
@given(drawn, st.lists(texts, min_size=1, max_size=12))
def test_drawn_searches(tree: Regex, given_texts: list[str]) -> None:
    """A search of a rule finds what the pattern finds as it was drawn."""
    source = emit.python(tree)
    with suppress(PatternRefused):
        python, ecma = search_python(source), search_ecma(source)
        plain = re.compile(source)
        for text in given_texts:
            expected = plain.search(text) is not None
            assert expected == (re.search(python, text) is not None), source
            assert expected == (re.search(ecma, text) is not None), source


@FUZZ
@given(drawn, st.lists(texts, min_size=1, max_size=12))
def test_drawn_wider_patterns(tree: Regex, given_texts: list[str]) -> None:
    """A wider pattern takes all that the slow one takes."""
    source = emit.python(tree)
    with suppress(PatternRefused, TooManySteps):
        try:
            translate(source)
        except PatternTooSlow:
            pass
        else:
            return
        found = wider_source(source)
        if found is not None:
            more = re.compile(translate(found).python)
            exact = Backtracker(meaning(source), 200_000)
            for text in given_texts:
                assert more.fullmatch(text) or not exact.fullmatch(text), source


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_node_takes_what_is_meant() -> None:
    """An engine of ECMA-262 gives the verdicts of the reference on made-up patterns."""
    chance = random.Random(inputs(13))  # noqa: S311 - not for secrets
    given, expected = [], []
    count = inputs(60)
    for _ in range(count * 5):
        source = emit.python(made_up(chance, asserts=chance.random() < 0.4))
        texts = ["".join(chance.choices("ab\nc", k=n)) for n in range(8)]
        with suppress(PatternRefused, TooManySteps):
            found = translate(source).ecma
            exact = Backtracker(parse(source), 200_000)
            verdicts = "".join("01"[exact.fullmatch(text)] for text in texts)
            given.append((found, texts))
            expected.append((found, verdicts))

    done = subprocess.run(
        ["node", "-e", NODE],  # noqa: S607 - wherever it is installed
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )

    said = zip(given, done.stdout.splitlines(), strict=True)
    tried(len(given))
    assert len(given) > count
    assert expected == [(found, verdicts) for (found, _), verdicts in said]
