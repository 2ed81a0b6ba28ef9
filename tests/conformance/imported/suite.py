"""The official tests of JSON Schema through the importer: our verdicts beside theirs.

A group is a schema and values with verdicts. The schema becomes a spec, the spec a
package, and that is asked about the values. Where a schema cannot be a root, it is put
into one, as a required member. A verdict that differs has to be announced: by a note
on the way from the root of the schema to the keyword that refuses the value, or, if we
refuse a valid one, by a note of a limitation that makes a spec stricter.
"""

from __future__ import annotations

import json
import os
import sys
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
from jsonschema.protocols import Validator
from referencing import Registry
from referencing.jsonschema import specification_with

from shapespec.drafts import Finished, finish
from shapespec.drafts.limits import STRICTER
from shapespec.ground.errors import Unusable
from shapespec.importers.json_schema.document import Elsewhere, Node
from shapespec.importers.json_schema.spec import WHOLE, document_of, draft
from tests.support import ROOT, compile_text
from tests.support.import_cases import json_file

SUITE = Path(
    os.environ.get("JSON_SCHEMA_SUITE") or Path(sys.prefix, "json-schema-suite")
)
ARCHIVES = sorted(SUITE.glob("jsonschema-*.tar.gz"))
"""The source distribution of python-jsonschema, which `make test` fetches."""

TABLE = ROOT / "spec" / "json-schema-suite.md"

DRAFTS = {"draft2020-12": "2020-12", "draft7": "draft-07"}
_URIS = {
    "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
    "draft7": "http://json-schema.org/draft-07/schema#",
}
_JUDGES: dict[str, Any] = {
    "draft2020-12": jsonschema.Draft202012Validator,
    "draft7": jsonschema.Draft7Validator,
}
_NO_ROOT = {"root-not-object", "root-null"}
_HOST = "http://localhost:1234/"
_WRAPPED = "https://suite.shapespec.example/group"

_FOLLOWED = ("$ref", "$dynamicRef")
VERDICTS = ("agree", "looser", "stricter", "silent")


class Difference(NamedTuple):
    """A test whose verdict is not ours."""

    group: str
    test: str
    verdict: str


@dataclass
class Outcome:
    """How the tests of a file ended, by verdict."""

    counts: Counter[str] = field(default_factory=Counter[str])
    differences: list[Difference] = field(default_factory=list[Difference])

    def add(self, group: str, test: str, verdict: str) -> None:
        """Count a test."""
        self.counts[verdict] += 1
        if verdict != "agree":
            self.differences.append(Difference(group, test, verdict))


class Suite:
    """The tests in the source distribution of python-jsonschema."""

    def __init__(self, archive: Path) -> None:
        """Read the tests and the documents that they refer to."""
        self.files: dict[str, dict[str, Any]] = {one: {} for one in DRAFTS}
        self.remotes: dict[str, Any] = {}
        with tarfile.open(archive) as opened:
            for member in opened.getmembers():
                _, _, name = member.name.partition("/json/")
                if not name.endswith(".json"):
                    continue
                stream = opened.extractfile(member)
                assert stream is not None
                kind, _, rest = name.partition("/")
                folder, _, file = rest.rpartition("/")
                if kind == "tests" and folder in DRAFTS:
                    self.files[folder][file.removesuffix(".json")] = json.load(stream)
                elif kind == "remotes":
                    self.remotes[_HOST + rest] = json.load(stream)

    def fetch(self, uri: str) -> Any:
        """A document that a test refers to."""
        if uri not in self.remotes:
            raise Elsewhere(uri)
        return self.remotes[uri]

    @cache  # noqa: B019  # there is one suite
    def registry(self, draft_: str) -> Registry[Any]:
        """The documents that tests refer to, for python-jsonschema."""
        specification = specification_with(_URIS[draft_].rstrip("#"))
        pairs = (
            (uri, specification.create_resource(data))
            for uri, data in self.remotes.items()
        )
        return Registry[Any]().with_resources(pairs)


def outcomes(suite: Suite, draft_: str, files: Iterable[str]) -> dict[str, Outcome]:
    """How the tests of some files of a draft end."""
    found: dict[str, Outcome] = {}
    for file in files:
        outcome = found[file] = Outcome()
        for group in suite.files[draft_][file]:
            for test, verdict in verdicts(suite, draft_, group):
                outcome.add(group["description"], test, verdict)
    return found


def verdicts(
    suite: Suite, draft_: str, group: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    """The tests of a group, and how each ends."""
    for wrap in (False, True)[isinstance(group["schema"], bool) :]:
        schema = _schema(draft_, group["schema"], wrap=wrap)
        file = json_file(schema, "suite.json")
        try:
            made = finish(draft(file, fetch=suite.fetch))
        except Unusable:
            continue
        if wrap or not _NO_ROOT & {one.note.rule for one in made.notes}:
            break
    package = compile_text(made.text, targets=("validators",)).package
    top = document_of(file, WHOLE, suite.fetch).top
    judge = _JUDGES[draft_](schema, registry=suite.registry(draft_))
    for test in group["tests"]:
        value = {"v": test["data"]} if wrap else test["data"]
        ours = package.is_valid(value)
        if ours == test["valid"]:
            verdict = "agree"
        elif ours:
            verdict = "looser" if is_announced(top, judge, value, made) else "silent"
        else:
            told = any(one.note.rule in STRICTER for one in made.notes)
            verdict = "stricter" if told else "silent"
        yield test["description"], verdict


def _schema(draft_: str, given: Any, *, wrap: bool) -> Any:
    if not wrap:
        if not isinstance(given, dict):
            return given
        return {"$schema": _URIS[draft_], **given}
    inner = given
    word = "definitions" if draft_ == "draft7" else "$defs"
    reference = f"#/{word}/v"
    if isinstance(given, dict):
        own = given.get("$id", "")
        if not own or own.startswith("#"):
            inner = {"$id": "group-inner", **given} if not own else given
            reference = "group-inner" if not own else reference
        else:
            reference = own
        if "$ref" in given and draft_ == "draft7":
            # what is beside a reference does not count, and so has no URI of its own
            inner = {"$id": "group-inner", "allOf": [given], **_definitions(given)}
            reference = "group-inner"
    return {
        "$schema": _URIS[draft_],
        "$id": _WRAPPED,
        "type": "object",
        "properties": {"v": {"$ref": reference}},
        "required": ["v"],
        word: {"v": inner},
    }


def _definitions(schema: dict[str, Any]) -> dict[str, Any]:
    return {word: schema[word] for word in ("$defs", "definitions") if word in schema}


# --- announcements ----------------------------------------------------------------


def is_announced(top: Node, judge: Validator, value: Any, made: Finished) -> bool:
    """Whether a note tells of a keyword that refuses a value, or of one on the way."""
    noted = {_pointer(one.note.said) for one in made.notes}
    noted |= {one.note.said.partition(": ")[0] for one in made.notes}
    for one in [*noted]:  # a rule says `if`, `then` and `else` together
        if one.endswith("/if"):
            noted |= {f"{one[:-2]}then", f"{one[:-2]}else"}
    return any(
        noted & way or any(_covers(last, note) for note in noted for last in lasts)
        for lasts, way in _ways(top, judge.iter_errors(value))
    )


def _pointer(said: str) -> str:
    """The place that begins what a note says, or stands in it."""
    for word in said.split():
        if "#" in word:
            return word.strip(":`,")
    return "?"


def _covers(place: str, note: str) -> bool:
    return place == note or place.startswith(f"{note}/") or note.startswith(f"{place}/")


def _ways(
    top: Node, errors: Iterable[Any]
) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """For each keyword that refuses, its places, and those on the way to it."""
    pending = [*errors]
    while pending:
        error = pending.pop()
        pending += error.context or ()
        yield _way(top, [*error.absolute_schema_path])


def _way(top: Node, steps: list[Any]) -> tuple[frozenset[str], frozenset[str]]:
    """Where a path may lead; it leaves out where references are followed."""
    nodes = [*_referred(top)]
    way = {*map(str, nodes)}
    for step in steps:
        if step in _FOLLOWED and any(
            isinstance(one.value.get(step), str)
            for one in nodes
            if isinstance(one.value, dict)
        ):
            continue  # and not the name of a member
        below: list[Node] = []
        for node in nodes:
            with suppress(KeyError, IndexError, TypeError):
                below += _referred(node.child(step))
        nodes = below
        way |= {*map(str, nodes)}
    return frozenset(map(str, nodes)), frozenset(way)


def _referred(node: Node) -> Iterator[Node]:
    """A schema, and those that it refers to, directly or by another one."""
    seen: set[str] = set()
    found: Node | None = node
    while found is not None and found.place not in seen:
        seen.add(found.place)
        yield found
        if not found.library.is_schema(found.value):
            return  # a value, whatever it looks like
        found = found.library.find(found)


# --- the table --------------------------------------------------------------------


_HEAD = """\
# JSON Schema's official tests

This page shows how exactly
[`shapespec import json-schema`](importing.md#json-schema) carries each keyword over.
The schemas of JSON Schema's official test suite become specs, and the generated
validators are asked about the values of the suite.

- **agree**: our verdict is the official one.
- **looser**: we accept an invalid value, and a note in the spec says so, on the way
  from the root of the schema to the keyword.
- **stricter**: we refuse a valid value, and a note in the spec says why.

There are no other differences: `make test` runs all tests, and
`python -m tests.conformance.imported` writes this page.
"""


def table(found: Mapping[str, Mapping[str, Outcome]]) -> str:
    """The page that shows how the tests of each draft end, file by file."""
    return "\n".join([_HEAD, *(_section(*one) for one in found.items())])


def _section(draft_: str, files: Mapping[str, Outcome]) -> str:
    total = Counter[str]()
    for outcome in files.values():
        total += outcome.counts
    lines = [
        f"## {DRAFTS[draft_]}",
        "",
        "| tests of | tests | agree | looser | stricter |",
        "| --- | --: | --: | --: | --: |",
        *(_row(f"`{file}`", one.counts) for file, one in files.items()),
        _row("all", total),
        "",
    ]
    return "\n".join(lines)


def _row(name: str, counts: Counter[str]) -> str:
    share = f"{counts['agree']} ({counts['agree'] / counts.total():.0%})"
    beside = [str(counts[one] or "") for one in ("looser", "stricter")]
    return f"| {name} | {counts.total()} | {share} | {' | '.join(beside)} |"
