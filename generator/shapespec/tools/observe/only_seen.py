"""Values of enums that a spec has because responses had them, and no document does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from shapespec.contract import schema as ir
from shapespec.contract.places import Tree

_OBSERVED = "observe"


def only_seen(schema: ir.Schema) -> Mapping[str, frozenset[str]]:
    """By enum, the values that no source states but records of responses, or none.

    A record of responses has to have them, or nothing would say why they are in the
    spec. Where a spec names no evidence there are none.
    """
    if not schema.ledger.evidence:
        return {}
    tree = Tree(schema)
    stated: dict[str, set[str]] = defaultdict(set)
    given = [
        (fact.path, fact.value)
        for evidence in schema.ledger.evidence
        if evidence.source.kind != _OBSERVED
        for fact in evidence.facts
        if fact.kind in ("enum", "retired")
    ]
    given += [
        (path.value, decision.stands)
        for decision in schema.ledger.decisions
        if decision.kind in ("enum", "retired")
        for path in decision.paths
    ]
    for path, value in given:
        place = tree.find(path)
        if place is not None and isinstance(value, list):
            stated[place.shape.id].update(map(str, value))
    found = {
        shape.id: frozenset(one.value for one in shape.values) - stated[shape.id]
        for shape in schema.shapes.values()
        if isinstance(shape, ir.Enum)
    }
    return {name: values for name, values in found.items() if values}
