"""What pyproject.toml says of releases is what `make lowest` and `make pythons` try."""

from __future__ import annotations

import re

import pytest

from shapespec.ground import extras
from shapespec.ground.errors import Unusable
from tests.installs import metadata
from tests.installs.interpreters import find
from tests.installs.metadata import CONSTRAINTS, LOWEST, ROOT, numbers, pins

LIBRARIES = {
    (metadata.requirement(line).name, extra)
    for extra in metadata.extras()
    for line in metadata.project()["optional-dependencies"][extra]
}


def test_every_bound_is_what_is_tried() -> None:
    """The oldest release that will do is stated, and is the one `make lowest` has."""
    tried = pins(LOWEST)

    for name, oldest in metadata.requirements():
        assert oldest is not None, f"{name} has no bound"
        assert numbers(oldest) == numbers(tried[name]), name


def test_the_build_is_tried_with_its_oldest_backend() -> None:
    """What builds the wheel has a bound, which `make lowest` builds it with."""
    (line,) = metadata.build_requires()
    name, oldest = metadata.requirement(line)

    assert oldest is not None
    assert numbers(oldest) == numbers(pins(LOWEST)[name])


def test_the_newest_is_pinned() -> None:
    """What users or contributors install is pinned, at no less than its bound."""
    newest = pins(CONSTRAINTS)
    lines = metadata.project()["optional-dependencies"].values()
    for_all = [metadata.requirement(line) for each in lines for line in each]

    for name, oldest in (*metadata.requirements(), *for_all):
        if name != "shapespec":
            assert name in newest
            assert numbers(oldest or "0") <= numbers(newest[name]), name


def test_the_classifiers_name_what_was_run() -> None:
    """Each version of Python that is named has passed, as its record says."""
    lines = metadata.RECORD.read_text("utf-8").splitlines()[1:]
    passed = [re.fullmatch(r"(3\.\d+)\.\d+: [1-9]\d* passed", line) for line in lines]

    assert metadata.pythons() == [found and found[1] for found in passed]


def test_the_oldest_python_is_the_one_required() -> None:
    """The first version that is named is the least that pip lets install."""
    assert f">={metadata.pythons()[0]}" == metadata.project()["requires-python"]


def test_this_python_is_found() -> None:
    """The search for interpreters finds one that runs these tests, and no phantom."""
    found = [find(minor) for minor in metadata.pythons()]

    assert any(one is not None for one in found)
    assert find("3.999") is None


@pytest.mark.parametrize(("library", "extra"), sorted(LIBRARIES))
def test_what_is_too_old_is_told(
    library: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library that is too old is named, with what is needed and what to run."""
    oldest = dict(metadata.requirements())[library]
    monkeypatch.setattr(extras, "_version", lambda _: "0.0.1")
    monkeypatch.setattr(extras, "find_spec", lambda _: object())

    with pytest.raises(Unusable) as raised:
        extras.need(library, extra)

    assert str(raised.value) == (
        f"{library} 0.0.1 is too old, {oldest} or newer is needed; "
        f"`pip install --upgrade shapespec[{extra}]` brings it"
    )


@pytest.mark.parametrize(("library", "extra"), sorted(LIBRARIES))
def test_what_is_new_enough_is_taken(
    library: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest release that will do is no fault, nor is a release candidate after."""
    oldest = dict(metadata.requirements())[library]
    monkeypatch.setattr(extras, "find_spec", lambda _: object())

    for found in (oldest, f"{oldest}.1", f"{oldest}.1rc1", "9999"):
        monkeypatch.setattr(extras, "_version", lambda _, found=found: found)
        extras.need(library, extra)


def test_what_is_absent_is_told() -> None:
    """A library that is not installed is named, with what to run."""
    with pytest.raises(Unusable, match=r"`pip install shapespec\[models\]` adds"):
        extras.need("no-such", "models")


def test_the_workflow_runs_what_the_classifiers_name() -> None:
    """GitHub's workflow has a run for each version that the classifiers name."""
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    (line,) = re.findall(r"^ +python: \[(.*)\]$", workflow, re.MULTILINE)

    assert metadata.pythons() == [one.strip(' "') for one in line.split(",")]
