"""Digits by which what a source says can be compared where a spec does not say it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

_DIGITS = 16


def digest_of(value: Any) -> str:
    """The digest of a JSON value, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
