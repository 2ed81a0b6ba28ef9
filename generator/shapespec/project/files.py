"""Reads the files that people name, with limits and clear words when it fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from posixpath import normpath

from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Faults
from shapespec.ground.errors import Unusable, reason
from shapespec.ground.reading import open_input
from shapespec.ground.source import SourceFile
from shapespec.ground.writing import leads_out

MAX_SPEC_BYTES = 16 * 1024 * 1024
"""How large a spec may be, unless told otherwise; all of EC2 has some 5 MB."""


def siblings(spec: Path, shown: str) -> Callable[[str], SourceFile]:
    """What reads the files that a spec names, by their path from its folder.

    Args:
        spec: Where the spec is.
        shown: What messages call it; its siblings are called after it.
    """

    def read(name: str) -> SourceFile:
        at = normpath((PurePosixPath(shown).parent / name).as_posix())
        folder, called = spec.parent, "the spec's folder"
        if ".." in PurePosixPath(name).parts:  # as only imports may be called
            folder, called = project_of(spec), "the project"
        if leads_out(spec.parent / name, folder):
            raise Unusable(f"cannot read {at}: it leads out of {called}")
        return read_source(spec.parent / name, name=at, listed=True)

    return read


def project_of(spec: Path) -> Path:
    """The folder of the nearest pyproject.toml above a spec, else that of the spec."""
    folder = spec.absolute().parent
    for one in (folder, *folder.parents):
        if (one / "pyproject.toml").is_file():
            return one
    return folder


def read_source(
    path: Path,
    *,
    name: str | None = None,
    limit: int = MAX_SPEC_BYTES,
    listed: bool = False,
) -> SourceFile:
    """The text of a spec file.

    Args:
        path: Where it is.
        name: What messages and headers call it; the path where left out.
        limit: How many bytes it may have.
        listed: Whether a spec names it; then it has to be a file, not a pipe.

    Raises:
        Unusable: There is no such file, or it may not be read.
        Faults: It is too large, or not UTF-8.
    """
    shown = name or str(path)
    try:
        with open_input(str(path), listed=listed) as stream:
            data = stream.read(limit + 1)
            if len(data) > limit:
                size = max(path.stat().st_size, len(data))
                raise Faults([catalogue.file_too_large(shown, size, limit)])
    except OSError as error:
        raise Unusable(f"cannot read {shown}: {reason(error)}") from error
    except ValueError as error:
        raise Unusable(f"cannot read {shown}: {error}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Faults([catalogue.not_utf8(shown, error.start)]) from None
    return SourceFile(shown, text, path)
