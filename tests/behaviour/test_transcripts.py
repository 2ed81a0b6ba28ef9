"""Cases of `shapespec validate`, `explain` and `diff`: a folder each.

A folder holds the files that a command reads, `about.txt` where its name does not say
what it shows, and `transcript.txt`: the command, what it
prints, what it says on standard error, and its exit code. Where a case needs other
bytes than a text has, `packed.txt` names the files that are gzipped first.
`pytest --update` rewrites all but the command.

`spec/validate.md` and `spec/command-line.md` are run as well: a fence with a name after
its language is a file of that name, and one that is called `console` holds commands and
what they print and say.
"""

from __future__ import annotations

import gzip
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from shapespec.cli import shapespec
from shapespec.ground.errors import Unusable
from tests.support import ROOT

PAGES = [ROOT / "spec" / name for name in ("validate.md", "command-line.md")]
CASES = ROOT / "tests" / "cases"
TRANSCRIPTS = sorted(
    path
    for command in ("diff", "validate")
    for path in (CASES / command).rglob("transcript.txt")
)


def run(arguments: str, stdin: str) -> tuple[str, str, int]:
    """What a command prints and says, and its exit code, as `main` ends it."""
    result = CliRunner().invoke(shapespec, shlex.split(arguments), input=stdin)
    if isinstance(result.exception, Unusable):
        return result.stdout, f"{result.stderr}error: {result.exception}\n", 2
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.stdout, result.stderr, result.exit_code


def transcript(command: str, stdin: str, folder: Path) -> str:
    printed, said, code = run(command.removeprefix("$ shapespec "), stdin)
    text = f"{command}\n{printed}"
    if said:
        text += f"--- standard error\n{said.replace(str(folder), '...')}"
    return f"{text}--- exit code {code}\n"


@pytest.mark.parametrize(
    "expected", TRANSCRIPTS, ids=lambda path: str(path.parent.relative_to(CASES))
)
def test_transcript(
    expected: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, update: bool
) -> None:
    """A command prints and says what its transcript has."""
    folder = tmp_path / "case"
    shutil.copytree(expected.parent, folder)
    (folder / "transcript.txt").unlink()
    packed = folder / "packed.txt"
    for name in packed.read_text("utf-8").split() if packed.exists() else ():
        data = (folder / name).read_bytes()
        (folder / f"{name}.gz").write_bytes(gzip.compress(data, mtime=0))
        (folder / name).unlink()
    stdin = folder / "stdin.txt"
    given = stdin.read_text("utf-8") if stdin.exists() else ""
    stdin.unlink(missing_ok=True)
    monkeypatch.chdir(folder)
    command = expected.read_text("utf-8").splitlines()[0]

    actual = transcript(command, given, folder)

    if update:
        expected.write_text(actual, "utf-8")
    assert expected.read_text("utf-8") == actual


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, update: bool
) -> None:
    """Every command of a page prints and says what the page shows."""
    monkeypatch.chdir(tmp_path)

    def written(match: re.Match[str]) -> str:
        language, name, text = match.groups()
        if name:
            Path(name).write_text(text, "utf-8")
            return match[0]
        assert language == "console", "a fence is a file or a session"
        commands = re.findall(r"^\$ shapespec (.*)$", text, re.MULTILINE)
        session = (session_of(command, tmp_path) for command in commands)
        return f"```console\n{''.join(session)}```\n"

    text = page.read_text("utf-8")
    actual = re.sub(r"(?ms)^```(\w+) ?(\S*)\n(.*?)^```\n", written, text)

    if update:
        page.write_text(actual, "utf-8")
    assert page.read_text("utf-8") == actual


def session_of(command: str, folder: Path) -> str:
    printed, said, _ = run(command, "")
    return f"$ shapespec {command}\n{printed}{said.replace(f'{folder}/', '')}"
