"""Text in YAML: scalars, values in double quotes, comments."""

from __future__ import annotations

import json
import re

from shapespec.ground.sinks.visible import escape, visible

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[./ -][A-Za-z0-9_]+)*")
_NOT_TEXT = frozenset(
    ("null", "true", "false", "yes", "no", "on", "off", "y", "n"),
)


_HALF = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair, which no YAML can hold: it is spelt out."""


def scalar(text: str) -> str:
    """A text as YAML has it, with as few quotes as every reader understands."""
    text = _HALF.sub(lambda half: escape(half[0]), text)
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT:
        return text
    if text and not text.isspace() and visible(text) == text:
        return "'" + text.replace("'", "''") + "'"
    return quoted(text)


def quoted(value: object) -> str:
    """A JSON value on one line, strings in double quotes: it is YAML, too."""
    text = json.dumps(value, ensure_ascii=False)
    return visible(_HALF.sub(lambda half: f"\\{escape(half[0])}", text))


def comment(text: str) -> str:
    """A text as a comment of one line: nothing in it can end the line."""
    return f"# {visible(text)}"
