"""Text whose UTF-8 was taken for another encoding and encoded again.

`¶` becomes `Â¶` then, and `’` becomes `â` with two signs that show nothing, or `â€™`.
"""

from __future__ import annotations

import re

_WINDOWS = {
    bytes([byte]).decode("cp1252", "ignore"): byte for byte in range(0x80, 0xA0)
}
_FOLLOWS = f"[\x80-\xbf{''.join(_WINDOWS)}]"
_TWICE = re.compile(
    f"[\xc2-\xdf]{_FOLLOWS}|[\xe0-\xef]{_FOLLOWS}{{2}}|[\xf0-\xf4]{_FOLLOWS}{{3}}"
)


def repair(text: str) -> str:
    """A text as it was meant; one that is whole stays as it is."""
    return text if text.isascii() else _TWICE.sub(_decoded, text)


def _decoded(match: re.Match[str]) -> str:
    """What a sequence stands for, if its bytes are UTF-8."""
    data = bytes(_WINDOWS.get(char, ord(char)) for char in match.group())
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return match.group()
