"""The floors that imports go down are held by a tool."""

from __future__ import annotations

import os
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
