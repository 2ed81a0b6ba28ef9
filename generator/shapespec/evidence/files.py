"""Evidence and decisions as files: YAML that a person can read and review.

An evidence file is written by an importer and never by hand; it holds a hash of its own
facts, so that an edit is noticed. A `.prose.yaml` file has the same build and is
written by a person, who reads prose; each of its facts has the hash of the line that
states it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from shapespec.contract.facts import KINDS, Decision, Evidence, Fact, Source, facts_hash
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic, stop_on
from shapespec.ground.sinks.yaml_text import comment, quoted
from shapespec.ground.source import Located, SourceFile, Span
from shapespec.language import yaml_tree
from shapespec.language.grammar import (
    Entries,
    Entry,
    Json,
    Many,
    Number,
    Record,
    Text,
    Value,
    reads,
)
from shapespec.language.surface import ID, TEXT, record

T = TypeVar("T")

_LINE = Number("a line number", integer=True, minimum=1)
_HASH = Text("a SHA-256 in hexadecimal", "[0-9a-f]{64}")


@record
class _Fact:
    """One fact."""

    span: Span
    path: Located[str] = reads(TEXT, "The place.", required=True)
    kind: Located[str] = reads(
        Text("a kind of fact", choices=KINDS), "What is stated.", required=True
    )
    value: Located[Json] = reads(Value(), "The value.", required=True)
    line: Located[int] | None = reads(_LINE, "The line of the document.")
    as_written: Located[str] | None = reads(TEXT, "How the source spells it.")
    line_hash: Located[str] | None = reads(_HASH, "The hash of that line.")


@record
class _Source:
    """Who states the facts."""

    span: Span
    id: Located[str] = reads(ID, "The source's id.", required=True)
    kind: Located[str] = reads(ID, "The importer.", required=True)
    title: Located[str] = reads(TEXT, "What it is called.", required=True)
    edition: Located[str] = reads(TEXT, "Year, version or date.", required=True)
    document: Located[str] = reads(TEXT, "The file's name.", required=True)
    sha256: Located[str] = reads(_HASH, "The hash of the document.", required=True)
    facts_sha256: Located[str] | None = reads(_HASH, "The hash of the facts.")


@record
class _EvidenceFile:
    """A file of evidence."""

    span: Span
    source: _Source = reads(Record(_Source, "a source"), "The source.", required=True)
    facts: tuple[_Fact, ...] = reads(
        Many(Record(_Fact, "a fact"), "a list of facts"), "The facts.", required=True
    )


@record
class _Decision:
    """How one disagreement was settled."""

    span: Span
    paths: tuple[Located[str], ...] = reads(
        Many(TEXT, "a list of paths", at_least=1), "The places.", required=True
    )
    kind: Located[str] = reads(
        Text("a kind of fact", choices=KINDS), "What is disputed.", required=True
    )
    says: tuple[Entry[Located[Json]], ...] = reads(
        Entries(Value(), ID, "a mapping from source to value"),
        "What each source says.",
        required=True,
    )
    stands: Located[Json] = reads(
        Value(), "What the spec states; null for nothing.", required=True
    )
    reason: Located[str] = reads(TEXT, "Why.", required=True)


@record
class _DecisionFile:
    """A file of decisions."""

    span: Span
    decisions: tuple[Entry[_Decision], ...] = reads(
        Entries(Record(_Decision, "a decision"), ID), "By id.", required=True
    )


_EVIDENCE = Record(_EvidenceFile, "a file of evidence")
_DECISIONS = Record(_DecisionFile, "a file of decisions")


def read_evidence(file: SourceFile) -> Evidence:
    """The facts in a file.

    Raises:
        Faults: The file is not built as evidence is, or was edited by hand.
    """
    written = read_record(_EvidenceFile, _EVIDENCE, file)
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
        span=source.span,
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
        span=written.span,
    )


def read_decisions(file: SourceFile) -> tuple[Decision, ...]:
    """The decisions in a file.

    Raises:
        Faults: The file is not built as decisions are.
    """
    written = read_record(_DecisionFile, _DECISIONS, file)
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


def write_evidence(source: Source, facts: Iterable[Fact], command: str) -> str:
    """The text of an evidence file.

    Args:
        source: Who states the facts.
        facts: The facts; they are written by path and kind.
        command: The command that wrote it, for the first line.
    """
    ordered = sorted(facts, key=Fact.sort_key)
    return "".join(f"{line}\n" for line in _lines(source, ordered, command))


def _lines(source: Source, facts: list[Fact], command: str) -> Iterator[str]:
    yield comment(
        f"What {source.title} states. Written by `{command}`; not to be edited."
    )
    yield "source:"
    for name, value in source._asdict().items():
        yield f"  {name}: {quoted(value)}"
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
