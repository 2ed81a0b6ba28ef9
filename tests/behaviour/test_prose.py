"""What people read in prose rests on lines, and every line has been read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from shapespec.compiler import compile_spec
from shapespec.contract.facts import Evidence
from shapespec.contract.places import Tree
from shapespec.diagnostics.model import Faults
from shapespec.evidence.files import read_evidence
from shapespec.ground.source import SourceFile
from shapespec.importers import find_reader
from shapespec.importers.prose import Checked, check, followed
from shapespec.project.files import read_source, siblings
from shapespec.tools.audit import account
from tests.support import FLAGSHIP, SHARED, run_shapespec

DOCUMENTS = SHARED / "documents"
EVIDENCE = FLAGSHIP.parent / "evidence"
KINDS = ("aws-api-reference", "paws", "aws-cli", "aws-sdk-ruby", "datadog-ddsql")

there = pytest.mark.skipif(
    not DOCUMENTS.is_dir(), reason="../shared/documents is absent"
)


@cache
def prose(kind: str) -> Evidence:
    """What a person read in a document."""
    return read_evidence(read_source(EVIDENCE / f"{kind}.prose.yaml"))


@cache
def document(kind: str) -> SourceFile:
    return read_source(DOCUMENTS / prose(kind).source.document)


@cache
def tree() -> Tree:
    return Tree(compile_spec(read_source(FLAGSHIP)))


def checked(kind: str, text: str) -> Checked | None:
    """What becomes of the prose if the document has this text; none if refused."""
    changed = SourceFile(document(kind).name, text)
    try:
        page = find_reader(kind).read(changed, tree())
    except Faults:
        return None
    return check(prose(kind), changed, page)


def cited(kind: str) -> Iterator[int]:
    """Every line on which a fact rests."""
    found: set[int] = set()
    for fact in prose(kind).facts:
        found.update(fact.follows_from)
        if fact.line is not None:
            found.update(range(fact.line, (fact.last_line or fact.line) + 1))
    lines = document(kind).text.split("\n")
    yield from (one for one in sorted(found) if any(map(str.isalnum, lines[one - 1])))


def test_every_line_of_the_five_documents_has_been_read() -> None:
    """Cited, set aside, or read by the importer: nothing is open."""
    schema = compile_spec(read_source(FLAGSHIP), siblings(FLAGSHIP, "x.yaml"))
    accounts = {one.source.id: one for one in account(schema.ledger)}

    assert set(KINDS) == accounts.keys()
    assert [] == [line for one in accounts.values() for line in one.open]
    assert accounts["aws-cli"].cited > 150


@there
@pytest.mark.parametrize("kind", KINDS)
def test_the_documents_say_what_was_read(kind: str) -> None:
    """Nothing has moved, changed or gone, and nothing is new."""
    found = checked(kind, document(kind).text)

    assert found is not None
    assert ([], {}, [], []) == (found.faults, found.moved, found.lapsed, found.open)


@there
@pytest.mark.parametrize("kind", KINDS)
def test_each_cited_line_is_missed_when_it_changes(kind: str) -> None:
    """Whether a word is turned round in it, or it is gone, the import fails."""
    lines = document(kind).text.split("\n")
    for number in cited(kind):
        turned, without = [*lines], [*lines]
        turned[number - 1] = _turned(lines[number - 1])
        del without[number - 1]
        for text in (turned, without):
            found = checked(kind, "\n".join(text))
            assert found is None or found.faults, (number, lines[number - 1])


def _turned(line: str) -> str:
    """A line that says something else: a word is another one."""
    words = line.split(" ")
    longest = max(range(len(words)), key=lambda one: len(words[one]))
    words[longest] = "nothing" + words[longest][7:].lower()
    return " ".join(words)


@there
@pytest.mark.parametrize(("kind", "at"), [("aws-cli", 8), ("aws-api-reference", 6)])
def test_lines_that_move_are_followed(kind: str, at: int) -> None:
    """With the numbers that they have now, which a second look confirms."""
    lines = document(kind).text.split("\n")
    moved = "\n".join([*lines[:at], "A line that is new.", *lines[at:]])

    found = checked(kind, moved)

    assert found is not None
    assert [] == found.faults
    assert found.moved
    assert [(at + 1, at + 1)] == found.open
    source = read_source(EVIDENCE / f"{kind}.prose.yaml")
    again = read_evidence(SourceFile("x", followed(source.text, prose(kind), found)))
    changed = SourceFile(document(kind).name, moved)
    page = find_reader(kind).read(changed, tree())
    second = check(again, changed, page)
    assert ([], {}, [(at + 1, at + 1)]) == (second.faults, second.moved, second.open)


@there
def test_a_line_that_says_the_same_does_not_stand_for_one_that_is_gone() -> None:
    """Line 247 and line 257 are equal; each carries facts of its own."""
    lines = document("aws-cli").text.split("\n")
    assert lines[246] == lines[256]
    del lines[246]

    found = checked("aws-cli", "\n".join(lines))

    assert found is not None
    assert ["changed-line"] == [one.rule for one in found.faults]


@there
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("`Interrupted` - The job", "`Preempted` - The job"),
        ("- `PreparingTraining`", "- `PreparingFoo`"),
        ("- `InUse` :", "- `Busy` :"),
        ("`Stopping` - The training job is stopping", "`Halting` - It is stopping"),
        ('"alias/ExampleAlias"', '"nickname/ExampleAlias"'),
        ("MXNet (version >= 1.6)", "MXNet (version >= 9.9)"),
        ("you must define the size", "you may omit the size"),
        ("A list of one or more attribute", "A list of zero or more attribute"),
        ("`FastFile` mode works best", "`FastFile` mode works worst"),
        ("Insufficient capacity error", "Another error"),
        (
            "distributed training, choose `True` . If",
            "distributed, choose `False` . If",
        ),
    ],
)
def test_what_was_once_inverted_unseen_is_seen(
    tmp_path: Path, old: str, new: str
) -> None:
    """The command writes nothing, and names the line."""
    text = document("aws-cli").text
    if old not in text:
        pytest.skip(f"the document does not have {old}")
    page = tmp_path / "page.md"
    page.write_text(text.replace(old, new, 1))
    shutil.copy(EVIDENCE / "aws-cli.prose.yaml", tmp_path / "aws-cli.prose.yaml")
    was = (tmp_path / "aws-cli.prose.yaml").read_bytes()

    done = run_shapespec(
        *("import", "aws-cli", str(page), "--edition", "2025"),
        *("--spec", str(FLAGSHIP), "-o", str(tmp_path / "aws-cli.yaml")),
    )

    assert 1 == done.returncode
    assert "error[changed-line]" in done.stderr
    assert not (tmp_path / "aws-cli.yaml").exists()
    assert was == (tmp_path / "aws-cli.prose.yaml").read_bytes()


@there
def test_the_command_tells_what_moved_and_what_is_new(tmp_path: Path) -> None:
    """The numbers are corrected; the new line is open in the audit."""
    page = tmp_path / "page.md"
    lines = document("paws").text.split("\n")
    page.write_text("\n".join([*lines[:14], "News of today.", *lines[14:]]))
    shutil.copy(EVIDENCE / "paws.prose.yaml", tmp_path / "paws.prose.yaml")

    done = run_shapespec(
        *("import", "paws", str(page), "--edition", "2022"),
        *("--spec", str(FLAGSHIP), "-o", str(tmp_path / "paws.yaml")),
    )

    assert 0 == done.returncode, done.stderr
    assert "lines 16-20 moved to lines 17-21" in done.stderr
    assert "line 15 is open" in done.stderr
    assert "line: 17, to: 21" in (tmp_path / "paws.prose.yaml").read_text()
    assert '"paws.yaml"' not in done.stderr


def test_an_inference_says_what_it_follows_from() -> None:
    """No line states that a job is created before it starts."""
    done = run_shapespec("explain", "created-before-start")

    assert "aws-cli: AWS CLI reference" in done.stdout
    assert "follows from line 655, 659" in done.stdout
