"""No test depends on how fast the machine is that runs it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.support import FUSE, ROOT

TESTS = ROOT / "tests"
MEASURES = {"benchmarks", "catalogue", "described", "sweep"}
"""Programs that measure, and that no test runs."""
CLOCKS = {"monotonic", "perf_counter", "process_time", "thread_time"}
FILES = [
    path
    for path in sorted(TESTS.rglob("*.py"))
    if MEASURES.isdisjoint(path.relative_to(TESTS).parts)
]


def hurries(source: str) -> Iterator[str]:
    """The places of a module that look at a clock or allow only so many seconds."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Name("time"), attr=name) | ast.Name(name):
                if name.removesuffix("_ns") in CLOCKS:
                    yield f"line {node.lineno}: {name}"
            case ast.keyword("deadline", ast.Constant(None)):
                continue
            case ast.keyword("deadline"):
                yield f"line {node.lineno}: a deadline"
            case ast.keyword("timeout", ast.Constant(int() | float() as seconds)):
                if seconds < FUSE:
                    yield f"line {node.lineno}: {seconds} seconds"


def test_no_test_measures_time() -> None:
    """No test reads a clock, has a deadline, or ends what is merely slow."""
    found = {
        path.relative_to(ROOT).as_posix(): list(hurries(path.read_text("utf-8")))
        for path in FILES
    }

    assert {} == {name: places for name, places in found.items() if places}


@pytest.mark.parametrize(
    "source",
    [
        "import time; time.perf_counter()",
        "from time import monotonic_ns; monotonic_ns()",
        "settings(deadline=200)",
        "run(timeout=5)",
    ],
)
def test_what_measures_time_is_found(source: str) -> None:
    """The search finds each way of measuring time."""
    assert 1 == len(list(hurries(source)))


def test_hypothesis_is_calm() -> None:
    """Tests that Hypothesis runs have no deadline, and may draw slowly."""
    hypothesis = pytest.importorskip("hypothesis")
    profile = hypothesis.settings()

    assert profile.deadline is None
    assert hypothesis.HealthCheck.too_slow in profile.suppress_health_check
