"""For pytest: `assert_valid_response`, which holds a mocked response to a contract.

    def test_report(assert_valid_response):
        response = {"TrainingJobName": "churn", …}
        assert_valid_response(response)
        assert_valid_response(instances, contract="aws:ec2:DescribeInstances")

The contract is that of the project ([tool.shapespec] in its pyproject.toml), or else
the one that ships with shapespec. What the project ignores, weighs otherwise or knows
already holds here, too. With `--shapespec-watch`, every client of botocore that the
tests make is watched; see `pytest_watch`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn, Protocol

import pytest

if TYPE_CHECKING:
    from shapespec.project.settings import Settings
    from shapespec.responses.contract import Contract, Finding
    from shapespec.responses.policy import Policy

_CHOICES = ("report", "error", "warning")
_INI = "shapespec_watch"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--shapespec-watch`."""
    group = parser.getgroup("shapespec")
    group.addoption(
        "--shapespec-watch",
        nargs="?",
        const="report",
        choices=_CHOICES,
        help="Validate the responses of every client of botocore that tests make, and"
        " sum up what was found; with `error` or `warning`, such findings fail a test.",
    )
    parser.addini(_INI, "What --shapespec-watch says: report, error or warning.")


def pytest_configure(config: pytest.Config) -> None:
    """Watch clients, if that is asked for."""
    chosen = config.getoption("--shapespec-watch") or config.getini(_INI)
    if not chosen:
        return
    if chosen not in _CHOICES:
        _stop(f"{_INI} = {chosen}: expected one of {', '.join(_CHOICES)}")
    from shapespec.ground.errors import Unusable
    from shapespec.pytest_watch import LEVELS, Watching

    try:
        plugin = Watching(_policy(_settings(config.rootpath)), LEVELS[chosen])
        plugin.start()
    except Unusable as error:
        _stop(str(error))
    config.pluginmanager.register(plugin, "shapespec-watching")


class AssertValidResponse(Protocol):
    """What the fixture `assert_valid_response` gives."""

    def __call__(
        self,
        response: object,
        *,
        contract: Contract | str | Path | None = None,
        shape: str | None = None,
        form: str | None = None,
        strict: bool | Literal["all"] = True,
        partial: bool = False,
        ignore: Iterable[str] = (),
        spec: str | Path | None = None,
    ) -> None:
        """Fail, with every finding, if a response is not what the contract says.

        Args:
            response: What a mock gives back.
            contract: A generated package, or an address: the path of a spec from the
                root of the project, `aws:ec2:DescribeInstances`, the name of a
                package. That of the project where it is left out.
            shape: The shape it should have; that of the contract's one operation
                where it is left out.
            form: The system that it stands in for; any spelling is right without.
            strict: Whether what is only new to the contract is wrong in a mock, too:
                an unknown member, an unknown or a retired value, a broken claim. With
                "all", so is broken advice.
            partial: Whether the mock may leave out members that are required.
            ignore: Rules whose findings are dropped, beside those that the project
                ignores.
            spec: Another word for `contract`.
        """


@pytest.fixture(scope="session")
def assert_valid_response(pytestconfig: pytest.Config) -> AssertValidResponse:
    """Hold a mocked response to the contract; fail with everything that is wrong."""
    settings = cache(lambda: _settings(pytestconfig.rootpath))
    load = cache(_contract)

    def check(
        response: object,
        *,
        contract: Contract | str | Path | None = None,
        shape: str | None = None,
        form: str | None = None,
        strict: bool | Literal["all"] = True,
        partial: bool = False,
        ignore: Iterable[str] = (),
        spec: str | Path | None = None,
    ) -> None:
        __tracebackhide__ = True
        from shapespec.responses.read import Response

        named = contract if contract is not None else spec
        if named is None or isinstance(named, str | Path):
            named = load(settings(), named)
        options = {"shape": shape} if shape is not None else {}
        dropped = [*ignore, *(("required",) if partial else ())]
        policy = _policy(settings(), dropped)
        found = named.validate(response, form=form, strict=strict, **options)
        held = Response(source="", value=response)
        findings = policy.judge(held, found).findings
        if any(finding.severity == "error" for finding in findings):
            pytest.fail(_told(findings))

    return check


def _stop(message: str) -> NoReturn:
    from shapespec.ground.terminal import line

    raise pytest.UsageError(line(message)) from None


def _settings(root: Path) -> Settings:
    """What the project says of its specs and findings.

    Raises:
        UsageError: It cannot be read.
    """
    from shapespec.ground.errors import Unusable
    from shapespec.project.settings import find_settings

    try:
        return find_settings(root)
    except Unusable as error:
        _stop(str(error))


def _policy(settings: Settings, dropped: Iterable[str] = ()) -> Policy:
    """How the project weighs findings.

    Raises:
        UsageError: A rule is not known, or the baseline cannot be read.
    """
    from shapespec.diagnostics.suggest import nearest
    from shapespec.ground.errors import Unusable
    from shapespec.responses.fingerprints import read_fingerprints
    from shapespec.responses.policy import Policy
    from shapespec.tools.rule_pages import known_rules

    names = [*dropped]
    severities = {name.rule: level for name, level in settings.severities}
    try:
        known = known_rules(settings) if names else ()
        for rule in names:
            if rule not in known:
                near = nearest(rule, known)
                hint = f"; did you mean {near}?" if near else ""
                _stop(f"ignore: there is no rule {rule!r}{hint}")
        baseline = settings.baseline
        return Policy(
            ignored=frozenset((*(name.rule for name in settings.ignored), *names)),
            severities=severities,
            baseline=frozenset(read_fingerprints(baseline) if baseline else ()),
        )
    except Unusable as error:
        _stop(str(error))


def _contract(settings: Settings, named: str | Path | None) -> Contract:
    """The contract that is meant.

    Raises:
        UsageError: It cannot be read, is wrong, or several could be meant.
    """
    from shapespec.api import load_contract
    from shapespec.diagnostics.model import Faults
    from shapespec.diagnostics.render import render
    from shapespec.ground.errors import Unusable
    from shapespec.ground.terminal import plain
    from shapespec.project.settings import spec_in

    try:
        if named is None:
            spec = settings.only_spec("contract=…")
        else:
            spec = spec_in(settings.root, str(named))
        return load_contract(spec, target="validators")
    except Unusable as error:
        _stop(str(error))
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
