"""Big packages in units: what the same operations use stands in the same file.

A module of a small package is one file. That of a big one becomes a folder of the same
name: a file for each set of operations, with the definitions that just these use, and
in front of them an `__init__.py` that loads a file when something in it is asked for.
Where a definition uses another one, every operation that uses the first uses the
second, too; so files only import from files of more operations, and never in a circle.
generator/adr/0013 says what else was weighed.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from shapespec import naming, schema as ir
from shapespec.backends.environment import literal, render
from shapespec.backends.python_package import as_imports_are, header, module
from shapespec.backends.validators.names import Names
from shapespec.output import OutputFile

BIG = 150
"""How many structures a package may have before it is taken apart."""

MODULES = ("_accept", "_convert", "_findings", "enums", "models")
TABLES = ("CHECKS", "ROOTS", "STRUCTURES")
"""Tables that name everything in their module, and are looked up by name."""

_VERBS = ("accept", "check", "read", "write")
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
_IMPORT_MODULE = re.compile(r"^import (\w+)$", re.MULTILINE)
_IMPORT_NAMES = re.compile(r"^from (\S+) import (\([^)]*\)|.+)$", re.MULTILINE)
_WIDTH = 88
_PRIVATE = "# pyright: basic"
"""What modules say that are not for people who use the package."""


def is_big(schema: ir.Schema) -> bool:
    """Whether the modules of a package are taken apart."""
    records = (ir.Structure, ir.Union)
    count = sum(isinstance(shape, records) for shape in schema.shapes.values())
    return count > BIG


def in_units(
    schema: ir.Schema, files: Iterable[OutputFile]
) -> tuple[list[OutputFile], list[OutputFile]]:
    """The files of a big package, its modules taken apart.

    Args:
        schema: The contract.
        files: Its files, laid out for people or not.

    Returns:
        Those that are not units, to be laid out yet, and the units, as their
        definitions were before.
    """
    paths = {f"python/{schema.package}/{name}.py": name for name in MODULES}
    made = _Units(schema)
    whole: list[OutputFile] = []
    units: list[OutputFile] = []
    for file in files:
        if file.path in paths:
            front, *parts = made.parts(paths[file.path], file)
            whole.append(front)
            units += parts
        else:
            whole.append(file)
    if units:
        text = render("package/lazy.py.jinja", header=header(schema))
        whole.append(module(schema, "_lazy.py", text)._replace(target="package"))
    return whole, units


class _Definition(NamedTuple):
    """A top-level statement: the name that it defines, its text, names that it uses."""

    name: str
    text: str
    uses: set[str]


@dataclass(slots=True)
class _Unit:
    """A file to be: its definitions, and the entries of tables that lead to them."""

    name: str
    about: str
    definitions: list[_Definition] = field(default_factory=list[_Definition])
    tables: dict[str, list[_Entry]] = field(default_factory=dict[str, list["_Entry"]])


class _Units:
    """Takes the modules of a package apart, all along the same lines."""

    def __init__(self, schema: ir.Schema) -> None:
        self.schema = schema
        self.users = _users(schema)
        self.operations = [name for name, _ in _operations(schema)]
        self.names = dict(self._unit_names())
        self.seeds = dict(self._seeds())

    def _unit_names(self) -> Iterator[tuple[int, str]]:
        """A name for each set of operations: that of the only one, or of a shape."""
        first: dict[int, str] = {}
        for shape in self.schema.shapes.values():
            if isinstance(shape, ir.Structure | ir.Union | ir.Enum) and shape.named:
                first.setdefault(self.users[shape.id], shape.id)
        for shape in self.schema.shapes.values():
            first.setdefault(self.users[shape.id], shape.id.replace("$", "_"))
        taken = {"__init__"}
        for users, shape_id in first.items():
            alone = users.bit_count() == 1
            name = self.operations[users.bit_length() - 1] if alone else shape_id
            yield users, _free(naming.snake_case(name).strip("_") or "unit", taken)

    def _seeds(self) -> Iterator[tuple[str, int]]:
        """For each definition that is about a shape, the operations that use it."""
        names = Names(self.schema)
        for shape in self.schema.shapes:
            yield naming.class_name(shape), self.users[shape]
            for verb in _VERBS:
                yield names.function(verb, shape), self.users[shape]

    def parts(self, name: str, file: OutputFile) -> Iterator[OutputFile]:
        """The files that a module becomes, that in front of them first."""
        head, definitions = _taken_apart(file.text)
        front = _front(definitions)
        for key in front:
            del definitions[key]
        units, places = self._grouped(definitions)
        tables: dict[str, dict[str, str]] = {}
        for table in (front[key] for key in TABLES if key in front):
            tables[table.name] = {}
            for entry in _entries(table):
                place = places[entry.leads_to]
                units[place].tables.setdefault(table.name, []).append(entry)
                tables[table.name][entry.name] = place
        functions = [one for key, one in front.items() if key not in TABLES]
        yield self._front_file(file, head, functions, tables, places)
        for unit in units.values():
            yield self._unit_file(name, file, head, unit, places)

    def _grouped(
        self, definitions: Mapping[str, _Definition]
    ) -> tuple[dict[str, _Unit], dict[str, str]]:
        """The units of definitions, and for each definition the name of its unit."""
        edges = {
            name: one.uses & definitions.keys() for name, one in definitions.items()
        }
        users = _spread({name: self.seeds.get(name, 0) for name in definitions}, edges)
        units: dict[int, _Unit] = {}
        taken = {*self.names.values(), "__init__"}
        places: dict[str, str] = {}
        for name, one in definitions.items():
            who = users[name]
            if who not in units:
                title = self.names.get(who) or _free(name.lower().strip("_"), taken)
                units[who] = _Unit(title, self._about(who))
            units[who].definitions.append(one)
            places[name] = units[who].name
        return {unit.name: unit for unit in units.values()}, places

    def _about(self, users: int) -> str:
        """Whose unit it is, in words."""
        some = [f"`{self.operations[at]}`" for at in _first_bits(users, 3)]
        more = users.bit_count() - len(some)
        match some:
            case []:
                return "what is used by no operation"
            case [one]:
                return f"what {one} uses, and nothing else does"
            case [*others, last] if not more:
                return f"what {', '.join(others)} and {last} use"
            case _:
                return f"what {', '.join(some)} and {more} more use"

    def _unit_file(
        self,
        name: str,
        file: OutputFile,
        head: str,
        unit: _Unit,
        places: Mapping[str, str],
    ) -> OutputFile:
        own = {one.name for one in unit.definitions}
        used = set[str]().union(*(one.uses for one in unit.definitions))
        for entries in unit.tables.values():
            used |= {"Any"}.union(*(one.key.split(".") for one in entries))
        text = render(
            "package/unit.py.jinja",
            header=header(self.schema),
            module=name,
            about=unit.about,
            basic=_PRIVATE in head,
            imports=_imports(head, used),
            others=[
                _import(f".{place}", [*names])
                for place, names in _by_place(
                    (one, places[one])
                    for one in used
                    if one in places and one not in own
                )
            ],
            definitions=[one.text for one in unit.definitions],
            tables=unit.tables,
        )
        path = f"{file.path.removesuffix('.py')}/{unit.name}.py"
        exports = tuple(one for one in file.exports if one in own)
        return file._replace(path=path, text=text, exports=exports)

    def _front_file(
        self,
        file: OutputFile,
        head: str,
        functions: list[_Definition],
        tables: Mapping[str, Mapping[str, str]],
        places: Mapping[str, str],
    ) -> OutputFile:
        handed_on = {
            name: place
            for name, place in places.items()
            if name in file.exports or (not file.exports and name not in self.seeds)
        }
        text = render(
            "package/front.py.jinja",
            header=header(self.schema),
            doc=_docstring(head),
            imports=_imports(head, set[str]().union(*(one.uses for one in functions))),
            functions=[one.text for one in functions],
            tables={
                table: [(literal(key), literal(place)) for key, place in found.items()]
                for table, found in tables.items()
            },
            exports=[
                (literal(name), literal(place))
                for name, place in sorted(handed_on.items())
            ],
            modules=[*_by_place(handed_on.items())] if file.exports else [],
        )
        path = f"{file.path.removesuffix('.py')}/__init__.py"
        return file._replace(path=path, text=text, exports=())


def _by_place(names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Names, each with its module, by module."""
    found: dict[str, list[str]] = {}
    for name, place in names:
        found.setdefault(place, []).append(name)
    for place in sorted(found):
        yield place, sorted(found[place], key=as_imports_are)


def _operations(schema: ir.Schema) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What uses shapes from outside: operations, then other roots; their shapes."""
    named: set[str] = set()
    for one in schema.operations:
        ids = tuple(name for name in (one.input, one.output, *one.errors) if name)
        named.update(ids)
        yield one.name, ids
    for root in schema.roots:
        if root not in named:
            yield root, (root,)


def _users(schema: ir.Schema) -> Mapping[str, int]:
    """For each shape the operations that use it, as the bits of a number."""
    users = dict.fromkeys(schema.shapes, 0)
    for at, (_, roots) in enumerate(_operations(schema)):
        for root in roots:
            users[root] |= 1 << at
    edges = {
        shape.id: [target for _, target in ir.targets(shape)]
        for shape in schema.shapes.values()
    }
    return _spread(users, edges)


def _spread(
    users: dict[str, int], edges: Mapping[str, Collection[str]]
) -> Mapping[str, int]:
    """The same, with all that is used in turn; equal numbers are one object."""
    kept: dict[int, int] = {}
    for component in reversed([*ir.components(edges)]):
        together = 0
        for name in component:
            together |= users[name]
        together = kept.setdefault(together, together)
        for name in component:
            users[name] = together
            for other in edges[name]:
                users[other] |= together
    return users


def _first_bits(number: int, count: int) -> Iterator[int]:
    """The places of the lowest bits that are set, at most so many."""
    while number and count:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest
        count -= 1


def _free(name: str, taken: set[str]) -> str:
    """A name for a file that no other one has; it is taken then."""
    base = f"{name}_" if keyword.iskeyword(name) else name
    found, count = base, 1
    while found in taken:
        count += 1
        found = f"{base}_{count}"
    taken.add(found)
    return found


# --- modules as text ------------------------------------------------------------------


def _taken_apart(text: str) -> tuple[str, dict[str, _Definition]]:
    """What stands before the definitions of a module, and these by name."""
    head, *pieces = _STATEMENT.split(text)
    found: dict[str, _Definition] = {}
    decorators = ""
    for piece in pieces:
        defined = _DEFINED.match(piece)
        if defined is None:
            decorators += piece
            continue
        name, whole = defined[1], decorators + piece
        words = {word for word in _TOKEN.findall(whole) if word}
        found[name] = _Definition(name, whole.strip(), words - {name})
        decorators = ""
    return head, found


def _front(definitions: Mapping[str, _Definition]) -> dict[str, _Definition]:
    """The tables of a module, and the functions that look something up in them."""
    tables = {name: definitions[name] for name in TABLES if name in definitions}
    users = {name: one for name, one in definitions.items() if one.uses & tables.keys()}
    return {**users, **tables}


class _Entry(NamedTuple):
    """An entry of a table: as it is written, the name it stands for, and a function."""

    text: str
    name: str
    key: str
    leads_to: str


def _entries(table: _Definition) -> Iterator[_Entry]:
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
        yield _Entry(entry, name, ast.unparse(key), functions[0])


def _docstring(head: str) -> str:
    """The text of a module's docstring, as it is written."""
    return head.split('"""')[1]


def _imports(head: str, used: Collection[str]) -> list[str]:
    """The imports of a module that a file in its folder needs."""
    found = [match[0] for match in _IMPORT_MODULE.finditer(head) if match[1] in used]
    for match in _IMPORT_NAMES.finditer(head):
        place = f".{match[1]}" if match[1].startswith(".") else match[1]
        names = [one.strip() for one in match[2].strip("()\n").split(",")]
        wanted = [one for one in names if one.split(" ")[-1] in used]
        if wanted and place != "__future__":
            found.append(_import(place, wanted))
    return found


def _import(place: str, names: list[str]) -> str:
    """An import as ruff leaves it."""
    line = f"from {place} import {', '.join(names)}"
    if len(line) <= _WIDTH:
        return line
    listed = "".join(f"    {name},\n" for name in names)
    return f"from {place} import (\n{listed})"
