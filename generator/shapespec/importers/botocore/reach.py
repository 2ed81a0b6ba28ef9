"""The part of a service model that some operations need.

A service has thousands of shapes, and one operation some dozens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def within(data: Any, operations: Iterable[str]) -> Any:
    """A model with these operations and the shapes that they lead to.

    It is the whole model where no operation is named, and where it is not built as
    models are: then whoever checks it says what is wrong.
    """
    names = tuple(operations)
    if not names:
        return data
    try:
        chosen = {name: data["operations"][name] for name in names}
        roots = [root for one in chosen.values() for root in _roots(one)]
        shapes = _reached(data["shapes"], roots)
    except (AttributeError, LookupError, TypeError):
        return data
    return {**data, "operations": chosen, "shapes": shapes}


def _roots(operation: Mapping[str, Any]) -> Iterator[str]:
    for role in ("output", "input"):
        if role in operation:
            yield operation[role]["shape"]
    for error in operation.get("errors", ()):
        yield error["shape"]


def _reached(shapes: Mapping[str, Any], roots: Iterable[str]) -> dict[str, Any]:
    """The shapes that roots lead to, in the order of the model."""
    found: set[str] = set()
    pending = [*roots]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(_parts(shapes[name]))
    return {name: shape for name, shape in shapes.items() if name in found}


def _parts(shape: Mapping[str, Any]) -> Iterator[str]:
    for member in shape.get("members", {}).values():
        yield member["shape"]
    for part in ("member", "key", "value"):
        if part in shape:
            yield shape[part]["shape"]
