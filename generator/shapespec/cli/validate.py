"""`shapespec validate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from shapespec.diagnostics.model import Faults
from shapespec.errors import Unusable
from shapespec.files import MAX_SPEC_BYTES
from shapespec.responses.contract import Contract, load_contract
from shapespec.responses.read import FORMATS, read_responses
from shapespec.responses.render import RENDERERS, Verdict
from shapespec.settings import find_settings
from shapespec.terminal import Progress, style_for


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--spec",
    type=click.Path(path_type=Path),
    help="The contract; default: that of the project, or SageMaker's.",
)
@click.option("--shape", help="The shape each response should have.")
@click.option("--form", help="The system that wrote the responses, such as aws-cli.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option(
    "--format",
    "output",
    type=click.Choice([*RENDERERS]),
    default="text",
    show_default=True,
    help="How to print findings.",
)
@click.option(
    "--input",
    "kind",
    type=click.Choice(FORMATS),
    help="What the files are; default: what their names or contents tell.",
)
def command(
    files: tuple[str, ...],
    spec: Path | None,
    shape: str | None,
    form: str | None,
    *,
    strict: bool,
    output: str,
    kind: str | None,
) -> None:
    """Judge responses by a contract.

    FILE is JSON, YAML or NDJSON (one response a line); `-` is standard input. Every
    fault is reported, not only the first. A warning says that the contract seems to
    have moved, or that the service is known to bend it there: an unknown member, a
    new value of an open enum, a retired value.

    \b
    Exit codes:
      0  every response is valid
      1  some response is not
      2  something cannot be read, or wrong usage

    \b
    Examples:
      aws sagemaker describe-training-job ... | shapespec validate -
      shapespec validate tests/fixtures/*.json --strict
      shapespec validate archive.ndjson --format json
    """
    contract = _load(spec)
    options = _options(contract, shape, form, strict=strict)
    render = RENDERERS[output]
    style = style_for(sys.stdout)
    valid = invalid = unreadable = 0
    with Progress("responses") as progress:
        for file in files:
            for response in read_responses(file, kind):
                verdict = Verdict(response, ())
                if response.unreadable is None:
                    findings = contract.validate(response.value, **options)
                    verdict = Verdict(response, findings)
                unreadable += response.unreadable is not None
                valid += verdict.valid
                invalid += not verdict.valid and response.unreadable is None
                for line in render(verdict, style):
                    click.echo(line)
                progress.advance()
    if output == "text" and valid + invalid + unreadable != 1:
        total = valid + invalid + unreadable
        click.echo(f"{valid} of {total} responses are valid", err=True)
    sys.exit(2 if unreadable else 1 if invalid else 0)


def _load(spec: Path | None) -> Contract:
    """The contract that is meant.

    Raises:
        Unusable: It cannot be read, is wrong, or several could be meant.
    """
    chosen = (spec,) if spec is not None else find_settings(Path.cwd()).specs
    if len(chosen) > 1:
        names = ", ".join(map(str, chosen))
        raise Unusable(f"the project has several specs; name one with --spec: {names}")
    try:
        return load_contract(chosen[0], limit=MAX_SPEC_BYTES)
    except Faults as faults:
        from shapespec.diagnostics.render import render

        click.echo(render(faults.diagnostics, style_for(sys.stderr)), err=True)
        raise Unusable(f"{chosen[0]} is wrong; nothing was validated") from None


def _options(
    contract: Contract, shape: str | None, form: str | None, *, strict: bool
) -> dict[str, object]:
    """The keyword arguments for `validate`, tried out once.

    Raises:
        Unusable: There is no such shape or form, or a shape has to be named.
    """
    options: dict[str, object] = {"form": form, "strict": strict}
    if shape is not None:
        options["shape"] = shape
    try:
        contract.validate(None, **options)
    except TypeError:
        message = "the contract has several operations; name a shape with --shape"
        raise Unusable(message) from None
    except ValueError as error:
        raise Unusable(str(error)) from None
    return options
