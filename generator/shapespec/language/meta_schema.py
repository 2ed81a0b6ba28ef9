"""The language as JSON Schema, for editors: printed from what reads the specs."""

from __future__ import annotations

from shapespec.ground.sinks.json_text import pages
from shapespec.language.grammar import Definitions
from shapespec.language.surface import LANGUAGE_VERSION, SPEC


def meta_schema() -> str:
    """The text of `spec/shapespec.schema.json`, JSON Schema 2020-12."""
    definitions: Definitions = {}
    root = SPEC.schema(definitions)
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"shapespec, version {LANGUAGE_VERSION} of the language",
        "description": "One contract: operations, shapes, forms.",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }
    return pages(document) + "\n"
