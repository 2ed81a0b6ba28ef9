"""Which operation of a description a request is: by its method and its path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from shapespec.importers.openapi.description import Description, Operation

_TEMPLATE = re.compile(r"\{[^{}/]*\}")
_REST = re.compile(r"\{(?:\w*path|ref|[+*]\w+|\w+[+*])\}", re.IGNORECASE)
"""What a template is called that stands for the rest of a path, slashes included."""

_LONGEST = 8000
"""Characters of a path that is looked up; a longer one is not one of a description."""


class _Route(NamedTuple):
    """A path of an operation, as it is matched.

    Attributes:
        order: Routes that are more exact come first: text before templates.
        parts: For each segment its text, or a pattern where it has templates.
        takes_rest: Whether the last segment may have slashes.
        operation: The operation.
    """

    order: tuple[int, ...]
    parts: tuple[str | re.Pattern[str], ...]
    takes_rest: bool
    operation: Operation


class Routes:
    """The operations of a description, by method and path."""

    def __init__(self, description: Description, bases: Iterable[str] = ()) -> None:
        """Routes below the paths of the servers, and below other `bases`, and none."""
        self._bases = tuple(base.strip("/") for base in bases)
        self._routes: dict[tuple[str, int], list[_Route]] = {}
        self._servers: dict[str, None] = {}
        for one in description.operations:
            if not one.webhook:
                self._servers |= dict.fromkeys(base.strip("/") for base in one.bases)
                route = _route(one)
                key = one.method, len(route.parts)
                self._routes.setdefault(key, []).append(route)
        for routes in self._routes.values():
            routes.sort(key=lambda one: one.order)

    def find(self, method: str, path: str) -> Operation | None:
        """The operation of a request; none where the description has none.

        Args:
            method: In any case.
            path: Of the URL, with or without the path of a server before it.
        """
        if len(path) > _LONGEST:
            return None
        for below in self._below(path.partition("?")[0].strip("/")):
            segments = tuple(map(unquote, below.split("/")))
            found = self._matching(method.upper(), segments)
            if found is not None:
                return found
        return None

    def _below(self, path: str) -> Iterator[str]:
        """The path below each base, the longest base first."""
        bases = {*self._servers, *self._bases, ""}
        for base in sorted(bases, key=len, reverse=True):
            if not base:
                yield path
            elif path == base or path.startswith(f"{base}/"):
                yield path[len(base) :].strip("/")

    def _matching(self, method: str, segments: tuple[str, ...]) -> Operation | None:
        for route in self._routes.get((method, len(segments)), ()):
            if _fits(route.parts, segments):
                return route.operation
        # No template has slashes, by the book; GitHub's `/contents/{path}` does.
        for length in range(len(segments) - 1, 1, -1):
            rest = (*segments[: length - 1], "/".join(segments[length - 1 :]))
            for route in self._routes.get((method, length), ()):
                if route.takes_rest and _fits(route.parts, rest):
                    return route.operation
        return None


def _route(operation: Operation) -> _Route:
    written = operation.path.partition("?")[0].partition("#")[0].strip("/").split("/")
    parts = tuple(map(_part, written))
    order = tuple(
        0 if isinstance(one, str) else 2 if _TEMPLATE.fullmatch(text) else 1
        for one, text in zip(parts, written, strict=True)
    )
    return _Route(order, parts, bool(_REST.fullmatch(written[-1])), operation)


def _part(text: str) -> str | re.Pattern[str]:
    if not _TEMPLATE.search(text):
        return text
    fixed = map(re.escape, _TEMPLATE.split(text))
    return re.compile("(?s:.+?)".join(fixed))


def _fits(parts: tuple[str | re.Pattern[str], ...], segments: tuple[str, ...]) -> bool:
    for part, segment in zip(parts, segments, strict=True):
        if isinstance(part, str):
            if part != segment:
                return False
        elif part.fullmatch(segment) is None:
            return False
    return True
