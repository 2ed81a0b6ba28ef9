"""What the documents say in prose, item by item, and what in the spec carries it."""

from __future__ import annotations

from functools import cache

import pytest

from shapespec.contract import schema as ir
from shapespec.contract.places import Tree
from shapespec.evidence.spec_facts import spec_facts
from tests.support import flagship

CHANNEL = "InputDataConfig[]"
SOURCE = f"{CHANNEL}.DataSource.S3DataSource"
DEBUG_RULE = "DebugRuleConfigurations[]"
PROFILER_RULE = "ProfilerRuleConfigurations[]"

STATED: dict[str, tuple[str, ...]] = {
    "secondary statuses belong to primary ones": ("secondary-status-of-primary",),
    "the values of statuses change": (
        "values-may-change",
        "SecondaryStatus#retired",
        "SecondaryStatusTransitions[].Status#retired",
    ),
    "a failed job says why": (
        "failed-job-has-reason",
        "failed-job-may-lack-times",
        "completed-job-has-times",
    ),
    "an algorithm or an image": ("algorithm-or-image", "neither-name-nor-image"),
    "augmented manifests need the mode Pipe": (
        "augmented-manifest-needs-pipe",
        "augmented-manifest-not-fast-file",
        "attribute-names-need-augmented-manifest",
    ),
    "compression and records need the mode Pipe": (
        "compression-needs-pipe",
        "record-wrapper-needs-pipe",
        "input-mode-of-algorithm",
        f"{CHANNEL}.CompressionType#default",
        "incremental-training-needs-file",
        "shuffled-by-type",
    ),
    "a licence is accepted": ("licence-must-be-accepted",),
    "keys have formats, and some instances no volume": (
        "output-key-format",
        "no-key-on-express-one-zone",
        "key-permissions",
        "volume-size-needed",
        "volume-holds-data-in-file-mode",
        "volume-key-format",
        "volume-key-needs-volume",
    ),
    "output is compressed by default": (
        "OutputDataConfig.CompressionType#enum",
        "OutputDataConfig.CompressionType#default",
        "uncompressed-for-large-models",
    ),
    "time has limits": (
        "StoppingCondition.MaxRuntimeInSeconds#default",
        "StoppingCondition.MaxRuntimeInSeconds#maximum",
        "StoppingCondition.MaxPendingTimeInSeconds#maximum",
        "wait-covers-runtime",
        "job-ends-within-30-days",
        "limits-span-retries",
        "limit-ends-job",
        "time-to-save",
        "pending-in-plans",
    ),
    "profiling has intervals and parameters": (
        "profiling-interval",
        "ProfilerConfig.ProfilingIntervalInMilliseconds#default",
        "profiling-parameter-keys",
        "collection-parameter-keys",
    ),
    "local paths have defaults": (
        "CheckpointConfig.LocalPath#default",
        "DebugHookConfig.LocalPath#default",
        "TensorBoardOutputConfig.LocalPath#default",
        f"{DEBUG_RULE}.LocalPath#default",
        f"{PROFILER_RULE}.LocalPath#default",
    ),
    "names of rules and collections differ": (
        "debug-rule-names-unique",
        "profiler-rule-names-unique",
        "rule-names-differ",
        "collection-names-unique",
        "collection-and-rule-names-differ",
        "debug-status-of-known-rule",
        "profiler-status-of-known-rule",
        "instance-group-names-exist",
    ),
    "time series are off by default, with exceptions": (
        "AlgorithmSpecification.EnableSageMakerMetricsTimeSeries#default",
        "time-series-by-default",
    ),
    "what is billed, and what was saved": (
        "TotalBillableSeconds",
        "SpotSavingsPercent",
        "WarmPoolBillableSeconds",
        "billed-at-most-training",
    ),
    "what times mark": (
        "created-before-start",
        "started-before-end",
        "modified-after-creation",
        "metric-time-starts-with-image",
        "transition-ends-after-start",
        "transitions-in-order",
        "transitions-do-not-overlap",
        "transitions-follow-each-other",
        "one-transition-is-open",
        "last-transition-is-status",
        "end-by-status",
    ),
    "locations in S3": (
        "s3-location",
        "manifest-has-prefix",
        "bucket-in-region-of-job",
        "objects-per-instance",
        "hub-content-is-reference",
        "directory-path-is-full",
        f"{SOURCE}.S3Uri#pattern",
        "OutputDataConfig.S3OutputPath#pattern",
    ),
    "paths of images, and private registries": (
        "image-path-format",
        "private-registry-needs-vpc",
    ),
    "ids of security groups": ("security-group-format",),
    "messages, secrets, isolation": (
        "messages-are-for-people",
        "messages-by-status",
        "isolation-when-true",
        "encryption-slows-training",
        "environment-holds-no-secrets",
        "no-isolation-for-semantic-segmentation",
    ),
    "warm pools, experiments, retries": (
        "WarmPoolStatus.Status#enum",
        "reused-pool-names-job",
        "trial-by-default",
        "calls-with-experiments",
        "p4de-regions",
        "more-instances-for-distributed-training",
        "display-name-by-default",
        "retried-after-server-errors",
        "retry-starts-anew",
        "entrypoint-comes-first",
        "algorithm-is-own-or-subscribed",
    ),
    "the request names the job": (
        "(request).TrainingJobName#required",
        "(request).TrainingJobName#pattern",
    ),
}
"""The statements of all five documents, and the ids or facts that carry each."""

OBSERVED = {
    "arn-names-job",
    "completed-job-has-model",
    "training-time-is-interval",
}
"""Rules that real responses showed, and no document states."""

ERRORS = {
    "algorithm-or-image": "a job was made with one of them; both or none is no job",
    "augmented-manifest-needs-pipe": "the service refuses to make such a job",
    "debug-rule-names-unique": "the service refuses to make such a job",
    "profiler-rule-names-unique": "the service refuses to make such a job",
    "wait-covers-runtime": "the service refuses to make such a job",
}
"""Rules that no response of the service can break, and why."""


def structures() -> list[ir.Structure]:
    """Every structure of the flagship."""
    found = flagship().shapes.values()
    return [shape for shape in found if isinstance(shape, ir.Structure)]


def rules() -> dict[str, ir.Rule]:
    """Every rule of the flagship."""
    return {rule.id: rule for shape in structures() for rule in shape.rules}


def notes() -> set[str]:
    """What is marked as documentation, since no response can show it."""
    return {note.id for shape in structures() for note in shape.notes}


@cache
def carriers() -> frozenset[str]:
    """Everything in the spec that can carry a statement."""
    derived = {one.name for shape in structures() for one in shape.derived}
    facts = {f"{fact.path}#{fact.kind}" for fact in spec_facts(Tree(flagship()))}
    return frozenset(rules().keys() | notes() | derived | facts)


def test_there_are_twenty_two() -> None:
    """So many statements are on the list."""
    assert 22 == len(STATED)


@pytest.mark.parametrize("statement", STATED)
def test_each_is_carried(statement: str) -> None:
    """Each statement of the documents stands in the spec."""
    assert set() == set(STATED[statement]) - carriers()


def test_nothing_else_is_claimed() -> None:
    """Every rule and every note of the spec carries something that was stated."""
    carried = {carrier for carriers in STATED.values() for carrier in carriers}

    assert OBSERVED == (rules().keys() | notes()) - carried


def test_errors_have_a_reason() -> None:
    """A rule is an error only where what breaks it cannot be right."""
    errors = {rule.id for rule in rules().values() if rule.severity == "error"}

    assert ERRORS.keys() == errors


@pytest.mark.parametrize("word", ["Time", "Status"])
def test_times_and_statuses_are_advice(word: str) -> None:
    """The service bends all rules across times and statuses; none is an error."""
    about = {
        rule.id: rule.severity
        for rule in rules().values()
        if any(f"this.{part}" in rule.cel for part in _members(word))
    }

    assert about
    assert {"advice"} == set(about.values())


def _members(word: str) -> list[str]:
    """The members of the response that are times, or statuses."""
    (response,) = (
        shape for shape in structures() if shape.id == "DescribeTrainingJobResponse"
    )
    return [member.name for member in response.members if word in member.name]
