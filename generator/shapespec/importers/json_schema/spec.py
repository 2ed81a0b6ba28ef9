"""The draft of a spec from a JSON Schema."""

from __future__ import annotations

from shapespec.drafts.model import Draft, Form, Note, Shape, Target
from shapespec.drafts.names import identifier
from shapespec.drafts.packages import package_name
from shapespec.importers.json_file import JsonFile
from shapespec.importers.json_schema.convert import Converter
from shapespec.importers.json_schema.document import Document
from shapespec.importers.json_schema.parts import ANNOTATIONS

_FORM = Form(
    name="json",
    doc="JSON, with timestamps as RFC 3339 strings.",
    read=("iso-8601",),
    write="iso-8601",
)
_ROOTS = ("structure", "union")


def draft(file: JsonFile, *, package: str | None = None, docs: bool = False) -> Draft:
    """The draft of a schema: its root, and what this leads to.

    Where the root is no object, all that is under `$defs` or `definitions`.

    Args:
        file: The schema.
        package: What the package is called; else after the file.
        docs: Whether descriptions come along.

    Raises:
        Unusable: It is no schema.
    """
    document = Document(file.data, file.name)
    converter = Converter(document, docs=docs)
    stem = file.name.partition(".")[0]
    title = document.root.value.get("title")
    title = title if isinstance(title, str) and title.strip() else None
    notes: list[Note] = []
    roots: list[str] = []
    if set(document.root.value) - ANNOTATIONS:
        root = converter.name_root(identifier(title or stem))
        converter.make_all()
        if isinstance(root, str) and _can_be_root(converter, root):
            roots.append(root)
        else:
            notes.append(Note("root-not-object", _kind(converter, root)))
    for name, node in document.definitions():
        if not roots:
            converter.reference(node)
        elif node.pointer not in document.followed:
            notes.append(Note("unused-shape", f"`{name}`"))
    converter.make_all()
    shapes = converter.shapes
    for name in [name for name in shapes if converter.is_unused_root(name)]:
        del shapes[name]
    return Draft(
        command=f"shapespec import json-schema {file.name}",
        origin=(
            f"{file.name}, JSON Schema {document.dialect or '(no draft named)'},",
            f"SHA-256 {file.sha256}.",
        ),
        package=package or package_name(stem),
        title=title,
        doc=converter.doc(document.root) if roots else None,
        shapes=shapes,
        roots=tuple(roots),
        forms=(_FORM,) if any(map(_has_times, shapes.values())) else (),
        notes=tuple(notes),
    )


def _can_be_root(converter: Converter, name: str) -> bool:
    return converter.shapes[name].type in _ROOTS


def _kind(converter: Converter, root: Target) -> str:
    shape = converter.shapes[root] if isinstance(root, str) else root
    return f"it is of type {shape.type}"


def _has_times(shape: Shape) -> bool:
    parts = (
        *(member.target for member in shape.members),
        shape.member,
        shape.key,
        shape.value,
    )
    inner = (part for part in parts if isinstance(part, Shape))
    return shape.type == "timestamp" or any(map(_has_times, inner))
