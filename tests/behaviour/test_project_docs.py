"""The project's documentation as a site: `make docs`."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support import ROOT


def test_the_menu_names_every_page() -> None:
    """Each page of the guide is in the menu, and what is in it is there."""
    named = set(
        re.findall(r'= "([\w-]+\.md)"', (ROOT / ".ci/docs.py").read_text("utf-8"))
    )

    assert {file.name for file in (ROOT / "spec").glob("*.md")} <= named


@pytest.mark.skipif(find_spec("zensical") is None, reason="needs zensical: make docs")
def test_it_is_built_without_a_warning(tmp_path: Path) -> None:
    """Zensical finds no dead link and no page that it cannot read."""
    folder = tmp_path / "docs"
    subprocess.run([sys.executable, ROOT / ".ci" / "docs.py", folder], check=True)

    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--clean", "--strict"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stdout
