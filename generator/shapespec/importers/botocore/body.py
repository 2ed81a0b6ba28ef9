"""The body of a response as the names of boto3 spell it, with all that it holds.

botocore's parser drops what its model does not know. This reader keeps it: members that
are unknown, and values that are not of the type that they should be, so that a
validator can say so. It reads the protocols JSON, REST-JSON, query, EC2, REST-XML and
RPC v2 CBOR, and takes the shapes of a client (`botocore.model.Shape`) as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any
from xml.etree import ElementTree as ET

JSON = ("json", "rest-json")
XML = ("query", "ec2", "rest-xml")
CBOR = ("smithy-rpc-v2-cbor",)
LARGEST = 16 * 1024 * 1024
"""How many bytes a body may have to be read."""

_IN_BODY = (None, "")
_NAMESPACE = re.compile(r"\{[^}]*\}")
_WHOLE = re.compile(r"[+-]?[0-9]{1,40}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?")
_ENVELOPE = frozenset(("requestId", "RequestId", "ResponseMetadata"))
_TYPE = "__type"


class UnreadableBody(ValueError):
    """The body is not what its protocol says; botocore will say so itself."""


def read_body(body: Any, shape: Any, protocol: str) -> dict[str, Any] | None:
    """The members of an output that its body has; none where the body is not read.

    Streams are not read, nor is what is too large or of another protocol.

    Args:
        body: What was received, in bytes.
        shape: The output of the operation.
        protocol: What botocore calls the protocol of the service.

    Raises:
        UnreadableBody: It is not JSON, XML or CBOR.
    """
    if not isinstance(body, bytes) or len(body) > LARGEST:
        return None
    payload = shape.serialization.get("payload")
    if payload is not None:
        inner = shape.members[payload]
        if inner.type_name in ("string", "blob") or not body:
            return None
        found = _read(body, inner, protocol, root=None)
        return None if found is None else {payload: found}
    if not body:
        return {}
    wrapper = shape.serialization.get("resultWrapper")
    found = _read(body, shape, protocol, root=wrapper)
    return found if isinstance(found, dict) else None


def beside_body(shape: Any) -> Iterable[str]:
    """The members of an output that are not in its body: headers, the status."""
    payload = shape.serialization.get("payload")
    for name, member in shape.members.items():
        if payload not in (None, name) or member.serialization.get("location"):
            yield name


def _read(body: bytes, shape: Any, protocol: str, *, root: str | None) -> Any:
    try:
        if protocol in JSON:
            return _from_json(shape, json.loads(body))
        if protocol in CBOR:
            parser = import_module("botocore.parsers").create_parser(protocol)
            stream = parser.get_peekable_stream_from_bytes(body)
            return _from_json(shape, parser.parse_data_item(stream))
        if protocol in XML:
            node = ET.fromstring(body)  # noqa: S314 - botocore parses it, too
            return _from_root(shape, node, root)
    except (ValueError, RecursionError, ET.ParseError, UnicodeError) as error:
        raise UnreadableBody(str(error)) from error
    except Exception as error:
        if type(error).__module__ == "botocore.parsers":
            raise UnreadableBody(str(error)) from error
        raise
    return None


# --- JSON and CBOR ------------------------------------------------------------------


def _from_json(shape: Any, value: Any) -> Any:
    match shape.type_name, value:
        case "structure", dict() if not getattr(shape, "is_document_type", False):
            return _structure(shape, value)
        case "list", list():
            return [_from_json(shape.member, item) for item in value]
        case "map", dict():
            return {key: _from_json(shape.value, item) for key, item in value.items()}
        case _:
            return value


def _structure(shape: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    by_wire = {
        member.serialization.get("name", name): (name, member)
        for name, member in shape.members.items()
        if member.serialization.get("location") in _IN_BODY
    }
    found: dict[str, Any] = {}
    for key, item in value.items():
        name, member = by_wire.get(key, (key, None))
        if member is not None:
            found[name] = None if item is None else _from_json(member, item)
        elif key != _TYPE:
            found[_beside(key, shape)] = item
    return found


def _beside(key: str, shape: Any) -> str:
    """An unknown name; marked where a known member would have it in boto3."""
    return f"{key} (on the wire)" if key in shape.members else key


# --- XML ----------------------------------------------------------------------------


def _from_root(shape: Any, node: ET.Element, wrapper: str | None) -> Any:
    """What the root of a document holds, without its envelope."""
    if wrapper is not None:
        start = next((one for one in node if _tag(one) == wrapper), None)
        return None if start is None else _element(shape, start)
    found = _element(shape, node)
    if isinstance(found, dict) and shape.type_name == "structure":
        return {
            name: item
            for name, item in found.items()
            if name in shape.members or name not in _ENVELOPE
        }
    return found


def _element(shape: Any, node: ET.Element) -> Any:
    match shape.type_name:
        case "structure":
            return _members(shape, node)
        case "list":
            return [_element(shape.member, item) for item in node]
        case "map":
            return _entries(shape, node)
        case kind:
            return _scalar(kind, node)


def _members(shape: Any, node: ET.Element) -> dict[str, Any]:
    by_tag: dict[str, list[ET.Element]] = {}
    for child in node:
        by_tag.setdefault(_tag(child), []).append(child)
    found: dict[str, Any] = {}
    known: set[str] = set()
    for name, member in shape.members.items():
        if member.serialization.get("location") not in _IN_BODY:
            continue
        tag = _member_tag(name, member)
        known.add(tag)
        if tag in by_tag:
            found[name] = _repeated(member, by_tag[tag])
        elif member.serialization.get("xmlAttribute"):
            value = _attribute(node, tag)
            if value is not None:
                found[name] = value
    for tag, children in by_tag.items():
        if tag not in known:
            found[_beside(tag, shape)] = _plain(children[0])
    return found


def _member_tag(name: str, member: Any) -> str:
    """What the elements of a member are called; each item of a flat list is one."""
    if member.type_name == "list" and member.serialization.get("flattened"):
        item = member.member.serialization.get("name")
        if item is not None:
            return str(item)
    return str(member.serialization.get("name", name))


def _repeated(member: Any, nodes: list[ET.Element]) -> Any:
    flat = member.serialization.get("flattened")
    if member.type_name == "list" and flat:
        return [_element(member.member, node) for node in nodes]
    if member.type_name == "map" and flat:
        found: dict[str, Any] = {}
        for node in nodes:
            found |= _pair(member, node)
        return found
    return _element(member, nodes[0])


def _entries(shape: Any, node: ET.Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in node:
        found |= _pair(shape, entry)
    return found


def _pair(shape: Any, node: ET.Element) -> dict[str, Any]:
    """A key and its value."""
    key_tag = shape.key.serialization.get("name") or "key"
    value_tag = shape.value.serialization.get("name") or "value"
    by_tag = {_tag(child): child for child in node}
    if key_tag not in by_tag:
        return {}
    value = by_tag.get(value_tag)
    key = by_tag[key_tag].text or ""
    return {key: None if value is None else _element(shape.value, value)}


def _attribute(node: ET.Element, name: str) -> str | None:
    plain = name.rpartition(":")[2]
    return next(
        (value for key, value in node.attrib.items() if _bare(key) == plain), None
    )


def _scalar(kind: str, node: ET.Element) -> Any:
    """The value of an element; its text where it is not of the kind."""
    text = node.text or ""
    if len(node):
        return _plain(node)
    match kind:
        case "boolean":
            return {"true": True, "false": False}.get(text, text)
        case "integer" | "long" if _WHOLE.fullmatch(text):
            return int(text)
        case "float" | "double" if _NUMBER.fullmatch(text):
            return float(text)
        case "timestamp" if _NUMBER.fullmatch(text):
            return float(text)
        case _:
            return text


def _plain(node: ET.Element) -> Any:
    """What an element holds that no shape is known for."""
    if not len(node):
        return node.text or ""
    return {_tag(child): _plain(child) for child in node}


def _tag(node: ET.Element) -> str:
    return _bare(str(node.tag))


def _bare(name: str) -> str:
    return _NAMESPACE.sub("", name)
