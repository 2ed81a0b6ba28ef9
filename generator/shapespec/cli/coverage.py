"""`shapespec coverage`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shapespec.cli.common import chosen_spec, stop_on_faults
from shapespec.cli.declared import answer_option, contract_options
from shapespec.cli.names import ShapeName
from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.sinks.out import put
from shapespec.ground.terminal import Progress, say, warn
from shapespec.project.settings import find_settings

if TYPE_CHECKING:
    from shapespec.tools.samples import Sample
    from shapespec.tools.samples.coverage import Shown


@click.command()
@contract_options
@answer_option
@click.option(
    "--shape",
    type=ShapeName(),
    help="The shape that is looked at; default: every root.",
)
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print constraints; json gives one line for each.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Random seed.")
def command(
    spec: Path | None,
    operation: str | None,
    answer: str | None,
    shape: str | None,
    *,
    output: str,
    seed: int,
) -> None:
    """List every constraint of a contract with the samples that show it.

    One sample keeps the constraint (at its bound, where it is one) and one breaks it;
    both have been judged by the contract's validator. What no response can break is
    listed with the reason. With json, each line holds the two responses.

    \b
    Exit codes:
      0  every constraint that can be broken is shown, kept and broken
      1  some are not
      2  wrong usage, or a spec that cannot be read
    """
    from shapespec.tools.samples import Sampler, Writer
    from shapespec.tools.samples.coverage import coverage

    with stop_on_faults("no response was made"):
        sampler = Sampler.of(
            chosen_spec(spec, find_settings(Path.cwd()), operation, answer)
        )
    roots = sampler.schema.roots if shape is None else (sampler.root(shape),)
    total = shown = unbreakable = 0
    with Progress("constraints") as progress:
        for one in coverage(sampler, roots, seed):
            if output == "json":
                write = Writer(sampler, one.root, None).write
                put(dumps(_as_json(one, write)))
            else:
                for line in _as_text(one):
                    say(line)
            total += 1
            unbreakable += one.constraint.unbreakable is not None
            shown += one.constraint.unbreakable is None and one.is_covered
            progress.advance()
    breakable = total - unbreakable
    share = shown / breakable if breakable else 1
    (warn if output == "json" else say)(
        f"{shown} of {breakable} constraints are shown, kept and broken ({share:.0%});"
        f" {unbreakable} more cannot be broken"
    )
    sys.exit(0 if shown == breakable else 1)


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
