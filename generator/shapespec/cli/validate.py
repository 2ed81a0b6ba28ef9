"""`shapespec validate`: its options. What it does is in `judging.py`."""

from __future__ import annotations

from typing import Any

import click

from shapespec.cli.declared import (
    answer_option,
    at_option,
    contract_options,
    exclude_option,
    input_options,
    jobs_option,
    list_forms_option,
    list_rules_option,
)
from shapespec.cli.names import FormName, ResponseFile, RuleId, ShapeName
from shapespec.cli.options import Named, NewFile, out_option
from shapespec.cli.param_type import ParamType
from shapespec.responses.limits import REPORTS, SEVERITIES


class RuleLevel(ParamType[tuple[str, str]]):
    """A rule and what its findings are to weigh: `pattern=warning`."""

    name = "rule=level"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The two."""
        rule, _, level = str(value).partition("=")
        if not rule or level not in SEVERITIES:
            levels = ", ".join(SEVERITIES)
            self.fail(f"{value!r} is not RULE=LEVEL with one of: {levels}", param, ctx)
        return rule, level


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=ResponseFile()
)
@list_forms_option
@list_rules_option
@contract_options
@answer_option
@click.option(
    "--shape",
    type=ShapeName(),
    help="The shape each response should have.",
)
@click.option(
    "--form",
    type=FormName(),
    help="The system that wrote the responses, such as aws-cli.",
)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option(
    "--pedantic", is_flag=True, help="Warnings and notes count as errors: advice, too."
)
@click.option(
    "--as-of",
    metavar="DATE",
    help="Use the contract of a day, month or year, such as 2021-06.",
)
@click.option(
    "--format",
    "output",
    type=click.Choice(REPORTS),
    default="text",
    show_default=True,
    help="How to print findings; github annotates a workflow's files, sarif is for"
    " code scanning.",
)
@click.option(
    "--ignore",
    "ignored",
    metavar="RULE",
    type=RuleId(),
    multiple=True,
    help="Drop the findings of a rule; may be given several times.",
)
@click.option(
    "--severity",
    "severities",
    metavar="RULE=LEVEL",
    type=RuleLevel(),
    multiple=True,
    help="Report the findings of a rule as error, warning or note.",
)
@click.option(
    "--baseline",
    type=Named(dir_okay=False),
    help="A file with the fingerprints of known findings, which do not count.",
)
@click.option(
    "--write-baseline",
    "new_baseline",
    type=NewFile(),
    help="Write all findings to this file, as the baseline of later runs.",
)
@click.option(
    "-q",
    "--quiet",
    is_flag=True,
    help="Show only invalid responses.",
)
@click.option(
    "--all",
    "each",
    is_flag=True,
    help="Show every finding; by default, similar ones are shown once, with a count.",
)
@click.option(
    "--statistics",
    is_flag=True,
    help="Show only how often each rule was broken; with text and json.",
)
@click.option(
    "--exit-zero", is_flag=True, help="Exit with 0 even if some responses are invalid."
)
@click.option(
    "--report",
    "rows_out",
    metavar="FILE",
    type=NewFile(),
    help="Write a row for each finding to this file, .ndjson or .parquet, too.",
)
@out_option("Write the report to this file; default: standard output.")
@at_option
@jobs_option
@exclude_option
@input_options
def command(**given: Any) -> None:
    """Validate responses against a contract.

    FILE is JSON, YAML or NDJSON (one response per line), gzipped or not; a folder with
    such files; a quoted pattern such as 'captures/**/*.json'; or `-`, standard input.
    Every error is reported, not only the first. A warning means that the contract has
    probably changed, or that the service is known to break it there: an unknown member,
    a new value of an open enum, a retired value.

    Rules to ignore, their severities and a baseline can also be set in pyproject.toml,
    under [tool.shapespec]: ignore, severity, baseline.

    \b
    Exit codes:
      0  every response is valid; with --exit-zero: every response could be read
      1  at least one response is invalid
      2  something cannot be read, or wrong usage

    \b
    Examples:
      aws sagemaker describe-training-job ... | shapespec validate -
      shapespec validate tests/fixtures/ --strict
      shapespec validate archive.ndjson.gz --format json
      shapespec validate frame.json --rows --form datadog-ddsql
      shapespec validate captures/ --write-baseline known.txt
      shapespec validate old.json --as-of 2021-06
      shapespec validate pet.json --spec api.yaml --operation 'GET /pets/{id}'
    """
    from shapespec.cli.judging import run

    run(**given)
