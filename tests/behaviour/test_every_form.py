"""Each form to each other and back: the same response, but for what is named as lost.

`ROUND_TRIPS=1000 pytest -s tests/behaviour/test_every_form.py` takes so many, and
prints what was lost by each pair of forms.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections import Counter
from functools import cache
from itertools import product
from typing import Any

import pytest

import sagemaker_training_job
from sagemaker_training_job import DescribeTrainingJobResponse
from shapespec.responses.convert import converter
from tests.behaviour.test_forms import FORMS
from tests.support import run_shapespec

COUNT = int(os.environ.get("ROUND_TRIPS", "15"))
SHAPE = "DescribeTrainingJobResponse"
CSV = "datadog-ddsql as CSV"
EACH = (*FORMS, CSV)

LOSABLE = {
    "paws": {"an empty list", "an empty object"},
    "eventbridge": {"an empty object", "less than a millisecond"},
    CSV: {"an empty string", "an empty object"},
}
"""What a form cannot say; the others say all of a response."""


@cache
def samples() -> tuple[Any, ...]:
    """Made-up responses, and some that hold what forms have trouble with."""
    done = run_shapespec(
        "sample", "--count", str(COUNT), "--seed", "14", "--form", "wire"
    )
    found = [*map(json.loads, done.stdout.splitlines())]
    for number, one in enumerate(found):
        if number % 5 == 0:
            one["CreationTime"] += 0.000_25
        if number % 5 == 1:
            one["InputDataConfig"] = []
        if number % 5 == 2:
            one["Environment"] = {}
            one["RemoteDebugConfig"] = {}
        if number % 5 == 3:
            one["HyperParameters"] = {'a "b"': "\\", "c": ""}
    return tuple(found)


def text_of(given: Any, source: str, target: str) -> tuple[str, set[str]]:
    """A response in another form as text, and what is named as lost."""
    made = converter(
        sagemaker_training_job,
        shape=None,
        source=name_of(source),
        target=name_of(target),
        as_csv=target == CSV,
    )
    done = made.convert(given)
    text = done.text if made.head is None else f"{made.head}\n{done.text}\n"
    return text, {*done.lost}


def name_of(form: str) -> str:
    return FORMS[5] if form == CSV else form


def value_of(text: str, form: str) -> Any:
    """What a reader makes of the text."""
    if form != CSV:
        return json.loads(text)
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    return row


def wire(given: Any, form: str) -> Any:
    """A response as the service sent it, to be compared."""
    job = DescribeTrainingJobResponse.from_response(given, form=name_of(form))
    return job.to_response(form="wire")


def differences(one: Any, other: Any, path: str = "") -> set[str]:
    """The places where two responses differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {
            place
            for name in one.keys() | other.keys()
            for place in differences(
                one.get(name), other.get(name), f"{path}.{name}".lstrip(".")
            )
        }
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = zip(one, other, strict=True)
        return {place for pair in pairs for place in differences(*pair, f"{path}[]")}
    return set() if one == other else {path}


@pytest.mark.parametrize(("source", "target"), [*product(EACH, EACH)])
def test_there_and_back(source: str, target: str) -> None:
    """What comes back differs in the places that were named, and in no others."""
    lost: Counter[str] = Counter()
    for sample in samples():
        text, _ = text_of(sample, "wire", source)
        given = value_of(text, source)
        there, first = text_of(given, source, target)
        back, second = text_of(value_of(there, target), target, source)
        named = first | second
        again = value_of(back, source)

        told = {re.sub(r" \([^()]*\)$", "", one) for one in named}
        assert differences(wire(given, source), wire(again, source)) == told
        kinds = {re.findall(r"\(([^()]*)\)$", one)[0] for one in named}
        assert kinds <= LOSABLE.get(source, set()) | LOSABLE.get(target, set())
        lost.update(named)
    if "ROUND_TRIPS" in os.environ:
        found = dict(lost) or "nothing lost"
        sys.stdout.write(f"\n{source} -> {target} -> {source}: {found}\n")
