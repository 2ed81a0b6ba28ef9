"""Checks that rules, derived values and notes speak of what there is."""

from __future__ import annotations

from collections.abc import Iterator

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


def check_rules(schema: ir.Schema) -> Iterator[Diagnostic]:
    """Faults in paths and in expressions, each with its place inside of them."""
    for shape in schema.shapes.values():
        if not isinstance(shape, ir.Structure):
            continue
        for rule in shape.rules:
            nowhere = [*_paths(schema, shape, rule)]
            yield from nowhere
            if nowhere:
                continue
            try:
                compile_rule(schema, shape, rule)
            except CelFault as fault:
                yield _diagnostic(fault, rule.cel, rule.cel_span)
        for derived in shape.derived:
            try:
                compile_derived(schema, shape, derived)
            except CelFault as fault:
                yield _diagnostic(fault, derived.cel, derived.cel_span)
        for note in shape.notes:
            yield from _path(schema, shape.id, note.at, note.at_span)


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
