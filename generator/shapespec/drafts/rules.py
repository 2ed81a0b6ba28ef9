"""Rules that a draft proposes: kept where the compiler takes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from shapespec.cel import CelFault, read
from shapespec.cel.compile import compile_cel
from shapespec.cel.types import BOOL, of_shape
from shapespec.compiler import compile_spec
from shapespec.contract.naming import snake_case
from shapespec.contract.schema import Schema
from shapespec.drafts.model import Draft, Rule, Shape, each_shape
from shapespec.drafts.write import written
from shapespec.ground.source import SourceFile


def with_right_rules(draft: Draft) -> Draft:
    """A named draft, without the rules that its own shapes do not allow.

    The note of a rule that is left out takes its place.
    """
    if not any(shape.rules for shape in draft.shapes.values()):
        return draft
    bare = replace(draft, shapes=each_shape(draft.shapes, _bare))
    schema = compile_spec(SourceFile(draft.package, written(bare, ())))
    shapes = {
        name: _checked(schema, name, shape) if shape.rules else shape
        for name, shape in draft.shapes.items()
    }
    return replace(draft, shapes=_with_own_ids(shapes))


def _with_own_ids(shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    """The shapes, with rules of different ids: those of the shape where need be.

    All rules of one id get one, so none of them changes when another one goes.
    """
    counted = Counter(one.id for shape in shapes.values() for one in shape.rules)
    taken = {one for one, count in counted.items() if count == 1}

    def own(name: str, rule: Rule) -> Rule:
        if counted[rule.id] == 1:
            return rule
        base = f"{_kebab(name)}-{rule.id}"
        found, number = base, 1
        while found in taken:
            number += 1
            found = f"{base}-{number}"
        taken.add(found)
        return replace(rule, id=found)

    return {
        name: replace(shape, rules=tuple(own(name, one) for one in shape.rules))
        if shape.rules
        else shape
        for name, shape in shapes.items()
    }


def _kebab(name: str) -> str:
    words = [word for word in snake_case(name).split("_") if word]
    return "-".join(words) or "shape"


def _bare(shape: Shape) -> Shape:
    members = tuple(replace(one, default=None, examples=()) for one in shape.members)
    return replace(shape, rules=(), examples=(), members=members)


def _checked(schema: Schema, name: str, shape: Shape) -> Shape:
    kept = tuple(one for one in shape.rules if _is_right(schema, name, one))
    notes = [one.note for one in shape.rules if one not in kept and one.note]
    return replace(shape, rules=kept, notes=(*shape.notes, *notes))


def _is_right(schema: Schema, name: str, rule: Rule) -> bool:
    try:
        names = {"this": of_shape(schema, name)}
        made = compile_cel(schema, read(rule.cel), names, prefix="RULE")
    except CelFault:
        return False
    return made.type == BOOL
