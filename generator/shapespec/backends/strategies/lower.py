"""From the schema to Hypothesis strategies: a function for each shape."""

from __future__ import annotations

from collections.abc import Iterator
from keyword import iskeyword

from shapespec.backends.environment import literal
from shapespec.backends.validators.text import pattern_literal
from shapespec.contract import naming, schema as ir
from shapespec.contract.formats import Format
from shapespec.contract.judge import problem
from shapespec.contract.numbers import Numbers, numbers
from shapespec.ground.sinks.python import shown
from shapespec.ground.values import Json
from shapespec.patterns import emit
from shapespec.patterns.forms import for_others
from shapespec.records import dataclass


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
    """A strategy for each string and number that needs more than its row says."""
    return tuple(
        ShapeView(key=literal(shape.id), strategy=strategy)
        for shape in schema.shapes.values()
        if (strategy := _strategy(schema, shape))
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
                yield RootView(function=f"{name}_{what}s", key=literal(shape), doc=doc)
    for root in schema.roots:
        if root not in named:
            doc = f"Right values of {root}."
            name = f"{naming.snake_case(root)}s"
            name += "_" if iskeyword(name) else ""
            yield RootView(function=name, key=literal(root), doc=doc)


def _strategy(schema: ir.Schema, shape: ir.Shape) -> str:
    match shape:
        case ir.Scalar(listed=values) if values:
            return ""
        case ir.String(format=found) if found is not None:
            return _formatted(schema, shape, found)
        case ir.String(length=length, pattern=pattern) if pattern is not None:
            # Hypothesis matches what it has drawn, so this text is judged, too.
            regex = pattern_literal(emit.python(for_others(pattern.regex).regex))
            return _partial("_matches", regex, _bounds(length))
        case ir.Integer() | ir.Float():
            return _number(numbers(shape))
        case _:
            return ""


def _formatted(schema: ir.Schema, shape: ir.String, found: Format) -> str:
    """Strings of a format: those that are known, which keep to the rest, too."""
    right = [one for one in found.right if problem(schema, shape.id, one) is None]
    if not right and shape.pattern is None:
        regex = pattern_literal(emit.python(for_others(found.pattern.regex).regex))
        return _partial("_matches", regex, _bounds(shape.length))
    if not right:
        return "st.nothing"
    return _partial("st.sampled_from", f"({''.join(map(_item, right))})")


def _item(value: Json) -> str:
    """A JSON value in a tuple."""
    return f"{shown(repr(value))}, "


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
