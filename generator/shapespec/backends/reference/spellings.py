"""How each system spells a member, as its users write it.

Of the forms that we know, we know the language as well: paws is R, and so on. Of any
other form it is known how it spells keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from shapespec.backends.dataclasses.lower import type_of
from shapespec.backends.reference.places import Step, Way
from shapespec.backends.reference.view import Spelling
from shapespec.contract import naming, schema as ir

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
_PARTS = re.compile(r"\[[0-9]*\]|\{\}")
_OPTION = re.compile(r"<[^>]*>")


def spellings(
    schema: ir.Schema, way: Way, member: ir.Member, types: dict[str, str]
) -> Iterator[Spelling]:
    """How the systems spell a member.

    Args:
        schema: The contract.
        way: The way to the structure that has it.
        member: The member.
        types: What sources call its type, by the kind of source.
    """
    # An option of a choice is no step of any program's.
    inner = (replace(one, inside=_OPTION.sub("", one.inside)) for one in way.steps)
    steps = (*inner, Step(member))
    if way.request:
        yield from _request(schema, way, steps, types)
        return
    shape = schema.shapes[member.target]
    kind = "one_of" if isinstance(shape, ir.OneOf) else type(shape).__name__.lower()
    yield Spelling(system="JSON", text=_wire(steps), type=types.get("wire", kind))
    annotation = type_of(schema, member.target)
    yield Spelling(system="Python", text=_python(steps), type=annotation)
    for form in schema.forms:
        stated = types.get(form.name, "")
        if form.columns and len(steps) == 1:
            stated = column_type(schema, form, member.target)
        known = _KNOWN.get(form.name)
        if known is not None:
            system, spell = known
            yield Spelling(system=system, text=spell(steps), type=stated)
        elif form.keys == "snake_case":
            yield Spelling(system=form.name, text=_snake(steps), type=stated)
        elif form.keys == "named":
            yield Spelling(system=form.name, text=_named(steps, form), type=stated)


def column_type(schema: ir.Schema, form: ir.Form, target: str) -> str:
    """The type of the column of a table that holds the values of a shape.

    The words are those of Datadog's DDSQL, whose tables have such columns.
    """
    shape = schema.shapes[target]
    match shape:
        case ir.String() | ir.Enum() | ir.Blob():
            return "string"
        case ir.Integer():
            return "int64"
        case ir.Float():
            return "float64"
        case ir.Boolean():
            return "bool"
        case ir.Timestamp():
            return "timestamp"
        case ir.Map(value=value) if "hstore" in form.columns:
            of_text = isinstance(schema.shapes[value], ir.String | ir.Enum)
            return "hstore" if of_text else "json"
        case ir.Map() | ir.List() | ir.Structure() | ir.Union() | ir.Document():
            return "json"
        case ir.OneOf() | ir.Tuple():
            return "json"
        case _:
            assert_never(shape)


def _request(
    schema: ir.Schema, way: Way, steps: Sequence[Step], types: dict[str, str]
) -> Iterator[Spelling]:
    operation = way.operation.name if way.operation else ""
    forms = {form.name for form in schema.forms}
    first, rest = steps[0], steps[1:]
    wire = _wire(steps)
    yield Spelling(system="JSON", text=wire, type=types.get("wire", ""))
    if "boto3" in forms:
        call = f"client.{naming.snake_case(operation)}({first.member.name}=…)"
        yield Spelling(system="boto3", text=call if not rest else f"{call}: {wire}")
    if "aws-cli" in forms:
        option = f"--{naming.snake_case(first.member.name).replace('_', '-')}"
        text = option if not rest else f"{option}: {_wire(rest)}"
        yield Spelling(system="AWS CLI", text=text, type=types.get("aws-cli", ""))
    if "paws" in forms:
        call = f"{naming.snake_case(operation)}({first.member.name} = …)"
        yield Spelling(system="R (paws)", text=call, type=types.get("paws", ""))


def _wire(steps: Sequence[Step]) -> str:
    return ".".join(f"{step.member.name}{step.inside}" for step in steps)


def _python(steps: Sequence[Step]) -> str:
    names = (
        step.member.python + _indexed(step.inside, "[i]", "[key]") for step in steps
    )
    return "response." + ".".join(names)


def _boto3(steps: Sequence[Step]) -> str:
    keys = (
        f'["{step.member.name}"]{_indexed(step.inside, "[i]", "[key]")}'
        for step in steps
    )
    return "response" + "".join(keys)


def _cli(steps: Sequence[Step]) -> str:
    names = (
        step.member.name + _indexed(step.inside, "[]", ".*")
        if _PLAIN.fullmatch(step.member.name)
        else f'"{step.member.name}"{_indexed(step.inside, "[]", ".*")}'
        for step in steps
    )
    return f"--query {'.'.join(names)}"


def _r(steps: Sequence[Step]) -> str:
    names = (
        f"${_r_name(step.member.name)}{_indexed(step.inside, '[[i]]', '[[key]]')}"
        for step in steps
    )
    return "response" + "".join(names)


def _r_name(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else f"`{name}`"


def _ruby(steps: Sequence[Step]) -> str:
    names = (
        naming.snake_case(step.member.name) + _indexed(step.inside, "[i]", "[key]")
        for step in steps
    )
    return "response." + ".".join(names)


def _ddsql(steps: Sequence[Step]) -> str:
    """The column, and what is looked for in it."""
    column, *keys = steps
    inside = ".".join(
        f"{naming.snake_case(step.member.name)}{step.inside}" for step in keys
    )
    name = naming.snake_case(column.member.name)
    return f"column {name}" + (f"{column.inside}, in it {inside}" if keys else "")


def _event(steps: Sequence[Step]) -> str:
    return f"detail.{_wire(steps)}"


def _snake(steps: Sequence[Step]) -> str:
    return ".".join(
        f"{naming.snake_case(step.member.name)}{step.inside}" for step in steps
    )


def _named(steps: Sequence[Step], form: ir.Form) -> str:
    return ".".join(f"{naming.spelt(step.member, form)}{step.inside}" for step in steps)


def _indexed(inside: str, item: str, value: str) -> str:
    def spelt(part: re.Match[str]) -> str:
        if part[0] == "{}":
            return value
        return item if part[0] == "[]" else part[0]

    return _PARTS.sub(spelt, inside)


_KNOWN: dict[str, tuple[str, Callable[[Sequence[Step]], str]]] = {
    "boto3": ("boto3", _boto3),
    "aws-cli": ("AWS CLI", _cli),
    "paws": ("R (paws)", _r),
    "aws-sdk-ruby": ("Ruby", _ruby),
    "datadog-ddsql": ("DDSQL", _ddsql),
    "eventbridge": ("EventBridge", _event),
}
