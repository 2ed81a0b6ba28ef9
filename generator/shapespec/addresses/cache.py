"""Compiled contracts on disk, so that an address is compiled once."""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from types import CodeType
from typing import NamedTuple

from shapespec.ground import kept
from shapespec.ground.kept import (
    MAX_AGE,
    MAX_BYTES,
    VARIABLE,
    cache_folder,
    key_of,
    log,
)

__all__ = [
    "MAX_AGE",
    "MAX_BYTES",
    "VARIABLE",
    "CachedPackage",
    "cache_folder",
    "key_of",
    "log",
    "read",
    "write",
]


class CachedPackage(NamedTuple):
    """What is kept of a contract.

    Attributes:
        package: The name of its package.
        spec: The text of its spec.
        modules: The code of each generated module, by its path without `.py`.
    """

    package: str
    spec: str
    modules: Mapping[str, CodeType]


def read(key: str) -> CachedPackage | None:
    """The contract of a key; none where there is none that can be believed."""
    found = kept.read(key, kept.CONTRACT)
    if found is None:
        return None
    try:
        return CachedPackage(*marshal.loads(found))  # noqa: S302 - verified, and ours alone
    except (EOFError, TypeError, ValueError):
        return None


def write(key: str, entry: CachedPackage) -> None:
    """Keep a contract, if that is possible."""
    contents = marshal.dumps((entry.package, entry.spec, dict(entry.modules)))
    kept.write(key, kept.CONTRACT, contents)
