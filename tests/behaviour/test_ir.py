"""The target `ir`: what a pass has found out is there to be seen, once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shapespec import cel
from shapespec.compiler import compile_spec, generate
from shapespec.ground.source import SourceFile
from tests.support import compile_text, flagship, run_shapespec

SPEC = r"""
shapespec: 1
package: library
shapes:
  Loan:
    type: structure
    members:
      DueOn: {type: timestamp, required: true}
      Days: {type: integer, range: {above: 0, max: 90}, relaxed: {maximum: long-loans}}
      Class: {type: string, pattern: '[a-z]+', python: shelf}
    rules:
      no-long-loan: {cel: 'this.Class.matches("ref.*")', message: long}
    derived:
      Weeks: {cel: this.Days / 7, type: integer}
"""


def resolved(text: str) -> dict[str, Any]:
    files = compile_text(text, targets=("ir",)).files
    found: dict[str, Any] = json.loads(files["ir/library.json"])
    return found


def test_names_and_code_are_there() -> None:
    """Python names and compiled expressions are fields of what they belong to."""
    loan = resolved(SPEC)["shapes"]["Loan"]

    assert "Loan" == loan["python"]
    assert ["due_on", "days", "shelf"] == [one["python"] for one in loan["members"]]
    (rule,) = loan["rules"]
    assert "rule_no_long_loan" == rule["python"]
    assert 'this.get("Class")' in rule["code"]["text"]
    assert ["NO_LONG_LOAN_1"] == [name for name, _ in rule["code"]["patterns"]]
    (derived,) = loan["derived"]
    assert "this.days" in derived["code"]["text"]


def test_what_is_not_carried_is_there() -> None:
    """What an importer has left out is there, without where the spec says so."""
    found = resolved(
        SPEC
        + """
not_carried:
  unsupported-keyword:
    effect: looser
    means: a keyword that the language cannot say is left out
    places:
      - {at: Loan.Days, keyword: not, source: "#/Days/not", digest: 1f8ac10f23c5b5bc}
"""
    )

    (left_out,) = found["not_carried"]
    assert ("Loan.Days", "not") == (left_out["at"], left_out["keyword"])
    assert "span" not in left_out


def test_constraints_are_there() -> None:
    """Each constraint has its keyword, its limit and what it weighs to break it."""
    days = resolved(SPEC)["shapes"]["Loan$Days"]

    assert [
        {
            "keyword": "maximum",
            "limit": 90,
            "rule": "range",
            "severity": "warning",
            "relaxed": {"decision": "long-loans"},
        },
        {
            "keyword": "exclusiveMinimum",
            "limit": 0,
            "rule": "range",
            "severity": "error",
        },
    ] == days["constraints"]


def test_decisions_are_there(tmp_path: Path) -> None:
    """Where the decisions are read, each relaxed keyword has the reason."""
    done = run_shapespec("generate", "--target", "ir", "--out", tmp_path)

    (file,) = tmp_path.glob("ir/*.json")
    found = json.loads(file.read_text("utf-8"))
    relaxed = [
        one["relaxed"]
        for shape in found["shapes"].values()
        for one in shape.get("constraints", ())
        if "relaxed" in one
    ]
    assert 0 == done.returncode
    assert relaxed
    assert all(one["settled"]["reason"] for one in relaxed)
    assert all(one["settled"]["id"] == one["decision"] for one in relaxed)


def test_it_says_that_it_is_not_stable() -> None:
    """Nobody is to build on it unawares."""
    assert "not a stable format" in resolved(SPEC)["comment"]


def test_an_expression_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many targets there are, each expression is compiled one time."""
    compiled: list[str] = []
    whole = cel.compile_cel

    def counting(schema: Any, node: Any, *rest: Any, **named: Any) -> Any:
        compiled.append(repr(node))
        return whole(schema, node, *rest, **named)

    monkeypatch.setattr(cel, "compile_cel", counting)
    schema = compile_spec(SourceFile("spec.yaml", SPEC))
    generate(schema, ("dataclasses", "validators", "docs", "json-schema", "ir"))

    assert len(compiled) == len({*compiled}) == 2


def test_the_flagship_is_written_whole() -> None:
    """Every shape is there, and none of what says where something is written."""
    (file,) = generate(flagship(), ("ir",))
    found = json.loads(file.text)

    assert 150 < len(found["shapes"])
    assert '"span"' not in file.text
