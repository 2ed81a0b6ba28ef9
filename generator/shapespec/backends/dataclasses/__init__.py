"""Dataclasses and enums, and what reads them from responses and writes them back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shapespec.backends import python_package
from shapespec.backends.dataclasses import lower
from shapespec.backends.dataclasses.convert import Conversions
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
        header = python_package.header(schema)
        kinds = {type(shape) for shape in schema.shapes.values()}
        records = lower.records(schema)
        enums = lower.enums(schema)
        aliases = lower.aliases(schema)
        attributes = [one for record in records for one in record.attributes]
        annotations = [
            *(one.annotation for one in attributes),
            *(one.text for one in aliases),
        ]
        words = {word for one in annotations for word in re.findall(r"\w+", one)}
        needed = {
            "dataclass": True,
            "enums": "enums" in words,
            "field as _field": any("_field" in one.given for one in attributes),
        }
        yield python_package.module(
            schema,
            "enums.py",
            render("dataclasses/enums.py.jinja", header=header, enums=enums),
            exports=tuple(enum.class_name for enum in enums),
        )
        yield python_package.module(
            schema,
            "models.py",
            render(
                "dataclasses/models.py.jinja",
                header=header,
                records=records,
                record_names=[name for name, used in needed.items() if used],
                uses_mapping="Mapping" in words,
                uses_datetime=ir.Timestamp in kinds,
                typing=[name for name in ("Any", "Literal") if name in words]
                + ["TypeAlias as _TypeAlias"] * bool(aliases),
                aliases=aliases,
            ),
            exports=(
                *(record.class_name for record in records),
                *(alias.name for alias in aliases),
            ),
        )
        conversions = Conversions(schema)
        choices = conversions.choices()
        roots = conversions.roots()
        yield python_package.module(
            schema,
            "_convert.py",
            render(
                "dataclasses/convert.py.jinja",
                header=header,
                frame=not python_package.owns_frame(schema),
                records=conversions.records(),
                choices=choices,
                values=conversions.values(),
                roots=roots,
                uses_datetime=any(
                    "datetime" in case.test
                    for one in choices
                    for case in (*one.reads, *one.writes)
                ),
                tables=sorted(one.known for one in conversions.records()),
                respells=schema.respells,
                recursive=bool(schema.recursive),
                enums=conversions.enums(),
                modules=["enums", "models"] if enums else ["models"],
                helpers=[
                    "Form",
                    "find_form",
                    *(["read_bytes"] if ir.Blob in kinds else []),
                    *(["read_moment"] if ir.Timestamp in kinds else []),
                ],
            ),
        )
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
