"""Names for the shapes of a draft, and names in Python where two would be the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from shapespec.cel import shapes_called
from shapespec.contract import naming
from shapespec.contract.schema import BUILT_IN
from shapespec.drafts.model import (
    Draft,
    Member,
    Operation,
    Rule,
    Shape,
    Target,
    Value,
    each_shape,
    with_targets,
)

T = TypeVar("T")

_NO_PART = re.compile(r"[^0-9A-Za-z_]+")
_CLASSES = ("structure", "union", "enum", "one_of")
_LONGEST_SPELLING = 3
_LONGEST = 120
"""Characters of a name; the language allows 128, which leaves some for a number."""


def identifier(text: str) -> str:
    """A text as a name of letters, digits and `_`: `line-item` as `LineItem`."""
    parts = [part for part in _NO_PART.split(text) if part]
    if len(parts) > 1 or (parts and parts[0] != text):
        parts = [part[0].upper() + part[1:] for part in parts]
    found = "".join(parts) or "Shape"
    return (f"N{found}" if found[0].isdigit() else found)[:_LONGEST]


def named(draft: Draft) -> Draft:
    """The draft with names in place of ids, and with names in Python that differ."""
    names = _names(draft)

    def change(target: Target) -> Target:
        return names[target] if isinstance(target, str) else target

    def renamed(shape: Shape) -> Shape:
        own = replace(
            shape,
            members=_different(shape.members, _attribute, _with_member_name),
            values=_different(shape.values, _constant, _with_value_name),
            rules=tuple(_asking(one, names) for one in shape.rules),
        )
        return with_targets(own, change)

    shapes = each_shape(draft.shapes, renamed)
    return replace(
        draft,
        shapes={
            names[name]: _remarked(shape, name, names[name])
            for name, shape in shapes.items()
        },
        roots=tuple(names[name] for name in draft.roots if name in names),
        operations=tuple(_operation(one, names) for one in draft.operations),
    )


def _asking(rule: Rule, names: dict[str, str]) -> Rule:
    """A rule that calls the shapes that it asks for by their names."""
    if not rule.shapes:
        return rule

    def called(shape: str) -> str:
        return names.get(shape, shape)

    return replace(
        rule,
        cel=shapes_called(rule.cel, called),
        shapes=tuple(map(called, rule.shapes)),
        exact=tuple(map(called, rule.exact)),
        instead=rule.instead and shapes_called(rule.instead, called),
    )


def _remarked(shape: Shape, name: str, now: str) -> Shape:
    if name == now:
        return shape
    before = f"{shape.remark}; " if shape.remark else ""
    return replace(shape, remark=f"{before}called `{name}` there")


def _operation(one: Operation, names: dict[str, str]) -> Operation:
    return replace(
        one,
        input=names.get(one.input or ""),
        output=names.get(one.output or ""),
        errors=tuple(names[name] for name in one.errors if name in names),
        outputs=tuple((status, names[name]) for status, name in one.outputs),
    )


def _names(draft: Draft) -> dict[str, str]:
    """A name for each id: the id itself wherever the language and Python allow it."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    files: set[str] = set()
    roots = {*draft.roots}
    for one in draft.operations:
        roots |= {*one.named()}
    for name, shape in draft.shapes.items():
        base = identifier(name)
        if base in BUILT_IN:
            base = base.capitalize()
        made, count = base, 1
        while not _is_free(made, shape, taken, files if name in roots else set()):
            count += 1
            made = f"{base}{count}"
        found[name] = made
        taken |= {made, *_class_names(made, shape)}
        if name in roots:
            files.add(made.casefold())
    return found


def _is_free(name: str, shape: Shape, taken: set[str], files: set[str]) -> bool:
    """Whether neither a shape, a class nor, for a root, a file has the name."""
    wanted = {name, *_class_names(name, shape)}
    return not wanted & taken and name.casefold() not in files


def _class_names(name: str, shape: Shape) -> tuple[str, ...]:
    """The class of a shape, marked so that it is held against classes only."""
    return (f"class {naming.class_name(name)}",) if shape.type in _CLASSES else ()


# --- names in Python ------------------------------------------------------------------


def _different(
    things: Iterable[T], name: Callable[[T], str], give: Callable[[T, str], T]
) -> tuple[T, ...]:
    """Things with names in Python, given where the one derived is taken or unfit."""
    found: list[T] = []
    taken: set[str] = set()
    given = list(things)
    derived = [name(thing) for thing in given]
    free = set(derived)
    for thing, base in zip(given, derived, strict=True):
        made, count = base, 1
        while made in taken or (made != base and made in free):
            count += 1
            made = f"{base.rstrip('_')}_{count}"
        taken.add(made)
        found.append(give(thing, made))
    return tuple(found)


def _attribute(member: Member) -> str:
    return member.python or naming.attribute(member.name)


def _with_member_name(member: Member, python: str) -> Member:
    own = None if python == naming.attribute(member.name) else python
    return member if member.python == own else replace(member, python=own)


def _constant(value: Value) -> str:
    if value.python is not None:
        return value.python
    found = naming.constant(value.text)
    if found == "EMPTY" and value.text:
        return _spelt(value.text) or "SIGN"
    return found


def _spelt(text: str) -> str:
    """Signs by their names in Unicode: `>=` as `GREATER_THAN_SIGN_EQUALS_SIGN`."""
    if len(text) > _LONGEST_SPELLING:
        return ""
    words = [unicodedata.name(char, "") for char in text]
    return re.sub(r"[^A-Z0-9]+", "_", " ".join(words)).strip("_")


def _with_value_name(value: Value, python: str) -> Value:
    own = None if python == naming.constant(value.text) else python
    return value if value.python == own else replace(value, python=own)
