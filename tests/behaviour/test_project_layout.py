"""Files in a project of somebody else: their folders, names and headers."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import run_shapespec
from tests.support.recipes import fence, write_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one spec and the settings of the page."""
    return write_project(tmp_path)


def written(folder: Path) -> set[str]:
    """The files of a folder, but for specs, settings and the cache."""
    paths = (one.relative_to(folder).as_posix() for one in folder.rglob("*"))
    return {
        path
        for path in paths
        if (folder / path).is_file()
        and "/cache/" not in path
        and not path.startswith(("specs/", "pyproject"))
    }


def test_the_page(project: Path) -> None:
    """Its commands print what it says, and its settings are those of the table."""
    first, printed, second = fence("console").splitlines()

    done = run_shapespec(*first.split()[2:], cwd=project)

    assert 0 == done.returncode, done.stderr
    assert re.sub(r"\d+", "n", f"{printed}\n") == re.sub(r"\d+", "n", done.stdout)
    code = second.split('"')[1]
    imported = subprocess.run(
        [sys.executable, "-c", code], cwd=project / "src", check=True
    )
    assert 0 == imported.returncode


def test_each_target_has_its_folder(project: Path) -> None:
    """Python has the dotted package, and what has no folder is below `out`."""
    assert 0 == run_shapespec("generate", cwd=project).returncode

    found = written(project)
    assert {
        ".shapespec/weather.files",
        "generated/json_schema/weather/Reading.json",
        "docs/contracts/weather/README.md",
        "src/myapp/contracts/weather/models.py",
    } <= found
    assert {"generated", "docs", "src", ".shapespec"} == {
        path.split("/")[0] for path in found
    }
    again = run_shapespec("generate", "--check", cwd=project)
    assert (0, "all generated files are current\n") == (again.returncode, again.stdout)


def test_files_begin_with_the_header(project: Path) -> None:
    """A header is a comment of each language, and can end none."""
    header = "First --> */\n\nLast \u202e"
    targets = ("validators", "docs", "sql", "typescript")
    options = [word for target in targets for word in ("--target", target)]

    done = run_shapespec("generate", "--header", header, *options, cwd=project)

    assert 0 == done.returncode, done.stderr
    heads = {
        path.rpartition(".")[2]: (project / path).read_text("utf-8").splitlines()[:3]
        for path in written(project)
    }
    assert ["# First --> */", "#", "# Last \\u202e"] == heads["py"]
    assert ["// First --> */", "//", "// Last \\u202e"] == heads["ts"]
    md = ["<!-- First --&gt; */ -->", "<!-- -->", "<!-- Last \\u202e -->"]
    assert md == heads["md"]


def test_what_is_said_of_one_spec(project: Path) -> None:
    """It holds for that spec, and what is not said of it for all."""
    shutil.copy(project / "specs" / "weather.yaml", project / "specs" / "sea.yaml")
    sea = (project / "specs" / "sea.yaml").read_text("utf-8")
    (project / "specs" / "sea.yaml").write_text(
        sea.replace("weather", "sea", 1), "utf-8"
    )
    settings = (project / "pyproject.toml").read_text("utf-8")
    more = '[tool.shapespec.spec."specs/sea.yaml"]\npackage = "sea"\nout = "other"\n'
    more += 'targets = ["validators", "json-schema"]\nfolders = {json-schema = "js"}\n'
    both = settings.replace('weather.yaml"]', 'weather.yaml", "specs/sea.yaml"]')
    (project / "pyproject.toml").write_text(both + more, "utf-8")

    done = run_shapespec("generate", cwd=project)

    assert 0 == done.returncode, done.stderr
    found = written(project)
    assert {"js/sea/Reading.json", "src/sea/validators.py"} <= found
    assert {"src/myapp/contracts/weather/models.py"} <= found
    assert not {path for path in found if "sea/models" in path or "docs/sea" in path}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            'package = "a-b"',
            "2:11: tool.shapespec.package: 'a-b' is not the name of a Python package",
        ),
        (
            'folders = {validators = "src"}',
            "2:12: tool.shapespec.folders.validators: validators shares a package",
        ),
        (
            'folders = {docs = "../up"}',
            "2:12: tool.shapespec.folders.docs: '../up' is not a folder below the root",
        ),
        ("folders = 1", "2:1: tool.shapespec.folders must be a table"),
        (
            'spec = {"x.yaml" = {targets = []}}',
            "2:9: tool.shapespec.specs has no 'x.yaml'",
        ),
        (
            'specs = ["x.yaml"]\nspec = {"x.yaml" = {header = 1}}',
            "3:21: tool.shapespec.spec.x.yaml.header must be a string",
        ),
        (
            'specs = ["x.yaml"]\nspec = {"x.yaml" = {headr = ""}}',
            "3:21: tool.shapespec.spec.x.yaml has no 'headr'; did you mean header?",
        ),
    ],
)
def test_settings_without_a_meaning(
    tmp_path: Path, settings: str, expected: str
) -> None:
    """The message has the place, the key and the reason, and nothing is written."""
    text = f"[tool.shapespec]\n{settings}\n"
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")

    done = run_shapespec("generate", cwd=tmp_path)

    file = tmp_path / "pyproject.toml"
    assert 2 == done.returncode
    assert done.stderr.startswith(f"error: {file}:{expected}")
    assert [] == [path for path in written(tmp_path) if path.endswith(".py")]


def test_a_folder_on_the_command_line(project: Path) -> None:
    """`--folder` and `--package` are below `--out`, and wrong ones are refused."""
    out = project / "build"

    done = run_shapespec(
        "generate",
        "--out",
        out,
        "--folder",
        "python=lib",
        "--package",
        "w",
        cwd=project,
    )

    assert 0 == done.returncode, done.stderr
    assert (out / "lib" / "w" / "models.py").is_file()
    assert (out / "docs" / "contracts" / "weather" / "README.md").is_file()
    wrong = run_shapespec("generate", "--folder", "python=/tmp", cwd=project)
    assert 2 == wrong.returncode
    assert "'/tmp' is not a folder below the root" in wrong.stderr


def test_files_move_with_the_settings(project: Path) -> None:
    """What an earlier run wrote below `out` goes; what somebody edited stays."""
    settings = project / "pyproject.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.split("package =", maxsplit=1)[0], "utf-8")
    assert 0 == run_shapespec("generate", cwd=project).returncode
    edited = project / "generated" / "docs" / "weather" / "README.md"
    edited.write_text("mine\n", "utf-8")

    settings.write_text(text, "utf-8")
    done = run_shapespec("generate", cwd=project)

    assert 0 == done.returncode
    assert "README.md is no longer generated, and stays" in done.stderr
    assert {
        "generated/.shapespec/.gitattributes",
        "generated/docs/weather/README.md",
        "generated/json_schema/weather/Reading.json",
    } == {path for path in written(project) if path.startswith("generated/")}
    assert 0 == run_shapespec("generate", "--check", cwd=project).returncode


def test_two_specs_do_not_share_a_package(project: Path) -> None:
    """One name for several specs is refused before anything is written."""
    settings = (project / "pyproject.toml").read_text("utf-8")
    sea = (project / "specs" / "weather.yaml").read_text("utf-8")
    (project / "specs" / "sea.yaml").write_text(
        sea.replace("weather", "sea", 1), "utf-8"
    )
    both = settings.replace('weather.yaml"]', 'weather.yaml", "specs/sea.yaml"]')
    (project / "pyproject.toml").write_text(both.replace(".{package}", ""), "utf-8")

    done = run_shapespec("generate", cwd=project)

    assert 2 == done.returncode
    assert "two specs have the same package name: myapp.contracts" in done.stderr
    assert set() == written(project)


def test_a_strangers_checks_pass(project: Path) -> None:
    """Ruff's default rules and `mypy --strict`, which sees no other package."""
    assert 0 == run_shapespec("generate", cwd=project).returncode
    ruff = [sys.executable, "-m", "ruff"]
    mypy = [sys.executable, "-m", "mypy", "--strict", "--no-site-packages"]
    for command in (
        [*ruff, "check", "--no-cache", "."],
        [*ruff, "format", "--no-cache", "--check", "."],
        [*mypy, "--cache-dir", str(project / "cache"), "-p", "myapp.contracts.weather"],
    ):
        done = subprocess.run(
            command,
            cwd=project / "src" if "mypy" in command else project,
            capture_output=True,
            text=True,
            check=False,
        )
        assert 0 == done.returncode, done.stdout + done.stderr


def test_a_strangers_linter_is_at_work(project: Path) -> None:
    """The same check finds what a person wrote beside it."""
    assert 0 == run_shapespec("generate", cwd=project).returncode
    mine = project / "src" / "myapp" / "mine.py"
    mine.write_text("import os\n", "utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "."],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )

    assert 1 == done.returncode
    assert "mine.py" in done.stdout
