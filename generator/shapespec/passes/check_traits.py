"""Checks that what traits say can be true: bounds, patterns, values of enums."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from shapespec.contract.constraints import distinct
from shapespec.contract.schema import Bounds
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located, Span
from shapespec.language import surface
from shapespec.passes.claims import stated_keywords
from shapespec.patterns import PatternRefused, translate


def check_traits(spec: surface.Spec) -> Iterator[Diagnostic]:
    """Faults in traits, taken shape by shape."""
    shapes = {entry.name.value: entry.value for entry in spec.shapes}
    for entry in spec.shapes:
        for shape in with_nameless(entry.value):
            yield from _bounds(shape)
            if isinstance(shape, surface.String) and shape.pattern is not None:
                yield from _pattern(shape.pattern, shape.longest)
            if isinstance(shape, surface.Listed):
                yield from _listed(shape)
            if isinstance(shape, surface.Enum):
                yield from _repeated(shape)
                yield from _groups(shape, shapes)
        yield from _claims(entry.value)


def with_nameless(shape: surface.Shape) -> Iterator[surface.Shape]:
    """A shape and all the nameless ones written inside it."""
    pending: list[surface.Target | surface.Shape | surface.Reference] = [shape]
    while pending:
        one = pending.pop()
        if isinstance(one, Located | surface.Reference):
            continue
        match one:
            case surface.Structure(members=members) | surface.Union(members=members):
                pending.extend(entry.value.shape for entry in reversed(members))
            case surface.List():
                pending.extend(reversed(one.items))
            case surface.Map(key=key, value=value):
                pending.extend((value, key))
            case surface.OneOf(one_of=options):
                pending.extend(reversed(options))
            case _:
                pass
        yield one


def _bounds(shape: surface.Shape) -> Iterator[Diagnostic]:
    bounds = getattr(shape, "length", None) or getattr(shape, "range", None)
    low, high = (None, None) if bounds is None else (bounds.min, bounds.max)
    if low is not None and high is not None and low.value > high.value:
        yield catalogue.min_above_max(low, high)
    if isinstance(shape, surface.List) and shape.prefix and shape.member is None:
        known = len(shape.prefix)
        for bound in (low, high):
            if bound is not None and bound.value > known:
                yield catalogue.missing_key(
                    "member", f"a list of more than {known} items", bound.span
                )
                break
    if isinstance(shape, surface.Numeric) and shape.range is not None:
        ends = shape.range
        for one, other in ((ends.min, ends.above), (ends.max, ends.below)):
            if one is not None and other is not None:
                yield catalogue.repeated_bound(one, other)
    if isinstance(shape, surface.Integer | surface.Long):
        limits = [getattr(shape.range, end, None) for end in Bounds._fields]
        keyed = [("range", one) for one in limits]
        for key, bound in (*keyed, ("multiple_of", shape.multiple_of)):
            if bound is not None and bound.value % 1:
                yield catalogue.fractional_bound(key, bound)


def _listed(shape: surface.Listed) -> Iterator[Diagnostic]:
    """A value that is listed twice, or that is not the only one after all."""
    values = shape.values or ()
    if shape.const is not None and values:
        yield catalogue.const_and_values(shape.const, values[0])
    for at, one in enumerate(values):
        for first in values[:at]:
            if distinct(first.value) == distinct(one.value):
                text = Located(json.dumps(one.value, ensure_ascii=False), one.span)
                yield catalogue.duplicate_value(text, first.span)
                break


def _claims(shape: surface.Shape) -> Iterator[Diagnostic]:
    """Keywords that are named as claims, and that nothing states there."""
    yield from _unused_claims(shape.claimed, _claimable(shape))
    if not isinstance(shape, surface.Structure | surface.Union):
        return
    for entry in shape.members:
        inner = entry.value.shape
        stated = ["required"] if _is_required(entry.value.traits) else []
        if not isinstance(inner, surface.Reference):
            stated += _claimable(inner)
        yield from _unused_claims(inner.claimed, stated)


def _claimable(shape: surface.Shape) -> Iterator[str]:
    """The keywords of a shape and of what is written in it, `required` too."""
    for one in with_nameless(shape):
        yield from stated_keywords(one)
        if isinstance(one, surface.Structure) and any(
            _is_required(entry.value.traits) for entry in one.members
        ):
            yield "required"


def _is_required(traits: surface.MemberTraits) -> bool:
    return traits.required is not None and traits.required.value


def _unused_claims(
    claimed: surface.Claimed | None, stated: Iterable[str]
) -> Iterator[Diagnostic]:
    if claimed is None or isinstance(claimed, Located):
        return
    known = [*dict.fromkeys(stated)]
    for keyword in claimed:
        if keyword.value not in known:
            yield catalogue.unused_claim(keyword, known)


def _pattern(pattern: Located[str], longest: int | None) -> Iterator[Diagnostic]:
    try:
        translate(pattern.value, longest)
    except PatternRefused as refused:
        at = part_of(pattern, refused.start, refused.end)
        yield catalogue.unsupported_pattern(at, refused.reason)


def part_of(text: Located[str], start: int, end: int) -> Span:
    """The place of a part of a scalar; all of it where that cannot be told.

    Text that YAML folds or quotes is found again character by character, white space
    aside.
    """
    span = text.span
    written = span.file.text[span.start : span.end]
    at = written.find("\n") if written[:1] in "|>" else -1
    places: list[int] = []
    for char in text.value:
        if not char.isspace():
            at = written.find(char, at + 1)
            if at == -1:
                return span
        places.append(max(at, 0))
    if not places:
        return span
    first = places[min(start, len(places) - 1)]
    last = places[min(max(end, 1), len(places)) - 1]
    return Span(span.file, span.start + first, span.start + max(last, first) + 1)


def _repeated(enum: surface.Enum) -> Iterator[Diagnostic]:
    first: dict[str, Span] = {}
    for entry in enum.values:
        if entry.name.value in first:
            yield catalogue.duplicate_value(entry.name, first[entry.name.value])
        first.setdefault(entry.name.value, entry.name.span)


def _groups(
    enum: surface.Enum, shapes: dict[str, surface.Shape]
) -> Iterator[Diagnostic]:
    grouped = [entry.value.under for entry in enum.values if entry.value.under]
    if enum.grouped_by is None:
        yield from map(catalogue.missing_grouped_by, grouped)
        return
    groups = shapes.get(enum.grouped_by.value)
    if isinstance(groups, surface.Enum):
        known = {entry.name.value: None for entry in groups.values}
        for under in grouped:
            if under.value not in known:
                yield catalogue.unknown_group(under, enum.grouped_by.value, known)
