"""Numbers and words that options are made of, and nothing that takes time to load."""

from __future__ import annotations

MAX_RESPONSE_BYTES = 64 * 1024 * 1024
"""How many bytes a document or a line may have, unless told otherwise."""

MOST_JOBS = 256
"""How many processes somebody may ask for."""

TABLES = ("csv", "parquet", "arrow")
"""What a table can be in."""

FORMATS = ("json", "yaml", "ndjson", *TABLES)
"""What a file can be in."""

SEVERITIES = ("error", "warning", "note")
"""How much a finding weighs, the most first."""

REPORTS = ("text", "json", "github", "sarif", "junit", "gitlab")
"""How findings can be printed; see `render.py`."""
