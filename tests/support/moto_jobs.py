"""Training jobs in moto, an emulator of AWS run in this process or on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

JOB: dict[str, Any] = {
    "TrainingJobName": "tide-tables-3",
    "AlgorithmSpecification": {
        "TrainingImage": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/tides:3",
        "TrainingInputMode": "File",
        "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
    },
    "HyperParameters": {"epochs": "12", "harmonics": '["M2", "S2"]'},
    "InputDataConfig": [
        {
            "ChannelName": "train",
            "DataSource": {
                "S3DataSource": {
                    "S3DataType": "S3Prefix",
                    "S3Uri": "s3://tide-gauges/2025/",
                    "S3DataDistributionType": "FullyReplicated",
                }
            },
        }
    ],
    "OutputDataConfig": {"S3OutputPath": "s3://tide-models/"},
    "ResourceConfig": {
        "InstanceType": "ml.m5.large",
        "InstanceCount": 2,
        "VolumeSizeInGB": 30,
    },
    "RoleArn": "arn:aws:iam::123456789012:role/tides",
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    "Environment": {"TZ": "UTC"},
}
"""A training job as one asks for it."""

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
}
"""What a client has to be told; moto takes anything."""


def client_of(endpoint: str | None = None) -> Any:
    """A boto3 client of SageMaker, with credentials that nobody checks."""
    import boto3

    with patch.dict("os.environ", CREDENTIALS):
        return boto3.Session().client("sagemaker", endpoint_url=endpoint)


@contextmanager
def whole_jobs() -> Iterator[None]:
    """Let moto's completed jobs say what the service says of such a job.

    moto leaves out how long it trained, and that it completed.
    """
    from moto.sagemaker.models import FakeTrainingJob

    begin = FakeTrainingJob.__init__

    def completed(self: Any, *given: Any, **named: Any) -> None:
        begin(self, *given, **named)
        self.training_time_in_seconds = self.billable_time_in_seconds = 1
        now = self.training_end_time
        ended = {"Status": "Completed", "StartTime": now, "EndTime": now}
        self.secondary_status_transitions.append({**ended, "StatusMessage": "Done"})

    with patch.object(FakeTrainingJob, "__init__", completed):
        yield


@contextmanager
def sagemaker() -> Iterator[Any]:
    """A boto3 client of SageMaker whose calls moto answers."""
    from moto import mock_aws

    with mock_aws(), whole_jobs():
        yield client_of()
