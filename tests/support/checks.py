"""The quick check of a generated package, with both of its answers."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

Check = Callable[[Any], bool]


def checks_of(package: ModuleType, shape: str) -> tuple[Check, Check]:
    """What is sure that a value has no error, and what is sure that it is clean."""
    name = package.__name__
    check = import_module(f"{name}._accept").CHECKS[shape]
    found = import_module(f"{name}._part").known(
        import_module(f"{name}._contract").SHAPES
    )
    return check, lambda value: check(value, found)
