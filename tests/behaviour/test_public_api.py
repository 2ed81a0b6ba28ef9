"""What is public in Python: each example of the page runs."""

from __future__ import annotations

import re
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

import shapespec
from sagemaker_training_job import InvalidResponse
from shapespec.diagnostics.model import Faults
from shapespec.ground.errors import Unusable
from tests.support import ROOT, compile_text

PAGE = (ROOT / "spec" / "from-python.md").read_text("utf-8")
EXAMPLES = dict(
    re.findall(r"^```python (\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
)
WEATHER = """\
shapespec: 1
package: weather
shapes:
  Reading:
    type: structure
    members:
      Station: {type: string, length: {min: 1}, required: true}
      Sky: {type: string, length: {min: 1}}
"""
PRINTED = {
    "load_contract": "Reading(station='north')\n",
    "compile_spec": "Reading\n",
    "generate": "['json_schema/weather/Reading.json']\n",
    "Finding": "length error /Station expected",
}


def test_the_page_is_about_all_that_is_public() -> None:
    """Each public name has an example of its own."""
    assert set(EXAMPLES) == set(shapespec.__all__) - {"__version__"}
    assert set(EXAMPLES) == set(PRINTED)


@pytest.mark.parametrize("name", sorted(PRINTED))
def test_an_example(name: str, tmp_path: Path) -> None:
    """It runs, and prints what it says."""
    (tmp_path / "weather.yaml").write_text(WEATHER, "utf-8")

    done = subprocess.run(
        [sys.executable, "-c", EXAMPLES[name]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.startswith(PRINTED[name])


def test_what_is_wrong_is_raised(tmp_path: Path) -> None:
    """A wrong spec, a missing one, and a target that does not exist."""
    spec = tmp_path / "weather.yaml"
    spec.write_text(WEATHER.replace("string", "strng"), "utf-8")

    with pytest.raises(Faults) as raised:
        shapespec.compile_spec(spec)
    assert raised.value.diagnostics
    with pytest.raises(Unusable, match="cannot read"):
        shapespec.generate(tmp_path / "none.yaml")
    with pytest.raises(Unusable, match="did you mean 'docs'"):
        shapespec.generate(spec, ["doc"])
    with pytest.raises(AttributeError, match="nothing"):
        shapespec.nothing  # noqa: B018


def test_importing_loads_nothing() -> None:
    """`import shapespec` loads no other module of ours."""
    code = "import sys, shapespec; print([m for m in sys.modules if 'shapespec.' in m])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert b"[]" == done.stdout.strip()


def test_a_traceback_shows_every_error() -> None:
    """The first error is the message, and the others are notes."""
    package = compile_text(WEATHER).package
    with pytest.raises(package.InvalidResponse) as raised:
        package.Reading.from_response({"Station": "", "Sky": ""})

    shown = "".join(traceback.format_exception_only(raised.value))

    assert (1, 1) == (shown.count("/Station"), shown.count("/Sky"))
    assert InvalidResponse([]).args == ("no errors",)


def test_models_show_what_is_set() -> None:
    """What is absent is not in a model's `repr`."""
    reading = compile_text(WEATHER).package.Reading

    assert "Reading(station='a')" == repr(reading.from_response({"Station": "a"}))
    both = reading.from_response({"Station": "a", "Sky": "b"})
    assert "Reading(station='a', sky='b')" == repr(both)
