"""From the schema to Hypothesis strategies: a function for each shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from shapespec.backends.environment import literal
from shapespec.backends.validators.text import pattern_literal
from shapespec.contract import naming, schema as ir
from shapespec.contract.numbers import Numbers, numbers
from shapespec.ground.sinks.python import shown
from shapespec.ground.values import Json
from shapespec.patterns import emit
from shapespec.patterns.forms import for_others


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeView:
    """A shape, as a literal and as Python: a function that gives its strategy."""

    key: str
    strategy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RootView:
    """A root, as the function that gives its strategy."""

    function: str
    key: str
    doc: str


def lower_strategies(schema: ir.Schema) -> tuple[ShapeView, ...]:
    """A strategy for every shape, in the schema's order."""
    shapes = tuple(
        ShapeView(key=literal(shape.id), strategy=_strategy(schema, shape))
        for shape in schema.shapes.values()
    )
    nullable = {
        member.target: None
        for shape in schema.shapes.values()
        if isinstance(shape, ir.Structure)
        for member in shape.members
        if _may_be_null(member)
    }
    return shapes + tuple(
        ShapeView(
            key=literal(f"{_OR_NULL}{target}"),
            strategy=f"lambda: st.none() | _shape({literal(target)})",
        )
        for target in nullable
    )


_OR_NULL = "?"
"""Begins the name of the strategy that also draws null, as no name of a shape does."""


def _may_be_null(member: ir.Member) -> bool:
    """Whether null is worth drawing: it is not the same there as nothing."""
    return member.null == "value" and (member.required or member.claimed)


def lower_roots(schema: ir.Schema) -> tuple[RootView, ...]:
    """The functions of a package: named for operations, else for shapes."""
    found = {view.function: view for view in _roots(schema)}
    return tuple(found.values())


def _roots(schema: ir.Schema) -> Iterator[RootView]:
    named: set[str] = set()
    for operation in schema.operations:
        name = naming.snake_case(operation.name)
        for what, shape in (
            ("request", operation.input),
            ("response", operation.output),
        ):
            if shape is not None:
                named.add(shape)
                doc = f"Right {what}s of {operation.name}."
                yield RootView(function=f"{name}_{what}s", key=literal(shape), doc=doc)
    for root in schema.roots:
        if root not in named:
            doc = f"Right values of {root}."
            name = f"{naming.snake_case(root)}s"
            yield RootView(function=name, key=literal(root), doc=doc)


def _strategy(schema: ir.Schema, shape: ir.Shape) -> str:
    match shape:
        case ir.Scalar(listed=values) if values:
            return _partial("st.sampled_from", f"({''.join(map(_item, values))})")
        case ir.String(length=length, pattern=pattern):
            if pattern is None:
                return _partial("_texts", _bounds(length))
            # Hypothesis matches what it has drawn, so this text is judged, too.
            regex = pattern_literal(emit.python(for_others(pattern.regex).regex))
            return _partial("_matches", regex, _bounds(length))
        case ir.Enum(values=values):
            usual = [one for one in values if not one.retired] or [*values]
            names = "".join(f"{literal(one.value)}, " for one in usual)
            return _partial("st.sampled_from", f"({names})")
        case ir.Integer() | ir.Float():
            return _number(numbers(shape))
        case ir.Boolean():
            return "st.booleans"
        case ir.Timestamp():
            return "_moments"
        case ir.Blob(length=length):
            return _partial("_blobs", _bounds(length))
        case ir.Document():
            return "_documents"
        case ir.List(member=member, length=length):
            more = ("unique=True",) * shape.unique_items
            return _partial("_lists", literal(member), _bounds(length), *more)
        case ir.Tuple(prefix=prefix, rest=rest, length=length):
            shapes = "".join(f"{literal(one)}, " for one in prefix)
            others = "None" if rest is None else literal(rest)
            more = ("unique=True",) * shape.unique_items
            return _partial("_tuples", f"({shapes})", others, _bounds(length), *more)
        case ir.Map(key=key, value=value, length=length):
            return _partial("_maps", literal(key), literal(value), _bounds(length))
        case ir.Structure():
            return _structure(schema, shape)
        case ir.Union(members=members):
            return _partial("_unions", _members(members))
        case ir.OneOf():
            return _choice(shape)
        case _:
            assert_never(shape)


def _item(value: Json) -> str:
    """A JSON value in a tuple."""
    return f"{shown(repr(value))}, "


def _choice(shape: ir.OneOf) -> str:
    """Values of the options; structures with a tag that says which they are."""
    plain = "".join(f"{literal(one.target)}, " for one in shape.options if not one.tags)
    tagged = ", ".join(
        f"{literal(tag)}: {literal(one.target)}"
        for one in shape.options
        for tag in one.tags
    )
    needs = "".join(
        f"({''.join(f'{literal(name)}, ' for name in one.needs)}), "
        for one in shape.options
        if one.needs
    )
    tag = literal(shape.discriminator or "")
    return _partial("_one_of", f"({plain})", tag, f"{{{tagged}}}", f"({needs})")


def _number(right: Numbers) -> str:
    if right.step is None:
        return _partial("_numbers", f"{right.low!r}, {right.high!r}")
    if right.whole and right.step == 1:
        return _partial("st.integers", f"{right.low!r}, {right.high!r}")
    first, last = right.sure
    step = f"{right.step.numerator}, {right.step.denominator}"
    return _partial("_multiples", f"{first!r}, {last!r}", step)


def _partial(function: str, *arguments: str) -> str:
    """A call that is made later; each release of ruff since 2025 lays it out alike."""
    return f"partial({function}, {', '.join(arguments)})"


def _structure(schema: ir.Schema, shape: ir.Structure) -> str:
    required = tuple(one for one in shape.members if one.required)
    optional = tuple(one for one in shape.members if not one.required)
    arguments = [_members(required), _members(optional)]
    if shape.id in schema.recursive:
        arguments.append("most=1")
    if any(rule.severity == "error" for rule in shape.rules):
        return _partial("_ruled", literal(shape.id), *arguments)
    return _partial("_structures", *arguments)


def _members(members: tuple[ir.Member, ...]) -> str:
    pairs = (
        f"{literal(one.name)}: "
        f"{literal(f'{_OR_NULL}{one.target}' if _may_be_null(one) else one.target)}"
        for one in members
    )
    return f"{{{', '.join(pairs)}}}"


def _bounds(length: ir.Bounds) -> str:
    return f"{length.min or 0!r}, {length.max!r}"


def moment(schema: ir.Schema) -> str:
    """What makes a moment out of a `datetime`, as responses may hold it."""
    encodings = ir.encodings(schema)
    if "datetime" in encodings:
        return ""
    if "iso-8601" in encodings:
        return ".map(datetime.isoformat)"
    if "epoch-seconds" in encodings:
        return ".map(datetime.timestamp)"
    if "date" in encodings:
        return ".map(lambda moment: moment.date().isoformat())"
    if "http-date" in encodings:
        return '.map(lambda moment: f"{moment:%a, %d %b %Y %H:%M:%S} GMT")'
    return ".map(lambda moment: moment.timestamp() * 1000)"
