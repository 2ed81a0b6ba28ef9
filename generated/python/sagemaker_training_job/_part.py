# The run time of packages that shapespec generates, copied.
"""What a shape that has parts is made of."""
# pyright: basic

from __future__ import annotations

from collections.abc import Iterable, Sequence

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from typing import Any

_TYPES = (
    (dict, "object"),
    (list, "array"),
    (bool, "boolean"),
    ((int, float), "number"),
)


class Part:
    """What a shape is made of.

    Attributes:
        kind: `structure` (unions too), `list`, `tuple`, `map`, `timestamp`,
            `document` or `one_of`.
        members: The shape of each member of a structure.
        snakes: Each member in snake case.
        by_snake: The member that each name in snake case stands for.
        target: The shape of a list's items or a map's values.
        kept: Required members that are empty, not absent, where both look alike.
        prefix: The shapes of the first items of a list, one by one.
        nulls: Required members in whose place null is right.
        options: Of a choice, the shape, the types, the tags and the needed members of
            each option; names are as they are and in snake case.
        tag: The member that has the tag, as it is and in snake case.
        bare: The members that tell the objects of a choice apart; none without such.
    """

    __slots__ = (
        "bare",
        "by_snake",
        "kept",
        "kind",
        "members",
        "nulls",
        "options",
        "prefix",
        "snakes",
        "tag",
        "target",
    )

    def __init__(
        self,
        kind: str,
        target: str = "",
        members: Iterable[tuple[str, str, str]] = (),
        kept: Iterable[str] = (),
        nulls: Iterable[str] = (),
        prefix: Sequence[str] = (),
        options: tuple[tuple[str, Any, Any, Any], ...] = (),
        tag: tuple[str, str] = ("", ""),
    ) -> None:
        self.kind = kind
        self.kept = frozenset(kept)
        self.nulls = frozenset(nulls)
        self.target = target
        self.members = {name: shape for name, _, shape in members}
        self.snakes = {name: snake for name, snake, _ in members}
        self.by_snake = {snake: name for name, snake in self.snakes.items()}
        self.prefix = prefix
        self.options = options
        self.tag = tag
        names = [one for _, _, _, needs in options for one in needs]
        names += [tag] if tag[0] else []
        # What can be respelt of an object of which it is not clear what it is.
        self.bare = (
            Part("structure", members=[(name, snake, "") for name, snake in names])
            if names
            else None
        )

    def inside(self, key: Any) -> str:
        """The shape of an item of a list, or of the value of an entry."""
        at = key if self.prefix else 0
        return self.prefix[at] if at < len(self.prefix) else self.target

    def takes_text(self) -> bool:
        """Whether a choice has an option that is a string."""
        return any("string" in types for _, types, _, _ in self.options)

    def meant(self, value: Any) -> str:
        """The option of a choice that a value is meant to be; empty if unclear."""
        kinds = (name for kind, name in _TYPES if issubclass(type(value), kind))
        found = next(kinds, "string")
        fits = [
            target
            for target, types, tags, needs in self.options
            if found in types
            and (not tags or any(value.get(name) in tags for name in self.tag))
            and all(any(value.get(name) is not None for name in one) for one in needs)
        ]
        return fits[0] if len(fits) == 1 and value is not None else ""
