"""JSON files that people name: read strictly, and refused in clear words."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from shapespec.ground.errors import Unusable
from shapespec.project.files import read_source

MAX_DEPTH = 100
"""Levels of nesting a schema may have."""


class JsonFile(NamedTuple):
    """What a file holds, and its name and hash."""

    data: Any
    name: str
    sha256: str


def read_json(path: Path, limit: int) -> JsonFile:
    """The value in a JSON file.

    Args:
        path: Where it is.
        limit: How many bytes it may have.

    Raises:
        Unusable: It cannot be read, is no JSON, has a key twice, is nested too deeply.
        Faults: It is too large, or not UTF-8.
    """
    source = read_source(path, limit=limit)
    try:
        data = json.loads(
            source.text, object_pairs_hook=_distinct, parse_constant=_refuse
        )
        _check_depth(data)
    except json.JSONDecodeError as error:
        at = f"{path}:{error.lineno}:{error.colno}"
        raise Unusable(f"{at}: this is not JSON: {error.msg}") from None
    except (RecursionError, ValueError) as error:
        too_deep = f"it is nested deeper than {MAX_DEPTH}"
        why = too_deep if isinstance(error, RecursionError) else f"{error}"
        raise Unusable(f"{path}: this cannot be read: {why}") from None
    return JsonFile(data, path.name, hashlib.sha256(source.text.encode()).hexdigest())


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"an object has the key {key!r} twice")
        found[key] = value
    return found


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a JSON number")


def _check_depth(data: Any) -> None:
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for value in level
            if isinstance(value, dict | list)
            for child in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return
    raise RecursionError
