"""Specs of any size, alike in kind: what the scale of the compiler is measured with."""

from __future__ import annotations

import random
from collections.abc import Iterator

GROUP = 20
"""Shapes that belong to one operation, as in a service with some hundred of them."""


def spec_text(shapes: int, package: str = "synthetic") -> str:
    """A spec with so many shapes, in the proportions of a large AWS service.

    Each operation has structures, enums, texts, lists and maps of its own; some of
    its members are of shapes that all operations share.
    """
    groups = max(1, shapes // GROUP)
    chance = random.Random(shapes)  # noqa: S311 - not for secrets
    lines = ["shapespec: 1", f"package: {package}", "operations:"]
    lines += (
        f"  Describe{number}: {{input: In{number}, output: Out{number}}}"
        for number in range(groups)
    )
    lines.append("shapes:")
    for number in range(groups):
        lines += _group(number, groups, chance)
    return "\n".join(lines) + "\n"


def _group(number: int, groups: int, chance: random.Random) -> Iterator[str]:
    """Twenty shapes: eleven structures, five texts, two enums, a list and a map."""
    yield f"  In{number}:"
    yield "    type: structure"
    yield f"    members: {{Name: {{target: Name{number}, required: true}}}}"
    yield f"  Out{number}:"
    yield "    type: structure"
    yield f"    doc: What describing thing number {number} gives back."
    yield "    members:"
    yield f"      Name: {{target: Name{number}, required: true}}"
    yield f"      Parts: List{number}"
    yield f"      Tags: Map{number}"
    yield "      CreatedAt: timestamp"
    for part in range(1, 10):
        yield f"      Part{part}: Part{part}Of{number}"
    for part in range(1, 10):
        shared = chance.randrange(min(groups, 10))
        yield f"  Part{part}Of{number}:"
        yield "    type: structure"
        yield f"    doc: Part {part} of thing {number}, with a name and a size."
        yield "    members:"
        yield f"      Name: {{target: Name{number}, required: true}}"
        yield f"      Key: {{target: Key{part % 4}Of{number}, doc: How it is found.}}"
        yield f"      State: State{part % 2}Of{number}"
        yield f"      Owner: Name{shared}"
        yield "      Size: {type: integer, range: {min: 0, max: 4096}}"
    yield f"  Name{number}:"
    yield "    {type: string, length: {min: 1, max: 64}, pattern: '[a-z][a-z0-9-]*'}"
    for key in range(4):
        yield f"  Key{key}Of{number}:"
        pattern = f"[a-z]{{2,{key + 8}}}:[0-9]{{{key + 1}}}"
        yield f"    {{type: string, pattern: '{pattern}'}}"
    for state in range(2):
        yield f"  State{state}Of{number}:"
        yield "    {type: enum, open: true, values: [Active, Failed, Deleting]}"
    yield f"  List{number}: {{type: list, member: Part1Of{number}}}"
    yield f"  Map{number}: {{type: map, key: Name{number}, value: string}}"
