"""The README's commands and examples, run."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from sagemaker_training_job import DescribeTrainingJobResponse
from tests.support import ROOT, run_pytest

ORDERS = ROOT / "tests" / "cases" / "imports" / "json-schema" / "orders" / "source.json"
TEXT = (ROOT / "README.md").read_text("utf-8")


def fences(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def shapespec(command: str, cwd: Path) -> str:
    """What a command line of the README prints; a pipe feeds standard input."""
    before, _, after = command.rpartition(" | ")
    stdin = " ".join(shlex.split(before)[1:]) if before else ""
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(after)],
        input=stdin,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the contract that the README writes."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "weather.yaml").write_text(fences("yaml")[0])
    (folder / "orders.schema.json").write_bytes(ORDERS.read_bytes())
    return folder


def transcript(about: str) -> list[tuple[str, str]]:
    """The commands of an example, each with what it is said to print."""
    (block,) = (fence for fence in fences("console") if about in fence)
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [(head, rest) for head, _, rest in (part.partition("\n") for part in parts)]


def test_the_contract_of_ones_own(project: Path) -> None:
    """The transcript is what the commands print."""
    for command, expected in transcript("weather.yaml"):
        assert expected == shapespec(command, project)


def test_a_schema_of_ones_own(project: Path) -> None:
    """The transcript is what the commands print, and the package can be used."""
    for command, expected in transcript("orders.schema.json"):
        if "botocore" not in command or find_spec("botocore"):
            printed = shapespec(command, project)
            assert sorted(expected.splitlines()) == sorted(printed.splitlines())
    code = (
        "from orders import OrderPage;"
        'page = OrderPage.from_response({"orders": [], "total": 0});'
        "print(page.total, page.orders, page.next)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project / "generated" / "python",
        capture_output=True,
        text=True,
        check=False,
    )

    assert ("0 () None\n", "") == (done.stdout, done.stderr)


def test_the_wrong_spec(project: Path) -> None:
    """The diagnostic is what the compiler says of the misspelt name."""
    (expected,) = (text for text in fences("text") if "StationNam`" in text)
    text = (project / "weather.yaml").read_text()
    wrong = project / "wrong"
    wrong.mkdir()
    (wrong / "weather.yaml").write_text(text.replace("StationName,", "StationNam,"))

    printed = shapespec("shapespec generate weather.yaml", wrong)

    assert printed.startswith(expected)


def test_the_first_screen() -> None:
    """What `make run` is said to print is what its commands print."""
    (expected,) = (text for text in fences("text") if "valid.json:1: valid" in text)
    _, valid, broken = (
        expected.split("\n", 1)[0],
        *expected.split("\n", 1)[1].split("\n\n"),
    )
    shown = broken.rstrip("\n").split("\n")
    cut = shown.index("...")

    printed = shapespec(
        "shapespec validate spec/sagemaker/examples/broken.json", ROOT
    ).splitlines()

    generated = shapespec("shapespec generate", ROOT).splitlines()[0]
    assert expected.splitlines()[0] == generated
    assert valid == "spec/sagemaker/examples/valid.json:1: valid"
    assert shown[:cut] == printed[:cut]
    assert shown[-1] == printed[-1]


def test_the_python_example() -> None:
    """The Python lines run on a response."""
    (code,) = (fence for fence in fences("python") if "is_valid" in fence)
    example = "spec/sagemaker/examples/valid.json"
    setup = f"import json\nresponse = json.load(open({example!r}))\n"

    done = subprocess.run(
        [sys.executable, "-c", setup + code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stderr)


def test_every_form(tmp_path: Path) -> None:
    """The commands judge the example as each system writes it, and find no fault."""
    job = json.loads(
        (ROOT / "spec" / "sagemaker" / "examples" / "valid.json").read_text("utf-8")
    )
    made = DescribeTrainingJobResponse.from_response(job)
    row = {**made.to_response(form="datadog-ddsql"), "_key": "7", "tags": []}
    for name, held in {
        "mock": made.to_response(form="boto3"),
        "cli": made.to_response(form="aws-cli"),
        "hash": made.to_response(form="aws-sdk-ruby"),
        "rows": [row, row],
    }.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(held, default=str))
    (block,) = (text for text in fences("console") if "convert rows.json" in text)
    commands = re.findall(r"^\$ (.*?)(?: +#.*)?$", block, re.MULTILINE)

    done = [shapespec(command, tmp_path) for command in commands]

    assert 7 == len(done)
    assert ["mock.json:1: valid\n"] == done[:1]
    assert all(": valid" in said and "error" not in said for said in done[:4])
    assert [made, made] == [
        DescribeTrainingJobResponse.from_response(json.loads(line), form="wire")
        for line in done[4].splitlines()[:2]
    ]
    assert "lost: _key (no member of wire) in 2" in done[4]
    assert ["", "rows.csv:2: valid\n"] == done[5:]


def test_the_test(tmp_path: Path) -> None:
    """The example of a test is a test that passes, with nothing but what it imports."""
    (code,) = (fence for fence in fences("python") if "assert_valid_response" in fence)
    (tmp_path / "test_report.py").write_text(code)

    done = run_pytest(tmp_path, "test_report.py")

    assert "2 passed" in done.stdout


def test_the_audit() -> None:
    """The table is what `shapespec audit` prints."""
    (block,) = (fence for fence in fences("console") if "shapespec audit" in fence)

    assert block.partition("\n")[2] == shapespec("shapespec audit", ROOT)
