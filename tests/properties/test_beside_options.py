"""What stands beside options counts, whatever the options are, as it does alone.

Each keyword of a type stands beside each pair of options of that type. Seeds that draw
whole schemas meet few of these pairs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.properties.test_any_schema import reported, using

Schema = dict[str, Any]


class Kind(NamedTuple):
    """What is said of the values of a type."""

    beside: list[Schema]
    options: list[Schema]
    values: list[Any]


KINDS = {
    "object": Kind(
        beside=[
            {"minProperties": 2},
            {"maxProperties": 1},
            {"additionalProperties": {"type": "string"}},
            {"additionalProperties": False},
            {"unevaluatedProperties": False},
            {"propertyNames": {"pattern": "^a"}},
            {"patternProperties": {"^a": {"type": "integer"}}},
            {"required": ["b"]},
            {"dependentRequired": {"a": ["b"]}},
            {"properties": {"a": {"type": "string"}}},
        ],
        options=[
            {},
            {"minProperties": 1},
            {"required": ["a"]},
            {"properties": {"a": {"type": "string"}}},
            {"properties": {"a": {"const": "x"}}, "required": ["a"]},
            {"properties": {"b": {"type": "integer"}}, "required": ["b"]},
            {"additionalProperties": {"type": "integer"}},
            {"propertyNames": {"maxLength": 1}},
        ],
        values=[
            {},
            {"a": "x"},
            {"a": 1},
            {"a": None},
            {"b": 1},
            {"b": "x"},
            {"c": 1},
            {"ab": "s"},
            {"a": "x", "b": 1},
            {"a": 1, "b": "y"},
            {"ab": 1, "b": 2},
            {"a": "x", "b": 1, "c": "z"},
        ],
    ),
    "array": Kind(
        beside=[
            {"minItems": 2},
            {"maxItems": 1},
            {"uniqueItems": True},
            {"items": {"type": "string"}},
            {"prefixItems": [{"type": "string"}]},
            {"contains": {"const": 1}},
            {"unevaluatedItems": False},
        ],
        options=[
            {},
            {"minItems": 1},
            {"maxItems": 2, "uniqueItems": True},
            {"items": {"type": "integer"}},
            {"prefixItems": [{"type": "integer"}]},
            {"contains": {"const": "a"}},
        ],
        values=[[], [1], ["a"], [1, "a"], ["a", "a"], ["a", "b"], [1, 2, 3], [None]],
    ),
    "string": Kind(
        beside=[
            {"minLength": 2},
            {"maxLength": 1},
            {"pattern": "^a"},
            {"enum": ["a", "bb"]},
            {"const": "a"},
        ],
        options=[
            {},
            {"minLength": 1},
            {"pattern": "b$"},
            {"enum": ["a", "c"]},
            {"format": "date"},
        ],
        values=["", "a", "b", "c", "ab", "ba", "bb"],
    ),
    "number": Kind(
        beside=[
            {"minimum": 2},
            {"exclusiveMaximum": 3},
            {"multipleOf": 2},
            {"enum": [1, 2]},
        ],
        options=[
            {},
            {"minimum": 1},
            {"maximum": 5},
            {"multipleOf": 3},
            {"type": "integer"},
        ],
        values=[0, 1, 2, 3, 4, 6, 1.0, 2.5, 5.5],
    ),
}


def schemas(kind: str) -> Iterator[Schema]:
    """Each keyword beside each pair of options, and with the type beside them."""
    given = KINDS[kind]
    pairs = itertools.combinations(given.options, 2)
    words = ("anyOf", "oneOf")
    for beside, pair, word in itertools.product(given.beside, [*pairs], words):
        yield {**beside, word: [*pair]}
        yield {**beside, word: [*pair], "type": kind}


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_beside_options_counts(kind: str) -> None:
    """Each verdict is that of the schema, or a note at the place says why not."""
    seen = 0
    for inner in schemas(kind):
        schema: Schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": {"v": inner},
        }
        with using(schema) as found:
            assert found is not None
            for value in [*KINDS[kind].values, None, True]:
                seen += 1
                wrong = found.wrong({"v": value})
                assert not wrong, reported(schema, {"v": value}, wrong)
    assert seen == len([*schemas(kind)]) * (len(KINDS[kind].values) + 2)
