"""The site: a contract as pages for people, with search and a check in the page."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.backends.files import OutputFile
from shapespec.backends.site.lower import Lowering
from shapespec.contract.schema import Schema
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """The target `site`."""

    name: str = "site"
    requires: tuple[str, ...] = ()

    def generate(self, schema: Schema) -> Iterator[OutputFile]:
        """The pages and what they load, under `site/<package>/`."""
        folder = f"site/{schema.package}"
        for name, text in Lowering(schema).files():
            yield OutputFile(f"{folder}/{name}", text)
