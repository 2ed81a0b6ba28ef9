"""The draft of a spec from a JSON Schema."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from shapespec.drafts.model import Draft, Form, Note, Shape, Target, references
from shapespec.drafts.names import identifier
from shapespec.drafts.packages import package_name
from shapespec.drafts.reach import led_to
from shapespec.ground.errors import Unusable
from shapespec.ground.pointer import steps
from shapespec.importers.json_file import JsonFile
from shapespec.importers.json_schema.convert import Converter
from shapespec.importers.json_schema.dialects import D2020, dialect_of
from shapespec.importers.json_schema.document import (
    ROOT,
    Document,
    Fetch,
    Library,
    Node,
)
from shapespec.importers.json_schema.files import Shelf, check
from shapespec.importers.json_schema.meaning import note_at
from shapespec.importers.json_schema.parts import says_nothing
from shapespec.project.files import MAX_SPEC_BYTES

_FORM = Form(
    name="json",
    doc="JSON, with timestamps as RFC 3339 strings.",
    read=("iso-8601",),
    write="iso-8601",
)


class SchemaOptions(NamedTuple):
    """How a schema is read.

    Attributes:
        root: A JSON Pointer to the schema that is the root; empty for the whole.
        allow_net: Whether documents that it refers to may be fetched.
        skip_remote: Whether what they define is any value where they cannot be had.
        limit: How many bytes a document may have.
        infer_types: Whether what states no type is an object or a list if its
            keywords are about these.
    """

    root: str = ""
    allow_net: bool = False
    skip_remote: bool = False
    limit: int = MAX_SPEC_BYTES
    infer_types: bool = False


WHOLE = SchemaOptions()
"""A whole schema, with what is beside it."""


def document_of(
    file: JsonFile, reading: SchemaOptions = WHOLE, fetch: Fetch | None = None
) -> Document:
    """A schema that has been checked, with all that it refers to.

    Args:
        file: The schema.
        reading: How it is read.
        fetch: Gives the documents it refers to; else they are files beside it.

    Raises:
        Unusable: It is no schema, or there is nothing at the root.
        Faults: It is malformed, or refers to what is not there.
    """
    data = file.data
    if not isinstance(data, dict | bool):
        raise Unusable(f"{file.name} is not a JSON Schema: expected an object")
    named = data.get("$schema") if isinstance(data, dict) else None
    dialect = dialect_of(named) or D2020
    check(file, dialect)
    shelf = Shelf(file, dialect, reading.limit, allow_net=reading.allow_net)
    library = Library(dialect, fetch or shelf)
    top = library.add(data, "", file.uri or ROOT)
    shelf.files[""] = file
    root = _at(top, reading.root, file.name)
    document = Document(
        top, root, file.name, shelf.files, skip_remote=reading.skip_remote
    )
    document.check_references()
    return document


def _at(top: Node, pointer: str, name: str) -> Node:
    pointer = pointer.removeprefix("#")
    if pointer and not pointer.startswith("/"):
        raise Unusable(f"{pointer} is not a JSON Pointer: it begins with /")
    found = top
    for step in steps(pointer):
        try:
            at = int(step) if isinstance(found.value, list) else step
            found = found.child(at)
        except (KeyError, IndexError, ValueError, TypeError):
            raise Unusable(f"{name} has nothing at {pointer}") from None
    if not isinstance(found.value, dict | bool):
        raise Unusable(f"{name} has no schema at {pointer}")
    return found


def draft(
    file: JsonFile,
    *,
    package: str | None = None,
    docs: bool = False,
    reading: SchemaOptions = WHOLE,
    fetch: Fetch | None = None,
) -> Draft:
    """The draft of a schema: its root, and what this leads to.

    Where the root is no object, all that is under `$defs` or `definitions`.

    Args:
        file: The schema.
        package: What the package is called; else after the file.
        docs: Whether descriptions come along.
        reading: How the schema is read.
        fetch: Gives the documents it refers to; else they are files beside it.

    Raises:
        Unusable: It is no schema.
        Faults: It is malformed, or refers to what is not there.
    """
    document = document_of(file, reading, fetch)
    if isinstance(document.root.value, bool):
        raise Unusable("it defines no object that a spec could describe")
    converter = Converter(document, docs=docs, infer=reading.infer_types)
    stem = file.name.partition(".")[0]
    title = document.root.value.get("title")
    title = title if isinstance(title, str) and title.strip() else None
    own = steps(reading.root)[-1:] or [stem]
    notes: list[Note] = [
        Note("unknown-dialect", said) for said in document.library.unknown
    ]
    roots: list[str] = []
    if not says_nothing(document.root):
        root = converter.name_root(identifier(title or own[0]))
        converter.make_all()
        if isinstance(root, str) and _can_be_root(converter, root):
            roots.append(root)
            if converter.is_nullable([document.root]):
                notes.append(note_at("root-null", document.root))
        else:
            left_out = note_at("root-not-object", document.root, _kind(converter, root))
            notes.append(left_out)
    for name, node in document.definitions():
        if not roots:
            converter.reference(node)
        elif node.place not in document.followed and not reading.root:
            notes.append(note_at("unused-shape", node)._replace(said=f"`{name}`"))
    converter.make_all()
    if not roots and not converter.shapes:
        document.check_root()
    shapes = _in_use(converter, roots)
    for name in [name for name in shapes if converter.is_unused_root(name)]:
        notes += shapes.pop(name).notes
    if roots:  # an option that was made and given up belongs to nothing
        needed = led_to(shapes, roots)
        shapes = {name: one for name, one in shapes.items() if name in needed}
    return Draft(
        command=f"shapespec import json-schema {file.name}" + _options(reading),
        origin=(
            f"{file.name}, JSON Schema {_dialect(file)},",
            f"SHA-256 {file.sha256}.",
        ),
        package=package or package_name(own[0]),
        title=title,
        doc=converter.doc(document.root) if roots else None,
        shapes=shapes,
        roots=tuple(roots),
        forms=(_FORM,) if any(map(_has_times, shapes.values())) else (),
        notes=(*notes, *_asserted(converter)),
        nulls="invalid",
        formats=formats_of(shapes),
    )


def _in_use(converter: Converter, roots: list[str]) -> dict[str, Shape]:
    """The shapes without those that were made for what has come to nothing."""
    shapes = converter.shapes
    known = [name for name in shapes if name not in converter.all_asked]
    pending = [*(roots or known)]
    used: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in used and name in shapes:
            used.add(name)
            pending += references(shapes[name])
    return {name: one for name, one in shapes.items() if name in used}


def _asserted(converter: Converter) -> Iterator[Note]:
    """A note for each format that we check and many validators do not."""
    for word, places in converter.asserted.items():
        first, *rest = dict.fromkeys(places)
        more = f" and {len(rest)} more" if rest else ""
        yield Note("format-checked", f"`{word}`: {first}{more}")


def _dialect(file: JsonFile) -> str:
    named = file.data.get("$schema") if isinstance(file.data, dict) else None
    return named if isinstance(named, str) else "(no draft named)"


def _options(reading: SchemaOptions) -> str:
    said = f" --root {shlex.quote(reading.root)}" if reading.root else ""
    said += " --allow-net" if reading.allow_net else ""
    said += " --infer-types" if reading.infer_types else ""
    return said + (" --skip-remote" if reading.skip_remote else "")


def _can_be_root(converter: Converter, name: str) -> bool:
    return converter.shapes[name].type != "document"


def _kind(converter: Converter, root: Target) -> str:
    shape = converter.shapes[root] if isinstance(root, str) else root
    return f"it is of type {shape.type}"


def formats_of(shapes: Mapping[str, Shape]) -> str:
    """What formats of strings are: annotations, as in the schema."""
    named = any(one.format for shape in shapes.values() for one in _all(shape))
    return "annotate" if named else "assert"


def _has_times(shape: Shape) -> bool:
    return any(one.type == "timestamp" for one in _all(shape))


def _all(shape: Shape) -> Iterator[Shape]:
    """A shape, and those that are written in it."""
    yield shape
    for part in (
        *(member.target for member in shape.members),
        *shape.options,
        *shape.prefix,
        shape.member,
        shape.key,
        shape.value,
    ):
        if isinstance(part, Shape):
            yield from _all(part)
