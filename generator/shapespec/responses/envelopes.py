"""Envelopes: ways to responses that are inside of a document."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from enum import Enum, auto
from typing import TypeAlias

_LONGEST = 1_000_000
_MOST_INSIDE = 200
_DEEPEST = 8
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORD = re.compile(r"[A-Za-z0-9_@%+=:,./~-]+")


class Step(Enum):
    """A step into a document that is not the name of a member."""

    EACH = auto()
    TEXT = auto()


EACH, TEXT = Step.EACH, Step.TEXT
Way: TypeAlias = "tuple[str | Step, ...]"


def below(value: object) -> Iterator[tuple[Way, object]]:
    """What is inside of a value, the nearest first, as far as it may be an envelope.

    Of a list that is its first item, and of a string the JSON in it.
    """
    waiting: list[tuple[Way, object]] = [((), value)]
    for way, outer in waiting:
        if len(way) >= _DEEPEST:
            continue
        for step, inner in _within(outer):
            if len(waiting) < _MOST_INSIDE:
                waiting.append(((*way, step), inner))
    yield from waiting[1:]


def _within(value: object) -> Iterator[tuple[str | Step, object]]:
    match value:
        case dict():
            for name, inner in value.items():
                if isinstance(inner, dict | list) or json_in(inner) is not None:
                    yield str(name), inner
        case [first, *_]:
            yield EACH, first
        case str():
            yield TEXT, json_in(value)


def found_at(value: object, way: Way) -> object:
    """What is at the end of a way."""
    for step in way:
        match step, value:
            case str(), dict():
                value = value[step]
            case Step.EACH, list():
                value = value[0]
            case _:
                value = json_in(value)
    return value


def query(way: Way) -> str:
    """A way as jq takes it, as a word of a shell."""
    found = ""
    for step in way:
        if step is TEXT:
            found = f"{found or '.'} | fromjson"
        elif step is EACH:
            found = f"{found or '.'}[]"
        elif _PLAIN.fullmatch(f"{step}"):
            found += f".{step}"
        else:
            found += f"{'' if found else '.'}[{json.dumps(step)}]"
    quoted = found.replace("'", "'\\''")
    return f"'{quoted}'"


def word(text: str) -> str:
    """A text as one word of a shell."""
    return text if _WORD.fullmatch(text) else shlex.quote(text)


def json_in(text: object) -> object:
    """What a string holds that is the JSON of an object; none for any other value."""
    if not isinstance(text, str) or text.lstrip()[:1] != "{" or len(text) > _LONGEST:
        return None
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found
