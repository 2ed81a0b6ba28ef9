"""A check that only some commands ask for: whether all places can be listed.

Evidence, `diff`, `observe` and samples speak of places, of which shapes that are used
again and again make more than any memory holds: forty structures with two members each
of the next one have a million million. No generated code has one part for each place,
so compiling needs no such check.
"""

from __future__ import annotations

from shapespec import schema as ir
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Faults

MOST_PLACES = 200_000
"""Four times as many as the largest response of AWS has, a dashboard of QuickSight."""

DEEPEST = 100
"""The deepest response of AWS nests 22 shapes."""


def require_places(schema: ir.Schema, root: str) -> None:
    """Refuse a root whose places are too many to list, or nested too deeply.

    Raises:
        Faults: It has too many.
    """
    count = 0
    above: set[str] = set()
    pending = [(root, False)]
    while pending:
        target, is_left = pending.pop()
        if is_left:
            above.remove(target)
            continue
        count += 1
        if count > MOST_PLACES:
            raise _faults(schema, root, f"has over {MOST_PLACES:,} places")
        inner = [name for _, name in ir.targets(schema.shapes[target])]
        if inner and target not in above:
            above.add(target)
            if len(above) > DEEPEST:
                raise _faults(schema, root, f"nests shapes over {DEEPEST} deep")
            pending.append((target, True))
            pending.extend((name, False) for name in inner)


def _faults(schema: ir.Schema, root: str, reason: str) -> Faults:
    at = schema.shapes[root].span or schema.span
    return Faults([catalogue.too_many_places(root, at, reason)])
