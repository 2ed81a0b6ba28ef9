"""The command line, called as users call it: output, exit codes, bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.support import ROOT, run_shapespec

EXAMPLES = ROOT / "spec" / "sagemaker" / "examples"
MINIMAL = (
    "shapespec: 1\npackage: tiny\nshapes:\n  Root: {type: structure, members: {}}\n"
)

Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs shapespec in an empty folder."""
    return partial(run_shapespec, cwd=tmp_path)


def verdicts(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


# --- validate -------------------------------------------------------------------


def test_a_valid_response(run: Run) -> None:
    """A valid response is said to be valid, exit code 0."""
    done = run("validate", EXAMPLES / "valid.json")

    assert (0, f"{EXAMPLES / 'valid.json'}:1: valid\n") == (
        done.returncode,
        done.stdout,
    )


def test_a_broken_response(run: Run) -> None:
    """Every fault of a broken response is shown with its line and column, exit 1."""
    done = run("validate", EXAMPLES / "broken.json")

    assert 1 == done.returncode
    assert "broken.json:2:3: error[pattern] /TrainingJobName\n" in done.stdout
    assert 'did you mean "Completed"?' in done.stdout
    assert done.stdout.endswith("invalid (6 errors, 3 warnings, 1 note)\n")


def test_json_output(run: Run) -> None:
    """`--format json` gives one line for each response."""
    done = run("validate", *EXAMPLES.glob("*.json"), "--format", "json")

    valid = {
        Path(str(one["source"])).name: one["valid"] for one in verdicts(done.stdout)
    }
    assert {"valid.json:1": True, "broken.json:1": False} == valid
    (first, *_) = verdicts(run("validate", "-", "--format", "json", stdin="[]").stdout)
    assert {
        "source": "<stdin>:1",
        "valid": False,
        "findings": [
            {
                "rule": "type",
                "severity": "error",
                "pointer": "",
                "message": "expected an object, got a list of 0 items",
                "shape": "DescribeTrainingJobResponse",
                "fingerprint": "9c877960d25f",
                "line": 1,
                "column": 1,
            }
        ],
    } == first


def test_strict_makes_warnings_errors(run: Run) -> None:
    """What is a warning otherwise fails with `--strict`."""
    response = json.loads((EXAMPLES / "valid.json").read_text())
    response["New"] = 1
    text = json.dumps(response)

    assert 0 == run("validate", "-", stdin=text).returncode
    assert 1 == run("validate", "-", "--strict", stdin=text).returncode


def test_ndjson_goes_on_behind_a_line_that_cannot_be_read(run: Run) -> None:
    """Each line has its own verdict; exit code 2, as one cannot be read."""
    valid = json.dumps(json.loads((EXAMPLES / "valid.json").read_text()))
    lines = f"{valid}\n\n{{}}\n{{broken\n3\n{valid}\n"

    done = run("validate", "-", "--format", "json", "--input", "ndjson", stdin=lines)

    found = verdicts(done.stdout)
    assert 2 == done.returncode
    assert [1, 3, 4, 5, 6] == [int(str(one["source"]).split(":")[1]) for one in found]
    assert [True, False, False, False, True] == [one["valid"] for one in found]
    assert ["unreadable" in one for one in found] == [False, False, True, False, False]


def test_ndjson_is_recognised(run: Run) -> None:
    """Several JSON values, one a line, are as many responses, whatever the name."""
    valid = json.dumps(json.loads((EXAMPLES / "valid.json").read_text()))

    assert 2 == len(
        run("validate", "-", stdin=f"{valid}\n{valid}\n").stdout.splitlines()
    )


def test_yaml_responses(run: Run, tmp_path: Path) -> None:
    """A response may be YAML; its timestamps need no quotes."""
    (tmp_path / "job.yaml").write_text(
        "TrainingJobName: a\n"
        "TrainingJobArn: arn:aws:sagemaker:eu-central-1:123456789012:training-job/a\n"
        "TrainingJobStatus: InProgress\nSecondaryStatus: Starting\n"
        "StoppingCondition: {}\nCreationTime: 2025-06-03T09:14:02Z\n"
    )

    assert 0 == run("validate", "job.yaml").returncode
    assert 2 == run("validate", "-", "--input", "yaml", stdin="a: 1\na: 2\n").returncode


@pytest.mark.parametrize(
    ("stdin", "reason"),
    [
        ("", "there is nothing in it"),
        ("{", "it is not JSON"),
        ('{"a": 1} x', "it is not JSON"),
        ('{"a": NaN}', "it contains NaN"),
        ('{"a": -Infinity}', "it contains -Infinity"),
        ('{"a": 1e999}', "beyond what can be read"),
        (f'{{"a": {"9" * 5000}}}', "too long to be read"),
        (
            '{"a": 1, "b": 2, "a": 3}',
            "the same name twice, at line 1, column 18",
        ),
        ("[" * 100_000 + "]" * 100_000, "nested deeper than can be read"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested deeper than can be read"),
        (b'{"a": "\xff"}', "it is not UTF-8"),
        (b'{"a": "\x00"}', "it is not JSON"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_cannot_be_read(run: Run, stdin: str | bytes, reason: str) -> None:
    """A text that is no response is said to be unreadable, and why; exit code 2."""
    done = run("validate", "-", "--input", "json", stdin=stdin)

    assert 2 == done.returncode
    assert done.stdout.startswith("<stdin>:1: unreadable: ")
    assert reason in done.stdout


@pytest.mark.parametrize(
    "stdin",
    [
        '{"TrainingJobName": "\\ud800", "\\udc00": 1}',
        '{"TrainingJobName": "a\\u0000\\u001b[31m", "\\u001b[2J": 1}',
        f'{{"TrainingTimeInSeconds": {"9" * 4000}}}',
        "[]",
        "null",
        '"text"',
        "1",
        '\ufeff{"TrainingJobName": "x"}',
        '{"TrainingJobName": "x"}'.encode("utf-16"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_odd_is_judged(run: Run, stdin: str | bytes) -> None:
    """What is JSON, however odd, has a verdict, and drives no terminal."""
    done = run("validate", "-", stdin=stdin)

    assert 1 == done.returncode
    assert "\x1b" not in done.stdout
    assert "\x00" not in done.stdout


def test_files_that_cannot_be_opened(run: Run, tmp_path: Path) -> None:
    """A missing file and an empty folder are named, exit code 2."""
    missing = run("validate", "missing.json")
    folder = run("validate", tmp_path)

    assert (2, 2) == (missing.returncode, folder.returncode)
    assert "missing.json:1: unreadable: No such file" in missing.stdout
    assert ":1: unreadable: contains no file that ends in one of .json" in folder.stdout


def test_aliases_of_a_response_do_not_explode(run: Run) -> None:
    """A YAML response that would grow without end is unreadable."""
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")

    done = run("validate", "-", "--input", "yaml", stdin="\n".join(lines))

    assert 2 == done.returncode
    assert "aliases" in done.stdout


def test_another_shape(run: Run) -> None:
    """`--shape` judges by any shape of the contract, and says which there are."""
    right = run("validate", "-", "--shape", "Channel", stdin='{"ChannelName": "a b"}')
    wrong = run("validate", "-", "--shape", "Chanel", stdin="{}")

    assert 1 == right.returncode
    assert "error[pattern] /ChannelName" in right.stdout
    assert 2 == wrong.returncode
    assert "did you mean 'Channel'" in wrong.stderr


def test_a_spec_of_ones_own(run: Run, tmp_path: Path) -> None:
    """`--spec` judges by any spec; a wrong one is shown, and nothing is validated."""
    (tmp_path / "tiny.yaml").write_text(MINIMAL)
    (tmp_path / "wrong.yaml").write_text(MINIMAL.replace("members", "membres"))

    right = run("validate", "-", "--spec", "tiny.yaml", stdin="{}")
    wrong = run("validate", "-", "--spec", "wrong.yaml", stdin="{}")

    assert 0 == right.returncode
    assert 2 == wrong.returncode
    assert "error[unknown-key]" in wrong.stderr
    assert "did you mean `members`?" in wrong.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("validate",),
        ("validate", "-", "--form", "telegram"),
        ("validate", "-", "--format", "xml"),
        ("validat", "-"),
        ("generate", "--target", "cobol"),
        ("generate", "missing.yaml"),
        ("generate", "--max-size", "big"),
        ("explain", "requird"),
    ],
    ids=" ".join,
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...]) -> None:
    """Wrong usage is one clear message and exit code 2."""
    done = run(*arguments, stdin="{}")

    assert 2 == done.returncode
    assert done.stderr


# --- generate -------------------------------------------------------------------


def test_generate_and_check(run: Run, tmp_path: Path) -> None:
    """Generating makes the folder current; an edit is stale, and shown as a diff."""
    (tmp_path / "tiny.yaml").write_text(MINIMAL)

    assert 1 == run("generate", "tiny.yaml", "--check").returncode
    assert not (tmp_path / "generated").exists()
    assert 0 == run("generate", "tiny.yaml").returncode
    assert 0 == run("generate", "tiny.yaml", "--check").returncode

    (tmp_path / "generated" / "json_schema" / "tiny" / "Root.json").write_text("{}\n")
    stale = run("generate", "tiny.yaml", "--check")

    assert 1 == stale.returncode
    assert "-{}\n" in stale.stdout
    assert "1 file stale" in stale.stderr


def test_generate_one_target_elsewhere(run: Run, tmp_path: Path) -> None:
    """`--target` and `--out` choose what is written, and where."""
    (tmp_path / "tiny.yaml").write_text(MINIMAL)

    run("generate", "tiny.yaml", "--target", "json-schema", "--out", "build")

    written = [
        path.name
        for path in (tmp_path / "build").rglob("*")
        if path.is_file() and path.parent.name != "cache"
    ]
    assert [".gitattributes", "Root.json", "tiny.files"] == sorted(written)


def test_what_has_not_changed_is_not_compiled(run: Run, tmp_path: Path) -> None:
    """A second run compiles nothing; what was edited or deleted comes back."""
    spec = tmp_path / "tiny.yaml"
    spec.write_text(MINIMAL)
    root = tmp_path / "generated" / "json_schema" / "tiny" / "Root.json"
    loaded = "import sys; from shapespec.cli import shapespec; "
    loaded += "shapespec(['generate', 'tiny.yaml'], standalone_mode=False); "
    loaded += "sys.exit('shapespec.compiler' in sys.modules)"

    def compiles() -> bool:
        command = [sys.executable, "-c", loaded]
        return bool(subprocess.run(command, cwd=tmp_path, check=False).returncode)

    assert compiles()
    assert not compiles()
    root.write_text("{}\n")
    assert compiles()
    assert "{}\n" != root.read_text()
    root.unlink()
    assert compiles()
    assert root.exists()
    spec.write_text(MINIMAL.replace("Root", "Stem"))
    assert compiles()
    assert not root.exists()
    assert not compiles()
    begun = tmp_path / "generated" / ".shapespec" / ".tiny.files.shapespec-new"
    begun.write_text("{}")  # as a run leaves it that is killed
    assert compiles()
    assert not begun.exists()
    assert 0 == run("generate", "tiny.yaml", "--check").returncode


def test_nothing_is_written_when_anything_is_wrong(run: Run, tmp_path: Path) -> None:
    """One wrong spec among several stops all of them; all faults are shown."""
    (tmp_path / "tiny.yaml").write_text(MINIMAL)
    (tmp_path / "wrong.yaml").write_text("shapespec: 2.5\npackage: Tiny\nshapes: []\n")

    done = run("generate", "tiny.yaml", "wrong.yaml")

    assert 1 == done.returncode
    assert "3 errors" in done.stderr
    assert not (tmp_path / "generated").exists()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (b"", "empty-document"),
        (b"\tshapespec: 1\n", "yaml-syntax"),
        (b"a: [1\n", "yaml-syntax"),
        (b"a: \x00\n", "yaml-character"),
        (b"\xff\xfe", "not-utf8"),
        (b"[" * 100_000, "nesting-too-deep"),
        (b"[1, 2]", "wrong-type"),
        (b"shapespec: 1\nshapespec: 1\n", "duplicate-key"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_bad_specs(run: Run, tmp_path: Path, text: bytes, rule: str) -> None:
    """A text that is no spec is one clear diagnostic, and exit code 1."""
    (tmp_path / "spec.yaml").write_bytes(text)

    done = run("generate", "spec.yaml")

    assert 1 == done.returncode
    assert f"error[{rule}]" in done.stderr


def test_a_spec_that_is_too_large(run: Run, tmp_path: Path) -> None:
    """A spec of 50 MB is refused by its size, unless told otherwise."""
    spec = tmp_path / "spec.yaml"
    spec.write_bytes(MINIMAL.encode() + b"# padding\n" * 5_000_000)

    refused = run("generate", "spec.yaml")

    assert 1 == refused.returncode
    assert "error[file-too-large]" in refused.stderr
    assert 0 == run("generate", "spec.yaml", "--max-size", "60MB").returncode


def test_settings_of_a_project(run: Run, tmp_path: Path) -> None:
    """`[tool.shapespec]` names specs, folder and targets; faults in it are named."""
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "tiny.yaml").write_text(MINIMAL)
    settings = tmp_path / "pyproject.toml"
    settings.write_text(
        '[tool.shapespec]\nspecs = ["api/tiny.yaml"]\nout = "gen"\n'
        'targets = ["json-schema"]\n'
    )

    assert 0 == run("generate").returncode
    assert (tmp_path / "gen" / "json_schema" / "tiny" / "Root.json").is_file()
    assert "from api/tiny.yaml" in (
        tmp_path / "gen" / "json_schema" / "tiny" / "Root.json"
    ).read_text("utf-8")

    for wrong in ('spec = ["a"]', 'targets = ["x"]', "specs = 3", "out = 3", "= 1"):
        settings.write_text(f"[tool.shapespec]\n{wrong}\n")
        done = run("generate")
        assert 2 == done.returncode
        assert "pyproject.toml" in done.stderr


def test_the_committed_output_is_current() -> None:
    """`generated/` is what the flagship spec is compiled into."""
    command = [sys.executable, "-m", "shapespec", "generate", "--check"]

    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (0, "all generated files are current\n") == (done.returncode, done.stdout)


# --- the rest -------------------------------------------------------------------


def test_help_is_worth_reading(run: Run) -> None:
    """The help names every command, and each command's help its exit codes."""
    overview = run("--help").stdout

    for name in ("generate", "validate", "explain", "meta-schema"):
        assert name in overview
        assert 0 == run(name, "--help").returncode
    for name in ("generate", "validate", "explain"):
        assert "Exit codes:" in run(name, "--help").stdout


def test_the_help_of_validate_is_light() -> None:
    """What judges is not loaded to say what the options are."""
    code = (
        "import sys\n"
        "from shapespec.cli import shapespec\n"
        "shapespec(['validate', '--help'], standalone_mode=False)\n"
        "heavy = {'shapespec.api', 'shapespec.responses.read', 'shapespec.project',"
        " 'shapespec.contract'}\n"
        "print(heavy & set(sys.modules))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.endswith("set()\n")


def test_starting_is_light() -> None:
    """Asking for help loads no library but that of the command line."""
    code = (
        "import sys, runpy\n"
        "sys.argv = ['shapespec', '--help']\n"
        "try:\n    runpy.run_module('shapespec', run_name='__main__')\n"
        "except SystemExit:\n    pass\n"
        "print({'jinja2', 'ruamel', 'jsonschema', 'ruff'} & set(sys.modules))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.endswith("set()\n")
