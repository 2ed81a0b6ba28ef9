"""The tables of the target `sql`, loaded and filled in DuckDB and in PostgreSQL."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from sagemaker_training_job import DescribeTrainingJobResponse, is_valid
from shapespec.backends.sql import patterns
from shapespec.backends.sql.patterns import NotSayable
from shapespec.contract.naming import snake_case
from shapespec.contract.schema import List, Map, String, Structure
from shapespec.patterns import translate
from tests.behaviour.test_generated_package import HOSTILE
from tests.conformance.test_conformance import CASES, Case, spec_of
from tests.support import ROOT, SHARED, compile_text, flagship, rule_cases
from tests.support.postgresql import Absent, Server, postgresql

COLUMNS = ("string", "number", "boolean", "enum", "list", "map", "structure", "union")
"""The tables of values that a column can hold as they are."""

UNSAID = ("(?>", "++", "(?<!", "(?<=", "(?=", "(?!")
"""What some regular expressions hold that RE2 has no words for."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A PostgreSQL server."""
    try:
        with postgresql() as running:
            yield running
    except Absent as absent:
        pytest.skip(str(absent))


def script(spec: str, dialect: str) -> str:
    """The DDL of a spec."""
    generated = compile_text(spec, targets=("sql",))
    return generated.files[f"sql/{generated.schema.package}/{dialect}.sql"]


def literal(value: object) -> str:
    """A value as a literal that each column takes for what it is."""
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    text = value if isinstance(value, str) else json.dumps(value)
    return "'" + text.replace("'", "''") + "'"


def fits(case: Case) -> bool:
    """Whether a case is about a value that SQL can write into a column of its type."""
    value = case.value
    wrong = case.rule in ("type", "required", "unknown-member", "timestamp", "union")
    beyond = isinstance(value, int) and abs(value) >= 2**63
    inside = case.pointer != "/Value"
    text = json.dumps(value)
    return (
        case.file in COLUMNS
        and not (wrong or beyond or inside)
        and "\\u0000" not in text
        and re.search(r"\\ud[89a-f]", text) is None
    )


INSERTED = [case for case in CASES if fits(case)]


def inserts(case: Case, dialect: str) -> tuple[str, str]:
    """The DDL of a case, and the statement that puts its value into a row."""
    ddl = script(spec_of(case.row), dialect)
    value = "NULL" if case.value is None else literal(case.value)
    return ddl, f'INSERT INTO "root" ("value") VALUES ({value});'


def expected(case: Case, dialect: str) -> bool:
    """Whether a row is taken: what is valid is, and what a CHECK cannot refuse."""
    if case.verdict != "refused":
        return True
    return case.rule == "unique-items" or (
        case.rule == "pattern" and is_unsaid(case.row["shape"]["pattern"], dialect)
    )


def is_unsaid(pattern: str, dialect: str) -> bool:
    """Whether a dialect has no words for a pattern."""
    engine = patterns.RE2 if dialect == "duckdb" else patterns.POSTGRESQL
    return said(pattern, engine) is None


def test_the_cases_are_many() -> None:
    """The tables of values are used, refused ones and accepted ones."""
    assert 100 < len(INSERTED)
    for dialect in ("duckdb", "postgresql"):
        assert {True, False} == {expected(case, dialect) for case in INSERTED}


@pytest.mark.parametrize("case", INSERTED, ids=str)
def test_duckdb_checks(case: Case) -> None:
    """DuckDB takes what the validators accept, and refuses what a CHECK can refuse."""
    ddl, insert = inserts(case, "duckdb")
    database = duckdb.connect()
    database.execute(ddl)

    try:
        database.execute(insert)
        taken = True
    except duckdb.ConstraintException:
        taken = False

    assert expected(case, "duckdb") == taken


def test_postgresql_checks(server: Server) -> None:
    """PostgreSQL takes what the validators accept, and refuses the rest."""
    lines = []
    for case in INSERTED:
        ddl, insert = inserts(case, "postgresql")
        lines += [ddl, insert, r"\echo :ERROR :SQLSTATE", 'DROP TABLE "root";']

    done = server.run("\n".join(lines))

    verdicts = done.stdout.splitlines()
    assert len(INSERTED) == len(verdicts)
    for case, verdict in zip(INSERTED, verdicts, strict=True):
        taken = expected(case, "postgresql")
        assert ("false 00000" if taken else "true 23514") == verdict, case


TEXTS = ("", "a", "a\n", "\n", "A-1", "-a", "a--b", "sg-0", "é", "😀", "a b", "a/b:c@d")
"""Texts that one pattern or another takes and another does not."""


def texts() -> list[str]:
    """Short and long texts, and those of the example."""
    found = {*TEXTS, *("a" * size for size in (63, 64, 256, 1024, 2048, 2049))}

    def collect(value: Any) -> None:
        if isinstance(value, str):
            found.update((value, value + "\n", value[1:], f"{value}é"))
        elif isinstance(value, dict):
            collect([*value, *value.values()])
        elif isinstance(value, list):
            for one in value:
                collect(one)

    example = ROOT / "spec" / "sagemaker" / "examples" / "valid.json"
    collect(json.loads(example.read_text("utf-8")))
    return sorted(found)


def flagship_patterns() -> list[str]:
    """Every pattern of the flagship, those of columns and all others."""
    return sorted(
        {
            shape.pattern.source
            for shape in flagship().shapes.values()
            if isinstance(shape, String) and shape.pattern is not None
        }
    )


OTHERS = (
    r"[^\n]{300,2048}",
    r"x{1000,}",
    r"(?!-)[a-z]+",
    r"[\s\S]*?",
    r"\p{L}{1,100}",
    r"[^\x00-\x1f]*",
    r"[&~\[\]^-]+",
    r"\x{1F600}|\u00e9",
    r"(a|b+)*\.\*",
)
UNSAYABLE = (r"(a{0,62}b){0,1000}", r"((a|b)?-){0,1000}", r"(?>a*)b", r"a*+b")
"""What is too much for either engine, and what neither has words for."""
PATTERNS = [*flagship_patterns(), *OTHERS, *UNSAYABLE]


def said(source: str, engine: patterns.Engine) -> str | None:
    """A pattern as an engine takes it; none where it cannot be said."""
    try:
        return patterns.whole(translate(source).regex, engine)
    except NotSayable:
        return None


def matching(source: str) -> list[str]:
    """The texts that Python takes."""
    match = re.compile(translate(source).python).fullmatch
    return [text for text in texts() if match(text)]


@pytest.mark.parametrize("source", PATTERNS)
def test_patterns_in_duckdb(source: str) -> None:
    """DuckDB takes the same texts as Python, unless a pattern looks ahead."""
    written = said(source, patterns.RE2)

    if written is None:
        assert source in UNSAYABLE or any(part in source for part in UNSAID)
        return
    found = duckdb.execute(
        "SELECT text FROM (SELECT unnest(?) AS text)"
        " WHERE regexp_full_match(text, ?) ORDER BY text",
        [texts(), written],
    ).fetchall()

    assert matching(source) == [text for (text,) in found]


def test_patterns_in_postgresql(server: Server) -> None:
    """PostgreSQL takes the same texts as Python."""
    for source in PATTERNS:
        written = said(source, patterns.POSTGRESQL)
        if written is None:
            assert source in UNSAYABLE
            continue
        rows = json.dumps(texts()).replace("'", "''")
        condition = written.replace("'", "''")

        found = server.query(
            f"SELECT to_json(text) FROM jsonb_array_elements_text('{rows}') AS text"
            f" WHERE text ~ '{condition}' ORDER BY text COLLATE \"C\";"
        )

        assert matching(source) == list(map(json.loads, found.splitlines())), source


EVIL = ("'); DROP TABLE x; --", "*/", "É", "é", "A", "a", "A a", "a'b", 'a"b')
"""Names that end quotes and comments, and names that differ in case only."""


def hostile(keys: str) -> str:
    """A spec whose every string would like to be SQL, under names of either kind."""
    spec: dict[str, Any] = json.loads(json.dumps(HOSTILE))
    shapes = spec["shapes"]
    members = {}
    names = [*shapes["Root"]["members"], *EVIL]
    if keys == "snake_case":
        names = [*{snake_case(name): name for name in names}.values()]
    for number, name in enumerate(names):
        members[name] = {
            "type": "string",
            "python": f"member_{number}",
            "doc": f"'; {name} -- \\ E'\n\\! /* ☃ 😀",
            "pattern": "[^\"'\\\\;]*",
        }
    long = "x" * 70
    members |= {f"{long}{end}": {"type": "string"} for end in "yz"}
    shapes["Root"]["members"] = members
    form = {
        "timestamps": {"read": ["iso-8601"], "write": "iso-8601"},
        "keys": keys,
        "columns": ["json", "hstore"],
        "extra_members": ["a", '"; --'],
    }
    spec |= {"forms": {"row": form}, "roots": ["Root"]}
    del shapes["None_"], shapes["Color"], shapes["Color2"]
    return json.dumps(spec).replace("\\ud83d\\ude00", "😀")


@pytest.mark.parametrize("keys", ["as-is", "snake_case"])
def test_nothing_becomes_sql_in_duckdb(keys: str) -> None:
    """Whatever a spec's strings hold, there is one table with comments."""
    database = duckdb.connect()

    database.execute(script(hostile(keys), "duckdb"))

    columns = database.execute(
        "SELECT column_name, comment FROM duckdb_columns()"
        " WHERE table_name = 'root' ORDER BY column_index"
    ).fetchall()
    tables = database.execute("SELECT count(*) FROM duckdb_tables()").fetchone()
    members = json.loads(hostile(keys))["shapes"]["Root"]["members"]
    docs = [" ".join(one.get("doc", "").split()) or None for one in members.values()]
    assert (1,) == tables
    assert docs == [comment for _, comment in columns[: len(docs)]]
    if keys == "as-is":
        assert '"' == columns[list(members).index('"')][0]


@pytest.mark.parametrize("keys", ["as-is", "snake_case"])
def test_nothing_becomes_sql_in_postgresql(keys: str, server: Server) -> None:
    """Whatever a spec's strings hold, there is one table with comments."""
    found = server.query(
        "SET client_min_messages = warning;"
        "CREATE SCHEMA hostile; SET search_path = hostile, public;\n"
        f"{script(hostile(keys), 'postgresql')}\n"
        "SELECT json_build_array(attname, col_description(attrelid, attnum))"
        " FROM pg_attribute WHERE attrelid = 'root'::regclass AND attnum > 0"
        " ORDER BY attnum;\n"
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'hostile';\n"
        "DROP SCHEMA hostile CASCADE;"
    )

    *columns, tables = map(json.loads, found.strip().split("\n"))
    members = json.loads(hostile(keys))["shapes"]["Root"]["members"]
    docs = [" ".join(one.get("doc", "").split()) or None for one in members.values()]
    assert 1 == tables
    assert docs == [comment for _, comment in columns[: len(docs)]]


KEPT = ("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid")
"""The columns that each table of PostgreSQL has; bounding boxes have some of them."""


def kept_names() -> str:
    """A spec whose members are called as what a database has of its own."""
    names = (*KEPT, "XMIN", "xmin_", "oid", "rowid", "row_id", "user", "select")
    text = {"type": "string", "length": {"min": 1}, "doc": "A side."}
    members = {name: {**text, "python": f"m{at}"} for at, name in enumerate(names)}
    form = {
        "timestamps": {"read": ["iso-8601"], "write": "iso-8601"},
        "columns": ["json"],
        "extra_members": ["ctid"],
    }
    shapes = {"Root": {"type": "structure", "members": members}}
    return json.dumps(
        {"shapespec": 1, "package": "p", "shapes": shapes, "forms": {"row": form}}
    )


@pytest.mark.parametrize("dialect", ["duckdb", "postgresql"])
def test_names_that_a_database_keeps(dialect: str, request: Any) -> None:
    """Members that are called as a database's own columns have columns all the same."""
    ddl = script(kept_names(), dialect)
    columns = re.findall(r"^    (\".*?\") ", ddl, re.MULTILINE)
    values = ", ".join(f"'{number}'" for number in range(len(columns)))
    insert = f'INSERT INTO "root" ({", ".join(columns)}) VALUES ({values});'
    select = f'SELECT {", ".join(columns)} FROM "root";'
    expected = [str(number) for number in range(len(columns))]

    if dialect == "duckdb":
        found = duckdb.execute(f"{ddl} {insert} {select}").fetchall()
        assert [tuple(expected)] == found
        assert set(KEPT) <= {column.strip('"') for column in columns}
    else:
        server = request.getfixturevalue("server")
        said = server.query(f"BEGIN; {ddl} {insert} {select} ROLLBACK;")
        assert "|".join(expected) == said.strip()
        assert set(KEPT).isdisjoint(column.strip('"') for column in columns)
        assert {'"xmin_"', '"XMIN"', '"ctid_"'} <= set(columns)
        assert "'A side. Holds `xmin`, a name that the database keeps.'" in ddl


def test_relaxed_keywords_are_not_enforced() -> None:
    """The column of input channels takes none, since the service sends none."""
    ddl = flagship_ddl("duckdb")

    (check,) = re.findall(r'"input_data_config_length" CHECK (.*)', ddl)

    assert "<= 20" in check
    assert ">=" not in check
    assert "BETWEEN" not in check


def flagship_ddl(dialect: str) -> str:
    """The DDL of the flagship."""
    from shapespec.compiler import generate

    path = f"sql/sagemaker_training_job/{dialect}.sql"
    return next(
        file.text for file in generate(flagship(), ("sql",)) if file.path == path
    )


def test_what_is_not_checked_is_named() -> None:
    """A comment above a column says what no condition of the database asks."""
    spec = """
shapespec: 1
package: desk
shapes:
  Reader:
    type: structure
    members:
      Mail: {type: string, format: email}
      Card: {type: string, format: uuid}
      Marks: {type: list, member: string, unique_items: true}
"""
    text = script(spec, "duckdb")

    assert '    -- Not checked: an email address\n    "mail" VARCHAR,' in text
    assert '    -- Not checked: no item twice\n    "marks" JSON' in text
    assert 2 == text.count("Not checked")


def test_empty_structures_have_no_table() -> None:
    """A response without members has no columns, and so no table."""
    spec = "shapespec: 1\npackage: p\nshapes: {Root: {type: structure, members: {}}}"

    assert "TABLE" not in script(spec, "postgresql")


def rows() -> list[dict[str, Any]]:
    """Right responses as rows: those built for the rules, and those collected."""
    collected = [
        json.loads(path.read_text("utf-8"))
        for path in sorted((SHARED / "samples").glob("**/*.json"))
    ]
    responses = [one.get("response", one) for one in collected]
    return [
        DescribeTrainingJobResponse.from_response(one).to_response(form="datadog-ddsql")
        for one in (*rule_cases.responses(), *responses)
        if is_valid(one)
    ]


def insert(row: dict[str, Any], pairs: str, kind: str) -> str:
    """The statement that puts a row into the flagship's table.

    Args:
        row: The row.
        pairs: What key-value pairs are called.
        kind: What JSON is called.
    """
    root = flagship().shapes["DescribeTrainingJobResponse"]
    assert isinstance(root, Structure)
    names, values = [], []
    for member in root.members:
        value = row.get(snake_case(member.name))
        if value is None:
            continue
        names.append(f'"{snake_case(member.name)}"')
        shape = flagship().shapes[member.target]
        written = literal(value)
        if isinstance(shape, Map):
            written = f"{written}::{pairs}"
        elif isinstance(shape, List | Structure):
            written = f"{written}::{kind}"
        values.append(written)
    return (
        f"INSERT INTO describe_training_job_response ({', '.join(names)})"
        f" VALUES ({', '.join(values)});"
    )


def test_right_responses_are_right_rows_in_duckdb() -> None:
    """The flagship's table takes every response that is valid."""
    database = duckdb.connect()
    database.execute(flagship_ddl("duckdb"))

    for row in rows():
        # DuckDB has no hstore; its maps are read from JSON.
        plain = DescribeTrainingJobResponse.from_response(row, form="datadog-ddsql")
        for name in ("hyper_parameters", "environment"):
            if name in row:
                row[name] = json.dumps(dict(getattr(plain, name)))
        database.execute(insert(row, "JSON::MAP(VARCHAR, VARCHAR)", "JSON"))

    found = database.execute("SELECT count(*) FROM describe_training_job_response")
    assert (len(rows()),) == found.fetchone()


def test_right_responses_are_right_rows_in_postgresql(server: Server) -> None:
    """The flagship's table takes every response that is valid."""
    inserts = "\n".join(insert(row, "hstore", "jsonb") for row in rows())

    found = server.query(
        f"BEGIN;\n{flagship_ddl('postgresql')}\n{inserts}\n"
        "SELECT count(*) FROM describe_training_job_response;\nROLLBACK;"
    )

    assert f"{len(rows())}\n" == found
