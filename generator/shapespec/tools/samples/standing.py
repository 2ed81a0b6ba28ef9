"""What rules say of a response while it changes; a rule is asked where it may differ.

Each rule speaks of some members of its structure. A change of one value concerns the
rules of the structures around it that speak of the member that it is in, and all rules
of the structures within it. So a response with hundreds of rules is settled in steps
that do not each ask hundreds of rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from shapespec.contract import schema as ir
from shapespec.contract.places import ITEMS, VALUES, Way
from shapespec.records import dataclass
from shapespec.tools.samples.draw import OwnedMember
from shapespec.tools.samples.rules import RuleResult, Rules, Spot, structures

_GOAL = 1000
"""A goal weighs more than all rules together, as long as fewer are broken."""

ABSENT = object()
"""What a member is changed to where it is taken away."""

_Key: TypeAlias = "tuple[Spot, int]"
"""The place of a structure, and the number of one of its rules."""

_Said: TypeAlias = "dict[_Key, tuple[RuleResult, ...]]"


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

    def is_about(self, verdict: RuleResult) -> bool:
        """Whether a verdict is one of those that count."""
        if verdict.judged.rule.id != self.rule or len(verdict.at) != len(self.way):
            return False
        return all(
            step in (ITEMS, VALUES) or step == taken
            for step, taken in zip(self.way, verdict.at, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value stands, or could stand, in a response."""

    container: Any
    key: str | int
    spot: Spot
    shape: ir.Shape
    part: OwnedMember | None = None
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
class Made:
    """A change that was made, and what undoes it.

    Attributes:
        slot: What was changed.
        before: What stood there.
        was: What the rules said that it touches.
        now: The keys of what they say since.
    """

    slot: Slot
    before: Any
    was: _Said
    now: tuple[_Key, ...]


@dataclass(frozen=True, slots=True)
class _Reach:
    """What a change of a place can touch.

    Attributes:
        around: The structures around it, and the numbers of the rules that it concerns.
        at: The place within which every rule is concerned.
        target: The shape there.
        value: What stands there.
    """

    around: tuple[tuple[Spot, Any, ir.Shape, tuple[int, ...]], ...]
    at: Spot
    target: str
    value: Any


class Standing:
    """What every rule says of a response, kept true while the response changes."""

    def __init__(
        self, rules: Rules, response: Any, root: str, goal: Goal | None
    ) -> None:
        """Ask every rule once.

        Args:
            rules: The rules of the contract.
            response: The response; it is changed through this object alone.
            root: Its shape.
            goal: What one rule has to say.
        """
        self._rules = rules
        self._schema = rules.schema
        self._response = response
        self._root = root
        self._goal = goal
        self._said: _Said = {}
        self._suspects: dict[_Key, None] = {}
        self._about: dict[_Key, None] = {}
        self._broken = 0
        self._met = 0
        self._enter(self._within((), root, response))

    @property
    def cost(self) -> int:
        """How far from done it is; 0 where nothing is left to do."""
        missed = self._goal is not None and not self._met
        return self._broken + (_GOAL if missed else 0)

    def wrong(self, most: int) -> list[RuleResult]:
        """Some of what does not say what it should: for the goal, all that could."""
        ours = () if self._met else self._about
        found = [one for key in ours for one in self._said.get(key, ())]
        found = [one for one in found if self._is_ours(one)]
        settled: list[_Key] = []
        for key in self._suspects:
            if len(found) >= most:
                break
            broken = [*filter(self._is_broken, self._said.get(key, ()))]
            found += broken
            if not broken:
                settled.append(key)
        for key in settled:
            del self._suspects[key]
        return found[:most]

    def make(self, move: Move) -> Made:
        """Change the response; what undoes it."""
        slot, before = move.slot, move.slot.value
        reach = self._reach(slot)
        was: _Said = {}
        for at, _, _, numbers in reach.around:
            was |= {(at, one): self._said[at, one] for one in numbers}
        inside = structures(self._schema, reach.value, reach.target, reach.at)
        for at, _, structure in inside:
            for number in range(len(self._rules.by_structure.get(structure.id, ()))):
                was[at, number] = self._said[at, number]
        self._leave(was)
        slot.put(move.value)
        value = slot.value if reach.at == slot.spot else reach.value
        now = self._within(reach.at, reach.target, value)
        for at, around, shape, numbers in reach.around:
            now |= self._asked(at, around, shape, numbers)
        self._enter(now)
        return Made(slot, before, was, tuple(now))

    def undo(self, made: Made) -> None:
        """Take back the last change."""
        made.slot.put(made.before)
        self._leave(made.now)
        self._enter(made.was)

    # --- what rules say ---------------------------------------------------------------

    def _within(self, at: Spot, target: str, value: Any) -> _Said:
        """What all rules say of the structures at a place and below."""
        found: _Said = {}
        for spot, one, shape in structures(self._schema, value, target, at):
            numbers = range(len(self._rules.by_structure.get(shape.id, ())))
            found |= self._asked(spot, one, shape, numbers)
        return found

    def _asked(
        self, at: Spot, value: Any, shape: ir.Shape, numbers: Iterable[int]
    ) -> _Said:
        rules = self._rules.by_structure.get(shape.id, ())
        return {
            (at, one): tuple(self._rules.ask(rules[one], at, value)) for one in numbers
        }

    def _reach(self, slot: Slot) -> _Reach:
        """What a change there can touch.

        A value of a choice may change which option it is, and so all that is in it.
        """
        around: list[tuple[Spot, Any, ir.Shape, tuple[int, ...]]] = []
        value, target = self._response, self._root
        for depth, step in enumerate(slot.spot):
            at = slot.spot[:depth]
            shape = self._schema.shapes[target]
            match shape:
                case ir.Structure() | ir.Union():
                    numbers = self._rules.about(shape, str(step))
                    if numbers:
                        around.append((at, value, shape, numbers))
                    member = self._rules.member(shape, str(step))
                    target = "" if member is None else member.target
                case ir.List(member=target) | ir.Map(value=target):
                    pass
                case ir.Tuple():
                    target = shape.at(int(step)) or ""
                case _:
                    return _Reach(tuple(around), at, target, value)
            last = depth == len(slot.spot) - 1
            value = slot.value if last else value[step]
        return _Reach(tuple(around), slot.spot, target, value)

    # --- the count --------------------------------------------------------------------

    def _is_ours(self, verdict: RuleResult) -> bool:
        return self._goal is not None and self._goal.is_about(verdict)

    def _is_broken(self, verdict: RuleResult) -> bool:
        return verdict.holds is False and not self._is_ours(verdict)

    def _enter(self, said: Mapping[_Key, tuple[RuleResult, ...]]) -> None:
        for key, verdicts in said.items():
            self._said[key] = verdicts
            self._add(key, 1)

    def _leave(self, keys: Iterable[_Key]) -> None:
        for key in keys:
            self._add(key, -1)
            del self._said[key]

    def _add(self, key: _Key, sign: int) -> None:
        """Count what the rules say under a key, or no longer do."""
        for one in self._said[key]:
            if self._goal is not None and self._goal.is_about(one):
                self._about[key] = None
                self._met += sign * (one.holds is self._goal.holds)
            elif one.holds is False:
                self._suspects[key] = None
                self._broken += sign
