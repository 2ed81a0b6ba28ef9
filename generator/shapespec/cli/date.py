"""`shapespec date`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import click

from shapespec.cli.common import (
    chosen_address,
    chosen_spec,
    report_said,
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
from shapespec.cli.names import FormName, ResponseFile
from shapespec.cli.options import out_option
from shapespec.diagnostics.suggest import meant
from shapespec.ground.errors import Unusable
from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.sinks.out import Escaped
from shapespec.ground.terminal import line
from shapespec.project.files import MAX_SPEC_BYTES
from shapespec.project.settings import find_settings
from shapespec.responses.bulk import Inputs
from shapespec.responses.contract import contract_by_path, history_of
from shapespec.responses.hints import forms_of
from shapespec.responses.read import ReadOptions, Response
from shapespec.responses.works import Said, SayingWork

_FEW = 3


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=ResponseFile()
)
@list_forms_option
@at_option
@contract_options
@answer_option
@click.option(
    "--form",
    type=FormName(),
    help="The system that wrote the responses, such as aws-cli.",
)
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print; json gives one line for each response.",
)
@out_option("Write the dates to this file; default: standard output.")
@jobs_option
@exclude_option
@input_options
def command(
    files: tuple[str, ...],
    spec: Path | None,
    operation: str | None,
    form: str | None,
    *,
    answer: str | None,
    at: str,
    output: str,
    out: Path | None,
    jobs: int | None,
    exclude: tuple[str, ...],
    kind: str | None,
    column: str | None,
    rows: bool,
    max_size: int,
) -> None:
    """Show when responses could have been written, and why.

    The earliest date is that of the first release with every member, value and size in
    the response. The latest date is that of the first release that no longer has one of
    them. Timestamps in the response, and members that it lacks, do not count. The
    contract needs a history: see `shapespec import botocore ... --history`.

    FILE is anything that `shapespec validate` reads.

    \b
    Exit codes:
      0  every response is dated
      2  something cannot be read, the contract has no history, or wrong usage

    \b
    Examples:
      shapespec date fixtures/job.json
      shapespec date captures/ --format json
    """
    settings = find_settings(Path.cwd())
    chosen = chosen_spec(spec, settings, operation, answer)
    load = partial(contract_by_path, chosen, limit=MAX_SPEC_BYTES, dated=True)
    with stop_on_faults("nothing was dated"):
        contract = load()
        history = history_of(contract)
    if history is None:
        raise Unusable(
            f"{chosen_address(spec, settings)} has no history; make one with "
            "`shapespec import botocore SERVICE --operation NAME --history`"
        )
    try:
        history.date_of(None, form=form)
    except ValueError as error:
        raise Unusable(f"{error}{meant(form, forms_of(contract))}") from None
    say_waiting(files)
    reading = ReadOptions(kind=kind, rows=rows, limit=max_size, at=at, column=column)
    inputs = Inputs(named=files, reading=reading, exclude=exclude, jobs=jobs)
    work = _Dating(load, contract, reading)
    work.form = form
    work.as_json = output == "json"
    sys.exit(report_said(inputs, work, out))


class _Dating(SayingWork):
    """Dates each response.

    Attributes:
        form: The system that wrote them.
        as_json: Whether it is said in JSON.
    """

    form: str | None
    as_json: bool

    @cached_property
    def _history(self) -> Any:
        return history_of(self._contract)

    def said(self, response: Response) -> Said:
        """When it could have been written."""
        if response.unreadable is None:
            show = _as_json if self.as_json else _as_text
            return Said((*show(response, self._history, self.form),))
        problem = line(f"{response.source}: unreadable: {response.unreadable}")
        found = {"source": response.source, "unreadable": response.unreadable}
        return Said((dumps(found),) if self.as_json else (), (problem,), 2)


def _as_json(response: Response, history: Any, form: str | None) -> Iterator[Escaped]:
    dating = history.date_of(response.value, form=form)
    found: dict[str, object] = {
        "source": response.source,
        "earliest": _end(dating.earliest, response),
        "latest": _end(dating.latest, response),
    }
    if _is_older(dating, history):
        found["history_begins"] = history.FIRST
    yield dumps(found)


def _is_older(dating: Any, history: Any) -> bool:
    """Whether a response may be older than the history that it is dated by."""
    return dating.earliest.date is None and not getattr(history, "BORN", True)


def _end(bound: Any, response: Response) -> dict[str, Any]:
    return {"date": bound.date, "because": _placed(bound.because, response)}


def _placed(pointers: Iterable[str], response: Response) -> tuple[str, ...]:
    """Pointers into the document that the response stands in."""
    return tuple(response.within + pointer for pointer in pointers)


def _as_text(response: Response, history: Any, form: str | None) -> Iterator[Escaped]:
    yield from map(line, _said(response, history, form))


def _said(response: Response, history: Any, form: str | None) -> Iterator[str]:
    dating = history.date_of(response.value, form=form)
    earliest, latest = dating.earliest.date, dating.latest.date
    source = response.source
    if _is_older(dating, history):
        yield f"{source}: {_from_unknown(latest, history.FIRST)}"
    elif earliest is None and latest is None:
        yield f"{source}: any time; it has nothing that the contract knows"
        return
    else:
        end = "on" if latest is None else f"to {latest}"
        yield f"{source}: from {earliest} {end}"
    if latest is not None and earliest is not None and latest < earliest:
        yield "    no release ever knew all of it at once"
    for word, bound in (("since", dating.earliest), ("until", dating.latest)):
        if bound.date is not None:
            places = _listed(_placed(bound.because, response))
            yield f"    {word} {bound.date}: {places}"
    fitting = [
        f"{document} ({year})"
        for document, year in history.EDITIONS
        if (earliest or "")[:4] <= year <= (latest or "9999")[:4]
    ]
    if fitting:
        yield f"    documents of that time: {', '.join(fitting)}"


def _from_unknown(latest: str | None, begins: str) -> str:
    """Until when a response can be that has nothing new since a history begins."""
    end = "any time" if latest is None else f"until {latest}"
    return (
        f"{end}; from when on is not known: the history begins on {begins}, and it has"
        " nothing that came later"
    )


def _listed(pointers: tuple[str, ...]) -> str:
    more = len(pointers) - _FEW
    shown = ", ".join(pointers[:_FEW])
    return f"{shown} and {more} more" if more > 0 else shown
