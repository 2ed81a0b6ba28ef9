"""What becomes of the official tests of JSON Schema when their schemas are imported."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.conformance.imported.suite import (
    ARCHIVES,
    DRAFTS,
    TABLE,
    Outcome,
    Suite,
    outcomes,
    table,
)

if not ARCHIVES:
    pytest.skip(
        "no jsonschema-*.tar.gz beside the tests; `make test` fetches it",
        allow_module_level=True,
    )

LEAST = 0.85
"""The part of all verdicts that is the official one."""

_SUITE = Suite(ARCHIVES[-1])
_FILES = [(draft, file) for draft in DRAFTS for file in sorted(_SUITE.files[draft])]


@cache
def outcome(draft: str, file: str) -> Outcome:
    """How the tests of a file ended; it takes a second at most."""
    return outcomes(_SUITE, draft, [file])[file]


@pytest.mark.parametrize(("draft", "file"), _FILES)
def test_no_difference_is_silent(draft: str, file: str) -> None:
    """A verdict that is not the official one is announced at its place."""
    found = outcome(draft, file).differences

    assert [] == [one for one in found if one.verdict == "silent"]


@pytest.mark.parametrize("draft", DRAFTS)
def test_most_verdicts_are_the_official_ones(draft: str) -> None:
    """At least 85 of 100 values are judged as the suite does."""
    counts = Counter[str]()
    for one, file in _FILES:
        if one == draft:
            counts += outcome(draft, file).counts

    assert counts.total() * LEAST <= counts["agree"]


def test_table_is_current() -> None:
    """The table in the guide is what the tests give; a command writes it."""
    found = {
        draft: {file: outcome(draft, file) for file in sorted(_SUITE.files[draft])}
        for draft in DRAFTS
    }

    assert Path(TABLE).read_text("utf-8") == table(found)
