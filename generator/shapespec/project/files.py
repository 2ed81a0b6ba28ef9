"""Reads the files that people name, with limits and clear words when it fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Faults
from shapespec.ground.errors import Unusable, reason
from shapespec.ground.source import SourceFile

MAX_SPEC_BYTES = 16 * 1024 * 1024
"""How large a spec may be, unless told otherwise; all of EC2 has some 5 MB."""


def siblings(spec: Path, shown: str) -> Callable[[str], SourceFile]:
    """What reads the files that a spec names, by their path from its folder.

    Args:
        spec: Where the spec is.
        shown: What messages call it; its siblings are called after it.
    """

    def read(name: str) -> SourceFile:
        at = PurePosixPath(shown).parent / name
        return read_source(spec.parent / name, name=at.as_posix())

    return read


def read_source(
    path: Path, *, name: str | None = None, limit: int = MAX_SPEC_BYTES
) -> SourceFile:
    """The text of a spec file.

    Args:
        path: Where it is.
        name: What messages and headers call it; the path where left out.
        limit: How many bytes it may have.

    Raises:
        Unusable: There is no such file, or it may not be read.
        Faults: It is too large, or not UTF-8.
    """
    shown = name or str(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
            if len(data) > limit:
                size = max(path.stat().st_size, len(data))
                raise Faults([catalogue.file_too_large(shown, size, limit)])
    except OSError as error:
        raise Unusable(f"cannot read {shown}: {reason(error)}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Faults([catalogue.not_utf8(shown, error.start)]) from None
    return SourceFile(shown, text)
