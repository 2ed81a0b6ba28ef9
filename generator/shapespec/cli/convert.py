"""`shapespec convert`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from itertools import chain
from pathlib import Path

import click

from shapespec.api import load_contract
from shapespec.cli.common import (
    Saying,
    chosen_address,
    judging_options,
    report,
    say_waiting,
    stop_on_faults,
)
from shapespec.cli.declared import (
    answer_option,
    at_option,
    contract_options,
    exclude_option,
    input_options,
    jobs_option,
    list_forms_option,
)
from shapespec.cli.names import FormName, ResponseFile, ShapeName
from shapespec.cli.options import Aliased, out_option
from shapespec.ground.sinks.out import Escaped, put
from shapespec.ground.terminal import line, style_for
from shapespec.project.settings import find_settings
from shapespec.responses.bulk import Inputs
from shapespec.responses.convert import Converted, converter
from shapespec.responses.policy import Verdict
from shapespec.responses.read import ReadOptions, Response
from shapespec.responses.render import as_text
from shapespec.responses.works import Said, SayingWork

_MOST_LOST = 20


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=ResponseFile()
)
@click.option(
    "--from",
    "--form",
    "source",
    cls=Aliased,
    shown=("--from",),
    type=FormName(),
    required=True,
    help="The form the responses are in: aws-cli.",
)
@click.option(
    "--to",
    "target",
    type=FormName(),
    required=True,
    help="The form they should have.",
)
@list_forms_option
@out_option(
    "Write to a file, not to standard output; where it is called .csv, rows of CSV."
)
@contract_options
@answer_option
@click.option("--shape", type=ShapeName(), help="The shape each response should have.")
@jobs_option
@exclude_option
@input_options
@at_option
def command(
    files: tuple[str, ...],
    source: str,
    target: str,
    spec: Path | None,
    shape: str | None,
    *,
    out: Path | None,
    operation: str | None,
    jobs: int | None,
    answer: str | None,
    exclude: tuple[str, ...],
    kind: str | None,
    column: str | None,
    rows: bool,
    max_size: int,
    at: str,
) -> None:
    """Convert responses between forms.

    A form is how a system writes the same response: names in snake case, timestamps as
    numbers or strings, columns of a table. FILE is anything that `validate` reads. Each
    response is printed as JSON on one line. A response that is not valid in its form is
    not converted; its findings go to standard error, and so do the values that the
    other form cannot express.

    \b
    Exit codes:
      0  every response was converted
      1  at least one response is invalid
      2  something cannot be read, or wrong usage

    \b
    Examples:
      shapespec convert --from aws-cli --to boto3 job.json
      shapespec convert --from datadog-ddsql --to wire rows.csv
      shapespec convert --from aws-cli --to datadog-ddsql job.json -o rows.csv
    """
    say_waiting(files)
    chosen = chosen_address(spec, find_settings(Path.cwd()))
    load = partial(load_contract, chosen, operation=operation, status=answer)
    with stop_on_faults("nothing was converted"):
        contract = load()
    options = judging_options(contract, chosen, shape, source, strict=False)
    judging_options(contract, chosen, shape, target, strict=False)
    as_csv = out is not None and out.suffix.lower() == ".csv"
    head = converter(
        contract, shape=shape, source=source, target=target, as_csv=as_csv
    ).head
    reading = ReadOptions(kind=kind, rows=rows, limit=max_size, at=at, column=column)
    inputs = Inputs(named=files, reading=reading, exclude=exclude, jobs=jobs)
    work = _Conversion(load, contract, reading)
    work.way = (shape, source, target, as_csv)
    work.options = options
    saying = Saying(inputs, work)
    report(chain(() if head is None else (head,), saying.lines()), out)
    if saying.lost:
        put(_lost(target, saying.lost), err=True)
    sys.exit(saying.code)


def _lost(target: str, lost: Counter[str]) -> Escaped:
    """What was lost, and in how many responses, in one line."""
    most = lost.most_common(_MOST_LOST)
    each = [f"{name} in {count}" for name, count in most]
    more = len(lost) - len(most)
    also = f", and {more} more" if more else ""
    return line(f"note: {target} cannot say all; lost: {', '.join(each)}{also}")


class _Conversion(SayingWork):
    """Converts each response.

    Attributes:
        way: Its shape, the form it is in, the form it should have, and whether it
            should be a record of CSV.
        options: What the validator is called with.
    """

    way: tuple[str | None, str, str, bool]
    options: Mapping[str, object]

    @cached_property
    def _convert(self) -> Callable[[object], Converted]:
        shape, source, target, as_csv = self.way
        return converter(
            self._contract, shape=shape, source=source, target=target, as_csv=as_csv
        ).convert

    def said(self, response: Response) -> Said:
        """The response in the other form; findings where it is not valid."""
        verdict = Verdict(response, ())
        if response.unreadable is None:
            findings = self._contract.validate(response.value, **self.options)
            verdict = Verdict(response, findings)
        if verdict.valid:
            made = self._convert(response.value)
            return Said((made.text,), lost=made.lost)
        lines = (*as_text(verdict, style_for(sys.stderr)),)
        return Said((), lines, 1 if response.unreadable is None else 2)
