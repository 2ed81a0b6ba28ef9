"""How generated Python is laid out, and what is said where it cannot be."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from shapespec.backends import python_format
from shapespec.backends.files import OutputFile
from shapespec.backends.python_format import formatted
from shapespec.ground.errors import Unusable


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    """Each test has ruff lay out what it asks for."""
    monkeypatch.setenv("SHAPESPEC_CACHE", "off")


def test_python_is_laid_out_and_nothing_else() -> None:
    """Modules are laid out, in their order; other files stay as they are."""
    files = [
        OutputFile("docs/a.md", "x=1"),
        OutputFile("python/p/a.py", "x=1"),
        OutputFile("python/p/empty.py", ""),
    ]

    texts = [file.text for file in formatted(files)]

    assert ["x=1", "x = 1\n", ""] == texts


def test_an_older_ruff_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before ruff 0.15.6 only its `__main__` says where the program is."""
    import ruff.__main__

    where = ruff.__main__.find_ruff_bin()
    older = ModuleType("ruff.__main__")
    older.find_ruff_bin = lambda: where  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ruff", ModuleType("ruff"))
    monkeypatch.setitem(sys.modules, "ruff.__main__", older)

    (file,) = formatted([OutputFile("python/p/a.py", "x=1")])

    assert "x = 1\n" == file.text


def test_a_missing_ruff_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no program to run, the message says what to install."""
    monkeypatch.setattr(python_format, "_find_ruff", lambda: "no-such-ruff")

    with pytest.raises(Unusable, match="pip install ruff"):
        formatted([OutputFile("python/p/a.py", "x=1")])


def test_what_is_not_python_is_named() -> None:
    """The file that cannot be read is named as it is to be called, with the line."""
    files = [OutputFile(f"python/p/m{one}.py", "x = 1\n") for one in range(12)]
    files[11] = OutputFile("python/p/m11.py", "x = (\n")

    with pytest.raises(RuntimeError, match=r"python/p/m11\.py:\d+:\d+: ") as raised:
        formatted(files)

    assert "m1.py" not in str(raised.value)


def test_many_modules_take_several_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ruff holds at once has a limit; the files come out the same, in order."""
    files = [OutputFile(f"python/p/m{one}.py", f"x={one}") for one in range(5)]
    runs: list[int] = []
    run = python_format._run_ruff  # noqa: SLF001 - what starts the program

    def counted(folder: str, *words: str) -> str | None:
        if "format" in words:
            runs.append(len([*Path(folder).iterdir()]))
        return run(folder, *words)

    monkeypatch.setattr(python_format, "_run_ruff", counted)
    monkeypatch.setattr(python_format, "MOST", 6)

    texts = [file.text for file in formatted(files)]

    assert [2, 2, 1] == runs
    assert [f"x = {one}\n" for one in range(5)] == texts


def test_what_was_laid_out_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ruff is asked about modules that have changed, and the text is the same."""
    monkeypatch.setenv("SHAPESPEC_CACHE", str(tmp_path / "kept"))
    files = [OutputFile(f"python/p/m{one}.py", f"x={one}") for one in range(3)]
    first = formatted(files)
    runs: list[list[str]] = []
    run = python_format._run_ruff  # noqa: SLF001 - what starts the program

    def seen(folder: str, *words: str) -> str | None:
        runs.append(sorted(path.name for path in Path(folder).iterdir()))
        return run(folder, *words)

    monkeypatch.setattr(python_format, "_run_ruff", seen)
    again = formatted(files)
    files[1] = OutputFile("python/p/m1.py", "y=1")
    changed = formatted(files)

    assert first == again
    assert "y = 1\n" == changed[1].text
    assert [["1.py"], ["1.py"]] == runs
    (kept,) = (tmp_path / "kept").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    assert changed == formatted(files)
