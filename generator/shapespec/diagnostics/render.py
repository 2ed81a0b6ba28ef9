"""Diagnostics as text for people.

error[unknown-shape]: `nmber` is no shape and no built-in type
  --> spec/reading.yaml:4:18
   |
 4 |     Temperature: nmber
   |                  ^^^^^
help: did you mean `number`?
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from shapespec.diagnostics.model import MOST, Annotation, Diagnostic, Severity
from shapespec.ground.terminal import Style

_WIDEST_LINE = 160


def render(diagnostics: Iterable[Diagnostic], style: Style) -> str:
    """All diagnostics, a blank line between them, then a count."""
    found = tuple(diagnostics)
    blocks = ["\n".join(_block(diagnostic, style)) for diagnostic in found]
    return "\n\n".join([*blocks, _summary(found)])


def _summary(diagnostics: tuple[Diagnostic, ...]) -> str:
    errors = sum(one.severity is Severity.ERROR for one in diagnostics)
    warnings = len(diagnostics) - errors
    parts = [
        f"{count:,} {word}{'' if count == 1 else 's'}"
        for count, word in ((errors, "error"), (warnings, "warning"))
        if count
    ]
    more = "; the run stopped there" if len(diagnostics) >= MOST else ""
    return ", ".join(parts) + more


def _block(diagnostic: Diagnostic, style: Style) -> Iterator[str]:
    color = "red" if diagnostic.severity is Severity.ERROR else "yellow"
    head = style(f"{diagnostic.severity}[{diagnostic.rule}]", color, bold=True)
    yield f"{head}: {_printable(diagnostic.message)}"
    if diagnostic.primary is not None:
        yield from _snippet(diagnostic.primary, "^", style)
    for annotation in diagnostic.secondary:
        yield from _snippet(annotation, "-", style)
    if diagnostic.help:
        yield f"{style('help', 'cyan', bold=True)}: {_printable(diagnostic.help)}"


def _snippet(annotation: Annotation, mark: str, style: Style) -> Iterator[str]:
    span = annotation.span
    number, column = span.position
    text = span.file.line(number)
    length = min(span.end - span.start, len(text) - column + 1)
    cut = max(0, column - 1 - _WIDEST_LINE // 2)
    shown = text[cut : cut + _WIDEST_LINE]
    margin = " " * len(str(number))
    yield f"{margin} {style('-->', 'blue')} {_printable(str(span))}"
    yield f"{margin} {style('|', 'blue')}"
    yield f"{style(f'{number} |', 'blue')} {_printable(shown)}".rstrip()
    offset = sum(map(_width, _printable(text[cut : column - 1])))
    marked = _printable(text[column - 1 : min(column - 1 + length, cut + _WIDEST_LINE)])
    underline = " " * offset + mark * max(1, sum(map(_width, marked)))
    label = f" {annotation.label}" if annotation.label else ""
    yield f"{margin} {style('|', 'blue')} {style(underline + label, 'yellow')}"


def _printable(text: str) -> str:
    """Text that no terminal obeys: a harmless sign for each control character."""
    return "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text
    )


def _width(char: str) -> int:
    """Columns a character takes on a terminal."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
