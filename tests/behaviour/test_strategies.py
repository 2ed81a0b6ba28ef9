"""Hypothesis strategies: all that they draw is right, and failures shrink to little."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("hypothesis", reason="the extra `hypothesis` is not installed")

from hypothesis import HealthCheck, Phase, find, given, settings

from sagemaker_training_job import is_valid, strategies
from tests.behaviour.test_sampling import EVERYTHING
from tests.support import ROOT, compile_text

# Machines that run tests are slow at times: how long drawing takes is no failure.
CALM = settings(
    max_examples=60,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
SHRINKING = settings(CALM, max_examples=1000, phases=[Phase.generate, Phase.shrink])

LEAST = {
    "TrainingJobName": "0",
    "TrainingJobArn": "arn:aws:sagemaker::000000000000:training-job/0",
    "TrainingJobStatus": "InProgress",
    "SecondaryStatus": "Starting",
    "StoppingCondition": {},
}


@CALM
@given(strategies.describe_training_job_responses())
def test_responses_are_right(response: Any) -> None:
    """What is drawn has neither errors nor warnings."""
    assert is_valid(response, strict=True)


@CALM
@given(strategies.describe_training_job_requests())
def test_requests_are_right(request: Any) -> None:
    """So have requests."""
    assert is_valid(request, shape="DescribeTrainingJobRequest", strict=True)


@pytest.mark.parametrize("root", ["Zoo", "Medium"])
def test_every_construct_is_drawn(root: str) -> None:
    """Unions, recursion, unique items, blobs, documents, look-behind, rules."""
    generated = compile_text(EVERYTHING, targets=("dataclasses", "strategies"))
    package = generated.package
    strategy = getattr(package_strategies(package), f"{root.lower()}s")()

    @CALM
    @given(strategy)
    def drawn(value: Any) -> None:
        assert package.is_valid(value, shape=root, strict=True)

    drawn()


def package_strategies(package: Any) -> Any:
    from importlib import import_module

    return import_module(f"{package.__name__}.strategies")


@pytest.mark.parametrize(
    ("condition", "least"),
    [
        (lambda _: True, {}),
        (lambda job: "HyperParameters" in job, {"HyperParameters": {}}),
        (
            lambda job: len(job.get("Environment", ())) > 1,
            {"Environment": {"A": "", "B": ""}},
        ),
    ],
    ids=["any", "member", "two-entries"],
)
def test_failures_shrink(
    condition: Callable[[Any], bool], least: dict[str, Any]
) -> None:
    """The least response with a property has what is required, that, hardly more."""
    found = find(
        strategies.describe_training_job_responses(), condition, settings=SHRINKING
    )
    created = found.pop("CreationTime")

    assert found.items() >= {**LEAST, **least}.items()
    assert len(found) <= len(LEAST) + len(least) + 1
    assert "2000-01-01T00:00:00+00:00" == created.isoformat()


def test_no_table_of_a_codec_is_needed(tmp_path: Path) -> None:
    """The first draw in a new folder does not try every character there is."""
    code = (
        "from hypothesis import given, settings\n"
        "from sagemaker_training_job.strategies import *\n"
        "@settings(max_examples=5, database=None)\n"
        "@given(describe_training_job_responses())\n"
        "def drawn(_): pass\n"
        "drawn()"
    )

    subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "CI": "true"},
        check=True,
    )

    written = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert "charmap.json.gz" in written
    assert not [name for name in written if name.startswith("codec-")]


def test_only_this_module_needs_hypothesis() -> None:
    """The package does without; the module says what to install."""
    code = (
        "import sys, json; sys.modules['hypothesis'] = None\n"
        "import sagemaker_training_job as package; package.is_valid({})\n"
        "try: import sagemaker_training_job.strategies\n"
        "except ImportError as error: print(json.dumps(str(error)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    expected = "strategies need Hypothesis: pip install hypothesis"
    assert expected == json.loads(done.stdout)
