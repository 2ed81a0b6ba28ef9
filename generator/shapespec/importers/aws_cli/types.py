"""The words of the AWS CLI reference for types, and what they mean.

They are the service model's own. Older pages call a union a structure, too.
"""

from __future__ import annotations

KIND = "aws-cli"
DESCRIBES = "AWS CLI reference"

STRUCTURES = {"structure", "tagged union structure"}

_TYPES = {
    "structure": ("structure", "union"),
    "tagged union structure": ("union",),
    "list": ("list",),
    "map": ("map",),
    "string": ("string",),
    "integer": ("integer",),
    "int": ("integer",),
    "long": ("long",),
    "float": ("float",),
    "double": ("double",),
    "boolean": ("boolean",),
    "timestamp": ("timestamp",),
    "blob": ("blob",),
    "streaming blob": ("blob",),
    "document": ("document",),
}


def means(word: str) -> frozenset[str]:
    """The types that a word may stand for; none for a word not in use."""
    return frozenset(_TYPES.get(word, ()))
