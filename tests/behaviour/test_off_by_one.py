"""Every bound in a generated validator, made one more and one less: a sample notices.

What a sample must be judged as is known from the spec. So a validator with a bound that
is off by one, wherever the mistake was made, is a validator that these tests refuse.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.abc import InspectLoader
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

from shapespec.compiler import compile_spec
from shapespec.contract import schema as ir
from shapespec.contract.findings import FINDINGS
from shapespec.contract.judge import problem
from shapespec.contract.places import ITEMS, KEYS, VALUES
from shapespec.contract.timestamps import EPOCH_END, EPOCH_FIRST
from shapespec.patterns import translate
from shapespec.patterns.quick import quick
from shapespec.project.files import read_source
from shapespec.tools.samples import PlacedConstraint, Sampler
from shapespec.tools.samples.draw import need
from shapespec.tools.samples.settle import Wish
from shapespec.tools.samples.texts import matches, span, widths
from shapespec.tools.samples.violate import limit_of
from tests.support import FLAGSHIP


@dataclass(frozen=True)
class Probe:
    """A response and what the spec says of it: rules of findings and their pointers."""

    root: str
    limit: float
    response: Any
    expected: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Mutant:
    """A function with one bound changed.

    Attributes:
        test: The condition that the bound is part of.
        size: The size or number that is judged otherwise.
        stricter: Whether it is refused where it was accepted.
    """

    name: str
    function: FunctionType
    code: CodeType
    limit: float
    test: str
    size: float
    stricter: bool


@cache
def sampler() -> Sampler:
    return Sampler(compile_spec(read_source(FLAGSHIP)))


def module(name: str) -> ModuleType:
    return import_module(f"{sampler().package.__name__}.{name}")


# --- what the spec says ---------------------------------------------------------------


@cache
def probes() -> tuple[Probe, ...]:
    """Each bound met exactly and passed by one, and what lies at a bound unmatched."""
    return tuple(_probes())


def _probes() -> Iterator[Probe]:
    for root in sampler().schema.roots:
        for constraint in sampler().constraints(root):
            if constraint.is_bound:
                yield from _of_bound(root, constraint)


def _of_bound(root: str, constraint: PlacedConstraint) -> Iterator[Probe]:
    limit, _ = limit_of(constraint.site.shape, constraint.keyword)
    kept = sampler().accepted(root, constraint)
    assert kept is not None
    found = [Probe(root, limit, kept.response, frozenset(kept.entails))]
    broken = sampler().refused(root, constraint)
    if broken is not None:
        expected = frozenset({(constraint.rule, broken.pointer), *broken.entails})
        found.append(Probe(root, limit, broken.response, expected))
    yield from found
    if isinstance(constraint.site.shape, ir.Timestamp):
        for probe in found:
            yield replace(probe, response=_with_floats(probe.response))
    for probe in found:
        yield from _in_company(probe, constraint)
        yield from _alone(probe, constraint)
    yield from _texts(root, constraint, limit)


def _with_floats(value: Any) -> Any:
    """The same response, numbers of seconds with a decimal point."""
    match value:
        case dict():
            return {name: _with_floats(item) for name, item in value.items()}
        case list():
            return [_with_floats(item) for item in value]
        case int() if value <= EPOCH_FIRST or value >= EPOCH_END - 1:
            return float(value)
        case _:
            return value


def _alone(probe: Probe, constraint: PlacedConstraint) -> Iterator[Probe]:
    """What is at the bound, judged by its own shape, where that has a name."""
    shape = constraint.site.shape
    if not shape.named:
        return
    value, pointer = probe.response, ""
    for step in constraint.site.way:
        first = 0 if step == ITEMS else next(iter(value)) if step in _OF_MAPS else step
        pointer += f"/{first}"
        value = first if step == KEYS else value[first]
    expected = {
        (rule, place.removeprefix(pointer))
        for rule, place in probe.expected
        if (place == pointer or place.startswith(f"{pointer}/"))
        and rule in FINDINGS  # rules are those of what is around it
    }
    yield Probe(shape.id, probe.limit, value, frozenset(expected))


_OF_MAPS = (KEYS, VALUES)


def _texts(root: str, constraint: PlacedConstraint, limit: float) -> Iterator[Probe]:
    """Texts around a bound: some break the pattern, some are plainly right."""
    shape = constraint.site.shape
    if not isinstance(shape, ir.String):
        return
    if limit and limit not in span(shape):
        # No match is as long as the bound: the pattern is broken, the length is not.
        char = next(char for char in "!\n" if not matches(shape, char))
        text = char * int(limit)
        yield _with_text(root, constraint, limit, text, "pattern")
    if shape.pattern is None or quick(shape.pattern).method != "fullmatch":
        return
    plain = ir.String(id="$", pattern=translate(quick(shape.pattern).pattern))
    for size in (int(limit) - 1, int(limit), int(limit) + 1):
        sure = sampler().draw("plain").texts.of_length(plain, size)
        if sure is not None and matches(shape, sure):
            wrong = problem(sampler().schema, shape.id, sure)
            rule = "length" if wrong else None
            yield _with_text(root, constraint, limit, sure, rule)


def _with_text(
    root: str, constraint: PlacedConstraint, limit: float, text: str, rule: str | None
) -> Probe:
    wish = Wish(wanted=need(constraint.site.way))
    response = sampler().one(root, constraint.id, wish)
    pointer = _put(response, constraint.site.way, text)
    ours = {(rule, pointer)} if rule is not None else set()
    return Probe(root, limit, response, frozenset(ours | _notes(root, response)))


def _in_company(probe: Probe, constraint: PlacedConstraint) -> Iterator[Probe]:
    """The same with one more item or entry, where texts stand in a list or a map."""
    *above, last = constraint.site.way
    shape = constraint.site.shape
    if last not in (ITEMS, VALUES, KEYS) or not isinstance(shape, ir.String):
        return
    response = copy.deepcopy(probe.response)
    container = response
    for step in above:
        container = container[0 if step == ITEMS else step]
    more = sampler().draw("more").texts.of_length(shape, span(shape)[1])
    assert more is not None
    if isinstance(container, list):
        container.append(more)
    elif last == KEYS:
        container[more] = next(iter(container.values()))
    else:
        container[next(iter(container)) + "2"] = more
    expected = probe.expected | _notes(probe.root, response)
    again = replace(probe, response=response, expected=expected)
    if is_right(again):  # there may be room for one item alone
        yield again


def _notes(root: str, response: Any) -> frozenset[tuple[str, str]]:
    """Broken advice, which weighs nothing here."""
    return frozenset(
        (one.rule, one.pointer)
        for one in sampler().findings(response, root)
        if one.severity == "note"
    )


def _put(response: Any, way: tuple[str, ...], text: str) -> str:
    """Put a text where a way leads first; the pointer to it."""
    pointer = ""
    for step in way[:-1]:
        taken = 0 if step == ITEMS else next(iter(response)) if step == VALUES else step
        pointer += f"/{taken}"
        response = response[taken]
    if way[-1] == KEYS:
        response[text] = response.pop(next(iter(response)))
        return f"{pointer}/{text}"
    taken = {ITEMS: 0, VALUES: next(iter(response))}.get(way[-1], way[-1])
    response[taken] = text
    return f"{pointer}/{taken}"


# --- what is changed ------------------------------------------------------------------


def mutants(name: str) -> Iterator[Mutant]:
    """Every function of a module, with each number it compares with off by one."""
    loader = module(name).__loader__
    assert isinstance(loader, InspectLoader)
    source = loader.get_source(module(name).__name__)
    assert source is not None
    for function in ast.parse(source).body:
        if isinstance(function, ast.FunctionDef):
            for index, (number, *_) in enumerate(_numbers(function)):
                for change in (1, -1):
                    # The largest double is a bound that one more does not change.
                    if _value(number) + change != _value(number):
                        yield _mutant(name, function, index, change)


LEAST = {"line": 9, "lines": 2, "texts": 2, "list_of": 4, "line_map": 4}
"""Helpers that are told sizes: which argument is the least one."""


def _numbers(
    function: ast.FunctionDef,
) -> list[tuple[ast.Constant, ast.expr, ast.Compare | ast.Call]]:
    """Numbers in comparisons, and sizes: each with its operand and where it stands.

    Of a structure, that is what its members have to pass. Rules come behind that, and
    how many members there are, or what is relaxed, is asked of what is to be clean.
    """
    found: list[tuple[ast.Constant, ast.expr, ast.Compare | ast.Call]] = []
    for test in _tests(function):
        relaxed = {
            part
            for node in ast.walk(test)
            if isinstance(node, ast.IfExp) and ast.unparse(node.test) == "known is None"
            for part in ast.walk(node.orelse)
        }
        for node in ast.walk(test):
            if node in relaxed:
                continue
            if isinstance(node, ast.Compare):
                operands = [node.left, *node.comparators]
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in LEAST:
                operands = node.args
            else:
                continue
            if "len(value)" not in ast.unparse(node):
                found += [
                    (constant, operand, node)
                    for operand in operands
                    for constant in ast.walk(operand)
                    if isinstance(constant, ast.Constant)
                    and type(constant.value) in (int, float)
                ]
    return found


def _tests(function: ast.FunctionDef) -> list[ast.AST]:
    """What the members of a structure have to pass, one by one; else the function."""
    match [one for one in function.body if isinstance(one, ast.If)]:
        case [ast.If(test=ast.UnaryOp(ast.Not(), ast.BoolOp(ast.And(), tests))), *_]:
            return [*tests]
        case _ if function.name.startswith("doubts_"):
            return []
        case _:
            return [function]


def _value(number: ast.Constant) -> float:
    assert isinstance(number.value, int | float)
    return number.value


def _mutant(name: str, function: ast.FunctionDef, index: int, change: int) -> Mutant:
    changed = copy.deepcopy(function)
    number, operand, where = _numbers(changed)[index]
    tests = _tests(changed)
    at = next(at for at, test in enumerate(tests) if where in ast.walk(test))
    # The next test may be about the same value.
    test = " and ".join(
        ast.unparse(one)
        for one in tests[at : at + 2]
        if one is tests[at] or ":=" not in ast.unparse(one)
    )
    limit = _value(number)
    number.value = limit + change
    if operand is not number:  # it is negative
        limit, change = -limit, -change
    made = compile(ast.Module([changed], []), name, "exec")
    (code,) = (one for one in made.co_consts if isinstance(one, CodeType))
    if isinstance(where, ast.Call):
        least = where.args.index(operand) == LEAST[ast.unparse(where.func)]
    else:
        least = operand is where.left or isinstance(where.ops[0], ast.Gt | ast.GtE)
    stricter = least is (change > 0)
    return Mutant(
        f"{name}.{function.name}: {limit} {change:+} in {test}",
        getattr(module(name), function.name),
        code,
        limit,
        test,
        limit if stricter else limit + change,
        stricter,
    )


# --- who notices ----------------------------------------------------------------------


def ordered(limit: float) -> list[Probe]:
    """All probes, those about this very number first."""
    return sorted(probes(), key=lambda probe: probe.limit != limit)


def is_right(probe: Probe) -> bool:
    """Whether the findings are those that the spec calls for."""
    found = sampler().findings(probe.response, probe.root)
    return probe.expected == {(one.rule, one.pointer) for one in found}


def is_accepted(probe: Probe) -> bool:
    """Whether the fast path is sure of a response."""
    try:
        return bool(module("_accept").CHECKS[probe.root](probe.response))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return False


def survivors(
    name: str, judge: Callable[[Probe], bool], excuse: Callable[[Mutant], bool]
) -> list[str]:
    """The mutants of a module that no probe tells from what they were made of."""
    found = []
    for mutant in mutants(name):
        before = mutant.function.__code__
        mutant.function.__code__ = mutant.code
        try:
            noticed = not all(judge(probe) for probe in ordered(mutant.limit))
        finally:
            mutant.function.__code__ = before
        if not (noticed or excuse(mutant)):
            found.append(mutant.name)
    return found


def is_idle(mutant: Mutant) -> bool:
    """Whether a bound of the fast path decides nothing by itself.

    A number of seconds is looked at again as any moment. And a pattern beside it may
    know no text of that size.
    """
    if "sure_moment" in mutant.test:
        return True
    for constant, method in re.findall(r"(\w+_(MATCHES|BEGINS))\(", mutant.test):
        pattern = getattr(module("_accept"), constant).__self__.pattern
        low, high = widths(translate(pattern).regex)
        if mutant.size < low:
            return True
        if method == "MATCHES" and high is not None and mutant.size > high:
            return True
    return False


def is_idle_or_ruled(mutant: Mutant) -> bool:
    """Whether a rule decides what a bound of the fast path no longer does.

    A job that waits less than a second waits less than it may run.
    """
    wait = "'MaxWaitTimeInSeconds'"
    return is_idle(mutant) or (not mutant.stricter and wait in mutant.test)


def test_the_probes_are_judged_as_the_spec_says() -> None:
    """Nothing is changed, and every probe is judged right, on the fast path too."""
    wrong = [probe for probe in probes() if not is_right(probe)]
    refused = [
        probe
        for probe in probes()
        if is_accepted(probe)
        and not sampler().package.is_valid(probe.response, shape=probe.root)
    ]

    assert [] == wrong
    assert [] == refused


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The full validator looks at everything: no silent check spares it anything."""
    monkeypatch.setattr(module("validators"), "_stages", {})
    monkeypatch.setattr(module("validators"), "_silent", lambda _: (lambda *_: False,))
    monkeypatch.setattr(module("_full"), "CHECKS", None)


def rows() -> Iterator[tuple[str, Any, str, Any, float]]:
    """Every bound in the table of the contract, one more and one less.

    They are the row's name, the row, what it calls the bound, what that is to be, and
    what the bound was.
    """
    for name, part in module("_contract").SHAPES.items():
        for at, limit in enumerate(part.bounds):
            if limit == 0 and at == 0 and part.kind not in ("integer", "number"):
                continue  # no size is less
            for change in (1, -1):
                # The largest double is a bound that one more does not change.
                if limit is not None and limit + change != limit:
                    changed = [*part.bounds]
                    changed[at] = limit + change
                    yield name, part, "bounds", tuple(changed), limit
        for word in ("above", "below"):
            limit = getattr(part, word)
            if limit is not None:
                yield name, part, word, limit + 1, limit
                yield name, part, word, limit - 1, limit


@pytest.mark.usefixtures("alone")
def test_bounds_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bound of the table that is off by one changes the findings of some probe."""
    found = []
    assert all(map(is_right, probes()))
    for name, part, word, changed, limit in rows():
        with monkeypatch.context() as patched:
            patched.setattr(part, word, changed)
            patched.setattr(module("_findings"), "_MADE", {})

            if all(map(is_right, ordered(limit))):
                found.append(f"{name}: {word}={changed} in place of {limit}")

    assert len([*rows()]) > 200
    assert [] == found


@pytest.mark.usefixtures("alone")
def test_bounds_of_moments(monkeypatch: pytest.MonkeyPatch) -> None:
    """So do the first and the last second that a number can stand for."""
    forms = module("_form")
    assert probes()
    for name in ("FIRST", "END"):
        for change in (1, -1):
            with monkeypatch.context() as patched:
                patched.setattr(forms, name, getattr(forms, name) + change)

                assert not all(map(is_right, probes()))


def test_bounds_of_the_fast_path() -> None:
    """A bound that is off by one changes what the fast path is sure of."""
    sure = {id(probe): is_accepted(probe) for probe in probes()}

    assert [] == survivors(
        "_accept", lambda probe: is_accepted(probe) is sure[id(probe)], is_idle_or_ruled
    )
