"""Texts as literals of Python."""

from __future__ import annotations


def literal(text: str) -> str:
    """A text as a Python literal, in double quotes where that needs no more escapes.

    Whatever the text holds, the literal is one line of ASCII and nothing but a string.
    """
    written = ascii(text)
    if written[0] == "'" and '"' not in text:
        written = '"' + written[1:-1].replace("\\'", "'") + '"'
    return written
