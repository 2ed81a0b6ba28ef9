"""Generated modules as data: what they define, what that uses, what they import.

A backend hands on each definition with its name, its text and the names that it uses.
Only then is it settled which file a definition goes into: a small package has one file
for each module, and a big one several; see `units.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from shapespec.backends.environment import environment, render
from shapespec.records import dataclass

_WIDTH = 88
_ALIAS = " as "


class Definition(NamedTuple):
    """A statement at the top of a module.

    Attributes:
        name: What it defines.
        text: The statement, with what documents it.
        uses: The names that it needs of its module: those of imports and of other
            definitions.
        shape: The id of the shape that it is about; empty if it is about none, or is
            shared.
    """

    name: str
    text: str
    uses: frozenset[str] = frozenset()
    shape: str = ""


class TableRow(NamedTuple):
    """A row of a table.

    Attributes:
        key: What the row is under, as Python.
        name: What a user of the package calls that.
        value: The row as Python.
        leads_to: The definition that it is about.
        uses: The names that it needs beside the definitions of its own module.
    """

    key: str
    name: str
    value: str
    leads_to: str
    uses: frozenset[str] = frozenset()


class Lookup(NamedTuple):
    """A dictionary that names everything in its module."""

    name: str
    doc: str
    entries: tuple[TableRow, ...]
    annotation: str = ""


class Import(NamedTuple):
    """What a module may import from a place; of that, a file imports what it uses.

    Attributes:
        place: A module.
        names: What is taken from it, `field as _field`; none if it is imported itself.
        checked: Whether type checkers alone import it, where the module is one file.
    """

    place: str
    names: tuple[str, ...] = ()
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A module that may be cut into several files.

    Attributes:
        doc: Its docstring.
        imports: Where the names are from that are not its own.
        front: Definitions that look something up in the tables; they come first.
        definitions: The others, in an order in which they can be executed.
        tables: They come last.
        remarks: Comments before the docstring.
        pragmas: Comments after it.
    """

    doc: str
    imports: tuple[Import, ...]
    definitions: tuple[Definition, ...]
    front: tuple[Definition, ...] = ()
    tables: tuple[Lookup, ...] = ()
    remarks: tuple[str, ...] = ()
    pragmas: tuple[str, ...] = ()


def defined(
    template: str,
    macro: str,
    *views: object,
    name: str,
    uses: Iterable[str] = (),
    shape: str = "",
) -> Definition:
    """A definition whose text a macro of a template gives."""
    written = getattr(environment().get_template(template).module, macro)
    return Definition(name, str(written(*views)), frozenset(uses), shape)


def whole(module: Module, header: str) -> str:
    """The text of a module that is one file."""
    definitions = (*module.front, *module.definitions)
    used = uses_of(definitions)
    for table in module.tables:
        used.update(*(one.uses for one in table.entries))
    return render(
        "package/module.py.jinja",
        header=header,
        module=module,
        imports=imports_for(module.imports, used, checked=False),
        checked=imports_for(module.imports, used, checked=True),
        definitions=definitions,
    )


def uses_of(definitions: Iterable[Definition]) -> set[str]:
    """The names that some definitions use."""
    return set[str]().union(*(one.uses for one in definitions))


def imports_for(
    imports: Iterable[Import],
    used: Collection[str],
    *,
    checked: bool | None = None,
    units: Mapping[str, Mapping[str, str]] | None = None,
) -> list[str]:
    """The statements that import what a file uses.

    Args:
        imports: What its module may import.
        used: The names that the file uses.
        checked: Whether what only type checkers import is left out, or all else is;
            none where there is no difference.
        units: For each module of a big package, what is in which of its files; none
            where the file is in the package's own folder.
    """
    return [
        line
        for one in imports
        if checked is None or one.checked == checked
        for line in _lines(one, used, units)
    ]


def _lines(
    given: Import, used: Collection[str], units: Mapping[str, Mapping[str, str]] | None
) -> Iterator[str]:
    if not given.names:
        if given.place in used:
            yield f"import {given.place}"
        return
    wanted = [name for name in given.names if name.split(_ALIAS)[-1] in used]
    place, placed = given.place, dict[str, str]()
    if units is not None and place.startswith("."):
        placed.update(units.get(place.removeprefix("."), {}))
        place = f".{place}"
    by_unit: dict[str, list[str]] = {}
    for name in wanted:
        unit = f".{placed[name]}" if name in placed else ""
        by_unit.setdefault(f"{place}{unit}", []).append(name)
    yield from (import_line(unit, by_unit[unit]) for unit in sorted(by_unit))


def import_line(place: str, names: Collection[str]) -> str:
    """An import as ruff leaves it."""
    line = f"from {place} import {', '.join(names)}"
    if len(line) <= _WIDTH:
        return line
    listed = "".join(f"    {name},\n" for name in names)
    return f"from {place} import (\n{listed})"
