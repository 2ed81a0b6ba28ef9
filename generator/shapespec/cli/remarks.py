"""Prints what is wrong with specs in the format that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import click

from shapespec.cli.options import Command
from shapespec.diagnostics.model import Diagnostic
from shapespec.diagnostics.reports import (
    Remark,
    Report,
    as_github,
    as_json,
    as_sarif,
    remark,
)
from shapespec.ground.sinks.out import Escaped

TEXT = "text"
FORMATS = (TEXT, "json", "github", "sarif")


def format_option(help_text: str) -> Callable[[Command], Command]:
    """The option for the format, alike in all commands that look at specs."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(FORMATS),
        default=TEXT,
        show_default=True,
        help=help_text,
    )


def reports(remarks: Iterable[Remark | Diagnostic], output: str) -> Iterator[Escaped]:
    """Remarks for programs, in any format but text."""
    found = [one if isinstance(one, Remark) else remark(one) for one in remarks]
    yield from _REPORTS[output](found)


def _sarif(remarks: Iterable[Remark]) -> Iterator[Escaped]:
    from shapespec.tools.explain import page, rules

    known = rules()
    yield from as_sarif(remarks, lambda rule: page(rule) if rule in known else None)


_REPORTS: dict[str, Report] = {"json": as_json, "github": as_github, "sarif": _sarif}
