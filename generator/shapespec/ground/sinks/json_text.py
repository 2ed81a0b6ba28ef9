"""JSON on one line, in ASCII, whatever is in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import LiteralString

from shapespec.ground.sinks.out import Escaped
from shapespec.ground.sinks.visible import visible

_PIECE = 500
"""How many items are in a piece of a list."""


def dumps(value: object, default: Callable[[object], object] | None = None) -> Escaped:
    """A value as JSON that any terminal, log or encoding passes on unchanged.

    `##[`, which begins a command of a workflow wherever it is, can only be in a string.
    """
    text = json.dumps(value, default=default).replace("\x7f", "\\u007f")
    return Escaped(text.replace("##[", "#\\u0023["))


def pages(value: object) -> str:
    """A value as JSON in many lines, to be read in a file."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return "\n".join(map(_escaped, text.split("\n")))


def _escaped(text: str) -> str:
    """JSON on one line in which each character shows; outside of strings all do."""
    if visible(text) == text:
        return text
    return "".join(
        char if visible(char) == char else json.dumps(char)[1:-1] for char in text
    )


def members(value: Mapping[str, object]) -> Escaped:
    """The members of an object, without its braces."""
    return Escaped(dumps(value)[1:-1])


def listing(items: Iterable[object]) -> Iterator[Escaped]:
    """A list in pieces, for it may be too long to be built."""
    texts = map(dumps, items)
    head = "["
    while some := [*islice(texts, _PIECE)]:
        yield Escaped(f"{head}{', '.join(some)}")
        head = ", "
    yield Escaped("[]" if head == "[" else "]")


def numbered(template: LiteralString, head: str, numbers: Iterable[int]) -> Escaped:
    """A line for each number: `template` with `head:number` in place of a `?`."""
    first, last = template.split("?")
    before = first + dumps(f"{head}:")[:-1]
    return Escaped("\n".join([f'{before}{number}"{last}' for number in numbers]))


def written(template: LiteralString, *values: Escaped) -> Escaped:
    """Pieces of JSON, each in the place of a `?` in text of ours."""
    first, *others = template.split("?")
    pairs = zip(values, others, strict=True)
    return Escaped(first + "".join(f"{value}{text}" for value, text in pairs))
