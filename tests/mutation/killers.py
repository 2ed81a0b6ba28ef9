"""What kills mutants: tests that each compile anew all that they judge.

mutmut runs for a mutant those tests that reach its function. The tables of
`tests/conformance` compile a spec once and judge many values, each a test of its own;
here a row of a table is one test, which reaches what all of its values do. Nothing
outlives a test, and names of tests are plain, as mutmut needs them.
"""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

from tests.behaviour import (
    test_annotations as annotations,
    test_diagnostics as diagnostics,
    test_findings as findings,
    test_generated_package as package,
    test_hostile as hostile,
    test_language_guide as guide,
    test_reference as reference,
)
from tests.conformance import test_conformance as conformance
from tests.support import compile_text

ROWS = [list(cases) for _, cases in groupby(conformance.CASES, key=attrgetter("row"))]


@pytest.fixture(autouse=True)
def _anew() -> None:
    """Nothing is left of what an earlier test compiled."""
    conformance.compiled.cache_clear()
    guide.compiled.cache_clear()
    reference.weather_station.cache_clear()


@pytest.mark.parametrize("cases", ROWS, ids=range(len(ROWS)))
def test_row(cases: list[conformance.Case]) -> None:
    """All that judges says of the values of a row what the table says."""
    for case in cases:
        conformance.test_validator(case)
        conformance.test_json_schema_agrees(case)
        conformance.test_the_compiler_agrees(case)
        conformance.test_fast_path_is_sure(case)


@pytest.mark.parametrize(
    "folder", diagnostics.FOLDERS, ids=range(len(diagnostics.FOLDERS))
)
def test_diagnostics(folder: Path) -> None:
    """A wrong spec gets the diagnostics in its folder."""
    diagnostics.test_case(folder, update=False)


@pytest.mark.parametrize("example", guide.SPECS, ids=range(len(guide.SPECS)))
def test_spec(example: guide.Example) -> None:
    """A spec of the guide compiles, or the compiler says what the guide says."""
    guide.test_spec(example, update=False)


@pytest.mark.parametrize("example", guide.RESPONSES, ids=range(len(guide.RESPONSES)))
def test_response(
    example: guide.Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A response of the guide gets the findings there, on both paths."""
    guide.test_response(example, tmp_path, monkeypatch, update=False)
    if "--form" not in example.options:
        guide.test_fast_path_agrees(example)


@pytest.mark.parametrize("value", package.ODD, ids=range(len(package.ODD)))
def test_odd_value(value: Any) -> None:
    """Whatever value stands wherever, both paths have the same verdict."""
    package.test_nothing_raises(compile_text(package.WEATHER).package, value)


def test_findings() -> None:
    """An invalid response raises one exception that holds every finding."""
    package.test_refuses_with_all_findings(compile_text(package.WEATHER).package)


def test_hostile_names() -> None:
    """A spec whose every string would like to be code compiles to data."""
    package.test_strings_of_a_spec_stay_strings(compile_text(package.python_names()))


def test_what_json_does_not_know() -> None:
    """Values that no table can hold are judged by the compiler, too."""
    (table,) = conformance.test_the_compiler_knows_what_json_does_not.pytestmark
    for shape, value, said in table.args[1]:
        conformance.test_the_compiler_knows_what_json_does_not(shape, value, said)


def test_counts() -> None:
    """A finding says what was expected, one or several, and what was there."""
    (table,) = package.test_findings_count_in_words.pytestmark
    for member, value, message in table.args[1]:
        package.test_findings_count_in_words(member, value, message)


@pytest.mark.parametrize("spec", range(len(package.SPECS)))
def test_imports(spec: int, tmp_path: Path) -> None:
    """What a package imports it uses."""
    package.test_modules_import_what_they_use(package.SPECS[spec], tmp_path)


def test_bytes() -> None:
    """Blobs of bytes are judged on both paths."""
    package.test_bytes_are_counted()


def test_further_down() -> None:
    """Rules look at, and point at, lists further down."""
    package.test_rules_about_what_lies_further_down()


def test_depth() -> None:
    """No depth is too deep to judge."""
    package.test_no_depth_is_too_deep_to_judge(compile_text(package.WEATHER).package)


def test_sensitive() -> None:
    """What is sensitive is not shown."""
    (table,) = findings.test_what_is_sensitive_is_not_shown.pytestmark
    for response, shape in table.args[1]:
        findings.test_what_is_sensitive_is_not_shown(response, shape)


def test_many_definitions() -> None:
    """Roots may lead to the same shapes so often, and not more often."""
    (table,) = diagnostics.test_roots_hold_a_hundred_thousand_definitions.pytestmark
    for roots, chain, more, right in table.args[1]:
        diagnostics.test_roots_hold_a_hundred_thousand_definitions(
            roots, chain, more, right=right
        )
    diagnostics.test_roots_that_lead_to_the_same_again_and_again()


def test_parts_of_texts() -> None:
    """Parts of scalars are found where they are written."""
    (table,) = diagnostics.test_part_of_a_folded_text.pytestmark
    for start, end, part in table.args[1]:
        diagnostics.test_part_of_a_folded_text(start, end, part)


def test_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many places can be listed, so deep, and not more."""
    (table,) = hostile.test_so_many_places_can_be_listed.pytestmark
    for most, right in table.args[1]:
        hostile.test_so_many_places_can_be_listed(
            most, right=right, monkeypatch=monkeypatch
        )


def test_deep_places() -> None:
    """What is a hundred shapes deep can be listed, and what is deeper cannot."""
    hostile.test_places_are_listed_or_refused(hostile.WHO_LISTS["evidence"])
    hostile.test_places_are_counted()


def test_pages() -> None:
    """The reference of a small contract is as expected, word for word."""
    reference.test_weather_station_reads_as_expected()


def test_annotations() -> None:
    """What a spec says beside its constraints arrives in the outputs."""
    annotations.test_json_schema_holds_annotations()
    annotations.test_lines_are_joined_and_paragraphs_kept()
    annotations.test_a_package_without_title_is_called_by_its_name()
    annotations.test_a_title_is_kept()
    annotations.test_an_operation_knows_where_it_is_written()
    annotations.test_what_joins_members_knows_who_states_it_and_where()
