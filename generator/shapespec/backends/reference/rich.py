r"""Text with a little structure: plain text, code, links to parts of the contract.

The text of a spec is plain but for one thing: `code` between backticks stays code. How
a piece is escaped, and where a link leads, is up to whoever writes it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, TypeAlias

from shapespec.ground.sinks.visible import visible
from shapespec.records import dataclass

Kind: TypeAlias = Literal[
    "decision",
    "derived",
    "form",
    "member",
    "note",
    "operation",
    "rule",
    "shape",
    "source",
    "value",
]


@dataclass(frozen=True, slots=True)
class Target:
    """A part of the contract that has a place of its own.

    Attributes:
        kind: What it is.
        of: The shape that it belongs to, or its own name.
        name: Its name within that shape.
    """

    kind: Kind
    of: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """Text as a program has it."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Text that a reader looks for."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to a part of the contract."""

    label: Rich
    to: Target


Piece: TypeAlias = "str | Code | Strong | Link"
Rich: TypeAlias = tuple[Piece, ...]
"""One line of text."""

_TICKS = re.compile(r"(`+)")
_ODD_SPACE = re.compile(r"^ |(?<= ) | $")
_SENTENCE_END = re.compile(r"[.!?](?= )")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|incl)|\b[A-Z])\.$")


def line(*parts: Piece | Rich) -> Rich:
    """Pieces and lines, one after the other."""
    found: list[Piece] = []
    for part in parts:
        if isinstance(part, tuple):
            found += part
        elif part != "":
            found.append(part)
    return tuple(found)


def join(joint: str, lines: Iterable[Rich]) -> Rich:
    """Lines with a text between them; empty ones are left out."""
    found: list[Piece] = []
    for one in lines:
        if one:
            found += [joint, *one] if found else one
    return tuple(found)


def words(items: Iterable[Rich], last: str = "and") -> Rich:
    """Items as a list in a sentence: "a, b and c"."""
    *most, final = items
    return line(join(", ", most), f" {last} ", final) if most else final


def code(content: str) -> Rich:
    """Code alone."""
    return (Code(content),)


def link(label: str, to: Target) -> Rich:
    """A link whose label is text."""
    return (Link((label,), to),)


def plain(rich: Rich) -> str:
    """The text alone."""
    found = []
    for piece in rich:
        match piece:
            case str():
                found.append(piece)
            case Code(text) | Strong(text):
                found.append(text)
            case Link(label):
                found.append(plain(label))
    return "".join(found)


# --- the text of specs ----------------------------------------------------------------


def prose(doc: str | None) -> tuple[Rich, ...]:
    """The paragraphs of a doc."""
    return tuple(inline(part) for part in (doc or "").split("\n\n") if part.strip())


def sentence(doc: str | None) -> Rich:
    """The first sentence of a doc: what stands in lists and tables."""
    first = (doc or "").strip().split("\n\n", 1)[0]
    start, in_code = 0, False
    for end in _SENTENCE_END.finditer(first):
        in_code ^= len(_TICKS.findall(first, start, end.end())) % 2 == 1
        start = end.end()
        goes_on = first[start + 1 : start + 2].islower()
        shortened = _ABBREVIATION.search(first, max(0, start - 8), start)
        if not (in_code or goes_on or shortened):
            return inline(first[:start])
    return inline(first)


def inline(doc: str) -> Rich:
    """A doc on one line, its code kept as code."""
    parts = _TICKS.split(" ".join(doc.split()))  # text, backticks, text, … text
    closing: dict[int, int] = {}
    following: dict[int, int] = {}
    for index in range(len(parts) - 2, 0, -2):
        width = len(parts[index])
        if width in following:
            closing[index] = following[width]
        following[width] = index
    found: list[Piece] = [parts[0]]
    index = 1
    while index < len(parts):
        end = closing.get(index)
        if end is None:
            found.append(parts[index] + parts[index + 1])
            index += 2
        else:
            found.append(Code("".join(parts[index + 1 : end]).strip() or " "))
            found.append(parts[end + 1])
            index = end + 2
    return tuple(_merged(found))


def _merged(pieces: Iterable[Piece]) -> Iterable[Piece]:
    """The same pieces, with neighbouring texts as one and empty ones left out."""
    text = ""
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
            continue
        if text:
            yield text
            text = ""
        yield piece
    if text:
        yield text


def name(wire: str) -> str:
    """A name of the spec as people should see it; no two names look the same."""
    return _quoted(wire) if wire.startswith('"') else value(wire)


def value(wire: str) -> str:
    """Text as people should see it: as JSON where it would not be seen as it is."""
    if wire and visible(wire) == wire and not _ODD_SPACE.search(wire):
        return wire
    return _quoted(wire)


def block(content: str) -> str:
    """The lines of a block of code."""
    lines = content.expandtabs(4).splitlines()
    return "\n".join(visible(one).rstrip() for one in lines).strip("\n")


def _quoted(wire: str) -> str:
    quoted = visible(wire.replace("\\", "\\\\").replace('"', '\\"'))
    return '"' + _ODD_SPACE.sub(r"\\u0020", quoted) + '"'
