"""Compiles rules and derived values, and checks that these and notes lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from shapespec.cel import (
    CelFault,
    PathFault,
    compile_derived,
    compile_rule,
    follow,
    items,
)
from shapespec.contract import schema as ir
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located, Span
from shapespec.passes.check_traits import part_of


class WithRules(NamedTuple):
    """A schema whose rules and derived values have their code, and what is wrong.

    What is wrong is not compiled.
    """

    schema: ir.Schema
    faults: tuple[Diagnostic, ...]


def compile_rules(schema: ir.Schema) -> WithRules:
    """Compile every expression, once; each fault has its place inside of it."""
    faults: list[Diagnostic] = []
    shapes = dict(schema.shapes)
    for shape in schema.shapes.values():
        if isinstance(shape, ir.Structure):
            shapes[shape.id] = _structure(schema, shape, faults)
    whole = replace(schema, shapes=MappingProxyType(shapes))
    return WithRules(whole, tuple(faults))


def _structure(
    schema: ir.Schema, shape: ir.Structure, faults: list[Diagnostic]
) -> ir.Structure:
    rules = tuple(_rule(schema, shape, rule, faults) for rule in shape.rules)
    derived = tuple(_derived(schema, shape, one, faults) for one in shape.derived)
    for note in shape.notes:
        faults += _path(schema, shape.id, note.at, note.at_span)
    return replace(shape, rules=rules, derived=derived)


def _rule(
    schema: ir.Schema, shape: ir.Structure, rule: ir.Rule, faults: list[Diagnostic]
) -> ir.Rule:
    nowhere = [*_paths(schema, shape, rule)]
    faults += nowhere
    if nowhere:
        return rule
    try:
        return replace(rule, code=compile_rule(schema, shape, rule))
    except CelFault as fault:
        faults.append(_diagnostic(fault, rule.cel, rule.cel_span))
        return rule


def _derived(
    schema: ir.Schema, shape: ir.Structure, one: ir.Derived, faults: list[Diagnostic]
) -> ir.Derived:
    try:
        return replace(one, code=compile_derived(schema, shape, one))
    except CelFault as fault:
        faults.append(_diagnostic(fault, one.cel, one.cel_span))
        return one


def _paths(
    schema: ir.Schema, shape: ir.Structure, rule: ir.Rule
) -> Iterator[Diagnostic]:
    """Where `each` and `at` of a rule lead nowhere."""
    start = shape.id
    if rule.each is not None and rule.each_span is not None:
        try:
            start = items(schema, start, rule.each)
        except PathFault as fault:
            yield _nowhere(fault, rule.each, rule.each_span)
            return
    yield from _path(schema, start, rule.at, rule.at_span)


def _path(
    schema: ir.Schema, start: str, path: str | None, span: Span | None
) -> Iterator[Diagnostic]:
    if path is not None and span is not None:
        try:
            follow(schema, start, path)
        except PathFault as fault:
            yield _nowhere(fault, path, span)


def _nowhere(fault: PathFault, path: str, span: Span) -> Diagnostic:
    at = part_of(Located(path, span), fault.start, fault.end)
    step = path[fault.start : fault.end]
    return catalogue.unknown_path(path, at, fault.message, step, fault.known)


_FAULTS = {
    "cel-syntax": catalogue.cel_syntax,
    "cel-unknown-name": catalogue.cel_unknown_name,
    "cel-type": catalogue.cel_type,
    "cel-unsupported": catalogue.cel_unsupported,
}


def _diagnostic(fault: CelFault, cel: str, span: Span) -> Diagnostic:
    at = part_of(Located(cel, span), fault.place.start, fault.place.end)
    return _FAULTS[fault.rule](fault.message, at, fault.help)
