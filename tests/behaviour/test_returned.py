"""Imported services say what the AWS SDK returns, not only what the service sends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from typing import Any

import pytest

from shapespec.drafts import finish
from shapespec.drafts.reach import claiming
from shapespec.importers.botocore import parse
from shapespec.importers.botocore.returned import (
    EFFECTS,
    WITHOUT_EFFECT,
    response_handlers,
)
from shapespec.importers.botocore.spec import draft
from tests.support import compile_text


class Stream:
    """A stream that nobody may read."""

    def read(self) -> bytes:
        raise AssertionError("the stream was read")

    def __iter__(self) -> Iterator[bytes]:
        raise AssertionError("the stream was read")


@cache
def package(service: str, operation: str) -> Any:
    """The package of an operation of the installed botocore."""
    made = draft(service, parse.load(service), (operation,))
    return compile_text(finish(claiming(made)).text).package


def told(found: list[Any]) -> list[tuple[str, str, str]]:
    return [(one.severity, one.rule, one.pointer) for one in found]


def test_every_handler_of_responses_is_known() -> None:
    """A handler of responses that a new botocore has is either an effect or listed."""
    handlers = import_module("botocore.handlers").BUILTIN_HANDLERS

    found = {handler.name for _, handler in response_handlers(handlers)}

    assert found == {*EFFECTS, *WITHOUT_EFFECT}


@pytest.mark.parametrize("policy", [{"Version": "2012-10-17", "Statement": []}, "{}"])
def test_policies_come_decoded(policy: object) -> None:
    """boto3 gives the policy of a role as an object, or as text if it is not JSON."""
    role = {"Role": {"RoleName": "r", "AssumeRolePolicyDocument": policy}}

    found = package("iam", "GetRole").validate(role, shape="GetRoleResponse")

    assert all(one.severity != "error" for one in found)


def test_what_is_sent_to_iam_is_text() -> None:
    """A policy in a request is text, as the service model says."""
    request = {"RoleName": "r", "AssumeRolePolicyDocument": {}}

    found = package("iam", "CreateRole").validate(request, shape="CreateRoleRequest")

    assert ("error", "type", "/AssumeRolePolicyDocument") in told(found)


def test_templates_come_decoded() -> None:
    """boto3 gives the template of a stack as an object."""
    template = {"TemplateBody": {"Resources": {}}, "StagesAvailable": ["Original"]}

    assert [] == package("cloudformation", "GetTemplate").validate(
        template, shape="GetTemplateOutput"
    )


def test_expires_comes_with_its_text() -> None:
    """boto3 adds the text of the header `Expires`, which may not be a time."""
    head = {"Expires": datetime(2030, 1, 1, tzinfo=UTC), "ExpiresString": "soon"}

    assert [] == package("s3", "HeadObject").validate(head, shape="HeadObjectOutput")


def test_times_come_as_http_dates() -> None:
    """Version 1 of the AWS CLI prints the header; the dataclass has the moment."""
    made = package("s3", "HeadObject")
    head = {"LastModified": "Fri, 19 Jul 2019 21:50:31 GMT"}

    read = made.HeadObjectOutput.from_response(head, form="aws-cli")

    assert datetime(2019, 7, 19, 21, 50, 31, tzinfo=UTC) == read.last_modified


def test_streams_are_accepted_and_not_read() -> None:
    """A stream is valid, and the dataclass holds the very object."""
    made = package("s3", "GetObject")
    stream = Stream()
    response = {"Body": stream, "ContentLength": 3}

    read = made.GetObjectOutput.from_response(response)

    assert [] == made.validate(response, shape="GetObjectOutput")
    assert read.body is stream
    assert read.to_response()["Body"] is stream


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"abc", []),
        ("YWJj", []),
        (3, [("error", "type", "/Body")]),
        ("~", [("error", "type", "/Body")]),
        ([b"abc"], [("error", "type", "/Body")]),
    ],
)
def test_bytes_and_text_of_streams_are_checked(
    body: object, expected: list[tuple[str, str, str]]
) -> None:
    """What is not a stream is judged as bytes are."""
    found = package("s3", "GetObject").validate({"Body": body}, shape="GetObjectOutput")

    assert expected == told(found)


STREAMED = (
    *("lambda:Invoke", "sagemaker-runtime:InvokeEndpoint", "s3:GetObject"),
    *(
        "bedrock-runtime:InvokeModel",
        "iot-data:GetThingShadow",
        "polly:SynthesizeSpeech",
    ),
    *("appconfig:GetConfiguration", "apigateway:GetExport", "glacier:GetJobOutput"),
)


@pytest.mark.parametrize("address", STREAMED)
def test_each_body_that_the_sdk_streams_is_a_stream(address: str) -> None:
    """The SDK streams a body of bytes, also where the model does not say so."""
    service, _, operation = address.partition(":")
    data = parse.load(service).data
    model = import_module("botocore.model").ServiceModel(data, service)
    stream = model.operation_model(operation).get_streaming_output()
    shape = model.operation_model(operation).output_shape
    body = shape.serialization["payload"]

    made = draft(service, parse.load(service), (operation,)).shapes[shape.name]

    assert stream is not None
    (member,) = (one for one in made.members if one.name == body)
    assert getattr(member.target, "streaming", False)


def test_event_streams_are_accepted_and_not_read() -> None:
    """A stream of events is valid, and so is a list of them."""
    made = package("bedrock-runtime", "ConverseStream")

    for events in (Stream(), []):
        found = made.validate({"stream": events}, shape="ConverseStreamResponse")

        assert [] == found


def test_null_in_a_map_is_absent() -> None:
    """A slot that nothing is known of is None in boto3."""
    made = package("lex-runtime", "PostText")
    response = {"slots": {"Location": None, "Nights": "2"}, "sentimentResponse": None}

    assert [] == made.validate(response, shape="PostTextResponse")
    assert made.is_valid(response, shape="PostTextResponse")


def test_an_unknown_variant_keeps_its_name() -> None:
    """The warning names the variant that the SDK did not know."""
    made = package("bedrock-runtime", "Converse")
    variant = {"SDK_UNKNOWN_MEMBER": {"name": "holoBlock"}}
    response = {"output": variant, "stopReason": "end_turn", "usage": {}, "metrics": {}}

    found = made.validate(response, shape="ConverseResponse")

    assert "/output/SDK_UNKNOWN_MEMBER" == found[0].pointer
    assert 'ConverseOutput has no member "holoBlock"' == found[0].message
    assert "warning" == found[0].severity


def test_the_wire_has_the_times_of_its_protocol() -> None:
    """The form `wire` reads numbers where the service sends numbers."""
    made = package("dynamodb", "DescribeTable")
    sent: dict[str, Any] = {"Table": {"CreationDateTime": 1645210204.5}}
    shape = "DescribeTableOutput"

    assert [] == made.validate(sent, shape=shape, form="wire")
    sent["Table"]["CreationDateTime"] = "2022-02-18T18:50:04Z"
    assert [("error", "timestamp", "/Table/CreationDateTime")] == told(
        made.validate(sent, shape=shape, form="wire")
    )
