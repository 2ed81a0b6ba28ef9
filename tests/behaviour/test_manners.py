"""What `shapespec validate` shows, where, and how much of it."""

from __future__ import annotations

import json
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from shapespec.ground.terminal import colored, plain, style_for
from tests.support import ROOT, run_shapespec

DATED = ROOT / "spec" / "sagemaker" / "examples" / "valid.json"

SPEC = """\
shapespec: 1
package: pk
shapes:
  R:
    type: structure
    members:
      A: {type: string, required: true}
      B: {type: list, member: N}
      M: {type: map, key: string, value: N}
      E: K
    rules:
      short: {cel: size(this.A) < 3, severity: advice, message: A is long., at: A}
  K: {type: enum, values: {x: , y: }, open: true}
  N: {type: integer, range: {max: 9}}
"""
BROKEN = {"A": "a", "B": [*range(60)], "M": {f"k{n}": n for n in range(20)}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A spec, and responses of every kind."""
    (tmp_path / "spec.yaml").write_text(SPEC)
    (tmp_path / "good.json").write_text('{"A": "a"}')
    (tmp_path / "bad.json").write_text('{\n "A": 5\n}')
    (tmp_path / "new.json").write_text('{"A": "a", "E": "z"}')
    (tmp_path / "long.json").write_text('{"A": "abcdef"}')
    (tmp_path / "many.json").write_text(json.dumps(BROKEN))
    return tmp_path


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run_shapespec("validate", *words, "--spec", "spec.yaml", cwd=folder)


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_quiet_shows_what_is_not_valid(folder: Path) -> None:
    """Valid responses are passed over, and nothing is summed up."""
    done = run(folder, "-q", "good.json", "bad.json", "new.json", "none.json")

    assert 2 == done.returncode
    assert "" == done.stderr
    assert "good.json" not in done.stdout
    assert "new.json" not in done.stdout
    assert "bad.json:1: invalid" in done.stdout
    assert "none.json:1: unreadable" in done.stdout
    quiet = run(folder, "-q", "good.json", "bad.json", "--format", "json")
    assert ["bad.json:1"] == [line["source"] for line in lines(quiet)]


def test_statistics_alone(folder: Path) -> None:
    """A table by rule takes the place of the findings, also for programs."""
    done = run(folder, "--statistics", "many.json", "bad.json", "good.json")
    as_json = run(folder, "--statistics", "many.json", "bad.json", "--format", "json")

    by_place, by_rule = done.stdout.split("\n\n")
    assert ["rule", "range", "type", "1"] == [
        line.split()[0] for line in by_rule.splitlines()
    ]
    assert ["rule", "range", "range"] == [
        line.split()[0] for line in by_place.splitlines()[:3]
    ]
    assert "" == done.stderr
    counts = {"rule": "range", "severity": "error", "responses": 1, "files": 1}
    assert {**counts, "findings": 60} == lines(as_json)[0]
    assert {"valid": 0, "invalid": 2, "unreadable": 0} == lines(as_json)[-1]
    refused = run(folder, "--statistics", "bad.json", "--format", "sarif")
    assert 2 == refused.returncode
    assert "--statistics cannot be printed as sarif" in refused.stderr


def test_exit_zero(folder: Path) -> None:
    """Findings do not fail a run that only reports; what is unreadable does."""
    assert 0 == run(folder, "--exit-zero", "bad.json").returncode
    assert 2 == run(folder, "--exit-zero", "bad.json", "none.json").returncode


def test_pedantic(folder: Path) -> None:
    """Advice is an error, and so is a warning; a severity of one's own comes first."""
    assert 0 == run(folder, "long.json", "--strict").returncode
    assert 0 == run(folder, "new.json").returncode
    for name, rule in (("long.json", "short"), ("new.json", "unknown-value")):
        done = run(folder, name, "--pedantic")
        assert 1 == done.returncode
        assert f"error[{rule}]" in done.stdout
        other = ("--severity", f"{rule}=note")
        assert 0 == run(folder, name, "--pedantic", *other).returncode


@pytest.mark.parametrize("option", ["-o", "--out", "--output", "--output-file"])
@pytest.mark.parametrize("output", ["text", "sarif"])
def test_a_report_in_a_file(folder: Path, option: str, output: str) -> None:
    """A report goes to a file as it would go to standard output."""
    words = ("bad.json", "good.json", "--format", output)
    shown = run(folder, *words)

    done = run(folder, *words, option, "report")

    assert (1, "") == (done.returncode, done.stdout)
    assert shown.stdout == (folder / "report").read_text("utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ("validate", "good.json", "--spec", "spec.yaml"),
        ("check", "spec.yaml"),
        ("import", "json-schema", "schema.json"),
    ],
    ids=lambda words: words[0],
)
def test_a_dash_is_standard_output(folder: Path, words: tuple[str, ...]) -> None:
    """No file is called so."""
    (folder / "schema.json").write_text('{"type": "object", "properties": {"a": {}}}')
    shown = run_shapespec(*words, cwd=folder)

    done = run_shapespec(*words, "-o", "-", cwd=folder)

    assert 0 == done.returncode
    assert shown.stdout == done.stdout != ""
    assert not (folder / "-").exists()


@pytest.mark.parametrize("option", ["-o", "--out", "--output", "--output-file"])
@pytest.mark.parametrize(
    "words",
    [
        ("sample", "--spec", "spec.yaml", "--count", "3"),
        ("diff", "spec.yaml", "other.yaml"),
        ("diff", "spec.yaml", "other.yaml", "--format", "json"),
        ("audit", "spec.yaml"),
        ("audit", "spec.yaml", "--format", "sarif"),
        ("coverage", "--spec", "spec.yaml"),
        ("coverage", "--format", "json", "--spec", "spec.yaml"),
        ("date", str(DATED)),
        ("date", str(DATED), "--format", "json"),
    ],
    ids=lambda words: " ".join(words[::3]),
)
def test_all_that_is_printed_can_be_written(
    folder: Path, words: tuple[str, ...], option: str
) -> None:
    """Each command with a report has the option for a file, by the same names."""
    (folder / "other.yaml").write_text(SPEC.replace("max: 9", "max: 8"))
    shown = run_shapespec(*words, cwd=folder)

    done = run_shapespec(*words, option, "report", cwd=folder)

    assert (shown.returncode, "") == (done.returncode, done.stdout)
    assert shown.stdout == (folder / "report").read_text("utf-8") != ""


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("validate", "-", "--form", "aws_cli"), "aws-cli"),
        (("convert", "-", "--from", "wire", "--to", "boto"), "boto3"),
        (("observe", "-", "--form", "pawz"), "paws"),
        (("date", "-", "--form", "wirre"), "wire"),
        (("sample", "--form", "event-bridge"), "eventbridge"),
        (
            ("validate", "-", "--operation", "DescribeTrainingJobs"),
            "DescribeTrainingJob",
        ),
        (("sample", "--shape", "Chanel"), "Channel"),
        (("validate", "-", "--ignore", "patern"), "pattern"),
    ],
    ids=lambda one: one if isinstance(one, str) else one[0],
)
def test_the_nearest_name_is_offered(words: tuple[str, ...], name: str) -> None:
    """Whatever kind of name is wrong, and whichever command reads it."""
    done = run_shapespec(*words, stdin="{}")

    assert 2 == done.returncode
    assert f"did you mean {name}?" in done.stderr.replace("'", "")


@pytest.mark.parametrize("option", ["--by", "--status"])
def test_a_member_is_not_called_as_the_status_of_an_answer(
    folder: Path, option: str
) -> None:
    """`observe` takes the member to count by under a name of its own."""
    words = ("observe", "good.json", "--spec", "spec.yaml", "--format", "json")

    assert 0 == run_shapespec(*words, option, "E", cwd=folder).returncode
    wrong = run_shapespec(*words, option, "None", cwd=folder)
    assert (2, True) == (wrong.returncode, "None" in wrong.stderr)
    assert "--by MEMBER" in run_shapespec("observe", "--help").stdout


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("observe", "-o"),
        ("observe", "--patch"),
        ("validate", "--report"),
        ("validate", "--write-baseline"),
    ],
)
def test_what_is_beside_standard_output_needs_a_file(
    folder: Path, command: str, option: str
) -> None:
    """A summary is printed already, so `-` is refused rather than mixed in."""
    words = (command, "good.json", "--spec", "spec.yaml", option, "-")
    done = run_shapespec(*words, cwd=folder)

    assert 2 == done.returncode
    assert "name a file" in done.stderr
    assert not (folder / "-").exists()


@pytest.mark.parametrize("command", ["validate", "observe", "convert", "date"])
def test_no_file_at_all(folder: Path, command: str) -> None:
    """A forgotten file is told from standard input, which has a name."""
    words = ("--from", "wire", "--to", "paws") if command == "convert" else ()
    done = run_shapespec(command, *words, cwd=folder)

    assert 2 == done.returncode
    assert "Name files or folders, or `-` for standard input." in done.stderr


def test_json_has_places_and_fingerprints(folder: Path) -> None:
    """Each finding has its line and column, and what a baseline knows it by."""
    (line,) = lines(run(folder, "bad.json", "--format", "json"))

    (finding,) = line["findings"]
    assert (2, 2) == (finding["line"], finding["column"])
    run(folder, "bad.json", "--write-baseline", "known.txt")
    assert finding["fingerprint"] in (folder / "known.txt").read_text("utf-8")


def test_findings_that_are_alike(folder: Path) -> None:
    """Of sixty items that break one rule, one is shown, and the others counted."""
    done = run(folder, "many.json")
    each = run(folder, "many.json", "--all")

    assert 2 == done.stdout.count("error[range]")
    assert (
        "and 49 more like it: 11, 12, 13, 14, 15, 16, 17, 18, … (--all shows each)"
        in done.stdout
    )
    assert (
        "and 9 more like it: k11, k12, k13, k14, k15, k16, k17, k18, …" in done.stdout
    )
    assert "invalid (60 errors)" in done.stdout
    assert 60 == each.stdout.count("error[range]")
    as_json = run(folder, "many.json", "--format", "json")
    assert 60 == len(lines(as_json)[0]["findings"])


def test_absent_members_are_each_shown(tmp_path: Path) -> None:
    """Which members are absent is what matters, so they are not counted together."""
    members = ", ".join(f"A{n}: {{type: string, required: true}}" for n in range(9))
    (tmp_path / "spec.yaml").write_text(
        "shapespec: 1\npackage: pk\nshapes:\n"
        f"  R: {{type: structure, members: {{{members}}}}}\n"
    )
    (tmp_path / "r.json").write_text("{}")

    assert 9 == run(tmp_path, "r.json").stdout.count("error[required]")


def test_a_response_within_a_document(folder: Path) -> None:
    """`--at` finds the response, and places are those in the file."""
    (folder / "wrapped.json").write_text('{"id": 1,\n "response": {"A": 5}}')

    done = run(folder, "wrapped.json", "--at", "/response")
    none = run(folder, "wrapped.json", "--at", "/nothing")

    assert "wrapped.json:2:15: error[type] /A" in done.stdout
    assert 2 == none.returncode
    assert "unreadable: there is nothing at /nothing" in none.stdout


def test_junit(folder: Path) -> None:
    """Each response is a test case; an invalid one fails, an unreadable one errs."""
    (folder / "odd\x07<.json").write_text("{")

    done = run(folder, "good.json", "bad.json", "odd\x07<.json", "--format", "junit")

    (suite,) = ET.fromstring(done.stdout)  # noqa: S314 - we wrote it
    assert ("3", "1", "1") == tuple(
        suite.attrib[name] for name in ("tests", "failures", "errors")
    )
    good, bad, odd = suite
    assert [] == [*good]
    assert ["failure"] == [one.tag for one in bad]
    assert "2:2: error[type] /A: expected a string, got 5" == bad[0].text
    assert ["error"] == [one.tag for one in odd]
    assert "odd\\u0007<.json" == odd.attrib["file"]


def test_gitlab(folder: Path) -> None:
    """Each finding is an issue of Code Quality with a fingerprint of its own."""
    done = run(
        folder, "bad.json", "new.json", "many.json", "none.json", "--format", "gitlab"
    )

    issues = json.loads(done.stdout)
    assert 63 == len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert {
        "description": "/A: expected a string, got 5",
        "check_name": "type",
        "severity": "major",
        "location": {"path": "bad.json", "lines": {"begin": 2}},
        "fingerprint": issues[0]["fingerprint"],
    } == issues[0]
    assert {"major", "minor", "blocker"} == {issue["severity"] for issue in issues}
    nothing = run(folder, "good.json", "--format", "gitlab")
    assert [] == json.loads(nothing.stdout)


class _Stream:
    def __init__(self, *, terminal: bool) -> None:
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("variables", "terminal", "expected"),
    [
        ({}, True, colored),
        ({}, False, plain),
        ({"NO_COLOR": "1"}, True, plain),
        ({"FORCE_COLOR": "1"}, False, colored),
        ({"CLICOLOR_FORCE": "1"}, False, colored),
        ({"FORCE_COLOR": "0"}, False, plain),
        ({"FORCE_COLOR": ""}, False, plain),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, plain),
    ],
)
def test_colour(
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    terminal: bool,  # noqa: FBT001 - a column of the table
    expected: object,
) -> None:
    """Terminals have colour; variables that people set take it away, or force it."""
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    for name, text in variables.items():
        monkeypatch.setenv(name, text)

    stream: Any = _Stream(terminal=terminal)
    assert expected is style_for(stream)


def test_forced_colour_reaches_a_pipe(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Colour that is asked for is there, though nobody looks at a terminal."""
    monkeypatch.setenv("FORCE_COLOR", "1")

    assert "\x1b[1;32mvalid\x1b[0m" in run(folder, "good.json").stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run(folder, "good.json").stdout


def test_the_version(folder: Path) -> None:
    """`-V` says what `--version` says."""
    assert (
        run_shapespec("--version", cwd=folder).stdout
        == run_shapespec("-V", cwd=folder).stdout
    )
