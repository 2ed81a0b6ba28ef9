"""What pyproject.toml and the files beside it say of releases."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent.parent
LOWEST = ROOT / ".ci" / "lowest.txt"
CONSTRAINTS = ROOT / ".ci" / "constraints.txt"
RECORD = ROOT / ".ci" / "pythons.txt"
FOR_CONTRIBUTORS = ("bench", "dev", "docs", "mutation", "interop")
"""Extras for work on shapespec itself, whose releases `constraints.txt` pins."""

_PYTHON = "Programming Language :: Python :: "
_REQUIREMENT = re.compile(r"([\w.-]+)(?:\[[\w,-]+\])?(?:>=([\w.]+))?\s*(?:;.*)?")


class Requirement(NamedTuple):
    """A distribution, under its normalised name, and the oldest release that does."""

    name: str
    oldest: str | None


def _whole() -> Any:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def project() -> Any:
    """The table `[project]`."""
    return _whole()["project"]


def build_requires() -> list[str]:
    """What builds the distribution."""
    found: list[str] = _whole()["build-system"]["requires"]
    return found


def extras() -> list[str]:
    """The extras for people who use shapespec."""
    found = project()["optional-dependencies"]
    return [name for name in found if name not in FOR_CONTRIBUTORS]


def requirements() -> list[Requirement]:
    """What a plain install and each extra for users need."""
    found = project()
    lines = [*found["dependencies"]]
    for name in extras():
        lines += found["optional-dependencies"][name]
    return [requirement(line) for line in lines]


def requirement(line: str) -> Requirement:
    """A line that names what is needed."""
    found = _REQUIREMENT.fullmatch(line)
    assert found is not None, f"{line}: not `name>=release`"
    return Requirement(normal(found[1]), found[2])


def pins(file: Path) -> dict[str, str]:
    """The releases that a file of constraints pins, by normalised name."""
    lines = file.read_text("utf-8").splitlines()
    pinned = (line.partition(";")[0].strip().partition("==") for line in lines)
    return {normal(name): release for name, _, release in pinned if release}


def normal(name: str) -> str:
    """A name as indexes have it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def numbers(release: str) -> tuple[int, ...]:
    """A release as numbers, without zeros at its end: 3.0 is 3.0.0."""
    found = [int(part) for part in release.split(".")]
    while found and found[-1] == 0:
        found.pop()
    return tuple(found)


def pythons() -> list[str]:
    """The versions of Python that the classifiers name."""
    named = (line.removeprefix(_PYTHON) for line in project()["classifiers"])
    return [one for one in named if re.fullmatch(r"3\.\d+", one)]
