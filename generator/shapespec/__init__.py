"""One YAML spec per API contract, compiled into everything that people use.

`load_contract(address)` gives the validators and dataclasses of a contract.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shapespec.api import load_contract

__version__ = "0.1.0"
__all__ = ["__version__", "load_contract"]


def __getattr__(name: str) -> Any:
    """Load what is asked for, so that importing shapespec costs nothing."""
    if name == "load_contract":
        from shapespec.api import load_contract

        return load_contract
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
