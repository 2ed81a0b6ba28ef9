"""Enums and dataclasses as modules: their definitions, as data."""

from __future__ import annotations

from collections.abc import Iterable

from shapespec.backends.dataclasses import view
from shapespec.backends.definitions import Import, Module, defined

_ENUMS = "dataclasses/enums.py.jinja"
_MODELS = "dataclasses/models.py.jinja"


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


def models(records: Iterable[view.Dataclass], aliases: Iterable[view.Alias]) -> Module:
    """The module `models`: the dataclasses, and names of types."""
    return Module(
        doc=(
            "The structures of the contract as dataclasses: frozen, typed, with their"
            " constraints."
        ),
        pragmas=("# pyright: reportAny=false, reportUnnecessaryComparison=false",),
        imports=(
            Import("collections.abc", ("Mapping",)),
            Import("datetime", ("datetime",)),
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
