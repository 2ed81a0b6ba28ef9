"""`shapespec convert`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from shapespec.api import load_contract
from shapespec.cli.common import (
    answer_option,
    chosen_address,
    contract_options,
    exclude_option,
    input_options,
    judging_options,
    list_forms_option,
    say_waiting,
    stop_on_faults,
)
from shapespec.cli.names import FormName, ResponseFile, ShapeName
from shapespec.cli.options import Aliased
from shapespec.ground.sinks.out import put
from shapespec.ground.terminal import Progress, style_for
from shapespec.project.settings import find_settings
from shapespec.responses.convert import converter
from shapespec.responses.policy import Verdict
from shapespec.responses.read import read_all
from shapespec.responses.render import as_text


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
    answer: str | None,
    exclude: tuple[str, ...],
    kind: str | None,
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
    with stop_on_faults("nothing was converted"):
        contract = load_contract(chosen, operation=operation, status=answer)
    options = judging_options(contract, shape, source, strict=False)
    judging_options(contract, shape, target, strict=False)
    convert = converter(contract, shape=shape, source=source, target=target)
    invalid = unreadable = 0
    responses = read_all(files, kind, rows=rows, limit=max_size, exclude=exclude)
    with Progress("responses") as progress:
        for response in responses:
            progress.advance()
            verdict = Verdict(response, ())
            if response.unreadable is None:
                findings = contract.validate(response.value, **options)
                verdict = Verdict(response, findings)
            if verdict.valid:
                put(convert(response.value))
                continue
            unreadable += response.unreadable is not None
            invalid += response.unreadable is None
            for line in as_text(verdict, style_for(sys.stderr)):
                put(line, err=True)
    sys.exit(2 if unreadable else 1 if invalid else 0)
