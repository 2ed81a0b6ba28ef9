"""Checks that a form can be read in one way only."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.contract import naming
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located
from shapespec.language import surface
from shapespec.passes.check_traits import with_nameless

_NUMBERS = ("epoch-seconds", "epoch-milliseconds")


def check_forms(spec: surface.Spec) -> Iterator[Diagnostic]:
    """Numbers that may be seconds or milliseconds, names that may be two members."""
    snake_case: Located[str] | None = None
    for entry in spec.forms or ():
        form = entry.value
        numbers = [one for one in form.timestamps.read if one.value in _NUMBERS]
        others = [one for one in numbers if one.value != numbers[0].value]
        if others:
            yield catalogue.ambiguous_form(
                others[0], numbers[0], None, entry.name.value
            )
        if form.keys is not None and form.keys.value == "snake_case":
            snake_case = snake_case or entry.name
    if snake_case is not None:
        for one in spec.shapes:
            for shape in with_nameless(one.value):
                yield from _members(shape, snake_case)


def _members(shape: surface.Shape, form: Located[str]) -> Iterator[Diagnostic]:
    if not isinstance(shape, surface.Structure | surface.Union):
        return
    first: dict[str, Located[str]] = {}
    for member in shape.members:
        name = member.name
        spelt = naming.snake_case(name.value)
        if spelt in first:
            yield catalogue.ambiguous_form(name, first[spelt], spelt, form.value)
        first.setdefault(spelt, name)
