"""Which page of a site says what: one page for all, or one for each shape.

A contract of a few hundred members is best on one page, which a browser searches and
prints as a whole; one of thousands has an index, and a page for each shape.
"""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.backends.reference import view as reference
from shapespec.backends.reference.anchors import anchor
from shapespec.backends.reference.file_names import FileNames
from shapespec.backends.reference.rich import Target
from shapespec.backends.site import view

MOST = 1_000
"""As many members and values stand on one page."""

INDEX = "index.html"


class SiteLayout:
    """The pages of a site, and links between them.

    Attributes:
        single: Whether there is one page for all.
        pages: The page of each shape, by its id; none where there is one for all.
    """

    def __init__(self, page: view.SiteContract) -> None:
        """Place what a contract has to say."""
        shapes = (*page.shapes, *page.enums)
        size = sum(len(one.members) + len(one.values) for one in page.shapes)
        self.single = size <= MOST
        names = FileNames()
        self.pages = (
            {}
            if self.single
            else {s.id: f"shapes/{names.add(s.id)}.html" for s in shapes}
        )
        self._known = {to for shape in shapes for to in _targets(shape)}
        for group in (page.operations, page.sources, page.decisions, page.forms):
            self._known.update(one.target for one in group)

    def home(self, to: Target) -> str:
        """The page that says what there is to say about a part of the contract."""
        return self.pages.get(to.of, INDEX) if to.kind in _OF_SHAPES else INDEX

    def href(self, to: Target, page: str) -> str | None:
        """A link from a page, if the part has a place."""
        if to not in self._known:
            return None
        home = self.home(to)
        return f"{'' if home == page else up(page) + home}#{anchor(to)}"


_OF_SHAPES = frozenset(("shape", "member", "value", "rule", "note", "derived"))


def up(page: str) -> str:
    """The way from a page to the folder of the site."""
    return "../" * page.count("/")


def _targets(shape: reference.Shape) -> Iterator[Target]:
    yield shape.target
    parts = (shape.members, shape.values, shape.rules, shape.derived, shape.notes)
    for group in parts:
        yield from (one.target for one in group)
