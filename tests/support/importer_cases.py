"""The cases of the importers: pages, and what is to be made of them.

A folder `cases/importers/<kind>/<variant>/` is a case. `page.md` or `page.txt` is read,
with the spec in `spec.yaml` if there is one. `facts.yaml` holds the evidence, if the
page is accepted, and `stderr.txt` every diagnostic; `facts.prose.yaml` is verified.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from shapespec.compiler import compile_spec
from shapespec.contract.facts import Fact, Source
from shapespec.contract.places import Tree
from shapespec.diagnostics.model import Diagnostic, Faults
from shapespec.diagnostics.render import render
from shapespec.evidence.files import read_evidence, write_evidence
from shapespec.ground.source import SourceFile
from shapespec.ground.terminal import plain
from shapespec.importers import find_reader
from shapespec.importers.prose import check
from shapespec.importers.protocol import Page
from shapespec.project.files import read_source
from tests.support import ROOT

CASES = ROOT / "tests" / "cases" / "importers"
SCHEMAS = ROOT / "tests" / "cases" / "schemas"
"""Schemas that are refused; see `tests/behaviour/test_schema_documents.py`."""

FOLDERS = sorted(file.parent for file in CASES.glob("*/*/page.*"))
NAMES = [folder.relative_to(CASES).as_posix() for folder in FOLDERS]


class Outcome(NamedTuple):
    """What became of a page: evidence if it was accepted, and what was said of it."""

    facts: str | None
    said: str | None


def page_of(folder: Path) -> SourceFile:
    """The page of a case."""
    (file,) = folder.glob("page.*")
    return read_source(file, name=file.name)


def tree_of(folder: Path) -> Tree | None:
    """The places of a case's spec, if it has one."""
    file = folder / "spec.yaml"
    return Tree(compile_spec(read_source(file))) if file.exists() else None


def evidence_of(kind: str, page: Page, document: SourceFile) -> str:
    """A page's facts as a file of evidence."""
    source = Source(kind, kind, page.title, "2025", document.name, document.digest)
    return write_evidence(source, page.facts, f"shapespec import {kind}")


def outcome(folder: Path) -> Outcome:
    """What becomes of the page of a case."""
    kind, document = folder.parent.name, page_of(folder)
    facts: str | None = None
    try:
        page = find_reader(kind).read(document, tree_of(folder))
    except Faults as faults:
        said: tuple[Diagnostic, ...] = faults.diagnostics
    else:
        facts = evidence_of(kind, page, document)
        said = (*page.warnings, *_prose(folder, document, page))
    return Outcome(facts, render(said, plain) + "\n" if said else None)


def _prose(folder: Path, document: SourceFile, page: Page) -> tuple[Diagnostic, ...]:
    file = folder / "facts.prose.yaml"
    if not file.exists():
        return ()
    prose = read_evidence(read_source(file, name=file.name))
    return tuple(check(prose, document, page).faults)


def facts_in(folder: Path) -> tuple[Fact, ...]:
    """The facts that a case is to give."""
    return read_evidence(read_source(folder / "facts.yaml")).facts


def rules_shown() -> set[str]:
    """The rules whose diagnostics the cases show."""
    return {rule for text in _said() for rule in re.findall(r"\[([a-z-]+)\]: ", text)}


def is_shown(messages: str) -> bool:
    """Whether some case shows these lines, whatever stands between them."""
    return any(_in_order(messages.splitlines(), text.splitlines()) for text in _said())


def _in_order(wanted: list[str], lines: list[str]) -> bool:
    rest = iter(lines)
    return all(line in rest for line in wanted)


def _said() -> list[str]:
    listed = [*CASES.glob("*/*/stderr.txt"), *SCHEMAS.glob("*/stderr.txt")]
    return [file.read_text("utf-8") for file in listed]
