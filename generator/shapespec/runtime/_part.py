"""What a shape that has parts is made of."""
# pyright: basic

from __future__ import annotations

from collections.abc import Iterable


class Part:
    """What a shape is made of.

    Attributes:
        kind: `structure` (unions too), `list`, `map`, `timestamp` or `document`.
        members: The shape of each member of a structure.
        snakes: Each member in snake case.
        by_snake: The member that each name in snake case stands for.
        target: The shape of a list's items or a map's values.
        kept: Required members that are empty, not absent, where both look alike.
        nulls: Required members in whose place null is right.
    """

    __slots__ = ("by_snake", "kept", "kind", "members", "nulls", "snakes", "target")

    def __init__(
        self,
        kind: str,
        target: str = "",
        members: Iterable[tuple[str, str, str]] = (),
        kept: Iterable[str] = (),
        nulls: Iterable[str] = (),
    ) -> None:
        self.kind = kind
        self.kept = frozenset(kept)
        self.nulls = frozenset(nulls)
        self.target = target
        self.members = {name: shape for name, _, shape in members}
        self.snakes = {name: snake for name, snake, _ in members}
        self.by_snake = {snake: name for name, snake in self.snakes.items()}
