"""Checks that need the resolved schema: examples, endless shapes, names in Python."""

from __future__ import annotations

import keyword
import sys
from collections.abc import Iterator
from dataclasses import replace

from shapespec.contract import naming, schema as ir
from shapespec.contract.choices import member_of, twins
from shapespec.contract.constraints import of
from shapespec.contract.judge import problem
from shapespec.contract.naming import DEVICE
from shapespec.contract.numbers import numbers
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located, Span
from shapespec.passes.check_names import kind

_OF_CLASSES = naming.METHODS | naming.TYPES
_OF_ENUMS = frozenset(("mro", "name", "value"))
"""Names that generated classes and enums use themselves."""


def check_schema(schema: ir.Schema) -> Iterator[Diagnostic]:
    """Faults in what the spec means as a whole."""
    yield from _relaxed(schema)
    yield from _numbers(schema)
    yield from _values(schema)
    yield from _endless(schema)
    yield from _choices(schema)
    yield from _repeated(schema)
    yield from _python_names(schema)


def _relaxed(schema: ir.Schema) -> Iterator[Diagnostic]:
    for shape in schema.shapes.values():
        stated = [one.keyword for one in of(shape)]
        for one in getattr(shape, "relaxed", ()):
            if one.keyword not in stated and one.keyword_span is not None:
                keyword = Located(one.keyword, one.keyword_span)
                yield catalogue.unused_relaxation(keyword, stated)


def _numbers(schema: ir.Schema) -> Iterator[Diagnostic]:
    """Numbers of which none is all that the shape demands."""
    for shape in schema.shapes.values():
        if not isinstance(shape, ir.Integer | ir.Float) or shape.span is None:
            continue
        if numbers(shape).is_empty:
            demands = [one.demand() for one in of(shape)]
            yield catalogue.empty_range(shape.span, demands)


def _values(schema: ir.Schema) -> Iterator[Diagnostic]:
    for shape in schema.shapes.values():
        if isinstance(shape, ir.Scalar) and shape.span:
            what = "constant" if shape.const is not None else "value"
            bare = replace(shape, const=None, allowed=())
            for one in shape.listed:
                wrong = problem(_alone(schema, bare), shape.id, one)
                if wrong:
                    yield catalogue.invalid_value(Located(one, shape.span), what, wrong)
        for example in shape.examples:
            wrong = problem(schema, shape.id, example)
            if wrong and shape.span:
                yield catalogue.invalid_value(
                    Located(example, shape.span), "example", wrong
                )
        if not isinstance(shape, ir.Structure | ir.Union):
            continue
        for member in shape.members:
            given = [("default", default) for default in member.default or ()]
            if "$" not in member.target:  # else they are those of the shape, too
                given += [("example", example) for example in member.examples]
            for what, value in given:
                wrong = problem(schema, member.target, value)
                if wrong:
                    yield catalogue.invalid_value(
                        Located(value, member.span), what, wrong
                    )


def _alone(schema: ir.Schema, shape: ir.Shape) -> ir.Schema:
    """The schema with no shape but one."""
    return replace(schema, shapes={shape.id: shape})


def _repeated(schema: ir.Schema) -> Iterator[Diagnostic]:
    """Roots that lead to the same shapes again and again: each has its document."""
    limit = max(100_000, 100 * len(schema.shapes))
    total = 0
    for root in schema.roots:
        reached = {root}
        pending = [root]
        while pending and total + len(reached) <= limit:
            for _, target in ir.targets(schema.shapes[pending.pop()]):
                if target not in reached:
                    reached.add(target)
                    pending.append(target)
        total += len(reached)
        if total > limit:
            yield catalogue.too_many_definitions(schema.span, len(schema.roots), limit)
            return


def _endless(schema: ir.Schema) -> Iterator[Diagnostic]:
    """Structures that require themselves: no finite value has all members."""
    endless = set(schema.recursive)
    waiting: dict[str, list[str]] = {name: [] for name in endless}
    missing: dict[str, int] = {}
    ready: list[str] = []
    for each in endless:
        shape = schema.shapes[each]
        needed = [target for _, target in _needed(shape)]
        inside = [target for target in needed if target in endless]
        for target in inside:
            waiting[target].append(each)
        missing[each] = len(inside)
        if isinstance(shape, ir.Union | ir.OneOf) and inside:
            missing[each] = int(len(inside) == len(needed))
        if not missing[each]:
            ready.append(each)
    while ready:  # what needs nothing endless can end, and so may what waits for it
        ended = ready.pop()
        endless.discard(ended)
        for each in waiting[ended]:
            missing[each] -= 1
            if not missing[each]:
                ready.append(each)
    for shape in schema.shapes.values():
        if shape.id in endless and shape.named and shape.span is not None:
            parts = [name for name, target in _needed(shape) if target in endless]
            name = Located(shape.id, shape.span)
            yield catalogue.infinite_shape(name, kind(shape), parts)


def _choices(schema: ir.Schema) -> Iterator[Diagnostic]:
    """Choices whose options cannot be told apart, or that lead back to themselves."""
    edges = {
        shape.id: [one.target for one in shape.options]
        for shape in schema.shapes.values()
        if isinstance(shape, ir.OneOf)
    }
    inner = {
        name: [one for one in found if one in edges] for name, found in edges.items()
    }
    circles = {*ir.in_cycles(inner)}
    for shape in schema.shapes.values():
        if not isinstance(shape, ir.OneOf) or shape.span is None:
            continue
        if shape.id in circles:
            name = Located(shape.id, shape.span)
            yield catalogue.infinite_shape(name, kind(shape), edges[shape.id])
            continue
        found = [*twins(schema, shape)]
        for one in found:
            names = [_called(option.target) for option in (one.first, one.second)]
            at = one.second.span or shape.span
            yield catalogue.ambiguous_options(at, names, one.reason, one.first.span)
        if not found and shape.discriminator is not None:
            yield from _tagged(schema, shape, shape.discriminator)


def _called(target: str) -> str:
    """An option's name; of one in place, its number."""
    return target.rpartition("$")[2].replace("option", "option ")


def _tagged(schema: ir.Schema, shape: ir.OneOf, name: str) -> Iterator[Diagnostic]:
    """Options that have no member for the tag."""
    tagged = [one for one in shape.options if one.tags]
    for option in tagged:
        at = option.span or shape.span or schema.span
        member = member_of(schema, option.target, name)
        target = None if member is None else schema.shapes[member.target]
        if not isinstance(target, ir.String | ir.Enum):
            owner = schema.shapes[option.target]
            known = [one.name for one in getattr(owner, "members", ())]
            others = [one for one in known if one != name]
            called = _called(option.target)
            yield catalogue.missing_discriminator(at, name, called, others)
    if not tagged and shape.span is not None:
        options = [_called(one.target) for one in shape.options]
        yield catalogue.missing_discriminator(shape.span, name, options[0], ())


_MANY = 1000
"""Of so many items of a list it is asked whether they can end."""


def _needed(shape: ir.Shape) -> list[tuple[str, str]]:
    match shape:
        case ir.Structure(members=members):
            return [(one.name, one.target) for one in members if one.required]
        case ir.Union(members=members):
            return [(one.name, one.target) for one in members]
        case ir.OneOf(options=options):
            return [(one.target, one.target) for one in options]
        case ir.List(member=member, length=length) if length.min:
            return [("member", member)]
        case ir.Tuple(length=length) if length.min:
            needed = [shape.at(index) for index in range(int(length.min))]
            several = dict.fromkeys(one for one in needed[:_MANY] if one is not None)
            return [("prefix", one) for one in several]
        case ir.Map(value=value, length=length) if length.min:
            return [("value", value)]
        case _:
            return []


def _python_names(schema: ir.Schema) -> Iterator[Diagnostic]:
    package = schema.package
    if keyword.iskeyword(package) or package in sys.stdlib_module_names:
        reason = "it is a keyword or a module of Python's own"
        yield catalogue.invalid_python_name(Located(package, schema.span), reason)
    if DEVICE.fullmatch(package):
        reason = "Windows has a device with this name, and can make no folder for it"
        yield catalogue.invalid_python_name(Located(package, schema.span), reason)
    classes: list[tuple[str, str, Span]] = []
    for shape in schema.named_shapes():
        has_class = ir.Structure | ir.Union | ir.Enum | ir.OneOf
        if isinstance(shape, has_class) and shape.span:
            classes.append((shape.python, shape.id, shape.span))
        match shape:
            case ir.Structure(members=members) | ir.Union(members=members):
                names = [(one.python, one.name, one.span) for one in members]
                if isinstance(shape, ir.Structure):
                    names += [(one.python, one.name, one.span) for one in shape.derived]
                    for derived in shape.derived:
                        yield from _given_name(
                            derived.python, derived.span, _OF_CLASSES
                        )
                yield from _clashes(names, "the members")
                for one in members:
                    yield from _given_name(one.python, one.span, _OF_CLASSES)
            case ir.Enum(values=values):
                names = [(one.python, one.value, one.span) for one in values]
                yield from _clashes(names, "the values")
                for value in values:
                    yield from _given_name(value.python, value.span, _OF_ENUMS)
    yield from _clashes(classes, "the shapes")


def _given_name(
    name: str | None, span: Span, taken: frozenset[str]
) -> Iterator[Diagnostic]:
    if name is None:
        return
    if keyword.iskeyword(name) or name in taken or name.startswith("_"):
        reason = "it is a keyword, a type or a method in use, or begins with `_`"
        yield catalogue.invalid_python_name(Located(name, span), reason)


def _clashes(names: list[tuple[str, str, Span]], what: str) -> Iterator[Diagnostic]:
    first: dict[str, tuple[str, Span]] = {}
    for python, name, span in names:
        if python in first:
            earlier, at = first[python]
            yield catalogue.duplicate_python_name(
                span, at, python, (earlier, name), what
            )
        first.setdefault(python, (name, span))
