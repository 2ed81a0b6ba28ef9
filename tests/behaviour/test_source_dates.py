"""When documents can have been written, by the releases of the model."""

from __future__ import annotations

from functools import cache

import pytest

from shapespec.compiler import compile_spec
from shapespec.project.files import read_source, siblings
from shapespec.tools.source_dates import Dated, dated
from tests.support import FLAGSHIP, compile_text, run_shapespec


@cache
def found() -> dict[str, Dated]:
    schema = compile_spec(read_source(FLAGSHIP), siblings(FLAGSHIP, "x.yaml"))
    return {one.source.id: one for one in dated(schema)}


@pytest.mark.parametrize(
    ("source", "earliest", "latest"),
    [
        ("aws-api-reference", "2019-03-08", "2019-06-11"),
        ("aws-sdk-ruby", "2021-05-04", "2022-09-29"),
        ("paws", "2023-01-27", "2023-06-21"),
        ("aws-cli", "2025-02-27", "2025-08-08"),
        ("datadog-ddsql", "2023-12-21", "2025-12-03"),
    ],
)
def test_each_document_was_written_in_a_range(
    source: str, earliest: str, latest: str
) -> None:
    """After all that it states had come, and before what it lacks came."""
    one = found()[source]

    assert (earliest, latest) == (one.earliest.date, one.latest.date)
    assert one.earliest.because
    assert one.latest.because


def test_what_proves_a_range_is_named() -> None:
    """A member that it has, and one that it lacks or a bound that grew."""
    paws, api = found()["paws"], found()["aws-api-reference"]

    assert "AlgorithmSpecification.TrainingImageConfig" in paws.earliest.because
    assert ("without OutputDataConfig.CompressionType",) == paws.latest.because
    assert ("InputDataConfig maxItems",) == api.latest.because


def test_the_audit_says_so_and_doubts_an_edition() -> None:
    """The page of paws says 2022, and states what came in 2023."""
    done = run_shapespec("audit")

    assert "2023-01-27" in done.stdout
    assert "paws does not fit its edition, 2022" in done.stdout
    assert "aws-cli does not fit" not in done.stdout


def test_a_contract_without_a_history_dates_nothing() -> None:
    """There is nothing to date by."""
    toy = "shapespec: 1\npackage: toy\nshapes: {A: {type: structure, members: {}}}\n"

    assert [] == [*dated(compile_text(toy).schema)]
