"""Constraints that stand beside each other are each enforced, as JSON Schema does it.

Every set of constraints that a type can have, with values on both sides of each bound:
the fast path, the walk and python-jsonschema on the generated schema have one verdict.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import jsonschema
import pytest

from tests.support import compile_text

LENGTHS = [
    {}, {"min": 1}, {"min": 2}, {"max": 1}, {"max": 2}, {"min": 1, "max": 2},
]  # fmt: skip
RANGES = [
    {}, {"min": 1}, {"max": 6}, {"above": 0}, {"below": 6}, {"above": 0, "max": 4},
]  # fmt: skip
VALUES: dict[str, list[Any]] = {
    "list": [[], [1], [1, 1], [1, 2], [1, 2, 1], [1, 2, 3], [None], ["a"], {}],
    "tuple": [[], [1], [1, "a"], ["a"], [1, "a", 1], [1, "a", "a"], [1, 1]],
    "map": [{}, {"a": 1}, {"a": 1, "b": 1}, {"a": 1, "b": 2, "c": 3}, {"a": None}, []],
    "string": ["", "a", "ab", "abc", "x", "xy", "é😀", "ab\n", 1, None],
    "number": [0, 1, 2, 4, 6, 7, -2, 0.5, 4.0, 1e300, True, "2", None],
}


def shapes() -> Iterator[tuple[str, dict[str, Any]]]:
    """Shapes with every set of constraints, each with the kind of values to try."""
    for length, unique, sparse in product(LENGTHS, (False, True), (False, True)):
        plain = {"length": length} if length else {}
        items = {**plain, "unique_items": True} if unique else plain
        more = {**items, "sparse": True} if sparse else items
        yield "list", {"type": "list", "member": "integer", **more}
        if not sparse:
            yield "tuple", {"type": "list", "prefix": ["integer", "string"], **items}
        if not unique:
            of_map = {**plain, "sparse": True} if sparse else plain
            yield "map", {"type": "map", "key": "string", "value": "integer", **of_map}
    for length, pattern in product(LENGTHS, (None, "[a-c]+", "[a-c]*")):
        said = {"length": length} if length else {}
        yield "string", {"type": "string", **said, **_given("pattern", pattern)}
    for kind, bounds, step in product(("integer", "double"), RANGES, (None, 2)):
        said = {"range": bounds} if bounds else {}
        yield "number", {"type": kind, **said, **_given("multiple_of", step)}


def _given(key: str, value: object) -> dict[str, object]:
    return {} if value is None else {key: value}


@pytest.mark.parametrize("kind", VALUES)
def test_each_is_enforced(kind: str) -> None:
    """No constraint makes another one be forgotten."""
    wrong = []
    refused = 0
    for shape in (one for name, one in shapes() if name == kind):
        root = {"type": "structure", "members": {"V": shape}}
        spec = {
            "shapespec": 1,
            "package": "c",
            "nulls": "invalid",
            "shapes": {"R": root},
        }
        made = compile_text(json.dumps(spec), targets=("json-schema", "validators"))
        (document,) = (
            json.loads(text) for path, text in made.files.items() if "/R.json" in path
        )
        peer = jsonschema.Draft202012Validator(document)
        for value in VALUES[kind]:
            response = {"V": value}
            right = peer.is_valid(response)
            said = (
                made.package.is_valid(response),
                not made.package.validate(response),
            )
            refused += not right
            if said != (right, right):
                wrong.append((shape, value, said, right))

    assert [] == wrong
    assert refused > len(VALUES[kind])
