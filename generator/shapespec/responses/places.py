"""Line and column of findings in the files that responses came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath

from shapespec.ground.source import Position
from shapespec.responses.finding import AnyFinding
from shapespec.responses.locate import locate
from shapespec.responses.read import Response


def file_and_line(response: Response) -> tuple[str, int]:
    """The file that a response came from, and the line where it begins."""
    file, _, line = response.source.rpartition(":")
    return file, int(line)


def posix_path(file: str) -> str | None:
    """A file's path with `/` between its parts; none for standard input."""
    return None if file == "<stdin>" else PurePath(file).as_posix()


def positions(
    response: Response, findings: Iterable[AnyFinding]
) -> Iterator[Position | None]:
    """Where each finding is; none where only the line of the response is known."""
    findings = [*findings]
    if response.places is not None:
        yield from (response.places[finding.pointer] for finding in findings)
        return
    pointers = [response.within + finding.pointer for finding in findings]
    if not response.text:
        yield from (None for _ in pointers)
        return
    origin = response.origin or Position(file_and_line(response)[1], 1)
    for line, column in locate(response.text, response.kind, pointers):
        right = origin.column - 1 if line == 1 else 0
        yield Position(line + origin.line - 1, column + right)
