"""Where constraints stand: every place of a contract, and what it demands.

Paths are those of evidence: `InputDataConfig[].ChannelName`, `Environment{}`,
`Environment{key}`. A place within a shape that contains itself is listed once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from shapespec import schema as ir
from shapespec.evidence.paths import ITEMS, KEYS, VALUES, join
from shapespec.patterns import Pattern
from shapespec.patterns.quick import quick

_BOUNDS = frozenset(
    f"{end}{what}"
    for end in ("min", "max")
    for what in ("imum", "Length", "Items", "Properties")
)

Way: TypeAlias = tuple[str, ...]
"""Steps from the response: a member's name, or one of `[]`, `{}` and `{key}`."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place of a contract, and the member that it is, if it is one."""

    way: Way
    shape: ir.Shape
    member: ir.Member | None = None

    @property
    def path(self) -> str:
        """The place as evidence spells it; empty for the response itself."""
        return spelt(self.way)


@dataclass(frozen=True, slots=True)
class Constraint:
    """Something that a spec demands of one place.

    Attributes:
        site: The place.
        keyword: JSON Schema's word for it, or the id of a rule or a note.
        rule: The id of the findings of a response that breaks it.
        severity: How much these findings weigh.
        demand: What it demands, in words.
        unbreakable: Why no response can break it; none where one can.
        part: The rule of the spec that it is.
        documentation: Whether it is a note of the spec, which no response is held to.
    """

    site: Site
    keyword: str
    rule: str
    demand: str
    severity: str = "error"
    unbreakable: str | None = None
    part: ir.Rule | None = None
    documentation: bool = False

    @property
    def id(self) -> str:
        """What tells it from all others of the same root."""
        return f"{self.site.path or '(response)'} {self.keyword}"

    @property
    def is_bound(self) -> bool:
        """Whether it is the least or the greatest of something."""
        return self.part is None and self.keyword in _BOUNDS


def spelt(way: Way) -> str:
    """A way as a path."""
    path = ""
    for step in way:
        path = path + step if step in (ITEMS, VALUES, KEYS) else join(path, step)
    return path


def sites(schema: ir.Schema, root: str) -> Iterator[Site]:
    """Every place of a response, in the order of the spec."""
    shape = schema.shapes[root]
    yield Site((), shape)
    yield from _below(schema, (), shape, (root,))


def _below(
    schema: ir.Schema, way: Way, shape: ir.Shape, above: tuple[str, ...]
) -> Iterator[Site]:
    for step, target, member in parts(shape):
        found = schema.shapes[target]
        here = (*way, step)
        yield Site(here, found, member)
        if target not in above:
            yield from _below(schema, here, found, (*above, target))


def parts(shape: ir.Shape) -> Iterator[tuple[str, str, ir.Member | None]]:
    """What a shape is made of: step, shape and, in structures and unions, member."""
    match shape:
        case ir.Structure(members=members) | ir.Union(members=members):
            for member in members:
                yield member.name, member.target, member
        case ir.List(member=target):
            yield ITEMS, target, None
        case ir.Map(key=key, value=value):
            yield KEYS, key, None
            yield VALUES, value, None
        case _:
            return


def constraints(schema: ir.Schema, root: str) -> Iterator[Constraint]:
    """Everything that a spec demands of a response, place by place."""
    for site in sites(schema, root):
        if site.member is not None and site.member.required:
            yield Constraint(site, "required", "required", "it is there")
        elif site.member is not None and site.member.claimed:
            demand = "it is there"
            yield Constraint(site, "required", "required", demand, "warning")
        if isinstance(site.shape, ir.Timestamp):
            yield from _of_moment(site, ir.encodings(schema))
        else:
            yield from _of_shape(site)


def _of_moment(site: Site, encodings: frozenset[str]) -> Iterator[Constraint]:
    """What a timestamp has to be; as a number, it has bounds."""
    yield Constraint(site, "timestamp", "timestamp", "a moment in time")
    if "epoch-seconds" in encodings:
        for keyword, demand in (
            ("minimum", "no earlier than the year 1"),
            ("maximum", "no later than the year 9999"),
        ):
            yield Constraint(site, keyword, "timestamp", demand)


_TYPES = {
    ir.String: "a string",
    ir.Enum: "a string",
    ir.Integer: "an integer",
    ir.Float: "a number",
    ir.Boolean: "true or false",
    ir.Blob: "base64 text",
    ir.List: "a list",
    ir.Map: "an object",
    ir.Structure: "an object",
    ir.Union: "an object",
}


def _of_shape(site: Site) -> Iterator[Constraint]:
    shape = site.shape
    if isinstance(shape, ir.Document | ir.Timestamp):
        return
    never = "the keys of a JSON object are texts" if site.way[-1:] == (KEYS,) else None
    demand = _TYPES[type(shape)]
    yield Constraint(site, "type", "type", demand, unbreakable=never)
    match shape:
        case ir.String(length=length, pattern=pattern):
            yield from _bounds(site, length, "Length", "length", "code points")
            if pattern is not None:
                yield Constraint(
                    site,
                    "pattern",
                    "pattern",
                    f"text that matches {pattern.source}",
                    severity=_weight(shape, "pattern"),
                    unbreakable=_idle(pattern),
                )
        case ir.Enum(values=values, open=opened):
            rule = "unknown-value" if opened else "enum"
            count = f"one of {len(values)} values"
            weight = "warning" if opened else "error"
            yield Constraint(site, "enum", rule, count, severity=weight)
            if any(value.retired for value in values):
                word = "retired-value"
                yield Constraint(site, word, word, "no retired value", "warning")
        case ir.Integer(range=limits) | ir.Float(range=limits):
            yield from _bounds(site, limits, "imum", "range", "in value")
        case ir.Blob(length=length):
            yield from _bounds(site, length, "Length", "length", "bytes")
        case ir.List(length=length, unique_items=unique):
            yield from _bounds(site, length, "Items", "length", "items")
            if unique:
                weight = _weight(shape, "uniqueItems")
                words = ("uniqueItems", "unique-items", "no item twice")
                yield Constraint(site, *words, severity=weight)
        case ir.Map(length=length):
            yield from _bounds(site, length, "Properties", "length", "entries")
        case ir.Union():
            yield Constraint(site, "union", "union", "exactly one member")
            yield _closed(site)
        case ir.Structure():
            yield _closed(site)
            yield from _of_structure(site, shape)
        case ir.Boolean():
            return
        case _:
            assert_never(shape)


def _idle(pattern: Pattern) -> str | None:
    """Why no text breaks a pattern, if that is so."""
    test = quick(pattern.regex)
    everything = test.exact and not (test.method or test.one_line or test.at_least)
    return "every text matches it" if everything else None


def _of_structure(site: Site, shape: ir.Structure) -> Iterator[Constraint]:
    for rule in shape.rules:
        weight = "error" if rule.severity == "error" else "note"
        demand = f"not so: {rule.message}"
        yield Constraint(site, rule.id, rule.id, demand, weight, part=rule)
    for note in shape.notes:
        yield Constraint(
            site,
            note.id,
            note.id,
            note.doc,
            unbreakable="it is documentation: no response can show it",
            documentation=True,
        )


def _closed(site: Site) -> Constraint:
    word = "unknown-member"
    return Constraint(site, word, word, "no member that is not known", "warning")


def _bounds(
    site: Site, limits: ir.Bounds, noun: str, rule: str, unit: str
) -> Iterator[Constraint]:
    if limits.min is not None:
        keyword = f"min{noun}"
        never = None
        if rule == "length" and limits.min == 0:
            never = f"there are never fewer than 0 {unit}"
        weight = _weight(site.shape, keyword)
        demand = f"at least {limits.min!r} {unit}"
        yield Constraint(site, keyword, rule, demand, weight, never)
    if limits.max is not None:
        keyword = f"max{noun}"
        weight = _weight(site.shape, keyword)
        demand = f"at most {limits.max!r} {unit}"
        yield Constraint(site, keyword, rule, demand, weight)


def _weight(shape: ir.Shape, keyword: str) -> str:
    """How much it weighs to break a keyword: little where the spec relaxes it."""
    match shape:
        case (
            ir.String(relaxed=relaxed)
            | ir.Blob(relaxed=relaxed)
            | ir.Integer(relaxed=relaxed)
            | ir.Float(relaxed=relaxed)
            | ir.List(relaxed=relaxed)
            | ir.Map(relaxed=relaxed)
        ):
            words = {relaxation.keyword for relaxation in relaxed}
            return "warning" if keyword in words else "error"
        case _:
            return "error"
