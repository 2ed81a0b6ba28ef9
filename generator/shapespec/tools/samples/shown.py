"""Responses that show one constraint: kept, at the bound if it is one, or broken."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shapespec.contract.places import (
    ITEMS,
    KEYS,
    VALUES,
    PrefixStep,
    RestStep,
    Way,
    in_response,
)
from shapespec.ground.pointer import pointer_to
from shapespec.records import dataclass
from shapespec.tools.samples.draw import Amount, Need, NoSample, need
from shapespec.tools.samples.rules import Judged, Spot
from shapespec.tools.samples.settle import Aim, Wish
from shapespec.tools.samples.sites import PlacedConstraint
from shapespec.tools.samples.standing import ABSENT, Goal
from shapespec.tools.samples.violate import Mutation, at_bound, violations

if TYPE_CHECKING:
    from shapespec.tools.samples.sampler import Sampler

_TRIES = 12


@dataclass(frozen=True, slots=True)
class Sample:
    """A response made to show one constraint, and what was done to it.

    Attributes:
        constraint: What it shows.
        accepted: Whether it shows the constraint kept; else it shows it broken.
        action: What was done to a response that is right.
        response: The response.
        entails: What else is broken thereby: the rules and pointers of findings.
        pointer: Where the finding points, if there is one.
    """

    constraint: PlacedConstraint
    accepted: bool
    action: str
    response: Any
    entails: tuple[tuple[str, str], ...] = ()
    pointer: str = ""


class Shower:
    """Shows one constraint."""

    def __init__(
        self, sampler: Sampler, root: str, constraint: PlacedConstraint, seed: int
    ) -> None:
        """Show a constraint.

        Args:
            sampler: What makes responses that are right.
            root: The shape of the responses.
            constraint: The constraint.
            seed: Random seed.
        """
        self.sampler = sampler
        self.root = root
        self.constraint = constraint
        self.way = constraint.site.way
        self._is_key = constraint.site.is_key
        self._seed = f"{seed}/{constraint.id}"

    @cached_property
    def _judged(self) -> Judged | None:
        """The rule that the constraint is, if it is one."""
        part = self.constraint.part
        owner = self.constraint.site.shape.id
        return None if part is None else self.sampler.rules.of(owner, part)

    # --- kept -------------------------------------------------------------------------

    def accepted(self) -> Sample | None:
        """A response that keeps it; none where there is none."""
        try:
            if self.constraint.documentation:
                return None
            if self._judged is not None:
                return self._kept(self._about(f"{self._seed}/kept", holds=True))
            if self.constraint.is_bound:
                return self._at_bound()
            return self._kept(self._right(f"{self._seed}/kept"))
        except NoSample:
            return None

    def _kept(self, response: Any) -> Sample:
        action = "nothing: the response is right"
        return Sample(self.constraint, accepted=True, action=action, response=response)

    def _right(self, seed: str) -> Any:
        """A response that is right and has the place."""
        way = self.way
        if self.constraint.keyword == "uniqueItems":
            way = (*way, ITEMS)
        return self._one(seed, need(way), None)

    def _one(self, seed: str, wanted: Need, goal: Goal | None) -> Any:
        """A response as wished; a small one, unless only a larger one can be so."""
        wish = Wish(size=Amount.MINIMAL, wanted=wanted, goal=goal)
        try:
            return self.sampler.one(self.root, seed, wish)
        except NoSample:
            larger = replace(wish, size=Amount.TYPICAL)
            return self.sampler.one(self.root, seed, larger)

    def _about(self, seed: str, *, holds: bool | None) -> Any:
        """A response that has all that a rule speaks of, or as much as it can."""
        judged = self._judged
        ways = () if judged is None else judged.ways
        goal = None
        if judged is not None and holds is not None:
            goal = Goal(in_response(self.way), judged.rule.id, holds=holds)
        every = need(self.way, *((*self.way, *one) for one in ways))
        for wanted in (every, need(self.way)):
            try:
                return self._one(seed, wanted, goal)
            except NoSample:
                continue
        raise NoSample(f"nothing was found to try {self.constraint.id} on")

    def _at_bound(self) -> Sample | None:
        """A response that meets a bound, with as few notes as can be."""
        best: Sample | None = None
        for attempt in range(_TRIES):
            seed = f"{self._seed}/bound/{attempt}"
            try:
                right = self._right(seed)
                spot = _first(right, self.way)
            except NoSample:
                continue
            draw = self.sampler.draw(seed)
            value = spot[-1] if self._is_key else _get(right, spot)
            shape, keyword = self.constraint.site.shape, self.constraint.keyword
            for change in at_bound(shape, keyword, value, draw):
                response = deepcopy(right)
                there = spot
                if spot:
                    there = _apply(response, spot, change, key=self._is_key)
                else:
                    response = change.value
                self.sampler.settle(response, self.root, draw, Aim(frozen=there))
                findings = self.sampler.findings(response, self.root)
                if any(one.severity != "note" for one in findings):
                    continue
                others = tuple((one.rule, one.pointer) for one in findings)
                if best is None or len(others) < len(best.entails):
                    best = Sample(
                        self.constraint,
                        accepted=True,
                        action=change.action,
                        response=self.sampler.ordered(response, self.root),
                        entails=others,
                        pointer=pointer_to(there),
                    )
                if not best.entails:
                    return best
        return best

    # --- broken -----------------------------------------------------------------------

    def refused(self) -> Sample | None:
        """A response that breaks it, and as little else as can be, if there is one."""
        if self.constraint.unbreakable is not None:
            return None
        best: Sample | None = None
        for attempt in range(_TRIES):
            seed = f"{self._seed}/broken/{attempt}"
            try:
                found = (
                    self._changed(seed) if self._judged is None else self._argued(seed)
                )
                for sample in found:
                    if best is None or len(sample.entails) < len(best.entails):
                        best = sample
                    if not best.entails:
                        return best
            except NoSample:
                continue
            if best is not None and self._judged is not None:
                return best
        return best

    def _changed(self, seed: str) -> Iterator[Sample]:
        """Responses in which one value was changed."""
        right = self._right(seed)
        draw = self.sampler.draw(seed)
        spot = _first(right, self.way)
        value = spot[-1] if self._is_key else _get(right, spot)
        for number, change in enumerate(violations(self.constraint, value, draw)):
            if number > _TRIES:
                return
            response = deepcopy(right)
            where = spot
            if spot:
                where = _apply(response, spot, change, key=self._is_key)
            else:
                response = change.value
            if change.inside is not None:
                where = (*where, change.inside)
            if len(self.sampler.findings(response, self.root)) > 1 and where:
                self.sampler.settle(response, self.root, draw, Aim(frozen=where))
            yield from self._broken(response, change.action, pointer_to(where))

    def _argued(self, seed: str) -> Iterator[Sample]:
        """Responses in which a rule was made false."""
        judged = self._judged
        if judged is None:
            return
        goal = Goal(in_response(self.way), judged.rule.id, holds=False)
        for size in (Amount.MINIMAL, Amount.TYPICAL):
            if size is Amount.MINIMAL:
                response = self._about(seed, holds=None)
            else:
                response = self.sampler.one(self.root, seed, Wish(size=size))
            before = deepcopy(response)
            draw = self.sampler.draw(seed)
            if self.sampler.settle(response, self.root, draw, Aim(goal=goal)):
                action = "; ".join(_differences(before, response))
                yield from self._broken(response, action, None)
                return

    def _broken(
        self, response: Any, action: str, pointer: str | None
    ) -> Iterator[Sample]:
        """The sample that a response is, if it breaks the constraint there."""
        constraint = self.constraint
        findings = self.sampler.findings(response, self.root)
        ours = [
            one
            for one in findings
            if (one.rule, one.severity) == (constraint.rule, constraint.severity)
            and pointer in (None, one.pointer)
        ]
        if not ours:
            return
        rule = constraint.part is not None
        yield Sample(
            constraint,
            accepted=False,
            action=action,
            response=self.sampler.ordered(response, self.root),
            entails=tuple(
                (one.rule, one.pointer)
                for one in findings
                if one is not ours[0] and not (rule and one in ours)
            ),
            pointer=ours[0].pointer,
        )


# --- places in a response -------------------------------------------------------------


def _first(response: Any, way: Way) -> Spot:
    """The first place that a way leads to.

    Raises:
        NoSample: The rules left nothing there.
    """
    spot: list[str | int] = []
    here = response
    for step in in_response(way):
        taken: str | int = step
        if step == ITEMS:
            taken = step.start if isinstance(step, RestStep) else 0
        elif isinstance(step, PrefixStep):
            taken = step.at
        elif step in (VALUES, KEYS):
            taken = next(iter(here), step)
        spot.append(taken)
        try:
            here = here[taken]
        except LookupError:
            raise NoSample(f"there is nothing at {'.'.join(way)}") from None
    return tuple(spot)


def _get(response: Any, spot: Spot) -> Any:
    for step in spot:
        response = response[step]
    return response


def _apply(response: Any, spot: Spot, change: Mutation, *, key: bool) -> Spot:
    """Change what stands in a place, or is the key there; the place after that."""
    container = _get(response, spot[:-1])
    if key:
        container[change.value] = container.pop(spot[-1])
        return (*spot[:-1], change.value)
    if change.value is ABSENT:
        del container[spot[-1]]
    else:
        container[spot[-1]] = change.value
    return spot


def _differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """What was changed, in words."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys([*before, *after]):
            here = f"{path}/{name}"
            if name not in after:
                yield f"{here} is left out"
            elif name not in before:
                yield f"{here} is added"
            else:
                yield from _differences(before[name], after[name], here)
    elif isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            yield f"{path} has {len(after)} items in place of {len(before)}"
        for index, (one, other) in enumerate(zip(before, after, strict=False)):
            yield from _differences(one, other, f"{path}/{index}")
    elif before != after:
        yield f"{path} is {_shown(after)} in place of {_shown(before)}"


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return f"a value of {len(value)} parts"
    return repr(value) if isinstance(value, str | int | float) else f"{value}"
