"""Code points by Unicode property, from a table of one fixed Unicode version.

The table is our own file rather than `unicodedata`, whose version differs between
versions of Python: the same spec has to generate the same bytes everywhere.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from shapespec.patterns.charset import (
    DIGITS,
    EVERYTHING,
    NOTHING,
    SPACE,
    CharSet,
)

_TABLE = Path(__file__).with_name("unicode-15.1.txt")

_LOWER = CharSet.of((0x61, 0x7A))
_UPPER = CharSet.of((0x41, 0x5A))
_PUNCTUATION = CharSet.chars("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_GRAPH = _LOWER | _UPPER | DIGITS | _PUNCTUATION

# POSIX classes and their like: US-ASCII only, as java.util.regex.Pattern defines them.
_ASCII = {
    "Lower": _LOWER,
    "Upper": _UPPER,
    "ASCII": CharSet.of((0, 0x7F)),
    "Alpha": _LOWER | _UPPER,
    "Digit": DIGITS,
    "Alnum": _LOWER | _UPPER | DIGITS,
    "Punct": _PUNCTUATION,
    "Graph": _GRAPH,
    "Print": _GRAPH | CharSet.chars(" "),
    "Blank": CharSet.chars(" \t"),
    "Cntrl": CharSet.of((0, 0x1F), (0x7F, 0x7F)),
    "XDigit": DIGITS | CharSet.of((0x41, 0x46), (0x61, 0x66)),
    "Space": SPACE,
    "all": EVERYTHING,
}


@cache
def _categories() -> dict[str, CharSet]:
    found: dict[str, list[tuple[int, int]]] = {}
    ranges: list[tuple[int, int]] = []
    end = 0
    for line in _TABLE.read_text("ascii").splitlines():
        if line.startswith("#"):
            continue
        if not line.startswith(" "):
            ranges = found[line] = []
            end = 0
            continue
        for token in line.split():
            distance, _, extra = token.partition("-")
            start = end + int(distance, 36)
            end = start + (int(extra, 36) if extra else 0)
            ranges.append((start, end))
    return {name: CharSet.of(*pairs) for name, pairs in found.items()}


@lru_cache(maxsize=256)
def named(name: str) -> CharSet | None:
    """The set behind `\\p{name}`, as Java reads the name; none if it has no such set.

    Known are the POSIX classes (ASCII), the general categories with or without `Is`
    or `gc=`, their one-letter groups, and the binary properties `IsLetter`, `IsDigit`,
    `IsPunctuation`, `IsControl` and `IsWhite_Space`. Scripts and blocks are not.
    """
    if name in _ASCII:
        return _ASCII[name]
    category = name
    for prefix in ("general_category=", "gc=", "Is"):
        category = category.removeprefix(prefix)
    return _category(category) or _binary(name)


def _category(name: str) -> CharSet | None:
    table = _categories()
    if name in table:
        return table[name]
    if name == "LD":
        return CharSet.union([*_group("L"), table["Nd"]])
    if name == "LC":
        return CharSet.union(table[part] for part in ("Lu", "Ll", "Lt"))
    group = _group(name) if len(name) == 1 else []
    return CharSet.union(group) if group else None


def _group(letter: str) -> list[CharSet]:
    return [found for name, found in _categories().items() if name[0] == letter]


def _binary(name: str) -> CharSet | None:
    table = _categories()
    match name.lower():
        case "isletter":
            return _category("L")
        case "isdigit":
            return table["Nd"]
        case "ispunctuation":
            return _category("P")
        case "iscontrol":
            return table["Cc"]
        case "iswhite_space" | "iswhitespace":
            return (_category("Z") or NOTHING) | CharSet.chars("\t\n\v\f\r\x85")
        case _:
            return None
