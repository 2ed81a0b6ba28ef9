"""Completion in a shell, and what lists the names that can be given."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from shapespec.cli import shapespec
from tests.support import ROOT, run_shapespec

CONTEXT = click.Context(shapespec)

SPEC = """\
shapespec: 1
package: pk
forms:
  one: {timestamps: {read: [iso-8601], write: iso-8601}}
  other: {timestamps: {read: [iso-8601], write: iso-8601}}
operations:
  Fetch: {output: R}
shapes:
  R:
    type: structure
    members: {A: string}
    rules:
      short: {cel: size(this.A) < 3, severity: advice, message: A is long., at: A}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A spec with forms and a rule of its own."""
    (tmp_path / "spec.yaml").write_text(SPEC)
    return tmp_path


def complete(line: str, folder: Path) -> list[str]:
    """What bash is told when somebody presses Tab at the end of a line."""
    words = line.split(" ")
    done = subprocess.run(
        [sys.executable, "-m", "shapespec"],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "generator"),
            "_SHAPESPEC_COMPLETE": "bash_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert "" == done.stderr
    lines = done.stdout.split("\n")
    return [line.removeprefix("plain,") for line in lines if line]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("shapespec va", ["validate"]),
        ("shapespec me", ["meta-schema"]),
        ("shapespec validate --form paw", ["paws"]),
        ("shapespec validate --spec spec.yaml --form o", ["one", "other"]),
        ("shapespec validate --spec none.yaml --form o", []),
        ("shapespec convert --from one --spec spec.yaml --to oth", ["other"]),
        ("shapespec sample --shape DescribeTrainingJobReq", None),
        ("shapespec generate --target pyd", ["pydantic"]),
        ("shapespec validate --ignore unique", ["unique-items"]),
        ("shapespec validate --spec spec.yaml --ignore sho", ["short"]),
        ("shapespec explain unknown-sh", ["unknown-shape"]),
        ("shapespec validate --form", ["--form", "--format"]),
        ("shapespec validate --format gi", ["github", "gitlab"]),
        ("shapespec validate --spec spec.yaml --operation Fe", ["Fetch"]),
        ("shapespec sample --spec aws:sqs --operation ListQueueT", ["ListQueueTags"]),
        ("shapespec aws sq", ["sqs"]),
        ("shapespec aws sqs ListQueueT", ["ListQueueTags"]),
    ],
)
def test_names_are_completed(
    folder: Path, line: str, expected: list[str] | None
) -> None:
    """Commands, forms, shapes, targets and rules are those of the contract."""
    wanted = ["DescribeTrainingJobRequest"] if expected is None else expected

    assert wanted == complete(line, folder)


@pytest.mark.parametrize(
    "line",
    [
        "shapespec validate mo",
        "shapespec observe mo",
        "shapespec convert mo",
        "shapespec generate mo",
        "shapespec check mo",
        "shapespec validate --spec mo",
        "shapespec diff mo",
        "shapespec diff old.yaml mo",
        "shapespec import json-schema mo",
        "shapespec accelerate mo",
    ],
)
def test_files_are_left_to_the_shell(folder: Path, line: str) -> None:
    """Where a file is named the shell completes it, as without completion."""
    assert ["file,mo"] == complete(line, folder)


def test_every_argument_is_completed() -> None:
    """No command takes a name that a shell knows nothing of."""
    found = [
        (name, argument.name)
        for name in shapespec.list_commands(CONTEXT)
        for argument in getattr(shapespec.get_command(CONTEXT, name), "params", ())
        if isinstance(argument, click.Argument)
        and not isinstance(argument.type, click.Choice)
        and type(argument.type).shell_complete is click.ParamType.shell_complete
    ]

    assert [] == found


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_what_a_shell_is_given(folder: Path, shell: str) -> None:
    """The page tells the line that each shell has to run; it prints a script."""
    done = subprocess.run(
        [sys.executable, "-m", "shapespec"],
        cwd=folder,
        env={**os.environ, "_SHAPESPEC_COMPLETE": f"{shell}_source"},
        capture_output=True,
        text=True,
        check=False,
    )

    if "too old" in done.stderr or "not find" in done.stderr:
        pytest.skip(done.stderr)
    assert "_SHAPESPEC_COMPLETE" in done.stdout
    page = (ROOT / "spec" / "command-line.md").read_text("utf-8")
    assert f"_SHAPESPEC_COMPLETE={shell}_source shapespec" in page


@pytest.mark.parametrize(
    "command", ["validate", "convert", "observe", "sample", "date"]
)
def test_forms_are_listed(folder: Path, command: str) -> None:
    """`--list-forms` needs no file, and takes the contract that is named."""
    own = run_shapespec(command, "--list-forms", "--spec", "spec.yaml", cwd=folder)
    shipped = run_shapespec(command, "--list-forms", cwd=folder)

    assert (0, "one\nother\n") == (own.returncode, own.stdout)
    assert "paws" in shipped.stdout.splitlines()


def test_rules_are_listed(folder: Path) -> None:
    """`--list-rules` needs no file, and has a rule that the contract adds."""
    (folder / "rules.yaml").write_text(
        "shapespec: 1\npackage: p\nshapes:\n  R:\n    type: structure\n"
        "    members: {A: string}\n    rules: {own: {cel: this.A != '', message: m}}\n"
    )
    given = ("validate", "--list-rules", "--spec", "rules.yaml")
    own = run_shapespec(*given, cwd=folder)
    shipped = run_shapespec("validate", "--list-rules", cwd=folder)

    assert 0 == own.returncode == shipped.returncode
    assert {"own", "required"} <= {*own.stdout.split()}
    assert "own" not in shipped.stdout.split()
    for rule in ("arn-names-job", "unknown-member"):
        assert rule in shipped.stdout.split()
    (folder / "r.json").write_text('{"A": ""}')
    ignored = ("--spec", "rules.yaml", "--ignore", "own")
    assert 0 == run_shapespec("validate", "r.json", *ignored, cwd=folder).returncode


def test_the_form_that_was_meant(folder: Path) -> None:
    """A form that is nearly right is suggested."""
    (folder / "r.json").write_text("{}")

    done = run_shapespec("validate", "r.json", "--form", "aws_cli", cwd=folder)

    assert 2 == done.returncode
    assert "did you mean aws-cli?" in done.stderr


def test_sizes_of_samples_exclude_each_other(folder: Path) -> None:
    """A sample is minimal or full, and invalid or at a bound."""
    for words in (("--minimal", "--full"), ("--invalid", "--boundary")):
        done = run_shapespec("sample", *words, cwd=folder)
        assert 2 == done.returncode
        assert f"{words[0]} and {words[1]} exclude each other" in done.stderr


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("import", "json-schema", "s.json"), "-o"),
        (("import", "json-schema", "s.json"), "--output"),
        (("observe", "r.json"), "--out"),
        (("observe", "r.json"), "--output"),
        (("generate", "spec.yaml"), "-o"),
        (("generate", "spec.yaml"), "--output"),
        (("check", "spec.yaml"), "--output-file"),
    ],
)
def test_one_name_for_where_to_write(
    folder: Path, words: tuple[str, ...], option: str
) -> None:
    """`-o` and `--out` are understood by all that write; older names go on."""
    (folder / "r.json").write_text("{}")
    (folder / "s.json").write_text(
        '{"title": "T", "type": "object", "properties": {"a": {"type": "string"}}}'
    )

    done = run_shapespec(*words, option, "written", cwd=folder)

    assert done.returncode in (0, 1), done.stderr
    assert (folder / "written").exists()
