"""The names of the targets, where asking for them loads no backend."""

from __future__ import annotations

TARGETS = ("json-schema", "dataclasses", "validators", "docs", "sql")
DEFAULT_TARGETS = ("json-schema", "dataclasses", "validators", "docs")
