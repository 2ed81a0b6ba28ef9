"""Runs that are killed, and runs at the same time: nothing stays half done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shapespec.backends.files import OutputFile
from shapespec.ground.writing import open_root
from shapespec.project.locking import exclusive
from shapespec.project.output import FileChange, Folder
from shapespec.project.stamp import LOCK
from tests.support import ROOT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL and flock")

OLD = tuple(
    OutputFile(path, f"{path}, old\n" * 9, target="docs")
    for path in ("a.md", "b/c.md", "b/gone.md", "only/old.md")
)
NEW = tuple(
    OutputFile(path, f"{path}, new\n" * 9, target="docs")
    for path in ("a.md", "b/c.md", "b/d.md", "only/new/e.md")
)

KILLED = """
import json, os, signal, sys
from pathlib import Path
from shapespec.backends.files import OutputFile
from shapespec.project.output import Folder
from shapespec.ground.writing import open_root

left = int(sys.argv[2])
files = [OutputFile(*file, target="docs") for file in json.loads(sys.argv[3])]
operations = ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir")

def count(event, arguments):
    global left
    if event in operations:
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

sys.addaudithook(count)
with open_root(Path(sys.argv[1])) as root:
    folder = Folder(root, "p")
    folder.apply(folder.changes(files, ("docs",)))
"""
"""Writes the new files, and dies before its nth operation on the folder."""


def write(root: Path, files: tuple[OutputFile, ...]) -> None:
    with open_root(root) as opened:
        folder = Folder(opened, "p")
        folder.apply(folder.changes(files, ("docs",)))


def stale(root: Path, wanted: tuple[OutputFile, ...]) -> tuple[FileChange, ...]:
    with open_root(root) as opened:
        return Folder(opened, "p").changes(wanted, ("docs",))


def contents(root: Path) -> dict[str, str]:
    """All files but the manifest."""
    return {
        path.relative_to(root).as_posix(): path.read_text()
        for path in root.rglob("*")
        if path.is_file() and path.name not in ("p.files", ".gitattributes")
    }


def write_and_die(root: Path, left: int) -> int:
    files = json.dumps([(file.path, file.text) for file in NEW])
    command = [sys.executable, "-c", KILLED, str(root), str(left), files]
    return subprocess.run(command, check=False).returncode


def texts(files: tuple[OutputFile, ...]) -> dict[str, str]:
    return {file.path: file.text for file in files}


def test_killed_before_any_operation(tmp_path: Path) -> None:
    """Each file is old or new, never half; the next run, of either kind, mends all."""
    old, new = texts(OLD), texts(NEW)
    mixed = 0
    for left in range(300):
        root = tmp_path / str(left)
        write(root, OLD)
        if write_and_die(root, left) != -signal.SIGKILL:
            break
        found = contents(root)
        whole = {path: text for path, text in found.items() if "-new" not in path}
        assert all(
            text in (old.get(path), new.get(path)) for path, text in whole.items()
        )
        assert stale(root, NEW) or found == new
        mixed += whole not in (old, new)
        wanted = NEW if left % 2 else OLD
        write(root, wanted)
        assert texts(wanted) == contents(root)
        assert () == stale(root, wanted)
    else:
        pytest.fail("the run never came to its end")

    assert left > 20
    assert mixed > 4
    assert new == contents(root)


def test_a_run_waits_for_another(tmp_path: Path) -> None:
    """While one run holds a folder, the next one says so, waits and then writes."""
    spec = ROOT / "tests" / "cases" / "docs" / "weather_station" / "spec.yaml"
    out = tmp_path / "out"
    command = [sys.executable, "-m", "shapespec", "generate", spec, "--out", out]
    with (
        open_root(out) as root,
        exclusive(root, LOCK, lambda: pytest.fail("nobody else")),
    ):
        second = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert second.stderr is not None
        assert "waiting" in second.stderr.readline()
        assert not (out / "docs").exists()
    second.communicate()

    assert 0 == second.returncode
    assert (out / "docs").exists()


def test_two_runs_at_once_do_not_mix(tmp_path: Path) -> None:
    """Of two runs with different specs, the folder holds what the last one made."""
    texts = []
    for version in ("one", "two"):
        spec = tmp_path / version / "spec.yaml"
        spec.parent.mkdir()
        spec.write_text(
            "shapespec: 1\npackage: p\nshapes:\n"
            + "".join(
                f"  S{number}: {{type: structure, doc: {version}, members: {{}}}}\n"
                for number in range(30)
            )
        )
        texts.append(spec)
    out = tmp_path / "out"
    runs = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "shapespec",
                "generate",
                spec,
                "--out",
                out,
                "--target",
                "docs",
            ],
            stderr=subprocess.DEVNULL,
        )
        for spec in texts * 3
    ]

    assert [0] * 6 == [one.wait() for one in runs]
    pages = {path.read_text() for path in (out / "docs" / "p").glob("S*.md")}
    found = {word for page in pages for word in ("one", "two") if f"\n{word}\n" in page}
    assert 1 == len(found)
