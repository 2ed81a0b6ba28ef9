"""Every member and value that the documents state, in the spec and in JSON Schema."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from shapespec.compiler import compile_spec
from shapespec.contract.facts import Fact
from shapespec.contract.places import OPERATION, TABLE, Tree
from shapespec.importers import DOCUMENTS, find_reader
from shapespec.project.files import read_source
from tests.support import FLAGSHIP, ROOT, SHARED

PAGES = SHARED / "documents"
SCHEMAS = ROOT / "generated" / "json_schema" / "sagemaker_training_job"
COLUMNS = {"_key", "account_id", "tags"}
"""What the warehouse adds to a row."""


@cache
def tree() -> Tree:
    return Tree(compile_spec(read_source(FLAGSHIP)))


def facts(kind: str) -> tuple[Fact, ...]:
    """What the documents of a format state, read now."""
    if not PAGES.is_dir():
        pytest.skip("../shared/documents is absent")
    (page,) = PAGES.glob(f"*{kind.replace('-', '_').replace('aws_sdk_', '')}*")
    return find_reader(kind).read(read_source(page), tree()).facts


def at(path: str) -> Iterator[dict[str, Any]]:
    """The schemas that the values at a path have to satisfy."""
    root = "Request" if path.startswith("(request).") else "Response"
    path = path.removeprefix("(request).")
    document = json.loads((SCHEMAS / f"DescribeTrainingJob{root}.json").read_text())

    def resolved(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield schema
        if "$ref" in schema:
            yield from resolved(document["$defs"][schema["$ref"].rpartition("/")[2]])
        for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
            yield from resolved(one)

    found = [*resolved(document)]
    for step in re.findall(r"\w+|\[\]|\{\w*\}", path):
        match step:
            case "[]":
                inner = [one["items"] for one in found if "items" in one]
            case "{}":
                inner = [
                    one["additionalProperties"]
                    for one in found
                    if isinstance(one.get("additionalProperties"), dict)
                ]
            case "{key}":
                inner = [
                    one["propertyNames"] for one in found if "propertyNames" in one
                ]
            case name:
                inner = [
                    one["properties"][name]
                    for one in found
                    if name in one.get("properties", ())
                ]
        found = [schema for one in inner for schema in resolved(one)]
    yield from found


def wire(path: str) -> str:
    """A path as the spec has it: R knows no maps, and has lists in their place."""
    place = tree().find(path)
    assert place is not None, path
    return place.path


def values(path: str) -> set[str]:
    """The values of an enum that the schemas at a path list, open ones included."""
    return {
        value
        for schema in at(path)
        for key in ("enum", "x-extensible-enum", "x-retired-values")
        for value in schema.get(key, ())
    }


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_member_is_in_the_json_schema(kind: str) -> None:
    """No place that a document names is missing in the spec or in JSON Schema."""
    places = {fact.path for fact in facts(kind)} - COLUMNS - {OPERATION, TABLE}

    assert places
    assert [] == sorted(place for place in places if not any(at(wire(place))))


@pytest.mark.parametrize("kind", ["aws-api-reference", "paws"])
def test_every_value_is_in_the_json_schema(kind: str) -> None:
    """No value of an enum that a document lists is missing in JSON Schema."""
    stated = [fact for fact in facts(kind) if fact.kind == "enum"]
    missing = {
        (fact.path, value)
        for fact in stated
        for value in set(fact.value if isinstance(fact.value, list) else ())
        - values(fact.path)
    }

    assert stated
    assert set() == missing


def test_the_count() -> None:
    """So many places and values there are."""
    found = Counter[str]()
    for kind in DOCUMENTS:
        for fact in facts(kind):
            found["places"] += fact.kind == "type"
            found["values"] += len(fact.value) if isinstance(fact.value, list) else 0

    assert {"places": 460, "values": 279} == dict(found)
