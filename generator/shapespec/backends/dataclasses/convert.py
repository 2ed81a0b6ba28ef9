"""From the schema to conversions: expressions that read and write each member."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import assert_never

from shapespec.backends.dataclasses import view
from shapespec.backends.environment import literal
from shapespec.backends.validators.choices import lower
from shapespec.backends.validators.names import Names
from shapespec.backends.validators.text import title_of
from shapespec.contract import schema as ir
from shapespec.contract.choices import ARRAY, BOOLEAN, NUMBER, OBJECT, STRING
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True)
class Expression:
    """Python that turns `{}` into something else; none where it is right as it is."""

    template: str | None = None

    def apply(self, value: str) -> str:
        """The expression for a value."""
        return value if self.template is None else self.template.replace("{}", value)


AS_IS = Expression()

_READ = {
    STRING: "isinstance(data, str)",
    "bytes": "isinstance(data, (bytes, bytearray))",
    "moment": "isinstance(data, datetime)",
    NUMBER: "isinstance(data, (int, float)) and not isinstance(data, bool)",
    BOOLEAN: "isinstance(data, bool)",
    ARRAY: "isinstance(data, list)",
    OBJECT: "isinstance(data, dict)",
}
"""What is true of values of each type in a response."""


class Conversions:
    """Reads and writes for every structure of a schema."""

    def __init__(self, schema: ir.Schema) -> None:
        """Name everything first, so that functions can refer to each other."""
        self.schema = schema
        self.names = Names(schema)
        self.used: set[str] = set()

    def use(self, name: str) -> str:
        """The same name; what is being made uses it."""
        self.used.add(name)
        return name

    def taken(self, *more: str) -> frozenset[str]:
        """The names that were used since this was last asked, and some more."""
        found = frozenset(self.used).union(more)
        self.used.clear()
        return found

    def records(self) -> tuple[view.RecordConversion, ...]:
        """A pair of functions for each structure and each union."""
        return tuple(
            self.record(shape)
            for shape in self.schema.shapes.values()
            if isinstance(shape, ir.Structure | ir.Union)
        )

    def choices(self) -> tuple[view.ChoiceConversion, ...]:
        """A pair of functions for each choice of shapes."""
        return tuple(
            view.ChoiceConversion(
                title=title_of(shape),
                reader=self.names.function("read", shape.id),
                writer=self.names.function("write", shape.id),
                reads=tuple(self.reads(shape)),
                writes=tuple(self.writes(shape)),
                shape=shape.id,
                uses=self.taken("Any", "Form"),
            )
            for shape in self.schema.shapes.values()
            if isinstance(shape, ir.OneOf)
        )

    def values(self) -> tuple[view.ValueConversion, ...]:
        """A pair of functions for each root that has none yet."""
        has_function = ir.Structure | ir.Union | ir.OneOf
        return tuple(
            view.ValueConversion(
                title=root,
                reader=self.names.function("read", root),
                writer=self.names.function("write", root),
                read=self.reader(root).apply("data"),
                write=self.writer(root).apply("value"),
                shape=root,
                uses=self.taken("Any", "Form"),
            )
            for root in self.schema.roots
            if not isinstance(self.schema.shapes[root], has_function)
        )

    def roots(self) -> tuple[view.RootConversion, ...]:
        """Every root by name, if there is one without a class; else none."""
        shapes = [self.schema.shapes[root] for root in self.schema.roots]
        if all(isinstance(shape, ir.Structure | ir.Union) for shape in shapes):
            return ()
        return tuple(
            view.RootConversion(
                shape=root,
                key=literal(root),
                reader=self.names.function("read", root),
                writer=self.names.function("write", root),
            )
            for root in self.schema.roots
        )

    def reads(self, shape: ir.OneOf) -> Iterator[view.Case]:
        """How each option is read; the value has been checked, so a test is short."""
        parts = lower(self.schema, shape)
        for option in parts.objects:
            reader = self.reader(option.target)
            test = "isinstance(data, dict)"
            if shape.discriminator is None:
                names = [
                    f"data.get({literal(one)}) is not None" for one in option.needs
                ]
                test = " and ".join([test, *names])
            else:
                tags = "".join(f"{literal(tag)}, " for tag in option.tags)
                test += f" and data[{literal(shape.discriminator)}] in ({tags})"
            yield view.Case(test=test, gives=reader.apply("data"))
        for option, kinds in parts.plain:
            reader = self.reader(option.target)
            if reader is not AS_IS:
                if "moment" in kinds:
                    self.use("datetime")
                tests = [_READ[kind] for kind in _READ if kind in kinds]
                yield view.Case(test=" or ".join(tests), gives=reader.apply("data"))

    def writes(self, shape: ir.OneOf) -> Iterator[view.Case]:
        """How each option is written, as far as it is not written as it is."""
        for option in shape.options:
            tests = [*self.kinds(option.target)]
            if tests:
                gives = self.writer(option.target).apply("value")
                yield view.Case(test=" or ".join(tests), gives=gives)

    def kinds(self, target: str) -> Iterator[str]:
        """What is true of the values of a shape that need to be converted."""
        shape = self.schema.shapes[target]
        match shape:
            case ir.Structure() | ir.Union():
                yield f"isinstance(value, {self.use('models')}.{shape.python})"
            case ir.List() | ir.Tuple():
                yield "isinstance(value, tuple)"
            case ir.Map():
                yield "isinstance(value, dict)"
            case ir.Enum():
                yield "isinstance(value, str)"
            case ir.Timestamp():
                yield f"isinstance(value, {self.use('datetime')})"
            case ir.Blob():
                yield "isinstance(value, bytes)"
            case ir.OneOf(options=options):
                for option in options:
                    yield from self.kinds(option.target)
            case ir.String() | ir.Integer() | ir.Float() | ir.Boolean() | ir.Document():
                return
            case _:
                assert_never(shape)

    def enums(self) -> tuple[view.EnumTable, ...]:
        """A table for each enum."""
        return tuple(
            view.EnumTable(
                constant=self.table(shape.id),
                values=(f"{{one.value: one for one in enums.{shape.python}}}"),
            )
            for shape in self.schema.shapes.values()
            if isinstance(shape, ir.Enum)
        )

    def table(self, shape: str) -> str:
        return f"{self.names.constant(shape)}_BY_VALUE"

    def record(self, shape: ir.Structure | ir.Union) -> view.RecordConversion:
        members = tuple(self.member(member) for member in shape.members)
        return view.RecordConversion(
            class_name=shape.python,
            title=shape.id,
            key=literal(shape.id),
            known=self.use(f"{self.names.constant(shape.id)}_MEMBERS"),
            reader=self.names.function("read", shape.id),
            writer=self.names.function("write", shape.id),
            uses_get=any(not member.required for member in members),
            members=members,
            shape=shape.id,
            uses=self.taken("Any", "Form", "models"),
        )

    def member(self, member: ir.Member) -> view.Conversion:
        name = member.python
        key = literal(member.name)
        reader = self.reader(member.target)
        write = self.writer(member.target).apply(f"value.{name}")
        null = member.required and member.nullable
        if null and write != f"value.{name}":
            write = f"None if value.{name} is None else {write}"
        if null and reader is not AS_IS:
            read = f"None if (item := data[{key}]) is None else {reader.apply('item')}"
        elif member.required:
            read = reader.apply(f"data[{key}]")
        elif reader is AS_IS:
            read = f"get({key})"
        else:
            read = f"None if (item := get({key})) is None else {reader.apply('item')}"
        return view.Conversion(
            name=name,
            key=key,
            required=member.required,
            read=read,
            write=write,
        )

    def reader(self, target: str, depth: int = 0) -> Expression:
        """How a value of a response becomes one of a dataclass."""
        shape = self.schema.shapes[target]
        match shape:
            case ir.List(streaming=True):
                return AS_IS
            case ir.Blob(streaming=True):
                kinds = "(str, bytes, bytearray)"
                self.use("read_bytes")
                return Expression(
                    f"read_bytes({{}}) if isinstance({{}}, {kinds}) else {{}}"
                )
            case ir.String() | ir.Float() | ir.Boolean() | ir.Document():
                return AS_IS
            case ir.Enum():
                return Expression(f"{self.use(self.table(target))}.get({{}}, {{}})")
            case ir.Integer():
                return Expression("int({})")
            case ir.Timestamp():
                return Expression(f"{self.use('read_moment')}({{}})")
            case ir.Blob():
                return Expression(f"{self.use('read_bytes')}({{}})")
            case ir.List():
                if target in self.schema.hollow:
                    return Expression("tuple({})")
                part = self.part(
                    self.reader(shape.member, depth + 1), depth, sparse=shape.sparse
                )
                if part is None:
                    return Expression("tuple({})")
                return Expression(f"tuple({part} for {_item(depth)} in {{}})")
            case ir.Tuple():
                if target in self.schema.hollow:
                    return Expression("tuple({})")
                return self.several(shape, depth, self.reader, "({},)")
            case ir.Map():
                if target in self.schema.hollow:
                    return Expression("dict({})")
                part = self.part(
                    self.reader(shape.value, depth + 1), depth, sparse=shape.sparse
                )
                if part is None:
                    return Expression("dict({})")
                key = f"key{depth}"
                return Expression(
                    f"{{{key}: {part} for {key}, {_item(depth)} in {{}}.items()}}"
                )
            case ir.Structure() | ir.Union() | ir.OneOf():
                function = self.use(self.names.function("read", target))
                return Expression(f"{function}({{}})")
            case _:
                assert_never(shape)

    def writer(self, target: str, depth: int = 0) -> Expression:
        """How a value of a dataclass becomes one of a response."""
        shape = self.schema.shapes[target]
        match shape:
            case ir.String() | ir.Float() | ir.Boolean() | ir.Integer():
                return AS_IS
            case ir.Document():
                return Expression("form.carried({})")
            case ir.Enum():
                return Expression("str({})")
            case ir.List(streaming=True):
                return AS_IS
            case ir.Blob(streaming=True):
                read = "form.write_bytes({})"
                return Expression(f"{read} if isinstance({{}}, bytes) else {{}}")
            case ir.Timestamp():
                return Expression("form.write({})")
            case ir.Blob():
                return Expression("form.write_bytes({})")
            case ir.List():
                if target in self.schema.hollow:
                    return Expression("list({})")
                part = self.part(
                    self.writer(shape.member, depth + 1), depth, sparse=shape.sparse
                )
                if part is None:
                    return Expression("list({})")
                return Expression(f"[{part} for {_item(depth)} in {{}}]")
            case ir.Tuple():
                if target in self.schema.hollow:
                    return Expression("list({})")
                return self.several(shape, depth, self.writer, "[{}]")
            case ir.Map():
                if target in self.schema.hollow:
                    return Expression("dict({})")
                part = self.part(
                    self.writer(shape.value, depth + 1), depth, sparse=shape.sparse
                )
                if part is None:
                    return Expression("dict({})")
                key = f"key{depth}"
                return Expression(
                    f"{{{key}: {part} for {key}, {_item(depth)} in {{}}.items()}}"
                )
            case ir.Structure() | ir.Union() | ir.OneOf():
                function = self.use(self.names.function("write", target))
                return Expression(f"{function}({{}}, form)")
            case _:
                assert_never(shape)

    def several(
        self,
        shape: ir.Tuple,
        depth: int,
        convert: Callable[[str, int], Expression],
        into: str,
    ) -> Expression:
        """How a list with a prefix is converted, item by item."""
        parts = []
        for index, one in enumerate(shape.prefix):
            inner = self.part(convert(one, depth + 1), depth, sparse=shape.sparse)
            item = inner or _item(depth)
            found = f"for {_item(depth)} in {{}}[{index}:{index + 1}]"
            parts.append(f"*({item} {found})")
        if shape.rest is not None:
            inner = self.part(
                convert(shape.rest, depth + 1), depth, sparse=shape.sparse
            )
            rest = f"{{}}[{len(shape.prefix)}:]"
            if inner is not None:
                rest = f"({inner} for {_item(depth)} in {rest})"
            parts.append(f"*{rest}")
        return Expression(into.replace("{}", ", ".join(parts)))

    def part(self, inner: Expression, depth: int, *, sparse: bool) -> str | None:
        if inner is AS_IS:
            return None
        item = _item(depth)
        applied = inner.apply(item)
        return f"None if {item} is None else {applied}" if sparse else applied


def _item(depth: int) -> str:
    return f"item{depth}"
