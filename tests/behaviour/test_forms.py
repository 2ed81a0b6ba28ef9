"""Forms: the same response as each system spells it, judged and read alike."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sagemaker_training_job import DescribeTrainingJobResponse, is_valid, validate
from shapespec.responses.locate import locate
from shapespec.responses.parse import parse_yaml
from tests.support import ROOT, SHARED, Generated, compile_text

VALID: dict[str, Any] = json.loads(
    (ROOT / "spec" / "sagemaker" / "examples" / "valid.json").read_text("utf-8")
)
JOB = DescribeTrainingJobResponse.from_response(VALID)
FORMS = (
    "wire",
    "boto3",
    "aws-cli",
    "paws",
    "aws-sdk-ruby",
    "datadog-ddsql",
    "eventbridge",
)
RECOGNISED = {"aws-sdk-ruby", "datadog-ddsql"}
SMALL = {
    "TrainingJobName": "job",
    "TrainingJobArn": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/job",
    "TrainingJobStatus": "InProgress",
    "SecondaryStatus": "Starting",
    "AlgorithmSpecification": {"TrainingInputMode": "File", "AlgorithmName": "own"},
    "ResourceConfig": {
        "InstanceType": "ml.m5.large",
        "InstanceCount": 1,
        "VolumeSizeInGB": 10,
    },
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    "CreationTime": 1741944413,
}


def written(form: str, response: dict[str, Any] = VALID) -> Any:
    """A response as a system writes it, as far as JSON can carry it."""
    found = DescribeTrainingJobResponse.from_response(response).to_response(form=form)
    return found if form == "boto3" else json.loads(json.dumps(found))


def faults(response: object, form: str | None = None) -> list[tuple[str, str]]:
    """The rule and the place of every error and warning."""
    return [
        (finding.rule, finding.pointer)
        for finding in validate(response, form=form)
        if finding.severity != "note"
    ]


@pytest.mark.parametrize("form", FORMS)
def test_a_response_survives_every_form(form: str) -> None:
    """What is written in a form is right in it, and reads as the same job."""
    response = written(form)

    assert [] == faults(response, form)
    assert is_valid(response, form=form)
    assert is_valid(response, form=form, strict=True)
    assert JOB == DescribeTrainingJobResponse.from_response(response, form=form)


@pytest.mark.parametrize("form", sorted(RECOGNISED))
def test_spelling_tells_the_form(form: str) -> None:
    """Snake case needs no name of a form, nor does a row with columns as text."""
    response = written(form)

    assert [] == faults(response)
    assert is_valid(response)
    assert JOB == DescribeTrainingJobResponse.from_response(response)


def test_an_event_is_known_by_its_marks() -> None:
    """With them the envelope needs no name; without, it is no response."""
    event = {
        "source": "aws.sagemaker",
        "detail-type": "SageMaker Training Job State Change",
        "detail": {**written("eventbridge"), "Tags": {}, "HyperParameters": {}},
    }

    assert [] == faults(event)
    assert JOB.training_end_time == (
        DescribeTrainingJobResponse.from_response(event).training_end_time
    )
    assert ("required", "/TrainingJobName") in faults({"detail": event["detail"]})
    assert [] == faults({"detail": event["detail"]}, "eventbridge")


def test_places_are_those_of_the_input() -> None:
    """A finding points into what was given, with the names that stand there."""
    row = written("datadog-ddsql", SMALL)
    resources = json.loads(row["resource_config"])
    row["resource_config"] = json.dumps({**resources, "InstanceCount": -1})
    row["stopping_condition"] = {"MaxRuntimeInSeconds": 0}
    ruby = written("aws-sdk-ruby", SMALL)
    del ruby["stopping_condition"]
    del ruby["algorithm_specification"]["training_input_mode"]
    del ruby["training_job_name"]
    event = {"detail": {**written("eventbridge", SMALL), "CreationTime": "soon"}}
    vectors = {**written("paws", SMALL), "TrainingJobName": ["not a name"]}

    assert [
        ("range", "/resource_config"),
        ("range", "/stopping_condition/MaxRuntimeInSeconds"),
    ] == faults({**row, "_key": "7"})
    assert [
        ("required", "/training_job_name"),
        ("required", "/algorithm_specification/training_input_mode"),
        ("required", "/stopping_condition"),
    ] == faults(ruby)
    assert [("timestamp", "/detail/CreationTime")] == faults(event, "eventbridge")
    assert [("pattern", "/TrainingJobName/0")] == faults(vectors, "paws")


def test_messages_speak_of_members_as_the_form_spells_them() -> None:
    """What is missing, and what may have been meant."""
    ruby = written("aws-sdk-ruby", SMALL)
    del ruby["training_job_name"]
    ruby["training_job_nam"] = "job"

    messages = [finding.message for finding in validate(ruby)]

    assert 'the required member "training_job_name" is missing' in messages
    assert any('did you mean "training_job_name"?' in one for one in messages)


def test_keys_of_maps_are_data() -> None:
    """They are spelt in no form otherwise than they are."""
    tuned = {**SMALL, "HyperParameters": {"BatchSize": "64", "batch_size": "32"}}

    for form in FORMS:
        response = written(form, tuned)
        job = DescribeTrainingJobResponse.from_response(response, form=form)
        assert tuned["HyperParameters"] == job.hyper_parameters


def test_columns_hold_json_or_hstore() -> None:
    """A map may come as hstore, anything else as JSON text."""
    row = {
        **written("datadog-ddsql", SMALL),
        "hyper_parameters": '"eta"=>"0.2", "quote"=>"a \\"b\\"", "none"=>""',
        "stopping_condition": '{"max_runtime_in_seconds": 3600}',
        "_key": "7",
        "account_id": "123456789012",
        "tags": ["a:b"],
    }

    assert [] == faults(row)
    job = DescribeTrainingJobResponse.from_response(row)
    assert {"eta": "0.2", "quote": 'a "b"', "none": ""} == job.hyper_parameters
    assert 3600 == job.stopping_condition.max_runtime_in_seconds


@pytest.mark.parametrize(
    ("member", "value", "rule"),
    [
        ("hyper_parameters", '"eta"=>', "type"),
        ("hyper_parameters", "eta=>1", "type"),
        ("hyper_parameters", '"eta"=>NULL', "type"),
        ("stopping_condition", "{", "type"),
        ("stopping_condition", '{"a": 1, "a": 2}', "type"),
        ("stopping_condition", "[" * 100_000, "type"),
    ],
)
def test_columns_that_hold_neither(member: str, value: str, rule: str) -> None:
    """Such a text is a text, and wrong where it stands."""
    row = {**written("datadog-ddsql", SMALL), member: value, "_key": "7"}

    assert (rule, f"/{member}") in faults(row) or (
        rule,
        f"/{member}/eta",
    ) in faults(row)


def test_empty_vectors_are_absent_members() -> None:
    """In R an absent member is an empty vector; it never tells the form."""
    response = {**SMALL, "CreationTime": "2025-03-14T09:26:53Z", "TuningJobArn": []}

    assert [] == faults(response, "paws")
    assert ("type", "/TuningJobArn") in faults(response)
    assert ("required", "/TrainingJobName") in faults(
        {**response, "TrainingJobName": []}, "paws"
    )


def test_what_is_required_may_be_empty() -> None:
    """An empty list is a required list, if what requires it is there at all."""
    text = """
shapespec: 1
package: harbour
shapes:
  Berth:
    type: structure
    members:
      Name: string
      Ships: {target: Ships, required: true}
      Crane: {target: Crane, required: true}
      Next: Berth
  Ships: {type: list, member: string}
  Crane: {type: structure, members: {Owner: string}}
forms:
  statistics:
    timestamps: {read: [iso-8601], write: iso-8601}
    vectors: true
    absent: [empty-list, empty-structure]
"""
    package = compile_text(text).package
    empty = {"Name": [], "Ships": [], "Crane": {"Owner": []}}

    berth = package.Berth.from_response({**empty, "Next": empty}, form="statistics")

    assert package.Berth(ships=(), crane=package.Crane()) == berth
    assert [("required", "/Crane")] == [
        (one.rule, one.pointer)
        for one in package.validate({"Name": ["A"], "Ships": []}, form="statistics")
    ]


def test_milliseconds_are_read_in_events_only() -> None:
    """As a number or as text; elsewhere they are seconds too late."""
    late = 1741944413000
    expected = datetime(2025, 3, 14, 9, 26, 53, tzinfo=UTC)

    for moment in (late, str(late), "2025-03-14T09:26:53Z"):
        event = {**SMALL, "CreationTime": moment}
        job = DescribeTrainingJobResponse.from_response(event, form="eventbridge")
        assert expected == job.creation_time
        assert datetime is type(job.creation_time)
    assert [("timestamp", "/CreationTime")] == faults({**SMALL, "CreationTime": late})
    assert [("timestamp", "/CreationTime")] == faults(
        {**SMALL, "CreationTime": expected}, "eventbridge"
    )


def test_both_spellings_of_a_member() -> None:
    """The spelling of the form counts; the other is a member that it does not know."""
    ruby = {**written("aws-sdk-ruby", SMALL), "TrainingJobName": "!"}

    assert [("unknown-member", "/TrainingJobName")] == faults(ruby, "aws-sdk-ruby")


LOOSE = """\
shapespec: 1
package: harbour
shapes:
  Berth:
    type: structure
    members:
      ShipName: {type: string, length: {max: 3}}
      NextBerth: Berth
      Visitors: {type: list, member: Berth}
      Nothing: {type: document}
forms:
  hash:
    timestamps: {read: [iso-8601], write: iso-8601}
    keys: snake_case
  statistics:
    timestamps: {read: [iso-8601], write: iso-8601}
    vectors: true
    absent: [empty-list, empty-structure]
"""


@pytest.fixture(scope="module")
def harbour() -> Generated:
    return compile_text(LOOSE)


def test_no_required_member_hides_a_form(harbour: Generated) -> None:
    """Where nothing is required, a response in snake case is not an empty one."""
    package = harbour.package

    assert package.is_valid({"ship_name": "abcd"}, shape="Berth")  # one name is no sign
    assert not package.is_valid({"ship_name": "abcd", "visitors": []}, shape="Berth")
    assert package.is_valid({"ship_name": "abc", "visitors": []}, shape="Berth")


def test_self_reference_and_sharing_in_forms(harbour: Generated) -> None:
    """Cycles end, what is shared is read once, and depth is no matter."""
    package = harbour.package
    ring: dict[str, Any] = {"ship_name": "a"}
    ring["next_berth"] = ring
    shared: dict[str, Any] = {"ship_name": "a", "visitors": []}
    for _ in range(60):
        shared = {"ship_name": "a", "visitors": [shared, shared]}
    deep: dict[str, Any] = {"ship_name": "a", "visitors": []}
    for _ in range(50_000):
        deep = {"ship_name": "a", "next_berth": deep}
    hollow: dict[str, Any] = {}
    for _ in range(50_000):
        hollow = {"NextBerth": hollow}

    assert not package.is_valid(ring, shape="Berth", form="hash")
    assert package.is_valid(shared, shape="Berth", form="hash")
    assert package.is_valid(deep, shape="Berth", form="hash")
    assert package.is_valid(hollow, shape="Berth", form="statistics")


@pytest.mark.parametrize(
    "response",
    [
        None,
        [],
        "text",
        {1: 2, None: 3, ("a",): 4},
        {"ship_name": {"a": 1}, "visitors": {"b": []}},
        {"ship_name": ["x", "y"], "visitors": [None, [], [[]], {}]},
        {"ShipName": [["a"]], "NextBerth": [], "Visitors": [[]]},
        {"nothing": float("nan"), "visitors": 10**400},
    ],
)
@pytest.mark.parametrize("form", [None, "hash", "statistics"])
def test_odd_responses_have_a_verdict(
    harbour: Generated, response: object, form: str | None
) -> None:
    """Whatever is given, both validators say the same of it."""
    package = harbour.package
    findings = package.validate(response, shape="Berth", form=form)

    assert package.is_valid(response, shape="Berth", form=form) == (
        not any(finding.severity == "error" for finding in findings)
    )


def sample(name: str) -> Any:
    path = SHARED / "samples" / name
    if not path.is_file():
        pytest.skip("../shared/samples is absent")
    return json.loads(path.read_text("utf-8"))["response"]


@pytest.mark.parametrize(
    "name", ["038-event-docs-epoch-ms-strings.json", "039-event-docs-iso.json"]
)
def test_documented_events(name: str) -> None:
    """The events in the documentation are of the form, but for their placeholders."""
    rules = {rule for rule, _ in faults(sample(name), "eventbridge")}

    assert {"unknown-value", "pattern"} == rules


def test_real_event_that_was_cut() -> None:
    """What is left of it is right; what was cut is missing."""
    found = faults(sample("041-event-grandchallenge-stopped.json"), "eventbridge")

    assert {"required"} == {rule for rule, _ in found}


def test_documented_syntax_of_paws() -> None:
    """Placeholders are no names; a list in place of a map is what R's syntax shows."""
    found = faults(sample("057-paws-r-syntax.json"), "paws")

    assert {"pattern", "type", "length", "algorithm-or-image"} == {
        rule for rule, _ in found
    }
    assert "required" not in {rule for rule, _ in found}


@pytest.mark.parametrize("form", ["wire", "aws-cli", "aws-sdk-ruby", "datadog-ddsql"])
def test_what_is_unknown_holds_no_datetime_in_a_form_that_has_none(form: str) -> None:
    """It is written as the form writes moments and bytes, at any depth."""
    when = datetime(2024, 1, 1, tzinfo=UTC)
    new: dict[str, Any] = {"When": when, "All": [when, {"Raw": b"\x00"}], "Count": 1}
    read = DescribeTrainingJobResponse.from_response({**VALID, "NewThing": new})

    written = read.to_response(form=form)

    assert json.loads(json.dumps(written)) == written
    assert new == read.to_response(form="boto3")["NewThing"]


RUBY = """\
---
:training_job_name: job
:training_job_arn: arn:aws:sagemaker:eu-west-1:123456789012:training-job/job
:training_job_status: InProgress
:secondary_status: Starting
:stopping_condition:
  :max_runtime_in_seconds: 0
:creation_time: 2025-03-14 09:26:53.000000000 Z
:hyper_parameters:
  ":a": "1"
  b: ":c"
"""


def test_yaml_of_ruby_is_read() -> None:
    """Symbols are names, keys of maps stay data, and places are those of the text."""
    value: Any = parse_yaml(RUBY)
    (error,) = [one for one in validate(value) if one.severity == "error"]

    assert {":a": "1", "b": ":c"} == value["hyper_parameters"]
    assert "/stopping_condition/max_runtime_in_seconds" == error.pointer
    assert [(7, 3)] == [*locate(RUBY, "yaml", [error.pointer])]
    assert [{"a": 1}, {"b": 2}] == parse_yaml("- :a: 1\n- b: 2\n")


@pytest.mark.parametrize(
    "text",
    [":a: 1\nb: 2\n", '":a": 1\n', "a:\n  :b: 1\n", ":a: 1\n:b:\n  :c: 1\n  c: 2\n"],
)
def test_what_is_not_ruby_without_doubt_stays(text: str) -> None:
    """A name in quotes, and one beside others, is what it is; two do not become one."""
    assert ":" in json.dumps(parse_yaml(text)).replace('": ', "")


def test_a_value_that_contains_itself_is_carried() -> None:
    """It contains itself then, too."""
    loop: dict[str, Any] = {"When": datetime(2024, 1, 1, tzinfo=UTC)}
    loop["Loop"] = loop
    read = DescribeTrainingJobResponse.from_response({**VALID, "NewThing": loop})

    written = read.to_response(form="wire")["NewThing"]

    assert written["Loop"] is written
    assert 1704067200 == written["When"]
