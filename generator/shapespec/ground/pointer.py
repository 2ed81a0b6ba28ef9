"""JSON Pointers, RFC 6901: the way to a value as text."""

from __future__ import annotations

from collections.abc import Iterable


def steps(pointer: str) -> list[str]:
    """The names and indexes that a pointer is made of, as they are in the value."""
    parts = pointer.split("/")[1:]
    return [unescaped(part) for part in parts] if "~" in pointer else parts


def pointer_to(way: Iterable[str | int]) -> str:
    """The pointer to a value, from the names and indexes that lead to it."""
    found = ""
    for step in way:
        found += f"/{escaped(str(step))}"
    return found


def escaped(name: str) -> str:
    """A name as a pointer writes it."""
    if "~" in name or "/" in name:
        return name.replace("~", "~0").replace("/", "~1")
    return name


def unescaped(step: str) -> str:
    """The name that a step of a pointer stands for."""
    return step.replace("~1", "/").replace("~0", "~")
