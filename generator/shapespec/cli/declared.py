"""Options that several commands have; nothing that takes time is loaded for them."""

from __future__ import annotations

import click

from shapespec.cli.names import ListForms, ListRules, OperationName
from shapespec.cli.options import Command, Named
from shapespec.cli.param_type import ParamType
from shapespec.cli.size import Size
from shapespec.responses.limits import FORMATS, MAX_RESPONSE_BYTES, MOST_JOBS


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
            help="How large a document, or a line of NDJSON, may be; default: 64MB.",
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
            " as JSON strings or as structures; default: each row is one.",
        ),
        click.option(
            "--input",
            "kind",
            type=click.Choice(FORMATS),
            help="Format of the files; default: detected from name or contents.",
        ),
    ):
        command = option(command)
    return command


def contract_options(command: Command) -> Command:
    """Add the options that say which contract is meant."""
    for option in (
        click.option(
            "--operation",
            type=OperationName(),
            help="The operation, if --spec is a service such as aws:ec2, an OpenAPI"
            " description ('GET /pets/{id}') or a spec with several.",
        ),
        click.option(
            "--spec",
            type=Named(),
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
    help="The status of the response, if --spec is an OpenAPI description or a spec:"
    " 404, 4XX or default; or request, for requests; default: the first success.",
)


def list_forms_option(command: Command) -> Command:
    """Add the option that lists the forms of the contract."""
    option = click.option(
        "--list-forms",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        cls=ListForms,
        help="Show the forms of the contract and exit.",
    )
    return option(command)


list_rules_option = click.option(
    "--list-rules",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    cls=ListRules,
    help="Show the rules that --ignore and --severity know, and exit.",
)


exclude_option = click.option(
    "--exclude",
    metavar="PATTERN",
    multiple=True,
    help="Skip files of folders and patterns whose paths match, as in a .gitignore; may"
    " be given several times. Hidden files, and those that git ignores, are always"
    " skipped.",
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
    help="Number of processes that read responses; default: one for each processor, for"
    " inputs of some megabytes and more.",
)
