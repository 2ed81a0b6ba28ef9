"""Wheels of one contract, and shapespec without its compiler, in fresh environments."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import subprocess
import sys
import zipfile
from base64 import urlsafe_b64encode
from importlib.util import find_spec
from pathlib import Path

import pytest

from shapespec.tools import slim
from tests.support import ROOT, run_shapespec
from tests.support.recipes import fence, write_project

WEATHER = """\
shapespec: 1
package: weather_report
title: Weather, as a report
shapes:
  Reading:
    type: structure
    members:
      Station: {type: string, length: {min: 1}, required: true}
"""
LARGEST = 200_000
"""How many bytes a wheel may have that goes into a function or an executor."""


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel of the shipped contract, and shapespec-slim."""
    folder = tmp_path_factory.mktemp("wheels")
    done = run_shapespec("package", "--slim", "--out", "dist", cwd=folder)
    assert (0, "") == (done.returncode, done.stderr)
    assert 2 == done.stdout.count("kB\n")
    return folder / "dist"


class Environment:
    """A new virtual environment with what wheels install, and nothing else."""

    def __init__(self, folder: Path, *wheels: Path) -> None:
        """Install wheels, without any network."""
        self.folder = folder
        make = [sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")]
        subprocess.run(make, check=True)
        name = "Scripts/python.exe" if os.name == "nt" else "bin/python"
        self.python = folder / "venv" / name
        pip = [sys.executable, "-m", "pip", "--python", str(self.python), "install"]
        offline = ["--quiet", "--no-index", "--no-deps", "--disable-pip-version-check"]
        subprocess.run([*pip, *offline, *map(str, wheels)], check=True)

    def run(
        self, *command: str, path: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run its Python, with more of a folder to import."""
        environment = {
            name: value for name, value in os.environ.items() if name != "PYTHONPATH"
        }
        if path is not None:
            environment["PYTHONPATH"] = str(path)
        return subprocess.run(
            [str(self.python), *command],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def without_compiler(
    wheels: Path, tmp_path_factory: pytest.TempPathFactory
) -> Environment:
    """An environment with a contract and shapespec-slim."""
    return Environment(tmp_path_factory.mktemp("slim"), *wheels.glob("*.whl"))


def lent(folder: Path, *names: str) -> Path:
    """A folder with libraries of this environment, and no others."""
    for name in names:
        found = find_spec(name)
        assert found is not None
        assert found.origin is not None
        file = Path(found.origin)
        place = file.parent if file.name == "__init__.py" else file
        (folder / place.name).symlink_to(place)
    return folder


def test_wheels_are_small_and_need_nothing(wheels: Path) -> None:
    """Each fits where size is counted, and states no dependency."""
    for wheel in wheels.glob("*.whl"):
        assert wheel.stat().st_size < LARGEST
        with zipfile.ZipFile(wheel) as archive:
            (metadata,) = (one for one in archive.namelist() if "METADATA" in one)
            assert b"Requires-Dist" not in archive.read(metadata)
            assert not [one for one in archive.namelist() if "strategies" in one]


def test_a_contract_alone(wheels: Path, tmp_path: Path) -> None:
    """It is installed without network, imported, and judges responses."""
    (wheel,) = wheels.glob("sagemaker*.whl")
    example = ROOT / "spec" / "sagemaker" / "examples"
    code = (
        "import json, sys\n"
        "from sagemaker_training_job import DescribeTrainingJobResponse as Job\n"
        "from sagemaker_training_job import is_valid, validate\n"
        "read = lambda name: json.load(open(f'{sys.argv[1]}/{name}.json'))\n"
        "print(is_valid(read('valid')), validate(read('broken'))[0].rule)\n"
        "print(Job.from_response(read('valid')).training_job_status)\n"
    )

    done = Environment(tmp_path, wheel).run("-c", code, str(example))

    assert (0, "", "True pattern\nCompleted\n") == (
        done.returncode,
        done.stderr,
        done.stdout,
    )


def test_a_contract_of_ones_own(tmp_path: Path) -> None:
    """Name and version are as said, and the record has each file with its digest."""
    (tmp_path / "weather.yaml").write_text(WEATHER, "utf-8")

    done = run_shapespec(
        "package", "weather.yaml", "--version", "2026.3rc1", "--name", "My.Weather",
        cwd=tmp_path,
    )  # fmt: skip

    wheel = tmp_path / "dist" / "my_weather-2026.3rc1-py3-none-any.whl"
    assert (0, "") == (done.returncode, done.stderr)
    with zipfile.ZipFile(wheel) as archive:
        info = "my_weather-2026.3rc1.dist-info"
        metadata = archive.read(f"{info}/METADATA").decode()
        assert "Name: My.Weather\nVersion: 2026.3rc1\n" in metadata
        assert "Summary: Weather, as a report\n" in metadata
        record = archive.read(f"{info}/RECORD").decode().splitlines()
        assert {line.split(",")[0] for line in record} == {*archive.namelist()}
        for line in record[:-1]:
            name, digest, size = line.split(",")
            held = archive.read(name)
            wanted = urlsafe_b64encode(hashlib.sha256(held).digest()).rstrip(b"=")
            assert (f"sha256={wanted.decode()}", str(len(held))) == (digest, size)
    environment = Environment(tmp_path, wheel)
    code = "import weather_report as w; print(w.is_valid({'Station': 'x'}))"
    assert "True\n" == environment.run("-c", code).stdout


def test_the_same_spec_gives_the_same_bytes(tmp_path: Path) -> None:
    """A wheel does not tell when or where it was made."""
    made = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "weather.yaml").write_text(WEATHER, "utf-8")
        os.utime(folder / "weather.yaml", (len(made), len(made)))
        assert 0 == run_shapespec("package", "weather.yaml", cwd=folder).returncode
        made.append(
            (folder / "dist/weather_report-0.1.0-py3-none-any.whl").read_bytes()
        )

    assert made[0] == made[1]
    assert slim.slim_wheel().contents() == slim.slim_wheel().contents()


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (["weather.yaml", "--version", "one"], 2, "'one' is not a version"),
        (["weather.yaml", "--name", "../x"], 2, "is not one for pip"),
        (["wrong.yaml"], 1, "error["),
        (["none.yaml"], 2, "none.yaml"),
        (["weather.yaml", "--out", "weather.yaml"], 2, "weather.yaml"),
    ],
)
def test_nothing_is_written_where_something_is_wrong(
    tmp_path: Path, arguments: list[str], code: int, expected: str
) -> None:
    """A wrong name, version, spec or place is said, and no wheel is left."""
    (tmp_path / "weather.yaml").write_text(WEATHER, "utf-8")
    (tmp_path / "wrong.yaml").write_text(WEATHER.replace("string", "strng"), "utf-8")

    done = run_shapespec("package", *arguments, cwd=tmp_path)

    assert (code, True) == (done.returncode, expected in done.stdout + done.stderr)
    assert "Traceback" not in done.stderr
    assert [] == [*tmp_path.rglob("*.whl")]


NEEDED = (
    "needs the compiler, which `pip install shapespec` adds; a generated package does"
    " without"
)
WATCHES = """
import botocore.session
from botocore.awsrequest import AWSResponse
import sagemaker_training_job
from shapespec.boto3 import watch
from shapespec.ground.errors import Unusable

client = botocore.session.get_session().create_client(
    "sagemaker",
    region_name="eu-west-1",
    aws_access_key_id="a",
    aws_secret_access_key="b",
)


class Raw:
    def stream(self, *_, **__):
        yield b'{"TrainingJobName": "a_b", "New": 1}'


def answer(request, **_):
    return AWSResponse(request.url, 200, {}, Raw())


client.meta.events.register("before-send.sagemaker.DescribeTrainingJob", answer)
found = []
print(watch(client, found.append, contract=sagemaker_training_job))
client.describe_training_job(TrainingJobName="a")
print({("unknown-member", "/New"), ("pattern", "/TrainingJobName")} <= {
    (one.rule, one.pointer) for one in found
})
try:
    watch(client)
except Unusable as error:
    print(error)
"""


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_watching_without_the_compiler(
    without_compiler: Environment, tmp_path: Path
) -> None:
    """A client is watched by a generated package; without one, it says what to do."""
    pytest.importorskip("botocore")
    names = ("botocore", "jmespath", "dateutil", "urllib3", "six")

    done = without_compiler.run("-c", WATCHES, path=lent(tmp_path, *names))

    assert (0, "") == (done.returncode, done.stderr)
    assert [
        "('DescribeTrainingJob',)",
        "True",
        f"watching without contract= {NEEDED}",
    ] == done.stdout.splitlines()


TESTS = """
import sagemaker_training_job
import pytest


class Response:
    __module__ = "httpx"
    content = b'{"TrainingJobName": "a_b"}'
    status_code = 200
    headers = {}

    class request:
        method, url, content, headers = "GET", "https://example.org", b"", {}


@pytest.mark.parametrize("response", [{"TrainingJobName": "a_b"}, Response()])
def test_broken(assert_valid_response, response):
    with pytest.raises(pytest.fail.Exception, match="/TrainingJobName: expected text"):
        assert_valid_response(response, contract=sagemaker_training_job, partial=True)


def test_by_name(assert_valid_response):
    name = {"TrainingJobName": "a"}
    assert_valid_response(name, contract="sagemaker_training_job", partial=True)


def test_what_needs_the_compiler(assert_valid_response):
    for options in ({"contract": "aws:sqs:ReceiveMessage"}, {}):
        with pytest.raises(pytest.UsageError, match="pip install shapespec"):
            assert_valid_response({}, **options)
    with pytest.raises(pytest.UsageError, match="pip install shapespec"):
        assert_valid_response({}, contract=sagemaker_training_job, ignore=["own"])
"""


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_the_fixture_without_the_compiler(
    without_compiler: Environment, tmp_path: Path
) -> None:
    """Pytest finds it, and it checks mocks and responses by a generated package."""
    names = ("pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments", "py")
    path = lent(tmp_path, *names)
    (without_compiler.folder / "test_mocks.py").write_text(TESTS, "utf-8")

    done = without_compiler.run("-m", "pytest", "-q", "test_mocks.py", path=path)
    watched = without_compiler.run("-m", "pytest", "-q", "--shapespec-watch", path=path)

    assert "4 passed" in done.stdout, done.stdout + done.stderr
    assert (4, True) == (
        watched.returncode,
        "--shapespec-watch needs the compiler" in watched.stderr,
    )


FILES = """
import sys
import sagemaker_training_job
import shapespec
from shapespec.ground.errors import Unusable

for one in shapespec.validate_file(sys.argv[1], sagemaker_training_job):
    print(one.line, one.column, one.rule, one.pointer)
for use in (
    lambda: shapespec.load_contract("weather.yaml"),
    lambda: shapespec.compile_spec("weather.yaml"),
    lambda: shapespec.generate("weather.yaml"),
):
    try:
        use()
    except Unusable as error:
        print(str(error).count("`pip install shapespec` adds"))
for name in ("httpx", "requests"):
    try:
        __import__(f"shapespec.{name}")
    except ImportError as error:
        print(error)
"""


def test_files_without_the_compiler(without_compiler: Environment) -> None:
    """Files are judged by a generated package; all else names what to install."""
    example = ROOT / "spec" / "sagemaker" / "examples" / "broken.json"

    done = without_compiler.run("-c", FILES, str(example))
    command = without_compiler.run("-m", "shapespec", "validate", str(example))

    lines = done.stdout.splitlines()
    assert (0, "") == (done.returncode, done.stderr)
    assert "2 3 pattern /TrainingJobName" == lines[0]
    says = "needs the compiler: pip install shapespec"
    assert ["1", "1", "1"] == lines[-5:-2]
    assert [f"shapespec.{name} {says}" for name in ("httpx", "requests")] == lines[-2:]
    assert f"shapespec.__main__ {says}" in command.stderr


def test_what_slim_may_import() -> None:
    """What its functions import is in it, or is what only the compiler has."""
    within = {*slim.modules()}
    absent = set()
    for file in within:
        for one in ast.walk(ast.parse(file.read_bytes())):
            if not isinstance(one, ast.FunctionDef):
                continue
            for inner in ast.walk(one):
                if isinstance(inner, ast.ImportFrom) and inner.module:
                    found = slim.file_of(inner.module)
                    if found is not None and found not in within:
                        absent.add(".".join(inner.module.split(".")[1:2]))

    assert {
        "compiler",
        "drafts",
        "importers",
        "language",
        "tools",
        "watching",
    } <= absent
    assert absent <= {
        "compiler",
        "diagnostics",  # how faults of specs are shown
        "drafts",
        "importers",
        "language",
        "pytest_plugin",  # its watch, which is loaded where it is asked for
        "tools",
        "watching",  # its http, for clients of APIs with a description
    }


def test_the_page(tmp_path: Path) -> None:
    """What spec/projects.md says is printed; a size may differ by a tenth."""
    (tmp_path / "project").mkdir()
    project = write_project(tmp_path / "project")
    block = fence("console", "shapespec package")
    (command, said) = re.findall(r"^\$ shapespec (.*)\n((?:dist/.*\n)+)", block)[0]

    done = run_shapespec(*command.split(), cwd=project)

    assert numbers(said)[0] == numbers(done.stdout)[0]
    for stated, found in zip(numbers(said)[1], numbers(done.stdout)[1], strict=True):
        assert abs(stated - found) <= found / 10


def numbers(text: str) -> tuple[str, list[int]]:
    """A report without its counts, and these: a new module changes them."""
    pattern = r"\d+(?= files| kB)"
    return re.sub(pattern, "N", text), [int(n) for n in re.findall(pattern, text)]
