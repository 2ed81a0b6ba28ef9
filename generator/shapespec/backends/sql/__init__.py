"""SQL: a table for each response, as DDL for PostgreSQL and for DuckDB.

A table is what the contract's form of rows says: its column names, and which columns
are JSON or key-value pairs. A CHECK refuses nothing that `is_valid` accepts of a row;
what lies within a JSON column, and what spans columns, is left to the validators.
"""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.backends.environment import render
from shapespec.backends.files import OutputFile
from shapespec.backends.sql.dialects import DIALECTS
from shapespec.backends.sql.lower import lower
from shapespec.contract.schema import Schema
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True)
class Sql:
    """The target `sql`."""

    name: str = "sql"
    requires: tuple[str, ...] = ()

    def generate(self, schema: Schema) -> Iterator[OutputFile]:
        """A file for each dialect, under `sql/<package>/`."""
        for dialect in DIALECTS:
            text = render(
                f"sql/{dialect.name}.sql.jinja", script=lower(schema, dialect)
            )
            yield OutputFile(f"sql/{schema.package}/{dialect.name}.sql", text)
