"""A contract in another language as one side: it is imported, and then a spec."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from shapespec.ground.errors import Unusable
from shapespec.ground.source import SourceFile
from shapespec.project.files import MAX_SPEC_BYTES
from shapespec.tools.diff.model import Side, Stated, StatedContract, StatedPlace
from shapespec.tools.diff.spec_side import spec_side


def is_schema(keys: frozenset[str]) -> bool:
    """Whether a file with these keys is a JSON Schema."""
    from shapespec.importers.json_schema.parts import SAYING

    return bool(keys & (SAYING | {"$schema", "$defs", "definitions"}))


def schema_side(named: str) -> Side:
    """A JSON Schema as a side.

    Raises:
        Unusable: It cannot be read, or nothing in it can be the root of a spec.
        Faults: It is malformed.
    """
    from shapespec.drafts import finish
    from shapespec.importers.json_schema.files import read_schema
    from shapespec.importers.json_schema.spec import draft

    file = read_schema(named, MAX_SPEC_BYTES)
    # Shapes without a title are called after the file, which is no part of a contract.
    same = file._replace(name=f"contract{Path(file.name).suffix}")
    try:
        text = finish(draft(same)).text
    except Unusable as wrong:
        raise Unusable(f"{named}: {wrong}") from None
    return imported_side(named, text)


def imported_side(named: str, text: str) -> Side:
    """A spec that was made of something else as a side, which is stated there.

    Raises:
        Unusable: Nothing in it can be compared.
    """
    from shapespec.compiler import compile_spec

    side = spec_side(compile_spec(SourceFile(named, text)), named)
    if not side.contracts:
        raise Unusable(f"{named} has neither an operation nor a root")
    contracts = tuple(_stated_in(named, one) for one in side.contracts)
    return replace(side, contracts=contracts)


def _stated_in(named: str, contract: StatedContract) -> StatedContract:
    """A contract whose places are the source, not lines of a spec that is not there."""
    nodes = {path: _node(named, one) for path, one in contract.nodes.items()}
    return replace(contract, nodes=nodes)


def _node(named: str, node: StatedPlace) -> StatedPlace:
    facts: dict[str, Any] = {
        kind: Stated(one.value, named) for kind, one in node.facts.items()
    }
    return replace(node, place=named, facts=facts)
