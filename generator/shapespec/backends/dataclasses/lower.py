"""From the schema to dataclasses: their fields, types and words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import assert_never

from shapespec.backends import wording
from shapespec.backends.dataclasses import view
from shapespec.backends.environment import literal
from shapespec.backends.sensitive import hidden_members
from shapespec.backends.units import is_big
from shapespec.cel.statements import statements
from shapespec.contract import schema as ir
from shapespec.contract.constraints import only
from shapespec.evidence.provenance import provenance_of


def records(schema: ir.Schema) -> tuple[view.Dataclass, ...]:
    """A dataclass for each structure and each union, in the spec's order."""
    provenance = provenance_of(schema)
    hidden = hidden_members(schema)
    within = ".." if is_big(schema) else "."
    return tuple(
        _record(
            schema,
            shape,
            within,
            tuple(
                _attribute(
                    schema,
                    member,
                    provenance.later(shape.id, member.name),
                    hidden=(shape.id, member.name) in hidden,
                )
                for member in shape.members
            ),
        )
        for shape in schema.shapes.values()
        if isinstance(shape, ir.Structure | ir.Union)
    )


_ALWAYS = frozenset(("dataclass", "Structure"))
"""What every dataclass needs of its module."""


def _record(
    schema: ir.Schema,
    shape: ir.Structure | ir.Union,
    within: str,
    attributes: tuple[view.Attribute, ...],
) -> view.Dataclass:
    uses = _ALWAYS.union(*(names_in(one.annotation) for one in attributes))
    if any("_field" in one.given for one in attributes):
        uses |= {"_field"}
    same = shape.id == shape.python
    return view.Dataclass(
        shape=shape.id,
        uses=uses,
        class_name=shape.python,
        keyword="" if same else f", shape={literal(shape.id)}",
        within=within,
        doc=_record_doc(schema, shape),
        attributes=attributes,
        properties=tuple(_properties(shape)),
    )


@cache
def names_in(annotation: str) -> frozenset[str]:
    """The names in an annotation: those of classes and of types."""
    tree = ast.parse(annotation, mode="eval")
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


_ENUMS = "enums."
"""The module of the enums, which models load when one of them is used."""
_DERIVED = {"integer": "int", "double": "float", "boolean": "bool", "string": "str"}


def _properties(shape: ir.Structure | ir.Union) -> Iterator[view.Property]:
    if isinstance(shape, ir.Union):
        return
    for derived in shape.derived:
        parts = [derived.doc or f"The derived value `{derived.name}`."]
        parts[0] += " None where it cannot be computed."
        if derived.unit:
            parts[0] += f" Unit: {derived.unit}."
        parts.append(f"CEL: {' '.join(derived.cel.split())}")
        helpers = ["NO_ANSWER", *derived.code.helpers]
        if {"limited", "weighed"} & set(helpers):
            helpers.append("begin")
        yield view.Property(
            name=derived.python,
            annotation=f"{_DERIVED[derived.type]} | None",
            doc="\n\n".join(parts),
            helpers=tuple(helpers),
            lines=tuple(statements(derived.code.text)),
        )


def enums(schema: ir.Schema) -> tuple[view.EnumClass, ...]:
    """An enum class for each enum, in the spec's order."""
    provenance = provenance_of(schema)
    return tuple(
        view.EnumClass(
            shape=shape.id,
            class_name=shape.python,
            doc=_enum_doc(shape),
            values=tuple(
                _constant(one, provenance.later_value(shape.id, one.value))
                for one in shape.values
            ),
            retired=_retired(shape),
            groups=_groups(shape),
        )
        for shape in schema.shapes.values()
        if isinstance(shape, ir.Enum)
    )


def roots(schema: ir.Schema) -> tuple[str, ...]:
    """Every root as a literal, if there is one without a class; else none."""
    shapes = [schema.shapes[root] for root in schema.roots]
    if all(isinstance(shape, ir.Structure | ir.Union) for shape in shapes):
        return ()
    return tuple(map(literal, schema.roots))


def _record_doc(schema: ir.Schema, shape: ir.Structure | ir.Union) -> str:
    parts = [shape.doc or f"The shape `{shape.id}`."]
    if isinstance(shape, ir.Union):
        parts.append("Exactly one of the members is given.")
    if shape.closed:
        parts.append(wording.CLOSED)
    if shape.deprecated is not None:
        parts.append(wording.deprecated(shape.deprecated))
    parts.append(f"Source: `{shape.id}` in {schema.source}.")
    return "\n\n".join(parts)


def _retired(shape: ir.Enum) -> str | None:
    """The values that are no longer sent, as a literal."""
    found = ", ".join(literal(one.value) for one in shape.values if one.retired)
    return f"{{{found}}}" if found and not _has(shape, "retired") else None


def _groups(shape: ir.Enum) -> str | None:
    """The group of each value that has one, as a literal."""
    found = ", ".join(
        f"{literal(one.value)}: {literal(one.under)}"
        for one in shape.values
        if one.under is not None
    )
    return f"{{{found}}}" if found and not _has(shape, "group") else None


def _has(shape: ir.Enum, name: str) -> bool:
    """Whether a value of an enum has taken a name for itself."""
    return any(one.python == name for one in shape.values)


def _enum_doc(shape: ir.Enum) -> str:
    parts = [shape.doc or f"The values of `{shape.id}`."]
    if shape.open:
        parts.append("The set is open: a response may hold a value that is not here.")
    return "\n\n".join(parts)


def _constant(one: ir.EnumValue, since: str | None) -> view.EnumConstant:
    """A value; the day it came stands behind it where there is nothing else to say."""
    parts = [one.doc] if one.doc else []
    if one.under is not None:
        parts.append(f"Belongs to `{one.under}`.")
    if one.retired:
        parts.append("Retired: no longer sent.")
    remark = f"since {since}" if since and not parts else ""
    if since and parts:
        parts.append(f"Since {since}.")
    return view.EnumConstant(
        name=one.python, literal=literal(one.value), doc=" ".join(parts), remark=remark
    )


def _attribute(
    schema: ir.Schema, member: ir.Member, since: str | None, *, hidden: bool
) -> view.Attribute:
    shape = schema.shapes[member.target]
    annotation = type_of(schema, member.target, _ENUMS)
    given = "" if member.required else " = None"
    if not member.required or member.nullable:
        annotation = annotation if annotation == "Any" else f"{annotation} | None"
    if hidden:
        default = "" if member.required else "default=None, "
        given = f" = _field({default}repr=False)"
    return view.Attribute(
        name=member.python,
        annotation=annotation,
        given=given,
        doc=_attribute_doc(member, shape, since),
    )


def _attribute_doc(member: ir.Member, shape: ir.Shape, since: str | None) -> str:
    parts = [member.doc or shape.doc or f"The member `{member.name}`."]
    if member.required:
        parts.append("Required; it can be null." if member.nullable else "Required.")
    elif member.claimed:
        parts.append("Documented as required; not confirmed by responses.")
    phrases = wording.constraints(shape)
    if phrases:
        joined = ", ".join(phrases)
        claim = f" ({wording.CLAIM})" if wording.claims(shape) else ""
        parts.append(f"{joined[0].upper()}{joined[1:]}{claim}.")
    unit = member.unit or wording.unit(shape)
    if unit:
        parts.append(f"Unit: {unit}.")
    if member.default is not None:
        parts.append(f"Default: {wording.value(member.default[0])}.")
    if since is not None:
        parts.append(f"Since {since}.")
    deprecated = member.deprecated or shape.deprecated
    if deprecated is not None:
        parts.append(wording.deprecated(deprecated))
    return " ".join(parts)


def type_of(schema: ir.Schema, target: str, enums: str = "") -> str:
    """The annotation for a value of a shape.

    Args:
        schema: The contract.
        target: The id of the shape.
        enums: What stands before the names of enums.
    """
    shape = schema.shapes[target]
    match shape:
        case ir.Scalar() if values := _literal(shape):
            return values
        case ir.String():
            return "str"
        case ir.Enum():
            name = f"{enums}{shape.python}"
            return f"{name} | str" if shape.open else name
        case ir.Integer():
            return "int"
        case ir.Float():
            return "float"
        case ir.Boolean():
            return "bool"
        case ir.Timestamp():
            return "datetime"
        case ir.Blob(streaming=True) | ir.List(streaming=True):
            return "Any"
        case ir.Blob():
            return "bytes"
        case ir.Document():
            return "Any"
        case ir.List(id=name) | ir.Tuple(id=name) if name in schema.hollow:
            return "tuple[Any, ...]"
        case ir.Map(id=name) if name in schema.hollow:
            return "Mapping[str, Any]"
        case ir.List(member=member, sparse=sparse):
            return f"tuple[{_part(schema, member, enums, sparse=sparse)}, ...]"
        case ir.Tuple():
            return _tuple(schema, shape, enums)
        case ir.Map(value=value, sparse=sparse):
            return f"Mapping[str, {_part(schema, value, enums, sparse=sparse)}]"
        case ir.Structure() | ir.Union():
            return shape.python
        case ir.OneOf():
            return shape.python if shape.named else one_of(schema, shape, enums)
        case _:
            assert_never(shape)


def _literal(shape: ir.Shape) -> str:
    """The annotation for the values that a shape lists; empty if there is none.

    There is none for numbers with a fraction, for what has parts, and for texts that
    look like several types.
    """
    values = only(shape)
    if isinstance(shape, ir.Float) or not values:
        return ""
    if any(isinstance(one, str) and " | " in one for one in values):
        return ""
    if any(isinstance(one, float | list | dict) for one in values):
        return ""
    words = (literal(one) if isinstance(one, str) else repr(one) for one in values)
    return f"Literal[{', '.join(words)}]"


def one_of(schema: ir.Schema, shape: ir.OneOf, enums: str) -> str:
    """The annotation for a value of one of several shapes, spelt out."""
    if not shape.named and shape.id in schema.recursive:
        return "Any"
    found = [type_of(schema, one.target, enums) for one in shape.options]
    if shape.open and shape.discriminator is not None:
        found.append("Mapping[str, Any]")
    parts = dict.fromkeys(part for one in found for part in one.split(" | "))
    return "Any" if "Any" in parts else " | ".join(parts)


def aliases(schema: ir.Schema) -> tuple[view.Alias, ...]:
    """A name for each named choice of shapes, in the spec's order."""
    return tuple(
        _alias(shape, one_of(schema, shape, _ENUMS))
        for shape in schema.named_shapes()
        if isinstance(shape, ir.OneOf)
    )


def _alias(shape: ir.OneOf, annotation: str) -> view.Alias:
    doc = [shape.doc or f"A value of `{shape.id}`.", *wording.choice(shape)]
    return view.Alias(
        shape=shape.id,
        uses=names_in(annotation) | {"_TypeAlias"},
        name=shape.python,
        text=repr(annotation),
        doc=" ".join(doc),
    )


def _tuple(schema: ir.Schema, shape: ir.Tuple, enums: str) -> str:
    """The annotation for a list with a prefix; of any length where items may lack."""
    first = [_part(schema, one, enums, sparse=shape.sparse) for one in shape.prefix]
    rest = None
    if shape.rest is not None:
        rest = _part(schema, shape.rest, enums, sparse=shape.sparse)
    if shape.whole:
        others = [] if rest is None else [f"*tuple[{rest}, ...]"]
        return f"tuple[{', '.join([*first, *others])}]"
    every = [*first, *([] if rest is None else [rest])]
    parts = dict.fromkeys(part for one in every for part in one.split(" | "))
    return f"tuple[{'Any' if 'Any' in parts else ' | '.join(parts)}, ...]"


def _part(schema: ir.Schema, target: str, enums: str, *, sparse: bool) -> str:
    found = type_of(schema, target, enums)
    return f"{found} | None" if sparse and found != "Any" else found
