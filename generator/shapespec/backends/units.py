"""Big packages in units: what the same operations use stands in the same file.

A module of a small package is one file. That of a big one becomes a folder of the same
name: a file for each set of operations, with the definitions that just these use, and
in front of them an `__init__.py` that loads a file when something in it is asked for.
Where a definition uses another one, every operation that uses the first uses the
second, too; so files only import from files of more operations, and never in a circle.
generator/adr/0013 says what else was weighed.
"""

from __future__ import annotations

import keyword
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field

from shapespec.backends import table
from shapespec.backends.environment import literal, render
from shapespec.backends.files import OutputFile
from shapespec.backends.module_text import (
    TABLES,
    Definition,
    TableRow,
    docstring_of,
    entries_of,
    front_of,
    import_line,
    imports_for,
    one_deeper,
    taken_apart,
)
from shapespec.backends.python_package import copied, header
from shapespec.backends.validators.names import Names
from shapespec.backends.validators.rules import lower_rules
from shapespec.contract import naming, schema as ir
from shapespec.records import dataclass

BIG = 150
"""How many structures a package may have before it is taken apart."""

MODULES = ("_accept", "_clean", "_convert", "enums", "models")
"""What is taken apart, a module before those that import from it."""
_VERBS = ("accept", "clean", "keeps", "read", "write")
_PRIVATE = "# pyright: basic"
"""What modules say that are not for people who use the package."""
_LINTER = "# ruff: "
"""How the line begins that says which rules of a linter a module does not keep."""


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
    for file in sorted(files, key=lambda one: [*paths, one.path].index(one.path)):
        if file.path in paths:
            front, *parts = made.parts(paths[file.path], file)
            whole.append(front)
            units += parts
        elif file.path == f"python/{schema.package}/_contract.py":
            front, *parts = made.table(file)
            whole.append(front)
            units += parts
        else:
            whole.append(file)
    if units:
        whole.append(copied(schema, "_lazy.py")._replace(target="package"))
    return whole, units


@dataclass(slots=True)
class _Unit:
    """A file to be: its definitions, and the entries of tables that lead to them."""

    name: str
    about: str
    definitions: list[Definition] = field(default_factory=list[Definition])
    tables: dict[str, list[TableRow]] = field(
        default_factory=dict[str, list["TableRow"]]
    )


class _Units:
    """Takes the modules of a package apart, all along the same lines."""

    def __init__(self, schema: ir.Schema) -> None:
        self.schema = schema
        self.users = _users(schema)
        self.operations = [name for name, _ in _operations(schema)]
        self.names = dict(self._unit_names())
        self.seeds = dict(self._seeds())
        self.placed: dict[str, Mapping[str, str]] = {}

    def _unit_names(self) -> Iterator[tuple[int, str]]:
        """A name for each set of operations: that of the only one, or of a shape."""
        first: dict[int, str] = {}
        for shape in self.schema.shapes.values():
            if ir.has_page(shape):
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
        head, definitions = taken_apart(file.text)
        front = front_of(definitions)
        for key in front:
            del definitions[key]
        units, places = self._grouped(definitions)
        self.placed[name] = places
        tables: dict[str, dict[str, str]] = {}
        for one in (front[key] for key in TABLES if key in front):
            tables[one.name] = {}
            for entry in entries_of(one):
                place = places[entry.leads_to]
                units[place].tables.setdefault(one.name, []).append(entry)
                tables[one.name][entry.name] = place
        functions = [one for key, one in front.items() if key not in TABLES]
        yield self._front_file(file, head, functions, tables, places)
        for unit in units.values():
            yield self._unit_file(name, file, head, unit, places)

    def table(self, file: OutputFile) -> Iterator[OutputFile]:
        """The files that the table of the contract becomes, that in front first."""
        rows: dict[int, list[table.Row]] = {}
        for row in table.lower(self.schema, lower_rules(self.schema)):
            rows.setdefault(self.users[row.shape], []).append(row)
        folder = file.path.removesuffix(".py")
        text = render(
            "package/front.py.jinja",
            header=header(self.schema),
            doc="The table of the contract: what is to be known of each shape.",
            imports=[],
            functions=[],
            tables={
                "SHAPES": [
                    (row.key, literal(self.names[who]))
                    for who, several in rows.items()
                    for row in several
                ]
            },
            exports=[],
            modules=[],
        )
        yield file._replace(path=f"{folder}/__init__.py", text=text)
        for who, several in rows.items():
            text = table.rendered(
                self.schema, several, within="..", about=self._about(who)
            )
            yield file._replace(path=f"{folder}/{self.names[who]}.py", text=text)

    def _grouped(
        self, definitions: Mapping[str, Definition]
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
            unchecked=[line for line in head.splitlines() if line.startswith(_LINTER)],
            imports=imports_for(head, used, self.placed),
            others=[
                import_line(f".{place}", [*names])
                for place, names in _by_place(
                    (one, places[one])
                    for one in used
                    if one in places and one not in own
                )
            ],
            definitions=[one_deeper(one.text) for one in unit.definitions],
            tables=unit.tables,
        )
        path = f"{file.path.removesuffix('.py')}/{unit.name}.py"
        exports = tuple(one for one in file.exports if one in own)
        return file._replace(path=path, text=text, exports=exports)

    def _front_file(
        self,
        file: OutputFile,
        head: str,
        functions: list[Definition],
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
            doc=docstring_of(head),
            imports=imports_for(
                head, set[str]().union(*(one.uses for one in functions)), self.placed
            ),
            functions=[one_deeper(one.text) for one in functions],
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
        yield place, sorted(found[place])


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
