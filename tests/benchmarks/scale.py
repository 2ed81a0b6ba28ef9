"""How time and memory of `shapespec generate` grow with the number of shapes.

    python tests/benchmarks/scale.py [SHAPES...]

Synthetic specs (see `tests/support/synthetic.py`), the four targets, one process each,
into a folder that is empty before. Needs a POSIX system, which tells the memory of a
process that has ended.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support.synthetic import spec_text

SIZES = (100, 1_000, 10_000, 100_000)


def generate(folder: Path) -> tuple[float, float]:
    """One run.

    Returns:
        Time from start to end [s], the most memory in use [MB].
    """
    command = [sys.executable, "-m", "shapespec", "generate", "spec.yaml"]
    started = time.perf_counter()
    with subprocess.Popen(
        [*command, "--max-size", "1GB"], cwd=folder, stdout=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(process.returncode)
    unit = 1 if sys.platform == "darwin" else 1024
    return time.perf_counter() - started, usage.ru_maxrss * unit / 1e6


def main() -> None:
    """Print a table."""
    sizes = [int(size.replace("_", "")) for size in sys.argv[1:]] or SIZES
    click.echo(
        f"{'shapes':>8} {'spec MB':>8} {'seconds':>8} {'ms/shape':>9}"
        f" {'peak MB':>8} {'again s':>8}"
    )
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            spec = Path(name, "spec.yaml")
            spec.write_text(spec_text(size), "utf-8")
            seconds, peak = generate(spec.parent)
            again, _ = generate(spec.parent)
            length = spec.stat().st_size / 1e6
        each = seconds / size * 1000
        click.echo(
            f"{size:>8,} {length:>8.1f} {seconds:>8.2f} {each:>9.2f}"
            f" {peak:>8.0f} {again:>8.2f}"
        )


if __name__ == "__main__":
    main()
