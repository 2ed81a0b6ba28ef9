"""Hostile text through every target and every command: whatever leaves shows itself."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings, strategies as st

from shapespec.backends.targets import TARGETS
from shapespec.cli import COMMANDS, main
from shapespec.ground.sinks.visible import visible
from shapespec.ground.terminal import line
from shapespec.responses.render import RENDERERS
from tests.behaviour.test_hostile import spec_of
from tests.behaviour.test_sinks import HOSTILE
from tests.support import compile_text

TEXTS = {name: f"{text}x" for name, text in HOSTILE.items() if name != "surrogate"} | {
    "command": "::error::x",
    "old command": "##[error]x",
}
"""A surrogate is no text that YAML or JSON could bring."""

ALL = "".join(TEXTS.values())

_COMMAND = re.compile(r"^::(?:error|warning|notice) [^\n]*::")


def hostile_spec(text: str) -> str:
    """A spec with a text wherever one may be, as YAML spells it beyond U+FFFF, too."""
    return re.sub(
        r"(\\\\?)u(d[89ab]..)\1u(d[c-f]..)",
        lambda pair: f"{pair[1]}U{ord(_read(pair)):08x}",
        spec_of(text),
    )


def _read(pair: re.Match[str]) -> str:
    """The character that the halves of a surrogate pair spell."""
    found: str = json.loads(f'"\\u{pair[2]}\\u{pair[3]}"')
    return found


def unseen(text: str) -> list[str]:
    """The lines of a text that have a character which does not show."""
    return [one for one in text.split("\n") if visible(one) != one]


@pytest.mark.parametrize("target", TARGETS)
def test_targets(target: str) -> None:
    """No file that is generated has a character that does not show."""
    files = compile_text(hostile_spec(ALL), targets=(target,)).files

    assert files
    for path, text in files.items():
        assert [] == unseen(text.replace("\t", " ")), path


@settings(max_examples=25, deadline=None)
@example("*\ufe0f")
@given(st.text(alphabet=f"{ALL}ab`'\"\\/*-<", min_size=1, max_size=8))
def test_targets_with_any_text(drawn: str) -> None:
    """The same for any mixture of such characters."""
    text = f"x{drawn}x"
    ours = ("json-schema", "dataclasses", "validators", "docs", "sql", "site")
    for path, written in compile_text(hostile_spec(text), targets=ours).files.items():
        assert [] == unseen(written.replace("\t", " ")), path


class Said(NamedTuple):
    """What a command printed, and what it ended with."""

    out: str
    err: str
    code: int


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """Runs a command as the command line does."""

    def called(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["shapespec", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        code = ended.value.code
        return Said(out, err, code if isinstance(code, int) else 1)

    return called


def spelt(text: str) -> str:
    """A text as part of a file's name."""
    return "".join(char for char in text if char not in "\0/")[:40]


def commands(text: str) -> Iterator[tuple[str, ...]]:
    """Every command, over files that have a text wherever they may."""
    name = spelt(text)
    said = json.dumps(text)
    Path("spec.yaml").write_text(hostile_spec(text), "utf-8")
    Path("wrong.yaml").write_text(
        hostile_spec(text).replace("type: integer", f"type: {said}, {said}: {said}"),
        "utf-8",
    )
    response = {
        "Name": text,
        "Kind": text,
        text: text,
        "Map": {text: text},
        "Either": {},
    }
    Path(f"{name}.json").write_text(json.dumps(response), "utf-8")
    Path(f"{name}-twice.yaml").write_text(f"{said}: 1\n{said}: 2\n", "utf-8")
    Path(f"{name}-broken.json").write_text(f"{{{said}: {said} {said}", "utf-8")
    Path(f"{name}-lines.ndjson").write_text(
        f"{json.dumps(response)}\n{said}\n{{{said}\n[{said}]\n", "utf-8"
    )
    other = hostile_spec(text).replace("type: integer", "type: string")
    Path(f"{name}-other.yaml").write_text(other, "utf-8")
    Path(f"{name}.md").write_text(f"# {text}\n\n**{text}**\n\n* `{text}` {text}\n")
    schema = {
        "title": text,
        "description": text,
        "properties": {text: {"enum": [text]}},
    }
    Path(f"{name}.schema.json").write_text(json.dumps(schema), "utf-8")
    files = [f"{name}{end}" for end in (".json", "-twice.yaml", "-broken.json")]
    files += [f"{name}-lines.ndjson", f"{name}-absent.json"]
    spec = ("--spec", "spec.yaml")
    # One bad file ends nothing, so a command says what there is to say of each.
    for output in RENDERERS:
        yield "validate", *files, *spec, "--format", output
    yield "validate", *files, *spec, "--all"
    yield "validate", *files, *spec, "--statistics"
    for output in ("text", "json"):
        yield "observe", *files, *spec, "--format", output, "--patch", "p", "-o", "o"
    for file in files:
        yield "convert", "--from", "wire", "--to", "wire", file, *spec
        yield "date", file, *spec
    yield "validate", files[0], *spec, "--write-baseline", f"{name}.txt"
    yield "validate", files[0], "--spec", f"{name}-other.yaml"
    yield "validate", files[0], "--spec", "wrong.yaml"
    for output in ("text", "json", "markdown"):
        yield "diff", "spec.yaml", f"{name}-other.yaml", "--format", output
    yield "diff", "spec.yaml", "wrong.yaml"
    for output in ("text", "json"):
        yield "audit", "spec.yaml", "--format", output
        yield "coverage", *spec, "--format", output
    yield "sample", *spec
    yield "sample", *spec, "--invalid"
    for output in ("text", "json", "github", "sarif"):
        yield "check", "wrong.yaml", "--format", output
    yield "aws", name
    yield "explain", "named", *spec
    yield "explain", *spec
    yield "explain", name
    yield "generate", "spec.yaml", "--out", name
    yield "generate", f"{name}-other.yaml", "--out", name, "--check"
    yield "generate", "wrong.yaml"
    yield "accelerate", name
    yield from (
        ("package", "spec.yaml", "--out", name),
        ("package", "wrong.yaml"),
        ("package", "spec.yaml", "--name", text),
        ("package", "spec.yaml", "--version", text),
    )
    yield from (("meta-schema",), ("lsp", name))
    for kind in (
        "aws-api-reference",
        "paws",
        "aws-cli",
        "aws-sdk-ruby",
        "datadog-ddsql",
    ):
        yield "import", kind, f"{name}.md", "--edition", text, *spec
    yield "import", "json-schema", f"{name}.schema.json", "--docs"
    yield "import", "json-schema", f"{name}.schema.json", "-o", f"{name}.yaml"
    yield "import", "smithy", f"{name}.schema.json"
    yield "import", "botocore", name
    yield (name,)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.usefixtures("folder")
def test_commands(text: str, run: Callable[..., Said]) -> None:
    """Nothing that a command prints drives a terminal, or a runner of workflows."""
    seen: dict[tuple[str, ...], int] = {}
    shown = ""
    for words in commands(text):
        if any("\0" in word for word in words):
            continue
        said = run(*words)
        seen[words[:2]] = said.code
        shown += said.out + said.err
        for printed in (said.out, said.err):
            assert [] == unseen(printed), words
            assert "##[" not in printed, words
            for one in printed.split("\n"):
                ours = "github" in words and _COMMAND.match(one)
                assert ours or not one.lstrip().startswith("::"), words
    # What `lsp` sends is JSON for an editor, which shows it as text.
    assert {name for name, *_ in seen} >= COMMANDS.keys() - {"lsp"}
    assert 0 == seen["sample", "--spec"]
    assert str(line(text)).strip() in shown
