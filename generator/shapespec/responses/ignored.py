"""Which files of a folder are passed over: hidden ones, and those that git ignores."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_NEVER_MEANT = ("node_modules", "__pycache__")
_RULES = ".gitignore"


def is_hidden(name: str) -> bool:
    """Whether nobody means a file or folder who names the folder that it is in."""
    return name.startswith(".") or name in _NEVER_MEANT


class Ignored:
    """What is excluded on the command line, wherever it is."""

    def __init__(self, exclude: Iterable[str]) -> None:
        """Exclude what matches one of these patterns."""
        self._excluded = _spec(tuple(exclude))

    def excludes(self, path: str) -> bool:
        """Whether a path matches; one that ends in `/` is that of a folder."""
        return self._excluded is not None and self._excluded.match_file(_plain(path))

    def within(self, folder: str) -> IgnoredBelow:
        """What is ignored below a folder that somebody named."""
        return IgnoredBelow(self, folder)


class IgnoredBelow:
    """What the .gitignore files of a folder, and of those above it, say.

    Those above say nothing of what is in a folder that they ignore as a whole: who
    names it means it.
    """

    def __init__(self, excluded: Ignored, folder: str) -> None:
        """Read what is above `folder`, up to the top of its repository."""
        self._excluded = excluded
        self._specs: dict[str, GitIgnoreSpec] = {}
        above = _real(folder)
        while not (above / ".git").exists() and above != above.parent:
            above = above.parent
        if (above / ".git").exists():
            for one in reversed([*_real(folder).parents]):
                if one.is_relative_to(above):
                    self.enter(str(one))
            if self._ignores(f"{_real(folder)}/"):
                self._specs.clear()

    def enter(self, folder: str) -> None:
        """Read the .gitignore of a folder, if it has one that can be read."""
        try:
            file = Path(folder, _RULES)
            if not file.is_file():
                return
            text = file.read_text("utf-8", "replace")
        except OSError:
            return
        spec = _spec(text.splitlines())
        if spec is not None:
            self._specs[str(_real(folder))] = spec

    def ignores(self, path: str) -> bool:
        """Whether a file, or a folder whose path ends in `/`, is passed over."""
        if self._excluded.excludes(path):
            return True
        return bool(self._specs) and self._ignores(path)

    def _ignores(self, path: str) -> bool:
        """The nearest .gitignore that says anything of a path decides."""
        is_folder = path.endswith("/")
        plain = PurePath(path)
        real = _real(str(plain.parent)) / plain.name
        for folder in real.parents:
            spec = self._specs.get(str(folder))
            if spec is not None:
                relative = real.relative_to(folder).as_posix() + "/" * is_folder
                said = spec.check_file(relative).include
                if said is not None:
                    return said
        return False


def _spec(lines: Iterable[str]) -> GitIgnoreSpec | None:
    """The patterns of a .gitignore; none where none of them means anything."""
    wanted = [line for line in lines if line.strip() and not line.startswith("#")]
    if not wanted:
        return None
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(wanted)
    except ValueError:  # git passes a pattern over that it cannot read
        return None


def _plain(path: str) -> str:
    """A path without what leads up, as patterns are matched with it."""
    return path.replace(os.sep, "/").lstrip("./")


def _real(folder: str) -> Path:
    return Path(os.path.realpath(folder or "."))
