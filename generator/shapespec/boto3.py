"""Checks the responses of a boto3 client as they arrive.

    sagemaker = boto3.client("sagemaker")
    watch(sagemaker)
    sagemaker.describe_training_job(TrainingJobName="churn")  # what is wrong is logged

Nothing here imports boto3: a client brings its own event system, which botocore gives
to every client that it makes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

from shapespec.api import load_contract
from shapespec.ground.errors import Portable
from shapespec.ground.resources import FLAGSHIP
from shapespec.ground.sinks.log import failure, note
from shapespec.ground.sinks.visible import visible
from shapespec.responses.contract import Contract, Finding
from shapespec.responses.render import discreet

OnFinding: TypeAlias = Callable[[Finding], object]

log = logging.getLogger(__name__)

_FLAGSHIP_SERVICE = "sagemaker"
_FORM = "boto3"
_HANDLER = "shapespec-watch"
_LEVELS = {"error": logging.ERROR, "warning": logging.WARNING, "note": logging.INFO}
_FIRST_ERROR_STATUS = 300


class Events(Protocol):
    """The part of a client's event system that is used here."""

    def register_last(
        self, event_name: str, handler: Callable[..., None], unique_id: str
    ) -> None:
        """Call a handler behind all others."""
        ...

    def unregister(
        self, event_name: str, handler: None = None, unique_id: str | None = None
    ) -> None:
        """Call a handler no more."""
        ...


class Meta(Protocol):
    """What a client knows of itself."""

    @property
    def events(self) -> Any:
        """Its event system, as `Events` has it."""
        ...

    @property
    def service_model(self) -> Any:
        """The operations of its service, as botocore's `ServiceModel` has them."""
        ...


class Client(Protocol):
    """A client of boto3 or botocore, whether or not its types are known."""

    @property
    def meta(self) -> Meta:
        """What it knows of itself."""
        ...


class ResponseRefused(Portable, ValueError):
    """A response has errors, and the client was asked to raise them.

    Attributes:
        operation: The operation that was called.
        findings: All that was found.
        response: The response, which the caller of the operation does not get.
    """

    def __init__(
        self, operation: str, findings: tuple[Finding, ...], response: object
    ) -> None:
        """Name the operation, and the first of the errors."""
        self.operation = operation
        self.findings = findings
        self.response = response
        errors = [one for one in findings if one.severity == "error"]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(f"{operation}: {_said(errors[0])}{more}")


def watch(
    client: Client,
    on_finding: OnFinding | None = None,
    *,
    contract: Contract | Path | str | None = None,
    rate: float = 1.0,
    limit: int = 100,
    strict: bool = False,
    raise_on: Literal["error"] | None = None,
) -> tuple[str, ...]:
    """Hold every response that a contract describes against it, as it arrives.

    The caller of an operation gets its response whatever comes of the check: should
    `on_finding` or the check itself fail, that is logged. A client that is watched
    already is watched anew, as now said.

    Args:
        client: A client of boto3 or botocore.
        on_finding: Called with each finding; where left out, findings are logged under
            `shapespec.boto3`, with the severity as level.
        contract: A generated package, or an address such as `aws:ec2:DescribeInstances`
            or the path of a spec. Where left out, the one
            that ships with shapespec, which is for clients of SageMaker.
        rate: The share of responses to check, spread evenly: 0.1 is every tenth.
        limit: How many findings of a response are handed on, at most.
        strict: Whether warnings count as errors.
        raise_on: With `error`, a response that has errors is not handed to the caller:
            `ResponseRefused` is raised, once `on_finding` has had all findings.

    Returns:
        The operations whose responses are checked: those whose output the contract
        has a shape for, of the same name.

    Raises:
        ValueError: The contract describes no operation of this client, or `rate` or
            `limit` has no meaning.
        Unusable: The spec cannot be read.
        Faults: The spec is wrong.
    """
    if not 0 < rate <= 1:
        raise ValueError(f"rate is a share, above 0 and up to 1; got {rate}")
    if limit < 1:
        raise ValueError(f"limit is a number of findings, 1 or more; got {limit}")
    service = _service(client)
    found = _contract(contract, service)
    options = _options(client, found, strict=strict)
    if not options:
        raise ValueError(f"the contract describes no operation of {service}")
    watcher = _Watcher(
        options=options,
        validate=found.validate,
        on_finding=on_finding,
        rate=rate,
        limit=limit,
        raises=raise_on == "error",
    )
    unwatch(client)
    events: Events = client.meta.events
    events.register_last(f"after-call.{service}", watcher, unique_id=_HANDLER)
    return tuple(options)


def unwatch(client: Client) -> None:
    """Check the responses of a client no more; nothing happens if none are."""
    events: Events = client.meta.events
    events.unregister(f"after-call.{_service(client)}", unique_id=_HANDLER)


def _service(client: Client) -> str:
    """A client's service as its events have it: `sagemaker`."""
    return str(client.meta.service_model.service_id.hyphenize())


def _contract(given: Contract | Path | str | None, service: str) -> Contract:
    if isinstance(given, str | Path):
        return load_contract(given)
    if given is not None:
        return given
    if service != _FLAGSHIP_SERVICE:
        raise ValueError(
            f"the contract that ships with shapespec is for {_FLAGSHIP_SERVICE}; "
            f"name one for {service} with contract="
        )
    return load_contract(FLAGSHIP)


def _options(
    client: Client, contract: Contract, *, strict: bool
) -> dict[str, dict[str, Any]]:
    """The keyword arguments for `validate`, for each operation that has a shape."""
    model = client.meta.service_model
    form = _FORM if _knows(contract, form=_FORM) else None
    found = {}
    for operation in model.operation_names:
        output = model.operation_model(operation).output_shape
        if output is not None and _knows(contract, shape=output.name):
            found[operation] = {"shape": output.name, "form": form, "strict": strict}
    return found


def _knows(contract: Contract, **options: str) -> bool:
    """Whether a contract has a shape or a form of that name."""
    try:
        contract.is_valid(None, **options)
    except TypeError:  # it has several operations, and no shape was named
        return True
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watcher:
    """Called by a client with every response, parsed, before its caller gets it."""

    options: Mapping[str, dict[str, Any]]
    validate: Callable[..., Any]
    on_finding: OnFinding | None
    rate: float
    limit: int
    raises: bool
    calls: count[int] = field(default_factory=count)

    def __call__(
        self, *, model: Any, parsed: Any, http_response: Any, **event: object
    ) -> None:
        """Check a response, if it is one to be checked."""
        del event
        operation = str(model.name)
        options = self.options.get(operation)
        if options is None or http_response.status_code >= _FIRST_ERROR_STATUS:
            return
        if not self.is_due(next(self.calls)):
            return
        try:
            findings = tuple(self.validate(parsed, **options))
        except Exception as error:  # noqa: BLE001 - logged, with its traceback
            failure(log, f"{operation}: the response could not be checked", error)
            return
        self.report(operation, findings)
        if self.raises and any(one.severity == "error" for one in findings):
            raise ResponseRefused(operation, findings, parsed)

    def is_due(self, number: int) -> bool:
        """Whether the call of that number, counted from 0, is among those to check."""
        return int((number + 1) * self.rate) > int(number * self.rate)

    def report(self, operation: str, findings: tuple[Finding, ...]) -> None:
        """Hand on findings, as many as may be."""
        try:
            for finding in findings[: self.limit]:
                if self.on_finding is None:
                    _log(operation, finding)
                else:
                    self.on_finding(finding)
        except Exception as error:  # noqa: BLE001 - logged, with its traceback
            failure(log, f"{operation}: a finding could not be handed on", error)
        if len(findings) > self.limit:
            left = len(findings) - self.limit
            note(
                log, logging.WARNING, f"{operation}: {left} more findings are not shown"
            )


def _log(operation: str, finding: Finding) -> None:
    note(log, _LEVELS[finding.severity], f"{operation}: {_said(finding)}")


def _said(finding: Finding) -> str:
    """A finding in a line, for a log that others read."""
    mark = f"{finding.severity}[{finding.rule}]"
    return visible(f"{mark} at {finding.pointer or '/'}: {discreet(finding)}")
