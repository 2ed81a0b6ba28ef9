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
    """A derived value: statements over an object `this`, and what they call."""

    name: str
    annotation: str
    doc: str
    helpers: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataclass:
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
    """A value of an enum: its Python name, its literal and what it means.

    Attributes:
        remark: A comment behind it.
    """

    name: str
    literal: str
    doc: str
    remark: str


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
