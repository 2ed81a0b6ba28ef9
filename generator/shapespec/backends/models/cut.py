"""The generated JSON Schema, cut down to what a type can say.

datamodel-code-generator gives some keywords a meaning of its own: an annotation that
begins with `x-` may be read as an option, and a rule or a union (`allOf`, `oneOf`)
becomes several classes for one shape, that accept what the rule forbids. So it is
given what types are made of, and nothing else. What has bounds is a definition with a
name that nothing else has; left in place, it would take the name of a shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from shapespec.backends import json_schema, python_package
from shapespec.backends.json_schema import Keywords
from shapespec.contract import naming, schema as ir
from shapespec.contract.constraints import KEYWORDS
from shapespec.ground.values import Json

_PARTS = {
    "string": ("enum",),
    "number": ("exclusiveMaximum",),
    "array": ("items",),
    "object": ("properties", "required", "propertyNames", "additionalProperties"),
}
"""What each type is made of; a moment as a number ends before a bound."""


def _stated(kind: str) -> tuple[str, ...]:
    """The keywords for constraints on a type; `uniqueItems` would make it a set."""
    return tuple(
        word
        for word, about in KEYWORDS.items()
        if kind in about.types and about.rule != "unique-items"
    )


_INNER = {"items": "Item", "propertyNames": "Key", "additionalProperties": "Value"}
"""The keywords that hold a schema, and what the name of a place there ends in."""


def document(schema: ir.Schema, hidden: frozenset[tuple[str, str]]) -> Keywords:
    """All that the roots of a schema reach, in one document about the main one.

    Args:
        schema: The contract.
        hidden: Members that are marked with `repr`, as `hidden_members` has them.
    """
    given: dict[str, Keywords] = {}
    for root in schema.roots:
        given |= _schemas(json_schema.document(schema, root)["$defs"])
    main = python_package.main_root(schema) or schema.roots[0]
    cut = _Cut(
        {naming.class_name(name) for name in given},
        frozenset((naming.class_name(shape), member) for shape, member in hidden),
    )
    for name, one in given.items():
        cut.define(naming.class_name(name), one)
    return {
        "title": naming.class_name(main),
        "$ref": _refer(main)["$ref"],
        "$defs": dict(cut.definitions),
    }


def _refer(shape: str) -> Keywords:
    return {"$ref": f"#/$defs/{naming.class_name(shape)}"}


class _Cut:
    """Definitions as they are made, under names of their own."""

    def __init__(self, taken: set[str], hidden: frozenset[tuple[str, str]]) -> None:
        self.taken = taken
        self.hidden = hidden
        self.definitions: dict[str, Keywords] = {}

    def define(self, name: str, given: Keywords) -> None:
        """A shape with a name."""
        self.definitions[name] = self.any_of(name, given)

    def place(self, name: str, given: Keywords) -> Keywords:
        """What stands in place: plain, or a reference to what has bounds."""
        match given:
            case {"$ref": str(at)}:
                found = _refer(at.removeprefix("#/$defs/"))
            case {"anyOf": list(either)}:
                found = {"anyOf": [*self.either(name, _list(either))]}
            case {"oneOf": list()} if "type" not in given:
                found = self.any_of(name, given)
            case {"type": ["string", "number", *null]}:
                found = self.hoist("Timestamp", {**given, "type": ["string", "number"]})
                if null:
                    found = {"anyOf": [found, {"type": "null"}]}
            case {"type": [kind, "null"]}:
                one = self.place(name, {**given, "type": kind})
                found = {"anyOf": [one, {"type": "null"}]}
            case _:
                found = self.any_of(name, given)
                if not set(found) <= {"type", "description", "prefixItems", *_INNER}:
                    found = self.hoist(name, given)
        return _described(found, given)

    def either(self, name: str, options: list[Keywords]) -> Iterator[Json]:
        """Each of several types; one that is itself one of several is taken apart."""
        for one in options:
            found = self.place(name, one)
            inner = found.get("anyOf")
            yield from inner if isinstance(inner, list) else [found]

    def hoist(self, name: str, given: Keywords) -> Keywords:
        """A reference to a new definition, or to one that is the same."""
        plain = {word: given[word] for word in given if word != "description"}
        base = re.sub(r"[^0-9A-Za-z]+", "", name)
        wanted = self.any_of(name, plain)
        number = 1
        while True:
            found = f"{base}{number}" if number > 1 else base
            if self.definitions.get(found) == wanted and found not in self.taken:
                return {"$ref": f"#/$defs/{found}"}
            if found not in self.definitions and found not in self.taken:
                self.definitions[found] = wanted
                return {"$ref": f"#/$defs/{found}"}
            number += 1

    def any_of(self, name: str, given: Keywords) -> Keywords:
        """Each of the types of a schema, with the keywords that it has."""
        found: Keywords
        match given:
            case {"oneOf": list(options)} if "type" not in given:
                parts = [self.option(name, one) for one in _list(options)]
                found = {"anyOf": list(parts)}
            case {"type": list(kinds)}:
                either = [self.only(name, given, str(kind)) for kind in kinds]
                found = {"anyOf": list(either)}
            case {"type": str(kind)}:
                found = self.only(name, given, kind)
            case _:
                found = {}
        return _described(found, given)

    def option(self, name: str, given: Keywords) -> Keywords:
        """An option of a choice; what tells structures apart is not in their types."""
        if "$ref" in given:
            return self.place(name, {"$ref": given["$ref"]})
        return self.place(f"{name}Option", given)

    def member(self, name: str, member: str, given: Keywords) -> Keywords:
        """A member of a structure; `repr` is an option of the program that reads it."""
        found = self.place(f"{name}{member[:1].upper()}{member[1:]}", given)
        return {**found, "repr": False} if (name, member) in self.hidden else found

    def only(self, name: str, given: Keywords, kind: str) -> Keywords:
        """One type, with its keywords."""
        found: Keywords = {"type": kind}
        for word in (*_PARTS.get(kind, ()), *_stated(kind)):
            match word, given.get(word):
                case _, None:
                    continue
                case "properties", dict(members):
                    found[word] = {
                        member: self.member(name, member, one)
                        for member, one in _schemas(members).items()
                    }
                case "enum", list(values):
                    found[word] = [value for value in values if value is not None]
                case (("items" | "propertyNames" | "additionalProperties"), dict(one)):
                    found[word] = self.place(f"{name}{_INNER[word]}", one)
                case _, value:
                    found[word] = value
        return found


def _described(found: Keywords, given: Keywords) -> Keywords:
    if "description" not in given:
        return found
    return {"description": given["description"], **found}


def _schemas(given: Json) -> dict[str, Keywords]:
    return cast("dict[str, Keywords]", given)


def _list(given: list[Json]) -> list[Keywords]:
    return cast("list[Keywords]", given)
