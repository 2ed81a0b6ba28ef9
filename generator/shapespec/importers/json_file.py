"""JSON files that people name: read strictly, and refused in clear words."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from shapespec.ground.errors import Portable, Unusable
from shapespec.ground.source import SourceFile, Span
from shapespec.project.files import read_source
from shapespec.responses.locate import offsets, second_name
from shapespec.responses.parse import Unreadable, parse_yaml

MAX_DEPTH = 100
"""Levels of nesting a schema may have."""

_STRING_OR_NUMBER = re.compile(
    r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|-?Infinity|NaN|-?[0-9][0-9.eE+-]*'
)


class JsonFile(NamedTuple):
    """What a file holds, and its name and hash.

    Attributes:
        data: The value.
        name: Its last part.
        sha256: Of the text.
        source: The text, where it was read from one.
        kind: `json` or `yaml`.
        uri: Where it is, for what it refers to; empty for standard input.
    """

    data: Any
    name: str
    sha256: str
    source: SourceFile | None = None
    kind: str = "json"
    uri: str = ""


def read_json(path: Path, limit: int) -> JsonFile:
    """The value in a JSON file.

    Args:
        path: Where it is.
        limit: How many bytes it may have.

    Raises:
        Unusable: It cannot be read, is no JSON, has a key twice, is nested too deeply.
        Faults: It is too large, or not UTF-8.
    """
    return json_of(read_source(path, limit=limit), path.name, path.absolute().as_uri())


def json_of(source: SourceFile, name: str, uri: str = "") -> JsonFile:
    """The value of a JSON text.

    Raises:
        Unusable: It is no JSON, has a key twice, is nested too deeply.
    """
    try:
        data = json.loads(
            source.text,
            object_pairs_hook=_distinct,
            parse_constant=_refuse,
            parse_float=_finite,
            parse_int=_readable,
        )
        _check_depth(data)
    except json.JSONDecodeError as error:
        at = f"{source.name}:{error.lineno}:{error.colno}"
        raise Unusable(f"{at}: this is not JSON: {error.msg}") from None
    except _Twice as twice:
        at = _place(source, second_name(source.text))
        raise Unusable(f"{at}: this cannot be read: {twice}") from None
    except _NoNumber as number:
        at = _place(source, _first_odd_number(source.text))
        raise Unusable(f"{at}: this cannot be read: {number}") from None
    except RecursionError:
        why = f"it is nested deeper than {MAX_DEPTH}"
        raise Unusable(f"{source.name}: this cannot be read: {why}") from None
    return JsonFile(data, name, source.digest, source, "json", uri)


def yaml_of(source: SourceFile, name: str, uri: str = "") -> JsonFile:
    """The value of a YAML text.

    Raises:
        Unusable: It is no YAML, has a key twice, is nested too deeply.
    """
    try:
        data = parse_yaml(source.text)
    except Unreadable as unreadable:
        raise Unusable(f"{source.name}: this cannot be read: {unreadable}") from None
    return JsonFile(data, name, source.digest, source, "yaml", uri)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(f"an object has the key {key!r} twice")
        found[key] = value
    return found


class _Twice(Portable, Exception):
    """An object has a key twice."""


class _NoNumber(Portable, Exception):
    """A number is none of JSON, or none that can be held."""


def _refuse(word: str) -> NoReturn:
    raise _NoNumber(f"{word} is not a JSON number")


def _finite(digits: str) -> float:
    found = float(digits)
    if math.isinf(found):
        raise _NoNumber(f"the number {digits[:40]} is too large")
    return found


def _readable(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:
        raise _NoNumber(f"a number of {len(digits)} digits is too long") from None


def _first_odd_number(text: str) -> int:
    """Where the first number is that cannot be read."""
    for token in _STRING_OR_NUMBER.finditer(text):
        if token[0].startswith('"'):
            continue
        try:
            json.loads(
                token[0],
                parse_constant=_refuse,
                parse_float=_finite,
                parse_int=_readable,
            )
        except (_NoNumber, ValueError):
            return token.start()
    return 0


def _place(source: SourceFile, offset: int) -> str:
    line, column = source.position(offset)
    return f"{source.name}:{line}:{column}"


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


def places(file: JsonFile, pointers: list[str]) -> list[Span | None]:
    """The places of values in the text of a document; none where there is no text."""
    source = file.source
    if source is None:
        return [None for _ in pointers]
    found = offsets(source.text, file.kind, pointers)
    return [Span(source, at, _behind(source.text, at)) for at in found]


def _behind(text: str, at: int) -> int:
    """The offset behind a key or a simple value, for the eye."""
    if text[at : at + 1] in ("{", "["):
        return at + 1
    if text[at : at + 1] in ('"', "'"):
        end = text.find(text[at], at + 1)
        return end + 1 if end > 0 and "\n" not in text[at:end] else at + 1
    end = at
    while end < len(text) and text[end] not in ":,]}\n":
        end += 1
    return max(end, at + 1)
