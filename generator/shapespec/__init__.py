"""Validate API responses, and compile contracts into code, schemas and docs.

`load_contract(address)` gives the validators and dataclasses of a contract,
`compile_spec(path)` the schema of a spec, and `generate(spec, targets)` the files
that it is compiled into. `validate_file(path, contract)` gives the findings of a file;
`Finding` is the type of what validators find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shapespec.api import (
        compile_file as compile_spec,
        generate,
        load_contract,
        validate_file,
    )
    from shapespec.ground.version import __version__
    from shapespec.responses.finding import Finding

__all__ = [
    "Finding",
    "__version__",
    "compile_spec",
    "generate",
    "load_contract",
    "validate_file",
]

_PLACES = {
    "__version__": ("shapespec.ground.version", "__version__"),
    "Finding": ("shapespec.responses.finding", "Finding"),
    "compile_spec": ("shapespec.api", "compile_file"),
    "generate": ("shapespec.api", "generate"),
    "load_contract": ("shapespec.api", "load_contract"),
    "validate_file": ("shapespec.api", "validate_file"),
}


def __getattr__(name: str) -> Any:
    """Load what is asked for, so that importing shapespec costs nothing."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    place, attribute = _PLACES[name]
    return getattr(import_module(place), attribute)


def __dir__() -> list[str]:
    """The public names, also those that are not loaded yet."""
    return sorted(__all__)
