"""Which constraints are claims: stated by a document, confirmed by no response.

`claimed` of the spec covers everything in it, that of a shape what is written in the
shape, that of a member its `required` and what is written in place. The innermost one
counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shapespec.frontend import surface
from shapespec.source import Located


@dataclass(frozen=True, slots=True)
class Claims:
    """The keywords that are claims; none for all of them."""

    keywords: frozenset[str] | None = frozenset()

    def within(self, written: surface.Claimed | None) -> Claims:
        """What is a claim inside something that has a `claimed` of its own, or none."""
        match written:
            case None:
                return self
            case Located(value=True):
                return Claims(None)
            case Located():
                return Claims()
            case _:
                return Claims(frozenset(one.value for one in written))

    @property
    def all(self) -> bool:
        """Whether everything is a claim, the values of enums included."""
        return self.keywords is None

    def cover(self, keyword: str) -> bool:
        """Whether a keyword is a claim."""
        return self.keywords is None or keyword in self.keywords


def stated_keywords(shape: surface.Shape) -> Iterator[str]:
    """The JSON Schema keywords for what a shape states."""
    length = getattr(shape, "length", None)
    noun = {surface.List: "Items", surface.Map: "Properties"}.get(type(shape), "Length")
    if length is not None:
        if length.min is not None:
            yield f"min{noun}"
        if length.max is not None:
            yield f"max{noun}"
    if isinstance(shape, surface.Numeric) and shape.range is not None:
        if shape.range.min is not None:
            yield "minimum"
        if shape.range.max is not None:
            yield "maximum"
    if isinstance(shape, surface.String) and shape.pattern is not None:
        yield "pattern"
    unique = getattr(shape, "unique_items", None)
    if unique is not None and unique.value:
        yield "uniqueItems"
