"""Varied responses to measure with: no two alike, and every value a likely one."""

from __future__ import annotations

import copy
import json
import random
import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, assert_never

from shapespec.contract import schema as ir
from tests.support import ROOT

Response = dict[str, Any]

EXAMPLE = ROOT / "spec" / "sagemaker" / "examples" / "valid.json"
WORDS = ("churn", "fraud", "image", "text", "bert", "llama", "forecast", "rank")
REGIONS = ("eu-central-1", "us-east-1", "us-west-2", "ap-southeast-1")

FAULTS: tuple[tuple[tuple[str | int, ...], Any], ...] = (
    (("InputDataConfig", -1, "DataSource", "S3DataSource", "S3Uri"), "s3:/nowhere"),
    (("StoppingCondition", "MaxRuntimeInSeconds"), 0),
    (("ResourceConfig", "InstanceGroups", 0, "InstanceGroupName"), "x" * 65),
    (("AlgorithmSpecification", "MetricDefinitions", -1, "Regex"), ""),
    (("SecondaryStatusTransitions", 0, "StartTime"), "yesterday"),
    (("RoleArn",), "arn:aws:iam::1234:role/Short"),
    (("VpcConfig", "Subnets", 0), "subnet_1"),
    (("RetryStrategy", "MaximumRetryAttempts"), 31),
    (("FinalMetricDataList", 0, "Value"), "0.93"),
    (("ExperimentConfig", "ExperimentName"), "no spaces"),
)
"""Ten places, each in another member of the response, and what is wrong there."""


NEAR = (FAULTS[0], FAULTS[1], FAULTS[4], FAULTS[5])
"""Those of them in members that a typical response has."""


@dataclass(frozen=True, slots=True)
class Likely:
    """Makes values of shapes as the service would.

    Attributes:
        schema: Where the shapes are.
        chance: Where the variety comes from.
    """

    schema: ir.Schema
    chance: random.Random

    def response(self) -> Response:
        """A response with every member there is, of which there is nothing to say."""
        made: Response = self.value("DescribeTrainingJobResponse")
        start = made["CreationTime"] + 100
        took = self.chance.randint(100, 10_000)
        made |= {
            "TrainingJobStatus": "Completed",
            "SecondaryStatus": "Completed",
            "TrainingStartTime": start,
            "TrainingEndTime": start + took,
            "LastModifiedTime": start + took,
            "TrainingTimeInSeconds": took,
            "BillableTimeInSeconds": took,
        }
        made["StoppingCondition"] |= {
            "MaxRuntimeInSeconds": 3600,
            "MaxWaitTimeInSeconds": 7200,
        }
        del made["AlgorithmSpecification"]["AlgorithmName"]
        registry = made["AlgorithmSpecification"]["TrainingImageConfig"]
        registry["TrainingRepositoryAccessMode"] = "Vpc"
        for channel in made["InputDataConfig"]:
            channel["DataSource"]["S3DataSource"]["S3DataType"] = "S3Prefix"
            channel["InputMode"] = "Pipe"
            del channel["DataSource"]["S3DataSource"]["AttributeNames"]
            hub = channel["DataSource"]["S3DataSource"]["HubAccessConfig"]
            hub["HubContentArn"] = self.hub("ModelReference").rpartition("/")[0]
        made["ResourceConfig"]["InstanceType"] = "ml.m5.xlarge"
        key = f"{self.number(8)}-0000-1111-2222-{self.number(12)}"
        made["ResourceConfig"]["VolumeKmsKeyId"] = key
        group = made["ResourceConfig"]["InstanceGroups"][0]["InstanceGroupName"]
        for channel in made["InputDataConfig"]:
            channel["DataSource"]["S3DataSource"]["InstanceGroupNames"] = [group]
        for kind in ("Debug", "Profiler"):
            rule = made[f"{kind}RuleConfigurations"][0]["RuleConfigurationName"]
            for status in made[f"{kind}RuleEvaluationStatuses"]:
                status["RuleConfigurationName"] = rule
        for index, transition in enumerate(made["SecondaryStatusTransitions"]):
            transition["StartTime"] = made["CreationTime"] + index * took
            transition["EndTime"] = transition["StartTime"] + took
        made["SecondaryStatusTransitions"][-1]["Status"] = made["SecondaryStatus"]
        arn = made["TrainingJobArn"].rpartition("/")[0]
        made["TrainingJobArn"] = f"{arn}/{made['TrainingJobName']}"
        for collection in made["DebugHookConfig"]["CollectionConfigurations"]:
            collection["CollectionParameters"] = {"include_regex": self.words()}
        made["ProfilerConfig"] |= {
            "ProfilingIntervalInMilliseconds": 500,
            "ProfilingParameters": {"DetailedProfilingConfig": self.words()},
        }
        return made

    def value(self, target: str) -> Any:
        shape = self.schema.shapes[target]
        match shape:
            case ir.String():
                return self.text(shape)
            case ir.Enum(values=values):
                return self.chance.choice([v.value for v in values if not v.retired])
            case ir.Integer(range=span):
                low, high = int(span.min or 0), int(span.max or 100_000)
                return self.chance.randint(low, high)
            case ir.Float():
                return round(self.chance.random(), 6)
            case ir.Boolean():
                return self.chance.random() < 0.5
            case ir.Timestamp():
                return round(self.chance.uniform(1.6e9, 1.8e9), 3)
            case ir.List(member=member, length=length):
                count = min(length.max or 2, self.chance.randint(1, 3))
                return [self.value(member) for _ in range(int(count))]
            case ir.Map(key=key, value=value):
                count = self.chance.randint(1, 6)
                return {self.value(key): self.value(value) for _ in range(count)}
            case ir.Structure(members=members) | ir.Union(members=members):
                return {member.name: self.value(member.target) for member in members}
            case ir.Blob() | ir.Document():
                msg = f"{target}: no such shape is in the response"
                raise NotImplementedError(msg)
            case _:
                assert_never(shape)

    def text(self, shape: ir.String) -> str:
        longest = int(shape.length.max or 60)
        made = _TEXTS[shape.id](self) if shape.id in _TEXTS else self.words()
        return made[:longest]

    def name(self) -> str:
        return f"{self.word()}-{self.word()}-{self.stamp()}"

    def word(self) -> str:
        return self.chance.choice(WORDS)

    def words(self) -> str:
        return " ".join(self.word() for _ in range(self.chance.randint(2, 6)))

    def stamp(self) -> str:
        return f"2025-{self.number(2)}-{self.number(2)}-{self.number(6)}"

    def number(self, digits: int) -> str:
        return "".join(self.chance.choices(string.digits, k=digits))

    def letters(self, count: int) -> str:
        return "".join(
            self.chance.choices(string.ascii_lowercase + string.digits, k=count)
        )

    def arn(self, kind: str, rest: str) -> str:
        """An ARN of SageMaker's."""
        region = self.chance.choice(REGIONS)
        return f"arn:aws:sagemaker:{region}:{self.number(12)}:{kind}/{rest}"

    def hub(self, kind: str) -> str:
        """The ARN of something in SageMaker's public hub."""
        region = self.chance.choice(REGIONS)
        hub = f"arn:aws:sagemaker:{region}:aws:hub-content"
        return f"{hub}/SageMakerPublicHub/{kind}/{self.word()}/1.{self.number(1)}.0"


_Maker = Callable[[Likely], str]


def _arn(kind: str) -> _Maker:
    return lambda likely: likely.arn(kind, likely.name())


_TEXTS: dict[str, _Maker] = {
    "TrainingJobName": Likely.name,
    "ExperimentEntityName": Likely.name,
    "ArnOrName": Likely.name,
    "TrainingJobArn": _arn("training-job"),
    "HyperParameterTuningJobArn": _arn("hyper-parameter-tuning-job"),
    "LabelingJobArn": _arn("labeling-job"),
    "AutoMLJobArn": _arn("automl-job"),
    "ProcessingJobArn": _arn("processing-job"),
    "TrainingPlanArn": _arn("training-plan"),
    "MlFlowResourceArn": _arn("mlflow-tracking-server"),
    "ModelPackageArn": _arn("model-package"),
    "ModelPackageGroupArn": _arn("model-package-group"),
    "HubContentArn": lambda likely: likely.hub("Model"),
    "HubDataSetArn": lambda likely: likely.hub("DataSet"),
    "ServerlessJobBaseModelArn": lambda likely: likely.hub("Model"),
    "RoleArn": lambda likely: (
        f"arn:aws:iam::{likely.number(12)}:role/service-role/{likely.word()}Role"
    ),
    "TrainingRepositoryCredentialsProviderArn": lambda likely: (
        f"arn:aws:lambda:{likely.chance.choice(REGIONS)}:{likely.number(12)}"
        f":function:{likely.word()}"
    ),
    "AlgorithmImage": lambda likely: (
        f"{likely.number(12)}.dkr.ecr.{likely.chance.choice(REGIONS)}.amazonaws.com"
        f"/{likely.word()}:{likely.number(1)}.{likely.number(1)}"
    ),
    "S3Uri": lambda likely: f"s3://{likely.word()}-{likely.letters(8)}/{likely.name()}",
    "KmsKeyId": lambda likely: f"alias/{likely.word()}",
    "ChannelName": lambda likely: f"{likely.word()}-{likely.letters(4)}",
    "FileSystemId": lambda likely: f"fs-{likely.number(17)}",
    "SecurityGroupId": lambda likely: f"sg-{likely.number(17)}",
    "SubnetId": lambda likely: f"subnet-{likely.number(17)}",
    "SequenceLength": lambda likely: f"{likely.number(1)}K",
    "TrainingEnvironmentKey": lambda likely: f"{likely.word().upper()}_{likely.word()}",
    "DirectoryPath": lambda likely: f"/opt/ml/{likely.word()}/{likely.letters(6)}",
}
"""What a text is like, by the name of its shape; where none is given, some words."""


def full(schema: ir.Schema, count: int) -> list[Response]:
    """Responses with every member there is."""
    likely = Likely(schema, random.Random(7))  # noqa: S311 - not for secrets
    return [likely.response() for _ in range(count)]


def typical(responses: Iterable[Response]) -> list[Response]:
    """The same with those members only that the shipped example has."""
    example = json.loads(EXAMPLE.read_text("utf-8"))
    return [_like(response, example) for response in responses]


def _like(value: Any, example: Any) -> Any:
    match value, example:
        case {}, {}:
            kept = {
                name: _like(value[name], example[name])
                for name in value.keys() & example.keys()
            }
            return {name: kept[name] for name in value if name in kept} or value
        case [*items], [first, *_]:
            return [_like(item, first) for item in items]
        case _:
            return value


def minimal(schema: ir.Schema, responses: Iterable[Response]) -> list[Response]:
    """The same with the required members only."""
    shape = schema.shapes["DescribeTrainingJobResponse"]
    assert isinstance(shape, ir.Structure)
    needed = [member.name for member in shape.members if member.required]
    return [{name: response[name] for name in needed} for response in responses]


def one_fault(responses: Iterable[Response]) -> list[Response]:
    """The same with one fault each, deep inside, in turn at each of five places."""
    return [
        broken(response, (FAULTS[index % 5],))
        for index, response in enumerate(responses)
    ]


def one_fault_near(responses: Iterable[Response]) -> list[Response]:
    """The same with one fault each, in turn at places that all of them have."""
    return [
        broken(response, (NEAR[index % len(NEAR)],))
        for index, response in enumerate(responses)
    ]


def ten_faults(responses: Iterable[Response]) -> list[Response]:
    """The same with ten faults each."""
    return [broken(response, FAULTS) for response in responses]


def broken(
    response: Response, faults: Iterable[tuple[tuple[str | int, ...], Any]]
) -> Response:
    """A copy with a wrong value at each of the places."""
    made: Any = copy.deepcopy(response)
    for way, wrong in faults:
        inner = made
        for step in way[:-1]:
            inner = inner[step]
        inner[way[-1]] = wrong
    return dict(made)
