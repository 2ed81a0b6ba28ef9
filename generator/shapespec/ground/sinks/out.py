"""Prints what a sink has finished."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NewType

Escaped = NewType("Escaped", str)
"""Text that its sink has escaped: only the modules of `sinks` make it."""


def together(lines: Iterable[Escaped]) -> Escaped:
    """Several lines as one text."""
    return Escaped("\n".join(lines))


def put(text: Escaped, *, err: bool = False, nl: bool = True) -> None:
    """Print to standard output, or to standard error.

    Whether there is colour in it was decided when it was escaped.
    """
    import click

    click.echo(text, err=err, nl=nl, color=True)
