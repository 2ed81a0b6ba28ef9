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
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from shapespec.contract import schema as ir
from shapespec.contract.judge import problem
from shapespec.contract.places import ITEMS, KEYS, VALUES, OptionStep, Way
from shapespec.patterns import PatternRefused, translate
from shapespec.tools.samples.draw import Draw, Need, NoSample, Part, Size, need
from shapespec.tools.samples.rules import Judged, Rules, Spot, Verdict, resolved
from shapespec.tools.samples.texts import near

_STEPS = 60
_PAIRS = 2500
_SOME = 8
_GOAL = 1000
_SECONDS = re.compile(r"([0-9]+(?:\.[0-9]+)?)s")

ABSENT = object()
"""What a member is changed to where it is taken away."""


@dataclass(frozen=True, slots=True)
class Goal:
    """That a rule holds, or is broken, somewhere.

    Attributes:
        way: The way of the structure that has the rule.
        rule: The id of the rule.
        holds: What it has to say.
    """

    way: Way
    rule: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a response should be like.

    Attributes:
        size: How much of what may be absent is there.
        wild: Whether all that is right may come, in place of what is usual.
        wanted: Required members only.
        goal: What one rule has to say of it.
    """

    size: Size = Size.TYPICAL
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
class Slot:
    """Where a value stands, or could stand, in a response."""

    container: Any
    key: str | int
    spot: Spot
    shape: ir.Shape
    part: Part | None = None
    missing: Way = ()

    @property
    def value(self) -> Any:
        """What stands there now."""
        if isinstance(self.key, int) or self.key in self.container:
            return self.container[self.key]
        return ABSENT

    def put(self, value: Any) -> None:
        """Let a value stand there, or nothing."""
        if value is ABSENT:
            self.container.pop(self.key, None)
        else:
            self.container[self.key] = value


@dataclass(frozen=True, slots=True)
class Move:
    """A change of one value."""

    slot: Slot
    value: Any


@dataclass(frozen=True, slots=True)
class _Seen:
    """What stands in the places that a rule speaks of."""

    values: tuple[Any, ...]
    moments: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be settled."""

    response: Any
    root: str
    aim: Aim


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
        goal = aim.goal
        task = _Task(response, root, aim)
        for _ in range(_STEPS):
            verdicts = [*self.rules.verdicts(response, root)]
            wrong = _wrong(verdicts, goal)
            if not wrong:
                return True
            if not self._improve(task, wrong, _cost(verdicts, goal)):
                return False
        return False

    def _improve(self, task: _Task, wrong: list[Verdict], cost: int) -> bool:
        """Make the best change, or the first pair of changes that helps."""

        def now() -> int:
            verdicts = [*self.rules.verdicts(task.response, task.root)]
            return _cost(verdicts, task.aim.goal)

        for verdict in wrong[:_SOME]:
            best: tuple[int, Move] | None = None
            for move in [*self._moves(verdict, task.aim)]:
                with _Tried(move):
                    reached = now()
                if reached < cost and (best is None or reached < best[0]):
                    best = (reached, move)
            if best is not None:
                best[1].slot.put(best[1].value)
                return True
        budget = _PAIRS
        for verdict in wrong[:_SOME]:
            for move in [*self._moves(verdict, task.aim)]:
                with _Tried(move) as first:
                    for second in [*self._moves(verdict, task.aim)]:
                        budget -= 1
                        with _Tried(second) as both:
                            if now() < cost:
                                both.keep = first.keep = True
                                return True
                        if budget < 0:
                            return False
        return False

    # --- what could be changed ------------------------------------------------------

    def _moves(self, verdict: Verdict, aim: Aim) -> Iterator[Move]:
        slots = [*self._slots(verdict)]
        seen = _Seen(
            tuple(slot.value for slot in slots if slot.value is not ABSENT),
            tuple(self._read(slots)),
        )
        for slot in slots:
            for value in self._candidates(verdict.judged, slot, seen):
                if aim.allows(slot.spot, value):
                    yield Move(slot, value)

    def _slots(self, verdict: Verdict) -> Iterator[Slot]:
        """The places in a response that a rule speaks of."""
        judged = verdict.judged
        for mention in judged.mentions:
            way = mention.way
            if mention.of_item:
                way = (*judged.each, ITEMS, *way)
            found = resolved(self.schema, judged.structure.id, way)
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
            case ir.Structure(members=members) | ir.Union(members=members):
                if not isinstance(value, dict):
                    return
                (member,) = (one for one in members if one.name == step)
                target = self.schema.shapes[member.target]
                spot = (*at, step)
                here = value.get(step)
                if not rest or here is None:
                    part = Part(shape.id, member)
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


class _Tried:
    """A change that is taken back, unless it is to be kept."""

    def __init__(self, move: Move) -> None:
        self.move = move
        self.keep = False
        self._before: Any = ABSENT

    def __enter__(self) -> Self:
        self._before = self.move.slot.value
        self.move.slot.put(self.move.value)
        return self

    def __exit__(self, *exception: object) -> None:
        if not self.keep:
            self.move.slot.put(self._before)


def generic(spot: Spot, schema: ir.Schema, root: str) -> Way:
    """The way of a place in a response."""
    shape = schema.shapes[root]
    way: list[str] = []
    for step in spot:
        match shape:
            case ir.Structure(members=members) | ir.Union(members=members):
                way.append(str(step))
                (target,) = (one.target for one in members if one.name == step)
            case ir.List(member=target):
                way.append(ITEMS)
            case ir.Map(value=target):
                way.append(VALUES)
            case _:
                raise NoSample(f"{spot} leads nowhere")
        shape = schema.shapes[target]
    return tuple(way)


def _wrong(verdicts: list[Verdict], goal: Goal | None) -> list[Verdict]:
    """What does not say what it should; of the goal, all that could."""
    wrong = [
        one
        for one in verdicts
        if one.holds is False and not (goal and _is_about(goal, one))
    ]
    if goal is not None:
        ours = [one for one in verdicts if _is_about(goal, one)]
        if not any(one.holds is goal.holds for one in ours):
            wrong = [*ours, *wrong]
    return wrong


def _cost(verdicts: list[Verdict], goal: Goal | None) -> int:
    """How far from done it is: the goal weighs more than all rules together."""
    cost = 0
    met = goal is None
    for one in verdicts:
        if goal is not None and _is_about(goal, one):
            met = met or one.holds is goal.holds
        elif one.holds is False:
            cost += 1
    return cost if met else cost + _GOAL


def _is_about(goal: Goal, verdict: Verdict) -> bool:
    if verdict.judged.rule.id != goal.rule or len(verdict.at) != len(goal.way):
        return False
    return all(
        step in (ITEMS, VALUES) or step == taken
        for step, taken in zip(goal.way, verdict.at, strict=True)
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _seconds(judged: Judged) -> Iterator[float]:
    """The durations that a rule writes out, in seconds."""
    for text in judged.literals:
        found = _SECONDS.fullmatch(text) if isinstance(text, str) else None
        if found:
            yield float(found[1])
