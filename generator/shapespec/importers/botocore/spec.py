"""What a service model means in the spec language.

A response is what boto3 returns: members have the names that it gives them, and those
that the wire gives them in the form `wire`. What a model says of the protocol alone
(`PROTOCOL`) is nothing that a value shows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from shapespec.contract.schema import Bounds, Deprecated
from shapespec.drafts.digests import digest_of
from shapespec.drafts.model import (
    Draft,
    Form,
    Member,
    Note,
    Operation,
    Shape,
    Target,
    Value,
)
from shapespec.drafts.packages import package_name
from shapespec.importers.botocore.body import XML
from shapespec.importers.botocore.check import check
from shapespec.importers.botocore.facts import pages
from shapespec.importers.botocore.parse import Model
from shapespec.importers.botocore.reach import within
from shapespec.importers.botocore.returned import (
    as_returned,
    handlers_of,
    service_id,
)

CARRIED = frozenset(
    (
        "box",
        "deprecated",
        "deprecatedMessage",
        "deprecatedSince",
        "document",
        "documentation",
        "enum",
        "eventstream",
        "jsonvalue",
        "key",
        "location",
        "locationName",
        "max",
        "member",
        "members",
        "min",
        "pattern",
        "queryName",
        "required",
        "sensitive",
        "shape",
        "sparse",
        "streaming",
        "timestampFormat",
        "type",
        "union",
        "value",
    )
)
"""What a model says of shapes and members, and the spec says too."""

PROTOCOL = frozenset(
    (
        "contextParam",
        "error",
        "event",
        "eventheader",
        "eventpayload",
        "exception",
        "fault",
        "flattened",
        "hostLabel",
        "idempotencyToken",
        "payload",
        "requiresLength",
        "retryable",
        "synthetic",
        "wrapper",
        "xmlAttribute",
        "xmlNamespace",
        "xmlOrder",
    )
)
"""What says how something is sent: no value shows it."""

_BOTO3 = Form(
    name="boto3",
    doc="What the AWS SDK for Python returns: datetimes, the call's metadata.",
    read=("datetime", "iso-8601"),
    write="datetime",
    extra_members=("ResponseMetadata",),
)
_AWS_CLI = Form(
    name="aws-cli",
    doc="What the AWS CLI prints: times as ISO 8601 text (version 2), or as sent.",
    read=("iso-8601", "epoch-seconds", "http-date"),
    write="iso-8601",
)
_ENCODINGS = {
    "unixTimestamp": "epoch-seconds",
    "iso8601": "iso-8601",
    "rfc822": "http-date",
}
_SENT_AS_TEXT = ("query", "ec2", "rest-xml")
_SENT = (None, "header")
"""Where members stand that have a name on the wire: in the body, or in a header."""

_WIRE = "wire"


def _wire(data: Mapping[str, Any], *, named: bool) -> Form:
    """What the service sends: times as its protocol has them, or as a shape says."""
    protocol = str(data["metadata"].get("protocol", "json"))
    usual = "iso-8601" if protocol in _SENT_AS_TEXT else "epoch-seconds"
    shapes = data["shapes"].values()
    members = [
        member
        for shape in shapes
        if shape["type"] == "structure"  # of others, nothing else is checked
        for member in shape["members"].values()
    ]
    formats = [one.get("timestampFormat") for one in (*shapes, *members)]
    others = {
        _ENCODINGS.get(one, usual) if isinstance(one, str) else usual for one in formats
    }
    if any(one.get("location") == "header" for one in members):
        others.add("http-date")
    return Form(
        name=_WIRE,
        doc=f"What the service sends, by the protocol {protocol}.",
        keys="named" if named else None,
        read=(usual, *sorted(others - {usual})),
        write=usual,
    )


_TAG = re.compile(r"<[^>]*>")


def draft(
    service: str,
    model: Model,
    operations: tuple[str, ...] = (),
    *,
    package: str | None = None,
    docs: bool = False,
) -> Draft:
    """The draft of a service, or of some of its operations.

    Args:
        service: What botocore calls it.
        model: Its model.
        operations: The operations that are wanted; all where left out.
        package: What the package is called; else after the service.
        docs: Whether descriptions come along; they are the service's own sentences.

    Raises:
        Unusable: It is no service model.
    """
    from shapespec.drafts.reach import only

    data = within(model.data, operations)
    check(data, model.document)
    made = _Maker(data, docs=docs, paginators=model.paginators)
    chosen = "".join(f" --operation {name}" for name in operations)
    shapes = {name: made.shape(shape) for name, shape in data["shapes"].items()}
    named = any(one.names for shape in shapes.values() for one in shape.members)
    whole = Draft(
        command=f"shapespec import botocore {service}{chosen}",
        origin=(
            f"botocore {model.version}, {model.document},",
            f"SHA-256 {model.sha256}.",
            "Names are those of boto3; `names` says what else the service calls one.",
            "Enums are open: services add values without notice.",
        ),
        package=package or package_name(service, operations),
        title=_title(data, operations),
        shapes=shapes,
        operations=tuple(made.operations()),
        forms=(_BOTO3, _AWS_CLI, _wire(data, named=named)),
    )
    wanted = only(whole, operations) if operations else whole
    return as_returned(wanted, handlers_of(service_id(service, data)))


def _title(data: Mapping[str, Any], operations: tuple[str, ...]) -> str:
    name: str = data["metadata"]["serviceFullName"]
    return f"{name}: {', '.join(operations)}" if operations else name


class _Maker:
    """Makes shapes of a model."""

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        docs: bool,
        paginators: Mapping[str, Any],
    ) -> None:
        self.data = data
        self.paginators = paginators
        self.docs = docs

    def operations(self) -> Iterator[Operation]:
        for name, one in self.data["operations"].items():
            yield Operation(
                name=name,
                input=one.get("input", {}).get("shape"),
                output=one.get("output", {}).get("shape"),
                errors=tuple(dict.fromkeys(e["shape"] for e in one.get("errors", ()))),
                doc=self.doc(one),
                deprecated=_deprecated(one),
                api_version=self.data.get("metadata", {}).get("apiVersion"),
                pagination=pages(self.paginators, name),
            )

    def shape(self, model: Mapping[str, Any]) -> Shape:
        """A shape as the spec has it."""
        made = self.typed(model)
        notes = [*_unknown(model)]
        return Shape(
            **{
                "doc": self.doc(model),
                "deprecated": _deprecated(model),
                "sensitive": bool(model.get("sensitive")),
                "remark": _time_format(model),
                **made,
                "notes": (*notes, *made.get("notes", ())),
            }
        )

    def typed(self, model: Mapping[str, Any]) -> dict[str, Any]:
        """What depends on the type."""
        kind = model["type"]
        bounds = Bounds(model.get("min"), model.get("max"))
        match kind:
            case "string" if "enum" in model:
                return _enum(model)
            case "string":
                pattern = model.get("pattern")
                return {"type": kind, "length": bounds, "pattern": pattern}
            case "integer" | "long" | "float" | "double":
                return {"type": kind, "range": bounds}
            case "blob":
                streaming = bool(model.get("streaming"))
                return {"type": kind, "length": bounds, "streaming": streaming}
            case "list":
                return {
                    "type": kind,
                    "length": bounds,
                    "member": self.target(model["member"]),
                    "sparse": bool(model.get("sparse")),
                }
            case "map":
                return {
                    "type": kind,
                    "length": bounds,
                    "key": self.target(model["key"]),
                    "value": self.target(model["value"]),
                    "sparse": bool(model.get("sparse")),
                }
            case "structure" if model.get("document"):
                return {"type": "document"}
            case "structure":
                return {
                    "type": "union" if _is_union(model) else "structure",
                    "members": tuple(self.members(model)),
                }
            case "boolean" | "timestamp":
                return {"type": kind}
            case _:
                note = Note("unknown-trait", f"the type `{kind}`")
                return {"type": "document", "notes": (note,)}

    def members(self, model: Mapping[str, Any]) -> Iterator[Member]:
        required = frozenset(model.get("required", ()))
        names = self.names(model["members"])
        for name, one in model["members"].items():
            target, notes = self.target(one), [*_unknown(one)]
            there = self.data["shapes"][one["shape"]]
            # The SDK gives a stream for each body of bytes, whatever the model says.
            streams = one.get("streaming") or name == model.get("payload")
            if streams and there["type"] == "blob":
                target = replace(self.shape(there), streaming=True)
            if there.get("eventstream"):
                target = Shape(type="list", member=target, streaming=True)
            yield Member(
                name=name,
                target=target,
                required=name in required,
                doc=self.doc(one),
                deprecated=_deprecated(one),
                names=((_WIRE, names[name]),) if name in names else (),
                remark=_on_the_wire(name, one, names.get(name, name)),
                notes=tuple(notes),
            )

    def names(self, members: Mapping[str, Any]) -> Mapping[str, str]:
        """What members are called on the wire, where that tells them apart.

        Each item of a flat list in XML is an element, so its name is that of the items.
        """
        called = {name: self.sent_as(name, one) for name, one in members.items()}
        taken = Counter(called.values())
        while clashes := [one for one in called if taken[called[one]] > 1]:
            for name in clashes:
                if called[name] != name:
                    taken[called[name]] -= 1
                    called[name] = name
                    taken[name] += 1
        return {name: there for name, there in called.items() if there != name}

    def sent_as(self, name: str, one: Mapping[str, Any]) -> str:
        shape = {**self.data["shapes"][one["shape"]], **one}
        if shape.get("location") not in _SENT:
            return name
        protocol = self.data["metadata"].get("protocol")
        if shape["type"] == "list" and shape.get("flattened") and protocol in XML:
            item = shape["member"]
            item = {**self.data["shapes"][item["shape"]], **item}
            if "locationName" in item:
                return str(item["locationName"]) or name
        return str(shape.get("locationName", name)) or name

    def target(self, one: Mapping[str, Any]) -> Target:
        if one.get("jsonvalue"):
            return Shape(type="document", remark="sent as JSON in a string")
        name: str = one["shape"]
        return name

    def doc(self, model: Mapping[str, Any]) -> str | None:
        if not self.docs:
            return None
        text = " ".join(_TAG.sub(" ", model.get("documentation", "")).split())
        return text or None


def _is_union(model: Mapping[str, Any]) -> bool:
    return bool(model.get("union") or model.get("eventstream"))


def _enum(model: Mapping[str, Any]) -> dict[str, Any]:
    notes = tuple(
        Note("enum-length", f"{key} {model[key]}", key)
        for key in ("min", "max", "pattern")
        if key in model
    )
    values = tuple(Value(text=text) for text in model["enum"])
    return {"type": "enum", "open": True, "values": values, "notes": notes}


def _unknown(model: Mapping[str, Any]) -> Iterable[Note]:
    for key in model:
        if key not in CARRIED and key not in PROTOCOL:
            yield Note("unknown-trait", f"`{key}`", key, digest_of(model[key]))


def _deprecated(model: Mapping[str, Any]) -> Deprecated | None:
    if not model.get("deprecated"):
        return None
    return Deprecated(since=model.get("deprecatedSince"))


def _time_format(model: Mapping[str, Any]) -> str | None:
    given = model.get("timestampFormat")
    return None if given is None else f"wire: {given}"


def _on_the_wire(name: str, one: Mapping[str, Any], told: str) -> str | None:
    """Where a member stands on the wire, and what `names` does not tell of its name."""
    called = one.get("locationName", name)
    place = one.get("location")
    words = [
        word for word in (place, called if called not in (name, told) else None) if word
    ]
    if one.get("timestampFormat"):
        words.append(one["timestampFormat"])
    return f"wire: {' '.join(words)}" if words else None
