"""`shapespec audit`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path

import click

from shapespec.api import spec_of
from shapespec.cli.remarks import format_option, reports
from shapespec.contract.facts import Ledger
from shapespec.diagnostics.model import Diagnostic
from shapespec.diagnostics.render import render
from shapespec.diagnostics.reports import Remark
from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.sinks.out import Escaped, put
from shapespec.ground.tables import aligned
from shapespec.ground.terminal import line, style_for
from shapespec.project.files import read_source, siblings
from shapespec.project.settings import find_settings
from shapespec.tools.audit import Entry, Verdict, audit, check_decisions


@click.command()
@click.argument("specs", metavar="[SPEC]...", nargs=-1, type=click.Path(path_type=Path))
@format_option(
    "How to print verdicts; json gives one line for each fact, github annotates the"
    " lines of those that are faults, sarif is for code scanning."
)
def command(specs: tuple[Path, ...], output: str) -> None:
    """Hold every fact that a source states against the spec, and the spec against them.

    A fact agrees with the spec, is decided (the decisions file says what stands where
    sources differ, and the spec states exactly that), or is open. What the spec states
    and no source does is unsupported. Open and unsupported facts are faults.

    \b
    Exit codes:
      0  every fact agrees or is decided
      1  there are faults
      2  wrong usage, or a file that cannot be read
    """
    from shapespec.compiler import compile_spec

    settings = find_settings(Path.cwd())
    failed = False
    remarks: list[Remark | Diagnostic] = []
    for spec in map(spec_of, specs or settings.specs):
        shown = settings.shown(spec)
        source = read_source(spec, name=shown)
        schema = compile_spec(source, siblings(spec, shown))
        entries = audit(schema)
        faults = tuple(check_decisions(schema, entries))
        failed = failed or bool(faults) or any(entry.is_fault for entry in entries)
        if output in _WRITERS:
            for text in _WRITERS[output](entries, schema.ledger):
                put(text)
            _show(faults)
        else:
            remarks += [*map(_remark, filter(_IS_FAULT, entries)), *faults]
    if output not in _WRITERS:
        for text in reports(remarks, output):
            put(text)
    sys.exit(1 if failed else 0)


_IS_FAULT = attrgetter("is_fault")


def _remark(entry: Entry) -> Remark:
    """A fact that is a fault, at its place in the evidence or the spec."""
    fact = entry.fact
    value = _cut(json.dumps(fact.value, ensure_ascii=False))
    who = entry.source or "the spec"
    message = f"{fact.path or '(the contract)'}: {who} states {fact.kind} {value};"
    about = Remark(
        f"{entry.verdict}-fact",
        "error",
        f"{message} {entry.problem}",
        help=_ADVICE[entry.verdict],
    )
    if fact.span is None:
        return about
    return about._replace(file=fact.span.file.name, begin=fact.span.position)


def _show(faults: Sequence[Diagnostic]) -> None:
    if faults:
        put(render(faults, style_for(sys.stderr)), err=True)


def _as_json(entries: Sequence[Entry], ledger: Ledger) -> Iterator[Escaped]:
    del ledger
    for entry in entries:
        fact = entry.fact
        found: dict[str, object] = {
            "source": entry.source,
            "path": fact.path,
            "kind": fact.kind,
            "value": fact.value,
            "verdict": entry.verdict,
        }
        if fact.as_written is not None:
            found["as_written"] = fact.as_written
        if entry.decision is not None:
            found["decision"] = entry.decision
        yield dumps(found)


def _as_text(entries: Sequence[Entry], ledger: Ledger) -> Iterator[Escaped]:
    for entry in entries:
        if entry.is_fault:
            yield from map(line, _fault(entry))
    yield from map(line, _table(entries, ledger))


def _fault(entry: Entry) -> Iterator[str]:
    fact = entry.fact
    place = f"{fact.span}: " if fact.span is not None else ""
    who = entry.source or "the spec"
    value = json.dumps(fact.value, ensure_ascii=False)
    where = f" (line {fact.line} of the document)" if fact.line is not None else ""
    yield f"{place}{entry.verdict}: {fact.path or '(the contract)'} {fact.kind}"
    yield f"    {who} states {_cut(value)}{where}; {entry.problem}"
    yield f"    {_ADVICE[entry.verdict]}"


_ADVICE = {
    Verdict.OPEN: "change the spec, or settle it in the decisions file",
    Verdict.UNSUPPORTED: "name a source for it, or take it out of the spec",
}


def _cut(text: str) -> str:
    return text if len(text) <= 100 else text[:99] + "…"


def _table(entries: Sequence[Entry], ledger: Ledger) -> Iterator[str]:
    """Source by verdict, with counts and percentages."""
    counts = Counter((entry.source, entry.verdict) for entry in entries)
    editions = {one.source.id: one.source.edition for one in ledger.evidence}
    verdicts = (Verdict.AGREES, Verdict.DECIDED, Verdict.OPEN)
    rows = [("source", "edition", "facts", *map(str, verdicts))]
    for source, edition in editions.items():
        numbers = [counts[source, verdict] for verdict in verdicts]
        total = sum(numbers)
        shares = (f"{one} ({one / total:.0%})" if one else "0" for one in numbers)
        rows.append((source, edition, str(total), *shares))
    yield from aligned(rows)
    unsupported = counts[None, Verdict.UNSUPPORTED]
    open_facts = sum(entry.verdict is Verdict.OPEN for entry in entries)
    yield f"{open_facts} open, {unsupported} unsupported"


_WRITERS = {"text": _as_text, "json": _as_json}
"""The formats that have every fact; the others have those that are faults."""
