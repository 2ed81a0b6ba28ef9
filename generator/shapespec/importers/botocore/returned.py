"""What reaches the caller of botocore: what its handlers make of a response.

A service model says what a service sends. Before boto3 or the AWS CLI hands a response
on, handlers of botocore change some: they decode policies, for example. Which handler
is called for which service is read from the installed botocore; what a handler does is
known here, by its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any, NamedTuple

from shapespec.drafts.model import Draft, Member, Shape, Target, references, targets

_EVENT = re.compile(
    r"(?:after-call|before-parse)\.(?P<service>[^.]+)(?:\.(?P<operation>.+))?"
)
_POLICY = "policyDocumentType"


class Handler(NamedTuple):
    """A handler of botocore, and which responses it is called for.

    Attributes:
        name: The name of its function.
        operation: The operation; none for all of the service.
    """

    name: str
    operation: str | None


WITHOUT_EFFECT = frozenset(
    (
        "_handle_200_error",
        "_handle_sqs_compatible_error",
        "_map_oauth2_errors",
        "decode_console_output",
        "decode_list_object",
        "decode_list_object_v2",
        "decode_list_object_versions",
        "parse_get_bucket_location",
    )
)
"""Handlers that change no more than the text of a member, or an error."""

LISTED: Mapping[str, tuple[Handler, ...]] = {
    "cloudformation": (Handler("json_decode_template_body", "GetTemplate"),),
    "iam": (Handler("json_decode_policies", None),),
    "s3": (Handler("handle_expires_header", None),),
}
"""The handlers with an effect, for a botocore that does not list its own."""


def service_id(service: str, data: Mapping[str, Any]) -> str:
    """What events of botocore call a service."""
    given = data["metadata"].get("serviceId")
    return given.lower().replace(" ", "-") if isinstance(given, str) else service


def handlers_of(service: str) -> tuple[Handler, ...]:
    """The handlers that the installed botocore has for responses of a service."""
    try:
        listed = import_module("botocore.handlers").BUILTIN_HANDLERS
    except (ImportError, AttributeError):
        return LISTED.get(service, ())
    return tuple(
        handler for name, handler in response_handlers(listed) if name == service
    )


def response_handlers(listed: Iterable[Any]) -> Iterator[tuple[str, Handler]]:
    """The handlers of responses in a table of botocore, each with its service."""
    for event, function, *_ in listed:
        found = _EVENT.fullmatch(event)
        if found is not None:
            operation = found["operation"]
            name = getattr(function, "__name__", type(function).__name__)
            yield (
                found["service"],
                Handler(name, None if operation == "*" else operation),
            )


def as_returned(draft: Draft, handlers: Iterable[Handler]) -> Draft:
    """A draft of what a service sends, as one of what the SDK returns.

    Whatever the handlers, a map of a response may hold null, which the SDK gives as
    None.
    """
    outputs = [one.output for one in draft.operations if one.output]
    shapes = dict(draft.shapes)
    for name in _reached(shapes, [*outputs, *_errors(draft)]):
        shapes[name] = _with_null(shapes[name])
    for handler in handlers:
        effect = EFFECTS.get(handler.name)
        chosen = [
            one.output
            for one in draft.operations
            if one.output and handler.operation in (None, one.name)
        ]
        if effect is not None:
            effect(shapes, chosen)
    used = {target for shape in shapes.values() for target in references(shape)}
    before = {target for one in draft.shapes.values() for target in references(one)}
    for name in before - used:
        shapes.pop(name, None)
    return replace(draft, shapes=shapes)


def _errors(draft: Draft) -> Iterator[str]:
    for one in draft.operations:
        yield from one.errors


def _reached(shapes: Mapping[str, Shape], roots: Iterable[str]) -> list[str]:
    """The ids of the shapes that roots lead to."""
    found: dict[str, None] = {}
    pending: list[Target] = [*roots]
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            if one in found or one not in shapes:
                continue
            found[one] = None
            one = shapes[one]
        pending.extend(targets(one))
    return [*found]


def _with_null(shape: Shape) -> Shape:
    return replace(shape, sparse=True) if shape.type == "map" else shape


def _decoded(shapes: dict[str, Shape], outputs: Iterable[str]) -> None:
    """Policies are JSON in the text that is sent, and objects once decoded."""
    for name in _reached(shapes, outputs):
        shape = shapes[name]
        if shape.type == "structure":
            members = tuple(
                _as_document(one) if one.target == _POLICY else one
                for one in shape.members
            )
            shapes[name] = replace(shape, members=members)


def _template(shapes: dict[str, Shape], outputs: Iterable[str]) -> None:
    for name in outputs:
        members = tuple(
            _as_document(one) if one.name == "TemplateBody" else one
            for one in shapes[name].members
        )
        shapes[name] = replace(shapes[name], members=members)


def _as_document(member: Member) -> Member:
    remark = "text on the wire; botocore decodes the JSON in it"
    return replace(member, target=Shape(type="document"), remark=remark)


def _expires(shapes: dict[str, Shape], outputs: Iterable[str]) -> None:
    """Beside a time `Expires` there is the text of the header, which may be no time."""
    for name in outputs:
        shape = shapes[name]
        names = [one.name for one in shape.members]
        if "Expires" in names and "ExpiresString" not in names:
            raw = Member(
                name="ExpiresString",
                target=Shape(type="string"),
                remark="added by botocore: the header as it was sent",
            )
            shapes[name] = replace(shape, members=(*shape.members, raw))


EFFECTS: Mapping[str, Callable[[dict[str, Shape], Iterable[str]], None]] = {
    "json_decode_policies": _decoded,
    "json_decode_template_body": _template,
    "handle_expires_header": _expires,
}
"""What handlers do to the shapes of the outputs that they are called for."""
