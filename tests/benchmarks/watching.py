"""What `watch` adds to a call: the same client, watched and not, without a network."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import botocore.session
from botocore.awsrequest import AWSResponse

from shapespec.boto3 import watch
from tests.benchmarks.measure import Candidate, Row, compare


def rows(bodies: Sequence[bytes]) -> list[Row]:
    """Calls whose responses have these bodies."""
    found: list[Any] = []
    watched = _caller(lambda client: watch(client, found.append))
    candidates = [
        Candidate("a call, not watched", _caller(lambda _: None), bodies),
        Candidate("watched", watched, bodies),
        Candidate(
            "watched, rate=0.1",
            _caller(lambda client: watch(client, found.append, rate=0.1)),
            bodies,
        ),
    ]
    rows = compare("watch", candidates)
    assert not found, found[:3]
    return rows


class _Raw(io.BytesIO):
    """A body as urllib3 hands it to botocore."""

    def stream(self, **_: object) -> list[bytes]:
        return [self.read()]


def _caller(prepare: Callable[[Any], object]) -> Callable[[bytes], Any]:
    """Calls an operation of a client whose requests are answered here."""
    session = botocore.session.Session()
    session.set_credentials("none", "none")
    client = session.create_client("sagemaker", region_name="eu-west-1")
    body = b""

    def answer(request: Any, **_: object) -> AWSResponse:
        headers = {"content-type": "application/x-amz-json-1.1"}
        return AWSResponse(request.url, 200, headers, _Raw(body))

    client.meta.events.register("before-send.sagemaker", answer)
    prepare(client)

    def call(answered: bytes) -> Any:
        nonlocal body
        body = answered
        return client.describe_training_job(TrainingJobName="job")

    return call
