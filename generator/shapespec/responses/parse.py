"""Texts of responses as values: JSON and YAML, read with care and with limits."""

from __future__ import annotations

import json
import re

from shapespec.diagnostics.model import Diagnostic, Faults
from shapespec.ground.errors import Portable
from shapespec.ground.source import SourceFile
from shapespec.language.yaml_tree import Mapping, Node, Scalar, Sequence, compose
from shapespec.responses.locate import second_name
from shapespec.responses.symbols import without_symbols

_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]{1,60}|0x[0-9a-fA-F]{1,60}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LONGEST_NUMBER = 4000


class Unreadable(Portable, ValueError):
    """A text is no response; the message says why, without a word of the text."""


class _Repeated(Exception):
    """An object has a name twice."""


def decoded(data: bytes) -> str:
    """The text that bytes are, in one of the encodings that JSON has had.

    Raises:
        Unreadable: They are no text.
    """
    encoding = json.detect_encoding(data) if data else "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"it is not {encoding.upper()}: byte {error.start} is invalid"
        raise Unreadable(message) from None


def parse_json(text: str) -> object:
    """The value of a JSON text, RFC 8259, with nothing that only some readers take.

    Raises:
        Unreadable: It is not JSON; a name occurs twice in an object; it holds NaN,
            Infinity, or numbers or nesting beyond what can be read.
    """
    try:
        # `loads` would make a decoder each time, but it knows byte order marks.
        return json.loads(text) if text.startswith("\ufeff") else _DECODER.decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        problem = error.msg.removesuffix(" at")
        raise Unreadable(f"it is not JSON: {problem} at {where}") from None
    except RecursionError:
        raise Unreadable("it is nested deeper than can be read") from None
    except _Repeated:
        line, column = SourceFile("", text).position(second_name(text))
        where = f"line {line}, column {column}"
        raise Unreadable(f"an object has the same name twice, at {where}") from None
    except Unreadable:
        raise
    except ValueError:
        raise Unreadable("it contains a number too long to be read") from None


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    raise _Repeated


def _refuse_constant(word: str) -> object:
    raise Unreadable(f"it contains {word}, which is not JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Unreadable("it contains a number beyond what can be read")
    return value


_DECODER = json.JSONDecoder(
    object_pairs_hook=_without_duplicates,
    parse_constant=_refuse_constant,
    parse_float=_finite,
)


def parse_yaml(text: str) -> object:
    """The value of a YAML 1.2 document, as its core schema has it; tags have no effect.

    Symbols of Ruby are names; see `symbols.py`.

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
        raise Unreadable(f"it is not YAML: {_without_text(first)}{where}") from None
    return _yaml_value(without_symbols(tree))


_WORDLESS = {
    "duplicate-key": "a mapping has the same key twice,",
    "unknown-alias": "an alias has no anchor before it,",
    "cyclic-alias": "an alias is inside its own anchor,",
    "yaml-tag": "a tag has no meaning",
    "empty-document": "the document is empty",
}


def _without_text(fault: Diagnostic) -> str:
    """What is wrong, without what the text has there: that may be a secret."""
    quoted = re.search("[`'\"]", fault.message)
    cut = fault.message[: quoted.start()] if quoted else fault.message
    return _WORDLESS.get(fault.rule) or cut.strip()


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
            raise Unreadable("it contains a number too long to be read")
        return int(text)
    if text.startswith(("0x", "0o")) and _BASED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return _finite(text)
    if _SPECIAL.fullmatch(text):
        raise Unreadable(f"it contains {text}, which a response cannot contain")
    return text
