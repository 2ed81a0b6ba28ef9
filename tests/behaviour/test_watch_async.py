"""Clients of aiobotocore, which pins another botocore and so lives apart."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.support import ROOT

PYTHON = ROOT / ".venv" / "aiobotocore" / "bin" / "python"


@pytest.mark.skipif(
    not PYTHON.exists(), reason="needs aiobotocore: make .venv/.aiobotocore"
)
def test_clients_of_aiobotocore_are_watched(tmp_path: Path) -> None:
    """Its event system calls the same handlers; nothing of theirs waits."""
    done = subprocess.run(
        [str(PYTHON), "-W", "error", ROOT / "tests" / "fixtures" / "async_watch.py"],
        env={
            "PYTHONPATH": f"{ROOT / 'generator'}:{ROOT / 'generated' / 'python'}",
            "SHAPESPEC_CACHE": str(tmp_path),
            "HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stderr)
    assert {
        "found": [
            ["GetQueueUrl", "type", "/QueueUrl"],
            ["ListQueues", "unknown-member", "/Mood"],
        ],
        "refused": "GetQueueUrl",
    } == json.loads(done.stdout)
