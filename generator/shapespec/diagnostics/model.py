"""What a diagnostic is, whatever it says and however it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import islice

from shapespec.ground.errors import Portable
from shapespec.ground.source import Span
from shapespec.records import dataclass

MOST = 1000
"""How many diagnostics a phase gives before it stops; nobody reads more."""


class Severity(StrEnum):
    """How much a diagnostic weighs: an error stops the run, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Annotation:
    """A place and, in a few words, what is to be seen there."""

    span: Span
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One fault: its rule, one terse sentence, the places, and what to do.

    Attributes:
        rule: Kebab-case name; `shapespec explain RULE` prints its page.
        message: One sentence, without a full stop.
        primary: The smallest place that holds the fault; none where a whole
            file is at fault.
        secondary: Other places the reader needs to see, such as the first of
            two duplicates.
        help: What to do about it.
    """

    rule: str
    message: str
    primary: Annotation | None = None
    secondary: tuple[Annotation, ...] = ()
    help: str | None = None
    severity: Severity = Severity.ERROR

    def sort_key(self) -> tuple[str, int, str]:
        """Source order, then rule, so that output is stable."""
        if self.primary is None:
            return ("", -1, self.rule)
        return (self.primary.span.file.name, self.primary.span.start, self.rule)


class Faults(Portable, Exception):
    """Raised when a phase found errors; carries all of them, in source order."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Sort `diagnostics` and keep each once: aliases repeat what they name."""
        distinct = dict.fromkeys(diagnostics)
        self.diagnostics = tuple(sorted(distinct, key=Diagnostic.sort_key))
        super().__init__(f"{len(self.diagnostics)} diagnostics")


class Found(list[Diagnostic]):
    """The diagnostics of a phase, one by one; a phase with too many ends early."""

    def append(self, diagnostic: Diagnostic) -> None:
        """Add one.

        Raises:
            Faults: There are too many.
        """
        super().append(diagnostic)
        if len(self) >= MOST:
            raise Faults(self)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add several.

        Raises:
            Faults: There are too many.
        """
        for diagnostic in diagnostics:
            self.append(diagnostic)


def stop_on(diagnostics: Iterable[Diagnostic]) -> None:
    """End the run if there is an error among `diagnostics`.

    Raises:
        Faults: With every diagnostic of the phase, warnings included, or the first
            thousand.
    """
    found = tuple(islice(diagnostics, MOST))
    if any(diagnostic.severity is Severity.ERROR for diagnostic in found):
        raise Faults(found)
