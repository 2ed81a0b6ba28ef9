"""A boto3 client whose responses are checked as they arrive, shown against moto."""

from __future__ import annotations

import logging
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sagemaker_training_job
from shapespec.boto3 import Event, ResponseRefused, unwatch, watch
from shapespec.tools.explain import page
from tests.support import ROOT
from tests.support.moto_jobs import JOB, sagemaker

NAME = JOB["TrainingJobName"]
MISNAMED = "tide_tables"
"""A name that moto takes and SageMaker does not."""


@pytest.fixture
def client() -> Iterator[Any]:
    """A client, and two jobs that it can describe: a right one and a misnamed one."""
    with sagemaker() as made:
        made.create_training_job(**JOB)
        made.create_training_job(**{**JOB, "TrainingJobName": MISNAMED})
        yield made


def test_right_responses_are_not_spoken_of(client: Any) -> None:
    """What moto says of a well-named job has no finding, and reaches the caller."""
    found: list[Event] = []

    checked = watch(client, found.append)
    job = client.describe_training_job(TrainingJobName=NAME)

    assert {"DescribeTrainingJob", "ListTrainingJobs"} < {*checked}
    assert "AddTags" in checked
    assert "Completed" == job["TrainingJobStatus"]
    assert [] == found


def test_findings_are_handed_on(client: Any) -> None:
    """Each finding about a response is handed on; the caller gets the response."""
    found: list[Event] = []

    watch(client, on_finding=found.append)
    job = client.describe_training_job(TrainingJobName=MISNAMED)

    assert MISNAMED == job["TrainingJobName"]
    assert {("pattern", "/TrainingJobName"), ("pattern", "/TrainingJobArn")} == {
        (one.rule, one.pointer) for one in found
    }
    for one in found:
        assert page(one.rule)


def test_findings_are_logged(client: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Findings go to the log where nothing else is said, with their severity."""
    watch(client)
    client.describe_training_job(TrainingJobName=MISNAMED)

    first = caplog.records[0]
    assert ("shapespec.boto3", logging.ERROR) == (first.name, first.levelno)
    assert first.getMessage().startswith(
        "DescribeTrainingJob: error[pattern] at /TrainingJobName: expected text"
    )


def test_the_log_tells_little(client: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A log is read by others: free text is cut short there."""
    name = "tide_tables_of_all_harbours_between_cuxhaven_and_esbjerg"
    client.create_training_job(**{**JOB, "TrainingJobName": name})

    watch(client)
    client.describe_training_job(TrainingJobName=name)

    assert "/TrainingJobName: expected text" in caplog.text
    assert name not in caplog.text


def test_other_operations_are_left_alone(client: Any) -> None:
    """Responses that the contract does not describe are not looked at."""
    found: list[Event] = []

    watch(client, found.append, contract=sagemaker_training_job)
    client.list_training_jobs()

    assert [] == found


def test_errors_of_the_service_are_no_responses(client: Any) -> None:
    """What the service answers when it refuses is not held against the contract."""
    found: list[Event] = []

    watch(client, found.append)
    with pytest.raises(client.exceptions.ClientError):
        client.describe_training_job(TrainingJobName="absent")

    assert [] == found


def test_unwatch(client: Any) -> None:
    """A client that is no longer watched is as it was; doing so twice is harmless."""
    found: list[Event] = []

    watch(client, found.append)
    unwatch(client)
    unwatch(client)
    client.describe_training_job(TrainingJobName=MISNAMED)

    assert [] == found


def test_watching_anew_replaces(client: Any) -> None:
    """The second `watch` takes the place of the first."""
    first: list[Event] = []
    second: list[Event] = []

    watch(client, first.append)
    watch(client, second.append)
    client.describe_training_job(TrainingJobName=MISNAMED)

    assert [] == first
    assert 2 == len(second)


def test_a_broken_receiver_breaks_nothing(
    client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The caller gets its response though `on_finding` fails; the log says so."""

    def fail(finding: Event) -> None:
        raise RuntimeError(finding.rule)

    watch(client, fail)
    job = client.describe_training_job(TrainingJobName=MISNAMED)

    assert MISNAMED == job["TrainingJobName"]
    assert ["DescribeTrainingJob: a finding could not be handed on"] == [
        record.getMessage() for record in caplog.records
    ]


def test_a_broken_validator_breaks_nothing(
    client: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller gets its response though the check fails; the log says so."""

    def fail(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr(sagemaker_training_job, "validate", fail)

    watch(client)
    job = client.describe_training_job(TrainingJobName=MISNAMED)

    assert MISNAMED == job["TrainingJobName"]
    assert [
        "DescribeTrainingJob: the body could not be checked",
        "DescribeTrainingJob: the response could not be checked",
    ] == [record.getMessage() for record in caplog.records]


def test_errors_are_raised_when_asked_for(client: Any) -> None:
    """With `raise_on` the caller gets the findings in place of the response."""
    found: list[Event] = []

    watch(client, found.append, raise_on="error")
    client.describe_training_job(TrainingJobName=NAME)
    with pytest.raises(ResponseRefused, match="and 1 more") as refused:
        client.describe_training_job(TrainingJobName=MISNAMED)

    assert "DescribeTrainingJob" == refused.value.operation
    assert [one.finding for one in found] == list(refused.value.findings)


def test_a_share_of_the_responses(client: Any) -> None:
    """Of ten responses, as many are checked as `rate` says."""
    for rate, expected in ((1.0, 10), (0.5, 5), (0.1, 1), (0.05, 0)):
        found: list[Event] = []
        watch(client, found.append, rate=rate)
        for _ in range(10):
            client.describe_training_job(TrainingJobName=MISNAMED)

        assert 2 * expected == len(found)


def test_no_more_findings_than_the_limit(
    client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """What is beyond the limit is counted, not handed on."""
    found: list[Event] = []

    watch(client, found.append, limit=1)
    client.describe_training_job(TrainingJobName=MISNAMED)

    assert 1 == len(found)
    assert "1 more findings are not shown" in caplog.text


SPEC = """
shapespec: 1
package: names
shapes:
  DescribeTrainingJobResponse:
    type: structure
    members:
      TrainingJobName: {type: string, required: true, length: {max: 3}}
"""


def test_a_contract_of_ones_own(client: Any, tmp_path: Path) -> None:
    """The contract may be a spec; its shapes are found by the names of the outputs."""
    spec = tmp_path / "names.yaml"
    spec.write_text(SPEC)
    found: list[Event] = []

    watch(client, found.append, contract=spec)
    client.describe_training_job(TrainingJobName=NAME)

    assert ("length", "/TrainingJobName") == (found[0].rule, found[0].pointer)
    assert found[0].docs is None


def test_events_link_to_the_site_of_the_spec(client: Any, tmp_path: Path) -> None:
    """What a finding is about stands on the page that the settings name."""
    (tmp_path / "names.yaml").write_text(SPEC)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.shapespec]\ndocs_url = "https://example.org/names/"\n'
    )
    found: list[Event] = []

    watch(client, found.append, contract=tmp_path / "names.yaml")
    client.describe_training_job(TrainingJobName=NAME)

    anchor = "DescribeTrainingJobResponse.TrainingJobName"
    assert f"https://example.org/names/#{anchor}" == found[0].docs


def test_a_generated_package(client: Any) -> None:
    """The contract may be a generated package; `strict` holds for it, too."""
    found: list[Event] = []

    watch(client, found.append, contract=sagemaker_training_job, strict=True)
    client.describe_training_job(TrainingJobName=NAME)

    assert [] == found


def test_what_cannot_be_watched(client: Any) -> None:
    """A client that no contract describes, and numbers without meaning, are refused."""
    import boto3

    buckets = boto3.client("s3", region_name="eu-west-1")

    with pytest.raises(ValueError, match="describes no operation of s3"):
        watch(buckets, contract=sagemaker_training_job)
    with pytest.raises(ValueError, match="above 0 and up to 1"):
        watch(client, rate=0)
    with pytest.raises(ValueError, match="1 or more"):
        watch(client, limit=0)


def test_boto3_is_not_needed() -> None:
    """The module loads without boto3 and botocore, and does not hide them."""
    code = "import sys, shapespec.boto3; print({'boto3', 'botocore'} & {*sys.modules})"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert "set()\n" == done.stdout


def test_the_readme(
    client: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """The README's example runs, and logs what is wrong."""
    text = (ROOT / "README.md").read_text("utf-8")
    (code,) = re.findall(
        r"^```python\n(from shapespec.boto3.*?)^```", text, re.MULTILINE | re.DOTALL
    )

    example = tmp_path / "example.py"
    example.write_text(code)
    runpy.run_path(str(example), {"name": MISNAMED, "sagemaker": client})

    assert "error[pattern]" in caplog.text
