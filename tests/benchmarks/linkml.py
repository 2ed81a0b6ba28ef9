"""The flagship as a LinkML schema, as far as LinkML can say it.

Structures, unions and maps become classes, enums enums, and what a member refers to
a range with its bounds. Left out, since LinkML has no word for it or reads it
otherwise: lengths of text and of bytes, items of nested lists, unlike items,
keys of maps with patterns, that an enum is open, that one member of a union excludes
the others, warnings in place of errors, rules, derived values, notes, forms, defaults,
evidence and samples. So its generators have less to write than ours.
"""

from __future__ import annotations

import re
from typing import Any

from shapespec.contract import schema as ir

_TYPES = {
    ir.String: "string",
    ir.Integer: "integer",
    ir.Float: "float",
    ir.Boolean: "boolean",
    ir.Timestamp: "string",  # the forms decide how it is written
    ir.Blob: "string",
    ir.Document: "Any",
}


def document(schema: ir.Schema) -> dict[str, Any]:
    """The schema as LinkML's YAML holds it."""
    classes: dict[str, Any] = {"Any": {"class_uri": "linkml:Any"}}
    enums: dict[str, Any] = {}
    for shape in schema.shapes.values():
        name = _name(shape.id)
        match shape:
            case ir.Structure(members=members) | ir.Union(members=members):
                attributes = {one.name: _slot(schema, one) for one in members}
                classes[name] = _described(shape.doc, {"attributes": attributes})
                if isinstance(shape, ir.Structure) and shape.id in schema.roots:
                    classes[name]["tree_root"] = True
            case ir.Map(key=key, value=value):
                slots = {
                    "key": {"key": True, "required": True, **_range(schema, key)},
                    "value": _range(schema, value),
                }
                classes[name] = _described(shape.doc, {"attributes": slots})
            case ir.Enum(values=values):
                texts = {one.value: _described(one.doc, {}) for one in values}
                enums[name] = _described(shape.doc, {"permissible_values": texts})
            case _:
                pass
    return {
        "id": f"https://example.org/{schema.package}",
        "name": schema.package,
        "title": schema.title,
        "prefixes": {"linkml": "https://w3id.org/linkml/"},
        "imports": ["linkml:types"],
        "default_range": "string",
        "default_prefix": f"https://example.org/{schema.package}/",
        "classes": classes,
        "enums": enums,
    }


def _slot(schema: ir.Schema, member: ir.Member) -> dict[str, Any]:
    slot = _range(schema, member.target)
    if member.required:
        slot["required"] = True
    if member.deprecated is not None:
        slot["deprecated"] = "yes"
    return _described(member.doc, slot)


def _range(schema: ir.Schema, target: str) -> dict[str, Any]:
    """What a slot holds, and its bounds."""
    shape = schema.shapes[target]
    match shape:
        case ir.List(member=member, length=length):
            cardinality = _bounds("cardinality", length)
            return {**_range(schema, member), "multivalued": True, **cardinality}
        case ir.Map(length=length):
            inlined = {"multivalued": True, "inlined": True}
            return {
                "range": _name(shape.id),
                **inlined,
                **_bounds("cardinality", length),
            }
        case ir.Structure() | ir.Union():
            return {"range": _name(shape.id), "inlined": True}
        case ir.Enum():
            return {"range": _name(shape.id)}
        case ir.String(pattern=pattern) if pattern is not None:
            return {"range": "string", "pattern": f"^(?:{pattern.ecma})$"}
        case ir.Integer(range=span) | ir.Float(range=span):
            return {"range": _TYPES[type(shape)], **_bounds("value", span)}
        case _:
            return {"range": _TYPES[type(shape)]}


def _bounds(of: str, bounds: ir.Bounds) -> dict[str, Any]:
    named = {f"minimum_{of}": bounds.min, f"maximum_{of}": bounds.max}
    return {name: bound for name, bound in named.items() if bound is not None}


def _described(doc: str | None, rest: dict[str, Any]) -> dict[str, Any]:
    return rest if doc is None else {"description": doc, **rest}


def _name(shape: str) -> str:
    return re.sub(r"\W", "_", shape)
