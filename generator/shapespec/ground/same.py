"""A key that is equal for the very same objects only, whatever they hold."""

from __future__ import annotations

from typing import Generic, TypeVar

Value = TypeVar("Value")


class Same(Generic[Value]):
    """What a cache can keep results by that are made of large objects.

    Attributes:
        value: What a result is made of.
        parts: The objects that tell whether it would be the same; kept with it, so that
            no other object takes their place.
    """

    __slots__ = ("parts", "value")

    def __init__(self, value: Value, *parts: object) -> None:
        """Stand for a value; where `parts` are left out, it is told by itself."""
        self.value = value
        self.parts = parts or (value,)

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.parts)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Same) or len(other.parts) != len(self.parts):
            return False
        return all(map(_is, self.parts, other.parts))


def _is(one: object, other: object) -> bool:
    return one is other
