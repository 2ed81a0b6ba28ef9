"""Colour on a terminal, plain text everywhere else."""

from __future__ import annotations

import os
import sys
import time
from typing import IO, Protocol, Self


class Style(Protocol):
    """Gives text a colour, or leaves it as it is."""

    def __call__(self, text: str, color: str, *, bold: bool = False) -> str: ...


def plain(text: str, color: str, *, bold: bool = False) -> str:
    """The text itself, for files, pipes and tests."""
    del color, bold
    return text


def colored(text: str, color: str, *, bold: bool = False) -> str:
    """The text between ANSI colour codes."""
    import click

    return click.style(text, fg=color, bold=bold)


def style_for(stream: IO[str]) -> Style:
    """Colour for a terminal, unless NO_COLOR (https://no-color.org) says otherwise."""
    return colored if stream.isatty() and not os.environ.get("NO_COLOR") else plain


class Progress:
    """Counts on a terminal once something has taken more than a second.

    Elsewhere, and for what is done sooner, it shows nothing.
    """

    def __init__(self, what: str) -> None:
        """Count `what`, in the plural."""
        self._what = what
        self._count = 0
        self._started = time.monotonic()
        self._shown = 0.0
        self._live = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")

    def advance(self) -> None:
        """One more is done."""
        self._count += 1
        if not self._live or self._count % 64:
            return
        now = time.monotonic()
        if now - self._started > 1 and now - self._shown > 0.1:
            self._shown = now
            rate = self._count / (now - self._started)
            sys.stderr.write(
                f"\r\x1b[K{self._count:,} {self._what}, {rate:,.0f} a second"
            )
            sys.stderr.flush()
