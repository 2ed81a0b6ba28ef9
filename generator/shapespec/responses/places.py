"""Line and column of findings in the files that responses came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath

from shapespec.diagnostics.model import Faults
from shapespec.ground.source import Position, SourceFile
from shapespec.responses.contract import Finding
from shapespec.responses.locate import locate, locate_yaml
from shapespec.responses.read import Response


def file_and_line(response: Response) -> tuple[str, int]:
    """The file that a response came from, and the line where it begins."""
    file, _, line = response.source.rpartition(":")
    return file, int(line)


def posix_path(file: str) -> str | None:
    """A file's path with `/` between its parts; none for standard input."""
    return None if file == "<stdin>" else PurePath(file).as_posix()


def positions(
    response: Response, findings: Iterable[Finding]
) -> Iterator[Position | None]:
    """Where each finding is; none where only the line of the response is known."""
    source = SourceFile("", response.text)
    origin = response.origin or Position(file_and_line(response)[1], 1)
    for finding in findings:
        yield _position(response, source, origin, response.within + finding.pointer)


def _position(
    response: Response, source: SourceFile, origin: Position, pointer: str
) -> Position | None:
    if not response.text:
        return None
    try:
        if response.kind == "yaml":
            line, column = locate_yaml(response.text, pointer)
        else:
            line, column = source.position(locate(response.text, pointer))
    except (ValueError, IndexError, StopIteration, RecursionError, Faults):
        return None
    if line == 1:
        column += origin.column - 1
    return Position(line + origin.line - 1, column)
