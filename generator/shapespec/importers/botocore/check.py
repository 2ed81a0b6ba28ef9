"""Whether a service model is one: what the other modules take for granted of it."""

from __future__ import annotations

from typing import Any, TypeAlias

from shapespec.ground.errors import Unusable

_Types: TypeAlias = "type | tuple[type, ...]"

_TYPES: dict[str, _Types] = {
    "type": str,
    "shape": str,
    "pattern": str,
    "documentation": str,
    "deprecatedSince": str,
    "timestampFormat": str,
    "locationName": str,
    "queryName": str,
    "location": str,
    "payload": str,
    "resultWrapper": str,
    "error": dict,
    "min": (int, float),
    "max": (int, float),
    "enum": list,
    "required": list,
    "members": dict,
}
_METADATA = ("apiVersion", "protocol", "serviceId")
_PARTS = {"structure": ("members",), "list": ("member",), "map": ("key", "value")}
_WORDS: dict[type, str] = {dict: "an object", list: "a list", str: "text"}


def check(data: Any, document: str) -> None:
    """See to it that a model is built as botocore's are.

    Args:
        data: What the file holds.
        document: What the file is called in messages.

    Raises:
        Unusable: Something is of another type, is missing or is nowhere defined.
    """
    _Check(document).model(data)


class _Check:
    """Checks a model from the top, and refuses the first thing that is wrong."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.known: dict[str, Any] = {}

    def model(self, data: Any) -> None:
        whole = self.of(dict, data, "the model")
        metadata = self.of(dict, whole.get("metadata"), "metadata")
        self.of(str, metadata.get("serviceFullName"), "metadata.serviceFullName")
        for key in _METADATA:
            if key in metadata:
                self.of(str, metadata[key], f"metadata.{key}")
        self.known = self.of(dict, whole.get("shapes"), "shapes")
        for name, shape in self.known.items():
            self.shape(shape, f"shapes.{name}")
        operations = self.of(dict, whole.get("operations"), "operations")
        for name, one in operations.items():
            if not name.isidentifier() or not name.isascii():
                raise self.refusal("operations", f"{name!a} is not a name")
            self.operation(one, f"operations.{name}")

    def operation(self, one: Any, at: str) -> None:
        self.traits(one, at)
        for role in ("input", "output"):
            if role in one:
                self.reference(one[role], f"{at}.{role}")
        for error in self.of(list, one.get("errors", []), f"{at}.errors"):
            self.reference(error, f"{at}.errors")

    def shape(self, shape: Any, at: str) -> None:
        self.traits(shape, at)
        kind = self.of(str, shape.get("type"), f"{at}.type")
        for key in ("enum", "required"):
            for text in shape.get(key, ()):
                self.of(str, text, f"{at}.{key}")
        for part in _PARTS.get(kind, ()):
            value = self.of(dict, shape.get(part), f"{at}.{part}")
            members = value if part == "members" else {part: value}
            for name, member in members.items():
                self.reference(member, f"{at}.{name}")

    def reference(self, one: Any, at: str) -> None:
        self.traits(one, at)
        name = self.of(str, one.get("shape"), f"{at}.shape")
        if name not in self.known:
            raise self.refusal(at, f"there is no shape {name!r}")

    def traits(self, one: Any, at: str) -> None:
        self.of(dict, one, at)
        for key, wanted in _TYPES.items():
            if key in one:
                self.of(wanted, one[key], f"{at}.{key}")

    def of(self, wanted: _Types, value: Any, at: str) -> Any:
        if isinstance(value, wanted) and not isinstance(value, bool):
            return value
        named = (
            _WORDS.get(wanted, "a number") if isinstance(wanted, type) else "a number"
        )
        raise self.refusal(at, f"expected {named}")

    def refusal(self, at: str, why: str) -> Unusable:
        at = ascii(at)[1:-1]
        return Unusable(
            f"{self.document} is not a service model of botocore: {at}: {why}"
        )
