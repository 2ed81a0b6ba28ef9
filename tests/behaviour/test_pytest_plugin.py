"""The pytest plugin: a fixture that holds mocks to a contract."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT, run_pytest

SPEC = """
shapespec: 1
package: library
shapes:
  Book:
    type: structure
    members:
      Title: {target: string, required: true}
      State: State
      From: timestamp
    rules:
      titled: {cel: this.Title != '', message: it has no title, severity: advice}
  State: {type: enum, open: true, values: [in, lent]}
forms:
  wire: {timestamps: {read: [epoch-seconds], write: epoch-seconds}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a contract of its own."""
    (tmp_path / "library.yaml").write_text(SPEC)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.shapespec]\nspecs = ["library.yaml"]\n[tool.pytest.ini_options]\n'
    )
    return tmp_path


def outcome(project: Path, call: str) -> str:
    """What pytest says of a test that makes one call."""
    (project / "test_it.py").write_text(
        f"def test_it(assert_valid_response):\n    assert_valid_response({call})\n"
    )
    return run_pytest(project, "-q", "test_it.py").stdout


@pytest.mark.parametrize(
    "call",
    [
        '{"Title": "Walden", "State": "lent"}',
        '{"Title": ""}',
        '{"Title": "Walden", "State": "lost"}, strict=False',
        '{"Title": "Walden", "From": 0}, form="wire"',
        '{"Title": "Walden"}, shape="Book"',
        '{"Title": "Walden"}, spec="library.yaml"',
    ],
)
def test_a_right_mock_passes(project: Path, call: str) -> None:
    """A response without errors passes; advice is no matter."""
    assert "1 passed" in outcome(project, call)


def test_a_wrong_mock_fails_with_every_finding(project: Path) -> None:
    """All that is wrong is said, at the line of the test."""
    printed = outcome(project, '{"State": "lost", "From": "soon", "Shelf": 1}')

    assert "1 failed" in printed
    assert "the response is not what the contract says:" in printed
    assert 'error[required] /Title: the required member "Title" is missing' in printed
    assert (
        'error[unknown-value] /State: "lost" is not a known value of State' in printed
    )
    assert "error[timestamp] /From: expected" in printed
    assert 'error[unknown-member] /Shelf: Book has no member "Shelf"' in printed
    assert "test_it.py:2: Failed" in printed
    assert "pytest_plugin.py" not in printed


def test_without_a_project_the_flagship_is_meant(tmp_path: Path) -> None:
    """Where no spec is named, responses are SageMaker's."""
    assert "error[required] /TrainingJobArn" in outcome(tmp_path, "{}")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ('specs = ["library.yaml", "b.yaml"]', "the project has several specs"),
        ('specs = ["lost.yaml"]', "lost.yaml: No such file or directory"),
        ('specs = ["pyproject.toml"]', "error["),
    ],
)
def test_a_contract_that_cannot_be_used_is_an_error(
    project: Path, change: str, message: str
) -> None:
    """What is wrong with the settings or the spec is said."""
    (project / "pyproject.toml").write_text(f"[tool.shapespec]\n{change}\n")

    assert message in outcome(project, "{}")


def test_the_plugin_is_light() -> None:
    """Loading the plugin loads neither the compiler nor a contract."""
    code = (
        "import sys, shapespec.pytest_plugin\n"
        "print([name for name in sys.modules if name.startswith(('shapespec.',"
        " 'sagemaker', 'ruamel', 'jinja2', 'celpy', 'click'))])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "['shapespec.pytest_plugin']" == done.stdout.strip()
