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
from typing import Any, Unpack

from shapespec.watching import ResponseRefused
from shapespec.watching.http import (
    Event,
    OnFinding,
    Options,
    Sender,
    unwatch,
    watch_sends,
    watcher,
)
from shapespec.watching.received import of_requests

__all__ = ("Event", "ResponseRefused", "unwatch", "watch")

log = logging.getLogger(__name__)

_depth: ContextVar[int] = ContextVar("shapespec_requests", default=0)
"""How many calls of `send` are under way: a redirect is a call within a call."""


def watch(
    session: Sender,
    contract: Path | str,
    on_finding: OnFinding | None = None,
    **options: Unpack[Options],
) -> tuple[str, ...]:
    """Validate every response of a session as it arrives, as `shapespec.httpx.watch`.

    Args:
        session: A `requests.Session`.
        contract: The path of an OpenAPI description.
        on_finding: Called with an `Event` for each finding, before the call returns;
            where left out, findings are logged under `shapespec.requests`.
        options: How it is watched: `rate`, `limit`, `strict`, `raise_on`, `requests`;
            see `shapespec.watching.http.Options`.

    Returns:
        The operations whose responses are checked.

    Raises:
        ValueError: `rate` or `limit` is out of range.
        Unusable: The description cannot be read, or is not one.
        Faults: It is too large, or not UTF-8.
    """
    watching = watcher(contract, (), on_finding, options, log)

    def around(sent: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(sent)
        def send(*arguments: Any, **given: Any) -> Any:
            token = _depth.set(_depth.get() + 1)
            try:
                response = sent(*arguments, **given)
            finally:
                _depth.reset(token)
            is_streamed = given.get("stream", getattr(session, "stream", False))
            received = None if is_streamed or _depth.get() else of_requests(response)
            if received is not None:
                watching.see(received)
            return response

        return send

    return watch_sends(session, around, watching)
