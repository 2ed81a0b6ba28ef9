"""The shipped package judges responses as long as it is what the spec says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import ROOT

ASK = """
import pathlib, sys
import shapespec
from shapespec.ground.resources import FLAGSHIP
print(shapespec.load_contract(FLAGSHIP).__name__, "shapespec.compiler" in sys.modules)
"""
SHIPPED = "sagemaker_training_job"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this checkout, and the cache folder that has seen it once."""
    folder = tmp_path_factory.mktemp("checkout")
    without = shutil.ignore_patterns("__pycache__", "cache", "*.so", "*.pyd", "docs")
    for name in ("generator/shapespec", "generated/python", "spec", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=without)
    assert [SHIPPED, "True"] == asked(folder, folder / "kept")
    return folder


@pytest.fixture
def checkout(original: Path, tmp_path: Path) -> Path:
    """A copy that a test may change, with its cache folder."""
    return shutil.copytree(original, tmp_path / "checkout")


def asked(folder: Path, kept: Path, *path: Path, ask: str = ASK) -> list[str]:
    """What judges responses, and whether the compiler was needed to say so."""
    places = (*path, folder / "generator", folder / "generated" / "python")
    done = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, places)),
            "SHAPESPEC_CACHE": str(kept),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_what_was_compared_once_is_not_compiled_again(checkout: Path) -> None:
    """The answer is kept; where nothing is kept yet, it is found anew."""
    assert [SHIPPED, "False"] == asked(checkout, checkout / "kept")
    assert [SHIPPED, "True"] == asked(checkout, checkout / "empty")


SPEC = "spec/sagemaker/training_job.yaml"


@pytest.mark.parametrize("named", [SPEC, f"spec/../{SPEC}", "link.yaml"])
def test_the_spec_is_found_however_its_path_is_written(
    checkout: Path, named: str
) -> None:
    """It is the file that counts, not what it was called."""
    (checkout / "link.yaml").symlink_to(checkout / SPEC)
    ask = ASK.replace("FLAGSHIP)", f"pathlib.Path({named!r}))")

    assert [SHIPPED, "False"] == asked(checkout, checkout / "kept", ask=ask)


MODULES = f"generated/python/{SHIPPED}"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (SPEC, lambda text: text + "\n# a comment\n"),
        (SPEC, lambda text: text.replace("shapespec: 1\n", "shapespec: 1\n\n", 1)),
        (f"{MODULES}/strategies.py", lambda text: text),
        ("spec/sagemaker/examples/broken.json", lambda _: "{}"),
    ],
)
def test_what_changes_no_module_changes_nothing(
    checkout: Path, name: str, change: Callable[[str], str]
) -> None:
    """A comment, blank lines and files that the spec does not name leave it in use."""
    path = checkout / name
    path.write_text(change(path.read_text("utf-8")), "utf-8")

    assert SHIPPED == asked(checkout, checkout / "kept")[0]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (SPEC, "max: 63", "max: 64"),
        (SPEC, "open: true", "open: false"),
        ("spec/sagemaker/evidence/botocore.history.yaml", "2017", "2016"),
        (f"{MODULES}/_accept.py", "return True", "return False"),
        (f"{MODULES}/_words.py", "def ", "def  "),
    ],
)
def test_what_was_edited_is_not_believed(
    checkout: Path, name: str, old: str, new: str
) -> None:
    """Whichever of them says something else, the spec is what judges."""
    edited(checkout / name, old, new)

    assert SHIPPED != asked(checkout, checkout / "kept")[0]


def test_another_package_of_the_name_is_not_ours(
    checkout: Path, tmp_path: Path
) -> None:
    """One that goes before ours on the path judges nothing of ours."""
    other = tmp_path / "other"
    shutil.copytree(checkout / MODULES, other / SHIPPED)

    assert SHIPPED != asked(checkout, checkout / "kept", other)[0]
