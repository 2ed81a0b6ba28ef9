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


def models(
    records: Iterable[view.Record],
    aliases: Iterable[view.Alias],
    known: Iterable[view.EnumClass],
    helpers: tuple[str, ...],
) -> Module:
    """The module `models`.

    Args:
        records: The dataclasses.
        aliases: Names of types.
        known: The enums.
        helpers: What derived values call, of the module `_cel`.
    """
    return Module(
        doc=(
            "The structures of the contract as dataclasses: frozen, typed, with their"
            " constraints."
        ),
        pragmas=("# pyright: reportAny=false, reportUnnecessaryComparison=false",),
        imports=(
            Import("collections.abc", ("Mapping",)),
            Import("dataclasses", ("dataclass", "field as _field")),
            Import("datetime", ("datetime",)),
            Import("typing", ("Any", "Literal", "TypeAlias as _TypeAlias")),
            Import("._cel", helpers),
            Import("._structure", ("Structure",)),
            Import(".enums", tuple(sorted(one.class_name for one in known))),
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
