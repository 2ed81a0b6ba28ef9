"""Generated Python as ruff would leave it.

Templates place text and leave the layout of long lines to ruff, whose format is
stable within a year. One run of ruff formats all modules, in a folder of their own.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from shapespec.output import OutputFile


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
        _run_ruff(folder)
        texts = {
            file.path: Path(folder, name).read_text("utf-8")
            for name, file in modules.items()
        }
    return tuple(file._replace(text=texts.get(file.path, file.text)) for file in given)


def _run_ruff(folder: str) -> None:
    from ruff import find_ruff_bin

    subprocess.run(
        [
            find_ruff_bin(),
            "format",
            "--isolated",
            "--no-cache",
            "--quiet",
            "--target-version=py311",
            folder,
        ],
        check=True,
    )
