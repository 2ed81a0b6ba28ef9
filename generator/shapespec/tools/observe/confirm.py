"""Which claims a record of responses confirms, and which it refutes.

A claim is what a document states about a response. It is confirmed where many values
could have broken it and none did, and refuted where one did.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from shapespec.contract import constraints, schema as ir
from shapespec.tools.observe.changes import Confirm
from shapespec.tools.observe.model import ENOUGH, Observation

REQUIRED = "required"


def claims(shape: ir.Shape) -> tuple[str, ...]:
    """The keywords of a shape that are claims."""
    return tuple(one.keyword for one in constraints.of(shape) if one.claimed)


def confirmed(
    observation: Observation, schema: ir.Schema, enough: int = ENOUGH
) -> Iterator[tuple[Confirm, int]]:
    """What can be said to be a fact, each with how many values kept it.

    Args:
        observation: What was observed.
        schema: The contract.
        enough: How many values it takes.
    """
    kept = _values(observation)
    broken = _broken(observation, schema)
    for (owner, member), (present, of) in _presence(observation).items():
        keywords: list[str] = []
        if member.claimed and present == of >= enough:
            keywords.append(REQUIRED)
        if member.target.startswith(f"{owner}$") and present >= enough:
            inline = schema.shapes[member.target]
            keywords += [one for one in claims(inline) if one not in broken[inline.id]]
        if keywords:
            yield Confirm(owner, member.name, tuple(keywords)), present
    for shape in schema.shapes.values():
        if "$" in shape.id or kept[shape.id] < enough:
            continue
        keywords = [one for one in claims(shape) if one not in broken[shape.id]]
        if keywords:
            yield Confirm(shape.id, "", tuple(keywords)), kept[shape.id]


def _presence(observation: Observation) -> dict[tuple[str, ir.Member], tuple[int, int]]:
    """How often each member was there, wherever its structure stands."""
    found: dict[tuple[str, ir.Member], tuple[int, int]] = {}
    for one in observation.presence:
        present, of = found.get((one.owner, one.member), (0, 0))
        total = present + one.total.present, of + one.total.of
        found[one.owner, one.member] = total
    return found


def _values(observation: Observation) -> Counter[str]:
    """How many values of each shape were members of something."""
    found: Counter[str] = Counter()
    for presence in observation.presence:
        found[presence.member.target] += presence.total.present
    return found


def _broken(observation: Observation, schema: ir.Schema) -> dict[str, set[str]]:
    """The keywords of each shape that did not hold."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in observation.broken:
        for stated in constraints.of(schema.shapes[one.shape]):
            if one.keyword in (stated.fact, stated.keyword, stated.rule):
                found[one.shape].add(stated.keyword)
    return found
