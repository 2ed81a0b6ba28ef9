"""`oneOf` and `anyOf`: unions where they are, else what the options have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shapespec.drafts.model import Member, Note, Shape, Value
from shapespec.importers.json_schema.document import Document, Node
from shapespec.importers.json_schema.parts import (
    ANNOTATIONS,
    Parts,
    alias,
    laid_together,
)

if TYPE_CHECKING:
    from shapespec.importers.json_schema.convert import Converter

_NULLS: tuple[object, ...] = ({"type": "null"}, {"const": None}, {"enum": [None]})
_BESIDE = ("type", "properties", "required", "additionalProperties", "nullable")


def options(node: Node) -> list[Node]:
    """The options of a schema, if it has any."""
    for keyword in ("oneOf", "anyOf"):
        listed = node.value.get(keyword)
        if isinstance(listed, list):
            return [node.child(keyword, at) for at in range(len(listed))]
    return []


def sole_option(document: Document, node: Node) -> Node | None:
    """The schema that one stands for that is another one or null, and says no more."""
    own = set(node.value) - ANNOTATIONS
    if len(own) != 1 or not own <= {"oneOf", "anyOf"}:
        return None
    left = [one for one in options(node) if one.value not in _NULLS]
    return alias(document, left[0]) if len(left) == 1 else None


def shape(converter: Converter, parts: Parts, name: str) -> Shape:
    """The shape of a schema with options, and of what is present beside them."""
    keyword = "oneOf" if "oneOf" in parts else "anyOf"
    first, *others = parts.said.pop(keyword)
    notes = [Note("unsupported-keyword", str(node)) for node in others]
    notes += [
        Note("unsupported-keyword", str(node)) for node in parts.said.pop("anyOf", ())
    ]
    if first.place in parts.chosen:
        return Shape(type="document").noting(
            "never", f"{first}: it leads back to itself"
        )
    parts.chosen |= {first.place}
    listed = first.value if isinstance(first.value, list) else []
    every = [first.child(at) for at in range(len(listed))]
    left = [node for node in every if not _is_null(converter, node)]
    made = _of_options(converter, parts, left, name, first)
    return replace(made, notes=(*notes, *made.notes))


def _of_options(
    converter: Converter, parts: Parts, options: list[Node], name: str, first: Node
) -> Shape:
    if not options:
        return Shape(type="document").noting("null-alone", str(first))
    sides = [laid_together(converter.document, [node]) for node in options]
    if len(options) == 1:
        return converter.of_parts(_joined(parts, sides[0]), name)
    texts = _texts(converter, sides, options)
    if texts is not None:
        return converter.finished(parts, Shape(type="enum", values=texts), ())
    exclusive = first.pointer.endswith("/oneOf") or all(map(_is_closed, sides))
    if exclusive and "properties" not in parts and all(map(_single, sides)):
        return _union(converter, parts, sides, name)
    if all(map(_is_object, sides)) or ("properties" in parts and _no_type(sides)):
        return _merged(converter, parts, sides, name, first)
    return _same_type(converter, parts, sides, first)


def _is_null(converter: Converter, node: Node) -> bool:
    parts = laid_together(converter.document, [node])
    return parts.types() == ["null"] or parts.values() == [None]


def _joined(parts: Parts, more: Parts) -> Parts:
    """Both, as if they stood in one schema."""
    said = {keyword: [*nodes] for keyword, nodes in parts.said.items()}
    for keyword, nodes in more.said.items():
        said.setdefault(keyword, []).extend(nodes)
    types = [node for node in said.get("type", ()) if node.value != "null"]
    if types:
        said["type"] = types
    return Parts(parts.at, said, [*parts.notes, *more.notes], parts.chosen)


def _texts(
    converter: Converter, sides: list[Parts], options: list[Node]
) -> tuple[Value, ...] | None:
    """The values, where each option is a set of texts or a single one."""
    found: dict[str, Value] = {}
    for side, node in zip(sides, options, strict=True):
        values = side.values()
        if values is None or not all(isinstance(one, str) for one in values):
            return None
        if {*side.said} - {"const", "enum", "type", "title", "description"}:
            return None
        doc = converter.doc(node) if len(values) == 1 else None
        found |= {one: Value(text=one, doc=doc) for one in values}
    return tuple(found.values())


# --- unions -----------------------------------------------------------------------


def _single(side: Parts) -> bool:
    """Whether an option is an object with a single property, which it requires."""
    names = [*side.properties()]
    rest = {*side.said} - {*_BESIDE, "title", "description"}
    return len(names) == 1 and side.required() == names and not rest


def _is_closed(side: Parts) -> bool:
    beside = side.said.get("additionalProperties", ())
    return any(node.value is False for node in beside)


def _union(converter: Converter, parts: Parts, sides: list[Parts], name: str) -> Shape:
    variants: dict[str, Member] = {}
    notes: list[Note] = []
    for side in sides:
        for one, nodes in side.properties().items():
            if one in variants:
                notes.append(Note("any-of", f"{side.at}: `{one}` once more"))
                continue
            made = converter.member(one, nodes, name, required=False)
            variants[one] = replace(made, default=None)
    union = Shape(type="union", members=tuple(variants.values()), notes=tuple(notes))
    return converter.finished(parts, union, _BESIDE)


# --- what is no union ---------------------------------------------------------------


def _is_object(side: Parts) -> bool:
    return side.types() == ["object"] or (
        side.types() is None and ("properties" in side or "required" in side)
    )


def _no_type(sides: list[Parts]) -> bool:
    return all(side.types() in (None, ["object"]) for side in sides)


def _merged(
    converter: Converter, parts: Parts, sides: list[Parts], name: str, first: Node
) -> Shape:
    """A structure with the members of all options; what all require is required."""
    said = {keyword: [*nodes] for keyword, nodes in parts.said.items()}
    said.setdefault("type", [parts.at._replace(value="object")])
    base = Parts(parts.at, said, [*parts.notes], parts.chosen)
    made = converter.of_parts(base, name)
    notes = [*made.notes, Note("any-of", f"{first}: the members of all are here")]
    known = parts.properties()
    common = set.intersection(*({*side.required()} for side in sides))
    needed = {*parts.required(), *common}
    members = {member.name: member for member in made.members}
    per_name: dict[str, list[list[Node]]] = {}
    for side in sides:
        for one, nodes in side.properties().items():
            per_name.setdefault(one, []).append(nodes)
    for one, several in per_name.items():
        if one in known:
            notes += [Note("any-of", str(nodes[0])) for nodes in several]
            continue
        members[one] = _member(converter, one, several, name, required=one in needed)
    for one in sorted(common - {*members}):
        notes.append(Note("required-null", f"{first}: `{one}`"))
        members[one] = Member(name=one, target=Shape(type="document"))
    also = {one for one in common & {*known} if not converter.is_nullable(known[one])}
    for side in sides:
        left = converter.finished(side, Shape(type="structure"), _BESIDE)
        notes += left.notes
    return Shape(
        type="structure",
        members=tuple(
            replace(one, required=one.required or one.name in also)
            for one in members.values()
        ),
        notes=tuple(notes),
    )


def _member(
    converter: Converter,
    name: str,
    several: list[list[Node]],
    owner: str,
    *,
    required: bool,
) -> Member:
    """A member of several options: of one shape if they agree, else of any."""
    said = [[one.value for one in nodes] for nodes in several]
    if all(one == said[0] for one in said):
        return converter.member(name, several[0], owner, required=required)
    if required and any(map(converter.is_nullable, several)):
        made = _member(converter, name, several, owner, required=False)
        note = Note("required-null", str(several[0][0]))
        return replace(made, notes=(*made.notes, note))
    sides = [laid_together(converter.document, nodes) for nodes in several]
    texts = _texts(converter, sides, [nodes[0] for nodes in several])
    if texts is not None:
        target = converter.named_enum(texts, owner, name)
        return Member(name=name, target=target, required=required)
    note = Note("any-of", f"{several[0][0]}: it differs from option to option")
    return Member(
        name=name, target=Shape(type="document"), required=required, notes=(note,)
    )


def _same_type(
    converter: Converter, parts: Parts, sides: list[Parts], first: Node
) -> Shape:
    """The type that all options have, without their constraints; else any value."""
    kinds = {_simple_type(side) for side in sides}
    if kinds == {"long", "double"}:
        kinds = {"double"}
    (kind, *rest) = sorted(kinds)
    if rest or not kind:
        words = ", ".join(one or "other" for one in sorted(kinds))
        plain = Shape(type="document").noting("mixed-types", f"{first}: {words}")
        return converter.finished(parts, plain, ("type",))
    bare = all({*side.said} <= {"type", "title", "description"} for side in sides)
    found = Shape(type=kind)
    found = found if bare else found.noting("any-of", str(first))
    return converter.finished(parts, found, ("type",))


_SIMPLE = {
    "string": "string",
    "integer": "long",
    "number": "double",
    "boolean": "boolean",
}


def _simple_type(side: Parts) -> str:
    """The simple type of an option; empty where it has none."""
    types = [one for one in side.types() or () if one != "null"]
    if len(types) == 1:
        return _SIMPLE.get(types[0], "")
    values = side.values()
    if not types and values and all(isinstance(one, str) for one in values):
        return "string"
    return ""
