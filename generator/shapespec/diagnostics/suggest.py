"""The nearest of the names that would have been right."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache


def nearest(written: str, known: Iterable[str]) -> str | None:
    """The known name most like `written`, or none where nothing is near.

    Case alone never hides a match: `channelname` finds `ChannelName`.
    """
    return _nearest(written, tuple(known))


@lru_cache(maxsize=256)
def _nearest(written: str, known: tuple[str, ...]) -> str | None:
    """The same, found once for a name that is wrong in many places."""
    from difflib import get_close_matches

    by_fold = {name.casefold(): name for name in sorted(known, reverse=True)}
    matches = get_close_matches(written.casefold(), by_fold, n=1, cutoff=0.7)
    return by_fold[matches[0]] if matches else None
