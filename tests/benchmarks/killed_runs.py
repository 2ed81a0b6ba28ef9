"""What is left when `shapespec generate` is killed at any moment, again and again.

    python tests/benchmarks/killed_runs.py [TIMES]

The flagship is compiled under two names, which stand in every file, by turns into one
folder. Each run is killed at a random moment; then every file has to be of one version
or the other, and a run that is left alone has to make the folder whole. Needs a POSIX
system.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

SPEC = Path(__file__).parents[2] / "spec" / "sagemaker" / "training_job.yaml"
STAMPS = "cache"


def command(spec: Path, out: Path) -> list[str]:
    """The run."""
    return [sys.executable, "-m", "shapespec", "generate", str(spec), "--out", str(out)]


def contents(out: Path) -> dict[str, bytes]:
    """Every file but stamps and the lock."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.parent.name != STAMPS
    }


def main() -> None:
    """Print what was found."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    chance = random.Random(1)  # noqa: S311 - not for secrets
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wanted = []
        for version in range(2):
            spec = folder / f"spec{version}" / f"version{version}.yaml"
            shutil.copytree(SPEC.parent, spec.parent)
            shutil.copy(SPEC, spec)
            subprocess.run(
                command(spec, folder / spec.parent.name / "out"),
                check=True,
                stdout=subprocess.DEVNULL,
            )
            wanted.append((spec, contents(spec.parent / "out")))
        duration = time_of(wanted[0][0], folder / "timed")
        counts = dict.fromkeys(("killed", "mixed", "wrong", "not mended"), 0)
        out = folder / "out"
        for turn in range(times):
            spec, new = wanted[turn % 2]
            with subprocess.Popen(command(spec, out), stdout=subprocess.DEVNULL) as run:
                # Most moments near the end, where files are written.
                time.sleep(duration * (1 - chance.random() ** 2 / 2))
                run.kill()
            counts["killed"] += run.returncode < 0
            found = contents(out)
            known = [files for _, files in wanted]
            whole = {path: data for path, data in found.items() if ".new" not in path}
            counts["wrong"] += sum(
                all(data != files.get(path) for files in known)
                for path, data in whole.items()
            )
            counts["mixed"] += found not in known and bool(found)
            if turn % 4 == 3:
                subprocess.run(command(spec, out), check=True, capture_output=True)
                counts["not mended"] += contents(out) != new
    click.echo(", ".join(f"{name}: {count}" for name, count in counts.items()))


def time_of(spec: Path, out: Path) -> float:
    """How long a run takes that nobody kills [s]."""
    started = time.perf_counter()
    subprocess.run(command(spec, out), check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
