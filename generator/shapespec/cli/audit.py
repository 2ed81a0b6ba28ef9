"""`shapespec audit`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from shapespec.api import spec_of
from shapespec.cli.common import report
from shapespec.cli.options import out_option
from shapespec.cli.remarks import format_option, reports
from shapespec.contract.facts import Ledger
from shapespec.contract.schema import LeftOut
from shapespec.diagnostics.model import Diagnostic
from shapespec.diagnostics.render import render
from shapespec.diagnostics.reports import Remark
from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.sinks.out import Escaped, put
from shapespec.ground.tables import aligned
from shapespec.ground.terminal import line, style_for
from shapespec.project.files import read_source, siblings
from shapespec.project.settings import find_settings
from shapespec.tools.audit import (
    Account,
    Audited,
    Outcome,
    Unjudged,
    account,
    audit,
    check_decisions,
    unjudged,
)
from shapespec.tools.source_dates import Dated, dated


@click.command()
@click.argument("specs", metavar="[SPEC]...", nargs=-1, type=click.Path(path_type=Path))
@format_option(
    "How to print verdicts; json gives one line for each fact, github annotates the"
    " lines of those that are faults, sarif is for code scanning."
)
@out_option("Write the verdicts to this file; default: standard output.")
def command(specs: tuple[Path, ...], output: str, out: Path | None) -> None:
    """Compare the spec with every fact that a source states.

    A fact agrees with the spec, is decided (the decisions file says which fact is taken
    where sources differ, and the spec states exactly that), or is open. If the spec
    states something that no source states, it is unsupported. Open and unsupported
    facts are faults.

    Every line of a document must be accounted for: the importer reads it, a fact cites
    it, or a person has set it aside because it states nothing. Any other line is open,
    which is a fault.

    The audit counts what no fact can state: other operations and roots than the main
    ones, and constraints such as formats, for which there is no kind of fact.

    If an importer wrote the spec, the audit also lists what it could not carry over.
    This is for information: it is not a fault, and not part of the contract.

    With a history, a second table shows in which releases everything that a document
    states was true. It names the newest fact that the document has, and the oldest that
    it lacks or states differently.

    \b
    Exit codes:
      0  every fact agrees or is decided, and no line is open
      1  there are faults
      2  wrong usage, or a file that cannot be read
    """
    from shapespec.compiler import compile_spec

    settings = find_settings(Path.cwd())
    failed = False
    remarks: list[Remark | Diagnostic] = []
    lines: list[Escaped] = []
    for spec in map(spec_of, specs or settings.specs):
        shown = settings.shown(spec)
        source = read_source(spec, name=shown)
        schema = compile_spec(source, siblings(spec, shown))
        entries = audit(schema)
        faults = tuple(check_decisions(schema, entries))
        accounts = tuple(account(schema.ledger))
        failed = failed or bool(faults) or any(entry.is_fault for entry in entries)
        failed = failed or any(one.open for one in accounts)
        if output in _WRITERS:
            lines += _WRITERS[output](entries, accounts, schema.ledger)
            if output == "text":
                lines += map(line, _not_compared(unjudged(schema)))
                lines += map(line, _dates(tuple(dated(schema))))
            lines += _LEFT_OUT[output](schema.not_carried)
            _show(faults)
        else:
            remarks += [*_remarks(entries, accounts), *faults]
    if output not in _WRITERS:
        lines += reports(remarks, output)
    report(lines, out)
    sys.exit(1 if failed else 0)


def _remarks(
    entries: Sequence[Audited], accounts: Sequence[Account]
) -> Iterator[Remark]:
    """Each fact and each line that is a fault, at its place if that is known."""
    for entry in entries:
        if entry.is_fault:
            span = entry.fact.span
            yield Remark(
                f"{entry.verdict}-fact",
                "error",
                _sentence(entry),
                None if span is None else span.file.name,
                None if span is None else span.position,
                help=_ADVICE[entry.verdict],
            )
    for one in accounts:
        for number in one.open:
            message = f"line {number} of {one.source.document} has not been read"
            yield Remark("open-line", "error", message, help=_LET_IT_BE_CITED)


def _sentence(entry: Audited) -> str:
    fact = entry.fact
    who = entry.source or "the spec"
    value = _cut(json.dumps(fact.value, ensure_ascii=False))
    path = fact.path or "(the contract)"
    return f"{path}: {who} states {fact.kind} {value}; {entry.problem}"


def _show(faults: Sequence[Diagnostic]) -> None:
    if faults:
        put(render(faults, style_for(sys.stderr)), err=True)


def _as_json(
    entries: Sequence[Audited], accounts: Sequence[Account], ledger: Ledger
) -> Iterator[Escaped]:
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
    for one in accounts:
        for number in one.open:
            yield dumps(
                {
                    "source": one.source.id,
                    "path": "",
                    "kind": "line",
                    "value": number,
                    "verdict": Outcome.OPEN,
                }
            )


def _as_text(
    entries: Sequence[Audited], accounts: Sequence[Account], ledger: Ledger
) -> Iterator[Escaped]:
    for entry in entries:
        if entry.is_fault:
            yield from map(line, _fault(entry))
    for one in accounts:
        for number in one.open:
            yield line(f"open: line {number} of {one.source.document}")
            yield line(
                f"    nobody has read it for {one.source.id}: let a fact cite it"
            )
            yield line("    in the .prose.yaml, or set it aside there")
    yield from map(line, _table(entries, accounts, ledger))


def _fault(entry: Audited) -> Iterator[str]:
    fact = entry.fact
    place = f"{fact.span}: " if fact.span is not None else ""
    who = entry.source or "the spec"
    value = json.dumps(fact.value, ensure_ascii=False)
    where = f" (line {fact.line} of the document)" if fact.line is not None else ""
    yield f"{place}{entry.verdict}: {fact.path or '(the contract)'} {fact.kind}"
    yield f"    {who} states {_cut(value)}{where}; {entry.problem}"
    yield f"    {_ADVICE[entry.verdict]}"
    types = fact.value.get("types") if isinstance(fact.value, dict) else None
    is_seen = entry.verdict is Outcome.OPEN and fact.kind == "seen"
    if is_seen and isinstance(types, list | dict):
        from shapespec.tools.observe.stubs import only_seen, written

        stub = only_seen(fact.path, who, map(str, types))
        yield from (f"    {one}" for one in written(stub).splitlines())


_ADVICE = {
    Outcome.OPEN: "change the spec, or settle it in the decisions file",
    Outcome.UNSUPPORTED: "name a source for it, or take it out of the spec",
}
_LET_IT_BE_CITED = "let a fact cite it in the .prose.yaml, or set it aside there"


def _cut(text: str) -> str:
    return text if len(text) <= 100 else text[:99] + "…"


def _table(
    entries: Sequence[Audited], accounts: Sequence[Account], ledger: Ledger
) -> Iterator[str]:
    """Source by verdict, with counts and percentages."""
    counts = Counter((entry.source, entry.verdict) for entry in entries)
    editions = {one.source.id: one.source.edition for one in ledger.evidence}
    verdicts = (Outcome.AGREES, Outcome.DECIDED, Outcome.OPEN)
    lines = {one.source.id: one for one in accounts}
    heads = ("cited", "set aside", "open lines") if lines else ()
    rows = [("source", "edition", "facts", *map(str, verdicts), *heads)]
    for source, edition in editions.items():
        numbers = [counts[source, verdict] for verdict in verdicts]
        total = sum(numbers)
        shares = (f"{one} ({one / total:.0%})" if one else "0" for one in numbers)
        rows.append((source, edition, str(total), *shares, *_lines(lines, source)))
    yield from aligned(rows)
    unsupported = counts[None, Outcome.UNSUPPORTED]
    open_facts = sum(entry.verdict is Outcome.OPEN for entry in entries)
    unread = sum(len(one.open) for one in accounts)
    said = f"{open_facts} open, {unsupported} unsupported"
    yield f"{said}, {unread} lines open" if lines else said


def _not_compared(found: Unjudged) -> Iterator[str]:
    """What the spec states and no source could, in a line for each."""
    if found.kinds:
        said = ", ".join(f"{kind} {count}" for kind, count in found.kinds.items())
        yield f"not compared, since no kind of fact says it: {said}"
    if found.roots:
        named = ", ".join(found.roots[:_FEW_ROOTS])
        more = len(found.roots) - _FEW_ROOTS
        said = f"{named} and {more} more" if more > 0 else named
        yield f"not compared, since no path of a fact leads there: {said}"


_FEW_ROOTS = 12


def _dates(found: Sequence[Dated]) -> Iterator[str]:
    """From when to when each document's facts can have been written, and why."""
    if not found:
        return
    yield ""
    rows = [("source", "edition", "written from", "because of", "to", "because of")]
    for one in found:
        (low, newest), (high, oldest) = one.earliest, one.latest
        cells = (low or "", _few(newest), high or "", _few(oldest))
        rows.append((one.source.id, one.source.edition, *cells))
    yield from aligned(rows)
    for one in found:
        low, high = one.earliest.date, one.latest.date
        year = one.source.edition[:4]
        if (low and year < low[:4]) or (high and year > high[:4]):
            yield f"{one.source.id} does not fit its edition, {one.source.edition}"


def _few(because: tuple[str, ...]) -> str:
    more = f" and {len(because) - 1} more" if len(because) > 1 else ""
    return f"{because[0]}{more}" if because else ""


def _left_out_json(found: Sequence[LeftOut]) -> Iterator[Escaped]:
    """What an importer could not carry, in the form of a fact with its own verdict."""
    for one in found:
        yield dumps(
            {
                "source": None,
                "path": one.at,
                "kind": one.rule,
                "value": {
                    "keyword": one.keyword,
                    "effect": one.effect,
                    "means": one.means,
                    "source": one.source,
                },
                "verdict": "not-carried",
            }
        )


def _left_out_text(found: Sequence[LeftOut]) -> Iterator[Escaped]:
    """What an importer could not carry: a line for each place, then the counts."""
    if not found:
        return
    yield line("")
    for one in found:
        where = " ".join(filter(None, (one.at or one.source, one.keyword)))
        yield line(f"not carried ({one.effect}): {where}: {one.means}")
    counted = Counter(one.effect for one in found)
    said = ", ".join(f"{count} {effect}" for effect, count in sorted(counted.items()))
    yield line(f"{len(found)} not carried: {said}")


_LEFT_OUT = {"text": _left_out_text, "json": _left_out_json}


def _lines(accounts: Mapping[str, Account], source: str) -> tuple[str, ...]:
    """How many lines of prose are cited, set aside and open."""
    if not accounts:
        return ()
    one = accounts.get(source)
    if one is None:
        return ("", "", "")
    return str(one.cited), str(one.aside), str(len(one.open))


_WRITERS = {"text": _as_text, "json": _as_json}
"""The formats that have every fact; the others have those that are faults."""
