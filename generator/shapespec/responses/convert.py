"""From one form to another: read as one system writes, written as another does."""

from __future__ import annotations

import importlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from types import ModuleType
from typing import Any, NamedTuple, cast

from shapespec.ground.errors import Unusable
from shapespec.ground.sinks.csv_text import record
from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.sinks.out import Escaped
from shapespec.responses.contract import Contract
from shapespec.responses.losses import losses


class Converted(NamedTuple):
    """A response in another form.

    Attributes:
        text: The response, as JSON or as a record of CSV.
        lost: What the other form cannot say, each with the reason.
    """

    text: Escaped
    lost: tuple[str, ...]


class Converter(NamedTuple):
    """Converts responses of a shape from one form to another.

    Attributes:
        convert: What makes of a valid response the same one in the other form.
        head: The names of the columns, where it makes records of CSV.
    """

    convert: Callable[[object], Converted]
    head: Escaped | None


def converter(
    contract: Contract,
    *,
    shape: str | None,
    source: str,
    target: str,
    as_csv: bool = False,
) -> Converter:
    """What makes of a valid response the same one in another form.

    What the one form adds to responses, and the other does not, is left out. That and
    what the other form cannot say is named as lost.

    Args:
        contract: A package with dataclasses.
        shape: The shape of the responses; that of the operation where left out.
        source: The form they are in.
        target: The form they should have.
        as_csv: Whether to make records of CSV, and not JSON.

    Raises:
        Unusable: There is no such shape or form, the shape has to be named, or the form
            has no rows.
    """
    name = cast("ModuleType", contract).__name__
    conversions: Any = importlib.import_module(f"{name}._convert")
    forms: Mapping[str | None, Any] = importlib.import_module(f"{name}._forms").FORMS
    shape = shape or _default_shape(contract)
    made = _class_of(name, conversions, shape)
    if target not in forms:
        raise Unusable(f"{target} is a form to read from, not to write")
    to = forms[target]
    # What a form adds is known by its name; those that every contract has add nothing.
    dropped = forms.get(source, forms[None]).extra_members - to.extra_members
    columns = _columns_of(name, shape, target) if as_csv else None
    is_lossy = bool(to.absent or to.milliseconds or as_csv)

    def convert(response: object) -> Converted:
        structure = conversions.read(made, response, source, strict=False)
        lost = [
            f"{extra} (no member of {target})"
            for extra in sorted(dropped)
            if structure.extra_members.pop(extra, None) is not None
        ]
        written = conversions.write(structure, target)
        if columns is None:
            text, again = dumps(written, default=_plain), written
        else:
            written = {name: _encodable(item) for name, item in written.items()}
            text = record(written.get(one) for one in columns)
            # An empty text is an empty cell: it comes back as an absent value.
            again = {
                one: item
                for one, item in written.items()
                if one in columns and item != ""
            }
        if is_lossy:
            back = conversions.read(made, again, target, strict=False)
            before = conversions.write(structure, None)
            lost += losses(before, conversions.write(back, None))
        return Converted(text, tuple(dict.fromkeys(lost)))

    return Converter(convert, None if columns is None else record(columns))


def _encodable(value: object) -> object:
    """A text without halves of surrogate pairs, which no file in UTF-8 has."""
    if not isinstance(value, str):
        return value
    return value.encode("utf-8", "replace").decode("utf-8")


def _columns_of(package: str, shape: str, form: str) -> tuple[str, ...]:
    """The columns of the rows of a shape: its members, and what the form adds.

    Raises:
        Unusable: The form has no rows.
    """
    to: Any = importlib.import_module(f"{package}._forms").FORMS[form]
    if not to.columns:
        raise Unusable(f"{form} is not a form of rows, so it cannot be CSV")
    part: Any = importlib.import_module(f"{package}._contract").SHAPES[shape]
    names = part.spelt(to).values() or part.members
    return (*names, *sorted(to.extra_members - {*names}))


def _default_shape(contract: Contract) -> str:
    defaults = cast("Any", contract.validate).__kwdefaults__
    if "shape" not in defaults:
        message = "the contract has several operations; name a shape with --shape"
        raise Unusable(message)
    return str(defaults["shape"])


def _class_of(package: str, conversions: Any, shape: str) -> type[Any] | str:
    """What is converted as a shape: its class, or its name if it has none."""
    part = importlib.import_module(f"{package}._contract").SHAPES.get(shape)
    if part is not None and part.kind == "structure":
        conversion: Any = importlib.import_module(f"{package}._conversion")
        found: type[Any] = conversion.class_of(shape)
        return found
    if shape in getattr(conversions, "ROOTS", ()):
        return shape
    raise Unusable(f"{shape} is not a structure, so it cannot be converted")


def _plain(value: object) -> str:
    """What a form holds that JSON has no word for."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    raise TypeError(f"cannot write a value of type {type(value).__name__} as JSON")
