"""`shapespec meta-schema`."""

from __future__ import annotations

import click

from shapespec.ground.sinks.out import put
from shapespec.ground.terminal import lines

SPEC = "spec"
KINDS = (SPEC, "decisions", "evidence", "history")


@click.command()
@click.argument("kind", default=SPEC, type=click.Choice(KINDS))
def command(kind: str) -> None:
    """Print the spec language as JSON Schema, draft 2020-12.

    Editors complete and check a spec with it. Save it beside your spec and name it in
    the spec's first line:

    \b
      shapespec meta-schema > shapespec.schema.json
      # yaml-language-server: $schema=shapespec.schema.json

    The files beside a spec have schemas, too: decisions, evidence, and the history of a
    service model.

    \b
    Examples:
      shapespec meta-schema decisions > decisions.schema.json
      shapespec meta-schema evidence > evidence.schema.json
    """
    put(lines(_schema(kind)), nl=False)


def _schema(kind: str) -> str:
    if kind == SPEC:
        from shapespec.language.meta_schema import meta_schema

        return meta_schema()
    from shapespec.evidence.meta_schema import meta_schema as meta_schema_of

    return meta_schema_of(kind)
