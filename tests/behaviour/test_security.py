"""The page about security: each promise names tests that hold it, and they exist."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from shapespec.cel.parse import MAX_OPERATIONS
from shapespec.contract.places import MOST_PLACES
from shapespec.diagnostics.model import MOST
from shapespec.patterns.parse import MAX_LENGTH
from shapespec.project.files import MAX_SPEC_BYTES
from shapespec.responses.limits import MAX_RESPONSE_BYTES
from tests.support import ROOT

PAGE = (ROOT / ".github" / "SECURITY.md").read_text("utf-8")
PROMISED = PAGE.partition("## What is promised")[2].partition("## What is not")[0]
PROMISES = re.findall(r"^- (.*(?:\n  .*)*)", PROMISED, re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@cache
def names_in(file: str) -> frozenset[str]:
    """The tests that a file holds."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return frozenset(
        node.name for node in tree.body if isinstance(node, ast.FunctionDef)
    )


@pytest.mark.parametrize("promise", PROMISES)
def test_a_promise_names_its_tests(promise: str) -> None:
    """A promise is followed by tests, each of which exists."""
    named = NAMED.findall(promise)

    assert named
    for file, name in named:
        assert name in names_in(file), f"{file} has no {name}"


def test_every_line_of_tests_belongs_to_a_promise() -> None:
    """No test is named outside of the promises, where nothing would look at it."""
    held = sum(len(NAMED.findall(promise)) for promise in PROMISES)

    assert 15 < len(PROMISES)
    assert held == len(NAMED.findall(PAGE))


def test_the_limits_are_those_of_the_code() -> None:
    """The page's table of limits has the numbers that the code has."""
    rows = re.findall(r"^\| (.*?) \| (.*?) \|$", PROMISED, re.MULTILINE)
    limits = dict(rows)
    megabyte = 1024**2

    assert f"{MAX_SPEC_BYTES // megabyte} MB" in limits["a spec or a page"]
    assert (
        f"{MAX_RESPONSE_BYTES // megabyte} MB"
        in (limits["a response, a line of NDJSON, also once unpacked"])
    )
    assert f"{MAX_LENGTH:,} characters" in limits["a pattern"]
    assert f"{MAX_OPERATIONS} operations" in limits["an expression"]
    assert f"{MOST:,}" in limits["diagnostics of a step"]
    assert f"{MOST_PLACES:,}" in limits["places that are listed"]
