"""`python -m tests.installs lowest | pythons | resolve`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click

from tests.installs.interpreters import Interpreter, find
from tests.installs.metadata import (
    CONSTRAINTS,
    LOWEST,
    RECORD,
    ROOT,
    build_requires,
    extras,
    pins,
    pythons,
)
from tests.smoke.needs import ALL

SMOKE = ("tests/smoke",)
PACKAGES = (
    "tests/behaviour/test_generated_package.py",
    "tests/behaviour/test_strategies.py",
    "tests/conformance/test_conformance.py",
)
"""What generated packages do, beside the smoke tests."""

XDIST = f"pytest-xdist=={pins(CONSTRAINTS)['pytest-xdist']}"
"""What runs the tests on two processors."""

BEYOND = ("3.14", "3.15")
"""Versions that are tried where present, and that no classifier names yet."""


def lowest() -> int:
    """The oldest releases on the oldest Python: install them, run the smoke tests."""
    oldest = pythons()[0]
    interpreter = find(oldest)
    if interpreter is None:
        click.echo(f"Python {oldest} is not present: the oldest releases are not tried")
        return 0
    python = _environment("lowest", interpreter, LOWEST)
    return int(_passed(python, SMOKE) is None)


def every_python() -> int:
    """The newest releases on each Python that is present; what passed is recorded."""
    record, failed = _record(), []
    for minor in dict.fromkeys((*pythons(), *BEYOND)):
        interpreter = find(minor)
        if interpreter is None:
            click.echo(f"Python {minor}: not present, skipped")
            continue
        click.echo(f"Python {interpreter.version}: {interpreter.program}")
        python = _environment(minor, interpreter, CONSTRAINTS, "jsonschema", "numpy")
        passed = _passed(python, (*SMOKE, *PACKAGES))
        record.pop(minor, None)
        if passed is None:
            failed.append(minor)
        else:
            record[minor] = f"{interpreter.version}: {passed}"
    lines = (record[minor] for minor in (*pythons(), *BEYOND) if minor in record)
    head = "# Written by `make pythons`: the Pythons that the tests passed on."
    RECORD.write_text("\n".join([head, *lines, ""]), "utf-8")
    return int(bool(failed))


def _record() -> dict[str, str]:
    """What passed before, by minor version."""
    lines = RECORD.read_text("utf-8").splitlines()[1:] if RECORD.exists() else []
    return {".".join(line.split(".")[:2]): line for line in lines}


def resolve() -> int:
    """Write the oldest releases that will do, and what they need, for `lowest`."""
    command = ["pip", "compile", "--resolution", "lowest-direct", "--universal"]
    command += ["--python-version", pythons()[0], "--no-annotate", "--no-header"]
    command += [f"--extra={extra}" for extra in extras()]
    done = _uv(*command, "--quiet", "pyproject.toml", capture=True)
    head = "# The oldest releases that will do; made with: make lowest-releases\n"
    builds = "".join(f"{one.replace('>=', '==')}\n" for one in build_requires())
    LOWEST.write_text(f"{head}{done.stdout}{builds}", "utf-8")
    return 0


def _environment(
    name: str, interpreter: Interpreter, constraints: Path, *more: str
) -> Path:
    """A fresh environment with shapespec and all that its extras add; its Python."""
    folder = Path(sys.prefix) / "installs" / name
    _uv("venv", "--quiet", "--clear", "--python", interpreter.program, str(folder))
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    command = ["pip", "install", "--quiet", "--python", str(python)]
    command += ["--constraint", str(constraints)]
    command += ["--build-constraints", str(constraints), *more, XDIST]
    _uv(*command, f"{ROOT}[{','.join(extras())}]")
    return python


def _passed(python: Path, tests: tuple[str, ...]) -> str | None:
    """Run tests there, on what is installed there and nothing else.

    Returns:
        How many passed, in words; none where one failed.
    """
    options = ["-q", "-p", "no:cacheprovider", "-n", "2", "--dist", "worksteal"]
    environment = {key: one for key, one in os.environ.items() if key != "PYTHONPATH"}
    with subprocess.Popen(
        [str(python), "-m", "pytest", *options, *tests],
        cwd=ROOT,
        env={**environment, ALL: "1"},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as running:
        lines = []
        for line in running.stdout or ():
            click.echo(line, nl=False)
            lines.append(line)
    passed = re.search(r"\d+ passed", lines[-1] if lines else "")
    return passed[0] if passed and running.returncode == 0 else None


def _uv(*arguments: str, capture: bool = False) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "uv", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE if capture else None,
        text=True,
        check=True,
    )


COMMANDS = {"lowest": lowest, "pythons": every_python, "resolve": resolve}

if __name__ == "__main__":
    sys.exit(COMMANDS[sys.argv[1]]())
