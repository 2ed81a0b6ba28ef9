"""Editors check decisions and evidence by schemas that are printed from the readers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from shapespec.evidence.meta_schema import meta_schema
from tests.support import FLAGSHIP, run_shapespec

KINDS = ("decisions", "evidence", "history")


def files(kind: str) -> list[Path]:
    """The flagship's files of a kind."""
    if kind == "decisions":
        return [FLAGSHIP.parent / "decisions.yaml"]
    found = sorted((FLAGSHIP.parent / "evidence").glob("*.yaml"))
    return [one for one in found if (".history." in one.name) == (kind == "history")]


def loaded(path: Path) -> Any:
    """A file as an editor reads it."""
    return YAML(typ="safe").load(path.read_text("utf-8"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_prints_it(kind: str) -> None:
    """What is printed is a schema with an explanation for each key."""
    done = run_shapespec("meta-schema", kind)

    assert (0, meta_schema(kind)) == (done.returncode, done.stdout)
    document = json.loads(done.stdout)
    jsonschema.Draft202012Validator.check_schema(document)
    records = document["$defs"].values()
    keys = [about for one in records for about in one["properties"].values()]
    assert keys
    assert all("description" in about for about in keys)


@pytest.mark.parametrize("kind", KINDS)
def test_it_accepts_what_is_read(kind: str) -> None:
    """The flagship's files are valid."""
    validator = jsonschema.Draft202012Validator(json.loads(meta_schema(kind)))

    found = {path.name: [*validator.iter_errors(loaded(path))] for path in files(kind)}

    assert found
    assert {name: [] for name in found} == found


@pytest.mark.parametrize(
    ("kind", "wrong", "where"),
    [
        ("decisions", {"decisions": {"a-b": {"paths": []}}}, "decisions/a-b"),
        ("evidence", {"source": {"id": "x"}, "facts": []}, "source"),
        ("evidence", {"source": {}, "facts": [{"kind": "typ"}]}, "facts/0/kind"),
        ("history", {"history": {}, "steps": []}, "steps"),
    ],
)
def test_it_refuses_what_is_not(kind: str, wrong: Any, where: str) -> None:
    """A missing key, an unknown kind and an empty list are shown in place."""
    validator = jsonschema.Draft202012Validator(json.loads(meta_schema(kind)))

    found = {"/".join(map(str, one.path)) for one in validator.iter_errors(wrong)}

    assert where in found
