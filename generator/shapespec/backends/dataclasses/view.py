"""What the templates of the dataclasses receive: finished strings."""

from __future__ import annotations

from shapespec.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A field of a dataclass.

    Attributes:
        name: Its Python name.
        annotation: Its type.
        options: The arguments of the field: default, metadata.
        doc: Meaning, constraints and unit.
    """

    name: str
    annotation: str
    options: str
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A derived value: an expression over an object called `this`."""

    name: str
    annotation: str
    doc: str
    expression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A dataclass, and the names that it needs of its module.

    Attributes:
        arguments: What is said of the class beside its base.
    """

    shape: str
    uses: frozenset[str]
    arguments: str
    class_name: str
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
    """An enum."""

    shape: str
    class_name: str
    doc: str
    values: tuple[EnumConstant, ...]
