r"""Markdown that shows exactly a given text, whatever the text holds.

What these functions return is one line and finished: a renderer of CommonMark, with
GitHub's tables or without, shows the text and makes nothing else of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from shapespec.backends.docs import view
from shapespec.backends.reference import rich
from shapespec.backends.reference.rich import Code, Link, Rich, Strong, Target
from shapespec.ground.sinks.visible import visible

_INLINE = re.compile(
    r"[\\`*\[\]<~$]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # inside a word, as in snake_case, it is no mark
    r"|(?<!\S)#"  # at the end of a heading, `#` would vanish
    r"|&(?=#?\w+;)"
    r"|:(?=//)|(?<=[Ww]{3})\."  # addresses would become links
)
_START = re.compile(r"^(?=[-+](?:\s|$)|--|>)|^\d+(?=[.)](?:\s|$))")
_NOT_IN_ANCHOR = re.compile("[^a-z0-9_ -]+")
_TICKS = re.compile(r"(`+)")
_SPAN = re.compile(r"\\.|(`+)(?!`) ?(.+?) ?(?<!`)\1(?!`)")


def written(line: Rich, href: Callable[[Target], str | None]) -> str:
    """A line as Markdown; a link whose target has no place is its label alone."""
    found = ""
    for piece in line:
        match piece:
            case str():
                found += _escaped(piece) if found else text(piece)
            case Code(content):
                found += code(content)
            case Strong(content):
                found += f"**{text(content)}**"
            case Link(label, to):
                target = href(to)
                shown = written(label, href)
                found += shown if target is None else link(shown, target)
    return found


@lru_cache(maxsize=4096)
def text(plain: str) -> str:
    """Text that stands anywhere, at the start of a line too."""
    shown = _escaped(plain)
    mark = _START.match(shown)
    return f"{mark[0]}\\{shown[mark.end() :]}" if mark else shown


@lru_cache(maxsize=4096)
def code(content: str) -> str:
    """A code span."""
    shown = visible(content)
    fence = _fence(shown, 1)
    edges = shown[:1] + shown[-1:]
    pad = " " if "`" in edges or (edges == "  " and shown.strip()) else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def block(content: str, language: str) -> view.CodeBlock:
    """A block of code, with a fence that nothing in it can close."""
    shown = rich.block(content)
    return view.CodeBlock(lines=shown, fence=_fence(shown, 3), language=language)


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


def anchor(name: str) -> str:
    """A place that links can lead to, which readers do not see."""
    return f'<a id="{name}"></a>'


def comment(plain: str) -> str:
    """A comment, which a reader of the page never sees."""
    shown = visible(plain).replace("<", "&lt;").replace(">", "&gt;")
    return f"<!-- {shown} -->"


@lru_cache(maxsize=4096)
def slug(heading: str) -> str:
    """The anchor that GitHub gives to a heading, whose text is given unescaped."""
    lowered = heading.lower()
    if lowered.isascii():
        return _NOT_IN_ANCHOR.sub("", lowered).replace(" ", "-")
    return "".join("-" if char == " " else char for char in lowered if _in_anchor(char))


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


@lru_cache(maxsize=4096)
def _escaped(plain: str) -> str:
    return _INLINE.sub(_behind_backslash, visible(plain))


def _behind_backslash(mark: re.Match[str]) -> str:
    return f"\\{mark[0]}"


def _fence(shown: str, least: int) -> str:
    if "`" not in shown:
        return "`" * least
    longest = max((len(run) for run in _TICKS.findall(shown)), default=0)
    return "`" * max(least, longest + 1)


def _in_anchor(char: str) -> bool:
    if char.isascii():
        return char.isalnum() or char in "-_ "
    category = unicodedata.category(char)
    return category[0] in "LM" or category in ("Nd", "Nl", "Pc")
