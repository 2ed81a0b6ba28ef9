"""The findings of a file, each with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from shapespec.ground.errors import Unusable, reason
from shapespec.ground.source import Position, shown
from shapespec.responses.cells import CellJudge, Said
from shapespec.responses.files import FoundFile
from shapespec.responses.finding import AnyFinding
from shapespec.responses.places import file_and_line, positions
from shapespec.responses.read import ReadOptions, Response, file_parts, read_part
from shapespec.runtime._report import Finding


class FileFinding(Finding):
    """A finding, and where in a file it is.

    Attributes:
        file: The file.
        line: The line of the value, or where the response begins that lacks it.
        column: Its column, counted from 1.
    """

    __slots__ = ("column", "file", "line")

    def __init__(self, finding: AnyFinding, file: str, line: int, column: int) -> None:
        """Place a finding."""
        super().__init__(
            finding.rule,
            finding.severity,
            finding.pointer,
            finding.message,
            finding.shape,
        )
        self.got = finding.got
        self.file = file
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"{shown(self.file)}:{self.line}:{self.column}: {super().__str__()}"

    @property
    def where(self) -> str:
        """The place, for people."""
        return f"{self.file}:{self.line}:{self.column} {super().where}"

    def __reduce__(self) -> tuple[object, ...]:
        held = Finding(self.rule, self.severity, self.pointer, self.message, self.shape)
        held.got = self.got
        return FileFinding, (held, self.file, self.line, self.column)

    def as_dict(self) -> dict[str, str]:
        """The finding as JSON has it, with its place."""
        place = {"column": f"{self.column}", "file": self.file, "line": f"{self.line}"}
        return super().as_dict() | place


def findings_in(
    path: Path, reading: ReadOptions, judge: CellJudge
) -> Iterator[FileFinding]:
    """The findings of all responses in a file; an unreadable one is a finding, too.

    Raises:
        Unusable: The file cannot be opened.
    """
    try:
        path.open("rb").close()
    except OSError as error:
        raise Unusable(f"cannot read {shown(str(path))}: {reason(error)}") from None
    for part in file_parts(FoundFile(str(path)), reading):
        for response in read_part(part, reading):
            if isinstance(response, Response):  # nothing is asked that could be clean
                yield from _placed(response, judge)


def _placed(response: Response, judge: CellJudge) -> Iterator[FileFinding]:
    file, first = file_and_line(response)
    begins = response.origin or Position(first, 1)
    if response.unreadable is not None:
        yield FileFinding(Said(response.unreadable), file, *begins)
        return
    found = [*judge.of_value(response.value)]
    for finding, place in zip(found, positions(response, found), strict=True):
        yield FileFinding(finding, file, *(place or begins))
