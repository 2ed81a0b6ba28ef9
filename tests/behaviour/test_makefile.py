"""What `make` is asked for, it knows how to do."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tests.support import ROOT

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = re.sub(r"\\\n", "", MAKEFILE).partition(".PHONY:")[2].splitlines()[0].split()


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize("target", TARGETS)
def test_every_target_can_be_made(target: str) -> None:
    """Each target has a rule, and so has all that it needs, from nothing."""
    done = subprocess.run(
        ["make", "--dry-run", "VENV=none", target],  # noqa: S607 - wherever it is installed
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout
