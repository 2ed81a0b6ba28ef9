"""What all tests have: `pytest --update`, which rewrites expected text, and calm."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

DEPTH = sys.getrecursionlimit()

LIBYAML = find_spec("_ruamel_yaml") is not None
"""Whether YAML is read by libyaml; the words for what it cannot read are its own."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update`."""
    parser.addoption(
        "--update",
        action="store_true",
        help="rewrite expected text with what comes out, in place of comparing",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Have Hypothesis judge what tests find, and never how long they take."""
    if find_spec("hypothesis") is None:
        return
    from hypothesis import HealthCheck, settings

    from tests.support.fuzzing import Tried

    slow = [HealthCheck.too_slow]
    settings.register_profile("calm", deadline=None, suppress_health_check=slow)
    settings.load_profile("calm")
    config.pluginmanager.register(Tried())


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether expected text is to be rewritten."""
    return bool(request.config.getoption("--update"))


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """Compiled contracts are kept for the run of the tests, not in a user's folder."""
    folder = tmp_path_factory.getbasetemp().parent / "shapespec-contracts"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SHAPESPEC_CACHE", str(folder))
        yield


@pytest.fixture(autouse=True)
def _usual_depth() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """The depth of Python's stack is what it was, whatever a library has made of it."""
    sys.setrecursionlimit(DEPTH)
    yield
    sys.setrecursionlimit(DEPTH)
