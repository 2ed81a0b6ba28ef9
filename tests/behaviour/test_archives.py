"""Responses where data engineers keep them: tables, packed files, other machines."""

from __future__ import annotations

import bz2
import csv
import gzip
import http.server
import io
import json
import lzma
import socket
import threading
import weakref
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import pytest

from shapespec.ground import extras
from shapespec.responses import remote, stream, tables
from tests.support import run_shapespec

SPEC = """\
shapespec: 1
package: pk
shapes:
  R:
    type: structure
    members:
      A: {type: string, required: true, length: {max: 30}}
      B: {type: list, member: N}
      M: {type: map, key: string, value: string}
      At: {type: timestamp}
  N: {type: integer, range: {max: 9}}
"""
TEXTS = ['{"A": "a"}', '{"A": 5}', None, '{"A": "a",\n "B": [10]}', "{", '{"A": "b"}']
BAD = [2, 3, 4, 5]
"""The rows, from 1 on, that are not valid."""

Write = Callable[[Path], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a spec."""
    (tmp_path / "spec.yaml").write_text(SPEC)
    return tmp_path


def found(folder: Path, *words: str, code: int = 2) -> list[dict[str, Any]]:
    """What validation says of each response."""
    given = ("validate", *words, "--spec", "spec.yaml", "--format", "json")
    done = run_shapespec(*given, cwd=folder)
    assert code == done.returncode, done.stderr
    assert "Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def bad(said: list[dict[str, Any]]) -> list[int]:
    return [int(one["source"].rpartition(":")[2]) for one in said if not one["valid"]]


def _table(texts: list[str | None]) -> Any:
    pa = pytest.importorskip("pyarrow")
    return pa.table({"id": range(len(texts)), "r": texts})


def _parquet(path: Path, table: Any) -> None:
    import pyarrow.parquet as pq

    pq.write_table(table, path, row_group_size=4)


def _arrow(path: Path, table: Any, *, stream: bool) -> None:
    import pyarrow as pa

    make = pa.ipc.new_stream if stream else pa.ipc.new_file
    with make(str(path), table.schema) as writer:
        writer.write_table(table, max_chunksize=4)


def _csv(path: Path, texts: list[str | None]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "r"])
        writer.writerows((n, text or "") for n, text in enumerate(texts))


@pytest.mark.parametrize("name", ["r.parquet", "r.arrow", "r.arrows", "r.feather", "r"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_column_of_texts(folder: Path, name: str, jobs: str) -> None:
    """Each cell is a response, and its number is that of the row."""
    table = _table(TEXTS)
    if name in ("r.parquet", "r"):
        _parquet(folder / name, table)
    else:
        _arrow(folder / name, table, stream=name == "r.arrows")
    said = found(folder, name, "--column", "r", "--jobs", jobs)

    assert len(TEXTS) == len(said)
    assert BAD == bad(said)
    assert "it is not JSON" in said[4]["unreadable"]
    assert ["/B/0"] == [one["pointer"] for one in said[3]["findings"]]


def test_a_column_of_csv(folder: Path) -> None:
    """A record may have several lines; its number is that of its first one."""
    _csv(folder / "r.csv", TEXTS)
    said = found(folder, "r.csv", "--column", "r")

    assert [3, 4, 5, 7] == bad(said)
    assert len(TEXTS) == len(said)


def test_csv_of_one_column_needs_no_name(folder: Path) -> None:
    """There is only one that can be meant."""
    (folder / "r.csv").write_text('r\n"{""A"": ""a""}"\n"{}"\n')

    assert [True, False] == [one["valid"] for one in found(folder, "r.csv", code=1)]


def test_structures(folder: Path) -> None:
    """A null in a structure is an absent member, and a map is an object."""
    pa = pytest.importorskip("pyarrow")
    rows = [
        {"A": "a", "B": None, "M": [("k", "v")], "At": None},
        {"A": None, "B": [1, 20], "M": None, "At": 1_700_000_000_000_000},
        {"A": "b", "B": [], "M": [], "At": 1_700_000_000_000_000},
    ]
    kind = pa.struct(
        [
            ("A", pa.string()),
            ("B", pa.list_(pa.int64())),
            ("M", pa.map_(pa.string(), pa.string())),
            ("At", pa.timestamp("us", tz="UTC")),
        ]
    )
    cells = pa.array(rows, kind)
    _parquet(folder / "column.parquet", pa.table({"r": cells}))
    _parquet(
        folder / "rows.parquet", pa.Table.from_struct_array(pa.chunked_array([cells]))
    )
    for words in (("column.parquet", "--column", "r"), ("rows.parquet",)):
        said = found(folder, *words, "--jobs", "2", code=1)

        assert [True, False, True] == [one["valid"] for one in said], words
        assert {"/A", "/B/1"} == {one["pointer"] for one in said[1]["findings"]}


def test_tables_of_another_schema(folder: Path) -> None:
    """A column that is missing or of a wrong type is named; the others are read."""
    pa = pytest.importorskip("pyarrow")
    _parquet(folder / "a.parquet", pa.table({"x": [1], "y": ["b"]}))
    _parquet(folder / "b.parquet", pa.table({"r": [1, 2]}))
    _parquet(folder / "c.parquet", _table(TEXTS[:1]))
    whole = (folder / "c.parquet").read_bytes()
    (folder / "d.parquet").write_bytes(whole[: len(whole) // 2])
    _csv(folder / "e.csv", TEXTS[:1])
    (folder / "f.csv").write_text("x\n1\n")
    (folder / "g.csv").write_text('id,r\n1,"{}')
    said = found(folder, ".", "--column", "r", "--exclude", "spec.yaml")
    problems = {one["source"][:1]: one.get("unreadable") for one in said}

    assert "it has no column 'r', but x, y" == problems["a"]
    assert "column 'r' has the type int64" in problems["b"]
    assert problems["c"] is None
    assert "it cannot be read as parquet" in problems["d"]
    assert problems["e"] is None
    assert "it has no column 'r', but x" == problems["f"]
    assert "it is not CSV: unexpected end of data" == problems["g"]
    assert 7 == len(problems)


@pytest.mark.parametrize("name", ["r.parquet", "r.arrow"])
def test_cells_that_python_lacks(folder: Path, name: str) -> None:
    """Each is named, and the cells beside it are judged."""
    pa = pytest.importorskip("pyarrow")
    raw = pa.array([b'{"A": "a"}', b'{"A": "\xff"}', b'{"A": 5}'], pa.binary())
    text = pa.Array.from_buffers(pa.string(), 3, raw.buffers())
    far = pa.array([0, 400_000_000_000_000_000, 0], pa.timestamp("us"))
    names = ["A", "At"]
    late = pa.StructArray.from_arrays([pa.array(["a", "b", "c"]), far], names)
    table = pa.table({"text": text, "late": late})
    if name == "r.parquet":
        _parquet(folder / name, table)
    else:
        _arrow(folder / name, table, stream=False)
    for column, code in (("text", [2, 3]), ("late", [2])):
        said = found(folder, name, "--column", column)

        assert code == bad(said)
        assert said[1]["unreadable"].startswith(
            ("it is not UTF-8: byte 7", "it has a value that cannot be read")
        )


def test_a_name_twice_in_structures(folder: Path) -> None:
    """Neither of two values is dropped in silence: no object has a name twice."""
    pa = pytest.importorskip("pyarrow")
    twice = pa.StructArray.from_arrays([pa.array(["a"]), pa.array(["b"])], ["A", "A"])
    kind = pa.struct([("A", pa.string()), ("M", pa.map_(pa.string(), pa.string()))])
    pairs = pa.array([{"A": "a", "M": [("k", "1"), ("k", "2")]}], kind)
    _arrow(folder / "r.arrow", pa.table({"x": twice, "y": pairs}), stream=False)

    (cell,) = found(folder, "r.arrow", "--column", "x")
    assert "duplicate field names" in cell["unreadable"]
    (cell,) = found(folder, "r.arrow", "--column", "y", code=1)
    assert [("type", "/M")] == [
        (one["rule"], one["pointer"]) for one in cell["findings"]
    ]


@pytest.mark.parametrize("name", ["r.parquet", "r.arrow"])
def test_a_column_of_the_type_json(folder: Path, name: str) -> None:
    """DuckDB writes texts of JSON so, and Arrow has an extension type for them."""
    pa = pytest.importorskip("pyarrow")
    if not hasattr(pa, "json_"):
        pytest.skip("pyarrow is older than its type for JSON")
    texts = pa.ExtensionArray.from_storage(pa.json_(), pa.array(TEXTS, pa.string()))
    table = pa.table({"r": texts})
    if name == "r.parquet":
        _parquet(folder / name, table)
    else:
        _arrow(folder / name, table, stream=False)

    assert BAD == bad(found(folder, name, "--column", "r"))


def test_records_of_csv_that_do_not_fit(folder: Path) -> None:
    """Each is named, and those after it are judged."""
    texts = [f'{{""A"": ""{text}""}}' for text in "abc"]
    lines = ["id,r", f'1,"{texts[0]}"', "2", f'3,"{texts[1]}"', "4,{}"]
    (folder / "r.csv").write_text("\n".join(lines))
    said = found(folder, "r.csv", "--column", "r")
    assert [3, 5] == bad(said)
    assert "the record has 1 fields only" == said[1]["unreadable"]

    (folder / "s.csv").write_text('A,Z\na,1\nb,2,3\n"c"\n\nd,\n')
    said = found(folder, "s.csv")
    assert ["s.csv:2", "s.csv:3", "s.csv:4", "s.csv:6"] == [
        one["source"] for one in said
    ]
    assert [3, 4] == bad(said)


def test_a_packed_table(folder: Path) -> None:
    """It is said what to do with it."""
    _parquet(folder / "r.parquet", _table(TEXTS))
    packed = gzip.compress((folder / "r.parquet").read_bytes())
    (folder / "r.parquet.gz").write_bytes(packed)
    (cell,) = found(folder, "r.parquet.gz", "--column", "r")

    assert "unpack it first" in cell["unreadable"]


def test_no_thread_lets_a_broken_file_go() -> None:
    """One of Arrow that did so while the interpreter ends would abort the process."""
    pytest.importorskip("pyarrow")
    threads: set[int] = set()
    for _ in range(500):
        raw = io.BytesIO(b"ARROW1" + bytes(100))
        with pytest.raises(tables.NoCells):
            next(tables.arrow_cells(raw, "arrow", None))
        weakref.finalize(raw, lambda: threads.add(threading.get_ident()))
        del raw

    assert {threading.get_ident()} == threads


def test_a_folder_has_tables_only_with_a_column(folder: Path) -> None:
    """Else a file of something else beside fixtures would be unreadable."""
    (folder / "x.csv").write_text("a,b\n1,2\n")
    (folder / "y.json").write_text('{"A": "a"}')
    (folder / "spec.yaml").rename(folder.parent / "other.yaml")
    given = ("validate", ".", "--spec", "../other.yaml", "--format", "json")
    done = run_shapespec(*given, cwd=folder)

    assert 0 == done.returncode
    assert 1 == len(done.stdout.splitlines())


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_zstd(folder: Path, jobs: str) -> None:
    """It is unpacked, in several frames, too; one that ends early is named."""
    zstd = pytest.importorskip("backports.zstd")
    lines = b'{"A": "a"}\n{"A": 5}\n' * 5000
    packed = zstd.compress(lines) + zstd.compress(b'{"A": 6}\n')
    (folder / "a.ndjson.zst").write_bytes(packed)
    (folder / "b.ndjson.zst").write_bytes(zstd.compress(lines)[:-20])
    (folder / "c.ndjson.zst").write_bytes(packed[:30] + b"\0\0\0\0" + packed[34:])
    said = found(folder, ".", "--exclude", "spec.yaml", "--jobs", jobs)
    by = {name: [one for one in said if one["source"][0] == name] for name in "abc"}

    assert 5001 == len(bad(by["a"]))
    assert "a.ndjson.zst:10001" == by["a"][-1]["source"]
    assert "its zstd data ends too early" == by["b"][-1]["unreadable"]
    assert "its zstd data is damaged" == by["c"][-1]["unreadable"]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_all_lines_before_the_end_of_what_is_cut_off(folder: Path, jobs: str) -> None:
    """No line that can be unpacked is lost, whoever reads the file."""
    zstd = pytest.importorskip("backports.zstd")
    chance = Random(1)  # noqa: S311 - not for secrets
    lines = b"".join(b'{"A": "%d"}\n' % chance.getrandbits(900) for _ in range(5000))
    for name, packed, unpack in (
        ("a.ndjson.gz", gzip.compress(lines), zlib.decompressobj(31)),
        ("b.ndjson.zst", zstd.compress(lines), zstd.ZstdDecompressor()),
    ):
        cut = packed[: len(packed) * 2 // 3]
        (folder / name).write_bytes(cut)
        said = found(folder, name, "--jobs", jobs)
        whole = unpack.decompress(cut).count(b"\n")

        assert whole > 3000
        assert whole == len(bad(said)) - 1
        assert f"{name}:{whole + 1}" == said[-1]["source"]
        assert "data ends too early" in said[-1]["unreadable"]


@pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="the system has no /dev/full"
)
@pytest.mark.parametrize("many", [1, 5000])
def test_a_report_on_a_full_disk(folder: Path, many: int) -> None:
    """The report is named, whether it fills up on the way or at the end."""
    (folder / "many.ndjson").write_text('{"A": 5}\n' * many)
    (folder / "report.ndjson").symlink_to("/dev/full")
    done = run_shapespec(
        *("validate", "many.ndjson", "--spec", "spec.yaml", "-q"),
        *("--report", "report.ndjson"),
        cwd=folder,
    )

    assert 2 == done.returncode
    assert "cannot write report.ndjson: No space left on device" in done.stderr


@pytest.mark.parametrize(
    ("pack", "said"),
    [
        (bz2.compress, "it is packed by bzip2"),
        (lzma.compress, "it is packed by xz"),
        (lambda data: b"PK\x03\x04" + data, "it is a zip file"),
    ],
)
def test_what_is_packed_otherwise(
    folder: Path, pack: Callable[[bytes], bytes], said: str
) -> None:
    """It is named, and so is what can be read."""
    (folder / "a.ndjson").write_bytes(pack(b'{"A": "a"}\n'))
    (one,) = found(folder, "a.ndjson")

    assert one["unreadable"].startswith(said)
    assert "gzip and zstd are" in one["unreadable"]


def test_parquet_in_a_pipe() -> None:
    """It is said what to do with it."""
    raw: Any = io.BufferedReader(io.BytesIO(b"PAR1...."))

    with pytest.raises(stream.Damaged, match="write it to a file first"):
        stream.Stream(raw)


@pytest.mark.parametrize("words", [(), ("-o", "b.ndjson")])
def test_a_report_replaces_no_archive(folder: Path, words: tuple[str, ...]) -> None:
    """Neither the one that is read nor the other output is lost to it."""
    (folder / "a.ndjson").write_text('{"A": "a"}\n')
    (folder / "link.ndjson").symlink_to("b.ndjson" if words else "a.ndjson")
    done = run_shapespec(
        *("validate", "a.ndjson", "--spec", "spec.yaml", *words),
        *("--report", "./link.ndjson"),
        cwd=folder,
    )

    assert 2 == done.returncode
    assert "this run reads or writes that file; name another" in done.stderr
    assert '{"A": "a"}\n' == (folder / "a.ndjson").read_text()


def test_zstd_without_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is said."""
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    monkeypatch.setattr(stream.sys, "version_info", (3, 11))
    raw: Any = io.BytesIO(b"\x28\xb5\x2f\xfd....")

    with pytest.raises(stream.Damaged, match=r"`pip install shapespec\[zst\]` adds it"):
        stream.Stream(raw)


# --- other machines -----------------------------------------------------------------


@pytest.fixture
def server(folder: Path) -> Iterator[str]:
    """A server of the files of the folder; what is in `secret` is not for us."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            if not self.refuses():
                super().do_GET()

        def do_HEAD(self) -> None:
            if not self.refuses():
                super().do_HEAD()

        def refuses(self) -> bool:
            if "/secret/" in self.path:
                self.send_error(403)
            elif "/broken/" in self.path:
                self.send_error(500)
            elif "/again/" in self.path:
                self.send_response(302)
                self.send_header("Location", self.path)
                self.end_headers()
            else:
                return False
            return True

    made = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Handler, directory=str(folder))
    )
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_address[1]}"
    made.shutdown()
    made.server_close()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_files_of_a_server(folder: Path, server: str, jobs: str) -> None:
    """They are read as those on a disk are; what cannot be read is named."""
    pytest.importorskip("fsspec")
    pytest.importorskip("aiohttp")
    lines = b'{"A": "a"}\n{"A": 5}\n' * 50
    (folder / "a.ndjson").write_bytes(lines)
    (folder / "b.ndjson.gz").write_bytes(gzip.compress(lines))
    urls = [
        f"{server}/a.ndjson?X-Amz-Signature=geheim",
        f"{server}/none.json",
        f"{server}/secret/a.ndjson",
        f"{server}/b.ndjson.gz",
    ]
    said = found(folder, *urls, "--jobs", jobs)
    sources = [one["source"] for one in said]

    assert 202 == len(said)
    assert f"{server}/a.ndjson:1" == sources[0]
    assert "there is nothing at this address" == said[100]["unreadable"]
    assert "there are no credentials for it" in said[101]["unreadable"]
    assert f"{server}/b.ndjson.gz:100" == sources[-1]
    assert 102 == len(bad(said))


def test_what_a_server_or_a_network_says(folder: Path, server: str) -> None:
    """That nothing is there is said where a server says so, and not otherwise."""
    with socket.socket() as taken:  # nobody listens
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        urls = ("none.json", "broken/a.json", "again/a.json")
        said = found(
            folder,
            *(f"{server}/{url}" for url in urls),
            f"http://127.0.0.1:{port}/a.json",
        )
    none, broken, again, nobody = (one["unreadable"] for one in said)

    assert "there is nothing at this address" == none
    assert broken.startswith("the server answers 500")
    assert "TooManyRedirects" in again
    assert nobody.startswith("it cannot be reached: ")


def test_a_pattern_where_nothing_can_be_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """That it matches nothing is not said of a network that is down."""
    asked: list[str] = []

    def refuse(path: str) -> None:
        asked.append(path)
        raise OSError("AWS Error NETWORK_CONNECTION: Could not resolve host")

    listing = {"glob": staticmethod(lambda _: []), "ls": staticmethod(refuse)}
    files: Any = type("Files", (), listing)
    monkeypatch.setattr(remote, "_system", lambda _: (files, "b/2024/x-*/a.json"))

    with pytest.raises(OSError, match="resolve host"):
        next(remote.remote_files("s3://b/2024/x-*/a.json"))
    assert ["b/2024"] == asked


def test_a_table_of_a_server(folder: Path, server: str) -> None:
    """Parquet is read at the places that are needed."""
    pytest.importorskip("fsspec")
    _parquet(folder / "r.parquet", _table(TEXTS))

    assert BAD == bad(found(folder, f"{server}/r.parquet", "--column", "r"))


def test_no_library_for_urls(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is said, and the URL is unreadable."""
    monkeypatch.setattr(extras, "find_spec", lambda _: None)

    with pytest.raises(OSError, match=r"`pip install shapespec\[remote\]` adds it"):
        remote.open_remote("s3://bucket/a.ndjson")
    said = found(folder, "nosuch://bucket/a.ndjson")
    assert "nosuch:// is not known to fsspec" in said[0]["unreadable"]


def test_urls_hide_secrets() -> None:
    """Neither a password nor a signature is shown."""
    url = "https://maria:geheim@example.org/a.json?X-Amz-Signature=abc#x"

    assert "https://example.org/a.json" == remote.without_secrets(url)
    assert "what?.json" == remote.without_secrets("what?.json")


def test_files_of_s3(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects, patterns and prefixes are read; what is not there is named."""
    pytest.importorskip("fsspec")
    pytest.importorskip("pyarrow")
    boto3 = pytest.importorskip("boto3")
    moto = pytest.importorskip("moto.server")
    for name, value in {
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        client = boto3.client("s3")
        client.create_bucket(Bucket="bucket")
        lines = b'{"A": "a"}\n{"A": 5}\n' * 2
        client.put_object(Bucket="bucket", Key="y/a.ndjson", Body=lines)
        client.put_object(
            Bucket="bucket", Key="y/b.ndjson.gz", Body=gzip.compress(lines)
        )
        for name in ("_SUCCESS", ".a.crc", ".old/a.json", "x.csv", "read.me"):
            client.put_object(Bucket="bucket", Key=f"y/{name}", Body=b"")
        urls = ("s3://bucket/y/a.ndjson", "s3://bucket/y/*.gz", "s3://bucket/none.json")
        said = found(folder, *urls, "s3://bucket/y/")
        none = found(folder, "s3://bucket/y/", "--exclude", "[ab].*")
    finally:
        server.stop()

    names = ["y/a.ndjson"] * 4 + ["y/b.ndjson.gz"] * 4
    each = [one["source"].rpartition(":")[0] for one in said]
    expected = [*names, "none.json", *names]
    assert [f"s3://bucket/{name}" for name in expected] == each
    nothing = "there is nothing at this address; a folder ends in `/`"
    assert said[8]["unreadable"].startswith(nothing)
    assert 9 == len(bad(said))
    assert "contains no file that ends in" in none[0]["unreadable"]


def test_no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is missing is named, and where it is looked for."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in remote.FOUND_IN:
        monkeypatch.delenv(name, raising=False)
    files: Any = type("Files", (), {"open": staticmethod(_refuse)})
    monkeypatch.setattr(remote, "_system", lambda url: (files, url))

    with pytest.raises(OSError, match="no credentials") as caught:
        remote.open_remote("s3://bucket/a.ndjson")
    assert "AWS_PROFILE" in str(caught.value)


@pytest.mark.parametrize(
    ("url", "said", "told"),
    [
        ("s3://b/a", "AWS Error NETWORK_CONNECTION: Could not resolve host", "resolve"),
        ("gs://b/a", "Could not create a OAuth2 access token", "no credentials"),
    ],
)
def test_a_network_is_no_credential(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str, said: str, told: str
) -> None:
    """Where there is no way to a system, that is said; not that it wants a key."""

    def refuse(*_: object) -> None:
        raise OSError(said)

    monkeypatch.setenv("HOME", str(tmp_path))
    for name in remote.FOUND_IN:
        monkeypatch.delenv(name, raising=False)
    files: Any = type("Files", (), {"open": staticmethod(refuse)})
    monkeypatch.setattr(remote, "_system", lambda url: (files, url))

    with pytest.raises(OSError, match=told) as caught:
        remote.open_remote(url)

    assert ("no credentials" in str(caught.value)) is (told == "no credentials")


def test_a_folder_that_cannot_be_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of which nothing is found is not empty where it cannot be listed."""
    files = mock.Mock()
    files.find.return_value = []
    files.ls.side_effect = OSError("the bucket is somewhere else")
    monkeypatch.setattr(remote, "_system", lambda url: (files, url))

    with pytest.raises(OSError, match="somewhere else"):
        [*remote.remote_files("gs://bucket/folder/")]


def _refuse(*_: object) -> None:
    raise OSError("When reading: host not found")
