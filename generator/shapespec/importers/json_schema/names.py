"""Names for what a schema leaves nameless: in ASCII, and readable."""

from __future__ import annotations

import re
import unicodedata

from shapespec.ground.pointer import steps
from shapespec.importers.json_schema.document import Node

_NO_PART = re.compile(r"[^0-9A-Za-z]+")
_LONGEST_TITLE = 40


def last(pointer: str) -> str:
    """The last step of a JSON Pointer."""
    return steps(pointer)[-1]


def last_step(node: Node) -> str:
    """What a schema is called that has no name: by the last step to it."""
    return last(node.pointer) if node.pointer else "Root"


def title_of(node: Node) -> str | None:
    """The title of a schema, where it can be the name of a shape."""
    title = node.value.get("title") if isinstance(node.value, dict) else None
    if not isinstance(title, str) or not _NO_PART.sub("", readable(title)):
        return None
    return title if 0 < len(title) <= _LONGEST_TITLE else None


def capital(name: str) -> str:
    """The name of a member as a part of the name of a shape."""
    parts = [part for part in _NO_PART.split(readable(name)) if part]
    return "".join(part[0].upper() + part[1:] for part in parts)


def capitalised(name: str) -> str:
    """A name that begins with a capital."""
    return name[0].upper() + name[1:]


_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "þ": "th",
        "ð": "d",
        "ı": "i",
        "Æ": "Ae",
        "Œ": "Oe",
        "Ø": "O",
        "Ł": "L",
        "Đ": "D",
        "Þ": "Th",
    }
)


def readable(text: str) -> str:
    """A text in ASCII, as near as can be: letters without marks, others by code."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    bare = "".join(one for one in plain if not unicodedata.combining(one))
    return "".join(one if one.isascii() else _by_name(one) for one in bare)


def _by_name(sign: str) -> str:
    """A letter of another script, by its name in Unicode: `Ж` as `Zhe`."""
    if not sign.isalnum():
        return " "
    words = unicodedata.name(sign, "").split()
    if "LETTER" in words:
        return "".join(words[words.index("LETTER") + 1 :]).capitalize()
    return f"U{ord(sign):04X}"
