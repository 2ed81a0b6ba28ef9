"""Draws the pictures of the README: `make pictures` writes them to .github/pictures.

One shows a real run, the other the figures that `make bench` wrote.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.bar import Bar
from rich.console import Console
from rich.table import Table
from rich.text import Text

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".github" / "pictures"
FIGURES = ROOT / "tests" / "benchmarks" / "figures.json"

WIDTH = 98
_BAR = 30
_LONGEST = 10.0
"""The ratio at which a bar is cut off: some validators take a hundred times as long."""

# As rich draws a terminal, but with the fonts that a reader has: nothing is fetched.
_SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" role="img"\
 xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono",\
 monospace; font-size: {char_height}px; line-height: {line_height}px;\
 font-variant-east-asian: full-width; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})"\
 clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def pictures() -> dict[str, str]:
    """Every picture by the name of its file."""
    figures = json.loads(FIGURES.read_text("utf-8"))
    return {"validate.svg": run(), "speed.svg": speed(figures)}


def run() -> str:
    """A terminal in which a broken response is validated."""
    words = ["validate", "spec/sagemaker/examples/broken.json"]
    done = subprocess.run(
        [sys.executable, "-m", "shapespec", *words],
        cwd=ROOT,
        env={**os.environ, "FORCE_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    console = _console()
    console.print(Text(f"$ shapespec {' '.join(words)}", style="bold"))
    console.print(Text.from_ansi(done.stdout))
    return _svg(console, "run")


def speed(figures: Mapping[str, Any]) -> str:
    """The time of each validator for a full response, as bars."""
    (title,) = (one for one in figures["tables"] if one.startswith("valid, full"))
    rows = [row for row in figures["tables"][title] if not row["name"].startswith("(")]
    table = Table(box=None, padding=(0, 1))
    table.add_column("validator")
    table.add_column("time", justify="right")
    table.add_column("shapespec in pure Python = 1", width=_BAR)
    table.add_column("", justify="right")
    for row in sorted(rows, key=lambda row: float(row["ratio"])):
        ours = row["name"].startswith("shapespec")
        length = min(row["ratio"], _LONGEST)
        bar = Bar(_LONGEST, 0, length, color="green" if ours else "blue", width=_BAR)
        name = Text(row["name"], style="bold green" if ours else "")
        micros = f"{row['median'] * 1e6:,.0f} µs"
        table.add_row(name, micros, bar, f"{row['ratio']:.1f} ×")
    console = _console()
    console.print(f"Is a full response valid? ({title.rpartition(', ')[2]})")
    console.print(table)
    console.print(
        f"{figures['measured']}; bars end at {_LONGEST:.0f} ×; `make bench`",
        style="dim",
        markup=False,
    )
    return _svg(console, "speed")


def _console() -> Console:
    return Console(
        record=True,
        width=WIDTH,
        file=io.StringIO(),
        force_terminal=True,
        color_system="standard",
        highlight=False,
        legacy_windows=False,
        _environ={},
    )


def _svg(console: Console, name: str) -> str:
    return console.export_svg(title="", code_format=_SVG, unique_id=name)


def main() -> None:
    """Write them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pictures().items():
        (FOLDER / name).write_text(text, "utf-8")
        sys.stdout.write(f"{FOLDER / name}\n")


if __name__ == "__main__":
    main()
