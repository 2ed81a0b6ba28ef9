"""What the tests with other people's tools share; only `make interop` runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

HERE = Path(__file__).parent
TOOLS = ROOT / ".venv" / "interop" / "bin"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave these tests out of other runs: they install, and take minutes."""
    if not os.environ.get("INTEROP"):
        skip = pytest.mark.skip(reason="`make interop` runs it")
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(skip)


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheels")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    subprocess.run(
        [*command, "-d", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    return folder
