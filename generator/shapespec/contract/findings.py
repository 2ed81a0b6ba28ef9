"""What every generated validator finds."""

from __future__ import annotations

FINDINGS = (
    "enum",
    "format",
    "length",
    "multiple-of",
    "pattern",
    "range",
    "required",
    "retired-value",
    "timestamp",
    "type",
    "union",
    "unique-items",
    "unknown-member",
    "unknown-value",
)
"""The ids of what every generated validator finds, whatever rules the spec adds."""
