"""A page of each kind, written from the spec, states what the spec states."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from shapespec.contract.facts import Fact
from shapespec.contract.places import Tree
from shapespec.evidence.spec_facts import spec_facts
from shapespec.ground.source import SourceFile
from shapespec.importers import find, find_reader
from shapespec.importers.protocol import Page
from tests.support import flagship, run_shapespec
from tests.support.pages import Pages

KINDS = {
    "aws-api-reference": ("aws_api_reference", False, {"required", "enum", "pattern"}),
    "aws-sdk-ruby": ("aws_sdk_ruby", False, set()),
    "types.rb": ("types_rb", True, set()),
    "datadog-ddsql": ("datadog_ddsql", False, set()),
    "aws-cli": ("aws_cli", True, set()),
    "paws": ("paws", True, {"enum"}),
}
"""How each is written, whether it goes to every depth, and what it states of types."""


@cache
def tree() -> Tree:
    return Tree(flagship())


def page(kind: str) -> Page:
    importer = "aws-sdk-ruby" if kind == "types.rb" else kind
    text = getattr(Pages(flagship()), KINDS[kind][0])()
    return find_reader(importer).read(SourceFile("page", text), tree())


def stated(facts: Iterable[Fact], kinds: set[str]) -> dict[tuple[str, str], object]:
    """What is stated of the response, by place and kind."""
    found: dict[tuple[str, str], object] = {}
    for fact in facts:
        place = tree().find(fact.path)
        path = place.path if place else fact.path
        if fact.kind in kinds and not path.startswith("("):
            found[path, fact.kind] = fact.value
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_member_comes_back_with_its_type(kind: str) -> None:
    """At the place where the spec has it, and by a word that means its type."""
    _, deep, _ = KINDS[kind]
    importer = find("aws-sdk-ruby" if kind == "types.rb" else kind)
    expected = {
        path: value
        for (path, _), value in stated(spec_facts(tree()), {"type"}).items()
        if tree().find(path) and (deep or path.isidentifier())
    }
    if deep:
        expected = {p: v for p, v in expected.items() if not p.endswith("{key}")}

    found = {
        path: str(value)
        for (path, _), value in stated(page(kind).facts, {"type"}).items()
        if not path.endswith("{key}")
    }

    assert expected.keys() == found.keys()
    for path, word in found.items():
        assert expected[path] in importer.means(word), (path, word)


@pytest.mark.parametrize("kind", ["aws-api-reference", "paws"])
def test_what_else_a_page_states_comes_back(kind: str) -> None:
    """Values of enums, patterns, and what is required."""
    kinds = KINDS[kind][2] - {"required"}
    spec = stated(spec_facts(tree()), kinds)

    found = stated(page(kind).facts, kinds)

    assert found
    for place, value in found.items():
        assert spec[place] == value or len(value) == 1, place  # type: ignore[arg-type]


def test_a_gem_needs_to_know_which_operation_is_meant(tmp_path: Path) -> None:
    """It has the structures of all of them."""
    path = tmp_path / "types.rb"
    path.write_text(Pages(flagship()).types_rb())

    alone = run_shapespec(
        "import", "aws-sdk-ruby", str(path), "--edition", "1", "--no-spec"
    )
    with_spec = run_shapespec("import", "aws-sdk-ruby", str(path), "--edition", "1")

    assert 1 == alone.returncode
    assert "name the spec of the operation" in alone.stderr
    assert 0 == with_spec.returncode, with_spec.stderr
    assert 'path: "InputDataConfig[].ChannelName"' in with_spec.stdout
    assert 'as_written: "channel_name"' in with_spec.stdout
