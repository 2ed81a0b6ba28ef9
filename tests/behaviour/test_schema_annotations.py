"""What no keyword of JSON Schema can say is in the document as annotations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from shapespec.contract.schema import Enum, Structure
from tests.support import ROOT, compile_text, flagship

GUIDE = ROOT / "spec" / "json-schema.md"
PUBLISHED = "generated/json_schema/sagemaker_training_job"
EVERY = """
shapespec: 1
package: p
shapes:
  R:
    type: structure
    members:
      A: {type: list, member: string, length: {min: 1}, claimed: [minItems]}
      B: {type: string, deprecated: {since: '2025', use: C}, sensitive: true}
      C: {type: integer, deprecated: true}
      L:
        {type: list, member: string, length: {min: 1}, relaxed: {minItems: empty}}
"""


@cache
def published() -> dict[str, Any]:
    """The definitions of the flagship."""
    path = ROOT / PUBLISHED / "DescribeTrainingJobResponse.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))["$defs"]
    return found


def words(value: Any) -> Iterator[tuple[str, Any]]:
    """Each annotation of ours, with its value."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key.startswith("x-"):
                yield key, item
            else:
                yield from words(item)
    elif isinstance(value, list):
        for item in value:
            yield from words(item)


def fence(language: str) -> str:
    """The only example in a language on the page."""
    (found,) = re.findall(
        rf"^```{language}\n(.*?)^```",
        GUIDE.read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    return str(found)


def test_the_page_lists_every_annotation() -> None:
    """What is written is described, and what is described is written."""
    described = set(
        re.findall(r"^\| `(x-[a-z-]+)` \|", GUIDE.read_text("utf-8"), re.MULTILINE)
    )
    small = compile_text(EVERY, targets=("json-schema",)).json_schema("R")
    written = {key for found in (published(), small) for key, _ in words(found)}

    assert described == written


def test_the_example_of_the_page() -> None:
    """It is what the target writes."""
    document = compile_text(fence("yaml"), targets=("json-schema",)).json_schema("Loan")
    expected = json.loads(fence("json"))

    found = dict(words({key: document["$defs"][key] for key in ("Loan", "State")}))
    found.pop("x-unit")
    assert expected == found


def test_every_rule_note_formula_and_group_is_there() -> None:
    """Each rule is a keyword or an annotation, once; all else is an annotation."""
    schema = flagship()
    ids: dict[str, list[str]] = {"rules": [], "notes": [], "derived": []}
    for shape in schema.shapes.values():
        if isinstance(shape, Structure) and shape.id in published():
            found = published()[shape.id]
            ids["rules"] = [one["id"] for one in found.get("x-rules", ())]
            ids["rules"] += [one["$comment"] for one in found.get("allOf", ())]
            assert sorted(one.id for one in shape.rules) == sorted(ids["rules"])
            notes = {one["id"]: one["description"] for one in found.get("x-notes", ())}
            assert {one.id: one.doc for one in shape.notes} == notes
            said = [*found.get("x-rules", ()), *found.get("x-notes", ())]
            stated = {one["id"]: one.get("sources") for one in said}
            for one in (*shape.rules, *shape.notes):
                if one.id in stated:
                    assert [*one.sources] == stated[one.id]
            derived = {one["name"]: one["cel"] for one in found.get("x-derived", ())}
            assert {one.name: one.cel for one in shape.derived} == derived
        if isinstance(shape, Enum) and shape.grouped_by:
            groups = published()[shape.id]["x-enum-groups"]
            assert shape.grouped_by == groups["by"]
            under = {one.value: one.under for one in shape.values if one.under}
            assert under == {
                value: group
                for group, values in groups["groups"].items()
                for value in values
            }
    root = published()["DescribeTrainingJobResponse"]
    assert {"advice", "error"} == {one["severity"] for one in root["x-rules"]}


def test_values_have_the_day_of_their_first_release() -> None:
    """In the order of the values."""
    status = published()["SecondaryStatus"]
    since = dict(zip(status["x-extensible-enum"], status["x-enum-since"], strict=True))

    assert "2017-11-29" == since["Training"]
    assert since["Pending"] > "2022"
    assert "" == since["PreparingTraining"]  # no release has it


def test_deprecation_says_what_to_use() -> None:
    """Where the spec says it."""
    members = compile_text(EVERY, targets=("json-schema",)).json_schema("R")["$defs"][
        "R"
    ]
    properties = members["properties"]

    assert {"since": "2025", "use": "C"} == properties["B"]["x-deprecated"]
    assert properties["C"]["deprecated"]
    assert "x-deprecated" not in properties["C"]
