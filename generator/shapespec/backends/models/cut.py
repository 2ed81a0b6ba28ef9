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
    """The keywords for constraints on a type.

    `uniqueItems` would make it a set, and a `format` another type.
    """
    return tuple(
        word
        for word, about in KEYWORDS.items()
        if kind in about.types and about.rule not in ("unique-items", "format")
    )


_TEXT: Json = {"type": "string"}
_INNER = {"items": "Item", "propertyNames": "Key", "additionalProperties": "Value"}
"""The keywords that hold a schema, and what the name of a place there ends in."""


MOMENT = "Timestamp"
"""The name of the definition of a moment, unless a shape has it."""

_METADATA: Keywords = {
    "description": "What boto3 adds to each response.",
    "type": "object",
    "properties": {
        "RequestId": {"type": "string"},
        "HostId": {"type": "string"},
        "HTTPStatusCode": {"type": "integer"},
        "HTTPHeaders": {"type": "object", "additionalProperties": {"type": "string"}},
        "RetryAttempts": {"type": "integer"},
    },
    "required": ["RequestId", "HTTPStatusCode", "HTTPHeaders", "RetryAttempts"],
}


def document(  # noqa: PLR0913  # a contract, and how it is cut
    schema: ir.Schema,
    hidden: frozenset[tuple[str, str]] = frozenset(),
    *,
    known: bool = True,
    returned: bool = False,
    several: bool = True,
    opened: bool = False,
) -> Keywords:
    """All that the roots of a schema reach, in one document about the main one.

    Args:
        schema: The contract.
        hidden: Members that are marked with `repr`, as `hidden_members` has them.
        known: Whether an open enum has its known values, beside any text.
        returned: Whether it is about what boto3 returns: bytes, and what it adds to a
            response.
        several: Whether a choice may be between objects; else they are any object, and
            no number is a multiple of a fraction.
        opened: Whether an open structure says that it takes unknown members.
    """
    given: dict[str, Keywords] = {}
    for root in schema.roots:
        given |= _schemas(json_schema.document(schema, root)["$defs"])
    main = python_package.main_root(schema) or schema.roots[0]
    cut = _Cut(
        {naming.class_name(name) for name in given},
        frozenset((naming.class_name(shape), member) for shape, member in hidden),
        json_schema.timestamp(schema),
        known=known,
        returned=returned,
        opened=opened,
    )
    if not several:
        cut.choices = given
    if schema.extra_members:
        outputs = (one.output for one in schema.operations)
        cut.added_to = {naming.class_name(one) for one in outputs if one}
    for name, one in given.items():
        cut.define(naming.class_name(name), one)
    if returned and "ResponseMetadata" in schema.extra_members:
        at = cut.hoist("ResponseMetadata", _METADATA)
        for operation in schema.operations:
            output = cut.definitions.get(naming.class_name(operation.output or ""), {})
            members = output.get("properties")
            if isinstance(members, dict):
                members.setdefault("ResponseMetadata", at)
    return {
        "title": naming.class_name(main),
        "$ref": _refer(main)["$ref"],
        "$defs": dict(cut.definitions),
    }


def _refer(shape: str) -> Keywords:
    return {"$ref": f"#/$defs/{naming.class_name(shape)}"}


class _Cut:
    """Definitions as they are made, under names of their own."""

    def __init__(  # noqa: PLR0913  # what is known, and how it is cut
        self,
        taken: set[str],
        hidden: frozenset[tuple[str, str]],
        moment: Keywords,
        *,
        known: bool,
        returned: bool,
        opened: bool,
    ) -> None:
        self.taken = taken
        self.hidden = hidden
        self.moment = moment
        self.known = known
        self.returned = returned
        self.opened = opened
        self.choices: dict[str, Keywords] = {}
        self.added_to: set[str] = set()
        self.definitions: dict[str, Keywords] = {}

    def define(self, name: str, given: Keywords) -> None:
        """A shape with a name."""
        self.definitions[name] = self.any_of(name, given)

    def place(self, name: str, given: Keywords) -> Keywords:
        """What stands in place: plain, or a reference to what has bounds."""
        found: Keywords
        match given:
            case {"$ref": str(at)}:
                found = _refer(at.removeprefix("#/$defs/"))
            case {"anyOf": list(either)}:
                found = {"anyOf": [*self.either(name, _list(either))]}
            case {"oneOf": list()} if "type" not in given:
                found = self.any_of(name, given)
            case {"type": list(kinds)} if self.is_moment(given):
                found = self.refer_to_moment()
                if "null" in kinds:
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
            case {"type": list(_)} if self.is_moment(given):
                found = self.refer_to_moment()
            case {"contentEncoding": "base64"} if self.returned:
                found = {"type": "string", "format": "binary"}
            case {"x-extensible-enum": list(values)} if self.known:
                kinds: list[Json] = [{"type": "string", "enum": values}, _TEXT]
                found = {"anyOf": kinds}
            case {"oneOf": list(options)} if "type" not in given:
                told = [*self.told(_list(options))]
                parts = [self.option(name, one) for one in told]
                found = {"anyOf": list(parts)}
            case {"type": list(kinds)}:
                either = [self.only(name, given, str(kind)) for kind in kinds]
                found = {"anyOf": list(either)}
            case {"type": str(kind)}:
                found = self.only(name, given, kind)
            case _:
                found = {}
        return _described(found, given)

    def is_moment(self, given: Keywords) -> bool:
        """Whether a schema is that of a timestamp, null aside."""
        kinds, wanted = given.get("type"), self.moment["type"]
        if not (isinstance(kinds, list) and isinstance(wanted, list)):
            return False
        rest = {word: limit for word, limit in self.moment.items() if word != "type"}
        same = [kind for kind in kinds if kind != "null"] == wanted
        return same and rest.items() <= given.items()

    def refer_to_moment(self) -> Keywords:
        """A reference to the definition of a moment, which is made with the first."""
        number = 1
        while (name := f"{MOMENT}{number if number > 1 else ''}") in self.taken:
            number += 1
        self.definitions.setdefault(name, {"type": "string", "format": "date-time"})
        return {"$ref": f"#/$defs/{name}"}

    def option(self, name: str, given: Keywords) -> Keywords:
        """An option of a choice; what tells structures apart is not in their types."""
        if "$ref" in given:
            return self.place(name, {"$ref": given["$ref"]})
        return self.place(f"{name}Option", given)

    def told(self, options: list[Keywords]) -> Iterator[Keywords]:
        """The options; for who cannot tell objects apart, several of them are one."""
        objects = [one for one in options if self.is_object(one)]
        if len(objects) > 1:
            yield {"type": "object"}
        yield from (one for one in options if len(objects) < 2 or one not in objects)

    def is_object(self, option: Keywords) -> bool:
        """Whether an option can be an object, as far as that matters."""
        if not self.choices:
            return False
        shape = str(option.get("$ref", "")).removeprefix("#/$defs/")
        given = self.choices.get(shape, option)
        inner = given.get("oneOf")
        if isinstance(inner, list):
            return any(map(self.is_object, _list(inner)))
        kinds = given.get("type")
        return kinds == "object" or (isinstance(kinds, list) and "object" in kinds)

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
                case "multipleOf", float() if self.choices:
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
        if isinstance(given.get("prefixItems"), list):
            found |= self.tuple_of(name, given)
        if self.opened and "properties" in found:
            closed = "additionalProperties" in found and name not in self.added_to
            found["additionalProperties"] = not closed
        return found

    def tuple_of(self, name: str, given: Keywords) -> Keywords:
        """A list whose first items have types of their own.

        It is a tuple if all are there and no other; boto3 returns lists. Else an item
        is of any of the types, or just any where not all types can be told apart.
        """
        first = _list(cast("list[Json]", given["prefixItems"]))
        rest, count = given.get("items"), len(first)
        whole = given.get("minItems") == given.get("maxItems") == count
        if whole and not self.returned:
            named = enumerate(first, 1)
            return {
                "prefixItems": [
                    self.place(f"{name}Item{number}", one) for number, one in named
                ]
            }
        every = [*first, *([rest] if isinstance(rest, dict) else [])]
        different = [one for at, one in enumerate(every) if one not in every[:at]]
        if len(different) > 1 and self.choices:
            return {"items": {}}
        found: list[Json] = []
        for one in self.either(f"{name}Item", different):
            found += [one] if one not in found else []
        only = cast("Keywords", found[0])
        return {"items": only if len(found) == 1 else {"anyOf": found}}


def _described(found: Keywords, given: Keywords) -> Keywords:
    if "description" not in given:
        return found
    return {"description": given["description"], **found}


def _schemas(given: Json) -> dict[str, Keywords]:
    return cast("dict[str, Keywords]", given)


def _list(given: list[Json]) -> list[Keywords]:
    return cast("list[Keywords]", given)
