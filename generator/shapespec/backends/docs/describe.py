"""What a value may be, in a reader's words: types, constraints, values of enums."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple, assert_never

from shapespec.backends import wording
from shapespec.backends.docs import markdown as md, view
from shapespec.backends.docs.links import Links
from shapespec.contract import schema as ir
from shapespec.contract.constraints import by_rule, of

FEW = 12
"""As many values of an enum are shown wherever the enum is used."""

_DEEPEST = 8
"""As many lists and maps within each other are spelt out."""


class Part(NamedTuple):
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
    """Describes the shapes of one schema, with links to the pages of others."""

    def __init__(self, schema: ir.Schema, links: Links) -> None:
        """Describe `schema`, whose pages `links` knows."""
        self.schema = schema
        self.links = links
        self._types: dict[str, str] = {}

    def type(self, target: str) -> str:
        """A type, lists and maps spelt out: "list of map of string to integer"."""
        if target not in self._types:
            self._types[target] = self._spelt(target, (), set())
        return self._types[target]

    def _spelt(self, target: str, within: tuple[str, ...], again: set[str]) -> str:
        """A type within others; a list or a map has a name where it meets itself."""
        shape = self.schema.shapes[target]
        if not isinstance(shape, ir.List | ir.Map):
            return self._simple(shape)
        if target in within or len(within) == _DEEPEST:
            again.add(target)
            return md.code(target)
        within = (*within, target)
        if isinstance(shape, ir.List):
            spelt = f"list of {self._spelt(shape.member, within, again)}"
        else:
            keys = self._spelt(shape.key, within, again)
            spelt = f"map of {keys} to {self._spelt(shape.value, within, again)}"
        return f"{md.code(target)} ({spelt})" if target in again else spelt

    def _simple(self, shape: ir.Shape) -> str:
        match shape:
            case ir.Structure() | ir.Union() | ir.Enum():
                return self.links.to_shape(shape.id)
            case ir.Integer(bits=bits):
                return "long" if bits > 32 else "integer"
            case ir.Float(bits=bits):
                return "double" if bits > 32 else "float"
            case ir.Blob():
                return "blob (base64 text)"
            case ir.Document():
                return "document (any JSON value)"
            case _:
                return type(shape).__name__.lower()

    def member(self, member: ir.Member, *, choice: bool) -> Iterator[view.Fact]:
        """What is to be known about a member; `choice`: it may be required or not."""
        shape = self.schema.shapes[member.target]
        spelt = self.type(member.target)
        own_page = isinstance(shape, ir.Structure | ir.Union | ir.Enum)
        if shape.doc and member.doc not in (None, shape.doc) and not own_page:
            spelt = f"{spelt}. {md.inline(shape.doc)}"
        yield from deprecated(member.deprecated or shape.deprecated)
        yield view.Fact(label="Type", text=spelt)
        if choice:
            yield view.Fact(label="Required", text=is_required(member))
        yield from _demands(shape)
        unit = member.unit or _unit(shape)
        if unit is not None:
            yield view.Fact(label="Unit", text=md.inline(unit))
        yield from self._parts(shape)
        if isinstance(shape, ir.Enum):
            yield self._values(shape)
        for default in member.default or ():
            yield view.Fact(label="Default", text=_value(shape, default))
        given = member.examples or (() if own_page else shape.examples)
        yield from examples(shape, given)
        for text in _relaxed(shape, self.links):
            yield view.Fact(label="Relaxed", text=text)
        claims = wording.claims(shape)
        if claims:
            yield view.Fact(label="Claimed", text=_claimed(claims))
        yield from sensitive(member, shape)

    def _values(self, shape: ir.Enum) -> view.Fact:
        """The values themselves where they are few, else where they are listed."""
        label, grows = "Valid values", "the set may grow" if shape.open else "no others"
        if len(shape.values) <= FEW and any(one.doc for one in shape.values):
            values = tuple(
                ": ".join(filter(None, (enum_value(one), md.inline(one.doc or ""))))
                for one in shape.values
            )
            return view.Fact(label=label, text=grows, items=values)
        return view.Fact(label=label, text=f"{self._alternatives(shape)}; {grows}")

    def _alternatives(self, shape: ir.Enum) -> str:
        if len(shape.values) <= FEW:
            return md.words(map(enum_value, shape.values), "or")
        return f"{len(shape.values)}, listed under {self.links.to_shape(shape.id)}"

    def _parts(self, shape: ir.Shape) -> Iterator[view.Fact]:
        """What items, keys and values must be, from the outside in."""
        seen = {shape.id}
        pending = deque(self._inside(shape, ()))
        while pending:
            part = pending.popleft()
            text = self._part(part)
            if text:
                label = " of ".join(reversed(part.place)).capitalize()
                yield view.Fact(label=label, text=text)
            if part.shape.id not in seen and len(part.place) < _DEEPEST:
                seen.add(part.shape.id)
                pending += self._inside(part.shape, part.place)

    def _inside(self, shape: ir.Shape, place: tuple[str, ...]) -> Iterator[Part]:
        shapes = self.schema.shapes
        if isinstance(shape, ir.List):
            yield Part((*place, "items"), shapes[shape.member], shape.sparse)
        elif isinstance(shape, ir.Map):
            yield Part((*place, "keys"), shapes[shape.key], may_be_null=False)
            yield Part((*place, "values"), shapes[shape.value], shape.sparse)

    def _part(self, part: Part) -> str:
        shape = part.shape
        said = [f"deprecated {one.text}" for one in deprecated(shape.deprecated)]
        said += _phrases(shape)
        if isinstance(shape, ir.Enum):
            grows = "; the set may grow" if shape.open else ""
            said.append(f"one of {self._alternatives(shape)}{grows}")
        if part.may_be_null:
            said.append("may be null")
        said += [f"relaxed {text}" for text in _relaxed(shape, self.links)]
        claims = wording.claims(shape)
        if claims:
            said.append(f"claimed {_claimed(claims)}")
        if shape.sensitive:
            said.append("sensitive")
        sentences = [", ".join(said)]
        if not isinstance(shape, ir.Structure | ir.Union | ir.Enum):
            sentences.append(md.inline(shape.doc or ""))
            shown = [_value(shape, one) for one in shape.examples]
            sentences.append(f"For example {md.words(shown, 'or')}" if shown else "")
        return ". ".join(one.removesuffix(".") for one in sentences if one)


def is_required(member: ir.Member) -> str:
    """Whether responses have a member, in a few words."""
    if member.claimed:
        return "documented, not confirmed"
    return "yes" if member.required else "no"


def enum_value(value: ir.EnumValue) -> str:
    """A value of an enum, marked if it is retired."""
    return md.code(md.name(value.value)) + (" (retired)" if value.retired else "")


def deprecated(found: ir.Deprecated | None) -> Iterator[view.Fact]:
    """Since when something is deprecated, and what to use instead."""
    if found is not None:
        since = f"since {md.inline(found.since)}" if found.since else ""
        use = f"use {md.inline(found.use)} instead" if found.use else ""
        text = "; ".join(filter(None, (since, use))) or "yes"
        yield view.Fact(label="Deprecated", text=text)


def sensitive(*shapes: ir.Shape | ir.Member) -> Iterator[view.Fact]:
    """That a value is sensitive, if its shape or its member is."""
    if any(shape.sensitive for shape in shapes):
        yield view.Fact(label="Sensitive", text="messages never show the value")


def examples(shape: ir.Shape, values: Sequence[ir.Json]) -> Iterator[view.Fact]:
    """Values that are right, if any are given."""
    if values:
        label = "Example" if len(values) == 1 else "Examples"
        shown = ", ".join(_value(shape, one) for one in values)
        yield view.Fact(label=label, text=shown)


def _value(shape: ir.Shape, value: ir.Json) -> str:
    """A value as JSON; a text alone where nothing but text can be meant."""
    if isinstance(value, str) and not isinstance(shape, ir.Document):
        return md.code(md.value(value))
    return md.code(json.dumps(value, ensure_ascii=False))


def _unit(shape: ir.Shape) -> str | None:
    return shape.unit if isinstance(shape, ir.Integer | ir.Float) else None


def _demands(shape: ir.Shape) -> Iterator[view.Fact]:
    """The constraints of a shape, each by itself."""
    for rule, found in by_rule(of(shape)).items():
        match rule:
            case "length" | "range":
                said = wording.bounds_of(shape)
                if said is not None:
                    yield view.Fact(label=rule.capitalize(), text=said)
            case "pattern":
                for one in found:
                    text = _pattern(one.limit.source)
                    yield view.Fact(label="Pattern", text=text)
            case "multiple-of":
                for one in found:
                    yield view.Fact(label="Multiple", text=one.demand())
            case "unique-items":
                yield view.Fact(label="Unique", text="no item occurs twice")
            case _:
                assert_never(rule)


def _phrases(shape: ir.Shape) -> Iterator[str]:
    """The constraints of a shape, within a sentence."""
    for fact in _demands(shape):
        yield f"matching {fact.text}" if fact.label == "Pattern" else fact.text
    unit = _unit(shape)
    if unit is not None:
        yield f"in {md.inline(unit)}"


def _pattern(source: str) -> str:
    return md.code(source) if source else "only empty text"


def _relaxed(shape: ir.Shape, links: Links) -> Iterator[str]:
    """The keywords that decisions relax, and which decision does."""
    relaxed: tuple[ir.Relaxation, ...] = getattr(shape, "relaxed", ())
    for one in relaxed:
        if one.decision is not None:
            keyword, decision = md.code(one.keyword), links.to_decision(one.decision)
            yield (
                f"{keyword}: a violation is a warning, for the reason in decision"
                f" {decision}"
            )


def _claimed(keywords: Sequence[str]) -> str:
    listed = md.words(map(md.code, keywords), "and")
    return f"{listed}: documented, not confirmed by responses; a violation is a warning"
