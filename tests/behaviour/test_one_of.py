"""Values of one of several shapes: every output knows them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from shapespec.compiler import generate
from shapespec.contract.places import Tree
from shapespec.responses.contract import load_package
from shapespec.tools.observe.observer import Observer
from shapespec.tools.samples.sampler import Sampler
from tests.support import Generated, compile_text, run_shapespec

SPEC = """
shapespec: 1
package: shelter
roots: [Visit]
shapes:
  Visit:
    type: structure
    members:
      Size: {one_of: [string, integer, Box]}
      FirstPet: {target: Pet, required: true}
      Pets: {type: list, member: Pet}
      Owner: Owner
      When: {one_of: [timestamp, boolean]}
      Anything: Json
      Labels: {type: map, key: string, value: {one_of: [double, Colours]}}
      Picture: {one_of: [blob, Box]}
  Colours: {type: list, member: Colour}
  Colour: {type: enum, values: [red, blue]}
  Json: {one_of: [string, boolean, double, Items, Entries]}
  Items: {type: list, member: Json}
  Entries: {type: map, key: string, value: Json}
  Box: {type: structure, members: {Width: {type: integer, required: true}}}
  Pet: {doc: An animal., one_of: [Cat, Dog], discriminator: PetKind}
  Cat:
    type: structure
    members:
      PetKind: {target: CatKind, required: true}
      Lives: {type: integer, range: {max: 9}}
      Mother: Pet
    rules:
      cats-are-curious:
        cel: this.Lives != 1 || has(this.Mother)
        message: A cat with one life has a mother.
  CatKind: {type: enum, values: [cat, kitten]}
  Dog:
    type: structure
    members: {PetKind: string, DogName: {type: string, required: true}}
  Owner: {one_of: [Person, Company]}
  Person:
    type: structure
    members:
      FirstName: {type: string, required: true}
      LastName: {type: string, required: true}
  Company:
    type: structure
    members: {Name: {type: string, required: true}, FirstName: integer}
forms:
  wire:
    timestamps: {read: [epoch-seconds], write: epoch-seconds}
  hash:
    timestamps: {read: [iso-8601], write: iso-8601}
    keys: snake_case
"""
VISIT: dict[str, Any] = {
    "Size": {"Width": 3},
    "FirstPet": {
        "PetKind": "cat",
        "Lives": 9,
        "Mother": {"PetKind": "Dog", "DogName": "x"},
    },
    "Pets": [{"PetKind": "kitten", "Fur": True}, {"PetKind": "Dog", "DogName": "Rex"}],
    "Owner": {"FirstName": "A", "LastName": "B"},
    "When": True,
    "Anything": [1.5, "a", {"b": [True]}],
    "Labels": {"a": 1.5, "b": ["red"]},
    "Picture": {"Width": 1},
}
SNAKES: dict[str, Any] = {
    "size": {"width": 3},
    "first_pet": {
        "pet_kind": "cat",
        "lives": 9,
        "mother": {"pet_kind": "Dog", "dog_name": "x"},
    },
    "pets": [
        {"pet_kind": "kitten", "Fur": True},
        {"pet_kind": "Dog", "dog_name": "Rex"},
    ],
    "owner": {"first_name": "A", "last_name": "B"},
    "when": True,
    "anything": [1.5, "a", {"b": [True]}],
    "labels": {"a": 1.5, "b": ["red"]},
    "picture": {"width": 1},
}


@pytest.fixture(scope="module")
def shelter() -> Generated:
    return compile_text(SPEC, targets=("json-schema", "dataclasses", "strategies"))


def test_each_option_has_its_class(shelter: Generated) -> None:
    """Conversion picks the class by type, by tag, and by what is there."""
    package = shelter.package

    visit = package.Visit.from_response(VISIT)

    assert package.Box(width=3) == visit.size
    assert package.CatKind.CAT is visit.first_pet.pet_kind
    assert package.Dog(pet_kind="Dog", dog_name="x") == visit.first_pet.mother
    assert [package.Cat, package.Dog] == [type(one) for one in visit.pets]
    assert package.Person(first_name="A", last_name="B") == visit.owner
    assert (1.5, "a", {"b": (True,)}) == visit.anything
    assert {"a": 1.5, "b": (package.Colour.RED,)} == visit.labels
    assert VISIT == visit.to_response()


@pytest.mark.parametrize(
    ("given", "field", "expected"),
    [
        ({"Size": "large"}, "size", "large"),
        ({"Size": 4.0}, "size", 4),
        ({"When": False}, "when", False),
        ({"Picture": "aGk="}, "picture", b"hi"),
        ({"Picture": b"hi"}, "picture", b"hi"),
        ({"Anything": None}, "anything", None),
    ],
)
def test_scalars_are_read_as_their_option(
    shelter: Generated, given: dict[str, Any], field: str, expected: object
) -> None:
    """A scalar is what its own option makes of it."""
    response = {"FirstPet": {"PetKind": "cat"}, **given}

    visit = shelter.package.Visit.from_response(response)

    assert expected == getattr(visit, field)
    assert type(expected) is type(getattr(visit, field))


def test_a_moment_is_one_in_any_encoding(shelter: Generated) -> None:
    """A timestamp among the options is read and written as the form has it."""
    response = {"FirstPet": {"PetKind": "cat"}, "When": 1741944413}

    visit = shelter.package.Visit.from_response(response, form="wire")

    assert 2025 == visit.when.year
    assert response == visit.to_response(form="wire")
    assert "2025-03-14T09:26:53+00:00" == visit.to_response(form="hash")["when"]


def test_unknown_tags_are_kept() -> None:
    """An open choice keeps an object with another tag, as it is."""
    generated = compile_text(
        SPEC.replace("discriminator: PetKind", "discriminator: PetKind, open: true")
    )
    response = {"FirstPet": {"PetKind": "bird", "Wings": [2]}}

    findings = generated.package.validate(response)
    visit = generated.package.Visit.from_response(response)

    assert [("unknown-value", "warning")] == [
        (one.rule, one.severity) for one in findings
    ]
    assert {"PetKind": "bird", "Wings": [2]} == visit.first_pet
    assert response == visit.to_response()


def test_forms_spell_the_members_of_options(shelter: Generated) -> None:
    """The tag is found in the spelling of a form, and so are required members."""
    package = shelter.package

    assert [] == [
        one for one in package.validate(SNAKES, form="hash") if one.severity == "error"
    ]
    visit = package.Visit.from_response(SNAKES, form="hash")
    assert package.Visit.from_response(VISIT) == visit
    assert SNAKES == visit.to_response(form="hash")
    wrong = {
        "first_pet": {"pet_kind": "bird"},
        "pets": [{"pet_kind": "Dog"}],
        "owner": {"first_name": "A", "last_name": "B", "name": "C"},
    }
    assert [
        ("enum", "/first_pet/pet_kind"),
        ("required", "/pets/0/dog_name"),
        ("union", "/owner"),
    ] == [(one.rule, one.pointer) for one in package.validate(wrong, form="hash")]


def test_types_are_checked_strictly(shelter: Generated, tmp_path: Path) -> None:
    """Mypy narrows the union of a field by class."""
    for path, text in shelter.files.items():
        if path.endswith(".py") and "strategies" not in path:
            file = tmp_path / path.removeprefix("python/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
    use = tmp_path / "use.py"
    use.write_text(
        """
from shelter import Cat, Dog, Pet, Visit

def name(pet: Pet) -> str:
    if isinstance(pet, Cat):
        return str(pet.lives)
    return pet.dog_name

def size(visit: Visit) -> int:
    found = visit.size
    if found is None or isinstance(found, str):
        return 0
    return found if isinstance(found, int) else found.width
""",
        "utf-8",
    )

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--no-error-summary",
            "--cache-dir",
            str(tmp_path / "c"),
            "use.py",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "" == done.stdout


def test_samples_are_right_and_show_each_constraint(shelter: Generated) -> None:
    """Samples have every option; each constraint has one that breaks it alone."""
    sampler = Sampler(shelter.schema, shelter.package)

    drawn = [*sampler.valid("Visit", count=40, size="full")]
    broken = {one.constraint.id: one for one in sampler.invalid("Visit")}

    tags = {one["PetKind"] for visit in drawn for one in visit.get("Pets", ())}
    assert {"cat", "kitten", "Dog"} == tags
    assert {True, False} == {"Name" in one["Owner"] for one in drawn}
    for id_, pointer in {
        "FirstPet<Cat>.PetKind tag": "/FirstPet/PetKind",
        "FirstPet<Dog>.PetKind required": "/FirstPet/PetKind",
        "FirstPet<Dog>.DogName required": "/FirstPet/DogName",
        "Pets[]<Cat>.Lives maximum": "/Pets/0/Lives",
        "Owner one_of": "/Owner",
        "Size type": "/Size",
        "Size<Box>.Width required": "/Size/Width",
        "FirstPet<Cat> cats-are-curious": "/FirstPet",
    }.items():
        assert (pointer, ()) == (broken[id_].pointer, broken[id_].entails), id_


def test_strategies_draw_every_option(shelter: Generated) -> None:
    """What Hypothesis draws is right."""
    strategies = __import__(f"{shelter.package.__name__}.strategies", fromlist=["x"])
    seen: set[str] = set()

    @settings(
        max_examples=60,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategies.visits())
    def draw(visit: dict[str, Any]) -> None:
        assert [] == [
            one for one in shelter.package.validate(visit) if one.severity != "note"
        ]
        seen.add(visit["FirstPet"]["PetKind"])

    draw()

    assert {"cat", "kitten", "Dog"} == seen


def test_places_name_the_option(shelter: Generated) -> None:
    """Paths lead through an option by its name."""
    paths = {one.path for one in _places(shelter)}

    assert {
        "Pets[]<Cat>.Lives",
        "Size<Box>.Width",
        "Size<string>",
        "Owner<Company>.Name",
    } <= paths


def _places(generated: Generated) -> list[Any]:
    return [*Tree(generated.schema).places.values()]


def test_other_outputs(shelter: Generated) -> None:
    """TypeScript, SQL, the reference and the site speak of options."""
    files = {
        one.path: one.text
        for one in generate(
            shelter.schema, ("typescript", "sql", "docs", "site"), layout=False
        )
    }
    typescript = next(text for path, text in files.items() if path.endswith(".ts"))
    page = files["docs/shelter/Pet.md"]

    assert 'type Pet = Cat | (Dog & { PetKind: "Dog" });' in typescript
    assert "Size?: string | number | Box | null;" in typescript
    assert "- [Cat](Cat.md): `PetKind` is `cat` or `kitten`" in page
    assert (
        "- [Person](Person.md): it has `FirstName` and `LastName`"
        in files["docs/shelter/Owner.md"]
    )
    assert any(
        '"size" json' in text for path, text in files.items() if path.endswith(".sql")
    )
    assert any(
        "one of several" in text for path, text in files.items() if "site" in path
    )


def test_json_schema_names_the_tags(shelter: Generated) -> None:
    """A tagged choice is `oneOf` with constants, and the annotation of OpenAPI."""
    pet = shelter.json_schema("Visit")["$defs"]["Pet"]

    assert {
        "propertyName": "PetKind",
        "mapping": {
            "cat": "#/$defs/Cat",
            "kitten": "#/$defs/Cat",
            "Dog": "#/$defs/Dog",
        },
    } == pet["discriminator"]
    assert {"const": "Dog"} == pet["oneOf"][1]["properties"]["PetKind"]


def test_observing_looks_into_options(shelter: Generated) -> None:
    """Members that an option lacks are counted at their place."""
    observer = Observer(shelter.schema, shelter.package, shape="Visit")
    observer.observe(VISIT, json.dumps(VISIT))

    news = [one.path for one in observer.result().members if one.total.present]

    assert ["Pets[]<Cat>.Fur"] == news


def test_deep_and_circular_values_end(shelter: Generated) -> None:
    """No depth and no circle exhausts the stack."""
    deep: Any = 1.0
    for _ in range(20_000):
        deep = [deep]
    circle: list[Any] = []
    circle.append(circle)
    base = {"FirstPet": {"PetKind": "cat"}}
    package = shelter.package

    assert package.is_valid({**base, "Anything": deep})
    assert ["type"] == [
        one.rule for one in package.validate({**base, "Anything": circle})
    ]


def test_validate_as_a_user_does(tmp_path: Path) -> None:
    """A choice can be a root, and the command finds its options."""
    (tmp_path / "spec.yaml").write_text(SPEC, "utf-8")
    (tmp_path / "pet.json").write_text(json.dumps({"PetKind": "kitten", "Lives": 10}))

    done = run_shapespec(
        "validate",
        tmp_path / "pet.json",
        "--spec",
        tmp_path / "spec.yaml",
        "--shape",
        "Pet",
    )

    assert 1 == done.returncode
    assert "error[range] /Lives" in done.stdout


def test_pydantic_models_have_the_union(shelter: Generated) -> None:
    """A model for pydantic takes each option, and refuses what is none of them."""
    pytest.importorskip("datamodel_code_generator", reason="the extra `models`")
    files = {one.path: one.text for one in generate(shelter.schema, ("pydantic",))}
    module = load_package("_shelter_models", {"__init__": files[_MODELS]})

    visit = module.Visit.model_validate_json(json.dumps(VISIT))

    assert (3, 9) == (visit.size.width, visit.first_pet.lives)
    assert ["Cat", "Dog"] == [type(one).__name__ for one in visit.pets]
    with pytest.raises(ValueError, match="Size"):
        module.Visit.model_validate_json(json.dumps({**VISIT, "Size": []}))


_MODELS = "python/shelter_pydantic.py"


def test_a_constant_with_quotes_is_an_option() -> None:
    """What options are is written as one text, whatever quotes are in it."""
    package = compile_text(
        """
shapespec: 1
package: library
shapes:
  Loan: {type: structure, members: {Class: Class}}
  Class: {one_of: [{type: string, const: "a\\"b'c"}, integer]}
"""
    ).package

    assert "a\"b'c" == package.Loan.from_response({"Class": "a\"b'c"}).class_
    assert not package.is_valid({"Class": "a"})


@pytest.mark.parametrize("response", [{}, "a", 1, []])
def test_a_choice_without_a_name_cannot_be_asked_for(response: object) -> None:
    """What the table calls it is no name, whatever the response is."""
    package = compile_text(
        "shapespec: 1\npackage: p\nshapes:\n"
        "  Root: {type: structure, members: {A: {one_of: [string, Root]}}}\n"
    ).package

    for ask in (package.validate, package.is_valid):
        with pytest.raises(ValueError, match=r"no shape is called 'Root\$A'"):
            ask(response, shape="Root$A")
