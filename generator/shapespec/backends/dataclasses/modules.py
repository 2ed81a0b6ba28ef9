"""Enums, dataclasses and conversions as modules: their definitions, as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shapespec.backends import python_package
from shapespec.backends.dataclasses import view
from shapespec.backends.dataclasses.convert import Conversions
from shapespec.backends.definitions import (
    Definition,
    Entry,
    Import,
    Module,
    Table,
    defined,
)
from shapespec.backends.units import is_big

_ENUMS = "dataclasses/enums.py.jinja"
_MODELS = "dataclasses/models.py.jinja"
_CONVERT = "dataclasses/convert.py.jinja"
_DATETIME = Import("datetime", ("datetime",))


def enums(given: Iterable[view.EnumClass]) -> Module:
    """The module `enums`."""
    return Module(
        doc="The enums of the contract; each value is the text that responses hold.",
        imports=(Import("enum", ("StrEnum",)),),
        definitions=tuple(
            defined(
                _ENUMS,
                "enum_class",
                one,
                name=one.class_name,
                uses=("StrEnum",),
                shape=one.shape,
            )
            for one in given
        ),
    )


def models(records: Iterable[view.Record], aliases: Iterable[view.Alias]) -> Module:
    """The module `models`: the dataclasses, and names of types."""
    return Module(
        doc=(
            "The structures of the contract as dataclasses: frozen, typed, with their"
            " constraints."
        ),
        pragmas=("# pyright: reportAny=false, reportUnnecessaryComparison=false",),
        imports=(
            Import("collections.abc", ("Mapping",)),
            _DATETIME,
            Import("typing", ("Any", "Literal", "TypeAlias as _TypeAlias")),
            Import("._record", ("dataclass", "enums", "field as _field")),
            Import("._structure", ("Structure",)),
        ),
        definitions=(
            *(
                defined(
                    _MODELS,
                    "record_class",
                    one,
                    name=one.class_name,
                    uses=one.uses,
                    shape=one.shape,
                )
                for one in records
            ),
            *(
                defined(
                    _MODELS, "alias", one, name=one.name, uses=one.uses, shape=one.shape
                )
                for one in aliases
            ),
        ),
    )


def convert(given: Conversions) -> Module:
    """The module `_convert`."""
    records = given.records()
    roots = given.roots()
    schema = given.schema
    front = view.Front(
        within=".." if is_big(schema) else ".",
        roots=bool(roots),
        frame=not python_package.owns_frame(schema),
        respells=schema.respells,
        recursive=bool(schema.recursive),
    )
    return Module(
        doc=(
            "Between responses and dataclasses: one function for each structure, each"
            " way."
        ),
        pragmas=("# pyright: basic",),
        imports=(
            _DATETIME,
            Import(".", ("enums", "models")),
            Import("._clean", tuple(sorted(one.known for one in records))),
            Import("._forms", ("Form", "find_form", "read_bytes", "read_moment")),
            Import("._report", ("Finding", "InvalidResponse", "Strict")),
            Import("._spelling", ("respelt", "understood")),
            Import("._structure", ("unfolds",)),
            Import(".validators", ("is_valid", "validate")),
            Import("typing", ("Any",), checked=True),
        ),
        front=tuple(_front(front)),
        definitions=tuple(_conversions(given, records)),
        tables=(
            Table(
                name="STRUCTURES",
                doc="For each class its shape, and what reads and writes it.",
                annotation="dict[Any, Any]",
                entries=(
                    *(
                        Entry(
                            key=f"models.{one.class_name}",
                            name=one.class_name,
                            value=f"({one.key}, {one.reader}, {one.writer})",
                            leads_to=one.reader,
                            uses=frozenset(("models",)),
                        )
                        for one in records
                    ),
                    *(
                        Entry(
                            key=one.key,
                            name=one.shape,
                            value=f"({one.key}, {one.reader}, {one.writer})",
                            leads_to=one.reader,
                        )
                        for one in roots
                    ),
                ),
            ),
        ),
    )


def _front(front: view.Front) -> Iterator[Definition]:
    """What reads and writes anything, by the table."""
    both = {"Any"}
    if front.recursive:
        both.add("unfolds")
    reads = {"Finding", "InvalidResponse", "Strict", "is_valid", "validate"}
    writes = {"find_form"}
    if front.respells:
        reads |= {"find_form", "understood"}
        writes.add("respelt")
    yield defined(_CONVERT, "read", front, name="read", uses=both | reads)
    yield defined(_CONVERT, "write", front, name="write", uses=both | writes)
    judges = {"Any", "Finding", "Strict", "validate"}
    yield defined(_CONVERT, "judge", front, name="judge", uses=judges)
    if front.roots:
        yield defined(_CONVERT, "write_as", front, name="write_as", uses=both | writes)


def _conversions(
    given: Conversions, records: Iterable[view.RecordConversion]
) -> Iterator[Definition]:
    for table in given.enums():
        uses = ("Any", "enums")
        yield defined(_CONVERT, "by_value", table, name=table.constant, uses=uses)
    for kind, several in (
        ("record", records),
        ("choice", given.choices()),
        ("value", given.values()),
    ):
        for one in several:
            for way, name in (("reader", one.reader), ("writer", one.writer)):
                yield defined(
                    _CONVERT,
                    f"{kind}_{way}",
                    one,
                    name=name,
                    uses=one.uses,
                    shape=one.shape,
                )
