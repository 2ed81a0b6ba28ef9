"""What a backend is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from shapespec.output import OutputFile
from shapespec.schema import Schema


class Backend(Protocol):
    """Turns a checked schema into files. Reads no disk but templates, writes none."""

    @property
    def name(self) -> str:
        """What `--target` calls it."""
        ...

    @property
    def requires(self) -> tuple[str, ...]:
        """Targets whose files its own files import."""
        ...

    def generate(self, schema: Schema) -> Iterable[OutputFile]:
        """The files, each with its path below the output folder."""
        ...
