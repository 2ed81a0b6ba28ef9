"""What a finding is, whichever package made it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


class AnyFinding(Protocol):
    """What is said of a response, by a package or by what reads responses."""

    @property
    def rule(self) -> str:
        """What kind of thing, as a stable id."""
        ...

    @property
    def severity(self) -> str:
        """`error`, `warning` or `note`."""
        ...

    @property
    def pointer(self) -> str:
        """Where, as a JSON Pointer."""
        ...

    @property
    def message(self) -> str:
        """What was expected and what was there."""
        ...

    @property
    def shape(self) -> str:
        """The shape whose constraint it is."""
        ...

    @property
    def got(self) -> str:
        """What was there, as the message shows it; empty if it does not."""
        ...


@runtime_checkable
class Finding(AnyFinding, Protocol):
    """A finding, as every generated package makes it with a class of its own.

    `isinstance` tells findings of any contract from other objects.
    """

    def as_dict(self) -> dict[str, str]:
        """The finding as JSON has it."""
        ...
