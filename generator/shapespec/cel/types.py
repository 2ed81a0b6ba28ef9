"""The types of CEL expressions over a schema."""

from __future__ import annotations

from typing import NamedTuple, assert_never

from shapespec.contract import schema as ir


class Type(NamedTuple):
    """A CEL type.

    Attributes:
        kind: `bool`, `int`, `double`, `string`, `bytes`, `timestamp`, `duration`,
            `null`, `list`, `map`, `message`, or `dyn`, of which nothing is known.
        item: What a list or a map's values hold.
        shape: The structure or union that a message is.
    """

    kind: str
    item: Type | None = None
    shape: str | None = None

    def __str__(self) -> str:
        match self.kind:
            case "list":
                return f"a list of {self.item}"
            case "map":
                return f"a map to {self.item}"
            case "message":
                return f"a {self.shape}"
            case _:
                return self.kind


BOOL = Type("bool")
INT = Type("int")
DOUBLE = Type("double")
STRING = Type("string")
TIMESTAMP = Type("timestamp")
DURATION = Type("duration")
DYN = Type("dyn")

NUMBERS = ("int", "double")
ORDERED = ("int", "double", "string", "timestamp", "duration", "bool", "bytes")


def of_shape(
    schema: ir.Schema, target: str, around: frozenset[str] = frozenset()
) -> Type:
    """The type of a shape's values.

    Args:
        schema: The schema.
        target: The name of the shape.
        around: The lists and maps that it was reached through; one that is in itself
            holds values of any type.
    """
    if target in around:
        return DYN
    shape, within = schema.shapes[target], around | {target}
    match shape:
        case ir.String() | ir.Enum():
            return STRING
        case ir.Integer():
            return INT
        case ir.Float():
            return DOUBLE
        case ir.Boolean():
            return BOOL
        case ir.Timestamp():
            return TIMESTAMP
        case ir.Blob():
            return Type("bytes")
        case ir.Document() | ir.OneOf():
            return DYN
        case ir.List(member=member):
            return Type("list", item=of_shape(schema, member, within))
        case ir.Tuple():
            return Type("list", item=DYN)
        case ir.Map(value=value):
            return Type("map", item=of_shape(schema, value, within))
        case ir.Structure() | ir.Union():
            return Type("message", shape=target)
        case _:
            assert_never(shape)


def comparable(one: Type, other: Type) -> bool:
    """Whether two types may be compared for equality."""
    if "dyn" in (one.kind, other.kind):
        return True
    if one.kind in NUMBERS and other.kind in NUMBERS:
        return True
    if one.kind in ("list", "map") and one.kind == other.kind:
        return (
            one.item is None or other.item is None or comparable(one.item, other.item)
        )
    return one == other
