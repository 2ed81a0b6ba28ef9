"""From the schema to conversions: expressions that read and write each member."""

from __future__ import annotations

from typing import assert_never

from shapespec.backends.dataclasses import view
from shapespec.backends.environment import literal
from shapespec.backends.validators.names import Names
from shapespec.contract import schema as ir
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True)
class Expression:
    """Python that turns `{}` into something else; none where it is right as it is."""

    template: str | None = None

    def apply(self, value: str) -> str:
        """The expression for a value."""
        return value if self.template is None else self.template.replace("{}", value)


AS_IS = Expression()


class Conversions:
    """Reads and writes for every structure of a schema."""

    def __init__(self, schema: ir.Schema) -> None:
        """Name everything first, so that functions can refer to each other."""
        self.schema = schema
        self.names = Names(schema)

    def records(self) -> tuple[view.RecordConversion, ...]:
        """A pair of functions for each structure and each union."""
        return tuple(
            self.record(shape)
            for shape in self.schema.shapes.values()
            if isinstance(shape, ir.Structure | ir.Union)
        )

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
            known=f"{self.names.constant(shape.id)}_MEMBERS",
            reader=self.names.function("read", shape.id),
            writer=self.names.function("write", shape.id),
            uses_get=any(not member.required for member in members),
            members=members,
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
                return Expression(
                    f"read_bytes({{}}) if isinstance({{}}, {kinds}) else {{}}"
                )
            case ir.String() | ir.Float() | ir.Boolean() | ir.Document():
                return AS_IS
            case ir.Enum():
                return Expression(f"{self.table(target)}.get({{}}, {{}})")
            case ir.Integer():
                return Expression("int({})")
            case ir.Timestamp():
                return Expression("read_moment({})")
            case ir.Blob():
                return Expression("read_bytes({})")
            case ir.List():
                if target in self.schema.hollow:
                    return Expression("tuple({})")
                part = self.part(
                    self.reader(shape.member, depth + 1), depth, sparse=shape.sparse
                )
                if part is None:
                    return Expression("tuple({})")
                return Expression(f"tuple({part} for {_item(depth)} in {{}})")
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
            case ir.Structure() | ir.Union():
                return Expression(f"{self.names.function('read', target)}({{}})")
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
            case ir.Structure() | ir.Union():
                function = self.names.function("write", target)
                return Expression(f"{function}({{}}, form)")
            case _:
                assert_never(shape)

    def part(self, inner: Expression, depth: int, *, sparse: bool) -> str | None:
        if inner is AS_IS:
            return None
        item = _item(depth)
        applied = inner.apply(item)
        return f"None if {item} is None else {applied}" if sparse else applied


def _item(depth: int) -> str:
    return f"item{depth}"
