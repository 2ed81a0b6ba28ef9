"""Prints what a sink has finished."""

from __future__ import annotations

from typing import NewType

Finished = NewType("Finished", str)
"""Text that its sink has escaped: only the modules of `sinks` make it."""


def put(text: Finished, *, err: bool = False, nl: bool = True) -> None:
    """Print to standard output, or to standard error."""
    import click

    click.echo(text, err=err, nl=nl)
