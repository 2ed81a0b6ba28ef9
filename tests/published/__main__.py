"""Hold every published example output against its operation.

    python -m tests.published [SERVICE...] [--jobs N] [--list]

The examples are those of the awscli that `make test` installs. An error is right only
where the example is wrong itself: `faults.yaml` lists these with the reason. Exit code
1 where another error is found, where a listed one is not, or where `is_valid` and
`validate` disagree.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections import Counter, defaultdict
from pathlib import Path

import click
from ruamel.yaml import YAML

from tests.published.examples import Example, examples, folder
from tests.published.service import Verdict, judged

FAULTS = Path(__file__).parent / "faults.yaml"


def faults() -> dict[str, dict[str, list[str]]]:
    """By reason and by example, the pointers at which it is wrong."""
    found: dict[str, dict[str, list[str]]] = YAML(typ="safe").load(
        FAULTS.read_text("utf-8")
    )
    return found


def expected() -> set[tuple[str, str]]:
    """The places that are listed: an example and a pointer."""
    return {
        (name, pointer)
        for listed in faults().values()
        for name, pointers in listed.items()
        for pointer in pointers
    }


@click.command()
@click.argument("services", nargs=-1)
@click.option("--jobs", default=2, show_default=True, help="Processes at once.")
@click.option("--list", "listing", is_flag=True, help="Print every error.")
def main(services: tuple[str, ...], *, jobs: int, listing: bool) -> None:
    """Hold every published example output against its operation."""
    root = folder()
    if root is None:
        sys.exit("the awscli is not installed; `make test` installs it")
    given: dict[str, list[Example]] = defaultdict(list)
    unreadable = 0
    for one in examples(root):
        unreadable += not one.is_json
        if not services or one.service in services:
            given[one.service].append(one)
    found: list[Verdict] = []
    with multiprocessing.Pool(jobs, maxtasksperchild=4) as pool:
        for verdicts in pool.starmap(judged, sorted(given.items()), chunksize=1):
            found += verdicts
    wrong = {
        (one.name, pointer): (rule, message)
        for one in found
        for rule, pointer, message in one.errors
    }
    if listing:
        for (name, pointer), (rule, message) in sorted(wrong.items()):
            click.echo(f"{name}\t{pointer}\t{rule}\t{message}")
    names = {one.name for one in found}
    known = {place for place in expected() if not services or place[0] in names}
    new, stale = sorted(wrong.keys() - known), sorted(known - wrong.keys())
    for name, pointer in new:
        rule, message = wrong[name, pointer]
        click.echo(f"new: {name} {pointer or '/'}: error[{rule}] {message}")
    for name, pointer in stale:
        click.echo(f"no longer wrong, take it out of faults.yaml: {name} {pointer}")
    disagreed = [one.name for one in found if not one.agreed]
    invalid = sum(bool(one.errors) for one in found)
    clean = sum(not one.errors and not one.warned for one in found)
    click.echo(
        f"{len(found)} outputs of {len(given)} services: {invalid} invalid"
        f" ({invalid / max(len(found), 1):.1%}), {clean} without any finding;"
        f" {unreadable} are not JSON; {len(disagreed)} disagreements"
    )
    for rule, count in Counter(rule for rule, _ in wrong.values()).most_common():
        click.echo(f"  {rule}: {count}")
    sys.exit(bool(new or stale or disagreed))


if __name__ == "__main__":
    main()
