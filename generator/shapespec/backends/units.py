"""From modules as data to files: one for each, or in big packages several.

A module of a small package is one file. That of a big one is a folder of the same
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

from shapespec.backends.definitions import (
    Definition,
    Module,
    TableRow,
    import_line,
    imports_for,
    uses_of,
    whole,
)
from shapespec.backends.environment import literal, render
from shapespec.backends.files import OutputFile
from shapespec.backends.python_package import copied, header
from shapespec.contract import naming, schema as ir
from shapespec.records import dataclass

BIG = 150
"""How many structures a package may have before its modules are several files."""

MODULES = ("_accept", "enums", "models", "_contract")
"""What may be several files, a module before those that import from it."""


def is_big(schema: ir.Schema) -> bool:
    """Whether modules of a package are several files."""
    records = (ir.Structure, ir.Union)
    count = sum(isinstance(shape, records) for shape in schema.shapes.values())
    return count > BIG


def in_files(
    schema: ir.Schema, files: Iterable[OutputFile]
) -> tuple[list[OutputFile], list[OutputFile]]:
    """Files of which each has its text.

    Args:
        schema: The contract.
        files: What backends handed on: texts, and modules as data.

    Returns:
        Files, and those of them that are parts of modules of a big package.
    """
    if not is_big(schema):
        return [_in_one(schema, file) for file in files], []
    order = [f"python/{schema.package}/{name}.py" for name in MODULES]
    made = _Units(schema)
    rest: list[OutputFile] = []
    units: list[OutputFile] = []
    for file in sorted(files, key=lambda one: [*order, one.path].index(one.path)):
        if file.module is None:
            rest.append(file)
        else:
            front, *parts = made.parts(file, file.module)
            rest.append(front)
            units += parts
    if units:
        rest.append(copied(schema, "_lazy.py")._replace(target="package"))
    return rest, units


def _in_one(schema: ir.Schema, file: OutputFile) -> OutputFile:
    if file.module is None:
        return file
    return file._replace(text=whole(file.module, header(schema)), module=None)


@dataclass(slots=True)
class _Unit:
    """A file to be: its definitions, and the entries of tables that lead to them."""

    name: str
    about: str
    definitions: list[Definition] = field(default_factory=list[Definition])
    entries: dict[str, list[TableRow]] = field(
        default_factory=dict[str, list["TableRow"]]
    )


class _Units:
    """Shares the modules of a package out, all along the same lines."""

    def __init__(self, schema: ir.Schema) -> None:
        self.schema = schema
        self.users = _users(schema)
        self.operations = [name for name, _ in _operations(schema)]
        self.names = dict(self._unit_names())
        self.placed: dict[str, Mapping[str, str]] = {}
        self.taken: set[str] = set()

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

    def parts(self, file: OutputFile, module: Module) -> Iterator[OutputFile]:
        """The files that a module becomes, that in front of them first."""
        name = file.path.rsplit("/", 1)[-1].removesuffix(".py")
        units: dict[int, _Unit] = {}
        places = self._placed(module.definitions, units)
        self.placed[name] = places
        tables: dict[str, dict[str, str]] = {}
        named = {unit.name: unit for unit in units.values()}
        for table in module.tables:
            tables[table.name] = {}
            for entry in table.entries:
                place = places.get(entry.leads_to)
                if place is None:
                    unit = self._unit(units, self.users[entry.leads_to], "")
                    named[unit.name] = unit
                    place = unit.name
                named[place].entries.setdefault(table.name, []).append(entry)
                tables[table.name][entry.name] = place
        yield self._front_file(file, module, tables)
        for unit in units.values():
            yield self._unit_file(name, file, module, unit)

    def _placed(
        self, definitions: Iterable[Definition], units: dict[int, _Unit]
    ) -> Mapping[str, str]:
        """Put definitions into units; for each the name of its own."""
        by_name = {one.name: one for one in definitions}
        edges = {name: one.uses & by_name.keys() for name, one in by_name.items()}
        seeds = {
            name: self.users[one.shape] if one.shape else 0
            for name, one in by_name.items()
        }
        users = _spread(seeds, edges)
        self.taken = {*self.names.values(), "__init__"}
        places: dict[str, str] = {}
        for name, one in by_name.items():
            unit = self._unit(units, users[name], name)
            unit.definitions.append(one)
            places[name] = unit.name
        return places

    def _unit(self, units: dict[int, _Unit], who: int, first: str) -> _Unit:
        """The unit of what some operations use; new ones are named for the first."""
        if who not in units:
            name = self.names.get(who) or _free(first.lower().strip("_"), self.taken)
            units[who] = _Unit(name, self._about(who))
        return units[who]

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
        self, name: str, file: OutputFile, module: Module, unit: _Unit
    ) -> OutputFile:
        own = {one.name for one in unit.definitions}
        places = self.placed[name]
        used = uses_of(unit.definitions)
        for entries in unit.entries.values():
            used |= {"Any"}.union(*(one.uses for one in entries))
        text = render(
            "package/unit.py.jinja",
            header=header(self.schema),
            module=name,
            about=unit.about,
            basic=_PRIVATE in module.pragmas,
            unchecked=module.remarks,
            imports=imports_for(module.imports, used, units=self.placed),
            others=[
                import_line(f".{place}", [*names])
                for place, names in _by_place(
                    (one, places[one])
                    for one in used
                    if one in places and one not in own
                )
            ],
            definitions=[one.text.strip() for one in unit.definitions],
            tables=[
                (table, unit.entries[table.name])
                for table in module.tables
                if table.name in unit.entries
            ],
        )
        path = f"{file.path.removesuffix('.py')}/{unit.name}.py"
        exports = tuple(one for one in file.exports if one in own)
        return file._replace(path=path, text=text, exports=exports, module=None)

    def _front_file(
        self,
        file: OutputFile,
        module: Module,
        tables: Mapping[str, Mapping[str, str]],
    ) -> OutputFile:
        name = file.path.rsplit("/", 1)[-1].removesuffix(".py")
        places = self.placed[name]
        handed_on = {
            one.name: places[one.name]
            for one in module.definitions
            if one.name in file.exports or not (file.exports or one.shape)
        }
        text = render(
            "package/front.py.jinja",
            header=header(self.schema),
            doc=module.doc.rstrip(),
            imports=imports_for(
                module.imports, uses_of(module.front), units=self.placed
            ),
            functions=[one.text.strip() for one in module.front],
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
        return file._replace(path=path, text=text, exports=(), module=None)


_PRIVATE = "# pyright: basic"
"""What modules say that are not for people who use the package."""


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
