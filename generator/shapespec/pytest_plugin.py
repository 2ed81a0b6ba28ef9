"""For pytest: `assert_valid_response`, which holds a mocked response to a contract.

    def test_report(assert_valid_response):
        response = {"TrainingJobName": "churn", …}
        assert_valid_response(response)

The contract is that of the project ([tool.shapespec] in its pyproject.toml), or else
the one that ships with shapespec.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import pytest

if TYPE_CHECKING:
    from shapespec.responses.contract import Contract, Finding


class AssertValidResponse(Protocol):
    """What the fixture `assert_valid_response` gives."""

    def __call__(
        self,
        response: object,
        *,
        shape: str | None = None,
        form: str | None = None,
        strict: bool | Literal["all"] = True,
        spec: str | Path | None = None,
    ) -> None:
        """Fail, with every finding, if a response is not what the contract says.

        Args:
            response: What a mock gives back.
            shape: The shape it should have; that of the contract's one operation
                where it is left out.
            form: The system that it stands in for; any spelling is right without.
            strict: Whether what is only new to the contract is wrong in a mock, too:
                an unknown member, an unknown or a retired value. With "all", so is
                broken advice.
            spec: The contract; that of the project where it is left out.
        """


@pytest.fixture(scope="session")
def assert_valid_response(pytestconfig: pytest.Config) -> AssertValidResponse:
    """Hold a mocked response to the contract; fail with everything that is wrong."""
    load = cache(_contract)

    def check(
        response: object,
        *,
        shape: str | None = None,
        form: str | None = None,
        strict: bool | Literal["all"] = True,
        spec: str | Path | None = None,
    ) -> None:
        __tracebackhide__ = True
        contract = load(pytestconfig.rootpath, spec)
        options = {"shape": shape} if shape is not None else {}
        findings = contract.validate(response, form=form, strict=strict, **options)
        if any(finding.severity == "error" for finding in findings):
            pytest.fail(_told(findings))

    return check


def _contract(root: Path, spec: str | Path | None) -> Contract:
    """The contract that is meant.

    Raises:
        UsageError: It cannot be read, is wrong, or several could be meant.
    """
    from shapespec.diagnostics.model import Faults
    from shapespec.diagnostics.render import render
    from shapespec.ground.errors import Unusable
    from shapespec.ground.terminal import line, plain
    from shapespec.project.settings import find_settings
    from shapespec.responses.contract import load_contract

    specs = find_settings(root).specs if spec is None else (root / spec,)
    if len(specs) > 1:
        names = ", ".join(map(str, specs))
        message = f"the project has several specs; name one with spec=…: {names}"
        raise pytest.UsageError(line(message))
    try:
        return load_contract(specs[0])
    except Unusable as error:
        raise pytest.UsageError(line(str(error))) from None
    except Faults as faults:
        raise pytest.UsageError(render(faults.diagnostics, plain)) from None


def _told(findings: Sequence[Finding]) -> str:
    """The findings, errors first, a line each."""
    from shapespec.ground.sinks.out import together
    from shapespec.ground.terminal import line

    lines = [
        line(
            f"  {one.severity}[{one.rule}] {one.pointer or '(the whole response)'}:"
            f" {one.message}"
        )
        for one in sorted(findings, key=lambda one: one.severity != "error")
    ]
    return together([line("the response is not what the contract says:"), *lines])
