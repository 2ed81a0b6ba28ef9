"""Checks that a form can be read in one way only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapespec.contract import naming
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located
from shapespec.language import surface
from shapespec.language.grammar import Entry
from shapespec.passes.check_traits import with_nameless

_NUMBERS = ("epoch-seconds", "epoch-milliseconds")


def check_forms(spec: surface.Spec) -> Iterator[Diagnostic]:
    """Numbers that may be seconds or milliseconds, names that may be two members."""
    snake_case: Located[str] | None = None
    named: list[Located[str]] = []
    for entry in spec.forms or ():
        form = entry.value
        numbers = [one for one in form.timestamps.read if one.value in _NUMBERS]
        others = [one for one in numbers if one.value != numbers[0].value]
        if others:
            yield catalogue.ambiguous_form(
                others[0], numbers[0], None, entry.name.value
            )
        if _keys(form) == "snake_case":
            snake_case = snake_case or entry.name
        if _keys(form) == "named":
            named.append(entry.name)
    file = spec.package.span.file
    for one in spec.shapes:
        for shape in with_nameless(one.value):
            if isinstance(shape, surface.Structure | surface.Union):
                if snake_case is not None:
                    yield from _members(shape, snake_case, snake=True)
                for name in named:
                    yield from _members(shape, name, snake=False)
                if one.name.span.file is file:
                    yield from _unknown(shape, named)


def _keys(form: surface.Form) -> str | None:
    return None if form.keys is None else form.keys.value


def _members(
    shape: surface.Structure | surface.Union, form: Located[str], *, snake: bool
) -> Iterator[Diagnostic]:
    """Members that have the same name in a form."""
    first: dict[str, Located[str]] = {}
    for member in shape.members:
        name = member.name
        spelt = naming.snake_case(name.value) if snake else _named(member, form.value)
        if spelt in first:
            yield catalogue.ambiguous_form(
                name, first[spelt], spelt, form.value, named=not snake
            )
        first.setdefault(spelt, name)


def _named(member: Entry[surface.Member], form: str) -> str:
    for one in member.value.traits.names or ():
        if one.name.value == form:
            return one.value.value
    return member.name.value


def _unknown(
    shape: surface.Structure | surface.Union, named: Sequence[Located[str]]
) -> Iterator[Diagnostic]:
    """Names in forms that there are not, or that have no names of their own."""
    known = [one.value for one in named]
    for member in shape.members:
        for one in member.value.traits.names or ():
            if one.name.value not in known:
                yield catalogue.unknown_form(one.name, known)
