"""The run time of generated packages: ordinary modules that are copied into each.

`_contract`, `_forms`, `_history` and `enums` stand in for a package's modules of these
names.
"""

from __future__ import annotations

from pathlib import Path

FRAME = "frame"
"""The form that every contract has beside its own; see `_frame`."""


def source(name: str) -> str:
    """The text of a module, as it is copied."""
    return (Path(__file__).parent / name).read_text("utf-8")
