"""Responses of an HTTP client, checked by the OpenAPI description of the API.

`shapespec.httpx` and `shapespec.requests` hand over what arrives. Here the operation is
found by method and path, and the contract of the status is made when it first comes.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Literal, Protocol, TypeAlias, TypedDict
from urllib.parse import urlsplit, urlunsplit

from shapespec.addresses import OpenApi, read_address
from shapespec.api import Answers
from shapespec.diagnostics.model import Faults
from shapespec.ground.errors import Unusable
from shapespec.ground.sinks.log import failure, note
from shapespec.importers.openapi.description import REQUEST, Answer, Operation
from shapespec.importers.openapi.routes import Routes
from shapespec.responses.contract import Contract, unload
from shapespec.responses.finding import AnyFinding
from shapespec.responses.parse import Unreadable, decoded, parse_json
from shapespec.runtime._report import Finding
from shapespec.watching import (
    LEVELS,
    MOST_CONTRACTS,
    AboutFinding,
    Delivery,
    ResponseRefused,
    said,
)
from shapespec.watching.received import Received

UNREADABLE = "unreadable"
"""The rule of a body that is not JSON, where the description says that it is."""

_EMPTY = (204, 205, 304)
_MOST_SAID = 1000


@dataclass(frozen=True, slots=True)
class Event(AboutFinding):
    """A finding, and the call whose response it is about.

    The attributes of the finding are the event's, too: `event.rule`, `event.pointer`.

    Attributes:
        finding: What is wrong.
        operation: The operation that was called: `GET /pets/{id}`.
        operation_id: What the description calls it; none where it does not.
        direction: `response`; or `request`, where it is about what was sent.
        status: The status of the response: 200.
        url: The URL without user, password, query and fragment.
        time: When the response was checked, in UTC.
    """

    finding: AnyFinding
    operation: str
    operation_id: str | None
    direction: str
    status: int
    url: str
    time: datetime

    def __str__(self) -> str:
        what = REQUEST if self.direction == REQUEST else f"{self.status}"
        return f"{self.operation} {what}: {said(self.finding)}"


OnFinding: TypeAlias = Callable[[Event], object]


class Api:
    """An API as an OpenAPI description has it: what its answers are validated by.

    Attributes:
        description: The description.
    """

    def __init__(self, contract: Path | str, bases: Iterable[str] = ()) -> None:
        """Read a description; `bases` are more paths below which its paths are.

        Raises:
            Unusable: It cannot be read, or is not an OpenAPI description.
            Faults: It is too large, or not UTF-8.
        """
        found = read_address(contract)
        if not isinstance(found, OpenApi):
            raise Unusable(f"{contract} is not an OpenAPI description, which is needed")
        self.answers = Answers(found.path)
        self.description = self.answers.description
        self._routes = Routes(self.description, bases)
        self._made: OrderedDict[tuple[str, str, str], Contract | None] = OrderedDict()
        self._lock = Lock()
        self._said: set[str] = set()

    def find(self, method: str, url: str) -> Operation | None:
        """The operation of a request; none where the description has none."""
        try:
            return self._routes.find(method, urlsplit(url).path)
        except ValueError:
            return None

    def contract(
        self, operation: Operation, answer: Answer, log: logging.Logger
    ) -> Contract | None:
        """The validators of an answer; none, and a line in the log, without any."""
        key = f"{operation}", answer.status, answer.media
        with self._lock:
            if key not in self._made:
                self._made[key] = self._contract(operation, answer, log)
                while len(self._made) > MOST_CONTRACTS:
                    _, oldest = self._made.popitem(last=False)
                    if oldest is not None:
                        unload(oldest)
            self._made.move_to_end(key)
            return self._made[key]

    def _contract(
        self, operation: Operation, answer: Answer, log: logging.Logger
    ) -> Contract | None:
        try:
            return self.answers.contract(operation, answer)
        except (Unusable, Faults) as error:
            message = f"{operation} {answer.status}: responses are not checked: {error}"
            note(log, logging.WARNING, message)
            return None

    def say_once(self, log: logging.Logger, text: str) -> None:
        """Log that something is not checked, but not for each response again."""
        if text not in self._said and len(self._said) < _MOST_SAID:
            self._said.add(text)
            note(log, logging.INFO, f"{text}: not checked")

    def findings(
        self,
        received: Received,
        operation: Operation,
        log: logging.Logger,
        **options: Any,
    ) -> tuple[AnyFinding, ...]:
        """What is wrong with a response; nothing where its body has no contract."""
        if not received.body and (
            received.status in _EMPTY or received.method.upper() == "HEAD"
        ):
            return ()
        answer = operation.answer(received.status)
        if answer is None:
            self.say_once(
                log, f"{operation}: the status {received.status} is not known"
            )
            return ()
        return self._judged(
            operation, answer, received.media, received.body, log, options
        )

    def sent(
        self,
        received: Received,
        operation: Operation,
        log: logging.Logger,
        **options: Any,
    ) -> tuple[AnyFinding, ...]:
        """What is wrong with the body of the request."""
        if not received.sent or not operation.bodies:
            return ()
        media, body = received.sent_media, received.sent
        return self._judged(operation, operation.request, media, body, log, options)

    def _judged(  # noqa: PLR0913, PLR0917 - what is sent and what is answered alike
        self,
        operation: Operation,
        answer: Answer,
        content_type: str,
        data: bytes,
        log: logging.Logger,
        options: Mapping[str, Any],
    ) -> tuple[AnyFinding, ...]:
        media = content_type.partition(";")[0].strip()
        answer = answer.in_media(media)
        body = answer.body
        if body is None:
            if answer.bodies:
                named = answer.bodies[0].media
                self.say_once(log, f"{operation} {answer.status}: {named} is not JSON")
            return ()
        if media and not is_json(media):
            other = f"{operation} {answer.status}: {media} in place of {body.media}"
            self.say_once(log, other)
            return ()
        contract = self.contract(operation, answer, log)
        if contract is None:
            return ()
        try:
            values = _values(data, lines=body.lines)
        except Unreadable as error:
            message = f"the body cannot be read: {error}"
            return (Finding(UNREADABLE, "error", "", message, operation.name),)
        return tuple(
            finding
            for value in values
            for finding in contract.validate(value, **options)
        )


def is_json(media: str) -> bool:
    """Whether a media type is JSON, or lines of it."""
    kind = media.casefold()
    return kind.endswith(("/json", "+json", "ndjson", "jsonl", "json-seq"))


def _values(body: bytes, *, lines: bool) -> list[object]:
    text = decoded(body)
    if not lines:
        return [parse_json(text)]
    return [parse_json(line) for line in text.splitlines() if line.strip("\x1e ")]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpWatcher:
    """Checks the responses of a client, and hands on what is found.

    Attributes:
        api: What they are validated by.
        delivery: How findings are handed on.
        strict: Whether warnings count as errors.
        raises: Whether a response with errors is refused.
        requests: Whether bodies of requests are checked, too.
    """

    api: Api
    delivery: Delivery[Event]
    strict: bool = False
    raises: bool = False
    requests: bool = False
    log: logging.Logger = field(default_factory=lambda: logging.getLogger(__name__))

    def see(self, received: Received) -> None:
        """Check a response, if it is one to be checked.

        Raises:
            ResponseRefused: It has errors, and is to be refused then. Nothing else is
                raised: what fails here is logged.
        """
        if not self.delivery.is_due():
            return
        shown = without_secrets(received.url)
        try:
            operation = self.api.find(received.method, received.url)
            if operation is None:
                text = f"{received.method} {shown}: no operation is like it"
                self.api.say_once(self.log, text)
                return
            options = {"strict": self.strict}
            sent: tuple[AnyFinding, ...] = ()
            if self.requests:
                sent = self.api.sent(received, operation, self.log, **options)
            back = self.api.findings(received, operation, self.log, **options)
            now = datetime.now(UTC)
            events = [
                Event(
                    finding=one,
                    operation=f"{operation}",
                    operation_id=operation.id,
                    direction=direction,
                    status=received.status,
                    url=shown,
                    time=now,
                )
                for direction, found in ((REQUEST, sent), ("response", back))
                for one in found
            ]
        except Exception as error:  # noqa: BLE001 - logged, with its traceback
            failure(self.log, f"{shown}: the response could not be checked", error)
            return
        if events:
            self.delivery.hand_on(f"{operation}", events)
        if self.raises and any(one.severity == "error" for one in (*sent, *back)):
            raise ResponseRefused(f"{operation}", (*sent, *back), received.response)


class Options(TypedDict, total=False):
    """How a client is watched.

    Attributes:
        rate: The share of responses to check, spread evenly: 0.1 is every tenth;
            default: all.
        limit: How many findings of a response are handed on, at most; default: 100.
        strict: Whether warnings count as errors.
        raise_on: With `error`, a response that has errors is not handed to the caller:
            `ResponseRefused` is raised, once `on_finding` has had all findings.
        requests: Whether the JSON bodies of requests are validated, too, by the schema
            of the request, when the response has come.
    """

    rate: float
    limit: int
    strict: bool
    raise_on: Literal["error"] | None
    requests: bool


class Sender(Protocol):
    """A client or a session, whether or not its types are known."""

    @property
    def send(self) -> Callable[..., Any]:
        """Send a request."""
        ...


_MARK = "_shapespec_watches"


def watch_sends(
    sender: Sender,
    around: Callable[[Callable[..., Any]], Callable[..., Any]],
    watching: HttpWatcher,
) -> tuple[str, ...]:
    """Put something around what a client sends with, in place of what was put before.

    Returns:
        The operations whose responses are checked.
    """
    unwatch(sender)
    send = around(sender.send)
    setattr(send, _MARK, True)
    vars(sender)["send"] = send
    return tuple(
        f"{one}" for one in watching.api.description.operations if not one.webhook
    )


def unwatch(sender: Sender) -> None:
    """Check the responses of a client no more; nothing happens if none are."""
    if getattr(vars(sender).get("send"), _MARK, False):
        before = vars(sender)["send"].__wrapped__
        del vars(sender)["send"]
        if sender.send != before:  # somebody else had put theirs there
            vars(sender)["send"] = before


def watcher(
    contract: Path | str,
    bases: Iterable[str],
    on_finding: OnFinding | None,
    options: Options,
    log: logging.Logger,
) -> HttpWatcher:
    """What watches a client.

    Raises:
        ValueError: `rate` or `limit` is out of range.
        Unusable: The description cannot be read, or is not one.
        Faults: It is too large, or not UTF-8.
    """

    def write(event: Event) -> None:
        extra = {
            "operation": event.operation,
            "direction": event.direction,
            "status": event.status,
            "url": event.url,
            "rule": event.rule,
            "severity": event.severity,
            "pointer": event.pointer,
        }
        note(log, LEVELS[event.severity], str(event), extra)

    delivery = Delivery(
        log=log,
        on_finding=on_finding,
        write=write,
        rate=options.get("rate", 1.0),
        limit=options.get("limit", 100),
    )
    return HttpWatcher(
        api=Api(contract, bases),
        delivery=delivery,
        strict=options.get("strict", False),
        raises=options.get("raise_on") == "error",
        requests=options.get("requests", False),
        log=log,
    )


def without_secrets(url: str) -> str:
    """A URL without user, password, query and fragment."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    host = f"[{host}]" if ":" in host else host
    return urlunsplit((parts.scheme, f"{host}{port}", parts.path, "", ""))
