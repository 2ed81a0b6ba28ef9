"""Values that share each other: a few can stand for millions."""

from __future__ import annotations

from typing import Any

import pytest

from shapespec.responses.contract import contract_by_path

SPEC = """
shapespec: 1
package: twins
title: Twins
shapes:
  Twins: {type: structure, members: {Left: Twins, Right: Twins, Name: string}}
"""


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A contract whose one shape contains itself twice."""
    spec = tmp_path_factory.mktemp("twins") / "twins.yaml"
    spec.write_text(SPEC)
    return contract_by_path(spec, target="dataclasses")


def doubled(levels: int) -> dict[str, Any]:
    """A value that stands for two to the power of `levels` others."""
    value: dict[str, Any] = {"Name": "x"}
    for _ in range(levels):
        value = {"Left": value, "Right": value}
    return value


def test_a_few_values_in_many_places_are_read(twins: Any) -> None:
    """And written as they were."""
    assert doubled(8) == twins.Twins.from_response(doubled(8)).to_response()


def test_values_that_stand_for_millions_are_not_read(twins: Any) -> None:
    """They are valid; there is only no room for as many structures."""
    assert twins.is_valid(doubled(200))

    with pytest.raises(twins.InvalidResponse, match="millions of places"):
        twins.Twins.from_response(doubled(200))


def test_structures_that_stand_for_millions_are_not_written(twins: Any) -> None:
    """A few frozen structures can share each other, too."""
    made = twins.Twins(name="x")
    for _ in range(200):
        made = twins.Twins(left=made, right=made)

    with pytest.raises(ValueError, match="millions of places"):
        made.to_response()


def test_what_contains_itself_in_an_unknown_member_is_kept(twins: Any) -> None:
    """Nothing walks through it."""
    loop: dict[str, Any] = {}
    loop["Loop"] = loop

    made = twins.Twins.from_response({"Name": "x", "New": loop})

    assert loop is made.to_response()["New"]


def test_strict_is_one_of_three(twins: Any) -> None:
    """A misspelt one does not pass for an all-clear."""
    for response in ({"Name": "x"}, {"Name": 1}):
        with pytest.raises(ValueError, match='True, False or "all"'):
            twins.validate(response, strict="bogus")
        with pytest.raises(ValueError, match='True, False or "all"'):
            twins.is_valid(response, strict="bogus")
