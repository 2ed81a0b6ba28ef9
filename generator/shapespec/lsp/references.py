"""Where a spec names its shapes, with the place of each name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shapespec.diagnostics.model import Faults
from shapespec.ground.source import SourceFile, Span
from shapespec.language.yaml_tree import Mapping, Node, Scalar, Sequence, compose
from shapespec.lsp.language import is_reference
from shapespec.lsp.outline import ITEM, Path


class Named(NamedTuple):
    """A name of a shape where it stands; with quotes, without them.

    Attributes:
        name: The name, without a namespace.
        span: Where it is, without a namespace.
        defines: Whether the shape is defined there.
        space: The namespace of the file that it is imported from; empty for none.
    """

    name: str
    span: Span
    defines: bool
    space: str = ""


def names(source: SourceFile) -> list[Named]:
    """Every name of a shape in a document; none where it is not well-formed."""
    try:
        return [*dict.fromkeys(_names(compose(source), ()))]
    except Faults:
        return []


def _names(node: Node, path: Path) -> Iterator[Named]:
    match node:
        case Scalar(text=text, span=span):
            if is_reference(path):
                space, _, name = text.rpartition(".")
                whole = _inner(text, span)
                last = whole._replace(start=whole.end - len(name))
                yield Named(name, last, defines=False, space=space)
        case Sequence(items=items):
            for item in items:
                yield from _names(item, (*path, ITEM))
        case Mapping(entries=entries):
            for key, value in entries:
                name = key.text
                if path == ("shapes",):
                    yield Named(name, _inner(name, key.span), defines=True)
                if path == ("samples", "values"):
                    shape = name.partition(".")[0]
                    start = _inner(name, key.span).start
                    span = key.span._replace(start=start, end=start + len(shape))
                    yield Named(shape, span, defines=False)
                yield from _names(value, (*path, name))


def _inner(text: str, span: Span) -> Span:
    """The place of a name within its quotes."""
    written = span.file.text[span.start : span.end]
    found = re.search(re.escape(text), written)
    if found is None:
        return span
    return span._replace(start=span.start + found.start(), end=span.start + found.end())
