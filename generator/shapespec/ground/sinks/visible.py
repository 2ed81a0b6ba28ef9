"""Text that shows each character it has."""

from __future__ import annotations

import re

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

# `str.isprintable` says no to controls, formats such as U+202E, and odd spaces. It says
# yes to these, which Unicode calls default-ignorable, so that they show nothing either.
# A selector of text or emoji style may follow a symbol or a digit.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0d\uffa0"
    "\U000e0100-\U000e01ef]"
    "|(?<![#*0-9\xa9\xae\u2000-\u32ff\U0001f000-\U0001faff])[\ufe0e\ufe0f]"
)


def visible(text: str) -> str:
    r"""The text on one line, with an escape for each character that does not show.

    What moves a cursor, turns the direction of writing or takes no room becomes an
    escape such as `\u202e`, and a line break becomes `\n`.
    """
    if text.isascii():
        return text if text.isprintable() else _escaped(text)
    if text.isprintable() and not _UNSEEN.search(text):
        return text
    return _UNSEEN.sub(lambda found: escape(found[0]), _escaped(text))


def visible_lines(text: str) -> str:
    """A text of several lines, each as `visible` has it."""
    return "\n".join(map(visible, text.split("\n")))


def escape(char: str) -> str:
    """A character as most languages escape it in a string."""
    number = ord(char)
    short = _SHORT.get(char)
    return short or (f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}")


def _escaped(text: str) -> str:
    return "".join(char if char.isprintable() else escape(char) for char in text)
