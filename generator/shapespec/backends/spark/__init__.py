"""Schemas of Spark, for `spark.read.schema(...)`: maps are maps, all may be null."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from shapespec.backends.files import OutputFile
from shapespec.contract import schema as ir
from shapespec.ground.sinks.json_text import pages
from shapespec.ground.values import Json
from shapespec.records import dataclass

MOST_FIELDS = 20_000
"""How many fields a schema has at most: it is a tree, and shapes may share shapes."""

_DEEPEST = 40
_TEXT = "string"
_NUMBER = "double"


@dataclass(frozen=True, slots=True)
class SparkSchema:
    """The target `spark-schema`."""

    name: str = "spark-schema"
    requires: tuple[str, ...] = ()

    def generate(self, schema: ir.Schema) -> Iterator[OutputFile]:
        """A file for each root and each way to write its timestamps.

        `<Root>.json` is for what the first form writes; where other forms have text in
        place of numbers, or numbers in place of text, `<Root>.text.json` or
        `<Root>.epoch.json` is for those.
        """
        first, second = _moments(schema)
        for root in schema.roots:
            made = _Types(schema, first)
            row = made.of(root)
            path = f"spark/{schema.package}/{root}"
            yield OutputFile(f"{path}.json", pages(row) + "\n")
            if second is not None and made.has_moments:
                other = "text" if second == _TEXT else "epoch"
                document = _Types(schema, second).of(root)
                yield OutputFile(f"{path}.{other}.json", pages(document) + "\n")


def _moments(schema: ir.Schema) -> tuple[str, str | None]:
    """The types that timestamps have in files, the usual one first."""
    written = schema.forms[0].write if schema.forms else "iso-8601"
    first = _NUMBER if written.startswith("epoch") else _TEXT
    read = {
        _NUMBER if encoding.startswith("epoch") else _TEXT
        for encoding in ir.encodings(schema)
    }
    others = read - {first}
    return first, others.pop() if others else None


class _Types:
    """The types of one schema, from the root down."""

    def __init__(self, schema: ir.Schema, moment: str) -> None:
        self.schema = schema
        self.moment = moment
        self.has_moments = False
        self.left = MOST_FIELDS
        self.above: list[str] = []

    def of(self, target: str) -> Json:
        """The type of a shape, as Spark writes it in JSON.

        JSON text stands where a shape contains itself, or where it goes on too long:
        Spark's types are trees. Spark reads a value of any type into a text.
        """
        shape = self.schema.shapes[target]
        match shape:
            case ir.String() | ir.Enum() | ir.Blob() | ir.Document():
                return _TEXT
            case ir.Tuple() | ir.OneOf():
                return _TEXT  # Spark's arrays have items of one type, and no choices
            case ir.Boolean():
                return "boolean"
            case ir.Integer():
                return "long"
            case ir.Float():
                return _NUMBER
            case ir.Timestamp():
                self.has_moments = True
                return self.moment
            case ir.List() | ir.Map() | ir.Structure() | ir.Union():
                if target in self.above or len(self.above) > _DEEPEST or self.left <= 0:
                    return _TEXT
                self.above.append(target)
                found = self.of_parts(shape)
                self.above.pop()
                return found
            case _:
                assert_never(shape)

    def of_parts(self, shape: ir.List | ir.Map | ir.Structure | ir.Union) -> Json:
        """The type of a shape that has parts."""
        match shape:
            case ir.List(member=member):
                return {
                    "type": "array",
                    "elementType": self.of(member),
                    "containsNull": True,
                }
            case ir.Map(value=value):
                return {
                    "type": "map",
                    "keyType": _TEXT,
                    "valueType": self.of(value),
                    "valueContainsNull": True,
                }
            case ir.Structure(members=members) | ir.Union(members=members):
                self.left -= len(members)
                fields: list[Json] = [
                    {
                        "name": member.name,
                        "type": self.of(member.target),
                        "nullable": True,
                        "metadata": {},
                    }
                    for member in members
                ]
                return {"type": "struct", "fields": fields}
