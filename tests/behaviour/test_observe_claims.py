"""Claims: what observed responses confirm becomes a fact, what they refute goes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import run_shapespec

SPEC = """\
shapespec: 1
package: library
claimed: true
shapes:
  Loan:
    type: structure
    members:
      Title: {target: string, required: true}
      Reader: {target: string, required: true}
      Days: {type: integer, range: {min: 1, max: 30}}
      Shelf: Shelf
      Notes: {type: list, member: string, length: {min: 1}}
  Shelf: {type: string, length: {min: 2, max: 5}, pattern: '[A-Z]+[0-9]*'}
"""
LOAN = {"Title": "Emma", "Reader": "ada", "Days": 14, "Shelf": "AB1", "Notes": ["x"]}


def observe(folder: Path, *responses: object, enough: int = 3) -> tuple[int, str, str]:
    """The exit code, the patch, and the spec once the patch is applied."""
    spec, patch = folder / "library.yaml", folder / "library.patch"
    spec.write_text(SPEC)
    (folder / "loans.ndjson").write_text("\n".join(map(json.dumps, responses)))
    arguments = ("--spec", "library.yaml", "--patch", "library.patch")
    done = run_shapespec(
        "observe", "loans.ndjson", *arguments, "--confirm", str(enough), cwd=folder
    )
    applied = SPEC
    for line in patch.read_text().splitlines():
        if line.startswith("-") and not line.startswith("---"):
            assert line[1:] in applied
            applied = applied.replace(line[1:], "\0", 1)
        elif line.startswith("+") and not line.startswith("+++"):
            applied = applied.replace("\0", line[1:], 1)
    spec.write_text(applied)
    return done.returncode, patch.read_text(), applied


def test_what_many_values_kept_becomes_a_fact(tmp_path: Path) -> None:
    """The patch says how many; what broke a keyword keeps the claim, and the rest."""
    loans = [LOAN, {**LOAN, "Shelf": "TOOLONG"}, {**LOAN, "Days": 30}]

    _, patch, applied = observe(tmp_path, *loans)

    assert "Title: {target: string, required: true, claimed: false}" in applied
    assert "range: {min: 1, max: 30}, claimed: false}" in applied
    assert "Loan.Title claims `required`, and 3 of 3 values kept to it" in patch
    (shelf,) = (line for line in applied.splitlines() if line.startswith("  Shelf:"))
    assert "claimed: [maxLength]" in shelf


def test_a_fact_is_an_error_then(tmp_path: Path) -> None:
    """What was a warning before."""
    observe(tmp_path, LOAN, LOAN, LOAN)
    (tmp_path / "loan.json").write_text(json.dumps({**LOAN, "Days": 31}))

    done = run_shapespec(
        "validate", "loan.json", "--spec", "library.yaml", cwd=tmp_path
    )

    assert 1 == done.returncode
    assert "error[range]" in done.stdout


def test_a_few_values_confirm_nothing(tmp_path: Path) -> None:
    """Nothing is new, and the spec stays as it is."""
    code, patch, applied = observe(tmp_path, LOAN, LOAN)

    assert (0, SPEC) == (code, applied)
    assert "a fact" not in patch


def test_a_member_that_was_absent_is_claimed_no_more(tmp_path: Path) -> None:
    """That is news: the document is refuted."""
    code, patch, applied = observe(
        tmp_path, LOAN, {name: LOAN[name] for name in LOAN if name != "Reader"}
    )

    assert 1 == code
    assert "Reader is documented as required, but only 1 of 2 had it" in patch
    assert "      Reader: {target: string}\n" in applied


@pytest.mark.parametrize("enough", ["0", "-1", "many"])
def test_no_fewer_than_one_is_enough(enough: str) -> None:
    """The message says what is expected."""
    done = run_shapespec("observe", "x.json", "--confirm", enough)

    assert 2 == done.returncode
    assert "--confirm" in done.stderr
