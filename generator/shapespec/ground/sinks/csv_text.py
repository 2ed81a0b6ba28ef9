"""Records of CSV (RFC 4180), for files that a loader reads."""

from __future__ import annotations

import json
from collections.abc import Iterable

from shapespec.ground.sinks.out import Escaped


def record(cells: Iterable[object]) -> Escaped:
    """A record, without its end.

    Every text is in quotes and an absent value is an empty cell without quotes, so that
    loaders that can tell the two do.
    """
    return Escaped(",".join(map(_cell, cells)))


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool() | int() | float():
            return json.dumps(value)
        case str():
            text = value
        case _:
            text = json.dumps(value)
    return '"' + text.replace('"', '""') + '"'
