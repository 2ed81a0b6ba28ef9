"""Checks the responses of a boto3 client as they arrive.

    ec2 = boto3.client("ec2")
    watch(ec2)
    ec2.describe_instances()  # what is wrong is logged

Nothing here imports boto3: a client brings its own event system, which botocore gives
to every client that it makes. No contract is needed: each operation's is made from the
client's own model when it is first called, while its response is waited for.
"""

from __future__ import annotations

import logging
import os
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

from shapespec.addresses import AWS, SHIPPED
from shapespec.api import (
    Link,
    contract_of_model,
    links_of,
    load_contract,
    unlinked,
)
from shapespec.diagnostics.model import Faults
from shapespec.ground.errors import Unusable
from shapespec.ground.extras import need_compiler
from shapespec.ground.resources import FLAGSHIP
from shapespec.ground.sinks.log import failure, note
from shapespec.importers.botocore.body import UnreadableBody, beside_body, read_body
from shapespec.responses.contract import Contract, unload
from shapespec.responses.finding import AnyFinding
from shapespec.watching import (
    LEVELS,
    MOST_CONTRACTS,
    AboutFinding,
    Delivery,
    ResponseRefused,
    said,
)

__all__ = ("Event", "ResponseRefused", "unwatch", "watch")

log = logging.getLogger(__name__)

_FORM = "boto3"
_HANDLER = "shapespec-watch"
_FIRST_ERROR_STATUS = 300
_CONVERTS_ITEMS = "dynamodb-attr-value-output"
_UNKNOWN_VARIANT = "/SDK_UNKNOWN_MEMBER"


@dataclass(frozen=True, slots=True)
class Event(AboutFinding):
    """A finding, and the call whose response it is about.

    The attributes of the finding are the event's, too: `event.rule`, `event.pointer`.

    Attributes:
        finding: What is wrong.
        operation: The operation that was called: `DescribeInstances`.
        service: What botocore calls the service: `ec2`.
        region: The region of the client; none for a client without.
        request_id: What AWS calls the request; none where the response did not say.
        time: When the response arrived, in UTC.
        raw: Whether it is about the body as it was sent, which the parser may change.
        docs: Where the reference of the contract says more; none without a site.
    """

    finding: AnyFinding
    operation: str
    service: str
    region: str | None
    request_id: str | None
    time: datetime
    raw: bool
    docs: str | None = None

    def __str__(self) -> str:
        return f"{self.operation}: {said(self.finding)}"


OnFinding: TypeAlias = Callable[[Event], object]


class Events(Protocol):
    """The part of a client's event system that is used here."""

    def register_first(
        self, event_name: str, handler: Callable[..., None], unique_id: str
    ) -> None:
        """Call a handler before all others."""
        ...

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
    """Validate every response of a client as it arrives.

    The body is validated as it was sent, and the response as the caller gets it;
    nothing is reported twice. A stream is not read. The caller of an operation gets
    its response whatever comes of the check: should `on_finding` or the check itself
    fail, that is logged. A client that is watched already is watched anew, as now said.

    Args:
        client: A client of boto3 or botocore.
        on_finding: Called with an `Event` for each finding, before the call returns;
            where left out, findings are logged under `shapespec.boto3`, with the
            severity as level and the event as `extra`.
        contract: A generated package, or an address such as `aws:ec2:DescribeInstances`
            or the path of a spec, to whose site events then link (`docs_url` in
            `[tool.shapespec]`, or the page that was generated). Where left out, each
            operation's contract is made from the client's model while its first
            response is waited for, and kept in the cache.
        rate: The share of responses to check, spread evenly: 0.1 is every tenth.
        limit: How many findings of a response are handed on, at most.
        strict: Whether warnings count as errors.
        raise_on: With `error`, a response that has errors is not handed to the caller:
            `ResponseRefused` is raised, once `on_finding` has had all findings.

    Returns:
        The operations whose responses are checked: those that have an output, and a
        shape of its name in the contract, if there is one.

    Raises:
        ValueError: The contract describes no operation of this client, or `rate` or
            `limit` is out of range.
        Unusable: The spec cannot be read.
        Faults: The spec is wrong.
    """
    delivery = Delivery(
        log=log, on_finding=on_finding, write=_log, rate=rate, limit=limit
    )
    service = _service(client)
    if contract is None:
        need_compiler("watching without contract=")
        contracts: _Contracts | _OneContract = _Contracts(client, service)
    else:
        contracts = _named(contract)
    operations = tuple(contracts.operations(client))
    if not operations:
        raise ValueError(f"the contract describes no operation of {service}")
    watcher = _Watcher(
        contracts=contracts,
        operations=frozenset(operations),
        service=str(getattr(client.meta.service_model, "service_name", service)),
        region=getattr(client.meta, "region_name", None),
        strict=strict,
        delivery=delivery,
        raises=raise_on == "error",
    )
    unwatch(client)
    events: Events = client.meta.events
    # The widest event is the last to be emitted, so nobody changes what was checked.
    events.register_first("before-call", watcher.sent, unique_id=_SENT)
    events.register_last("before-parse", watcher.body, unique_id=_BODY)
    events.register_last("after-call-error", watcher.failed, unique_id=_FAILED)
    if _converts_items(events):
        # The resource makes Python values of items: look at the response before it.
        note(log, logging.INFO, f"{service}: items are validated as they are sent")
        events.register_first(f"after-call.{service}", watcher, unique_id=_HANDLER)
    else:
        events.register_last("after-call", watcher, unique_id=_HANDLER)
    return operations


def _named(contract: Contract | Path | str) -> _OneContract:
    """A contract that was named, by an address or itself."""
    if not isinstance(contract, str | Path):
        return _OneContract(contract)
    address = contract
    return _OneContract(
        load_contract(address), lambda shape: links_of(address, shape=shape)
    )


_SENT = f"{_HANDLER}-sent"
_BODY = f"{_HANDLER}-body"
_FAILED = f"{_HANDLER}-failed"


def unwatch(client: Client) -> None:
    """Check the responses of a client no more; nothing happens if none are."""
    events: Events = client.meta.events
    events.unregister("before-call", unique_id=_SENT)
    events.unregister("before-parse", unique_id=_BODY)
    events.unregister("after-call-error", unique_id=_FAILED)
    for name in ("after-call", f"after-call.{_service(client)}"):
        events.unregister(name, unique_id=_HANDLER)


def _service(client: Client) -> str:
    """A client's service as its events have it: `sagemaker`."""
    return str(client.meta.service_model.service_id.hyphenize())


def _converts_items(events: Any) -> bool:
    """Whether it is the client of a DynamoDB resource."""
    emitter = getattr(events, "_emitter", events)
    return _CONVERTS_ITEMS in getattr(emitter, "_unique_id_handlers", ())


# --- contracts ----------------------------------------------------------------------


class _Judge(NamedTuple):
    """What validates the responses of an operation.

    Attributes:
        validate: The function of the contract.
        shape: The output.
        form: The form of what boto3 returns, if the contract has it.
        raw: Whether the body as it was sent can be validated, too.
        docs: Where the reference speaks of what a finding is about.
    """

    validate: Callable[..., Any]
    shape: str
    form: str | None
    raw: bool
    docs: Link = unlinked


class _OneContract:
    """A contract that was named, for all operations whose outputs it knows.

    Bodies are validated, too, where it says how boto3 changes them.
    """

    def __init__(
        self, contract: Contract, links: Callable[[str], Link] = lambda _: unlinked
    ) -> None:
        self.contract = contract
        self.links = cache(links)
        self.form = _FORM if _knows(contract, form=_FORM) else None

    def operations(self, client: Client) -> Iterator[str]:
        for operation, output in _outputs(client):
            if _knows(self.contract, shape=output):
                yield operation

    def ahead(self, operation: Any) -> None:
        """Nothing: it is made already."""

    def judge(self, operation: Any) -> _Judge | None:
        output = operation.output_shape.name
        validate, docs = self.contract.validate, self.links(output)
        return _Judge(validate, output, self.form, self.form is not None, docs)


class _Contracts:
    """The contracts of a service, made from the client's model when they are needed."""

    def __init__(self, client: Client, service: str) -> None:
        self.service = service
        self.name = str(getattr(client.meta.service_model, "service_name", service))
        self.description = getattr(
            client.meta.service_model, "_service_description", None
        )

    def operations(self, client: Client) -> Iterator[str]:
        for operation, _ in _outputs(client):
            yield operation

    def judge(self, operation: Any) -> _Judge | None:
        """None where no contract can be made, which is logged once."""
        contract = self._contract_of(operation)
        if contract is None:
            return None
        output = str(operation.output_shape.name)
        return _Judge(contract.validate, output, _FORM, raw=True)

    def ahead(self, operation: Any) -> None:
        """Begin to make the contract that an answer will need, while it is waited for.

        `judge` waits until it is made, so nothing is validated later than without this.
        """
        key = self._key(operation)
        with _locks.table:
            if key in _made or key in _begun:
                return
            _begun.add(key)
        maker = Thread(target=self._make, args=(operation,), name=_THREAD)
        try:
            maker.start()
        except RuntimeError:  # there are no threads here, or the program ends
            _begun.discard(key)

    def _make(self, operation: Any) -> None:
        try:
            self._contract_of(operation)
        except Exception:  # noqa: BLE001 - the call meets it as well, and says so
            return
        finally:
            _begun.discard(self._key(operation))

    def _key(self, operation: Any) -> _Key:
        return self.name, id(self.description), str(operation.name)

    def _contract_of(self, operation: Any) -> Contract | None:
        """The contract of an operation; one is made at a time."""
        key = self._key(operation)
        found = _known(key)
        if found is None:
            with _locks.making:
                found = _known(key)
                if found is None:
                    found = _Made(self._contract(operation), self.description)
                    _keep(key, found)
        return found.contract

    def _contract(self, operation: Any) -> Contract | None:
        name, output = str(operation.name), str(operation.output_shape.name)
        try:
            if (self.name, name) == (SHIPPED.service, SHIPPED.operation):
                contract = load_contract(FLAGSHIP)
            elif self.description is None:
                contract = load_contract(f"{AWS}{self.name}:{name}")
            else:
                contract = contract_of_model(self.name, self.description, name)
        except (Unusable, Faults) as error:
            note(log, logging.WARNING, f"{name}: responses are not checked: {error}")
            return None
        if not _knows(contract, shape=output):
            message = f"{name}: responses are not checked: {output} is called otherwise"
            note(log, logging.WARNING, message)
            return None
        return contract


class _Made(NamedTuple):
    """A contract that was made, and the model that it was made of, kept alive."""

    contract: Contract | None
    description: object


_Key: TypeAlias = "tuple[str, int, str]"
"""The service, its description, and the operation."""


class _Locks:
    """What threads wait for: the table of contracts, and whoever makes one."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Begin anew: in a forked process nobody is left to give them back."""
        self.table, self.making = Lock(), Lock()
        _begun.clear()


_made: OrderedDict[_Key, _Made] = OrderedDict()
_begun: set[_Key] = set()
_locks = _Locks()
_THREAD = "shapespec-contract"
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_locks.renew)


def _known(key: _Key) -> _Made | None:
    with _locks.table:
        found = _made.get(key)
        if found is not None:
            _made.move_to_end(key)
    return found


def _keep(key: _Key, made: _Made) -> None:
    """Remember a contract; the least used ones make room."""
    with _locks.table:
        _made[key] = made
        while len(_made) > MOST_CONTRACTS:
            _, oldest = _made.popitem(last=False)
            if oldest.contract is not None:
                unload(oldest.contract)


def _outputs(client: Client) -> Iterator[tuple[str, str]]:
    """The operations that have an output, with the name of its shape."""
    model = client.meta.service_model
    for operation in model.operation_names:
        output = model.operation_model(operation).output_shape
        if output is not None:
            yield operation, str(output.name)


def _knows(contract: Contract, **options: str) -> bool:
    """Whether a contract has a shape or a form of that name."""
    try:
        contract.is_valid(None, **options)
    except TypeError:  # it has several operations, and no shape was named
        return True
    except ValueError:
        return False
    return True


# --- events of a client -------------------------------------------------------------


class _Seen(NamedTuple):
    """What the body of the response showed that is being handled.

    Attributes:
        operation: The operation.
        due: Whether the call is among those that are checked.
        findings: What was found in the body; none where it was not read.
        request_id: What AWS calls the request.
    """

    operation: str
    due: bool
    findings: tuple[AnyFinding, ...] | None
    request_id: str | None


_seen: ContextVar[_Seen | None] = ContextVar("shapespec_watch", default=None)
"""The body and the parsed response of a call are seen in the same thread or task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watcher:
    """Called by a client with every response: its body, and once it is parsed."""

    contracts: _Contracts | _OneContract
    operations: frozenset[str]
    service: str
    region: str | None
    strict: bool
    delivery: Delivery[Event]
    raises: bool

    def sent(self, *, model: Any, **event: object) -> None:
        """Make use of the time until the response arrives, if it is to be checked."""
        del event
        if self.delivery.rate == 1 and str(model.name) in self.operations:
            self.contracts.ahead(model)

    def body(
        self, *, operation_model: Any, response_dict: Mapping[str, Any], **event: object
    ) -> None:
        """Check the body of a response before it is parsed."""
        del event
        _seen.set(None)
        name = str(operation_model.name)
        status = response_dict.get("status_code", 0)
        if name not in self.operations or status >= _FIRST_ERROR_STATUS:
            return
        due = self.delivery.is_due()
        request_id = _request_id(response_dict.get("headers"))
        found = self.in_body(operation_model, response_dict) if due else None
        _seen.set(_Seen(name, due, found, request_id))

    def in_body(
        self, operation: Any, response: Mapping[str, Any]
    ) -> tuple[AnyFinding, ...] | None:
        """The findings about a body; none where it is a stream or cannot be read."""
        if operation.has_streaming_output or operation.has_event_stream_output:
            return None
        try:
            judge = self.contracts.judge(operation)
            if judge is None or not judge.raw:
                return None
            output = operation.output_shape
            protocol = _protocol(operation.service_model)
            body = read_body(response.get("body"), output, protocol)
            if body is None:
                return None
            elsewhere = {f"/{name}" for name in beside_body(output)}
            found = judge.validate(body, shape=judge.shape, strict=self.strict)
            return tuple(
                one
                for one in found
                if one.rule != "required" or one.pointer not in elsewhere
            )
        except UnreadableBody:
            return None  # botocore says so to the caller
        except Exception as error:  # noqa: BLE001 - logged, with its traceback
            failure(log, f"{operation.name}: the body could not be checked", error)
            return None

    def failed(self, *, exception: BaseException, **event: object) -> None:
        """Report on a body that botocore could not parse."""
        del exception, event
        seen = _seen.get()
        _seen.set(None)
        if seen is not None and seen.findings:
            self.report(seen.operation, seen.findings, (), seen.request_id)

    def __call__(
        self, *, model: Any, parsed: Any, http_response: Any, **event: object
    ) -> None:
        """Check a response, if it is one to be checked, and report on it."""
        del event
        operation = str(model.name)
        seen = _seen.get()
        _seen.set(None)
        if (
            operation not in self.operations
            or http_response.status_code >= _FIRST_ERROR_STATUS
        ):
            return
        if seen is None or seen.operation != operation:
            seen = _Seen(operation, self.delivery.is_due(), None, None)
        if not seen.due:
            return
        try:
            judge = self.contracts.judge(model)
            if judge is None:
                return
            options = {"shape": judge.shape, "strict": self.strict}
            found = tuple(judge.validate(parsed, form=judge.form, **options))
        except Exception as error:  # noqa: BLE001 - logged, with its traceback
            failure(log, f"{operation}: the response could not be checked", error)
            return
        raw = seen.findings or ()
        if seen.findings is not None:
            found = _not_in(raw, found)
        request_id = _request_id(parsed) or seen.request_id
        self.report(operation, raw, found, request_id, judge.docs)
        every = (*raw, *found)
        if self.raises and any(one.severity == "error" for one in every):
            raise ResponseRefused(operation, every, parsed)

    def report(
        self,
        operation: str,
        raw: tuple[AnyFinding, ...],
        parsed: tuple[AnyFinding, ...],
        request_id: str | None,
        docs: Link = unlinked,
    ) -> None:
        """Hand on findings, as many as may be."""
        now = datetime.now(UTC)
        about = operation, self.service, self.region, request_id, now
        marked = [(one, True) for one in raw] + [(one, False) for one in parsed]
        events = [
            Event(finding, *about, is_raw, docs(finding)) for finding, is_raw in marked
        ]
        self.delivery.hand_on(operation, events)


def _not_in(
    raw: tuple[AnyFinding, ...], parsed: tuple[AnyFinding, ...]
) -> tuple[AnyFinding, ...]:
    """What only the parsed response shows."""
    known = {(one.rule, one.pointer) for one in raw}
    return tuple(
        one
        for one in parsed
        if (one.rule, one.pointer) not in known
        and not one.pointer.endswith(_UNKNOWN_VARIANT)
    )


def _protocol(model: Any) -> str:
    found = getattr(model, "resolved_protocol", None) or model.metadata.get("protocol")
    return str(found)


def _request_id(given: Any) -> str | None:
    """What AWS calls a request, by the headers or the metadata of its response."""
    if not isinstance(given, Mapping):
        return None
    metadata = given.get("ResponseMetadata")
    if isinstance(metadata, Mapping) and "RequestId" in metadata:
        return str(metadata["RequestId"])
    for header in ("x-amzn-requestid", "x-amz-request-id"):
        if header in given:
            return str(given[header])
    return None


def _log(event: Event) -> None:
    extra = {
        "operation": event.operation,
        "service": event.service,
        "region": event.region,
        "request_id": event.request_id,
        "rule": event.rule,
        "severity": event.severity,
        "pointer": event.pointer,
        "docs": event.docs,
    }
    note(log, LEVELS[event.severity], str(event), extra)
