"""Prints what a sink has finished."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NewType

Escaped = NewType("Escaped", str)
"""Text that its sink has escaped: only the modules of `sinks` make it."""


class _Begun(str):
    """Text whose line goes on."""

    __slots__ = ()


def begun(text: Escaped) -> Escaped:
    """The same text as the beginning of a line: what is printed next goes on with it.

    So a line that is too long to be built can be written.
    """
    return Escaped(_Begun(text))


def ended(lines: Iterable[Escaped]) -> Iterator[Escaped]:
    """Lines with their ends, as they come; a short beginning is put before its rest."""
    pieces: list[str] = []
    size = 0
    for one in lines:
        pieces.append(one)
        size += len(one)
        begun_only = isinstance(one, _Begun)
        if not begun_only:
            pieces.append("\n")
        if not begun_only or size > _LONG:
            yield Escaped("".join(pieces))
            pieces.clear()
            size = 0
    yield Escaped("".join(pieces))


_LONG = 1 << 16
"""From so many characters on, the beginning of a line is printed by itself."""


def together(lines: Iterable[Escaped]) -> Escaped:
    """Several lines as one text."""
    return Escaped("\n".join(lines))


def put(text: Escaped, *, err: bool = False, nl: bool = True) -> None:
    """Print to standard output, or to standard error.

    Whether there is colour in it was decided when it was escaped.
    """
    import click

    click.echo(text, err=err, nl=nl, color=True)
