"""Evidence and decisions as files: YAML that a person can read and review.

An evidence file is written by an importer and never by hand; it holds a hash of its own
facts, so that an edit is noticed. A `.prose.yaml` file has the same build and is
written by a person, who reads prose; each of its facts has the hash of all the lines
that it rests on, and lines that state nothing are listed, so that a new one is noticed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from shapespec.contract.facts import (
    KINDS,
    Aside,
    Decision,
    Evidence,
    Fact,
    Lines,
    Skipped,
    Source,
    facts_hash,
)
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic, stop_on
from shapespec.ground.sinks.yaml_text import comment, quoted
from shapespec.ground.source import Located, SourceFile, Span
from shapespec.ground.values import Json
from shapespec.language import yaml_tree
from shapespec.language.grammar import (
    Entries,
    Entry,
    Many,
    Number,
    Record,
    Text,
    Value,
    reads,
)
from shapespec.language.surface import ID, TEXT, WORDS, record

T = TypeVar("T")

_LINE = Number("a line number", integer=True, minimum=1)
_HASH = Text("a SHA-256 in hexadecimal", "[0-9a-f]{64}")
_SHORT = Text("the first 16 digits of a SHA-256", "[0-9a-f]{16}")
_RANGE = Text("a line, or lines such as `3-5`", r"[1-9]\d{0,6}(?:-[1-9]\d{0,6})?")
_RANGES = Text(
    "lines such as `1, 3-5`", rf"(?:{_RANGE.pattern}(?:, {_RANGE.pattern})*)?"
)


@record
class _Fact:
    """One fact."""

    span: Span
    path: Located[str] = reads(TEXT, "The place.", required=True)
    kind: Located[str] = reads(
        Text("a kind of fact", choices=KINDS), "The kind of the fact.", required=True
    )
    value: Located[Json] = reads(Value(), "The value.", required=True)
    line: Located[int] | None = reads(_LINE, "The line of the document.")
    as_written: Located[str] | None = reads(TEXT, "How the source spells it.")
    line_hash: Located[str] | None = reads(_HASH, "The hash of those lines.")
    to: Located[int] | None = reads(_LINE, "The last of several lines.")
    follows_from: tuple[Located[int], ...] | None = reads(
        Many(_LINE, "a list of lines", at_least=1),
        "Lines from which it was inferred, where none states it.",
    )


@record
class _Source:
    """Who states the facts."""

    span: Span
    id: Located[str] = reads(ID, "The source's id.", required=True)
    kind: Located[str] = reads(ID, "The importer.", required=True)
    title: Located[str] = reads(TEXT, "Title of the source.", required=True)
    edition: Located[str] = reads(TEXT, "Year, version or date.", required=True)
    document: Located[str] = reads(TEXT, "The file's name.", required=True)
    sha256: Located[str] = reads(_HASH, "The hash of the document.", required=True)
    facts_sha256: Located[str] | None = reads(_HASH, "The hash of the facts.")
    prose: Located[str] | None = reads(
        _RANGES, "The lines that no importer reads, such as `1, 3-5`."
    )


@record
class _Aside:
    """Lines that state nothing."""

    span: Span
    why: Located[str] = reads(WORDS, "The reason why they are left out.", required=True)
    lines: tuple[Entry[Located[str]], ...] = reads(
        Entries(_SHORT, _RANGE, "a mapping from lines to the hash of their text"),
        "The lines, such as `3` or `5-7`, each with the hash of its text.",
        required=True,
    )


@record
class _EvidenceFile:
    """A file of evidence."""

    span: Span
    source: _Source = reads(Record(_Source, "a source"), "The source.", required=True)
    facts: tuple[_Fact, ...] = reads(
        Many(Record(_Fact, "a fact"), "a list of facts"), "The facts.", required=True
    )
    aside: tuple[_Aside, ...] | None = reads(
        Many(Record(_Aside, "lines that state nothing"), "a list"),
        "Lines of the document that state nothing about the contract.",
    )


@record
class _Decision:
    """How one disagreement was settled."""

    span: Span
    paths: tuple[Located[str], ...] = reads(
        Many(TEXT, "a list of paths", at_least=1), "The places.", required=True
    )
    kind: Located[str] = reads(
        Text("a kind of fact", choices=KINDS),
        "The kind of the disputed fact.",
        required=True,
    )
    says: tuple[Entry[Located[Json]], ...] = reads(
        Entries(Value(), ID, "a mapping from source to value"),
        "The value that each source states.",
        required=True,
    )
    stands: Located[Json] = reads(
        Value(), "The value that the spec states; null for none.", required=True
    )
    reason: Located[str] = reads(TEXT, "Why.", required=True)


@record
class _DecisionFile:
    """A file of decisions."""

    span: Span
    decisions: tuple[Entry[_Decision], ...] = reads(
        Entries(Record(_Decision, "a decision"), ID), "By id.", required=True
    )


EVIDENCE = Record(_EvidenceFile, "a file of evidence")
DECISIONS = Record(_DecisionFile, "a file of decisions")


def read_evidence(file: SourceFile) -> Evidence:
    """The facts in a file.

    Raises:
        Faults: The file is not built as evidence is, or was edited by hand.
    """
    written = read_record(_EvidenceFile, EVIDENCE, file)
    source = written.source
    facts = tuple(map(_fact, written.facts))
    stated = source.facts_sha256
    if stated is not None and stated.value != facts_hash(facts):
        stop_on([catalogue.edited_evidence(stated.span)])
    return Evidence(
        source=Source(
            source.id.value,
            source.kind.value,
            source.title.value,
            source.edition.value,
            source.document.value,
            source.sha256.value,
        ),
        facts=facts,
        prose=None if source.prose is None else tuple(_ranges(source.prose.value)),
        aside=tuple(map(_aside, written.aside or ())),
        span=source.span,
    )


def _ranges(text: str) -> Iterator[Lines]:
    for part in filter(None, text.split(", ")):
        first, _, last = part.partition("-")
        yield int(first), int(last or first)


def _aside(written: _Aside) -> Aside:
    return Aside(
        why=written.why.value,
        lines=tuple(
            Skipped(
                lines=next(_ranges(entry.name.value)),
                sha256=entry.value.value,
                span=Span(
                    entry.name.span.file, entry.name.span.start, entry.value.span.end
                ),
            )
            for entry in written.lines
        ),
    )


def read_record(made: type[T], construct: Record, file: SourceFile) -> T:
    """What a record reads from a file.

    Raises:
        Faults: The file is not built as it should be.
    """
    tree = yaml_tree.compose(file)
    faults: list[Diagnostic] = []
    found = construct.read(tree, faults)
    stop_on(faults)
    assert isinstance(found, made)  # noqa: S101 - what the record makes
    return found


def _fact(written: _Fact) -> Fact:
    return Fact(
        path=written.path.value,
        kind=written.kind.value,
        value=written.value.value,
        line=None if written.line is None else written.line.value,
        as_written=None if written.as_written is None else written.as_written.value,
        line_hash=None if written.line_hash is None else written.line_hash.value,
        last_line=None if written.to is None else written.to.value,
        follows_from=tuple(line.value for line in written.follows_from or ()),
        span=written.span,
    )


def read_decisions(file: SourceFile) -> tuple[Decision, ...]:
    """The decisions in a file.

    Raises:
        Faults: The file is not built as decisions are.
    """
    written = read_record(_DecisionFile, DECISIONS, file)
    return tuple(
        Decision(
            id=entry.name.value,
            paths=entry.value.paths,
            kind=entry.value.kind.value,
            says={one.name.value: one.value.value for one in entry.value.says},
            stands=entry.value.stands.value,
            reason=" ".join(entry.value.reason.value.split()),
            span=entry.name.span,
        )
        for entry in written.decisions
    )


def write_evidence(
    source: Source,
    facts: Iterable[Fact],
    command: str,
    prose: Iterable[Lines] | None = None,
) -> str:
    """The text of an evidence file.

    Args:
        source: Who states the facts.
        facts: The facts; they are written by path and kind.
        command: The command that wrote it, for the first line.
        prose: The lines of the document that no importer reads, if that is known.
    """
    ordered = sorted(facts, key=Fact.sort_key)
    return "".join(f"{line}\n" for line in _lines(source, ordered, command, prose))


def shown_ranges(lines: Iterable[Lines]) -> str:
    """Lines as a file has them: `1, 3-5`."""
    return ", ".join(shown_range(one) for one in lines)


def shown_range(lines: Lines) -> str:
    """A line, or lines such as `3-5`."""
    first, last = lines
    return f"{first}" if first == last else f"{first}-{last}"


def _lines(
    source: Source, facts: list[Fact], command: str, prose: Iterable[Lines] | None
) -> Iterator[str]:
    yield comment(
        f"What {source.title} states. Written by `{command}`; not to be edited."
    )
    yield "source:"
    for name, value in source._asdict().items():
        yield f"  {name}: {quoted(value)}"
    if prose is not None:
        yield f"  prose: {quoted(shown_ranges(prose))}"
    yield f"  facts_sha256: {facts_hash(facts)}"
    yield "facts:" if facts else "facts: []"
    for fact in facts:
        parts = [f"path: {quoted(fact.path)}", f"kind: {fact.kind}"]
        parts.append(f"value: {quoted(fact.value)}")
        for name in ("line", "as_written", "line_hash"):
            value = getattr(fact, name)
            if value is not None:
                parts.append(f"{name}: {quoted(value)}")
        yield f"  - {{{', '.join(parts)}}}"
