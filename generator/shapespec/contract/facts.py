"""What sources state, as facts, and where they state it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from shapespec.ground.source import Located, Span
from shapespec.ground.values import Json
from shapespec.records import dataclass

if TYPE_CHECKING:
    from shapespec.contract.history import History

Value: TypeAlias = Json

KINDS = (
    "type",
    "required",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "pattern",
    "enum",
    "retired",
    "default",
    "errors",
    "httpStatus",
    "apiVersion",
    "paginated",
    "pagination",
    "table",
    "rule",
    "meaning",
    "presence",
    "seen",
)
"""Every kind of fact, in the order in which facts of one path are written.

`type` is in the source's own words; `required` true or false; the bounds and the
pattern as JSON Schema has them, `minItems` and `maxItems` for maps too; `enum` the
whole list of values; `retired` a list of values no longer sent; `default` a value;
`errors` the names of what an operation can fail with, `httpStatus` of one of them;
`apiVersion` that of the API, `paginated` whether an operation has pages, `pagination`
the members that turn them; `table` the name of a warehouse's table;
`rule` the id of what in the spec carries a constraint stated in prose; `meaning` the id
of a note that says what a member means, where sources differ about that. Of responses:
`presence` counts by status, `seen` members and values that the spec lacks.
"""

OBSERVED = "observed"
"""The id of the source that responses are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that a source states about one place.

    Attributes:
        path: The place, such as `InputDataConfig[].ChannelName`; see `paths.py`.
        kind: One of `KINDS`.
        value: What is stated.
        line: The line of the document that states it, from 1; none where the source
            has no lines, or does not state it itself.
        last_line: The last such line, where it stands on several.
        follows_from: The lines from which a person inferred it, where none states it.
        as_written: How the source spells the path or the value, where that differs.
        line_hash: Of a fact read from prose by a person: the SHA-256 of all the lines
            that it rests on.
        span: Where the evidence file holds it.
    """

    path: str
    kind: str
    value: Value
    line: int | None = None
    as_written: str | None = None
    line_hash: str | None = None
    last_line: int | None = None
    follows_from: tuple[int, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)

    def sort_key(self) -> tuple[str, int]:
        """By place, then by kind."""
        return (self.path, KINDS.index(self.kind))


Lines: TypeAlias = tuple[int, int]
"""The first and the last of some lines, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Lines that state nothing, the hash of their text, and where a file says so."""

    lines: Lines
    sha256: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """Lines of a document that state nothing about the contract.

    Attributes:
        why: What they are instead, in a few words.
        lines: The lines.
    """

    why: str
    lines: tuple[Skipped, ...]


class Source(NamedTuple):
    """Who states something.

    Attributes:
        id: What evidence, audit and decisions call it, such as `aws-cli`.
        kind: The importer that reads it.
        title: What it is called.
        edition: The year, version or date of the text.
        document: The name of the file it was read from.
        sha256: The hash of that file's bytes.
    """

    id: str
    kind: str
    title: str
    edition: str
    document: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All facts of one source.

    Attributes:
        source: Who states them.
        facts: The facts.
        prose: The lines of the document that no importer reads; none where that was
            not recorded.
        aside: Lines that state nothing.
    """

    source: Source
    facts: tuple[Fact, ...]
    prose: tuple[Lines, ...] | None = None
    aside: tuple[Aside, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """How one disagreement was settled.

    Attributes:
        id: Its name, which `relaxed` and the reference use.
        paths: The places that it is about.
        kind: The kind of fact.
        says: What each source says, by the source's id.
        stands: What the spec states there; none where it states nothing.
        reason: Why, in a sentence or two.
    """

    id: str
    paths: tuple[Located[str], ...]
    kind: str
    says: Mapping[str, Value]
    stands: Value
    reason: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All that is on record about a contract: what sources state, what was decided."""

    evidence: tuple[Evidence, ...] = ()
    decisions: tuple[Decision, ...] = ()
    histories: tuple[History, ...] = ()


def facts_hash(facts: Iterable[Fact]) -> str:
    """The SHA-256 of the facts themselves, whatever the layout of their file."""
    rows = [
        [
            *(fact.path, fact.kind, fact.value),
            *(fact.line, fact.as_written, fact.line_hash),
            *([fact.last_line, fact.follows_from] if _on_several(fact) else ()),
        ]
        for fact in facts
    ]
    text = json.dumps(rows, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _on_several(fact: Fact) -> bool:
    return fact.last_line is not None or bool(fact.follows_from)


def line_hash(line: str) -> str:
    """The SHA-256 of a line of a document, without the white space at its ends."""
    return lines_hash((line,))


def lines_hash(lines: Iterable[str]) -> str:
    """The SHA-256 of lines, without white space at both ends and without empty ones."""
    text = "\n".join(filter(None, (line.strip() for line in lines)))
    return hashlib.sha256(text.encode()).hexdigest()
