"""`shapespec diff`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from shapespec.cli.common import report
from shapespec.cli.names import FileName
from shapespec.cli.options import out_option
from shapespec.diagnostics.model import Faults
from shapespec.ground.errors import Unusable
from shapespec.ground.sinks.out import put
from shapespec.ground.terminal import plain, style_for, warn
from shapespec.tools.diff.accepted import mark, read_accepted
from shapespec.tools.diff.compare import compare
from shapespec.tools.diff.load import BOTOCORE, load
from shapespec.tools.diff.model import Side
from shapespec.tools.diff.render import RENDERERS


@click.command()
@click.argument("old", type=FileName())
@click.argument("new", type=FileName())
@click.option(
    "--format",
    "output",
    type=click.Choice([*RENDERERS]),
    default="text",
    show_default=True,
    help="How to print changes; json gives one line for each, markdown release notes.",
)
@click.option(
    "--accept",
    "given",
    metavar="FINGERPRINT|FILE",
    multiple=True,
    help="Changes that are known: a fingerprint, or a file with one on each line.",
)
@out_option("Write the changes to this file; default: standard output.")
def command(
    old: str, new: str, output: str, given: tuple[str, ...], out: Path | None
) -> None:
    """Show what changed between two contracts, and which code it breaks.

    OLD and NEW are each a spec, a JSON Schema, an OpenAPI description,
    aws:SERVICE:OPERATION, a file of evidence, or botocore:SERVICE#OPERATION, which is
    the evidence of the installed botocore. Each change is classified twice, for code
    that reads responses and for code that writes requests or mocks: breaking, widening
    (more is valid than before), narrowing (less is valid), or documentation. If an
    importer could not carry something over, the diff shows that it changed, but not
    what the change means.

    \b
    Exit codes:
      0  no changes, or all of them accepted
      1  there are changes
      2  something cannot be read, or wrong usage

    \b
    Examples:
      shapespec diff old.yaml new.yaml
      shapespec diff api.yaml botocore:sagemaker#DescribeTrainingJob
      shapespec diff old.yaml new.yaml --accept accepted.txt --format markdown
    """
    accepted = read_accepted(given)
    sides = _load(old), _load(new)
    comparison = compare(*sides)
    comparison = replace(comparison, changes=mark(comparison.changes, accepted))
    style = style_for(sys.stdout) if out is None else plain
    report(RENDERERS[output](comparison, style), out)
    idle = accepted - {change.fingerprint for change in comparison.changes}
    if idle:
        listed = ", ".join(sorted(idle))
        warn(f"accepted, but not among the changes: {listed}")
    sys.exit(1 if comparison.pending() else 0)


def _load(named: str) -> Side:
    """A side.

    Raises:
        Unusable: It cannot be read, or is wrong.
    """
    from shapespec.addresses import Aws, OpenApi, Package, read_address
    from shapespec.api import imported_text
    from shapespec.tools.diff.imported import imported_side

    try:
        if named.startswith(BOTOCORE):
            return load(named)
        match read_address(named):
            case OpenApi() | Aws() as address:
                return imported_side(named, imported_text(address))
            case Package():
                raise Unusable(f"{named} is a generated package; name its spec here")
            case path:
                return load(str(path))
    except Faults as faults:
        from shapespec.diagnostics.render import render

        put(render(faults.diagnostics, style_for(sys.stderr)), err=True)
        raise Unusable(f"{named} is wrong; nothing was compared") from None
