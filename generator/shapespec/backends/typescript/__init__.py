"""TypeScript types: what a front end gets when it parses a response."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.backends.environment import render
from shapespec.backends.files import OutputFile
from shapespec.backends.typescript.lower import module
from shapespec.contract.schema import Schema
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True)
class TypeScript:
    """The target `typescript`."""

    name: str = "typescript"
    requires: tuple[str, ...] = ()

    def generate(self, schema: Schema) -> Iterator[OutputFile]:
        """One module, `typescript/<package>.ts`, that has types and nothing else."""
        text = render("typescript/types.ts.jinja", module=module(schema))
        yield OutputFile(f"typescript/{schema.package}.ts", text)
