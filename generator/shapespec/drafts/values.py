"""Defaults and examples: kept where they are right by their own shape."""

from __future__ import annotations

from dataclasses import replace

from shapespec.compiler import compile_spec
from shapespec.contract.judge import problem
from shapespec.contract.schema import Schema, Structure, Union
from shapespec.drafts.model import Draft, Member, Note, Shape, each_shape
from shapespec.drafts.write import written
from shapespec.ground.source import SourceFile
from shapespec.ground.values import Json


def with_right_values(draft: Draft) -> Draft:
    """A named draft, without the defaults and examples that break its own shapes.

    The draft is compiled without them, and each one held against the schema.
    """
    if not any(map(_has_values, _flat(draft))):
        return draft
    bare = replace(draft, shapes=each_shape(draft.shapes, _without_values))
    schema = compile_spec(SourceFile(draft.package, written(bare, ())))
    shapes = {
        name: _judged(schema, name, shape) for name, shape in draft.shapes.items()
    }
    return replace(draft, shapes=shapes)


def _flat(draft: Draft) -> list[Shape]:
    found: list[Shape] = []

    def seen(shape: Shape) -> Shape:
        found.append(shape)
        return shape

    each_shape(draft.shapes, seen)
    return found


def _has_values(shape: Shape) -> bool:
    members = shape.members
    return bool(shape.examples or any(one.default or one.examples for one in members))


def _without_values(shape: Shape) -> Shape:
    members = tuple(replace(one, default=None, examples=()) for one in shape.members)
    return replace(shape, examples=(), members=members)


def _judged(schema: Schema, name: str, shape: Shape) -> Shape:
    """A shape with what is right of its values; those in place have none."""
    right, notes = _right(schema, name, shape.examples, "example")
    resolved = schema.shapes[name]
    places: dict[str, str] = {}
    if isinstance(resolved, Structure | Union):
        places = {member.name: member.target for member in resolved.members}
    members = tuple(
        _judged_member(schema, places[one.name], one) for one in shape.members
    )
    return replace(shape, examples=right, members=members, notes=(*shape.notes, *notes))


def _judged_member(schema: Schema, target: str, member: Member) -> Member:
    default, wrong = _right(schema, target, member.default or (), "default")
    examples, more = _right(schema, target, member.examples, "example")
    return replace(
        member,
        default=(default[0],) if default else None,
        examples=examples,
        notes=(*member.notes, *wrong, *more),
    )


def _right(
    schema: Schema, target: str, values: tuple[Json, ...], what: str
) -> tuple[tuple[Json, ...], tuple[Note, ...]]:
    problems = [problem(schema, target, value) for value in values]
    right = tuple(
        value for value, wrong in zip(values, problems, strict=True) if wrong is None
    )
    notes = tuple(
        Note("invalid-value", f"{what}: {wrong}") for wrong in problems if wrong
    )
    return right, notes
