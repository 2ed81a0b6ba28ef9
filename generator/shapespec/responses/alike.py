"""Findings that say the same of many places, shown as one with the others counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from shapespec.ground.pointer import steps
from shapespec.responses.finding import AnyFinding
from shapespec.responses.policy import Verdict, weigh

MOST_SHOWN = 3
"""How many findings that are alike are each shown; of more, the first one is."""

_MOST_NAMED = 8

_EACH_COUNTS = ("required", "unknown-member")
"""Rules whose findings differ in the name of the member, which is all that they say."""


class Alike(NamedTuple):
    """A finding, and those that are like it, by their number in the verdict."""

    first: int
    others: tuple[int, ...] = ()


def alike(verdict: Verdict) -> Iterator[Alike]:
    """The findings of a verdict, in their order, each with those that are like it.

    Two are alike that say that the same rule of the same shape is broken in two items
    of a list, or two entries of one map.
    """
    found: dict[object, list[int]] = {}
    for number, finding in enumerate(verdict.findings):
        found.setdefault(_kind(finding, verdict), []).append(number)
    large = [group for group in found.values() if len(group) > MOST_SHOWN]
    heads = {group[0]: Alike(group[0], tuple(group[1:])) for group in large}
    rest = {number for group in large for number in group[1:]}
    for number in range(len(verdict.findings)):
        if number not in rest:
            yield heads.get(number) or Alike(number)


def _kind(finding: AnyFinding, verdict: Verdict) -> object:
    """What findings that are alike have in common."""
    place = weigh(finding, verdict.response.value).place
    if finding.rule not in _EACH_COUNTS:
        place = place.rpartition("/")[0]
    message = finding.message.replace(finding.got, "", 1) if finding.got else ""
    return finding.rule, finding.severity, finding.shape, place, message


def others(one: Alike, findings: Sequence[AnyFinding]) -> str:
    """The places of the others, in words."""
    names = [_last(findings[number].pointer) for number in one.others]
    shown = ", ".join(names[:_MOST_NAMED])
    more = ", …" if len(names) > _MOST_NAMED else ""
    return f"and {len(names)} more like it: {shown}{more} (--all shows each)"


def _last(pointer: str) -> str:
    """What tells a place from the others: its last name, or the item that it is in."""
    *before, last = ["", *steps(pointer)]
    indices = [step for step in before if step.isdecimal()]
    return f"{'/'.join(indices)}/{last}" if indices else last
