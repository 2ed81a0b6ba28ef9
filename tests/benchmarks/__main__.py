"""`make bench`: all tables, or those that are named.

    python -m tests.benchmarks [--figures FILE] [verdicts] [faults] [bytes] [request]
        [imports] [watch] [generation] [observe] [earlier] [bulk]

Ratios are times of the first row of a table. Every candidate judges the same
constraints, and is asked before measuring whether it sees what the others see.
"""

from __future__ import annotations

import json
import platform
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import orjson
import pyperf

import sagemaker_training_job as ours
from shapespec.compiler import compile_spec
from shapespec.contract import schema as ir
from shapespec.project.files import read_source
from tests.benchmarks import (
    bulk,
    earlier,
    generation,
    imports,
    observe_memory,
    peers,
    responses,
    watching,
)
from tests.benchmarks.measure import Candidate, Row, compare, figures_of, table
from tests.support import FLAGSHIP

COUNT = 300
"""How many different responses there are of each kind."""

Tables = Iterator[tuple[str, list[Row]]]


class Bench:
    """What all measurements share."""

    def __init__(self, scratch: Path) -> None:
        """Compile the flagship and make the responses."""
        self.schema: ir.Schema = compile_spec(read_source(FLAGSHIP))
        self.full = responses.full(self.schema, COUNT)
        self.valid = {
            "minimal": responses.minimal(self.schema, self.full),
            "typical": responses.typical(self.full),
            "full": self.full,
        }
        self.peers = peers.all_peers(self.schema, scratch)

    def verdicts(self) -> Tables:
        """Is it valid? Of responses that are."""
        for size, values in self.valid.items():
            for peer in self.peers:
                assert all(peer.is_valid(value) for value in values[:20]), peer.name
            texts = [json.dumps(value) for value in values]
            yield (
                f"valid, {size}, {_bytes(texts)}",
                compare(
                    f"valid {size}",
                    [
                        *(Candidate(p.name, p.is_valid, values) for p in self.peers),
                        Candidate("(parsing: json.loads)", json.loads, texts),
                        Candidate("(parsing: orjson.loads)", orjson.loads, texts),
                    ],
                ),
            )

    def faults(self) -> Tables:
        """What is wrong? All of it, or the first where a validator stops there."""
        for count, values in (
            (1, responses.one_fault(self.full)),
            (10, responses.ten_faults(self.full)),
        ):
            candidates = []
            for peer in self.peers:
                if peer.name.startswith(peers.OURS) and peer.faults is None:
                    continue
                call: Callable[[Any], Any] = peer.faults or peer.is_valid
                name = peer.name
                if peer.faults is None:
                    assert not peer.is_valid(values[0])
                    name += " (the first only)"
                else:
                    assert min(map(peer.faults, values[:20])) >= count, peer.name
                candidates.append(Candidate(name, call, values))
            words = "one fault deep inside" if count == 1 else "ten faults"
            yield f"{words}, found", compare(words, candidates)

    def bytes(self) -> Tables:
        """From the bytes of a response to the verdict."""
        for size in ("typical", "full"):
            texts = [orjson.dumps(value) for value in self.valid[size]]
            candidates = [
                Candidate("shapespec, json", _after_json(ours.is_valid), texts),
                *(
                    Candidate(p.name, p.from_json, texts)
                    for p in self.peers
                    if p.from_json
                ),
            ]
            yield f"from bytes, {size}", compare(f"bytes {size}", candidates)

    def request(self) -> Tables:
        """Botocore's own check, of the request and, as it can, of the response."""
        names = [{"TrainingJobName": one["TrainingJobName"]} for one in self.full]
        for shape, values in (
            ("DescribeTrainingJobRequest", names),
            ("DescribeTrainingJobResponse", self.full),
        ):
            peer = peers.botocore_peer(shape)
            assert all(peer.is_valid(value) for value in values)

            def is_valid(value: object, shape: str = shape) -> bool:
                return ours.is_valid(value, shape=shape)

            own = Candidate(peers.OURS, is_valid, values)
            theirs = Candidate(peer.name, peer.is_valid, values)
            yield shape, compare(shape, [own, theirs])

    def imports(self) -> Tables:
        """From an import to the first verdict."""
        response = self.valid["typical"][0]
        yield "from import to verdict", imports.rows(self.schema, response)

    def watch(self) -> Tables:
        """A call of a client, and what `watch` adds to it."""
        clean = [one for one in self.valid["typical"] if not ours.validate(one)]
        bodies = [json.dumps(value).encode() for value in clean]
        yield "a call of botocore", watching.rows(bodies)


def _bytes(texts: Sequence[str]) -> str:
    return f"{sum(map(len, texts)) / len(texts) / 1000:.1f} kB"


def _after_json(is_valid: Callable[[Any], bool]) -> Callable[[bytes], bool]:
    return lambda text: is_valid(json.loads(text))


MEASUREMENTS = ("verdicts", "faults", "bytes", "request", "imports", "watch")
PROCESSES = ("generation", "observe", "earlier", "bulk")
"""What measures whole processes, and prints its own table."""


@click.command()
@click.argument(
    "wanted",
    nargs=-1,
    type=click.Choice((*MEASUREMENTS, *PROCESSES), case_sensitive=True),
)
@click.option("--json", "file", type=Path, help="Write the values for pyperf.")
@click.option("--figures", type=Path, help="Write what the pictures are drawn from.")
def main(wanted: tuple[str, ...], file: Path | None, figures: Path | None) -> None:
    """Measure, and print tables."""
    wanted = wanted or (*MEASUREMENTS, *PROCESSES)
    click.echo(f"Python {platform.python_version()}, {peers.versions()}")
    found: list[pyperf.Benchmark] = []
    tables: dict[str, list[Row]] = {}
    if set(wanted) & set(MEASUREMENTS):
        with tempfile.TemporaryDirectory() as scratch:
            bench = Bench(Path(scratch))
            for name in MEASUREMENTS:
                for title, rows in getattr(bench, name)() if name in wanted else ():
                    click.echo(f"\n{table(title, rows)}")
                    found += [row.benchmark for row in rows]
                    tables[title] = rows
    if file is not None and found:
        pyperf.BenchmarkSuite(found).dump(str(file), replace=True)
    if figures is not None and {"verdicts", "faults"} <= set(wanted):
        measured = f"Python {platform.python_version()}"
        figures.write_text(figures_of(measured, tables), "utf-8")
    if "generation" in wanted:
        with tempfile.TemporaryDirectory() as scratch:
            schema = compile_spec(read_source(FLAGSHIP))
            click.echo(f"\n{generation.measure(schema, Path(scratch))}")
    if "earlier" in wanted:
        schema = compile_spec(read_source(FLAGSHIP))
        with tempfile.TemporaryDirectory() as scratch:
            full = responses.full(schema, COUNT)
            click.echo(f"\n{earlier.table(full, Path(scratch))}")
    if "bulk" in wanted:
        with tempfile.TemporaryDirectory() as scratch:
            click.echo(f"\n{bulk.measure(Path(scratch))}")
    if "observe" in wanted:
        click.echo("\nshapespec observe")
        observe_memory.main(observe_memory.SIZES)


if __name__ == "__main__":
    main()
