"""Dataclasses and enums, and what reads them from responses and writes them back."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.backends import python_package
from shapespec.backends.dataclasses import lower, modules
from shapespec.backends.environment import render
from shapespec.backends.files import OutputFile
from shapespec.contract import schema as ir
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True)
class Dataclasses:
    """The target `dataclasses`."""

    name: str = "dataclasses"
    requires: tuple[str, ...] = ("validators",)

    def generate(self, schema: ir.Schema) -> Iterator[OutputFile]:
        """The modules of the package that hold responses."""
        records = lower.records(schema)
        enums = lower.enums(schema)
        aliases = lower.aliases(schema)
        yield python_package.module(
            schema,
            "enums.py",
            modules.enums(enums),
            exports=tuple(enum.class_name for enum in enums),
        )
        yield python_package.module(
            schema,
            "models.py",
            modules.models(records, aliases),
            exports=(
                *(record.class_name for record in records),
                *(alias.name for alias in aliases),
            ),
        )
        header = python_package.header(schema)
        roots = lower.roots(schema)
        yield python_package.module(
            schema,
            "_convert.py",
            render(
                "dataclasses/convert.py.jinja",
                header=header,
                roots=roots,
                frame=not python_package.owns_frame(schema),
                respells=schema.respells,
                recursive=bool(schema.recursive),
            ),
        )
        yield python_package.copied(schema, "_conversion.py")
        yield python_package.copied(schema, "_record.py")
        yield python_package.copied(schema, "_structure.py")
        if roots:
            yield python_package.module(
                schema,
                "roots.py",
                render(
                    "dataclasses/roots.py.jinja",
                    header=header,
                    default_shape=python_package.default_shape(schema),
                ),
                exports=("from_response", "to_response"),
            )
