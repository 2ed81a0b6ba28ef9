"""The official test suite of JSON Schema: what we emit means what we think.

`suite.yaml` says for each of its groups about strings, numbers, lists and objects which
shape says the same. The shape has to come out as the group's keywords, and our
validator has to give the suite's verdicts, but for the differences that are listed. The
suite is not in the repository: the source distribution of python-jsonschema on PyPI
holds it, and `make test` fetches that; see `SUITE`.
"""

from __future__ import annotations

import json
import os
import sys
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
from ruamel.yaml import YAML

from tests.support import Generated, compile_text

SUITE = Path(
    os.environ.get("JSON_SCHEMA_SUITE") or Path(sys.prefix, "json-schema-suite")
)
"""The folder that holds `jsonschema-<version>.tar.gz`."""

_FOUND = sorted(SUITE.glob("jsonschema-*.tar.gz"))
if not _FOUND:
    pytest.skip(
        f"no jsonschema-*.tar.gz in {SUITE}; `make test` fetches it",
        allow_module_level=True,
    )


class Group(NamedTuple):
    """A group of the suite, and the shape that says the same.

    Attributes:
        id: Its file and its name.
        schema: Its schema.
        tests: Names, values and verdicts.
        shape: The member of a structure that says the same.
        shapes: Other shapes that it needs.
        differs: The tests whose verdict is not ours.
    """

    id: str
    schema: Any
    tests: list[dict[str, Any]]
    shape: dict[str, Any]
    shapes: dict[str, Any]
    differs: set[str]


TABLE: dict[str, Any] = YAML(typ="safe").load(
    Path(__file__).with_name("suite.yaml").read_text("utf-8")
)


@cache
def suite(file: str) -> dict[str, Any]:
    """The groups of a file of the suite, by name."""
    with tarfile.open(_FOUND[-1]) as archive:
        (member,) = (
            name
            for name in archive.getnames()
            if name.endswith(f"/tests/draft2020-12/{file}.json")
        )
        text = archive.extractfile(member)
        assert text is not None
        return {one["description"]: one for one in json.load(text)}


def groups() -> Iterator[Group]:
    """The groups that a shape can say."""
    for file, entries in TABLE["groups"].items():
        for name, entry in entries.items():
            group = suite(file)[name]
            differs = entry.get("differs", {}).values()
            yield Group(
                f"{file}: {name}",
                group["schema"],
                group["tests"],
                {**entry["shape"], "required": True},
                entry.get("shapes", {}),
                {test for tests in differs for test in tests},
            )


GROUPS = list(groups())


@cache
def compiled(number: int) -> Generated:
    """What comes of the shape of a group."""
    group = GROUPS[number]
    root = {"type": "structure", "members": {"Value": group.shape}}
    shapes = {"Root": root, **group.shapes}
    return compile_text(
        json.dumps({"shapespec": 1, "package": "suite", "shapes": shapes}),
        targets=("json-schema", "validators"),
    )


def emitted(document: Any) -> Any:
    """The schema of the member that says what a group says, and of what it names."""
    definitions = document["$defs"]
    found = definitions["Root"]["properties"]["Value"]
    if "$ref" in found:
        found = definitions[found["$ref"].removeprefix("#/$defs/")]
    return found


KEYWORDS = {
    *("minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems"),
    *("exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minProperties", "maxProperties", "required"),
}
"""The keywords whose values are emitted as they are."""

NUMBERS = pytest.mark.parametrize(
    "number", range(len(GROUPS)), ids=[group.id for group in GROUPS]
)


@NUMBERS
def test_the_shape_comes_out_as_the_keyword(number: int) -> None:
    """The bounds of the group's schema stand in ours, with the same values."""
    group = GROUPS[number]
    given = {word: group.schema[word] for word in KEYWORDS & group.schema.keys()}

    found = emitted(compiled(number).json_schema("Root"))

    assert {word for word in given if given[word]} <= found.keys()
    assert {word: found.get(word, given[word]) for word in given} == given


@NUMBERS
def test_our_validator_gives_the_verdicts_of_the_suite(number: int) -> None:
    """Each value is right or wrong as the suite says, unless the list says why not."""
    group = GROUPS[number]
    package = compiled(number).package

    found = {
        test["description"]
        for test in group.tests
        if package.is_valid({"Value": test["data"]}) != test["valid"]
    }

    assert group.differs == found


@NUMBERS
def test_what_we_emit_gives_our_verdicts(number: int) -> None:
    """python-jsonschema, given our schema, says of the values what we say."""
    group = GROUPS[number]
    generated = compiled(number)
    peer = jsonschema.Draft202012Validator(generated.json_schema("Root"))

    for test in group.tests:
        response = {"Value": test["data"]}

        assert generated.package.is_valid(response) == peer.is_valid(response)


@pytest.mark.parametrize("file", TABLE["groups"])
def test_no_group_is_forgotten(file: str) -> None:
    """Each group of the files is said by a shape, or skipped for a reason."""
    said = set(TABLE["groups"][file])
    skipped = set(TABLE["skipped"].get(file, {}))

    assert set() == said & skipped
    assert set(suite(file)) == said | skipped


def test_every_reason_is_used() -> None:
    """There is a sentence for each reason, and a use for each sentence."""
    used = {
        reason
        for entries in TABLE["groups"].values()
        for entry in entries.values()
        for reason in entry.get("differs", {})
    }
    used |= {one for entries in TABLE["skipped"].values() for one in entries.values()}

    assert set(TABLE["reasons"]) == used
