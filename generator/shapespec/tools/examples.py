"""The examples that references show, kept once they have been made."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from shapespec.backends.files import OutputFile
from shapespec.contract import schema as ir
from shapespec.ground import kept

SHOWN = ("docs", "site", "json-schema", "json-schema-types")
"""The targets in whose files a whole response is shown."""


def kept_for_readers(
    schema: ir.Schema, files: Iterable[OutputFile], state: Iterable[str]
) -> ir.Schema:
    """What `for_readers` gives, from the user's cache folder where it is there.

    Making examples imports the whole generated package, and draws responses until one
    shows much.

    Args:
        schema: The contract.
        files: Its generated package.
        state: All that decides what the examples are: the spec, and the compiler.
    """
    package = tuple(files)
    if not package:
        from shapespec.tools.samples.examples import for_readers

        return for_readers(schema)
    key = kept.key_of(*state)
    held = kept.read(key, kept.EXAMPLES)
    if held is None:
        from shapespec.tools.samples.examples import examples

        found = examples(schema, package)
        kept.write(key, kept.EXAMPLES, json.dumps(found).encode())
    else:
        found = json.loads(held)
    return replace(schema, examples=found, modules=ours(schema, package))


def ours(schema: ir.Schema, files: Iterable[OutputFile]) -> dict[str, str]:
    """The modules of the generated package, by their paths."""
    return {
        file.path.removeprefix("python/"): file.text
        for file in files
        if file.path.startswith(f"python/{schema.package}/")
    }
