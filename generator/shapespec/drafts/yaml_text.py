"""Small pieces of YAML text: scalars, flow collections, comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from shapespec.contract.schema import Json

WIDTH = 96

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[./ -][A-Za-z0-9_]+)*")
_SAFE = r" -~\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010fffd"
_QUOTABLE = re.compile(f"[{_SAFE}]*")
_UNSAFE = re.compile(f"[^{_SAFE}]")
_NOT_TEXT = frozenset(
    ("null", "true", "false", "yes", "no", "on", "off", "y", "n"),
)


def scalar(text: str) -> str:
    """A text as YAML has it, with as few quotes as every reader understands."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT:
        return text
    if text and _QUOTABLE.fullmatch(text) and not text.isspace():
        return "'" + text.replace("'", "''") + "'"
    return _UNSAFE.sub(
        lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False)
    )


def value(given: Json) -> str:
    """A JSON value as YAML has it, in one line."""
    match given:
        case str():
            return scalar(given)
        case list():
            return "[" + ", ".join(map(value, given)) + "]"
        case dict():
            return flow((name, value(one)) for name, one in given.items())
        case _:
            return json.dumps(given)


def flow(entries: Iterable[tuple[str, str]]) -> str:
    """A mapping in one line; the values are YAML."""
    return "{" + ", ".join(f"{scalar(key)}: {text}" for key, text in entries) + "}"


def sequence(items: Iterable[str], indent: int) -> str:
    """A list of scalars in as many lines as it takes; the first one begins it."""
    lines = ["["]
    for item in items:
        piece = item if lines[-1] == "[" else f" {item}"
        if indent + len(lines[-1]) + len(piece) > WIDTH and lines[-1] != "[":
            lines[-1] += ","
            lines.append(f" {item}")
        else:
            comma = "" if lines[-1] == "[" else ","
            lines[-1] += comma + piece
    return f"\n{' ' * indent}".join(lines) + "]"


def comment(text: str) -> str:
    """A text as a comment of one line: nothing in it can end the line."""
    return "# " + _UNSAFE.sub(lambda found: ascii(found[0])[1:-1], text)
