"""What real clients make of a training job, read back as the same job.

The files in `tests/fixtures/clients` are what the clients made; each is judged, and is
made again where its client is present.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from sagemaker_training_job import DescribeTrainingJobResponse, validate
from tests.support.clients import (
    BODY,
    FIXTURES,
    FOLDER,
    Fixture,
    aws_cli,
    parsed,
    stubbed,
)
from tests.support.moto_jobs import JOB, client_of, sagemaker, whole_jobs
from tests.support.postgresql import Absent

each_fixture = pytest.mark.parametrize("fixture", FIXTURES, ids=lambda one: one.file)


def read(text: str, fixture: Fixture) -> dict[str, Any]:
    """The job that a text holds, in the spelling of the service."""
    response = json.loads(text)
    job = DescribeTrainingJobResponse.from_response(response, form=fixture.form)
    return job.to_response(form="wire")


def expected(fixture: Fixture) -> dict[str, Any]:
    """The job as it was sent, with as much of the times as the client keeps."""
    sent: dict[str, Any] = json.loads(BODY)
    return sent if fixture.exact else whole_seconds(sent)


def whole_seconds(value: Any, name: str = "") -> Any:
    """A response without fractions of seconds."""
    if isinstance(value, dict):
        return {key: whole_seconds(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [whole_seconds(item) for item in value]
    is_time = isinstance(value, float) and name.endswith(("Time", "Timestamp"))
    return int(value) if is_time else value


def common(found: dict[str, Any]) -> dict[str, Any]:
    """A job without what its form adds and without members that hold nothing."""
    sent = json.loads(BODY)
    assert found.keys() - sent.keys() <= {"_key", "account_id", "tags"} | {
        "ResponseMetadata"
    }
    return {name: item for name, item in found.items() if name in sent}


@each_fixture
def test_fixtures_are_valid(fixture: Fixture) -> None:
    """Each is valid in its form, with not so much as a warning, on the command line."""
    command = ["validate", "--strict", "--form", fixture.form, fixture.file]
    done = subprocess.run(
        [sys.executable, "-m", "shapespec", *command],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, f"{fixture.file}:1: valid\n") == (done.returncode, done.stdout)


@each_fixture
def test_fixtures_hold_the_job(fixture: Fixture) -> None:
    """Each is read as the very job that was sent."""
    text = (FOLDER / fixture.file).read_text("utf-8")

    assert expected(fixture) == common(read(text, fixture))


@each_fixture
def test_fixtures_are_what_clients_make(fixture: Fixture) -> None:
    """A client that is present makes the same job today, as valid as it was."""
    try:
        text = fixture.make()
    except Absent as absent:
        pytest.skip(str(absent))

    assert [] == validate(json.loads(text), form=fixture.form)
    assert expected(fixture) == common(read(text, fixture))


def test_botocore_reads_what_we_read() -> None:
    """Botocore's parser on the bytes gives the job that `from_response` gives."""
    sent = DescribeTrainingJobResponse.from_response(json.loads(BODY), form="wire")
    theirs = parsed()

    assert [] == validate(theirs, form="boto3", strict=True)
    found = DescribeTrainingJobResponse.from_response(theirs, form="boto3")
    assert sent == DescribeTrainingJobResponse.from_response(
        {name: item for name, item in theirs.items() if name != "ResponseMetadata"}
    )
    assert sent.to_response(form="wire") == common(found.to_response(form="wire"))
    for name, item in sent.to_response(form="boto3").items():
        assert theirs[name] == item


def test_what_we_write_a_stubber_takes() -> None:
    """A response in the form `boto3` passes the checks of botocore's Stubber."""
    from botocore.stub import Stubber

    job = DescribeTrainingJobResponse.from_response(stubbed(), form="boto3")
    written = job.to_response(form="boto3")

    with sagemaker() as client, Stubber(client) as stubber:
        stubber.add_response("describe_training_job", written)
        again = client.describe_training_job(TrainingJobName=job.training_job_name)

    assert written == again


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """The address of a moto server on loopback that knows a job."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    try:
        with whole_jobs():
            client_of(address).create_training_job(**JOB)
        yield address
    finally:
        server.stop()


def test_moto_through_boto3() -> None:
    """A job that moto made, described through boto3, is valid and is the job."""
    with sagemaker() as client:
        client.create_training_job(**JOB)
        response = client.describe_training_job(TrainingJobName=JOB["TrainingJobName"])

    assert [] == validate(response, form="boto3")
    job = DescribeTrainingJobResponse.from_response(response, form="boto3")
    assert JOB["TrainingJobName"] == job.training_job_name
    assert job.resource_config is not None
    assert JOB["ResourceConfig"]["InstanceCount"] == job.resource_config.instance_count


@pytest.mark.parametrize("timestamps", ["wire", "iso8601"])
def test_moto_through_the_aws_cli(moto: str, timestamps: str) -> None:
    """The same job, described by the AWS CLI with either kind of time, is valid."""
    asked = ("describe-training-job", "--training-job-name", JOB["TrainingJobName"])
    try:
        printed = aws_cli(moto, *asked, timestamps=timestamps)
    except Absent as absent:
        pytest.skip(str(absent))

    response = json.loads(printed)
    assert [] == validate(response, form="aws-cli")
    job = DescribeTrainingJobResponse.from_response(response, form="aws-cli")
    assert JOB["TrainingJobName"] == job.training_job_name
    assert isinstance(response["CreationTime"], float if timestamps == "wire" else str)
