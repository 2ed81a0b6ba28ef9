"""What is public in Python: each example of the page runs."""

from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
import traceback
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import sagemaker_training_job
import shapespec
from sagemaker_training_job import DescribeTrainingJobResponse, InvalidResponse
from shapespec.diagnostics.model import Faults
from shapespec.ground.errors import Unusable
from tests.support import ROOT, compile_text

PAGE = (ROOT / "spec" / "from-python.md").read_text("utf-8")
EXAMPLES = dict(
    re.findall(r"^```python (\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
)
WEATHER = """\
shapespec: 1
package: weather
shapes:
  Reading:
    type: structure
    members:
      Station: {type: string, length: {min: 1}, required: true}
      Sky: {type: string, length: {min: 1}}
"""
READINGS = '{"Station": "north"}\n{"Station": ""}\n{"Station": "west", }\n'
PRINTED = {
    "load_contract": "Reading(station='north')\n",
    "compile_spec": "Reading\n",
    "generate": "['json_schema/weather/Reading.json']\n",
    "validate_file": "readings.ndjson 2 2 length\n",
    "Finding": "length error /Station expected",
    "replace": "[<error[length] at /Station: expected",
}


def test_the_page_is_about_all_that_is_public() -> None:
    """Each public name has an example of its own."""
    assert set(EXAMPLES) - {"replace"} == set(shapespec.__all__) - {"__version__"}
    assert set(EXAMPLES) == set(PRINTED)


@pytest.mark.parametrize("name", sorted(PRINTED))
def test_an_example(name: str, tmp_path: Path) -> None:
    """It runs, and prints what it says."""
    (tmp_path / "weather.yaml").write_text(WEATHER, "utf-8")
    (tmp_path / "readings.ndjson").write_text(READINGS, "utf-8")

    done = subprocess.run(
        [sys.executable, "-c", EXAMPLES[name]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.startswith(PRINTED[name])


def test_what_is_wrong_is_raised(tmp_path: Path) -> None:
    """A wrong spec, a missing one, and a target that does not exist."""
    spec = tmp_path / "weather.yaml"
    spec.write_text(WEATHER.replace("string", "strng"), "utf-8")

    with pytest.raises(Faults) as raised:
        shapespec.compile_spec(spec)
    assert raised.value.diagnostics
    with pytest.raises(Unusable, match="cannot read"):
        shapespec.generate(tmp_path / "none.yaml")
    with pytest.raises(Unusable, match="did you mean 'docs'"):
        shapespec.generate(spec, ["doc"])
    with pytest.raises(AttributeError, match="nothing"):
        shapespec.nothing  # noqa: B018


def test_the_names_are_listed() -> None:
    """`dir` and completion in a notebook have the public names, and no others."""
    assert sorted(shapespec.__all__) == dir(shapespec)


def test_importing_loads_nothing() -> None:
    """`import shapespec` loads no other module of ours."""
    code = "import sys, shapespec; print([m for m in sys.modules if 'shapespec.' in m])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert b"[]" == done.stdout.strip()


def test_a_traceback_shows_every_error() -> None:
    """The first error is the message, and the others are notes."""
    package = compile_text(WEATHER).package
    with pytest.raises(package.InvalidResponse) as raised:
        package.Reading.from_response({"Station": "", "Sky": ""})

    shown = "".join(traceback.format_exception_only(raised.value))

    assert (1, 1) == (shown.count("/Station"), shown.count("/Sky"))
    assert InvalidResponse([]).args == ("no errors",)


def test_models_show_what_is_set() -> None:
    """What is absent is not in a model's `repr`."""
    reading = compile_text(WEATHER).package.Reading

    assert "Reading(station='a')" == repr(reading.from_response({"Station": "a"}))
    both = reading.from_response({"Station": "a", "Sky": "b"})
    assert "Reading(station='a', sky='b')" == repr(both)


def test_the_findings_of_a_file(tmp_path: Path) -> None:
    """Each finding has its place; a line that cannot be read is one, too."""
    spec, file = tmp_path / "weather.yaml", tmp_path / "readings.ndjson"
    spec.write_text(WEATHER, "utf-8")
    file.write_text(READINGS, "utf-8")

    found = shapespec.validate_file(file, spec)

    assert [(2, 2, "length", "/Station"), (3, 1, "unreadable", "")] == [
        (one.line, one.column, one.rule, one.pointer) for one in found
    ]
    assert f"{file}:2:2: error[length] at /Station: " in str(found[0])
    assert found == pickle.loads(pickle.dumps(found))
    assert {"file", "line", "column"} < set(json.loads(json.dumps(found[0].as_dict())))
    assert "<table>" in vars(type(found))["_repr_html_"](found)


def test_findings_of_every_contract_are_findings(tmp_path: Path) -> None:
    """One type tells them from other objects, whoever made them."""
    spec, file = tmp_path / "weather.yaml", tmp_path / "readings.ndjson"
    spec.write_text(WEATHER, "utf-8")
    file.write_text(READINGS, "utf-8")
    made = (
        *sagemaker_training_job.validate({}),
        *shapespec.load_contract(spec).validate({}),
        *shapespec.load_contract("aws:sqs:SendMessage").validate({"MD5": 1}),
        *shapespec.validate_file(file, spec),
    )

    assert len({type(one) for one in made}) == 4
    assert all(isinstance(one, shapespec.Finding) for one in made)
    others: tuple[object, ...] = (None, {"rule": "type"}, [*made], made[0].as_dict())
    assert not any(isinstance(one, shapespec.Finding) for one in others)


def test_a_file_by_a_package() -> None:
    """A generated package is a contract, and without one the shipped one is meant."""
    examples = ROOT / "spec" / "sagemaker" / "examples"
    broken = shapespec.validate_file(examples / "broken.json", sagemaker_training_job)

    assert [] == shapespec.validate_file(str(examples / "valid.json"))
    assert broken == shapespec.validate_file(examples / "broken.json")
    assert [(2, 3, "pattern")] == [(x.line, x.column, x.rule) for x in broken[:1]]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"contract": "none.yaml"}, "cannot read"),
        ({"shape": "Nothing"}, "Nothing"),
        ({"form": "cobol"}, "cobol"),
    ],
)
def test_a_file_that_cannot_be_judged(
    tmp_path: Path, options: dict[str, str], expected: str
) -> None:
    """A contract, a shape or a form that is not there, and a missing file, are said."""
    file = tmp_path / "x.json"
    with pytest.raises(Unusable, match=r"cannot read .*x\.json: "):
        shapespec.validate_file(file)
    file.write_text("{}", "utf-8")

    with pytest.raises(Unusable, match=expected):
        shapespec.validate_file(file, **options)  # type: ignore[arg-type]


HOSTILE = "<script>alert(1)</script>&\u202e\x1b[31m"


def test_findings_in_a_notebook() -> None:
    """They are a table, in which nothing of a response is markup."""
    response = {HOSTILE: 1, "TrainingJobName": HOSTILE, "TrainingJobStatus": HOSTILE}
    found = sagemaker_training_job.validate(response)
    with pytest.raises(InvalidResponse) as raised:
        DescribeTrainingJobResponse.from_response(response)

    for shown in (found, raised.value.findings, found[0]):
        html = vars(type(shown))["_repr_html_"](shown)
        assert html.startswith("<table><thead><tr><th>severity</th>")
        tags = set(re.findall(r"</?([a-z]+)", html))
        assert {"table", "thead", "tbody", "tr", "th", "td"} == tags
        assert not {"\x1b", "\u202e"} & set(html)
        assert "&lt;script&gt;" in html
    assert isinstance(found, list)
    assert found == pickle.loads(pickle.dumps(found))


def test_many_findings_in_a_notebook() -> None:
    """A hundred are shown, and the others counted; none is shown as none."""
    package = compile_text(WEATHER).package
    found = package.validate({f"M{one}": 0 for one in range(150)}, strict=True)

    html = found._repr_html_()

    assert (101, 1) == (html.count("<tr>"), html.count("<p>and 51 more</p>"))
    assert "<p>no findings</p>" == package.validate({"Station": "n"})._repr_html_()


def response_of(name: str) -> object:
    return json.loads((ROOT / "spec/sagemaker/examples" / name).read_text("utf-8"))


def test_a_structure_is_checked_again() -> None:
    """A changed copy is checked whatever is in it; the original stays valid."""
    job = DescribeTrainingJobResponse.from_response(response_of("valid.json"))
    odd: dict[str, object] = {
        "training_job_name": "a_b",
        "creation_time": "yesterday",
        "stopping_condition": 7,
        "input_data_config": (object(), None),
        "extra_members": {"New": {"x": (1, datetime.now(UTC))}},
    }

    found = replace(job, **odd).validate()  # type: ignore[arg-type]

    assert [] == job.validate(strict=True)
    assert {
        ("pattern", "/TrainingJobName"),
        ("timestamp", "/CreationTime"),
        ("type", "/StoppingCondition"),
        ("type", "/InputDataConfig/0"),
        ("unknown-member", "/New"),
    } <= {(one.rule, one.pointer) for one in found}
    with pytest.raises(FrozenInstanceError):
        job.training_job_name = "b"  # type: ignore[misc]


def test_required_members_that_are_taken_away() -> None:
    """None in place of a required member is a finding at its place."""
    job = DescribeTrainingJobResponse.from_response(response_of("valid.json"))

    found = replace(job, creation_time=None).validate()  # type: ignore[arg-type]

    assert [("required", "/CreationTime")] == [(x.rule, x.pointer) for x in found]


def test_a_part_of_a_response_is_checked() -> None:
    """A structure that is no root is checked by its own shape."""
    package = compile_text(NESTED).package
    tree = package.Tree.from_response({"Name": "a", "Below": [{"Name": "b"}]})

    (below,) = tree.below
    assert [] == below.validate()
    deep = below
    for _ in range(5_000):
        deep = replace(below, below=(deep,))
    assert [] == deep.validate()
    (found,) = replace(deep, below=(replace(below, name=""),)).validate()
    assert ("length", "/Below/0/Name") == (found.rule, found.pointer)


NESTED = """\
shapespec: 1
package: trees
shapes:
  Tree:
    type: structure
    members:
      Name: {type: string, length: {min: 1}, required: true}
      Below: {type: list, member: Tree}
"""


def test_a_member_called_validate() -> None:
    """A member of that name does not hide the method."""
    package = compile_text(
        WEATHER.replace("      Sky:", "      Validate: {type: boolean}\n      Sky:")
    ).package

    reading = package.Reading.from_response({"Station": "a", "Validate": True})

    assert (True, []) == (reading.validate_, reading.validate())


def test_dir_names_each_thing_once() -> None:
    """Names that have been used are not named twice."""
    assert sagemaker_training_job.is_valid is not None
    named = dir(sagemaker_training_job)

    assert sorted(set(named)) == named
