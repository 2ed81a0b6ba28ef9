"""Names of files that are safe on every system."""

from __future__ import annotations

import re
from itertools import chain, count

from shapespec.contract.naming import DEVICE

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
_LONGEST = 100


class FileNames:
    """Names of files that no file system takes for the same."""

    def __init__(self, *taken: str) -> None:
        """Begin with names that are taken."""
        self._taken = {name.lower() for name in taken}

    def add(self, name: str) -> str:
        """A name for a file, without its extension."""
        safe = _UNSAFE.sub("-", name)[:_LONGEST]
        if DEVICE.fullmatch(safe.lower()):
            safe = f"{safe}-"
        numbered = (f"{safe}-{number}" for number in count(2))
        free = (one for one in chain((safe,), numbered) if self._is_free(one))
        found = next(free)
        self._taken.add(found.lower())
        return found

    def _is_free(self, name: str) -> bool:
        return name.lower() not in self._taken
