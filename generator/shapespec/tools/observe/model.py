"""What was observed: counts by place, in the order of the spec."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from shapespec.contract import schema as ir
from shapespec.records import dataclass

ENOUGH = 100
"""How many values have to keep a claim before it counts as confirmed."""


class Count(NamedTuple):
    """In how many of how many something was there."""

    present: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """How often a member was there.

    Attributes:
        path: The member.
        owner: The id of the structure or union that has it.
        member: What the spec says of it.
        total: How many of the values that can have it do. At the top of a response
            these are the responses; within a list, its items.
        by: The same for each status that a response was in.
    """

    path: str
    owner: str
    member: ir.Member
    total: Count
    by: Mapping[str, Count]

    @property
    def is_news(self) -> bool:
        """Whether the spec requires it, claimed or not, and it was absent."""
        stated = self.member.required or self.member.claimed
        return stated and self.total.present < self.total.of

    @property
    def follows_status(self) -> bool:
        """Whether it is always there with some statuses, and never with the others."""
        shares = {(one.present == one.of, one.present == 0) for one in self.by.values()}
        return shares == {(True, False), (False, True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """A member that the spec lacks; `types` are JSON's words for what it held."""

    path: str
    total: Count
    types: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Values of an enum, each with its count.

    Attributes:
        retired: Whether they are retired in the spec.
        counts: How often each was there.
        known: Whether the spec has them, and no source but responses does.
    """

    path: str
    shape: str
    retired: bool
    counts: Mapping[str, int]
    known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenConstraint:
    """A constraint that did not hold.

    Attributes:
        path: The place of what broke it.
        shape: The id of the shape that states it.
        rule: The rule of the finding.
        keyword: The keyword, as facts call it; the rule's id where there is none.
        severity: How much it weighs.
        findings: How often it was broken.
        responses: In how many responses.
        claim: Whether only a document states it, so that this refutes it.
    """

    path: str
    shape: str
    rule: str
    keyword: str
    severity: str
    findings: int
    responses: int
    claim: bool = False

    @property
    def is_news(self) -> bool:
        """Whether the spec takes it for impossible, or claims that it is."""
        return self.severity == "error" or self.claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """All that was observed.

    Attributes:
        responses: How many were read.
        unreadable: How many could not be.
        statuses: How many were in each status.
        digest: The SHA-256 of the SHA-256 of each text, one after the other.
    """

    responses: int
    unreadable: int
    statuses: Mapping[str, int]
    digest: str
    presence: tuple[Presence, ...]
    members: tuple[NewMember, ...]
    values: tuple[Values, ...]
    broken: tuple[BrokenConstraint, ...]

    @property
    def absent(self) -> tuple[Presence, ...]:
        """Members that the spec requires and that were absent."""
        return tuple(one for one in self.presence if one.is_news)

    @property
    def new_values(self) -> tuple[Values, ...]:
        """Values that the spec lacks."""
        return tuple(one for one in self.values if not (one.retired or one.known))

    @property
    def news(self) -> int:
        """At how many places the spec was not borne out."""
        broken = sum(one.is_news for one in self.broken)
        return len(self.absent) + len(self.members) + len(self.new_values) + broken
