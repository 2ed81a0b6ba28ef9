"""What a history says of a place: since when, until when, and what was stated then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeVar

from shapespec.contract.facts import Value
from shapespec.contract.history import History, Place, Release, Step, applied
from shapespec.ground.same import Same

_Key = TypeVar("_Key")


class Lifetime(NamedTuple):
    """From when to when something is stated.

    Attributes:
        since: The first release that states it.
        after: The release read before that one; none where it is the oldest.
        until: The first that does not state it any more; none while it is stated.
    """

    since: Release
    after: Release | None
    until: Release | None = None


class StatedSince(NamedTuple):
    """What is stated of a place from a release on; null for nothing."""

    since: Release
    value: Value


class Past:
    """A history, arranged by place.

    Attributes:
        places: From when to when each path is stated.
        values: From when to when each value of an enum is, by path and value.
        facts: What each path and kind stated, oldest first.
    """

    def __init__(self, history: History) -> None:
        """Read the steps once, from the oldest to the newest."""
        self.history = history
        self.places: dict[str, Lifetime] = {}
        self.values: dict[tuple[str, str], Lifetime] = {}
        self.facts: dict[Place, list[StatedSince]] = {}
        states: dict[Place, Value] = {}
        for step in history.steps:
            now = applied(states, step.changes)
            for change in step.changes:
                place = change.path, change.kind
                self.facts.setdefault(place, []).append(
                    StatedSince(step.release, now.get(place))
                )
                if change.kind == "type":
                    _live(self.places, [change.path], step, gone=change.gone)
                if change.kind == "enum":
                    old, new = _set(states, place), _set(now, place)
                    before, after = {*old}, {*new}
                    added = [(change.path, one) for one in new if one not in before]
                    lost = [(change.path, one) for one in old if one not in after]
                    _live(self.values, added, step)
                    _live(self.values, lost, step, gone=True)
            states = now

    def at(self, day: str) -> Mapping[Place, Value]:
        """All that the newest release of a day, or one before it, states.

        Args:
            day: A date, or the beginning of one: `2021`, `2021-06`, `2021-06-30`.
        """
        states: dict[Place, Value] = {}
        for step in self.steps_until(day):
            states = applied(states, step.changes)
        return states

    def steps_until(self, day: str) -> Iterator[Step]:
        """The steps up to a date, or to the end of a month or a year."""
        for step in self.history.steps:
            if step.release.date[: len(day)] > day:
                return
            yield step


def past_of(history: History) -> Past:
    """A history arranged by place, once for all that ask in a row."""
    return _arranged(Same(history))


@lru_cache(maxsize=8)
def _arranged(history: Same[History]) -> Past:
    return Past(history.value)


def _live(
    lives: dict[_Key, Lifetime], keys: Iterable[_Key], step: Step, *, gone: bool = False
) -> None:
    """Note what begins or ends with a step; what comes back has never gone."""
    for key in keys:
        known = lives.get(key)
        if known is None:
            known = Lifetime(step.release, step.after)
        lives[key] = known._replace(until=step.release if gone else None)


def _set(states: Mapping[Place, Value], place: Place) -> list[str]:
    found = states.get(place)
    return [str(one) for one in found] if isinstance(found, list) else []
