"""`shapespec date`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from shapespec.cli.common import (
    answer_option,
    at_option,
    chosen_spec,
    contract_options,
    exclude_option,
    input_options,
    list_forms_option,
    say_waiting,
    stop_on_faults,
)
from shapespec.cli.names import FormName, ResponseFile
from shapespec.ground.errors import Unusable
from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.sinks.out import Escaped, put
from shapespec.ground.terminal import line, warn
from shapespec.project.files import MAX_SPEC_BYTES
from shapespec.project.settings import find_settings
from shapespec.responses.contract import history_of, load_contract
from shapespec.responses.read import Response, inside, read_all

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
    exclude: tuple[str, ...],
    kind: str | None,
    rows: bool,
    max_size: int,
) -> None:
    """Say when responses of this shape could have been written, and what proves it.

    The earliest date is that of the release that first knew every member, value and
    size that the response has; the latest that of the release that first no longer knew
    one of them. Times in the response, and what it lacks, are not looked at. The
    contract needs a history: see `shapespec import botocore ... --history`.

    FILE is what `shapespec validate` reads.

    \b
    Exit codes:
      0  every response is dated
      2  something cannot be read, the contract has no history, or wrong usage

    \b
    Examples:
      shapespec date fixtures/job.json
      shapespec date captures/ --format json
    """
    chosen = chosen_spec(spec, find_settings(Path.cwd()), operation, answer)
    with stop_on_faults("nothing was dated"):
        history = history_of(load_contract(chosen, limit=MAX_SPEC_BYTES, dated=True))
    if history is None:
        raise Unusable(
            f"{chosen} has no history; make one with "
            "`shapespec import botocore SERVICE --operation NAME --history`"
        )
    try:
        history.date_of(None, form=form)
    except ValueError as error:
        raise Unusable(str(error)) from None
    show = _as_json if output == "json" else _as_text
    unreadable = False
    say_waiting(files)
    documents = read_all(files, kind, rows=rows, limit=max_size, exclude=exclude)
    for response in (inside(one, at) if at else one for one in documents):
        if response.unreadable is not None:
            unreadable = True
            warn(f"{response.source}: unreadable: {response.unreadable}")
            if output == "json":
                found = {"source": response.source, "unreadable": response.unreadable}
                put(dumps(found))
            continue
        for shown in show(response, history, form):
            put(shown)
    sys.exit(2 if unreadable else 0)


def _as_json(response: Response, history: Any, form: str | None) -> Iterator[Escaped]:
    dating = history.date_of(response.value, form=form)
    yield dumps(
        {
            "source": response.source,
            "earliest": _end(dating.earliest, response),
            "latest": _end(dating.latest, response),
        }
    )


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
    if earliest is None and latest is None:
        yield f"{source}: any time; it has nothing that the contract knows"
        return
    since = f"from {earliest} on" if latest is None else f"from {earliest} to {latest}"
    yield f"{source}: {since}"
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


def _listed(pointers: tuple[str, ...]) -> str:
    more = len(pointers) - _FEW
    shown = ", ".join(pointers[:_FEW])
    return f"{shown} and {more} more" if more > 0 else shown
