"""Rows: many responses in one value, as lists of APIs and data frames hold them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from shapespec.ground.pointer import pointer_to


class Row(NamedTuple):
    """A response in a value that holds several.

    Attributes:
        place: Where it is, as a JSON Pointer; `*` stands for a column.
        value: The response.
        whole: Whether it is there as a value of its own, and not in columns.
    """

    place: str
    value: object
    whole: bool = True


class NoRows(ValueError):
    """A value holds no rows; the message says what would."""


def rows(value: object) -> Iterator[Row]:
    """The rows that a document holds.

    An array has its items; an object with exactly one array, such as the answer of an
    API that lists things, the items of that; and of what pandas writes, `split` and
    `columns` are turned into rows (`records` is an array, `table` holds one).

    Raises:
        NoRows: It is none of these.
    """
    if isinstance(value, list):
        return _items("", value)
    if isinstance(value, dict) and value:
        if value.keys() <= {"columns", "index", "data"} and {"columns", "data"} <= (
            value.keys()
        ):
            return _split(value["columns"], value["data"])
        arrays = [name for name, item in value.items() if isinstance(item, list)]
        if len(arrays) == 1:
            return _items(pointer_to([arrays[0]]), value[arrays[0]])
        if not arrays and _are_columns(value):
            return _columns(value)
    raise NoRows(
        "it contains no rows: expected an array, an object with exactly one array,"
        " or the columns of a data frame"
    )


def _items(place: str, items: list[object]) -> Iterator[Row]:
    return (Row(f"{place}/{index}", item) for index, item in enumerate(items))


def _split(names: object, data: object) -> Iterator[Row]:
    """Rows as `to_json(orient="split")` writes them: names once, then the values."""
    if (
        not isinstance(names, list)
        or not isinstance(data, list)
        or len({str(name) for name in names}) != len(names)
        or not all(isinstance(row, list) and len(row) == len(names) for row in data)
    ):
        raise NoRows("it contains no rows: `data` does not fit its `columns`")
    keys = [str(name) for name in names]
    return (
        Row(f"/data/{index}", dict(zip(keys, row, strict=True)))
        for index, row in enumerate(data)
    )


def _are_columns(value: dict[str, object]) -> bool:
    """Whether all members are objects with the same names in the same order."""
    labels: list[str] | None = None
    for column in value.values():
        if not isinstance(column, dict) or (labels or [*column]) != [*column]:
            return False
        labels = [*column]
    return True


def _columns(value: dict[str, dict[str, object]]) -> Iterator[Row]:
    """Rows as `to_json()` writes them: for each column its values by row."""
    first = next(iter(value.values()))
    for label in first:
        row = {name: column[label] for name, column in value.items()}
        yield Row(pointer_to(["*", label]), row, whole=False)
