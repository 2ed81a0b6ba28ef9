"""Changes that a team has accepted, by their fingerprints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from shapespec.errors import Unusable
from shapespec.evidence.diff.model import Change
from shapespec.files import read_source

_FINGERPRINT = re.compile("[0-9a-f]{12}")


def read_accepted(given: Iterable[str]) -> frozenset[str]:
    """Fingerprints, given one by one or as files that hold one on each line.

    Raises:
        Unusable: A file cannot be read, or holds something else.
    """
    return frozenset(one for text in given for one in _fingerprints(text))


def _fingerprints(given: str) -> Iterator[str]:
    if _FINGERPRINT.fullmatch(given):
        yield given
        return
    if not Path(given).exists():
        message = "neither a fingerprint of 12 hexadecimal digits nor a file"
        raise Unusable(f"--accept {given}: {message}")
    lines = read_source(Path(given)).text.splitlines()
    for number, line in enumerate(lines, start=1):
        text = line.partition("#")[0].strip()
        if text and not _FINGERPRINT.fullmatch(text):
            raise Unusable(f"{given}:{number}: {text[:40]!r} is no fingerprint")
        if text:
            yield text


def mark(changes: Iterable[Change], accepted: frozenset[str]) -> tuple[Change, ...]:
    """The changes, those marked that have been accepted."""
    return tuple(
        replace(change, accepted=change.fingerprint in accepted) for change in changes
    )
