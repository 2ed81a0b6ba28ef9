"""Builds, hooks and CI of other projects; `make interop` runs them with their tools."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from shapespec.cli.watching import go_on
from shapespec.ground.errors import Unusable
from tests.support import ROOT, run_shapespec
from tests.support.recipes import write_project

BASH = shutil.which("bash") or ""
ACTION = ROOT / ".github" / "actions" / "shapespec" / "action.yml"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables under which Python finds this checkout as an installed distribution."""
    folder = tmp_path / "installed" / "shapespec-0.1.0.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Name: shapespec\nVersion: 0.1.0\n", "utf-8")
    hook = "[hatch]\nshapespec = shapespec.hatch\n"
    (folder / "entry_points.txt").write_text(hook, "utf-8")
    path = f"{folder.parent}{os.pathsep}{ROOT / 'generator'}"
    return {**os.environ, "PYTHONPATH": path}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a spec that builds with hatchling."""
    folder = tmp_path / "project"
    folder.mkdir()
    return write_project(folder, "hatch")


def build(
    project: Path, environment: dict[str, str], *options: str
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hatchling", "build", *options]
    return subprocess.run(
        command,
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def modules(wheel: Path) -> set[str]:
    """The modules of a wheel, but for the private ones."""
    names = zipfile.ZipFile(wheel).namelist()
    return {name for name in names if re.fullmatch(r"myapp/.*/[a-z]\w*\.\w+", name)}


def test_the_hatch_hook(project: Path, environment: dict[str, str]) -> None:
    """What a build generates is in the wheel, though git ignores it."""
    (project / ".git").mkdir()
    (project / ".gitignore").write_text("src/myapp/contracts/\n", "utf-8")
    (project / "src" / "myapp").mkdir(parents=True)
    (project / "src" / "myapp" / "__init__.py").write_text("", "utf-8")

    done = build(project, environment, "-t", "wheel")

    assert 0 == done.returncode, done.stderr
    (wheel,) = (project / "dist").glob("*.whl")
    assert {
        f"myapp/contracts/weather/{name}"
        for name in ("enums.py", "models.py", "py.typed", "validators.py")
    } == modules(wheel)


def test_the_hatch_hook_checks(project: Path, environment: dict[str, str]) -> None:
    """With `check`, a stale file ends the build, and a wrong spec always does."""
    settings = project / "pyproject.toml"
    text = settings.read_text("utf-8")
    table = "[tool.hatch.build.hooks.shapespec]\n"
    settings.write_text(text.replace(table, f"{table}check = true\n"), "utf-8")

    stale = build(project, environment, "-t", "wheel")

    assert 0 != stale.returncode
    assert "shapespec generate --check failed with exit code 1" in stale.stderr
    assert not (project / "src" / "myapp").exists()
    assert 0 == run_shapespec("generate", cwd=project).returncode
    assert 0 == build(project, environment, "-t", "wheel").returncode

    settings.write_text(text, "utf-8")
    spec = project / "specs" / "weather.yaml"
    spec.write_text(
        spec.read_text("utf-8").replace("target: Values", "target: Valuez"), "utf-8"
    )
    wrong = build(project, environment, "-t", "wheel")
    assert 0 != wrong.returncode
    assert "error[unknown-shape]: `Valuez` is not a shape" in wrong.stderr


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("hooks.shapespec]\n", "hooks.shapespec]\nchek = true\n", "has no 'chek'"),
        ('specs = ["specs/weather.yaml"]\n', "", "specs names no spec"),
    ],
)
def test_a_hook_without_meaning(
    project: Path, environment: dict[str, str], before: str, after: str, expected: str
) -> None:
    """A key that nobody reads, and settings without a spec, end the build."""
    settings = project / "pyproject.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace(before, after), "utf-8")

    done = build(project, environment, "-t", "wheel")

    assert 0 != done.returncode
    assert expected in done.stderr


def test_the_recipe_for_setuptools(tmp_path: Path, environment: dict[str, str]) -> None:
    """What `setup.py` generates is in the wheel of a first build."""
    project = tmp_path / "project"
    project.mkdir()
    write_project(project, "setuptools")
    code = "from setuptools import build_meta; build_meta.build_wheel('dist')"
    (project / "dist").mkdir()

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == done.returncode, done.stderr
    (wheel,) = (project / "dist").glob("*.whl")
    assert "myapp/contracts/weather/models.py" in modules(wheel)
    assert "myapp/contracts/weather/py.typed" in modules(wheel)


def steps(inputs: dict[str, str]) -> list[tuple[str, Any]]:
    """The steps of the action that run for some inputs: a name, and what to run."""
    action = YAML(typ="safe").load(ACTION.read_text("utf-8"))
    assert set(inputs) <= set(action["inputs"])
    given = {name: one["default"] for name, one in action["inputs"].items()} | inputs

    def filled(text: str) -> str:
        return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda at: given[at[1]], text)

    found = []
    for step in action["runs"]["steps"]:
        if "run" not in step or "pip install" in step["run"]:
            continue
        assert "${{" not in step["run"]
        condition = step.get("if")
        if condition is not None:
            name, sign, value = condition.removeprefix("inputs.").split(" ")
            if (given[name] == value.strip("'")) != (sign == "=="):
                continue
        found.append(
            (step["run"], {k: filled(v) for k, v in step.get("env", {}).items()})
        )
    return found


@pytest.mark.skipif(not BASH, reason="the steps are for bash")
def test_the_steps_of_the_action(project: Path) -> None:
    """They pass on what is right, and annotate what is not."""
    (project / "responses").mkdir()
    response = project / "responses" / "a b.json"
    response.write_text('{"Station": "x", "Taken": 0, "Values": []}', "utf-8")
    inputs = {
        "responses": "responses",
        "arguments": "--spec specs/weather.yaml --strict",
    }

    def run() -> list[tuple[int, str]]:
        variables = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:/bin:/usr/bin",
        }
        return [
            (done.returncode, done.stdout)
            for script, env in steps(inputs)
            for done in [
                subprocess.run(
                    [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
                    cwd=project,
                    env={**variables, **env},
                    capture_output=True,
                    text=True,
                    check=False,
                )
            ]
        ]

    assert [0, 1, 0] == [code for code, _ in run()]  # nothing is generated yet
    assert 0 == run_shapespec("generate", cwd=project).returncode
    assert [0, 0, 0] == [code for code, _ in run()]
    response.write_text('{"Station": "X", "Taken": 0, "Values": []}', "utf-8")
    code, said = run()[-1]
    assert 1 == code
    assert said.startswith("::error file=responses/a b.json,line=1")
    assert 2 == len(steps({"generated": "true"}))
    assert 1 == len(steps({"generated": "false"}))


def test_the_hooks_are_commands() -> None:
    """Each hook for pre-commit runs a command of ours with options that it has."""
    hooks = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))

    assert ["shapespec-check", "shapespec-generate", "shapespec-validate"] == [
        hook["id"] for hook in hooks
    ]
    for hook in hooks:
        program, *words = hook["entry"].split()
        assert "shapespec" == program
        assert 0 == run_shapespec(*words, "--help").returncode


class Told:
    """A run that is told what to do, change by change."""

    def __init__(self, file: Path) -> None:
        """Watch a file."""
        self.file = file
        self.runs = 0
        self.naps = 0

    def run(self, note: Any) -> None:
        """Note the file, and fail once."""
        note(self.file)
        self.runs += 1
        if self.runs == 2:
            raise Unusable("it is broken")

    def sleep(self, seconds: float) -> None:
        """Change the file in every other nap, and end with the sixth."""
        assert 1 > seconds > 0
        self.naps += 1
        if self.naps == 6:
            raise KeyboardInterrupt
        if self.naps % 2:
            self.file.write_text("x" * self.naps, "utf-8")


def test_watching_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It runs after each change, not without one, and past what is wrong."""
    told = Told(tmp_path / "spec.yaml")

    with pytest.raises(KeyboardInterrupt):
        go_on(told.run, told.sleep)

    assert (4, 6) == (told.runs, told.naps)
    assert "error: it is broken" in capsys.readouterr().err


def test_watching_a_project(project: Path) -> None:
    """A wrong spec is shown, a mended one generated, and Ctrl-C ends with 130.

    Files are replaced, as editors do, and there are several specs.
    """
    spec, other = (project / "specs" / name for name in ("weather.yaml", "tides.yaml"))
    text = spec.read_text("utf-8")
    second = text.replace("package: weather", "package: tides")
    other.write_text(second, "utf-8")
    settings = project / "pyproject.toml"
    listed = settings.read_text("utf-8").replace(
        'specs = ["specs/weather.yaml"]',
        'specs = ["specs/weather.yaml", "specs/tides.yaml"]',
    )
    both = listed.replace("contracts.weather", "contracts.{package}")
    settings.write_text(both, "utf-8")
    changes = [
        (spec, text.replace("target: Values", "target: Valuez")),
        (spec, text.replace("cloudy", "rainy")),
        (other, second.replace("cloudy", "foggy")),
    ]
    command = [sys.executable, "-m", "shapespec", "generate", "--watch"]
    with subprocess.Popen(
        command,
        cwd=project,
        stderr=subprocess.STDOUT,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        runs = []
        for change in (*changes, None):
            until = "watching for changes; end with Ctrl-C\n"
            runs.append("".join(iter(running.stdout.readline, until)))
            if change is not None:
                place, new = change
                beside = place.with_suffix(".new")
                beside.write_text(new, "utf-8")
                beside.replace(place)
        running.send_signal(signal.SIGINT)
        rest = running.stdout.read()

    assert 130 == running.returncode, rest
    for name in ("weather", "tides"):
        assert re.search(rf"{name}: (\d+) files in \., \d+ changed\n", runs[0])
    assert "error[unknown-shape]: `Valuez` is not a shape or a built-in type" in runs[1]
    assert re.search(r"weather: \d+ files in \., [1-9]\d* changed\n", runs[2])
    assert re.search(r"tides: \d+ files in \., [1-9]\d* changed\n", runs[3])
    contracts = project / "src" / "myapp" / "contracts"
    assert "RAINY" in (contracts / "weather" / "enums.py").read_text("utf-8")
    assert "FOGGY" in (contracts / "tides" / "enums.py").read_text("utf-8")
