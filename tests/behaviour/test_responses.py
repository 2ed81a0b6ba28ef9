"""Responses as people hold them: packed, cut off, too large, in rows, in streams."""

from __future__ import annotations

import gzip
import io
import json
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from shapespec.responses.files import kind_of, response_files
from shapespec.responses.read import Response, read_responses
from shapespec.responses.rows import NoRows, rows


def read(path: Path, data: bytes, **options: Any) -> list[Response]:
    path.write_bytes(data)
    return list(read_responses(str(path), **options))


# --- gzip -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.ndjson.gz", "a.json", "a"])
def test_packed_whatever_the_name(tmp_path: Path, name: str) -> None:
    """What gzip packed is known by its first bytes, in several parts too."""
    data = gzip.compress(b'{"a": 1}\n') + gzip.compress(b'{"a": 2}\n')

    found = read(tmp_path / name, data)

    assert [{"a": 1}, {"a": 2}] == [one.value for one in found]


def test_packed_yaml(tmp_path: Path) -> None:
    """The name without `.gz` says what is inside."""
    (found,) = read(tmp_path / "a.YML.gz", gzip.compress(b"a: 1\n"))

    assert {"a": 1} == found.value


@pytest.mark.parametrize("cut", [3, 12, -8, -1])
def test_packed_and_cut_off(tmp_path: Path, cut: int) -> None:
    """Data that ends too early is unreadable, not an exception."""
    found = read(tmp_path / "a.json.gz", gzip.compress(b'{\n"a": 1}\n')[:cut])

    assert "its gzip data ends too early" == found[-1].unreadable


def test_packed_and_damaged(tmp_path: Path) -> None:
    """Lines before the damage have their verdicts; then there is one more."""
    data = bytearray(gzip.compress(b'{"a": 0}\n{"a": 1}\n'))
    data[-8] ^= 0xFF  # of the checksum

    found = read(tmp_path / "a.ndjson.gz", bytes(data))

    assert [{"a": 0}, {"a": 1}, None] == [one.value for one in found]
    assert "its gzip data is damaged" == found[-1].unreadable


@pytest.mark.parametrize("name", ["a.json.gz", "a.yaml.gz", "a.gz"])
def test_a_bomb_is_not_unpacked(tmp_path: Path, name: str) -> None:
    """Of a document that would be huge, not much more than the limit is read."""
    packed = gzip.compress(b"[" + b" " * 50_000_000)
    tracemalloc.start()

    (found,) = read(tmp_path / name, packed, limit=100_000)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "it has more than 100,000 bytes; --max-size raises the limit" == (
        found.unreadable
    )
    assert peak < 10_000_000


def test_a_bomb_in_a_line_is_passed_over(tmp_path: Path) -> None:
    """Of a line that would be huge, nothing is kept, and the next one is read."""
    data = b'{"a": 1}\n[' + b" " * 50_000_000 + b']\n{"a": 3}\n'
    packed = gzip.compress(data)
    tracemalloc.start()

    found = read(tmp_path / "a.ndjson.gz", packed, limit=100_000)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [False, True, False] == [one.unreadable is not None for one in found]
    assert [1, 2, 3] == [int(one.source.rpartition(":")[2]) for one in found]
    assert peak < 10_000_000


# --- streams ----------------------------------------------------------------------


class Endless(io.RawIOBase):
    """A stream of responses without end, which counts the bytes that were taken."""

    taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        text = (b'{"a": 1}\n' * (len(buffer) // 9 + 1))[self.taken % 9 :]
        part = text[: len(buffer)]
        buffer[: len(part)] = part
        self.taken += len(part)
        return len(part)


class Input(NamedTuple):
    """Standard input that is some stream of bytes."""

    buffer: io.BufferedReader


def test_lines_are_read_as_they_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream of lines has no end that anyone waits for, with rows or without."""
    for wants_rows in (False, True):
        endless = Endless()
        monkeypatch.setattr(sys, "stdin", Input(io.BufferedReader(endless)))
        found = read_responses("-", rows=wants_rows)

        assert [{"a": 1}] * 100 == [next(found).value for _ in range(100)]
        assert endless.taken < 100_000


# --- rows -------------------------------------------------------------------------


def test_rows_of_an_array() -> None:
    """The items of an array are its rows, whatever they are."""
    assert [("/0", {"a": 1}), ("/1", None), ("/2", [3])] == [
        (row.place, row.value) for row in rows([{"a": 1}, None, [3]])
    ]


def test_rows_of_what_an_api_lists() -> None:
    """An object with exactly one array has its rows there, under any name."""
    found = list(rows({"a/b~c": [1, 2], "NextToken": "x", "Count": 2}))

    assert [("/a~1b~0c/0", 1), ("/a~1b~0c/1", 2)] == [row[:2] for row in found]


def test_rows_of_a_data_frame() -> None:
    """All but one of the layouts that pandas writes give the same rows."""
    expected = [{"a": 1, "b": "x"}, {"a": 2, "b": None}]
    layouts: dict[str, Any] = {
        "records": expected,
        "columns": {"a": {"0": 1, "1": 2}, "b": {"0": "x", "1": None}},
        "split": {
            "columns": ["a", "b"],
            "index": [0, 1],
            "data": [[1, "x"], [2, None]],
        },
        "split without index": {"columns": ["a", "b"], "data": [[1, "x"], [2, None]]},
        "table": {"schema": {"fields": []}, "data": expected},
    }

    for name, layout in layouts.items():
        assert (name, expected) == (name, [row.value for row in rows(layout)])


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        {},
        {"a": 1},
        {"a": [1], "b": [2]},
        {"a": {"0": 1}, "b": {"1": 2}},
        {"a": {"0": 1}, "b": 2},
        {"columns": ["a"], "data": [[1, 2]]},
        {"columns": ["a", "a"], "data": [[1, 2]]},
        {"columns": "a", "data": []},
    ],
    ids=repr,
)
def test_what_holds_no_rows(value: Any) -> None:
    """Anything else is said to hold no rows."""
    with pytest.raises(NoRows, match="it contains no rows"):
        list(rows(value))


def test_one_line_with_one_document(tmp_path: Path) -> None:
    """An API list on one line is a document; among other lines it is a response."""
    text = json.dumps({"Jobs": [{"a": 1}, {"a": 2}]}).encode()

    alone = read(tmp_path / "a.json", text + b"\n\n", rows=True)
    among = read(tmp_path / "b.json", text + b"\n" + text, rows=True)

    assert ["/Jobs/0", "/Jobs/1"] == [one.row for one in alone]
    assert [None, None] == [one.row for one in among]


def test_lines_of_rows(tmp_path: Path) -> None:
    """Each row knows the line where it begins, however the array is written."""
    text = b'{"n": 1, "Jobs": [\n {"a":\n 1}, {"a": 2},\n\n {"a": 3}\n]}'

    found = read(tmp_path / "a.json", text, rows=True)

    assert [2, 3, 5] == [int(one.source.rpartition(":")[2]) for one in found]
    assert ['{"a":\n 1}', '{"a": 2}', '{"a": 3}'] == [one.text for one in found]


# --- files ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.json", "json"),
        ("A.JSONL.GZ", "ndjson"),
        ("a.yml.gz", "yaml"),
        ("a.gz", None),
        ("a.json.zip", None),
        ("json", None),
    ],
)
def test_kind_of_a_file(name: str, kind: str | None) -> None:
    """The suffix tells, and the one before `.gz`."""
    assert kind == kind_of(name)


@pytest.fixture
def captures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with files of several kinds, and the current one."""
    for name in ("b.json", "a/c.ndjson", "a/deep/d.yaml.gz", "a/notes.txt", "[x].json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    monkeypatch.chdir(tmp_path)
    return iter([tmp_path])


@pytest.mark.usefixtures("captures")
@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("a", ["a/c.ndjson", "a/deep/d.yaml.gz"]),
        ("*.json", ["[x].json", "b.json"]),
        ("[x].json", ["[x].json"]),
        ("a/**", ["a/c.ndjson", "a/deep/d.yaml.gz", "a/notes.txt"]),
        ("?/c.*", ["a/c.ndjson"]),
        ("-", ["-"]),
        ("missing.json", ["missing.json"]),
    ],
)
def test_files_that_are_meant(named: str, expected: list[str]) -> None:
    """Folders and patterns stand for files, each once; names for themselves."""
    found = [Path(file.path).as_posix() for file in response_files([named])]

    assert expected == sorted(found, key=expected.index)
    assert len(found) == len(set(found))


@pytest.mark.usefixtures("captures")
@pytest.mark.parametrize("named", ["*.xml", "a/deep/../deep/*.json"])
def test_patterns_that_match_nothing(named: str) -> None:
    """A pattern without a file is a mistake, and said to be one."""
    (found,) = response_files([named])

    assert found.problem is not None
    assert "matches no file" in found.problem
