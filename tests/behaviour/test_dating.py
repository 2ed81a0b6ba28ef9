"""When a response could have been written, and what the contract was then."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from sagemaker_training_job import date_of, is_valid, validate
from shapespec.contract.history import Point, Release, history_of
from shapespec.evidence.history.files import write_history
from shapespec.responses.contract import contract_by_path, history_of as past_of
from tests.support import SHARED, run_shapespec

SAMPLES = SHARED / "samples"

OLD: dict[str, Any] = {
    "TrainingJobName": "old",
    "TrainingJobArn": "arn:aws:sagemaker:us-east-1:123456789012:training-job/old",
    "TrainingJobStatus": "InProgress",
    "SecondaryStatus": "Starting",
    "AlgorithmSpecification": {
        "TrainingImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1",
        "TrainingInputMode": "File",
    },
    "ResourceConfig": {
        "InstanceType": "ml.p2.xlarge",
        "InstanceCount": 1,
        "VolumeSizeInGB": 10,
    },
    "InputDataConfig": [
        {
            "ChannelName": "train",
            "DataSource": {
                "S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/x"},
            },
        }
    ],
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    "CreationTime": 1512000000,
}
"""A response as it was when the service was a day old."""


def old(**more: Any) -> dict[str, Any]:
    return {**OLD, **more}


def test_what_was_always_there_dates_a_response_from_the_first_release() -> None:
    """Nothing bounds the other end."""
    dating = date_of(OLD)

    assert "2017-11-29" == dating.earliest.date
    assert "/TrainingJobName" in dating.earliest.because
    assert (None, ()) == dating.latest


@pytest.mark.parametrize("value", [{}, [], None, 1, "x", {"Nope": {"Neither": 1}}])
def test_what_has_nothing_of_the_contract_has_no_date(value: object) -> None:
    """Nor does it raise."""
    assert ((None, ()), (None, ())) == date_of(value)


def test_a_member_proves_the_earliest_date() -> None:
    """Output compression came in June 2023, in a structure that was always there."""
    output = {"S3OutputPath": "s3://b/o", "CompressionType": "GZIP"}

    dating = date_of(old(OutputDataConfig=output))

    assert ("2023-06-21", ("/OutputDataConfig/CompressionType",)) == dating.earliest


def test_what_holds_a_new_member_proves_as_much_as_the_member() -> None:
    """Only the outermost is named."""
    dating = date_of(old(VpcConfig={"SecurityGroupIds": ["sg-1"], "Subnets": ["s"]}))

    assert ("/VpcConfig",) == dating.earliest.because


def test_a_value_proves_the_earliest_date() -> None:
    """`Pending` came later than the member that holds it."""
    dating = date_of(old(SecondaryStatus="Pending"))

    assert "2023-12-15" == dating.earliest.date
    assert ("/SecondaryStatus",) == dating.earliest.because


def test_a_size_that_was_not_always_allowed_proves_a_date() -> None:
    """Eight channels were the most at first."""
    channel = {
        "DataSource": {
            "S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/x"},
        }
    }
    nine = [{**channel, "ChannelName": f"c{number}"} for number in range(9)]

    few, many = (date_of(old(InputDataConfig=nine[:size])) for size in (8, 9))

    assert few.earliest.date == "2017-11-29"
    assert many.earliest.date is not None
    assert many.earliest.date > "2018"
    assert ("/InputDataConfig",) == many.earliest.because


def test_pointers_lead_into_the_response_as_it_was_given() -> None:
    """In the spelling of its form, and in its envelope."""
    ruby = {"training_job_name": "x", "warm_pool_status": {"status": "InUse"}}
    event = {"source": "aws.sagemaker", "detail": {"WarmPoolStatus": {"Status": "x"}}}

    assert ("/warm_pool_status",) == date_of(ruby).earliest.because
    assert ("/detail/WarmPoolStatus",) == date_of(
        event, form="eventbridge"
    ).earliest.because


YOUNG = """
shapespec: 1
package: young
evidence: [young.history.yaml, notes.yaml]
operations: {GetToy: {output: Toy}}
shapes:
  Toy: {type: structure, members: {A: string, B: string, State: State}}
  State: {type: enum, open: true, values: [on, "off", broken]}
"""


NOTES = f"""\
source:
  id: notes
  kind: aws-api-reference
  title: Notes
  edition: "2021"
  document: notes.html
  sha256: "{"0" * 64}"
facts:
- {{path: A, kind: type, value: string, line: 3}}
"""


def young(folder: Path, *, born: bool) -> Path:
    """A contract whose history begins in 2019, with the operation or in its life."""
    facts = {
        ("A", "type"): "string",
        ("State", "type"): "string",
        ("State", "enum"): ["on", "off"],
    }
    points = [
        *([Point(Release("0.9", "2018-12-01"), {})] if born else ()),
        Point(Release("1.0", "2019-01-01"), facts),
        Point(Release("1.1", "2022-02-02"), {**facts, ("B", "type"): "string"}),
        Point(Release("1.2", "2023-03-03"), {**facts, ("State", "enum"): ["on"]}),
    ]
    text = write_history(history_of("botocore", "Toys", points), "a test")
    (folder / "young.history.yaml").write_text(text, "utf-8")
    (folder / "notes.yaml").write_text(NOTES, "utf-8")
    spec = folder / "young.yaml"
    spec.write_text(YOUNG, "utf-8")
    return spec


@pytest.mark.parametrize("born", [True, False])
def test_a_history_that_begins_later_says_nothing_of_before(
    tmp_path: Path, *, born: bool
) -> None:
    """What its oldest release states may be older, unless it came with that."""
    dates = past_of(contract_by_path(young(tmp_path, born=born), dated=True))
    assert dates is not None

    first = ("2019-01-01", ("/State",)) if born else (None, ())
    assert first == dates.date_of({"State": "on"}).earliest
    assert first[0] == dates.date_of({"A": "x"}).earliest.date
    assert first[0] == dates.date_of({"State": "off"}).earliest.date
    assert "2023-03-03" == dates.date_of({"State": "off"}).latest.date
    assert "2022-02-02" == dates.date_of({"A": "x", "B": "y"}).earliest.date
    with pytest.raises(ValueError, match="contract begins on 2019-01-01"):
        dates.day("2018")


@pytest.mark.parametrize(
    ("response", "said"),
    [
        ({"State": "on"}, "any time; from when on is not known"),
        ({"State": "off"}, "until 2023-03-03; from when on is not known"),
        ({"State": "off", "B": "y"}, "from 2022-02-02 to 2023-03-03"),
    ],
)
def test_the_command_says_that_it_may_be_older(
    tmp_path: Path, response: dict[str, str], said: str
) -> None:
    """And where the history begins, in JSON too."""
    spec = young(tmp_path, born=False)
    words = ("date", "-", "--spec", spec)

    shown = run_shapespec(*words, stdin=json.dumps(response))
    as_json = run_shapespec(*words, "--format", "json", stdin=json.dumps(response))

    assert shown.stdout.startswith(f"<stdin>:1: {said}")
    found = json.loads(as_json.stdout)
    older = "not known" in said
    assert older == ("2019-01-01" in shown.stdout)
    assert ("2019-01-01" if older else None) == found.get("history_begins")
    assert older == (found["earliest"] == {"date": None, "because": []})


def test_references_do_not_date_what_may_be_older(tmp_path: Path) -> None:
    """A member of the oldest release has "or before"; its values have no day."""
    for born in (True, False):
        spec = young(tmp_path, born=born)
        out = tmp_path / f"{born}"
        words = ("--target", "docs", "--target", "json-schema", "--out", out)
        assert 0 == run_shapespec("generate", spec, *words).returncode
        pages = "".join(page.read_text("utf-8") for page in sorted(out.rglob("*.md")))
        schema = (out / "json_schema/young/Toy.json").read_text("utf-8")

        assert born != ("2019-01-01 or before" in pages)
        assert born == ("first one that knows the operation" in pages)
        assert born == ("x-enum-since" in schema)


# --- the contract of a day ------------------------------------------------------------


def rules(response: object, as_of: Any, **options: Any) -> set[tuple[str, str, str]]:
    """What is found by the contract of a day and not by that of today."""
    today = {_key(one) for one in validate(response, **options)}
    then = {_key(one) for one in validate(response, as_of=as_of, **options)}
    return then - today


def _key(finding: Any) -> tuple[str, str, str]:
    return finding.rule, finding.severity, finding.pointer


def test_a_response_of_a_day_is_right_by_its_contract() -> None:
    """And by those that came later."""
    assert [] == validate(OLD, as_of="2017-11-29")
    assert [] == validate(OLD, as_of="2021-06")
    assert [] == validate(OLD)


def test_what_came_later_is_unknown_then() -> None:
    """Members and values; what is below one is not spoken of."""
    pool = {"Status": "nonsense", "What": 1}
    late = old(SecondaryStatus="Pending", WarmPoolStatus=pool)

    assert {
        ("unknown-member", "warning", "/WarmPoolStatus"),
        ("unknown-value", "warning", "/SecondaryStatus"),
    } == rules(late, "2021-06")
    found = validate(late, as_of="2021-06")
    assert not any(one.pointer.startswith("/WarmPoolStatus/") for one in found)
    assert is_valid(late, as_of="2021-06")
    assert not is_valid(late, as_of="2021-06", strict=True)


def test_the_last_day_of_a_month_or_a_year_is_meant() -> None:
    """A day, a month, a year, or a date of Python's own."""
    late = old(SecondaryStatus="Pending")

    assert rules(late, "2023-12-14")
    for as_of in ("2023-12-15", "2023-12", "2023", date(2023, 12, 15)):
        assert not rules(late, as_of)


def test_bounds_are_those_of_the_day() -> None:
    """An instance count of 0 is allowed since 2022; it was not before."""
    none = old(ResourceConfig={**OLD["ResourceConfig"], "InstanceCount": 0})

    assert {("range", "error", "/ResourceConfig/InstanceCount")} == rules(
        none, "2021-06"
    )
    assert not rules(none, "2022-08")


def test_requirements_are_those_of_the_day() -> None:
    """A job without resources is serverless; there were none in 2021."""
    without = {name: item for name, item in OLD.items() if name != "ResourceConfig"}

    assert {("required", "error", "/ResourceConfig")} == rules(without, "2021-06")
    assert not rules(without, "2026-11")


def test_what_responses_always_bent_is_not_required_of_old_ones() -> None:
    """No job in progress has a model, though the model of 2021 required it."""
    assert not rules(OLD, "2021-06")


@pytest.mark.parametrize(
    "as_of", ["", "now", "2021-13", "2021-06-31", "21", "2021-6", "2017-11-28", "2016"]
)
def test_a_day_that_is_none_is_refused(as_of: str) -> None:
    """So is one before the contract began."""
    with pytest.raises(ValueError, match="as_of"):
        validate(OLD, as_of=as_of)


def test_only_the_whole_response_has_a_history() -> None:
    """A part may stand at several places, with a history each."""
    with pytest.raises(ValueError, match="only the history"):
        validate({}, shape="Channel", as_of="2021")


# --- the commands ---------------------------------------------------------------------


def test_the_command_dates_each_response(tmp_path: Path) -> None:
    """A line of JSON for each, with both ends and what proves them."""
    path = tmp_path / "jobs.ndjson"
    late = old(SecondaryStatus="Pending")
    path.write_text(f"{json.dumps(late)}\n{{}}\n")

    done = run_shapespec("date", str(path), "--format", "json")

    assert 0 == done.returncode, done.stderr
    assert [
        {
            "source": f"{path}:1",
            "earliest": {"date": "2023-12-15", "because": ["/SecondaryStatus"]},
            "latest": {"date": None, "because": []},
        },
        {
            "source": f"{path}:2",
            "earliest": {"date": None, "because": []},
            "latest": {"date": None, "because": []},
        },
    ] == [json.loads(line) for line in done.stdout.splitlines()]


def test_the_command_speaks_of_documents(tmp_path: Path) -> None:
    """Those whose edition is of that time, and what proves the date."""
    path = tmp_path / "job.json"
    path.write_text(json.dumps(old(SecondaryStatus="Pending")))

    done = run_shapespec("date", str(path))

    assert "from 2023-12-15 on" in done.stdout
    assert "since 2023-12-15: /SecondaryStatus" in done.stdout
    assert "aws-cli (2025)" in done.stdout
    assert "aws-api-reference" not in done.stdout


def test_what_cannot_be_read_is_no_date(tmp_path: Path) -> None:
    """It has a line of its own, the rest are dated, and the exit code tells."""
    path = tmp_path / "jobs.ndjson"
    path.write_text(f"{{\n{json.dumps(OLD)}\n")

    done = run_shapespec("date", str(path), "--format", "json")

    assert 2 == done.returncode
    unreadable, dated = map(json.loads, done.stdout.splitlines())
    assert unreadable["source"].endswith(":1")
    assert "unreadable" in unreadable
    assert "earliest" in dated


def test_a_response_within_a_document_is_dated(tmp_path: Path) -> None:
    """Pointers lead into the document; one that leads nowhere is told."""
    path = tmp_path / "envelope.json"
    path.write_text(json.dumps({"detail": OLD}))

    dated = run_shapespec("date", str(path), "--at", "/detail", "--format", "json")
    lost = run_shapespec("date", str(path), "--at", "/nowhere")

    because = json.loads(dated.stdout)["earliest"]["because"]
    assert "/detail/TrainingJobName" in because
    assert 2 == lost.returncode
    assert "there is nothing at /nowhere" in lost.stderr


def test_a_contract_without_a_history_cannot_date(tmp_path: Path) -> None:
    """The message says how to make one."""
    spec = tmp_path / "spec.yaml"
    spec.write_text(
        "shapespec: 1\npackage: toy\ntitle: Toy\n"
        "shapes: {Toy: {type: structure, members: {A: {target: string}}}}\n"
    )
    path = tmp_path / "toy.json"
    path.write_text("{}")

    dated = run_shapespec("date", str(path), "--spec", str(spec))
    judged = run_shapespec(
        "validate", str(path), "--spec", str(spec), "--as-of", "2021"
    )

    assert 2 == dated.returncode == judged.returncode
    assert "--history" in dated.stderr
    assert "has no history" in judged.stderr


def test_validate_judges_by_the_contract_of_a_day(tmp_path: Path) -> None:
    """And refuses what is no day."""
    path = tmp_path / "job.json"
    path.write_text(json.dumps(old(SecondaryStatus="Pending")))

    then = run_shapespec("validate", str(path), "--strict", "--as-of", "2021-06")
    never = run_shapespec("validate", str(path), "--as-of", "soon")

    assert 1 == then.returncode
    assert "unknown-value" in then.stdout
    assert 2 == never.returncode
    assert "expected a date such as 2021-06-30" in never.stderr


SECRETIVE = """
shapespec: 1
package: secretive
title: Secretive
evidence: [secretive.history.yaml]
operations: {GetToy: {output: Toy}}
shapes:
  Toy: {type: structure, members: {Held: {target: Held}}}
  Held: {type: map, key: Token, value: Item}
  Token: {type: string, sensitive: true}
  Item: {type: structure, members: {A: {target: string}, New: {target: string}}}
"""


def secretive_point(version: str, date: str, *names: str) -> Point:
    paths = ("Held", "Held{key}", "Held{}", *(f"Held{{}}.{name}" for name in names))
    kinds = {"Held": "map", "Held{}": "structure"}
    facts = {(path, "type"): kinds.get(path, "string") for path in paths}
    return Point(Release(version, date), facts)


def test_a_pointer_stops_above_a_secret_key(tmp_path: Path) -> None:
    """The day is told all the same."""
    points = [
        secretive_point("1.0.0", "2019-01-01", "A"),
        secretive_point("1.1.0", "2022-02-02", "A", "New"),
    ]
    history = history_of("secretive", "Secretive", points)
    (tmp_path / "secretive.history.yaml").write_text(write_history(history, "a test"))
    spec = tmp_path / "spec.yaml"
    spec.write_text(SECRETIVE)
    contract = contract_by_path(spec, dated=True)
    held = {"Held": {"hunter2": {"New": "x"}}}

    past = past_of(contract)
    assert past is not None
    dating = past.date_of(held)
    then = contract.validate(held, as_of="2020")

    assert ("2022-02-02", ("/Held",)) == dating.earliest
    assert [("unknown-member", "/Held")] == [(one.rule, one.pointer) for one in then]
    assert not any("hunter2" in one.message for one in then)


# --- real captures --------------------------------------------------------------------

AHEAD: dict[str, str] = {}
"""Captures in which the service sent a member before a release knew it."""


def captures() -> Iterator[tuple[str, Any, str]]:
    """Real responses whose own times tell when they were written."""
    index = (SAMPLES / "INDEX.md").read_text() if SAMPLES.is_dir() else ""
    for line in index.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 5 and cells[5] == "real":
            response = json.loads((SAMPLES / cells[1]).read_text())["response"]
            written = response.get("LastModifiedTime") or response.get("CreationTime")
            if isinstance(written, str):
                moment = datetime.fromisoformat(written).astimezone(UTC)
                yield cells[1], response, moment.date().isoformat()


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/samples is absent")
def test_every_real_capture_lies_in_the_range_that_its_shape_has() -> None:
    """What it has was known when it was written, as its own times tell."""
    found = [*captures()]

    for name, response, written in found:
        dating = date_of(response)
        low, high = dating.earliest.date or "", dating.latest.date or "9999"
        assert (low <= written <= high) is (name not in AHEAD), (name, written, dating)
    assert len(found) >= 16
