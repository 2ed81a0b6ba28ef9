"""How many inputs the tests that draw their own try, and how many they have tried.

`FUZZ=10000 make fuzz` sets the first, for each of these tests; the end of the run says
the second.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ASKED = "FUZZ" in os.environ


def inputs(usual: int) -> int:
    """How many inputs to draw: a few in `make test`, more where that is asked for."""
    return int(os.environ.get("FUZZ", usual))


def fuzz(usual: int = 60) -> Callable[[Any], Any]:
    """Draw so many inputs for a test, the same ones if not asked, and count them."""
    chosen = settings(
        max_examples=inputs(usual),
        deadline=None,
        derandomize=not ASKED,
        suppress_health_check=[*HealthCheck],
    )

    def drawn(test: Any) -> Any:
        one = test.hypothesis.inner_test

        @wraps(one)
        def counted(*given: Any, **named: Any) -> None:
            tried()
            one(*given, **named)

        test.hypothesis.inner_test = counted
        return chosen(test)

    return drawn


class Tried:
    """A pytest plugin that adds up what tests have tried, over all processes."""

    count = 0

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a process of pytest-xdist has tried."""
        Tried.count += getattr(node, "workeroutput", {}).get("tried", 0)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Tell the process that started this one."""
        told = getattr(session.config, "workeroutput", None)
        if told is not None:
            told["tried"] = Tried.count

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say how many there were."""
        if ASKED:
            terminalreporter.write_line(f"{Tried.count:,} inputs tried")


def tried(count: int = 1) -> None:
    """Count inputs: specs, schemas, texts, or responses that were judged."""
    Tried.count += count
