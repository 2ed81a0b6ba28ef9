"""Responses of httpx and requests that have been read. Nothing here imports these."""

from __future__ import annotations

from typing import Any, NamedTuple, cast


class Received(NamedTuple):
    """A response that has been read.

    Attributes:
        method: Of the request: `GET`.
        url: Of the request.
        status: 200.
        media: What `Content-Type` says; empty where it says nothing.
        body: Its bytes, decompressed.
        response: The object that the caller gets.
        sent: The bytes of the body of the request; none where they cannot be had.
        sent_media: What the `Content-Type` of the request says.
    """

    method: str
    url: str
    status: int
    media: str
    body: bytes
    response: object
    sent: bytes | None = None
    sent_media: str = ""


def of_httpx(response: Any) -> Received | None:
    """A response of httpx as it is checked; none where it has not been read."""
    body = _read(response)
    return None if body is None else _received(response, body, _read(response.request))


def of_requests(response: Any) -> Received | None:
    """A response of requests as it is checked; none where it has not been read."""
    if getattr(response, "_content", None) is False:  # it is not there yet
        return None
    sent = response.request.body
    if isinstance(sent, str):
        sent = sent.encode()
    return _received(
        response, response.content or b"", sent if isinstance(sent, bytes) else None
    )


def _received(response: Any, body: bytes, sent: bytes | None) -> Received:
    request = response.request
    return Received(
        method=str(request.method),
        url=str(request.url),
        status=int(response.status_code),
        media=str(response.headers.get("content-type", "")),
        body=body,
        response=response,
        sent=sent,
        sent_media=str(request.headers.get("content-type", "")),
    )


def _read(message: Any) -> bytes | None:
    """The body of a message of httpx; none where it is a stream."""
    try:
        return cast("bytes", message.content)
    except Exception:  # noqa: BLE001 - httpx has an error of its own for a stream
        return None
