"""What validators ask to tell the options of a choice apart, as Python."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from shapespec.backends.environment import literal
from shapespec.contract import schema as ir
from shapespec.contract.choices import (
    ARRAY,
    BOOLEAN,
    NUMBER,
    OBJECT,
    STRING,
    families,
)


class Parts(NamedTuple):
    """The options of a choice.

    Attributes:
        plain: Those that the type of a value tells, each with the types.
        objects: Those that members tell.
    """

    plain: tuple[tuple[ir.Option, frozenset[str]], ...]
    objects: tuple[ir.Option, ...]


def lower(schema: ir.Schema, shape: ir.OneOf) -> Parts:
    """The options of a choice by how they are told."""
    return Parts(
        plain=tuple(
            (one, kinds_of(schema, one.target))
            for one in shape.options
            if not one.is_told
        ),
        objects=tuple(one for one in shape.options if one.is_told),
    )


def kinds_of(schema: ir.Schema, target: str) -> frozenset[str]:
    """The types of a shape's values, and what Python has beside those of JSON."""
    found = families(schema, target)
    shape = schema.shapes[target]
    if isinstance(shape, ir.Blob):
        return found | {"bytes"}
    if isinstance(shape, ir.Timestamp) and "datetime" in ir.encodings(schema):
        return found | {"moment"}
    return found


_EXACT = {
    STRING: "kind is str",
    "bytes": "kind is bytes",
    "moment": "kind is datetime",
    NUMBER: "kind is int or kind is float",
    BOOLEAN: "kind is bool",
    ARRAY: "kind is list",
    OBJECT: "kind is dict",
}


def exact(kinds: Collection[str]) -> str:
    """The condition that a value has one of some types, and not of a subclass."""
    return " or ".join(_EXACT[one] for one in _EXACT if one in kinds)


def tagged(option: ir.Option) -> str:
    """The condition that a tag is one of an option."""
    tags = [literal(tag) for tag in option.tags]
    tags += ["None"] if option.untagged else []
    return (
        f"tag == {tags[0]}"
        if len(tags) == 1 and tags[0] != "None"
        else f"tag in ({', '.join(tags)})"
    )


def complete(option: ir.Option) -> str:
    """The condition that an object has all members that an option needs."""
    tests = [f"get({literal(name)}) is not None" for name in option.needs]
    return f"({' and '.join(tests)})"
