"""Our parser of CEL reads what cel-python's grammar reads, and refuses what it refuses.

`FUZZ=100000 make fuzz` draws so many.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from shapespec.cel import CelFault, read
from tests.support import ROOT, cel_grammar
from tests.support.fuzzing import fuzz

FUZZ = fuzz(400)
_WRITTEN = """
a b this .x . ( ) [ ] { } , : ? + - * / % ! < <= == != in && || 1 -1 1.5 1u .5 1e400
true false null has( size( .all(x, x.exists(y, //c r' b'x' 0x1 \\ ' " e5 & é $
's' "t" '\\x41' '\\x4' 99999999999999999999 \"\"\" '''
"""
TOKENS = (*_WRITTEN.split(), " ", "\n", "in ")
SPECS = (
    *ROOT.glob("spec/**/*.yaml"),
    *ROOT.glob("tests/cases/**/*.yaml"),
    *ROOT.glob("tests/**/*.py"),
    *ROOT.glob("spec/*.md"),
)
WORDED = ("unexpected `", "too early")
"""What messages about texts that are not CEL say."""


def expressions() -> list[str]:
    """All that looks like a rule or a derived value in specs, pages and tests."""
    found: set[str] = set()
    for file in SPECS:
        text = file.read_text("utf-8")
        found.update(
            one.strip("'\"")
            for one in re.findall(
                r"\bcel: *(?:>-\s+)?(.+?)(?:[,}]?$)", text, re.MULTILINE
            )
        )
    return sorted(found)


def ours(text: str) -> object:
    try:
        return read(text)
    except CelFault as fault:
        if any(words in fault.message for words in WORDED):
            return fault.place
        return cel_grammar.NotForRules


def theirs(text: str) -> object:
    try:
        return cel_grammar.read(text)
    except cel_grammar.NotCel as fault:
        return fault.place
    except cel_grammar.NotForRules:
        return cel_grammar.NotForRules


def test_every_expression_of_the_repository() -> None:
    """Rules of specs, pages and tests have the same trees, or faults at one place."""
    found = expressions()

    assert 100 < len(found)
    for text in found:
        assert theirs(text) == ours(text), text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "// c",
            "a // c\n + b",
            "a inb",
            "a.in",
            "in + 1",
            "a.null",
            "nullx",
        ),
        *(
            "--1",
            "- 1",
            "a -1",
            "a - -1",
            "1.foo",
            "a.5",
            ".5",
            "1..a",
            "0x1u",
            "a?.b:c",
        ),
        *(
            '"a\\"b"',
            '"a\\"',
            '""""',
            "'''a''''",
            'r"\\d"',
            "br'x'",
            "rb'x'",
            "'\\777'",
        ),
        *(
            "((a)).b",
            "(a + b) * c",
            "(a)(1)",
            "f(1,)",
            "[1,]",
            "{1: 2,}",
            "a{b: 1}",
            ".f(1)",
        ),
        *(
            "has(a)",
            "has(a.b)",
            "x.map(1, y)",
            "x.map(y, z, w)",
            "a\u00a0b",
            "a ? b ? c : d : e",
        ),
    ],
)
def test_what_is_easily_got_wrong(text: str) -> None:
    """Signs, quotes, words, comments and parentheses at their edges."""
    assert theirs(text) == ours(text)


@FUZZ
@given(st.lists(st.sampled_from(TOKENS), max_size=10).map("".join))
def test_any_text(text: str) -> None:
    """Pieces of expressions in any order: the same tree, or a fault at one place."""
    assert theirs(text) == ours(text)


@FUZZ
@given(st.sampled_from(expressions()), st.data())
def test_any_change_of_a_rule(text: str, data: st.DataObject) -> None:
    """A rule in which a piece is left out or put in."""
    at = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(at, min(at + 3, len(text))))
    text = text[:at] + data.draw(st.sampled_from(["", *TOKENS])) + text[end:]

    assert theirs(text) == ours(text)
