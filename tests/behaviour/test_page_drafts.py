"""A contract that begins with documents: the draft of a spec from a page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shapespec.compiler import compile_spec
from shapespec.contract.places import Tree
from shapespec.evidence.spec_facts import spec_facts
from shapespec.ground.source import SourceFile
from tests.support import FLAGSHIP, flagship, run_shapespec
from tests.support.importer_cases import CASES
from tests.support.pages import Pages

WRITTEN = {
    "aws-api-reference": "aws_api_reference",
    "aws-sdk-ruby": "aws_sdk_ruby",
    "datadog-ddsql": "datadog_ddsql",
    "aws-cli": "aws_cli",
    "paws": "paws",
}


def draft(kind: str, page: Path, out: Path, *options: str) -> str:
    """The draft of a page, and what is said of it."""
    done = run_shapespec("import", kind, str(page), "--draft", "-o", str(out), *options)
    assert 0 == done.returncode, done.stderr
    return done.stderr


@pytest.mark.parametrize("kind", WRITTEN)
def test_every_kind_of_page_becomes_a_spec_that_compiles(
    tmp_path: Path, kind: str
) -> None:
    """With all members of the page, at the places where it has them."""
    page, out = tmp_path / "page.md", tmp_path / "draft.yaml"
    page.write_text(getattr(Pages(flagship()), WRITTEN[kind])(), "utf-8")

    draft(kind, page, out, "--spec", str(FLAGSHIP))

    tree = Tree(compile_spec(SourceFile("draft.yaml", out.read_text("utf-8"))))
    top = {path for path in Tree(flagship()).places if path.isidentifier()}
    assert top == {path for path in tree.places if path.isidentifier()}


def test_a_draft_of_a_whole_tree_judges_responses(tmp_path: Path) -> None:
    """What the page states is claimed, types are facts."""
    page, out = tmp_path / "page.md", tmp_path / "draft.yaml"
    page.write_text(Pages(flagship()).aws_cli(), "utf-8")
    draft("aws-cli", page, out, "--no-spec")
    job = tmp_path / "job.json"
    job.write_text(json.dumps({"InputDataConfig": [{"ChannelName": 7}], "New": 1}))

    done = run_shapespec("validate", str(job), "--spec", str(out))

    assert 1 == done.returncode
    assert "error[type] /InputDataConfig/0/ChannelName" in done.stdout
    assert "warning[unknown-member] /New" in done.stdout


def test_constraints_and_values_of_a_page_are_in_its_draft(tmp_path: Path) -> None:
    """As the page states them."""
    out = tmp_path / "draft.yaml"

    draft(
        "aws-api-reference", CASES / "aws-api-reference" / "operation" / "page.md", out
    )

    schema = compile_spec(SourceFile("draft.yaml", out.read_text("utf-8")))
    stated = {(one.path, one.kind): one.value for one in spec_facts(Tree(schema))}
    assert 12 == stated["(request).HarvestId", "minLength"]
    assert ["HarvestNotFound"] == stated["(operation)", "errors"]
    assert "claimed: true" in out.read_text("utf-8")


def test_only_pages_are_drafted() -> None:
    """Models and schemas make specs without being asked."""
    done = run_shapespec("import", "smithy", "x.json", "--draft")

    assert 2 == done.returncode
    assert "--draft is for pages" in done.stderr
