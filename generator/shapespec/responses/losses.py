"""What of a response does not come back from a form that was written and read again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

_ABSENT = object()


def losses(before: Any, after: Any) -> Iterator[str]:
    """Where two responses differ, without indices and keys, and what was lost there.

    Args:
        before: The response, with datetimes.
        after: The same after a form was written and read.
    """
    pending: list[tuple[str, Any, Any]] = [("", before, after)]
    while pending:
        path, one, other = pending.pop()
        if isinstance(one, dict) and isinstance(other, dict):
            for name in reversed([*one, *(name for name in other if name not in one)]):
                at = f"{path}.{name}" if path else str(name)
                item = one.get(name, _ABSENT)
                pending.append((at, item, other.get(name, _ABSENT)))
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                yield f"{path} (items)"
            pairs = [*zip(one, other, strict=False)]
            pending += ((f"{path}[]", *pair) for pair in reversed(pairs))
        elif one != other:
            yield f"{path} ({_what(one, other)})"


def _what(one: Any, other: Any) -> str:
    """What was lost, in words."""
    if other is _ABSENT and one in ([], {}, "", None):
        kinds = (("list", list), ("object", dict), ("string", str))
        found = (f"an empty {name}" for name, kind in kinds if isinstance(one, kind))
        return next(found, "null")
    if isinstance(one, datetime) and isinstance(other, datetime):
        return "less than a millisecond"
    return "all of it" if other is _ABSENT else "a part of it"
