"""Whether a schema is one: what its metaschema demands, and that references lead on.

The tables of `dialects.py` say what the metaschemas say, so that each problem has its
place and a sentence of its own.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from shapespec.ground.pointer import pointer_to
from shapespec.importers.json_schema.dialects import Dialect, dialect_of, subschemas

TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
_ANCHOR = re.compile(r"[A-Za-z_][-A-Za-z0-9._]*")
_ID = re.compile(r"[^#]*#?")
_LONGEST = 40
_D4 = 4
_BESIDE = {"exclusiveMaximum": "maximum", "exclusiveMinimum": "minimum"}


class Problem(NamedTuple):
    """What is wrong with a schema.

    Attributes:
        pointer: The place of the keyword.
        message: What is wrong, in one sentence.
        help: What to do.
    """

    pointer: str
    message: str
    help: str


def problems(data: Any, dialect: Dialect) -> Iterator[Problem]:
    """What is wrong with the keywords of a schema and those within it, in any order."""
    pending: list[tuple[Any, str, Dialect]] = [(data, "", dialect)]
    while pending:
        schema, pointer, dialect = pending.pop()
        if not isinstance(schema, dict):
            if not isinstance(schema, bool) or dialect.year == _D4:
                yield Problem(pointer, *_wrong("schema", schema, dialect, "a schema"))
            continue
        dialect = dialect_of(schema.get("$schema")) or dialect
        for keyword, value in schema.items():
            demand = dialect.keywords.get(keyword)
            if demand is not None:
                for way, said, help_ in _demanded(keyword, demand, value, dialect):
                    yield Problem(pointer + pointer_to((keyword, *way)), said, help_)
        if dialect.year == _D4:
            yield from _without_bound(schema, pointer)
        pending += [
            (one, pointer + pointer_to(way), dialect)
            for way, one in subschemas(schema)
            if isinstance(one, dict) and way[0] in dialect.keywords
        ]


def _without_bound(schema: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """In draft-04, what says that a bound is exclusive needs the bound."""
    for keyword, bound in _BESIDE.items():
        if keyword in schema and bound not in schema:
            said = f"`{keyword}` is about `{bound}`, which is not there"
            yield Problem(f"{pointer}/{keyword}", said, f"add `{bound}`")


Way = tuple[str | int, ...]
Found = Iterator[tuple[Way, str, str]]


def _demanded(keyword: str, demand: str, value: Any, dialect: Dialect) -> Found:
    at = f"`{keyword}`"
    match demand:
        case "schemas":
            yield from _each(value, at, "schema", dialect, least=1)
        case "schema or schemas" if isinstance(value, list):
            yield from _each(value, at, "schema", dialect, least=1)
        case "schema or schemas":
            yield from _one((), "schema", value, dialect, at)
        case "map of schemas":
            yield from _mapped(value, at, "schema", dialect)
        case "map of names":
            yield from _mapped(value, at, "names", dialect)
        case "map of booleans":
            yield from _mapped(value, at, "boolean", dialect)
        case "map of dependencies":
            yield from _mapped(value, at, "dependency", dialect)
        case _:
            yield from _one((), demand, value, dialect, at)
    if keyword == "patternProperties" and isinstance(value, dict):
        for name in value:
            yield from _one((name,), "pattern", name, dialect, f"a name in {at}")


def _each(value: Any, at: str, demand: str, dialect: Dialect, *, least: int) -> Found:
    if not isinstance(value, list) or len(value) < least:
        said = f"{at} must be a list of at least {least} {demand}"
        yield (), f"{said}, but is {_shown(value)}", "write the schemas between [ and ]"
        return
    for place, one in enumerate(value):
        yield from _one((place,), demand, one, dialect, f"an item of {at}")


def _mapped(value: Any, at: str, demand: str, dialect: Dialect) -> Found:
    if not isinstance(value, dict):
        said = f"{at} must be an object, but is {_shown(value)}"
        yield (), said, "write names and what belongs to each between { and }"
        return
    for name, one in value.items():
        yield from _one((name,), demand, one, dialect, f"an entry of {at}")


def _one(way: Way, demand: str, value: Any, dialect: Dialect, at: str) -> Found:
    if not _DEMANDS[demand][0](value, dialect):
        yield (way, *_wrong(demand, value, dialect, at))


def _wrong(demand: str, value: Any, dialect: Dialect, at: str) -> tuple[str, str]:
    _, what, help_ = _DEMANDS[demand]
    if demand == "schema" and dialect.year == _D4:
        what = "an object"
    at = at[0].lower() + at[1:]
    return f"{at} must be {what}, but is {_shown(value)}", help_


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True)
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}…"
    match value:
        case []:
            return "an empty list"
        case list():
            return f"the list `{text}`"
        case dict():
            return f"the object `{text}`"
        case str():
            return f"the string `{text}`"
        case _:
            return f"`{text}`"


# --- what a keyword may be ------------------------------------------------------


def _is_anything(_value: Any, _: Dialect) -> bool:
    return True


def _is_number(value: Any, _: Dialect | None = None) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_natural(value: Any, dialect: Dialect) -> bool:
    if not _is_number(value) or (isinstance(value, float) and dialect.year == _D4):
        return False
    return value >= 0 and math.isfinite(value) and value % 1 == 0


def _is_positive(value: Any, _: Dialect) -> bool:
    return _is_number(value) and value > 0


def _is_text(value: Any, _: Dialect | None = None) -> bool:
    return isinstance(value, str)


def _is_boolean(value: Any, _: Dialect) -> bool:
    return isinstance(value, bool)


def _is_schema(value: Any, dialect: Dialect) -> bool:
    return isinstance(value, dict) or (isinstance(value, bool) and dialect.year > _D4)


def _is_schema_or_boolean(value: Any, _: Dialect) -> bool:
    return isinstance(value, dict | bool)


def _are_names(value: Any, _: Dialect) -> bool:
    return (
        isinstance(value, list)
        and all(map(_is_text, value))
        and len({*value}) == len(value)
    )


def _are_some_names(value: Any, dialect: Dialect) -> bool:
    return _are_names(value, dialect) and bool(value)


def _are_values(value: Any, _: Dialect) -> bool:
    return isinstance(value, list)


def _are_some_values(value: Any, _: Dialect) -> bool:
    return isinstance(value, list) and bool(value) and _differ(value)


def _differ(values: list[Any]) -> bool:
    written = [json.dumps(_plain(one), sort_keys=True) for one in values]
    return len({*written}) == len(written)


def _plain(value: Any) -> Any:
    """A value in which numbers that are equal are written alike."""
    match value:
        case bool() | str() | None:
            return value
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_plain(one) for one in value]
        case dict():
            return {name: _plain(one) for name, one in value.items()}
        case _:
            return value


def _is_type(value: Any, _: Dialect) -> bool:
    if isinstance(value, list):
        known = all(isinstance(one, str) and one in TYPES for one in value)
        return known and bool(value) and len({*value}) == len(value)
    return isinstance(value, str) and value in TYPES


def _is_dependency(value: Any, dialect: Dialect) -> bool:
    if isinstance(value, list):
        few = dialect.year == _D4 and not value
        return _are_names(value, dialect) and not few
    return _is_schema(value, dialect)


def _is_anchor(value: Any, _: Dialect) -> bool:
    return isinstance(value, str) and _ANCHOR.fullmatch(value) is not None


def _is_id(value: Any, _: Dialect) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


Demand = tuple[Callable[[Any, Dialect], bool], str, str]
_LISTED_TYPES = ", ".join(TYPES)

_DEMANDS: Mapping[str, Demand] = {
    "anything": (_is_anything, "anything", ""),
    "string": (_is_text, "a string", "put it between quotes"),
    "pattern": (_is_text, "a regular expression", "write it as a string"),
    "boolean": (_is_boolean, "`true` or `false`", "write it without quotes"),
    "number": (_is_number, "a number", "write it without quotes"),
    "positive": (_is_positive, "a number greater than 0", "correct the number"),
    "natural": (
        _is_natural,
        "a whole number that is not negative",
        "write it without quotes and sign, or remove the keyword",
    ),
    "schema": (
        _is_schema,
        "a schema: an object, `true` or `false`",
        'write the schema in place: {"type": "string"}, for example',
    ),
    "schema or boolean": (
        _is_schema_or_boolean,
        "a schema, `true` or `false`",
        "write the schema in place",
    ),
    "names": (
        _are_names,
        "a list of different names",
        'write a list, and each name once: ["a", "b"]',
    ),
    "some names": (
        _are_some_names,
        "a list of different names, at least one",
        'write a list, and each name once: ["a", "b"]; without names, remove it',
    ),
    "values": (_are_values, "a list", "write the values between [ and ]"),
    "some values": (
        _are_some_values,
        "a list of different values, at least one",
        "write the values between [ and ], each once",
    ),
    "types": (
        _is_type,
        "a type, or a list of different types",
        f"the types are {_LISTED_TYPES}",
    ),
    "dependency": (
        _is_dependency,
        "a schema or a list of different names",
        "write the names between [ and ], or a schema",
    ),
    "anchor": (
        _is_anchor,
        "a name of letters, digits, `-`, `_` and `.`",
        "begin it with a letter or `_`",
    ),
    "id": (
        _is_id,
        "a URI without a fragment",
        "to name a part of a schema, use `$anchor`",
    ),
}
