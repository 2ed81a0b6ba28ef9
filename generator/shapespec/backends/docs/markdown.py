r"""Markdown that shows exactly a given text, whatever the text holds.

What these functions return is one line and finished: a renderer of CommonMark, with
GitHub's tables or without, shows the text and makes nothing else of it. The text of a
spec is plain but for one thing: `code` between backticks stays code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from shapespec.backends.docs import view
from shapespec.ground.sinks.visible import visible

_INLINE = re.compile(
    r"[\\`*\[\]<~$]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # inside a word, as in snake_case, it is no mark
    r"|(?<!\S)#"  # at the end of a heading, `#` would vanish
    r"|&(?=#?\w+;)"
    r"|:(?=//)|(?<=[Ww]{3})\."  # addresses would become links
)
_START = re.compile(r"^(?=[-+](?:\s|$)|--|>)|^\d+(?=[.)](?:\s|$))")
_TICKS = re.compile(r"(`+)")
_SPAN = re.compile(r"\\.|(`+)(?!`) ?(.+?) ?(?<!`)\1(?!`)")
_ODD_SPACE = re.compile(r"^ |(?<= ) | $")
_SENTENCE_END = re.compile(r"[.!?](?= )")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|incl)|\b[A-Z])\.$")


def text(plain: str) -> str:
    """Text that stands anywhere, at the start of a line too."""
    return _START.sub(r"\g<0>\\", _escaped(plain))


def prose(doc: str | None) -> tuple[str, ...]:
    """The paragraphs of a doc."""
    return tuple(inline(part) for part in (doc or "").split("\n\n") if part.strip())


def sentence(doc: str | None) -> str:
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


def inline(doc: str) -> str:
    """A doc on one line, its code kept as code."""
    parts = _TICKS.split(" ".join(doc.split()))  # text, backticks, text, … text
    closing: dict[int, int] = {}
    following: dict[int, int] = {}
    for index in range(len(parts) - 2, 0, -2):
        width = len(parts[index])
        if width in following:
            closing[index] = following[width]
        following[width] = index
    found = [text(parts[0])]
    index = 1
    while index < len(parts):
        end = closing.get(index)
        if end is None:
            found.append(_escaped(parts[index] + parts[index + 1]))
            index += 2
        else:
            found.append(code("".join(parts[index + 1 : end]).strip() or " "))
            found.append(_escaped(parts[end + 1]))
            index = end + 2
    return "".join(found)


def code(content: str) -> str:
    """A code span."""
    shown = visible(content)
    fence = _fence(shown, 1)
    edges = shown[:1] + shown[-1:]
    pad = " " if "`" in edges or (edges == "  " and shown.strip()) else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def name(wire: str) -> str:
    """A name of the spec as people should see it; no two names look the same."""
    return _quoted(wire) if wire.startswith('"') else value(wire)


def value(wire: str) -> str:
    """Text as people should see it: as JSON where it would not be seen as it is."""
    if wire and visible(wire) == wire and not _ODD_SPACE.search(wire):
        return wire
    return _quoted(wire)


def block(content: str) -> tuple[str, str]:
    """The lines of a code block, and a fence that nothing in them can close."""
    lines = content.expandtabs(4).splitlines()
    shown = "\n".join(visible(line).rstrip() for line in lines).strip("\n")
    return shown, _fence(shown, 3)


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> view.Table:
    """A table of finished cells."""
    return view.Table(
        columns=tuple(columns),
        rows=tuple(tuple(map(_cell, row)) for row in rows),
    )


def filled_table(columns: Mapping[str, Sequence[str]]) -> view.Table:
    """A table given by columns, without those that have nothing in them."""
    filled = {title: cells for title, cells in columns.items() if any(cells)}
    return table(filled, zip(*filled.values(), strict=True))


def link(label: str, target: str) -> str:
    """A link; label and target are finished."""
    return f"[{label}]({target})"


def words(items: Iterable[str], last: str = "and") -> str:
    """Items as a list in a sentence: "a, b and c"."""
    *most, final = items
    return f"{', '.join(most)} {last} {final}" if most else final


def comment(plain: str) -> str:
    """A comment, which a reader of the page never sees."""
    shown = visible(plain).replace("<", "&lt;").replace(">", "&gt;")
    return f"<!-- {shown} -->"


def slug(heading: str) -> str:
    """The anchor that GitHub gives to a heading, whose text is given unescaped."""
    return "".join(
        "-" if char == " " else char for char in heading.lower() if _in_anchor(char)
    )


def _cell(finished: str) -> str:
    """Finished Markdown with its pipes escaped, inside code too, as tables want it.

    Parsers differ on `\\|` in code, so code with that in it becomes text.
    """
    if "\\|" in finished:
        finished = _SPAN.sub(
            lambda span: text(span[2]) if "\\|" in (span[2] or "") else span[0],
            finished,
        )
    return finished.replace("|", "\\|")


def _quoted(wire: str) -> str:
    quoted = visible(wire.replace("\\", "\\\\").replace('"', '\\"'))
    return '"' + _ODD_SPACE.sub(r"\\u0020", quoted) + '"'


def _escaped(plain: str) -> str:
    return _INLINE.sub(r"\\\g<0>", visible(plain))


def _fence(shown: str, least: int) -> str:
    longest = max((len(run) for run in _TICKS.findall(shown)), default=0)
    return "`" * max(least, longest + 1)


def _in_anchor(char: str) -> bool:
    if char.isascii():
        return char.isalnum() or char in "-_ "
    category = unicodedata.category(char)
    return category[0] in "LM" or category in ("Nd", "Nl", "Pc")
