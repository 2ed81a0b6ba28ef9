"""How many places of a contract are any value: members, items and values of maps.

All that a root leads to is counted once, as it is generated; shapes that only rules ask
for are not. A place is any value, too, where it is a choice of all types but null.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from shapespec.contract import schema as ir
from shapespec.contract.constraints import of, only


def places(schema: ir.Schema) -> Counter[str]:
    """The number of places, and of those that are any value."""
    found: Counter[str] = Counter()
    pending = [*schema.roots]
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        shape = schema.shapes[name]
        for target in _parts(shape):
            found["places"] += 1
            if is_anything(schema, target):
                found["any value"] += 1
            else:
                pending.append(target)
        if isinstance(shape, ir.OneOf):
            pending += [one.target for one in shape.options]
    return found


def _parts(shape: ir.Shape) -> Iterator[str]:
    match shape:
        case ir.Structure(members=members) | ir.Union(members=members):
            yield from (one.target for one in members)
        case ir.List(member=member):
            yield member
        case ir.Tuple(prefix=prefix, rest=rest):
            yield from (one for one in (*prefix, rest) if one is not None)
        case ir.Map(value=value):
            yield value
        case _:
            return


def is_anything(schema: ir.Schema, target: str) -> bool:
    """Whether a shape takes any value, or any but null."""
    shape = schema.shapes[target]
    match shape:
        case ir.Document():
            return not only(shape)
        case ir.OneOf(options=options):
            parts = [schema.shapes[one.target] for one in options]
            inner = [one for part in parts for one in _parts(part)]
            whole = {type(part) for part in parts} >= _TYPES
            bare = not any(map(of, parts))
            return whole and bare and all(_is_document(schema, inner))
        case _:
            return False


_TYPES = {ir.String, ir.Float, ir.Boolean, ir.List, ir.Map}


def _is_document(schema: ir.Schema, targets: list[str]) -> Iterator[bool]:
    return (
        isinstance(shape := schema.shapes[one], ir.Document) and not only(shape)
        for one in targets
    )
