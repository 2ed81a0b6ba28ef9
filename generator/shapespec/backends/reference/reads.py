"""Which members a CEL expression reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shapespec import cel
from shapespec.cel.ast import (
    Call,
    Conditional,
    Index,
    Macro,
    Name,
    Node,
    Select,
    parts,
)
from shapespec.contract import schema as ir


def reads(
    schema: ir.Schema, structure: ir.Structure, rule: ir.Rule
) -> tuple[tuple[str, str], ...]:
    """The members that a rule looks at, by shape and name, in the rule's order."""
    variables: dict[str, str | None] = {"this": structure.id}
    found: dict[tuple[str, str], None] = {}
    if rule.each is not None:
        target: str | None = structure.id
        for step in cel.steps(rule.each):
            member = member_of(schema, target, step.name)
            if member is not None and target is not None:
                found[target, step.name] = None
            target = member.target if member else None
            if step.items:
                target = inside(schema, target)
        variables["item"] = inside(schema, target)
    for pair in _reads(schema, cel.read(rule.cel), variables):
        found[pair] = None
    return tuple(found)


def member_of(schema: ir.Schema, shape: str | None, name: str) -> ir.Member | None:
    """A member of a structure or a union by name."""
    owner = schema.shapes.get(shape or "")
    if not isinstance(owner, ir.Structure | ir.Union):
        return None
    return next((one for one in owner.members if one.name == name), None)


def inside(schema: ir.Schema, target: str | None) -> str | None:
    """The shape of what is in a list or a map."""
    match schema.shapes.get(target or ""):
        case ir.List(member=item) | ir.Map(value=item):
            return item
        case _:
            return None


def _reads(
    schema: ir.Schema, node: Node, variables: Mapping[str, str | None]
) -> Iterator[tuple[str, str]]:
    if isinstance(node, Select):
        owner = _shape(schema, node.operand, variables)
        if owner is not None and member_of(schema, owner, node.field):
            yield owner, node.field
    if isinstance(node, Macro):
        yield from _reads(schema, node.iterable, variables)
        iterated = _shape(schema, node.iterable, variables)
        item = inside(schema, iterated)
        if isinstance(schema.shapes.get(iterated or ""), ir.Map):
            item = None  # a macro over a map sees its keys
        yield from _reads(schema, node.body, {**variables, node.variable: item})
        return
    for part in parts(node):
        yield from _reads(schema, part, variables)


def _shape(
    schema: ir.Schema, node: Node, variables: Mapping[str, str | None]
) -> str | None:
    """The shape of what an expression gives, as far as that is a shape."""
    match node:
        case Name(name=name):
            return variables.get(name)
        case Select(operand=operand, field=field):
            member = member_of(schema, _shape(schema, operand, variables), field)
            return member.target if member else None
        case Index(operand=operand):
            return inside(schema, _shape(schema, operand, variables))
        case Macro(kind="filter", iterable=iterable):
            return _shape(schema, iterable, variables)
        case Conditional(yes=yes, no=no):
            return _shape(schema, yes, variables) or _shape(schema, no, variables)
        case Call():
            return None
        case _:
            return None
