"""Which constraints are claims: stated by a document, confirmed by no response.

`claimed` of the spec covers everything in it, that of a shape what is written in the
shape, that of a member its `required` and what is written in place. The innermost one
counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shapespec.contract.constraints import KEYWORDS
from shapespec.ground.source import Located
from shapespec.language import surface


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


_TYPES = {surface.List: "array", surface.Map: "object"}


def stated_keywords(shape: surface.Shape) -> Iterator[str]:
    """The keywords that a shape states."""
    sized = _TYPES.get(type(shape), "string")
    kind = "number" if isinstance(shape, surface.Numeric) else sized
    for keyword, about in KEYWORDS.items():
        stated = getattr(shape, about.trait, None)
        if about.rule == "enum":
            if stated is not None and isinstance(shape, surface.Listed):
                yield keyword
            continue
        if stated is None or kind not in about.types:
            continue
        if getattr(stated, about.end) is not None if about.end else stated.value:
            yield keyword
