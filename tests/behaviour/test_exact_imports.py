"""JSON Schemas that are carried over exactly: the same verdicts, and no loss is noted.

Each is one that drawn or published schemas have shown to be judged otherwise once.
"""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from shapespec.drafts import finish
from shapespec.drafts.limits import effect_of
from shapespec.importers.json_schema.spec import draft
from tests.support import compile_text
from tests.support.import_cases import json_file

_TYPED = {"type": "object", "properties": {"kind": {"type": "string"}}}

CASES: dict[str, tuple[dict[str, Any], tuple[Any, ...]]] = {
    "a condition that always holds, beside options in options": (
        {
            "type": "object",
            "properties": {
                "a": {
                    "type": "object",
                    "if": {},
                    "then": {"type": "number"},
                    "oneOf": [
                        {
                            "oneOf": [
                                {
                                    "properties": {"b": {"multipleOf": 0.5}},
                                    "required": ["c"],
                                }
                            ]
                        },
                        {},
                    ],
                }
            },
        },
        ({}, {"a": {}}, {"a": {"c": 1}}, {"a": 1}),
    ),
    "a property without a name": (
        {
            "type": "object",
            "properties": {"": {"type": "string"}, "a": {"type": "string"}},
            "patternProperties": {"^$": {"minLength": 2}},
            "additionalProperties": False,
        },
        (
            {},
            {"": "xx"},
            {"": "x"},
            {"": 1},
            {"a": "x"},
            {"b": "x"},
            {"": "xx", "c": 1},
        ),
    ),
    "a property without a name that has to be there": (
        {"type": "object", "required": [""], "minProperties": 2},
        ({}, {"": 1}, {"": 1, "a": 1}, {"a": 1, "b": 2}),
    ),
    "a property without a name on which others depend": (
        {"type": "object", "dependentRequired": {"": ["a"], "b": [""]}},
        ({}, {"": 1}, {"": 1, "a": 1}, {"b": 2}, {"b": 2, "": 1, "a": 0}),
    ),
    "options of one member each, beside one without a name": (
        {
            "type": "object",
            "oneOf": [
                {
                    "properties": {"a": {"type": "string"}, "": {}},
                    "required": ["a"],
                    "additionalProperties": False,
                },
                {
                    "properties": {"b": {"type": "string"}},
                    "required": ["b"],
                    "additionalProperties": False,
                },
            ],
        },
        ({"a": "x"}, {"a": "x", "": 1}, {"b": "x", "": 1}, {"b": "x"}, {}),
    ),
    "names of a pattern that have to be others, too": (
        {
            "type": "object",
            "patternProperties": {"^a": {}},
            "additionalProperties": False,
            "propertyNames": {"maxLength": 2},
        },
        ({}, {"a": 1}, {"ab": 1}, {"abc": 1}, {"b": 1}),
    ),
    "options of an object, beside what no object is": (
        {
            "not": {"maxLength": 3},
            "anyOf": [{"type": "object"}, {"type": "object", "minProperties": 1}],
        },
        ({}, {"a": 1}, "x", "xxxx"),
    ),
    "options of a closed object": (
        {
            "type": "object",
            "properties": {"k": {}},
            "additionalProperties": False,
            "anyOf": [
                {"properties": {"k": {"type": "string"}}},
                {"required": ["k"], "minProperties": 1},
            ],
        },
        ({}, {"k": 1}, {"k": "x"}, {"k": 1, "z": 1}, {"z": 1}),
    ),
    "an open enum of texts that match": (
        {
            "pattern": "x|y",
            "anyOf": [{"type": ["string"]}, {"enum": ["y"]}],
        },
        ("x", "y", "z"),
    ),
    "options of what is whole beside them": (
        {
            "type": ["integer", "boolean"],
            "anyOf": [{"type": "number"}, {"type": "boolean"}],
        },
        (1, 1.5, True, "x"),
    ),
    "a definition of anything but null": (
        {
            "type": "object",
            "properties": {
                "a": {"$ref": "#/$defs/NoNull"},
                "b": {"type": "array", "items": {"$ref": "#/$defs/NoNull"}},
            },
        },
        ({}, {"a": 1}, {"a": None}, {"a": []}, {"b": [None]}, {"b": [1]}),
    ),
    "text that is not one of some": (
        {"type": "string", "not": {"enum": ["x", "y"]}},
        ("x", "y", "xy", "", 1),
    ),
    "text that does not match": (
        {"type": "string", "pattern": "^a", "not": {"pattern": "z$"}},
        ("a", "az", "za", "b"),
    ),
    "anything but a text": ({"not": {"const": "x"}}, ("x", "y", 1, [], {}, True, None)),
    "one of two types, and not a text": (
        {"type": ["string", "integer"], "not": {"const": "x"}},
        ("x", "y", 1, 1.5),
    ),
    "an object that cannot be a text anyway": (
        {"type": "object", "not": {"const": "x"}},
        ({}, {"a": 1}, "x"),
    ),
    "a condition on a text": (
        {
            "type": "string",
            "if": {"pattern": "^x"},
            "then": {"maxLength": 2},
            "else": {"minLength": 2},
        },
        ("x", "xx", "xxx", "y", "yy", ""),
    ),
    "a condition that no text meets": (
        {"type": "string", "if": {"type": "integer"}, "then": {"type": "null"}},
        ("x", "", 1),
    ),
    "a condition that no text meets, with else": (
        {"type": "string", "if": {"type": "integer"}, "else": {"maxLength": 1}},
        ("x", "", "xx"),
    ),
    "a condition that decides the type": (
        {
            "if": {"type": "object", "required": ["kind"]},
            "then": _TYPED,
            "else": {"type": "object", "required": ["other"]},
        },
        ({"kind": "a"}, {"kind": 1}, {"other": 1}, {}, 1, "x"),
    ),
    "one of a pattern and a constant": (
        {"type": "string", "oneOf": [{"pattern": "(a|b)@\\d"}, {"const": "bun"}]},
        ("a@1", "bun", "a", "bunny"),
    ),
    "one of what has a format and a constant": (
        {"type": "string", "oneOf": [{"format": "uri"}, {"enum": ["none"]}]},
        ("none", "x:y"),
    ),
    "options that hold options": (
        {
            "oneOf": [
                {"oneOf": [{"enum": ["on", "off"]}, {"type": "boolean"}]},
                {"type": "object", "properties": {"level": {"enum": ["a", "b"]}}},
            ]
        },
        ("on", True, {}, {"level": "a"}, {"level": "c"}, "x", 1),
    ),
    "one of null and of what may be null": (
        {"oneOf": [{"$ref": "#/$defs/Any"}, {"type": "null"}]},
        (None, 1, "x", {}),
    ),
    "no multiple between bounds": (
        {"type": "integer", "multipleOf": 2, "minimum": 1, "exclusiveMaximum": 2},
        (1, 2, 1.5),
    ),
    "no multiple between bounds, of any type": (
        {"multipleOf": 2, "minimum": 1, "exclusiveMaximum": 2},
        (1, 2, "x", {}),
    ),
    "one of null and anything, beside other options": (
        {"oneOf": [{"type": "null"}, {}], "minLength": 1},
        (None, 1, "x", ""),
    ),
    "options whose members are not what others may be": (
        {
            "type": "object",
            "additionalProperties": {"type": "object"},
            "oneOf": [
                {"properties": {"c": {"const": "y"}}},
                {
                    "properties": {
                        "c": {"const": "x"},
                        "b": {"additionalProperties": False},
                    }
                },
            ],
        },
        ({"c": "y"}, {"c": "x"}, {}, {"b": {}}, {"b": {"a": 1}}, {"d": {}}, {"d": 1}),
    ),
    "a condition on the items of a list": (
        {
            "type": "object",
            "properties": {
                "dynamic": {"type": "array", "items": {"enum": ["a", "b"]}},
                "counts": {"type": "array", "items": {"type": "integer"}},
                "a": {"type": "string"},
            },
            "if": {
                "required": ["dynamic"],
                "properties": {"dynamic": {"contains": {"const": "a"}}},
            },
            "then": {"not": {"required": ["a"]}},
            "else": {
                "properties": {"counts": {"contains": {"enum": [1, 2]}, "maxItems": 2}}
            },
        },
        (
            {"dynamic": ["a"]},
            {"dynamic": ["a"], "a": ""},
            {"dynamic": ["b"], "a": ""},
            {"a": "", "counts": [1]},
            {"a": "", "counts": [3]},
            {"a": "", "counts": [1, 2, 3]},
            {"counts": []},
            {},
        ),
    ),
    "an option that names what another one needs": (
        {
            "oneOf": [
                {
                    "type": "object",
                    "properties": {one: {"type": "string"} for one in names},
                    "required": names[:1],
                    "additionalProperties": False,
                }
                for names in (["file", "kind"], ["text", "kind"], ["kind"])
            ]
        },
        (
            {"file": "a", "kind": "b"},
            {"file": "a"},
            {"kind": "b"},
            {"text": "a", "kind": "b"},
            {"text": "a", "file": "b"},
            {},
        ),
    ),
    "an open enum without some values": (
        {"anyOf": [{"enum": ["a", "b"]}, {"type": "string"}], "not": {"const": "c"}},
        ("a", "x", "c", 1),
    ),
    "more items than there can be": (
        {"items": False, "minItems": 1},
        ([], [1], "x", None),
    ),
    "empty texts in a map": (
        {"type": "object", "additionalProperties": {"type": "string", "pattern": "^$"}},
        ({"a": ""}, {"a": "x"}, {}),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_exactly_the_same(case: str) -> None:
    """Every value is judged as by the schema, and nothing is said to be lost."""
    inner, values = CASES[case]
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {"v": inner},
        "$defs": {"Any": {}, "NoNull": {"oneOf": [{"type": "null"}, {}]}},
    }
    made = finish(draft(json_file(schema)))
    package = compile_text(made.text, targets=("validators",)).package
    judge = jsonschema.Draft202012Validator(schema)
    notes = {one.note.rule for one in made.notes}

    assert [] == [one for one in notes if effect_of(one) == "looser"]
    for value in values:
        asked = {"v": value}
        assert judge.is_valid(asked) == package.is_valid(asked), value
        errors = [one for one in package.validate(asked) if one.severity == "error"]
        assert package.is_valid(asked) == (not errors), value


def test_keys_that_are_said_to_be_timestamps_are_texts() -> None:
    """What is said of a key beside its format still counts; the format has a note."""
    schema = {
        "type": "object",
        "propertyNames": {"format": "date-time", "pattern": "\\d"},
    }
    made = finish(draft(json_file(schema)))
    package = compile_text(made.text, targets=("validators",)).package

    assert ["map-key"] == [one.note.rule for one in made.notes]
    assert [True, False] == [package.is_valid({one: 1}) for one in ("1", "x")]


def test_a_choice_that_leads_back_to_itself_keeps_what_is_beside_it() -> None:
    """A number that is itself again is a number."""
    again = {"$ref": "#/$defs/Again"}
    schema = {
        "type": "object",
        "properties": {"v": again},
        "$defs": {"Again": {"type": "number", "oneOf": [{"type": "string"}, again]}},
    }
    made = finish(draft(json_file(schema)))
    package = compile_text(made.text, targets=("validators",)).package

    assert ["never"] == [one.note.rule for one in made.notes]
    assert not package.is_valid({"v": "x"})


def test_a_contradiction_without_end_is_imported() -> None:
    """What is right if it is not right is any value, and no stack is full."""
    never = {"$ref": "#/$defs/Never"}
    schema = {
        "type": "object",
        "properties": {"v": never, "w": {**never, "type": "null", "maxLength": 2}},
        "$defs": {"Never": {"not": never}},
    }
    made = finish(draft(json_file(schema)))

    assert compile_text(made.text, targets=("validators",)).package.is_valid({"v": 1})


def test_a_deep_contradiction_without_end_is_imported() -> None:
    """However much of the stack each turn of it takes, and whoever imports it."""
    never = {"$ref": "#/$defs/Never"}
    inner: dict[str, Any] = {"if": never, "then": never}
    for _ in range(20):
        inner = {"allOf": [inner]}
    schema = {"$ref": "#/$defs/Never", "enum": [1, 2], "$defs": {"Never": inner}}

    def at(depth: int) -> object:
        return at(depth - 1) if depth else finish(draft(json_file(schema)))

    assert all(at(depth) for depth in range(40))


def test_parts_that_close_each_other_without_end_are_imported() -> None:
    """What is a part of its own part says nothing more of what is unevaluated."""
    first, second = {"$ref": "#/$defs/First"}, {"$ref": "#/$defs/Second"}
    closed = {"unevaluatedProperties": False}
    schema = {
        "type": "object",
        "properties": {"v": first},
        "$defs": {
            "First": {"allOf": [second], **closed},
            "Second": {"allOf": [first], **closed},
        },
    }
    made = finish(draft(json_file(schema)))

    assert compile_text(made.text, targets=("validators",)).package.is_valid({})


def test_an_option_that_lists_what_no_type_tells_apart_is_imported() -> None:
    """What is imported compiles, and a note says that options are not told apart."""
    schema = {
        "type": "object",
        "properties": {"v": {"anyOf": [{"type": "number"}, {"$ref": "#/$defs/List"}]}},
        "$defs": {"List": {"enum": [[1], {}]}},
    }
    made = finish(draft(json_file(schema)))
    package = compile_text(made.text, targets=("validators",)).package

    assert ["any-of"] == [
        one.note.rule for one in made.notes if one.note.rule != "unused-shape"
    ]
    assert [True] * 3 == [package.is_valid({"v": one}) for one in (1, [1], {})]


def test_an_option_for_all_other_tags_leaves_a_choice_open() -> None:
    """And an option that gives a tag to a structure is that structure."""

    def tagged(tag: str, reference: str) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {"kind": {"const": tag}},
            "required": ["kind"],
            "$ref": reference,
        }

    kind = {"properties": {"kind": {"type": "string"}, "n": {"type": "integer"}}}
    schema = {
        "type": "object",
        "properties": {
            "v": {
                "oneOf": [
                    tagged("a", "#/$defs/Count"),
                    tagged("b", "#/$defs/Text"),
                    {
                        "type": "object",
                        "properties": {
                            "kind": {"type": "string", "not": {"enum": ["a", "b"]}}
                        },
                        "required": ["kind"],
                    },
                ]
            }
        },
        "$defs": {
            "Count": {"type": "object", **kind},
            "Text": {"type": "object", "properties": {"kind": {}, "n": {"const": "x"}}},
        },
    }
    schema["$defs"]["Text"]["properties"]["kind"] = {"enum": ["b", "c"]}
    made = finish(draft(json_file(schema)))
    package = compile_text(made.text, targets=("validators",)).package
    judge = jsonschema.Draft202012Validator(schema)

    assert "mapping: {a: Count, b: Text}" in made.text
    for kind_ in ("a", "b", "c", 1, None):
        for n in (1, "x", "y"):
            for value in ({"kind": kind_, "n": n}, {"n": n}):
                assert judge.is_valid({"v": value}) == package.is_valid({"v": value})


def test_an_option_that_a_condition_leaves_no_type_is_none() -> None:
    """What is imported compiles: two options are not both objects."""
    schema = {
        "type": "object",
        "properties": {
            "v": {
                "if": {},
                "then": {"type": "object"},
                "else": {"type": "object"},
                "oneOf": [
                    {"additionalProperties": True},
                    {"oneOf": [{}], "anyOf": [{"type": "number"}]},
                ],
            }
        },
    }
    package = compile_text(
        finish(draft(json_file(schema))).text, targets=("validators",)
    ).package

    assert [True, False] == [package.is_valid({"v": one}) for one in ({}, 1)]


def test_steps_of_what_all_options_call_whole_are_whole() -> None:
    """What is imported compiles: no whole number has steps of a tenth."""
    options = [{"type": "integer", "minimum": 5}, {"type": "integer", "multipleOf": 2}]
    schema = {
        "type": "object",
        "properties": {"v": {"multipleOf": 0.3, "oneOf": options}},
    }
    made = finish(draft(json_file(schema)))
    valid = compile_text(made.text, targets=("validators",)).package.is_valid

    assert [True, False, False] == [valid({"v": one}) for one in (9, 0.3, 7)]


def test_a_whole_number_is_one_in_all_drafts() -> None:
    """Draft-04 alone takes 1.0 for another kind of number; nobody else does."""
    schema = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "object",
        "properties": {"v": {"type": "integer", "enum": [4.0, 5], "minimum": 0}},
    }
    made = finish(draft(json_file(schema)))
    valid = compile_text(made.text, targets=("validators",)).package.is_valid

    assert [True, True, True, False] == [valid({"v": one}) for one in (4.0, 4, 5.0, 6)]


def test_two_lists_of_options_evaluate_together() -> None:
    """What an option of another list evaluates is not refused as unevaluated."""
    schema = {
        "type": "object",
        "properties": {
            "v": {
                "$ref": "#/$defs/Part",
                "oneOf": [{}],
                "unevaluatedProperties": {"maximum": 3},
            }
        },
        "$defs": {"Part": {"oneOf": [{"properties": {"a": {}}}]}},
    }
    made = finish(draft(json_file(schema)))
    package = compile_text(made.text, targets=("validators",)).package

    assert package.is_valid({"v": {"a": 5}})
    assert "#/properties/v/unevaluatedProperties" in {
        one.note.said for one in made.notes
    }


def test_what_an_option_does_not_evaluate_is_named() -> None:
    """The items around an option are not its own."""
    options = [{"unevaluatedItems": {"type": "number"}}]
    schema = {"type": "object", "properties": {"v": {"items": {}, "oneOf": options}}}
    made = finish(draft(json_file(schema)))

    assert ["#/properties/v/oneOf/0/unevaluatedItems"] == [
        one.note.said for one in made.notes
    ]


def test_counts_in_another_part_say_nothing_of_items() -> None:
    """`minContains` is about the `contains` beside it, and about no other."""
    items = {"contains": {"type": "integer"}, "anyOf": [{"minContains": 0}]}
    schema = {"type": "object", "properties": {"a": items}}
    made = finish(draft(json_file(schema)))

    assert ["#/properties/a/contains"] == [one.note.said for one in made.notes]


def test_what_needs_itself_has_a_note_where_it_is_required() -> None:
    """A member that would never end is optional, and the note says what is not held."""
    endless = {"$ref": "#/$defs/Endless"}
    schema = {
        "type": "object",
        "properties": {"v": endless},
        "$defs": {
            "Endless": {
                "type": "object",
                "properties": {"more": endless},
                "required": ["more"],
            }
        },
    }
    made = finish(draft(json_file(schema)))

    assert ["#/$defs/Endless/required: it is required"] == [
        one.note.said for one in made.notes
    ]
