"""`shapespec coverage`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shapespec.cli.common import chosen_spec, report, stop_on_faults
from shapespec.cli.declared import answer_option, contract_options
from shapespec.cli.names import ShapeName
from shapespec.cli.options import out_option
from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.sinks.out import Escaped
from shapespec.ground.terminal import Progress, line, warn
from shapespec.project.settings import find_settings

if TYPE_CHECKING:
    from shapespec.tools.samples import Sample, Sampler
    from shapespec.tools.samples.coverage import Shown


@click.command()
@contract_options
@answer_option
@click.option(
    "--shape",
    type=ShapeName(),
    help="The shape whose constraints are listed; default: every root.",
)
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print constraints; json gives one line for each.",
)
@out_option("Write the constraints to this file; default: standard output.")
@click.option("--seed", type=int, default=0, show_default=True, help="Random seed.")
def command(
    spec: Path | None,
    operation: str | None,
    answer: str | None,
    shape: str | None,
    *,
    output: str,
    out: Path | None,
    seed: int,
) -> None:
    """List every constraint of a contract with the samples that show it.

    One sample keeps the constraint (exactly at its bound, if it has one) and one breaks
    it; the validator of the contract has checked both. If no response can break a
    constraint, the list says why. With json, each line has both responses.

    \b
    Exit codes:
      0  every constraint that can be broken is shown, kept and broken
      1  some are not
      2  wrong usage, or a spec that cannot be read
    """
    from shapespec.tools.samples import Sampler
    from shapespec.tools.samples.coverage import coverage

    with stop_on_faults("no response was made"):
        sampler = Sampler.of(
            chosen_spec(spec, find_settings(Path.cwd()), operation, answer)
        )
    roots = sampler.schema.roots if shape is None else (sampler.root(shape),)
    with Progress("constraints") as progress:
        tally = _Tally(sampler, progress, as_json=output == "json")
        report(tally.lines(coverage(sampler, roots, seed)), out)
    if output == "json":
        warn(tally.said)
    sys.exit(0 if tally.shown == tally.breakable else 1)


class _Tally:
    """Gives the lines of each constraint, and counts.

    Attributes:
        breakable: How many constraints a response can break.
        shown: How many of these are shown, kept and broken.
        others: How many no response can break.
    """

    def __init__(self, sampler: Sampler, progress: Progress, *, as_json: bool) -> None:
        """Write samples as `sampler` does."""
        self._sampler = sampler
        self._progress = progress
        self._as_json = as_json
        self.breakable = self.shown = self.others = 0

    def lines(self, found: Iterable[Shown]) -> Iterator[Escaped]:
        """What is to be printed of each."""
        from shapespec.tools.samples import SampleWriter

        for one in found:
            if self._as_json:
                write = SampleWriter(self._sampler, one.root, None).write
                yield dumps(_as_json(one, write))
            else:
                yield from map(line, _as_text(one))
            if one.constraint.unbreakable is not None:
                self.others += 1
            else:
                self.breakable += 1
                self.shown += one.is_covered
            self._progress.advance()
        if not self._as_json:
            yield line(self.said)

    @property
    def said(self) -> str:
        """What was counted."""
        share = self.shown / self.breakable if self.breakable else 1
        return (
            f"{self.shown} of {self.breakable} constraints are shown, kept and broken"
            f" ({share:.0%}); {self.others} more cannot be broken"
        )


def _as_text(shown: Shown) -> Iterator[str]:
    constraint = shown.constraint
    yield f"{shown.path or '(response)'} {constraint.keyword}: {constraint.demand}"
    if shown.accepted is not None:
        yield f"    kept    {shown.accepted.action}"
    if shown.refused is not None:
        more = ", ".join(sorted({rule for rule, _ in shown.refused.entails}))
        entails = f" (entails {more})" if more else ""
        yield f"    broken  {shown.refused.action}{entails}"
    if constraint.unbreakable is not None:
        yield f"    cannot be broken: {constraint.unbreakable}"
    elif not shown.is_covered:
        yield "    not shown: no such response was found"


def _as_json(shown: Shown, write: Callable[[Any], Any]) -> dict[str, Any]:
    constraint = shown.constraint
    found: dict[str, Any] = {
        "shape": shown.root,
        "path": shown.path,
        "keyword": constraint.keyword,
        "rule": constraint.rule,
        "severity": constraint.severity,
        "demand": constraint.demand,
    }
    if constraint.unbreakable is not None:
        found["unbreakable"] = constraint.unbreakable
    for name, sample in (("accepted", shown.accepted), ("refused", shown.refused)):
        if sample is not None:
            found[name] = _sample(sample, write)
    return found


def _sample(sample: Sample, write: Callable[[Any], Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"action": sample.action}
    if sample.entails:
        found["entails"] = [
            {"rule": rule, "pointer": pointer} for rule, pointer in sample.entails
        ]
    return found | {"response": write(sample.response)}
