"""JSON on one line, in ASCII, whatever is in it."""

from __future__ import annotations

import json
from collections.abc import Callable

from shapespec.ground.sinks.out import Finished


def dumps(value: object, default: Callable[[object], object] | None = None) -> Finished:
    """A value as JSON that any terminal, log or encoding passes on unchanged."""
    return Finished(json.dumps(value, default=default).replace("\x7f", "\\u007f"))
