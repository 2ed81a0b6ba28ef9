"""The recipes of spec/projects.md, built by the real tools, each in isolation."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.interop.conftest import TOOLS
from tests.support import ROOT, run_shapespec
from tests.support.recipes import WEATHER, fence, write_project

USE = """
from datetime import UTC, datetime
from myapp.contracts.weather import Reading, is_valid
reading = Reading.from_response({"Station": "north", "Taken": 0, "Values": [1.5]})
assert reading.taken == datetime(1970, 1, 1, tzinfo=UTC)
assert not is_valid({"Station": "north"})
"""


def run(
    folder: Path, *command: str | Path, wheels: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a tool, which finds the wheel of this checkout beside the registry."""
    hidden = ("PYTHONPATH", "VIRTUAL_ENV")
    environment = {
        name: value for name, value in os.environ.items() if name not in hidden
    }
    if wheels is not None:
        environment |= {"PIP_FIND_LINKS": str(wheels), "UV_FIND_LINKS": str(wheels)}
    done = subprocess.run(
        [*map(str, command)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stdout + done.stderr
    return done


def environment(folder: Path) -> Path:
    """The Python of a new virtual environment."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    return folder / "bin" / "python"


@pytest.mark.parametrize("recipe", ["hatch", "setuptools"])
@pytest.mark.parametrize("editable", [False, True])
def test_pip(tmp_path: Path, wheels: Path, recipe: str, *, editable: bool) -> None:
    """Pip builds the project in isolation, and what it installs works by itself."""
    project = write_project_with_package(tmp_path, recipe)
    python = environment(tmp_path / "environment")
    options = ["--editable"] if editable else []

    run(project, python, "-m", "pip", "install", *options, ".", wheels=wheels)

    run(tmp_path, python, "-c", USE)
    listed = run(tmp_path, python, "-m", "pip", "list").stdout
    assert "shapespec" not in listed


def test_uv_builds(tmp_path: Path, wheels: Path) -> None:
    """Uv builds a source distribution, and the wheel from that."""
    project = write_project_with_package(tmp_path, "hatch")

    run(project, "uv", "build", "--quiet", wheels=wheels)

    (wheel,) = (project / "dist").glob("*.whl")
    assert "myapp/contracts/weather/models.py" in zipfile.ZipFile(wheel).namelist()


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_uv_and_make(tmp_path: Path, wheels: Path) -> None:
    """`make` generates once, and again after the spec has changed."""
    project = write_project_with_package(tmp_path, "uv")

    first = run(project, "make", "test", wheels=wheels).stdout
    second = run(project, "make", "test", wheels=wheels).stdout
    spec = project / "specs" / "weather.yaml"
    later = (project / "src/myapp/contracts/weather/__init__.py").stat().st_mtime + 2
    os.utime(spec, (later, later))
    third = run(project, "make", "test", wheels=wheels).stdout

    command = "uv run shapespec generate"
    assert [1, 0, 1] == [text.count(command) for text in (first, second, third)]


def write_project_with_package(tmp_path: Path, recipe: str) -> Path:
    """The project of a recipe, with a package of its own around the generated one."""
    project = tmp_path / "project"
    project.mkdir()
    write_project(project, recipe)
    (project / "src" / "myapp").mkdir(parents=True)
    (project / "src" / "myapp" / "__init__.py").write_text("", "utf-8")
    return project


@pytest.mark.skipif(not (TOOLS / "pre-commit").exists(), reason="no pre-commit")
def test_pre_commit(tmp_path: Path) -> None:
    """The hooks run from a clone of this repository, and find what is wrong."""
    clone = tmp_path / "clone"
    run(tmp_path, "git", "clone", "--quiet", "--no-hardlinks", ROOT, clone)
    revision = run(clone, "git", "rev-parse", "HEAD").stdout.strip()
    project = tmp_path / "project"
    project.mkdir()
    write_project(project, "hatch")
    config = fence("yaml .pre-commit-config.yaml")
    at = config.index("repo: "), config.index("    hooks:")
    text = f"{config[: at[0]]}repo: {clone}\n    rev: {revision}\n{config[at[1] :]}"
    text = f"{text}        args: [--spec, specs/weather.yaml]\n"
    (project / ".pre-commit-config.yaml").write_text(text, "utf-8")
    fixtures = project / "tests" / "fixtures"
    fixtures.mkdir(parents=True)
    reading = fixtures / "reading.json"
    reading.write_text('{"Station": "x", "Taken": 0, "Values": []}', "utf-8")
    run(project, "git", "init", "--quiet")
    assert 0 == run_shapespec("generate", cwd=project).returncode

    def hooks() -> tuple[int, str]:
        run(project, "git", "add", "--all")
        done = subprocess.run(
            [TOOLS / "pre-commit", "run", "--all-files", "--color", "never"],
            cwd=project,
            env={**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    code, said = hooks()
    assert 0 == code, said

    reading.write_text('{"Station": "X", "Taken": 0, "Values": []}', "utf-8")
    code, said = hooks()
    assert (1, 1) == (code, said.count("Failed"))
    assert "error[pattern] /Station" in said

    reading.write_text('{"Station": "x", "Taken": 0, "Values": []}', "utf-8")
    spec = project / "specs" / "weather.yaml"
    spec.write_text(WEATHER.replace("clear", "bright"), "utf-8")
    code, said = hooks()
    assert (1, 1) == (code, said.count("Failed"))
    assert "files were modified by this hook" in said
    assert 0 == hooks()[0]

    spec.write_text(WEATHER.replace("target: Values", "target: Valuez"), "utf-8")
    code, said = hooks()
    assert 1 == code
    assert "error[unknown-shape]: `Valuez`" in said
