"""What an installed shapespec does with the libraries of its extras."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.smoke.needs import needs, needs_compiler
from tests.smoke.test_commands import SPEC
from tests.support import run_pytest, run_shapespec

JOB = {
    "TrainingJobName": "churn",
    "TrainingJobArn": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/churn",
    "TrainingJobStatus": "Completed",
    "SecondaryStatus": "Completed",
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    "CreationTime": datetime(2025, 3, 14, tzinfo=UTC),
}

WATCHED = """
import io, json
import boto3
from botocore.awsrequest import AWSResponse
from shapespec.boto3 import watch

class Body(io.BytesIO):
    def stream(self, **_):
        yield self.read()

def answer(request, **_):
    name = json.loads(request.body)["TrainingJobName"]
    job = {
        "TrainingJobName": name,
        "TrainingJobArn": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/churn",
        "TrainingJobStatus": "InProgress",
        "SecondaryStatus": "Starting",
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "CreationTime": 1741910400,
    }
    return AWSResponse(request.url, 200, {}, Body(json.dumps(job).encode()))

keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
client = boto3.client("sagemaker", region_name="eu-west-1", **keys)
client.meta.events.register("before-send.sagemaker", answer)
found = []
watch(client, found.append)
for name in ("churn", "c_n"):
    client.describe_training_job(TrainingJobName=name)
print([one.rule for one in found])
"""


def run(code: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run Python with no warning allowed."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_fixture(tmp_path: Path) -> None:
    """The pytest plug-in passes a right response and fails a wrong one."""
    (tmp_path / "test_it.py").write_text(
        f"import datetime\nJOB = {JOB!r}\n"
        "def test_right(assert_valid_response): assert_valid_response(JOB)\n"
        "def test_wrong(assert_valid_response): assert_valid_response({})\n"
    )

    done = run_pytest(tmp_path, "-q", "test_it.py")

    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert "error[required] /TrainingJobName" in done.stdout


@needs("hypothesis")
def test_strategies_draw_right_responses() -> None:
    """The flagship's strategy draws what is valid."""
    from hypothesis import HealthCheck, given, settings

    from sagemaker_training_job import is_valid, strategies

    @settings(
        max_examples=20,
        deadline=None,
        database=None,
        suppress_health_check=[*HealthCheck],
    )
    @given(strategies.describe_training_job_responses())
    def drawn(job: object) -> None:
        assert is_valid(job, strict=True)

    drawn()


FRAMES = """
import pyarrow as pa
from shapespec import arrow, frames

texts = ['{"TrainingJobName": "c_n"}', "{"]
found = frames.validate(pa.table({"response": texts}), column="response")
print([*found.column_names], found.column("row").to_pylist()[-1], len(found))
rows = frames.validate(pa.table({"TrainingJobName": ["c_n"]}))
print(rows.column("pointer").to_pylist()[0])
print(arrow.verdicts(pa.array(texts)).field("valid").to_pylist())
"""


@needs("narwhals", "pyarrow")
def test_frames_and_arrays(tmp_path: Path) -> None:
    """Rows of a table have findings, and cells of an array have verdicts."""
    done = run(FRAMES, tmp_path)

    said = "['row', 'rule', 'severity', 'pointer', 'message'] 1 7\n/TrainingJobName\n"
    assert (0, said + "[False, False]\n") == (done.returncode, done.stdout), done.stderr


@needs("botocore")
def test_a_service_of_botocore_becomes_a_spec(tmp_path: Path) -> None:
    """An operation of the installed service model is imported and generated."""
    spec = tmp_path / "sqs.yaml"
    options = ("--operation", "SendMessage", "-o", spec)

    imported = run_shapespec("import", "botocore", "sqs", *options)
    generated = run_shapespec("generate", spec, "--out", tmp_path / "out")

    assert 0 == imported.returncode, imported.stderr
    assert 0 == generated.returncode, generated.stderr


SHOP = Path(__file__).parent.parent / "cases/imports/openapi/shop/source.json"
OF_HTTPX = f"""
import httpx
from shapespec.httpx import watch

def answer(request):
    return httpx.Response(200, json={{"items": 1}}, request=request)

found = []
with httpx.Client(transport=httpx.MockTransport(answer)) as client:
    watch(client, {str(SHOP)!r}, found.append)
    client.get("https://shop.example/bicycles")
print([(one.operation, one.rule) for one in found])
"""
OF_REQUESTS = f"""
import requests
from shapespec.requests import watch

class Answers(requests.adapters.BaseAdapter):
    def send(self, request, **options):
        response = requests.Response()
        response.status_code, response.request = 200, request
        response._content, response.url = b'{{"items": 1}}', request.url
        return response

    def close(self):
        pass

found = []
session = requests.Session()
session.mount("https://", Answers())
watch(session, {str(SHOP)!r}, found.append)
session.get("https://shop.example/bicycles")
print([(one.operation, one.rule) for one in found])
"""


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(OF_HTTPX, marks=needs("httpx"), id="httpx"),
        pytest.param(OF_REQUESTS, marks=needs("requests"), id="requests"),
    ],
)
def test_a_client_is_watched_by_a_description(code: str, tmp_path: Path) -> None:
    """The response of an operation of OpenAPI is validated as it arrives."""
    done = run(code, tmp_path)

    assert (0, "[('GET /bicycles', 'type')]\n") == (done.returncode, done.stdout), (
        done.stderr
    )


@needs("boto3")
def test_a_client_is_watched(tmp_path: Path) -> None:
    """What is wrong with a response of a client is handed on, and nothing else."""
    (tmp_path / "watched.py").write_text(WATCHED, "utf-8")

    done = run("import watched", tmp_path)

    said = "['pattern', 'arn-names-job']\n"
    assert (0, said) == (done.returncode, done.stdout), done.stderr


@needs("datamodel_code_generator")
def test_models_are_generated(tmp_path: Path) -> None:
    """Models for pydantic and typed dictionaries are made, and import."""
    options = ("--target", "pydantic", "--target", "typed-dict")

    done = run_shapespec("generate", "--out", tmp_path, *options)
    imported = run(
        "import sagemaker_training_job_pydantic, sagemaker_training_job_typed_dict",
        tmp_path / "python",
    )

    assert 0 == done.returncode, done.stderr
    assert (0, "") == (imported.returncode, imported.stderr)


@needs_compiler
@needs("Cython", "setuptools")
def test_a_package_is_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A compiled validator loads, and judges as it did."""
    monkeypatch.setenv("CFLAGS", "-O0")
    spec = tmp_path / "spec.yaml"
    spec.write_text(SPEC, "utf-8")
    out = tmp_path / "out"
    code = (
        "import sys; from weather import is_valid\n"
        "print(is_valid({'Station': 'a'}), is_valid({'Station': 'A'}),"
        " 'weather._compiled' in sys.modules)"
    )

    generated = run_shapespec("generate", spec, "--out", out)
    done = run_shapespec("accelerate", out / "python" / "weather")
    used = run(code, out / "python")

    assert 0 == generated.returncode, generated.stderr
    assert (0, "") == (done.returncode, done.stderr)
    assert "True False True\n" == used.stdout, used.stderr
