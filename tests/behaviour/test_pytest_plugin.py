"""The pytest plugin: a fixture that holds mocks to a contract."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT, run_pytest, run_shapespec

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
    assert "pytest_plugin/" not in printed


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


# --- a mock of anything --------------------------------------------------------------

PARTIAL = 'contract="aws:sagemaker:DescribeTrainingJob", partial=True'
BOTH = '{"AlgorithmName": "a", "TrainingImage": "b"}'


@pytest.mark.parametrize(
    "call",
    [
        '{"QueueUrls": ["u"]}, contract="aws:sqs:ListQueues"',
        '{"Title": "Walden"}, contract="library.yaml"',
        '{"State": "lent"}, partial=True',
        '{"Title": "", "Shelf": 1}, ignore=["unknown-member"]',
        "{}, contract=__import__('sagemaker_training_job'), partial=True",
        f'{{"AlgorithmSpecification": {{}}}}, {PARTIAL}',
    ],
)
def test_a_mock_is_held_to_what_is_named(project: Path, call: str) -> None:
    """A contract has an address; a partial mock is judged on what it has."""
    assert "1 passed" in outcome(project, call)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ('{"QueueUrls": "u"}, contract="aws:sqs:ListQueues"', "error[type] /QueueUrls"),
        ('{"State": 1}, partial=True', "error[type] /State"),
        (
            f'{{"AlgorithmSpecification": {BOTH}}}, {PARTIAL}',
            "error[algorithm-or-image] /AlgorithmSpecification/AlgorithmName",
        ),
        ('{"Title": ""}, strict="all"', "error[titled] (the whole response)"),
        ('{}, ignore=["requird"]', "no rule 'requird'; did you mean required?"),
        ('{}, contract="aws:sqs:ListQueue"', "did you mean ListQueues?"),
    ],
)
def test_a_mock_that_is_wrong_fails(project: Path, call: str, said: str) -> None:
    """Whatever is named, what is wrong is said."""
    assert said in outcome(project, call)


def test_the_policy_of_the_project_holds(project: Path) -> None:
    """What the project ignores, weighs otherwise or knows is no matter in a mock."""
    response = '{"State": "lost", "Shelf": 1, "From": "soon"}'
    (project / "a.json").write_text(response)
    (project / "pyproject.toml").write_text(
        '[tool.shapespec]\nspecs = ["library.yaml"]\nignore = ["required"]\n'
        'baseline = "known.txt"\n'
        '[tool.shapespec.severity]\nunknown-value = "note"\nunknown-member = "note"\n'
    )
    run_shapespec(
        "validate", "a.json", "--strict", "--write-baseline", "known.txt", cwd=project
    )

    assert "1 passed" in outcome(project, response)
    assert "error[type] /Title" in outcome(project, '{"Title": 1}')


# --- --shapespec-watch ---------------------------------------------------------------


CLIENT = """
import boto3
import pytest
from botocore.stub import Stubber


@pytest.fixture
def queues():
    client = boto3.client(
        "sqs",
        region_name="eu-west-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )
    with Stubber(client) as stubber:
        stubber._validate_operation_response = lambda *_: None
        yield client, stubber


def test_right(queues):
    client, stubber = queues
    stubber.add_response("list_queues", {"QueueUrls": ["u"]})
    client.list_queues()


def test_unknown(queues):
    client, stubber = queues
    stubber.add_response("list_queues", {"Queues": ["u"]})
    client.list_queues()


def test_wrong(queues):
    client, stubber = queues
    stubber.add_response("list_queues", {"QueueUrls": [1]})
    client.list_queues()
"""


@pytest.mark.parametrize(
    ("options", "passed"),
    [
        (("--shapespec-watch",), "3 passed"),
        (("--shapespec-watch=error",), "1 failed, 2 passed"),
        (("--shapespec-watch=warning",), "2 failed, 1 passed"),
        (("-o", "shapespec_watch=error"), "1 failed, 2 passed"),
    ],
)
def test_clients_are_watched(
    tmp_path: Path, options: tuple[str, ...], passed: str
) -> None:
    """Whatever mocks a client, its responses are summed up, and fail by choice."""
    (tmp_path / "test_it.py").write_text(CLIENT)

    printed = run_pytest(tmp_path, "-q", *options).stdout

    assert passed in printed
    assert "responses of AWS, checked by shapespec" in printed
    assert "aws:sqs:ListQueues" in printed
    assert "error[type] /QueueUrls/0: expected a string, got 1" in printed
    assert "warning[unknown-member] /Queues: ListQueuesResult has no member" in printed


def test_the_watch_keeps_to_the_policy(tmp_path: Path) -> None:
    """What the project ignores is not summed up, and does not fail a test."""
    (tmp_path / "test_it.py").write_text(CLIENT)
    (tmp_path / "pyproject.toml").write_text('[tool.shapespec]\nignore = ["type"]\n')

    printed = run_pytest(tmp_path, "-q", "--shapespec-watch=error").stdout

    assert "3 passed" in printed
    assert "error[type]" not in printed


def test_workers_hand_on_what_they_found(tmp_path: Path) -> None:
    """With pytest-xdist, one summary has what all workers found."""
    pytest.importorskip("xdist")
    (tmp_path / "test_it.py").write_text(CLIENT)

    options = ("-q", "-p", "xdist.plugin", "-n", "2", "--shapespec-watch")
    printed = run_pytest(tmp_path, *options).stdout

    assert "3 passed" in printed
    assert 1 == printed.count("error[type] /QueueUrls/0")


def test_without_the_option_nobody_is_watched(tmp_path: Path) -> None:
    """Nothing is said of clients where it was not asked for."""
    (tmp_path / "test_it.py").write_text(CLIENT)

    assert "checked by shapespec" not in run_pytest(tmp_path, "-q").stdout
