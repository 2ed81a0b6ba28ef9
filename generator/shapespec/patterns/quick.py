"""Quick tests: sure when they say yes, and cheaper than the pattern.

A fast validator asks them first. Where one says no, the pattern itself decides, there
and then or in the full validator. On strings of some 50 characters `.*` takes 235 ns as
a regular expression; that a text is ASCII and has no line break takes 35 ns to see.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from shapespec.patterns import Pattern, emit
from shapespec.patterns.ast import (
    Chars,
    Choice,
    Greed,
    Look,
    Regex,
    Repeat,
    Sequence,
    sequence,
)
from shapespec.patterns.backtracking import cost
from shapespec.patterns.charset import EVERYTHING, LINE_TERMINATORS
from shapespec.patterns.rewrite import alphabet, possessive

_ANY = Chars(~LINE_TERMINATORS)
_EVERY = Chars(EVERYTHING)


class Quick(NamedTuple):
    """A test that is sure when it says yes.

    Attributes:
        method: How the expression is used: `match`, `fullmatch`, or not at all.
        pattern: The expression, for Python.
        one_line: Whether the text also has to be free of line terminators.
        at_least: How long the text has to be for the test to be sure.
        exact: Whether the test says no only where the pattern does.
        regex: What the expression matches, where it is not the pattern's own.
    """

    method: str = ""
    pattern: str = ""
    one_line: bool = False
    at_least: int = 0
    exact: bool = True
    regex: Regex | None = None


@lru_cache(maxsize=4096)
def quick(pattern: Pattern) -> Quick:
    """The cheapest sure test for a pattern; the pattern itself where that is fast."""
    regex = pattern.regex
    parts = regex.parts if isinstance(regex, Sequence) else (regex,)
    if len(parts) == 1:
        match parts[0]:
            case Repeat(Chars() as part, low, None) if part in (_ANY, _EVERY):
                return Quick(one_line=part == _ANY, at_least=low, exact=part == _EVERY)
    head = _before_any_tail(parts)
    if head is not None:
        narrowed = narrow(sequence(head))
        test = possessive(narrowed)
        if cost(test).is_linear:
            held = alphabet(test) if narrowed == sequence(head) else None
            exact = held is not None and not (held - _ANY.set).ranges
            return Quick("match", emit.python(test), one_line=True, exact=exact)
    narrowed = narrow(regex)
    test = possessive(narrowed)
    if cost(test).is_linear:
        exact = narrowed == regex
        return Quick("fullmatch", emit.python(test), exact=exact, regex=narrowed)
    return Quick("fullmatch", pattern.python)


def _before_any_tail(parts: tuple[Regex, ...]) -> list[Regex] | None:
    """What has to stand before a tail that any one line is, if there is one."""
    match parts:
        case [*head, Repeat(Chars() as part, 0, None)] if part == _ANY and head:
            return _shortest(head)
        case [
            *head,
            Repeat(Chars()) as run,
            Repeat(Sequence((_, Repeat(Chars() as part, 0, None))), 0, 1),
        ] if part == _ANY:
            # `A+(?:B.*)?`: an A, then anything, which is what A and B together allow.
            return _shortest([*head, run]) if _leaves_nothing(parts) else None
        case _:
            return None


def _leaves_nothing(parts: tuple[Regex, ...]) -> bool:
    """Whether in `A+(?:B.*)?` every character is an A, a B, or a line terminator."""
    run, tail = parts[-2], parts[-1]
    if not isinstance(run, Repeat) or not isinstance(run.part, Chars):
        return False
    if run.high is not None or not isinstance(tail, Repeat):
        return False
    opener = tail.part.parts[0] if isinstance(tail.part, Sequence) else None
    if not isinstance(opener, Chars):
        return False
    return not (_ANY.set - (run.part.set | opener.set)).ranges


def _shortest(head: list[Regex]) -> list[Regex]:
    """The least that the parts before the tail have to be."""
    while head and isinstance(head[-1], Repeat) and head[-1].low == 0:
        head = head[:-1]
    match head:
        case [*before, Repeat(Chars() as part, 1, _)]:
            return [*before, part]
        case _:
            return head


def narrow(regex: Regex) -> Regex:
    """A pattern that matches less, at most, and faster.

    `(?:A*B){0,n}` counts every B; a run of both that ends with B and is no longer
    than n has no more than n of them.
    """
    match regex:
        case Sequence(parts):
            return sequence([narrow(part) for part in parts])
        case Choice(options):
            return Choice(tuple(narrow(option) for option in options))
        case Repeat(
            Sequence((Repeat(Chars(a), 0, None, Greed.GREEDY), Chars(b))),
            0,
            high,
            Greed.GREEDY,
        ) if high is not None and a.isdisjoint(b):
            run = Repeat(Chars(a | b), 0, high, Greed.POSSESSIVE)
            return Sequence((run, Look(Chars(a), ahead=False, negative=True)))
        case _:
            return regex
