"""A check that only some commands ask for: whether all places can be listed.

Evidence, `diff`, `observe` and samples speak of places, of which shapes that are used
again and again make more than any memory holds: forty structures with two members each
of the next one have a million million. No generated code has one part for each place,
so compiling needs no such check, unless evidence has to be placed.
"""

from __future__ import annotations

from typing import NamedTuple

from shapespec.contract import schema as ir
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Faults

MOST_PLACES = 200_000
"""Well above the largest response of AWS; `make sweep` prints how many that has."""

DEEPEST = 100
"""Well above the deepest response of AWS, which `make sweep` prints, too."""


class Extent(NamedTuple):
    """How much there is of a root.

    Attributes:
        places: The places of it; itself is one.
        depth: How many shapes that have parts are within each other.
    """

    places: int
    depth: int


def extent(schema: ir.Schema, root: str) -> Extent:
    """How much there is of a root, counted no further than to the first limit."""
    places, depth = 0, 0
    above: set[str] = set()
    pending = [(root, False)]
    while pending and places <= MOST_PLACES and depth <= DEEPEST:
        target, is_left = pending.pop()
        if is_left:
            above.remove(target)
            continue
        places += 1
        inner = [name for _, name in ir.targets(schema.shapes[target])]
        if inner and target not in above:
            above.add(target)
            depth = max(depth, len(above))
            pending.append((target, True))
            pending.extend((name, False) for name in inner)
    return Extent(places, depth)


def require_places(schema: ir.Schema, root: str) -> None:
    """Refuse a root whose places are too many to list, or nested too deeply.

    Raises:
        Faults: It has too many.
    """
    places, depth = extent(schema, root)
    at = schema.shapes[root].span or schema.span
    if depth > DEEPEST:
        reason = f"nests shapes over {DEEPEST} deep"
        raise Faults([catalogue.too_many_places(root, at, reason)])
    if places > MOST_PLACES:
        reason = f"has over {MOST_PLACES:,} places"
        raise Faults([catalogue.too_many_places(root, at, reason)])
