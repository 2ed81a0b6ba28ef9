"""How often each rule was broken in a run, and how many responses are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from shapespec.ground.tables import aligned
from shapespec.records import dataclass
from shapespec.responses.finding import AnyFinding
from shapespec.responses.limits import SEVERITIES
from shapespec.responses.places import file_and_line
from shapespec.responses.policy import Judged, Verdict, weigh
from shapespec.responses.read import Clean

OTHER_PLACES = "(other places)"
"""Stands for the places that came after the first `_MOST_PLACES`."""

_MOST_PLACES = 1000


@dataclass(slots=True)
class _Place:
    """How often a rule was broken at a place, and where first."""

    first: str
    findings: int = 0
    responses: int = 0


def _kind(finding: AnyFinding) -> tuple[str, str]:
    return finding.rule, finding.severity


class Summary:
    """Counts the verdicts of a run; its size is that of the rules and places."""

    def __init__(self) -> None:
        """Begin with none."""
        self.valid = 0
        self.invalid = 0
        self.unreadable = 0
        self._arrays = 0
        self._findings: Counter[tuple[str, str]] = Counter()
        self._responses: Counter[tuple[str, str]] = Counter()
        self._files: Counter[tuple[str, str]] = Counter()
        self._last_file: dict[tuple[str, str], str] = {}
        self._places: dict[tuple[str, str, str], _Place] = {}
        self._helps: dict[str, None] = {}

    @property
    def exit_code(self) -> int:
        """What a command ends with: 2 unreadable, 1 invalid, 0 neither."""
        return 2 if self.unreadable else 1 if self.invalid else 0

    def counted(self, verdicts: Iterable[Judged]) -> Iterator[Judged]:
        """The verdicts, while they are counted."""
        for verdict in verdicts:
            if isinstance(verdict, Clean):
                self.valid += verdict.many
            else:
                self._add(verdict)
            yield verdict

    def _add(self, verdict: Verdict) -> None:
        if verdict.response.unreadable is not None:
            self.unreadable += 1
        elif verdict.valid:
            self.valid += 1
        else:
            self.invalid += 1
            is_array = isinstance(verdict.response.value, list)
            self._arrays += is_array and verdict.help is None
            if verdict.help is not None:
                self._helps[verdict.help] = None
        keys = [(finding.rule, finding.severity) for finding in verdict.findings]
        self._findings.update(keys)
        self._add_places(verdict)
        file, _ = file_and_line(verdict.response)
        for key in dict.fromkeys(keys):
            self._responses[key] += 1
            if self._last_file.get(key) != file:
                self._last_file[key] = file
                self._files[key] += 1

    def _add_places(self, verdict: Verdict) -> None:
        seen = set()
        value, source = verdict.response.value, verdict.response.source
        for finding in verdict.findings:
            key = (*_kind(finding), weigh(finding, value).place)
            if key not in self._places and len(self._places) >= _MOST_PLACES:
                key = (*_kind(finding), OTHER_PLACES)
            place = self._places.setdefault(key, _Place(source))
            place.findings += 1
            if key not in seen:
                place.responses += 1
                seen.add(key)

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to judge, which is no verdict on anything."""
        return not (self.valid or self.invalid or self.unreadable)

    def lines(self) -> Iterator[str]:
        """A table of the rules, the heaviest first, and a last line.

        Of one response there is only what may help with it.
        """
        if self._arrays:
            yield "an array is one response; with --rows, each of its elements is one"
        if self.valid + self.invalid + self.unreadable != 1:
            yield from self._table()

    def statistics(self) -> Iterator[str]:
        """Tables of rules and places, how many responses are valid, and help."""
        if self._findings:
            yield from aligned(self._rows_of_places())
            yield ""
        yield from self._table()
        yield from (f"help: {text}" for text in self._helps)

    def _table(self) -> Iterator[str]:
        total = self.valid + self.invalid + self.unreadable
        if self._findings:
            yield from aligned(self._rows())
        unread = f", {self.unreadable} cannot be read" if self.unreadable else ""
        yield f"{self.valid} of {total} responses are valid{unread}"

    def as_dicts(self) -> Iterator[dict[str, str | int]]:
        """What `statistics` says, for programs: one for each rule, and a last one."""
        for rule, severity in sorted(self._findings, key=self._order):
            key = rule, severity
            yield {
                "rule": rule,
                "severity": severity,
                "findings": self._findings[key],
                "responses": self._responses[key],
                "files": self._files[key],
            }
        for rule, severity, pointer in sorted(self._places, key=self._order_of_places):
            place = self._places[rule, severity, pointer]
            yield {
                "rule": rule,
                "severity": severity,
                "pointer": pointer,
                "findings": place.findings,
                "responses": place.responses,
                "first": place.first,
            }
        for text in self._helps:
            yield {"help": text}
        yield {
            "valid": self.valid,
            "invalid": self.invalid,
            "unreadable": self.unreadable,
        }

    def _rows(self) -> Iterator[tuple[str, ...]]:
        yield ("rule", "severity", "findings", "responses", "files")
        for key in sorted(self._findings, key=self._order):
            counts = (self._findings[key], self._responses[key], self._files[key])
            yield (*key, *map(str, counts))

    def _rows_of_places(self) -> Iterator[tuple[str, ...]]:
        yield ("rule", "severity", "pointer", "findings", "responses", "first")
        for key in sorted(self._places, key=self._order_of_places):
            place = self._places[key]
            rule, severity, pointer = key
            at = pointer or "(the whole response)"
            counts = str(place.findings), str(place.responses)
            yield (rule, severity, at, *counts, place.first)

    def _order_of_places(
        self, key: tuple[str, str, str]
    ) -> tuple[tuple[int, int, str], int, str]:
        *kind, pointer = key
        rule, severity = kind
        return self._order((rule, severity)), -self._places[key].findings, pointer

    def _order(self, key: tuple[str, str]) -> tuple[int, int, str]:
        rule, severity = key
        return SEVERITIES.index(severity), -self._findings[key], rule
