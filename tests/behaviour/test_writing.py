"""Files are written whole, where they belong, and nowhere else."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import shapespec
from shapespec.backends.files import OutputFile
from shapespec.ground import folders, writing
from shapespec.ground.errors import Unusable
from shapespec.ground.folders import HeldFolder, OpenFolder, PathFolder
from shapespec.ground.writing import Root, open_root, write_file
from shapespec.project.output import Folder
from tests.support import run_shapespec

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")

SPEC = """\
shapespec: 1
package: pk
shapes:
  R: {type: structure, members: {A: string}}
"""


@pytest.fixture(params=["held", "by path"])
def folder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both kinds of folders: those of POSIX; those of Windows, which run anywhere."""
    kind: str = request.param
    if kind == "held" and os.name != "posix":
        pytest.skip("needs POSIX")
    made = HeldFolder.at if kind == "held" else PathFolder.at
    monkeypatch.setattr(writing, "open_folder", made)
    return kind


@pytest.fixture
def root(tmp_path: Path, folder: str) -> Iterator[Root]:
    """A folder to write below."""
    del folder
    with open_root(tmp_path / "root") as opened:
        yield opened


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder of somebody else, with a file in it."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "precious").write_text("precious")
    return home


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.usefixtures("folder")
def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """A file is made or replaced, its folder made, and nothing is left beside it."""
    place = tmp_path / "a" / "b.txt"

    write_file(place, "one")
    write_file(place, "two")

    assert "two" == place.read_text()
    assert ["b.txt"] == names(place.parent)


@posix
@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755])
def test_a_file_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    """What was private stays private, and what could be run can still be run."""
    place = tmp_path / "file"
    place.write_text("old")
    place.chmod(mode)

    write_file(place, "new")

    assert mode == stat.S_IMODE(place.stat().st_mode)
    assert "new" == place.read_text()


@posix
@pytest.mark.usefixtures("folder")
def test_a_new_file_has_the_permissions_of_the_umask(tmp_path: Path) -> None:
    """A new file may be read by whom the user lets read."""
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "file", "new")
    finally:
        os.umask(before)

    assert 0o640 == stat.S_IMODE((tmp_path / "file").stat().st_mode)


@posix
@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("there", [True, False], ids=["a file", "nothing yet"])
def test_a_link_that_was_named_stays(tmp_path: Path, *, there: bool) -> None:
    """Where the name is a link, the file that it leads to is written."""
    (tmp_path / "real").mkdir()
    real = tmp_path / "real" / "file"
    if there:
        real.write_text("old")
    (tmp_path / "middle").symlink_to("real/file")
    link = tmp_path / "link"
    link.symlink_to("middle")

    write_file(link, "new")

    assert "middle" == str(link.readlink())
    assert "new" == real.read_text()
    assert ["file"] == names(real.parent)


@posix
@pytest.mark.usefixtures("folder")
def test_a_link_with_a_name_that_nobody_gave_is_replaced(
    tmp_path: Path, home: Path
) -> None:
    """What is written beside a file that was named follows no link."""
    link = tmp_path / "link"
    link.symlink_to(home / "precious")
    os.mkfifo(tmp_path / "pipe")

    write_file(link, "new", named=False)
    with pytest.raises(Unusable, match="not a regular file"):
        write_file(tmp_path / "pipe", "new", named=False)

    assert not link.is_symlink()
    assert "new" == link.read_text()
    assert "precious" == (home / "precious").read_text()


@posix
def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    """A link that leads nowhere ends in an error."""
    (tmp_path / "loop").symlink_to("loop")

    with pytest.raises(Unusable, match=r"cannot write .*loop"):
        write_file(tmp_path / "loop", "new")


@posix
def test_a_device_is_written_to() -> None:
    """The null device stays a device, also for root."""
    write_file(Path("/dev/null"), "gone")

    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@posix
def test_a_device_anywhere_is_written_to(tmp_path: Path) -> None:
    """A device that is not in /dev, as root can make one, is not replaced either."""
    place = tmp_path / "null"
    try:
        os.mknod(place, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("only root may make a device")

    write_file(place, "gone")

    assert stat.S_ISCHR(place.stat().st_mode)


@posix
def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    """A named pipe stays a pipe, and whoever reads from it gets the text."""
    place = tmp_path / "pipe"
    os.mkfifo(place)
    reader = os.open(place, os.O_RDONLY | os.O_NONBLOCK)

    write_file(place, "through")

    assert b"through" == os.read(reader, 99)
    os.close(reader)
    assert stat.S_ISFIFO(place.stat().st_mode)


@posix
@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="the system has no /dev/fd")
def test_an_open_pipe_is_written_to() -> None:
    """`-o >(command)` of a shell names a descriptor, which is written to."""
    reader, writer = os.pipe()

    write_file(Path(f"/dev/fd/{writer}"), "through")

    os.close(writer)
    assert b"through" == os.read(reader, 99)
    os.close(reader)


@posix
@pytest.mark.parametrize("stream", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_standard_output_is_written_to(tmp_path: Path, stream: str) -> None:
    """A file that standard output leads to keeps what it had, and gets the text."""
    if not Path(stream).exists():
        pytest.skip("the system has no such file")
    code = (
        "import sys; from pathlib import Path\n"
        "from shapespec.ground.writing import write_file\n"
        "print('before'); write_file(Path(sys.argv[1]), 'text\\n'); print('after')\n"
    )
    place = tmp_path / "output"
    with place.open("ab") as output:
        output.write(b"earlier\n")
        output.flush()
        command = [sys.executable, "-c", code, stream]
        subprocess.run(command, stdout=output, check=True)

    assert "earlier\nbefore\ntext\nafter\n" == place.read_text()


@pytest.mark.usefixtures("folder")
def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    """A folder that has the name is left alone."""
    (tmp_path / "folder").mkdir()

    with pytest.raises(Unusable, match="cannot write"):
        write_file(tmp_path / "folder", "new")

    assert [] == names(tmp_path / "folder")


@pytest.mark.usefixtures("folder")
def test_a_full_disk_leaves_a_named_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the text does not fit, the old file is still there, and nothing else."""
    place = tmp_path / "file"
    place.write_text("old")

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)

    with pytest.raises(Unusable, match="No space left"):
        write_file(place, "new")

    assert "old" == place.read_text()
    assert ["file"] == names(tmp_path)


def test_below_a_folder_files_are_written_read_and_removed(root: Root) -> None:
    """Folders come with their files and go with them."""
    root.write("a/b/c.txt", b"text")

    assert b"text" == root.read("a/b/c.txt")
    assert not root.remove("a/b/c.txt", "another digest")
    assert b"text" == root.read("a/b/c.txt")
    digest = "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"
    assert root.remove("a/b/c.txt", digest)
    assert root.read("a/b/c.txt") is None
    assert [] == names(root.shown)


@pytest.mark.parametrize(
    "path",
    ["../x", "/x", "a/../../x", "a//b", "", ".", "a\\b", "c:x", "a/\0", "\udc80"],
)
def test_a_path_that_leads_out_is_refused(root: Root, path: str) -> None:
    """Paths that lead anywhere else, on any system, are refused as text."""
    with pytest.raises(ValueError, match=r"^"):
        root.write(path, b"")


@posix
def test_no_link_is_followed_on_the_way_down(root: Root, home: Path) -> None:
    """Behind a linked folder nothing is written, read or removed."""
    root.shown.mkdir()
    (root.shown / "link").symlink_to(home)
    for act in (
        lambda: root.write("link/precious", b"new"),
        lambda: root.write("link/more/new", b"new"),
        lambda: root.read("link/precious"),
        lambda: root.discard("link/precious"),
        lambda: root.open("link/lock", os.O_CREAT | os.O_RDWR),
    ):
        with pytest.raises(OSError, match="link"):
            act()

    assert "precious" == (home / "precious").read_text()
    assert ["precious"] == names(home)


@posix
def test_a_link_in_place_of_a_file_is_replaced(root: Root, home: Path) -> None:
    """A link that has the name of a file, or of the file beside it, is not followed."""
    root.shown.mkdir()
    (root.shown / "file").symlink_to(home / "precious")
    (root.shown / ".file.new").symlink_to(home / "precious")

    assert root.read("file") is None
    root.stage("file", ".file.new", b"new")
    root.settle("file", ".file.new")

    assert b"new" == root.read("file")
    assert "precious" == (home / "precious").read_text()


@posix
def test_a_pipe_in_place_of_a_file_is_refused(root: Root) -> None:
    """A pipe below the folder is not waited for, and not replaced."""
    root.shown.mkdir()
    os.mkfifo(root.shown / "pipe")

    assert root.read("pipe") is None
    with pytest.raises(OSError, match="not a regular file"):
        root.write("pipe", b"new")


def _swap(root: Root, home: Path) -> None:
    """Move the folder that is in use away, and put a link in its place."""
    (root.shown / "docs").rename(root.shown / "moved")
    (root.shown / "docs").symlink_to(home)


@posix
@pytest.mark.parametrize("act", ["stage", "settle", "read", "remove", "discard"])
def test_a_link_that_is_swapped_in_leads_nowhere(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    """A folder that becomes a link once it is open is still the folder that it was."""
    with open_root(tmp_path / "root") as root:
        root.write("docs/precious", b"ours")
        root.stage("docs/precious", "docs/beside", b"new")
        entered = HeldFolder.folder
        swapped = False

        def swap(self: HeldFolder, name: str, *, make: bool = False) -> HeldFolder:
            nonlocal swapped
            found = entered(self, name, make=make)
            if name == "docs" and not swapped:
                swapped = True
                _swap(root, home)
            return found

        monkeypatch.setattr(HeldFolder, "folder", swap)
        match act:
            case "stage":
                root.stage("docs/precious", "docs/more", b"new")
            case "settle":
                root.settle("docs/precious", "docs/beside")
            case "read":
                assert b"ours" == root.read("docs/precious")
            case "remove":
                with pytest.raises(OSError, match="link"):
                    root.remove("docs/precious", _DIGEST_OF_OURS)
            case "discard":
                root.discard("docs/precious")

    assert swapped
    assert "precious" == (home / "precious").read_text()
    assert ["precious"] == names(home)


_DIGEST_OF_OURS = "ae0bec9e9d33c56354bd612c8a6010840324fc5b9786ce0a18b696b304b09397"


@posix
def test_a_name_that_is_taken_in_between_is_not_written_to(
    root: Root, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link that takes the name of the new file after it was cleared is an error."""
    clear: Callable[[OpenFolder, str], None] = writing._clear  # noqa: SLF001

    def clear_and_lose(folder: OpenFolder, name: str) -> None:
        clear(folder, name)
        (root.shown / name).symlink_to(home / "precious")

    monkeypatch.setattr(writing, "_clear", clear_and_lose)

    with pytest.raises(FileExistsError):
        root.stage("file", ".file.new", b"new")

    assert "precious" == (home / "precious").read_text()


def hostile_checkout(folder: Path, home: Path) -> Path:
    """A repository whose output folder leads elsewhere, as git can hold it."""
    (folder / "generated" / "docs" / "pk").mkdir(parents=True)
    (folder / "generated" / ".shapespec").mkdir()
    (folder / "spec.yaml").write_text(SPEC)
    generated = folder / "generated"
    for name in (".README.md.new", ".README.md.shapespec-new", "R.md"):
        (generated / "docs" / "pk" / name).symlink_to(home / "precious")
    (generated / "link").symlink_to(home)
    zeros = "0" * 64
    (generated / ".shapespec" / "pk.files").write_text(
        f"{zeros} docs link/precious\n{zeros} docs docs/mine\n"
    )
    (generated / ".shapespec" / "pk.json").write_text(
        '{"spec": "x", "files": {"link/precious": {"target": "docs"}}}'
    )
    (generated / "docs" / "mine").write_text("mine")
    return folder


@posix
def test_a_hostile_checkout_reaches_nothing_outside(tmp_path: Path, home: Path) -> None:
    """Links in an output folder and lies in its manifest cost nobody a file."""
    checkout = hostile_checkout(tmp_path / "repo", home)

    done = run_shapespec("generate", "spec.yaml", cwd=checkout)

    assert 0 == done.returncode
    assert "precious" == (home / "precious").read_text()
    assert ["precious"] == names(home)
    docs = checkout / "generated" / "docs"
    assert not (docs / "pk" / "R.md").is_symlink()
    assert "mine" == (docs / "mine").read_text()
    assert "link/precious is no longer generated, and stays" in done.stderr
    assert "docs/mine is no longer generated, and stays" in done.stderr
    check = run_shapespec("generate", "spec.yaml", "--check", cwd=checkout)
    assert 0 == check.returncode


@posix
@pytest.mark.parametrize("name", ["docs", ".shapespec", ".shapespec/cache", "python"])
def test_a_linked_folder_in_a_hostile_checkout_is_refused(
    tmp_path: Path, home: Path, name: str
) -> None:
    """A link in place of a folder that is written to is named, and nothing written."""
    (tmp_path / "spec.yaml").write_text(SPEC)
    link = tmp_path / "generated" / name
    link.parent.mkdir(parents=True)
    link.symlink_to(home)

    done = run_shapespec("generate", "spec.yaml", cwd=tmp_path)

    assert 2 == done.returncode
    assert "it is a link" in done.stderr
    assert ["precious"] == names(home)


@posix
@pytest.mark.parametrize("how", ["setting", "absolute", "linked", "default"])
def test_a_project_does_not_choose_a_folder_elsewhere(
    tmp_path: Path, home: Path, how: str
) -> None:
    """An output folder outside of the project has to be named on the command line."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "spec.yaml").write_text(SPEC)
    out = {"setting": "../home", "absolute": str(home), "linked": "link"}.get(how)
    if out is not None:
        text = f'[tool.shapespec]\nspecs = ["spec.yaml"]\nout = "{out}"\n'
        (project / "pyproject.toml").write_text(text)
    (project / {"linked": "link", "default": "generated"}.get(how, "x")).symlink_to(
        home
    )

    done = run_shapespec("generate", "spec.yaml", cwd=project)

    assert 2 == done.returncode
    assert "outside of the project" in done.stderr
    assert "--out" in done.stderr
    assert ["precious"] == names(home)
    named = run_shapespec("generate", "spec.yaml", "--out", home, cwd=project)
    assert 0 == named.returncode
    assert ["docs", "json_schema", "precious", "python"] == [
        name for name in names(home) if name[0] != "."
    ]


@posix
def test_an_edited_file_is_not_removed(tmp_path: Path) -> None:
    """A generated file that somebody changed stays when it is no longer wanted."""
    files = (OutputFile("docs/a.md", "a\n", target="docs"),)
    with open_root(tmp_path) as root:
        folder = Folder(root, "p")
        folder.apply(folder.changes(files, ["docs"]))
        (tmp_path / "docs" / "a.md").write_text("edited\n")

        folder.apply(folder.changes((), ["docs"]))

        assert ["docs/a.md"] == [left.path for left in folder.left]
        assert () == folder.changes((), ["docs"])
        assert () == folder.left
    assert "edited\n" == (tmp_path / "docs" / "a.md").read_text()


COMMANDS = {
    "observe": ("observe", "r.json", "-o", "OUT"),
    "observe --patch": ("observe", "r.json", "--patch", "OUT"),
    "validate --write-baseline": ("validate", "r.json", "--write-baseline", "OUT"),
    "import": ("import", "json-schema", "schema.json", "-o", "OUT"),
}
"""Every command that writes a file which the user names."""


@posix
@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_every_command_writes_in_this_way(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Links and permissions are kept, and pipes are written to, by all commands."""
    (tmp_path / "r.json").write_text("{}")
    (tmp_path / "schema.json").write_text(
        '{"type": "object", "title": "R", "properties": {"a": {"type": "string"}}}'
    )
    (tmp_path / "real").write_text("old")
    (tmp_path / "real").chmod(0o600)
    (tmp_path / "link").symlink_to("real")

    def run(out: str) -> None:
        done = run_shapespec(
            *(out if word == "OUT" else word for word in words), cwd=tmp_path
        )
        assert done.returncode in (0, 1), done.stderr

    run("link")
    assert (tmp_path / "link").is_symlink()
    written = (tmp_path / "real").read_text()
    assert "old" != written
    assert 0o600 == stat.S_IMODE((tmp_path / "real").stat().st_mode)
    run("/dev/null")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDWR | os.O_NONBLOCK)
    with os.fdopen(reader, "rb", buffering=0) as pipe:
        run("pipe")
        assert len(written) - 9 < len(pipe.read().decode())
    assert ["link", "pipe", "r.json", "real", "schema.json"] == names(tmp_path)


def test_systems_without_such_calls_use_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows, where no folder can be held open, folders are used by their paths."""
    monkeypatch.setattr(os, "supports_dir_fd", frozenset[Callable[..., object]]())

    with folders.open_folder(Path.cwd()) as found:
        assert isinstance(found, PathFolder)


def test_nothing_else_writes() -> None:
    """No other module writes to a file, but in scratch folders of its own."""
    scratch = {
        "accelerate/__init__.py",
        "api.py",
        "backends/python_format.py",
        "responses/cells.py",
    }
    ours = {"ground/folders.py", "ground/writing.py", "ground/kept.py"}
    words = (".write_text(", ".write_bytes(", "os.replace", "os.rename(", "O_CREAT")
    code = Path(shapespec.__file__).parent
    found = {
        module.relative_to(code).as_posix()
        for module in code.rglob("*.py")
        if any(word in module.read_text("utf-8") for word in words)
    }

    assert scratch <= found
    assert {
        "project/locking.py",  # the lock, below an open folder
        "runtime/_conversion.py",  # `form.write_bytes(`, which gives text, too
        "runtime/_form.py",  # a form's own `write_bytes`, which gives text
    } == found - scratch - ours
