"""The words of DDSQL for types, and what of a response a column of that type holds."""

from __future__ import annotations

import re

KIND = "datadog-ddsql"
DESCRIBES = "Datadog DDSQL data directory"

_TYPES = {
    "string": ("string", "blob"),
    "int64": ("integer", "long"),
    "int32": ("integer",),
    "float64": ("float", "double"),
    "float32": ("float",),
    "bool": ("boolean",),
    "timestamp": ("timestamp",),
    "json": ("structure", "list", "map", "union", "document"),
    "hstore": ("map",),
    "hstore_csv": ("map", "list"),
}
_ARRAY = re.compile(r"array<(?P<items>.+)>")


def means(word: str) -> frozenset[str]:
    """The types that a word may stand for; none for a word not in use."""
    match = _ARRAY.fullmatch(word)
    if match:
        return frozenset(("list",)) if means(match["items"]) else frozenset()
    return frozenset(_TYPES.get(word, ()))
