"""Tables of values: what each construct accepts and refuses, and why.

Each table is judged twice, by the generated validator and by python-jsonschema with
the generated JSON Schema; where the two differ, `nonconforming.yaml` says why.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
from ruamel.yaml import YAML

from shapespec.contract.judge import problem
from tests.support import Generated, compile_text
from tests.support.checks import checks_of

HERE = Path(__file__).parent


NEWS = {"unknown-member", "unknown-value", "retired-value"}
"""The rules of findings that say that the contract has moved."""

LOOKS = {"type": "string", "pattern": "(?!x)a+"}
"""A pattern that an engine has to match, which no text of over 1,000 is given to."""

LISTS = {"nonconforming", "unsure"}
"""Tables that say which values of the others are exceptions."""


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
        if path.stem in LISTS:
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
    for key in ("forms", "nulls", "closed", "formats"):
        if key in row:
            spec[key] = row[key]
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


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_compiler_agrees(case: Case) -> None:
    """What judges examples in specs says the same; it relaxes nothing."""
    generated, _ = compiled(spec_of(case.row))
    relaxed = case.verdict == "warned" and case.rule not in NEWS

    found = problem(generated.schema, "Root", {"Value": case.value})

    assert (case.verdict == "refused" or relaxed) == (found is not None)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_fast_path_is_sure(case: Case) -> None:
    """What is not wrong is accepted at once, unless the list says why it cannot be.

    The full validator would give the same verdict; it takes ten times as long.
    """
    generated, _ = compiled(spec_of(case.row))
    fast, _ = checks_of(generated.package, "Root")

    try:
        sure = fast({"Value": case.value})
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        sure = False

    unsure = (case.file, case.row["title"], json.dumps(case.value)) in unsure_cases()
    assert sure == (case.verdict != "refused" and not unsure)


@pytest.mark.parametrize(
    ("shape", "value", "said"),
    [
        ({"target": "timestamp"}, datetime(2025, 6, 3, tzinfo=UTC), None),
        ({"target": "double"}, float("inf"), "`Value`: it is not finite"),
        ({"target": "string"}, b"a", "`Value`: expected text, found bytes"),
        (LOOKS, "b" * 1000, "`Value`: it does not match `(?!x)a+`"),
        (LOOKS, "b" * 1001, None),
    ],
)
def test_the_compiler_knows_what_json_does_not(
    shape: dict[str, Any], value: object, said: str | None
) -> None:
    """Values that no table can hold are judged, too."""
    generated, _ = compiled(spec_of({"shape": shape}))

    assert said == problem(generated.schema, "Root", {"Value": value})


@cache
def unsure_cases() -> set[tuple[str, str, str]]:
    """The values that the fast path leaves to the full validator."""
    return {
        (entry["file"], entry["title"], json.dumps(value))
        for entry in load("unsure")
        for value in entry["values"]
    }


def test_every_exception_is_a_case() -> None:
    """The lists of exceptions name only values that stand in a table."""
    known = {(case.file, case.row["title"], json.dumps(case.value)) for case in CASES}

    listed = {
        (entry["file"], entry["title"], json.dumps(entry["value"]))
        for entry in load("nonconforming")
    }

    assert set() == (listed | unsure_cases()) - known
