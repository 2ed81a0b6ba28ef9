"""Generated modules as text: what they define, what that uses, what they import.

The templates see to it that a statement begins at the margin and that no text does, so
a few regular expressions are enough, and are quicker than a parser.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

TABLES = ("CLEAN", "KEPT", "ROOTS", "STRUCTURES")
"""Tables that name everything in their module, and are looked up by name."""


_STATEMENT = re.compile(
    r"^(?=@|class |def |[A-Za-z_]\w*(?:: [^=\n]+)? = )", re.MULTILINE
)
_DEFINED = re.compile(r"^(?:class |def )?([A-Za-z_]\w*)", re.MULTILINE)
_TOKEN = re.compile(
    r'r?"""(?:[^"\\]|\\.|"(?!""))*"""'
    r'|r"[^"\n]*"|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
    r"|([A-Za-z_]\w*)",
    re.DOTALL,
)
_WORD = re.compile(r"[A-Za-z_]\w*")
_IMPORT_MODULE = re.compile(r"^import (\w+)$", re.MULTILINE)
_IMPORT_NAMES = re.compile(r"^from (\S+) import (\([^)]*\)|.+)$", re.MULTILINE)
_IMPORT_WITHIN = re.compile(r"^( +from )(?=\.)", re.MULTILINE)
_FOR_CHECKERS = re.compile(
    r"^TYPE_CHECKING = False.*\nif TYPE_CHECKING:\n((?: {4}from .*\n)+)", re.MULTILINE
)
_WIDTH = 88


class Definition(NamedTuple):
    """A top-level statement: the name that it defines, its text, names that it uses."""

    name: str
    text: str
    uses: set[str]


def taken_apart(text: str) -> tuple[str, dict[str, Definition]]:
    """What stands before the definitions of a module, and these by name.

    What is imported for type checkers only is an import like any other.
    """
    checked = _FOR_CHECKERS.search(text)
    extra = ""
    if checked is not None:
        extra = textwrap.dedent(checked[1])
        text = text.replace(checked[0], "", 1)
    head, *pieces = _STATEMENT.split(text)
    head += extra
    found: dict[str, Definition] = {}
    decorators = ""
    for piece in pieces:
        defined = _DEFINED.match(piece)
        if defined is None:
            decorators += piece
            continue
        name, whole = defined[1], decorators + piece
        words = {word for word in _TOKEN.findall(whole) if word}
        if "_TypeAlias" in words:  # which names what it stands for in a text
            words |= {*_WORD.findall(whole.split('"""', maxsplit=1)[0])}
        found[name] = Definition(name, whole.strip(), words - {name})
        decorators = ""
    return head, found


def front_of(definitions: Mapping[str, Definition]) -> dict[str, Definition]:
    """The tables of a module, and the functions that look something up in them."""
    tables = {name: definitions[name] for name in TABLES if name in definitions}
    users = {name: one for name, one in definitions.items() if one.uses & tables.keys()}
    return {**users, **tables}


def one_deeper(text: str) -> str:
    """A definition as it stands a folder deeper: what it imports is one further up."""
    return _IMPORT_WITHIN.sub(r"\1.", text)


class TableRow(NamedTuple):
    """An entry of a table: as it is written, the name it stands for, and a function."""

    text: str
    name: str
    key: str
    leads_to: str


def entries_of(table: Definition) -> Iterator[TableRow]:
    """What a table holds: functions, each under the name of a shape or its class."""
    text = table.text.split('\n"""')[0]
    (statement,) = ast.parse(text).body
    given = (
        statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
    )
    if not isinstance(given, ast.Dict):
        raise TypeError(table.name)
    lines = [0, *(match.end() for match in re.finditer("\n", text))]
    keys = [key for key in given.keys if key is not None]
    starts = [lines[key.lineno - 1] + key.col_offset for key in keys]
    ends = [*starts[1:], len(text) - 1]
    for key, value, start, end in zip(keys, given.values, starts, ends, strict=True):
        functions = [one.id for one in ast.walk(value) if isinstance(one, ast.Name)]
        name = key.attr if isinstance(key, ast.Attribute) else ast.literal_eval(key)
        entry = text[start:end].rstrip().removesuffix(",")
        yield TableRow(entry, name, ast.unparse(key), functions[0])


def docstring_of(head: str) -> str:
    """The text of a module's docstring, as it is written."""
    return head.split('"""')[1]


def imports_for(
    head: str, used: Collection[str], units: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """The imports of a module that a file in its folder needs.

    Args:
        head: What stands before the definitions of the module.
        used: The names that the file uses.
        units: For each module that is in units, too, what is in which.
    """
    found = [match[0] for match in _IMPORT_MODULE.finditer(head) if match[1] in used]
    for match in _IMPORT_NAMES.finditer(head):
        place = f".{match[1]}" if match[1].startswith(".") else match[1]
        names = [one.strip() for one in match[2].strip("()\n").split(",")]
        wanted = [one for one in names if one.split(" ")[-1] in used]
        if not wanted or place == "__future__":
            continue
        by_unit: dict[str, list[str]] = {}
        places = units.get(match[1].removeprefix("."), {})
        for name in wanted:
            unit = f".{places[name]}" if name in places else ""
            by_unit.setdefault(f"{place}{unit}", []).append(name)
        found += (import_line(unit, by_unit[unit]) for unit in sorted(by_unit))
    return found


def import_line(place: str, names: list[str]) -> str:
    """An import as ruff leaves it."""
    line = f"from {place} import {', '.join(names)}"
    if len(line) <= _WIDTH:
        return line
    listed = "".join(f"    {name},\n" for name in names)
    return f"from {place} import (\n{listed})"
