"""The quick starts of the README, each run as it is printed there."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.support import ROOT, run_pytest, run_shapespec

TEXT = (ROOT / "README.md").read_text("utf-8")
RIGHT = {"Station": "north", "TakenAt": 0}
WRONG = {"Station": "North", "TakenAt": 0}


def part(head: str) -> str:
    """The example whose first line is this."""
    (found,) = re.findall(rf"(?ms)^```{re.escape(head)}\n(.*?)^```", TEXT)
    return str(found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the spec of the README, and two responses."""
    spec = re.findall(r"(?ms)^```yaml\n(shapespec: 1.*?)^```", TEXT)[0]
    (tmp_path / "weather.yaml").write_text(spec, "utf-8")
    fixtures = tmp_path / "tests" / "fixtures"
    fixtures.mkdir(parents=True)
    (fixtures / "right.json").write_text(json.dumps(RIGHT), "utf-8")
    return tmp_path


def test_in_ci(folder: Path) -> None:
    """The steps pass on what is right, and name the line of what is not."""
    steps = YAML(typ="safe").load(part("yaml .github/workflows/contract.yml"))
    (job,) = steps["jobs"].values()
    lines = [step["run"] for step in job["steps"] if "run" in step]
    installs, *commands = lines
    assert installs.startswith("pip install git+https://")

    def run() -> list[tuple[int, str]]:
        done = [run_shapespec(*line.split()[1:], cwd=folder) for line in commands]
        return [(one.returncode, one.stdout) for one in done]

    assert [0, 0] == [code for code, _ in run()]
    wrong = folder / "tests" / "fixtures" / "wrong.json"
    wrong.write_text(json.dumps(WRONG), "utf-8")
    assert [0, 1] == [code for code, _ in run()]
    assert run()[1][1].startswith("::error file=tests/fixtures/wrong.json,line=1,")


def test_pre_commit(folder: Path) -> None:
    """The hook exists, and its command with these arguments finds what is wrong."""
    (repo,) = YAML(typ="safe").load(part("yaml .pre-commit-config.yaml"))["repos"]
    (used,) = repo["hooks"]
    hooks = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    (hook,) = (one for one in hooks if one["id"] == used["id"])
    words = [*hook["entry"].split()[1:], *used["args"]]
    assert re.search(used["files"], "tests/fixtures/right.json")

    done = run_shapespec(*words, "tests/fixtures/right.json", cwd=folder)
    (folder / "tests/fixtures/right.json").write_text(json.dumps(WRONG), "utf-8")
    again = run_shapespec(*words, "tests/fixtures/right.json", cwd=folder)

    assert (0, 1) == (done.returncode, again.returncode), done.stderr + again.stderr


def test_pytest(folder: Path) -> None:
    """The test passes, and fails with a mock that is wrong."""
    code = part("python test_readings.py")
    (folder / "test_readings.py").write_text(code, "utf-8")
    (folder / "test_wrong.py").write_text(code.replace("north", "North"), "utf-8")

    done = run_pytest(folder, "test_readings.py", "test_wrong.py")

    assert "1 failed, 1 passed" in done.stdout
    assert "error[pattern] /Station: expected text matching `[a-z]+`" in done.stdout


@pytest.mark.skipif(find_spec("fastapi") is None, reason="fastapi is not installed")
def test_fastapi(folder: Path) -> None:
    """The app answers what is right with it, what is wrong with 422, and documents."""
    (words,) = re.findall(r"`shapespec (generate weather.yaml --target.*?)`", TEXT)
    (folder / "app.py").write_text(part("python app.py"), "utf-8")
    use = (
        "import json, sys\n"
        "from fastapi.testclient import TestClient\n"
        "from app import app\n"
        "client = TestClient(app)\n"
        "for one in json.loads(sys.argv[1]):\n"
        "    print(client.post('/readings', json=one).status_code)\n"
        "said = client.get('/openapi.json').text\n"
        "print('A measurement of a weather station' in said)"
    )

    made = run_shapespec(*words.split(), cwd=folder)
    done = in_folder(folder, "-W", "ignore", "-c", use, json.dumps([RIGHT, WRONG]))

    assert 0 == made.returncode, made.stderr
    assert ["200", "422", "True"] == done.stdout.split(), done.stderr


def test_a_notebook(folder: Path) -> None:
    """The last line of the cell is what Jupyter shows: a table of the findings."""
    cell = ast.parse(part("python notebook"))
    last = cell.body.pop()
    assert isinstance(last, ast.Expr)
    code = (
        f"{ast.unparse(cell)}\nfound = {ast.unparse(last)}\nprint(found._repr_html_())"
    )

    done = in_folder(folder, "-c", code)

    assert (0, "") == (done.returncode, done.stderr)
    assert '<td style="text-align: left">/Station</td>' in done.stdout
    assert 4 == done.stdout.count("<tr>")  # a required member is missing, too


def test_lambda(folder: Path) -> None:
    """The function is installed without network and runs with nothing beside it."""
    for line in part("console lambda").splitlines():
        words = shlex.split(line.removeprefix("$ "))
        assert words[0] in ("pip", "shapespec")
        assert 0 == in_folder(folder, "-m", *words).returncode
    (folder / "function" / "handler.py").write_text(part("python function/handler.py"))
    code = (
        "import json, sys\n"
        "sys.path.insert(0, 'function')\n"
        "from handler import handler\n"
        "print(json.dumps([handler(one, None) for one in json.loads(sys.argv[1])]))\n"
        "print([name for name in sys.modules if name.startswith('shapespec')])"
    )

    done = in_folder(folder, "-I", "-S", "-c", code, json.dumps([RIGHT, WRONG]))

    said, loaded = done.stdout.splitlines()
    answers: list[Any] = json.loads(said)
    assert {"status": 200, "station": "north"} == answers[0]
    assert (422, "pattern") == (answers[1]["status"], answers[1]["findings"][0]["rule"])
    assert "[]" == loaded


def in_folder(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in a folder."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
