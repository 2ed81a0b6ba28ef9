"""The numbers that a shape allows: between two ends, and in steps where there are any.

Who makes numbers (samples, strategies) asks here, so that bounds and steps are put
together once. A number is taken as JSON writes it: 0.3 is three times 0.1, though no
binary number of the three is that exactly.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from shapespec.contract import schema as ir

Number: TypeAlias = "int | float"
Numeric: TypeAlias = "ir.Integer | ir.Float"

SURE_DIGITS = 15
"""With as many digits, a decimal number is one binary number and no other's text."""


def exact(number: Number) -> Fraction:
    """A number as JSON writes it."""
    return Fraction(number if isinstance(number, int) else repr(number))


def is_multiple(number: Number, of: Number) -> bool:
    """Whether a number is a multiple of another, both as JSON writes them."""
    return exact(number) % exact(of) == 0


class Numbers(NamedTuple):
    """Numbers that are right.

    Attributes:
        low: The least one; none where there is none.
        high: The greatest one.
        step: What each is a multiple of; none where any fraction is right.
        whole: Whether they are integers.
    """

    low: Number | None
    high: Number | None
    step: Fraction | None
    whole: bool

    @property
    def first(self) -> int | None:
        """How many steps the least one is from 0."""
        if self.low is None or self.step is None:
            return None
        return math.ceil(exact(self.low) / self.step)

    @property
    def last(self) -> int | None:
        """How many steps the greatest one is from 0."""
        if self.high is None or self.step is None:
            return None
        return math.floor(exact(self.high) / self.step)

    @property
    def sure(self) -> tuple[int | None, int | None]:
        """The first and the last step, as far as each number is sure to be one."""
        if self.step is None or self.step.denominator == 1:
            return self.first, self.last
        most = 10**SURE_DIGITS // self.step.numerator
        first, last = self.first, self.last
        return (
            -most if first is None else max(first, -most),
            most if last is None else min(last, most),
        )

    @property
    def bounds(self) -> ir.Bounds:
        """The least and the greatest one."""
        return ir.Bounds(self.low, self.high)

    @property
    def is_empty(self) -> bool:
        """Whether there is none."""
        low, high = self.low, self.high
        if self.first is not None and self.last is not None:
            low, high = self.first, self.last
        return low is not None and high is not None and low > high

    def at(self, steps: int) -> Number:
        """The number that is some steps from 0."""
        step = self.step or Fraction(1)
        found = step.numerator * steps
        whole = self.whole and step.denominator == 1
        return found if whole else found / step.denominator

    def beyond(self, *, below: bool) -> Number | None:
        """The nearest number that is beyond one end, and right otherwise."""
        end, count = (self.low, self.first) if below else (self.high, self.last)
        if count is not None:
            return self.at(count - 1 if below else count + 1)
        infinity = -math.inf if below else math.inf
        return None if end is None else math.nextafter(end, infinity)


def _next(limit: Number, step: Fraction | None, towards: float) -> Number:
    """The number next to a limit: the next step, if there are steps."""
    if step is None:
        return math.nextafter(limit, towards)
    count = exact(limit) / step
    found = math.floor(count) + 1 if towards > 0 else math.ceil(count) - 1
    return Numbers(None, None, step, whole=step.denominator == 1).at(found)


def numbers(shape: Numeric) -> Numbers:
    """The numbers that a shape allows, its relaxed keywords kept as well."""
    whole = isinstance(shape, ir.Integer)
    step = Fraction(1) if whole else None
    if shape.multiple_of is not None:
        step = exact(shape.multiple_of)
    limits = shape.range
    found = Numbers(limits.min, limits.max, step, whole)
    if limits.above is not None:
        found = found._replace(low=_next(limits.above, step, math.inf))
    if limits.below is not None:
        found = found._replace(high=_next(limits.below, step, -math.inf))
    if found.first is not None:
        found = found._replace(low=found.at(found.first))
    if found.last is not None:
        found = found._replace(high=found.at(found.last))
    return found
