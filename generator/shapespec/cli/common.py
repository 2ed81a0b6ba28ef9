"""What several commands share: which spec is meant, and what to do if it is wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from shapespec.cli.names import ListForms
from shapespec.cli.options import Command
from shapespec.cli.param_type import ParamType
from shapespec.cli.size import Size
from shapespec.diagnostics.model import Faults
from shapespec.diagnostics.suggest import nearest
from shapespec.ground.errors import Unusable
from shapespec.ground.sinks.out import Escaped, ended, put
from shapespec.ground.terminal import Progress, style_for, warn
from shapespec.ground.writing import write_file
from shapespec.project.settings import Settings
from shapespec.responses.bulk import MOST_JOBS, Inputs, Run
from shapespec.responses.contract import Contract
from shapespec.responses.hints import forms_of, shapes_of
from shapespec.responses.read import FORMATS
from shapespec.responses.stream import MAX_RESPONSE_BYTES
from shapespec.responses.works import SayingWork

_MOST_SHAPES = 10


class Pointer(ParamType[str]):
    """A JSON Pointer."""

    name = "pointer"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The pointer."""
        text = str(value)
        if text and not text.startswith("/"):
            self.fail(f"{text!r} is not a JSON Pointer such as /response", param, ctx)
        return text


def input_options(command: Command) -> Command:
    """Add the options that say how responses are read."""
    for option in (
        click.option(
            "--max-size",
            type=Size(),
            default=MAX_RESPONSE_BYTES,
            show_default="64MB",
            help="How large a document, or a line of NDJSON, may be.",
        ),
        click.option(
            "--rows",
            is_flag=True,
            help="Each element of an array, or row of a data frame, is a response.",
        ),
        click.option(
            "--column",
            metavar="NAME",
            help="The column of a Parquet, Arrow or CSV file that holds the responses,"
            " as JSON texts or as structures; default: each row is one.",
        ),
        click.option(
            "--input",
            "kind",
            type=click.Choice(FORMATS),
            help="What the files are; default: what their names or contents tell.",
        ),
    ):
        command = option(command)
    return command


def contract_options(command: Command) -> Command:
    """Add the options that say which contract is meant."""
    for option in (
        click.option(
            "--operation",
            help="The operation, where --spec is a service such as aws:ec2, an OpenAPI"
            " description ('GET /pets/{id}') or a spec with several.",
        ),
        click.option(
            "--spec",
            type=click.Path(path_type=Path),
            help="The contract: a spec, an OpenAPI description, aws:SERVICE:OPERATION"
            " or a generated package; default: that of the project, or SageMaker's.",
        ),
    ):
        command = option(command)
    return command


answer_option = click.option(
    "--status",
    "answer",
    metavar="STATUS",
    help="The status of an answer, where --spec is an OpenAPI description or a spec:"
    " 404, 4XX or default; or request, for what is sent; default: the first success.",
)


def list_forms_option(command: Command) -> Command:
    """Add the option that lists the forms of the contract."""
    option = click.option(
        "--list-forms",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        cls=ListForms,
        help="Show the forms of the contract, and end.",
    )
    return option(command)


exclude_option = click.option(
    "--exclude",
    metavar="PATTERN",
    multiple=True,
    help="Pass files of folders and patterns over whose paths match, as in a"
    " .gitignore; may be given several times. Hidden files, and those that git"
    " ignores, are passed over in any case.",
)


at_option = click.option(
    "--at",
    type=Pointer(),
    default="",
    help="Where the response is within each document, as a JSON Pointer.",
)


jobs_option = click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, MOST_JOBS),
    metavar="N",
    help="By how many processes responses are read; default: one for each processor,"
    " once there are some megabytes to read.",
)


def say_waiting(files: Iterable[str]) -> None:
    """Say what is waited for where standard input is a terminal."""
    if "-" in files and sys.stdin is not None and sys.stdin.isatty():
        warn("reading from the terminal; end with Ctrl-D (on Windows: Ctrl-Z, Enter)")


def print_said(inputs: Inputs, work: SayingWork) -> int:
    """Print what there is to say of all responses; gives the exit code."""
    code = 0
    with (
        Progress("responses", inputs.total()) as progress,
        Run(inputs, work, progress).items() as found,
    ):
        for said in found:
            code = max(code, said.code)
            for line in said.err:
                put(line, err=True)
            for line in said.out:
                put(line)
    return code


def report(lines: Iterable[Escaped], out: Path | None) -> None:
    """Print lines as they come, or write them to a file.

    Raises:
        Unusable: The file cannot be written.
    """
    if out is None:
        for one in ended(lines):
            put(one, nl=False)
    else:
        write_file(out, ended(lines))


def chosen_specs(spec: Path | None, settings: Settings) -> tuple[Path, ...]:
    """The spec that is named, or else those of the project."""
    return settings.specs if spec is None else (spec,)


def chosen_address(spec: Path | None, settings: Settings) -> Path:
    """The address of the contract that is meant.

    Raises:
        Unusable: Several could be.
    """
    return settings.only_spec() if spec is None else spec


def chosen_spec(
    spec: Path | None,
    settings: Settings,
    operation: str | None = None,
    status: str | None = None,
) -> Path:
    """The spec that is meant, as a file: that of another address is made.

    Raises:
        Unusable: Several could be, or there is none.
    """
    from shapespec.api import spec_of

    return spec_of(chosen_address(spec, settings), operation, status)


@contextmanager
def stop_on_faults(consequence: str) -> Iterator[None]:
    """Show the faults of a spec that is only used, and say what follows from them.

    Raises:
        Unusable: There are faults.
    """
    try:
        yield
    except Faults as faults:
        from shapespec.diagnostics.render import render

        put(render(faults.diagnostics, style_for(sys.stderr)), err=True)
        raise Unusable(f"the spec is wrong; {consequence}") from None


def judging_options(
    contract: Contract,
    shape: str | None,
    form: str | None,
    *,
    strict: bool | str,
    as_of: str | None = None,
) -> dict[str, object]:
    """The keyword arguments for `validate`, tried out once.

    Raises:
        Unusable: There is no such shape or form, or a shape has to be named.
    """
    options: dict[str, object] = {"form": form, "strict": strict}
    if shape is not None:
        options["shape"] = shape
    if as_of is not None:
        options["as_of"] = as_of
    try:
        contract.validate(None, **options)
    except TypeError:
        first = ", ".join(shapes_of(contract)[:_MOST_SHAPES])
        message = "the contract has several operations; name a shape with --shape"
        raise Unusable(f"{message}, such as: {first}") from None
    except ValueError as error:
        forms = forms_of(contract)
        near = None if form is None or form in forms else nearest(form, forms)
        hint = f"; did you mean {near}?" if near else ""
        raise Unusable(f"{error}{hint}") from None
    return options
