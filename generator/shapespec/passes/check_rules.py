"""Checks that rules and derived values are CEL that means something."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec import schema as ir
from shapespec.cel import CelFault, compile_derived, compile_rule
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.passes.check_traits import part_of
from shapespec.source import Located, Span


def check_rules(schema: ir.Schema) -> Iterator[Diagnostic]:
    """Faults in expressions, each with its place inside the expression."""
    for shape in schema.shapes.values():
        if not isinstance(shape, ir.Structure):
            continue
        for rule in shape.rules:
            try:
                compile_rule(schema, shape, rule)
            except CelFault as fault:
                yield _diagnostic(fault, rule.cel, rule.cel_span)
        for derived in shape.derived:
            try:
                compile_derived(schema, shape, derived)
            except CelFault as fault:
                yield _diagnostic(fault, derived.cel, derived.cel_span)


_FAULTS = {
    "cel-syntax": catalogue.cel_syntax,
    "cel-name": catalogue.cel_name,
    "cel-type": catalogue.cel_type,
    "cel-unsupported": catalogue.cel_unsupported,
}


def _diagnostic(fault: CelFault, cel: str, span: Span) -> Diagnostic:
    at = part_of(Located(cel, span), fault.place.start, fault.place.end)
    return _FAULTS[fault.rule](fault, at)
