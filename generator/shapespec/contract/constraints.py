"""What a shape demands of a value beside its type: one constraint for each keyword.

A keyword is JSON Schema's word for it. Whoever has to do with constraints (a backend, a
check, the audit, samples) goes through `of(shape)`; what differs from keyword to
keyword stands in `KEYWORDS`, once. Who has to treat a kind of keyword by hand matches
on its `rule`, which is a closed union, and ends in `assert_never`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from operator import ge, gt, le, lt
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, TypeAlias

from shapespec.contract import schema as ir
from shapespec.contract.formats import Format
from shapespec.contract.numbers import is_multiple
from shapespec.ground.same import Same
from shapespec.ground.values import Json
from shapespec.patterns import Pattern
from shapespec.runtime._words import listed

Rule: TypeAlias = Literal[
    "enum", "length", "range", "multiple-of", "pattern", "format", "unique-items"
]
"""The ids of the findings about values that break a constraint."""


class Keyword(NamedTuple):
    """What is to be known about a keyword.

    Attributes:
        rule: The id of the findings about values that break it.
        trait: The key of the language that states it.
        breaks: Whether what is measured of a value breaks a limit.
        demand: What it demands, for a limit `{0}` and a unit `{1}`.
        types: The types of JSON Schema that it is about.
        end: The key below the trait that states it, where it is a bound.
        python: When what is measured, `{0}`, breaks a limit, `{1}`, as an expression;
            empty where it takes more than an expression.
        side: Which end of what is measured it bounds, where it is a bound.
        operator: How the lower one of bound and measure compares with the higher one.
        beyond: What a measure is that breaks a limit, `{0}`.
        fact: What facts call it, where that is another word.
        documented: Whether documents state it, so that the audit asks for a source.
    """

    rule: Rule
    trait: str
    breaks: Callable[[Any, Any], bool]
    demand: str
    types: tuple[str, ...]
    end: str = ""
    python: str = ""
    side: Literal["low", "high"] | None = None
    operator: str = ""
    beyond: str = ""
    fact: str | None = None
    documented: bool = True


_NUMBERS = ("integer", "number")


def _least(rule: Rule, *types: str, fact: str | None = None) -> Keyword:
    return Keyword(
        rule=rule,
        trait=rule,
        end="min",
        breaks=lt,
        demand="at least {0!r} {1}",
        types=types,
        python="{0} < {1!r}",
        side="low",
        operator="<=",
        beyond="below {0}",
        fact=fact,
    )


def _most(rule: Rule, *types: str, fact: str | None = None) -> Keyword:
    return Keyword(
        rule=rule,
        trait=rule,
        end="max",
        breaks=gt,
        demand="at most {0!r} {1}",
        types=types,
        python="{0} > {1!r}",
        side="high",
        operator="<=",
        beyond="above {0}",
        fact=fact,
    )


def _unmatched(text: str, pattern: Pattern) -> bool:
    return re.fullmatch(pattern.python, text) is None


def _perhaps_repeated(count: int, _: object) -> bool:
    """Whether there are items enough for two to be alike; the validator knows."""
    return count > 1


def distinct(value: object) -> object:
    """A value that equals another as JSON has it: 1 is 1.0, but not true."""
    match value:
        case bool():
            return ("boolean", value)
        case list():
            return [distinct(item) for item in value]
        case dict():
            return {name: distinct(item) for name, item in value.items()}
        case _:
            return value


def _unlisted(value: object, values: Iterable[Json]) -> bool:
    return all(distinct(value) != distinct(one) for one in values)


KEYWORDS: Mapping[str, Keyword] = MappingProxyType(
    {
        "const": Keyword(
            rule="enum",
            trait="const",
            breaks=_unlisted,
            demand="{0}",
            types=("string", *_NUMBERS, "boolean"),
            fact="enum",
        ),
        "enum": Keyword(
            rule="enum",
            trait="values",
            breaks=_unlisted,
            demand="{0}",
            types=("string", *_NUMBERS, "boolean"),
        ),
        "minLength": _least("length", "string"),
        "maxLength": _most("length", "string"),
        "minItems": _least("length", "array"),
        "maxItems": _most("length", "array"),
        "minProperties": _least("length", "object", fact="minItems"),
        "maxProperties": _most("length", "object", fact="maxItems"),
        "minimum": _least("range", *_NUMBERS),
        "maximum": _most("range", *_NUMBERS),
        "exclusiveMinimum": Keyword(
            rule="range",
            trait="range",
            breaks=le,
            demand="more than {0!r}",
            types=_NUMBERS,
            end="above",
            python="{0} <= {1!r}",
            side="low",
            operator="<",
            beyond="not above {0}",
            documented=False,
        ),
        "exclusiveMaximum": Keyword(
            rule="range",
            trait="range",
            breaks=ge,
            demand="less than {0!r}",
            types=_NUMBERS,
            end="below",
            python="{0} >= {1!r}",
            side="high",
            operator="<",
            beyond="not below {0}",
            documented=False,
        ),
        "multipleOf": Keyword(
            rule="multiple-of",
            trait="multiple_of",
            breaks=lambda number, step: not is_multiple(number, step),
            demand="a multiple of {0!r}",
            types=_NUMBERS,
            python="not is_multiple({0}, {1!r})",
            documented=False,
        ),
        "pattern": Keyword(
            rule="pattern",
            trait="pattern",
            breaks=_unmatched,
            demand="text that matches {0.source}",
            types=("string",),
        ),
        "format": Keyword(
            rule="format",
            trait="format",
            breaks=lambda text, limit: _unmatched(text, limit.pattern),
            demand="{0.words}",
            types=("string",),
            documented=False,
        ),
        "uniqueItems": Keyword(
            rule="unique-items",
            trait="unique_items",
            breaks=_perhaps_repeated,
            demand="no item twice",
            types=("array",),
            documented=False,
        ),
    }
)
"""Every keyword that a shape can state, in the order of the language's page."""

DOCUMENTED = frozenset(
    about.fact or word for word, about in KEYWORDS.items() if about.documented
)
"""The kinds of facts that are limits of keywords."""


class Constraint(NamedTuple):
    """A keyword, its limit, and why breaking it is a warning: a decision or a claim."""

    keyword: str
    limit: Any
    relaxed: ir.Relaxation | None = None

    @property
    def about(self) -> Keyword:
        """The row of the keyword."""
        return KEYWORDS[self.keyword]

    @property
    def rule(self) -> Rule:
        """The id of the findings about values that break it."""
        return self.about.rule

    @property
    def severity(self) -> str:
        """How much these findings weigh."""
        return "error" if self.relaxed is None else "warning"

    @property
    def claimed(self) -> bool:
        """Whether only a document states it, which is why breaking it is a warning."""
        return self.relaxed is not None and self.relaxed.decision is None

    @property
    def fact(self) -> str:
        """What facts call the keyword."""
        return self.about.fact or self.keyword

    @property
    def json(self) -> Json:
        """The limit as JSON Schema has it."""
        limit = self.limit
        if self.rule == "enum":
            return limit[0] if self.keyword == "const" else list(limit)
        if isinstance(limit, Format):
            return limit.name
        found: Json = limit.ecma if isinstance(limit, Pattern) else limit
        return found

    @property
    def stated(self) -> Json:
        """The limit as the spec has it."""
        limit = self.limit
        found: Json = limit.source if isinstance(limit, Pattern) else self.json
        return found

    @property
    def idle(self) -> bool:
        """Whether nothing breaks it, for no size is less than 0."""
        about = self.about
        return about.side == "low" and about.rule == "length" and self.limit <= 0

    def breaks(self, measured: Any) -> bool:
        """Whether what is measured of a value breaks it."""
        return self.about.breaks(measured, self.limit)

    def broken_by(self, expression: str) -> str:
        """The same in Python, for an expression; empty where that takes more."""
        return self.about.python.format(expression, self.limit)

    def demand(self, unit: str = "") -> str:
        """What it demands, in words."""
        if self.rule == "enum":
            return listed(self.limit)
        return self.about.demand.format(self.limit, unit).rstrip()


def of(shape: ir.Shape) -> tuple[Constraint, ...]:
    """The constraints of a shape, bounds first."""
    return _of(Same(shape))


@lru_cache(maxsize=4096)
def _of(same: Same[ir.Shape]) -> tuple[Constraint, ...]:
    shape = same.value
    why = {one.keyword: one for one in getattr(shape, "relaxed", ())}
    return tuple(
        Constraint(keyword, limit, why.get(keyword))
        for keyword, limit in limits(shape)
        if limit is not None and limit is not False
    )


def by_rule(given: Iterable[Constraint]) -> dict[Rule, list[Constraint]]:
    """Constraints, those together that the same findings are about."""
    found: dict[Rule, list[Constraint]] = {}
    for one in given:
        found.setdefault(one.rule, []).append(one)
    return found


def limits(shape: ir.Shape) -> Iterator[tuple[str, Any]]:
    """Each keyword that a shape could state, with its limit, which may be none."""
    if isinstance(shape, ir.Scalar):
        yield "const", shape.const
        yield "enum", shape.allowed or None
    match shape:
        case ir.String(length=bounds, pattern=pattern):
            yield from _bounds("Length", bounds)
            yield "pattern", pattern
            yield "format", shape.format if shape.asserted else None
        case ir.Blob(length=bounds):
            yield from _bounds("Length", bounds)
        case (
            ir.List(length=bounds, unique_items=unique)
            | ir.Tuple(length=bounds, unique_items=unique)
        ):
            yield from _bounds("Items", bounds)
            yield "uniqueItems", unique
        case ir.Map(length=bounds):
            yield from _bounds("Properties", bounds)
        case ir.Integer(range=bounds) | ir.Float(range=bounds):
            yield from _bounds("imum", bounds)
            yield "exclusiveMinimum", bounds.above
            yield "exclusiveMaximum", bounds.below
            yield "multipleOf", shape.multiple_of
        case _:
            return


def _bounds(noun: str, bounds: ir.Bounds) -> Iterator[tuple[str, Any]]:
    yield f"min{noun}", bounds.min
    yield f"max{noun}", bounds.max


def measured(shape: ir.Shape, value: Any, keyword: str) -> Any:
    """What a keyword is about: the value itself, or its size.

    Raises:
        ValueError: It is not base64 text, where it should be.
    """
    about_it = ("pattern", "format", "const", "enum")
    if keyword in about_it or isinstance(shape, ir.Integer | ir.Float):
        return value
    if isinstance(shape, ir.Blob):
        return len(base64.b64decode(value, validate=True))
    return len(value)


def enforced(shape: ir.Shape) -> tuple[Constraint, ...]:
    """The constraints whose violation is an error, without idle ones."""
    return tuple(one for one in of(shape) if one.relaxed is None and not one.idle)


def only(shape: ir.Shape) -> tuple[Json, ...]:
    """The values that are right, if a shape lists them and no other is tolerated."""
    for one in by_rule(enforced(shape)).get("enum", ()):
        values: tuple[Json, ...] = one.limit
        return values
    return ()


def ends(given: Iterable[Constraint]) -> dict[str, Constraint]:
    """The bounds among constraints: one at the `low` side, one at the `high` side."""
    return {one.about.side: one for one in given if one.about.side is not None}


def size_bounds(shape: ir.Shape) -> ir.Bounds:
    """The bounds on a size whose violation is an error."""
    found = ends(by_rule(enforced(shape)).get("length", ()))
    low, high = found.get("low"), found.get("high")
    return ir.Bounds(low and low.limit, high and high.limit)
