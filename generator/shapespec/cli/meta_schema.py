"""`shapespec meta-schema`."""

from __future__ import annotations

import click

from shapespec.ground.sinks.out import put
from shapespec.ground.terminal import lines


@click.command()
def command() -> None:
    """Print the spec language as JSON Schema, draft 2020-12.

    Editors complete and check a spec with it. Save it beside your spec and name it in
    the spec's first line:

    \b
      shapespec meta-schema > shapespec.schema.json
      # yaml-language-server: $schema=shapespec.schema.json
    """
    from shapespec.language.meta_schema import meta_schema

    put(lines(meta_schema()), nl=False)
