"""The official test suite of JSON Schema about formats: ours give its verdicts."""

from __future__ import annotations

import json
import tarfile
from typing import Any

import pytest

from shapespec.contract.formats import FORMATS
from tests.conformance.official.test_official import _FOUND
from tests.support import compile_text

DIFFER = {
    ("time", "valid leap second, positive time-offset"),
    ("time", "valid leap second, large positive time-offset"),
    ("time", "valid leap second, negative time-offset"),
    ("time", "valid leap second, large negative time-offset"),
}
"""Tests whose verdict is not ours: a leap second has the offset zero here."""


def load(name: str, draft: str) -> list[dict[str, Any]]:
    """The tests about a format; none where the suite has none."""
    with tarfile.open(_FOUND[-1]) as archive:
        for member in archive:
            if member.name.endswith(f"/tests/{draft}/optional/format/{name}.json"):
                stream = archive.extractfile(member)
                assert stream is not None
                groups: list[dict[str, Any]] = json.load(stream)
                return [test for group in groups for test in group["tests"]]
    return []


@pytest.mark.parametrize("draft", ["draft2020-12", "draft7"])
@pytest.mark.parametrize("name", [name for name in FORMATS if name != "byte"])
def test_the_suite_agrees(name: str, draft: str) -> None:
    """Each string has the format, or has it not, as the suite says."""
    members = {"v": {"type": "string", "format": name}}
    shapes = {"Root": {"type": "structure", "members": members}}
    spec = {"shapespec": 1, "package": "formats", "shapes": shapes}
    package = compile_text(json.dumps(spec), targets=("validators",)).package
    tests = [one for one in load(name, draft) if isinstance(one["data"], str)]

    differ = {
        (name, one["description"])
        for one in tests
        if one["valid"] != package.is_valid({"v": one["data"]})
    }

    # draft-07 has no duration and no uuid.
    assert tests or (draft == "draft7" and name in ("duration", "uuid"))
    assert differ == (DIFFER if name == "time" else set())


@pytest.mark.parametrize("name", FORMATS)
def test_examples_are_what_they_are(name: str) -> None:
    """Samples are made of them."""
    one = FORMATS[name]
    import re

    right, wrong = (
        [bool(re.fullmatch(one.pattern.python, text)) for text in texts]
        for texts in (one.right, one.wrong)
    )

    assert all(right)
    assert not any(wrong)
