"""An input that cannot be read has a verdict of its own, and ends nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from shapespec.ground import reading
from shapespec.responses.read import read_responses
from tests.support import ROOT, run_shapespec

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")

SPEC = """\
shapespec: 1
package: pk
shapes:
  R: {type: structure, members: {A: {type: string, required: true}}}
"""


def dangling(place: Path) -> None:
    place.symlink_to("nowhere")


def looping(place: Path) -> None:
    place.symlink_to(place.name)


def pipe(place: Path) -> None:
    os.mkfifo(place)


def device(place: Path) -> None:
    place.symlink_to("/dev/zero")


def broken(place: Path) -> None:
    place.write_text("{")


def forbidden(place: Path) -> None:
    place.write_text("{}")
    place.chmod(0)
    if os.access(place, os.R_OK):
        pytest.skip("root may read everything")


def a_socket(place: Path) -> None:
    import socket

    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(place))


BAD = (dangling, looping, pipe, device, broken, forbidden, a_socket)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a valid response after the place of a bad one, and a spec."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.yaml").write_text(SPEC)
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "z.json").write_text('{"A": "x"}')
    return tmp_path


def validate(
    folder: Path, *words: str | Path, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    return run_shapespec(
        "validate", *words, "--spec", "spec.yaml", cwd=folder, stdin=stdin
    )


@posix
@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_one_bad_file_of_a_folder(folder: Path, make: Callable[[Path], None]) -> None:
    """The bad one is unreadable, the other one is valid, in every format; exit 2."""
    make(folder / "d" / "a.json")

    found = {
        output: validate(folder, "d", "--format", output)
        for output in ("text", "json", "github", "sarif")
    }

    assert {2} == {done.returncode for done in found.values()}
    assert found["text"].stdout.startswith("d/a.json:1: unreadable: ")
    assert "d/z.json:1: valid" in found["text"].stdout
    lines = [json.loads(line) for line in found["json"].stdout.splitlines()]
    assert [("d/a.json:1", False), ("d/z.json:1", True)] == [
        (line["source"], line["valid"]) for line in lines
    ]
    assert lines[0]["unreadable"]
    assert found["github"].stdout.startswith("::error file=d/a.json,line=1,")
    (run,) = json.loads(found["sarif"].stdout)["runs"]
    (invocation,) = run["invocations"]
    assert not invocation["executionSuccessful"]
    assert 1 == len(invocation["toolExecutionNotifications"])


@posix
@pytest.mark.parametrize("command", ["observe", "convert"])
def test_other_commands_go_on_too(folder: Path, command: str) -> None:
    """What counts or converts responses passes a bad one over, and ends with 2."""
    dangling(folder / "d" / "a.json")
    (folder / "spec.yaml").write_text(
        SPEC + "forms: {wire: {timestamps: {read: [iso-8601], write: iso-8601}}}\n"
    )
    words = ("--from", "wire", "--to", "wire") if command == "convert" else ()

    done = run_shapespec(command, "d", *words, "--spec", "spec.yaml", cwd=folder)

    assert 2 == done.returncode, done.stderr
    assert "d/a.json:1: unreadable" in done.stderr
    assert done.stdout


@posix
def test_names_that_lead_to_nothing(folder: Path) -> None:
    """A missing file, an empty folder and an idle pattern stop none of the others."""
    (folder / "empty").mkdir()

    done = validate(folder, "missing.json", "empty", "*.xml", "d/z.json")

    assert 2 == done.returncode
    assert "d/z.json:1: valid" in done.stdout
    assert 3 == done.stdout.count(": unreadable: ")


@posix
def test_a_folder_that_cannot_be_listed(folder: Path) -> None:
    """A folder inside one that was named is unreadable where it cannot be listed."""
    locked = folder / "d" / "locked"
    locked.mkdir(mode=0)
    if os.access(locked, os.R_OK):
        pytest.skip("root may read everything")

    done = validate(folder, "d")

    locked.chmod(0o700)
    assert 2 == done.returncode
    assert "d/locked:1: unreadable: Permission denied" in done.stdout
    assert "d/z.json:1: valid" in done.stdout


@posix
@pytest.mark.parametrize("output", ["text", "json", "github", "sarif"])
def test_a_name_that_is_not_utf8(folder: Path, output: str) -> None:
    """Bytes of a name that are not UTF-8 are shown as escapes; output stays whole."""
    for name in (b"d/q\xff.json", b"d/w\xff.json"):
        try:
            Path(os.fsdecode(name)).write_text("{" if name[2:3] == b"w" else "{}")
        except OSError:
            pytest.skip("the file system takes no such name")

    done = validate(folder, "d", "--format", output)

    assert 2 == done.returncode
    assert "xff" in done.stdout
    if output == "sarif":
        assert json.loads(done.stdout)["runs"][0]["results"]
    if output == "json":
        for line in done.stdout.splitlines():
            assert json.loads(line)["source"].encode("utf-8")


@posix
def test_a_spec_whose_name_is_not_utf8(folder: Path) -> None:
    """A spec is compiled whatever it is called; headers show the name with escapes."""
    spec = Path(os.fsdecode(b"s\xff.yaml"))
    try:
        (folder / spec).write_text(SPEC)
    except OSError:
        pytest.skip("the file system takes no such name")

    done = run_shapespec("generate", spec, cwd=folder)

    assert 0 == done.returncode, done.stderr


def test_a_broken_line_among_lines(folder: Path) -> None:
    """A line of NDJSON that is not JSON has a verdict of its own."""
    (folder / "lines.ndjson").write_text('{"A": "x"}\n{\n{"A": "y"}\n')

    done = validate(folder, "lines.ndjson", "--format", "json")

    assert 2 == done.returncode
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [True, False, True] == [line["valid"] for line in lines]
    assert [False, True, False] == ["unreadable" in line for line in lines]


@posix
def test_a_pipe_that_nobody_writes_to(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe that was named is waited for, but not without end."""
    monkeypatch.setattr(reading, "PATIENCE", 0.0)
    pipe(folder / "pipe")

    (found,) = read_responses("pipe")

    assert "it is a pipe that nobody writes to" == found.unreadable


@posix
@pytest.mark.parametrize("size", [1, 200_000])
def test_a_pipe_that_somebody_writes_to(folder: Path, size: int) -> None:
    """What is written to a pipe that was named is read to its end."""
    pipe(folder / "pipe")
    text = json.dumps({"A": "x" * size})
    writer = threading.Thread(target=(folder / "pipe").write_text, args=(text,))
    writer.start()

    (found,) = read_responses("pipe")

    writer.join()
    assert json.loads(text) == found.value


@posix
@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="the system has no /dev/fd")
def test_a_pipe_of_a_shell() -> None:
    """`<(command)` of a shell is read, also once the command has ended."""
    reader, writer = os.pipe()
    os.write(writer, b'{"A": 1}')
    os.close(writer)

    (found,) = read_responses(f"/dev/fd/{reader}")

    os.close(reader)
    assert {"A": 1} == found.value


@posix
def test_standard_input_that_is_closed(folder: Path) -> None:
    """Standard input that is not there is unreadable."""
    command = f"{sys.executable} -m shapespec validate - --spec spec.yaml <&-"

    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "generator")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert 2 == done.returncode
    assert "<stdin>:1: unreadable: standard input is closed" in done.stdout


def test_hidden_and_ignored_files_are_passed_over(folder: Path) -> None:
    """Of a folder, what is hidden or what git ignores is not meant; a name is."""
    (folder / ".git").mkdir()
    (folder / ".gitignore").write_text("/d/built/\n*.log.json\n!kept.log.json\n")
    for name in (
        "d/.venv/a.json",
        "d/.hidden.json",
        "d/node_modules/x/a.json",
        "d/built/a.json",
        "d/a.log.json",
        "d/kept.log.json",
        "d/sub/b.json",
        "d/sub/c.json",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text('{"A": "x"}')
    (folder / "d" / "sub" / ".gitignore").write_text("c.json\n")

    def sources(*words: str) -> list[str]:
        done = validate(folder, *words, "--format", "json")
        lines = map(json.loads, done.stdout.splitlines())
        return [line["source"].removesuffix(":1") for line in lines]

    seen = ["d/kept.log.json", "d/z.json", "d/sub/b.json"]
    assert seen == sources("d")
    assert seen == sources("./d")
    assert ["d/built/a.json"] == sources("d/built")
    assert ["d/.hidden.json", "d/a.log.json"] == sources(
        "d/.hidden.json", "d/a.log.json"
    )
    assert ["d/z.json", "d/sub/b.json"] == sources("d", "--exclude", "kept.*")
    assert ["d/kept.log.json", "d/z.json"] == sources("d", "--exclude", "sub/")
    assert ["d/z.json"] == sources("d/*.json", "--exclude", "d/*.log.json")
