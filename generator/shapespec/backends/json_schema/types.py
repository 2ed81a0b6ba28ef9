"""JSON Schema for programs that make types: the target `json-schema-types`.

The target `json-schema` is for validators: null stands for an absent member, a moment
is text or a number, an open enum is any text. Generators make `string | number | null`
of that. Here an optional member may be left out, a moment is a text of format
`date-time`, and an open enum is one of its values or a text. Rules across members and
what begins with `x-` are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.backends.files import OutputFile
from shapespec.backends.json_schema import (
    Definitions,
    Keywords,
    document_of,
    nullable,
)
from shapespec.contract import schema as ir
from shapespec.ground.sinks.json_text import pages
from shapespec.ground.values import Json
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True)
class JsonSchemaTypes:
    """The target `json-schema-types`."""

    name: str = "json-schema-types"
    requires: tuple[str, ...] = ()

    def generate(self, schema: ir.Schema) -> Iterator[OutputFile]:
        """A document for each root, under `json_schema_types/<package>/`."""
        folder = f"json_schema_types/{schema.package}"
        for root in schema.roots:
            text = pages(document_of(_Types(schema), root))
            yield OutputFile(f"{folder}/{root}.json", text + "\n")


class _Types(Definitions):
    """Writes definitions that types can be made of."""

    def id_of(self, root: str) -> str:
        return f"{super().id_of(root)}:types"

    def keywords(self, shape: ir.Shape) -> Keywords:
        """Type and constraints of a shape, then what people read."""
        if isinstance(shape, ir.Enum) and shape.open:
            given = _plain(super().keywords(shape))
            known = [one.value for one in shape.values]
            either: list[Json] = [
                {"type": "string", "enum": [*known]},
                {"type": "string"},
            ]
            del given["type"]
            return {"anyOf": either, **given}
        return _plain(super().keywords(shape))

    def constraints(self, shape: ir.Shape) -> Keywords:
        if isinstance(shape, ir.Timestamp):
            return {"type": "string", "format": "date-time"}
        return super().constraints(shape)

    def member(self, shape: ir.Structure | ir.Union, member: ir.Member) -> Keywords:
        return _plain(super().member(shape, member))

    def present(self, found: Keywords, member: ir.Member) -> Keywords:
        return nullable(found) if member.required and member.nullable else found

    def rules(self, shape: ir.Structure) -> Keywords:
        return {}

    def union(self, shape: ir.Union) -> Keywords:
        found: Keywords = {"type": "object", "properties": self.properties(shape)}
        return found | self.closed(shape)


def _plain(found: Keywords) -> Keywords:
    """The same without keywords of our own."""
    return {word: said for word, said in found.items() if not word.startswith("x-")}
