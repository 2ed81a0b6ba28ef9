"""True history: since when a model states what, read from its releases."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from shapespec.compiler import compile_spec
from shapespec.contract.history import History, Point, Release, history_of
from shapespec.diagnostics.model import Faults
from shapespec.evidence.history.files import read_history, write_history
from shapespec.evidence.history.past import Past
from shapespec.evidence.provenance import Provenance
from shapespec.ground.source import SourceFile
from shapespec.importers.botocore import releases
from shapespec.importers.botocore.releases import searched
from shapespec.project.files import read_source, siblings
from tests.support import FLAGSHIP, run_shapespec

EVIDENCE = FLAGSHIP.parent / "evidence"
PAST = Past(read_history(read_source(EVIDENCE / "botocore.history.yaml")))


def members(day: str) -> list[str]:
    """The members of the response that were known on a day."""
    states = PAST.at(day)
    return [path for path, kind in states if kind == "type" and path.isalnum()]


def paths(day: str) -> list[str]:
    """All places of the response that were known on a day, items left out."""
    states = PAST.at(day)
    return [
        path
        for path, kind in states
        if kind == "type" and path[-1] not in "]}" and not path.startswith("(")
    ]


# --- the flagship ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "count"),
    [
        ("2017-11-28", 0),
        ("2017-11-29", 17),
        ("2018-12-05", 23),
        ("2019-11-18", 28),
        ("2020-07", 34),
        ("2021-08", 40),
        ("2023-05", 41),
        ("2023-12", 43),
        ("2026-07-16", 50),
    ],
)
def test_the_response_grew_from_17_members_to_50(day: str, count: int) -> None:
    """So many members were known on a day."""
    assert count == len(members(day))


def test_the_tree_grew_from_35_paths_to_185() -> None:
    """Items of lists and values of maps are not counted."""
    assert 35 == len(paths("2017-11-29"))
    assert 185 == len(paths("2026-07-16"))


def test_fewer_members_are_required_than_once_were() -> None:
    """Ten at first, then nine, now seven."""
    counts = []
    for step in PAST.history.steps:
        states = PAST.at(step.release.date)
        now = sum(kind == "required" and path.isalnum() for path, kind in states)
        if now not in counts:
            counts.append(now)

    assert [10, 9, 7] == counts


def test_a_value_has_a_date_of_its_own() -> None:
    """Not that of the list it is in."""
    life = PAST.values["SecondaryStatus", "Pending"]

    assert life.since.date > PAST.places["SecondaryStatus"].since.date


def test_every_date_is_exact_to_a_month() -> None:
    """The release that did not state it yet was made at most a month before."""
    for step in PAST.history.steps[1:]:
        assert step.after is not None
        days = _days(step.release.date) - _days(step.after.date)
        assert 0 <= days <= 31, step.release


def _days(date: str) -> int:
    from datetime import date as day

    return day.fromisoformat(date).toordinal()


def test_the_newest_release_states_what_the_evidence_does() -> None:
    """A history that ends elsewhere than the model would date another contract."""
    text = (EVIDENCE / "botocore.yaml").read_text()
    states = PAST.at(PAST.history.last.date)

    # Of what the operation is beside its shapes, no history is kept.
    stated = sum(
        line.startswith("  - {path")
        and "kind: apiVersion" not in line
        and "kind: paginated" not in line
        for line in text.splitlines()
    )
    assert stated == len(states)


def test_a_member_is_dated_at_every_depth() -> None:
    """A document of 2019 links to structures; their members are not news in 2022."""
    schema = compile_spec(
        read_source(FLAGSHIP), siblings(FLAGSHIP, "training_job.yaml")
    )
    record = Provenance(schema).members["AlgorithmSpecification", "TrainingImage"]

    assert "2017-11-29" == record.since


# --- the kind -------------------------------------------------------------------------


def point(version: str, date: str, **states: Any) -> Point:
    """A release that states the types of members, or whatever else is given."""
    return Point(
        Release(version, date),
        {
            (name.partition("__")[0], name.partition("__")[2] or "type"): value
            for name, value in states.items()
        },
    )


def toy() -> History:
    """A member that comes, one that goes, a list that changes, a bound that grows."""
    return history_of(
        "toy",
        "a toy",
        [
            point("1.0", "2020-01-01"),
            point("1.1", "2020-02-01", A="string", A__enum=["x", "y"], B="list"),
            point("1.2", "2020-03-01", A="string", A__enum=["x", "y"], B="list"),
            point("1.3", "2020-04-01", A="string", A__enum=["x", "z"], C="list"),
            point("1.4", "2020-05-01", A="string", A__enum=["z", "x"], C="list"),
            point("1.5", "2020-06-01", C="list", C__maxItems=3),
            point("1.6", "2020-07-01", C="list", C__maxItems=8),
        ],
    )


def test_only_what_changes_is_written() -> None:
    """Releases that state the same, in whatever order, are counted and left out."""
    assert 7 == toy().read
    assert ["1.1", "1.3", "1.5", "1.6"] == [one.release.version for one in toy().steps]


def test_a_history_is_read_as_it_is_written() -> None:
    """Every change survives its file."""
    text = write_history(toy(), "a test")

    assert toy() == read_history(SourceFile("toy.history.yaml", text))


def test_a_history_is_not_edited_by_hand() -> None:
    """An edit is noticed by the hash of the steps."""
    text = write_history(toy(), "a test").replace('"2020-06-01"', '"2019-06-01"')

    with pytest.raises(Faults) as caught:
        read_history(SourceFile("toy.history.yaml", text))
    assert ["edited-evidence"] == [one.rule for one in caught.value.diagnostics]


def test_a_past_knows_lifetimes_and_bounds() -> None:
    """When each thing came, when it went, and what was stated in between."""
    past = Past(toy())

    assert ("2020-02-01", "2020-06-01") == _life(past.places["A"])
    assert ("2020-02-01", "2020-04-01") == _life(past.places["B"])
    assert ("2020-04-01", None) == _life(past.places["C"])
    assert ("2020-02-01", "2020-04-01") == _life(past.values["A", "y"])
    assert [("2020-06-01", 3), ("2020-07-01", 8)] == [
        (one.since.date, one.value) for one in past.facts["C", "maxItems"]
    ]
    assert {("C", "type"): "list", ("C", "maxItems"): 3} == past.at("2020-06")


def _life(life: Any) -> tuple[str, str | None]:
    return life.since.date, life.until.date if life.until else None


def test_halving_finds_the_release_and_reads_few() -> None:
    """Of 200 releases, the three that change something are found by reading 40."""
    asked: list[str] = []

    def read(version: str) -> Point:
        asked.append(version)
        number = int(version)
        stated = {(f"M{one}", "type"): "string" for one in (0, 70, 71) if number >= one}
        return Point(Release(version, "2020-01-01"), stated)

    points = searched([str(number) for number in range(200)], read)

    history = history_of("toy", "a toy", points)
    assert ["0", "70", "71"] == [step.release.version for step in history.steps]
    assert len(asked) < 40


def test_a_release_that_cannot_be_had_is_passed_over() -> None:
    """Its neighbours are read instead."""

    def read(version: str) -> Point | None:
        number = int(version)
        stated = {("M", "type"): "string"} if number > 4 else {}
        return None if number == 4 else Point(Release(version, "2020-01-01"), stated)

    points = searched([str(number) for number in range(9)], read)

    (step,) = history_of("toy", "a toy", points).steps
    assert ("5", "3") == (step.release.version, step.after and step.after.version)


# --- wheels ---------------------------------------------------------------------------


def model(*names: str) -> dict[str, Any]:
    """A service model whose one operation gives back strings."""
    return {
        "operations": {"GetToy": {"output": {"shape": "Toy"}}},
        "shapes": {
            "Toy": {
                "type": "structure",
                "members": {name: {"shape": "Text"} for name in names},
            },
            "Text": {"type": "string", "max": 9},
        },
    }


def wheel(folder: Path, version: str, day: tuple[int, int, int], data: bytes) -> Path:
    """A wheel of botocore with one service, compressed from 1.30 on."""
    packed = version >= "1.30"
    name = "botocore/data/toy/2020-01-01/service-2.json" + (".gz" if packed else "")
    path = folder / f"botocore-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo(name, (*day, 12, 0, 0))
        archive.writestr(info, gzip.compress(data) if packed else data)
    return path


def some_wheels(folder: Path, models: Mapping[str, Iterable[str]]) -> None:
    for month, (version, names) in enumerate(models.items(), start=1):
        data = json.dumps(model(*names)).encode()
        wheel(folder, version, (2020, month, 5), data)


def ask(folder: Path, *more: str, operation: str = "GetToy") -> Any:
    """What the command says about a folder of wheels."""
    called = ("import", "botocore", "toy", "--operation", operation, "--history")
    return run_shapespec(*called, "--wheels", str(folder), *more)


def test_wheels_in_a_folder_become_a_history(tmp_path: Path) -> None:
    """In the order of their numbers, with the dates of the entries in each."""
    some_wheels(tmp_path, {"1.9.0": "A", "1.10.0": "AB", "1.30.0": "AB", "1.31.0": "B"})

    done = ask(tmp_path)

    assert 0 == done.returncode, done.stderr
    history = read_history(SourceFile("x.history.yaml", done.stdout))
    assert [("1.9.0", "2020-01-05"), ("1.10.0", "2020-02-05"), ("1.31.0", "2020-04-05")]
    assert ["1.9.0", "1.10.0", "1.31.0"] == [
        step.release.version for step in history.steps
    ]
    assert ("2020-01-05", "2020-04-05") == _life(Past(history).places["A"])
    assert 4 == history.read


def test_some_releases_can_be_chosen(tmp_path: Path) -> None:
    """By a list or by a range."""
    some_wheels(tmp_path, {"1.9.0": "A", "1.10.0": "AB", "1.30.0": "ABC"})

    for asked, read in (("1.9.0,1.30.0", 2), ("1.10.0..", 2), ("1.10.0..1.20", 1)):
        done = ask(tmp_path, "--releases", asked)
        history = read_history(SourceFile("x.history.yaml", done.stdout))
        assert read == history.read


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / "botocore-1.9.0-py3-none-any.whl").write_bytes(b"x"),
         "cannot read"),
        (lambda folder: wheel(folder, "1.9.0", (2020, 1, 1), b"{nonsense"),
         "cannot read"),
        (lambda folder: wheel(folder, "1.9.0", (2020, 1, 1), b"[]"), "cannot read"),
        (lambda _: None, "contains no wheel"),
    ],
    ids=["no archive", "no JSON", "no model", "no wheel"],
)  # fmt: skip
def test_what_is_no_wheel_is_told(tmp_path: Path, change: Any, said: str) -> None:
    """With its name, and nothing is written."""
    change(tmp_path)

    done = ask(tmp_path)

    assert 2 == done.returncode
    assert "" == done.stdout
    assert said in done.stderr


def test_a_model_may_not_be_endless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What unpacks to more than a limit is refused before it is in memory."""
    monkeypatch.setattr(releases, "MAX_MODEL_BYTES", 100)
    path = wheel(tmp_path, "1.30.0", (2020, 1, 1), b" " * 10_000)

    with pytest.raises(releases.Unusable, match="larger than 100 bytes"):
        releases.WantedHistory("toy", "GetToy").point(path)


def test_an_operation_that_no_release_has_is_told(tmp_path: Path) -> None:
    """Its name may be wrong."""
    some_wheels(tmp_path, {"1.9.0": "A"})

    done = ask(tmp_path, operation="GetTin")

    assert 2 == done.returncode
    assert "none of 1 releases has GetTin of toy" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--releases", "x"), "expected 1.8.5,1.40.0 or 1.8.5..1.40.0"),
        (("--edition", "1"), "releases have dates of their own"),
        (("--evidence",), "--history writes neither"),
    ],
)
def test_wrong_use_is_told(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    """Before anything is read."""
    done = ask(tmp_path, *options)

    assert 2 == done.returncode
    assert said in done.stderr


# --- what documents do not say --------------------------------------------------------

SPEC = """\
shapespec: 1
package: toy
title: Toy
evidence: [old.yaml, new.yaml]
operations:
  GetToy: {output: Toy}
shapes:
  Toy:
    type: structure
    members: {A: Part, B: {target: string}}
  Part:
    type: structure
    members: {X: {target: string}, Kind: Kind}
  Kind:
    type: enum
    open: true
    values: [p, q, r]
"""


def evidence(edition: str, *facts: str) -> str:
    hashed = "0" * 64
    listed = "\n".join(f"  - {{{fact}}}" for fact in facts)
    return (
        f"source: {{id: s-{edition}, kind: paws, title: T, edition: '{edition}',"
        f" document: d, sha256: {hashed}}}\nfacts:\n{listed}\n"
    )


def provenance(old: str, new: str) -> Provenance:
    files = {"old.yaml": old, "new.yaml": new}
    schema = compile_spec(
        SourceFile("spec.yaml", SPEC), lambda name: SourceFile(name, files[name])
    )
    return Provenance(schema)


def test_a_page_that_goes_less_deep_says_nothing_of_what_is_deeper() -> None:
    """`A.X` was not added in 2022: the page of 2019 does not show what is in `A`."""
    found = provenance(
        evidence("2019", "path: A, kind: type, value: structure"),
        evidence(
            "2022",
            "path: A, kind: type, value: list()",
            "path: A.X, kind: type, value: string",
            "path: B, kind: type, value: string",
        ),
    )

    assert found.members["Part", "X"].since is None
    assert "2022" == found.members["Toy", "B"].since
    assert [(), ("B",)] == [edition.added for edition in found.timeline]


def test_a_list_in_prose_loses_no_values() -> None:
    """Prose names some values; what it leaves out has neither gone nor come later."""
    line = f"line: 1, line_hash: {'0' * 64}"
    found = provenance(
        evidence("2019", "path: A.Kind, kind: enum, value: [p, q]"),
        evidence("2022", f"path: A.Kind, kind: enum, value: [q], {line}"),
    )

    assert [(), ()] == [edition.changed for edition in found.timeline]
