"""Where in a JSON text a JSON Pointer points."""

from __future__ import annotations

import re
from collections.abc import Callable
from json import decoder

_SPACE = re.compile(r"[ \t\n\r]*")

# What the standard library's own decoder is made of; typeshed does not list it.
_scan: Callable[[str, int], tuple[object, int]] = vars(decoder.JSONDecoder())[
    "scan_once"
]
_scan_string: Callable[[str, int], tuple[str, int]] = vars(decoder)["scanstring"]


def locate(text: str, pointer: str) -> int:
    """The offset of a value in a JSON text that has been read without fault.

    For a member that is the place of its name; for one that is absent, the place of
    what it is absent from.
    """
    at = shown = _skip(text, 0)
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        found = None
        if text[at] == "{":
            found = _member(text, at, name)
        elif text[at] == "[":
            found = _item(text, at, name)
        if found is None:
            break
        shown, at = found
    return shown


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _member(text: str, at: int, name: str) -> tuple[int, int] | None:
    """The places of a member's name and value in the object at `at`."""
    at = _skip(text, at + 1)
    while text[at] == '"':
        start = at
        key, at = _scan_string(text, at + 1)
        at = _skip(text, _skip(text, at) + 1)
        if key == name:
            return start, at
        _, at = _scan(text, at)
        at = _skip(text, at)
        if text[at] != ",":
            return None
        at = _skip(text, at + 1)
    return None


def _item(text: str, at: int, index: str) -> tuple[int, int] | None:
    """The place of an item in the list at `at`, twice."""
    at = _skip(text, at + 1)
    for _ in range(int(index) if index.isdecimal() else 0):
        _, at = _scan(text, at)
        at = _skip(text, at)
        if text[at] != ",":
            return None
        at = _skip(text, at + 1)
    return at, at
