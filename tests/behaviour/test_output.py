"""Output folders: written whole or not at all, and never more than is ours."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from shapespec.backends.files import OutputFile
from shapespec.ground.errors import Unusable
from shapespec.ground.writing import open_root
from shapespec.project.output import Folder

FILES = (
    OutputFile("docs/a.md", "a\n", target="docs"),
    OutputFile("python/p/b.py", "b = 1\n", target="validators"),
)
TARGETS = ("docs", "validators")


def write(root: Path, files: tuple[OutputFile, ...], *targets: str) -> int:
    with open_root(root) as opened:
        folder = Folder(opened, "p", "digest")
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
        changes = Folder(root, "p", "digest").changes(FILES, TARGETS)

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
    (root / ".shapespec" / "p.json").write_text(
        '{"files": {"../precious": {"target": "docs"}}}'
    )

    with pytest.raises(Unusable, match="outside"):
        write(root, FILES)

    assert outside.exists()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"files": 3}', '{"files": {"a": 1}}'])
def test_a_damaged_manifest_is_written_anew(tmp_path: Path, text: str) -> None:
    """A manifest that cannot be read is no obstacle."""
    write(tmp_path, FILES)
    (tmp_path / ".shapespec" / "p.json").write_text(text)

    write(tmp_path, FILES)

    assert 0 == write(tmp_path, FILES)
