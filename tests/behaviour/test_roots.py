"""Responses that are no objects, and operations with an output for each status."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from shapespec.compiler import generate
from shapespec.contract.answers import answer, find_operation
from shapespec.contract.places import walk
from shapespec.ground.errors import Unusable
from shapespec.tools.samples.sampler import Sampler
from tests.support import Generated, compile_text, run_shapespec
from tests.support.checks import checks_of

SPEC = """
shapespec: 1
package: shelter
operations:
  ListPets: {outputs: {200: Pets, 404: Missing, 5XX: Text, default: Problem}}
roots: [ByName, Count, Answer]
shapes:
  Pets: {type: list, member: Pet, length: {min: 1, max: 3}}
  Pet: {type: structure, members: {PetName: {type: string, required: true}}}
  Missing: {type: structure, members: {Message: string}}
  Problem: {type: structure, members: {Code: integer}}
  Text: {type: string, length: {min: 1}}
  ByName: {type: map, key: string, value: Pet}
  Count: {type: integer, range: {min: 0}}
  Answer: {one_of: [Pet, string]}
forms:
  wire:
    timestamps: {read: [epoch-seconds], write: epoch-seconds}
  hash:
    timestamps: {read: [iso-8601], write: iso-8601}
    keys: snake_case
"""


@pytest.fixture(scope="module")
def shelter() -> Generated:
    return compile_text(SPEC, targets=("json-schema", "dataclasses", "strategies"))


@pytest.mark.parametrize(
    ("shape", "right", "wrong", "finding"),
    [
        ("Pets", [{"PetName": "a"}], [{}], ("required", "/0/PetName")),
        ("Pets", [{"PetName": "a"}], [], ("length", "")),
        ("ByName", {"x": {"PetName": "a"}}, {"x": 1}, ("type", "/x")),
        ("Count", 3, -1, ("range", "")),
        ("Text", "a", "", ("length", "")),
        ("Answer", "a", {"PetName": 1}, ("type", "/PetName")),
    ],
)
def test_any_shape_can_be_a_root(
    shelter: Generated, shape: str, right: Any, wrong: Any, finding: tuple[str, str]
) -> None:
    """A root is decided by straight-line code, and its schema says the same."""
    package = shelter.package
    fast, clean = checks_of(package, shape)

    assert (True, True) == (fast(right), clean(right))
    assert package.is_valid(right, shape=shape)
    assert not package.is_valid(wrong, shape=shape)
    assert [finding] == [
        (one.rule, one.pointer) for one in package.validate(wrong, shape=shape)
    ]
    schema = shelter.json_schema(shape)
    assert f"#/$defs/{shape}" == schema["$ref"]


def test_roots_are_read_and_written(shelter: Generated) -> None:
    """The package reads roots without a class by name."""
    package = shelter.package
    pet = package.Pet(pet_name="a")

    assert (pet,) == package.from_response([{"PetName": "a"}])
    assert {"x": pet} == package.from_response({"x": {"PetName": "a"}}, shape="ByName")
    assert pet == package.from_response({"PetName": "a"}, shape="Answer")
    assert 4 == package.from_response(4.0, shape="Count")
    assert [{"PetName": "a"}] == package.to_response((pet,))
    assert [{"pet_name": "a"}] == package.to_response((pet,), form="hash")
    assert (pet,) == package.from_response([{"pet_name": "a"}], form="hash")
    with pytest.raises(package.InvalidResponse):
        package.from_response([])
    with pytest.raises(ValueError, match="no root is called 'Pest'"):
        package.from_response([], shape="Pest")


def test_each_status_has_its_output(shelter: Generated) -> None:
    """A status means its own shape, that of its class, or the default."""
    operation = find_operation(shelter.schema, "ListPets")

    found = {
        one: answer(operation, one) for one in (None, "200", "404", "503", "418", "302")
    }

    assert "Pets" == operation.output
    assert ("Missing", "Text", "Problem") == operation.errors
    assert {
        None: "Pets",
        "200": "Pets",
        "404": "Missing",
        "503": "Text",
        "418": "Problem",
        "302": "Problem",
    } == found
    with pytest.raises(Unusable, match="no operation is called 'Get'"):
        find_operation(shelter.schema, "Get")


def test_a_status_without_output_is_said() -> None:
    """Where nothing is said of a status, what is said is listed."""
    schema = compile_text(
        SPEC.replace(", 5XX: Text, default: Problem", "").replace(
            "roots: [", "roots: [Text, Problem, "
        )
    ).schema

    with pytest.raises(Unusable, match="no output for status 418; it has: 200, 404"):
        answer(find_operation(schema, "ListPets"), "418")


def test_the_first_success_is_the_output() -> None:
    """The lowest status comes first, then `2XX`, then the default."""
    for outputs, first in {
        "{201: Pet, 200: Pets}": "Pets",
        "{2XX: Pet, 404: Pets}": "Pet",
        "{default: Pets, 404: Pet}": "Pets",
    }.items():
        text = (
            "shapespec: 1\npackage: p\noperations:\n"
            f"  Get: {{outputs: {outputs}}}\nshapes:\n"
            "  Pets: {type: list, member: Pet}\n"
            "  Pet: {type: structure, members: {}}\n"
        )
        assert first == compile_text(text).schema.operations[0].output


def test_samples_of_roots(shelter: Generated) -> None:
    """Samples are lists, maps and numbers, and show each constraint."""
    sampler = Sampler(shelter.schema, shelter.package)

    for root in ("Pets", "ByName", "Count", "Text", "Answer"):
        for one in sampler.valid(root, count=5):
            assert shelter.package.is_valid(one, shape=root, strict=True)
    broken = {one.constraint.id: one.pointer for one in sampler.invalid("Pets")}
    kept = {one.constraint.id: one.response for one in sampler.boundary("Pets")}
    assert {"(response) maxItems": "", "[].PetName required": "/0/PetName"}.items() <= (
        broken.items()
    )
    assert 3 == len(kept["(response) maxItems"])
    assert ["", "[]", "[].PetName"] == [
        one.path for one in walk(shelter.schema, "Pets")
    ]


def test_strategies_of_roots(shelter: Generated) -> None:
    """What Hypothesis draws of a root is right."""
    strategies = import_module(f"{shelter.package.__name__}.strategies")

    @settings(
        max_examples=30,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategies.list_pets_responses())
    def draw(pets: Any) -> None:
        assert [] == shelter.package.validate(pets, shape="Pets")

    draw()


def test_other_outputs(shelter: Generated) -> None:
    """The reference, TypeScript, tables and the site describe such roots."""
    targets = ("docs", "typescript", "sql", "site")
    files = {one.path: one.text for one in generate(shelter.schema, targets)}

    page = files["docs/shelter/ListPets.md"]
    pets = "[Pets](Pets.md), a list of [Pet](Pet.md)"
    assert f"The response is {pets}." in page
    assert "- [Missing](Missing.md)" in page
    assert f"`200`: {pets} (1 to 3 items); `404`: [Missing]" in page
    assert "`[].PetName`" in files["docs/shelter/Pet.md"]
    typescript = next(text for path, text in files.items() if path.endswith(".ts"))
    assert 'ListPets: { output: Pets; outputs: { "200": Pets; "404"' in typescript


def test_validate_a_list(tmp_path: Path) -> None:
    """The command validates a list as the output of the only operation."""
    (tmp_path / "spec.yaml").write_text(SPEC, "utf-8")
    (tmp_path / "pets.json").write_text(json.dumps([{"PetName": "a"}, {}]), "utf-8")

    done = run_shapespec(
        "validate", tmp_path / "pets.json", "--spec", tmp_path / "spec.yaml"
    )

    assert "error[required] /1/PetName" in done.stdout


@pytest.mark.parametrize(
    ("options", "response", "code", "said"),
    [
        ((), [{"PetName": "a"}], 0, "pets.json:1: valid"),
        (("--status", "404"), {"Message": 1}, 1, "error[type] /Message"),
        (("--operation", "ListPets", "--status", "503"), "", 1, "error[length]"),
        (("--status", "418"), {"Code": 1}, 0, "pets.json:1: valid"),
        (("--operation", "Get"), {}, 2, "no operation is called 'Get'"),
    ],
)
def test_a_status_picks_the_shape(
    tmp_path: Path, options: tuple[str, ...], response: Any, code: int, said: str
) -> None:
    """`--operation` and `--status` say which output a response is."""
    (tmp_path / "spec.yaml").write_text(SPEC, "utf-8")
    (tmp_path / "pets.json").write_text(json.dumps(response), "utf-8")

    done = run_shapespec(
        "validate", "pets.json", "--spec", "spec.yaml", *options, cwd=tmp_path
    )

    assert code == done.returncode
    assert said in done.stdout + done.stderr
