"""Every keyword that a shape can state is known wherever keywords matter.

The rows of `tests/conformance` are the examples: each keyword has one that states it,
with values that keep it and values that break it, and all is tried with those.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any, NamedTuple

import pytest

from shapespec.backends import wording
from shapespec.contract import schema as ir
from shapespec.contract.constraints import KEYWORDS, of
from shapespec.contract.paths import Tree
from shapespec.evidence.spec_facts import spec_facts
from shapespec.tools import explain
from shapespec.tools.samples.coverage import Shown, coverage
from shapespec.tools.samples.sampler import Sampler
from tests.conformance.test_conformance import HERE, LISTS, load, spec_of
from tests.support import Generated, compile_text


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
    assert KEYWORDS[word].rule in ir.FINDINGS


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
