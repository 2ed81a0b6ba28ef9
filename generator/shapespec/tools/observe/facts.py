"""What was observed, as facts: `presence` of each member, and what was `seen` beside.

presence  {total: {present, of}, by: {status: {present, of}}}
seen      of a member that the spec lacks: {present, of, types: {type: count}}
          of a known place: {values: {value: count}} for values that an enum lacks,
          {retired: {value: count}}, {broken: [{rule, keyword, severity, findings,
          responses}]}, or several of them
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shapespec.contract.facts import Fact, Value
from shapespec.tools.observe.model import (
    BrokenConstraint,
    Count,
    NewMember,
    Observation,
    Presence,
)


def facts(observation: Observation) -> Iterator[Fact]:
    """Every fact, one of each kind for a place."""
    for presence in observation.presence:
        yield Fact(path=presence.path, kind="presence", value=_presence(presence))
    for path, value in _seen(observation).items():
        yield Fact(path=path, kind="seen", value=value)


def _seen(observation: Observation) -> Mapping[str, dict[str, Value]]:
    found: dict[str, dict[str, Value]] = {}
    for member in observation.members:
        found[member.path] = _new_member(member)
    for values in observation.values:
        kind = "retired" if values.retired else "values"
        counted = found.setdefault(values.path, {}).setdefault(kind, {})
        if isinstance(counted, dict):
            counted |= values.counts
    broken: dict[str, dict[str, Value]] = {}
    for one in observation.broken:
        broken.setdefault(one.path, {})[one.keyword] = _broken(one)
    for path, constraints in broken.items():
        found.setdefault(path, {})["broken"] = constraints
    return found


def _presence(presence: Presence) -> Value:
    return {
        "total": _count(presence.total),
        "by": {status: _count(count) for status, count in presence.by.items()},
    }


def _new_member(member: NewMember) -> dict[str, Value]:
    return {**_count(member.total), "types": dict(member.types)}


def _broken(broken: BrokenConstraint) -> Value:
    return {
        "rule": broken.rule,
        "severity": broken.severity,
        "findings": broken.findings,
        "responses": broken.responses,
    }


def _count(count: Count) -> dict[str, Value]:
    return {"present": count.present, "of": count.of}
