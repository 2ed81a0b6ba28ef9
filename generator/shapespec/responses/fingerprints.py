"""Fingerprints: short ids of what was found, by which a team accepts it.

A file of them has one on each line; what follows a `#` is for people.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from shapespec.ground.errors import Unusable
from shapespec.project.files import read_source

_FINGERPRINT = re.compile("[0-9a-f]{12}")


def is_fingerprint(text: str) -> bool:
    """Whether a text is one: 12 hexadecimal digits."""
    return _FINGERPRINT.fullmatch(text) is not None


def fingerprint_of(*parts: str) -> str:
    """The fingerprint of what these texts tell apart."""
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:12]


def read_fingerprints(path: Path) -> Iterator[str]:
    """The fingerprints in a file.

    Raises:
        Unusable: It cannot be read, or holds something else.
        Faults: It is too large, or not UTF-8.
    """
    for number, line in enumerate(read_source(path).text.splitlines(), start=1):
        text = line.partition("#")[0].strip()
        if text and not is_fingerprint(text):
            raise Unusable(f"{path}:{number}: {text[:40]!r} is not a fingerprint")
        if text:
            yield text
