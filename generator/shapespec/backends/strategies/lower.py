"""From the schema to Hypothesis strategies: a function for each shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from keyword import iskeyword

from shapespec.backends.environment import literal
from shapespec.backends.strategies.wanted import Wanted, wanted
from shapespec.backends.validators.text import pattern_literal
from shapespec.contract import naming, schema as ir
from shapespec.contract.numbers import Numbers, numbers
from shapespec.ground.sinks.python import shown
from shapespec.ground.values import Json
from shapespec.patterns import Pattern, emit
from shapespec.patterns.forms import for_others
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeView:
    """A shape, as a literal and as Python: a function that gives its strategy."""

    key: str
    strategy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RootView:
    """A root, as the function that gives its strategy, and the type of its values."""

    function: str
    key: str
    doc: str
    type: str


def lower_strategies(schema: ir.Schema) -> tuple[ShapeView, ...]:
    """A strategy for each string and number that needs more than its row says."""
    return tuple(
        ShapeView(key=literal(shape.id), strategy=strategy)
        for shape in schema.shapes.values()
        if (strategy := _strategy(shape))
    )


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
                yield _root(schema, f"{name}_{what}s", shape, doc)
    for root in schema.roots:
        if root not in named:
            doc = f"Right values of {root}."
            name = f"{naming.snake_case(root)}s"
            name += "_" if iskeyword(name) else ""
            yield _root(schema, name, root, doc)


def _root(schema: ir.Schema, function: str, shape: str, doc: str) -> RootView:
    match schema.shapes[shape]:
        case ir.Structure() | ir.Union() | ir.Map():
            type_ = "dict[str, Any]"
        case ir.List() | ir.Tuple():
            type_ = "list[Any]"
        case _:
            type_ = "Any"
    return RootView(function=function, key=literal(shape), doc=doc, type=type_)


def _strategy(shape: ir.Shape) -> str:
    match shape:
        case ir.Scalar(listed=values) if values:
            return ""
        case ir.String(format=found, length=length, pattern=pattern) if found:
            more = "None" if pattern is None else _regex(pattern)
            return _partial("_formatted", literal(found.name), more, _bounds(length))
        case ir.String(length=length, pattern=pattern) if pattern is not None:
            return _partial("_matches", _regex(pattern), _bounds(length))
        case ir.Integer() | ir.Float():
            return _number(numbers(shape))
        case _:
            return ""


def _regex(pattern: Pattern) -> str:
    """A pattern for Hypothesis, which matches what it has drawn: judged, too."""
    return pattern_literal(emit.python(for_others(pattern.regex).regex))


def lower_formats(schema: ir.Schema) -> tuple[ShapeView, ...]:
    """The formats of strings: texts that are known, and the pattern."""
    formats = {
        shape.format.name: shape.format
        for shape in schema.shapes.values()
        if isinstance(shape, ir.String) and shape.format and not shape.allowed
    }
    return tuple(
        ShapeView(
            key=literal(name),
            strategy=f"({_tuple(one.right)}, {_regex(one.pattern)})",
        )
        for name, one in formats.items()
    )


def lower_wanted(schema: ir.Schema) -> tuple[ShapeView, ...]:
    """What the rules of each structure want to find in its members."""
    return tuple(
        ShapeView(key=literal(shape.id), strategy=f"{{{_members(found)}}}")
        for shape in schema.shapes.values()
        if isinstance(shape, ir.Structure) and (found := wanted(schema, shape))
    )


def _members(found: Mapping[str, Wanted]) -> str:
    rows = (
        f"{literal(name)}: ({_tuple(one.constants)}, {_tuple(one.shapes)}), "
        for name, one in found.items()
    )
    return "".join(rows)


def _tuple(values: Iterable[Json]) -> str:
    """Some values as a tuple, each with a comma behind it."""
    return f"({''.join(f'{shown(repr(one))}, ' for one in values)})"


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
