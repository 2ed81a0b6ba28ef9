"""Two dialects of SQL: what each calls a type, and how it says a condition.

Every identifier is in quotes and every text is a literal of the dialect, so that
nothing that a spec holds is ever read as SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

from shapespec.backends.sql import patterns
from shapespec.backends.sql.patterns import Engine, NotSayable
from shapespec.ground.sinks.visible import visible
from shapespec.patterns.ast import Regex
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """A dialect of SQL.

    Attributes:
        name: As templates and files have it.
        types: What it calls the types of columns.
        conditions: Templates of conditions over a column and a value or two.
        json_kinds: What it calls a JSON array, an object and null.
        text: Writes a text as a literal.
        engine: Its regular expressions.
        kept: Names of columns that it keeps for itself, in quotes or not.
    """

    name: str
    types: Mapping[str, str]
    conditions: Mapping[str, str]
    json_kinds: Mapping[str, str]
    text: Callable[[str], str]
    engine: Engine
    kept: frozenset[str] = frozenset()

    def identifier(self, name: str) -> str:
        """A name in quotes, which takes away its meaning as a keyword."""
        return '"' + name.replace('"', '""') + '"'

    def matches(self, column: str, regex: Regex) -> str:
        """The condition that a column's text matches a pattern as a whole.

        Raises:
            NotSayable: The dialect has no words for the pattern.
        """
        pattern = self.text(patterns.whole(regex, self.engine))
        return self.conditions["pattern"].format(column, pattern)


def _plain(text: str) -> str:
    """A literal as in standard SQL.

    Raises:
        NotSayable: No text of a database holds a NUL.
    """
    if "\0" in text:
        raise NotSayable
    return "'" + text.replace("'", "''") + "'"


def _joined(text: str) -> str:
    """A literal as in standard SQL, joined with `chr()` of what does not show.

    Raises:
        NotSayable: No text of a database holds a NUL.
    """
    if visible(text) == text:
        return _plain(text)
    if "\0" in text:
        raise NotSayable
    parts = [
        f"chr({ord(run)})" if hidden else _plain(run) for hidden, run in _runs(text)
    ]
    return f"({' || '.join(parts)})"


def _runs(text: str) -> Iterator[tuple[bool, str]]:
    """Runs of what shows, and each character that does not."""
    for hidden, group in groupby(text, key=lambda char: visible(char) != char):
        if hidden:
            yield from ((True, char) for char in group)
        else:
            yield False, "".join(group)


def _escaped(text: str) -> str:
    r"""A literal of ASCII, with PostgreSQL's escapes where it needs any.

    The prefix `E` makes a backslash an escape whatever `standard_conforming_strings`
    says.

    Raises:
        NotSayable: No text of a database holds a NUL.
    """
    if all(" " <= char <= "~" and char != "\\" for char in text):
        return _plain(text)
    if "\0" in text:
        raise NotSayable
    return "E'" + "".join(map(_escape, text)) + "'"


def _escape(char: str) -> str:
    if char in "\\'":
        return char * 2
    if " " <= char <= "~":
        return char
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


_CONDITIONS = {
    "length": "char_length({0})",
    "bytes": "octet_length({0})",
    "json-kind": "jsonb_typeof({0})",
    "json-length": "jsonb_array_length({0})",
    "json-entries": "jsonb_array_length(jsonb_path_query_array({0}, '$.keyvalue()'))",
    "pairs": "cardinality(akeys({0}))",
    "pattern": "{0} ~ {1}",
    "integer-step": "{0} % {1} = 0",
    "number-step": "CAST(CAST({0} AS text) AS numeric) * {2} % {1} = 0",
}

POSTGRESQL = Dialect(
    name="postgresql",
    types={
        "text": "text",
        "integer": "bigint",
        "number": "double precision",
        "boolean": "boolean",
        "timestamp": "timestamp with time zone",
        "bytes": "bytea",
        "json": "jsonb",
        "pairs": "hstore",
    },
    conditions=_CONDITIONS,
    json_kinds={"array": "'array'", "object": "'object'", "null": "'null'"},
    text=_escaped,
    engine=patterns.POSTGRESQL,
    kept=frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"}),
)
DUCKDB = Dialect(
    name="duckdb",
    types={
        "text": "VARCHAR",
        "integer": "BIGINT",
        "number": "DOUBLE",
        "boolean": "BOOLEAN",
        "timestamp": "TIMESTAMP WITH TIME ZONE",
        "bytes": "BLOB",
        "json": "JSON",
        "pairs": "MAP(VARCHAR, VARCHAR)",
    },
    conditions=_CONDITIONS
    | {
        "length": "length({0})",
        "json-kind": "json_type({0})",
        "json-length": "json_array_length({0})",
        "json-entries": "len(json_keys({0}))",
        "pairs": "cardinality({0})",
        "pattern": "regexp_full_match({0}, {1})",
        "number-step": "round({0} * {2} / {1}) * {1} / {2} = {0}",
    },
    json_kinds={"array": "'ARRAY'", "object": "'OBJECT'", "null": "'NULL'"},
    text=_joined,
    engine=patterns.RE2,
)
DIALECTS = (POSTGRESQL, DUCKDB)
