"""How much findings weigh, and rules that have no answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sagemaker_training_job import (
    DescribeTrainingJobResponse,
    InvalidResponse,
    is_valid,
    validate,
)
from tests.support import ROOT
from tests.support.rule_cases import Change, changed

EARLY = Change({"TrainingEndTime": "2025-06-03T09:16:00Z"})
"""A job that ends before it starts, which rules advise against."""


def found(response: Any, **options: Any) -> set[tuple[str, str]]:
    return {(one.severity, one.rule) for one in validate(response, **options)}


@pytest.mark.parametrize(
    ("strict", "severity"), [(False, "note"), (True, "note"), ("all", "error")]
)
def test_advice_is_an_error_only_where_all_is_strict(
    strict: Any, severity: str
) -> None:
    """Warnings are errors with True, notes too with "all"."""
    response = changed(EARLY)

    assert (severity, "started-before-end") in found(response, strict=strict)
    assert is_valid(response, strict=strict) is (severity == "note")


def test_dataclasses_are_made_as_strictly() -> None:
    """What is refused is told."""
    with pytest.raises(InvalidResponse, match="TrainingEndTime"):
        DescribeTrainingJobResponse.from_response(changed(EARLY), strict="all")


@pytest.mark.parametrize("strict", ["yes", "", "ALL", 2, None])
def test_no_other_strictness_is_taken_for_one(strict: Any) -> None:
    """A misspelt word would check less than was meant."""
    if strict in (True, False):
        pytest.skip("equal to a boolean")
    with pytest.raises(ValueError, match='expected True, False or "all"'):
        validate({}, strict=strict)


@pytest.mark.parametrize(
    ("wait", "runtime"),
    [([1], [2]), ("a", "b"), (False, True), (1.5, 2.5), (1, "2"), ({}, 2)],
)
def test_a_rule_about_a_value_of_the_wrong_type_has_no_answer(
    wait: Any, runtime: Any
) -> None:
    """The type is wrong; whether the wait covers the runtime cannot be said."""
    limits = {"MaxWaitTimeInSeconds": wait, "MaxRuntimeInSeconds": runtime}

    rules = {one.rule for one in validate(limits, shape="StoppingCondition")}

    assert {"type"} == rules
    assert ("error", "wait-covers-runtime") in found(
        {"MaxWaitTimeInSeconds": 1, "MaxRuntimeInSeconds": 2}, shape="StoppingCondition"
    )


def test_only_the_item_that_is_wrong_has_no_answer() -> None:
    """A rule is asked of the other items."""
    ids = [7, "group1"]

    judged = validate({"SecurityGroupIds": ids, "Subnets": ["s"]}, shape="VpcConfig")

    assert [
        ("type", "/SecurityGroupIds/0"),
        ("security-group-format", "/SecurityGroupIds/1"),
    ] == [(one.rule, one.pointer) for one in judged]


def test_vectors_of_r_break_no_rule() -> None:
    """Read without their form, they are of the wrong type, and no more is said."""
    path = ROOT / "spec" / "sagemaker" / "examples" / "valid.json"
    response = json.loads(path.read_text("utf-8"))
    response["StoppingCondition"] = {
        "MaxWaitTimeInSeconds": [1],
        "MaxRuntimeInSeconds": [2],
    }
    algorithm = response["AlgorithmSpecification"]
    algorithm["TrainingImage"] = [algorithm["TrainingImage"]]

    assert {("error", "type")} == found(response)
