"""Text leaves through sinks alone, and what leaves shows each of its characters."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given, strategies as st

from shapespec.ground.sinks import json_text, python, workflow, yaml_text
from shapespec.ground.sinks.visible import visible
from shapespec.ground.terminal import colored, line, lines
from shapespec.responses.parse import parse_yaml
from shapespec.runtime import _report
from tests.support import ROOT

GENERATOR = ROOT / "generator" / "shapespec"

HOSTILE = {
    "escape": "\x1b[31mred\x1b]0;title\x07",
    "eight-bit escape": "\x9b31m",
    "line break": "a\r\n::error::b\n##[error]c",
    "bidi": "\u202eabc\u2066\u2069",
    "zero width": "a\u200bb\u2060\ufeff",
    "filler": "\u115f\u3164\u034f",
    "selectors": "a\ufe0f\ufe00\U000e0100\u202e\ufe0f",
    "tag": "\U000e0041\U000e007f",
    "separators": "\u2028\u2029\x85\xa0",
    "NUL and DEL": "\0\x7f",
    "surrogate": "\ud800",
}

each_text = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())


# --- one function for each sink -----------------------------------------------------


@each_text
def test_nothing_unseen_is_visible(text: str) -> None:
    """Each character that does not show becomes an escape in ASCII."""
    shown = visible(text)

    assert shown.isprintable()
    assert visible(shown) == shown
    assert not set(shown) & set("\u115f\u3164\u034f\ufe0f\ufe00\U000e0100")


@given(st.text())
def test_any_text_is_visible_once(text: str) -> None:
    """What is visible is printable, and stays as it is."""
    assert visible(text).isprintable()
    assert visible(text) == visible(visible(text))


def test_generated_packages_show_the_same() -> None:
    """Their own filter knows the same characters, but for the three short forms."""
    for number in range(sys.maxunicode + 1):
        char = chr(number)
        if char not in "\n\r\t":
            assert (visible(char) == char) == (_report.visible(char) == char), number


def test_what_shows_stays() -> None:
    """Letters of any script, and emoji in their own style, are left alone."""
    text = "Größe 鉄 Привет ☂\ufe0f 1\ufe0f\u20e3 \U0001f600"

    assert text == visible(text)


@each_text
def test_a_line_is_one_line(text: str) -> None:
    """Whatever a line has in it, it is one line that is no command of a workflow."""
    shown = line(text)

    assert 1 == len(shown.splitlines())
    assert shown.isprintable()
    assert "##[" not in shown


@pytest.mark.parametrize("text", ["::error::x", "  ::stop-commands::x", "::: x"])
def test_a_line_begins_no_command(text: str) -> None:
    """A runner of workflows obeys what follows `::` at the start of a line."""
    assert not line(text).lstrip().startswith("::")
    assert "\\u003a:" in line(text)


def test_colours_are_ours_alone() -> None:
    """Our colours become codes; those that are in a text become escapes."""
    text = f"{colored('a', 'red', bold=True)} \x1b[31mb"

    assert "\x1b[1;31ma\x1b[0m \\u001b[31mb" == line(text)


def test_lines_stay_lines() -> None:
    """A text of several lines keeps its breaks, and nothing else moves a cursor."""
    assert "a\n\\u003a:b\n\\rc\n" == lines("a\n::b\n\rc\n")


@each_text
def test_a_workflow_command_is_one(text: str) -> None:
    """Neither properties nor the message end a command or begin another."""
    shown = workflow.command("error", {"file": f"{text},:a"}, f"{text}%")

    assert shown.isprintable()
    _, head, message = shown.split("::", 2)
    assert f"error file={visible(text)}" == (
        head.replace("%3A", ":").replace("%23", "#").removesuffix("%2C:a")
    )
    assert message.endswith("%25")
    assert "##[" not in shown


@each_text
def test_json_is_ascii_and_equal(text: str) -> None:
    """JSON on a line is printable ASCII, and means the same."""
    written = json_text.dumps({text: [text]})

    assert written.isascii()
    assert written.isprintable()
    assert {text: [text]} == json.loads(written)


@each_text
def test_json_in_a_file_shows_and_is_equal(text: str) -> None:
    """JSON in lines has no unseen character, keeps letters, and means the same."""
    written = json_text.pages({"é": text})

    assert all(visible(one) == one for one in written.split("\n"))
    assert {"é": text} == json.loads(written)
    assert "é" in written


@pytest.mark.parametrize(
    "text", [text for name, text in HOSTILE.items() if name != "surrogate"]
)
def test_yaml_shows_and_is_equal(text: str) -> None:
    """A scalar has no unseen character and means the same; a comment is one line."""
    for written in (yaml_text.scalar(text), yaml_text.quoted(text)):
        assert visible(written) == written
        assert {"a": text} == parse_yaml(f"a: {written}")
    assert {"a": 1} == parse_yaml(f"a: 1 {yaml_text.comment(text)}")


@each_text
def test_python_shows_and_is_equal(text: str) -> None:
    """A literal means the same; a docstring and a comment end nothing."""
    assert text == ast.literal_eval(python.literal(text))
    source = f'"""{python.docstring(text, 0)}"""\n# {python.comment(text)}\n'
    assert visible(source.replace("\n", "")) == source.replace("\n", "")
    assert 1 == len(ast.parse(source).body)


# --- nothing leaves another way -----------------------------------------------------

_SINKS = ("ground/sinks/", "ground/terminal.py", "runtime/_report.py")
_STREAMS = {"stdout", "stderr", "__stdout__", "__stderr__"}
_ECHOES = {"echo", "secho", "echo_via_pager", "confirm", "prompt"}
_LOGS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def leaks(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where a module prints, logs or finishes text by itself."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="print" | "Escaped" as name)):
                yield node.lineno, f"{name}()"
            case ast.Call(func=ast.Attribute(ast.Name("click"), attr=name)) if (
                name in _ECHOES
            ):
                yield node.lineno, f"click.{name}()"
            case ast.ImportFrom(module="click", names=names) if any(
                one.name in _ECHOES for one in names
            ):
                yield node.lineno, "from click import echo"
            case ast.Attribute(
                value=ast.Attribute(ast.Name("sys"), attr=stream),
                attr="write" | "writelines" | "buffer" as name,
            ) if stream in _STREAMS:
                yield node.lineno, f"sys.{stream}.{name}"
            case ast.Call(
                func=ast.Attribute(ast.Name("log" | "logger"), attr=name)
            ) if name in _LOGS:
                yield node.lineno, f"log.{name}()"
            case ast.Call(func=ast.Attribute(ast.Name("logging"), attr=name)) if (
                name in _LOGS
            ):
                yield node.lineno, f"logging.{name}()"
            case ast.Call(func=ast.Attribute(ast.Name("warnings"), attr="warn")):
                yield node.lineno, "warnings.warn()"
            case ast.Attribute(attr="isprintable"):
                yield node.lineno, "a filter of its own: isprintable"
            case _:
                continue


@pytest.mark.parametrize(
    "source",
    [
        "print(text)",
        "click.echo(text)",
        "from click import echo",
        "sys.stdout.write(text)",
        "sys.stderr.buffer",
        "log.warning(text)",
        "logging.info(text)",
        "warnings.warn(text)",
        "Escaped(text)",
        "text.isprintable()",
    ],
)
def test_a_leak_is_seen(source: str) -> None:
    """Each way to print, to log or to filter is one that the next test knows."""
    assert [1] == [number for number, _ in leaks(ast.parse(source))]


def test_text_leaves_through_sinks_alone() -> None:
    """No module but the sinks prints, logs, or calls a text finished."""
    found = [
        f"{path.relative_to(GENERATOR)}:{number}: {what}"
        for path in sorted(GENERATOR.rglob("*.py"))
        if not path.relative_to(GENERATOR).as_posix().startswith(_SINKS)
        for number, what in leaks(ast.parse(path.read_text("utf-8")))
    ]

    assert [] == found


def test_generated_packages_print_nothing() -> None:
    """Neither do the modules that are generated."""
    folder = ROOT / "generated" / "python"
    found = [
        f"{path.relative_to(folder)}:{number}: {what}"
        for path in sorted(folder.rglob("*.py"))
        for number, what in leaks(ast.parse(path.read_text("utf-8")))
        if "isprintable" not in what
    ]

    assert [] == found
