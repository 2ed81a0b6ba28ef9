"""What all that is watched has in common: events, how they are handed on, refusals."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Generic, Protocol, TypeVar

from shapespec.ground.errors import Portable
from shapespec.ground.sinks.log import failure, note
from shapespec.ground.sinks.visible import visible
from shapespec.responses.discreet import discreet
from shapespec.responses.finding import AnyFinding

LEVELS = {"error": logging.ERROR, "warning": logging.WARNING, "note": logging.INFO}
"""The level at which a finding is logged."""

MOST_CONTRACTS = 256
"""How many contracts are kept in memory; the least used goes first."""


class AboutFinding:
    """Something that has a finding, whose attributes are its own, too."""

    __slots__ = ()

    finding: AnyFinding

    @property
    def rule(self) -> str:
        """What kind of thing, as a stable id."""
        return self.finding.rule

    @property
    def severity(self) -> str:
        """`error`, `warning` or `note`."""
        return self.finding.severity

    @property
    def pointer(self) -> str:
        """Where, as a JSON Pointer."""
        return self.finding.pointer

    @property
    def message(self) -> str:
        """What was expected and what was there."""
        return self.finding.message

    @property
    def shape(self) -> str:
        """The shape whose constraint it is."""
        return self.finding.shape

    @property
    def got(self) -> str:
        """What was there, as the message shows it; empty if it does not."""
        return self.finding.got


class _Told(Protocol):
    """An event that can be handed on."""

    @property
    def finding(self) -> AnyFinding:
        """What is wrong."""
        ...


Event = TypeVar("Event", bound=_Told)


class ResponseRefused(Portable, ValueError):
    """A response has errors, and the client was asked to raise them.

    Attributes:
        operation: The operation that was called.
        findings: All that was found.
        response: The response, which the caller of the operation does not get.
    """

    def __init__(
        self, operation: str, findings: tuple[AnyFinding, ...], response: object
    ) -> None:
        """Name the operation, and the first of the errors."""
        self.operation = operation
        self.findings = findings
        self.response = response
        errors = [one for one in findings if one.severity == "error"]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(f"{operation}: {said(errors[0])}{more}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(Generic[Event]):
    """How findings are handed on, and of which calls.

    Attributes:
        log: Where things are said that are not findings.
        on_finding: What is called with each event; where there is none, it is logged.
        write: Logs an event.
        rate: The share of calls that are checked.
        limit: How many findings of a response are handed on, at most.
    """

    log: logging.Logger
    on_finding: Callable[[Event], object] | None
    write: Callable[[Event], None]
    rate: float = 1.0
    limit: int = 100
    calls: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        """Check `rate` and `limit`.

        Raises:
            ValueError: `rate` is not a share, or `limit` not a number of findings.
        """
        if not 0 < self.rate <= 1:
            raise ValueError(f"rate is a share, above 0 and up to 1; got {self.rate}")
        if self.limit < 1:
            message = f"limit is a number of findings, 1 or more; got {self.limit}"
            raise ValueError(message)

    def is_due(self) -> bool:
        """Whether the next call is among those that are checked."""
        number = next(self.calls)
        return int((number + 1) * self.rate) > int(number * self.rate)

    def hand_on(self, operation: str, events: Sequence[Event]) -> None:
        """Hand on events, as many as may be; whatever fails then is logged."""
        try:
            for event in events[: self.limit]:
                (self.write if self.on_finding is None else self.on_finding)(event)
        except Exception as error:  # noqa: BLE001 - logged, with its traceback
            failure(self.log, f"{operation}: a finding could not be handed on", error)
        if len(events) > self.limit:
            left = len(events) - self.limit
            message = f"{operation}: {left} more findings are not shown"
            note(self.log, logging.WARNING, message)


def said(finding: AnyFinding) -> str:
    """A finding in a line, for a log that others read."""
    mark = f"{finding.severity}[{finding.rule}]"
    return visible(f"{mark} at {finding.pointer or '/'}: {discreet(finding)}")
