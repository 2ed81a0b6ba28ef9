"""What the SQL templates receive: finished strings."""

from __future__ import annotations

from shapespec.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table.

    Attributes:
        name: An identifier, in quotes.
        declaration: Its type, and whether it may be NULL.
        unsaid: What no condition of the database asks, in words.
        checks: Its constraints, each with a name.
        comment: A literal with what it means, where the spec says.
    """

    name: str
    declaration: str
    unsaid: str
    checks: tuple[str, ...]
    comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: a row is a response."""

    name: str
    columns: tuple[Column, ...]
    comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A file of DDL.

    Attributes:
        source: The spec that it was made from.
        needs_hstore: Whether a column is of a type that PostgreSQL has in an extension.
    """

    source: str
    needs_hstore: bool
    tables: tuple[Table, ...]
