"""`shapespec convert`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from pathlib import Path

import click

from shapespec.api import load_contract
from shapespec.cli.common import (
    chosen_address,
    judging_options,
    print_said,
    say_waiting,
    stop_on_faults,
)
from shapespec.cli.declared import (
    answer_option,
    contract_options,
    exclude_option,
    input_options,
    jobs_option,
    list_forms_option,
)
from shapespec.cli.names import FormName, ResponseFile, ShapeName
from shapespec.cli.options import Aliased
from shapespec.ground.sinks.out import Escaped
from shapespec.ground.terminal import style_for
from shapespec.project.settings import find_settings
from shapespec.responses.bulk import Inputs
from shapespec.responses.convert import converter
from shapespec.responses.policy import Verdict
from shapespec.responses.read import Reading, Response
from shapespec.responses.render import as_text
from shapespec.responses.works import Said, SayingWork


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
@contract_options
@answer_option
@click.option("--shape", type=ShapeName(), help="The shape each response should have.")
@jobs_option
@exclude_option
@input_options
def command(
    files: tuple[str, ...],
    source: str,
    target: str,
    spec: Path | None,
    shape: str | None,
    *,
    operation: str | None,
    jobs: int | None,
    answer: str | None,
    exclude: tuple[str, ...],
    kind: str | None,
    column: str | None,
    rows: bool,
    max_size: int,
) -> None:
    """Convert responses between forms.

    A form is how a system writes the same response: names in snake case, moments as
    seconds or text, columns of a table. FILE is all that `validate` reads. Each
    response is printed as JSON on a line of its own; one that is not valid in the form
    it is said to have is not converted, and its findings go to standard error.

    \b
    Exit codes:
      0  every response was converted
      1  some response is not valid
      2  something cannot be read, or wrong usage

    \b
    Examples:
      shapespec convert --from aws-cli --to boto3 job.json
      shapespec convert --from datadog-ddsql --to wire rows.json --rows
    """
    say_waiting(files)
    chosen = chosen_address(spec, find_settings(Path.cwd()))
    load = partial(load_contract, chosen, operation=operation, status=answer)
    with stop_on_faults("nothing was converted"):
        contract = load()
    options = judging_options(contract, shape, source, strict=False)
    judging_options(contract, shape, target, strict=False)
    converter(contract, shape=shape, source=source, target=target)
    reading = Reading(kind=kind, rows=rows, limit=max_size, column=column)
    inputs = Inputs(named=files, reading=reading, exclude=exclude, jobs=jobs)
    work = _Conversion(load, contract, reading)
    work.way = (shape, source, target)
    work.options = options
    sys.exit(print_said(inputs, work))


class _Conversion(SayingWork):
    """Converts each response.

    Attributes:
        way: Its shape, the form it is in and the form it should have.
        options: What the validator is called with.
    """

    way: tuple[str | None, str, str]
    options: Mapping[str, object]

    @cached_property
    def _convert(self) -> Callable[[object], Escaped]:
        shape, source, target = self.way
        return converter(self._contract, shape=shape, source=source, target=target)

    def said(self, response: Response) -> Said:
        """The response in the other form; findings where it is not valid."""
        verdict = Verdict(response, ())
        if response.unreadable is None:
            findings = self._contract.validate(response.value, **self.options)
            verdict = Verdict(response, findings)
        if verdict.valid:
            return Said((self._convert(response.value),))
        lines = (*as_text(verdict, style_for(sys.stderr)),)
        return Said((), lines, 1 if response.unreadable is None else 2)
