"""The files beside a spec as JSON Schema, for editors: printed from what reads them."""

from __future__ import annotations

from collections.abc import Mapping

from shapespec.evidence.files import DECISIONS, EVIDENCE
from shapespec.evidence.history.files import HISTORY
from shapespec.ground.sinks.json_text import pages
from shapespec.language.grammar import Definitions, Record

_KINDS: Mapping[str, tuple[Record, str]] = {
    "decisions": (DECISIONS, "How disagreements between sources were settled."),
    "evidence": (EVIDENCE, "Facts that a source states about a contract."),
    "history": (
        HISTORY,
        "Facts that the releases of a service model stated, with their dates.",
    ),
}


def meta_schema(kind: str) -> str:
    """The JSON Schema 2020-12 of a kind of file, as text.

    Args:
        kind: `decisions`, `evidence` or `history`.
    """
    definitions: Definitions = {}
    record, about = _KINDS[kind]
    root = record.schema(definitions)
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"shapespec, {kind}",
        "description": about,
        **root,
        "$defs": dict(sorted(definitions.items())),
    }
    return pages(document) + "\n"
