"""The words of botocore's service models for types, and what they mean."""

from __future__ import annotations

KIND = "botocore"
DESCRIBES = "botocore service model"

UNION = "union"
DOCUMENT = "document"
"""What a model marks as a kind of structure is a type of its own to Smithy."""

_SAME = (
    "structure",
    "list",
    "map",
    UNION,
    "string",
    "integer",
    "long",
    "float",
    "double",
    "boolean",
    "timestamp",
    "blob",
    DOCUMENT,
)


def means(word: str) -> frozenset[str]:
    """The types that a word may stand for; none for a word not in use."""
    return frozenset((word,)) if word in _SAME else frozenset()
