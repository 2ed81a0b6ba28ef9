"""What an object without its tag is."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from shapespec.compiler import compile_spec
from shapespec.diagnostics.model import Faults
from shapespec.drafts import finish
from shapespec.ground.source import SourceFile
from shapespec.importers.json_schema.spec import draft
from tests.support import compile_text
from tests.support.import_cases import json_file

MEDIA = """
shapespec: 1
package: media
shapes:
  Shelf: {type: structure, members: {media: {type: list, member: Medium}}}
  Medium:
    one_of: [Book, Film, string]
    discriminator: kind
    mapping: {book: Book, film: Film}
    otherwise: Book
  Book:
    type: structure
    members: {kind: string, pages: {target: integer, required: true}}
  Film: {type: structure, closed: true, members: {kind: string, minutes: integer}}
"""

VALUES: tuple[tuple[Any, bool], ...] = (
    ({"kind": "book", "pages": 1}, True),
    ({"kind": "film", "minutes": 1}, True),
    ({"pages": 1}, True),
    ({"kind": None, "pages": 1}, True),
    ("Walden", True),
    ({"minutes": 1}, False),
    ({"kind": "game", "pages": 1}, False),
    ({"kind": 7, "pages": 1}, False),
    ({}, False),
)


@pytest.mark.parametrize(("value", "right"), VALUES, ids=str)
def test_an_object_without_a_tag_is_the_option_named(
    value: Any, *, right: bool
) -> None:
    """All that judges says the same of it."""
    made = compile_text(MEDIA, targets=("validators", "dataclasses", "json-schema"))
    shelf = {"media": [value]}
    errors = [one for one in made.package.validate(shelf) if one.severity == "error"]

    assert made.package.is_valid(shelf) is right
    assert (not errors) is right
    document = made.json_schema("Shelf")
    assert jsonschema.Draft202012Validator(document).is_valid(shelf) is right


def test_it_is_read_as_that_class() -> None:
    """The dataclass is the one of the option."""
    package = compile_text(MEDIA, targets=("validators", "dataclasses")).package
    shelf = package.Shelf.from_response({"media": [{"pages": 3}, {"kind": "film"}]})

    assert [type(one).__name__ for one in shelf.media] == ["Book", "Film"]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("otherwise: Book", "otherwise: Game", "unknown-option"),
        ("    discriminator: kind\n    mapping: {book: Book, film: Film}\n", "", None),
    ],
)
def test_what_it_names_is_an_option(old: str, new: str, rule: str | None) -> None:
    """`otherwise` needs a discriminator, and an option."""
    with pytest.raises(Faults) as raised:
        compile_spec(SourceFile("spec.yaml", MEDIA.replace(old, new)))

    assert raised.value.diagnostics[0].rule == (rule or "missing-key")


def _resource(name: str, *, needs: bool, **members: Any) -> Any:
    return {
        "type": "object",
        "properties": {"resourceType": {"const": name}, **members},
        "additionalProperties": False,
        **({"required": ["resourceType"]} if needs else {}),
    }


@pytest.mark.parametrize("word", ["oneOf", "anyOf"])
@pytest.mark.parametrize("needs", [(), ("Patient",), ("Patient", "Device")])
def test_imported_options_with_an_optional_tag(
    word: str, needs: tuple[str, ...]
) -> None:
    """Options are classes, and verdicts are those of the schema, tag or none."""
    person = {"active": {"type": "boolean"}, "birth": {"type": "string"}}
    schema = {
        "$schema": "http://json-schema.org/draft-06/schema#",
        word: [
            {"$ref": f"#/definitions/{one}"} for one in ("Patient", "Device", "Bag")
        ],
        "definitions": {
            "Patient": _resource("Patient", needs="Patient" in needs, **person),
            "Device": _resource(
                "Device", needs="Device" in needs, active={"type": "boolean"}
            ),
            "Bag": {
                "type": "object",
                "properties": {"bag": {"type": "integer"}},
                "additionalProperties": False,
            },
        },
    }
    made = finish(draft(json_file(schema, "care.json")))
    package = compile_text(made.text, targets=("validators",)).package
    judge = jsonschema.Draft6Validator(schema)
    values: list[Any] = [
        {"resourceType": "Patient", "active": True},
        {"resourceType": "Patient", "active": "no"},
        {"resourceType": "Patient", "bag": 1},
        {"resourceType": "Bag"},
        {"resourceType": None},
        {"birth": "1974"},
        {"birth": 1974},
        {"active": True},
        {"bag": 1},
        {"bag": "1"},
        {},
    ]

    assert "  Patient:\n    type: structure" in made.text
    assert not made.notes
    for value in values:
        assert package.is_valid(value) == judge.is_valid(value), value


def test_a_member_that_no_option_may_have_is_no_tag() -> None:
    """A property that is `false` has no values that could tell options apart."""
    never = {"additionalProperties": False}
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "oneOf": [
            {"properties": {**never, "value": {}}, "required": ["key", "value"]},
            {"properties": {**never, "env": {}}, "required": ["key", "env"]},
        ],
    }
    made = finish(draft(json_file(schema, "args.json")))
    package = compile_text(made.text, targets=("validators",)).package

    assert package.is_valid({"key": 1, "value": 2})
    assert not package.is_valid({"key": 1})
