"""Many responses: the same verdicts and the same bytes, whoever reads them and how."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from shapespec.cli import shapespec
from shapespec.cli.ending import exit_code
from shapespec.ground import extras
from shapespec.ground.terminal import Progress
from shapespec.responses import bulk, judge, pool, read as reading_of, stream, works
from shapespec.responses.fast import fast_reader
from shapespec.responses.files import FoundFile
from shapespec.responses.parse import Unreadable, decoded, parse_json
from shapespec.responses.read import Chunk, ReadOptions, file_parts, read_part
from shapespec.responses.stream import Pace, Stream
from shapespec.tools.observe.observer import Observer
from tests.support import ROOT

SPEC = """\
shapespec: 1
package: pk
shapes:
  R:
    type: structure
    members:
      A: {type: string, required: true, length: {max: 30}}
      B: {type: list, member: N}
      E: K
      S: {type: string, sensitive: true, pattern: '[a-z]+'}
      D: {type: double}
    rules:
      short: {cel: size(this.A) < 9, severity: advice, message: A is long., at: A}
  K: {type: enum, values: {x: , y: }, open: true}
  N: {type: integer, range: {max: 9}}
"""

LINES = (
    b'{"A": "a"}',
    b'{"A": "a", "B": [1, 2, 30]}',
    b"",
    b'{"A": "a", "E": "new", "Z": 1}',
    b'{"A": "a", "A": "b"}',
    b'{"A": "abcdefghijkl"}',
    b'{"A": NaN}',
    b'{"A": "\\ud800"}',
    b'{"A": "a", "D": 1e999}',
    b'{"A": "a", "B": [123456789012345678901234567890]}',
    b'{"A": "a", "S": "Geheim-1"}',
    b"   ",
    b'[{"A": "a"}, {"A": 5}]',
    b'{"A": "' + b"a" * 700 + b'"}',
    b"nothing",
    b'{"A": "::error::\\u001b[31m"}',
    b'\xef\xbb\xbf{"A": "a"}',
    b'{"A": "\xff"}',
    b'{"B": ' + b"[" * 120 + b"]" * 120 + b"}",
    b"null",
    b'{"A": "a:b", "E": "x", "B": []}',
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A spec and an archive with lines of every kind; parts are small in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(stream, "_CHUNK_BYTES", 300)
    monkeypatch.setattr(reading_of, "WORTH_BYTES", 0)
    monkeypatch.setattr(bulk, "BLOCK_BYTES", 300)
    monkeypatch.setattr(bulk, "_SMALL", 300)
    (tmp_path / "spec.yaml").write_text(SPEC)
    archive = b"".join(
        line + b"\n" for number in range(4) for line in (*LINES[number:], *LINES)
    )
    (tmp_path / "archive.ndjson").write_bytes(archive + b'{"A": "half')
    (tmp_path / "packed.ndjson.gz").write_bytes(gzip.compress(archive))
    (tmp_path / "cut.ndjson.gz").write_bytes(gzip.compress(archive)[:-90])
    (tmp_path / "one.json").write_text('{\n "A": 5,\n "B": [1,\n 99]\n}')
    (tmp_path / "rows.json").write_text('[{"A": "a"},\n {"A": 5}]')
    (tmp_path / "bad.yaml").write_text("A: b\nA: c\n")
    return tmp_path


FILES = (
    "archive.ndjson",
    "one.json",
    "packed.ndjson.gz",
    "bad.yaml",
    "cut.ndjson.gz",
    "rows.json",
    "none.json",
)


def ran(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["shapespec", *words])
    capsys.readouterr()
    code = exit_code(shapespec)
    return code, *capsys.readouterr()


OPTIONS: dict[str, tuple[str, ...]] = {
    "text": (),
    "quiet": ("-q",),
    "all": ("--all", "--max-size", "500"),
    "statistics": ("--statistics",),
    "statistics, json": ("--statistics", "--format", "json"),
    "json": ("--format", "json"),
    "github": ("--format", "github"),
    "sarif": ("--format", "sarif"),
    "junit": ("--format", "junit"),
    "gitlab": ("--format", "gitlab"),
    "ignore": ("--ignore", "unknown-member", "--severity", "range=note"),
    "strict": ("--strict",),
    "pedantic": ("--pedantic", "-q"),
    "rows": ("--rows", "--format", "json"),
    "at": ("--at", "/B", "--format", "json"),
    "baseline": ("--baseline", "known.txt", "--format", "json"),
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS.keys())
@pytest.mark.usefixtures("folder")
def test_the_same_bytes_with_any_number_of_processes(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
) -> None:
    """Neither processes nor the fast reader change a byte of the output."""
    words = ("validate", *FILES, "--spec", "spec.yaml", *options)
    if "--baseline" in options:
        known = ("--ignore", "unknown-member", "--write-baseline", "known.txt")
        ran(capsys, monkeypatch, *words[:-4], *known, "--jobs", "1")
    with monkeypatch.context() as slow:
        slow.setattr(judge, "quick_check", lambda *_, **__: None)
        expected = ran(capsys, slow, *words, "--jobs", "1")

    assert 2 == expected[0]
    assert len(expected[1]) > 100
    for jobs in ("1", "2", "3"):
        assert expected == ran(capsys, monkeypatch, *words, "--jobs", jobs), jobs


@pytest.mark.usefixtures("folder")
def test_a_new_baseline_is_the_same(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What several processes found is written down as one would."""
    words = ("validate", *FILES, "--spec", "spec.yaml", "--write-baseline")
    one = ran(capsys, monkeypatch, *words, "1.txt", "--jobs", "1")
    two = ran(capsys, monkeypatch, *words, "2.txt", "--jobs", "2")

    assert one[:2] == two[:2]
    assert Path("1.txt").read_text() == Path("2.txt").read_text()


@pytest.mark.usefixtures("folder")
def test_processes_start_by_themselves(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With enough to read, others help from some point on; the output is the same."""
    words = ("validate", *FILES, "--spec", "spec.yaml")
    expected = ran(capsys, monkeypatch, *words, "--jobs", "1")
    monkeypatch.setattr(bulk, "WORTH_BYTES", 2000)
    monkeypatch.setattr(bulk, "cores", lambda: 3)
    started: list[int] = []

    known = pool.Pool.__init__

    def counted(self: Any, jobs: int, *given: Any) -> None:
        started.append(jobs)
        known(self, jobs, *given)

    monkeypatch.setattr(pool.Pool, "__init__", counted)

    assert expected == ran(capsys, monkeypatch, *words)
    assert [3] == started


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
@pytest.mark.usefixtures("folder")
def test_a_worker_that_dies_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines that it had are unreadable, and all others have their verdicts."""
    words = ("validate", "archive.ndjson", "--spec", "spec.yaml", "--format", "json")
    _, whole, _ = ran(capsys, monkeypatch, *words, "--jobs", "1")
    parent, packed = os.getpid(), judge.Judge.packed

    def dying(self: judge.Judge, part: Chunk) -> Any:
        if part.number <= 30 < part.number + part.lines and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return packed(self, part)

    monkeypatch.setattr(judge.Judge, "packed", dying)
    code, out, _ = ran(capsys, monkeypatch, *words, "--jobs", "2")
    said = [json.loads(line) for line in out.splitlines()]
    (dead,) = [one for one in said if "died" in one.get("unreadable", "")]
    at = said.index(dead)

    assert 2 == code
    assert "(SIGKILL)" in dead["unreadable"]
    assert "lines " in dead["unreadable"]
    before = [json.loads(line) for line in whole.splitlines()]
    assert before[:at] == said[:at]
    assert before[-len(said) + at + 1 :] == said[at + 1 :]
    assert len(said) > len(before) - 25


@pytest.mark.usefixtures("folder")
def test_a_fault_in_a_worker_is_ours(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes wrong in another process ends the run as it would in this one."""

    def broken(*_: object) -> Any:
        message = "no such luck"
        raise RuntimeError(message)

    monkeypatch.setattr(judge.Judge, "packed", broken)
    words = ("validate", "archive.ndjson", "--spec", "spec.yaml", "--jobs", "2")
    code, _, err = ran(capsys, monkeypatch, *words)

    assert 70 == code
    assert "RuntimeError: no such luck" in err


ENDLESS = """\
import os, signal, sys
from shapespec.cli import shapespec
from shapespec.cli.ending import exit_code
from shapespec.ground import extras
from shapespec.responses import bulk

class Endless:
    def __init__(self, given): self.given, self.left = given, 20
    def __iter__(self): return self
    def __next__(self):
        self.left -= 1
        if not self.left:
            os.killpg(os.getpgid(0), signal.SIGINT)
        return next(self.given)

parts = bulk.Inputs.parts
bulk.Inputs.parts = lambda self: Endless(parts(self))
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv = ["shapespec", "validate", *sys.argv[1:]]
sys.exit(exit_code(shapespec))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
def test_an_interrupt_ends_all(tmp_path: Path) -> None:
    """It ends the workers, too, says how far it came, and leaves no half report."""
    (tmp_path / "spec.yaml").write_text(SPEC)
    line = b'{"A": "' + b"a" * 20_000 + b'"}\n'
    (tmp_path / "archive.ndjson").write_bytes(line * 2500)
    words = ("archive.ndjson", "--spec", "spec.yaml", "--jobs", "2", "-o", "report")
    done = subprocess.run(
        [sys.executable, "-c", ENDLESS, *words],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        start_new_session=True,
    )

    assert 130 == done.returncode, done.stderr
    said = done.stderr.decode().splitlines()[-1]
    assert said.startswith("interrupted after ")
    assert ", at archive.ndjson:" in said
    assert {"spec.yaml", "archive.ndjson"} == {one.name for one in tmp_path.iterdir()}


class Counting:
    """Work that makes a number of each line, until somebody interrupts it."""

    def count(self, _: int) -> int:
        return 1

    def items(self, part: Chunk) -> Iterator[int]:
        for number in range(part.number, part.number + part.lines):
            if number == 250:
                raise KeyboardInterrupt
            yield number


@pytest.mark.usefixtures("folder")
def test_how_far_an_interrupt_lets_it_come() -> None:
    """The number of responses and the place are of the same moment."""
    Path("plain.ndjson").write_bytes(b"{}\n" * 400)
    inputs = bulk.Inputs(named=("plain.ndjson",), reading=ReadOptions(), jobs=1)
    work: Any = Counting()
    run = bulk.Run(inputs, work, Progress("responses", None))
    with pytest.raises(KeyboardInterrupt) as caught, run.items() as items:
        list(items)

    found = re.fullmatch(r"after (\d+) responses, at .*:(\d+)", str(caught.value))
    assert found is not None
    assert found[1] == found[2]


# --- the fast reader ----------------------------------------------------------------


NUMBERS = st.one_of(
    st.integers().map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.from_regex(
        r"-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?", fullmatch=True
    ),
    st.sampled_from(["-0", "1E400", "NaN", "-Infinity", "01", "1.", "9" * 5000]),
)
STRINGS = st.one_of(
    st.text(max_size=8).map(json.dumps),
    st.text(max_size=8).map(lambda text: json.dumps(text, ensure_ascii=False)),
    st.sampled_from(
        [
            '"a"',
            '"b"',
            '"\\u003a"',
            '"\\u003A:"',
            '"\\\\u003a"',
            '":"',
            '"\\ud800"',
            '"\\u0061"',
        ]
    ),
)
SPACES = st.sampled_from(["", " ", "\t", "\r", "  "])


def _lists(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]")


def _objects(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    members = st.tuples(STRINGS, SPACES, inner).map(
        lambda one: f"{one[0]}{one[1]}:{one[2]}"
    )
    return st.lists(members, max_size=4).map(lambda items: f"{{{','.join(items)}}}")


TEXTS = st.recursive(
    st.one_of(NUMBERS, STRINGS, st.sampled_from(["true", "null", "False", ""])),
    lambda inner: st.one_of(_lists(inner), _objects(inner)),
    max_leaves=12,
)


def _spoilt(text: bytes, at: int, byte: int) -> bytes:
    at %= len(text) + 1
    return text[:at] + bytes([byte]) + text[at + 1 :]


BYTES = st.one_of(
    TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.builds(
        _spoilt,
        TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.integers(0, 100),
        st.integers(0, 255),
    ),
    TEXTS.map(lambda text: text.encode("utf-16", "surrogatepass")),
)


@given(BYTES)
def test_the_fast_reader_reads_the_same_or_nothing(text: bytes) -> None:
    """Where it gives a value, today's reader gives the same, number for number."""
    pytest.importorskip("msgspec")
    read = fast_reader()
    assert read is not None
    try:
        found = read(text)
    except Exception:  # noqa: BLE001 - it is not sure
        return
    try:
        expected = parse_json(decoded(text))
    except Unreadable as error:
        pytest.fail(f"{text!r} is unreadable: {error}")

    assert repr(expected) == repr(found)


@pytest.mark.parametrize(
    "text",
    [
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": ":", "b": 1}}',
        b'{"a": {"x": 1}, "\\u0061": "::\\u003a"}',
        b'{"a": "\\ud800"}',
        b"1e999",
        b"NaN",
        b"\xef\xbb\xbf{}",
        b"[" * 600 + b"]" * 600,
        b'{"a":' * 600 + b"1" + b"}" * 600,
    ],
)
def test_the_fast_reader_is_not_sure_of(text: bytes) -> None:
    """What only some readers take, or take otherwise, is left to today's reader."""
    pytest.importorskip("msgspec")
    read = fast_reader()
    assert read is not None

    with pytest.raises(Exception):  # noqa: B017, PT011 - any will do
        read(text)


def test_the_fast_reader_is_sure_of_wide_values() -> None:
    """Many members and items are no reason to read a text twice."""
    pytest.importorskip("msgspec")
    read = fast_reader()
    assert read is not None
    value = {f"k{n}": [n, {"a": [[n]]}] for n in range(1000)}

    assert value == read(json.dumps(value).encode())


# --- blocks -------------------------------------------------------------------------


def _naive(data: bytes, limit: int) -> list[tuple[int, bytes | None]]:
    lines = enumerate(io.BytesIO(data), start=1)
    return [
        (number, line if len(line) <= limit else None)
        for number, line in lines
        if len(line) > limit or not line.isspace()
    ]


@given(
    st.lists(
        st.sampled_from([b"a", b"bc", b"\n", b"\r", b" ", b"x" * 40]), max_size=40
    ),
    st.integers(1, 9),
    st.integers(1, 60),
    st.integers(0, 100),
)
def test_blocks_are_the_lines(
    pieces: list[bytes], chunk: int, limit: int, size: int
) -> None:
    """However the bytes come, blocks have the lines, their numbers and their places."""
    data = b"".join(pieces)

    class Dripping(io.RawIOBase):
        def __init__(self) -> None:
            self.rest = data

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            taken = self.rest[: min(chunk, len(buffer))]
            self.rest = self.rest[len(taken) :]
            buffer[: len(taken)] = taken
            return len(taken)

    raw: Any = Dripping()
    blocks = [*Stream(raw, limit).blocks(pace=Pace(size))]

    found = [(n, line) for block in blocks for n, line in block.lines(limit)]
    assert _naive(data, limit) == found
    for block in blocks:
        if block.data is not None:
            assert data[block.start :].startswith(block.data)


@pytest.mark.usefixtures("folder")
def test_parts_are_read_where_they_are() -> None:
    """A part without its bytes finds them in the file."""
    reading = ReadOptions(limit=400)
    parts = [*file_parts(FoundFile("archive.ndjson"), reading)]
    there = [one for part in parts for one in read_part(part, reading)]
    apart = [one for part in parts for one in read_part(part.apart(), reading)]

    assert len(parts) > 5
    assert any(part.apart().data is None for part in parts)
    assert there == apart


# --- reports ------------------------------------------------------------------------


def _rows(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        pytest.importorskip("pyarrow")
        import pyarrow.parquet as pq

        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return rows
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", ["rows.ndjson", "rows.parquet"])
def test_a_report_has_a_row_for_each_finding(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has what the output has, in the same order, whoever reads the responses."""
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    words = ("validate", *FILES, "--spec", "spec.yaml", "--format", "json")
    _, out, _ = ran(capsys, monkeypatch, *words)
    expected = []
    for said in map(json.loads, out.splitlines()):
        file, _, first = said["source"].rpartition(":")
        keys = ("rule", "severity", "pointer", "message", "fingerprint")
        if "unreadable" in said:
            values = ("unreadable", "error", "", said["unreadable"], "")
            expected.append(
                {
                    "file": file,
                    "line": int(first),
                    **dict(zip(keys, values, strict=True)),
                }
            )
        for one in said["findings"]:
            line = one.get("line", int(first))
            expected.append(
                {"file": file, "line": line, **{key: one[key] for key in keys}}
            )

    for jobs in ("1", "2"):
        code, again, err = ran(
            capsys, monkeypatch, *words, "--jobs", jobs, "--report", name
        )

        assert (2, out) == (code, again)
        assert f"{name}: {len(expected)} rows" in err
        assert [{**one, "operation": ""} for one in expected] == _rows(Path(name))


def test_the_operation_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows say which operation the responses are of, where the contract does."""
    monkeypatch.chdir(tmp_path)
    Path("a.json").write_text('{"TrainingJobName": "-"}')
    code, _, _ = ran(capsys, monkeypatch, "validate", "a.json", "--report", "r.ndjson")

    assert 1 == code
    assert {"DescribeTrainingJob"} == {
        row["operation"] for row in _rows(Path("r.ndjson"))
    }


@pytest.mark.usefixtures("folder")
def test_a_report_is_whole_or_as_it_was(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that fails leaves neither half a report nor a file beside it."""
    Path("rows.ndjson").write_text("before")
    before = sorted(one.name for one in Path().iterdir())

    def broken(*_: object) -> Any:
        message = "no such luck"
        raise RuntimeError(message)

    monkeypatch.setattr(judge.Judge, "lost", broken)
    monkeypatch.setattr(judge.Judge, "packed", broken)
    words = ("validate", *FILES, "--spec", "spec.yaml", "--report", "rows.ndjson")
    code, _, _ = ran(capsys, monkeypatch, *words, "--jobs", "2")

    assert 70 == code
    assert "before" == Path("rows.ndjson").read_text()
    assert before == sorted(one.name for one in Path().iterdir())


@pytest.mark.usefixtures("folder")
def test_a_report_that_cannot_be_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown suffix, a folder in the place and a missing library are said first."""
    words = ("validate", "one.json", "--spec", "spec.yaml", "--report")
    Path("in.ndjson").mkdir()
    suffix = ran(capsys, monkeypatch, *words, "rows.xlsx")
    folder = ran(capsys, monkeypatch, *words, "in.ndjson")
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    library = ran(capsys, monkeypatch, *words, "rows.parquet")

    assert (2, "") == suffix[:2]
    assert "must end in one of .ndjson, .jsonl, .parquet" in suffix[2]
    assert (2, "") == folder[:2]
    assert "in.ndjson" in folder[2]
    assert (2, "") == library[:2]
    assert "`pip install shapespec[arrow]` adds it" in library[2]


@pytest.mark.usefixtures("folder")
def test_statistics_by_place(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each rule is counted at each place, with where it was broken first."""
    Path("few.ndjson").write_text(
        '{"A": "a"}\n{"A": "a", "B": [20, 30]}\n{"A": "a", "B": [1, 40]}\n{"B": []}\n'
    )
    words = ("validate", "few.ndjson", "--spec", "spec.yaml", "--statistics")
    _, text, _ = ran(capsys, monkeypatch, *words)
    _, out, _ = ran(capsys, monkeypatch, *words, "--format", "json")
    places = [one for one in map(json.loads, out.splitlines()) if "pointer" in one]

    count = {"rule": "range", "severity": "error", "pointer": "/B/*"}
    assert {**count, "findings": 3, "responses": 2, "first": "few.ndjson:2"} == places[
        0
    ]
    assert ["/B/*", "/A"] == [one["pointer"] for one in places]
    assert "range     error     /B/*     3         2          few.ndjson:2" in text


# --- other commands -----------------------------------------------------------------


WIRE = """\
shapespec: 1
package: pk
forms:
  api: {timestamps: {read: [epoch-seconds], write: epoch-seconds}}
  snake: {timestamps: {read: [iso-8601], write: iso-8601}, keys: snake_case}
shapes:
  R:
    type: structure
    members:
      JobName: {type: string, required: true, length: {max: 30}}
      JobStatus: {target: K, required: true}
      Sizes: {type: list, member: N}
  K: {type: enum, values: {x: , y: }, open: true}
  N: {type: integer, range: {max: 9}}
"""


@pytest.fixture
def archive(folder: Path) -> Path:
    """An archive of real-looking responses, some of which nobody expects."""
    (folder / "wire.yaml").write_text(WIRE)
    status = ("x", "y", "z", "Odd", None, 5)
    lines = [
        {
            "JobName": f"job-{number}",
            "JobStatus": status[number % 6],
            "Sizes": [number % 12],
            **({f"New{number % 7}": number} if number % 5 == 0 else {}),
        }
        for number in range(300)
    ]
    text = "\n".join(map(json.dumps, lines))
    (folder / "jobs.ndjson").write_text(
        f'{text}\n{{"JobName": 1, "JobName": 2}}\n{{"half'
    )
    return folder


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("limit", [200, 3])
@pytest.mark.usefixtures("archive")
def test_observing_together(
    form: str,
    limit: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Processes together count what one does, also where words are too many to keep."""
    monkeypatch.setattr(Observer, "limit", limit)
    words = (
        "observe",
        "jobs.ndjson",
        "one.json",
        "--spec",
        "wire.yaml",
        "--format",
        form,
    )
    known = ("--edition", "then", "-o")
    one = ran(capsys, monkeypatch, *words, *known, "1.yaml", "--jobs", "1")

    assert 2 == one[0]
    assert ("(more)" in one[1]) is (limit == 3)
    for jobs in ("2", "3"):
        two = ran(capsys, monkeypatch, *words, *known, "1.yaml", "--jobs", jobs)
        assert one == two
    evidence = Path("1.yaml").read_text()
    ran(capsys, monkeypatch, *words, *known, "1.yaml", "--jobs", "1")
    assert Path("1.yaml").read_text() == evidence


@pytest.mark.usefixtures("archive")
def test_converting_together(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both streams are what one process writes."""
    words = ("convert", "jobs.ndjson", "one.json", "--spec", "wire.yaml")
    words += ("--from", "api", "--to", "snake")
    with monkeypatch.context() as slow:
        slow.setattr(works, "fast_reader", lambda: None)
        one = ran(capsys, slow, *words, "--jobs", "1")

    assert 2 == one[0]
    assert len(one[1].splitlines()) > 100
    assert "jobs.ndjson:302: unreadable" in one[2]
    for jobs in ("1", "2"):
        assert one == ran(capsys, monkeypatch, *words, "--jobs", jobs)


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.usefixtures("folder")
def test_dating_together(
    form: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dates are those that one process finds, in the same order."""
    lines = [
        '{"TrainingJobName": "a"}',
        '{"SecondaryStatus": "Pending"}',
        "{",
        '{"a": 1, "a": 2}',
    ]
    Path("jobs.ndjson").write_text("\n".join(lines * 40))
    words = ("date", "jobs.ndjson", "--format", form)
    one = ran(capsys, monkeypatch, *words, "--jobs", "1")

    assert 2 == one[0]
    assert "2023-12-15" in one[1]
    assert one == ran(capsys, monkeypatch, *words, "--jobs", "2")


def test_a_small_file_loads_nothing_for_many() -> None:
    """Neither processes nor the fast reader are loaded for it."""
    code = (
        "import sys; from shapespec.cli import shapespec;"
        "shapespec(['validate', '-q', sys.argv[1]], standalone_mode=False)"
    )
    given = str(ROOT / "spec" / "sagemaker" / "examples" / "valid.json")
    end = (
        "; print(*{'multiprocessing', 'msgspec', 'pyarrow', 'fsspec'} & {*sys.modules})"
    )
    code = f"try:\n {code}\nexcept SystemExit:\n pass\n{end[2:]}"
    done = subprocess.run(
        [sys.executable, "-c", code, given], capture_output=True, check=True, text=True
    )

    assert "" == done.stdout.strip()
