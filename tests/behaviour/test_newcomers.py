"""Words of other languages get a hint that can be copied, row by row."""

from __future__ import annotations

import json

import pytest

from shapespec.diagnostics.model import Faults
from shapespec.diagnostics.newcomers import KEYS, TYPES
from tests.support import compile_text

HEAD = "shapespec: 1\npackage: library\n"
ROOT = "shapes:\n  Root:\n    type: structure\n"
EMPTY = "  Book: {{type: structure, members: {{}}}}\n"
BOOK = "      b: Book\n  Book: {{type: structure, members: {{}}}}\n"
KINDS = (
    "string",
    "integer",
    "list, member: string",
    "list",
    "map, key: string, value: string",
)
WAYS = (
    ROOT + "    members:\n      {0}\n" + BOOK,
    ROOT + "    members:\n      a: {0}\n" + BOOK,
    *(
        ROOT + f"    members: {{{{a: {{{{type: {kind}, {{0}}}}}}}}}}\n"
        for kind in KINDS
    ),
    ROOT + "    members: {{A: string, B: string}}\n    {0}\n",
    ROOT + "    {0}\n",
    ROOT + "    members: {{a: {{{0}}}}}\n",
    "shapes:\n  {0}\n",
    "{0}\n",
    "shapes:\n" + EMPTY + "{0}\n",
)
"""Specs with a place for a member, a shape, keys of one, or a key of the spec."""


def compiles(piece: str) -> bool:
    """Whether a piece of a spec is right somewhere in one."""
    for way in WAYS:
        head = "shapespec: 1\n" if piece.startswith("package:") else HEAD
        try:
            compile_text(head + way.format(piece), targets=())
        except (Faults, KeyError):
            continue
        return True
    return False


def said(spec: str) -> list[tuple[str, str | None]]:
    """The rules of the diagnostics of a spec, with what they help with."""
    with pytest.raises(Faults) as caught:
        compile_text(HEAD + spec, targets=())
    return [(one.rule, one.help) for one in caught.value.diagnostics]


@pytest.mark.parametrize("word", KEYS)
def test_a_key_is_answered(word: str) -> None:
    """Where the key is not one of the language, its hint is the help."""
    key = json.dumps(word)
    spec = f"shapes:\n  Root:\n    type: structure\n    members: {{}}\n    {key}: x\n"

    assert ("unknown-key", str(KEYS[word])) in said(spec)


@pytest.mark.parametrize("word", TYPES)
def test_a_type_is_answered(word: str) -> None:
    """As the `type` of a shape, and as a name."""
    quoted = json.dumps(word)
    member = "shapes:\n  Root: {type: structure, members: {a: SHAPE}}\n"

    assert [("invalid-choice", str(TYPES[word]))] == said(
        member.replace("SHAPE", f"{{type: {quoted}}}")
    )
    if word.isidentifier():
        name = member.replace("SHAPE", quoted)
        assert [("unknown-shape", str(TYPES[word]))] == said(name)


@pytest.mark.parametrize("table", [KEYS, TYPES], ids=["keys", "types"])
def test_what_is_said_can_be_copied(table: dict[str, object]) -> None:
    """Every piece is right somewhere in a spec."""
    pieces = {
        word: hint.write for word, hint in {**KEYS, **TYPES}.items() if word in table
    }

    assert [] == [word for word, piece in pieces.items() if not compiles(piece)]


def test_a_slip_of_the_pen_is_still_found() -> None:
    """What is near a key of the language, and no word of another, is that key."""
    spec = "shapes:\n  Root: {type: structure, membrs: {}}\n"

    assert ("unknown-key", "did you mean `members`?") in said(spec)
