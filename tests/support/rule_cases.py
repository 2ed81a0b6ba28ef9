"""Responses about which each rule of the flagship has something to say.

Each is the example with some members changed: what keeps a rule, and what breaks it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from tests.support import ROOT

ABSENT = object()
"""In place of a value: the member is taken away."""

_CHANNEL = "InputDataConfig/0"
_SOURCE = f"{_CHANNEL}/DataSource/S3DataSource"
_RULE = {"RuleConfigurationName": "a", "RuleEvaluatorImage": "example/rules:1"}
_OTHER = {**_RULE, "RuleConfigurationName": "b"}
_KEY = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-0000-1111-2222-333344445555"
_IMAGE_CONFIG = "AlgorithmSpecification/TrainingImageConfig"
_REGISTRY = {
    "TrainingRepositoryCredentialsProviderArn": "arn:aws:lambda:eu-central-1:1:f:x"
}
_GROUP = {
    "InstanceType": "ml.g5.xlarge",
    "InstanceCount": 2,
    "InstanceGroupName": "gpu",
}
_MOUNT = {
    "FileSystemId": "fs-0a1b2c3d4e5f60718",
    "FileSystemAccessMode": "ro",
    "FileSystemType": "EFS",
    "DirectoryPath": "/data",
}
_HUB = "arn:aws:sagemaker:eu-central-1:123456789012:hub-content"
_LAST = "SecondaryStatusTransitions/2/Status"
_NETWORK = {"Subnets": ["subnet-1"]}


class Change(NamedTuple):
    """Members to change, by their paths, and the rules that are broken then."""

    members: dict[str, Any]
    broken: tuple[str, ...] = ()


CHANGES = (
    Change({}),
    Change(
        {"SecondaryStatus": "Stopped", _LAST: "Stopped"},
        ("secondary-status-of-primary",),
    ),
    Change(
        {"SecondaryStatus": "Starting", _LAST: "Starting"},
        ("secondary-status-of-primary",),
    ),
    Change({"SecondaryStatus": "Restarting", _LAST: "Restarting"}),
    Change(
        {
            "TrainingJobStatus": "InProgress",
            "SecondaryStatus": "Training",
            _LAST: "Training",
        }
    ),
    Change(
        {
            "TrainingJobStatus": "Stopped",
            "SecondaryStatus": "MaxRuntimeExceeded",
            _LAST: "MaxRuntimeExceeded",
        }
    ),
    Change(
        {
            "TrainingJobStatus": "Stopping",
            "SecondaryStatus": "Stopping",
            _LAST: "Stopping",
        }
    ),
    Change(
        {"TrainingJobStatus": "Failed", "SecondaryStatus": "Failed", _LAST: "Failed"},
        ("failed-job-has-reason",),
    ),
    Change(
        {
            "TrainingJobStatus": "Failed",
            "SecondaryStatus": "Failed",
            _LAST: "Failed",
            "FailureReason": "AlgorithmError: exit code 1",
        }
    ),
    Change({"ModelArtifacts": ABSENT}, ("completed-job-has-model",)),
    Change({"ModelArtifacts": None}, ("completed-job-has-model",)),
    Change(
        {f"{_SOURCE}/S3DataType": "AugmentedManifestFile"},
        ("augmented-manifest-needs-pipe",),
    ),
    Change(
        {
            f"{_SOURCE}/S3DataType": "AugmentedManifestFile",
            f"{_CHANNEL}/InputMode": "Pipe",
        }
    ),
    Change(
        {
            f"{_SOURCE}/S3DataType": "AugmentedManifestFile",
            "AlgorithmSpecification/TrainingInputMode": "Pipe",
        }
    ),
    Change(
        {
            f"{_SOURCE}/S3DataType": "AugmentedManifestFile",
            f"{_CHANNEL}/InputMode": "FastFile",
            "AlgorithmSpecification/TrainingInputMode": "Pipe",
        },
        ("augmented-manifest-needs-pipe",),
    ),
    Change(
        {
            f"{_SOURCE}/S3DataType": "AugmentedManifestFile",
            "AlgorithmSpecification": ABSENT,
        }
    ),
    Change({f"{_CHANNEL}/CompressionType": "Gzip"}, ("compression-needs-pipe",)),
    Change({f"{_CHANNEL}/CompressionType": "Gzip", f"{_CHANNEL}/InputMode": "Pipe"}),
    Change({f"{_CHANNEL}/CompressionType": ABSENT}),
    Change(
        {f"{_CHANNEL}/RecordWrapperType": "RecordIO"}, ("record-wrapper-needs-pipe",)
    ),
    Change(
        {f"{_CHANNEL}/RecordWrapperType": "RecordIO", f"{_CHANNEL}/InputMode": "Pipe"}
    ),
    Change(
        {
            "DebugRuleConfigurations": [_RULE],
            "ProfilerRuleConfigurations": [_OTHER, _RULE],
        },
        ("rule-names-differ",),
    ),
    Change(
        {"DebugRuleConfigurations": [_RULE], "ProfilerRuleConfigurations": [_OTHER]}
    ),
    Change({"DebugRuleConfigurations": [_RULE, _OTHER]}),
    Change({"DebugRuleConfigurations": []}),
    Change({"DebugRuleConfigurations": [_RULE, _RULE]}, ("debug-rule-names-unique",)),
    Change({"ProfilerRuleConfigurations": [_OTHER, _RULE]}),
    Change(
        {"ProfilerRuleConfigurations": [_RULE, _RULE]}, ("profiler-rule-names-unique",)
    ),
    Change({"CreationTime": "2025-06-03T09:17:00Z"}, ("created-before-start",)),
    Change({"CreationTime": 1748942200.5, "LastModifiedTime": 1748942701}),
    Change({"TrainingStartTime": ABSENT}, ("completed-job-has-times",)),
    Change(
        {"TrainingEndTime": "2025-06-03T09:16:00Z", "TrainingTimeInSeconds": ABSENT},
        ("started-before-end", "completed-job-has-times"),
    ),
    Change({"LastModifiedTime": "2025-06-03T09:14:02Z"}, ("modified-after-creation",)),
    Change({"TrainingTimeInSeconds": 499}),
    Change({"TrainingTimeInSeconds": 501}),
    Change({"TrainingTimeInSeconds": 498}, ("training-time-is-interval",)),
    Change({"TrainingTimeInSeconds": 502}, ("training-time-is-interval",)),
    Change({"BillableTimeInSeconds": 500}),
    Change({"BillableTimeInSeconds": 501}, ("billed-at-most-training",)),
    Change({"BillableTimeInSeconds": ABSENT}, ("completed-job-has-times",)),
    Change(
        {
            "TrainingEndTime": "2025-07-03T09:16:40.502Z",
            "TrainingTimeInSeconds": ABSENT,
        },
        ("completed-job-has-times",),
    ),
    Change(
        {"TrainingEndTime": "2025-07-03T09:16:41Z", "TrainingTimeInSeconds": ABSENT},
        ("job-ends-within-30-days", "completed-job-has-times"),
    ),
    Change({"AlgorithmSpecification/AlgorithmName": "churn"}, ("algorithm-or-image",)),
    Change({"AlgorithmSpecification/TrainingImage": ABSENT}, ("algorithm-or-image",)),
    Change(
        {
            "AlgorithmSpecification/TrainingImage": ABSENT,
            "AlgorithmSpecification/AlgorithmName": "churn",
        }
    ),
    Change({"AlgorithmSpecification/TrainingImage": "xgboost"}, ("image-path-format",)),
    Change({"AlgorithmSpecification/TrainingImage": "a.b/c/d@sha256:0a"}),
    Change({"AlgorithmSpecification/TrainingImage": "a.b/c:"}, ("image-path-format",)),
    Change(
        {
            _IMAGE_CONFIG: {
                "TrainingRepositoryAccessMode": "Platform",
                "TrainingRepositoryAuthConfig": _REGISTRY,
            }
        },
        ("private-registry-needs-vpc",),
    ),
    Change(
        {
            _IMAGE_CONFIG: {
                "TrainingRepositoryAccessMode": "Vpc",
                "TrainingRepositoryAuthConfig": _REGISTRY,
            }
        }
    ),
    Change({_IMAGE_CONFIG: {"TrainingRepositoryAccessMode": "Platform"}}),
    Change({f"{_SOURCE}/S3Uri": "https://s3.amazonaws.com/b/c"}, ("s3-location",)),
    Change({"OutputDataConfig/KmsKeyId": _KEY}),
    Change({"OutputDataConfig/KmsKeyId": "alias/example"}),
    Change({"OutputDataConfig/KmsKeyId": "no key"}, ("output-key-format",)),
    Change({"OutputDataConfig/KmsKeyId": ABSENT}),
    Change({"ResourceConfig/VolumeKmsKeyId": _KEY}),
    Change({"ResourceConfig/VolumeKmsKeyId": ""}),
    Change({"ResourceConfig/VolumeKmsKeyId": "alias/x"}, ("volume-key-format",)),
    Change(
        {
            "ResourceConfig/VolumeKmsKeyId": _KEY,
            "ResourceConfig/InstanceType": "ml.g5.xlarge",
        },
        ("volume-key-needs-volume",),
    ),
    Change({"WarmPoolStatus": {"Status": "Reused"}}, ("reused-pool-names-job",)),
    Change({"WarmPoolStatus": {"Status": "Reused", "ReusedByJob": "next"}}),
    Change({"WarmPoolStatus": {"Status": "Available"}}),
    Change(
        {
            "WarmPoolStatus": {
                "Status": "Terminated",
                "ResourceRetainedBillableTimeInSeconds": 45,
            }
        }
    ),
    Change(
        {
            "VpcConfig": {
                **_NETWORK,
                "SecurityGroupIds": ["sg-0123456789abcdef0", "sg-x"],
            }
        },
        ("security-group-format",),
    ),
    Change({"VpcConfig": {**_NETWORK, "SecurityGroupIds": ["sg-01234567"]}}),
    Change({"StoppingCondition/MaxWaitTimeInSeconds": 3599}, ("wait-covers-runtime",)),
    Change({"StoppingCondition/MaxWaitTimeInSeconds": 3600}),
    Change({"StoppingCondition/MaxWaitTimeInSeconds": ABSENT}),
    Change(
        {"SecondaryStatusTransitions/1/EndTime": "2025-06-03T09:16:00Z"},
        ("transition-ends-after-start",),
    ),
    Change({"SecondaryStatusTransitions/2/EndTime": ABSENT}),
    Change(
        {
            "DebugHookConfig": {
                "S3OutputPath": "s3://example-ml/debug/",
                "CollectionConfigurations": [
                    {"CollectionName": "losses"},
                    {"CollectionName": "losses"},
                ],
            }
        },
        ("collection-names-unique",),
    ),
    Change(
        {
            "DebugHookConfig": {
                "S3OutputPath": "s3://example-ml/debug/",
                "CollectionConfigurations": [
                    {"CollectionName": "losses"},
                    {
                        "CollectionName": "weights",
                        "CollectionParameters": {"name": "w"},
                    },
                ],
            }
        }
    ),
    Change(
        {
            "DebugHookConfig": {
                "S3OutputPath": "s3://example-ml/debug/",
                "CollectionConfigurations": [
                    {"CollectionName": "losses"},
                    {"CollectionParameters": {"include_regex": "loss"}},
                    {"CollectionParameters": {"save_interval": "5"}},
                ],
            }
        },
        ("collection-parameter-keys",),
    ),
    Change(
        {"ProfilerConfig": {"ProfilingIntervalInMilliseconds": 300}},
        ("profiling-interval",),
    ),
    Change({"ProfilerConfig": {"ProfilingIntervalInMilliseconds": 60000}}),
    Change(
        {"ProfilerConfig": {"ProfilingParameters": {"LocalPath": "/opt/ml"}}},
        ("profiling-parameter-keys",),
    ),
    Change(
        {"ProfilerConfig": {"ProfilingParameters": {"DetailedProfilingConfig": "{}"}}}
    ),
    # --- formats and relations that documents state in prose --------------------------
    Change(
        {f"{_SOURCE}/AttributeNames": ["label"]},
        ("attribute-names-need-augmented-manifest",),
    ),
    Change({f"{_SOURCE}/AttributeNames": []}),
    Change(
        {
            f"{_SOURCE}/S3DataType": "AugmentedManifestFile",
            f"{_SOURCE}/AttributeNames": ["label"],
            f"{_CHANNEL}/InputMode": "Pipe",
        }
    ),
    Change(
        {f"{_SOURCE}/InstanceGroupNames": ["nope"]}, ("instance-group-names-exist",)
    ),
    Change(
        {
            f"{_SOURCE}/InstanceGroupNames": ["nope"],
            "ResourceConfig/InstanceGroups": [_GROUP],
        },
        ("instance-group-names-exist",),
    ),
    Change(
        {
            f"{_SOURCE}/InstanceGroupNames": ["gpu"],
            "ResourceConfig/InstanceGroups": [_GROUP],
        }
    ),
    Change(
        {
            f"{_CHANNEL}/RecordWrapperType": "RecordIO",
            f"{_CHANNEL}/InputMode": "FastFile",
        },
        ("record-wrapper-needs-pipe",),
    ),
    Change(
        {f"{_CHANNEL}/RecordWrapperType": "RecordIO", f"{_CHANNEL}/InputMode": "Pipe"}
    ),
    Change(
        {f"{_SOURCE}/HubAccessConfig": {"HubContentArn": "foo"}},
        ("hub-content-is-reference",),
    ),
    Change(
        {
            f"{_SOURCE}/HubAccessConfig": {
                "HubContentArn": f"{_HUB}/h/ModelReference/m/1.0"
            }
        }
    ),
    Change({f"{_CHANNEL}/DataSource": {"FileSystemDataSource": _MOUNT}}),
    Change(
        {
            f"{_CHANNEL}/DataSource": {
                "FileSystemDataSource": {**_MOUNT, "DirectoryPath": "data"}
            }
        },
        ("directory-path-is-full",),
    ),
    *(
        Change({"AlgorithmSpecification/TrainingImage": image}, ("image-path-format",))
        for image in (
            "reg/repo:a:b",
            "reg/repo@nodigest",
            "reg/repo@@@!!x",
            f"reg/repo:1@sha256:{'0' * 64}",
        )
    ),
    Change({"AlgorithmSpecification/TrainingImage": f"reg:5000/a/b@sha256:{'0' * 64}"}),
    Change({"OutputDataConfig/KmsKeyId": "hello/world"}, ("output-key-format",)),
    Change({"OutputDataConfig/KmsKeyId": "x"}, ("output-key-format",)),
    Change({"OutputDataConfig/KmsKeyId": "mrk-" + "0" * 32}),
    Change(
        {
            "OutputDataConfig/KmsKeyId": _KEY,
            "OutputDataConfig/S3OutputPath": "s3://b--usw2-az1--x-s3/",
        },
        ("no-key-on-express-one-zone",),
    ),
    Change({"OutputDataConfig/S3OutputPath": "s3://b--usw2-az1--x-s3/"}),
    *(
        Change(
            {
                "ResourceConfig/InstanceType": kind,
                "ResourceConfig/VolumeSizeInGB": size,
            },
            ("volume-size-needed",),
        )
        for kind, size in (("ml.c5.xlarge", None), ("ml.p2.xlarge", 0))
    ),
    Change(
        {
            "ResourceConfig/InstanceType": "ml.g5.xlarge",
            "ResourceConfig/VolumeSizeInGB": None,
        }
    ),
    Change(
        {
            "ResourceConfig": {
                "InstanceGroups": [{**_GROUP, "InstanceType": "ml.c5.xlarge"}],
                "VolumeSizeInGB": 0,
            }
        },
        ("volume-size-needed",),
    ),
    *(
        Change(
            {"ResourceConfig": {**where, "VolumeSizeInGB": 9, "VolumeKmsKeyId": _KEY}},
            ("volume-key-needs-volume",),
        )
        for where in (
            {"InstanceGroups": [{**_GROUP, "InstanceType": "ml.g4dn.xlarge"}]},
            {"SelectedInstanceType": "ml.g5.xlarge", "SelectedInstanceCount": 1},
            {"InstanceType": "ml.p4de.24xlarge", "InstanceCount": 1},
        )
    ),
    Change(
        {"StoppingCondition": {"MaxWaitTimeInSeconds": 100}}, ("wait-covers-runtime",)
    ),
    Change({"StoppingCondition": {"MaxWaitTimeInSeconds": 86400}}),
    Change({"TrainingEndTime": None}, ("completed-job-has-times",)),
    Change({"BillableTimeInSeconds": None}, ("completed-job-has-times",)),
    Change({"TrainingJobName": "another-name"}, ("arn-names-job",)),
    Change(
        {
            "TrainingJobName": "Churn",
            "TrainingJobArn": "arn:aws:sagemaker:a:123456789012:training-job/churn",
        }
    ),
    Change(
        {
            "AlgorithmSpecification/TrainingImage": "a.b/semantic-segmentation:1",
            "EnableNetworkIsolation": True,
        },
        ("no-isolation-for-semantic-segmentation",),
    ),
    # --- transitions, rules and their statuses ----------------------------------------
    Change({_LAST: "Failed"}, ("last-transition-is-status",)),
    Change({"SecondaryStatusTransitions": []}),
    Change(
        {
            "SecondaryStatusTransitions/0/EndTime": None,
            "SecondaryStatusTransitions/1/EndTime": None,
        },
        ("one-transition-is-open",),
    ),
    Change(
        {"SecondaryStatusTransitions/0/EndTime": "2025-06-03T09:20:00+00:00"},
        ("transitions-do-not-overlap",),
    ),
    Change(
        {"SecondaryStatusTransitions/0/EndTime": "2025-06-03T09:16:00+00:00"},
        ("transitions-follow-each-other",),
    ),
    Change(
        {
            "SecondaryStatusTransitions/0/StartTime": "2025-06-03T09:25:30+00:00",
            "SecondaryStatusTransitions/0/EndTime": "2025-06-03T09:25:40+00:00",
        },
        ("transitions-in-order", "transitions-follow-each-other"),
    ),
    Change(
        {
            "DebugRuleConfigurations": [_RULE],
            "DebugHookConfig": {
                "S3OutputPath": "s3://b/o",
                "CollectionConfigurations": [{"CollectionName": "a"}],
            },
        },
        ("collection-and-rule-names-differ",),
    ),
    *(
        Change(
            {
                f"{kind}RuleConfigurations": [_RULE],
                f"{kind}RuleEvaluationStatuses": [{"RuleConfigurationName": name}],
            },
            broken,
        )
        for kind, rule in (("Debug", "debug"), ("Profiler", "profiler"))
        for name, broken in (("a", ()), ("nope", (f"{rule}-status-of-known-rule",)))
    ),
    *(
        Change(
            {f"{kind}RuleEvaluationStatuses": [{"RuleConfigurationName": "a"}]},
            (f"{rule}-status-of-known-rule",),
        )
        for kind, rule in (("Debug", "debug"), ("Profiler", "profiler"))
    ),
)


@cache
def _example() -> Any:
    path = ROOT / "spec" / "sagemaker" / "examples" / "valid.json"
    return json.loads(path.read_text("utf-8"))


def changed(change: Change) -> dict[str, Any]:
    """The example with a change made."""
    response: dict[str, Any] = copy.deepcopy(_example())
    for path, value in change.members.items():
        *way, last = path.split("/")
        inner: Any = response
        for step in way:
            inner = inner[int(step) if isinstance(inner, list) else step]
        if value is ABSENT:
            del inner[last]
        else:
            inner[last] = copy.deepcopy(value)
    return response


def responses() -> Iterator[dict[str, Any]]:
    """The example with each of the changes made."""
    yield from map(changed, CHANGES)
