"""Draws values of shapes: from examples where there are any, else from what is right.

Rules are not looked at here; see `settle`. Moments are drawn one after the other, so
that those of one response are in the order of its members.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from random import Random
from typing import Any, NamedTuple, TypeAlias, assert_never

from shapespec.contract import naming, schema as ir
from shapespec.contract.choices import pick
from shapespec.contract.judge import problem
from shapespec.contract.numbers import numbers
from shapespec.contract.places import (
    ITEMS,
    KEYS,
    VALUES,
    OptionStep,
    PrefixStep,
    Way,
    option_step,
)
from shapespec.contract.words import Words
from shapespec.tools.samples.texts import Texts

Need: TypeAlias = "Mapping[str, Need]"
"""What has to be there, step by step, whatever the size."""

NOTHING: Need = {}

_LONGEST_GAP = 900
_USUAL_NUMBERS = 1000
_DEEPEST = 60
_USUAL_TRIES = 4
_WILDNESS = 0.7
_BESIDE = 0.1
_NULLNESS = 0.1
_TRIES = 40


class OwnedMember(NamedTuple):
    """A member, and the id of the structure or union that has it."""

    owner: str
    member: ir.Member


class Amount(StrEnum):
    """How much of what may be absent is there."""

    MINIMAL = "minimal"
    TYPICAL = "typical"
    FULL = "full"


def need(*ways: Way) -> Need:
    """What has to be there for all these ways to lead somewhere."""
    found: dict[str, Any] = {}
    for way in ways:
        here = found
        for step in way:
            here = here.setdefault(step, {})
    return found


class Draw:
    """Draws values.

    Attributes:
        random: Where all choices come from.
        texts: Draws texts.
    """

    def __init__(
        self, schema: ir.Schema, random: Random, size: Amount, *, wild: bool = False
    ) -> None:
        """Draw values of a schema.

        Args:
            schema: The schema whose shapes are drawn.
            random: Where all choices come from; the same one gives the same values.
            size: How much of what may be absent is there.
            wild: Whether all that is right may come, in place of what is usual.
        """
        self.schema = schema
        self.random = random
        self.size = size
        self.wild = wild
        self.texts = Texts(random, wild=wild)
        encodings = ir.encodings(schema)
        self._listed: list[Any] | None = None
        self._encoding = next(one for one in _PREFERRED if one in encodings)
        self._words = Words(schema.samples, random)
        self._now = self._words.start

    # --- moments ------------------------------------------------------------------

    def moment(self, at: datetime | None = None) -> Any:
        """A moment as responses of the contract hold it; later than all before."""
        if at is None:
            gap = self.random.randrange(1000, _LONGEST_GAP * 1000)
            at = self._now = self._now + timedelta(milliseconds=gap)
        match self._encoding:
            case "datetime":
                return at
            case "iso-8601":
                return at.isoformat()
            case "date":
                return at.date().isoformat()
            case "http-date":
                return format_datetime(at.astimezone(UTC), usegmt=True)
            case _:
                return at.timestamp()

    # --- values -------------------------------------------------------------------

    def value(
        self,
        target: str,
        wanted: Need = NOTHING,
        *,
        part: OwnedMember | None = None,
        above: tuple[str, ...] = (),
        fresh: bool = False,
    ) -> Any:
        """A value of a shape.

        Args:
            target: The shape.
            wanted: What has to be there within it.
            part: The member that it is for.
            above: The shapes that it is within.
            fresh: Whether samples and examples will not do.
        """
        shape = self.schema.shapes[target]
        if not (fresh or (self.wild and self.random.random() < _WILDNESS)):
            samples = self._samples(shape, part)
            if samples:
                return self._given(shape, self._one_of(samples), wanted, above)
            examples = () if wanted else self._examples(shape, part)
            if examples:
                return deepcopy(self._one_of(examples))
        within = (*above, target)
        match shape:
            case ir.Scalar(listed=values) if values:
                return deepcopy(self._one_of(values))
            case ir.String():
                return self._string(shape, part)
            case ir.Enum(values=values):
                usual = [one.value for one in values if fresh or not one.retired]
                return self.random.choice(usual or [one.value for one in values])
            case ir.Integer() | ir.Float():
                return self._number(shape)
            case ir.Boolean():
                return self.random.random() < 0.5
            case ir.Timestamp():
                return self.moment()
            case ir.Blob(length=limits):
                size = self._count(limits, within, usual=12)
                return base64.b64encode(self.random.randbytes(size)).decode("ascii")
            case ir.Document():
                return self.random.choice(({"note": "anything"}, ["anything"], 7))
            case ir.List():
                count = self._count(shape.length, within)
                try:
                    return self.items(shape, count, wanted, within)
                except NoSample:
                    if wanted or shape.length.min:
                        raise
                    return []
            case ir.Tuple():
                most = len(shape.prefix) + 2 * (shape.rest is not None)
                count = self._count(shape.length, within, usual=most)
                return self.first_items(shape, count, wanted, within)
            case ir.Map():
                count = self._count(shape.length, within)
                try:
                    return self.entries(shape, count, wanted, within)
                except NoSample:
                    if wanted or shape.length.min:
                        raise
                    return {}
            case ir.Structure():
                return self._structure(shape, wanted, within)
            case ir.Union():
                return self._union(shape, wanted, within)
            case ir.OneOf():
                return self._one(shape, wanted, above)
            case _:
                assert_never(shape)

    def _one_of(self, pool: tuple[Any, ...]) -> Any:
        """One of several values; within a list, it is remembered as used."""
        drawn = self.random.choice(pool)
        if self._listed is not None:
            self._listed.append(drawn)
        return drawn

    def _unused(self, pool: tuple[Any, ...]) -> tuple[Any, ...]:
        """Those of several values that are not yet in the list that is being drawn."""
        if self._listed is None:
            return pool
        return tuple(one for one in pool if one not in self._listed)

    def _samples(self, shape: ir.Shape, part: OwnedMember | None) -> tuple[Any, ...]:
        """What the spec wants to see in a place."""
        given = self.schema.samples.values
        found = given.get(f"{part.owner}.{part.member.name}") if part else None
        found = found or given.get(shape.id)
        if found is None:
            return ()
        values = tuple(one.value for one in found.values)
        return values if len(values) == 1 else self._unused(values)

    def _examples(self, shape: ir.Shape, part: OwnedMember | None) -> tuple[Any, ...]:
        own = () if part is None else part.member.examples
        return self._unused(own or shape.examples)

    def _joined(
        self,
        shape: ir.Shape,
        given: Any,
        part: OwnedMember | None = None,
    ) -> Any:
        """What is given for a structure, with what a sample of it has beside that."""
        if isinstance(shape, ir.Structure) and isinstance(given, dict):
            samples = self._samples(shape, part)
            if samples:
                return {**self._one_of(samples), **given}
        return given

    def _given(
        self, shape: ir.Shape, given: Any, wanted: Need, above: tuple[str, ...]
    ) -> Any:
        """A value of a shape that is made of what a spec gives."""
        within = (*above, shape.id)
        match shape, given:
            case ir.Structure(), dict():
                return self._structure(shape, wanted, within, given)
            case ir.Union(), dict():
                return self._union(shape, wanted, within, given)
            case ir.OneOf(), _:
                option = pick(self.schema, shape, given)
                if option is None:
                    return self._one(shape, wanted, above)
                target = self.schema.shapes[option.target]
                return self._given(target, given, _option_need(wanted), above)
            case ir.List(), list():
                target = self.schema.shapes[shape.member]
                inner = wanted.get(ITEMS, NOTHING)
                found = [
                    self._given(target, self._joined(target, one), inner, within)
                    for one in self._some(given, shape.length, wanted)
                ]
                return found or self.items(shape, 0, wanted, within)
            case ir.Tuple(), list():
                pairs = [(shape.at(index), one) for index, one in enumerate(given)]
                return [
                    one
                    if target is None
                    else self._given(self.schema.shapes[target], one, NOTHING, within)
                    for target, one in pairs
                ]
            case ir.Map(), dict():
                target = self.schema.shapes[shape.value]
                inner = wanted.get(VALUES, NOTHING)
                entries = {
                    str(self._words.fill(key)): self._given(
                        target, self._joined(target, one), inner, within
                    )
                    for key, one in self._some([*given.items()], shape.length, wanted)
                }
                return entries or self.entries(shape, 0, wanted, within)
            case ir.Document(), _:
                return deepcopy(given)
            case _, str():
                filled = self._words.fill(given)
                return self.moment(filled) if isinstance(filled, datetime) else filled
            case _:
                return given

    def _string(self, shape: ir.String, part: OwnedMember | None) -> str:
        if shape.format is not None:
            right = [one for one in shape.format.right if self._allows(shape, one)]
            if right:
                return self.random.choice(right)
            if shape.pattern is None and shape.asserted:
                shape = replace(shape, pattern=shape.format.pattern)
        if not self.wild:
            name = part.member.name if part else shape.id.partition("$")[0]
            words = naming.snake_case(name).replace("_", "-")
            text = f"{words}-{self.random.randint(1, 9999)}"
            if problem(self.schema, shape.id, text) is None:
                return text
        drawn = self.texts.any(shape)
        if drawn is None:
            message = f"no text was found that {shape.id} allows"
            raise NoSample(message)
        return drawn

    def _allows(self, shape: ir.Shape, value: Any) -> bool:
        return problem(self.schema, shape.id, value) is None

    def _number(self, shape: ir.Integer | ir.Float) -> float:
        right = numbers(shape)
        if right.is_empty:
            message = f"{shape.id} allows no number"
            raise NoSample(message)
        if right.step is not None:
            first, last = _between(right.first, right.last)
            return right.at(self.random.randint(int(first), int(last)))
        low, high = _between(right.low, right.high, usual=1)
        drawn = round(self.random.uniform(low, high), 4)
        return min(max(drawn, low), high)

    def _count(self, limits: ir.Bounds, within: tuple[str, ...], usual: int = 3) -> int:
        """A size within bounds."""
        low = int(limits.min or 0)
        high = low if limits.max is None else int(limits.max)
        most = max(low, usual) if limits.max is None else min(max(low, usual), high)
        if self.size is Amount.MINIMAL or len(within) != len({*within}):
            return low
        return self.random.randint(min(max(low, 1), most), most)

    def _some(self, given: list[Any], limits: ir.Bounds, wanted: Need) -> list[Any]:
        """As much of what is given as the size calls for."""
        if self.size is not Amount.MINIMAL:
            return given
        return given[: max(int(limits.min or 0), bool(wanted))]

    # --- what has parts -----------------------------------------------------------

    def items(
        self,
        shape: ir.List,
        count: int,
        wanted: Need = NOTHING,
        above: tuple[str, ...] = (),
    ) -> list[Any]:
        """At least that many items, no two alike as long as that is possible."""
        inner = wanted.get(ITEMS)
        found: list[Any] = []
        outer, self._listed = self._listed, []
        try:
            for _ in range(max(count, inner is not None)):
                one = self._another(shape.member, found, inner or NOTHING, above)
                found.append(one)
        finally:
            self._listed = outer
        return found

    def first_items(
        self,
        shape: ir.Tuple,
        count: int,
        wanted: Need = NOTHING,
        above: tuple[str, ...] = (),
    ) -> list[Any]:
        """At least that many items, and as many as are wanted."""
        steps = {
            one.at: inner
            for one, inner in wanted.items()
            if isinstance(one, PrefixStep)
        }
        rest = wanted.get(ITEMS)
        least = max(steps, default=-1) + 1
        least = len(shape.prefix) + 1 if rest is not None else least
        found: list[Any] = []
        for index in range(max(count, least)):
            target = shape.at(index)
            inner = steps.get(index, NOTHING)
            if index >= len(shape.prefix):
                inner = rest or NOTHING
            if target is None:
                found.append(index)
            elif shape.unique_items:
                found.append(self._another(target, found, inner, above))
            else:
                found.append(self.value(target, inner, above=above))
        return found

    def entries(
        self,
        shape: ir.Map,
        count: int,
        wanted: Need = NOTHING,
        above: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        """At least that many entries."""
        inner = wanted.get(VALUES)
        found: dict[str, Any] = {}
        for _ in range(max(count, inner is not None or KEYS in wanted)):
            key = self._another(shape.key, [*found], NOTHING, above)
            found[key] = self.value(shape.value, inner or NOTHING, above=above)
        return found

    def _another(
        self, target: str, others: list[Any], wanted: Need, above: tuple[str, ...]
    ) -> Any:
        """A value unlike others; a like one where none was found."""
        drawn = self.value(target, wanted, above=above)
        for attempt in range(_TRIES):
            if drawn not in others:
                break
            fresh = attempt >= _USUAL_TRIES
            drawn = self.value(target, wanted, above=above, fresh=fresh)
        return drawn

    def _structure(
        self,
        shape: ir.Structure,
        wanted: Need,
        above: tuple[str, ...],
        given: Mapping[str, Any] = NOTHING,
    ) -> dict[str, Any]:
        members = [
            member
            for member in shape.members
            if member.required
            or member.name in wanted
            or (member.claimed and member.target not in above)
            or self._includes(member, above, given)
        ]
        if not members:
            # Some forms take an empty structure for an absent one, and so do people.
            usual = [one for one in shape.members if given.get(one.name) is not None]
            others = [one for one in shape.members if one.target not in above]
            members = (usual or others)[:1]
        found: dict[str, Any] = {}
        for member in members:
            try:
                found[member.name] = self._part(shape, member, wanted, above, given)
            except NoSample:  # what no value is right for may still be absent
                if member.required and member.nullable:
                    found[member.name] = None
                elif member.required or member.name in wanted:
                    raise
        return found

    def _part(
        self,
        shape: ir.Structure | ir.Union,
        member: ir.Member,
        wanted: Need,
        above: tuple[str, ...],
        given: Mapping[str, Any],
    ) -> Any:
        inner = wanted.get(member.name, NOTHING)
        value = given.get(member.name)
        if self._is_null(member, given) and member.name not in wanted:
            return None
        if value is not None:
            target = self.schema.shapes[member.target]
            value = self._joined(target, value, OwnedMember(shape.id, member))
            return self._given(target, value, inner, above)
        part = OwnedMember(shape.id, member)
        return self.value(member.target, inner, part=part, above=above)

    def _is_null(self, member: ir.Member, given: Mapping[str, Any]) -> bool:
        """Whether a member is null that has to be there and may be null."""
        if not (member.required and member.nullable) or self.size is Amount.FULL:
            return False
        if member.name in given:
            return given[member.name] is None
        return self.random.random() < _NULLNESS

    def _includes(
        self, member: ir.Member, above: tuple[str, ...], given: Mapping[str, Any]
    ) -> bool:
        """Whether a member that may be absent is there."""
        if self.size is Amount.MINIMAL or len(above) > _DEEPEST:
            return False
        if member.name in given:
            return given[member.name] is not None
        if member.target in above:
            return False
        odds = _BESIDE if given else 1 / (1 + len(above))
        return self.size is Amount.FULL or self.random.random() < odds

    def _union(
        self,
        shape: ir.Union,
        wanted: Need,
        above: tuple[str, ...],
        given: Mapping[str, Any] = NOTHING,
    ) -> dict[str, Any]:
        members = [one for one in shape.members if one.name in wanted]
        members = members or [one for one in shape.members if one.name in given]
        others: list[ir.Member] = []
        if not members:
            ends = [one for one in shape.members if one.target not in above]
            others = ends or [*shape.members]
            members = [self.random.choice(others)]
        member = members[0]
        try:
            return {member.name: self._part(shape, member, wanted, above, given)}
        except NoSample:
            for other in others:
                with suppress(NoSample):
                    return {other.name: self._part(shape, other, wanted, above, given)}
            raise

    def _one(self, shape: ir.OneOf, wanted: Need, above: tuple[str, ...]) -> Any:
        """A value of the option that is wanted, or of any."""
        named = [
            one
            for number, one in enumerate(shape.options, 1)
            if option_step(one, number) in wanted
        ]
        ends = [one for one in shape.options if one.target not in above]
        options = named or ends or [*shape.options]
        self.random.shuffle(options)
        *others, option = options
        inner = _option_need(wanted)
        within = (*above, shape.id)
        try:
            return self._told(shape, option, inner, within)
        except NoSample:
            for other in others:
                with suppress(NoSample):
                    return self._told(shape, other, inner, within)
            raise

    def _told(
        self, shape: ir.OneOf, option: ir.Option, wanted: Need, above: tuple[str, ...]
    ) -> Any:
        """A value of an option that can be told from those of the others."""
        value = self.value(option.target, wanted, above=above)
        if not isinstance(value, dict):
            return value
        if option.tags and value.get(shape.discriminator) not in option.tags:
            return {**value, shape.discriminator: self.random.choice(option.tags)}
        others = {name for one in shape.options for name in one.needs}
        extra = others.difference(option.needs, wanted)
        return {name: item for name, item in value.items() if name not in extra}


def _option_need(wanted: Need) -> Need:
    """What has to be there within an option."""
    for step, inner in wanted.items():
        if isinstance(step, OptionStep):
            return inner
    return wanted


def _between(
    low: float | None, high: float | None, usual: int = _USUAL_NUMBERS
) -> tuple[float, float]:
    """A stretch of usual numbers within bounds."""
    if low is None:
        low = 0 if high is None or high >= 0 else high - usual
    if high is None or high > low + usual:
        high = low + usual
    return low, high


_PREFERRED = (
    "datetime",
    "iso-8601",
    "epoch-seconds",
    "date",
    "http-date",
    "epoch-milliseconds",
)


class NoSample(Exception):
    """No value was found that does what is asked for; the message says what."""
