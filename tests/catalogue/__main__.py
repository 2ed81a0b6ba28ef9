"""Import every schema of SchemaStore, compile it, and judge its documents.

    python -m tests.catalogue [--folder FOLDER] [--only NAME] [--list]

Nothing is fetched: put a checkout of <https://github.com/SchemaStore/schemastore> into
`.venv/schemastore`, or name a folder that is laid out like it, with `src/schemas/json`,
`src/test` and `src/negative_test`. Documents are compared with what python-jsonschema
says of them by the same schema. Exit code 1 where a schema becomes a spec that does not
compile, or a verdict differs and no note says so.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import click

from tests.catalogue.judged import Judged, Store, judge
from tests.support import ROOT

_TASKS = 40
"""As many schemas are judged by one process, which keeps what it has loaded."""

FOLDER = ROOT / ".venv" / "schemastore"


def counted(found: list[Judged]) -> tuple[Counter[str], Counter[str]]:
    """How many schemas and documents came to which end."""
    schemas: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    for one in found:
        schemas["read"] += 1
        end = "refused" if one.refused else "failed" if one.failed else "imported"
        schemas[end] += 1
        schemas["without a root"] += one.rootless
        for each in one.documents:
            if each.theirs is None or each.ours is None:
                documents["not judged by python-jsonschema"] += 1
                continue
            kind = "valid" if each.theirs else "invalid"
            documents[kind] += 1
            documents[f"{kind}, accepted"] += each.ours
            documents[f"{kind}, accepted by --strict"] += bool(each.strict)
            documents["differ without a note"] += not each.announced
    return schemas, documents


def share(counts: Counter[str], part: str, whole: str) -> str:
    """A part of a whole as a percentage."""
    return f"{counts[part] / max(counts[whole], 1):.1%}"


def told(one: Judged, *, listing: bool) -> Iterator[str]:
    """What is to be said of a schema: why it failed, and which verdicts differ."""
    if one.failed:
        yield f"{one.name}: {one.failed}"
    for each in one.documents:
        differs = each.theirs is not None and each.ours != each.theirs
        if not each.announced or (listing and differs):
            said = "announced" if each.announced else "WITHOUT A NOTE"
            yield f"  {each.file}: we say {each.ours}, {said}"


@click.command()
@click.option("--folder", type=click.Path(exists=True, path_type=Path), default=FOLDER)
@click.option("--only", multiple=True, help="The name of a schema, without .json.")
@click.option("--list", "listing", is_flag=True, help="Print every difference.")
@click.option("--workers", type=int, default=2, show_default=True)
def main(folder: Path, only: tuple[str, ...], workers: int, *, listing: bool) -> None:
    """Import every schema of SchemaStore, compile it, and judge its documents."""
    store = Store(folder)
    files = [file for file in store.files if not only or file.stem in only]
    if not files:
        sys.exit(
            f"there is no schema in {folder}; see python -m tests.catalogue --help"
        )
    found: list[Judged] = []
    with get_context("spawn").Pool(workers, maxtasksperchild=_TASKS) as pool:
        for one in pool.imap(partial(judge, store), files):
            found.append(one)
            for said in told(one, listing=listing):
                click.echo(said)
    schemas, documents = counted(found)
    click.echo(", ".join(f"{name} {count}" for name, count in schemas.items()))
    click.echo(", ".join(f"{name} {count}" for name, count in documents.items()))
    places = sum((one.places for one in found), Counter[str]())
    click.echo(
        f"{places['places']} members, items and values of maps, of which"
        f" {share(places, 'any value', 'places')} are any value"
    )
    accepted = share(documents, "valid, accepted", "valid")
    missed = share(documents, "invalid, accepted", "invalid")
    strictly = share(documents, "invalid, accepted by --strict", "invalid")
    click.echo(
        f"valid accepted {accepted}; invalid accepted {missed}, {strictly} strict"
    )
    sys.exit(bool(schemas["failed"] or documents["differ without a note"]))


if __name__ == "__main__":
    main()
