"""The names of the targets; apart, so that asking for them loads no backend."""

from __future__ import annotations

TARGETS = ("json-schema", "dataclasses", "validators", "docs")
DEFAULT_TARGETS = ("json-schema", "dataclasses", "validators", "docs")
