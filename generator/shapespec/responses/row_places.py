"""Where the rows of a text are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from shapespec.ground.source import Position, SourceFile
from shapespec.responses.locate import json_items, locate
from shapespec.responses.rows import Row


class RowPlace(NamedTuple):
    """Where a row is.

    Attributes:
        line: The line of the file where it begins.
        text: The text that contains it; empty where places in it are not known.
        origin: Where in the file that text begins.
        within: Where in that text the row is, as a JSON Pointer.
    """

    line: int
    text: str
    origin: Position
    within: str = ""


def place_rows(
    rows: Iterable[Row], text: str, kind: str, number: int
) -> Iterator[tuple[Row, RowPlace]]:
    """Rows, each with its place in the text that contains them all.

    Args:
        rows: The rows of the text, in order.
        text: JSON or YAML that was parsed without an error.
        kind: `json` or `yaml`.
        number: The line of the file where the text begins.
    """
    if kind == "yaml":
        yield from _in_yaml([*rows], text, number)
        return
    source = SourceFile("", text)
    items: Iterator[slice] | None = None
    for row in rows:
        if not row.whole:
            yield row, _unknown(number)
            continue
        items = items or json_items(text, row.place.rpartition("/")[0])
        item = next(items)
        line, column = source.position(item.start)
        origin = Position(number + line - 1, column)
        yield row, RowPlace(origin.line, text[item], origin)


def _in_yaml(rows: list[Row], text: str, number: int) -> Iterator[tuple[Row, RowPlace]]:
    places = locate(text, "yaml", (row.place for row in rows))
    for row, (line, _) in zip(rows, places, strict=True):
        if row.whole:
            yield row, RowPlace(line, text, Position(1, 1), row.place)
        else:
            yield row, _unknown(number)


def _unknown(number: int) -> RowPlace:
    return RowPlace(number, "", Position(number, 1))
