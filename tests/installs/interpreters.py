"""The Pythons of this machine."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_ASK = (
    "import json, sys; print(json.dumps([*sys.version_info[:3],"
    " sys.implementation.name, sys._base_executable]))"
)


class Interpreter(NamedTuple):
    """A Python: its version, as `3.13.0`, and its program."""

    version: str
    program: str


def find(minor: str) -> Interpreter | None:
    """A Python of a minor version, as `3.13`; none where none is present."""
    for program in _candidates(minor):
        found = _ask(program)
        if found is not None and found.version.startswith(f"{minor}."):
            return found
    return None


def _candidates(minor: str) -> Iterator[str]:
    """Where such a Python may be: this one, on the path, of pyenv, of Windows."""
    yield sys.executable
    named = shutil.which(f"python{minor}")
    if named:
        yield named
    installed = Path.home() / ".pyenv" / "versions"
    for folder in sorted(installed.glob(f"{minor}.*"), reverse=True):
        yield str(folder / "bin" / "python")
    launcher = shutil.which("py")
    if launcher:
        yield f"{launcher} -{minor}"


def _ask(program: str) -> Interpreter | None:
    """What a program says of itself; none where it is not a CPython that runs."""
    command = program.rsplit(" ", 1) if " -3." in program else [program]
    try:
        done = subprocess.run(
            [*command, "-c", _ASK], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    if done.returncode != 0:
        return None
    *numbers, name, base = json.loads(done.stdout)
    if name != "cpython":
        return None
    return Interpreter(".".join(map(str, numbers)), base)
