"""`shapespec check`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import click

from shapespec.api import spec_of
from shapespec.cli.common import report
from shapespec.cli.options import out_option
from shapespec.cli.remarks import format_option, reports
from shapespec.cli.size import Size
from shapespec.diagnostics.model import Diagnostic, Faults
from shapespec.diagnostics.reports import Remark, remark
from shapespec.ground.errors import Unusable
from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.sinks.out import Escaped
from shapespec.ground.source import shown as shown_path
from shapespec.ground.terminal import Style, line, plain, style_for
from shapespec.project.files import MAX_SPEC_BYTES, read_source, siblings
from shapespec.project.settings import Settings, find_settings


class _Checked(NamedTuple):
    """A spec and what is wrong with it, or why it cannot be read."""

    name: str
    faults: tuple[Diagnostic, ...] = ()
    unreadable: str | None = None

    def remarks(self) -> Iterator[Remark]:
        """What is wrong, with the spec as the place of what has none of its own."""
        if self.unreadable is not None:
            yield Remark("unreadable", "error", self.unreadable, self.name)
        for fault in map(remark, self.faults):
            yield fault if fault.file is not None else fault._replace(file=self.name)


@click.command()
@click.argument("specs", metavar="[SPEC]...", nargs=-1, type=click.Path(path_type=Path))
@format_option(
    "How to print what is wrong; json gives one line for each spec, github annotates a"
    " workflow's files, sarif is for code scanning."
)
@out_option("Write the report to this file; default: standard output.")
@click.option("-q", "--quiet", is_flag=True, help="Show only specs that are not valid.")
@click.option(
    "--max-size",
    type=Size(),
    default=MAX_SPEC_BYTES,
    help="How large a spec may be; default: 16MB.",
)
def command(
    specs: tuple[Path, ...],
    output: str,
    out: Path | None,
    *,
    quiet: bool,
    max_size: int,
) -> None:
    """Compile specs, and write nothing.

    All errors are reported, including those in the evidence and the decisions that a
    spec names. If one spec cannot be read, the others are still checked.

    \b
    Exit codes:
      0  every spec is valid
      1  at least one spec is invalid
      2  a spec cannot be read, or wrong usage

    \b
    Examples:
      shapespec check
      shapespec check specs/*.yaml --format github
      shapespec check api.yaml --format sarif --out check.sarif
    """
    settings = find_settings(Path.cwd())
    checked = [_check(spec, settings, max_size) for spec in specs or settings.specs]
    seen = [one for one in checked if one.faults or one.unreadable or not quiet]
    style = style_for(sys.stdout) if out is None else plain
    lines: Iterable[Escaped]
    match output:
        case "text":
            lines = (text for one in seen for text in _as_text(one, style))
        case "json":
            lines = map(_as_json, seen)
        case _:
            remarks = [found for one in checked for found in one.remarks()]
            lines = reports(remarks, output)
    report(lines, out)
    unreadable = any(one.unreadable for one in checked)
    sys.exit(2 if unreadable else 1 if any(one.faults for one in checked) else 0)


def _check(spec: Path, settings: Settings, limit: int) -> _Checked:
    from shapespec.compiler import compile_spec

    name = shown_path(str(spec))
    try:
        found = spec_of(spec)
        shown = settings.shown(found) if found == spec else name
        source = read_source(found, name=shown, limit=limit)
        compile_spec(source, siblings(found, shown))
    except Faults as faults:
        return _Checked(name, faults.diagnostics)
    except Unusable as error:
        return _Checked(name, unreadable=str(error))
    return _Checked(name)


def _as_text(checked: _Checked, style: Style) -> Iterator[Escaped]:
    from shapespec.diagnostics.render import render

    if checked.unreadable is not None:
        state = style("unreadable", "red", bold=True)
        yield line(f"{checked.name}: {state}: {checked.unreadable}")
    elif checked.faults:
        yield render(checked.faults, style)
        yield line(f"{checked.name}: {style('invalid', 'red', bold=True)}")
    else:
        yield line(f"{checked.name}: {style('valid', 'green', bold=True)}")


def _as_json(checked: _Checked) -> Escaped:
    found: dict[str, object] = {
        "source": checked.name,
        "valid": not (checked.faults or checked.unreadable),
    }
    if checked.unreadable is not None:
        found["unreadable"] = checked.unreadable
    findings = [one.as_dict() for one in map(remark, checked.faults)]
    return dumps({**found, "findings": findings})
