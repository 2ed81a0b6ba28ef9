"""Schemas of OpenAPI that others extend become tagged unions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shapespec.contract import schema as ir
from shapespec.drafts import finish
from shapespec.importers.openapi import spec
from shapespec.importers.openapi.description import read_description
from tests.support import compile_text

FAMILY = """\
openapi: 3.1.0
info: {title: Zoo, version: '1'}
paths: {}
components:
  schemas:
    Keeper:
      type: object
      properties:
        pet: {$ref: '#/components/schemas/Pet'}
        wrapped: {allOf: [{$ref: '#/components/schemas/Pet'}]}
    Pet:
      type: object
      required: [kind]
      properties:
        kind: {type: string}
        name: {type: string, minLength: 2}
        friend: {$ref: '#/components/schemas/Pet'}
      discriminator:
        propertyName: kind
        mapping: {dog: Dog, puppy: '#/components/schemas/Puppy'}
    Cat:
      allOf:
        - {$ref: '#/components/schemas/Pet'}
        - required: [lives]
          properties: {lives: {maximum: 9, type: integer}}
    Dog:
      allOf: [{$ref: '#/components/schemas/Pet'}]
      properties: {bark: {type: string}}
    Puppy:
      allOf: [{$ref: '#/components/schemas/Dog'}]
      properties: {age: {type: integer, maximum: 1}}
"""


@pytest.mark.parametrize("member", ["pet", "wrapped"])
@pytest.mark.parametrize(
    ("value", "rules"),
    [
        ({"kind": "Cat", "lives": 9}, []),
        ({"kind": "Cat", "lives": 10}, ["range"]),
        ({"kind": "Cat"}, ["required"]),
        ({"kind": "dog", "bark": 1}, ["type"]),
        ({"kind": "puppy", "bark": 1, "age": 2}, ["range", "type"]),
        ({"kind": "Pet", "name": "x"}, ["length"]),
        ({"kind": "zebra", "stripes": 3}, ["unknown-value"]),
        ({"name": "xx"}, ["required"]),
        ({"kind": "Pet", "friend": {"kind": "Cat"}}, ["required"]),
    ],
)
def test_a_base_is_what_extends_it(
    tmp_path: Path, member: str, value: Any, rules: list[str]
) -> None:
    """What is described as a base is checked as the schema that its tag names."""
    file = tmp_path / "zoo.yaml"
    file.write_text(FAMILY, "utf-8")
    made = finish(spec.draft(read_description(file)))
    package = compile_text(made.text).package

    found = package.validate({member: value}, shape="Keeper")

    assert () == made.notes
    assert rules == [one.rule for one in found]


def test_those_that_extend_keep_their_names(tmp_path: Path) -> None:
    """They and the choice have the names of the description; the base has another."""
    file = tmp_path / "zoo.yaml"
    file.write_text(FAMILY, "utf-8")
    shapes = compile_text(finish(spec.draft(read_description(file))).text).schema.shapes

    pet = shapes["Pet"]
    assert isinstance(pet, ir.OneOf)
    assert pet.open
    assert ["Cat", "PetDog", "Puppy", "PetBase"] == [one.target for one in pet.options]
    assert {"Dog", "Cat", "Puppy", "Keeper"} <= {*shapes}
