"""Sweep over the services that botocore knows.

    python -m tests.sweep [SERVICE...] [--jobs N] [--slowest N]

Each is imported, generated with all built-in targets and imported as a package, and
samples of every operation's output are judged by the generated validator and by a
validator of JSON Schema. Exit code 1 on a traceback or a disagreement.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Sequence

import click
from botocore.loaders import Loader

from tests.sweep.service import Result, sweep


@click.command()
@click.argument("services", nargs=-1)
@click.option("--jobs", default=2, show_default=True, help="Processes at once.")
@click.option("--slowest", default=10, show_default=True, help="Rows of the table.")
def main(services: tuple[str, ...], *, jobs: int, slowest: int) -> None:
    """Import, generate and judge every service that botocore knows."""
    chosen = services or tuple(Loader().list_available_services("service-2"))
    began = time.perf_counter()
    results = _swept(chosen, jobs)
    for result in results:
        _show_faults(result)
    _show(results, time.perf_counter() - began, slowest)
    sys.exit(any(result.fault or result.disagreed for result in results))


def _swept(services: Sequence[str], jobs: int) -> list[Result]:
    """What became of each service, a process for each, so that each peak is its own."""
    context = multiprocessing.get_context(
        "forkserver"
        if "forkserver" in multiprocessing.get_all_start_methods()
        else None
    )
    if hasattr(context, "set_forkserver_preload"):
        context.set_forkserver_preload(["tests.sweep.service"])
    found: list[Result] = []
    with context.Pool(jobs, maxtasksperchild=1) as pool:
        for result in pool.imap_unordered(sweep, services):
            found.append(result)
            _progress(len(found), len(services), result.service)
    return sorted(found, key=lambda result: result.service)


def _progress(done: int, total: int, service: str) -> None:
    if not sys.stderr.isatty():
        return
    full = 30 * done // total
    bar = "#" * full + "." * (30 - full)
    end = "\n" if done == total else ""
    click.echo(f"\r\x1b[K[{bar}] {done}/{total} {service}{end}", err=True, nl=False)


def _show_faults(result: Result) -> None:
    if result.fault:
        click.echo(f"{result.service}: {result.fault}")
    for said in result.disagreed[:5]:
        click.echo(f"{result.service}: disagreed: {said}")
    for root in result.unmade[:5]:
        click.echo(f"{result.service}: no sample of {root}")


def _show(results: Sequence[Result], seconds: float, slowest: int) -> None:
    steps = ("import", "generate", "load", "samples")
    click.echo(f"{'service':32}{'shapes':>7}{'peak MB':>9}", nl=False)
    click.echo("".join(f"{step:>10}" for step in steps) + "  [s]")
    for one in sorted(results, key=lambda one: -sum(one.seconds.values()))[:slowest]:
        times = "".join(f"{one.seconds.get(step, 0):10.2f}" for step in steps)
        click.echo(f"{one.service:32}{one.shapes:7}{one.peak:9.0f}{times}")
    notes = sum((one.notes for one in results), Counter[str]())
    refused = sum((one.refused for one in results), Counter[str]())
    rows: list[tuple[str, object]] = [
        ("services", f"{sum(not one.fault for one in results)} of {len(results)}"),
        ("operations", sum(one.operations for one in results)),
        ("shapes", sum(one.shapes for one in results)),
        ("patterns translated", sum(one.translated for one in results)),
        ("patterns refused", sum(refused.values())),
        *((f"  {reason}", count) for reason, count in refused.most_common()),
        ("notes", sum(notes.values())),
        *((f"  {rule}", count) for rule, count in notes.most_common()),
        ("samples agreed", sum(one.agreed for one in results)),
        ("samples disagreed", sum(len(one.disagreed) for one in results)),
        ("outputs without samples", sum(len(one.unmade) for one in results)),
        ("most places of one output", max(one.places for one in results)),
        ("most shapes within each other", max(one.depth for one in results)),
        ("seconds", f"{seconds:.0f}"),
        ("peak memory of one", f"{max(one.peak for one in results):.0f} MB"),
    ]
    click.echo()
    for name, value in rows:
        click.echo(f"{name:60}{value:>14}")


if __name__ == "__main__":
    main()
