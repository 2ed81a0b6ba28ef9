"""Which shapes a draft needs, and in which order a reader meets them."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace

from shapespec.contract.schema import BUILT_IN
from shapespec.drafts.model import (
    Draft,
    Note,
    Shape,
    Target,
    references,
    targets,
    with_targets,
)
from shapespec.ground.errors import Unusable

_ROOTS = ("structure", "union", "one_of")


def pruned(draft: Draft) -> Draft:
    """The shapes in use, each behind the first that needs it; plain ones in place.

    A structure or union that nothing leads to is a root of its own. What else nothing
    leads to is left out with a note.

    Raises:
        Unusable: No shape can be a root.
    """
    asked = {
        name
        for shape in draft.shapes.values()
        for rule in shape.rules
        for name in rule.shapes
    }
    plain = {
        name: shape
        for name, shape in draft.shapes.items()
        if _is_plain(shape) and name not in draft.roots and name not in asked
    }
    shapes = {
        name: _in_place(shape, plain)
        for name, shape in draft.shapes.items()
        if name not in plain
    }
    reached: dict[str, None] = {}
    _reach(shapes, _named_roots(draft), reached)
    alone = [
        name
        for name, shape in shapes.items()
        if name not in reached and shape.type in _ROOTS
    ]
    used = {
        target
        for name in alone
        for target in references(shapes[name])
        if target != name
    }
    more: list[str] = []
    # What only another lonely shape leads to is no root, unless they form a circle.
    for name in sorted(alone, key=used.__contains__):
        if name not in reached:
            more.append(name)
            _reach(shapes, [name], reached)
    if not reached:
        raise Unusable("it defines no object that a spec could describe")
    unused = [
        name for name in draft.shapes if name not in reached and name not in plain
    ]
    return replace(
        draft,
        shapes={name: shapes[name] for name in reached},
        roots=(*draft.roots, *more),
        notes=(*draft.notes, *(Note("unused-shape", f"`{name}`") for name in unused)),
    )


def only(draft: Draft, names: tuple[str, ...]) -> Draft:
    """A draft of some of its operations, and of the shapes that these lead to."""
    chosen = tuple(one for one in draft.operations if one.name in names)
    small = replace(draft, operations=chosen, roots=())
    return replace(small, shapes=led_to(draft.shapes, _named_roots(small)))


def led_to(shapes: Mapping[str, Shape], roots: list[str]) -> dict[str, Shape]:
    """The roots and what they lead to, in the order in which a reader meets them."""
    reached: dict[str, None] = {}
    _reach(shapes, roots, reached)
    return {name: shapes[name] for name in reached}


def in_use(draft: Draft) -> Draft:
    """A draft without the shapes that rules asked for which are there no more."""
    reached: dict[str, None] = {}
    _reach(draft.shapes, _named_roots(draft), reached)
    shapes = {name: one for name, one in draft.shapes.items() if name in reached}
    return replace(draft, shapes=shapes)


def claiming(draft: Draft) -> Draft:
    """The same draft, with the constraints of responses as claims.

    A shape that only inputs lead to keeps its constraints as facts, because the
    service checks what it receives.
    """
    outputs = [
        name
        for one in draft.operations
        for name in (one.output, *dict(one.outputs).values(), *one.errors)
        if name
    ]
    inputs = [one.input for one in draft.operations if one.input]
    received = led_to(draft.shapes, outputs)
    sent = led_to(draft.shapes, inputs)
    shapes = {
        name: replace(shape, claimed=False)
        if name in sent and name not in received and _is_bound(shape)
        else shape
        for name, shape in draft.shapes.items()
    }
    return replace(draft, shapes=shapes, claimed=True)


def _is_bound(shape: Shape) -> bool:
    """Whether a shape, or one in place within it, has a constraint."""
    own = (shape.length, shape.range, shape.pattern, shape.unique_items)
    return (
        any(own)
        or any(member.required for member in shape.members)
        or any(_is_bound(one) for one in targets(shape) if isinstance(one, Shape))
    )


def _named_roots(draft: Draft) -> list[str]:
    found = list(draft.roots)
    for one in draft.operations:
        found += one.named()
    return found


def _reach(
    shapes: Mapping[str, Shape], roots: list[str], found: dict[str, None]
) -> None:
    """Add what roots lead to: the roots in their order, then level by level."""
    pending = deque(roots)
    while pending:
        name = pending.popleft()
        if name in found or name not in shapes:
            continue
        found[name] = None
        pending.extend(one for one in references(shapes[name]) if one not in found)


def _is_plain(shape: Shape) -> bool:
    """Whether a shape says no more than a built-in type."""
    return shape.type in BUILT_IN and shape == Shape(type=shape.type)


def _in_place(shape: Shape, plain: dict[str, Shape]) -> Shape:
    def change(target: Target) -> Target:
        if isinstance(target, str):
            return plain.get(target, target)
        return with_targets(target, change)

    return with_targets(shape, change)
