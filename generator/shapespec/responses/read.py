"""Reads responses as people hold them: JSON, YAML, NDJSON, a file or a stream."""

from __future__ import annotations

import itertools
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from shapespec.diagnostics.model import Faults
from shapespec.errors import Unusable, reason
from shapespec.frontend.yaml_tree import Mapping, Node, Scalar, Sequence, compose
from shapespec.source import SourceFile

FORMATS = ("json", "yaml", "ndjson")
_BY_SUFFIX = {
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
}

_INDEX = re.compile(r"0|[1-9][0-9]{0,17}")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]{1,60}|0x[0-9a-fA-F]{1,60}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LONGEST_NUMBER = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One response, or what is there in place of one.

    Attributes:
        source: Where it came from, as `file:line`.
        value: The response, where it could be read.
        text: The text that it was read from.
        unreadable: Why it could not be read; none where it could.
        reason: The same without a word of the text, for those who must show none.
    """

    source: str
    value: object = None
    text: str = ""
    unreadable: str | None = None
    reason: str | None = None


class Unreadable(ValueError):
    """A text is no response; the message says why.

    Attributes:
        reason: The message without a word of the text.
    """

    def __init__(self, message: str, reason: str | None = None) -> None:
        """Say why; with a `reason` where the message quotes the text."""
        super().__init__(message)
        self.reason = reason or message


def response_files(named: Iterable[str]) -> Iterator[str]:
    """The files that are meant: those named, and in place of a folder what it holds.

    Of a folder that is all its files whose names say that they hold responses, at any
    depth, in the order of their names.

    Raises:
        Unusable: A folder holds no such file, or cannot be listed.
    """
    for name in named:
        if name == "-" or not Path(name).is_dir():
            yield name
            continue
        found = False
        for file in _below(name):
            found = True
            yield file
        if not found:
            kinds = ", ".join(_BY_SUFFIX)
            raise Unusable(f"{name} holds no file that ends in one of {kinds}")


def _below(folder: str) -> Iterator[str]:
    def refuse(error: OSError) -> None:
        raise Unusable(f"cannot read {error.filename}: {reason(error)}") from error

    for at, folders, files in os.walk(folder, onerror=refuse):
        folders.sort()
        for file in sorted(files):
            if Path(file).suffix.lower() in _BY_SUFFIX:
                yield str(Path(at, file))


def read_responses(path: str, kind: str | None = None) -> Iterator[Response]:
    """The responses in a file, or on standard input where `path` is `-`.

    Args:
        path: The file.
        kind: One of `FORMATS`; where left out, what its name or its text tells.

    Raises:
        Unusable: The file cannot be read.
    """
    try:
        if path == "-":
            yield from _from_stream("<stdin>", sys.stdin.buffer, kind)
        else:
            with Path(path).open("rb") as stream:
                found = kind or _BY_SUFFIX.get(Path(path).suffix.lower())
                yield from _from_stream(path, stream, found)
    except OSError as error:
        raise Unusable(f"cannot read {path}: {reason(error)}") from error


def inside(response: Response, pointer: str) -> Response:
    """The response within a document that wraps it, at a JSON Pointer (RFC 6901)."""
    if response.unreadable is not None:
        return response
    value = response.value
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif (
            isinstance(value, list)
            and _INDEX.fullmatch(name)
            and (int(name) < len(value))
        ):
            value = value[int(name)]
        else:
            problem = f"there is nothing at {pointer}"
            return replace(response, value=None, unreadable=problem, reason=problem)
    return replace(response, value=value)


def _from_stream(name: str, stream: IO[bytes], kind: str | None) -> Iterator[Response]:
    if kind == "ndjson":
        yield from _lines(name, stream)
        return
    first = stream.readline()
    if kind in (None, "json") and _is_whole(first):
        yield from _lines(name, itertools.chain((first,), stream))
        return
    data = first + stream.read()
    if kind is None:
        kind = "json" if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in b'{["' else "yaml"
    yield _one(f"{name}:1", data, kind)


def _is_whole(line: bytes) -> bool:
    """Whether a line is a JSON value on its own."""
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _lines(name: str, lines: Iterable[bytes]) -> Iterator[Response]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _one(f"{name}:{number}", line, "json")


def _one(source: str, data: bytes, kind: str) -> Response:
    try:
        text = _decoded(data)
        value = parse_yaml(text) if kind == "yaml" else parse_json(text)
    except Unreadable as error:
        return Response(source=source, unreadable=str(error), reason=error.reason)
    return Response(source=source, value=value, text=text)


def _decoded(data: bytes) -> str:
    encoding = json.detect_encoding(data) if data else "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        message = (
            f"it is not {encoding.upper()} text: byte {error.start} is no part of it"
        )
        raise Unreadable(message) from None


def parse_json(text: str) -> object:
    """The value of a JSON text, RFC 8259, with nothing that only some readers take.

    Raises:
        Unreadable: It is not JSON; a name stands twice in an object; it holds NaN,
            Infinity, or numbers or nesting beyond what can be read.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=_without_duplicates,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        problem = error.msg.removesuffix(" at")
        raise Unreadable(f"it is not JSON: {problem} at {where}") from None
    except RecursionError:
        raise Unreadable("it is nested deeper than can be read") from None
    except Unreadable:
        raise
    except ValueError:
        raise Unreadable("it holds a number too long to be read") from None


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            shown = json.dumps(name[:60])
            message = f"the name {shown} stands twice in an object"
            raise Unreadable(message, "a name stands twice in an object")
        seen.add(name)
    return found


def _refuse_constant(word: str) -> object:
    raise Unreadable(f"it holds {word}, which is not JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Unreadable("it holds a number beyond what can be read")
    return value


def parse_yaml(text: str) -> object:
    """The value of a YAML 1.2 document, as its core schema has it; tags have no effect.

    Raises:
        Unreadable: It is not one YAML document, has a key twice, or its nesting,
            aliases or numbers are beyond what can be read.
    """
    try:
        tree = compose(SourceFile("", text))
    except Faults as faults:
        first = faults.diagnostics[0]
        at = first.primary.span.position if first.primary else None
        where = f" at line {at.line}, column {at.column}" if at else ""
        message = f"it is not YAML: {first.message}{where}"
        raise Unreadable(message, f"it is not YAML{where}") from None
    return _yaml_value(tree)


def _yaml_value(node: Node) -> object:
    match node:
        case Sequence(items=items):
            return [_yaml_value(item) for item in items]
        case Mapping(entries=entries):
            return {key.text: _yaml_value(value) for key, value in entries}
        case Scalar(text=text, plain=True):
            return _plain_scalar(text)
        case Scalar(text=text):
            return text


def _plain_scalar(text: str) -> object:
    """A plain scalar by the core schema of YAML 1.2.2, section 10.3.2."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if _INTEGER.fullmatch(text):
        if len(text) > _LONGEST_NUMBER:
            raise Unreadable("it holds a number too long to be read")
        return int(text)
    if text.startswith(("0x", "0o")) and _BASED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return _finite(text)
    if _SPECIAL.fullmatch(text):
        raise Unreadable(f"it holds {text}, which no response can")
    return text
