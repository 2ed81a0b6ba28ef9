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
from typing import Any, Unpack

from shapespec.watching import ResponseRefused
from shapespec.watching.http import (
    Event,
    HttpWatcher,
    OnFinding,
    Options,
    Sender,
    unwatch,
    watch_sends,
    watcher,
)
from shapespec.watching.received import of_httpx

__all__ = ("Event", "ResponseRefused", "unwatch", "watch")

log = logging.getLogger(__name__)


def watch(
    client: Sender,
    contract: Path | str,
    on_finding: OnFinding | None = None,
    **options: Unpack[Options],
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
        options: How it is watched: `rate`, `limit`, `strict`, `raise_on`, `requests`;
            see `shapespec.watching.http.Options`.

    Returns:
        The operations whose responses are checked.

    Raises:
        ValueError: `rate` or `limit` is out of range.
        Unusable: The description cannot be read, or is not one.
        Faults: It is too large, or not UTF-8.
    """
    base = str(getattr(getattr(client, "base_url", None), "path", ""))
    watching = watcher(contract, (base,), on_finding, options, log)

    def around(sent: Callable[..., Any]) -> Callable[..., Any]:
        put = _around_async if iscoroutinefunction(sent) else _around
        return put(sent, watching)

    return watch_sends(client, around, watching)


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
    received = of_httpx(response)
    if received is not None:
        watching.see(received)
