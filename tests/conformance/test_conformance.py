"""Tables of values: what each construct accepts and refuses, and why.

Each table is judged twice, by the generated validator and by python-jsonschema with
the generated JSON Schema; where the two differ, `nonconforming.yaml` says why.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
from ruamel.yaml import YAML

from tests.support import Generated, compile_text

HERE = Path(__file__).parent


class Case(NamedTuple):
    """A value of a table and what is to be said about it."""

    file: str
    row: dict[str, Any]
    value: object
    verdict: str
    rule: str | None
    pointer: str

    def __str__(self) -> str:
        return f"{self.file}: {self.row['title']}: {json.dumps(self.value)}"


def load(name: str) -> Any:
    return YAML(typ="safe").load((HERE / f"{name}.yaml").read_text("utf-8"))


def cases() -> Iterator[Case]:
    for path in sorted(HERE.glob("*.yaml")):
        if path.stem == "nonconforming":
            continue
        for row in load(path.stem):
            for value in row.get("accepted", ()):
                yield Case(path.stem, row, value, "accepted", None, "/Value")
            for verdict in ("refused", "warned"):
                for entry in row.get(verdict, ()):
                    pointer = entry.get("pointer", "/Value")
                    yield Case(
                        path.stem, row, entry["value"], verdict, entry["rule"], pointer
                    )


@cache
def compiled(text: str) -> tuple[Generated, jsonschema.Draft202012Validator]:
    generated = compile_text(text)
    document = generated.json_schema("Root")
    jsonschema.Draft202012Validator.check_schema(document)
    return generated, jsonschema.Draft202012Validator(document)


def spec_of(row: dict[str, Any]) -> str:
    member = row.get("shape", {"target": row.get("target")})
    if row.get("required"):
        member = {**member, "required": True}
    root = {"type": "structure", "members": {"Value": member}}
    spec = {"shapespec": 1, "package": "case", "shapes": {"Root": root}}
    spec["shapes"] |= row.get("shapes", {})
    if "forms" in row:
        spec["forms"] = row["forms"]
    return json.dumps(spec)


CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_validator(case: Case) -> None:
    """The generated validator says of a value what its table says."""
    generated, _ = compiled(spec_of(case.row))
    response = {"Value": case.value}

    findings = generated.package.validate(response)

    errors = [(one.rule, one.pointer) for one in findings if one.severity == "error"]
    others = [(one.rule, one.pointer) for one in findings if one.severity != "error"]
    assert (case.verdict != "refused") == generated.package.is_valid(response)
    if case.verdict == "refused":
        assert [(case.rule, case.pointer)] == errors
    else:
        assert [] == errors
    if case.verdict == "warned":
        assert [(case.rule, case.pointer)] == others
        assert not generated.package.is_valid(response, strict=True)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_json_schema_agrees(case: Case) -> None:
    """python-jsonschema gives the same verdict, unless the list says why it cannot."""
    _, validator = compiled(spec_of(case.row))
    agrees = (case.verdict != "refused") == validator.is_valid({"Value": case.value})

    listed = any(
        (entry["file"], entry["title"], entry["value"])
        == (case.file, case.row["title"], case.value)
        for entry in load("nonconforming")
    )

    assert agrees != listed


def test_every_exception_is_a_case() -> None:
    """The list of exceptions names only values that stand in a table."""
    known = {(case.file, case.row["title"], json.dumps(case.value)) for case in CASES}

    listed = {
        (entry["file"], entry["title"], json.dumps(entry["value"]))
        for entry in load("nonconforming")
    }

    assert set() == listed - known
