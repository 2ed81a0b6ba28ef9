"""From one form to another: read as one system writes, written as another does."""

from __future__ import annotations

import importlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from types import ModuleType
from typing import Any, cast

from shapespec.ground.errors import Unusable
from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.sinks.out import Escaped
from shapespec.responses.contract import Contract


def converter(
    contract: Contract, *, shape: str | None, source: str, target: str
) -> Callable[[object], Escaped]:
    """What makes of a valid response the JSON of the same one in another form.

    What the one form adds to responses, and the other does not, is left out.

    Args:
        contract: A package with dataclasses.
        shape: The shape of the responses; that of the operation where left out.
        source: The form they are in.
        target: The form they should have.

    Raises:
        Unusable: There is no such shape or form, or the shape has to be named.
    """
    name = cast("ModuleType", contract).__name__
    conversions: Any = importlib.import_module(f"{name}._convert")
    forms: Mapping[str | None, Any] = importlib.import_module(f"{name}._forms").FORMS
    made = _class_of(conversions, shape or _default_shape(contract))
    if target not in forms:
        raise Unusable(f"{target} is a form to read from, not to write")
    # What a form adds is known by its name; those that every contract has add nothing.
    dropped = forms.get(source, forms[None]).extra_members - forms[target].extra_members

    def convert(response: object) -> Escaped:
        structure = conversions.read(made, response, source, strict=False)
        for extra in dropped:
            structure.extra_members.pop(extra, None)
        written = conversions.write(structure, target)
        return dumps(written, default=_plain)

    return convert


def _default_shape(contract: Contract) -> str:
    defaults = cast("Any", contract.validate).__kwdefaults__
    if "shape" not in defaults:
        message = "the contract has several operations; name a shape with --shape"
        raise Unusable(message)
    return str(defaults["shape"])


def _class_of(conversions: Any, shape: str) -> type:
    for made, (name, *_) in conversions.STRUCTURES.items():
        if name == shape:
            found: type = made
            return found
    raise Unusable(f"{shape} is not a structure, so it cannot be converted")


def _plain(value: object) -> str:
    """What a form holds that JSON has no word for."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    raise TypeError(f"cannot write a value of type {type(value).__name__} as JSON")
