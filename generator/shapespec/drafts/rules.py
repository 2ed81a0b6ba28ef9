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
from shapespec.drafts.limits import effect_of
from shapespec.drafts.model import (
    Draft,
    Note,
    Rule,
    Shape,
    each_shape,
    references,
    targets,
)
from shapespec.drafts.reach import in_use
from shapespec.drafts.write import written
from shapespec.ground.source import SourceFile


def with_right_rules(draft: Draft) -> Draft:
    """A named draft, without the rules that its own shapes do not allow.

    The note of a rule that is left out takes its place.
    """
    if not any(shape.rules for shape in draft.shapes.values()):
        return draft
    bare = replace(draft, shapes=_with_own_ids(each_shape(draft.shapes, _bare)))
    schema = compile_spec(SourceFile(draft.package, written(bare, ())))
    shapes = {
        name: _checked(schema, name, shape) if shape.rules else shape
        for name, shape in draft.shapes.items()
    }
    return in_use(replace(draft, shapes=_with_own_ids(_exact(shapes))))


def _exact(shapes: dict[str, Shape]) -> dict[str, Shape]:
    """The shapes without the rules that would be wrong: see `Rule.exact`.

    Where such a rule goes its note comes, and so another one may have to go.
    """
    found = {**shapes}
    users: dict[str, list[str]] = {}
    for name, shape in found.items():
        for inner in references(shape):
            users.setdefault(inner, []).append(name)
    pending = [name for name, shape in found.items() if _differs(shape)]
    inexact: set[str] = set()
    while pending:
        name = pending.pop()
        if name in inexact:
            continue
        inexact.add(name)
        for user in users.get(name, ()):
            pending.append(user)
            if any(name in rule.exact for rule in found[user].rules):
                found[user] = _less_exact(found[user], name)
    return found


def _less_exact(shape: Shape, inexact: str) -> Shape:
    rules: list[Rule] = []
    notes = [*shape.notes]
    for rule in shape.rules:
        if inexact not in rule.exact:
            rules.append(rule)
            continue
        if rule.note is not None and rule.note not in notes:
            notes.append(rule.note)
        if rule.instead is not None:
            rules.append(replace(rule, cel=rule.instead, exact=(), instead=None))
    return replace(shape, rules=tuple(rules), notes=tuple(notes))


def _differs(shape: Shape) -> bool:
    """Whether a shape may take other values than its source, as it is."""
    if shape.type in ("timestamp", "blob"):
        return True
    notes = [*shape.notes, *(note for one in shape.members for note in one.notes)]
    return any(effect_of(one.rule) != "none" for one in notes) or any(
        _differs(one) for one in targets(shape) if isinstance(one, Shape)
    )


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
    """A shape whose rules do no more than ask for what they ask for."""
    members = tuple(replace(one, default=None, examples=()) for one in shape.members)
    asked = dict.fromkeys(name for rule in shape.rules for name in rule.shapes)
    rules = tuple(
        Rule(id=f"asks-{at}", cel=f"conforms(this, '{one}')", message="Asks.")
        for at, one in enumerate(asked)
    )
    return replace(shape, rules=rules, examples=(), members=members)


def _checked(schema: Schema, name: str, shape: Shape) -> Shape:
    kept: list[Rule] = []
    notes: list[Note] = []
    for rule in shape.rules:
        if _is_right(schema, name, rule):
            kept.append(rule)
            continue
        notes += [rule.note] if rule.note else []
        if rule.instead is not None:
            other = replace(rule, cel=rule.instead, exact=(), instead=None)
            kept += [other] if _is_right(schema, name, other) else []
    return replace(shape, rules=tuple(kept), notes=(*shape.notes, *notes))


def _is_right(schema: Schema, name: str, rule: Rule) -> bool:
    try:
        names = {"this": of_shape(schema, name)}
        made = compile_cel(schema, read(rule.cel), names, prefix="RULE")
    except CelFault:
        return False
    return made.type == BOOL
