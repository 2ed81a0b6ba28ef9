"""Sizes on the command line; a module of its own, for commands that start at once."""

from __future__ import annotations

import click

from shapespec.cli.param_type import ParamType


class Size(ParamType[int]):
    """A number of bytes, with an optional suffix: `64MB`."""

    name = "size"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """The bytes."""
        if isinstance(value, int):
            return value
        text = str(value).strip().upper().removesuffix("B")
        scale = {"K": 1024, "M": 1024**2, "G": 1024**3}.get(text[-1:], 1)
        digits = text if scale == 1 else text[:-1]
        if not digits.strip().isdecimal():
            self.fail(f"{value!r} is not a size such as 64MB", param, ctx)
        return int(digits) * scale
