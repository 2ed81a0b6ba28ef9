"""The history of a service model: what each release states otherwise than the last.

A history begins with all that the oldest release states; from then on it holds only
what changed. A fact is dated by two releases: the first that states it, and the one
read before that, which did not yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import NamedTuple, TypeAlias

from shapespec.contract.facts import KINDS, Value
from shapespec.ground.source import Span
from shapespec.records import dataclass

Place: TypeAlias = tuple[str, str]
"""The path and the kind of a fact."""

States: TypeAlias = Mapping[Place, Value]
"""All that one release states."""


class Release(NamedTuple):
    """A release of what holds the model.

    Attributes:
        version: Its number.
        date: The day on which it was made, as ISO 8601 has it.
    """

    version: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restatement:
    """One thing that a release states otherwise.

    Attributes:
        path: The place.
        kind: The kind of fact.
        value: What is stated now, where that is new.
        added: The values that a list has now and did not have.
        removed: Those that it had.
        gone: Whether nothing of the kind is stated any more.
    """

    path: str
    kind: str
    value: Value = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A release that states something otherwise than the one read before it.

    Attributes:
        release: The release.
        after: The one read before it; none for the first.
        changes: What it states otherwise.
    """

    release: Release
    after: Release | None
    changes: tuple[Restatement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a service model stated of an operation, release by release.

    Attributes:
        id: The source whose history it is, such as `botocore`.
        title: What it is called.
        last: The newest release that was read.
        read: How many releases were read.
        steps: Those that state something otherwise than before, oldest first.
        span: Where the file names it.
    """

    id: str
    title: str
    last: Release
    read: int
    steps: tuple[Step, ...]
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def from_birth(self) -> bool:
        """Whether a release was read that did not know the operation yet.

        If not, all that the first one states may be older than that.
        """
        return self.steps[0].after is not None


class Point(NamedTuple):
    """A release that was read, with all that it states."""

    release: Release
    states: States


def history_of(name: str, title: str, points: Iterable[Point]) -> History:
    """The history that releases make, oldest first.

    Args:
        name: The id of the source.
        title: What it is called.
        points: Releases, in order, of which one states something.

    Raises:
        ValueError: None does.
    """
    steps: list[Step] = []
    before: Point | None = None
    count = 0
    for point in points:
        changes = tuple(_changes(before.states if before else {}, point.states))
        if changes:
            after = before.release if before else None
            steps.append(Step(release=point.release, after=after, changes=changes))
        before = point
        count += 1
    if before is None or not steps:
        raise ValueError("no release states anything")
    return History(
        id=name, title=title, last=before.release, read=count, steps=tuple(steps)
    )


def _changes(before: States, after: States) -> Iterator[Restatement]:
    """What two releases state otherwise, by path and kind."""

    def order(place: Place) -> tuple[str, int]:
        return place[0], KINDS.index(place[1])

    for place in sorted({*before, *after}, key=order):
        path, kind = place
        if place not in after:
            yield Restatement(path=path, kind=kind, gone=True)
            continue
        old, new = before.get(place), after[place]
        if old == new:
            continue
        if isinstance(old, list) and isinstance(new, list):
            added = tuple(str(one) for one in new if one not in old)
            removed = tuple(str(one) for one in old if one not in new)
            if added or removed:
                yield Restatement(path=path, kind=kind, added=added, removed=removed)
        else:
            yield Restatement(path=path, kind=kind, value=new)


def applied(states: States, changes: Iterable[Restatement]) -> dict[Place, Value]:
    """What is stated after a release that states something otherwise."""
    found = dict(states)
    for change in changes:
        place = change.path, change.kind
        old = found.get(place)
        if change.gone:
            found.pop(place, None)
        elif change.added or change.removed:
            had = old if isinstance(old, list) else []
            kept = [one for one in had if one not in change.removed]
            found[place] = [*kept, *change.added]
        else:
            found[place] = change.value
    return found
