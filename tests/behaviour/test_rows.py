"""Rows of a warehouse: CSV as SQL editors export it, and what a loader takes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from sagemaker_training_job import DescribeTrainingJobResponse, is_valid, validate
from tests.behaviour.test_forms import JOB, SMALL, VALID
from tests.support import compile_text, run_shapespec
from tests.support.postgresql import Absent, postgresql

FORM = "datadog-ddsql"
ARN = "arn:aws:sagemaker:eu-west-1:123456789012:training-job/job"
CELLS = {
    "_key": "k-1",
    "account_id": "123456789012",
    "tags": "",
    "training_job_name": "job",
    "training_job_arn": ARN,
    "training_job_status": "InProgress",
    "secondary_status": "Starting",
    "stopping_condition": '{"MaxRuntimeInSeconds": 3600}',
    "creation_time": "2025-03-14 09:26:53.25+00",
    "enable_managed_spot_training": "f",
    "training_time_in_seconds": "",
    "billable_time_in_seconds": "500",
    "failure_reason": "",
    "hyper_parameters": '"eta"=>"0.2", "a"=>"1"',
    "vpc_config": "",
}


def table(*rows: dict[str, str], delimiter: str = ",", end: str = "\n") -> str:
    """CSV with a record of names."""
    text = io.StringIO(newline="")
    names = dict.fromkeys(name for row in rows for name in row)
    writer = csv.DictWriter(text, names, delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def verdicts(path: Path, *options: str) -> list[dict[str, Any]]:
    """What `validate` says of each row."""
    done = run_shapespec("validate", str(path), "--format", "json", *options)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("options", [(), ("--form", FORM)])
def test_csv_is_read_exactly(
    tmp_path: Path, delimiter: str, end: str, options: tuple[str, ...]
) -> None:
    """Numbers, booleans, times, JSON and hstore; an empty cell is an absent member."""
    path = tmp_path / "jobs.csv"
    text = table(CELLS, CELLS, delimiter=delimiter, end=end)
    path.write_text("\ufeff" + text, "utf-8", newline="")

    said = verdicts(path, *options)
    done = run_shapespec("convert", "--from", FORM, "--to", "wire", str(path))

    assert [(f"{path}:2", True), (f"{path}:3", True)] == [
        (one["source"], one["valid"]) for one in said
    ]
    first, second = map(json.loads, done.stdout.splitlines())
    assert first == second
    assert {
        "TrainingJobName": "job",
        "TrainingJobArn": ARN,
        "TrainingJobStatus": "InProgress",
        "SecondaryStatus": "Starting",
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "CreationTime": 1741944413.25,
        "EnableManagedSpotTraining": False,
        "BillableTimeInSeconds": 500,
        "HyperParameters": {"eta": "0.2", "a": "1"},
    } == first


@pytest.mark.parametrize(
    ("column", "cell", "rule"),
    [
        ("enable_managed_spot_training", "yes", "type"),
        ("enable_managed_spot_training", "1", "type"),
        ("billable_time_in_seconds", "1e2", "type"),
        ("billable_time_in_seconds", "1.5", "type"),
        ("billable_time_in_seconds", "-5", "range"),
        ("billable_time_in_seconds", "five", "type"),
        ("billable_time_in_seconds", "NaN", "type"),
        ("creation_time", "03/14/2025 09:26", "timestamp"),
        ("creation_time", "", "required"),
        ("stopping_condition", "{", "type"),
        ("hyper_parameters", "eta=0.2", "type"),
        ("training_job_status", "", "required"),
    ],
)
def test_cells_that_are_wrong(
    tmp_path: Path, column: str, cell: str, rule: str
) -> None:
    """Each is a finding at its column, on the line of its record."""
    path = tmp_path / "jobs.csv"
    path.write_text(table(CELLS, {**CELLS, column: cell}), "utf-8")

    good, bad = verdicts(path, "--form", FORM)

    assert good["valid"]
    assert (f"{path}:3", False) == (bad["source"], bad["valid"])
    errors = [one for one in bad["findings"] if one["severity"] == "error"]
    assert [(rule, f"/{column}")] == [(one["rule"], one["pointer"]) for one in errors]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("TRUE", True), ("true", True), ("t", True), ("F", False), ("False", False)],
)
def test_spellings_of_booleans(cell: str, *, value: bool) -> None:
    """Those of PostgreSQL and of spreadsheets."""
    row = {**CELLS, "enable_network_isolation": cell}

    job = DescribeTrainingJobResponse.from_response(row, form=FORM)

    assert value is job.enable_network_isolation


@pytest.mark.parametrize("cell", ["100", "+100", "100.0", "0100"])
def test_spellings_of_integers(cell: str) -> None:
    """Data frames make floats of a column with gaps."""
    row = {**CELLS, "training_time_in_seconds": cell}

    job = DescribeTrainingJobResponse.from_response(row, form=FORM)

    assert 100 == job.training_time_in_seconds


def test_a_row_of_a_reader_of_csv_needs_no_form() -> None:
    """All of it is text, so it can be nothing else; empty text is absent."""
    (row,) = csv.DictReader(io.StringIO(table(CELLS)))

    assert [] == [one for one in validate(row) if one.severity != "note"]
    job = DescribeTrainingJobResponse.from_response(row)
    assert job.failure_reason is None
    assert 500 == job.billable_time_in_seconds


def test_empty_text_is_text_where_the_row_is_not_csv() -> None:
    """No column tells that it is; the text of a member may be empty."""
    row = {
        name: cell
        for name, cell in CELLS.items()
        if cell or name in ("failure_reason", "tags")
    }

    job = DescribeTrainingJobResponse.from_response(row, form=FORM)

    assert "" == job.failure_reason
    assert {} == job.extra_members["tags"]  # hstore without pairs


@pytest.mark.parametrize(
    ("column", "value", "right"),
    [
        ("_key", "k", True),
        ("_key", None, True),
        ("_key", 7, False),
        ("account_id", "123456789012", True),
        ("account_id", 123456789012, False),
        ("tags", '"env"=>"prod"', True),
        ("tags", "env:prod,team:a", True),
        ("tags", ["env:prod"], True),
        ("tags", {"env": "prod"}, True),
        ("tags", 5, False),
        ("tags", [5], False),
        ("tags", {"env": 5}, False),
        ("tags", True, False),
    ],
)
def test_columns_of_the_warehouse_have_types(
    column: str, value: object, *, right: bool
) -> None:
    """They are in the spec; a wrong one is an error at its column."""
    row = {name: cell for name, cell in CELLS.items() if cell} | {column: value}
    findings = [one for one in validate(row, form=FORM) if one.severity == "error"]

    assert right is is_valid(row, form=FORM) is is_valid(row)
    assert ([] if right else [("type", f"/{column}")]) == [
        (one.rule, one.pointer) for one in findings
    ]


TYPED = """
shapespec: 1
package: library
shapes:
  Loan: {type: structure, members: {Book: {type: string, required: true}}}
forms:
  row:
    timestamps: {read: [iso-8601], write: iso-8601}
    columns: [json, hstore, text]
    table: loans
    extra_members:
      S: string
      I: integer
      N: number
      B: boolean
      T: timestamp
      J: json
      H: hstore
"""


@pytest.mark.parametrize(
    ("column", "right", "wrong"),
    [
        ("I", [1, "1", 2.0, None], [True, "a", 1.5, [1]]),
        ("N", [1, 1.5, "1.5", "1e3"], ["a", False, {}]),
        ("B", [True, "f"], ["no", 1]),
        ("T", ["2025-03-14T09:26:53Z"], ["soon", 5]),
        ("J", ["[1]", {}, [1]], ["{", 5, "5"]),
        (
            "H",
            ['"a"=>"1"', {"a": "1"}, {"a": None}, '{"a": "1"}'],
            ["a:1", 5, {"a": 1}],
        ),
        ("S", ["", "5"], [5, []]),
    ],
)
def test_every_type_of_a_column(
    column: str, right: list[object], wrong: list[object]
) -> None:
    """Text of CSV is read as the type, as in columns of members."""
    package = compile_text(TYPED, targets=("dataclasses", "validators")).package

    for value in right:
        row = {"Book": "Emma", column: value}
        assert [] == package.validate(row, form="row"), value
    for value in wrong:
        row = {"Book": "Emma", column: value}
        rules = [one.rule for one in package.validate(row, form="row")]
        assert ["timestamp" if column == "T" else "type"] == rules, value


def test_a_loader_gets_text() -> None:
    """A structure or list is JSON text, a map hstore text; it comes back the same."""
    row = JOB.to_response(form=FORM)

    assert not [name for name, item in row.items() if isinstance(item, dict | list)]
    assert VALID["AlgorithmSpecification"] == json.loads(row["algorithm_specification"])
    assert row["hyper_parameters"].startswith('"')
    assert JOB == DescribeTrainingJobResponse.from_response(row, form=FORM)


@pytest.mark.parametrize(
    "pairs",
    [
        {},
        {"a": ""},
        {
            'q"': "\\",
            "\\": '"',
            ",": "=>",
            "NULL": "null",
            " ": "x y",
            "é": "\U0001f600",
        },
    ],
)
def test_hstore_text_comes_back(pairs: dict[str, str]) -> None:
    """Whatever keys and values there are."""
    job = DescribeTrainingJobResponse.from_response({**SMALL, "HyperParameters": pairs})

    row = job.to_response(form=FORM)
    again = DescribeTrainingJobResponse.from_response(row, form=FORM)

    assert isinstance(row["hyper_parameters"], str)
    assert pairs == again.hyper_parameters


def test_convert_writes_csv(tmp_path: Path) -> None:
    """It has a column for each member and for what the warehouse adds."""
    given, rows = tmp_path / "job.json", tmp_path / "rows.csv"
    given.write_text(json.dumps([VALID, SMALL]))

    done = run_shapespec(
        *("convert", "--rows", "--from", "aws-cli", "--to", FORM, str(given)),
        *("-o", str(rows)),
    )
    back = run_shapespec("convert", "--from", FORM, "--to", "wire", str(rows))

    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)
    expected = [
        DescribeTrainingJobResponse.from_response(one).to_response(form="wire")
        for one in (VALID, SMALL)
    ]
    assert expected == [*map(json.loads, back.stdout.splitlines())]
    names = rows.read_text("utf-8").partition("\n")[0].split(",")
    assert 50 + 3 == len(names)
    assert ['"_key"', '"account_id"', '"tags"'] == names[-3:]


def test_what_cannot_be_said_is_named(tmp_path: Path) -> None:
    """Columns of a warehouse, empty lists in R, parts of milliseconds in events."""
    tags = {"_key": "k", "account_id": "1", "tags": "a"}
    row = {name: cell for name, cell in CELLS.items() if cell} | tags
    done = run_shapespec(
        "convert", "--from", FORM, "--to", "wire", "-", stdin=json.dumps(row)
    )
    job = {**SMALL, "InputDataConfig": [], "CreationTime": 1741944413.2501}
    r = run_shapespec(
        "convert", "--from", "wire", "--to", "paws", "-", stdin=json.dumps(job)
    )
    event = run_shapespec(
        "convert", "--from", "wire", "--to", "eventbridge", "-", stdin=json.dumps(job)
    )
    new = {**SMALL, "New": 1, "FailureReason": ""}
    cells = run_shapespec(
        *("convert", "--from", "wire", "--to", FORM, "-"),
        *("-o", str(tmp_path / "x.csv")),
        stdin=json.dumps(new),
    )

    assert (
        "note: wire cannot say all; lost: _key (no member of wire) in 1,"
        " account_id (no member of wire) in 1, tags (no member of wire) in 1\n"
    ) == done.stderr
    assert (
        "note: paws cannot say all; lost: InputDataConfig (an empty list) in 1\n"
        == (r.stderr)
    )
    assert (
        "note: eventbridge cannot say all; lost: CreationTime (less than a millisecond)"
        " in 1\n"
    ) == event.stderr
    assert "FailureReason (an empty string) in 1" in cells.stderr
    assert "New (all of it) in 1" in cells.stderr


def test_what_the_other_form_has_too_is_kept() -> None:
    """A row stays a row with all its columns."""
    row = {name: cell for name, cell in CELLS.items() if cell} | {"tags": "a:b"}

    done = run_shapespec(
        "convert", "--from", FORM, "--to", FORM, "-", stdin=json.dumps(row)
    )

    found = json.loads(done.stdout)
    assert "" == done.stderr
    assert ("k-1", "123456789012", "a:b") == (
        found["_key"],
        found["account_id"],
        found["tags"],
    )


def test_only_rows_are_csv(tmp_path: Path) -> None:
    """Another form has no columns."""
    done = run_shapespec(
        *("convert", "--from", "wire", "--to", "boto3", "-"),
        *("-o", str(tmp_path / "x.csv")),
        stdin=json.dumps(SMALL),
    )

    assert 2 == done.returncode
    assert "boto3 is not a form of rows, so it cannot be CSV" in done.stderr


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a,a\n1,2\n", "it has several columns 'a'"),
        ("a,b\n1\n", "the record has 1 fields, and there are 2 columns"),
        ("a,b\n1,2,3\n", "the record has 3 fields, and there are 2 columns"),
        ('a,b\n1,"2\n', "it is not CSV: unexpected end of data"),
        ("a,b\n\udcff,2\n", "the record is not UTF-8"),
        ("", "it has no record with the names of columns"),
    ],
)
def test_what_is_not_a_table(tmp_path: Path, text: str, problem: str) -> None:
    """The line and the reason are named."""
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))

    (said,) = verdicts(path)

    assert problem == said["unreadable"]


def test_postgresql_copies_what_convert_writes(tmp_path: Path) -> None:
    """The table of the target `sql` takes the file; empty cells are NULL."""
    given, rows, ddl = tmp_path / "job.json", tmp_path / "rows.csv", tmp_path / "sql"
    given.write_text(json.dumps([VALID, SMALL]))
    run_shapespec(
        *("convert", "--rows", "--from", "aws-cli", "--to", FORM, str(given)),
        *("-o", str(rows)),
    )
    run_shapespec("generate", "--target", "sql", "--out", str(ddl))
    script = next(ddl.rglob("postgresql.sql")).read_text("utf-8")
    try:
        with postgresql() as server:
            found = server.query(
                f"BEGIN;\n{script}\n"
                f"\\copy describe_training_job_response FROM '{rows}' CSV HEADER\n"
                "SELECT training_job_name, failure_reason IS NULL,"
                " stopping_condition->>'MaxRuntimeInSeconds', hyper_parameters->'eta'"
                " FROM describe_training_job_response ORDER BY creation_time;\n"
                "ROLLBACK;"
            )
    except Absent as absent:
        pytest.skip(str(absent))
    assert VALID["TrainingJobName"] in found
    assert "job|t|3600|" in found
