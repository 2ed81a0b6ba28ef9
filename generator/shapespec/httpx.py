"""Checks the responses of an httpx client as they arrive.

    client = httpx.Client(base_url="https://api.example.org")
    watch(client, "api.yaml")
    client.get("/pets/7")  # what is wrong is logged

Nothing here imports httpx. Clients that wait and clients that do not are watched alike.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any, Literal, Protocol, cast

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


class Client(Protocol):
    """A client of httpx, whether or not its types are known."""

    @property
    def send(self) -> Callable[..., Any]:
        """Send a request."""
        ...


def watch(
    client: Client,
    contract: Path | str,
    on_finding: OnFinding | None = None,
    *,
    rate: float = 1.0,
    limit: int = 100,
    strict: bool = False,
    raise_on: Literal["error"] | None = None,
    requests: bool = False,
) -> tuple[str, ...]:
    """Validate every response of a client as it arrives.

    The operation is found by the method and the path of the request, the schema by the
    status. A response that is streamed is not read. The caller gets the response
    whatever comes of the check: should `on_finding` or the check itself fail, that is
    logged. A client that is watched already is watched anew, as now said.

    Args:
        client: An `httpx.Client` or `httpx.AsyncClient`.
        contract: The path of an OpenAPI description.
        on_finding: Called with an `Event` for each finding, before the call returns;
            where left out, findings are logged under `shapespec.httpx`, with the
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
    base = str(getattr(getattr(client, "base_url", None), "path", ""))
    options = Options(on_finding, rate, limit, strict, raise_on, requests)
    watching = watcher(contract, (base,), options, log)
    unwatch(client)
    sent = client.send
    around = _around_async if iscoroutinefunction(sent) else _around
    send = around(sent, watching)
    setattr(send, _MARK, True)
    vars(client)["send"] = send
    return tuple(
        f"{one}" for one in watching.api.description.operations if not one.webhook
    )


def unwatch(client: Client) -> None:
    """Check the responses of a client no more; nothing happens if none are."""
    if getattr(vars(client).get("send"), _MARK, False):
        before = vars(client)["send"].__wrapped__
        del vars(client)["send"]
        if client.send != before:  # somebody else had put theirs there
            vars(client)["send"] = before


def _around(sent: Callable[..., Any], watching: HttpWatcher) -> Callable[..., Any]:
    @wraps(sent)
    def send(*arguments: Any, **options: Any) -> Any:
        response = sent(*arguments, **options)
        _see(response, watching)
        return response

    return send


def _around_async(
    sent: Callable[..., Awaitable[Any]], watching: HttpWatcher
) -> Callable[..., Awaitable[Any]]:
    @wraps(sent)
    async def send(*arguments: Any, **options: Any) -> Any:
        response = await sent(*arguments, **options)
        _see(response, watching)
        return response

    return send


def _see(response: Any, watching: HttpWatcher) -> None:
    """Check a response, if it has been read."""
    received = received_of(response)
    if received is not None:
        watching.see(received)


def received_of(response: Any) -> Received | None:
    """A response of httpx as it is checked; none where it has not been read."""
    try:
        body = response.content
    except Exception:  # noqa: BLE001 - httpx has an error of its own for a stream
        return None
    request = response.request
    return Received(
        method=str(request.method),
        url=str(request.url),
        status=int(response.status_code),
        media=str(response.headers.get("content-type", "")),
        body=cast("bytes", body),
        response=response,
        sent=_sent(request),
        sent_media=str(request.headers.get("content-type", "")),
    )


def _sent(request: Any) -> bytes | None:
    """The body of a request; none where it was streamed."""
    try:
        return cast("bytes", request.content)
    except Exception:  # noqa: BLE001 - httpx has an error of its own for a stream
        return None
