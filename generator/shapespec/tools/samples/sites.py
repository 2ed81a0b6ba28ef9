"""Where constraints stand: every place of a contract, and what it demands.

Paths are those of evidence: `InputDataConfig[].ChannelName`, `Environment{}`,
`Environment{key}`. A place within a shape that contains itself is listed once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from shapespec.contract import constraints as demands, schema as ir
from shapespec.contract.choices import families
from shapespec.contract.places import Place, walk
from shapespec.patterns import Pattern
from shapespec.patterns.quick import quick
from shapespec.records import dataclass
from shapespec.runtime import _words as words


@dataclass(frozen=True, slots=True)
class PlacedConstraint:
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

    site: Place
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
        known = demands.KEYWORDS.get(self.keyword)
        return self.part is None and known is not None and known.side is not None


def constraints(schema: ir.Schema, root: str) -> Iterator[PlacedConstraint]:
    """Everything that a spec demands of a response, place by place."""
    for site in walk(schema, root):
        choice = _tag_of(site)
        if choice is not None:
            yield from _of_tag(site, choice)
            continue
        never = _tells(site)
        if site.member is not None and site.member.required:
            yield PlacedConstraint(
                site, "required", "required", "it is there", unbreakable=never
            )
        elif site.member is not None and site.member.claimed:
            demand = "it is there"
            yield PlacedConstraint(site, "required", "required", demand, "warning")
        if site.member is not None and site.member.null == "invalid":
            rule = _of_null(site.shape)
            yield PlacedConstraint(
                site, "nullable", rule, "not null", unbreakable=never
            )
        if isinstance(site.shape, ir.Timestamp):
            yield from _of_moment(site, ir.encodings(schema))
        else:
            yield from _of_shape(schema, site)


def _of_null(shape: ir.Shape) -> str:
    """The rule of the finding about null where it is not right."""
    match shape:
        case ir.Timestamp():
            return "timestamp"
        case ir.Document() if shape.listed:
            return "enum"
        case _:
            return "type"


def _of_moment(site: Place, encodings: frozenset[str]) -> Iterator[PlacedConstraint]:
    """What a timestamp has to be; as a number, it has bounds."""
    yield PlacedConstraint(site, "timestamp", "timestamp", "a timestamp")
    if "epoch-seconds" in encodings:
        for keyword, demand in (
            ("minimum", "no earlier than the year 1"),
            ("maximum", "no later than the year 9999"),
        ):
            yield PlacedConstraint(site, keyword, "timestamp", demand)


_TYPES = {
    ir.String: "a string",
    ir.Enum: "a string",
    ir.Integer: "an integer",
    ir.Float: "a number",
    ir.Boolean: "true or false",
    ir.Blob: "base64 text",
    ir.List: "a list",
    ir.Tuple: "a list",
    ir.Map: "an object",
    ir.Structure: "an object",
    ir.Union: "an object",
}


def _type(schema: ir.Schema, shape: ir.Shape) -> str:
    """The types that a value may have, in words."""
    if not isinstance(shape, ir.OneOf):
        return _TYPES[type(shape)]
    return words.types(families(schema, shape.id))


def _tag_of(site: Place) -> ir.OneOf | None:
    """The choice that a member tells the options of, if it does."""
    option = site.around
    choice = None if option is None or option.around is None else option.around.shape
    if not isinstance(choice, ir.OneOf) or site.member is None:
        return None
    return choice if choice.discriminator == site.member.name else None


def _tells(site: Place) -> str | None:
    """Why a member cannot be left out, if it alone tells the option that it is in."""
    option = site.around
    choice = None if option is None or option.around is None else option.around.shape
    if option is None or not isinstance(choice, ir.OneOf) or site.member is None:
        return None
    alone = (option.shape.id, (site.member.name,))
    if alone not in [(one.target, one.needs) for one in choice.options]:
        return None
    return "without it, an object is of another option, or of none"


def _of_tag(site: Place, choice: ir.OneOf) -> Iterator[PlacedConstraint]:
    """What a tag has to be."""
    if not any(one.untagged for one in choice.options):
        yield PlacedConstraint(site, "required", "required", "it is there")
    yield PlacedConstraint(site, "type", "type", "a string")
    count = sum(len(one.tags) for one in choice.options)
    rule, weight = ("unknown-value", "warning") if choice.open else ("enum", "error")
    yield PlacedConstraint(site, "tag", rule, f"one of {count} tags", weight)


def _of_shape(schema: ir.Schema, site: Place) -> Iterator[PlacedConstraint]:
    shape = site.shape
    if isinstance(shape, ir.Document):
        yield from _stated(site)
    if isinstance(shape, ir.Document | ir.Timestamp):
        return
    never = "the keys of a JSON object are strings" if site.is_key else None
    if site.around is not None and isinstance(site.around.shape, ir.OneOf):
        never = "a value of another type is of another option, or of none"
    demand = _type(schema, shape)
    yield PlacedConstraint(site, "type", "type", demand, unbreakable=never)
    match shape:
        case ir.Enum(values=values, open=opened):
            rule = "unknown-value" if opened else "enum"
            count = f"one of {len(values)} values"
            weight = "warning" if opened else "error"
            yield PlacedConstraint(site, "enum", rule, count, severity=weight)
            if any(value.retired for value in values):
                word = "retired-value"
                yield PlacedConstraint(site, word, word, "no retired value", "warning")
        case ir.OneOf(options=options):
            if any(one.needs for one in options):
                demand = "the required members of just one option"
                yield PlacedConstraint(site, "one_of", "union", demand)
        case ir.Union():
            yield PlacedConstraint(site, "union", "union", "exactly one member")
            yield _closed(site)
        case ir.Structure():
            yield _closed(site)
            yield from _of_structure(site, shape)
        case _:
            yield from _stated(site)


_UNITS = {
    ir.String: "code points",
    ir.Blob: "bytes",
    ir.List: "items",
    ir.Tuple: "items",
}


def _stated(site: Place) -> Iterator[PlacedConstraint]:
    """What the keywords of a shape demand."""
    unit = _UNITS.get(type(site.shape), "in value")
    unit = "entries" if isinstance(site.shape, ir.Map) else unit
    for one in demands.of(site.shape):
        never = _never(site.shape, one, unit)
        demand = one.demand(unit)
        yield PlacedConstraint(site, one.keyword, one.rule, demand, one.severity, never)


def _never(shape: ir.Shape, one: demands.Constraint, unit: str) -> str | None:
    """Why nothing breaks a keyword, if that is so."""
    rule = one.rule
    if rule != "enum" and demands.only(shape):
        return "the values that are right are listed"
    match rule:
        case "length" | "range":
            return f"there are never fewer than 0 {unit}" if one.idle else None
        case "multiple-of":
            every = isinstance(shape, ir.Integer) and one.limit == 1
            return "every whole number is a multiple of 1" if every else None
        case "enum":
            both = isinstance(shape, ir.Boolean) and len(one.limit) > 1
            return "there is no other value" if both else None
        case "pattern":
            return "every text matches it" if _matches_all(one.limit) else None
        case "unique-items" | "format":
            return None
        case _:
            assert_never(rule)


def _matches_all(pattern: Pattern) -> bool:
    test = quick(pattern)
    return test.exact and not (test.method or test.one_line or test.at_least)


def _of_structure(site: Place, shape: ir.Structure) -> Iterator[PlacedConstraint]:
    for rule in shape.rules:
        weight = "error" if rule.severity == "error" else "note"
        demand = f"not so: {rule.message}"
        yield PlacedConstraint(site, rule.id, rule.id, demand, weight, part=rule)
    for note in shape.notes:
        yield PlacedConstraint(
            site,
            note.id,
            note.id,
            note.doc,
            unbreakable="it is documentation: no response can show it",
            documentation=True,
        )


def _closed(site: Place) -> PlacedConstraint:
    word = "unknown-member"
    closed = isinstance(site.shape, ir.Structure | ir.Union) and site.shape.closed
    weight = "error" if closed else "warning"
    return PlacedConstraint(site, word, word, "no member that is not known", weight)
