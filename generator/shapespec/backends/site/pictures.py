"""Numbers behind the pictures: members by date, what became of sources' facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shapespec.backends.reference.record import Record
from shapespec.backends.reference.rich import Target
from shapespec.contract.history import History
from shapespec.contract.schema import Enum, Schema
from shapespec.evidence.history.past import past_of
from shapespec.evidence.provenance import is_member
from shapespec.records import dataclass

WIDTH, HEIGHT = 640, 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day on which a release changed something, and how many members it knew.

    Attributes:
        x: Where it stands from the left, in units of the picture.
        y: Where the number of members stands from the top.
    """

    date: str
    version: str
    members: int
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How many members each release of a service model knew."""

    title: str
    days: tuple[Day, ...]
    line: str
    years: tuple[tuple[float, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How many facts of a source agree with the contract, and how many were decided."""

    source: Target
    edition: str
    agree: int
    decided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A value of an enum, and the values of another that belong to it."""

    value: Target
    members: tuple[Target, ...]


def growth(schema: Schema) -> Growth | None:
    """Members by date; none where there is no history."""
    if not schema.ledger.histories:
        return None
    history = schema.ledger.histories[0]
    counted = [*_counted(history)]
    first, last = (
        date.fromisoformat(one).toordinal()
        for one in (counted[0][0], max(counted[-1][0], history.last.date))
    )
    most = max(count for _, _, count in counted)
    days = tuple(
        Day(
            date=day,
            version=version,
            members=count,
            x=_across(date.fromisoformat(day).toordinal(), first, last),
            y=round(HEIGHT - HEIGHT * count / most, 1),
        )
        for day, version, count in counted
    )
    return Growth(
        title=history.title,
        days=days,
        line=_steps(days),
        years=tuple(
            (_across(date(year, 1, 1).toordinal(), first, last), year)
            for year in range(
                date.fromordinal(first).year + 1, date.fromordinal(last).year + 1
            )
        ),
    )


def _counted(history: History) -> Iterator[tuple[str, str, int]]:
    """The day and the version of each step, and how many members it knows."""
    lives = [life for path, life in past_of(history).places.items() if is_member(path)]
    for step in history.steps:
        day = step.release.date
        alive = sum(
            life.since.date <= day and (life.until is None or life.until.date > day)
            for life in lives
        )
        yield day, step.release.version, alive


def _across(day: int, first: int, last: int) -> float:
    return round(WIDTH * (day - first) / max(1, last - first), 1)


def _steps(days: tuple[Day, ...]) -> str:
    """The line of a number that stays until it changes."""
    path = f"M{days[0].x} {days[0].y}"
    for day in days[1:]:
        path += f"H{day.x}V{day.y}"
    return f"{path}H{WIDTH}"


def agreement(schema: Schema, record: Record) -> Iterator[Agreement]:
    """The sources, and what became of their facts."""
    decided = {
        (path.value, one.kind, source): value
        for one in schema.ledger.decisions
        for path in one.paths
        for source, value in one.says.items()
        if value != one.stands
    }
    for source in record.provenance.by_edition:
        facts = record.provenance.facts[source.id]
        settled = sum(
            decided.get((one.path, one.kind, source.id), _NOTHING) == one.value
            for one in facts
        )
        yield Agreement(
            source=Target("source", source.id),
            edition=source.edition,
            agree=len(facts) - settled,
            decided=settled,
        )


_NOTHING = object()


def groups(schema: Schema, enum: str) -> tuple[Group, ...]:
    """The values of an enum, each with those of another enum that belong to it."""
    grouped = [
        one
        for one in schema.shapes.values()
        if isinstance(one, Enum) and one.grouped_by == enum
    ]
    primary = schema.shapes[enum]
    if not grouped or not isinstance(primary, Enum):
        return ()
    return tuple(
        Group(
            value=Target("value", enum, value.value),
            members=tuple(
                Target("value", other.id, one.value)
                for other in grouped
                for one in other.values
                if one.under == value.value
            ),
        )
        for value in primary.values
    )
