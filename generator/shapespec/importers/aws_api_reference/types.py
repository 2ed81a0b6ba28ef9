"""The words of the AWS API reference for types, and what they mean.

The words: `String`, `Integer`, `Array of Tag objects`, `String to array of strings
map`. A member of the HTTP message has none; its place there stands for it.
"""

from __future__ import annotations

import re

KIND = "aws-api-reference"
DESCRIBES = "AWS API reference"

URI = "URI parameter"
HEADER = "HTTP header"
BODY = "HTTP body"

_SIMPLE = {
    "String": ("string",),
    "Integer": ("integer",),
    "Long": ("long",),
    "Float": ("float",),
    "Double": ("double",),
    "Boolean": ("boolean",),
    "Timestamp": ("timestamp",),
    "Base64-encoded binary data object": ("blob",),
    "JSON value": ("document",),
    "Document": ("document",),
    URI: ("string", "integer", "long", "boolean", "timestamp", "list", "map"),
    HEADER: ("string", "integer", "long", "boolean", "timestamp", "map"),
    BODY: ("blob", "string"),
}
_ARRAY = re.compile(r"array of (?P<items>.+)", re.IGNORECASE)
_ARRAYS = re.compile(r"arrays of (?P<items>.+)", re.IGNORECASE)
_MAP = re.compile(r"(?P<key>\S+) to (?P<value>.+) map")
_OBJECT = re.compile(r"\S+ objects?")


def means(word: str) -> frozenset[str]:
    """The types that a word may stand for; none for a word not in use."""
    if word in _SIMPLE:
        return frozenset(_SIMPLE[word])
    if _ARRAY.fullmatch(word):
        return frozenset(("list",))
    if _MAP.fullmatch(word):
        return frozenset(("map",))
    if _OBJECT.fullmatch(word):
        return frozenset(("structure", "union"))
    return frozenset()


def inside(word: str) -> str:
    """The path from a member to what its constraints on length or value are about.

    `[]` for an array, `[][]` for an array of arrays, `{}` for the values of a map.
    """
    found = ""
    while True:
        if match := _ARRAY.fullmatch(word) or _ARRAYS.fullmatch(word):
            found, word = f"{found}[]", match["items"]
        elif match := _MAP.fullmatch(word):
            found, word = f"{found}{{}}", match["value"]
        else:
            return found
