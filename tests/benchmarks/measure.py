"""Measures candidates against each other where the machine is shared and noisy.

pyperf's own runner measures one candidate to the end and then the next, in processes of
their own. On a machine that others use as well, its speed drifts in between, and ratios
drift along. Here each round has one pass of every candidate, in an order that rotates,
and a ratio is the median over the rounds of the ratios within a round. Time is that of
the processor, so what waits for its turn is not counted; each candidate has one thread.
pyperf keeps the values, and writes them for `python -m pyperf stats` or `compare_to`.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import pyperf

ROUNDS = 21
PASS = 0.01
"""The least that a pass takes; what is faster goes over its values again [s]."""
LONGEST = 0.15
"""The most that a pass should take; what is slower takes fewer values [s]."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something to call with each of some values.

    Attributes:
        name: What the table calls it.
        call: What is measured.
        values: What it is called with; different ones, so that no cache can win.
        clocked: Whether the call gives back the time that it took [s].
    """

    name: str
    call: Callable[[Any], Any]
    values: Sequence[Any]
    clocked: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What a candidate took.

    Attributes:
        name: The candidate's name.
        median: Time for one value, the median of all rounds [s].
        ratio: How often the first candidate's time, the median of all rounds.
        benchmark: The values of all rounds.
    """

    name: str
    median: float
    ratio: float
    benchmark: pyperf.Benchmark


def compare(
    title: str, candidates: Sequence[Candidate], *, rounds: int = ROUNDS
) -> list[Row]:
    """Measure all candidates in turn, round by round.

    Args:
        title: What they do; part of the names in pyperf's file.
        candidates: The first is what the others are compared with.
        rounds: How many rounds there are.
    """
    plans = [_plan(candidate) for candidate in candidates]
    times: list[list[float]] = [[] for _ in candidates]
    for turn in range(rounds):
        for index in range(len(candidates)):
            chosen = (index + turn) % len(candidates)
            times[chosen].append(_pass(plans[chosen]))
    return [
        Row(
            candidate.name,
            median(own),
            median(one / first for one, first in zip(own, times[0], strict=True)),
            _benchmark(f"{title}: {candidate.name}", own),
        )
        for candidate, own in zip(candidates, times, strict=True)
    ]


def table(title: str, rows: Sequence[Row]) -> str:
    """A table as Markdown has it, so that it can be pasted."""
    lines = [f"| {title} | median | ratio |", "| --- | ---: | ---: |"]
    lines += [f"| {r.name} | {readable(r.median)} | {r.ratio:.2f} |" for r in rows]
    return "\n".join(lines)


def figures_of(measured: str, tables: Mapping[str, Sequence[Row]]) -> str:
    """The medians and ratios of tables as JSON, with three digits that mean something.

    Args:
        measured: With what they were measured.
        tables: The rows by the title of their table.
    """
    held = {
        title: [
            {
                "name": row.name,
                "median": float(f"{row.median:.3g}"),
                "ratio": float(f"{row.ratio:.3g}"),
            }
            for row in rows
        ]
        for title, rows in tables.items()
    }
    found = {"measured": measured, "tables": held}
    return f"{json.dumps(found, indent=1, ensure_ascii=False)}\n"


def readable(seconds: float) -> str:
    """A time as people write it."""
    if seconds < 1e-3:
        return f"{seconds * 1e6:.1f} µs"
    return f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _plan(candidate: Candidate) -> Candidate:
    """The same with so many values that a pass is neither too short nor too long."""
    if candidate.clocked:
        return candidate
    few = replace(candidate, values=candidate.values[:5])
    once = min(_pass(few), _pass(few))
    count = len(candidate.values)
    if once * count > LONGEST:
        kept = max(5, int(LONGEST / once))
        return replace(candidate, values=candidate.values[:kept])
    again = max(1, int(PASS / (once * count)))
    return replace(candidate, values=list(candidate.values) * again)


def _pass(candidate: Candidate) -> float:
    """Time for one value [s]."""
    call = candidate.call
    if candidate.clocked:
        return median(float(call(value)) for value in candidate.values)
    gc.collect()
    gc.disable()
    try:
        started = time.process_time()
        for value in candidate.values:
            call(value)
        return (time.process_time() - started) / len(candidate.values)
    finally:
        gc.enable()


def _benchmark(name: str, values: Sequence[float]) -> pyperf.Benchmark:
    run = pyperf.Run(values, metadata={"name": name}, collect_metadata=False)
    return pyperf.Benchmark([run])
