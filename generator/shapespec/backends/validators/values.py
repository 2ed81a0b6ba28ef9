"""What is true of values without parts that are right, as Python.

A test stands for a value, `V`. It may say no of what is right, or raise, and then the
full validator decides; it never says yes of what is wrong. A test of a type is left out
where another test raises on any other one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from shapespec.backends.environment import literal
from shapespec.contract import schema as ir
from shapespec.contract.constraints import Constraint, by_rule, ends, enforced, only
from shapespec.contract.numbers import SURE_DIGITS, exact
from shapespec.ground.values import Json
from shapespec.runtime._report import canonical

V = "\0"
"""The value, in a test; no literal has it."""

SIZE = f"len({V})"
_LARGEST = "1.7976931348623157e308"


def one(tests: Iterable[str]) -> str:
    """Tests as one condition."""
    return " and ".join(tests) or "True"


def plain(shape: ir.Integer | ir.Float | ir.Boolean) -> list[str]:
    """What is true of a number or a truth value."""
    match shape:
        case ir.Integer():
            tests = [f"(type({V}) is int or whole({V}))", *bounded(shape, V)]
        case ir.Float():
            number = f"(type({V}) is float or type({V}) is int)"
            tests = [number, f"-{_LARGEST} <= {V} <= {_LARGEST}", *bounded(shape, V)]
        case ir.Boolean():
            tests = [f"type({V}) is bool"]
        case _:
            assert_never(shape)
    if values := only(shape):
        tests.append(listed(values))
    return tests


def bounded(shape: ir.Shape, what: str) -> list[str]:
    """What is true of a measure that is within the bounds that are enforced."""
    tests: list[str] = []
    for rule, found in by_rule(enforced(shape)).items():
        match rule:
            case "length" | "range":
                tests += _within(found, what)
            case "multiple-of":
                tests += [_of_step(one.limit, what) for one in found]
            case "unique-items":
                tests += [f"all_differ({V})" for _ in found]
            case "pattern" | "format" | "enum":
                pass  # what asks about the value as a whole does that
            case _:
                assert_never(rule)
    return tests


def _within(found: Iterable[Constraint], what: str) -> list[str]:
    by_side = ends(found)
    low, high = by_side.get("low"), by_side.get("high")
    if low is not None and high is not None:
        above = f"{low.limit!r} {low.about.operator} {what}"
        return [f"{above} {high.about.operator} {high.limit!r}"]
    if high is not None:
        return [f"{what} {high.about.operator} {high.limit!r}"]
    if low is not None:
        operator = low.about.operator.replace("<", ">")
        return [f"{what} {operator} {low.limit!r}"]
    return []


def _of_step(step: float, what: str) -> str:
    """What is true of a multiple of a step, as JSON writes the two.

    A number with no more digits than a binary number is sure of is a multiple of a
    fraction if it is the nearest one to a multiple. Of others the digits are asked.
    """
    numerator, denominator = exact(step).as_integer_ratio()
    largest = f"{float(10**SURE_DIGITS // denominator)!r}"
    nearest = f"{what} % {numerator} == 0"
    if denominator != 1:
        count = f"round({what} * {denominator} / {numerator})"
        nearest = f"{count} * {numerator} / {denominator} == {what}"
    sure = f"-{largest} < {what} < {largest} and {nearest}"
    return f"({sure} or is_multiple({what}, {step!r}))"


def listed(values: tuple[Json, ...]) -> str:
    """What is true of one of some values, for one of their own type."""
    if len(values) > 1:
        return f"{V} in {{{', '.join(map(constant, values))}}}"
    operator = "is" if isinstance(values[0], bool) else "=="
    return f"{V} {operator} {constant(values[0])}"


def any_of(values: tuple[Json, ...]) -> str:
    """What is true of one of some JSON values of any kind, never raising."""
    if any(isinstance(value, list | dict) for value in values):
        known = sorted(literal(canonical(value)) for value in values)
        return f"canonical({V}) in {{{', '.join(known)}}}"
    texts: list[Json] = []
    numbers: list[Json] = []
    tests = []
    for value in values:
        if isinstance(value, bool) or value is None:
            tests.append(f"{V} is {value!r}")
        elif isinstance(value, str):
            texts.append(value)
        else:
            numbers.append(value)
    if texts:
        tests.append(f"type({V}) is str and {listed(tuple(texts))}")
    if numbers:
        kinds = f"(type({V}) is int or type({V}) is float)"
        tests.append(f"{kinds} and {listed(tuple(numbers))}")
    return f"({' or '.join(tests)})"


def constant(value: Json) -> str:
    """A value without parts as Python has it."""
    return literal(value) if isinstance(value, str) else repr(value)


def blob(shape: ir.Blob) -> list[str]:
    """What is true of bytes, or of base64 text."""
    if tests := bounded(shape, "size"):
        return [f"(size := byte_count({V})) is not None", *tests]
    return [f"byte_count({V}) is not None"]


def either(sure: list[str], clean: list[str]) -> list[str]:
    """Tests of what has no error, and where all is asked of what is clean, as one."""
    both = [test for test in clean if test in sure]
    sure = [test for test in sure if test not in both]
    clean = [test for test in clean if test not in both]
    if sure:
        return [*both, f"({one(sure)} if known is None else {one(clean)})"]
    return [*both, f"(known is None or {one(clean)})"] if clean else both


def bound(tests: list[str], value: str) -> list[str]:
    """Tests of what an expression gives, which is taken once, in the first of them."""
    if sum(test.count(V) for test in tests) == 1:
        return [test.replace(V, value) for test in tests]
    if "known is None" in tests[0]:
        tests = [f"{V} is not None", *tests]  # the other one may not be asked
    before, after = tests[0].split(V, 1)
    alone = before.endswith("(") and after[:1] in (")", ",")
    named = f"v := {value}" if alone else f"(v := {value})"
    return [test.replace(V, "v") for test in (f"{before}{named}{after}", *tests[1:])]
