"""From the schema to tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from typing import assert_never

from shapespec.backends.sql import view
from shapespec.backends.sql.dialects import Dialect
from shapespec.backends.sql.patterns import NotSayable
from shapespec.contract import naming, schema as ir
from shapespec.contract.constraints import Constraint, by_rule, ends, enforced
from shapespec.contract.numbers import exact
from shapespec.ground.sinks.visible import visible
from shapespec.ground.values import Json

_ROW = ir.Form(
    name="",
    doc=None,
    read=(),
    write="iso-8601",
    extra_members=(),
    keys="snake_case",
    columns=("json",),
)
"""What rows look like where the spec has no form of rows."""

_EXTRA_KINDS = {
    **{one: one for one in ("integer", "number", "boolean", "timestamp", "json")},
    "string": "text",
    "hstore": "pairs",
    "hstore_csv": "text",  # its text is not that of hstore everywhere
}
"""The types of columns of which the spec names the type itself."""

_LONGEST_NAME = 63
"""How many bytes of a name PostgreSQL keeps."""


def lower(schema: ir.Schema, dialect: Dialect) -> view.Script:
    """A table for each response, or for each root of a spec without operations."""
    form = next((form for form in schema.forms if form.columns), _ROW)
    asked = {operation.input for operation in schema.operations}
    roots = [root for root in schema.roots if root not in asked] or schema.roots
    names = SqlNames(naming.snake_case(root) for root in roots)
    lowering = _Lowering(schema, dialect, form)
    tables = [
        lowering.table(root, name) for root, name in zip(roots, names, strict=True)
    ]
    return view.Script(
        source=schema.source,
        needs_hstore=lowering.has_pairs,
        tables=tuple(table for table in tables if table.columns),
    )


class SqlNames:
    """Names that differ, also where case does not count, and are not cut short."""

    def __init__(
        self, wanted: Iterable[str] = (), kept: frozenset[str] = frozenset()
    ) -> None:
        """Begin with the names wanted, each as near to what it should be as may be.

        Args:
            wanted: The names.
            kept: Names that a database keeps for itself.
        """
        self._kept = kept
        self._taken: set[str] = set()
        self._first = [self.take(name) for name in wanted]

    def __iter__(self) -> Iterator[str]:
        return iter(self._first)

    def take(self, wanted: str) -> str:
        """A name that is not taken; from now on, it is."""
        plain = wanted.replace("\0", "") or "column"
        plain += "_" * (plain in self._kept)
        name, count = _fitting(plain), 1
        while name.casefold() in self._taken:
            count += 1
            name = _fitting(f"{plain}_{count}")
        self._taken.add(name.casefold())
        return name


def _fitting(name: str) -> str:
    """A name that is not too long: its beginning and a hash of all of it."""
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    kept = name.encode()[: _LONGEST_NAME - len(digest) - 1].decode(errors="ignore")
    return f"{kept}_{digest}"


class _Lowering:
    def __init__(self, schema: ir.Schema, dialect: Dialect, form: ir.Form) -> None:
        self.schema = schema
        self.dialect = dialect
        self.form = form
        self.has_pairs = False

    def table(self, root: str, name: str) -> view.Table:
        shape = self.schema.shapes[root]
        members = shape.members if isinstance(shape, ir.Structure) else ()
        spelt = [naming.spelt(member, self.form) for member in members]
        named = map(visible, [*spelt, *self.form.extra_members])
        names = SqlNames(named, self.dialect.kept)
        columns = list(names)
        checks = SqlNames()
        of_members = [
            self.column(member, column, checks)
            for member, column in zip(members, columns, strict=False)
        ]
        extra = [
            self.extra_column(column, self.form.extra_types.get(name, "string"))
            for name, column in zip(
                self.form.extra_members, columns[len(members) :], strict=True
            )
        ]
        return view.Table(
            name=self.dialect.identifier(name),
            columns=(*of_members, *extra),
            comment=self.comment(shape.doc or root),
        )

    def column(self, member: ir.Member, name: str, names: SqlNames) -> view.Column:
        shape = self.schema.shapes[member.target]
        kind = self.kind(shape)
        self.has_pairs |= kind == "pairs"
        column = self.dialect.identifier(name)
        always = member.required and not member.nullable
        said = _Conditions(self.dialect, column, nullable=not always)
        conditions = tuple(said.of(shape, kind))
        rules = {rule for rule, _ in conditions}
        return view.Column(
            name=column,
            declaration=self.dialect.types[kind] + (" NOT NULL" if always else ""),
            unsaid=", ".join(
                visible(" ".join(one.demand().split()))
                for one in enforced(shape)
                if one.rule not in rules
            ),
            checks=tuple(
                f"CONSTRAINT {self.dialect.identifier(names.take(f'{name}_{rule}'))}"
                f" CHECK ({condition})"
                for rule, condition in conditions
            ),
            comment=self.comment(self.meaning(member, shape)),
        )

    def meaning(self, member: ir.Member, shape: ir.Shape) -> str:
        """What a column means, and whose name it could not have."""
        said, spelt = _meaning(member, shape), naming.spelt(member, self.form)
        if spelt not in self.dialect.kept:
            return said
        return f"{said} Holds `{spelt}`, a name that the database keeps.".strip()

    def extra_column(self, name: str, type_: str) -> view.Column:
        kind = _EXTRA_KINDS[type_]
        self.has_pairs |= kind == "pairs"
        said = f"Not part of the response: the form {self.form.name} adds it."
        return view.Column(
            name=self.dialect.identifier(name),
            declaration=self.dialect.types[kind],
            unsaid="",
            checks=(),
            comment=self.comment(said),
        )

    def comment(self, text: str) -> str | None:
        """A literal, on one line; none for nothing."""
        plain = " ".join(text.replace("\0", " ").split())
        return self.dialect.text(visible(plain)) if plain else None

    def kind(self, shape: ir.Shape) -> str:
        """The type of column that holds the values of a shape."""
        match shape:
            case ir.String() | ir.Enum():
                return "text"
            case ir.Integer():
                return "integer"
            case ir.Float():
                return "number"
            case ir.Boolean():
                return "boolean"
            case ir.Timestamp():
                return "timestamp"
            case ir.Blob():
                return "bytes"
            case ir.Map(value=value):
                of_text = isinstance(self.schema.shapes[value], ir.String | ir.Enum)
                return "pairs" if of_text and "hstore" in self.form.columns else "json"
            case ir.List() | ir.Structure() | ir.Union() | ir.Document():
                return "json"
            case ir.OneOf() | ir.Tuple():
                return "json"
            case _:
                assert_never(shape)


def _meaning(member: ir.Member, shape: ir.Shape) -> str:
    """What a column means, with its unit."""
    own_unit = shape.unit if isinstance(shape, ir.Integer | ir.Float) else None
    unit = member.unit or own_unit
    doc = member.doc or shape.doc or ""
    return f"{doc} [{unit}]".strip() if unit else doc


class _Conditions:
    """What a column's values have to be, keyword by keyword, unless one is relaxed."""

    def __init__(self, dialect: Dialect, column: str, *, nullable: bool) -> None:
        self.dialect = dialect
        self.column = column
        self.nullable = nullable

    def of(self, shape: ir.Shape, kind: str) -> Iterator[tuple[str, str]]:
        """Pairs of a name and a condition; a condition that is NULL is met."""
        match shape:
            case ir.String():
                yield from self.stated(shape, self.call("length"))
            case ir.Enum(open=False):
                with suppress(NotSayable):
                    values = [self.dialect.text(one.value) for one in shape.values]
                    yield "enum", f"{self.column} IN ({', '.join(values)})"
            case ir.Integer() | ir.Float() | ir.Boolean():
                yield from self.stated(shape, self.column)
            case ir.Blob():
                yield from self.stated(shape, self.call("bytes"))
            case ir.List() | ir.Tuple():
                yield "type", self.json_kind("array")
                sizes = self.stated(shape, self.call("json-length"))
                yield from self.where("array", sizes)
            case ir.Map() if kind == "pairs":
                yield from self.stated(shape, self.call("pairs"))
            case ir.Map():
                yield "type", self.json_kind("object")
                sizes = self.stated(shape, self.call("json-entries"))
                yield from self.where("object", sizes)
            case ir.Structure() | ir.Union():
                yield "type", self.json_kind("object")
            case ir.Enum() | ir.Timestamp() | ir.Document():
                return
            case ir.OneOf():
                return  # JSON of several types; what each has to be, no condition says

    def stated(self, shape: ir.Shape, measured: str) -> Iterator[tuple[str, str]]:
        """What the keywords of a shape demand of what is measured of a column."""
        for rule, found in by_rule(enforced(shape)).items():
            match rule:
                case "length" | "range":
                    yield rule, _between(measured, found)
                case "enum":
                    for one in found:
                        with suppress(NotSayable):
                            yield rule, self.listed(one.limit)
                case "pattern":
                    for one in found:
                        with suppress(NotSayable):
                            regex = one.limit.regex
                            yield rule, self.dialect.matches(self.column, regex)
                case "format":
                    for one in found:
                        with suppress(NotSayable):
                            regex = one.limit.pattern.regex
                            yield rule, self.dialect.matches(self.column, regex)
                case "multiple-of":
                    for one in found:
                        yield rule, self.multiple(shape, exact(one.limit))
                case "unique-items":
                    pass  # no condition says so without a query of its own
                case _:
                    assert_never(rule)

    def listed(self, values: Iterable[Json]) -> str:
        """That a column holds one of some values.

        Raises:
            NotSayable: No text of a database can be so.
        """
        words = [
            self.dialect.text(one) if isinstance(one, str) else json.dumps(one)
            for one in values
        ]
        return f"{self.column} IN ({', '.join(words)})"

    def multiple(self, shape: ir.Shape, step: Fraction) -> str:
        """That a column is a multiple of a step."""
        kind = "integer-step" if isinstance(shape, ir.Integer) else "number-step"
        template = self.dialect.conditions[kind]
        return template.format(self.column, step.numerator, step.denominator)

    def call(self, condition: str) -> str:
        return self.dialect.conditions[condition].format(self.column)

    def where(
        self, kind: str, conditions: Iterable[tuple[str, str]]
    ) -> Iterator[tuple[str, str]]:
        """Conditions that can be asked about one kind of JSON only."""
        is_kind = f"{self.call('json-kind')} = {self.dialect.json_kinds[kind]}"
        for name, condition in conditions:
            yield name, f"CASE WHEN {is_kind} THEN {condition} ELSE true END"

    def json_kind(self, kind: str) -> str:
        """The condition that JSON is of a kind; null is as good as NULL."""
        found, wanted = self.call("json-kind"), self.dialect.json_kinds[kind]
        if not self.nullable:
            return f"{found} = {wanted}"
        return f"{found} IN ({wanted}, {self.dialect.json_kinds['null']})"


def _between(value: str, found: Iterable[Constraint]) -> str:
    """The condition of being within bounds."""
    by_side = ends(found)
    low, high = by_side.get("low"), by_side.get("high")
    if low and high and low.about.operator == high.about.operator == "<=":
        return f"{value} BETWEEN {low.limit} AND {high.limit}"
    conditions = []
    if low is not None:
        conditions.append(f"{value} {_TURNED[low.about.operator]} {low.limit}")
    if high is not None:
        conditions.append(f"{value} {high.about.operator} {high.limit}")
    return " AND ".join(conditions)


_TURNED = {"<": ">", "<=": ">="}
