"""A Smithy model with its mixins and `apply` statements settled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from shapespec.ground.errors import Unusable
from shapespec.records import dataclass

API = "smithy.api#"

PRELUDE: Mapping[str, str] = {
    f"{API}{name}": kind
    for name, kind in {
        "String": "string",
        "Blob": "blob",
        "BigInteger": "bigInteger",
        "BigDecimal": "bigDecimal",
        "Timestamp": "timestamp",
        "Document": "document",
        "Boolean": "boolean",
        "PrimitiveBoolean": "boolean",
        "Byte": "byte",
        "PrimitiveByte": "byte",
        "Short": "short",
        "PrimitiveShort": "short",
        "Integer": "integer",
        "PrimitiveInteger": "integer",
        "Long": "long",
        "PrimitiveLong": "long",
        "Float": "float",
        "PrimitiveFloat": "float",
        "Double": "double",
        "PrimitiveDouble": "double",
    }.items()
}
"""The shapes that every model has."""

UNIT = f"{API}Unit"

_ID = re.compile(r"[A-Za-z_][\w.]*#[A-Za-z_]\w*(?:\$[A-Za-z_]\w*)?", re.ASCII)
_PARTS = {"list": ("member",), "set": ("member",), "map": ("key", "value")}
"""What shapes of a type cannot do without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmithyMember:
    """A member with all its traits, those of mixins and `apply` included."""

    name: str
    target: str
    traits: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmithyShape:
    """A shape with all its traits and members.

    Attributes:
        data: The rest of what the model says, by key: a service's operations.
    """

    id: str
    type: str
    members: tuple[SmithyMember, ...]
    traits: Mapping[str, Any]
    data: Mapping[str, Any]


class Model:
    """The shapes of a model by their absolute ids."""

    def __init__(self, document: Any, name: str) -> None:
        """Read a document, called `name` in messages.

        Raises:
            Unusable: It is no Smithy model.
        """
        self.name = name
        version = document.get("smithy") if isinstance(document, dict) else None
        if version is None or not isinstance(document.get("shapes"), dict):
            raise Unusable(
                f"{name} is not a Smithy model: expected an object with the keys"
                ' "smithy" and "shapes", as `smithy ast` prints it'
            )
        if str(version).partition(".")[0] not in ("1", "2"):
            raise Unusable(f"{name} is a Smithy model of version {version}, not 1 or 2")
        self.version = str(version)
        self._raw: dict[str, Any] = {}
        self._applied: dict[str, dict[str, Any]] = {}
        for id_, shape in document["shapes"].items():
            is_applied = isinstance(shape, dict) and shape.get("type") == "apply"
            if not _ID.fullmatch(id_) or ("$" in id_ and not is_applied):
                raise Unusable(
                    f"{name}: {id_!a} is not a shape id such as `example#Book`"
                )
            if not isinstance(shape, dict) or not isinstance(shape.get("type"), str):
                raise Unusable(f"{name}: the shape {id_} has no type")
            if is_applied:
                self._applied.setdefault(id_, {}).update(_traits(shape))
            else:
                self._raw[id_] = shape
        self.shapes: dict[str, SmithyShape] = {}
        for id_ in self._raw:
            self._settled(id_, ())

    def of_type(self, kind: str) -> Iterator[SmithyShape]:
        """The shapes of a type."""
        return (shape for shape in self.shapes.values() if shape.type == kind)

    def targets(self, raw: Mapping[str, Any], id_: str, key: str) -> list[str]:
        """The ids that a list of references in a shape holds.

        Raises:
            Unusable: It is no list, or one of them names nothing.
        """
        listed = raw.get(key, [])
        if isinstance(listed, list) and all(map(_is_reference, listed)):
            return [one["target"] for one in listed]
        raise Unusable(f"{self.name}: the {key} of {id_} are not a list of targets")

    def _settled(self, id_: str, above: tuple[str, ...]) -> SmithyShape:
        if id_ in self.shapes:
            return self.shapes[id_]
        raw = self._raw[id_]
        traits: dict[str, Any] = {}
        members: dict[str, SmithyMember] = {}
        for of in self.targets(raw, id_, "mixins"):
            if of not in self._raw or of in above:
                raise Unusable(f"{self.name}: {id_} mixes in {of}, which cannot be")
            found = self._settled(of, (*above, id_))
            traits |= _handed_on(found.traits)
            members |= {member.name: member for member in found.members}
        traits |= _traits(raw) | self._applied.get(id_, {})
        for name, own in self._own_members(id_, raw):
            before = members[name].traits if name in members else {}
            members[name] = SmithyMember(
                name=name, target=own["target"], traits={**before, **_traits(own)}
            )
        for name, member in members.items():
            applied = self._applied.get(f"{id_}${name}")
            if applied:
                members[name] = SmithyMember(
                    name=name,
                    target=member.target,
                    traits={**member.traits, **applied},
                )
        for part in _PARTS.get(raw["type"], ()):
            if part not in members:
                raise Unusable(f"{self.name}: {id_}${part} is not there")
        for at, of_one in ((id_, traits), *_of_members(id_, members)):
            if fault := _fault(of_one):
                raise Unusable(f"{self.name}: {at}: the trait {fault}")
        self.shapes[id_] = SmithyShape(
            id=id_,
            type=raw["type"],
            members=tuple(members.values()),
            traits=traits,
            data=raw,
        )
        return self.shapes[id_]

    def _own_members(
        self, id_: str, raw: Mapping[str, Any]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        listed = raw.get("members") or {}
        if not isinstance(listed, dict):
            raise Unusable(f"{self.name}: the members of {id_} are not an object")
        parts = {name: raw[name] for name in ("member", "key", "value") if name in raw}
        for name, member in {**listed, **parts}.items():
            if not _is_reference(member):
                raise Unusable(f"{self.name}: {id_}${name} has no target")
            yield name, member


def _of_members(
    id_: str, members: Mapping[str, SmithyMember]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((f"{id_}${name}", one.traits) for name, one in members.items())


def _fault(traits: Mapping[str, Any]) -> str:
    """What is malformed of the traits that become constraints; empty if nothing is."""
    for word in ("length", "range"):
        found = traits.get(f"{API}{word}", {})
        if not isinstance(found, dict):
            return f"`{word}`: expected an object with `min` and `max`"
        for end in {"min", "max"} & found.keys():
            if not _is_bound(found[end], length=word == "length"):
                least = " of at least 0" * (word == "length")
                return f"`{word}`: `{end}`: expected a number{least}"
    if not isinstance(traits.get(f"{API}enum", []), list):
        return "`enum`: expected a list"
    if not isinstance(traits.get(f"{API}pattern", ""), str):
        return "`pattern`: expected a string"
    return ""


def _is_bound(value: Any, *, length: bool) -> bool:
    if isinstance(value, bool):
        return False
    return (
        isinstance(value, int) and value >= 0
        if length
        else isinstance(value, int | float)
    )


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("target"), str)


def _traits(raw: Mapping[str, Any]) -> dict[str, Any]:
    found = raw.get("traits")
    return dict(found) if isinstance(found, dict) else {}


def _handed_on(traits: Mapping[str, Any]) -> dict[str, Any]:
    """The traits of a mixin that those who mix it in have, too."""
    mixin = traits.get(f"{API}mixin")
    local = mixin.get("localTraits") if isinstance(mixin, dict) else None
    local = local if isinstance(local, list) else ()
    return {
        name: value
        for name, value in traits.items()
        if name not in local and name != f"{API}mixin"
    }
