"""What a service model states of an operation, as facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shapespec.contract.facts import Fact, Value
from shapespec.contract.places import (
    ERRORS,
    ITEMS,
    KEYS,
    OPERATION,
    REQUEST,
    VALUES,
    join,
)
from shapespec.importers.botocore.types import DOCUMENT, UNION

_BOUNDS = {
    "string": ("minLength", "maxLength"),
    "blob": ("minLength", "maxLength"),
    "list": ("minItems", "maxItems"),
    "map": ("minItems", "maxItems"),
}


def model_facts(model: Mapping[str, Any], operation: str) -> Iterator[Fact]:
    """Every fact about the response and the request of an operation.

    Where a structure contains itself, its path is not followed a second time.

    Args:
        model: A service model, as the JSON file holds it.
        operation: One of its operations.
    """
    called = model["operations"][operation]
    for prefix, role in (("", "output"), (REQUEST, "input")):
        if role in called:
            shape = called[role]["shape"]
            yield from _below(model["shapes"], prefix, shape, (shape,))
    errors = list(dict.fromkeys(one["shape"] for one in called.get("errors", ())))
    if errors:
        yield Fact(path=OPERATION, kind="errors", value=errors)
    for name in errors:
        status = model["shapes"].get(name, {}).get("error", {}).get("httpStatusCode")
        if status is not None:
            yield Fact(path=f"{ERRORS}.{name}", kind="httpStatus", value=status)
        yield from _below(model["shapes"], f"{ERRORS}.{name}", name, (name,))


def service_facts(
    model: Mapping[str, Any], operation: str, paginators: Mapping[str, Any]
) -> Iterator[Fact]:
    """What is said of the API, and of the pages of an operation.

    Args:
        model: A service model.
        operation: One of its operations.
        paginators: How operations are paged, as the JSON file beside the model says;
            what is not an item of a page (`non_aggregate_keys`) is left out.
    """
    version = model.get("metadata", {}).get("apiVersion")
    if version is not None:
        yield Fact(path=OPERATION, kind="apiVersion", value=version)
    said = pages(paginators, operation)
    yield Fact(path=OPERATION, kind="paginated", value=said is not None)
    if said is not None:
        yield Fact(path=OPERATION, kind="pagination", value={**said})


def pages(
    paginators: Mapping[str, Any], operation: str
) -> Mapping[str, str | list[Value]] | None:
    """What turns the pages of an operation, as a spec says it; none without pages."""
    found = paginators.get(operation)
    if not isinstance(found, dict):
        return None
    return {
        name: value
        for name, key in _PAGES.items()
        if isinstance(value := found.get(key), str)
        or (isinstance(value, list) and all(isinstance(one, str) for one in value))
    }


_PAGES = {
    "input_token": "input_token",
    "output_token": "output_token",
    "items": "result_key",
    "page_size": "limit_key",
    "more_results": "more_results",
}
"""What a spec calls the parts of a paginator, and what botocore does."""


def _below(
    shapes: Mapping[str, Any], path: str, name: str, above: tuple[str, ...]
) -> Iterator[Fact]:
    """The facts about what a shape holds."""
    shape = shapes[name]
    match shape["type"]:
        case "structure":
            required = shape.get("required", ())
            for member, target in shape["members"].items():
                here = join(path, member)
                if member in required:
                    yield Fact(path=here, kind="required", value=True)
                yield from _at(shapes, here, target["shape"], above)
        case "list":
            yield from _at(shapes, path + ITEMS, shape["member"]["shape"], above)
        case "map":
            yield from _at(shapes, path + KEYS, shape["key"]["shape"], above)
            yield from _at(shapes, path + VALUES, shape["value"]["shape"], above)


def _at(
    shapes: Mapping[str, Any], path: str, name: str, above: tuple[str, ...]
) -> Iterator[Fact]:
    """The facts about a shape at a path, and about what it holds."""
    for kind, value in _stated(shapes[name]):
        yield Fact(path=path, kind=kind, value=value)
    if name not in above:
        yield from _below(shapes, path, name, (*above, name))


def _stated(shape: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    word = shape["type"]
    if shape.get("document"):
        word = DOCUMENT
    elif shape.get("union"):
        word = UNION
    yield "type", word
    least, greatest = _BOUNDS.get(shape["type"], ("minimum", "maximum"))
    for key, kind in (("min", least), ("max", greatest), ("pattern", "pattern")):
        if key in shape:
            yield kind, shape[key]
    if "enum" in shape:
        yield "enum", list(shape["enum"])
