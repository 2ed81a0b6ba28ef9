"""What a source may say and the language does not accept: taken out, with a note."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace

from shapespec.contract.numbers import numbers
from shapespec.contract.schema import Bounds, Float, Integer, in_cycles
from shapespec.drafts.model import (
    Draft,
    Member,
    Note,
    Shape,
    Target,
    Value,
    each_shape,
    references,
)
from shapespec.ground.errors import Unusable
from shapespec.patterns import (
    PatternRefused,
    PatternTooSlow,
    translate,
    wider_source,
)

_SURROGATE = re.compile("[\ud800-\udfff]")
_STRING = Shape(type="string")


def mended(draft: Draft) -> Draft:
    """A draft without what the compiler would refuse in its traits.

    Raises:
        Unusable: An operation has something that is no structure, or something leads
            to a shape that is not there.
    """
    _check(draft)
    shapes = each_shape(draft.shapes, _mended)
    shapes = each_shape(shapes, lambda shape: _with_text_keys(shape, shapes))
    return replace(draft, shapes=_that_end(shapes))


def _check(draft: Draft) -> None:
    for name, shape in draft.shapes.items():
        for target in references(shape):
            if target not in draft.shapes:
                raise Unusable(f"{name} leads to {target!a}, which is not there")
    for one in draft.operations:
        for name in one.named():
            found = draft.shapes.get(name)
            is_sent = name == one.input
            if found is None or (is_sent and found.type != "structure"):
                raise Unusable(f"{one.name} has {name!a}, which is not a structure")


def _mended(shape: Shape) -> Shape:
    shape = _pattern(_members(_values(_bounds(shape))))
    if shape.type == "union" and not shape.members:
        return Shape(type="document", notes=shape.notes).noting("empty-union", "")
    return shape


# --- traits -----------------------------------------------------------------------


def _pattern(shape: Shape) -> Shape:
    if shape.pattern is None:
        return shape
    most = shape.length.max
    try:
        found = translate(shape.pattern, None if most is None else int(most))
    except PatternTooSlow as refused:
        return _wider(shape, shape.pattern, refused.reason)
    except PatternRefused as refused:
        said = f"`{shape.pattern}`: {refused.reason}"
        return replace(shape, pattern=None).noting(
            "unsupported-pattern", said, "pattern"
        )
    return (
        shape.noting("slow-pattern", f"`{shape.pattern}`") if found.is_slow else shape
    )


def _wider(shape: Shape, pattern: str, reason: str) -> Shape:
    """A shape with a pattern that matches more, or none, in place of a slow one."""
    found = wider_source(pattern)
    said = f"`{pattern}`: {reason.partition(';')[0]}"
    rule = "unsupported-pattern" if found is None else "wider-pattern"
    return replace(shape, pattern=found).noting(rule, said, "pattern")


def _bounds(shape: Shape) -> Shape:
    if shape.length:
        shape = replace(shape, length=_whole(shape.length, least=0))
    if _is_impossible(shape.length):
        said = f"length from {shape.length.min} to {shape.length.max}"
        shape = replace(shape, length=Bounds()).noting("min-above-max", said)
    return _numbers(shape) if shape.range or shape.multiple_of else shape


def _numbers(shape: Shape) -> Shape:
    """The same, its range on whole numbers if they are, and none without any number."""
    step, limits = shape.multiple_of, shape.range
    kind = Integer if shape.type in ("integer", "long") else Float
    right = numbers(kind(id="", bits=64, range=limits, multiple_of=step))
    if kind is Integer and any(one % 1 for one in limits if one is not None):
        limits = numbers(Integer(id="", bits=64, range=limits)).bounds
    if _is_impossible(limits) or right.is_empty:
        said = f"range from {limits.min} to {limits.max}"
        return replace(shape, range=Bounds()).noting("min-above-max", said)
    return replace(shape, range=limits)


def _is_impossible(bounds: Bounds) -> bool:
    low, high = bounds.min, bounds.max
    return low is not None and high is not None and low > high


def _whole(bounds: Bounds, least: int) -> Bounds:
    """Bounds on whole numbers that say the same; none below `least`."""
    low = None if bounds.min is None else math.ceil(bounds.min)
    high = None if bounds.max is None else math.floor(bounds.max)
    return Bounds(None if low is not None and low < least else low, high)


def _values(shape: Shape) -> Shape:
    if shape.type != "enum":
        return shape
    kept: dict[str, Value] = {}
    for value in shape.values:
        if _SURROGATE.search(value.text):
            shape = shape.noting("dropped-value", ascii(value.text))
        else:
            kept.setdefault(value.text, value)
    if kept:
        return replace(shape, values=tuple(kept.values()))
    return replace(shape, type="string", values=(), open=False)


def _members(shape: Shape) -> Shape:
    kept: dict[str, Member] = {}
    for member in shape.members:
        if not member.name or _SURROGATE.search(member.name):
            shape = shape.noting("nameless-member", ascii(member.name))
        else:
            kept.setdefault(member.name, member)
    if len(kept) == len(shape.members):
        return shape
    return replace(shape, members=tuple(kept.values()))


def _with_text_keys(shape: Shape, shapes: Mapping[str, Shape]) -> Shape:
    if shape.key is None:
        return shape
    key = shapes[shape.key] if isinstance(shape.key, str) else shape.key
    if key.type in ("string", "enum"):
        return shape
    return replace(shape, key=_STRING).noting("map-key", f"their type is {key.type}")


# --- shapes without end -------------------------------------------------------------


def _that_end(shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    """The shapes, of which each has a value that ends.

    A shape that needs itself, through members that are required or lists that may not
    be empty, gets these members as optional ones and these lists without the bound.
    """
    endless = _endless(shapes)

    def ended(shape: Shape) -> Shape:
        members = tuple(
            _optional(one) if one.required and not _ends(one.target, endless) else one
            for one in shape.members
        )
        shape = replace(shape, members=members)
        inner = [one for one in (shape.member, shape.value, *shape.prefix) if one]
        if shape.length.min and not all(_ends(one, endless) for one in inner):
            said = _at(shape.demanded, f"at least {shape.length.min}")
            least = 0 if shape.prefix else None
            shape = replace(shape, length=Bounds(least, shape.length.max))
            shape = shape.noting("infinite-shape", said)
        return shape

    found = dict(shapes)
    found |= each_shape({name: shapes[name] for name in endless}, ended)
    for name in _endless(found):
        if found[name].type in ("union", "one_of"):
            found[name] = Shape(type="document").noting("infinite-shape", "a choice")
    return found


def _at(place: str, said: str) -> str:
    """What is said, with the place in the source where there is one."""
    return f"{place}: {said}" if place else said


def _optional(member: Member) -> Member:
    note = Note("infinite-shape", _at(member.demanded, "it is required"))
    return replace(member, required=False, notes=(*member.notes, note))


def _endless(shapes: Mapping[str, Shape]) -> set[str]:
    """The shapes no value of which can end: the greatest set that needs itself."""
    edges = {name: list(references(shape)) for name, shape in shapes.items()}
    endless = set(in_cycles(edges))
    before = -1
    while before != len(endless):
        before = len(endless)
        endless = {name for name in endless if not _has_end(shapes[name], endless)}
    return endless


def _ends(target: Target, endless: set[str]) -> bool:
    """Whether a value of a target can end, given which shapes cannot."""
    if isinstance(target, str):
        return target not in endless
    return _has_end(target, endless)


def _has_end(shape: Shape, endless: set[str]) -> bool:
    if shape.type == "union":
        return any(_ends(member.target, endless) for member in shape.members)
    if shape.type == "one_of":
        return any(_ends(target, endless) for target in shape.options)
    needed = [member.target for member in shape.members if member.required]
    if shape.length.min:
        needed += [part for part in (shape.member, shape.value) if part is not None]
        needed += shape.prefix[: int(shape.length.min)]
    return all(_ends(target, endless) for target in needed)
