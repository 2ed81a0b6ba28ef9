"""How long `shapespec observe` takes for many responses, and how much memory.

    python tests/benchmarks/observe_memory.py [LINES...]

Lines are made from the flagship's example and sent through a pipe, so nothing is kept
on disk. They differ in statuses, members left out and members that the spec lacks.
Needs a POSIX system, which tells the memory of a process that has ended.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

EXAMPLE = Path(__file__).parents[2] / "spec" / "sagemaker" / "examples" / "valid.json"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
STATUSES = ("InProgress", "Completed", "Failed", "Stopping", "Stopped", "Paused")
DIFFERENT = 5_000
"""How many different lines there are; they are sent again and again."""


def lines() -> Iterator[bytes]:
    """Different responses, one a line; one in a hundred is broken in some way."""
    example: dict[str, Any] = json.loads(EXAMPLE.read_text("utf-8"))
    chance = random.Random(1)  # noqa: S311 - not for secrets
    for number in range(DIFFERENT):
        response = {
            name: value for name, value in example.items() if chance.random() < 0.99
        }
        response["TrainingJobStatus"] = chance.choice(STATUSES)
        response["DisableEFA"] = False
        if chance.random() < 0.01:
            response[f"New{number}"] = number
        if chance.random() < 0.01:
            response["RoleArn"] = "nobody"
        yield json.dumps(response).encode() + b"\n"


def observe(block: bytes, count: int) -> tuple[float, float]:
    """Send so many lines of a block.

    Returns:
        Time from start to end [s], the most memory in use [MB].
    """
    command = [sys.executable, "-m", "shapespec", "observe", "-", "--input", "ndjson"]
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        each = block.splitlines(keepends=True)
        whole, rest = divmod(count, len(each))
        for part in itertools.chain(
            itertools.repeat(block, whole), [b"".join(each[:rest])]
        ):
            process.stdin.write(part)
        process.stdin.close()
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    seconds = time.perf_counter() - started
    unit = 1 if sys.platform == "darwin" else 1024
    return seconds, usage.ru_maxrss * unit / 1e6


def main(sizes: Iterable[int]) -> None:
    """Print a table."""
    block = b"".join(lines())
    click.echo(f"{len(block) / DIFFERENT:,.0f} bytes a line")
    click.echo(f"{'lines':>10} {'seconds':>9} {'lines/s':>9} {'peak MB':>9}")
    for size in sizes:
        seconds, peak = observe(block, size)
        rate = size / seconds
        click.echo(f"{size:>10,} {seconds:>9.1f} {rate:>9,.0f} {peak:>9.0f}")


if __name__ == "__main__":
    main([int(size.replace("_", "")) for size in sys.argv[1:]] or SIZES)
