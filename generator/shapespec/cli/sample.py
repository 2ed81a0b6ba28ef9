"""`shapespec sample`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count as counting, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shapespec.cli.common import (
    chosen_address,
    chosen_spec,
    need_one,
    report,
    stop_on_faults,
)
from shapespec.cli.declared import answer_option, contract_options, list_forms_option
from shapespec.cli.names import FormName, ShapeName
from shapespec.cli.options import out_option
from shapespec.ground.errors import Unusable
from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.sinks.out import Escaped
from shapespec.ground.terminal import Progress
from shapespec.project.settings import find_settings
from shapespec.records import dataclass

if TYPE_CHECKING:
    from shapespec.tools.samples import Sample, Sampler, SampleWriter


@click.command()
@list_forms_option
@contract_options
@answer_option
@click.option(
    "--shape",
    type=ShapeName(),
    help="The shape of the responses.",
)
@click.option(
    "--form", type=FormName(), help="The system to write them for, such as aws-cli."
)
@click.option(
    "--count",
    type=click.IntRange(min=0),
    help="How many; default: 1, and with --invalid or --boundary one per constraint.",
)
@click.option(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    help="Random seed.",
)
@click.option("--minimal", is_flag=True, help="Required members only.")
@click.option(
    "--typical", is_flag=True, help="Members that are usually there; the default."
)
@click.option("--full", is_flag=True, help="Every member that fits.")
@click.option("--invalid", is_flag=True, help="Each response breaks one constraint.")
@click.option("--boundary", is_flag=True, help="Each response is exactly at one bound.")
@out_option("Write the responses to this file; default: standard output.")
def command(
    *,
    spec: Path | None,
    operation: str | None,
    answer: str | None,
    shape: str | None,
    form: str | None,
    count: int | None,
    seed: int,
    minimal: bool,
    typical: bool,
    full: bool,
    invalid: bool,
    boundary: bool,
    out: Path | None,
) -> None:
    """Generate sample responses from the contract alone.

    Prints one JSON document per line. Names, ARNs, times and statuses fit together, and
    every rule is kept, advice included. The same seed gives the same responses. The
    validator of the contract has checked each response.

    With --invalid, each line is {"path", "rule", "action", "response", …}: a response
    that breaks the constraint at that path. If this unavoidably breaks others, they are
    listed under "entails". With --form, constraints that the form hides are left out,
    for example where an empty list means an absent member.

    \b
    Exit codes:
      0  they were made
      2  wrong usage, or a spec that cannot be read or has no such response

    \b
    Examples:
      shapespec sample --full
      shapespec sample --count 1000 --form wire > responses.ndjson
      shapespec sample --invalid | head -3
    """
    sizes = {"minimal": minimal, "typical": typical, "full": full}
    size = _one_of(sizes) or "typical"
    kind = _one_of({"invalid": invalid, "boundary": boundary})
    from shapespec.tools.samples import NoSample, Sampler, SampleWriter

    settings = find_settings(Path.cwd())
    with stop_on_faults("no response was made"):
        sampler = Sampler.of(chosen_spec(spec, settings, operation, answer))
    need_one(chosen_address(spec, settings), sampler.schema, shape)
    root = sampler.root(shape)
    writer = SampleWriter(sampler, root, form)
    made = _Made(sampler, writer, root, seed)
    lines = (
        made.valid(size, 1 if count is None else count)
        if kind is None
        else islice(made.shown(kind, again=count is not None), count)
    )
    try:
        with Progress("responses") as progress:
            report(_counted(lines, progress), out)
    except NoSample as none:
        raise Unusable(str(none)) from None


def _counted(lines: Iterable[Any], progress: Progress) -> Iterator[Escaped]:
    """The lines as they are written, each of which is progress."""
    for line in lines:
        yield dumps(line)
        progress.advance()


def _one_of(flags: Mapping[str, bool]) -> str | None:
    """The flag that is given; none where none is."""
    given = [name for name, is_given in flags.items() if is_given]
    if len(given) > 1:
        names = " and ".join(f"--{name}" for name in given)
        raise click.UsageError(f"{names} exclude each other")
    return given[0] if given else None


@dataclass(frozen=True)
class _Made:
    """What is made, and how it is written."""

    sampler: Sampler
    writer: SampleWriter
    root: str
    seed: int

    def valid(self, size: str, count: int) -> Iterator[Any]:
        """Responses that are right."""
        responses = self.sampler.valid(
            self.root, seed=self.seed, size=size, count=count
        )
        return map(self.writer.valid, responses)

    def shown(self, kind: str, *, again: bool) -> Iterator[dict[str, Any]]:
        """A line for each constraint; again with other seeds, if more are wanted."""
        make = self.sampler.invalid if kind == "invalid" else self.sampler.boundary
        for seed in counting(self.seed) if again else (self.seed,):
            none = True
            for sample in make(self.root, seed=seed):
                response = self.writer.shown(sample)
                if response is not None:
                    none = False
                    yield _as_json(sample, response)
            if none:
                return


def _as_json(sample: Sample, response: Any) -> dict[str, Any]:
    constraint = sample.constraint
    found: dict[str, Any] = {
        "path": constraint.site.path,
        "rule": constraint.rule,
        "keyword": constraint.keyword,
        "severity": constraint.severity,
        "action": sample.action,
    }
    if sample.entails:
        found["entails"] = [
            {"rule": rule, "pointer": pointer} for rule, pointer in sample.entails
        ]
    return found | {"response": response}
