"""Makes a response keep its rules, or break one, by changing what they speak of.

A search: each step changes one value that a broken rule mentions, or two where one is
not enough, and takes the change after which the fewest rules are broken. What it may be
changed to comes from the rule (its constants, the values it compares with) and from
what the shape allows, so every step leaves a response that its shapes allow.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from shapespec.contract import schema as ir
from shapespec.contract.judge import problem
from shapespec.contract.places import ITEMS, KEYS, VALUES, OptionStep, Way
from shapespec.patterns import PatternRefused, translate
from shapespec.records import dataclass
from shapespec.tools.samples.draw import Amount, Draw, Need, OwnedMember, need
from shapespec.tools.samples.rules import Judged, RuleResult, Rules, Spot, resolved
from shapespec.tools.samples.standing import ABSENT, Goal, Move, Slot, Standing
from shapespec.tools.samples.texts import near

_PAIRS = 2500
_SOME = 8
_SECONDS = re.compile(r"([0-9]+(?:\.[0-9]+)?)s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a response should be like.

    Attributes:
        size: How much of what may be absent is there.
        wild: Whether all that is right may come, in place of what is usual.
        wanted: Required members only.
        goal: What one rule has to say of it.
    """

    size: Amount = Amount.TYPICAL
    wild: bool = False
    wanted: Need = field(default_factory=dict)
    goal: Goal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What has to be so in a response, beside its rules.

    Attributes:
        goal: What one rule has to say.
        frozen: A place that stays as it is.
        wanted: What stays there, in one value or another.
    """

    goal: Goal | None = None
    frozen: Spot | None = None
    wanted: Need = field(default_factory=dict)

    def allows(self, spot: Spot, value: Any) -> bool:
        """Whether a value may stand in a place."""
        if self.frozen is not None and spot == self.frozen[: len(spot)]:
            return False
        here: Need | None = self.wanted
        for step in spot:
            if here is None:
                return True
            here = _within(here)
            here = here.get(str(step), here.get(VALUES, here.get(ITEMS)))
        if here is None:
            return True
        return value is not ABSENT and not (here and not value)


def _within(here: Need) -> Need:
    """What stays there within an option of a choice."""
    while any(isinstance(step, OptionStep) for step in here):
        here = next(one for step, one in here.items() if isinstance(step, OptionStep))
    return here


@dataclass(frozen=True, slots=True)
class _Seen:
    """What stands in the places that a rule speaks of."""

    values: tuple[Any, ...]
    moments: tuple[datetime, ...]


class Settler:
    """Changes responses of one root until their rules say what they should."""

    def __init__(
        self, rules: Rules, draw: Draw, read_moment: Callable[[Any], datetime]
    ) -> None:
        """Change what `rules` speak of.

        Args:
            rules: The rules of the contract.
            draw: Draws what is put in place of what breaks a rule.
            read_moment: Reads a timestamp of a response.
        """
        self.rules = rules
        self.schema = rules.schema
        self.draw = draw
        self.random = draw.random
        self.read_moment = read_moment

    def settle(
        self,
        response: Any,
        root: str,
        aim: Aim,
    ) -> bool:
        """Change a response in place, until all rules hold and the aim is met.

        Args:
            response: The response.
            root: Its shape.
            aim: What else has to be so.

        Returns:
            Whether that was achieved.
        """
        standing = Standing(self.rules, response, root, aim.goal)
        while True:
            wrong = standing.wrong(_SOME)
            if not wrong:
                return True
            if not self._improve(standing, wrong, aim):
                return False

    def _improve(self, standing: Standing, wrong: list[RuleResult], aim: Aim) -> bool:
        """Make the best change, or the first pair of changes that helps."""
        cost = standing.cost
        for verdict in wrong:
            best: tuple[int, Move] | None = None
            for move in [*self._moves(verdict, aim)]:
                made = standing.make(move)
                reached = standing.cost
                standing.undo(made)
                if reached < cost and (best is None or reached < best[0]):
                    best = (reached, move)
            if best is not None:
                standing.make(best[1])
                return True
        budget = _PAIRS
        for verdict in wrong:
            for move in [*self._moves(verdict, aim)]:
                first = standing.make(move)
                for another in [*self._moves(verdict, aim)]:
                    budget -= 1
                    second = standing.make(another)
                    if standing.cost < cost:
                        return True
                    standing.undo(second)
                    if budget < 0:
                        break
                standing.undo(first)
                if budget < 0:
                    return False
        return False

    # --- what could be changed ------------------------------------------------------

    def _moves(self, verdict: RuleResult, aim: Aim) -> Iterator[Move]:
        slots = [*self._slots(verdict)]
        seen = _Seen(
            tuple(slot.value for slot in slots if slot.value is not ABSENT),
            tuple(self._read(slots)),
        )
        for slot in slots:
            for value in self._candidates(verdict.judged, slot, seen):
                if aim.allows(slot.spot, value):
                    yield Move(slot, value)

    def _slots(self, verdict: RuleResult) -> Iterator[Slot]:
        """The places in a response that a rule speaks of."""
        judged = verdict.judged
        for mention in judged.mentions:
            way = mention.way
            if mention.of_item:
                way = (*judged.each, ITEMS, *way)
            found = resolved(self.rules, judged.structure.id, way)
            if found is None:
                continue
            only = verdict.item if mention.of_item else None
            yield from self._follow(
                verdict.structure, judged.structure, found[0], verdict.at, only
            )

    def _follow(
        self, value: Any, shape: ir.Shape, way: Way, at: Spot, only: int | None
    ) -> Iterator[Slot]:
        """The places that a way leads to; along a list all, or the one item meant."""
        step, *rest = way
        match shape:
            case ir.Structure() | ir.Union():
                if not isinstance(value, dict):
                    return
                member = self.rules.member(shape, step)
                if member is None:
                    return
                target = self.schema.shapes[member.target]
                spot = (*at, step)
                here = value.get(step)
                if not rest or here is None:
                    part = OwnedMember(shape.id, member)
                    yield Slot(value, step, spot, target, part, tuple(rest))
                else:
                    yield from self._follow(here, target, tuple(rest), spot, only)
            case ir.List(member=inner):
                if not isinstance(value, list):
                    return
                target = self.schema.shapes[inner]
                for index, item in enumerate(value):
                    if only is not None and index != only:
                        continue
                    if rest:
                        yield from self._follow(
                            item, target, tuple(rest), (*at, index), None
                        )
                    else:
                        yield Slot(value, index, (*at, index), target)
            case ir.Map(value=inner):
                if step == KEYS or not isinstance(value, dict):
                    return
                target = self.schema.shapes[inner]
                for key, item in value.items():
                    if rest:
                        yield from self._follow(
                            item, target, tuple(rest), (*at, key), None
                        )
                    else:
                        yield Slot(value, key, (*at, key), target)
            case _:
                return

    def _candidates(self, judged: Judged, slot: Slot, others: _Seen) -> Iterator[Any]:
        """What could stand in a place, as far as its shape is concerned."""
        if slot.missing:
            yield self._drawn(slot)
            return
        current = slot.value
        seen: list[Any] = [current]
        for value in self._ideas(judged, slot, others):
            if value not in seen and self._allows(slot.shape, value):
                seen.append(value)
                yield value
        optional = slot.part is not None and not slot.part.member.required
        if optional and current is not ABSENT:
            yield ABSENT

    def _allows(self, shape: ir.Shape, value: Any) -> bool:
        return problem(self.schema, shape.id, value) is None

    def _drawn(self, slot: Slot) -> Any:
        return self.draw.value(
            slot.shape.id, need(slot.missing), part=slot.part, fresh=True
        )

    def _ideas(self, judged: Judged, slot: Slot, others: _Seen) -> Iterator[Any]:
        shape, current, values = slot.shape, slot.value, others.values
        match shape:
            case ir.Scalar(listed=listed) if listed:
                yield from listed
            case ir.Enum():
                yield from self._of_enum(judged, shape, values)
            case ir.Boolean():
                yield from (True, False)
            case ir.Integer() | ir.Float():
                yield from self._numbers(judged, others, shape)
            case ir.Timestamp():
                for at in self._moments(judged, others):
                    yield self.draw.moment(at)
            case ir.String():
                yield from self._texts(judged, values, shape, slot)
            case ir.List() if isinstance(current, list):
                another = self.draw.items(shape, 1)
                yield from (current[:-1], [*current, *deepcopy(current[-1:])])
                yield from ([*current, *another], another, [])
            case ir.Map() if isinstance(current, dict):
                yield from self._maps(judged, shape, current)
            case _:
                yield self._drawn(slot)

    def _of_enum(
        self, judged: Judged, shape: ir.Enum, values: tuple[Any, ...]
    ) -> Iterator[str]:
        texts = tuple(one for one in judged.literals if isinstance(one, str) and one)
        names = [one.value for one in shape.values if not one.retired]
        near_by = [name for name in names if name.startswith(texts) or name in values]
        yield from near_by[:_SOME]
        yield from self.random.sample(names, min(_SOME, len(names)))

    def _numbers(
        self, judged: Judged, others: _Seen, shape: ir.Integer | ir.Float
    ) -> Iterator[float]:
        ideas = [one for one in (*judged.literals, *others.values) if _is_number(one)]
        times = others.moments
        ideas += [(one - other).total_seconds() for one in times for other in times]
        ideas += [*_seconds(judged)]
        ideas += [limit for limit in shape.range if limit is not None]
        for idea in ideas:
            for value in (idea, idea + 1, idea - 1):
                yield round(value) if isinstance(shape, ir.Integer) else value

    def _moments(self, judged: Judged, others: _Seen) -> Iterator[datetime]:
        steps = [0.0, 1.0, *(float(one) for one in others.values if _is_number(one))]
        steps += [step + 1 for step in _seconds(judged)]
        for moment in others.moments:
            for step in steps:
                for sign in (1, -1):
                    try:
                        yield moment + timedelta(seconds=sign * step)
                    except OverflowError:
                        continue

    def _read(self, slots: list[Slot]) -> Iterator[datetime]:
        """The moments that stand in these places."""
        for slot in slots:
            if isinstance(slot.shape, ir.Timestamp):
                with contextlib.suppress(ValueError, OverflowError, TypeError):
                    yield self.read_moment(slot.value)

    def _texts(
        self, judged: Judged, values: tuple[Any, ...], shape: ir.String, slot: Slot
    ) -> Iterator[str]:
        current = slot.value if isinstance(slot.value, str) else ""
        drawn = [self.draw.value(shape.id, part=slot.part) for _ in range(2)]
        drawn.append(self._drawn(slot))
        for pattern in judged.regexes:
            try:
                like = ir.String(
                    id="$", length=shape.length, pattern=translate(pattern)
                )
            except PatternRefused:
                continue
            drawn += [text for text in (self.draw.texts.any(like),) if text]
        literals = [one for one in judged.literals if isinstance(one, str)]
        yield from (one for one in values if isinstance(one, str))
        yield from drawn
        yield from literals
        for text in literals:
            yield from (text + current, current + text)
        wild = self.draw.texts.any(shape)
        if wild is not None:
            yield wild
        texts = [*near(current)]
        yield from self.random.sample(texts, min(_SOME, len(texts)))

    def _maps(
        self, judged: Judged, shape: ir.Map, current: dict[str, Any]
    ) -> Iterator[dict[str, Any]]:
        for text in judged.literals:
            if isinstance(text, str) and text not in current:
                yield {**current, text: self.draw.value(shape.value)}
                yield {text: self.draw.value(shape.value)}
        yield {**current, **self.draw.entries(shape, 1)}
        yield {}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _seconds(judged: Judged) -> Iterator[float]:
    """The durations that a rule writes out, in seconds."""
    for text in judged.literals:
        found = _SECONDS.fullmatch(text) if isinstance(text, str) else None
        if found:
            yield float(found[1])
