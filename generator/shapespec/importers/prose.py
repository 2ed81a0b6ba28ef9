"""What people read in prose: whether its lines are where they were, and say the same.

Every line of a document is read by its importer, or cited by facts that a person read,
or set aside as stating nothing; what is none of these is open. A record (the lines of a
fact, or lines set aside) is found by the hash of its text: where it was, or elsewhere.
Each line of the document serves one record, so that one that is gone is missed even if
another says the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from typing import NamedTuple

from shapespec.contract.facts import (
    Aside,
    Evidence,
    Fact,
    Lines,
    Skipped,
    Value,
    lines_hash,
)
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.evidence.files import shown_range
from shapespec.ground.sinks.yaml_text import quoted
from shapespec.ground.source import SourceFile, Span
from shapespec.importers.common import lines
from shapespec.importers.protocol import Page
from shapespec.records import dataclass

_SHORT = 16


class ProseRecord(NamedTuple):
    """Lines that somebody has read, and the hash of their text.

    Attributes:
        spans: The lines; several where a fact follows from some.
        sha256: The hash, or how it begins.
    """

    spans: tuple[Lines, ...]
    sha256: str


@dataclass(slots=True)
class Checked:
    """What became of the records of a `.prose.yaml`.

    Attributes:
        faults: Facts whose lines are gone or say something else.
        moved: Records that are elsewhere now, with their new lines.
        lapsed: Lines set aside that are gone or changed.
        open: Lines that nobody has read.
    """

    faults: list[Diagnostic] = field(default_factory=list)
    moved: dict[ProseRecord, tuple[Lines, ...]] = field(default_factory=dict)
    lapsed: list[tuple[Aside, Skipped]] = field(default_factory=list)
    open: list[Lines] = field(default_factory=list)


def prose_lines(page: Page, document: SourceFile) -> tuple[Lines, ...]:
    """The lines of a page that hold something and that its importer does not read."""
    read = {fact.line for fact in page.facts} - page.also_prose
    found = [
        line.number
        for line in lines(document)
        if _says_something(line.text) and line.number not in read
    ]
    return tuple(_joined(found))


def _says_something(text: str) -> bool:
    """Whether a line has a letter or a digit: brackets alone say nothing."""
    return any(char.isalnum() for char in text)


def _joined(numbers: Iterable[int]) -> Iterator[Lines]:
    """Numbers as ranges."""
    first = last = 0
    for number in numbers:
        if first and number == last + 1:
            last = number
            continue
        if first:
            yield first, last
        first = last = number
    if first:
        yield first, last


def check(prose: Evidence, document: SourceFile, page: Page) -> Checked:
    """Hold what a person read in a document against the document as it is now.

    Args:
        prose: What was read.
        document: The document.
        page: What its importer reads of it.
    """
    checked = Checked()
    text = _Text(document, page)
    for fact in prose.facts:
        if fact.span is not None and _record(fact) is None:
            checked.faults.append(catalogue.missing_line(fact.span))
    facts = {_record(fact) for fact in prose.facts} - {None}
    aside = {_set_aside(one) for rest in prose.aside for one in rest.lines}
    places = text.placed([*filter(None, facts), *aside])
    for fact in prose.facts:
        record = _record(fact)
        if record is None or fact.span is None:
            continue
        now = places.get(record)
        if now is None:
            checked.faults.append(_changed(fact.span, record, text))
            continue
        if now != record.spans:
            checked.moved[record] = now
        missing = _missing(fact, text.of(now))
        if missing:
            checked.faults.append(
                catalogue.value_not_stated(fact.span, document.name, now[0][0], missing)
            )
    for rest in prose.aside:
        for one in rest.lines:
            record = _set_aside(one)
            now = places.get(record)
            if now is None:
                checked.lapsed.append((rest, one))
            elif now != record.spans:
                checked.moved[record] = now
    read = {number for spans in places.values() for number in _numbers(spans)}
    unread = [
        number
        for first, last in prose_lines(page, document)
        for number in range(first, last + 1)
        if number in text.lines and number not in read
    ]
    checked.open = [*_joined(unread)]
    return checked


def _record(fact: Fact) -> ProseRecord | None:
    """The lines that a fact rests on; none where it names none."""
    if fact.line_hash is None:
        return None
    if fact.follows_from:
        return ProseRecord(
            tuple((one, one) for one in fact.follows_from), fact.line_hash
        )
    if fact.line is None:
        return None
    return ProseRecord(((fact.line, fact.last_line or fact.line),), fact.line_hash)


def _set_aside(one: Skipped) -> ProseRecord:
    return ProseRecord((one.lines,), one.sha256)


def _numbers(spans: Iterable[Lines]) -> Iterator[int]:
    for first, last in spans:
        yield from range(first, last + 1)


def _changed(at: Span, record: ProseRecord, text: _Text) -> Diagnostic:
    first = record.spans[0][0]
    now = text.lines.get(first, "")
    found = lines_hash(text.of(record.spans))
    return catalogue.changed_line(at, text.name, shown(record.spans), now, found)


def shown(spans: Sequence[Lines]) -> str:
    """Lines in words: `line 3`, `lines 3-5`, `lines 3, 7`."""
    parts = [f"{a}" if a == b else f"{a}-{b}" for a, b in spans]
    several = len(parts) > 1 or "-" in parts[0]
    return f"line{'s' if several else ''} {', '.join(parts)}"


def _missing(fact: Fact, text: Sequence[str]) -> list[str]:
    """The values of a list that do not stand in the lines that should state it."""
    if fact.kind not in ("enum", "retired") or not isinstance(fact.value, list):
        return []
    said = "\n".join(text)
    values: list[Value] = list(fact.value)
    if fact.as_written is not None:
        values = [part.strip() for part in fact.as_written.split(",")]
    return [
        str(value)
        for value in values
        if not re.search(rf"(?<![\w.-]){re.escape(str(value))}(?![\w-])", said)
    ]


class _Text:
    """A document, whose lines are given to the records that rest on them."""

    def __init__(self, document: SourceFile, page: Page) -> None:
        self.name = document.name
        self.lines = {
            line.number: line.text.strip()
            for line in lines(document)
            if _says_something(line.text)
        }
        self.last = max(self.lines, default=0)
        read = {fact.line for fact in page.facts} - page.also_prose
        self.free = {number for number in self.lines if number not in read}
        self.by_hash: dict[str, list[int]] = defaultdict(list)
        for number, text in self.lines.items():
            self.by_hash[lines_hash((text,))[:_SHORT]].append(number)

    def of(self, spans: Iterable[Lines]) -> list[str]:
        """The text of some lines, without empty ones."""
        return [self.lines[one] for one in _numbers(spans) if one in self.lines]

    def placed(
        self, records: Iterable[ProseRecord]
    ) -> dict[ProseRecord, tuple[Lines, ...]]:
        """Where each record is now; those that are nowhere are left out.

        Long ones are placed first, and those that overlap stay together: a line within
        them cannot stand for another one that is gone.
        """
        found: dict[ProseRecord, tuple[Lines, ...]] = {}
        shifts: list[tuple[Lines, int]] = []
        owner: dict[int, ProseRecord] = {}
        for record in sorted(set(records), key=_size, reverse=True):
            inside = {shift for span, shift in shifts if _overlap(span, record)}
            tried = inside or self._shifts(record, shifts)
            for shift in tried:
                spans = tuple((a + shift, b + shift) for a, b in record.spans)
                lines_now = {one for one in _numbers(spans) if one in self.lines}
                free = inside or not (lines_now & owner.keys() or lines_now - self.free)
                if free and self._says(spans, record):
                    found[record] = spans
                    shifts += [(span, shift) for span in record.spans]
                    owner.update(dict.fromkeys(lines_now, record))
                    break
        return found

    def _says(self, spans: tuple[Lines, ...], record: ProseRecord) -> bool:
        text = self.of(spans)
        return bool(text) and lines_hash(text).startswith(record.sha256)

    def _shifts(self, record: ProseRecord, known: list[tuple[Lines, int]]) -> list[int]:
        """How far a record may have moved, the likeliest first."""
        first = record.spans[0][0]
        near = min(known, key=lambda one: abs(one[0][0] - first), default=None)
        likely = near[1] if near else 0
        if _size(record) == 1:
            places = self.by_hash.get(record.sha256[:_SHORT], [])
            every = [number - first for number in places]
        else:
            every = [*range(1 - first, self.last - first + 1)]
        return sorted(every, key=lambda shift: (shift != 0, abs(shift - likely)))


def _size(record: ProseRecord) -> int:
    return sum(last - first + 1 for first, last in record.spans)


def _overlap(span: Lines, record: ProseRecord) -> bool:
    return any(a <= span[1] and span[0] <= b for a, b in record.spans)


def followed(text: str, prose: Evidence, checked: Checked) -> str:
    """The text of a `.prose.yaml` with new numbers for lines that moved.

    What was set aside and is not there any more is taken out.
    """
    edits: list[tuple[int, int, str]] = []
    for fact in prose.facts:
        record = _record(fact)
        now = checked.moved.get(record) if record else None
        if now is not None and fact.span is not None:
            start, end = fact.span.start, fact.span.end
            edits.append((start, end, _renumbered(text[start:end], now)))
    for rest in prose.aside:
        for one in rest.lines:
            start, end = one.span.start, one.span.end
            record = _set_aside(one)
            if (rest, one) in checked.lapsed:
                edits.append((*_entry(text, start, end), ""))
            elif record in checked.moved:
                new = quoted(shown_range(checked.moved[record][0]))
                edits.append((start, end, f"{new}: {quoted(one.sha256)}"))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _entry(text: str, start: int, end: int) -> tuple[int, int]:
    """An entry of a mapping with what parts it from the next one: its line, a comma."""
    line = text.rfind("\n", 0, start) + 1
    after = text.find("\n", end)
    after = len(text) if after < 0 else after
    if not text[line:start].strip(" -") and not text[end:after].strip():
        return line, min(after + 1, len(text))
    comma = re.compile(r",\s*").match(text, end)
    return start, comma.end() if comma else end


def _renumbered(written: str, now: tuple[Lines, ...]) -> str:
    first, last = now[0]
    written = re.sub(r"\bline: \d+", f"line: {first}", written)
    written = re.sub(r"\bto: \d+", f"to: {last}", written)
    listed = ", ".join(f"{one}" for one, _ in now)
    return re.sub(r"\bfollows_from: \[[^\]]*\]", f"follows_from: [{listed}]", written)
