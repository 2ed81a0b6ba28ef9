"""Every keyword that a shape can state is known wherever keywords matter.

The rows of `tests/conformance` are the examples: each keyword has one that states it,
with values that keep it and values that break it, and all is tried with those.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings

from shapespec.backends import wording
from shapespec.backends.reference import quantity
from shapespec.backends.sql.dialects import DIALECTS
from shapespec.contract import schema as ir
from shapespec.contract.constraints import KEYWORDS, of, only
from shapespec.contract.findings import FINDINGS
from shapespec.contract.formats import FORMATS
from shapespec.contract.places import Tree
from shapespec.diagnostics import newcomers
from shapespec.drafts import finish
from shapespec.evidence.spec_facts import spec_facts
from shapespec.importers.json_schema.spec import draft as json_schema_draft
from shapespec.language import surface
from shapespec.lsp.language import section
from shapespec.tools import explain
from shapespec.tools.diff.compare import compare
from shapespec.tools.diff.spec_side import spec_side
from shapespec.tools.samples.coverage import Shown, coverage
from shapespec.tools.samples.sampler import Sampler
from tests.conformance.test_conformance import HERE, LISTS, load, spec_of
from tests.support import ROOT, Generated, compile_text
from tests.support.import_cases import json_file


class Row(NamedTuple):
    """A row of a table, compiled, and the shape that it is about."""

    written: dict[str, Any]
    generated: Generated
    shape: ir.Shape

    @property
    def broken(self) -> set[str]:
        """The rules by which values of the row are refused or warned of."""
        entries = (*self.written.get("refused", ()), *self.written.get("warned", ()))
        return {entry["rule"] for entry in entries}


@cache
def rows() -> dict[str, list[Row]]:
    """The rows that state each keyword."""
    found = defaultdict(list)
    for path in sorted(HERE.glob("*.yaml")):
        for written in load(path.stem) if path.stem not in LISTS else ():
            generated = compile_text(spec_of(written), targets=("json-schema",))
            shapes = generated.schema.shapes
            (value,) = ir.targets(shapes["Root"])
            row = Row(written, generated, shapes[value[1]])
            for one in of(row.shape):
                found[one.keyword].append(row)
    return found


@cache
def shown(word: str) -> list[Shown]:
    """The samples that show a keyword, row by row."""
    return [
        one
        for row in rows()[word]
        for one in coverage(Sampler(row.generated.schema), ("Root",))
        if one.constraint.keyword == word and one.path == "Value"
    ]


ROWS = {
    "row": {
        "timestamps": {"read": ["iso-8601"], "write": "iso-8601"},
        "columns": ["json"],
    }
}
"""Forms of which one is a table's row."""

WEIGHTS = ("relaxed", "claimed")
"""What makes it a warning to break a keyword."""

each_keyword = pytest.mark.parametrize("word", KEYWORDS)


@each_keyword
def test_values_keep_it_and_break_it(word: str) -> None:
    """A table of values has one that keeps the keyword and one that breaks it."""
    rule = KEYWORDS[word].rule

    assert [row for row in rows()[word] if row.written.get("accepted")]
    assert [row for row in rows()[word] if rule in row.broken]


@each_keyword
def test_its_findings_are_explained(word: str) -> None:
    """There is a page about the findings, and the schema lists their id."""
    assert KEYWORDS[word].rule in explain.rules()
    assert KEYWORDS[word].rule in FINDINGS


@each_keyword
def test_json_schema_has_it(word: str) -> None:
    """The generated schema has the keyword under its own name."""
    found = []
    for row in rows()[word]:
        root = row.generated.json_schema("Root")["$defs"]["Root"]
        found.append(root["properties"]["Value"])

    assert [one for one in found if word in one]


@each_keyword
def test_samples_show_it_kept_and_broken(word: str) -> None:
    """Every row is covered; for one, a sample keeps it and another breaks it."""
    found = shown(word)

    assert [] == [one for one in found if not one.is_covered]
    assert [one for one in found if one.accepted and one.refused]


@each_keyword
def test_it_is_put_into_words(word: str) -> None:
    """References and docstrings say what it demands; evidence states its limit."""
    row = rows()[word][0]
    facts = {fact.kind for fact in spec_facts(Tree(row.generated.schema))}
    (one,) = [one for one in of(row.shape) if one.keyword == word]

    assert one.demand("things")
    assert wording.constraints(row.shape)
    assert (one.fact in facts) == one.about.documented


@each_keyword
def test_the_language_has_it(word: str) -> None:
    """`relaxed` and the guide know the keyword and the key that states it."""
    about = KEYWORDS[word]
    guide = (ROOT / "spec" / "language.md").read_text("utf-8")

    assert word in surface.KEYWORDS
    assert f"`{word}`" in guide
    assert f"`{about.trait}" in guide or f"{about.trait}:" in guide
    assert f"`{about.end}`" in guide or f"{about.end}:" in guide


@each_keyword
def test_people_are_led_to_it(word: str) -> None:
    """Editors explain its key; who writes the keyword itself is told the key."""
    trait = KEYWORDS[word].trait

    assert section(trait)
    assert word == trait or word in newcomers.KEYS


@each_keyword
def test_it_comes_back_from_json_schema(word: str) -> None:
    """The importer reads what the generator writes: the same keyword and limit."""
    found = []
    for row in rows()[word]:
        if isinstance(row.shape, ir.Blob) or getattr(row.shape, "relaxed", ()):
            continue
        if isinstance(row.shape, ir.String) and row.shape.listed:
            continue  # which come back as an enum, with a class of its own
        if KEYWORDS[word].rule != "enum" and only(row.shape):
            continue  # whose values say all
        if row.written.get("shape", {}).get("values", "")[1:] == []:
            continue  # which comes back as a constant
        if word == "format":
            continue  # which annotates in JSON Schema; its pattern comes back
        made = finish(json_schema_draft(json_file(row.generated.json_schema("Root"))))
        again = compile_text(made.text, targets=()).schema
        value = again.shapes[dict(ir.targets(again.shapes["Root"]))["Value"]]

        stated = limit_of(row.shape, word)
        if isinstance(stated, list):  # where null is as good as absence
            stated = [one for one in stated if one is not None]
        found.append((stated, limit_of(value, word)))

    assert word == "format" or [read for _, read in found if read is not None]
    if word != "pattern":  # which is spelt otherwise there
        assert [stated for stated, _ in found] == [read for _, read in found]


def limit_of(shape: ir.Shape, word: str) -> Any:
    """What a shape states by a keyword."""
    return next((one.stated for one in of(shape) if one.keyword == word), None)


@each_keyword
def test_a_change_of_it_is_told(word: str) -> None:
    """`diff` tells that a keyword is gone, or has come."""
    for row in rows()[word]:
        (one,) = [one for one in of(row.shape) if one.keyword == word]
        said = row.written.get("shape", {}).get(one.about.trait, {})
        if one.idle or not said or (one.about.end and one.about.end not in said):
            continue  # it is another shape's, or follows from a prefix
        trait = {**said} if one.about.end else None
        if trait is not None:
            del trait[one.about.end]
        bare = {**row.written["shape"], one.about.trait: trait}
        bare = {key: said for key, said in bare.items() if said and key not in WEIGHTS}
        without = compile_text(spec_of({**row.written, "shape": bare}), targets=())
        given = row.generated.schema

        assert compare(spec_side(given, "a"), spec_side(without.schema, "b")).changes
        assert compare(spec_side(without.schema, "b"), spec_side(given, "a")).changes


@each_keyword
def test_tables_check_it(word: str) -> None:
    """Each dialect has a condition with the limit, where one can be said at all."""
    if KEYWORDS[word].rule == "unique-items":
        pytest.skip("no condition says so without a query of its own")
    found = set()
    for row in rows()[word]:
        text = spec_of({"forms": ROWS, **row.written})
        for path, table in compile_text(text, targets=("sql",)).files.items():
            checks = [line for line in table.splitlines() if "CHECK" in line]
            limit = limit_of(row.shape, word)
            words = limit if isinstance(limit, list) else [limit]
            if any(all(in_sql(one) in line for one in words) for line in checks):
                found.add(Path(path).name)

    assert len(found) == len(DIALECTS)


def in_sql(limit: Any) -> str:
    """A limit, or one of several, as a condition has it; a format by its name."""
    if limit in FORMATS:
        return "_format"
    return json.dumps(limit) if isinstance(limit, bool) else str(limit)


@each_keyword
def test_strategies_keep_it(word: str) -> None:
    """What strategies draw is right, whatever keyword the shape states."""
    row = next(row for row in rows()[word] if row.written.get("accepted"))
    text = spec_of(row.written)
    package = compile_text(text, targets=("strategies",)).package
    shape = vars(import_module(f"{package.__name__}.strategies"))["_shape"]

    @settings(
        max_examples=20, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(shape("Root"))
    def holds(value: Any) -> None:
        assert [] == package.validate(value)

    holds()


def test_a_bound_that_is_not_valid_is_not_rounded_off() -> None:
    """In words, `1 day` would take in the second that `below` leaves out."""
    open_ended = ir.Integer(id="Age", bits=32, range=ir.Bounds(min=60, below=86400))

    assert quantity.of(open_ended, "s") is None
    assert "at least 60 and less than 86400" == wording.bounds_of(open_ended)
