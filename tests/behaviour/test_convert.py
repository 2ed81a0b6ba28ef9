"""`shapespec convert`: the same response in another form."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from sagemaker_training_job import DescribeTrainingJobResponse
from tests.behaviour.test_forms import FORMS, SMALL, VALID, written
from tests.support import run_shapespec as run

JOB = DescribeTrainingJobResponse.from_response(VALID)


@pytest.mark.parametrize(
    ("source", "target"), list(itertools.pairwise([*FORMS, FORMS[0]]))
)
def test_every_form_becomes_the_next(source: str, target: str) -> None:
    """It is the same job, and right in the form that was asked for."""
    given = DescribeTrainingJobResponse.from_response(VALID).to_response(form=source)
    text = json.dumps(given, default=str)

    done = run("convert", "--from", source, "--to", target, "-", stdin=text)

    assert (0, "") == (done.returncode, done.stderr)
    back = DescribeTrainingJobResponse.from_response(
        json.loads(done.stdout), form=target
    )
    assert JOB == back


def test_what_a_form_adds_is_left_out() -> None:
    """Unless the other form has it as well."""
    row: dict[str, Any] = {**written("datadog-ddsql", SMALL), "_key": "7", "new": "x"}

    done = run(
        "convert", "--from", "datadog-ddsql", "--to", "wire", "-", stdin=json.dumps(row)
    )

    found = json.loads(done.stdout)
    assert "_key" not in found
    assert "x" == found["new"]
    assert SMALL["CreationTime"] == found["CreationTime"]


def test_each_response_is_a_line() -> None:
    """Those that are not valid are left out, with their findings on standard error."""
    lines = "\n".join(map(json.dumps, (SMALL, {**SMALL, "SecondaryStatus": 7}, SMALL)))

    done = run("convert", "--from", "wire", "--to", "aws-cli", "-", stdin=lines)

    assert 1 == done.returncode
    times = [json.loads(line)["CreationTime"] for line in done.stdout.splitlines()]
    assert ["2025-03-14T09:26:53+00:00"] * 2 == times
    assert "<stdin>:2:" in done.stderr
    assert "error[type] /SecondaryStatus" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--from", "wires", "--to", "wire"], "no form is called 'wires'"),
        (["--from", "wire", "--to", "wires"], "no form is called 'wires'"),
        (["--from", "wire", "--to", "boto3", "--shape", "Nope"], "'Nope'"),
        (
            ["--from", "wire", "--to", "boto3", "--shape", "TrainingJobName"],
            "TrainingJobName is not a structure",
        ),
        (["--from", "wire"], "Missing option '--to'"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str) -> None:
    """It is said what is wrong, and nothing is converted."""
    done = run("convert", *arguments, "-", stdin=json.dumps(SMALL))

    assert (2, "") == (done.returncode, done.stdout)
    assert message in done.stderr


def test_what_cannot_be_read() -> None:
    """That is another exit code."""
    done = run("convert", "--from", "wire", "--to", "boto3", "-", stdin="{")

    assert (2, "") == (done.returncode, done.stdout)
    assert "<stdin>:1" in done.stderr


def test_a_response_within_a_document() -> None:
    """`--at` says where it is, as for `validate`; where there is none, that is said."""
    sample = run("sample", "--count", "1", "--form", "wire").stdout
    document = json.dumps({"data": json.loads(sample)})
    words = ("convert", "-", "--from", "wire", "--to", "boto3", "--at")

    found = run(*words, "/data", stdin=document)
    none = run(*words, "/dat", stdin=document)

    plain = run("convert", "-", "--from", "wire", "--to", "boto3", stdin=sample)
    assert (0, plain.stdout) == (found.returncode, found.stdout)
    assert 2 == none.returncode
    assert "there is nothing at /dat" in none.stderr
