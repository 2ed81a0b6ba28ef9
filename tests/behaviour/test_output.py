"""Output folders: written whole or not at all, and never more than is ours."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from shapespec.backends.files import OutputFile
from shapespec.ground.errors import Unusable
from shapespec.ground.writing import open_root
from shapespec.project.output import Folder
from tests.support import run_shapespec

FILES = (
    OutputFile("docs/a.md", "a\n", target="docs"),
    OutputFile("python/p/b.py", "b = 1\n", target="validators"),
)
TARGETS = ("docs", "validators")


def write(root: Path, files: tuple[OutputFile, ...], *targets: str) -> int:
    with open_root(root) as opened:
        folder = Folder(opened, "p")
        changes = folder.changes(files, targets or TARGETS)
        folder.apply(changes)
    return len(changes)


def contents(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".shapespec" not in path.parts
    }


def test_writes_what_is_missing_and_nothing_twice(tmp_path: Path) -> None:
    """The first run writes everything, the second one nothing."""
    assert 3 == write(tmp_path, FILES)
    assert {"docs/a.md": "a\n", "python/p/b.py": "b = 1\n"} == contents(tmp_path)
    assert 0 == write(tmp_path, FILES)


def test_removes_only_what_it_generated(tmp_path: Path) -> None:
    """A file that is no longer wanted goes; one that somebody put there stays."""
    write(tmp_path, FILES)
    (tmp_path / "docs" / "mine.md").write_text("mine\n")

    write(tmp_path, FILES[1:])

    assert {"docs/mine.md": "mine\n", "python/p/b.py": "b = 1\n"} == contents(tmp_path)


def test_leaves_other_targets_alone(tmp_path: Path) -> None:
    """Generating one target neither removes nor forgets the files of another."""
    write(tmp_path, FILES)

    write(tmp_path, (), "docs")

    assert {"python/p/b.py": "b = 1\n"} == contents(tmp_path)
    write(tmp_path, (), "validators")
    assert {} == contents(tmp_path)


def test_shows_what_is_stale(tmp_path: Path) -> None:
    """A changed file is a change with a diff."""
    write(tmp_path, FILES)
    (tmp_path / "docs" / "a.md").write_text("edited\n")

    with open_root(tmp_path) as root:
        changes = Folder(root, "p").changes(FILES, TARGETS)

    assert ["docs/a.md"] == [change.path for change in changes]
    assert "-edited\n" in [*changes[0].diff()]


def test_a_folder_that_cannot_be_written_stays_as_it_was(tmp_path: Path) -> None:
    """Where one file cannot be written, none is, and nothing is left behind."""
    write(tmp_path, FILES)
    before = contents(tmp_path)
    (tmp_path / "blocked").write_text("a file where a folder would have to be")
    changed = tuple(file._replace(text="changed\n") for file in FILES)
    files = (*changed, OutputFile("blocked/c.md", "c\n", target="docs"))

    with pytest.raises(Unusable, match="cannot"):
        write(tmp_path, files)

    (tmp_path / "blocked").unlink()
    assert before == contents(tmp_path)


def test_a_full_disk_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the disk fills up on the way, nothing has changed and nothing is left."""
    write(tmp_path, FILES)
    before = sorted(tmp_path.rglob("*"))
    write_part = os.write

    def fill_up(descriptor: int, data: memoryview) -> int:
        if data.tobytes().startswith(b"changed") and sorted(root.rglob(".b.py*")):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write_part(descriptor, data)

    root = tmp_path / "python"
    monkeypatch.setattr(os, "write", fill_up)

    with pytest.raises(Unusable, match="No space left"):
        write(tmp_path, tuple(file._replace(text="changed\n") for file in FILES))

    assert before == sorted(tmp_path.rglob("*"))
    assert {"docs/a.md": "a\n", "python/p/b.py": "b = 1\n"} == contents(tmp_path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    """The message says which folder cannot be written."""
    tmp_path.chmod(0o500)

    with pytest.raises(Unusable, match="cannot write"):
        write(tmp_path / "out", FILES)


def test_a_manifest_leads_nowhere_else(tmp_path: Path) -> None:
    """A manifest that names a file outside is refused, and the file stays."""
    outside = tmp_path / "precious"
    outside.write_text("x")
    root = tmp_path / "out"
    (root / ".shapespec").mkdir(parents=True)
    (root / ".shapespec" / "p.files").write_text(f"{'0' * 64} docs ../precious\n")

    with pytest.raises(Unusable, match="outside"):
        write(root, FILES)

    assert outside.exists()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "spec", f"{'0' * 63} docs a\n", f"{'0' * 64} docs\n", "<<<<<<< x"],
)
def test_a_damaged_manifest_is_written_anew(tmp_path: Path, text: str) -> None:
    """A manifest that cannot be read is no obstacle."""
    write(tmp_path, FILES)
    (tmp_path / ".shapespec" / "p.files").write_text(text)

    write(tmp_path, FILES)

    assert 0 == write(tmp_path, FILES)


SPEC = """\
shapespec: 1
package: p
shapes:
  One: {type: structure, members: {A: string}}
  Two: {type: structure, members: {A: string}}
  Three: {type: structure, members: {A: string}}
"""


def test_a_comment_in_a_spec_changes_nothing(tmp_path: Path) -> None:
    """What only people read makes nothing stale, and no file different."""
    spec = tmp_path / "s.yaml"
    spec.write_text(SPEC)
    run_shapespec("generate", spec, cwd=tmp_path)
    before = {
        path: path.read_bytes()
        for path in (tmp_path / "generated").rglob("*")
        if path.is_file() and path.parent.name != "cache"
    }

    spec.write_text(f"# new\n\n{SPEC}\n  # and another\n")

    assert 0 == run_shapespec("generate", spec, "--check", cwd=tmp_path).returncode
    run_shapespec("generate", spec, cwd=tmp_path)
    assert before == {path: path.read_bytes() for path in before}


def test_a_manifest_says_nothing_of_its_input(tmp_path: Path) -> None:
    """Written in another way, the same spec leaves the same manifest."""
    spec = tmp_path / "s.yaml"
    manifest = tmp_path / "generated" / ".shapespec" / "p.files"
    spec.write_text(SPEC)
    run_shapespec("generate", spec, cwd=tmp_path)
    before = manifest.read_bytes()

    spec.write_text(SPEC.replace("{A: string}", '{"A": {target: "string"}}'))
    again = run_shapespec("generate", spec, cwd=tmp_path)

    assert "all current" in again.stdout + again.stderr
    assert before == manifest.read_bytes()


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_two_branches_that_edit_a_spec_merge(tmp_path: Path) -> None:
    """Git merges the manifests of two branches, and nothing is stale afterwards."""

    def git(*words: str) -> None:
        who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True)  # noqa: S607 - any git

    def branch(name: str, old: str, new: str) -> None:
        git("switch", "-q", "-c", name, "main")
        spec.write_text(SPEC.replace(old, new))
        assert 0 == run_shapespec("generate", *words, cwd=tmp_path).returncode
        git("add", "-A")
        git("commit", "-qm", name)

    spec = tmp_path / "s.yaml"
    spec.write_text(SPEC)
    words = ("s.yaml", "--target", "docs", "--target", "json-schema")
    git("init", "-q", "-b", "main")
    run_shapespec("generate", *words, cwd=tmp_path)
    git("add", "-A")
    git("commit", "-qm", "first")
    branch("a", "One: {type: structure", "One: {doc: First., type: structure")
    branch("b", "Three: {type: structure", "Three: {doc: Third., type: structure")

    git("merge", "-q", "--no-edit", "a")

    assert 0 == run_shapespec("generate", *words, "--check", cwd=tmp_path).returncode
    manifest = tmp_path / "generated" / ".shapespec" / "p.files"
    merged = manifest.read_text()
    run_shapespec("generate", *words, cwd=tmp_path)
    assert len(manifest.read_text().splitlines()) < len(merged.splitlines())
