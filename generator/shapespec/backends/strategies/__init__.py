"""Hypothesis strategies: a module of the package that alone needs Hypothesis."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.backends import python_package
from shapespec.backends.environment import render
from shapespec.backends.files import OutputFile
from shapespec.backends.strategies.lower import (
    lower_formats,
    lower_roots,
    lower_strategies,
    lower_wanted,
    moment,
)
from shapespec.contract.schema import OneOf, Schema, Tuple
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True)
class Strategies:
    """The target `strategies`."""

    name: str = "strategies"
    requires: tuple[str, ...] = ("validators",)

    def generate(self, schema: Schema) -> Iterator[OutputFile]:
        """One module of the package."""
        text = render(
            "package/strategies.py.jinja",
            header=python_package.header(schema),
            shapes=lower_strategies(schema),
            roots=lower_roots(schema),
            moment=moment(schema),
            choices=_has(schema, OneOf),
            tuples=_has(schema, Tuple),
            formats=lower_formats(schema),
            wanted=lower_wanted(schema),
        )
        yield python_package.module(schema, "strategies.py", text)


def _has(schema: Schema, kind: type) -> bool:
    """Whether a schema has a shape of a kind."""
    return any(isinstance(shape, kind) for shape in schema.shapes.values())
