"""What the templates of the dataclasses receive: finished strings."""

from __future__ import annotations

from shapespec.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A field of a dataclass.

    Attributes:
        name: Its Python name.
        annotation: Its type.
        given: What is assigned to it: its default, and that it is not to be shown.
        doc: Meaning, constraints and unit.
    """

    name: str
    annotation: str
    given: str
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A derived value: an expression over an object `this`, and what it calls."""

    name: str
    annotation: str
    doc: str
    helpers: tuple[str, ...]
    expression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A dataclass.

    Attributes:
        shape: The id of the shape.
        uses: The names that it needs of its module.
        class_name: Its name.
        keyword: The argument that names its shape; empty where that has the same name.
        within: The package, as its methods import from it.
        doc: Meaning and source.
        attributes: Its fields.
        properties: Its derived values.
    """

    shape: str
    uses: frozenset[str]
    class_name: str
    keyword: str
    within: str
    doc: str
    attributes: tuple[Attribute, ...]
    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A name for a type, the union of several; and the names that it needs."""

    shape: str
    uses: frozenset[str]
    name: str
    text: str
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumConstant:
    """A value of an enum: its Python name, its literal and what it means."""

    name: str
    literal: str
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumClass:
    """An enum.

    Attributes:
        retired: The values that are no longer sent, as a literal, if there are any.
        groups: The groups of values, as a literal, if there are any.
    """

    shape: str
    class_name: str
    doc: str
    values: tuple[EnumConstant, ...]
    retired: str | None
    groups: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """How a member is read from `data` and written from `value`."""

    name: str
    key: str
    required: bool
    read: str
    write: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConversion:
    """How a dataclass is read and written.

    Attributes:
        shape: The id of the shape.
        uses: The names that this needs of the module.
    """

    shape: str
    uses: frozenset[str]

    class_name: str
    title: str
    key: str
    known: str
    reader: str
    writer: str
    uses_get: bool
    members: tuple[Conversion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What becomes of a value where an expression is true."""

    test: str
    gives: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceConversion:
    """How a value of one of several shapes is read and written.

    Attributes:
        shape: The id of the shape.
        uses: The names that this needs of the module.
    """

    shape: str
    uses: frozenset[str]

    title: str
    reader: str
    writer: str
    reads: tuple[Case, ...]
    writes: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueConversion:
    """How a root without a class of its own is read and written.

    Attributes:
        shape: The id of the shape.
        uses: The names that this needs of the module.
    """

    shape: str
    uses: frozenset[str]

    title: str
    reader: str
    writer: str
    read: str
    write: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RootConversion:
    """A root by name, also as a literal, and what reads and writes it."""

    shape: str
    key: str
    reader: str
    writer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumTable:
    """The table from a text to the enum's member."""

    constant: str
    values: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What conversion of a contract has to look after.

    Attributes:
        within: The package, as a function of the module imports from it.
        roots: Whether a root has no class of its own.
        frame: Whether a row of a data frame may be read.
        respells: Whether a form spells members otherwise.
        recursive: Whether a shape contains itself.
    """

    within: str
    roots: bool
    frame: bool
    respells: bool
    recursive: bool
