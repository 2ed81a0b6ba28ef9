"""Every command on a plain install: what it prints, what it writes, its exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shapespec.cli import COMMANDS
from tests.support import ROOT, run_shapespec

EXAMPLES = ROOT / "spec" / "sagemaker" / "examples"
CASES = ROOT / "tests" / "cases"
SPEC = """\
shapespec: 1
package: weather
shapes:
  Reading:
    type: structure
    members:
      Station: {target: StationName, required: true}
      Low: {type: double}
      High: {type: double}
    rules:
      ordered: {cel: this.Low <= this.High, message: low is above high}
  StationName: {type: string, length: {min: 1, max: 8}, pattern: '[a-z]+'}
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A spec with a pattern and a rule."""
    path = tmp_path / "weather.yaml"
    path.write_text(SPEC, "utf-8")
    return path


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_has_help(command: str) -> None:
    """A command, and what it imports, loads; its help says how it is called."""
    done = run_shapespec(*command.split(), "--help")

    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.startswith(f"Usage: shapespec {command}".rstrip())


def test_the_flagship_comes_out_byte_for_byte() -> None:
    """What the repository holds is what is generated."""
    done = run_shapespec("generate", "--check")

    assert (0, "") == (done.returncode, done.stderr)
    assert "all generated files are current\n" == done.stdout


def test_a_package_is_generated_and_used(spec: Path, tmp_path: Path) -> None:
    """A new package imports, and its verdicts are right."""
    target = ("--target", "dataclasses", "--target", "validators", "--target", "sql")

    done = run_shapespec("generate", spec, "--out", tmp_path / "out", *target)
    code = (
        "from weather import Reading, is_valid;"
        "print(is_valid({'Station': 'a'}), is_valid({'Station': 'A'}),"
        " is_valid({'Station': 'a', 'Low': 2, 'High': 1.5}));"
        "print(Reading.from_response({'Station': 'a'}))"
    )
    used = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path / "out" / "python",
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stderr)
    assert (tmp_path / "out" / "sql" / "weather" / "postgresql.sql").exists()
    assert "" == used.stderr
    assert "True False False" == used.stdout.splitlines()[0]


def test_long_names_are_laid_out_alike(tmp_path: Path) -> None:
    """Lines that are too long are broken in one way, whatever the release of ruff."""
    name = "A" * 80
    spec = tmp_path / "long.yaml"
    shape = "{type: string, length: {min: 1}, pattern: '[a-z]+'}"
    member = SPEC.replace("Low: {type", f"{name}: {name}\n      Low: {{type")
    spec.write_text(f"{member}  {name}: {shape}\n", "utf-8")

    done = run_shapespec(
        "generate", spec, "--out", tmp_path / "out", "--target", "strategies"
    )

    made = tmp_path / "out" / "python" / "weather" / "strategies.py"
    assert 0 == done.returncode, done.stderr
    assert (
        f'    "{name}": partial(\n        _matches, r"[a-z]+", 1, None\n    ),\n'
    ) in made.read_text("utf-8")


def test_responses_are_judged() -> None:
    """The right example passes, the broken one has its findings with their places."""
    right = run_shapespec("validate", EXAMPLES / "valid.json")
    broken = run_shapespec(
        "validate", EXAMPLES / "broken.json", "--severity", "enum=note"
    )

    assert (0, "") == (right.returncode, right.stderr)
    assert (1, "") == (broken.returncode, broken.stderr)
    assert "broken.json:2:3: error[pattern] /TrainingJobName" in broken.stdout


def test_a_spec_judges_yaml(spec: Path, tmp_path: Path) -> None:
    """A spec is compiled and a response in YAML judged, each finding at its line."""
    response = tmp_path / "reading.yaml"
    response.write_text("Station: north\nLow: 3\nHigh: 2\n", "utf-8")

    done = run_shapespec("validate", response, "--spec", spec, "--max-size", "1MB")

    assert (1, "") == (done.returncode, done.stderr)
    assert "reading.yaml:1:1: error[ordered]" in done.stdout


def test_a_wrong_spec_is_shown_its_place(spec: Path, tmp_path: Path) -> None:
    """A diagnostic has the line and the column, whatever reads the YAML."""
    spec.write_text(SPEC.replace("StationName, req", "StationNam, req"), "utf-8")

    done = run_shapespec("generate", spec, "--out", tmp_path / "out")

    assert 1 == done.returncode
    assert "weather.yaml:7:25" in done.stderr


def test_responses_are_observed(tmp_path: Path) -> None:
    """Evidence and a patch are written."""
    evidence, patch = tmp_path / "evidence.yaml", tmp_path / "spec.patch"
    options = ("-o", evidence, "--patch", patch, "--id", "captured", "--at", "")

    done = run_shapespec("observe", EXAMPLES / "valid.json", *options)

    assert 0 == done.returncode, done.stderr
    assert "id: captured" in evidence.read_text("utf-8").replace('"', "")
    assert patch.exists()


def test_a_page_is_imported() -> None:
    """The facts of a page are those of its case."""
    folder = CASES / "importers" / "aws-cli" / "flat"
    options = ("--edition", "2025", "--spec", "spec.yaml")

    done = run_shapespec("import", "aws-cli", "page.md", *options, cwd=folder)

    expected = (folder / "facts.yaml").read_text("utf-8")
    assert 0 == done.returncode, done.stderr
    assert expected.partition("\nfacts:")[2] == done.stdout.partition("\nfacts:")[2]


@pytest.mark.parametrize("kind", ["json-schema", "smithy"])
def test_a_schema_becomes_a_spec(kind: str, tmp_path: Path) -> None:
    """A schema or model becomes a spec, which compiles."""
    source = next((CASES / "imports" / kind).glob("*/source.json"))
    spec = tmp_path / "spec.yaml"

    imported = run_shapespec("import", kind, source, "-o", spec)
    generated = run_shapespec("generate", spec, "--out", tmp_path / "out")

    assert 0 == imported.returncode, imported.stderr
    assert 0 == generated.returncode, generated.stderr


def test_samples_are_right_and_wrong(spec: Path) -> None:
    """Samples are valid; those that are to be invalid break what they name."""
    right = run_shapespec("sample", "--spec", spec, "--count", "3")
    wrong = run_shapespec("sample", "--spec", spec, "--invalid")
    judged = run_shapespec("validate", "-", "--spec", spec, stdin=right.stdout)

    assert (0, 0) == (right.returncode, wrong.returncode)
    assert 0 == judged.returncode, judged.stdout
    broken = {json.loads(line)["rule"] for line in wrong.stdout.splitlines()}
    assert {"required", "length", "pattern", "ordered"} <= broken


def test_a_response_is_converted() -> None:
    """A response in one form becomes the same in another, and comes back."""
    source = ROOT / "tests" / "fixtures" / "clients" / "aws-cli-wire.json"

    there = run_shapespec(
        "convert", source, "--from", "aws-cli", "--to", "aws-sdk-ruby"
    )
    back = run_shapespec(
        "convert", "-", "--from", "aws-sdk-ruby", "--to", "wire", stdin=there.stdout
    )
    straight = run_shapespec("convert", source, "--from", "aws-cli", "--to", "wire")

    assert (0, 0, 0) == (there.returncode, back.returncode, straight.returncode)
    assert straight.stdout == back.stdout


@pytest.mark.parametrize(
    ("command", "begins"),
    [
        ("audit", "source "),
        ("coverage", ""),
        ("explain required", "required"),
        ("meta-schema", "{"),
        ("generate --list-targets", "json-schema "),
        ("--version", "shapespec, version "),
    ],
)
def test_what_only_prints(command: str, begins: str) -> None:
    """Commands that write no file end well and say nothing on standard error."""
    done = run_shapespec(*command.split())

    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.lstrip("# `").startswith(begins)


def test_specs_are_compared(spec: Path, tmp_path: Path) -> None:
    """A change of a spec is told."""
    later = tmp_path / "later.yaml"
    later.write_text(SPEC.replace("max: 8", "max: 9"), "utf-8")

    done = run_shapespec("diff", spec, later)

    assert (1, "") == (done.returncode, done.stderr)
    assert "9" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("generate", "--target", "no-such"),
        ("validate", "-", "--severity", "no-level"),
        ("validate", "-", "--max-size", "many"),
        ("observe", "-", "--id", "No Id"),
        ("observe", "-", "--at", "nowhere"),
    ],
)
def test_wrong_usage_is_told(arguments: tuple[str, ...]) -> None:
    """What an option does not take is a usage error that shows what was given."""
    done = run_shapespec(*arguments)

    assert (2, "") == (done.returncode, done.stdout)
    assert "Error: Invalid value for" in done.stderr
    assert arguments[-1] in done.stderr
