"""Text as HTML: whatever it holds, a browser shows it and makes nothing else of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from shapespec.backends.reference import rich
from shapespec.backends.reference.rich import Code, Link, Rich, Strong, Target
from shapespec.ground.resources import TEMPLATES
from shapespec.ground.sinks.visible import visible, visible_lines

if TYPE_CHECKING:
    from jinja2 import Environment


class Html(str):
    """HTML that is finished; templates place it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


@cache
def environment() -> Environment:
    """Templates of HTML: every text is escaped unless this module made it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=True,
        finalize=_seen,
    )


def _seen(value: object) -> object:
    """What a template places: text in which each character shows, line by line."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return visible_lines(value)


class Writer:
    """Writes lines of text as HTML, with links as a page needs them."""

    def __init__(self, href: Callable[[Target], str | None]) -> None:
        """Write links as `href` says; a target without a place is text."""
        self._href = href

    def __call__(self, text: Rich) -> Html:
        """A line."""
        return Html("".join(map(self._piece, text)))

    def _piece(self, piece: rich.Piece) -> str:
        match piece:
            case str():
                return _shown(piece)
            case Code(text):
                return f"<code>{_shown(text)}</code>"
            case Strong(text):
                return f"<strong>{_shown(text)}</strong>"
            case Link(label, to):
                href = self._href(to)
                if href is None:
                    return self(label)
                return f'<a href="{escape(href)}">{self(label)}</a>'


def _shown(text: str) -> str:
    return escape(visible(text))


def script(name: str, value: object) -> str:
    """A script that hands data to the page: text that cannot end or begin anything."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f"globalThis.shapespec={{...globalThis.shapespec,{name}:{text}}};\n"
