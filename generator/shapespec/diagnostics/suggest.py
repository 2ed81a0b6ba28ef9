"""The nearest of the names that would have been right."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache

_FEW = 400
"""How many names are all looked at closely; of more, those that begin or end alike."""

_AROUND = 30


def nearest(written: str, known: Iterable[str]) -> str | None:
    """The known name most like `written`, or none where nothing is near.

    Case alone never hides a match: `channelname` finds `ChannelName`.
    """
    return _index(tuple(known)).nearest(written)


def meant(written: str | None, known: Iterable[str]) -> str:
    """The end of a message about a name that is wrong; empty if it is another's."""
    names = tuple(known)
    near = None if written is None or written in names else nearest(written, names)
    return f"; did you mean {near}?" if near else ""


class _Index:
    """Known names, in the orders that make it cheap to find those like another."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self.by_fold = {name.casefold(): name for name in sorted(known, reverse=True)}
        self.forwards = sorted(self.by_fold)
        self.backwards = sorted(name[::-1] for name in self.by_fold)
        self.answers: dict[str, str | None] = {}

    def nearest(self, written: str) -> str | None:
        if written not in self.answers:
            self.answers[written] = self._nearest(written.casefold())
        return self.answers[written]

    def _nearest(self, fold: str) -> str | None:
        from difflib import get_close_matches

        if fold in self.by_fold:
            return self.by_fold[fold]
        among = self.by_fold if len(self.by_fold) <= _FEW else self._alike(fold)
        matches = get_close_matches(fold, among, n=1, cutoff=0.7)
        return self.by_fold[matches[0]] if matches else None

    def _alike(self, fold: str) -> Iterator[str]:
        at = bisect_left(self.forwards, fold)
        yield from self.forwards[max(0, at - _AROUND) : at + _AROUND]
        at = bisect_left(self.backwards, fold[::-1])
        for name in self.backwards[max(0, at - _AROUND) : at + _AROUND]:
            yield name[::-1]


_index = lru_cache(maxsize=8)(_Index)
"""One index serves all the names that are wrong in the same place."""
