"""What tells the options of a choice apart: JSON types, a tag, required members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import combinations
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from shapespec.contract import schema as ir
from shapespec.contract.constraints import only
from shapespec.runtime._words import TYPES

Shapes: TypeAlias = Mapping[str, ir.Shape]

STRING, NUMBER, BOOLEAN, ARRAY, OBJECT = (
    "string",
    "number",
    "boolean",
    "array",
    "object",
)
_NUMBERS = frozenset(("epoch-seconds", "epoch-milliseconds"))


class Twins(NamedTuple):
    """Two options that some value cannot be told to be of, and why."""

    first: ir.Option
    second: ir.Option
    reason: str


def families(schema: ir.Schema, target: str) -> frozenset[str]:
    """The types that values of a shape have."""
    return _families(schema, target, frozenset())


def _families(schema: ir.Schema, target: str, above: frozenset[str]) -> frozenset[str]:
    shape = schema.shapes[target]
    match shape:
        case ir.String() | ir.Enum() | ir.Blob():
            return frozenset((STRING,))
        case ir.Integer() | ir.Float():
            return frozenset((NUMBER,))
        case ir.Boolean():
            return frozenset((BOOLEAN,))
        case ir.Timestamp():
            read = {one for form in schema.forms for one in form.read}
            read |= ir.encodings(schema)
            found = {NUMBER} if read & _NUMBERS else set[str]()
            return frozenset(found | ({STRING} if read - _NUMBERS else set()))
        case ir.Document():
            return frozenset(TYPES)
        case ir.List() | ir.Tuple():
            return frozenset((ARRAY,))
        case ir.Map() | ir.Structure() | ir.Union():
            return frozenset((OBJECT,))
        case ir.OneOf(options=options):
            if target in above:
                return frozenset()
            inner = (_families(schema, one.target, above | {target}) for one in options)
            return frozenset[str]().union(*inner)


def objects(schema: ir.Schema, choice: ir.OneOf) -> tuple[ir.Option, ...]:
    """The options whose values are objects."""
    return tuple(
        one for one in choice.options if OBJECT in families(schema, one.target)
    )


def told_apart(schema: ir.Schema) -> ir.Schema:
    """The same schema, each option with the tags or the members that choose it."""
    shapes = {
        name: _told_apart(schema, shape) if isinstance(shape, ir.OneOf) else shape
        for name, shape in schema.shapes.items()
    }
    return replace(schema, shapes=MappingProxyType(shapes))


def _told_apart(schema: ir.Schema, choice: ir.OneOf) -> ir.OneOf:
    several = {one.target for one in objects(schema, choice)}
    if choice.discriminator is None and len(several) == 1:
        return choice
    return replace(
        choice,
        options=tuple(
            _chosen(schema, choice, one) if one.target in several else one
            for one in choice.options
        ),
    )


def _chosen(schema: ir.Schema, choice: ir.OneOf, option: ir.Option) -> ir.Option:
    """An option with its tags, or else with the members that it needs."""
    if choice.discriminator is None:
        return replace(option, needs=needed(schema.shapes[option.target]))
    if option.untagged and any(one.tags for one in choice.options):
        return option  # it has the tags that a mapping gives it
    tags = option.tags or constants(schema, option.target, choice.discriminator)
    return replace(option, tags=tags or (option.name or option.target,))


def needed(shape: ir.Shape) -> tuple[str, ...]:
    """The members that every value of a structure has, and never as null."""
    if not isinstance(shape, ir.Structure):
        return ()
    return tuple(
        one.name
        for one in shape.members
        if (one.required or one.claimed) and one.null != "value"
    )


def constants(schema: ir.Schema, target: str, name: str) -> tuple[str, ...]:
    """The values that a member of a structure can have, if its shape lists them."""
    member = member_of(schema, target, name)
    shape = None if member is None else schema.shapes[member.target]
    if isinstance(shape, ir.Enum) and not shape.open:
        return tuple(one.value for one in shape.values)
    if isinstance(shape, ir.String):
        return tuple(one for one in only(shape) if isinstance(one, str))
    return ()


def member_of(schema: ir.Schema, target: str, name: str) -> ir.Member | None:
    """A member of a structure by name."""
    shape = schema.shapes[target]
    if not isinstance(shape, ir.Structure):
        return None
    return next((one for one in shape.members if one.name == name), None)


def twins(schema: ir.Schema, choice: ir.OneOf) -> Iterator[Twins]:
    """Options that cannot be told apart."""
    kinds = {one.target: families(schema, one.target) for one in choice.options}
    for first, second in combinations(choice.options, 2):
        both = kinds[first.target] & kinds[second.target]
        if OBJECT in both:
            both -= {OBJECT}
            reason = _alike(schema, choice, first, second)
            if reason:
                yield Twins(first, second, reason)
                continue
        for kind, word in TYPES.items():
            if kind in both:
                yield Twins(first, second, f"both can be {word}")
                break


def _alike(
    schema: ir.Schema, choice: ir.OneOf, first: ir.Option, second: ir.Option
) -> str | None:
    """Why two objects cannot be told apart, if they cannot."""
    shapes = [schema.shapes[one.target] for one in (first, second)]
    if not all(isinstance(shape, ir.Structure) for shape in shapes):
        return "both can be an object, and not both are structures"
    if choice.discriminator is not None:
        same = [tag for tag in first.tags if tag in second.tags]
        return f"both have the tag `{same[0]}`" if same else None
    one, other = ({*option.needs} for option in (first, second))
    if one <= other or other <= one:
        less, more = (first, second) if one <= other else (second, first)
        return f"every `{more.target}` has the required members of `{less.target}`"
    return None


# --- values -----------------------------------------------------------------------


def family(value: object) -> str | None:
    """The type of a JSON value; none for null, and for what JSON does not have."""
    match value:
        case bool():
            return BOOLEAN
        case str() | datetime():
            return STRING
        case int() | float():
            return NUMBER
        case list():
            return ARRAY
        case dict():
            return OBJECT
        case _:
            return None


def pick(schema: ir.Schema, choice: ir.OneOf, value: object) -> ir.Option | None:
    """The option that a value is meant to be; none where that cannot be told."""
    if isinstance(value, dict) and choice.is_choice_of_objects:
        if choice.discriminator is None:
            found = [one for one in choice.options if one.needs and _has(value, one)]
            return found[0] if len(found) == 1 else None
        tag = value.get(choice.discriminator)
        if tag is None:
            return next((one for one in choice.options if one.untagged), None)
        return next((one for one in choice.options if tag in one.tags), None)
    kind = family(value)
    fits = (one for one in choice.options if kind in families(schema, one.target))
    return next(fits, None)


def _has(value: dict[str, object], option: ir.Option) -> bool:
    return all(value.get(name) is not None for name in option.needs)
