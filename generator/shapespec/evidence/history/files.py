"""Histories as files: YAML that a person can read, a change a line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

from shapespec.contract.facts import KINDS
from shapespec.contract.history import History, Release, Restatement, Step
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import stop_on
from shapespec.evidence.files import read_record
from shapespec.ground.sinks.yaml_text import comment, quoted
from shapespec.ground.source import Located, SourceFile, Span
from shapespec.ground.values import Json
from shapespec.language.grammar import Boolean, Many, Number, Record, Text, Value, reads
from shapespec.language.surface import ID, TEXT, record

SUFFIX = ".history.yaml"
"""How the name of such a file ends."""

_DATE = Text("a date such as `2021-06-30`", r"\d{4}-\d\d-\d\d")
_HASH = Text("a SHA-256 in hexadecimal", "[0-9a-f]{64}")


@record
class _Release:
    """A release."""

    span: Span
    release: Located[str] = reads(TEXT, "Its number.", required=True)
    date: Located[str] = reads(_DATE, "The day it was made.", required=True)


@record
class _Change:
    """One thing that a release states otherwise."""

    span: Span
    path: Located[str] = reads(TEXT, "The place.", required=True)
    kind: Located[str] = reads(
        Text("a kind of fact", choices=KINDS), "The kind of the fact.", required=True
    )
    value: Located[Json] | None = reads(
        Value(), "The value that is stated from then on."
    )
    added: tuple[Located[str], ...] | None = reads(
        Many(TEXT, "a list of values"), "Values that are new in a list."
    )
    removed: tuple[Located[str], ...] | None = reads(
        Many(TEXT, "a list of values"), "Values that a list lost."
    )
    gone: Located[bool] | None = reads(Boolean(), "Whether it is stated no more.")


@record
class _Step:
    """A release that states something otherwise than the one before it."""

    span: Span
    release: Located[str] = reads(TEXT, "Its number.", required=True)
    date: Located[str] = reads(_DATE, "The day it was made.", required=True)
    after: _Release | None = reads(
        Record(_Release, "a release"), "The one read before it."
    )
    changes: tuple[_Change, ...] = reads(
        Many(Record(_Change, "a change"), "a list of changes"),
        "The facts that it changes.",
        required=True,
    )


@record
class _About:
    """Whose history it is."""

    span: Span
    id: Located[str] = reads(ID, "The source's id.", required=True)
    title: Located[str] = reads(TEXT, "Title of the source.", required=True)
    last: _Release = reads(
        Record(_Release, "a release"), "The newest release read.", required=True
    )
    read: Located[int] = reads(
        Number("a number of releases", integer=True, minimum=1),
        "How many releases were read.",
        required=True,
    )
    steps_sha256: Located[str] | None = reads(_HASH, "The hash of the steps.")


@record
class _HistoryFile:
    """A file of history."""

    span: Span
    history: _About = reads(Record(_About, "a history"), "Whose.", required=True)
    steps: tuple[_Step, ...] = reads(
        Many(Record(_Step, "a step"), "a list of steps", at_least=1),
        "Releases that state something otherwise, oldest first.",
        required=True,
    )


HISTORY = Record(_HistoryFile, "a file of history")


def read_history(file: SourceFile) -> History:
    """The history in a file.

    Raises:
        Faults: The file is not built as a history is, or was edited by hand.
    """
    written = read_record(_HistoryFile, HISTORY, file)
    about = written.history
    steps = tuple(map(_step, written.steps))
    stated = about.steps_sha256
    if stated is not None and stated.value != steps_hash(steps):
        stop_on([catalogue.edited_evidence(stated.span)])
    return History(
        id=about.id.value,
        title=about.title.value,
        last=_release(about.last),
        read=about.read.value,
        steps=steps,
        span=about.span,
    )


def _release(written: _Release | _Step) -> Release:
    return Release(written.release.value, written.date.value)


def _step(written: _Step) -> Step:
    return Step(
        release=_release(written),
        after=_release(written.after) if written.after is not None else None,
        changes=tuple(
            Restatement(
                path=one.path.value,
                kind=one.kind.value,
                value=one.value.value if one.value is not None else None,
                added=tuple(value.value for value in one.added or ()),
                removed=tuple(value.value for value in one.removed or ()),
                gone=one.gone.value if one.gone is not None else False,
            )
            for one in written.changes
        ),
    )


def steps_hash(steps: Iterable[Step]) -> str:
    """The SHA-256 of the steps themselves, whatever the layout of their file."""
    rows = [
        [
            step.release,
            step.after,
            [
                [one.path, one.kind, one.value, one.added, one.removed, one.gone]
                for one in step.changes
            ],
        ]
        for step in steps
    ]
    text = json.dumps(rows, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def write_history(history: History, command: str) -> str:
    """The text of a file of history.

    Args:
        history: What it holds.
        command: The command that wrote it, for the first line.
    """
    return "".join(f"{line}\n" for line in _lines(history, command))


def _lines(history: History, command: str) -> Iterator[str]:
    yield comment(f"When {history.title} stated what. Written by `{command}`;")
    yield "# not to be edited."
    yield "history:"
    yield f"  id: {quoted(history.id)}"
    yield f"  title: {quoted(history.title)}"
    yield f"  last: {_of(history.last)}"
    yield f"  read: {history.read}"
    yield f"  steps_sha256: {steps_hash(history.steps)}"
    yield "steps:"
    for step in history.steps:
        yield f"  - release: {quoted(step.release.version)}"
        yield f"    date: {quoted(step.release.date)}"
        if step.after is not None:
            yield f"    after: {_of(step.after)}"
        yield "    changes:" if step.changes else "    changes: []"
        for change in step.changes:
            yield f"      - {{{', '.join(_parts(change))}}}"


def _of(release: Release) -> str:
    return f"{{release: {quoted(release.version)}, date: {quoted(release.date)}}}"


def _parts(change: Restatement) -> Iterator[str]:
    yield f"path: {quoted(change.path)}"
    yield f"kind: {change.kind}"
    if change.gone:
        yield "gone: true"
    elif change.added or change.removed:
        if change.added:
            yield f"added: {quoted(list(change.added))}"
        if change.removed:
            yield f"removed: {quoted(list(change.removed))}"
    else:
        yield f"value: {quoted(change.value)}"
