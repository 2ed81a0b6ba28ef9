"""What goes wrong outside of a spec: files, folders, settings."""

from __future__ import annotations

import copyreg
from collections.abc import Callable
from typing import Any


class Portable:
    """Of exceptions that carry more than a message: pickle and copy keep it all.

    An exception is rebuilt from its `args`, which is the message alone. So one with
    other parameters raised another error where a pool of processes handed it on, and
    that ended the pool.
    """

    args: tuple[Any, ...]

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
        made = copyreg.__newobj__  # type: ignore[attr-defined]  # what `object` uses
        return made, (type(self), *self.args), self.__dict__


class Unusable(Exception):
    """Something the user named cannot be used; the message says what and why."""


def reason(error: OSError) -> str:
    """Why the system refused, in its own words."""
    return error.strerror or type(error).__name__
