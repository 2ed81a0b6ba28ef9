"""Questions of people who read the documents: both references answer, with anchors."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from shapespec.compiler import generate
from tests.behaviour.test_reference import Page
from tests.behaviour.test_site import ROOT, flagship

yaml = pytest.importorskip("ruamel.yaml")

QUESTIONS: list[dict[str, Any]] = yaml.YAML(typ="safe", pure=True).load(
    (ROOT / "tests" / "cases" / "questions.yaml").read_text("utf-8")
)


@cache
def pages() -> dict[str, str]:
    """The Markdown reference of the flagship, by file."""
    files = generate(flagship().schema, ["docs"])
    return {file.path.rpartition("/")[2]: file.text for file in files}


def section(file: str, anchor: str) -> str:
    """What stands at an anchor of a page: under a heading, or in a row of a table."""
    page = Page(pages()[file])
    assert anchor in page.anchors, f"{file}#{anchor}"
    lines = page.text.split("\n")
    for number, line in enumerate(lines):
        if f'<a id="{anchor}">' in line:
            return line
        heading = re.match("(#+) (.*)", line)
        if heading and anchor in Page(line).anchors:
            end = re.compile(f"#{{1,{len(heading[1])}}} ")
            rest = lines[number + 1 :]
            stop = next((n for n, one in enumerate(rest) if end.match(one)), len(rest))
            return "\n".join(rest[:stop])
    raise AssertionError(anchor)


def test_there_are_forty() -> None:
    """Twenty that were asked before the references could answer, and twenty more."""
    assert 40 == len(QUESTIONS)
    assert 40 == len({one["asks"] for one in QUESTIONS})


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one["asks"])
def test_the_site_answers(question: dict[str, Any]) -> None:
    """The section of the anchor has the words of the answer."""
    shown = flagship().shown(question["site"])

    assert [] == [word for word in question["says"] if word not in shown]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one["asks"])
def test_the_markdown_answers(question: dict[str, Any]) -> None:
    """So has the section of the Markdown reference, whatever it must escape."""
    file, _, anchor = question["docs"].partition("#")
    shown = re.sub(r"\\([^\w\s])", r"\1", section(file, anchor))

    assert [] == [word for word in question["says"] if word not in shown]
