"""What `shapespec import` does with service models and schemas: it makes specs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from shapespec.drafts.limits import LIMITATIONS
from shapespec.ground.errors import Unusable
from shapespec.ground.terminal import warn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapespec.drafts import Finished
    from shapespec.drafts.model import Draft, Noted

MODELS = ("botocore", "smithy")
"""The kinds that state constraints of responses which services do not check."""

_SHOWN = 3


class SpecOptions(NamedTuple):
    """What is said of a spec on the command line.

    Attributes:
        operations: Those that are wanted; all where there are none.
        package: What the package is called, if that is said.
        docs: Whether descriptions come along.
        facts: Whether constraints of responses are facts; else they are claims.
        limit: How many bytes a file may have.
        root: A JSON Pointer to the schema that is the root of a spec.
        allow_net: Whether a URL is fetched, and documents that a schema refers to.
        skip_remote: Whether what other documents define is any value.
        infer_types: Whether keywords tell the type where none is stated.
    """

    operations: tuple[str, ...]
    package: str | None
    docs: bool
    facts: bool
    limit: int
    root: str = ""
    allow_net: bool = False
    skip_remote: bool = False
    infer_types: bool = False


def import_spec(kind: str, source: str, wanted: SpecOptions) -> Finished:
    """The spec of a service model or a schema; its notes go to standard error.

    Raises:
        Unusable: It cannot be read, or is not what its kind says.
        Faults: The file is too large, or not UTF-8.
    """
    from shapespec.drafts import finish

    draft = _draft(kind, source, wanted)
    if kind in MODELS:
        draft = _weighed(draft, facts=wanted.facts)
    finished = finish(draft)
    for line in notes_in_words(finished.notes):
        warn(line)
    return finished


def _draft(kind: str, source: str, wanted: SpecOptions) -> Draft:
    operations, package, docs, limit = (
        wanted.operations,
        wanted.package,
        wanted.docs,
        wanted.limit,
    )
    if kind == "botocore":
        from shapespec.importers.botocore import parse, spec as botocore

        model = parse.load(source)
        for name in operations:
            parse.check_operation(model, name)
        return botocore.draft(source, model, operations, package=package, docs=docs)
    if kind == "openapi":
        from shapespec.importers.openapi import spec as openapi
        from shapespec.importers.openapi.description import read_description

        described = read_description(Path(source), limit)
        return openapi.draft(described, operations, package=package, docs=docs)
    if kind == "smithy":
        from shapespec.importers.json_file import read_json
        from shapespec.importers.smithy import spec as smithy

        file = read_json(Path(source), limit)
        return smithy.draft(file, operations, package=package, docs=docs)
    from shapespec.importers.json_schema import spec as json_schema
    from shapespec.importers.json_schema.files import read_schema

    schema = read_schema(source, limit, allow_net=wanted.allow_net)
    if isinstance(schema.data, dict) and "openapi" in schema.data:
        called = f"shapespec import openapi {source}"
        raise Unusable(f"{source} is an OpenAPI description; run `{called}`")
    reading = json_schema.SchemaOptions(
        wanted.root,
        wanted.allow_net,
        wanted.skip_remote,
        limit,
        wanted.infer_types,
    )
    return json_schema.draft(schema, package=package, docs=docs, reading=reading)


def _weighed(draft: Draft, *, facts: bool) -> Draft:
    """What a service model says of responses is a claim, unless it is to be a fact."""
    if facts:
        return replace(draft, command=f"{draft.command} --facts")
    from shapespec.drafts.reach import claiming

    return claiming(draft)


def notes_in_words(notes: Iterable[Noted]) -> Iterable[str]:
    """What was not carried over as it is: a line for each limitation, with places."""
    places: dict[str, list[str]] = defaultdict(list)
    for noted in notes:
        places[noted.note.rule].append(noted.at)
    for rule in sorted(places):
        found = list(dict.fromkeys(places[rule]))
        listed = ", ".join(found[:_SHOWN])
        if len(found) > _SHOWN:
            listed += f" and {len(found) - _SHOWN} more"
        count = len(places[rule])
        yield f"note[{rule}]: {count} × {LIMITATIONS[rule]}: {listed}"
