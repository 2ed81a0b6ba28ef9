"""The reference: Markdown for people, a page for each operation and each shape."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.backends.docs.lower import Lowering
from shapespec.backends.environment import render
from shapespec.backends.files import OutputFile
from shapespec.contract.schema import Schema
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True)
class Docs:
    """The target `docs`."""

    name: str = "docs"
    requires: tuple[str, ...] = ()

    def generate(self, schema: Schema) -> Iterator[OutputFile]:
        """The pages, under `docs/<package>/`."""
        for page in Lowering(schema).pages():
            text = render("docs/page.md.jinja", page=page)
            yield OutputFile(f"docs/{schema.package}/{page.file}", text)
