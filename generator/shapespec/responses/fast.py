"""Reads JSON several times as fast, where it is sure to read what `parse.py` reads.

msgspec makes Python's objects of JSON in C. It keeps the last of two members of one
name, and its limits are not ours. So a text counts as read only where that cannot
matter; of all others nothing is said here, and `parse.py` reads them, with its verdicts
and its messages. See the decision record 0024.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from shapespec.ground.errors import Unusable
from shapespec.ground.extras import need
from shapespec.ground.pointer import steps
from shapespec.responses.sure import FastReader, Whole, sure_reader

Quick: TypeAlias = Callable[[bytes], bool]
"""Says whether a line is a response of which there is surely nothing to say."""

WORTH_BYTES = 256 * 1024
"""How many bytes are read before it is worth to load a library for them."""


def fast_reader(is_whole: Whole | None = None) -> FastReader | None:
    """A reader for bytes in UTF-8; none where msgspec is not installed, or too old.

    It gives a value only where `parse.py` gives an equal one; see `sure.py`.

    Args:
        is_whole: Tests that in C, where there is something compiled to do so.
    """
    try:
        need("msgspec", "fast")
    except Unusable:
        return None
    return sure_reader(is_whole)


def compiled_test(validate: Callable[..., Any]) -> Whole | None:
    """What `fast_reader` tells a whole text with, if a contract is compiled.

    Args:
        validate: The validator of the contract.
    """
    package, _, _ = f"{getattr(validate, '__module__', '')}".rpartition(".")
    compiled = sys.modules.get(f"{package}._compiled")
    return getattr(compiled, "holds_whole", None)


def quick_check(
    validate: Callable[..., Any],
    options: Mapping[str, object],
    *,
    at: str = "",
    rows: bool = False,
) -> Quick | None:
    """Says of a line whether it is a response without any finding.

    It never says so of a line that `parse.py` reads otherwise, or not at all. None
    where there is no fast reader.

    Args:
        validate: The validator of the contract.
        options: What it is called with.
        at: Where the response is within the line, as a JSON Pointer.
        rows: Whether a line that is an array has many responses.
    """
    read = fast_reader(compiled_test(validate))
    if read is None:
        return None
    way = steps(at)

    def is_clean(line: bytes) -> bool:
        try:
            value: Any = read(line)
            if rows and type(value) is not dict:
                return False
            for step in way:
                if type(value) is not dict:
                    return False
                value = value[step]
            return not validate(value, **options)
        except Exception:  # noqa: BLE001 - whatever it is, the line is read with care
            return False

    return is_clean
