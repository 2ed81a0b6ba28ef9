"""The floors that imports go down are held by a tool."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code and of the floors that pyproject.toml lays down."""
    house = tmp_path_factory.mktemp("house")
    code = ROOT / "generator" / "shapespec"
    shutil.copytree(code, house / "shapespec", ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", house)
    return house


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says about a copy of the code."""
    code = "from importlinter.cli import lint_imports_command as lint; lint()"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("ground/errors.py", "import shapespec.cli"),
        ("contract/naming.py", "import shapespec.passes.resolve"),
        ("evidence/ledger.py", "import shapespec.cel"),
        (
            "language/surface.py",
            "import typing\nif typing.TYPE_CHECKING:\n    import shapespec.compiler",
        ),
    ],
)
def test_an_upward_import_is_refused(house: Path, where: str, line: str) -> None:
    """Upward, sideways between strangers, and for types only."""
    module = house / "shapespec" / where
    before = module.read_text("utf-8")
    module.write_text(f"{before}\n{line}\n", "utf-8")
    try:
        result = lint(house)
    finally:
        module.write_text(before, "utf-8")

    assert result.returncode == 1
    imported = line.rsplit(maxsplit=1)[-1].split(".")[1]
    room = Path(where).parts[0]
    assert f"shapespec.{room} is not allowed to import shapespec.{imported}" in (
        result.stdout
    )


def test_a_new_room_needs_a_floor(house: Path) -> None:
    """A room that pyproject.toml does not know is refused."""
    room = house / "shapespec" / "attic.py"
    room.write_text('"""Things."""\n', "utf-8")
    try:
        result = lint(house)
    finally:
        room.unlink()

    assert result.returncode == 1
    assert "attic" in result.stdout


PAGE = (ROOT / ".github" / "CONTRIBUTING.md").read_text("utf-8")


def place(name: str) -> Path:
    """A file that the page names, below the repository or below the code."""
    code = ROOT / "generator" / "shapespec"
    return next((up / name for up in (ROOT, code) if (up / name).is_file()), ROOT)


def test_the_page_names_files_that_are_there() -> None:
    """Each path in CONTRIBUTING leads to a file."""
    paths = re.findall(r"`((?:\w+/)+\w+\.(?:py|md|yaml))`", PAGE)

    assert 20 < len(paths)
    assert [] == [path for path in paths if not place(path).is_file()]


def test_a_constraint_is_where_the_page_says() -> None:
    """Each file that answers a question about `length` has something about it."""
    (table,) = re.findall(r"^\| question .*?\n\n", PAGE, re.MULTILINE | re.DOTALL)
    paths = re.findall(r"`((?:\w+/)+\w+\.\w+)`", table)

    assert 10 == len(paths)
    for path in paths:
        text = place(path).read_text("utf-8")
        assert re.search(r"length|size", text), path


def test_what_make_check_runs() -> None:
    """It fails on an upward import, a type that is missing, and a stale file."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (recipe,) = re.findall(r"^check:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)

    for command in ("lint-imports", "mypy", "basedpyright", "generate --check"):
        assert command in recipe
