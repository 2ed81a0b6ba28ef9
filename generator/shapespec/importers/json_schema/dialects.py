"""The drafts of JSON Schema: which keywords hold schemas, and what each may be.

The tables are those of the metaschemas; `tests/behaviour/test_schema_checks.py` holds
them against the metaschemas themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shapespec.records import dataclass

ONE = frozenset(
    (
        "additionalItems",
        "additionalProperties",
        "contains",
        "contentSchema",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    )
)
"""Keywords whose value is a schema."""

LISTED = frozenset(("allOf", "anyOf", "items", "oneOf", "prefixItems"))
"""Keywords whose value is a list of schemas."""

NAMED = frozenset(
    (
        "$defs",
        "definitions",
        "dependencies",
        "dependentSchemas",
        "patternProperties",
        "properties",
    )
)
"""Keywords whose value is an object of schemas."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """A draft.

    Attributes:
        name: As people call it.
        uri: Its `$schema`, without an empty fragment.
        year: By which drafts are in order: 4, 6, 7, 2019, 2020.
        keywords: What each keyword has to be, in the words of `check.py`.
    """

    name: str
    uri: str
    year: int
    keywords: Mapping[str, str]

    @property
    def siblings(self) -> bool:
        """Whether keywords beside `$ref` count."""
        return self.year >= _SIBLINGS

    @property
    def id_keyword(self) -> str:
        """The keyword that names a schema."""
        return "id" if self.year == _FIRST else "$id"


_FIRST = 4
_SIBLINGS = 2019

_D4: Mapping[str, str] = {
    "id": "string",
    "$schema": "string",
    "$ref": "string",
    "title": "string",
    "description": "string",
    "multipleOf": "positive",
    "maximum": "number",
    "exclusiveMaximum": "boolean",
    "minimum": "number",
    "exclusiveMinimum": "boolean",
    "maxLength": "natural",
    "minLength": "natural",
    "pattern": "pattern",
    "additionalItems": "schema or boolean",
    "items": "schema or schemas",
    "maxItems": "natural",
    "minItems": "natural",
    "uniqueItems": "boolean",
    "maxProperties": "natural",
    "minProperties": "natural",
    "required": "some names",
    "additionalProperties": "schema or boolean",
    "definitions": "map of schemas",
    "properties": "map of schemas",
    "patternProperties": "map of schemas",
    "dependencies": "map of dependencies",
    "enum": "some values",
    "type": "types",
    "format": "string",
    "allOf": "schemas",
    "anyOf": "schemas",
    "oneOf": "schemas",
    "not": "schema",
}
_D6: Mapping[str, str] = {
    **{keyword: said for keyword, said in _D4.items() if keyword != "id"},
    "$id": "string",
    "exclusiveMaximum": "number",
    "exclusiveMinimum": "number",
    "additionalItems": "schema",
    "additionalProperties": "schema",
    "const": "anything",
    "contains": "schema",
    "propertyNames": "schema",
    "required": "names",
    "enum": "values",
    "examples": "values",
}
_D7: Mapping[str, str] = {
    **_D6,
    "$comment": "string",
    "readOnly": "boolean",
    "if": "schema",
    "then": "schema",
    "else": "schema",
    "contentEncoding": "string",
    "contentMediaType": "string",
}
_D2019: Mapping[str, str] = {
    **_D7,
    "$id": "id",
    "$anchor": "anchor",
    "$recursiveRef": "string",
    "$recursiveAnchor": "boolean",
    "$vocabulary": "map of booleans",
    "$defs": "map of schemas",
    "unevaluatedItems": "schema",
    "unevaluatedProperties": "schema",
    "dependentSchemas": "map of schemas",
    "dependentRequired": "map of names",
    "maxContains": "natural",
    "minContains": "natural",
    "deprecated": "boolean",
    "writeOnly": "boolean",
    "contentSchema": "schema",
}
_D2020: Mapping[str, str] = {
    **{
        keyword: said
        for keyword, said in _D2019.items()
        if keyword not in ("$recursiveRef", "$recursiveAnchor", "additionalItems")
    },
    "$dynamicRef": "string",
    "$dynamicAnchor": "anchor",
    "items": "schema",
    "prefixItems": "schemas",
}

_HTTP = "http://json-schema.org"
_HTTPS = "https://json-schema.org"
D2020 = Dialect("2020-12", f"{_HTTPS}/draft/2020-12/schema", 2020, _D2020)
DIALECTS = (
    Dialect("draft-04", f"{_HTTP}/draft-04/schema", 4, _D4),
    Dialect("draft-06", f"{_HTTP}/draft-06/schema", 6, _D6),
    Dialect("draft-07", f"{_HTTP}/draft-07/schema", 7, _D7),
    Dialect("2019-09", f"{_HTTPS}/draft/2019-09/schema", 2019, _D2019),
    D2020,
)
_BY_URI = {one.uri: one for one in DIALECTS}


def dialect_of(uri: object) -> Dialect | None:
    """The draft that a `$schema` names; none for what is no draft that is read."""
    if not isinstance(uri, str):
        return None
    plain = uri.partition("#")[0].rstrip("/")
    found = _BY_URI.get(plain)
    if found is None and plain.startswith("https:"):
        found = _BY_URI.get(f"http{plain.removeprefix('https')}")
    if found is None and plain.startswith("http:"):
        found = _BY_URI.get(f"https{plain.removeprefix('http')}")
    return found


def subschemas(
    schema: Mapping[str, Any],
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The schemas directly within one, with the way to each.

    What stands in `const`, `enum`, `default`, `examples` or an unknown keyword is data.
    """
    for keyword, value in schema.items():
        if isinstance(value, dict):
            if keyword in NAMED:
                for name, one in value.items():
                    if isinstance(one, dict | bool):
                        yield (keyword, name), one
            elif keyword in ONE:
                yield (keyword,), value
        elif isinstance(value, list):
            if keyword in LISTED:
                for at, one in enumerate(value):
                    yield (keyword, at), one
        elif isinstance(value, bool) and keyword in ONE:
            yield (keyword,), value
