"""What was observed, as text for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.sinks.out import Escaped
from shapespec.ground.terminal import Style, line
from shapespec.tools.observe.facts import facts
from shapespec.tools.observe.model import (
    BrokenConstraint,
    Count,
    NewMember,
    Observation,
    Presence,
    Values,
)

Renderer: TypeAlias = Callable[[Observation, Style], Iterator[Escaped]]

_Row: TypeAlias = "tuple[str, ...]"


def as_json(observation: Observation, style: Style) -> Iterator[Escaped]:
    """A line for each fact, and a last one that counts responses and news."""
    del style
    news = frozenset(_places_of_news(observation))
    for fact in facts(observation):
        yield dumps(
            {
                "path": fact.path,
                "kind": fact.kind,
                "value": fact.value,
                "news": (fact.path, fact.kind) in news,
            }
        )
    yield dumps(
        {
            "responses": observation.responses,
            "unreadable": observation.unreadable,
            "statuses": dict(observation.statuses),
            "news": observation.news,
        }
    )


def _places_of_news(observation: Observation) -> Iterator[tuple[str, str]]:
    for absent in observation.absent:
        yield absent.path, "presence"
    for member in observation.members:
        yield member.path, "seen"
    for values in observation.new_values:
        yield values.path, "seen"
    for broken in observation.broken:
        if broken.is_news:
            yield broken.path, "seen"


def as_text(observation: Observation, style: Style) -> Iterator[Escaped]:
    """A table for each kind of news, then what else is worth a look, then a sum."""
    yield from map(line, _as_text(observation, style))


def _as_text(observation: Observation, style: Style) -> Iterator[str]:
    broken = observation.broken
    tables: tuple[tuple[str, str, Iterable[_Row]], ...] = (
        ("required, yet absent", "red", map(_absent, observation.absent)),
        ("members that the spec lacks", "yellow", map(_member, observation.members)),
        ("values that the spec lacks", "yellow", map(_values, observation.new_values)),
        (
            "constraints that were broken",
            "red",
            (_broken(one) for one in broken if one.is_news),
        ),
        (
            "relaxed constraints and advice that were broken",
            "cyan",
            (_broken(one) for one in broken if not one.is_news),
        ),
        (
            "retired values, sent all the same",
            "cyan",
            (_values(one) for one in observation.values if one.retired),
        ),
        (
            "optional, and there with some statuses only",
            "cyan",
            (
                _absent(one)
                for one in observation.presence
                if one.follows_status and not one.is_news
            ),
        ),
    )
    for title, color, rows in tables:
        shown = list(_aligned(rows))
        if shown:
            yield style(title, color, bold=True)
            yield from (f"  {row}" for row in shown)
            yield ""
    yield _sum(observation, style)


def _absent(presence: Presence) -> _Row:
    by = ", ".join(f"{status} {_share(one)}" for status, one in presence.by.items())
    return (presence.path, _share(presence.total), by)


def _member(member: NewMember) -> _Row:
    return (member.path, _share(member.total), " or ".join(member.types))


def _values(values: Values) -> _Row:
    return (values.path, _counts(values.counts))


def _broken(broken: BrokenConstraint) -> _Row:
    rule = "" if broken.rule == broken.keyword else broken.rule
    times = (
        f"{_number(broken.findings, 'time')} in {_number(broken.responses, 'response')}"
    )
    return (broken.path or "(the response)", broken.keyword, rule, times)


def _share(count: Count) -> str:
    return f"{count.present} of {count.of}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{word} {count}" for word, count in counts.items())


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _aligned(rows: Iterable[_Row]) -> Iterator[str]:
    table = [*rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _sum(observation: Observation, style: Style) -> str:
    parts = [_number(observation.responses, "response")]
    if observation.statuses:
        parts[0] += f" ({_counts(observation.statuses)})"
    if observation.unreadable:
        parts.append(f"{observation.unreadable} unreadable")
    if observation.news:
        state = style(f"news at {_number(observation.news, 'place')}", "yellow")
    else:
        state = style("nothing new", "green")
    return ", ".join([*parts, state])


RENDERERS: dict[str, Renderer] = {"text": as_text, "json": as_json}
