"""How each command ends when something goes wrong that is not of its own making."""

from __future__ import annotations

import importlib
import keyword
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from shapespec import cli
from shapespec.cli import COMMANDS
from tests.support import ROOT

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")

SPEC = ROOT / "tests" / "cases" / "docs" / "weather_station" / "spec.yaml"

WORDS = {
    "generate": ("generate", "spec.yaml", "--target", "docs"),
    "package": ("package", "spec.yaml"),
    "check": ("check", "spec.yaml"),
    "validate": ("validate", "r.json"),
    "convert": ("convert", "--from", "wire", "--to", "boto3", "job.json"),
    "import": ("import", "json-schema", "schema.json"),
    "observe": ("observe", "r.json"),
    "audit": ("audit",),
    "diff": ("diff", "spec.yaml", "spec2.yaml"),
    "accelerate": ("accelerate", "package", "--undo"),
    "sample": ("sample",),
    "coverage": ("coverage", "--spec", "spec.yaml"),
    "explain": ("explain",),
    "date": ("date", "job.json"),
    "aws": ("aws", "sagemaker"),
    "meta-schema": ("meta-schema",),
}
"""A run of each command that prints something."""

PRINTING = [pytest.param(WORDS[name], id=name) for name in COMMANDS if name in WORDS]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the runs need."""
    (tmp_path / "spec.yaml").write_text(SPEC.read_text("utf-8"), "utf-8")
    text = SPEC.read_text("utf-8").replace("weather_station", "other_station")
    (tmp_path / "spec2.yaml").write_text(text.replace("Station", "Place"), "utf-8")
    (tmp_path / "r.json").write_text("{}")
    (tmp_path / "job.json").write_bytes(
        _shapespec(tmp_path, "sample", "--form", "wire").stdout
    )
    (tmp_path / "schema.json").write_text(
        '{"type": "object", "title": "R", "properties": {"a": {"type": "string"}}}'
    )
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "_accept.py").write_text("")
    (tmp_path / "package" / "_compiled.so").write_text("")
    (tmp_path / "package" / "_compiled.pyd").write_text("")
    return tmp_path


def _environment(**more: str) -> dict[str, str]:
    kept = {key: text for key, text in os.environ.items() if "SHAPESPEC" not in key}
    return {**kept, **more}


def _shapespec(
    folder: Path, *words: str, stdout: int = subprocess.PIPE, **more: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "shapespec", *words],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=_environment(**more),
        check=False,
    )


def test_every_command_is_tried() -> None:
    """A new command needs a run here; what speaks to an editor has tests of its own."""
    assert {"lsp"} == {*COMMANDS} - {*WORDS}


@posix
@pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="the system has no /dev/full"
)
@pytest.mark.parametrize("words", PRINTING)
def test_a_full_disk(folder: Path, words: tuple[str, ...]) -> None:
    """Standard output that takes nothing more is an error with its reason."""
    full = os.open("/dev/full", os.O_WRONLY)

    done = _shapespec(folder, *words, stdout=full)

    os.close(full)
    assert 2 == done.returncode, done.stderr
    message = b"error: cannot write to standard output: No space left on device\n"
    assert done.stderr.endswith(message)
    assert b"Traceback" not in done.stderr


@posix
@pytest.mark.parametrize("words", PRINTING)
def test_nobody_reads(folder: Path, words: tuple[str, ...]) -> None:
    """Where the reader of a pipe has ended, so does the command, without a word."""
    reader, writer = os.pipe()
    os.close(reader)

    done = _shapespec(folder, *words, stdout=writer)

    os.close(writer)
    assert 141 == done.returncode, done.stderr
    assert b"rror" not in done.stderr
    assert b"Traceback" not in done.stderr


@posix
@pytest.mark.parametrize("words", PRINTING)
def test_standard_output_is_closed(folder: Path, words: tuple[str, ...]) -> None:
    """Without standard output a command does nothing, and says why."""
    before = sorted(folder.rglob("*"))
    command = [sys.executable, "-m", "shapespec", *words]

    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *command],
        cwd=folder,
        env=_environment(),
        stderr=subprocess.PIPE,
        check=False,
    )

    assert (2, b"error: standard output is closed\n") == (done.returncode, done.stderr)
    assert before == sorted(folder.rglob("*"))


@posix
def test_standard_error_is_closed(folder: Path) -> None:
    """Without standard error a command runs as ever."""
    command = [sys.executable, "-m", "shapespec", "validate", "missing.json", "r.json"]

    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" 2>&-', "sh", *command],
        cwd=folder,
        env=_environment(),
        stdout=subprocess.PIPE,
        check=False,
    )

    assert 2 == done.returncode
    assert b"r.json:1: invalid" in done.stdout


@posix
@pytest.mark.parametrize("words", PRINTING)
def test_the_current_folder_is_gone(folder: Path, words: tuple[str, ...]) -> None:
    """A shell may stand in a folder that somebody removed."""
    code = (
        "import os, sys; os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')\n"
        "sys.argv[1:] = sys.argv[1:]; from shapespec.cli import main; main()"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=folder,
        env=_environment(PYTHONPATH=str(ROOT / "generator"), PYTHONSAFEPATH="1"),
        capture_output=True,
        check=False,
    )

    assert b"Traceback" not in done.stderr
    assert done.returncode in (0, 2), done.stderr


def _command(name: str) -> click.Command:
    module = name.replace("-", "_")
    module += "_" * keyword.iskeyword(module)
    command: click.Command = importlib.import_module(f"shapespec.cli.{module}").command
    return command


def _end(
    name: str, raised: BaseException, monkeypatch: pytest.MonkeyPatch
) -> int | str | None:
    """What a command ends with that raises an exception."""

    def fail(*_: object, **__: object) -> None:
        raise raised

    command = _command(name)
    monkeypatch.setattr(command, "callback", fail)
    monkeypatch.setattr(command, "params", [])
    monkeypatch.setattr(sys, "argv", ["shapespec", name])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


@pytest.mark.parametrize("name", COMMANDS)
def test_an_interrupted_command(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C ends with 130, which is not the code for a finding."""
    assert 130 == _end(name, KeyboardInterrupt(), monkeypatch)
    assert capsys.readouterr().err.endswith("interrupted\n")


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(
    "raised", [TypeError("odd\x1b"), RecursionError("deep"), MemoryError()], ids=repr
)
def test_a_fault_of_ours(
    name: str,
    raised: Exception,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A fault of shapespec ends with 70, asks for a report, and shows no traceback."""
    monkeypatch.delenv("SHAPESPEC_TRACEBACK", raising=False)

    assert 70 == _end(name, raised, monkeypatch)
    said = capsys.readouterr().err
    assert f"error: shapespec failed: {type(raised).__name__}" in said
    assert "please report it" in said
    assert "SHAPESPEC_TRACEBACK=1" in said
    assert "Traceback" not in said


def test_the_traceback_of_a_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who asks for the traceback gets it."""
    monkeypatch.setenv("SHAPESPEC_TRACEBACK", "1")

    assert 70 == _end("explain", TypeError("odd"), monkeypatch)
    assert "Traceback (most recent call last)" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_a_system_that_refuses(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the system refuses is no fault of ours, and named."""
    raised = PermissionError(13, "Permission denied", "/some/file")

    assert 2 == _end(name, raised, monkeypatch)
    assert "error: /some/file: Permission denied\n" == capsys.readouterr().err


@pytest.mark.parametrize("name", [*COMMANDS, "no-such-command"])
def test_wrong_usage(folder: Path, name: str) -> None:
    """An option that does not exist is wrong usage."""
    done = _shapespec(folder, name, "--no-such-option")

    assert 2 == done.returncode
    assert b"Error: No such" in done.stderr


WRONG = {
    "generate": (1, ("generate", "wrong.yaml")),
    "package": (1, ("package", "wrong.yaml")),
    "check": (1, ("check", "wrong.yaml")),
    "audit": (1, ("audit", "wrong.yaml")),
    "validate": (2, ("validate", "r.json", "--spec", "wrong.yaml")),
    "observe": (2, ("observe", "r.json", "--spec", "wrong.yaml")),
    "convert": (
        2,
        ("convert", "--from", "a", "--to", "b", "r.json", "--spec", "wrong.yaml"),
    ),
    "diff": (2, ("diff", "wrong.yaml", "spec.yaml")),
    "sample": (2, ("sample", "--spec", "wrong.yaml")),
    "coverage": (2, ("coverage", "--spec", "wrong.yaml")),
    "explain": (2, ("explain", "--spec", "wrong.yaml")),
}


@pytest.mark.parametrize(
    ("code", "words"),
    [pytest.param(*WRONG[name], id=name) for name in WRONG if name in COMMANDS],
)
def test_a_wrong_spec(folder: Path, code: int, words: tuple[str, ...]) -> None:
    """It is what is found where specs are looked at, and unusable where one is used."""
    (folder / "wrong.yaml").write_text("shapespec: 1\npackage: p\nshapes: []\n")

    done = _shapespec(folder, *words)

    assert code == done.returncode, done.stderr
    assert b"error[" in done.stderr + done.stdout


INTERRUPTED = """
import io, os, signal, sys
from shapespec.cli import main

class Input(io.RawIOBase):
    def readable(self):
        return True
    def readinto(self, room):
        os.kill(os.getpid(), signal.SIGINT)
        return 0

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.stdin = io.TextIOWrapper(io.BufferedReader(Input()))
main()
"""
"""Is interrupted once it reads; a shell has its background jobs ignore the signal."""


@posix
def test_a_real_interrupt(folder: Path) -> None:
    """A run that is reading its input ends with 130 when it is interrupted."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, "validate", "-"],
        cwd=folder,
        env=_environment(PYTHONPATH=str(ROOT / "generator")),
        capture_output=True,
        check=False,
    )

    assert (130, b"") == (done.returncode, done.stdout)
    assert b"interrupted" == done.stderr.strip()
