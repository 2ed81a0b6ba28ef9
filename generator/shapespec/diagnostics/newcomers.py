"""Words of other languages, and what to write in their place.

People come with the words of JSON Schema, OpenAPI, TypeScript and Protocol Buffers. A
word that means nothing here is answered with a line that can be copied.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple


class Hint(NamedTuple):
    """What to write in the place of a word, and where that has to be said.

    Attributes:
        write: A piece of a spec, as it may be copied; empty where there is none.
        where: What comes before it in a sentence.
    """

    write: str
    where: str = "write"

    def __str__(self) -> str:
        return f"{self.where} `{self.write}`" if self.write else self.where


_MEMBER = "in a member, write"
_SPEC = "at the top of the spec, write"
_LIST = "for a list, write"
_MAP = "for an object with any keys, write"
_RULE = "write a rule of the structure:"
_ALL = "members: {Name: string}"
_IN_ONE = "write all members in one structure:"
_ONE_OF = "one_of: [string, integer]"
_SHAPES = "shapes: {Book: {type: structure, members: {}}}"
_IF = "rules: {a-needs-b: {cel: '!has(this.A) || has(this.B)', message: No B.}}"
_HAS = "rules: {has-x: {cel: '\"x\" in this.L', message: No x in L.}}"
_COUNT = (
    "rules: {few-x: {cel: 'size(this.L.filter(one, one == \"x\")) <= 2',"
    " message: Too many x in L.}}"
)
_OPENAPI = "this is OpenAPI; `shapespec import openapi FILE` makes a spec of it"
_NO_VALUES = "leave it out: it says nothing about values"
_NAMED = "leave it out: a shape is known by its name"
_ONE_WAY = "leave it out: requests and responses each have a shape, with their members"

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
        **dict.fromkeys(
            ("$ref", "ref", "$dynamicRef"),
            Hint("Name: {target: Book}", "a shape is referred to by its name:"),
        ),
        "oneOf": Hint(_ONE_OF),
        "anyOf": Hint(_ONE_OF),
        "allOf": Hint(_ALL, _IN_ONE),
        "not": Hint("rules: {not-both: {cel: '!has(this.A)', message: No A.}}", _RULE),
        **dict.fromkeys(
            (
                *("if", "then", "else"),
                *("dependentRequired", "dependentSchemas", "dependencies"),
            ),
            Hint(_IF, _RULE),
        ),
        "contains": Hint(_HAS, _RULE),
        "minContains": Hint(_COUNT, _RULE),
        "maxContains": Hint(_COUNT, _RULE),
        "unevaluatedItems": Hint(
            "{type: list, prefix: [string, integer]}", "for no further items, write"
        ),
        "contentEncoding": Hint("{type: blob}", "for base64, write"),
        **dict.fromkeys(
            ("contentMediaType", "contentSchema"),
            Hint("doc: A book.", "nothing looks into text; write"),
        ),
        **dict.fromkeys(("readOnly", "writeOnly"), Hint("", _ONE_WAY)),
        "title": Hint("doc: A book."),
        "description": Hint("doc: A book."),
        "summary": Hint("doc: A book."),
        "$comment": Hint("# A book.", "write a comment of YAML:"),
        **dict.fromkeys(
            ("$id", "id", "$schema", "$anchor", "$dynamicAnchor", "$vocabulary"),
            Hint("", _NAMED),
        ),
        **dict.fromkeys(("extends", "mixins"), Hint(_ALL)),
        "comment": Hint("doc: A book."),
        "example": Hint("examples: [Walden]"),
        **dict.fromkeys(
            ("$defs", "definitions", "components", "schemas", "types"),
            Hint(_SHAPES, _SPEC),
        ),
        **dict.fromkeys(("openapi", "swagger"), Hint("", _OPENAPI)),
        **dict.fromkeys(
            ("paths", "webhooks", "callbacks", "content", "schema"),
            Hint("operations: {GetBook: {output: Book}}", _SPEC),
        ),
        **dict.fromkeys(
            ("parameters", "requestBody"),
            Hint("operations: {GetBook: {input: Book}}", _SPEC),
        ),
        "responses": Hint("operations: {GetBook: {outputs: {200: Book}}}", _SPEC),
        "operationId": Hint("", "leave it out: an operation is named by its key"),
        "info": Hint("title: A library", _SPEC),
        "version": Hint(
            "operations: {GetBook: {output: Book, api_version: '2024'}}",
            "an operation has it:",
        ),
        **dict.fromkeys(
            (
                *("xml", "externalDocs", "tags", "servers", "security", "host"),
                *("basePath", "consumes", "produces", "securityDefinitions"),
            ),
            Hint("", _NO_VALUES),
        ),
        "name": Hint("package: library", "shapes are named by their key; a spec has"),
        "prefixItems": Hint("prefix: [string, integer]", "in a list, write"),
    }
)
"""Keys that people write, and what the language has for them."""

HOMES: Mapping[str, Hint] = MappingProxyType(
    {
        # key: where it belongs
        "length": Hint(
            "{type: string, length: {min: 1}}", "a string, a list or a map has it:"
        ),
        "range": Hint("{type: integer, range: {min: 0}}", "a number has it:"),
        "multiple_of": Hint("{type: integer, multiple_of: 5}", "a number has it:"),
        "unit": Hint("{type: integer, unit: s}", "a number has it:"),
        "pattern": Hint("{type: string, pattern: '[a-z]+'}", "a string has it:"),
        "format": Hint(
            "{type: string, format: date}",
            "a string has it, and `long` is the type of 64 bits:",
        ),
        "const": Hint(
            "{type: string, const: book}", "a string, a number or a boolean has it:"
        ),
        "values": Hint(
            "{type: string, values: [in, lent]}",
            "an enum, a string, a number or a boolean has it:",
        ),
        "member": Hint("{type: list, member: string}", "a list has it:"),
        "prefix": Hint("{type: list, prefix: [string, integer]}", "a list has it:"),
        "unique_items": Hint(
            "{type: list, member: string, unique_items: true}", "a list has it:"
        ),
        "sparse": Hint(
            "{type: list, member: string, sparse: true}", "a list or a map has it:"
        ),
        "streaming": Hint("{type: blob, streaming: true}", "a blob has it:"),
        "key": Hint("{type: map, key: string, value: string}", "a map has it:"),
        "value": Hint("{type: map, key: string, value: string}", "a map has it:"),
        "members": Hint(
            "Book: {type: structure, members: {Name: string}}",
            "a structure or a union has it:",
        ),
        **{
            key: Hint(
                f"Book: {{type: structure, members: {{A: string}}, {key}: {{}}}}",
                "a structure has it:",
            )
            for key in ("rules", "derived", "notes")
        },
        "closed": Hint(
            "Book: {type: structure, closed: true, members: {A: string}}",
            "a structure or a union has it:",
        ),
        "open": Hint(
            "Book: {type: enum, open: true, values: [in, lent]}",
            "an enum or a choice by tag has it:",
        ),
        "one_of": Hint(_ONE_OF, "it takes the place of `type`:"),
        **dict.fromkeys(
            ("discriminator", "mapping", "otherwise"),
            Hint("", "a shape with `one_of` has it"),
        ),
        "required": Hint("Name: {target: string, required: true}", "a member has it:"),
        "nullable": Hint("Name: {target: string, nullable: true}", "a member has it:"),
        "default": Hint("Name: {target: integer, default: 1}", "a member has it:"),
        "target": Hint(
            "Name: {target: string}", "in a member, it takes the place of `type`:"
        ),
        "python": Hint(
            "Name: {target: string, python: other}", "a member or a value has it:"
        ),
        "retired": Hint(
            "Book: {type: enum, values: {in: , lent: {retired: true}}}",
            "a value of an enum has it:",
        ),
        **dict.fromkeys(
            ("input", "output", "outputs", "errors", "http", "pagination"),
            Hint("operations: {GetBook: {output: Book}}", "an operation has it:"),
        ),
    }
)
"""Keys of the language, and where they belong."""

FORMATS: Mapping[str, Hint] = MappingProxyType(
    {
        "date-time": Hint("{type: timestamp}", "it is a type:"),
        "binary": Hint("{type: blob}", "it is a type:"),
        "base64": Hint("{type: string, format: byte}"),
        "password": Hint(
            "{type: string, sensitive: true}", "so that no message shows it, write"
        ),
        "int32": Hint("{type: integer}", "it is a type:"),
        "int64": Hint("{type: long}", "it is a type:"),
        "float": Hint("{type: float}", "it is a type:"),
        "double": Hint("{type: double}", "it is a type:"),
        "url": Hint("{type: string, format: uri}"),
        "ip": Hint("{type: string, format: ipv4}"),
        "guid": Hint("{type: string, format: uuid}"),
        **dict.fromkeys(
            (
                *("idn-email", "idn-hostname", "iri", "iri-reference"),
                *("uri-reference", "uri-template", "regex"),
                *("json-pointer", "relative-json-pointer"),
            ),
            Hint(
                "{type: string, pattern: '[a-z]+'}",
                "nothing checks it; leave it out, or write",
            ),
        ),
    }
)
"""Formats that people write, and what the language has for them."""

INSTEAD: Mapping[str, Hint] = MappingProxyType(
    {
        # key whose value is of the wrong type: a right one
        "type": Hint(
            _ONE_OF, "of several types, write `nullable: true` for null, and for others"
        ),
        "required": Hint(
            "Name: {target: string, required: true}",
            "each member says so of itself:",
        ),
        "length": Hint("length: {min: 1, max: 10}"),
        "range": Hint("range: {min: 0, max: 10}"),
        "members": Hint("members: {Name: string}"),
        "values": Hint("values: [in, lent]"),
        "prefix": Hint("prefix: [string, integer]"),
        "one_of": Hint(_ONE_OF),
        "examples": Hint("examples: [Walden]"),
        "rules": Hint(_IF),
        "discriminator": Hint(
            "", "write the name of the member, and beside it `mapping: {book: Book}`"
        ),
        "shapes": Hint(_SHAPES),
        "roots": Hint("roots: [Book]"),
        "operations": Hint("operations: {GetBook: {output: Book}}"),
        "key": Hint("key: string"),
        "value": Hint("value: string"),
        "member": Hint("member: string"),
    }
)
"""What to write where a key has a value of the wrong type, or is missing."""

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
        "enum": Hint(
            "{type: string, values: [in, lent]}",
            "name it under `shapes`: `State: {type: enum, values: [a]}`; or write",
        ),
        "structure": Hint(f"Book: {_STRUCTURE}", "name it under `shapes`:"),
        "union": Hint(
            "Book: {type: union, members: {Name: string}}", "name it under `shapes`:"
        ),
        "one_of": Hint("{one_of: [string, integer]}", "in the place of `type`, write"),
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


_SPELLINGS: tuple[tuple[str, Hint], ...] = (
    (
        r"#?/?(?:[\w$]+/)+\w+",
        Hint("Name: {target: Book}", "a shape is referred to by its name:"),
    ),
    (
        r"\w+ *\?|\w+ *\| *null",
        Hint("{target: string, nullable: true}", "for what may be null, write"),
    ),
    (r"\w+(?: *\| *\w+)+", Hint("{one_of: [string, integer]}")),
    (
        r"\w+ *\[\]|(?i:list|array|sequence|set)[<\[(].*[>\])]",
        Hint("{type: list, member: string}"),
    ),
    (
        r"(?i:map|dict|record)[<\[(].*[>\])]",
        Hint("{type: map, key: string, value: string}"),
    ),
    (
        r"(?i:optional|nullable)[<\[(].*[>\])]",
        Hint("{target: string, nullable: true}", "for what may be null, write"),
    ),
)
"""Types as other languages spell them, as patterns."""

_FIRST = re.compile(r"(\w+):")

_GUESSES: tuple[tuple[frozenset[str], Hint], ...] = (
    (
        frozenset(("properties", "members", "fields", "required", "allOf")),
        Hint(f"Book: {_STRUCTURE}"),
    ),
    (
        frozenset(("items", "member", "prefix", "prefixItems", "minItems", "maxItems")),
        Hint("{type: list, member: string}"),
    ),
    (
        frozenset(("additionalProperties", "patternProperties", "key", "value")),
        Hint("{type: map, key: string, value: string}"),
    ),
    (frozenset(("oneOf", "anyOf")), Hint(_ONE_OF)),
    (
        frozenset(("$ref", "ref")),
        Hint("Name: {target: Book}", "a shape is referred to by its name:"),
    ),
    (
        frozenset(("enum", "values")),
        Hint("Book: {type: enum, values: [in, lent]}"),
    ),
    (
        frozenset(("minimum", "maximum", "range", "multipleOf", "multiple_of")),
        Hint("{type: integer, range: {min: 0}}"),
    ),
    (
        frozenset(("minLength", "maxLength", "length", "pattern", "format", "const")),
        Hint("{type: string}"),
    ),
)
"""What a shape without a type may be, by its keys."""


def key(word: str, known: Collection[str]) -> str | None:
    """What to write in the place of a key, as a sentence; none for an unknown one.

    Args:
        word: The key.
        known: The keys that are right where it is.
    """
    found = KEYS.get(word)
    if found is not None:
        first = _FIRST.match(found.write)
        home = HOMES.get(first[1]) if first and first[1] not in known else None
        told = home is not None and home.write not in ("", found.write)
        return f"{found}; {home}" if told else str(found)
    if word.startswith("x-"):
        return "leave it out, or say it in `doc`: a spec has no extensions"
    return None


def home_of(word: str) -> str | None:
    """Where a key of the language belongs, as a sentence; none for another word."""
    found = HOMES.get(word)
    return None if found is None else str(found)


def type_of(word: str) -> str | None:
    """What to write in the place of a type, as a sentence; none for an unknown one."""
    found = TYPES.get(word)
    if found is None:
        return next(
            (str(one) for spelt, one in _SPELLINGS if re.fullmatch(spelt, word)), None
        )
    return str(found)


def format_of(word: str) -> str | None:
    """What to write in the place of a format, as a sentence; none where unknown."""
    found = FORMATS.get(word)
    return None if found is None else str(found)


def instead(word: str) -> str | None:
    """A right value of a key, as a sentence; none where there is nothing to say."""
    found = INSTEAD.get(word)
    return None if found is None else str(found)


BOUNDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("minimum", "minLength", "minItems", "from", "least"), "min"),
        **dict.fromkeys(("maximum", "maxLength", "maxItems", "to", "most"), "max"),
        **dict.fromkeys(("exclusiveMinimum", "gt", "greaterThan"), "above"),
        **dict.fromkeys(("exclusiveMaximum", "lt", "lessThan"), "below"),
        **dict.fromkeys(("gte", "ge"), "min"),
        **dict.fromkeys(("lte", "le"), "max"),
    }
)
"""What people call the ends of a length or a range, and what they are called here."""


def bound(word: str, known: Collection[str]) -> str | None:
    """What an end of a length or a range is called; none for an unknown word."""
    found = BOUNDS.get(word)
    return f"write `{found}`" if found in known else None


def shape_for(found: str, *, named: bool) -> str | None:
    """What to write where a shape should be, as a sentence; none where not clear.

    Args:
        found: What is there, in words.
        named: Whether it is the shape of a name under `shapes`.
    """
    if found == "nothing":
        return "for any value, write `document`; for null, `nullable: true` of a member"
    if found == "a list":
        several = "{one_of: [string, integer]}"
        return f"write `{{type: list, member: string}}`, or `{several}` for one of them"
    return "write `{type: string}`" if named else None


def guess(keys: Collection[str]) -> str | None:
    """What a shape without a type may be, as a sentence; none for no guess."""
    return next((str(one) for words, one in _GUESSES if words & {*keys}), None)
