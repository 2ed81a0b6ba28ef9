"""The pictures of the README are drawn from what is so."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.support import ROOT

pytest.importorskip("rich", reason="rich draws them")

FOLDER = ROOT / ".github" / "pictures"
README = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    """Every picture, drawn now."""
    pictures: Callable[[], dict[str, str]] = runpy.run_path(
        str(ROOT / ".ci" / "pictures.py")
    )["pictures"]
    return pictures()


def test_they_are_current(drawn: dict[str, str]) -> None:
    """`make pictures` would change none, and none is left over."""
    assert {file.name for file in FOLDER.iterdir()} == {*drawn}
    for name, text in drawn.items():
        assert (FOLDER / name).read_text("utf-8") == text, "run `make pictures`"


def test_they_are_shown_and_fetch_nothing(drawn: dict[str, str]) -> None:
    """The README shows each with words for those who cannot see it."""
    for name, text in drawn.items():
        assert f"](.github/pictures/{name})" in README
        assert "![](" not in README
        ET.fromstring(text)  # noqa: S314 - it is our own
        assert ["http://www.w3.org/2000/svg"] == [
            part for part in text.split('"') if "://" in part
        ]
        assert "url(http" not in text


def test_the_figures_are_those_of_the_benchmark() -> None:
    """The file holds what is measured of every validator, ourselves first."""
    path = Path(ROOT, "tests", "benchmarks", "figures.json")
    tables = json.loads(path.read_text("utf-8"))["tables"]
    (title,) = (one for one in tables if one.startswith("valid, full"))

    names = [row["name"].split()[0].rstrip(",") for row in tables[title]]

    assert 1 == tables[title][0]["ratio"]
    assert "shapespec" == names[0]
    assert {"jsonschema", "jsonschema-rs", "msgspec", "pydantic"} <= {*names}
