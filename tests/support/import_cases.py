"""The cases of schemas that become specs.

A folder `cases/imports/<kind>/<variant>/` is a case: `source.json` becomes `spec.yaml`,
and what is said of it on standard error is `notes.txt`. Where there is a `values.json`,
the source and the generated package accept and refuse what stands there.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

from shapespec.cli.import_spec import notes_in_words
from shapespec.drafts import Finished, finish
from shapespec.drafts.model import Draft
from shapespec.importers.botocore.parse import Model
from shapespec.importers.botocore.spec import draft as botocore_draft
from shapespec.importers.json_file import JsonFile, read_json
from shapespec.importers.json_schema.spec import (
    SchemaOptions,
    draft as json_schema_draft,
)
from shapespec.importers.openapi.description import read_description
from shapespec.importers.openapi.spec import draft as openapi_draft
from shapespec.importers.smithy.spec import draft as smithy_draft
from shapespec.project.files import MAX_SPEC_BYTES
from tests.support import ROOT

CASES = ROOT / "tests" / "cases" / "imports"
FOLDERS = sorted(file.parent for file in CASES.glob("*/*/source.json"))
NAMES = [folder.relative_to(CASES).as_posix() for folder in FOLDERS]


class Outcome(NamedTuple):
    """What became of a source: the spec, and what was said of it."""

    spec: str
    notes: str


def draft_of(
    kind: str, file: JsonFile, name: str, operations: tuple[str, ...] = ()
) -> Draft:
    """The draft of a source of some kind; `name` is that of a service.

    The case `notes` refers to a document that nobody has; of the case `untyped`, the
    types are inferred.
    """
    match kind:
        case "botocore":
            model = Model(file.data, "1.0", f"{name}.json", file.sha256)
            return botocore_draft(name, model, operations)
        case "smithy":
            return smithy_draft(file, operations)
        case _:
            reading = SchemaOptions(
                skip_remote=name == "notes", infer_types=name == "untyped"
            )
            return json_schema_draft(file, reading=reading)


def finished(folder: Path) -> Finished:
    """The spec of a case."""
    kind = folder.parent.name
    if kind == "openapi":
        described = read_description(folder / "source.json")
        return finish(openapi_draft(described, package=folder.name))
    file = read_json(folder / "source.json", MAX_SPEC_BYTES)
    return finish(
        draft_of(kind, file._replace(name=f"{folder.name}.json"), folder.name)
    )


def outcome(folder: Path) -> Outcome:
    """What becomes of the source of a case."""
    made = finished(folder)
    return Outcome(
        made.text, "".join(f"{line}\n" for line in notes_in_words(made.notes))
    )


def json_file(data: object, name: str = "source.json") -> JsonFile:
    """A value as if it had been read from a file."""
    text = json.dumps(data)
    return JsonFile(data, name, hashlib.sha256(text.encode()).hexdigest())
