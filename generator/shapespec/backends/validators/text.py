"""Words and literals that several of the validators' modules need."""

from __future__ import annotations

from shapespec.backends.environment import literal
from shapespec.contract import schema as ir
from shapespec.ground.sinks.visible import visible


def title_of(shape: ir.Shape) -> str:
    """What findings call a shape: its name, or that of the place it is written in."""
    return shape.id.replace("$", ".")


def pattern_literal(pattern: str) -> str:
    """A pattern as a raw literal where that can be, for the reader's sake.

    A valid pattern does not end within an escape, so neither does the literal.
    """
    if '"' not in pattern and pattern.isascii() and visible(pattern) == pattern:
        return f'r"{pattern}"'
    return literal(pattern)
