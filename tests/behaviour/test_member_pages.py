"""`shapespec explain PATH`: all that is known of a member, in every system's words."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest

from shapespec.backends.reference.spellings import column_type
from shapespec.compiler import compile_spec
from shapespec.contract import schema as ir
from shapespec.contract.places import Tree
from shapespec.project.files import read_source, siblings
from shapespec.tools.members import Members, as_data, as_text
from tests.support import FLAGSHIP, compile_text, run_shapespec


@cache
def flagship() -> ir.Schema:
    return compile_spec(read_source(FLAGSHIP), siblings(FLAGSHIP, "training_job.yaml"))


MEMBERS = Members(flagship())


def data(name: str) -> dict[str, Any]:
    known = MEMBERS.find(name)
    assert known is not None, name
    return as_data(MEMBERS, known)


@pytest.mark.parametrize(
    "name",
    [
        "InputDataConfig[].ChannelName",
        "InputDataConfig.ChannelName",
        "/InputDataConfig/0/ChannelName",
        "input_data_config[].channel_name",
        "input_data_config[0].channel_name",
        "Channel.ChannelName",
        "response$InputDataConfig[[1]]$ChannelName",
        "$InputDataConfig[[i]]$ChannelName",
        'response["InputDataConfig"][0]["ChannelName"]',
        "response.input_data_config[i].channel_name",
        "detail.InputDataConfig[0].ChannelName",
    ],
)
def test_a_member_has_many_names(name: str) -> None:
    """Its path, a pointer into a response, the attribute in Python, its structure."""
    assert "InputDataConfig[].ChannelName" == data(name)["path"]


@pytest.mark.parametrize("name", ["", ".", "/", "[]", "Nope", "RoleArn.Nope", "{}.x"])
def test_what_is_no_member_is_not_found(name: str) -> None:
    """And nothing is raised."""
    assert MEMBERS.find(name) is None


def test_a_member_is_found_by_what_each_system_calls_it() -> None:
    """What a page prints as a name can be asked for."""
    for path in MEMBERS.paths():
        known = MEMBERS.find(path)
        assert known is not None
        if path.startswith("("):
            continue
        for spelt in known.described.spellings:
            if spelt.system in ("Python", "boto3", "R (paws)", "Ruby", "EventBridge"):
                found = MEMBERS.find(spelt.text)
                assert found is not None, (path, spelt.text)
                assert path == found.path, spelt.text


@pytest.mark.parametrize(
    "path",
    [
        "CreationTime",
        "SecondaryStatusTransitions",
        "SecondaryStatusTransitions[].EndTime",
        "FinalMetricDataList",
    ],
)
def test_an_example_may_hold_timestamps(path: str) -> None:
    """They are text, as the AWS CLI prints them."""
    done = run_shapespec("explain", path)
    told = run_shapespec("explain", path, "--format", "json")

    assert (0, "") == (done.returncode, done.stderr)
    assert re.search(
        r"\d{4}-\d\d-\d\dT", json.dumps(json.loads(told.stdout)["example"])
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("account_id", "the form datadog-ddsql adds it.\n    Type: string"),
        ("tags", "Type: hstore_csv"),
        ("ResponseMetadata", "the form boto3 adds it.\n    Its type is not known."),
    ],
)
def test_what_a_form_adds_is_explained(name: str, said: str) -> None:
    """It is no member, and says so."""
    done = run_shapespec("explain", name)

    assert 0 == done.returncode
    assert said in done.stdout


def test_every_member_of_the_flagship_has_a_page() -> None:
    """None fails, and each can be printed."""
    for path in MEMBERS.paths():
        known = MEMBERS.find(path)
        assert known is not None, path
        assert path == known.path
        described = known._replace(member=known.member)
        assert [*as_text(_WithoutExample(flagship()), described)]


class _WithoutExample(Members):
    """Makes nothing up, which takes time."""

    def example(self, known: Any) -> None:
        return None


def test_a_channel_name_in_every_systems_words() -> None:
    """As users of each system write it."""
    names = {one["system"]: one["name"] for one in data("Channel.ChannelName")["names"]}

    assert {
        "JSON": "InputDataConfig[].ChannelName",
        "Python": "response.input_data_config[i].channel_name",
        "boto3": 'response["InputDataConfig"][i]["ChannelName"]',
        "AWS CLI": "--query InputDataConfig[].ChannelName",
        "R (paws)": "response$InputDataConfig[[i]]$ChannelName",
        "Ruby": "response.input_data_config[i].channel_name",
        "DDSQL": "column input_data_config[], in it channel_name",
        "EventBridge": "detail.InputDataConfig[].ChannelName",
    } == names


def test_columns_have_the_types_that_the_warehouse_states() -> None:
    """Derived from the spec alone, for each column that the page lists."""
    schema = flagship()
    (form,) = (one for one in schema.forms if one.columns)
    tree = Tree(schema)
    (evidence,) = (
        one for one in schema.ledger.evidence
        if one.source.id == "datadog-ddsql" and "prose" not in str(one.span)
    )  # fmt: skip
    stated = {
        fact.path: fact.value
        for fact in evidence.facts
        if fact.kind == "type" and fact.path in tree
    }

    derived = {
        path: column_type(schema, form, place.shape.id)
        for path in stated
        if (place := tree.get(path)) is not None
    }
    assert stated == derived
    assert len(stated) >= 43


def test_a_page_says_who_states_it_since_when_and_what_changed() -> None:
    """With lines, dates and decisions."""
    found = data("ResourceConfig.InstanceCount")

    assert {"date": "2017-11-29", "release": "1.8.4"} == found["since"]
    assert [1, 0] == [one["value"] for one in found["history"]["minimum"]]
    assert {"paws", "aws-cli", "botocore"} == {one["id"] for one in found["sources"]}
    assert any("line" in one["where"] for one in found["sources"])
    assert found["observed"]["total"]["present"] == 16
    assert "longer-hyperparameters" in [
        one["id"] for one in data("HyperParameters")["decisions"]
    ]


def test_values_have_dates_of_their_own() -> None:
    """In the page of a member that is one of an enum."""
    values = {one["value"]: one for one in data("SecondaryStatus")["values"]}

    assert "2023-12-15" == values["Pending"]["since"]
    assert values["LaunchingMLInstances"]["retired"]
    assert "InProgress" == values["Starting"]["under"]


def test_a_member_of_the_request_has_a_page() -> None:
    """With the option of the AWS CLI."""
    names = data("(request).TrainingJobName")["names"]

    assert "--training-job-name" in [one["name"] for one in names]


def test_a_contract_without_evidence_has_pages_too() -> None:
    """They say what the spec says."""
    schema = compile_text(
        "shapespec: 1\npackage: toy\nshapes:\n  Toy:\n    type: structure\n"
        "    members:\n      'Odd name': {type: string, length: {max: 3}, doc: A.}\n"
    ).schema
    members = Members(schema)

    known = members.find("odd_name")

    assert known is not None
    text = "\n".join(as_text(members, known))
    assert "Odd name" in text
    assert "at most 3 characters" in text
    assert "Who says so" not in text
    assert as_data(members, known)["example"]


def test_the_command_prints_a_page_or_data() -> None:
    """And says what could be meant where there is nothing of that name."""
    page = run_shapespec("explain", "InputDataConfig[].ChannelName")
    told = run_shapespec("explain", "/RoleArn", "--format", "json")
    wrong = run_shapespec("explain", "InputDataConfig[].ChanelName")

    assert 0 == page.returncode, page.stderr
    for words in ("Name of the channel", "In every system's words", "Who says so"):
        assert words in page.stdout
    assert "RoleArn" == json.loads(told.stdout)["path"]
    assert 2 == wrong.returncode
    assert "Did you mean 'InputDataConfig[].ChannelName'?" in wrong.stderr
