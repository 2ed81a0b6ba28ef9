"""JSON Schema for programs that make types: what it says, and what it leaves out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import shapespec
from shapespec.compiler import generate
from tests.support import compile_text, flagship, run_shapespec

SPEC = """\
shapespec: 1
package: parcels
shapes:
  Parcel:
    type: structure
    doc: A parcel on its way.
    members:
      Sent: {type: timestamp, required: true}
      Seen: {type: timestamp, doc: When it was seen last.}
      State: {target: State, sensitive: true}
      Size: {target: Size, required: true, nullable: true}
      Way: Way
      Notes: {type: list, member: string, sparse: true}
    rules:
      seen-after-sent:
        cel: "!has(this.Seen) || this.Seen >= this.Sent"
        message: It was seen before it was sent.
        at: Seen
  State:
    type: enum
    open: true
    values: {moving: {doc: It moves.}, lost: {retired: true}}
  Size: {type: enum, values: [small, large]}
  Way:
    type: union
    members: {Road: string, Rail: string}
"""


def written(text: str) -> dict[str, Any]:
    """The document of the types of `Parcel`."""
    files = compile_text(text, targets=("json-schema-types",)).files
    found: dict[str, Any] = json.loads(files["json_schema_types/parcels/Parcel.json"])
    jsonschema.Draft202012Validator.check_schema(found)
    return found


def test_what_types_are_made_of() -> None:
    """A moment has its format, an optional member no null, an open enum its values."""
    document = written(SPEC)
    parts = document["$defs"]
    members = parts["Parcel"]["properties"]

    assert "urn:shapespec:parcels:Parcel:types" == document["$id"]
    assert {"type": "string", "format": "date-time"} == members["Sent"]
    assert {**members["Sent"], "description": "When it was seen last."} == members[
        "Seen"
    ]
    assert {"$ref": "#/$defs/State"} == members["State"]
    assert [
        {"type": "string", "enum": ["moving", "lost"]},
        {"type": "string"},
    ] == parts["State"]["anyOf"]
    assert ["moving"] == parts["State"]["examples"]
    assert ["small", "large"] == parts["Size"]["enum"]
    assert ["Sent", "Size"] == parts["Parcel"]["required"]


def test_null_stays_where_it_is_a_value() -> None:
    """It is one in place of a required member that can be null, and in sparse lists."""
    members = written(SPEC)["$defs"]["Parcel"]["properties"]

    assert {"anyOf": [{"$ref": "#/$defs/Size"}, {"type": "null"}]} == members["Size"]
    assert ["string", "null"] == members["Notes"]["items"]["type"]


def test_what_is_left_out() -> None:
    """No rule, no choice of members of a union, and no keyword of our own."""
    words = set(re.findall(r'"([^"]+)":', json.dumps(written(SPEC))))

    assert not {"allOf", "oneOf", "not", "if"} & words
    assert not [word for word in words if word.startswith("x-")]
    assert {"Road", "Rail"} <= words


def test_of_the_flagship() -> None:
    """It takes the documented response, and says nothing of null."""
    made = {
        file.path: file.text for file in generate(flagship(), ["json-schema-types"])
    }
    path = "json_schema_types/sagemaker_training_job/DescribeTrainingJobResponse.json"
    document = json.loads(made[path])

    assert '"null"' not in made[path]
    assert {f"urn:shapespec:{flagship().package}"} == {
        document["$id"].rpartition(":Describe")[0]
    }


def test_the_profile(tmp_path: Path) -> None:
    """`--profile types` writes it in place of the one for validators."""
    (tmp_path / "parcels.yaml").write_text(SPEC, "utf-8")
    words = ("generate", "parcels.yaml", "--out", "out", "--profile", "types")

    done = run_shapespec(*words, "--target", "json-schema", cwd=tmp_path)
    default = run_shapespec(*words, cwd=tmp_path)
    wrong = run_shapespec(*words, "--target", "docs", cwd=tmp_path)

    assert "parcels: 1 file in out, 1 changed\n" == done.stdout
    assert 0 == default.returncode
    assert (tmp_path / "out/json_schema_types/parcels/Parcel.json").is_file()
    assert (tmp_path / "out/python/parcels/validators.py").is_file()
    assert not (tmp_path / "out/json_schema").exists()
    assert (2, True) == (
        wrong.returncode,
        "--profile is for --target json-schema" in wrong.stderr,
    )


@pytest.mark.parametrize("target", ["json-schema", "json-schema-types"])
def test_each_document_has_a_name_of_its_own(target: str) -> None:
    """Documents of several roots can be registered beside each other."""
    files = generate(flagship(), [target])
    names = {json.loads(file.text)["$id"] for file in files}

    assert len(names) == len(files) == 3
    assert all(
        name.startswith("urn:shapespec:sagemaker_training_job:") for name in names
    )


@pytest.mark.parametrize("target", ["json-schema", "json-schema-types"])
def test_a_whole_response_is_an_example(target: str, tmp_path: Path) -> None:
    """The document of an output has one, whatever else is generated, and accepts it."""
    (tmp_path / "spec.yaml").write_text(
        f"{SPEC}operations: {{Follow: {{output: Parcel}}}}\n", "utf-8"
    )
    path = f"{target.replace('-', '_')}/parcels/Parcel.json"
    alone = run_shapespec("generate", "spec.yaml", "--target", target, cwd=tmp_path)
    text = (tmp_path / "generated" / path).read_text("utf-8")
    others = ("docs", "dataclasses", target)
    words = [word for one in others for word in ("--target", one)]
    again = run_shapespec("generate", "spec.yaml", *words, cwd=tmp_path)

    assert (0, 0) == (alone.returncode, again.returncode)
    assert text == (tmp_path / "generated" / path).read_text("utf-8")
    document = json.loads(text)
    (example,) = document["examples"]
    assert {"Sent", "Size"} <= example.keys()
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(document, format_checker=checker).validate(example)
    made = shapespec.generate(tmp_path / "spec.yaml", [target])
    assert document["examples"] == json.loads(made[path])["examples"]
