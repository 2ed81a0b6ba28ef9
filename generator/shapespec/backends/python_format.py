"""Generated Python as ruff would leave it.

Templates place text and leave the layout of long lines to ruff, whose format is
stable within a year. One run of ruff formats all modules, in a folder of their own.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from shapespec.backends.files import OutputFile
from shapespec.ground.errors import Unusable, reason


def formatted(files: Iterable[OutputFile]) -> tuple[OutputFile, ...]:
    """The files in their order, the Python ones formatted."""
    given = tuple(files)
    modules = {f"{number}.py": file for number, file in enumerate(given)}
    modules = {
        name: file
        for name, file in modules.items()
        if file.path.endswith(".py") and file.text
    }
    if not modules:
        return given
    with tempfile.TemporaryDirectory() as folder:
        for name, file in modules.items():
            Path(folder, name).write_text(file.text, "utf-8", newline="\n")
        said = _run_ruff(folder)
        if said is not None:
            raise RuntimeError(f"the Python made is wrong: {_named(said, modules)}")
        texts = {
            file.path: Path(folder, name).read_text("utf-8")
            for name, file in modules.items()
        }
    return tuple(file._replace(text=texts.get(file.path, file.text)) for file in given)


def _run_ruff(folder: str) -> str | None:
    """Format a folder; what ruff says where it cannot."""
    options = ["--isolated", "--no-cache", "--target-version=py311"]
    try:
        done = subprocess.run(
            [_find_ruff(), "format", *options, "."],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        message = f"ruff cannot be run ({reason(error)}); run: pip install ruff"
        raise Unusable(message) from error
    return None if done.returncode == 0 else done.stderr


def _find_ruff() -> str:
    """Where ruff's program is; before ruff 0.15.6 only its `__main__` knows."""
    try:
        from ruff import find_ruff_bin
    except ImportError:
        from ruff.__main__ import find_ruff_bin
    return str(find_ruff_bin())


def _named(said: str, modules: Mapping[str, OutputFile]) -> str:
    """What ruff says, by the names that the files are to have."""
    return re.sub(
        r"\b\d+\.py\b",
        lambda found: modules[found[0]].path if found[0] in modules else found[0],
        said.strip(),
    )
