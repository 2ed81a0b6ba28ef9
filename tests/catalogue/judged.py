"""One published schema: imported, compiled, and asked about its documents."""

from __future__ import annotations

import json
import re
import signal
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT7
from ruamel.yaml import YAML, YAMLError

from shapespec.diagnostics.model import Faults
from shapespec.drafts import Finished, finish
from shapespec.drafts.limits import STRICTER
from shapespec.ground.errors import Unusable
from shapespec.importers.json_schema.document import Elsewhere, Node
from shapespec.importers.json_schema.files import read_schema
from shapespec.importers.json_schema.spec import SchemaOptions, document_of, draft
from shapespec.project.files import MAX_SPEC_BYTES
from tests.catalogue.places import places
from tests.conformance.imported.suite import is_announced
from tests.support import compile_text

PATIENCE = 120
"""Seconds of processor time for a schema and all of its documents."""

_NO_ROOT = {"root-not-object", "root-null"}
_READING = SchemaOptions(skip_remote=True)


class TooLong(Exception):
    """A schema took longer than it may."""


@dataclass
class Document:
    """A document of a schema, and the verdicts about it.

    Attributes:
        file: Where it is.
        positive: Whether its authors call it valid.
        theirs: What the schema says by python-jsonschema; none where it cannot.
        ours: What the imported contract says.
        strict: What it says if warnings are errors.
        announced: Whether a note tells of the difference, if there is one.
    """

    file: str
    positive: bool
    theirs: bool | None = None
    ours: bool | None = None
    strict: bool | None = None
    announced: bool = True


@dataclass
class Judged:
    """What became of a schema.

    Attributes:
        name: Of its file.
        failed: Why it could not be imported or compiled; empty where it could.
        refused: Whether that is the schema's own fault, or something we say.
        rootless: Whether nothing in it can be a root.
        notes: How many notes the import has.
        seconds: Processor time of import and compilation.
        places: How many members, items and values it has, and how many are any value.
    """

    name: str
    failed: str = ""
    refused: bool = False
    rootless: bool = False
    notes: int = 0
    seconds: float = 0
    places: Counter[str] = field(default_factory=Counter[str])
    documents: list[Document] = field(default_factory=list[Document])


class Imported(NamedTuple):
    """The contract that a schema becomes, and what is not carried into it."""

    package: Any
    made: Finished
    top: Node


class Store:
    """A checkout of SchemaStore, or a folder that is laid out like it."""

    def __init__(self, folder: Path) -> None:
        """Look into a folder with `src/schemas/json` and `src/test`."""
        self.src = folder / "src"
        self.files = sorted((self.src / "schemas" / "json").glob("*.json"))
        self._by_name = {file.name: file for file in self.files}

    def fetch(self, uri: str) -> Any:
        """Another schema of the store; nothing else is fetched."""
        name = uri.partition("#")[0].rstrip("/").rpartition("/")[2]
        known = self._by_name.get(name) or self._by_name.get(f"{name}.json")
        if known is None or ("schemastore" not in uri and "://" in uri):
            raise Elsewhere(uri)
        return json.loads(known.read_text("utf-8-sig"))

    def documents(self, name: str) -> Iterator[tuple[bool, Path]]:
        """The documents of a schema: whether each is valid, and where it is."""
        for positive, folder in ((True, "test"), (False, "negative_test")):
            for file in sorted((self.src / folder / name).rglob("*")):
                if file.suffix in _READERS:
                    yield positive, file


def _json(file: Path) -> Any:
    return json.loads(file.read_text("utf-8-sig"))


def _yaml(file: Path) -> Any:
    loaded = YAML(typ="safe", pure=True).load(file.read_text("utf-8-sig"))
    return json.loads(json.dumps(loaded, default=str))


def _toml(file: Path) -> Any:
    loaded = tomllib.loads(file.read_text("utf-8-sig"))
    return json.loads(json.dumps(loaded, default=str))


_READERS = {".json": _json, ".yaml": _yaml, ".yml": _yaml, ".toml": _toml}


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TooLong

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def judge(store: Store, file: Path) -> Judged:
    """A schema of a store, with the verdicts about all of its documents."""
    found = Judged(file.stem)
    try:
        with _within(PATIENCE):
            _judge(store, file, found)
    except TooLong:
        found.failed = found.failed or f"more than {PATIENCE} s"
    return found


def _judge(store: Store, file: Path, found: Judged) -> None:
    begun = time.process_time()
    try:
        source = read_schema(str(file), MAX_SPEC_BYTES)
        made = finish(draft(source, reading=_READING, fetch=store.fetch))
    except (Unusable, Faults) as error:
        found.refused = True
        told = error.diagnostics[0] if isinstance(error, Faults) else None
        found.failed = str(error) if told is None else f"{told.rule}: {told.message}"
        return
    found.notes = len(made.notes)
    found.rootless = bool(_NO_ROOT & {one.note.rule for one in made.notes})
    try:
        made_of = compile_text(made.text, targets=("validators",))
        package, found.places = made_of.package, places(made_of.schema)
    except Faults as error:
        found.failed = f"our spec: {error.diagnostics[0].message}"
        return
    found.seconds = time.process_time() - begun
    if found.rootless:
        return
    top = document_of(source, _READING, store.fetch).top
    ours = Imported(package, made, top)
    validator = jsonschema.validators.validator_for(
        source.data, default=jsonschema.Draft7Validator
    )
    theirs = validator(source.data, registry=Registry[Any](retrieve=_retrieve(store)))
    for positive, document in store.documents(file.stem):
        try:
            value = _READERS[document.suffix](document)
        except (ValueError, YAMLError):
            continue
        one = Document(str(document.relative_to(store.src)), positive)
        _ask(one, value, theirs, ours)
        found.documents.append(one)


def _retrieve(store: Store) -> Any:
    def retrieve(uri: str) -> Resource[Any]:
        try:
            data = store.fetch(uri)
        except Elsewhere as elsewhere:
            raise LookupError(uri) from elsewhere
        return Resource.from_contents(data, default_specification=DRAFT7)

    return retrieve


def _ask(one: Document, value: Any, theirs: Any, ours: Imported) -> None:
    try:
        one.theirs = theirs.is_valid(value)
        one.ours = ours.package.is_valid(value)
        one.strict = ours.package.is_valid(value, strict=True)
        if one.ours and not one.theirs:
            one.announced = is_announced(ours.top, theirs, value, ours.made)
        elif one.theirs and not one.ours:
            one.announced = any(
                noted.note.rule in STRICTER for noted in ours.made.notes
            )
    except (Unresolvable, RecursionError, re.error, TypeError, ValueError):
        one.theirs = None  # patterns that Python cannot read, references to elsewhere
