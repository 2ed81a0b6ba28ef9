"""Which files are OpenAPI descriptions, and what they hold, without parsing them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

SUFFIXES = (".json", ".yaml", ".yml")

_HEAD = 65536
_LARGEST = 64 * 1024 * 1024
_MOST_FILES = 2000
_OURS = re.compile(rb"""^\s{0,4}["']?shapespec["']?[ \t]*:""", re.MULTILINE)
_THEIRS = re.compile(
    rb"""^(?:\s*\{)?\s{0,8}["']?(?:openapi|swagger)["']?[ \t]*:|"openapi"\s*:\s*"3""",
    re.MULTILINE,
)
_REFERENCE = re.compile(rb"""["']?\$ref["']?\s*:\s*["']?([^"'#\s{}]+)""")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")


def is_openapi(path: Path) -> bool:
    """Whether a file looks like an OpenAPI description, and not like a spec."""
    if path.suffix.casefold() not in SUFFIXES or not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
            if _OURS.search(head):
                return False
            return _THEIRS.search(head + stream.read(_LARGEST)) is not None
    except OSError:
        return False


def state(path: Path) -> str:
    """What changes when a description, or a file that it refers to, does."""
    found = hashlib.sha256()
    for name, contents in sorted(_files(path)):
        found.update(f"{name}\0{hashlib.sha256(contents).hexdigest()}\0".encode())
    return found.hexdigest()


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    seen: set[Path] = set()
    pending = [path]
    while pending and len(seen) < _MOST_FILES:
        one = pending.pop()
        if one in seen:
            continue
        seen.add(one)
        try:
            contents = one.read_bytes() if one.is_file() else b""
        except (OSError, ValueError):
            contents = b""
        yield str(one), contents
        for match in set(_REFERENCE.findall(contents)):
            name = unquote(match.decode("utf-8", "replace"))
            if not _ELSEWHERE.match(name):
                pending.append(_beside(one, name))


def _beside(file: Path, name: str) -> Path:
    parts: list[str] = []
    for part in (file.parent / name).parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return Path(*parts)
