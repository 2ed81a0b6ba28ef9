"""Stands in for the past of a contract, which a package has where it is known."""

from __future__ import annotations

from ._spelling import understood

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "BORN",
    "BOUNDS",
    "EDITIONS",
    "FIRST",
    "GONE",
    "HIDDEN",
    "LAST",
    "PLACES",
    "REQUIRED",
    "ROOT",
    "VALUES",
    "understood",
]

FIRST = ""
BORN = True
LAST = ""
ROOT = ""
EDITIONS: tuple[tuple[str, str], ...] = ()
PLACES: dict[str, tuple[str, str]] = {}
HIDDEN: frozenset[str] = frozenset()
GONE: dict[str, str] = {}
VALUES: dict[str, dict[tuple[str, str | None], tuple[str, ...]]] = {}
BOUNDS: dict[str, tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]] = {}
REQUIRED: dict[str, tuple[tuple[str, tuple[tuple[str, bool], ...], str], ...]] = {}
