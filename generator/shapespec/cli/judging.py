"""What `shapespec validate` does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

import click

from shapespec.api import load_contract, operation_of
from shapespec.cli.common import (
    chosen_address,
    judging_options,
    report,
    say_waiting,
    stop_on_faults,
)
from shapespec.contract.findings import FINDINGS
from shapespec.diagnostics.suggest import meant
from shapespec.ground.errors import Unusable
from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.sinks.out import Escaped
from shapespec.ground.terminal import Progress, line, plain, style_for, warn
from shapespec.ground.writing import write_file
from shapespec.project.files import MAX_SPEC_BYTES
from shapespec.project.settings import RuleName, Settings, find_settings
from shapespec.responses.baseline import Baseline
from shapespec.responses.bulk import Inputs, Run
from shapespec.responses.fingerprints import read_fingerprints
from shapespec.responses.hints import Hints, is_strange
from shapespec.responses.judge import Judge
from shapespec.responses.policy import Judged, Policy, unclean
from shapespec.responses.read import Clean, ReadOptions
from shapespec.responses.render import RENDERERS, Setting
from shapespec.responses.summary import Summary
from shapespec.tools.explain import page
from shapespec.tools.reference_links import ReferenceLinks
from shapespec.tools.rule_pages import RulePages


def run(
    files: tuple[str, ...],
    spec: Path | None,
    operation: str | None,
    shape: str | None,
    form: str | None,
    *,
    answer: str | None,
    strict: bool,
    pedantic: bool,
    as_of: str | None,
    output: str,
    ignored: tuple[str, ...],
    severities: tuple[tuple[str, str], ...],
    baseline: Path | None,
    new_baseline: Path | None,
    quiet: bool,
    each: bool,
    statistics: bool,
    exit_zero: bool,
    rows_out: Path | None,
    out: Path | None,
    at: str,
    jobs: int | None,
    exclude: tuple[str, ...],
    kind: str | None,
    column: str | None,
    rows: bool,
    max_size: int,
) -> None:
    """Judge responses; see `validate.command` for what each option means.

    Raises:
        Unusable: A contract, a rule or a file cannot be used.
        click.UsageError: Two options do not go together.
        SystemExit: With the exit code, at the end.
    """
    if statistics and output not in ("text", "json"):
        raise click.UsageError(f"--statistics cannot be printed as {output}")
    if rows_out is not None:
        from shapespec.responses.report import check_report

        check_report(rows_out, files if out is None else (*files, out))
    settings = find_settings(Path.cwd())
    chosen = chosen_address(spec, settings)
    load = partial(
        load_contract,
        chosen,
        operation=operation,
        status=answer,
        target="validators",
        limit=MAX_SPEC_BYTES,
        dated=as_of is not None,
    )
    with stop_on_faults("nothing was validated"):
        contract = load()
    say_waiting(files)
    options = judging_options(
        contract, chosen, shape, form, strict="all" if pedantic else strict, as_of=as_of
    )
    hints = Hints(contract, options, rows=rows)
    rules = _Rules(chosen, settings)
    policy = Policy(
        ignored=rules.ignored(ignored),
        severities=rules.severities(severities),
        baseline=_known(baseline or settings.baseline, new_baseline),
        accepts_all=new_baseline is not None,
    )
    reading = ReadOptions(kind=kind, rows=rows, limit=max_size, at=at, column=column)
    inputs = Inputs(named=files, reading=reading, exclude=exclude, jobs=jobs)
    judge = Judge(load, options, policy, reading, contract)
    summary, found = Summary(), Baseline()
    with (
        _rows(rows_out, chosen, operation, shape) as noted,
        Progress("responses", inputs.total()) as progress,
        Run(inputs, judge, progress).items() as judged,
    ):
        verdicts = summary.counted(found.noted(noted(_helped(judged, hints))))
        if quiet:
            verdicts = (verdict for verdict in unclean(verdicts) if not verdict.valid)
        style = style_for(sys.stdout) if out is None else plain
        setting = Setting(
            style=style, page=rules.page, each=each, reference=rules.links(shape)
        )
        report(
            _statistics(verdicts, summary, output)
            if statistics
            else RENDERERS[output](verdicts, setting),
            out,
        )
    if new_baseline is not None:
        write_file(new_baseline, found.text())
        warn(f"{new_baseline}: {found.size} fingerprints")
    if summary.is_empty:
        warn("nothing was validated: what was read contains no response")
    elif output == "text" and not (quiet or statistics):
        for text in summary.lines():
            warn(text)
    code = summary.exit_code
    sys.exit(0 if exit_zero and code == 1 else code)


def _statistics(
    verdicts: Iterable[Judged], summary: Summary, output: str
) -> Iterator[Escaped]:
    """Only how often each rule was broken, when all responses have been judged."""
    for _ in verdicts:
        pass
    if output == "json":
        yield from map(dumps, summary.as_dicts())
    else:
        yield from map(line, summary.statistics())


_Noted: TypeAlias = Callable[[Iterable[Judged]], Iterable[Judged]]


@contextmanager
def _rows(
    path: Path | None, chosen: Path, operation: str | None, shape: str | None
) -> Iterator[_Noted]:
    """What notes the findings of verdicts in a file that is whole at the end, if any.

    Raises:
        Unusable: It cannot be written.
    """
    if path is None:
        yield iter
        return
    from shapespec.responses.report import open_report

    with open_report(path, operation_of(chosen, operation, shape)) as report:
        yield report.noted
    warn(f"{path}: {report.rows:,} row{'' if report.rows == 1 else 's'}")


def _helped(verdicts: Iterable[Judged], hints: Hints) -> Iterator[Judged]:
    """The verdicts, the first wrong ones with what would make them valid.

    Those are wrong, too, that are valid since nothing in them is known: of a service
    model no member need be there.
    """
    for verdict in verdicts:
        if (
            isinstance(verdict, Clean)
            or verdict.response.unreadable is not None
            or (verdict.valid and not is_strange(verdict))
        ):
            yield verdict
        else:
            help_ = hints.hint(verdict.response, verdict.findings)
            yield replace(verdict, help=help_)


def _known(given: Path | None, new: Path | None) -> frozenset[str]:
    """The fingerprints that are known; none while they are found anew.

    Raises:
        Unusable: Their file cannot be read, or holds something else.
    """
    if given is None or new is not None:
        return frozenset()
    with stop_on_faults("nothing was validated"):
        return frozenset(read_fingerprints(given))


class _Rules:
    """The rules that findings may have: those of all contracts, and a spec's own."""

    def __init__(self, spec: Path, settings: Settings) -> None:
        self._spec = spec
        self._settings = settings
        self._pages = RulePages((spec, *settings.specs), settings)

    def links(self, shape: str | None) -> ReferenceLinks:
        """Links from findings to the reference."""
        return ReferenceLinks(self._spec, self._pages, self._settings, shape)

    def page(self, rule: str) -> str:
        """The page of a rule."""
        if rule in FINDINGS:
            return page(rule)
        with stop_on_faults("its rules cannot be explained"):
            return self._pages.page(rule)

    def ignored(self, given: Iterable[str]) -> frozenset[str]:
        """The rules that are ignored, by the command line or by the settings.

        Raises:
            Unusable: There is no such rule.
        """
        names = (RuleName(rule, "--ignore") for rule in given)
        return frozenset(map(self._known, (*self._settings.ignored, *names)))

    def severities(self, given: Iterable[tuple[str, str]]) -> dict[str, str]:
        """What the findings of rules weigh; the command line goes before the settings.

        Raises:
            Unusable: There is no such rule.
        """
        names = ((RuleName(rule, "--severity"), level) for rule, level in given)
        return {
            self._known(name): level
            for name, level in (*self._settings.severities, *names)
        }

    def _known(self, name: RuleName) -> str:
        if name.rule in FINDINGS:
            return name.rule
        with stop_on_faults("nothing was validated"):
            known = (*FINDINGS, *self._pages.rules())
        if name.rule not in known:
            near = meant(name.rule, known)
            raise Unusable(f"{name.where}: unknown rule {name.rule!r}{near}")
        return name.rule
