"""The resolved schema as JSON: what every backend reads, to look at.

It is for people who write a backend or a pass, and follows the classes of
`contract/schema.py`: it changes whenever they do, in any release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeAlias

from shapespec.backends.files import OutputFile
from shapespec.contract import schema as ir
from shapespec.contract.constraints import KEYWORDS, Constraint, of
from shapespec.contract.facts import Decision
from shapespec.contract.formats import Format
from shapespec.ground.sinks.json_text import pages
from shapespec.ground.source import Located, Span
from shapespec.ground.values import Json
from shapespec.patterns import Pattern
from shapespec.records import dataclass

Object: TypeAlias = dict[str, Json]

_NOTE = (
    "The resolved schema, as shapespec {version} has it. It is not a stable format: "
    "any release may change it."
)
_STATED = {about.trait for about in KEYWORDS.values()} - {"values"}
_STATED |= {"allowed", "asserted"}
"""The fields of a shape that `constraints` says; `values` are those of an enum."""


@dataclass(frozen=True, slots=True)
class ResolvedSchema:
    """The target `ir`."""

    name: str = "ir"
    requires: tuple[str, ...] = ()

    def generate(self, schema: ir.Schema) -> Iterator[OutputFile]:
        """One document, `ir/<package>.json`."""
        yield OutputFile(f"ir/{schema.package}.json", pages(document(schema)) + "\n")


def document(schema: ir.Schema) -> Object:
    """The resolved schema as JSON; what is not stated is left out."""
    from shapespec.ground.version import __version__

    found = _fields(schema)
    found["shapes"] = {name: _shape(one) for name, one in schema.shapes.items()}
    return {"comment": _NOTE.format(version=__version__), **found}


def _shape(shape: ir.Shape) -> Object:
    found = _fields(shape)
    stated = {word: said for word, said in found.items() if word not in _STATED}
    stated.pop("relaxed", None)
    constraints: list[Json] = [_constraint(one) for one in of(shape)]
    if constraints:
        stated["constraints"] = constraints
    return {"shape": type(shape).__name__.lower(), **stated}


def _constraint(one: Constraint) -> Object:
    found: Object = {
        "keyword": one.keyword,
        "limit": _plain(one.limit),
        "rule": one.rule,
        "severity": one.severity,
    }
    if one.claimed:
        found["claimed"] = True
    elif one.relaxed is not None:
        found["relaxed"] = _fields(one.relaxed)
    return found


def _fields(given: Any) -> Object:
    """What an object states, field by field; where it stands in files is left out."""
    found: Object = {}
    for one in fields(given):
        value = getattr(given, one.name)
        if not isinstance(value, Span) and one.name not in ("ledger", "keyword"):
            plain = _plain(value)
            if (one.name, plain) == ("null", "absent"):
                continue
            if plain is not None and plain is not False and plain not in ([], {}):
                found[one.name] = plain
    return found


def _plain(value: Any) -> Any:
    match value:
        case Located():
            return _plain(value.value)
        case Format():
            return value.name
        case Pattern():
            return {
                "source": value.source,
                "python": value.python,
                "ecma": value.ecma,
            }
        case Decision():
            return {"id": value.id, "reason": value.reason}
        case Mapping():
            return {str(name): _plain(item) for name, item in value.items()}
        case tuple() if hasattr(value, "_asdict"):
            named = value._asdict().items()
            return {
                name: _plain(one)
                for name, one in named
                if one is not None and not isinstance(one, Span)
            }
        case tuple() | list():
            return [_plain(item) for item in value]
        case _ if is_dataclass(value):
            return _fields(value)
        case _:
            return value
