"""Checks that what traits say can be true: bounds, patterns, values of enums."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located, Span
from shapespec.language import surface
from shapespec.patterns import PatternRefused, translate


def check_traits(spec: surface.Spec) -> Iterator[Diagnostic]:
    """Faults in traits, taken shape by shape."""
    shapes = {entry.name.value: entry.value for entry in spec.shapes}
    for entry in spec.shapes:
        for shape in with_nameless(entry.value):
            yield from _bounds(shape)
            if isinstance(shape, surface.String) and shape.pattern is not None:
                yield from _pattern(shape.pattern)
            if isinstance(shape, surface.Enum):
                yield from _repeated(shape)
                yield from _groups(shape, shapes)


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
            case surface.List(member=member):
                pending.append(member)
            case surface.Map(key=key, value=value):
                pending.extend((value, key))
        yield one


def _bounds(shape: surface.Shape) -> Iterator[Diagnostic]:
    bounds = getattr(shape, "length", None) or getattr(shape, "range", None)
    if bounds is None:
        return
    low, high = bounds.min, bounds.max
    if low is not None and high is not None and low.value > high.value:
        yield catalogue.min_above_max(low, high)
    if isinstance(shape, surface.Integer | surface.Long):
        for bound in (low, high):
            if bound is not None and bound.value % 1:
                yield catalogue.fractional_bound(bound)


def _pattern(pattern: Located[str]) -> Iterator[Diagnostic]:
    try:
        translate(pattern.value)
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
