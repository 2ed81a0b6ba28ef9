"""Spark, a real one: verdicts where the rows are, and schemas that it reads with."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from shapespec.backends.spark import MOST_FIELDS
from tests.support import ROOT, compile_text, run_shapespec
from tests.support.spark_runs import LOANS

PYTHON = Path(os.environ.get("SHAPESPEC_SPARK", ROOT / ".venv/spark/bin/python"))
"""Of an environment with PySpark; `make .venv/.spark` makes it."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What one session of Spark found."""
    if not PYTHON.exists():
        pytest.skip("PySpark (450 MB) is not installed; `make interop` brings it")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: apt-get install openjdk-17-jre-headless")
    folder = tmp_path_factory.mktemp("spark")
    (folder / "loans.yaml").write_text(LOANS, "utf-8")
    for name, form in (("rows", "aws-cli"), ("wire", "wire")):
        made = run_shapespec("sample", "--count", "50", "--seed", "3", "--form", form)
        (folder / f"{name}.ndjson").write_text(made.stdout, "utf-8")
    target = ("--target", "spark-schema", "--out", folder)
    run_shapespec("generate", *target)
    run_shapespec("generate", folder / "loans.yaml", *target)
    done = subprocess.run(
        [PYTHON, ROOT / "tests" / "support" / "spark_runs.py", folder],
        capture_output=True,
        text=True,
        check=False,
        env={name: one for name, one in os.environ.items() if name != "PYTHONPATH"},
    )
    assert 0 == done.returncode, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_executors_need_nothing(runs: Any) -> None:
    """The package goes to executors that have neither it nor shapespec."""
    assert runs["nothing_there"]


def test_a_column_of_text(runs: Any) -> None:
    """Each row has a verdict, other columns stay, and nothing runs before it has to."""
    found = runs["texts"]

    assert (0, ["id", "response", "verdict"]) == (found["jobs"], found["columns"])
    assert found["kept"]
    assert {"50", "51", "52", "53"} == found["bad"].keys()
    assert ["unreadable"] == found["bad"]["50"] == found["bad"]["53"]
    assert ["type"] == found["bad"]["51"]
    assert {"pattern", "required"} == {*found["bad"]["52"]}
    assert found["strict"] <= 50


def test_the_schema_of_verdicts(runs: Any) -> None:
    """Findings are an array of structures, and all may be null."""
    verdict = runs["texts"]["schema"]

    valid, findings = verdict["type"]["fields"]
    names = [field["name"] for field in findings["type"]["elementType"]["fields"]]
    assert ("valid", "findings") == (valid["name"], findings["name"])
    assert ["rule", "severity", "pointer", "message", "shape"] == names
    assert valid["nullable"]
    assert findings["nullable"]
    assert findings["type"]["containsNull"]


def test_the_summary(runs: Any) -> None:
    """Rules are counted by findings and by responses."""
    by_rule = {(row["rule"], row["pointer"]): row for row in runs["texts"]["summary"]}

    two = by_rule["unreadable", ""]
    assert (2, 2, "error") == (two["findings"], two["responses"], two["severity"])
    assert 1 == by_rule["pattern", "/TrainingJobName"]["findings"]


def test_columns_of_structures(runs: Any) -> None:
    """Fifty of fifty rows are right, however Spark came by the structures."""
    found = runs["structures"]

    assert ("struct", "map") == (found["settings"], found["maps"])
    assert [50, 50, 50, 50] == [
        found[name] for name in ("inferred", "text schema", "wire schema", "variants")
    ]
    assert 0 == found["wire schema is not of text"]


def test_a_contract_of_ones_own(runs: Any) -> None:
    """A spec is compiled and sent; JSON text below a shape in itself is read."""
    assert [[], ["/Next/Days", "/Next/Next/Days"]] == runs["loans"]["pointers"]


@pytest.mark.parametrize("kind", ["bytes", "text"])
def test_cells_that_are_not_utf8(runs: Any, kind: str) -> None:
    """One is unreadable, and the job goes on."""
    right = [[], [["unreadable", ""]], [["required", "/Days"]]]

    assert right == runs["odd"][kind]


def test_halves_of_characters(runs: Any) -> None:
    """A finding whose pointer has one can be told."""
    assert [[["unknown-member", "/a\\ud800"]]] == runs["odd"]["half"]


def test_nan_is_absent(runs: Any) -> None:
    """Frames that came from pandas have it in place of null."""
    absent, there = runs["odd"]["nan"]

    assert [["required", "/Days"]] == absent
    assert [] == there
    assert [[["unreadable", ""]]] == runs["odd"]["twice"]


def test_responses_of_the_summary(runs: Any) -> None:
    """A response with three findings of a rule is one."""
    counts = {(rule, at): many for rule, at, *many in runs["odd"]["summary"]}

    assert [3, 1] == counts["type", "/Paid/*"]
    assert [1, 1] == counts["type", "/Days"]


def test_what_cannot_be_meant(runs: Any) -> None:
    """Each says what is wrong, and what there is."""
    wanted = (
        "there is no column 'respons'; there are: id, response",
        "a column of type int holds no responses",
        "the column 'id' is there already; name another: into=",
        "the column 'ID' is there already; name another: into=",
        "no form is called 'nosuch'",
        "there is no column 'verdict'; call with_verdicts first",
    )

    for start, said in zip(wanted, runs["refused"], strict=True):
        assert said.startswith(start), said


def schema_of(spec: str, root: str, variant: str = "") -> Any:
    files = compile_text(spec, targets=("spark-schema",)).files
    package = compile_text(spec, targets=("spark-schema",)).schema.package
    return json.loads(files[f"spark/{package}/{root}{variant}.json"])


def test_a_schema_for_spark() -> None:
    """Maps are maps, all may be null, and what contains itself ends in text."""
    made = schema_of(LOANS, "Loan")

    def field(name: str, kind: Any) -> dict[str, Any]:
        return {"name": name, "type": kind, "nullable": True, "metadata": {}}

    settings = {
        "type": "map",
        "keyType": "string",
        "valueType": "string",
        "valueContainsNull": True,
    }
    paid = {"type": "array", "elementType": "long", "containsNull": True}
    assert {
        "type": "struct",
        "fields": [
            field("Days", "long"),
            field("Settings", settings),
            field("Notes", "string"),
            field("Paid", paid),
            field("Next", "string"),
        ],
    } == made


def test_timestamps_have_two_schemas() -> None:
    """What reads text and what reads numbers are files of their own."""
    spec = (
        "shapespec: 1\npackage: clocks\nshapes:\n"
        "  Clock: {type: structure, members: {At: timestamp}}\n"
    )

    text, epoch = schema_of(spec, "Clock"), schema_of(spec, "Clock", ".epoch")

    assert ["string", "double"] == [one["fields"][0]["type"] for one in (text, epoch)]


def test_a_schema_has_an_end() -> None:
    """Shapes that share shapes many times over end in text, and not in memory."""
    shapes = "".join(
        f"  S{n}: {{type: structure, members: {{A: S{n + 1}, B: S{n + 1}}}}}\n"
        for n in range(60)
    )
    spec = (
        "shapespec: 1\npackage: wide\nroots: [S0]\nshapes:\n"
        f"{shapes}  S60: {{type: structure, members: {{Z: string}}}}\n"
    )

    (text,) = compile_text(spec, targets=("spark-schema",)).files.values()

    assert text.count('"name"') <= MOST_FIELDS + 2
