"""The words of the AWS SDK for Ruby for types, and what they mean.

The words are YARD's: a class, `Types::` and a structure, a container with what is in
it, or several classes between commas. Bytes are a `String` too.
"""

from __future__ import annotations

import re

KIND = "aws-sdk-ruby"
DESCRIBES = "AWS SDK for Ruby"

_SIMPLE = {
    "String": ("string", "blob"),
    "Integer": ("integer", "long"),
    "Float": ("float", "double"),
    "Boolean": ("boolean",),
    "Time": ("timestamp",),
    "IO": ("blob",),
    "StringIO": ("blob",),
    "Hash,Array,String,Numeric,Boolean": ("document",),
}
_BYTES = {"String", "IO", "StringIO", "File", "Tempfile"}
_ARRAY = re.compile(r"Array<.+>")
_HASH = re.compile(r"Hash<[^,<>]+,.+>")
_CLASS = re.compile(r"(?:Aws::\w+::)?Types::\w+")


def means(word: str) -> frozenset[str]:
    """The types that a word may stand for; none for a word not in use."""
    plain = re.sub(r"\s", "", word)
    if plain in _SIMPLE:
        return frozenset(_SIMPLE[plain])
    if _ARRAY.fullmatch(plain):
        return frozenset(("list",))
    if _HASH.fullmatch(plain):
        return frozenset(("map",))
    if _CLASS.fullmatch(plain):
        return frozenset(("structure", "union"))
    if _BYTES.issuperset(plain.split(",")):
        return frozenset(("blob",))
    return frozenset()
