"""Words of other languages, and what to write in their place.

People come with the words of JSON Schema, OpenAPI, TypeScript and Protocol Buffers. A
word that means nothing here is answered with a line that can be copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Hint(NamedTuple):
    """What to write in the place of a word, and where that has to be said.

    Attributes:
        write: A piece of a spec, as it may be copied.
        where: What comes before it in a sentence.
    """

    write: str
    where: str = "write"

    def __str__(self) -> str:
        return f"{self.where} `{self.write}`"


_MEMBER = "in a member, write"
_SPEC = "at the top of the spec, write"
_LIST = "for a list, write"
_MAP = "for an object with any keys, write"
_RULE = "write a rule of the structure:"
_ONE_OF = "one_of: [string, integer]"

KEYS: Mapping[str, Hint] = MappingProxyType(
    {
        "minimum": Hint("range: {min: 0}"),
        "maximum": Hint("range: {max: 10}"),
        "exclusiveMinimum": Hint("range: {above: 0}"),
        "exclusiveMaximum": Hint("range: {below: 10}"),
        "min": Hint("range: {min: 0}"),
        "max": Hint("range: {max: 10}"),
        "multipleOf": Hint("multiple_of: 5"),
        "minLength": Hint("length: {min: 1}"),
        "maxLength": Hint("length: {max: 10}"),
        "minItems": Hint("length: {min: 1}"),
        "maxItems": Hint("length: {max: 10}"),
        "minProperties": Hint("length: {min: 1}"),
        "maxProperties": Hint("length: {max: 10}"),
        "uniqueItems": Hint("unique_items: true"),
        "regex": Hint("pattern: '[a-z]+'"),
        "enum": Hint("values: [1, 2]", "for an enum, or values of any type, write"),
        "items": Hint("{type: list, member: string}", _LIST),
        "additionalItems": Hint("{type: list, member: string}", _LIST),
        "properties": Hint("members: {Name: string}"),
        "fields": Hint("members: {Name: string}"),
        "additionalProperties": Hint(
            "{type: map, key: string, value: string}",
            "for no other members, write `closed: true`;"
            " for an object with any keys, write",
        ),
        "unevaluatedProperties": Hint("closed: true", "for no other members, write"),
        "patternProperties": Hint(
            "{type: map, key: {type: string, pattern: 'x-.*'}, value: string}", _MAP
        ),
        "propertyNames": Hint(
            "{type: map, key: {type: string, length: {max: 9}}, value: string}", _MAP
        ),
        "required": Hint("Name: {target: string, required: true}", _MEMBER),
        "optional": Hint(
            "Name: {target: string, required: true}",
            "leave it out; only what is always there has it:",
        ),
        "nullable": Hint(
            "Name: {target: string, required: true, nullable: true}",
            "items and values can be null with `sparse: true` of their list or map;"
            " in a member, write",
        ),
        "$ref": Hint("Name: {target: Book}", "a shape is referred to by its name:"),
        "ref": Hint("Name: {target: Book}", "a shape is referred to by its name:"),
        "oneOf": Hint(_ONE_OF),
        "anyOf": Hint(_ONE_OF),
        "allOf": Hint("members: {Name: string}", "write all members in one structure:"),
        "not": Hint("rules: {not-both: {cel: '!has(this.A)', message: No A.}}", _RULE),
        "if": Hint(
            "rules: {a-needs-b: {cel: '!has(this.A) || has(this.B)', message: No B.}}",
            _RULE,
        ),
        "dependentRequired": Hint(
            "rules: {a-needs-b: {cel: '!has(this.A) || has(this.B)', message: No B.}}",
            _RULE,
        ),
        "title": Hint("doc: A book."),
        "description": Hint("doc: A book."),
        "comment": Hint("doc: A book."),
        "example": Hint("examples: [Walden]"),
        "$defs": Hint("shapes: {Book: {type: structure, members: {}}}", _SPEC),
        "definitions": Hint("shapes: {Book: {type: structure, members: {}}}", _SPEC),
        "components": Hint("shapes: {Book: {type: structure, members: {}}}", _SPEC),
        "schemas": Hint("shapes: {Book: {type: structure, members: {}}}", _SPEC),
        "types": Hint("shapes: {Book: {type: structure, members: {}}}", _SPEC),
        "paths": Hint("operations: {GetBook: {output: Book}}", _SPEC),
        "name": Hint("package: library", "shapes are named by their key; a spec has"),
        "prefixItems": Hint("prefix: [string, integer]", "in a list, write"),
    }
)
"""Keys that people write, and what the language has for them."""

_STRUCTURE = "{type: structure, members: {Name: string}}"

TYPES: Mapping[str, Hint] = MappingProxyType(
    {
        "array": Hint("{type: list, member: string}"),
        "vector": Hint("{type: list, member: string}"),
        "tuple": Hint("{type: list, prefix: [string, integer]}"),
        "set": Hint("{type: list, member: string, unique_items: true}"),
        "object": Hint(
            "{type: map, key: string, value: string}",
            f"name it under `shapes`: `Book: {_STRUCTURE}`; with any keys, write",
        ),
        "struct": Hint(f"Book: {_STRUCTURE}", "name it under `shapes`:"),
        "record": Hint(f"Book: {_STRUCTURE}", "name it under `shapes`:"),
        "message": Hint(f"Book: {_STRUCTURE}", "name it under `shapes`:"),
        "dict": Hint("{type: map, key: string, value: string}"),
        "number": Hint("double"),
        "decimal": Hint("double"),
        "int": Hint("integer"),
        "int32": Hint("integer"),
        "int64": Hint("long"),
        "short": Hint("integer"),
        "bigint": Hint("long"),
        "str": Hint("string"),
        "text": Hint("string"),
        "bool": Hint("boolean"),
        "null": Hint(
            "{target: string, nullable: true}", "say it of the member that can be null:"
        ),
        "any": Hint("document"),
        "json": Hint("document"),
        "datetime": Hint("timestamp"),
        "date-time": Hint("timestamp"),
        "bytes": Hint("blob"),
        "binary": Hint("blob"),
        "intEnum": Hint("{type: integer, values: [1, 2]}"),
        "const": Hint("{type: string, const: book}"),
        **{
            name: Hint(f"{{type: string, format: {name}}}")
            for name in (
                *("date", "time", "duration", "uuid", "uri", "email"),
                *("ipv4", "ipv6", "hostname", "byte"),
            )
        },
    }
)
"""Types that people write, and what the language has for them."""


def key(word: str) -> str | None:
    """What to write in the place of a key, as a sentence; none for an unknown one."""
    found = KEYS.get(word)
    return None if found is None else str(found)


def type_of(word: str) -> str | None:
    """What to write in the place of a type, as a sentence; none for an unknown one."""
    found = TYPES.get(word)
    return None if found is None else str(found)
