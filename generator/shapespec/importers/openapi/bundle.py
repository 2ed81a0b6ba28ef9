"""One JSON Schema of the schemas of a description, as they are in one direction.

The dialect of OpenAPI becomes that of JSON Schema 2020-12: `nullable` a type, bounds of
3.0 exclusive by number, `example` one of the `examples`, a discriminator a constant in
each option. What is only read is not required of a request, and what is only written
not of a response. A component keeps its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from enum import Enum
from pathlib import PurePosixPath
from typing import Any

from shapespec.drafts.digests import digest_of
from shapespec.drafts.model import Note
from shapespec.ground.errors import Unusable
from shapespec.ground.pointer import escaped, steps
from shapespec.importers.openapi.description import Description, resolved
from shapespec.importers.openapi.families import bases, mapped
from shapespec.importers.openapi.files import Key, Place

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_BY_NAME = (
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
    "definitions",
)
_LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE = (
    "items",
    "additionalProperties",
    "additionalItems",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
)
_EXTENSIBLE = "x-extensible-enum"

OPEN = "\0open"
"""A value of an enum that says that there may be others; not one that is sent."""

_DROPPED = (
    "discriminator",
    "xml",
    "externalDocs",
    "nullable",
    "example",
    "$schema",
    "$id",
    "$anchor",
    "$dynamicAnchor",
    _EXTENSIBLE,
)
_VALUES = ("default", "example", "examples")
_BESIDE_TYPE = ("string", "number", "integer", "boolean", "object", "array")
_ANNOTATIONS = frozenset(
    ("description", "title", "deprecated", "readOnly", "writeOnly", *_VALUES)
)
_DEFINITION = re.compile(r"#?/\$defs/(?P<name>[^/\s:`]*)")


class Direction(Enum):
    """Which way a value goes; the value is the word that hides a member from it."""

    REQUEST = "readOnly"
    RESPONSE = "writeOnly"


class Bundle:
    """Schemas of a description, gathered under `$defs` of one JSON Schema.

    Attributes:
        notes: What the dialect says that is taken otherwise.
    """

    def __init__(self, description: Description, *, values: bool = True) -> None:
        """Gather schemas, with their defaults and examples where `values` says so."""
        self.description = description
        self.files = description.files
        self.values = values
        self.notes: list[Note] = []
        self._is_30 = description.is_30
        self._taken: set[str] = set()
        self._names: dict[tuple[Key, Direction, bool], str] = {}
        self._places: dict[str, Place] = {}
        self._definitions: dict[str, Any] = {}
        self._pending: list[tuple[str, Place, Direction, bool]] = []
        self._differs: dict[Key, bool] = {}
        self._joining: set[Key] = set()
        self._tags = dict(_tags(description))
        self._otherwise = dict(_otherwise(description))
        self._bases = bases(description)
        for family in self._bases.values():
            for one in family.members:
                if not one.is_extended:  # or else the constant would be inherited
                    tags = self._tags.setdefault(one.place.key, {})
                    tags.setdefault(family.tag, one.values)
        self._extending = {
            (base, one.place.key)
            for base, family in self._bases.items()
            for one in family.members
        }

    # --- what is asked ------------------------------------------------------------

    def add(self, schema: Place, wanted: str, direction: Direction) -> str:
        """Gather a schema; its name under `$defs`.

        Args:
            schema: A schema.
            wanted: What it is called, where it is not only a reference.
            direction: Which way its values go.

        Raises:
            Unusable: A reference leads nowhere, or something is not a schema.
        """
        found = self._followed(schema)
        name = self._name(found, direction, wanted if found.key == schema.key else None)
        self._convert_all()
        return name

    def document(self, roots: Mapping[str, str], required: Iterable[str] = ()) -> Any:
        """A JSON Schema: an object with a property for each of the roots.

        Args:
            roots: The names under `$defs`, by property.
            required: The properties that are required.
        """
        return {
            "$schema": DIALECT,
            "type": "object",
            "properties": {one: _reference(name) for one, name in roots.items()},
            "required": [*required],
            "$defs": self._definitions,
        }

    def origin(self, said: str) -> str:
        """What a note says, with places of the description in place of ours."""

        def there(match: re.Match[str]) -> str:
            name = "".join(steps(f"/{match['name']}"))
            place = self._places.get(name)
            if place is None:
                return match[0]
            file = "" if place.file == self.files.entry else place.file
            return f"{file}#{place.pointer}"

        return _DEFINITION.sub(there, said)

    def place(self, pointer: str) -> Place:
        """What a place of ours is in the description, or what is around that."""
        _, name, *way = steps(pointer)
        found = self._places[name]
        for step in way:
            value = found.value
            if isinstance(value, dict) and step in value:
                found = found.child(step)
            elif (
                isinstance(value, list) and step.isdecimal() and int(step) < len(value)
            ):
                found = found.child(int(step))
            else:
                break
        return found

    # --- names and references -----------------------------------------------------

    def _followed(self, at: Place) -> Place:
        """What a schema is that says nothing but a reference."""
        seen: set[Key] = set()
        while _is_reference(at.value, is_30=self._is_30) and at.key not in seen:
            seen.add(at.key)
            at = self.files.find(at.value["$ref"], at)
        return at

    def _name(
        self,
        at: Place,
        direction: Direction,
        wanted: str | None,
        *,
        alone: bool = False,
    ) -> str:
        """The name of a schema under `$defs`; it is converted once it has one.

        Args:
            at: The schema.
            direction: Which way its values go.
            wanted: What it is called, where that is not its own name.
            alone: Whether a base is meant without those that extend it.
        """
        alone = alone or at.key not in self._bases
        if direction is Direction.REQUEST and not self._is_different(at):
            direction = Direction.RESPONSE
        known = self._names.get((at.key, direction, alone))
        if known is not None:
            return known
        base = wanted or _name_of(at)
        if alone and at.key in self._bases:
            base = f"{base}Itself"
        if (
            direction is Direction.REQUEST
            and (at.key, Direction.RESPONSE, alone) in self._names
        ):
            base = f"{base}Input"
        name, count = base, 1
        while name.casefold() in self._taken:
            count += 1
            name = f"{base}{count}"
        self._taken.add(name.casefold())
        self._names[at.key, direction, alone] = name
        self._places[name] = at
        self._pending.append((name, at, direction, alone))
        return name

    def _convert_all(self) -> None:
        while self._pending:
            name, at, direction, alone = self._pending.pop()
            if alone:
                self._definitions[name] = self._tagged(self._schema(at, direction), at)
            else:
                self._definitions[name] = self._family(at, direction)

    def _family(self, at: Place, direction: Direction) -> dict[str, Any]:
        """A base and those that extend it, told apart by its discriminator.

        What it tells may grow: a value that it does not name is not an error.
        """
        family = self._bases[at.key]
        base = _reference(self._name(at, direction, None, alone=True))
        said = {key: at.value[key] for key in at.value if key in _ANNOTATIONS}
        options: list[dict[str, Any]] = []
        for one in family.members:
            reference = _reference(self._name(one.place, direction, None))
            if one.is_extended:
                title = f"{_name_of(at)}{_name_of(one.place)}"
                reference = self._member(reference, family.tag, one.values, title)
            options.append(reference)
        own = (*family.own, OPEN)
        options.append(self._member(base, family.tag, own, f"{_name_of(at)}Base"))
        return {**said, "oneOf": options}

    @staticmethod
    def _member(
        reference: dict[str, str], tag: str, values: tuple[str, ...], title: str
    ) -> dict[str, Any]:
        """One of a family, with the values that its tag has."""
        return {
            "title": title,
            "type": "object",
            "properties": {tag: {"type": "string", "enum": [*values]}},
            "required": [tag],
            "allOf": [reference],
        }

    def _target(self, at: Place, direction: Direction) -> dict[str, str]:
        """The reference to what a schema refers to."""
        found = self._followed(self.files.find(at.value["$ref"], at))
        around = at.pointer.rpartition("/")[0].removesuffix("/allOf")
        holder = at._replace(pointer=around)
        alone = at.pointer.rpartition("/")[0].endswith("/allOf") and (
            (found.key, holder.key) in self._extending
        )
        return _reference(self._name(found, direction, None, alone=alone))

    # --- schemas ------------------------------------------------------------------

    def _schema(
        self, at: Place, direction: Direction, hidden: frozenset[str] = frozenset()
    ) -> Any:
        """A schema in the dialect of JSON Schema.

        Args:
            at: The schema.
            direction: Which way its values go.
            hidden: Members that are not required in that direction.
        """
        value = at.value
        if isinstance(value, bool):
            return value
        if not isinstance(value, dict):
            raise self.files.fault(at, "expected a schema, which is an object")
        if "$ref" in value and not isinstance(value["$ref"], str):
            raise self.files.fault(at.child("$ref"), "expected a reference")
        if "$ref" in value and hidden:
            target = self._followed(self.files.find(value["$ref"], at))
            too_many = hidden & self._demanded(target)
            if too_many - self._hidden(target, direction) and (
                target.key not in self._joining
            ):
                return self._joined(at, target, direction, hidden)
        if "$ref" in value and self._is_30:
            found: dict[str, Any] = dict(self._target(at, direction))
            return (
                self._with_null(found, at) if value.get("nullable") is True else found
            )
        hidden |= self._hidden(at, direction)
        made: dict[str, Any] = {}
        for key, inner in value.items():
            if key == "$dynamicRef":
                self._note("unsupported-keyword", at.child(key))
                continue
            if key in _DROPPED or (not self.values and key in _VALUES):
                continue
            made[key] = self._keyword(at, key, inner, direction, hidden)
        if hidden and isinstance(made.get("required"), list):
            made["required"] = [one for one in made["required"] if one not in hidden]
        if self._is_30:
            _exclusive(made, "minimum", "exclusiveMinimum")
            _exclusive(made, "maximum", "exclusiveMaximum")
        known = value.get(_EXTENSIBLE)
        if isinstance(known, list) and "enum" not in made:
            made["enum"] = [*known, OPEN]
        if self.values and "example" in value:
            listed = made.get("examples")
            before = listed if isinstance(listed, list) else []
            made["examples"] = [*before, value["example"]]
        return self._with_null(made, at) if value.get("nullable") is True else made

    def _joined(
        self, at: Place, target: Place, direction: Direction, hidden: frozenset[str]
    ) -> Any:
        """What a schema refers to, without what the whole around it does not send."""
        self._joining.add(target.key)
        inner = {key: at.value[key] for key in at.value if key != "$ref"}
        parts = [self._schema(target, direction, hidden)]
        if not self._is_30:
            parts.append(self._schema(at._replace(value=inner), direction, hidden))
        self._joining.discard(target.key)
        return {"allOf": parts}

    def _keyword(
        self,
        at: Place,
        key: str,
        inner: Any,
        direction: Direction,
        hidden: frozenset[str],
    ) -> Any:
        if key == "$ref":
            return self._target(at, direction)["$ref"]
        if key in _BY_NAME and isinstance(inner, dict):
            listed = at.child(key)
            return {
                name: self._schema(one, direction) for name, one in listed.members()
            }
        if key in _LISTED and isinstance(inner, list):
            passed = hidden if key == "allOf" else frozenset[str]()
            return [
                self._schema(one, direction, passed) for one in at.child(key).items()
            ]
        if key in _SINGLE and isinstance(inner, dict | bool):
            return self._schema(at.child(key), direction)
        return inner

    def _with_null(self, made: dict[str, Any], at: Place) -> Any:
        """A schema that null satisfies, too."""
        kind = made.get("type")
        if isinstance(kind, str) and kind in _BESIDE_TYPE:
            made["type"] = [kind, "null"]
            values = made.get("enum")
            if isinstance(values, list) and None not in values:
                self._note("nullable-meant", at)
                made["enum"] = [*values, None]
            if not {"anyOf", "oneOf", "allOf"} & {*made}:
                return made
            made["type"] = kind
        elif not isinstance(kind, list):
            self._note("nullable-meant", at)
        outside = {key: made[key] for key in made if key in _ANNOTATIONS}
        inside = {key: made[key] for key in made if key not in outside}
        null = {"type": "null"}
        for key in ("anyOf", "oneOf"):
            if {*inside} == {key} and isinstance(inside[key], list):
                return {**outside, key: [*inside[key], null]}
        return {**outside, "anyOf": [inside, null]} if inside else made

    def _note(self, rule: str, at: Place, more: str = "") -> None:
        file = "" if at.file == self.files.entry else at.file
        said = f"{file}#{at.pointer}"
        said = f"{said}: {more}" if more else said
        self.notes.append(
            Note(rule, said, at.pointer.rpartition("/")[2], digest_of(at.value))
        )

    # --- discriminators -----------------------------------------------------------

    def _tagged(self, made: Any, at: Place) -> Any:
        """A schema with the constants by which discriminators know it."""
        tags = self._tags.get(at.key, {})
        others = self._otherwise.get(at.key, {})
        if not (tags or others) or not isinstance(made, dict):
            return made
        properties = dict(made.get("properties") or {})
        for name, values in others.items():
            refused = {"not": {"enum": [*values]}}
            known = [properties[name]] if name in properties else []
            properties[name] = {"allOf": [*known, refused]}
        for name, values in tags.items():
            own = properties.get(name)
            if isinstance(own, dict) and {"enum", "const"} & {*self._said(at, name)}:
                continue
            word = {"const": values[0]} if len(values) == 1 else {"enum": [*values]}
            told = own if isinstance(own, dict) and "$ref" not in own else {}
            properties[name] = {"type": "string", **told, **word}
            if own is not None and not told:
                properties[name] = {"allOf": [own], **word}
        return {**made, "properties": properties}

    def _said(self, at: Place, name: str) -> Iterator[str]:
        """The keywords of a property, or of what it refers to."""
        properties = at.get("properties")
        own = properties.get(name) if properties else None
        if own is not None:
            yield from (key for key, _ in self._followed(own).members())

    # --- directions ---------------------------------------------------------------

    def _hidden(self, at: Place, direction: Direction) -> frozenset[str]:
        """The members of a schema and its parts that are not sent in a direction."""
        found: set[str] = set()
        for part in self._parts(at):
            properties = part.get("properties")
            found.update(
                name
                for name, one in (properties.members() if properties else ())
                if self._says(one, direction.value)
            )
        return frozenset(found)

    def _demanded(self, at: Place) -> frozenset[str]:
        """The members that a schema, or a part of it, requires."""
        listed = (part.value.get("required") for part in self._parts(at))
        names = (name for one in listed if isinstance(one, list) for name in one)
        return frozenset(name for name in names if isinstance(name, str))

    def _parts(self, at: Place) -> Iterator[Place]:
        """A schema and its parts: what it refers to, and what is in its `allOf`."""
        pending, seen = [at], {at.key}
        while pending:
            one = pending.pop()
            if not isinstance(one.value, dict):
                continue
            yield one
            inner = [*(every.items() if (every := one.get("allOf")) else ())]
            if isinstance(one.value.get("$ref"), str):
                inner.append(self.files.find(one.value["$ref"], one))
            for other in inner:
                if other.key not in seen:
                    seen.add(other.key)
                    pending.append(other)

    def _says(self, at: Place, word: str) -> bool:
        """Whether a schema, or what it refers to, has a word that is true."""
        return any(one.value.get(word) is True for one in self._parts(at))

    def _is_different(self, at: Place) -> bool:
        """Whether a schema, or what it leads to, differs by direction."""
        seen: set[Key] = set()
        pending = [at]
        while pending:
            one = pending.pop()
            if one.key in seen:
                continue
            seen.add(one.key)
            known = self._differs.get(one.key)
            if known or (known is None and self._is_hiding(one)):
                self._differs[at.key] = True
                return True
            if known is None:
                pending += self._references(one)
        self._differs |= dict.fromkeys(seen, False)
        return False

    def _is_hiding(self, at: Place) -> bool:
        """Whether something in a schema itself is required in one direction only."""
        for one in _within(at):
            demanded = self._demanded(one)
            if demanded and any(
                demanded & self._hidden(one, direction) for direction in Direction
            ):
                return True
        return False

    def _references(self, at: Place) -> Iterator[Place]:
        if at.key in self._bases:
            yield from (one.place for one in self._bases[at.key].members)
        for one in _within(at):
            if isinstance(one.value.get("$ref"), str):
                yield self._followed(self.files.find(one.value["$ref"], one))


def _within(at: Place) -> Iterator[Place]:
    """A schema and all that are in it, without what references lead to."""
    pending = [at]
    while pending:
        one = pending.pop()
        if not isinstance(one.value, dict):
            continue
        yield one
        for key, inner in one.value.items():
            if key in _BY_NAME and isinstance(inner, dict):
                pending += [below for _, below in one.child(key).members()]
            elif key in _LISTED and isinstance(inner, list):
                pending += one.child(key).items()
            elif key in _SINGLE and isinstance(inner, dict):
                pending.append(one.child(key))


def _tags(description: Description) -> Iterator[tuple[Key, dict[str, tuple[str, ...]]]]:
    """The values by which discriminators know a schema, by its place and member."""
    found: dict[Key, dict[str, dict[str, None]]] = {}
    for at in _everything(description):
        tag = at.get("discriminator")
        name = (
            tag.value.get("propertyName") if tag and isinstance(tag.value, dict) else 0
        )
        if tag is None or not isinstance(name, str):
            continue
        for value, option in _options(description, at, tag):
            known = found.setdefault(option.key, {}).setdefault(name, {})
            known[value] = None
    for key, members in found.items():
        yield key, {name: tuple(values) for name, values in members.items()}


def _otherwise(
    description: Description,
) -> Iterator[tuple[Key, dict[str, tuple[str, ...]]]]:
    """What discriminators of 3.2 take for all values but those that they name."""
    for at in _everything(description):
        tag = at.value["discriminator"]
        name, given = tag.get("propertyName"), tag.get("defaultMapping")
        if isinstance(name, str) and isinstance(given, str):
            target = at.child("discriminator", "defaultMapping")
            options = _options(description, at, at.child("discriminator"))
            known = tuple(value for value, _ in options)
            place = mapped(description, target)
            if place is not None:
                yield place.key, {name: known}


def _options(
    description: Description, at: Place, tag: Place
) -> Iterator[tuple[str, Place]]:
    """The options that a discriminator chooses from, with the value for each."""
    listed = at.get("oneOf") or at.get("anyOf")
    if listed is None:
        return
    named: dict[Key, list[str]] = {}
    mapping = tag.get("mapping")
    for value, target in mapping.members() if mapping else ():
        place = mapped(description, target)
        if place is not None:
            named.setdefault(place.key, []).append(value)
    given = tag.get("defaultMapping")
    default = mapped(description, given) if given else None
    for one in listed.items():
        reference = one.value.get("$ref") if isinstance(one.value, dict) else None
        if not isinstance(reference, str):
            continue
        option = resolved(description.files, one)
        direct = description.files.find(reference, one)
        if default and option.key == default.key and option.key not in named:
            continue  # it is what any other value means
        values = named.get(option.key) or named.get(direct.key) or [_name_of(direct)]
        for value in values:
            yield value, option


def _everything(description: Description) -> Iterator[Place]:
    """Every schema that has a discriminator, in all files, except in examples."""
    root = description.root
    pending, seen = [root], {root.key}
    while pending:
        one = pending.pop()
        if isinstance(one.value, dict):
            if isinstance(one.value.get("discriminator"), dict):
                yield one
            reference = one.value.get("$ref")
            if isinstance(reference, str) and (
                one.file != root.file or not reference.startswith("#")
            ):
                with suppress(Unusable):  # whoever needs it says so
                    found = description.files.find(reference, one)
                    if found.key not in seen:
                        seen.add(found.key)
                        pending.append(found)
            pending += [
                Place(inner, one.file, f"{one.pointer}/{escaped(str(key))}")
                for key, inner in one.value.items()
                if isinstance(inner, dict | list) and key not in ("example", "examples")
            ]
        elif isinstance(one.value, list):
            pending += [
                Place(inner, one.file, f"{one.pointer}/{at}")
                for at, inner in enumerate(one.value)
                if isinstance(inner, dict | list)
            ]


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{escaped(name)}"}


def _is_reference(value: Any, *, is_30: bool) -> bool:
    """Whether a schema says nothing but a reference."""
    if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
        return False
    if is_30:
        return value.get("nullable") is not True
    return not {*value} - {"$ref", *_ANNOTATIONS}


def _name_of(at: Place) -> str:
    """What a schema is called that others refer to."""
    way = steps(at.pointer)
    if not way:
        return PurePosixPath(at.file).name.partition(".")[0] or "Schema"
    return way[-1] or "Schema"


def _exclusive(made: dict[str, Any], bound: str, excluded: str) -> None:
    """A bound of 3.0, which a boolean makes exclusive, as later versions write it."""
    flag = made.get(excluded)
    if isinstance(flag, bool):
        del made[excluded]
        if flag and bound in made:
            made[excluded] = made.pop(bound)
