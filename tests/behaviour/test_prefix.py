"""Lists whose first items have shapes of their own: every output knows them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from shapespec.compiler import generate
from shapespec.contract.places import Tree
from shapespec.tools.observe.observer import Observer
from shapespec.tools.samples.sampler import Sampler
from tests.support import Generated, compile_text

SPEC = """
shapespec: 1
package: gauges
shapes:
  Series:
    type: structure
    members:
      Values: {type: list, member: Sample}
      Head: {type: list, prefix: [string, Unit], member: {type: list, member: integer}}
      Perhaps: {type: list, prefix: [integer, string], length: {min: 1}}
      Gaps: {type: list, prefix: [integer, string], sparse: true}
  Sample: {type: list, prefix: [timestamp, {type: string, pattern: '[0-9.]+'}]}
  Unit: {type: structure, members: {UnitName: {type: string, required: true}}}
forms:
  wire:
    timestamps: {read: [epoch-seconds], write: epoch-seconds}
  hash:
    timestamps: {read: [iso-8601], write: iso-8601}
    keys: snake_case
"""
SERIES: dict[str, Any] = {
    "Values": [[1741944413, "1.5"], [1741944414, "2"]],
    "Head": ["a", {"UnitName": "m"}, [1], [2, 3]],
    "Perhaps": [1],
    "Gaps": [None, "x"],
}


@pytest.fixture(scope="module")
def gauges() -> Generated:
    return compile_text(SPEC, targets=("json-schema", "dataclasses", "strategies"))


def test_conversion_keeps_each_item(gauges: Generated) -> None:
    """A tuple in Python has the class of each item, and is written back."""
    package = gauges.package

    series = package.Series.from_response(SERIES, form="wire")

    assert 2025 == series.values[0][0].year
    assert ("a", package.Unit(unit_name="m"), (1,), (2, 3)) == series.head
    assert ((1,), (None, "x")) == (series.perhaps, series.gaps)
    assert SERIES == series.to_response(form="wire")
    snakes = series.to_response(form="hash")
    assert ["a", {"unit_name": "m"}, [1], [2, 3]] == snakes["head"]
    assert series == package.Series.from_response(snakes, form="hash")


def test_annotations_say_how_many(gauges: Generated) -> None:
    """A type names each item where all are there, else what each may be."""
    models = gauges.files["python/gauges/models.py"]

    assert "values: tuple[tuple[datetime, str], ...] | None" in models
    assert "head: tuple[str, Unit, *tuple[tuple[int, ...], ...]] | None" in models
    assert "perhaps: tuple[int | str, ...] | None" in models
    assert "gaps: tuple[int | None, str | None] | None" in models


def test_json_schema_has_prefix_items(gauges: Generated) -> None:
    """JSON Schema says it with `prefixItems`, and with the length that follows."""
    head = gauges.json_schema("Series")["$defs"]["Series"]["properties"]["Head"]

    assert [{"type": "string"}, {"$ref": "#/$defs/Unit"}] == head["prefixItems"]
    assert {"type": "array", "items": {"type": "integer"}} == head["items"]
    assert (2, False) == (head["minItems"], "maxItems" in head)


def test_samples_show_each_constraint(gauges: Generated) -> None:
    """Samples are right; each constraint of an item is broken at its place."""
    sampler = Sampler(gauges.schema, gauges.package)

    drawn = [*sampler.valid("Series", count=20, size="full")]
    broken = {one.constraint.id: one for one in sampler.invalid("Series")}

    assert any(len(one.get("Head", ())) > 2 for one in drawn)
    for id_, pointer in {
        "Values[][1] pattern": "/Values/0/1",
        "Values[] minItems": "/Values/0",
        "Values[] maxItems": "/Values/0",
        "Head[1].UnitName required": "/Head/1/UnitName",
        "Head[] type": "/Head/2",
        "Head[][] type": "/Head/2/0",
        "Perhaps[1] type": "/Perhaps/1",
    }.items():
        assert pointer == broken[id_].pointer, id_


def test_strategies_draw_them(gauges: Generated) -> None:
    """What Hypothesis draws is right."""
    name = f"{gauges.package.__name__}.strategies"
    strategies = __import__(name, fromlist=["x"])

    @settings(
        max_examples=60,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategies.seriess())
    def draw(series: dict[str, Any]) -> None:
        assert [] == gauges.package.validate(series)

    draw()


def test_places_name_the_item(gauges: Generated) -> None:
    """Paths lead to an item by its number."""
    places = {*Tree(gauges.schema).places}

    assert {"Values[][0]", "Head[1].UnitName", "Head[]", "Head[][]"} <= places


def test_other_outputs(gauges: Generated) -> None:
    """TypeScript, SQL and the reference speak of the items."""
    targets = ("typescript", "sql", "docs")
    files = {
        one.path: one.text for one in generate(gauges.schema, targets, layout=False)
    }
    typescript = next(text for path, text in files.items() if path.endswith(".ts"))

    assert "Head?: [(string), (Unit), ...((number)[])[]] | null;" in typescript
    assert "Perhaps?: [(number), (string)?] | null;" in typescript
    page = files["docs/gauges/Series.md"]
    assert "list of (string, [Unit](Unit.md), any number of list of integer)" in page
    assert any('"head" json' in text for text in files.values())


def test_observing_looks_into_items(gauges: Generated) -> None:
    """Members that an item lacks are counted at its place."""
    response = {"Head": ["a", {"UnitName": "m", "Base": True}]}
    observer = Observer(gauges.schema, gauges.package, shape="Series")
    observer.observe(response, "{}")

    news = [one.path for one in observer.result().members if one.total.present]

    assert ["Head[1].Base"] == news
