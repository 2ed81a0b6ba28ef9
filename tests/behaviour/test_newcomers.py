"""Words of other languages get a hint that can be copied, row by row."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from shapespec.diagnostics.model import Faults
from shapespec.diagnostics.newcomers import FORMATS, HOMES, INSTEAD, KEYS, TYPES, Hint
from shapespec.language.surface import SHAPES
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
    ROOT + "    members: {{L: {{type: list, member: string}}}}\n    {0}\n",
    "shapes:\n  Root: {0}\n",
    "roots: [Book]\nshapes:\n  {0}\n",
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

    found = dict(said(spec))["unknown-key"]
    assert found is not None
    assert found.startswith(str(KEYS[word]))


ANSWERS = (
    # a member, and what is said to help with it
    ("{type: string, minimum: 1}", "write `range: {min: 0}`; a number has it: "),
    ("{type: string, range: {min: 1}}", "a number has it: `{type: integer, range"),
    ("{type: integer, pattern: a}", "a string has it: `{type: string, pattern: "),
    ("{target: string, length: {min: 1}}", "a string, a list or a map has it: "),
    ("{type: map, key: string, value: string, sparse: true, prefix: []}", "a list has"),
    ("{type: string, discriminator: a}", "a shape with `one_of` has it"),
    ("{type: string, x-order: 1}", "leave it out, or say it in `doc`: "),
    ("{type: integer, range: {minimum: 1}}", "write `min`"),
    ("{type: double, range: {exclusiveMaximum: 1}}", "write `below`"),
    ("{type: string, length: {exclusiveMaximum: 1}}", "its keys: min, max"),
    ("{type: integer, range: [1, 5]}", "write `range: {min: 0, max: 10}`"),
    ("{type: string, length: 5}", "write `length: {min: 1, max: 10}`"),
    ("{type: string, examples: Walden}", "write `examples: [Walden]`"),
    ("{type: [string, 'null']}", "of several types, write `nullable: true` for null"),
    ("{type: string, required: [x]}", "each member says so of itself: `Name: "),
    ("{type: list, items: string}", "write `member: string`"),
    ("{type: list}", "write `member: string`"),
    ("{properties: {}}", "write `Book: {type: structure, members: {Name: string}}`"),
    ("{items: string}", "write `{type: list, member: string}`"),
    ("{minLength: 1}", "write `{type: string}`"),
    ("{$ref: '#/$defs/Book'}", "a shape is referred to by its name: "),
    ("'#/$defs/Book'", "a shape is referred to by its name: "),
    ("'string?'", "for what may be null, write `{target: string, nullable: true}`"),
    ("'string | null'", "for what may be null, write "),
    ("'string | integer'", "write `{one_of: [string, integer]}`"),
    ("'string[]'", "write `{type: list, member: string}`"),
    ("'List<string>'", "write `{type: list, member: string}`"),
    ("'map[string, integer]'", "write `{type: map, key: string, value: string}`"),
    ("[string]", "write `{type: list, member: string}`, or `{one_of: "),
    ("null", "for any value, write `document`; for null, `nullable: true`"),
    ("{one_of: [string, null]}", "for any value, write `document`; for null, "),
    ("{type: enum, values: [a]}", "name it under `shapes`: `State: {type: enum"),
)


@pytest.mark.parametrize(("member", "answer"), ANSWERS, ids=[one for one, _ in ANSWERS])
def test_a_habit_is_answered(member: str, answer: str) -> None:
    """What is written as elsewhere, or in the wrong place, is told where it belongs."""
    found = said(f"shapes:\n  Root: {{type: structure, members: {{a: {member}}}}}\n")

    assert [one for _, one in found if one and one.startswith(answer)]


@pytest.mark.parametrize("word", FORMATS)
def test_a_format_is_answered(word: str) -> None:
    """Formats of JSON Schema and OpenAPI that are types here, or nothing."""
    member = f"{{type: string, format: {word}}}"
    found = said(f"shapes:\n  Root: {{type: structure, members: {{a: {member}}}}}\n")

    assert [("invalid-choice", str(FORMATS[word]))] == found


def test_every_key_of_a_type_has_a_home() -> None:
    """In another type, it is told where it belongs."""
    common = set.intersection(*({*one.keys} for one in SHAPES.values()))
    own = {key for one in SHAPES.values() for key in one.keys} - common

    assert {"relaxed", "grouped_by"} == own - {*HOMES}


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


@pytest.mark.parametrize(
    "table",
    [KEYS, TYPES, HOMES, FORMATS, INSTEAD],
    ids=["keys", "types", "homes", "formats", "instead"],
)
def test_what_is_said_can_be_copied(table: Mapping[str, Hint]) -> None:
    """Every piece is right somewhere in a spec."""
    pieces = {word: hint.write for word, hint in table.items() if hint.write}

    assert [] == [word for word, piece in pieces.items() if not compiles(piece)]


def test_a_slip_of_the_pen_is_still_found() -> None:
    """What is near a key of the language, and no word of another, is that key."""
    spec = "shapes:\n  Root: {type: structure, membrs: {}}\n"

    assert ("unknown-key", "did you mean `members`?") in said(spec)
