"""The distribution: what is built installs elsewhere and works with no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.support import ROOT


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run([*command, "-t", "sdist"], cwd=ROOT, check=True, capture_output=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as sdist:
        sdist.extractall(folder / "unpacked", filter="data")
    (source,) = (folder / "unpacked").iterdir()
    subprocess.run(
        [*command, "-t", "wheel"], cwd=source, check=True, capture_output=True
    )
    return folder


@pytest.fixture(scope="module")
def installed(built: Path) -> Path:
    """A folder with what the wheel installs, without its dependencies."""
    (wheel,) = built.glob("*.whl")
    target = built / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def run(installed: Path, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_holds_what_is_needed(built: Path) -> None:
    """The wheel has the compiler, its templates and specs, and the flagship package."""
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()

    for name in (
        "shapespec/py.typed",
        "shapespec/_bundled/templates/README.md",
        "shapespec/_bundled/spec/sagemaker/training_job.yaml",
        "shapespec/_bundled/spec/shapespec.schema.json",
        "shapespec/patterns/unicode-15.1.txt",
        "shapespec/explanations/findings/required.md",
        "sagemaker_training_job/__init__.py",
        "sagemaker_training_job/py.typed",
    ):
        assert name in names
    assert not [name for name in names if "__pycache__" in name or "tests" in name]


def test_it_works_with_no_checkout(installed: Path, tmp_path: Path) -> None:
    """A response is judged by the shipped spec, and the package is imported."""
    example = str(ROOT / "spec" / "sagemaker" / "examples" / "valid.json")

    where = run(
        installed, "-c", "import shapespec; print(shapespec.__file__)", cwd=tmp_path
    )
    judged = run(installed, "-m", "shapespec", "validate", example, cwd=tmp_path)
    generated = run(installed, "-m", "shapespec", "generate", cwd=tmp_path)
    imported = run(
        installed, "-c", "import sagemaker_training_job as s; s.is_valid", cwd=tmp_path
    )

    assert where.stdout.startswith(str(installed))
    assert 0 == judged.returncode, judged.stderr
    assert 0 == generated.returncode, generated.stderr
    assert 0 == imported.returncode, imported.stderr
    assert (tmp_path / "generated" / "docs").is_dir()


def test_the_wheel_knows_that_its_package_fits(installed: Path, tmp_path: Path) -> None:
    """Nothing is compiled to say so; a spec that was edited afterwards is."""
    ask = (
        "import shapespec, sys; from shapespec.ground.resources import FLAGSHIP;"
        "print(shapespec.load_contract(FLAGSHIP).__name__);"
        "print('shapespec.compiler' in sys.modules)"
    )
    spec = installed / "shapespec/_bundled/spec/sagemaker/training_job.yaml"
    text = spec.read_text("utf-8")

    asis = run(installed, "-c", ask, cwd=tmp_path)
    spec.write_text(text.replace("max: 63", "max: 64", 1), "utf-8")
    edited = run(installed, "-c", ask, cwd=tmp_path)
    spec.write_text(text, "utf-8")

    assert ["sagemaker_training_job", "False"] == asis.stdout.split(), asis.stderr
    assert "True" == edited.stdout.split()[1], edited.stderr
    assert "sagemaker_training_job" != edited.stdout.split()[0]
