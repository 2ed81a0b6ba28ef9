"""Small pieces of YAML text: values, flow collections, lists."""

from __future__ import annotations

import json
from collections.abc import Iterable

from shapespec.ground.sinks.yaml_text import scalar
from shapespec.ground.values import Json

WIDTH = 96


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
