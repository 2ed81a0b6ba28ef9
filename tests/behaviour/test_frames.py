"""Data frames and arrays of Arrow: every route of rows, and findings of bad ones."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, NamedTuple

import pytest

import sagemaker_training_job
from sagemaker_training_job import DescribeTrainingJobResponse
from shapespec import arrow, frames, spark
from shapespec.ground.errors import Unusable
from tests.support import ROOT as REPOSITORY, compile_text, run_shapespec
from tests.support.sent import Session

pytest.importorskip("narwhals", reason="the extra `frames` is not installed")
pa = pytest.importorskip("pyarrow", reason="pyarrow (55 MB) is not installed")
pd = pytest.importorskip("pandas", reason="pandas is not installed")
duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")

TIMES = ("CreationTime", "LastModifiedTime", "TrainingStartTime", "TrainingEndTime")


def polars() -> ModuleType:
    found: ModuleType = pytest.importorskip(
        "polars", reason="polars (55 MB) is not installed; `make interop` brings it"
    )
    return found


@dataclass(frozen=True)
class Made:
    """Fifty valid responses: as text, as rows, and as files."""

    lines: list[str]
    rows: list[dict[str, Any]]
    json: Path
    parquet: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("frames")
    lines = run_shapespec("sample", "--count", "50", "--seed", "3").stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    file = folder / "rows.ndjson"
    file.write_text("\n".join(lines), "utf-8")
    parquet = folder / "rows.parquet"
    duckdb.sql(f"copy (from read_json_auto('{file}')) to '{parquet}'")
    return Made(lines, rows, file, parquet)


def with_times(frame: Any) -> Any:
    """The same with columns of Timestamps, and NaT where there is none."""
    for name in TIMES:
        frame[name] = pd.to_datetime(frame[name], format="ISO8601", utc=True)
    return frame


FRAMES: dict[str, Callable[[Made], Any]] = {
    "pandas": lambda made: pd.DataFrame(made.rows),
    "pandas with dtypes": lambda made: pd.DataFrame(made.rows).convert_dtypes(),
    "pandas with NaT": lambda made: with_times(pd.DataFrame(made.rows)),
    "pandas of Parquet": lambda made: pd.read_parquet(made.parquet),
    "pandas of Arrow": lambda made: pd.read_parquet(
        made.parquet, dtype_backend="pyarrow"
    ),
    "polars": lambda made: polars().read_ndjson(made.json, infer_schema_length=None),
    "polars of Parquet": lambda made: polars().read_parquet(made.parquet),
    "polars, lazy": lambda made: polars().scan_parquet(made.parquet),
    "pyarrow": lambda made: duckdb.sql(f"from '{made.parquet}'").to_arrow_table(),
    "duckdb of JSON": lambda made: duckdb.sql(f"from read_json_auto('{made.json}')"),
    "duckdb of Parquet": lambda made: duckdb.sql(f"from '{made.parquet}'"),
}
"""Frames of the fifty, as people come by them."""

ROWS: dict[str, Callable[[Made], Iterator[Any]]] = {
    "records": lambda made: iter(pd.DataFrame(made.rows).to_dict("records")),
    "iterrows": lambda made: (row for _, row in pd.DataFrame(made.rows).iterrows()),
    "itertuples": lambda made: pd.DataFrame(made.rows).itertuples(),
    "records with NaT": lambda made: iter(
        with_times(pd.DataFrame(made.rows)).to_dict("records")
    ),
    "records of Parquet": lambda made: iter(
        pd.read_parquet(made.parquet).to_dict("records")
    ),
    "to_pylist": lambda made: iter(
        duckdb.sql(f"from '{made.parquet}'").to_arrow_table().to_pylist()
    ),
    "scalars of Arrow": lambda made: iter(
        duckdb.sql(f"from '{made.parquet}'").to_arrow_table().to_struct_array()
    ),
    "dataclasses": lambda made: map(
        DescribeTrainingJobResponse.from_response, made.rows
    ),
    "read-only mappings": lambda made: map(MappingProxyType, made.rows),
}
"""Rows of the fifty, as people take them out of frames."""


def rows_of(found: Any) -> list[dict[str, Any]]:
    """The rows of a frame of findings, of whatever library."""
    if hasattr(found, "to_arrow_table"):
        found = found.to_arrow_table()
    for name in ("to_dicts", "to_pylist"):
        if hasattr(found, name):
            rows: list[dict[str, Any]] = getattr(found, name)()
            return rows
    records: list[dict[str, Any]] = found.to_dict("records")
    return records


@pytest.mark.parametrize("route", FRAMES)
def test_every_row_of_a_frame_is_right(made: Made, route: str) -> None:
    """Fifty of fifty rows have no finding, and the frame of findings is empty."""
    frame = FRAMES[route](made)

    found = frames.validate(frame)

    assert [] == rows_of(found)
    assert ["row", "rule", "severity", "pointer", "message"] == [*found.columns] or (
        [*frames.COLUMNS] == found.column_names
    )


@pytest.mark.parametrize("route", ROWS)
def test_every_row_by_itself_is_right(made: Made, route: str) -> None:
    """The form `frame` takes each row as a library hands it out."""
    judged = [
        sagemaker_training_job.validate(row, form="frame") for row in ROWS[route](made)
    ]

    assert [[]] * 50 == judged


@pytest.mark.parametrize("route", FRAMES)
def test_faults_are_found_by_every_route(made: Made, route: str) -> None:
    """A frame whose rows have faults says which, in the caller's library."""
    frame = FRAMES[route](made)

    strict = frames.validate(frame, form="wire")

    # That form writes times as numbers, and each row has some that are not.
    found = rows_of(strict)
    assert [*range(50)] == sorted({row["row"] for row in found})
    assert {"timestamp"} == {row["rule"] for row in found}
    assert type(frame).__module__.split(".")[0] == type(strict).__module__.split(".")[
        0
    ] or ("lazy" in route)


def test_rows_have_the_labels_of_the_index(made: Made) -> None:
    """A finding names its row as pandas does, numbers and pairs of labels too."""
    rows = [*made.rows[:3], {**made.rows[3], "TrainingJobStatus": 3}]
    frame = pd.DataFrame(rows, index=list("abcd"))
    pairs = frame.set_index([[1, 1, 2, 2], list("abcd")])
    days = frame.set_index(pd.date_range("2025-03-11", periods=4))

    named = frames.validate(frame)
    paired = frames.validate(pairs)
    dated = frames.validate(days)

    pointer = "/TrainingJobStatus"
    assert [("d", pointer)] == [*zip(named["row"], named["pointer"], strict=True)]
    assert [(2, "d")] == [*paired["row"]]
    assert [pd.Timestamp("2025-03-14")] == [*dated["row"]]


def test_a_column_of_text(made: Made) -> None:
    """JSON in a column is exact: what cannot be read, and null, are findings too."""
    cells = [
        *made.lines[:2],
        '{"a": 1, "a": 2}',
        "[NaN]",
        None,
        made.lines[2].encode(),
        b"\xff",
    ]
    frame = pd.DataFrame({"id": range(7), "response": cells}, index=list("abcdefg"))

    found = frames.validate(frame, column="response")

    twice = "an object has the same name twice, at line 1, column 10"
    assert [
        ("c", "unreadable", "error", "", twice),
        ("d", "unreadable", "error", "", "it contains NaN, which is not JSON"),
        ("e", "type", "error", "", "expected an object, got null"),
        ("g", "unreadable", "error", "", "it is not UTF-8: byte 0 is invalid"),
    ] == [*found.itertuples(index=False, name=None)]


def test_a_column_of_structures(made: Made) -> None:
    """A struct column is read as a row is: null is what is absent."""
    table = duckdb.sql(f"select r from (from '{made.parquet}') r").to_arrow_table()

    found = frames.validate(table, column="r")
    series = frames.validate(polars().from_arrow(table)["r"])

    assert [] == rows_of(found) == rows_of(series)


def test_a_contract_of_ones_own(tmp_path: Path) -> None:
    """Any address will do, and any shape of it; lists of pairs are maps."""
    spec = tmp_path / "loans.yaml"
    spec.write_text(
        "shapespec: 1\npackage: loans\nroots: [Loan, Tag]\nshapes:\n"
        "  Loan:\n    type: structure\n    members:\n"
        "      days: {target: integer, required: true}\n"
        "      tags: {type: list, member: Tag}\n"
        "      settings: {type: map, key: string, value: integer}\n"
        "  Tag: {type: structure, members: {key: string, value: string}}\n",
        "utf-8",
    )
    pairs = pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64()))
    tags = pa.array([[{"key": "k", "value": "v"}], []])
    table = pa.table({"days": [3.0, None], "tags": tags, "settings": pairs})

    found = frames.validate(table, spec, shape="Loan")
    with pytest.raises(Unusable, match="name one with shape="):
        frames.validate(table, spec)

    assert [(1, "required", "/days")] == [
        (row["row"], row["rule"], row["pointer"]) for row in found.to_pylist()
    ]


class Row(NamedTuple):
    """A row as a tuple with names."""

    Name: str
    Count: Any


def test_odd_values_of_frames() -> None:
    """What libraries of frames put into cells is read as JSON would have it."""
    import numpy as np

    package: Any = compile_text(
        "shapespec: 1\npackage: odd\nshapes:\n  Thing:\n    type: structure\n"
        "    members:\n      Name: string\n      Count: integer\n      Share: double\n"
        "      On: boolean\n      At: timestamp\n"
        "      Many: {type: list, member: long}\n"
        "      Map: {type: map, key: string, value: string}\n      Any: document\n"
    ).package
    cells: dict[str, list[Any]] = {
        "Count": [np.int64(3), np.float32(3), Decimal("3.00"), pd.NA, np.nan, pd.NaT],
        "Share": [np.float16(0.5), Decimal("0.25"), float("nan"), Decimal("NaN"), 1],
        "On": [np.bool_(1), pd.NA, None],
        "At": [
            pd.Timestamp("2025-03-14"),
            np.datetime64("2025-03-14T01:02:03.123456789"),
            np.datetime64("NaT"),
            date(2025, 3, 14),
            datetime(2025, 3, 14, tzinfo=UTC),
            pa.scalar(datetime(2025, 3, 14)),
        ],
        "Many": [
            np.array([1, 2]),
            (1, 2),
            pa.array([1, 2]),
            pd.Series([1, 2]),
            np.array(["2025"], dtype=object)[:0],
            "[1, 2]",
        ],
        "Map": [
            {"a": "b", "gone": None},
            [("a", "b")],
            [{"key": "a", "value": "b"}],
            np.array([("a", "b")], dtype="U1,U1"),
            '{"a": "b"}',
            pa.scalar([("a", "b")], pa.map_(pa.string(), pa.string())),
        ],
        "Name": [np.str_("a"), pd.NA],
        "Any": [np.array([{"a": np.int8(1)}], dtype=object), {"a": None}],
    }
    for name, values in cells.items():
        for value in values:
            found = package.validate({"Name": "x", name: value}, form="frame")
            assert [] == found, (name, value)
    assert [] == package.validate(Row("a", np.int64(1)), form="frame")
    read = package.Thing.from_response({"Count": np.int64(3)}, form="frame")
    assert 3 == read.count


def test_what_no_frame_means_stays_wrong() -> None:
    """Values that are wrong in JSON are wrong here, and no class is believed."""
    from unittest.mock import Mock

    loop: list[Any] = []
    loop.append(loop)
    wrong = {
        "TrainingTimeInSeconds": Decimal("1E+999999999"),
        "BillableTimeInSeconds": math.inf,
        "HyperParameters": [("a", "b"), ("a", "c")],
        "InputDataConfig": loop,
        "VpcConfig": '{"Subnets": 1, "Subnets": 2}',
        "TrainingJobName": Mock(),
    }
    for name, value in wrong.items():
        row = {name: value}
        rules = {
            (one.rule, one.pointer.split("/")[1])
            for one in sagemaker_training_job.validate(row, form="frame")
        }
        assert ("type", name) in rules, (name, rules)


def test_arrays_that_hold_themselves() -> None:
    """An array of objects that holds itself is read to an end, and is wrong."""
    import numpy as np

    array = np.empty(1, dtype=object)
    array[0] = array

    findings = sagemaker_training_job.validate(
        {"SecondaryStatusTransitions": array}, form="frame"
    )

    assert "/SecondaryStatusTransitions/0" in [one.pointer for one in findings]


def test_verdicts_of_an_array(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """A struct for each cell, whatever array it is in, by blocks."""
    monkeypatch.setattr(arrow, "BLOCK", 64)
    cells = [*made.lines * 3, "{", None]

    whole = arrow.verdicts(pa.array(cells))
    chunked = arrow.verdicts(pa.chunked_array([cells[:70], cells[70:]]))
    none = arrow.verdicts(pa.array([], pa.string()))

    assert isinstance(whole, pa.StructArray)
    assert whole.equals(chunked)
    assert (0, whole.type) == (len(none), none.type)
    assert [True] * 150 + [False] * 2 == whole.field("valid").to_pylist()
    assert ["unreadable", "type"] == [
        one["rule"] for row in whole[-2:].to_pylist() for one in row["findings"]
    ]


def test_verdicts_of_structures(made: Made) -> None:
    """Structures are rows of a frame; strictness and forms are those of `validate`."""
    table = duckdb.sql(f"from '{made.parquet}'").to_arrow_table()
    array = table.to_struct_array()

    assert 50 == arrow.verdicts(array).field("valid").true_count
    assert 0 == arrow.verdicts(array, form="wire").field("valid").true_count


HALF = '{"TrainingJobName": "c", "\\ud800": 1}'


def far(library: str) -> Any:
    """A frame whose second row has a time beyond what Python has."""
    times = pa.array([0, 400_000_000_000_000_000, 0], pa.timestamp("us"))
    table = pa.table({"CreationTime": times, "TrainingJobName": ["a", "b", "_"]})
    if library == "pandas":
        return table.to_pandas(types_mapper=pd.ArrowDtype)
    if library == "polars":
        return polars().from_arrow(table)
    return duckdb.from_arrow(table) if library == "duckdb" else table


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow", "duckdb"])
def test_values_that_python_lacks(library: str) -> None:
    """Their row is named, and all others are judged."""
    found = arrow_of(frames.validate(far(library)))
    rules = [
        (one["row"], one["rule"])
        for one in found.to_pylist()
        if one["rule"] in ("unreadable", "pattern")
    ]

    assert [(1, "unreadable"), (2, "pattern")] == rules


def arrow_of(found: Any) -> Any:
    """A frame of any library as a table of Arrow."""
    if isinstance(found, pa.Table):
        return found
    if hasattr(found, "to_arrow_table"):
        return found.to_arrow_table()
    return pa.Table.from_pandas(found) if hasattr(found, "iloc") else found.to_arrow()


def test_cells_of_arrow_that_python_lacks() -> None:
    """A verdict says so, and the cells beside it have theirs."""
    raw = pa.array([b"{}", b"\xff", b"["], pa.binary())
    text = pa.Array.from_buffers(pa.string(), 3, raw.buffers())
    rules = [
        {one["rule"] for one in cell["findings"]}
        for cell in arrow.verdicts(text).to_pylist()
    ]

    assert [{"required"}, {"unreadable"}, {"unreadable"}] == rules
    message = arrow.verdicts(text)[1]["findings"][0]["message"].as_py()
    assert "it is not UTF-8: byte 0 is invalid" == message


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_halves_of_characters_in_findings(library: str) -> None:
    """No column of text can hold one, so they are escaped."""
    table = pa.table({"response": [HALF]})
    frame = table if library == "pyarrow" else table.to_pandas()
    if library == "polars":
        frame = polars().from_arrow(table)
    found = arrow_of(frames.validate(frame, column="response"))

    assert "/\\ud800" in found["pointer"].to_pylist()
    said = arrow.verdicts(table["response"])[0]["findings"].as_py()
    assert "/\\ud800" in [one["pointer"] for one in said]


def test_a_column_whose_name_is_a_number() -> None:
    """So pandas calls those that have no name, and labels are numbers, too."""
    frame = pd.DataFrame([["{"], ["{}"]], index=[1, 0])
    found = frames.validate(frame, column=0)  # type: ignore[arg-type] - it is allowed

    assert (1, "unreadable") == (found["row"][0], found["rule"][0])
    assert {0} == {*found["row"][1:]}


def test_what_is_not_a_frame() -> None:
    """Each says what is wrong, and shows no control character."""
    frame = pd.DataFrame({"a": [1]})

    with pytest.raises(Unusable, match="not a frame"):
        frames.validate(3)
    with pytest.raises(Unusable, match=r"no column 'x\\\\u001b'; there are: a"):
        frames.validate(frame, column="x\x1b")
    with pytest.raises(Unusable, match="no form is called 'nosuch'"):
        frames.validate(frame, form="nosuch")
    with pytest.raises(Unusable, match="not an array"):
        arrow.verdicts(3)
    twice = pd.DataFrame([["{}", 2]], columns=["a", "a"])
    for column in (None, "a"):
        with pytest.raises(Unusable, match="several columns have the same name"):
            frames.validate(twice, column=column)


def test_rows_on_the_command_line(made: Made, tmp_path: Path) -> None:
    """`--form frame` takes rows whose maps hold a null for each key of other rows."""
    table = duckdb.sql(f"from read_json_auto('{made.json}')").to_arrow_table()
    file = tmp_path / "rows.json"
    file.write_text(json.dumps(table.to_pylist(), default=str), "utf-8")

    plain = run_shapespec("validate", "--rows", file)
    framed = run_shapespec("validate", "--rows", file, "--form", "frame")
    written = run_shapespec("convert", "--from", "aws-cli", "--to", "frame", made.json)

    assert (1, 0) == (plain.returncode, framed.returncode)
    assert 2 == written.returncode
    assert "frame is a form to read from, not to write" in written.stderr


def test_the_recipes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each example of the page prints what stands below it."""
    import contextlib
    import io

    text = (REPOSITORY / "spec" / "frames.md").read_text("utf-8")
    examples = re.findall(
        r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```)?",
        text,
        re.MULTILINE | re.DOTALL,
    )
    names: dict[str, Any] = {}
    monkeypatch.chdir(tmp_path)

    assert len(examples) >= 4
    for code, expected in examples:
        if "polars" in code and not find_spec("polars"):
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, names)  # noqa: S102 - the page's own code
        assert expected.splitlines() == printed.getvalue().splitlines()


HARD = (
    "{",
    "",
    "\ufeff{}",
    '{"a": 1, "a": 2}',
    '{"a": ":", "\\u003a": 1}',
    "NaN",
    "1e999",
    '"\\ud800"',
    "12345678901234567890123",
    "[" * 3000,
)


def test_what_executors_run(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is sent says the same as we do, with and without msgspec there."""
    cells: list[Any] = [*made.lines, '{"TrainingJobName": "c_n"}', *HARD, None]
    contract: Any = sagemaker_training_job
    session = Session()
    package = spark.sent_to(session, contract)
    monkeypatch.syspath_prepend(session.sent[0])
    options = {"shape": "DescribeTrainingJobResponse", "form": None, "strict": False}
    there = import_module(f"{package}._cells")

    quickly = there.judged(package, pd.Series(cells), options)
    read: list[bytes] = []

    def careful(text: bytes) -> object:
        read.append(text)
        raise ValueError

    sure = import_module(f"{package}._sure")
    monkeypatch.setattr(sure, "sure_reader", lambda _: careful)
    unsure = there.judged(package, pd.Series(cells), options)
    monkeypatch.setattr(sure, "sure_reader", lambda _: None)
    slowly = there.judged(package, pd.Series(cells), options)

    said = str(arrow.verdicts(pa.array(cells)).to_pylist())
    expected = said.replace("twice, at line 1, column 10", "twice")
    for found in (quickly, unsure, slowly):
        assert expected == str(found.to_dict("records"))
    assert [cell.encode() for cell in cells[:-1]] == read
    assert 50 == sum(quickly["valid"])
