"""The base of our types of parameters, for every release of click that we run with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click import ParamType
else:

    class ParamType(click.ParamType):
        """`click.ParamType`, which takes no brackets at run time before click 8.4."""

        def __class_getitem__(cls, _: object) -> type[ParamType]:
            """The same class: what stands in brackets is for type checkers."""
            return cls


__all__ = ["ParamType"]
