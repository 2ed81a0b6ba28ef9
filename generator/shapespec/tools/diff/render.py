"""Changes as text for people, as JSON for programs, as Markdown for release notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple, TypeAlias

from shapespec.backends.docs import markdown
from shapespec.diagnostics.reports import Remark, as_github, as_sarif
from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.sinks.out import Escaped
from shapespec.ground.source import Position
from shapespec.ground.terminal import Style, line
from shapespec.tools.diff.model import Change, Class, Comparison, Silence, is_request
from shapespec.tools.diff.rules import at
from shapespec.tools.diff.spec_side import ABOUT

Renderer: TypeAlias = Callable[[Comparison, Style], Iterator[Escaped]]

_COLORS = {
    Class.BREAKING: "red",
    Class.WIDENING: "yellow",
    Class.NARROWING: "cyan",
    Class.DOCUMENTATION: "green",
}


def as_text(comparison: Comparison, style: Style) -> Iterator[Escaped]:
    """A group for each pair of classes, two lines for each change, then the counts."""
    yield from map(line, _as_text(comparison, style))


def _as_text(comparison: Comparison, style: Style) -> Iterator[str]:
    pending = comparison.pending()
    for (readers, writers), group in groupby(pending, _classes):
        yield _heading(readers, writers, style)
        for same, run in groupby(group, _alike):
            alike = list(run)
            shown = alike[:_SHOWN] if len(alike) > _SHOWN + 1 else alike
            for change in shown:
                finding = change.finding
                mark = style(change.fingerprint, "blue")
                yield f"  {mark}  {_message(change, comparison)}"
                places = f"{finding.old.place} -> {finding.new.place}"
                yield f"  {' ' * 12}  {places}"
            if len(shown) < len(alike):
                more = f"{len(alike) - len(shown)} more of {same.what} at {same.path}"
                yield f"  ...           {more}; --format json has them"
        yield ""
    yield _total(comparison)
    if pending:
        yield f"  for readers: {_counts(change.readers for change in pending)}"
        yield f"  for writers: {_counts(change.writers for change in pending)}"
    for silence in comparison.silences:
        yield from _untold(silence)


def _heading(readers: Class, writers: Class, style: Style) -> str:
    means = [style(one, _COLORS[one], bold=True) for one in (readers, writers)]
    return f"readers: {means[0]}, writers: {means[1]}"


_SHOWN = 4
"""How many changes of one kind are shown for one place, such as values of an enum."""


class _Alike(NamedTuple):
    contract: str
    path: str
    what: str


def _alike(change: Change) -> _Alike:
    return _Alike(change.contract, at(change.finding.path), change.finding.what)


def _classes(change: Change) -> tuple[Class, Class]:
    return change.readers, change.writers


def _message(change: Change, comparison: Comparison) -> str:
    """What changed; with the operation or root, where there are several."""
    contracts = {one.contract for one in comparison.changes} - {ABOUT}
    several = len(contracts) > 1 and change.contract != ABOUT
    return f"{change.contract}: {change.message}" if several else change.message


def _total(comparison: Comparison) -> str:
    pending = len(comparison.pending())
    accepted = len(comparison.changes) - pending
    and_accepted = f" ({accepted} accepted)" if accepted else ""
    if not pending:
        return f"no {'new ' * bool(accepted)}changes{and_accepted}"
    return f"{pending} change{'' if pending == 1 else 's'}{and_accepted}"


def _counts(classes: Iterable[Class]) -> str:
    counted = Counter(classes)
    return ", ".join(f"{counted[one]} {one}" for one in Class if counted[one])


def _untold(silence: Silence) -> Iterator[str]:
    """What was not compared, and why."""
    if silence.kinds:
        kinds = ", ".join(silence.kinds)
        yield f"not compared, as {silence.name} states none: {kinds}"
    if silence.places:
        shown = ", ".join(silence.places[:8])
        more = len(silence.places) - 8
        rest = f" and {more} more" if more > 0 else ""
        yield f"not compared, as {silence.name} names no member of: {shown}{rest}"


def as_json(comparison: Comparison, style: Style) -> Iterator[Escaped]:
    """One object for each change, on a line of its own, always with the same keys."""
    del style
    for change in comparison.changes:
        finding = change.finding
        found = {
            "fingerprint": change.fingerprint,
            "change": finding.what,
            "contract": change.contract,
            "path": finding.path,
            "direction": "request" if is_request(finding.path) else "response",
            "kind": finding.kind,
            "key": finding.key,
            "readers": change.readers,
            "writers": change.writers,
            "old": finding.old.value,
            "new": finding.new.value,
            "old_place": finding.old.place,
            "new_place": finding.new.place,
            "message": change.message,
            "accepted": change.accepted,
        }
        yield dumps(found)


def as_markdown(comparison: Comparison, style: Style) -> Iterator[Escaped]:
    """A section for the gravest class of each change, a list item for the change."""
    del style
    yield from map(line, _as_markdown(comparison))


def _as_markdown(comparison: Comparison) -> Iterator[str]:
    names = [markdown.text(side.name) for side in (comparison.old, comparison.new)]
    yield f"# Changes from {' to '.join(names)}"
    yield ""
    pending = comparison.pending()
    for gravest, group in groupby(pending, lambda change: change.weight[0]):
        yield f"## {gravest.capitalize()}"
        yield ""
        for change in group:
            text = markdown.text(_message(change, comparison))
            classes = f"readers: {change.readers}, writers: {change.writers}"
            yield f"- {text} ({classes}; `{change.fingerprint}`)"
        yield ""
    yield _sentence(_total(comparison))
    for silence in comparison.silences:
        for said in _untold(silence):
            yield ""
            yield _sentence(markdown.text(said))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


_LEVELS = {
    Class.BREAKING: "error",
    Class.WIDENING: "warning",
    Class.NARROWING: "warning",
    Class.DOCUMENTATION: "note",
}
_PLACE = re.compile(r"(?P<file>.+):(?P<line>[0-9]+):(?P<column>[0-9]+)")


def remarks(comparison: Comparison) -> Iterator[Remark]:
    """Each change that is not accepted, at its place in the new or old contract."""
    for change in comparison.pending():
        finding = change.finding
        worst, _ = change.weight
        about = Remark(
            f"{worst}-change",
            _LEVELS[worst],
            f"{_message(change, comparison)} (readers: {change.readers}, writers:"
            f" {change.writers})",
            help=f"accept it with --accept {change.fingerprint}",
        )
        for stated in (finding.new, finding.old):
            found = _PLACE.fullmatch(stated.place)
            if found:
                begin = Position(int(found["line"]), int(found["column"]))
                about = about._replace(file=found["file"], begin=begin)
                break
        yield about


def _as_github(comparison: Comparison, style: Style) -> Iterator[Escaped]:
    """Commands of a GitHub workflow, which annotate the new contract."""
    del style
    yield from as_github(remarks(comparison))


def _as_sarif(comparison: Comparison, style: Style) -> Iterator[Escaped]:
    """One SARIF document."""
    del style
    yield from as_sarif(remarks(comparison), lambda _: None)


RENDERERS: dict[str, Renderer] = {
    "text": as_text,
    "json": as_json,
    "markdown": as_markdown,
    "github": _as_github,
    "sarif": _as_sarif,
}
