"""Exceptions that we raise survive pickle, copy and pools, with all they carry."""

from __future__ import annotations

import copy
import importlib
import multiprocessing
import pickle
import pkgutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from types import WrapperDescriptorType
from typing import Any

import pytest

import sagemaker_training_job as contract
import shapespec
from sagemaker_training_job import DescribeTrainingJobResponse, InvalidResponse
from shapespec.boto3 import ResponseRefused
from shapespec.cel.ast import Stretch
from shapespec.cel.parse import CelFault
from shapespec.cel.paths import PathFault
from shapespec.diagnostics.model import Annotation, Diagnostic, Faults
from shapespec.ground.folders import LinkedError
from shapespec.ground.source import SourceFile, Span
from shapespec.patterns.parse import PatternRefused, PatternTooSlow
from shapespec.responses.parse import Unreadable
from shapespec.responses.tables import NoCells
from tests.support import FUSE

RESPONSE = {"TrainingJobName": "!", "Surprise": 1}
FINDINGS = tuple(contract.validate(RESPONSE))
SOURCE = SourceFile("spec.yaml", "shapespec: 1\n")
DIAGNOSTIC = Diagnostic(
    rule="unknown-key",
    message="it is not a key",
    primary=Annotation(Span(SOURCE, 0, 9), "here"),
    help="take it away",
)
OWN: list[Exception] = [
    CelFault("cel-type", "no number", Stretch(1, 2), "write a number"),
    Faults([DIAGNOSTIC]),
    InvalidResponse(FINDINGS),
    LinkedError("a/b"),
    NoCells("no column is called `body`", 3),
    PathFault("it has no such member", 3, 7, ["One", "Other"]),
    PatternRefused("it looks behind", 4, 4),
    PatternTooSlow("it takes too long", 4, 9),
    ResponseRefused("DescribeTrainingJob", FINDINGS, RESPONSE),
    Unreadable("`x` is no JSON", "it is no JSON"),
]
"""One of each class that is made in a way of its own."""


def classes() -> Iterator[type[Exception]]:
    """Every exception that the tool or a generated package defines."""
    for package in (shapespec, contract):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("__main__"):
                continue
            try:
                loaded = importlib.import_module(module.name)
            except ModuleNotFoundError:  # of an extra that is not installed
                continue
            for found in vars(loaded).values():
                if (
                    isinstance(found, type)
                    and issubclass(found, Exception)
                    and found.__module__ == module.name
                    and not found.__module__.startswith("shapespec.runtime.")
                ):
                    yield found


def carried(error: BaseException) -> Any:
    """All that an exception says and holds; a file is its name and text."""
    held = {
        name: (
            [(one.rule, one.message, one.help, *one.sort_key()) for one in value]
            if name == "diagnostics"
            else value
        )
        for name, value in vars(error).items()
    }
    return type(error), str(error), error.args, held


def raised() -> list[Exception]:
    """One of each class; those that are made as any exception is have a message."""
    simple = [
        one for one in classes() if isinstance(one.__init__, WrapperDescriptorType)
    ]
    return [*OWN, *(one("a message") for one in simple)]


RAISED = raised()


def test_each_exception_is_tried() -> None:
    """No class is missing below."""
    assert {type(one) for one in RAISED} == {*classes()}


@pytest.mark.parametrize("error", RAISED, ids=lambda one: type(one).__name__)
def test_it_survives(error: Exception) -> None:
    """Pickled under each protocol and copied both ways, it is what it was."""
    error.add_note("a note of the caller's")
    ways: list[Callable[[Exception], Exception]] = [
        copy.copy,
        copy.deepcopy,
        *(
            lambda one, protocol=protocol: pickle.loads(pickle.dumps(one, protocol))
            for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
        ),
    ]

    assert [carried(error)] * len(ways) == [carried(way(error)) for way in ways]


def load(response: object) -> str:
    """What a worker does: the error goes back to whoever asked."""
    return str(DescribeTrainingJobResponse.from_response(response))


def test_a_pool_hands_it_on() -> None:
    """The parent of a worker gets the error with its findings, and the pool goes on."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        error = pool.submit(load, RESPONSE).exception(timeout=FUSE)
        again = pool.submit(load, RESPONSE).exception(timeout=FUSE)

    assert isinstance(error, InvalidResponse)
    assert [*FINDINGS] == error.findings
    assert str(error) == str(again) == str(InvalidResponse(FINDINGS))


def test_a_finding_in_the_depths_survives() -> None:
    """So does a finding whose way is longer than pickle's recursion reaches."""
    finding = contract.validate({"TrainingJobName": "!"})[0]
    at: Any = None
    for step in range(100_000):
        at = (at, step)
    deep = type(finding)("type", "error", at, "too deep", "Thing")
    deep.got = "a list of 1 item"

    again = pickle.loads(pickle.dumps(deep))

    assert (deep.pointer, deep.got) == (again.pointer, again.got)
    assert deep == copy.copy(deep) == again
