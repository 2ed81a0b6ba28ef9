"""For pytest: `assert_valid_response`, which holds a mocked response to a contract.

    def test_report(assert_valid_response):
        response = {"TrainingJobName": "churn", …}
        assert_valid_response(response)
        assert_valid_response(instances, contract="aws:ec2:DescribeInstances")
        assert_valid_response(httpx.get(url), contract="api.yaml")

The contract is that of the project ([tool.shapespec] in its pyproject.toml), or else
the one that ships with shapespec. What the project ignores, weighs otherwise or knows
already holds here, too. With `--shapespec-watch`, every client of botocore that the
tests make is watched; see `watch.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Literal, NamedTuple, NoReturn, Protocol

import pytest

if TYPE_CHECKING:
    from shapespec.api import Link
    from shapespec.project.settings import Settings
    from shapespec.responses.contract import Contract
    from shapespec.responses.finding import AnyFinding
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
    parser.addini(_INI, "Default of --shapespec-watch: report, error or warning.")


def pytest_configure(config: pytest.Config) -> None:
    """Watch clients, if that is asked for."""
    chosen = config.getoption("--shapespec-watch") or config.getini(_INI)
    if not chosen:
        return
    if chosen not in _CHOICES:
        _stop(f"{_INI} = {chosen}: expected one of {', '.join(_CHOICES)}")
    from shapespec.ground.errors import Unusable
    from shapespec.ground.extras import need_compiler

    try:
        need_compiler("--shapespec-watch")
        from shapespec.pytest_plugin.watch import LEVELS, Watching

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
        operation: str | None = None,
        status: str | int | None = None,
        form: str | None = None,
        strict: bool | Literal["all"] = True,
        partial: bool = False,
        ignore: Iterable[str] = (),
        spec: str | Path | None = None,
    ) -> None:
        """Fail, with every finding, if a response is not what the contract says.

        Args:
            response: What a mock gives back; or a response of httpx or requests, of
                which the body is taken.
            contract: A generated package, or an address: the path of a spec or of an
                OpenAPI description from the root of the project,
                `aws:ec2:DescribeInstances`, the name of a package. That of the project
                where it is left out.
            shape: The shape it should have; that of the contract's one operation
                where it is left out.
            operation: The operation of a service or a description. That of the request
                where a response of httpx or requests is given.
            status: The status of an answer of a description. That of the response where
                there is one, else the first success.
            form: The system that it stands in for; any spelling is right without.
            strict: Whether what is only new to the contract is wrong in a mock, too:
                an unknown member, an unknown or a retired value, a broken claim. With
                "all", so is broken advice.
            partial: Whether the mock may leave out members: those that are required,
                and those that a rule is about.
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
        operation: str | None = None,
        status: str | int | None = None,
        form: str | None = None,
        strict: bool | Literal["all"] = True,
        partial: bool = False,
        ignore: Iterable[str] = (),
        spec: str | Path | None = None,
    ) -> None:
        __tracebackhide__ = True
        from shapespec.api import links_of, unlinked
        from shapespec.responses.read import Response

        named = contract if contract is not None else spec
        links: Link = unlinked
        call = _call(response)
        value = response if call is None else call.value
        if named is None or isinstance(named, str | Path):
            address = _address(settings(), named)
            which = operation, None if status is None else str(status)
            if call is not None and operation is None:
                which = _which(address, call, which[1])
            named = load(address, *which)
            links = links_of(address, settings(), shape=shape)
        options = {"shape": shape} if shape is not None else {}
        dropped = [*ignore, *(("required",) if partial else ())]
        policy = _policy(settings(), dropped)
        with _leaving_out(named, partial=partial):
            found = named.validate(value, form=form, strict=strict, **options)
        held = Response(source="", value=value)
        findings = policy.judge(held, found).findings
        if any(finding.severity == "error" for finding in findings):
            pytest.fail(_told(findings, links))

    return check


@contextmanager
def _leaving_out(contract: object, *, partial: bool) -> Iterator[None]:
    """Ask no rule about members that are not there, for as long as this lasts."""
    asked = None
    if partial and isinstance(contract, ModuleType):
        report = import_module(f"{contract.__name__}._report")
        asked = getattr(report, "PARTIAL", None)  # none in an older package
    if asked is None:
        yield
        return
    before = asked.set(True)
    try:
        yield
    finally:
        asked.reset(before)


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
    from shapespec.contract.findings import FINDINGS
    from shapespec.ground.errors import Unusable
    from shapespec.responses.fingerprints import read_fingerprints
    from shapespec.responses.policy import Policy

    names = [*dropped]
    severities = {name.rule: level for name, level in settings.severities}
    try:
        own = [rule for rule in names if rule not in FINDINGS]
        if own:
            _check_rules(own, settings)
        baseline = settings.baseline
        return Policy(
            ignored=frozenset((*(name.rule for name in settings.ignored), *names)),
            severities=severities,
            baseline=frozenset(read_fingerprints(baseline) if baseline else ()),
        )
    except Unusable as error:
        _stop(str(error))


def _check_rules(names: Iterable[str], settings: Settings) -> None:
    """Stop where a rule is not one of the project's specs.

    Raises:
        Unusable: A spec cannot be read.
    """
    from shapespec.diagnostics.suggest import meant
    from shapespec.ground.extras import need_compiler

    need_compiler("ignoring a rule of a spec")
    from shapespec.tools.rule_pages import known_rules

    known = known_rules(settings)
    for rule in names:
        if rule not in known:
            _stop(f"ignore: there is no rule {rule!r}{meant(rule, known)}")


class _Call(NamedTuple):
    """A response of httpx or requests: what it holds, and what it is an answer to."""

    value: object
    method: str
    url: str
    status: int


def _call(response: object) -> _Call | None:
    """What a response of httpx or requests is; none for anything else.

    Raises:
        Failed: It has not been read, or is not JSON.
    """
    kind = type(response).__module__.partition(".")[0]
    if kind not in ("httpx", "requests"):
        return None
    __tracebackhide__ = True
    from shapespec.ground.terminal import line
    from shapespec.responses.parse import Unreadable, decoded, parse_json
    from shapespec.watching.received import of_httpx, of_requests

    read = {"httpx": of_httpx, "requests": of_requests}
    received = read[kind](response)
    if received is None:
        pytest.fail("the response has not been read: it is a stream")
    try:
        value = parse_json(decoded(received.body)) if received.body else None
    except Unreadable as error:
        pytest.fail(str(line(f"the body of the response cannot be read: {error}")))
    return _Call(value, received.method, received.url, received.status)


def _which(
    address: Path, call: _Call, status: str | None
) -> tuple[str | None, str | None]:
    """The operation and the status of a call, where the contract is a description.

    Raises:
        UsageError: The description has no such operation, or cannot be read.
    """
    from shapespec.addresses import OpenApi, read_address
    from shapespec.diagnostics.model import Faults
    from shapespec.ground.errors import Unusable
    from shapespec.ground.extras import need_compiler

    try:
        if not isinstance(read_address(address), OpenApi):
            return None, None
        need_compiler(f"the contract {address}")
        from shapespec.watching.http import Api, without_secrets

        found = Api(address).find(call.method, call.url)
    except (Unusable, Faults) as error:
        _stop(str(error))
    if found is None:
        shown = f"{call.method} {without_secrets(call.url)}"
        _stop(f"{shown}: no operation of {address.name} is like it")
    return f"{found}", status or str(call.status)


def _address(settings: Settings, named: str | Path | None) -> Path:
    """The address of the contract that is meant.

    Raises:
        UsageError: Several could be meant.
    """
    from shapespec.ground.errors import Unusable
    from shapespec.project.settings import spec_in

    try:
        if named is None:
            return settings.only_spec("contract=…")
    except Unusable as error:
        _stop(str(error))
    return spec_in(settings.root, str(named))


def _contract(
    address: Path, operation: str | None = None, status: str | None = None
) -> Contract:
    """The contract at an address.

    Raises:
        UsageError: It cannot be read, or is wrong.
    """
    from shapespec.api import load_contract
    from shapespec.diagnostics.model import Faults
    from shapespec.ground.errors import Unusable

    try:
        return load_contract(
            address, operation=operation, status=status, target="validators"
        )
    except Unusable as error:
        _stop(str(error))
    except Faults as faults:
        from shapespec.diagnostics.render import render
        from shapespec.ground.terminal import plain

        raise pytest.UsageError(render(faults.diagnostics, plain)) from None


def _told(findings: Sequence[AnyFinding], links: Link) -> str:
    """The findings, errors first, each with where to read on."""
    from shapespec.ground.sinks.out import together
    from shapespec.ground.terminal import line

    lines = []
    for one in sorted(findings, key=lambda one: one.severity != "error"):
        place = one.pointer or "(the whole response)"
        lines.append(line(f"  {one.severity}[{one.rule}] {place}: {one.message}"))
        docs = links(one)
        if docs is not None:
            lines.append(line(f"    see {docs}"))
    return together([line("the response is not what the contract says:"), *lines])
