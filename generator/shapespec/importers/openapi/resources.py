"""Schemas of a description that have a URI or an anchor of their own, since 3.1."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from shapespec.ground.pointer import steps
from shapespec.records import dataclass

if TYPE_CHECKING:
    from shapespec.importers.openapi.files import Place

_DATA = ("const", "default", "enum", "example", "examples", "value", "dataValue")
_ANCHORS = ("$anchor", "$dynamicAnchor")


@dataclass(slots=True)
class Resources:
    """What references can name without a pointer, in all files that have been read.

    Attributes:
        ids: The schemas that have an `$id`, by their URIs.
        anchors: Those that have an anchor, by its file or URI, and its name.
    """

    ids: dict[str, Place] = field(default_factory=dict[str, "Place"])
    anchors: dict[tuple[str, str], Place] = field(
        default_factory=dict[tuple[str, str], "Place"]
    )

    def add(self, root: Place, text: str) -> None:
        """Look for names in a file, if there can be any in its text."""
        if not any(word in text for word in ("$id", "$self", "nchor")):
            return
        own = root.value.get("$self") if isinstance(root.value, dict) else None
        if isinstance(own, str):
            self.ids.setdefault(own.rstrip("#"), root)
        pending = [(root, root.file)]
        while pending:
            at, base = pending.pop()
            for name, one in at.members():
                if name == "$id" and isinstance(one.value, str):
                    base = _within(base, root.file, one.value)
                    self.ids.setdefault(base, at)
            for name, one in at.members():
                if name in _ANCHORS and isinstance(one.value, str):
                    self.anchors.setdefault((base, one.value), at)
                elif name not in _DATA:
                    pending.append((one, base))
            pending += ((one, base) for one in at.items())

    def base(self, root: Place, at: Place) -> str:
        """The URI of the schema around a place that has one; else its file."""
        found, value, way = root.file, root.value, steps(at.pointer)
        for step in (*way, None):
            own = value.get("$id") if isinstance(value, dict) else None
            if isinstance(own, str):
                found = _within(found, root.file, own)
            if step is None:
                break
            value = value[int(step)] if isinstance(value, list) else value[step]
        return found

    def find(self, root: Place, reference: str, at: Place) -> tuple[Place, str] | None:
        """What a reference names, and the rest of it: a pointer from there.

        Args:
            root: The file that it stands in.
            reference: The reference.
            at: The schema that it stands in.

        Returns:
            None where it is the path of a file, or a pointer into one.
        """
        if not self.ids and not self.anchors:
            return None
        name, _, fragment = reference.partition("#")
        around = self.base(root, at)
        uri = _within(around, root.file, name) if name else around
        if fragment and not fragment.startswith("/"):
            found = self.anchors.get((uri, fragment))
            return None if found is None else (found, "")
        found = self.ids.get(uri)
        if found is None or (not name and not _leads(found, fragment)):
            return None
        return found, fragment


def _within(base: str, file: str, name: str) -> str:
    """A URI that is relative to another one; a file is none."""
    return name.partition("#")[0] if base == file else urljoin(base, name.rstrip("#"))


def _leads(at: Place, fragment: str) -> bool:
    value = at.value
    for step in steps(fragment):
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return False
    return True
