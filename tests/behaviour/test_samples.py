"""Real responses, as people published them, judged by the flagship's validators."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import sagemaker_training_job as contract
from sagemaker_training_job import DescribeTrainingJobResponse
from tests.support import SHARED

SAMPLES = SHARED / "samples"

if not SAMPLES.is_dir():
    pytest.skip("../shared/samples is absent", allow_module_level=True)


def provenance() -> dict[str, str]:
    """What INDEX.md says of each file: real, mock, moto and so on."""
    rows = (SAMPLES / "INDEX.md").read_text("utf-8").splitlines()
    cells = [row.split(" | ") for row in rows if row.startswith("| 0")]
    return {row[0].removeprefix("| "): row[4] for row in cells}


def load(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


FILES = {path.name: load(path) for path in sorted(SAMPLES.glob("*.json"))}
KINDS = provenance()
REAL = [
    name
    for name, sample in FILES.items()
    if KINDS[name] == "real"
    and sample["complete"]
    and sample["form"] in ("boto3", "cli")
]
WIRE = sorted((SAMPLES / "derived-wire").glob("*.json"))
NEWS = {"unknown-member", "unknown-value"}


def same(given: Any, back: Any) -> bool:
    """Whether a response came back with the same content, null being nothing."""
    if isinstance(back, datetime):
        return moment(given) == back
    if isinstance(given, dict):
        present = {name: item for name, item in given.items() if item is not None}
        return present.keys() == back.keys() and all(
            same(item, back[name]) for name, item in present.items()
        )
    if isinstance(given, list):
        return len(given) == len(back) and all(map(same, given, back))
    return bool(given == back)


def moment(written: Any) -> datetime:
    if isinstance(written, int | float):
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=written)
    found = datetime.fromisoformat(written)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def test_the_index_is_read() -> None:
    """Sixteen captures are real, whole, and of form boto3 or cli."""
    assert 16 == len(REAL)


@pytest.mark.parametrize("name", REAL)
def test_real_responses_are_valid(name: str) -> None:
    """A real response has no error, and what else there is to say of it is news."""
    response = FILES[name]["response"]

    findings = contract.validate(response)

    assert contract.is_valid(response)
    for finding in findings:
        relaxed = (finding.rule, finding.pointer) == ("length", "/InputDataConfig")
        assert finding.severity in ("warning", "note")
        assert finding.rule in NEWS or relaxed or finding.severity == "note"


@pytest.mark.parametrize("path", WIRE, ids=lambda path: path.name)
def test_wire_bodies_are_valid_in_their_form(path: Path) -> None:
    """The bodies as the service sent them are right in the form `wire`, too."""
    response = load(path)

    assert contract.is_valid(response)
    assert contract.is_valid(response, form="wire")


@pytest.mark.parametrize("name", REAL)
def test_real_responses_come_back(name: str) -> None:
    """A real response gives back its content, read and written again, in each form."""
    response = FILES[name]["response"]

    job = DescribeTrainingJobResponse.from_response(response)

    assert same(response, job.to_response())
    for form in ("wire", "boto3", "aws-cli"):
        again = job.to_response(form=form)
        assert [] == [
            one for one in contract.validate(again) if one.severity == "error"
        ]
        assert job == DescribeTrainingJobResponse.from_response(again)


@pytest.mark.parametrize("path", WIRE, ids=lambda path: path.name)
def test_wire_bodies_come_back_to_the_letter(path: Path) -> None:
    """A body that is read and written for the wire is the same JSON value."""
    response = load(path)

    job = DescribeTrainingJobResponse.from_response(response, form="wire")

    assert response == job.to_response(form="wire")


def test_moto_is_judged_as_valid() -> None:
    """What moto answers keeps to the contract."""
    names = [name for name, kind in KINDS.items() if kind == "moto"]

    assert 5 == len(names)
    for name in names:
        assert contract.is_valid(FILES[name]["response"])


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("042-gluonts-sagetest-job1.json", {"pattern", "unknown-member"}),
        (
            "044-datahub-all-members-stub.json",
            {"pattern", "length", "range", "algorithm-or-image"},
        ),
        ("047-mlspace-describe-mock.json", {"pattern", "required", "unknown-value"}),
        ("049-airflow-compeleted-typo.json", {"required", "unknown-value"}),
        (
            "053-fahr-stubber-minimal.json",
            {"pattern", "unknown-value", "algorithm-or-image"},
        ),
        ("054-jupyter-scheduler-failed.json", {"pattern", "required"}),
    ],
)
def test_mocks_are_found_out(name: str, rules: set[str]) -> None:
    """A mock that is wrong is wrong for the reasons that INDEX.md gives."""
    findings = contract.validate(FILES[name]["response"])

    assert not contract.is_valid(FILES[name]["response"])
    assert rules == {finding.rule for finding in findings if finding.severity != "note"}


def test_a_misspelt_status_is_named() -> None:
    """The message for a misspelt value names the nearest right one."""
    response = FILES["049-airflow-compeleted-typo.json"]["response"]

    messages = [finding.message for finding in contract.validate(response)]

    assert any('did you mean "Completed"?' in message for message in messages)
