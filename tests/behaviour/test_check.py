"""What is wrong with specs, for people and for programs, in all commands alike."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support import run_shapespec

GOOD = """\
shapespec: 1
package: good
shapes:
  R: {type: structure, members: {A: string}}
"""
WRONG = """\
shapespec: 1
package: wrong
shapes:
  R: {type: structure, members: {A: strng, B: Nope}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A spec that is right, and one that is wrong twice."""
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "wrong.yaml").write_text(WRONG)
    return tmp_path


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run_shapespec(*words, cwd=folder)


def results(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """The results of a SARIF document, each with its place."""
    (sarif,) = json.loads(done.stdout)["runs"]
    found: list[dict[str, Any]] = sarif["results"]
    return found


def test_check_writes_nothing(folder: Path) -> None:
    """A spec that is right is valid, and nothing is generated."""
    before = sorted(folder.rglob("*"))

    done = run(folder, "check", "good.yaml")

    assert (0, "good.yaml: valid\n", "") == (done.returncode, done.stdout, done.stderr)
    assert before == sorted(folder.rglob("*"))
    assert "" == run(folder, "check", "good.yaml", "-q").stdout


def test_check_shows_all_faults_of_all_specs(folder: Path) -> None:
    """One wrong spec keeps no other one from being checked."""
    done = run(folder, "check", "wrong.yaml", "good.yaml")

    assert 1 == done.returncode
    assert 2 == done.stdout.count("error[unknown-shape]")
    assert "--> wrong.yaml:4:37" in done.stdout
    assert "wrong.yaml: invalid" in done.stdout
    assert "good.yaml: valid" in done.stdout


def test_check_goes_on_behind_an_unreadable_spec(folder: Path) -> None:
    """A missing spec is unreadable, and ends with 2 in every format."""
    for output in ("text", "json", "github", "sarif"):
        done = run(folder, "check", "none.yaml", "wrong.yaml", "--format", output)
        assert 2 == done.returncode
        assert "none.yaml" in done.stdout
        assert "wrong.yaml" in done.stdout


def test_check_of_the_project(folder: Path) -> None:
    """Without a name, the specs of the project are checked."""
    (folder / "pyproject.toml").write_text('[tool.shapespec]\nspecs = ["wrong.yaml"]\n')

    assert "wrong.yaml: invalid" in run(folder, "check").stdout


def test_check_as_json(folder: Path) -> None:
    """A line for each spec, with the places of what is wrong."""
    done = run(folder, "check", "wrong.yaml", "good.yaml", "--format", "json")

    wrong, good = map(json.loads, done.stdout.splitlines())
    assert {"source": "good.yaml", "valid": True, "findings": []} == good
    assert ("wrong.yaml", False) == (wrong["source"], wrong["valid"])
    first, _ = wrong["findings"]
    assert {
        "rule": "unknown-shape",
        "severity": "error",
        "file": "wrong.yaml",
        "line": 4,
        "column": 37,
        "end_line": 4,
        "end_column": 42,
        "help": "did you mean `string`?",
    } == {key: text for key, text in first.items() if key not in _SAID}


_SAID = ("message", "fingerprint")


@pytest.mark.parametrize("words", [("check",), ("generate",)], ids=" ".join)
def test_annotations(folder: Path, words: tuple[str, ...]) -> None:
    """Faults of specs annotate the lines of a pull request."""
    done = run(folder, *words, "wrong.yaml", "--format", "github")

    assert 1 == done.returncode
    first, second = done.stdout.splitlines()
    assert first.startswith("::error file=wrong.yaml,line=4,col=37,title=unknown-shape")
    assert "Nope" in second


@pytest.mark.parametrize("words", [("check",), ("generate",)], ids=" ".join)
def test_sarif(folder: Path, words: tuple[str, ...]) -> None:
    """Faults of specs are a SARIF document, with the page of each rule."""
    done = run(folder, *words, "wrong.yaml", "--format", "sarif")

    assert 1 == done.returncode
    first, _ = results(done)
    (place,) = first["locations"]
    assert {
        "artifactLocation": {"uri": "wrong.yaml"},
        "region": {"startLine": 4, "startColumn": 37, "endLine": 4, "endColumn": 42},
    } == place["physicalLocation"]
    (rule,) = json.loads(done.stdout)["runs"][0]["tool"]["driver"]["rules"]
    assert rule["help"]["markdown"].startswith("# ")
    nothing = run(folder, *words, "good.yaml", "--format", "sarif")
    assert (0, []) == (nothing.returncode, results(nothing))


def test_stale_files(folder: Path) -> None:
    """`generate --check` names each stale file, in every format."""
    run(folder, "generate", "good.yaml", "--target", "docs")
    (folder / "generated" / "docs" / "good" / "R.md").write_text("edited")
    words = ("generate", "good.yaml", "--target", "docs", "--check", "--format")

    as_json = run(folder, *words, "json")
    as_github = run(folder, *words, "github")

    assert (1, 1) == (as_json.returncode, as_github.returncode)
    stale = json.loads(as_json.stdout)
    assert ("stale-file", "run `shapespec generate`") == (stale["rule"], stale["help"])
    assert Path("generated/docs/good/R.md") == Path(stale["file"])
    assert as_github.stdout.startswith("::error file=generated/docs/good/R.md,")


def test_facts_that_are_faults(folder: Path) -> None:
    """`audit` annotates the line of the evidence that the spec does not agree with."""
    (folder / "evidence.yaml").write_text(
        "# x\nsource: {id: page, kind: page, title: T, edition: '1', document: d,"
        " sha256: '0'}\nfacts: []\n"
    )
    spec = folder / "bound.yaml"
    spec.write_text(
        GOOD.replace("{A: string}", "{A: {type: string, length: {max: 3}}}")
    )

    text = run(folder, "audit", "bound.yaml")
    as_github = run(folder, "audit", "bound.yaml", "--format", "github")
    as_sarif = run(folder, "audit", "bound.yaml", "--format", "sarif")

    assert 1 == text.returncode == as_github.returncode == as_sarif.returncode
    faults = text.stdout.count("unsupported: ")
    assert faults == len(as_github.stdout.splitlines()) == len(results(as_sarif)) > 0
    assert "title=unsupported-fact::" in as_github.stdout


def test_changes(folder: Path) -> None:
    """`diff` annotates the new contract: what breaks somebody is an error."""
    (folder / "new.yaml").write_text(GOOD.replace("A: string", "A: integer, B: string"))

    as_github = run(folder, "diff", "good.yaml", "new.yaml", "--format", "github")
    as_sarif = run(folder, "diff", "good.yaml", "new.yaml", "--format", "sarif")
    as_json = run(folder, "diff", "good.yaml", "new.yaml", "--format", "json")

    assert 1 == as_github.returncode == as_sarif.returncode
    changes = len(as_json.stdout.splitlines())
    assert changes == len(as_github.stdout.splitlines()) == len(results(as_sarif)) > 1
    assert "::error file=new.yaml,line=4,col=" in as_github.stdout
    assert "title=breaking-change::" in as_github.stdout
    assert {"error"} < {one["level"] for one in results(as_sarif)}
