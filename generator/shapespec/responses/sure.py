"""Reads JSON with msgspec, and gives only what `parse.py` gives, too.

msgspec itself refuses what that refuses (other words than JSON's, other encodings, lone
surrogates, a byte order mark, control characters, numbers without end), and integers
stay exact at any size. What is left is tested here: two members of one name, of which
it keeps the last, and nesting.

`shapespec.spark` sends this module to machines where shapespec is not installed, so it
imports the standard library, and msgspec where it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

FastReader: TypeAlias = Callable[[bytes], object]
"""Gives the value of a JSON text, or raises any exception where it is not sure."""

Whole: TypeAlias = Callable[[bytes, object, int], bool]
"""Says whether a JSON text without escaped colons holds no more than its value, which
is nested no deeper than so many levels; or raises any exception."""

_DEEPEST = 100
_FEW = 500


class Unsure(Exception):
    """A text may mean something else to `parse.py`."""


def sure_reader(is_whole: Whole | None = None) -> FastReader | None:
    """A reader for bytes in UTF-8; none where msgspec is not installed.

    Args:
        is_whole: Tells a text that holds no more than its value in C, where there is
            something compiled to do so.
    """
    try:
        import msgspec
    except ImportError:
        return None

    decode = msgspec.json.Decoder().decode
    encode = msgspec.json.Encoder().encode

    if is_whole is not None:

        def read_with(text: bytes) -> object:
            value = decode(text)
            if b"\\" in text and b"\\u003" in text:
                raise Unsure
            if not is_whole(text, value, _DEEPEST):
                raise Unsure
            return value

        return read_with

    def read(text: bytes) -> object:
        value = decode(text)
        written = encode(value)
        # Each member has one colon of its own, and strings keep theirs. A member that
        # another one replaced has taken at least one away, unless an escape adds one.
        # A text as short as it can be is what is written of its value.
        colons = written.count(b":")
        if not text.startswith(written) and (
            colons != text.count(b":") or (b"\\" in text and b"\\u003" in text)
        ):
            raise Unsure
        # A value cannot be nested deeper than it has brackets and members. To leave
        # them out is faster than to count them.
        brackets = len(written) - len(written.replace(b"[", b""))
        if colons + brackets > _FEW and _is_deep(value):
            raise Unsure
        return value

    return read


def _is_deep(value: object) -> bool:
    """Whether a value is nested deeper than any reader can do."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for outer in level
            if type(outer) in (dict, list)
            for inner in (outer.values() if type(outer) is dict else outer)  # type: ignore[attr-defined]
            if type(inner) in (dict, list)
        ]
        if not level:
            return False
    return True
