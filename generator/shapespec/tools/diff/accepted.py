"""Changes that a team has accepted, by their fingerprints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from shapespec.ground.errors import Unusable
from shapespec.responses.fingerprints import is_fingerprint, read_fingerprints
from shapespec.tools.diff.model import Change


def read_accepted(given: Iterable[str]) -> frozenset[str]:
    """Fingerprints, given one by one or as files that hold one on each line.

    Raises:
        Unusable: A file cannot be read, or holds something else.
    """
    return frozenset(one for text in given for one in _fingerprints(text))


def _fingerprints(given: str) -> Iterator[str]:
    if is_fingerprint(given):
        yield given
    elif Path(given).exists():
        yield from read_fingerprints(Path(given))
    else:
        message = "neither a fingerprint of 12 hexadecimal digits nor a file"
        raise Unusable(f"--accept {given}: {message}")


def mark(changes: Iterable[Change], accepted: frozenset[str]) -> tuple[Change, ...]:
    """The changes, those marked that have been accepted."""
    return tuple(
        replace(change, accepted=change.fingerprint in accepted) for change in changes
    )
