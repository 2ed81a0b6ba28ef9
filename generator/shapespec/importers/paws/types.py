"""The words of R for the types of values, and what paws writes with them.

A page shows values: `"string"` is a string, `123` an integer, `123.0` a numeric,
`TRUE|FALSE` a logical. What has parts is a list, be it a structure, a list or a map.
"""

from __future__ import annotations

KIND = "paws"
DESCRIBES = "R documentation of paws"

_TYPES = {
    "string": ("string",),
    "integer": ("integer", "long"),
    "numeric": ("float", "double"),
    "logical": ("boolean",),
    "POSIXct": ("timestamp",),
    "raw": ("blob",),
    "list": ("structure", "list", "map", "union", "document"),
}


def means(word: str) -> frozenset[str]:
    """The types that a word may stand for; none for a word not in use."""
    return frozenset(_TYPES.get(word, ()))
