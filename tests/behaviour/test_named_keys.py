"""Forms that have names of their own for members, and what services send by them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import compile_text, run_shapespec

pytest.importorskip("botocore")

SPEC = """
shapespec: 1
package: zoo
shapes:
  Zoo:
    type: structure
    members:
      Keeper: {target: Person, required: true, names: {sent: who, logged: by}}
      Pets: {type: list, member: Pet, names: {sent: pet}}
      Cages: {type: map, key: string, value: Cage}
      Size: {target: Number, names: {logged: Keeper}}
  Number: {type: integer, range: {min: 1}}
  Person: {type: structure, members: {Name: {type: string, names: {sent: "@name"}}}}
  Cage: {type: structure, members: {Wide: {target: Number, names: {sent: Long}},
    Long: {target: Number, names: {sent: Wide}}}}
  Pet: {one_of: [Cat, Dog], discriminator: Kind}
  Cat: {type: structure, members: {Kind: {target: CatKind, required: true,
    names: {sent: kind-of, logged: Lives}},
    Lives: {target: Number, names: {logged: Kind}}}}
  CatKind: {type: enum, values: [cat]}
  Dog: {type: structure, members: {Kind: {target: DogKind, required: true,
    names: {sent: kind-of, logged: Tail}},
    Tail: {target: Number, names: {logged: Kind}}}}
  DogKind: {type: enum, values: [dog]}
forms:
  plain: {timestamps: {read: [iso-8601], write: iso-8601}}
  sent: {timestamps: {read: [iso-8601], write: iso-8601}, keys: named}
  logged: {timestamps: {read: [iso-8601], write: iso-8601}, keys: named}
"""
PLAIN: dict[str, Any] = {
    "Keeper": {"Name": "A"},
    "Pets": [{"Kind": "cat", "Lives": 9}, {"Kind": "dog", "Tail": 1, "Bone": True}],
    "Cages": {"Wide": {"Wide": 1, "Long": 2}},
    "Size": 3,
}
SENT: dict[str, Any] = {
    "who": {"@name": "A"},
    "pet": [
        {"kind-of": "cat", "Lives": 9},
        {"kind-of": "dog", "Tail": 1, "Bone": True},
    ],
    "Cages": {"Wide": {"Long": 1, "Wide": 2}},
    "Size": 3,
}
LOGGED: dict[str, Any] = {
    "by": {"Name": "A"},
    "Pets": [{"Lives": "cat", "Kind": 9}, {"Tail": "dog", "Kind": 1, "Bone": True}],
    "Cages": {"Wide": {"Wide": 1, "Long": 2}},
    "Keeper": 3,
}


@pytest.fixture(scope="module")
def zoo() -> Any:
    return compile_text(SPEC, targets=("dataclasses",)).package


@pytest.mark.parametrize(("form", "given"), [("sent", SENT), ("logged", LOGGED)])
def test_a_response_goes_there_and_back(zoo: Any, form: str, given: Any) -> None:
    """Names may be exchanged, tell options apart, and be those of other members."""
    made = zoo.Zoo.from_response(given, form=form)

    assert zoo.Zoo.from_response(PLAIN) == made
    assert given == made.to_response(form=form)
    assert [("unknown-member", f"/{'pet' if form == 'sent' else 'Pets'}/1/Bone")] == [
        (one.rule, one.pointer) for one in zoo.validate(given, form=form)
    ]


def test_findings_point_to_the_names_of_the_form(zoo: Any) -> None:
    """Also where the member is missing, or has the name that another form gives it."""
    wrong = {
        "pet": [{"kind-of": "cat", "Lives": 0}],
        "Cages": {"a": {"Long": 0}},
        "Keeper": {},
    }

    assert {
        ("required", "/who"),
        ("range", "/pet/0/Lives"),
        ("range", "/Cages/a/Long"),
        ("unknown-member", "/Keeper"),
    } == {(one.rule, one.pointer) for one in zoo.validate(wrong, form="sent")}


def test_names_that_only_one_form_has_tell_it(zoo: Any) -> None:
    """Two of them, where no member has its own name."""
    given = {"who": SENT["who"], "pet": SENT["pet"][:1]}

    assert [] == list(zoo.validate(given))
    assert zoo.Zoo.from_response(given).to_response(form="plain") == {
        "Keeper": PLAIN["Keeper"],
        "Pets": PLAIN["Pets"][:1],
    }


def test_a_member_is_explained_by_any_name(tmp_path: Path) -> None:
    """And its names are shown."""
    (tmp_path / "zoo.yaml").write_text(SPEC)

    done = run_shapespec("explain", "who.@name", "--spec", "zoo.yaml", cwd=tmp_path)

    assert 0 == done.returncode
    assert "Keeper.Name" in done.stdout.splitlines()[0]
    assert any("who.@name" in line for line in done.stdout.splitlines())


def test_names_of_imported_shapes_count_where_the_form_is(tmp_path: Path) -> None:
    """A file that has no such form takes the shapes without these names."""
    (tmp_path / "zoo.yaml").write_text(SPEC)
    town = """
shapespec: 1
package: town
imports: {zoo: zoo.yaml}
roots: [Town]
shapes: {Town: {type: structure, members: {Zoo: zoo.Zoo}}}
"""
    (tmp_path / "town.yaml").write_text(town)
    times = "{read: [iso-8601], write: iso-8601}"
    form = f"forms: {{sent: {{timestamps: {times}, keys: named}}}}\n"
    (tmp_path / "sent.yaml").write_text(town + form)
    (tmp_path / "r.json").write_text(json.dumps({"Zoo": {"who": {"@name": "A"}}}))

    none = run_shapespec("validate", "r.json", "--spec", "town.yaml", cwd=tmp_path)
    words = ("--spec", "sent.yaml", "--form", "sent")
    named = run_shapespec("validate", "r.json", *words, cwd=tmp_path)

    assert 1 == none.returncode
    assert "/Zoo/Keeper" in none.stdout
    assert 0 == named.returncode
    assert "valid" == named.stdout.split(": ")[-1].strip()


# --- what AWS sends -------------------------------------------------------------------

SENT_BY_AWS = {
    "aws:apigateway:GetRestApis": (
        {"position": "p", "item": [{"id": "a", "createdDate": 1700000000}]},
        {
            "position": "p",
            "items": [{"id": "a", "createdDate": "2023-11-14T22:13:20+00:00"}],
        },
    ),
    "aws:ec2:DescribeInstances": (
        {
            "reservationSet": [
                {
                    "groupSet": [{"groupId": "sg-1"}],
                    "instancesSet": [
                        {
                            "instanceState": {"code": 16},
                            "tagSet": [{"key": "a", "value": "b"}],
                            "privateDnsName": "x",
                        }
                    ],
                }
            ]
        },
        {
            "Reservations": [
                {
                    "Groups": [{"GroupId": "sg-1"}],
                    "Instances": [
                        {
                            "State": {"Code": 16},
                            "Tags": [{"Key": "a", "Value": "b"}],
                            "PrivateDnsName": "x",
                        }
                    ],
                }
            ]
        },
    ),
    "aws:s3:ListObjectVersions": (
        {"Version": [{"Key": "k"}], "DeleteMarker": [{"Key": "d"}], "Name": "b"},
        {"Versions": [{"Key": "k"}], "DeleteMarkers": [{"Key": "d"}], "Name": "b"},
    ),
    # A package of so many shapes that they are in several files.
    "aws:mediaconvert:GetJob": (
        {"job": {"role": "r", "settings": {}, "timing": {"finishTime": 1700000000}}},
        {
            "Job": {
                "Role": "r",
                "Settings": {},
                "Timing": {"FinishTime": "2023-11-14T22:13:20+00:00"},
            }
        },
    ),
    "aws:lambda:Invoke": (
        {"X-Amz-Function-Error": "Unhandled", "StatusCode": 200},
        {"FunctionError": "Unhandled", "StatusCode": 200},
    ),
    "aws:dynamodb:DescribeTable": (
        {"Table": {"TableName": "trees", "TableStatus": "ACTIVE"}},
        {"Table": {"TableName": "trees", "TableStatus": "ACTIVE"}},
    ),
}
"""What is sent, and the same as the AWS CLI shows it."""


@pytest.mark.parametrize("address", SENT_BY_AWS)
def test_the_form_wire_has_the_names_that_are_sent(
    address: str, tmp_path: Path
) -> None:
    """`validate` takes them without a finding, and `convert` goes there and back."""
    sent, shown = SENT_BY_AWS[address]
    (tmp_path / "sent.json").write_text(json.dumps(sent))
    (tmp_path / "shown.json").write_text(json.dumps(shown))
    spec = ("--spec", address)

    valid = run_shapespec(
        "validate", "sent.json", *spec, "--form", "wire", "--strict", cwd=tmp_path
    )
    there = run_shapespec(
        *("convert", "sent.json", *spec, "--from", "wire", "--to", "aws-cli"),
        cwd=tmp_path,
    )
    back = run_shapespec(
        *("convert", "shown.json", *spec, "--from", "aws-cli", "--to", "wire"),
        cwd=tmp_path,
    )

    assert 0 == valid.returncode, valid.stdout
    assert shown == json.loads(there.stdout)
    assert sent == json.loads(back.stdout)


def test_names_that_two_members_share_are_those_of_neither() -> None:
    """Or nobody could tell them apart."""
    done = run_shapespec("import", "botocore", "s3")

    assert 0 == done.returncode
    event = done.stdout.partition("  QueueConfigurationDeprecated:")[2].partition(
        "\n\n"
    )[0]
    assert "Events:" in event
    assert "names: {wire: Event}" not in event
    assert "Buckets: " in done.stdout
