"""Importers: documents and service models to facts, models and schemas to specs.

One small package a format. Those that state facts have the same files: `parse.py`
reads a page into entries as written, `facts.py` makes facts of them, `types.py` says
what the format's words for types mean. Those that specs are made of have a `spec.py`,
which makes a draft (`shapespec.drafts`).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shapespec.importers.protocol import DocumentImporter, Importer

DOCUMENTS = (
    "aws-api-reference",
    "paws",
    "aws-cli",
    "aws-sdk-ruby",
    "datadog-ddsql",
)
"""The formats of pages."""

KINDS = (*DOCUMENTS, "botocore")
"""Every format that facts come from, the pages first."""

SCHEMAS = ("botocore", "json-schema", "openapi", "smithy")
"""The formats that specs are made of."""

FORMATS = (*KINDS, *(kind for kind in SCHEMAS if kind not in KINDS))
"""Every format."""


def find(kind: str) -> Importer:
    """The importer of one of `KINDS`; no other is loaded."""
    importer: Importer = _module(kind).importer
    return importer


def find_reader(kind: str) -> DocumentImporter:
    """The importer of one of `DOCUMENTS`; no other is loaded."""
    importer: DocumentImporter = _module(kind).importer
    return importer


def _module(kind: str) -> Any:
    return import_module(f"shapespec.importers.{kind.replace('-', '_')}")
