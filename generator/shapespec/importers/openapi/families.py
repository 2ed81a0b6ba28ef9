"""Schemas that others extend, and by which value each of these is known.

A base has a discriminator and no options of its own; those that extend it name it in
their `allOf`, directly or by way of another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from shapespec.ground.errors import Unusable
from shapespec.ground.pointer import escaped
from shapespec.importers.openapi.description import Description, resolved
from shapespec.importers.openapi.files import Key, Place


class Relative(NamedTuple):
    """A schema that extends a base.

    Attributes:
        place: Where it is.
        values: By which it is known.
        is_extended: Whether others extend it in turn.
    """

    place: Place
    values: tuple[str, ...]
    is_extended: bool


class Family(NamedTuple):
    """A base and all that extend it.

    Attributes:
        tag: The member that tells them apart.
        own: The values that mean the base itself.
        members: Those that extend it, in the order of the description.
    """

    tag: str
    own: tuple[str, ...]
    members: tuple[Relative, ...]


def bases(description: Description) -> dict[Key, Family]:
    """The components that others extend, by their places."""
    known = _known(description)
    names = {place.key: name for place, name in known}
    told = {
        place.key: place
        for place, _ in known
        if _tag(place) and not (place.get("oneOf") or place.get("anyOf"))
    }
    if not told:
        return {}
    extends: dict[Key, list[Place]] = {}
    for place, _ in known:
        for key in _extended(description, place):
            extends.setdefault(key, []).append(place)
    found = {}
    for key, base in told.items():
        if key in extends:
            found[key] = _family(description, base, extends, names)
    return found


def _known(description: Description) -> list[tuple[Place, str]]:
    """The components, each once, wherever they are, with their names."""
    found: dict[Key, tuple[Place, str]] = {}
    for name, place in description.schemas():
        with suppress(Unusable):  # whoever needs it says so
            there = resolved(description.files, place)
            found.setdefault(there.key, (there, name))
    return [*found.values()]


def _tag(place: Place) -> str:
    """The member by which a discriminator tells schemas apart; empty without one."""
    tag = place.get("discriminator")
    name = tag.value.get("propertyName") if tag and isinstance(tag.value, dict) else ""
    return name if isinstance(name, str) else ""


def _extended(description: Description, place: Place) -> Iterator[Key]:
    parts = place.get("allOf")
    for part in parts.items() if parts else ():
        if isinstance(part.value, dict) and isinstance(part.value.get("$ref"), str):
            yield resolved(description.files, part).key


def _below(key: Key, extends: dict[Key, list[Place]]) -> Iterator[Place]:
    """All that extend a schema, each once, and never itself."""
    seen = {key}
    pending = [key]
    while pending:
        for place in extends.get(pending.pop(0), ()):
            if place.key not in seen:
                seen.add(place.key)
                pending.append(place.key)
                yield place


def _family(
    description: Description,
    base: Place,
    extends: dict[Key, list[Place]],
    names: dict[Key, str],
) -> Family:
    tag = base.get("discriminator")
    mapping = tag.get("mapping") if tag else None
    named: dict[Key, list[str]] = {}
    for value, target in mapping.members() if mapping else ():
        place = mapped(description, target)
        if place is not None:
            named.setdefault(place.key, []).append(value)
    taken = {value for values in named.values() for value in values}

    def values(place: Place) -> tuple[str, ...]:
        known = named.get(place.key)
        if known:
            return tuple(known)
        own = names[place.key]
        return () if own in taken else (own,)

    members = tuple(
        Relative(one, told, one.key in extends)
        for one in _below(base.key, extends)
        if (told := values(one))
    )
    return Family(_tag(base), values(base), members)


def mapped(description: Description, target: Place) -> Place | None:
    """What an entry of a mapping means: a reference, or the name of a component."""
    given = target.value
    if not isinstance(given, str):
        return None
    if re.fullmatch(r"[\w.-]+", given) and not given.endswith(
        (".json", ".yaml", ".yml")
    ):
        given = f"{description.files.entry}#/components/schemas/{escaped(given)}"
        target = description.root
    return resolved(description.files, description.files.find(given, target))
