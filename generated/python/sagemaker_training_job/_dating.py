# The run time of packages that shapespec generates, copied.
"""When a response could have been written, and what the contract said on a day.

`_history` holds the table of the contract's past.
"""
# pyright: basic

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from ._forms import FORMS, find_form
from ._history import (
    BORN,
    BOUNDS,
    EDITIONS,
    FIRST,
    GONE,
    HIDDEN,
    PLACES,
    REQUIRED,
    ROOT,
    VALUES,
    understood,
)
from ._report import At, Finding, Report, Strict, is_number, pointer, quote

__all__ = [
    "BORN",
    "EDITIONS",
    "FIRST",
    "ROOT",
    "Bound",
    "Dating",
    "date_of",
    "day",
    "judged",
]

_RULES = {
    "minLength": "length",
    "maxLength": "length",
    "minItems": "length",
    "maxItems": "length",
    "minimum": "range",
    "maximum": "range",
    "pattern": "pattern",
}
_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


class Bound(NamedTuple):
    """One end of the time in which a response could have been written.

    Attributes:
        date: The day of a release, as ISO 8601 has it; None where nothing bounds.
        because: Where in the response that is to be seen, as JSON Pointers.
    """

    date: str | None
    because: tuple[str, ...]


class Dating(NamedTuple):
    """When a response of this shape could have been written.

    Attributes:
        earliest: The release that first knew all that the response has. Nothing bounds
            where that is the oldest that was read, and may not have been the first.
        latest: The release that first no longer knew something that it has.
    """

    earliest: Bound
    latest: Bound


class _Place(NamedTuple):
    path: str
    at: At
    value: Any
    above: str
    """The day on which what holds it came."""


def date_of(response: object, *, form: str | None = None) -> Dating:
    """When a response of this shape could have been written.

    It is told by what the response has: members, values, and sizes that were not always
    allowed. Its own times are not looked at, and neither is what it lacks.

    Args:
        response: What was received: the value that JSON or a client makes of it.
        form: The system that wrote it; any spelling is right where it is left out.

    Raises:
        ValueError: The form is unknown.
    """
    value, report = _read(response, form, strict=False)
    earliest: list[tuple[str, At]] = []
    latest: list[tuple[str, At]] = []
    for path, at, item, above in _places(value, report):
        since = PLACES[path][0]
        if since > above and at is not None:
            earliest.append((since, at))
        if path in GONE:
            latest.append((GONE[path], at))
        came, went = _life(path, item)
        if came is not None:
            earliest.append((came, at))
        if went is not None:
            latest.append((went, at))
        for kind, log in BOUNDS.get(path, ()):
            begins, ends = _allowed(kind, log, item)
            if begins is not None:
                earliest.append((begins, at))
            if ends is not None:
                latest.append((ends, at))
    if not BORN:  # what was there when the history begins may be older
        earliest = [end for end in earliest if end[0] > FIRST]
    first = max((when for when, _ in earliest), default=None)
    last = min((when for when, _ in latest), default=None)
    return Dating(_end(first, earliest, report), _end(last, latest, report))


def day(as_of: str | date) -> str:
    """The last day that is meant by a day, a month or a year.

    Raises:
        ValueError: It is none, or lies before the first release.
    """
    text = as_of if isinstance(as_of, str) else as_of.isoformat()[:10]
    try:
        date.fromisoformat(f"{text}-01-01"[:10] if _DAY.fullmatch(text) else "")
    except ValueError:
        expected = "a date such as 2021-06-30, 2021-06 or 2021"
        raise ValueError(f"as_of: expected {expected}, got {text!r}") from None
    if text < FIRST[: len(text)]:
        what = "contract" if BORN else "history of the contract"
        raise ValueError(f"as_of: the {what} begins on {FIRST}, not in {text}")
    return text + "-99-99"[len(text) - 4 :]


def judged(
    response: object,
    findings: list[Finding],
    as_of: str | date,
    form: str | None,
    *,
    strict: Strict,
) -> list[Finding]:
    """What the contract of a day says, given what that of today does.

    What came later is unknown, and what is said of it today is left out; bounds and
    requirements are those of the day.

    Raises:
        ValueError: The day is none, or lies before the first release.
    """
    value, report = _read(response, form, strict=strict)
    judge = _Judge(day(as_of), f"{as_of}", report)
    for place in _places(value, report, judge.then):
        judge.place(*place[:3])
    return judge.findings(findings)


class _Judge:
    """Judges places by the contract of a day."""

    def __init__(self, then: str, said: str, report: Report) -> None:
        self.then = then
        self.said = said
        self.report = report
        self.late: tuple[str, ...] = ()
        self.overruled: set[tuple[str, str]] = set()

    def place(self, path: str, at: At, value: Any) -> None:
        """Judge what stands at a place."""
        report = self.report
        since, shape = PLACES[path]
        if since > self.then:
            name = quote(str(at[1] if at else ""))
            owner = PLACES[path.rpartition(".")[0]][1]
            message = f"{name} was not known in {self.said}; it came on {since}"
            report.add("unknown-member", at, message, owner, report.warning)
            self.late += (self.pointer(at),)
            return
        if path in GONE:
            self.overrule("unknown-member", at)
        came, went = _life(path, value)
        if came is not None and came > self.then:
            message = f"{quote(value)} was no value of {shape} in {self.said}; it came"
            message += f" on {came}"
            report.add("unknown-value", at, message, shape, report.warning)
        elif went is not None and went > self.then:
            self.overrule("unknown-value", at)
        for kind, log in BOUNDS.get(path, ()):
            self.bound(kind, log, at, value, shape)
        for name, log, weight in REQUIRED.get(path, ()):
            if isinstance(value, dict) and value.get(name) is None:
                self.required(name, log, weight, at, shape)

    def bound(self, kind: str, log: Any, at: At, value: Any, shape: str) -> None:
        """Hold a value against a bound of the day, not of today."""
        then, now = _held(log, self.then), log[-1][1]
        if then == now:
            return
        rule = _RULES[kind]
        if _breaks(kind, now, value):
            self.overrule(rule, at)
        if _breaks(kind, then, value):
            limit = "another pattern" if kind == "pattern" else f"{kind} {then}"
            message = f"in {self.said} the contract had {limit} here"
            self.report.add(rule, at, message, shape)

    def required(self, name: str, log: Any, weight: str, at: At, shape: str) -> None:
        """Ask for a member that was required, but not for one that was not yet."""
        if not _held(log, self.then):
            self.overrule("required", (at, name))
        elif not log[-1][1]:
            message = f"{quote(name)} was required in {self.said}, and is missing"
            severity = weight if weight == "error" else self.report.warning
            self.report.add("required", (at, name), message, shape, severity)

    def overrule(self, rule: str, at: At) -> None:
        """Leave out what today's contract says."""
        self.overruled.add((rule, self.pointer(at)))

    def pointer(self, at: At) -> str:
        return _pointer(at, self.report)

    def findings(self, today: list[Finding]) -> list[Finding]:
        """What is left of today's findings, and those of the day."""
        below = tuple(f"{place}/" for place in self.late)
        kept = [
            finding
            for finding in today
            if (finding.rule, finding.pointer) not in self.overruled
            and finding.pointer not in self.late
            and not finding.pointer.startswith(below)
        ]
        return kept + self.report.found


def _read(response: object, form: str | None, *, strict: Strict) -> tuple[Any, Report]:
    """A response in the spelling of the service, and what knows its own places."""
    if form == "frame" and form not in FORMS:
        from ._frame import read_frame

        response, form = read_frame(response, ROOT), None
    reading = understood(response, ROOT, find_form(form))
    if reading is not None:
        report = Report(reading.form, strict=strict, place=reading.place)
        return reading.value, report
    return response, Report(find_form(form), strict=strict)


def _places(value: Any, report: Report, then: str = "9999") -> Iterator[_Place]:
    """Every place of a response that the contract has ever known, in order.

    Below a place that came after a day, none is looked at.
    """
    pending = [_Place("", None, value, "")]
    while pending:
        place = pending.pop()
        path, at, item, _ = place
        yield place
        since = PLACES[path][0]
        if since <= then:
            pending += reversed([*_below(path, at, item, since, report)])


def _below(
    path: str, at: At, value: Any, since: str, report: Report
) -> Iterator[_Place]:
    if isinstance(value, list):
        if path + "[]" in PLACES:
            for index, item in enumerate(value):
                yield _Place(path + "[]", (at, index), item, since)
    elif isinstance(value, dict):
        if path + "{}" in PLACES:
            hides = path in HIDDEN
            for key, item in value.items():
                entry = report.unnamed(at, key) if hides else (at, key)
                yield _Place(path + "{key}", entry, key, since)
                yield _Place(path + "{}", entry, item, since)
            return
        for name, item in value.items():
            below = f"{path}.{name}" if path else name
            if item is not None and isinstance(name, str) and below in PLACES:
                yield _Place(below, (at, name), item, since if path else "")


def _life(path: str, value: Any) -> tuple[str | None, str | None]:
    """When a value of an enum came and went, where it was not always there."""
    if not isinstance(value, str):
        return None, None
    return _lives(path).get(value, (None, None))


@cache
def _lives(path: str) -> dict[str, tuple[str | None, str | None]]:
    """When each value came and went that was not always there."""
    by_days = VALUES.get(path, {})
    return {value: days for days, values in by_days.items() for value in values}


def _held(log: tuple[tuple[str, Any], ...], then: str) -> Any:
    """What held on a day."""
    found = None
    for since, value in log:
        if since <= then:
            found = value
    return found


def _allowed(
    kind: str, log: tuple[tuple[str, Any], ...], value: Any
) -> tuple[str | None, str | None]:
    """From when, and until when, a bound that changed allows a value."""
    allowed = [not _breaks(kind, bound, value) for _, bound in log]
    begins = ends = None
    for number in range(1, len(log)):
        if allowed[number] and not allowed[number - 1]:
            begins, ends = log[number][0], None
        if allowed[number - 1] and not allowed[number]:
            ends = log[number][0]
    return begins, ends


def _breaks(kind: str, bound: Any, value: Any) -> bool:
    """Whether a value breaks a bound; what has no such size does not."""
    if bound is None:
        return False
    if kind == "pattern":
        return isinstance(value, str) and not re.fullmatch(bound, value)
    if kind in ("minimum", "maximum"):
        size = value if is_number(value) else None
    else:
        sized = str if kind.endswith("Length") else (list, dict)
        size = len(value) if isinstance(value, sized) else None
    if size is None:
        return False
    return bool(size < bound if kind.startswith("min") else size > bound)


def _end(when: str | None, found: list[tuple[str, At]], report: Report) -> Bound:
    """One end, and all that is to blame for it."""
    places = [_pointer(at, report) for one, at in found if one == when]
    return Bound(when, tuple(dict.fromkeys(places)))


def _pointer(at: At, report: Report) -> str:
    """A place in the response as it was given."""
    return pointer(report.placed(at))
