"""Rules across members as keywords of JSON Schema."""

from __future__ import annotations

from shapespec import cel
from shapespec.cel.keywords import Keywords, item_keywords, keywords
from shapespec.contract import schema as ir


def rule_keywords(schema: ir.Schema, shape: ir.Structure, rule: ir.Rule) -> Keywords:
    """A schema for the structures that do not break a rule.

    Raises:
        NotSayable: JSON Schema cannot say it.
    """
    node = cel.read(rule.cel)
    if rule.each is None:
        return keywords(schema, shape.id, node)
    item = cel.variables(schema, shape, rule)["item"]
    said = [
        _conditional(
            one.condition,
            _at_each(rule.each, one.then),
            _at_each(rule.each, one.otherwise),
        )
        for one in item_keywords(schema, shape.id, item, node)
    ]
    return said[0] if len(said) == 1 else {"allOf": [*said]}


def _conditional(condition: Keywords, then: Keywords, otherwise: Keywords) -> Keywords:
    if not condition:
        return then
    found = {"if": condition, "then": then, "else": otherwise}
    return {word: branch for word, branch in found.items() if branch}


def _at_each(path: str, items: Keywords) -> Keywords:
    """A schema for the structures of whose list every item is right."""
    if not items:
        return {}
    found: Keywords = {"items": items}
    for step in reversed(cel.steps(path)):
        found = {"properties": {step.name: {"items": found} if step.items else found}}
    return found
