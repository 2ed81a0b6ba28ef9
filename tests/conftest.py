"""What all tests have: `pytest --update`, which rewrites expected text."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

LIBYAML = find_spec("_ruamel_yaml") is not None
"""Whether YAML is read by libyaml; the words for what it cannot read are its own."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update`."""
    parser.addoption(
        "--update",
        action="store_true",
        help="rewrite expected text with what comes out, in place of comparing",
    )


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether expected text is to be rewritten."""
    return bool(request.config.getoption("--update"))
