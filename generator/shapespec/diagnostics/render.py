"""Diagnostics as text for people.

error[unknown-shape]: `nmber` is not a shape or a built-in type
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
from shapespec.ground.sinks.out import Escaped, together
from shapespec.ground.sinks.visible import visible
from shapespec.ground.terminal import Style, line

_WIDEST_LINE = 160


def render(diagnostics: Iterable[Diagnostic], style: Style) -> Escaped:
    """All diagnostics, a blank line between them, then a count."""
    found = tuple(diagnostics)
    shown = [line(text) for one in found for text in (*_block(one, style), "")]
    return together([*shown, line(_summary(found))])


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
    yield f"{head}: {diagnostic.message}"
    if diagnostic.primary is not None:
        yield from _snippet(diagnostic.primary, "^", style)
    for annotation in diagnostic.secondary:
        yield from _snippet(annotation, "-", style)
    if diagnostic.help:
        yield f"{style('help', 'cyan', bold=True)}: {diagnostic.help}"


def _snippet(annotation: Annotation, mark: str, style: Style) -> Iterator[str]:
    span = annotation.span
    number, column = span.position
    text = span.file.line(number)
    length = min(span.end - span.start, len(text) - column + 1)
    cut = max(0, column - 1 - _WIDEST_LINE // 2)
    shown = text[cut : cut + _WIDEST_LINE]
    margin = " " * len(str(number))
    yield f"{margin} {style('-->', 'blue')} {span}"
    yield f"{margin} {style('|', 'blue')}"
    yield f"{style(f'{number} |', 'blue')} {shown}".rstrip()
    offset = _room(text[cut : column - 1])
    marked = text[column - 1 : min(column - 1 + length, cut + _WIDEST_LINE)]
    underline = " " * offset + mark * max(1, _room(marked))
    label = f" {annotation.label}" if annotation.label else ""
    yield f"{margin} {style('|', 'blue')} {style(underline + label, 'yellow')}"


def _room(text: str) -> int:
    """Columns a text takes on a terminal, as `line` shows it."""
    return sum(map(_width, visible(text)))


def _width(char: str) -> int:
    """Columns a character takes on a terminal."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
