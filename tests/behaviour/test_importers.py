"""Pages of other people's documentation, and the facts that importers make of them.

The cases are in `tests/cases/importers/`, see `tests/support/importer_cases.py`;
`pytest --update` rewrites what they expect. The evidence in
`spec/sagemaker/evidence/` is imported again where the documents are there.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from importlib import metadata
from importlib.util import find_spec
from itertools import permutations
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner

from shapespec.cli import shapespec
from shapespec.compiler import compile_spec
from shapespec.contract.facts import KINDS as FACT_KINDS, Fact, Source
from shapespec.contract.places import Tree
from shapespec.diagnostics.model import Faults
from shapespec.diagnostics.render import render
from shapespec.drafts import finish
from shapespec.evidence.files import read_evidence, write_evidence
from shapespec.ground.errors import Unusable
from shapespec.ground.source import SourceFile
from shapespec.ground.terminal import plain
from shapespec.importers import DOCUMENTS, FORMATS, KINDS, find, find_reader
from shapespec.importers.aws_cli.repair import repair
from shapespec.importers.botocore import parse as botocore_models
from shapespec.importers.botocore.facts import model_facts, service_facts
from shapespec.importers.json_file import JsonFile
from shapespec.importers.prose import prose_lines
from shapespec.importers.protocol import Page
from shapespec.project.files import MAX_SPEC_BYTES, read_source
from tests.support import FLAGSHIP, ROOT, SHARED, run_shapespec
from tests.support.import_cases import draft_of
from tests.support.importer_cases import (
    CASES,
    FOLDERS,
    NAMES,
    facts_in,
    outcome,
    page_of,
    tree_of,
)

EVIDENCE = ROOT / "spec" / "sagemaker" / "evidence"
PAGES = SHARED / "documents"
ACCEPTED = {
    name: folder
    for name, folder in zip(NAMES, FOLDERS, strict=True)
    if (folder / "facts.yaml").exists() and facts_in(folder)
}
WHOLE = {
    "aws-api-reference": "operation",
    "paws": "operation",
    "aws-cli": "flat",
    "aws-sdk-ruby": "response",
    "datadog-ddsql": "dataset",
}
"""Of each format the case that shows most of it."""

Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

ENDLESS = {"aws-cli", "datadog-ddsql"}
"""The formats whose pages have nothing at the end that one could miss."""

COUNTS = {
    "aws-api-reference": {
        "type": 24,
        "required": 24,
        "minLength": 2,
        "maxLength": 8,
        "minItems": 2,
        "maxItems": 2,
        "pattern": 7,
        "enum": 2,
        "apiVersion": 1,
    },
    "paws": {"type": 166, "required": 1, "enum": 20},
    "aws-cli": {"type": 184, "required": 1, "apiVersion": 1},
    "aws-sdk-ruby": {"type": 40, "apiVersion": 1},
    "datadog-ddsql": {"type": 46, "table": 1},
}
"""What the five documents hold, by source and kind."""


def refusal(kind: str, text: str) -> Faults:
    """Why a page is refused."""
    with pytest.raises(Faults) as caught:
        find_reader(kind).read(SourceFile("page.md", text), None)
    return caught.value


def attempt(kind: str, text: str, tree: Tree | None) -> Page | Faults:
    """What an importer makes of a text: a page, or faults, and nothing else."""
    try:
        return find_reader(kind).read(SourceFile("page.md", text), tree)
    except Faults as faults:
        return faults


def whole(kind: str) -> Path:
    return CASES / kind / WHOLE[kind]


def committed(kind: str) -> tuple[Source, tuple[Fact, ...]]:
    found = read_evidence(read_source(EVIDENCE / f"{kind}.yaml"))
    return found.source, found.facts


# --- the cases ------------------------------------------------------------------


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_case(folder: Path, *, update: bool) -> None:
    """A page gives the facts and the diagnostics in its folder."""
    actual = outcome(folder)
    files = {"facts.yaml": actual.facts, "stderr.txt": actual.said}
    if update:
        for name, text in files.items():
            (folder / name).unlink(missing_ok=True)
            if text is not None:
                (folder / name).write_text(text, "utf-8")

    for name, text in files.items():
        file = folder / name
        assert (file.read_text("utf-8") if file.exists() else None) == text


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_format_has_its_cases(kind: str) -> None:
    """A page that shows most of the format, one of another, one that is cut short."""
    variants = {folder.name for folder in FOLDERS if folder.parent.name == kind}

    assert {WHOLE[kind], "wrong-format", "unread", "cut-at-end"} <= variants


@pytest.mark.parametrize("name", ACCEPTED)
def test_facts_know_where_they_are_stated(name: str) -> None:
    """A fact's line names what it is about, and each member has a type."""
    folder = ACCEPTED[name]
    document, facts = page_of(folder), facts_in(folder)
    importer = find(folder.parent.name)

    facts = tuple(
        fact
        for fact in facts
        if not fact.path.startswith(("(operation)", "(errors)", "(table)"))
    )
    assert {fact.path for fact in facts} == {
        fact.path for fact in facts if fact.kind == "type"
    } | {fact.path for fact in facts if fact.path.endswith(("[]", "{}", "{key}"))}
    for fact in facts:
        assert fact.kind in FACT_KINDS
        assert fact.line is not None
        assert document.line(fact.line).strip()
        assert fact.kind != "type" or importer.means(str(fact.value))


@pytest.mark.parametrize("line_break", ["\r\n", "\r"], ids=["crlf", "cr"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "bom"])
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_line_breaks_and_byte_order_marks(
    tmp_path: Path, kind: str, line_break: str, mark: str
) -> None:
    """A page gives the same facts on the same lines, whatever an editor made of it."""
    folder = whole(kind)
    file = tmp_path / "page.md"
    text = f"{mark}{page_of(folder).text}".replace("\n", line_break)
    file.write_bytes(text.encode())

    page = find_reader(kind).read(read_source(file), tree_of(folder))

    assert facts_in(folder) == tuple(sorted(page.facts, key=Fact.sort_key))


# --- bad input ------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "other"), [*permutations(DOCUMENTS, 2)])
def test_page_of_another_format(kind: str, other: str) -> None:
    """A page of another format is refused on its first line, and the format named."""
    (fault,) = refusal(kind, page_of(whole(other)).text).diagnostics

    assert "wrong-format" == fault.rule
    assert f"it looks like a page for `shapespec import {other}`" == fault.help
    assert fault.primary is not None
    assert "page.md:1:1" == str(fault.primary.span)


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff", "?", "# \n", "\0" * 9])
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_page_without_contents(kind: str, text: str) -> None:
    """A page that holds nothing is refused, with file and line."""
    (fault,) = refusal(kind, text).diagnostics

    assert "wrong-format" == fault.rule
    assert fault.primary is not None
    assert "page.md:1:1" == str(fault.primary.span)
    assert text.strip() or fault.message.endswith(": it is empty")


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_page_cut_at_any_line(kind: str) -> None:
    """However much of a page is missing, it is refused, or nothing of it was needed.

    A page without an end of its own gives the facts up to where it was cut, if that is
    between two entries.
    """
    folder = whole(kind)
    lines = page_of(folder).text.splitlines(keepends=True)
    wanted = facts_in(folder)
    for count in range(len(lines)):
        match attempt(kind, "".join(lines[:count]), tree_of(folder)):
            case Faults(diagnostics=faults):
                places = [
                    one.primary.span.position.line for one in faults if one.primary
                ]
                assert len(faults) == len(places)
                assert set(places) <= {*range(1, max(count, 1) + 1)}
            case Page(facts=facts):
                assert all(fact in wanted for fact in facts)
                assert kind in ENDLESS or len(wanted) == len(facts)


@pytest.mark.parametrize("sign", ["(", "|", "\u2028", "`", "\n"], ids=ascii)
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_page_with_a_sign_too_many(kind: str, sign: str) -> None:
    """A sign where none belongs is read over or refused at its place, wherever."""
    folder = whole(kind)
    text = page_of(folder).text
    for offset in range(0, len(text), 29):
        found = attempt(kind, text[:offset] + sign + text[offset:], tree_of(folder))
        if isinstance(found, Faults):
            assert all(fault.primary for fault in found.diagnostics)


@pytest.mark.parametrize(
    "line",
    [
        "    list(",
        "A -> (structure)",
        "> A -> (structure)",
        "(list)",
        "( ... recursive ... )",
        " **A**   ",
        "Type: Array of arrays of strings",
        "| a | core | string |",
        "@!attribute [rw] a",
        f"Pattern: {'`' * 99}",
        f"@return [{'Array<' * 99}",
        "<td>" * 99,
        "[" * 999,
    ],
    ids=lambda line: line[:20],
)
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_hostile_page(kind: str, line: str) -> None:
    """A line repeated a thousand times is read over or refused, and soon."""
    text = page_of(whole(kind)).text
    for at in (len(text) // 2, len(text) * 9 // 10, len(text)):
        start = text.rfind("\n", 0, at) + 1
        found = attempt(kind, text[:start] + f"{line}\n" * 1000 + text[start:], None)
        if isinstance(found, Faults):
            assert all(fault.primary for fault in found.diagnostics)


# --- encodings ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damaged", "meant"),
    [
        ("describe-jobÂ¶", "describe-job¶"),
        ("donâ\x80\x99t", "don’t"),
        ("donâ€™t", "don’t"),
        ("ð\x9f\x8d\x8e Ã¼ber", "🍎 über"),
        ("don’t – naïve Übung §4", "don’t – naïve Übung §4"),
        ("Ã alone, â\x80 cut", "Ã alone, â\x80 cut"),
        ("\xed\xa0\x80", "\xed\xa0\x80"),
        ("plain", "plain"),
    ],
    ids=ascii,
)
def test_text_encoded_twice(damaged: str, meant: str) -> None:
    """What was encoded twice is read as it was meant, and what was not stays."""
    assert meant == repair(damaged)


def test_page_that_is_not_damaged() -> None:
    """A page of the CLI reference gives the same facts, encoded once or twice."""
    folder = whole("aws-cli")
    text = page_of(folder).text.encode("latin-1").decode()

    page = find_reader("aws-cli").read(SourceFile("page.md", text), tree_of(folder))

    assert facts_in(folder) == tuple(sorted(page.facts, key=Fact.sort_key))


# --- the five documents ---------------------------------------------------------


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_committed_evidence(kind: str) -> None:
    """The evidence is that of the documents, read again, to the byte."""
    if not PAGES.is_dir():
        pytest.skip(f"the documents are not there: {PAGES}")
    source, _ = committed(kind)
    document = read_source(PAGES / source.document)
    tree = Tree(compile_spec(read_source(FLAGSHIP)))

    page = find_reader(kind).read(document, tree)

    called = f"shapespec import {kind} {source.document}"
    assert (EVIDENCE / f"{kind}.yaml").read_text("utf-8") == write_evidence(
        source, page.facts, called, prose_lines(page, document)
    )
    assert (PAGES / source.document).read_bytes() == document.text.encode()
    assert source.sha256 == document.digest


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_counts_of_the_evidence(kind: str) -> None:
    """Each document holds as many facts of each kind as were counted in it."""
    _, facts = committed(kind)

    assert COUNTS[kind] == Counter(fact.kind for fact in facts)


def test_facts_counted_by_others() -> None:
    """The documents hold 518 facts, as someone else counted them.

    Who did counted a line with a least and a greatest value once, and left out the
    request, the columns that belong to no member, the version of the API and the table.
    """
    stated = [
        (kind, fact)
        for kind in DOCUMENTS
        for fact in committed(kind)[1]
        if fact.kind not in ("apiVersion", "table")
    ]
    sent = [fact for _, fact in stated if fact.path.startswith("(request)")]
    columns = [fact for kind, fact in stated if kind == "datadog-ddsql"]
    own = [fact for fact in columns if fact.as_written is None]
    bounds = [(kind, fact.path, fact.line) for kind, fact in stated if is_bound(fact)]

    assert (529, 4, 3) == (len(stated), len(sent), len(own))
    assert 518 == 529 - 4 - 3 - (len(bounds) - len(set(bounds)))


def is_bound(fact: Fact) -> bool:
    return fact.kind.startswith(("min", "max"))


def test_no_sentence_of_a_document_is_kept() -> None:
    """Values and spellings are names, types, numbers, patterns and enum values."""
    for kind in KINDS:
        for fact in committed(kind)[1]:
            values = fact.value if isinstance(fact.value, list) else [fact.value]
            texts = [one for one in (*values, fact.as_written) if isinstance(one, str)]
            if fact.kind not in ("type", "pattern"):
                assert not any(" " in text for text in texts)
            assert fact.kind != "type" or find(kind).means(str(fact.value))


# --- botocore -------------------------------------------------------------------


def test_botocore_facts(*, update: bool) -> None:
    """A model gives types, bounds, patterns, enums and what is required, throughout."""
    folder = CASES / "botocore" / "operation"
    model = json.loads((folder / "model.json").read_text("utf-8"))
    source = Source("botocore", "botocore", "Orchard", "1.0", "model.json", "0" * 64)

    facts = tuple(model_facts(model, "DescribeHarvest"))
    text = write_evidence(source, facts, "shapespec import botocore")
    if update:
        (folder / "facts.yaml").write_text(text, "utf-8")

    assert (folder / "facts.yaml").read_text("utf-8") == text
    assert all(
        find("botocore").means(str(one.value)) for one in facts if one.kind == "type"
    )


def test_committed_evidence_of_botocore() -> None:
    """The evidence is that of botocore's model, where that version is installed."""
    source, facts = committed("botocore")
    if not find_spec("botocore"):
        pytest.skip("botocore is not installed")
    if metadata.version("botocore") != source.edition:
        pytest.skip(f"botocore is not the version of the evidence, {source.edition}")
    model = botocore_models.load("sagemaker")

    again = (
        *model_facts(model.data, "DescribeTrainingJob"),
        *service_facts(model.data, "DescribeTrainingJob", model.paginators),
    )

    assert facts == tuple(sorted(again, key=Fact.sort_key))
    assert (source.edition, source.document, source.sha256) == (
        model.version,
        model.document,
        model.sha256,
    )


def test_botocore_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without botocore the message names the extra that brings it."""
    monkeypatch.setitem(sys.modules, "botocore", None)

    with pytest.raises(Unusable, match=r"pip install shapespec\[botocore\]"):
        botocore_models.load("sagemaker")


def test_what_botocore_does_not_have() -> None:
    """An unknown service and an unknown operation are named, with the nearest."""
    pytest.importorskip("botocore")
    with pytest.raises(Unusable, match="did you mean sagemaker"):
        botocore_models.load("sagemker")
    with pytest.raises(Unusable, match="did you mean DescribeTrainingJob"):
        botocore_models.check_operation(
            botocore_models.load("sagemaker"), "DescribeTrainingjob"
        )


# --- importers ------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_an_importer_says_what_it_is(kind: str) -> None:
    """Each kind has an importer of that name, and a word that is none means nothing."""
    importer = find(kind)

    assert kind == importer.kind
    assert importer.describes
    assert frozenset() == importer.means("fleece")


def test_an_importer_loads_no_other() -> None:
    """Asking for one importer loads neither the others nor botocore."""
    code = (
        "import sys; from shapespec.importers import find; find('paws')\n"
        "print([name for name in sys.modules if 'botocore' in name or '_cli' in name])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert "[]\n" == done.stdout


# --- the command ----------------------------------------------------------------


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `shapespec import` in an empty folder."""
    return partial(run_shapespec, "import", cwd=tmp_path)


def test_import_writes_evidence(run: Run, tmp_path: Path) -> None:
    """A page becomes a file of evidence that says where it comes from."""
    page = whole("paws") / "page.md"

    done = run("paws", page, "--no-spec", "--edition", "2025", "-o", "paws.yaml")

    found = read_evidence(read_source(tmp_path / "paws.yaml"))
    assert (0, f"paws.yaml: {len(found.facts)} facts\n", "") == (
        done.returncode,
        done.stdout,
        done.stderr,
    )
    assert facts_in(whole("paws")) == found.facts
    assert Source(
        id="paws",
        kind="paws",
        title="R documentation of paws, orchard_describe_harvest",
        edition="2025",
        document="page.md",
        sha256=hashlib.sha256(page.read_bytes()).hexdigest(),
    ) == (found.source)
    assert ["paws.yaml"] == [file.name for file in tmp_path.iterdir()]


def test_import_to_standard_output(run: Run) -> None:
    """Without `-o` the evidence is printed; id and title are what one says."""
    page = whole("paws") / "page.md"
    options = ("--edition", "2025", "--id", "orchard", "--title", "Orchard in R")

    done = run("paws", page, *options)

    assert 0 == done.returncode
    head = (
        "# What Orchard in R states. Written by `shapespec import paws page.md`;"
        ' not to be edited.\nsource:\n  id: "orchard"\n  kind: "paws"\n'
    )
    assert done.stdout.startswith(head)


def test_import_with_a_spec(run: Run) -> None:
    """The spec that is named says where a structure ends; that is reported."""
    folder = whole("aws-cli")

    without = run("aws-cli", folder / "page.md", "--edition", "2025")
    done = run(
        "aws-cli",
        folder / "page.md",
        *("--edition", "2025", "--spec", folder / "spec.yaml"),
    )

    assert (1, "") == (without.returncode, without.stdout)
    assert "error[ambiguous-member]" in without.stderr
    assert 0 == done.returncode
    assert "warning[ambiguous-nesting]" in done.stderr
    assert "Crates[][].Size.Width" in done.stdout


def test_import_with_the_spec_of_the_project(run: Run, tmp_path: Path) -> None:
    """The project's spec is used where none is named; if it is wrong, no spec is."""
    folder = whole("aws-sdk-ruby")
    (tmp_path / "pyproject.toml").write_text('[tool.shapespec]\nspecs = ["s.yaml"]\n')
    command = ("aws-sdk-ruby", folder / "page.txt", "--edition", "2025")

    absent = run(*command)
    (tmp_path / "s.yaml").write_text("shapespec: 1\n")
    wrong = run(*command)
    (tmp_path / "s.yaml").write_text((folder / "spec.yaml").read_text())
    right = run(*command)

    assert (0, 0, 0) == (absent.returncode, wrong.returncode, right.returncode)
    assert "cannot read s.yaml" in absent.stderr
    assert "s.yaml is wrong; the page is read without a spec\n" == wrong.stderr
    assert absent.stdout == wrong.stdout
    assert 'path: "harvest_id"' in wrong.stdout
    assert 'path: "HarvestId"' in right.stdout


def test_import_with_several_specs(run: Run, tmp_path: Path) -> None:
    """A project with several specs has to be told which is meant."""
    (tmp_path / "pyproject.toml").write_text(
        '[tool.shapespec]\nspecs = ["a.yaml", "b.yaml"]\n'
    )

    done = run("paws", whole("paws") / "page.md", "--edition", "2025")

    assert 2 == done.returncode
    assert "several specs; name one with --spec" in done.stderr


def test_import_verifies_prose(run: Run, tmp_path: Path) -> None:
    """Prose beside the evidence is checked; where it changed, nothing is written."""
    folder = CASES / "aws-sdk-ruby" / "changed-line"
    prose = (folder / "facts.prose.yaml").read_text()
    command = ("aws-sdk-ruby", folder / "page.txt", "--edition", "2025")
    (tmp_path / "ruby.prose.yaml").write_text(prose)

    moved = run(*command, "-o", "ruby.yaml")
    (tmp_path / "ruby.prose.yaml").write_text(prose[: prose.index('  - {path: "row')])
    still = run(*command, "-o", "ruby.yaml")

    assert 1 == moved.returncode
    assert "error[changed-line]: line 5 of" in moved.stderr
    assert "ruby.prose.yaml:12:5" in moved.stderr
    assert 0 == still.returncode
    assert (tmp_path / "ruby.yaml").is_file()


def test_import_of_a_page_that_is_refused(run: Run, tmp_path: Path) -> None:
    """A page that is refused leaves the evidence that was there, exit code 1."""
    (tmp_path / "paws.yaml").write_text("as it was")
    page = CASES / "paws" / "cut-in-list" / "page.md"

    done = run("paws", page, "--edition", "2025", "-o", "paws.yaml")

    assert 1 == done.returncode
    assert "error[truncated-page]" in done.stderr
    assert "page.md:41:9" in done.stderr
    assert "as it was" == (tmp_path / "paws.yaml").read_text()


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ("über".encode("latin-1"), "not-utf8"),
        ("class Aws".encode("utf-16"), "not-utf8"),
        (b"", "wrong-format"),
        (b"x" * 1025, "file-too-large"),
    ],
    ids=["latin-1", "utf-16", "empty", "large"],
)
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_import_of_bytes(
    kind: str, data: bytes, rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes that are no page are one diagnostic that names the file."""
    file = tmp_path / "page.md"
    file.write_bytes(data)
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(
        shapespec, ["import", kind, "page.md", "--edition", "1", "--max-size", "1K"]
    )

    assert isinstance(done.exception, Faults)
    (fault,) = done.exception.diagnostics
    assert rule == fault.rule
    assert "page.md" in render([fault], plain)


def test_import_has_a_limit_of_its_own() -> None:
    """A page of 100 MB is refused, unless told otherwise."""
    assert MAX_SPEC_BYTES < 100 * 1024 * 1024


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Missing argument"),
        (("parchment", "page.md"), "'parchment' is not one of"),
        (
            ("paws", "page.md"),
            "pages of paws do not state their edition: give it with --edition",
        ),
        (("paws", "missing.md", "--edition", "1"), "cannot read missing.md"),
        (("paws", ".", "--edition", "1"), "cannot read ."),
        (("paws", "p", "--edition", "1", "--operation", "A"), "are for botocore"),
        (("paws", "p", "--edition", "1", "--spec", "no.yaml"), "cannot read no.yaml"),
        (("botocore", "s3", "--edition", "1"), "are for evidence, not for specs"),
        (("botocore", "sagemaker", "--evidence"), "name one operation"),
        (("paws", "p", "--edition", "1", "--docs"), "are for specs, not for evidence"),
        (
            ("botocore", "s3", "--evidence", "--operation", "A", "--edition", "1"),
            "not for botocore: its edition is its version",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_import_used_wrongly(
    run: Run, arguments: tuple[str, ...], message: str
) -> None:
    """Wrong usage is one clear message and exit code 2."""
    done = run(*arguments)

    assert 2 == done.returncode
    assert message in done.stderr


def test_import_into_a_folder_that_is_not_there(run: Run, tmp_path: Path) -> None:
    """The folder is made; where it cannot be, the file is named, exit code 2."""
    page = whole("paws") / "page.md"
    (tmp_path / "file").write_text("")

    made = run("paws", page, "--edition", "1", "-o", Path("missing", "paws.yaml"))
    done = run("paws", page, "--edition", "1", "-o", Path("file", "paws.yaml"))

    assert 0 == made.returncode, made.stderr
    assert (tmp_path / "missing" / "paws.yaml").is_file()
    assert 2 == done.returncode
    assert f"cannot write {Path('file', 'paws.yaml')}" in done.stderr


def test_import_of_a_service_model(run: Run) -> None:
    """An operation of the installed botocore becomes evidence with its version."""
    pytest.importorskip("botocore")
    version = metadata.version("botocore")

    done = run(
        "botocore", "sagemaker", "--operation", "DescribeTrainingJob", "--evidence"
    )

    assert (0, "") == (done.returncode, done.stderr)
    assert f'edition: "{version}"' in done.stdout
    assert 'path: "(request).TrainingJobName", kind: required, value: true' in (
        done.stdout
    )


def test_import_help_is_worth_reading(run: Run) -> None:
    """The help names every kind and the exit codes."""
    shown = run("--help").stdout

    assert "Exit codes:" in shown
    for kind in FORMATS:
        assert f"    {kind} " in shown


def test_half_of_a_pair_is_spelt_out() -> None:
    """A text that no YAML can hold, anywhere in a model, gives a spec that is read."""
    model = {
        "version": "2.0",
        "metadata": {
            "apiVersion": "1",
            "serviceId": "Half",
            "protocol": "json",
            "serviceFullName": "Half \ud800",
        },
        "operations": {
            "Get": {
                "name": "Get",
                "output": {"shape": "Out"},
                "documentation": "\udfff",
            }
        },
        "shapes": {
            "Out": {"type": "structure", "members": {"Odd": {"shape": "Odd"}}},
            "Odd": {"type": "the type \ud800"},
        },
    }
    draft = draft_of("botocore", JsonFile(model, "x.json", "0" * 64), "half")

    text = finish(draft).text
    compile_spec(SourceFile("spec.yaml", text))

    assert "Half \\ud800" in text
