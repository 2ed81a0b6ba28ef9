"""Checks the responses of a session of requests as they arrive.

    session = requests.Session()
    watch(session, "api.yaml")
    session.get("https://api.example.org/pets/7")  # what is wrong is logged

Nothing here imports requests.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import Any, Literal, Protocol

from shapespec.http import (
    Event,
    HttpWatcher,
    OnFinding,
    Options,
    Received,
    watcher,
)
from shapespec.watching import ResponseRefused

__all__ = ("Event", "ResponseRefused", "unwatch", "watch")

log = logging.getLogger(__name__)

_MARK = "_shapespec_watches"

_depth: ContextVar[int] = ContextVar("shapespec_requests", default=0)
"""How many calls of `send` are under way: a redirect is a call within a call."""


class Session(Protocol):
    """A session of requests, whether or not its types are known."""

    @property
    def send(self) -> Callable[..., Any]:
        """Send a request."""
        ...


def watch(
    session: Session,
    contract: Path | str,
    on_finding: OnFinding | None = None,
    *,
    rate: float = 1.0,
    limit: int = 100,
    strict: bool = False,
    raise_on: Literal["error"] | None = None,
    requests: bool = False,
) -> tuple[str, ...]:
    """Validate every response of a session as it arrives.

    The operation is found by the method and the path of the request, the schema by the
    status. A response that is streamed is not read. The caller gets the response
    whatever comes of the check: should `on_finding` or the check itself fail, that is
    logged. A session that is watched already is watched anew, as now said.

    Args:
        session: A `requests.Session`.
        contract: The path of an OpenAPI description.
        on_finding: Called with an `Event` for each finding, before the call returns;
            where left out, findings are logged under `shapespec.requests`, with the
            severity as level and the event as `extra`.
        rate: The share of responses to check, spread evenly: 0.1 is every tenth.
        limit: How many findings of a response are handed on, at most.
        strict: Whether warnings count as errors.
        raise_on: With `error`, a response that has errors is not handed to the caller:
            `ResponseRefused` is raised, once `on_finding` has had all findings.
        requests: Whether the JSON bodies of requests are validated, too, by the schema
            of the request, when the response has come.

    Returns:
        The operations whose responses are checked.

    Raises:
        ValueError: `rate` or `limit` has no meaning.
        Unusable: The description cannot be read, or is not one.
        Faults: It is too large, or not UTF-8.
    """
    options = Options(on_finding, rate, limit, strict, raise_on, requests)
    watching = watcher(contract, (), options, log)
    unwatch(session)
    send = _around(session, session.send, watching)
    setattr(send, _MARK, True)
    vars(session)["send"] = send
    return tuple(
        f"{one}" for one in watching.api.description.operations if not one.webhook
    )


def unwatch(session: Session) -> None:
    """Check the responses of a session no more; nothing happens if none are."""
    if getattr(vars(session).get("send"), _MARK, False):
        before = vars(session)["send"].__wrapped__
        del vars(session)["send"]
        if session.send != before:  # somebody else had put theirs there
            vars(session)["send"] = before


def _around(
    session: Session, sent: Callable[..., Any], watching: HttpWatcher
) -> Callable[..., Any]:
    @wraps(sent)
    def send(*arguments: Any, **options: Any) -> Any:
        token = _depth.set(_depth.get() + 1)
        try:
            response = sent(*arguments, **options)
        finally:
            _depth.reset(token)
        is_streamed = options.get("stream", getattr(session, "stream", False))
        if not is_streamed and not _depth.get():
            received = received_of(response)
            if received is not None:
                watching.see(received)
        return response

    return send


def received_of(response: Any) -> Received | None:
    """A response of requests as it is checked; none where it has not been read."""
    if getattr(response, "_content", None) is False:  # it is not there yet
        return None
    request = response.request
    return Received(
        method=str(request.method),
        url=str(request.url),
        status=int(response.status_code),
        media=str(response.headers.get("content-type", "")),
        body=response.content or b"",
        response=response,
        sent=_sent(request.body),
        sent_media=str(request.headers.get("content-type", "")),
    )


def _sent(body: object) -> bytes | None:
    """The body of a request; none where it was streamed."""
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else None
