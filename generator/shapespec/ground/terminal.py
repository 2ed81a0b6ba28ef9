"""Lines for people: colour on a terminal, plain text everywhere else.

Whatever text is in a line, it moves no cursor, turns no direction of writing, and is no
command to a runner of workflows that shows it.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterable
from typing import IO, Protocol, Self

from shapespec.ground.sinks.out import Escaped, put, together
from shapespec.ground.sinks.visible import visible

_MARK = f"\x00{os.urandom(8).hex()}"
"""Begins each change of colour in a line until it leaves; no text can contain it."""

_MARKED = re.compile(rf"{_MARK}\[([0-9;]*m)")
_COLORS = {"red": 31, "green": 32, "yellow": 33, "blue": 34, "cyan": 36}
_COMMAND = re.compile(r"^(\s*):(?=:)")


class Style(Protocol):
    """Gives text a colour, or leaves it as it is."""

    def __call__(self, text: str, color: str, *, bold: bool = False) -> str: ...


def plain(text: str, color: str, *, bold: bool = False) -> str:
    """The text itself, for files, pipes and tests."""
    del color, bold
    return text


def colored(text: str, color: str, *, bold: bool = False) -> str:
    """The text between marks, which `line` turns into ANSI colour codes."""
    weight = "1;" if bold else ""
    return f"{_MARK}[{weight}{_COLORS[color]}m{text}{_MARK}[0m"


def style_for(stream: IO[str]) -> Style:
    """Colour for a terminal, unless the environment says otherwise.

    NO_COLOR (https://no-color.org) takes it away; FORCE_COLOR (https://force-color.org)
    and CLICOLOR_FORCE (https://bixense.com/clicolors) give it to files and pipes, too.
    """
    if os.environ.get("NO_COLOR"):
        return plain
    forced = any(
        os.environ.get(name) not in (None, "", "0")
        for name in ("FORCE_COLOR", "CLICOLOR_FORCE")
    )
    return colored if forced or stream.isatty() else plain


def line(text: str) -> Escaped:
    """A line that a terminal shows and does not obey, but for our own colours.

    At its start, `::` would begin a command of a GitHub workflow, and `##[` would
    anywhere; both are shown with an escape.
    """
    parts = _MARKED.split(text)
    parts[::2] = map(visible, parts[::2])
    parts[1::2] = (f"\x1b[{code}" for code in parts[1::2])
    shown = "".join(parts).replace("##[", "#\\u0023[")
    return Escaped(_COMMAND.sub(r"\1\\u003a", shown))


def numbered(head: str, numbers: Iterable[int], tail: str) -> Escaped:
    """A line for each number, between two texts of which it changes no sign."""
    before, after = line(f"{head}0")[:-1], line(f"0{tail}")[1:]
    return Escaped("\n".join([f"{before}{number}{after}" for number in numbers]))


def lines(text: str) -> Escaped:
    """A text of several lines, each as `line` has it."""
    return together(map(line, text.split("\n")))


def say(text: str) -> None:
    """Print a line for people to standard output."""
    put(line(text))


def warn(text: str) -> None:
    """Print a line for people to standard error."""
    put(line(text), err=True)


class Progress:
    """Counts on a terminal once something has taken more than a second.

    Elsewhere, and for what is done sooner, it shows nothing.
    """

    def __init__(self, what: str, total: int | None = None) -> None:
        """Count `what`, in the plural; `total` is how many bytes there are to read."""
        self._what = what
        self._total = total
        self._read = 0
        self._unseen = 0
        self._started = time.monotonic()
        self._shown = 0.0
        self._live = sys.stderr.isatty()
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")

    def advance(self, count: int = 1, read: int = 0) -> None:
        """So many more are done, for which so many bytes were read."""
        self.count += count
        self._read += read
        self._unseen += count
        if not self._live or self._unseen < 64:
            return
        self._unseen = 0
        now = time.monotonic()
        if now - self._started > 1 and now - self._shown > 0.1:
            self._shown = now
            sys.stderr.write(f"\r\x1b[K{self._words(now - self._started)}")
            sys.stderr.flush()

    def _words(self, passed: float) -> str:
        """How many are done, how fast, and how long the rest will take."""
        said = f"{self.count:,} {self._what}, {self.count / passed:,.0f} a second"
        if not self._total or not 0 < self._read < self._total:
            return said
        left = round(passed * (self._total - self._read) / self._read)
        minutes, seconds = divmod(left, 60)
        hours, minutes = divmod(minutes, 60)
        time_left = f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
        if not hours:
            time_left = f"{time_left} {seconds:02} s" if minutes else f"{seconds} s"
        share = 100 * self._read // self._total
        return f"{said}, {share} %, {time_left} left"
