"""The files that backends hand on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from shapespec.backends.definitions import Module
from shapespec.ground.errors import Unusable


class OutputFile(NamedTuple):
    """A generated file: where it goes, below the output folder, and what it holds.

    Attributes:
        path: With `/` between its parts.
        text: All of it, with `\\n` at the end of each line.
        exports: The public names of a Python module, for its package to hand on.
        target: The target it belongs to.
        module: What the text is yet to be made of, where a big package has several
            files instead; see `units.py`.
    """

    path: str
    text: str
    exports: tuple[str, ...] = ()
    target: str = ""
    module: Module | None = None


def refuse_clashes(files: Iterable[OutputFile]) -> None:
    """See that no two targets write the same file.

    Raises:
        Unusable: Two do.
    """
    owners: dict[str, str] = {}
    for file in files:
        if file.path in owners:
            both = f"{owners[file.path]!r} and {file.target!r}"
            raise Unusable(f"the targets {both} both write {file.path}")
        owners[file.path] = file.target
