"""`make patterns`: each pattern of the installed botocore, attacked.

    python -m tests.pump [--every N] [--length N]

Each text that is emitted for a pattern is attacked with texts that its own automaton
makes, and the steps are counted of an engine that goes back. It may take so many for
each character, or for each try that the analysis counts if that is more; and what
grows with a power no more than 10,000,000. Exit code 1 if one takes more.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import click
from botocore.loaders import Loader

from shapespec.patterns import (
    MOST_STEPS,
    PatternRefused,
    PatternTooSlow,
    meaning,
    translate,
    wider_source,
)
from shapespec.patterns.ast import Regex
from shapespec.patterns.backtracking import Cost, cost
from shapespec.patterns.forms import for_others, for_python
from shapespec.patterns.parse import parse
from shapespec.patterns.quick import quick
from tests.pump.attacks import attacks
from tests.pump.backtracker import Backtracker, TooManySteps

A_CHARACTER = 250
"""How many steps a linear pattern may take for each character of a text."""

A_TRY = 12
"""How many steps a pattern may take for each of the tries that it is said to need."""


class Emitted(NamedTuple):
    """A text that an engine is given, as it is read again."""

    engine: str
    regex: Regex
    cost: Cost


class Result(NamedTuple):
    """The worst that was found for one text."""

    steps: int
    most: int
    text: str

    @property
    def share(self) -> float:
        """How much of what it may it took; more than 1 where it was too much."""
        return self.steps / self.most


def emitted(source: str, longest: int | None) -> Iterator[Emitted]:
    """What engines are given for a pattern.

    Raises:
        PatternRefused: Nothing is emitted.
    """
    found = translate(source, longest)
    regex = meaning(source)
    python = for_python(regex)
    yield Emitted("python", python.regex, python.cost)
    ecma = for_others(regex)
    if ecma.regex != python.regex:
        yield Emitted("ecma", ecma.regex, ecma.cost)
    test = quick(found)
    if test.pattern and test.pattern != found.python:
        again = parse(re.sub(r"\\U([0-9a-f]{8})", r"\\x{\1}", test.pattern))
        yield Emitted("quick", again, cost(again))


@cache
def attacked(one: Emitted, length: int) -> Result:
    """The worst of all attacks, against what is allowed for that length."""
    worst = Result(0, 1, "")
    for text in attacks(one.regex, length):
        size = len(text) + 20
        most = int(min(A_TRY * one.cost.steps(size), MOST_STEPS))
        if one.cost.is_linear:
            most = max(most, A_CHARACTER * size)
        engine = Backtracker(one.regex, most)
        try:
            engine.fullmatch(text)
        except TooManySteps:
            return Result(most + 1, most, text)
        if engine.steps * worst.most > worst.steps * most:
            worst = Result(engine.steps, most, text)
    return worst


def kind(cost: Cost, longest: int | None) -> str:
    """What a cost is called in the table."""
    if cost.is_linear:
        return "linear"
    bound = "no length" if longest is None else "bounded by length"
    return f"power {cost.degree}, {bound}"


def patterns() -> Counter[tuple[str, int | None]]:
    """The patterns of botocore with the greatest length of a text, and how often."""
    loader = Loader()
    found: Counter[tuple[str, int | None]] = Counter()
    for service in loader.list_available_services("service-2"):
        model = loader.load_service_model(service, "service-2")
        for shape in model["shapes"].values():
            if shape["type"] == "string" and "pattern" in shape:
                found[shape["pattern"], shape.get("max")] += 1
    return found


class Table(NamedTuple):
    """What became of the patterns."""

    counts: Counter[str]
    refused: list[str]
    attacked: list[tuple[Emitted, str, Result]]

    def lines(self) -> Iterator[str]:
        """The table, as lines."""
        for name, count in sorted(self.counts.items()):
            yield f"{count:6,}  {name}"
        worst = max((one.share for _, _, one in self.attacked), default=0.0)
        yield f"{self.counts.total():6,}  patterns in all"
        yield f"{len(self.attacked):6,}  texts for engines attacked"
        yield f"{worst:6.0%}  of the steps that it may was what the worst took"
        yield from self.refused
        for one, source, result in self.attacked:
            if result.share > 1:
                yield f"{one.engine}: {source[:200]!a}"
                yield f"  more than {result.most:,} steps for {result.text[:100]!a}"


def table(every: int, length: int) -> Table:
    """Attack each so manieth pattern with texts of about a length."""
    found = Table(Counter(), [], [])
    for (source, longest), times in sorted(patterns().items(), key=str)[::every]:
        try:
            texts = [*emitted(source, longest)]
            worst = max((one.cost for one in texts), key=lambda cost: cost.gravity)
            found.counts[kind(worst, longest)] += times
        except PatternTooSlow as error:
            wider = wider_source(source)
            texts = [] if wider is None else [*emitted(wider, longest)]
            name = "too slow" if wider is None else "too slow, a wider one is linear"
            found.counts[name] += times
            found.refused.append(f"{name}: {source[:100]!a}: {error.reason}")
        except PatternRefused as error:
            texts = []
            found.counts["cannot be carried over"] += times
            found.refused.append(f"refused: {source[:100]!a}: {error.reason}")
        size = length if longest is None else min(longest, length)
        found.attacked.extend((one, source, attacked(one, size)) for one in texts)
    return found


@click.command()
@click.option("--every", default=1, help="Try each so manieth pattern only.")
@click.option("--length", default=400, help="About how long the texts are.")
def main(every: int, length: int) -> None:
    """Attack the patterns of the installed botocore."""
    found = table(every, length)
    for line in found.lines():
        click.echo(line)
    sys.exit(any(result.share > 1 for _, _, result in found.attacked))


if __name__ == "__main__":
    main()
