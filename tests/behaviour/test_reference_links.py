"""Findings link to the paragraph of the reference that is about them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.behaviour.test_site import weather_station

URL = "https://example.org/weather/"
RESPONSE = {
    "StationId": "AB123",
    "State": "Working",
    "Readings": [{"Time": 1, "Temperature": 20, "Humidity": 0, "Wind": 1}],
}
EXPECTED = {
    "pattern": "ReadStationResponse.StationId",
    "unknown-member": "ReadStationResponse.Readings",
    "readings-are-damp": "rule:ReadStationResponse.readings-are-damp",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "spec.yaml").write_text(_spec(), "utf-8")
    (tmp_path / "response.json").write_text(json.dumps(RESPONSE), "utf-8")
    _settings(tmp_path, f'docs_url = "{URL}"\n')
    return tmp_path


def _spec() -> str:
    from tests.behaviour.test_reference import CASES

    return (CASES / "weather_station" / "spec.yaml").read_text("utf-8")


def _settings(project: Path, more: str) -> None:
    text = f'[tool.shapespec]\nspecs = ["spec.yaml"]\n{more}'
    (project / "pyproject.toml").write_text(text, "utf-8")


def shapespec(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shapespec", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


def findings(project: Path) -> list[dict[str, Any]]:
    run = shapespec(project, "validate", "response.json", "--format", "json")
    found: list[dict[str, Any]] = json.loads(run.stdout)["findings"]
    return found


def test_json_has_the_address(project: Path) -> None:
    """Each finding has the address of its member, or of its rule."""
    linked = {one["rule"]: one["docs"] for one in findings(project)}

    assert {rule: f"{URL}#{anchor}" for rule, anchor in EXPECTED.items()} == linked


def test_the_anchors_are_on_the_page() -> None:
    """What a finding links to is there."""
    assert set(EXPECTED.values()) <= weather_station().by_id.keys()


def test_text_says_where_to_read_on(project: Path) -> None:
    """A line below the message has the address."""
    run = shapespec(project, "validate", "response.json")

    assert f"    see {URL}#ReadStationResponse.StationId\n" in run.stdout


def test_sarif_has_the_address(project: Path) -> None:
    """Results have it as a property, and a contract's own rules as their help."""
    run = shapespec(project, "validate", "response.json", "--format", "sarif")
    (report,) = json.loads(run.stdout)["runs"]
    helps = {one["id"]: one.get("helpUri") for one in report["tool"]["driver"]["rules"]}
    linked = {one["ruleId"]: one["properties"]["docs"] for one in report["results"]}

    assert f"{URL}#{EXPECTED['readings-are-damp']}" == helps["readings-are-damp"]
    assert helps["pattern"] is None
    assert f"{URL}#{EXPECTED['pattern']}" == linked["pattern"]


def test_the_fixture_says_where_to_read_on(project: Path) -> None:
    """A mock that is wrong is told of with the address of each member or rule."""
    call = f"assert_valid_response({RESPONSE})"
    code = f"def test_mock(assert_valid_response):\n    {call}\n"
    (project / "test_mock.py").write_text(code)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "test_mock.py"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )

    assert 1 == run.returncode, run.stderr
    for anchor in EXPECTED.values():
        assert f"    see {URL}#{anchor}\n" in run.stdout


def test_a_site_on_disk_is_linked(project: Path) -> None:
    """Without an address the generated page is linked, once it is there."""
    _settings(project, "")
    assert all("docs" not in one for one in findings(project))

    assert 0 == shapespec(project, "generate", "--target", "site").returncode
    page = project / "generated" / "site" / "weather_station" / "index.html"

    expected = f"{page.resolve().as_uri()}#{EXPECTED['pattern']}"
    assert expected in [one["docs"] for one in findings(project)]


@pytest.mark.parametrize("odd", ["docs", "javascript:alert(1)", "https://a/b#c", "//a"])
def test_only_an_address_is_taken(project: Path, odd: str) -> None:
    """What is not the address of a page is refused, at its place."""
    _settings(project, f"docs_url = {json.dumps(odd)}\n")

    run = shapespec(project, "validate", "response.json")

    assert 2 == run.returncode
    assert "pyproject.toml:3:" in run.stderr
    assert "docs_url must be an address such as https://" in run.stderr
