"""The places of a contract as a graph, to be walked beside a response.

The paths are those of `contract/places.py`. Where a structure contains itself, the
graph leads back to the place at which it was met first, so that what is nested deeper
counts there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shapespec.contract import schema as ir
from shapespec.contract.places import (
    KEYS,
    OptionStep,
    PrefixStep,
    below,
    parts,
    require_places,
)


class ObservedPlace:
    """A place.

    Attributes:
        path: How facts spell it.
        shape: The shape of what stands there.
        members: The places of its members by name.
        within: The place of its items or values.
        key: The place of its keys.
        options: The places of the options of a choice, by shape.
        prefix: The places of the first items, where each has a shape of its own.
        is_key: Whether it is itself one of keys.
        sensitive: Whether nothing that stands there is to be shown.
    """

    __slots__ = (
        "is_key",
        "key",
        "members",
        "options",
        "path",
        "prefix",
        "sensitive",
        "shape",
        "within",
    )

    def __init__(
        self,
        path: str,
        shape: ir.Shape,
        *,
        sensitive: bool = False,
        is_key: bool = False,
    ) -> None:
        """A place without anything below it, so far."""
        self.path = path
        self.shape = shape
        self.sensitive = sensitive or shape.sensitive
        self.is_key = is_key
        self.members: dict[str, ObservedPlace] = {}
        self.options: dict[str, ObservedPlace] = {}
        self.prefix: list[ObservedPlace] = []
        self.within: ObservedPlace | None = None
        self.key: ObservedPlace | None = None

    def below(self) -> Iterator[ObservedPlace]:
        """The places directly below, in the order of the spec."""
        yield from self.members.values()
        yield from self.options.values()
        yield from self.prefix
        if self.key is not None:
            yield self.key
        if self.within is not None:
            yield self.within


def sites(schema: ir.Schema, root: str) -> ObservedPlace:
    """The place of the response, whose shape is `root`, with all places below it.

    Raises:
        Faults: They are too many.
    """
    require_places(schema, root)
    return _Maker(schema.shapes).make("", root, {}, sensitive=False)


class _Maker:
    """Makes the places of a contract."""

    def __init__(self, shapes: Mapping[str, ir.Shape]) -> None:
        self.shapes = shapes

    def make(
        self,
        path: str,
        target: str,
        above: Mapping[str, ObservedPlace],
        *,
        sensitive: bool,
    ) -> ObservedPlace:
        """The place at `path`, below those that are `above` it, by shape."""
        known = above.get(target)
        if known is not None and (known.sensitive or not sensitive):
            return known
        shape = self.shapes[target]
        site = ObservedPlace(path, shape, sensitive=sensitive)
        above = {**above, target: site}
        for part in parts(shape):
            here, secret = below(path, part), site.sensitive
            if part.member is not None:
                secret = secret or part.member.sensitive
                inner = self.make(here, part.target, above, sensitive=secret)
                site.members[part.step] = inner
            elif part.step == KEYS:
                key = self.shapes[part.target]
                site.key = ObservedPlace(here, key, sensitive=secret, is_key=True)
            elif isinstance(part.step, PrefixStep):
                inner = self.make(here, part.target, above, sensitive=secret)
                site.prefix.append(inner)
            elif isinstance(part.step, OptionStep):
                inner = self.make(here, part.target, above, sensitive=secret)
                site.options[part.target] = inner
            else:
                site.within = self.make(here, part.target, above, sensitive=secret)
        return site


def walk(root: ObservedPlace) -> Iterator[ObservedPlace]:
    """Every place, each once, in the order of the spec."""
    seen: set[int] = set()
    pending = [root]
    while pending:
        site = pending.pop()
        if id(site) not in seen:
            seen.add(id(site))
            yield site
            pending.extend(reversed([*site.below()]))
