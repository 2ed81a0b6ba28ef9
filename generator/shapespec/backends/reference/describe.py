"""What a value may be, in a reader's words: types, constraints, values of enums."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple, assert_never

from shapespec.backends import wording
from shapespec.backends.reference import quantity, rich, view
from shapespec.backends.reference.rich import Rich, Target
from shapespec.contract import schema as ir
from shapespec.contract.constraints import by_rule, of
from shapespec.ground.values import Json

FEW = 12
"""As many values of an enum are shown wherever the enum is used."""

_DEEPEST = 8
"""As many lists and maps within each other are spelt out."""


class Inner(NamedTuple):
    """What a list or a map is made of.

    Attributes:
        place: The way there: ("items", "values") are the values of the items.
        shape: The shape of each.
        may_be_null: Whether there can be null in its place.
    """

    place: tuple[str, ...]
    shape: ir.Shape
    may_be_null: bool


class Describer:
    """Describes the shapes of one schema."""

    def __init__(self, schema: ir.Schema) -> None:
        """Describe `schema`."""
        self.schema = schema
        self._types: dict[str, Rich] = {}

    def type(self, target: str) -> Rich:
        """A type, lists and maps spelt out: "list of map of string to integer"."""
        if target not in self._types:
            self._types[target] = self._spelt(target, (), set())
        return self._types[target]

    def _spelt(self, target: str, within: tuple[str, ...], again: set[str]) -> Rich:
        """A type within others; a list or a map has a name where it meets itself."""
        shape = self.schema.shapes[target]
        inside = ir.List | ir.Tuple | ir.Map | ir.OneOf
        if ir.has_page(shape) or not isinstance(shape, inside):
            return self._simple(shape)
        if target in within or len(within) == _DEEPEST:
            again.add(target)
            return rich.code(target)
        within = (*within, target)
        if isinstance(shape, ir.OneOf):
            parts = [self._spelt(one.target, within, again) for one in shape.options]
            spelt = rich.words(parts, "or")
            spelt = rich.line("(", spelt, ")") if len(within) > 1 else spelt
        elif isinstance(shape, ir.Tuple):
            parts = [self._spelt(one, within, again) for one in shape.prefix]
            if shape.rest is not None:
                rest = self._spelt(shape.rest, within, again)
                parts.append(rich.line("any number of ", rest))
            spelt = rich.line("list of (", rich.join(", ", parts), ")")
        elif isinstance(shape, ir.List):
            spelt = rich.line("list of ", self._spelt(shape.member, within, again))
        else:
            keys = self._spelt(shape.key, within, again)
            values = self._spelt(shape.value, within, again)
            spelt = rich.line("map of ", keys, " to ", values)
        if target in again:
            return rich.line(rich.code(target), " (", spelt, ")")
        return spelt

    def _simple(self, shape: ir.Shape) -> Rich:
        match shape:
            case ir.Structure() | ir.Union() | ir.Enum() | ir.OneOf():
                return to_shape(shape.id)
            case ir.Integer(bits=bits):
                return ("long" if bits > 32 else "integer",)
            case ir.Float(bits=bits):
                return ("double" if bits > 32 else "float",)
            case ir.Blob():
                return ("blob (base64 text)",)
            case ir.Document():
                return ("document (any JSON value)",)
            case _:
                return (type(shape).__name__.lower(),)

    def kind(self, target: str) -> str:
        """A type in one or two words, for those who glance."""
        match self.schema.shapes[target]:
            case ir.Integer(bits=bits):
                return "long" if bits > 32 else "integer"
            case ir.Float(bits=bits):
                return "double" if bits > 32 else "float"
            case ir.OneOf():
                return "one of several"
            case shape:
                return type(shape).__name__.lower()

    def meaning(self, member: ir.Member) -> Rich:
        """What the type of a member means, where its own doc does not say it."""
        shape = self.schema.shapes[member.target]
        own_page = ir.has_page(shape)
        if shape.doc and member.doc not in (None, shape.doc) and not own_page:
            return rich.inline(shape.doc)
        return ()

    def demands(
        self, member: ir.Member, shown: ir.Enum | None = None
    ) -> Iterator[view.Fact]:
        """What a value of a member must be, beside its type.

        Args:
            member: The member.
            shown: The enum whose values are shown beside this, and so not here.
        """
        shape = self.schema.shapes[member.target]
        unit = member.unit or wording.unit(shape)
        yield from _demands(shape, unit)
        if unit is not None:
            yield view.Fact(label="Unit", text=rich.inline(quantity.in_full(unit)))
        if member.null != "absent" and not isinstance(shape, ir.Document):
            null = "a valid value" if member.nullable else "not valid"
            yield view.Fact(label="Null", text=(null,))
        yield from self._parts(shape, shown)
        for default in member.default or ():
            yield view.Fact(label="Default", text=_default(shape, default, unit))
        yield from _weight(shape)

    def demands_of(self, shape: ir.Shape) -> Iterator[view.Fact]:
        """What a response must be that is a list, a map or a single value."""
        unit = wording.unit(shape)
        yield from _demands(shape, unit)
        if unit is not None:
            yield view.Fact(label="Unit", text=rich.inline(quantity.in_full(unit)))
        yield from self._parts(shape, None)
        yield from _weight(shape)

    def values(self, shape: ir.Enum) -> tuple[view.Value, ...]:
        """The values of an enum."""
        return tuple(
            view.Value(
                value=rich.name(one.value),
                target=Target("value", shape.id, one.value),
                doc=rich.inline(one.doc or ""),
                under=()
                if one.under is None or shape.grouped_by is None
                else (
                    rich.Link(
                        rich.code(rich.name(one.under)),
                        Target("value", shape.grouped_by, one.under),
                    ),
                ),
                retired=one.retired,
            )
            for one in shape.values
        )

    def options(self, shape: ir.OneOf) -> Iterator[Rich]:
        """The options of a choice, and what tells each of them."""
        for one in shape.options:
            told: Rich = ()
            if shape.discriminator is not None and one.tags:
                tags = rich.words(map(rich.code, one.tags), "or")
                told = rich.line(": ", rich.code(shape.discriminator), " is ", tags)
                if one.untagged:
                    told = rich.line(told, ", or is not there")
            elif shape.discriminator is not None and one.untagged:
                tag = rich.code(shape.discriminator)
                told = rich.line(": ", tag, " is not there")
            elif one.needs:
                told = rich.line(": it has ", rich.words(map(rich.code, one.needs)))
            yield rich.line(self.type(one.target), told)

    def _alternatives(self, shape: ir.Enum) -> Rich:
        if len(shape.values) <= FEW:
            return rich.words(map(enum_value, shape.values), "or")
        return rich.line(f"{len(shape.values)}, listed under ", to_shape(shape.id))

    def _parts(self, shape: ir.Shape, shown: ir.Enum | None) -> Iterator[view.Fact]:
        """What items, keys and values must be, from the outside in."""
        seen = {shape.id}
        pending = deque(self._inside(shape, ()))
        while pending:
            part = pending.popleft()
            text = self._part(part, shown)
            if text:
                label = " of ".join(reversed(part.place)).capitalize()
                yield view.Fact(label=label, text=text)
            if part.shape.id not in seen and len(part.place) < _DEEPEST:
                seen.add(part.shape.id)
                pending += self._inside(part.shape, part.place)

    def _inside(self, shape: ir.Shape, place: tuple[str, ...]) -> Iterator[Inner]:
        shapes = self.schema.shapes
        if isinstance(shape, ir.List):
            yield Inner((*place, "items"), shapes[shape.member], shape.sparse)
        elif isinstance(shape, ir.Map):
            yield Inner((*place, "keys"), shapes[shape.key], may_be_null=False)
            yield Inner((*place, "values"), shapes[shape.value], shape.sparse)
        elif isinstance(shape, ir.Tuple):
            for number, target in enumerate(shape.prefix, 1):
                yield Inner((*place, f"item {number}"), shapes[target], shape.sparse)
            if shape.rest is not None:
                yield Inner((*place, "items"), shapes[shape.rest], shape.sparse)
        elif isinstance(shape, ir.OneOf) and not shape.named:
            for one in shape.options:
                kind = self.kind(one.target)
                inner = shapes[one.target]
                if not ir.has_page(inner):
                    yield Inner((*place, kind), inner, may_be_null=False)

    def _part(self, part: Inner, shown: ir.Enum | None) -> Rich:
        shape = part.shape
        said: list[Rich] = []
        if shape.deprecated is not None:
            more = deprecated(shape.deprecated)
            said.append(
                ("deprecated",) if more == _ALONE else rich.line("deprecated ", more)
            )
        said += _phrases(shape)
        if isinstance(shape, ir.Enum) and shape is not shown:
            grows = "; the set may grow" if shape.open else ""
            said.append(rich.line("one of ", self._alternatives(shape), grows))
        if part.may_be_null:
            said.append(("may be null",))
        said += [rich.line("relaxed ", text) for text in _relaxed(shape)]
        claims = wording.claims(shape)
        if claims:
            said.append(rich.line("claimed ", _claimed(claims)))
        if shape.sensitive:
            said.append(("sensitive",))
        sentences = [rich.join(", ", said)]
        if not ir.has_page(shape):
            sentences.append(rich.inline(shape.doc or ""))
            if shape.examples:
                given = [value(shape, one) for one in shape.examples]
                sentences.append(rich.line("For example ", rich.words(given, "or")))
        return rich.join(". ", map(_without_stop, sentences))


def _without_stop(text: Rich) -> Rich:
    """A sentence without its full stop."""
    if text and isinstance(text[-1], str):
        return rich.line(*text[:-1], text[-1].removesuffix("."))
    return text


def to_shape(shape: str) -> Rich:
    """A link to a shape that has a name."""
    return rich.link(shape, Target("shape", shape))


def to_member(shape: str, name: str) -> Rich:
    """A link to a member."""
    return rich.link(rich.name(name), Target("member", shape, name))


def to_decision(name: str) -> Rich:
    """A link to a decision."""
    return rich.link(name, Target("decision", name))


def to_source(name: str) -> Rich:
    """A link to a source."""
    return (rich.Link(rich.code(name), Target("source", name)),)


def enum_value(one: ir.EnumValue) -> Rich:
    """A value of an enum, marked if it is retired."""
    retired = " (retired)" if one.retired else ""
    return rich.line(rich.code(rich.name(one.value)), retired)


def grows(shape: ir.Enum | ir.OneOf) -> str:
    """Whether the values of an enum, or the tags of a choice, may grow."""
    if isinstance(shape, ir.OneOf):
        if shape.discriminator is None:
            return ""
        return (
            "The set may grow: an unknown tag is a warning, not an error."
            if shape.open
            else "The set is closed: an unknown tag is an error."
        )
    return (
        "The set may grow: an unknown value is a warning, not an error."
        if shape.open
        else "The set is closed: an unknown value is an error."
    )


def deprecated(found: ir.Deprecated | None) -> Rich:
    """Since when something is deprecated, and what to use instead; else nothing."""
    if found is None:
        return ()
    since = rich.line("since ", rich.inline(found.since)) if found.since else ()
    use = rich.line("use ", rich.inline(found.use), " instead") if found.use else ()
    return rich.join("; ", (since, use)) or _ALONE


_ALONE: Rich = ("yes",)
"""What is said of what is deprecated where nothing more is known."""


def examples(shape: ir.Shape, values: Sequence[Json]) -> tuple[Rich, ...]:
    """Values that are right."""
    return tuple(value(shape, one) for one in values)


def value(shape: ir.Shape, given: Json) -> Rich:
    """A value as JSON; a text alone where nothing but text can be meant."""
    if isinstance(given, str) and not isinstance(shape, ir.Document):
        return rich.code(rich.value(given))
    return rich.code(json.dumps(given, ensure_ascii=False))


def _default(shape: ir.Shape, given: Json, unit: str | None) -> Rich:
    shown = value(shape, given)
    if isinstance(given, int | float) and not isinstance(given, bool):
        word = quantity.humane(given, unit)
        return rich.line(shown, f" ({word})" if word else "")
    return shown


def _demands(shape: ir.Shape, unit: str | None = None) -> Iterator[view.Fact]:
    """The constraints of a shape, each by itself."""
    for rule, found in by_rule(of(shape)).items():
        match rule:
            case "length" | "range":
                said = wording.bounds_of(shape)
                if said is not None:
                    word = quantity.of(shape, unit)
                    text = rich.line(said, f" ({word})" if word else "")
                    yield view.Fact(label=rule.capitalize(), text=text)
            case "enum":
                for one in found:
                    label = "Constant" if one.keyword == "const" else "Valid values"
                    values = [value(shape, each) for each in one.limit]
                    yield view.Fact(label=label, text=rich.words(values, "or"))
            case "pattern":
                for one in found:
                    yield view.Fact(label="Pattern", text=_pattern(one.limit.source))
            case "format":
                pass  # see below
            case "multiple-of":
                for one in found:
                    yield view.Fact(label="Multiple", text=(one.demand(),))
            case "unique-items":
                yield view.Fact(label="Unique", text=("no item occurs twice",))
            case _:
                assert_never(rule)
    if isinstance(shape, ir.String) and shape.format is not None:
        found_format = shape.format
        weight = "" if shape.asserted else "; not checked"
        said = f"{found_format.words} ({found_format.stated_by}){weight}"
        yield view.Fact(label="Format", text=(said,))


def _weight(shape: ir.Shape) -> Iterator[view.Fact]:
    """Which constraints are warnings, and why."""
    for text in _relaxed(shape):
        yield view.Fact(label="Relaxed", text=text)
    claims = wording.claims(shape)
    if claims:
        yield view.Fact(label="Claimed", text=_claimed(claims))


_BEFORE = {"Pattern": "matching ", "Constant": "always ", "Valid values": "one of "}
"""What is before some facts within a sentence."""


def _phrases(shape: ir.Shape) -> Iterator[Rich]:
    """The constraints of a shape, within a sentence."""
    unit = wording.unit(shape)
    for fact in _demands(shape, unit):
        yield rich.line(_BEFORE.get(fact.label, ""), fact.text)
    if unit is not None:
        yield rich.line("in ", rich.inline(quantity.in_full(unit)))


def _pattern(source: str) -> Rich:
    return rich.code(source) if source else ("only empty text",)


def _relaxed(shape: ir.Shape) -> Iterator[Rich]:
    """The keywords that decisions relax, and which decision does."""
    relaxed: tuple[ir.Relaxation, ...] = getattr(shape, "relaxed", ())
    for one in relaxed:
        if one.decision is not None:
            yield rich.line(
                rich.code(one.keyword),
                ": a violation is a warning, for the reason in decision ",
                to_decision(one.decision),
            )


def _claimed(keywords: Sequence[str]) -> Rich:
    said = ": documented, not confirmed by responses; a violation is a warning"
    return rich.line(rich.words(map(rich.code, keywords)), said)
