"""What a backend is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from shapespec.backends.files import OutputFile
from shapespec.contract.schema import Schema


@runtime_checkable
class Backend(Protocol):
    """Turns a checked schema into files. Reads no disk but templates, writes none.

    The same schema gives the same files, whatever the machine and the day. A backend
    of another distribution is found by its entry point; see spec/extending.md.
    """

    @property
    def name(self) -> str:
        """What `--target` calls it."""
        ...

    @property
    def requires(self) -> tuple[str, ...]:
        """Targets whose files its own files import."""
        ...

    def generate(self, schema: Schema) -> Iterable[OutputFile]:
        """The files, each with its path below the output folder.

        Args:
            schema: The contract, checked: every name leads to a shape, every bound and
                pattern has a meaning. See `shapespec/contract/schema.py`.
        """
        ...
