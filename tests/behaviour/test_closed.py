"""Closed structures and unions: an unknown member is an error, in every output."""

from __future__ import annotations

import jsonschema

from shapespec.drafts import finish
from shapespec.drafts.model import Draft, Member, Shape
from shapespec.tools.samples.sampler import Sampler
from tests.support import compile_text

SPEC = """
shapespec: 1
package: library
roots: [Book]
shapes:
  Book: {type: structure, closed: true, members: {Title: string, Medium: Medium}}
  Medium: {type: union, closed: true, members: {Pages: integer, Minutes: integer}}
forms:
  sdk:
    timestamps: {read: [iso-8601], write: iso-8601}
    extra_members: [Metadata]
  hash:
    timestamps: {read: [iso-8601], write: iso-8601}
    keys: snake_case
"""


def test_what_a_form_adds_is_known() -> None:
    """It is beside the members of the root, and nowhere else; JSON Schema agrees."""
    generated = compile_text(SPEC)
    package = generated.package
    peer = jsonschema.Draft202012Validator(generated.json_schema("Book"))

    for value, right in (
        ({"Title": "x", "Metadata": {}}, True),
        ({"Title": "x", "Metadata": {}, "More": 1}, False),
        ({"Medium": {"Pages": 1, "Metadata": {}}}, False),
    ):
        assert right == package.is_valid(value)
        assert right == peer.is_valid(value)
        assert right == (not package.validate(value))


def test_a_rule_about_other_members_lets_none_in() -> None:
    """What is closed has no others, whatever a rule says of them."""
    text = """
shapespec: 1
package: library
roots: [Book]
shapes:
  Book:
    type: structure
    closed: true
    members: {Title: string}
    rules:
      others: {cel: "conforms(others(this), 'Rest')", message: These are texts.}
  Rest: {type: map, key: string, value: string}
"""
    package = compile_text(text).package

    assert ["unknown-member"] == [one.rule for one in package.validate({"More": "x"})]
    assert not package.is_valid({"More": "x"})
    assert package.is_valid({"Title": "x"})


def test_any_spelling_is_closed() -> None:
    """A form that respells members has no others either."""
    package = compile_text(SPEC).package

    assert package.is_valid({"title": "x"}, form="hash")
    found = package.validate({"title": "x", "Title": "y"}, form="hash")
    assert [("unknown-member", "error", "/Title")] == [
        (one.rule, one.severity, one.pointer) for one in found
    ]


def test_a_secret_name_stays_secret() -> None:
    """Below something sensitive, the error does not name the member."""
    spec = SPEC.replace("Title: string", "Title: string, Card: Card") + (
        "\nsamples: {}\n"
    )
    spec = spec.replace(
        "  Medium: {type: union",
        "  Card: {type: structure, sensitive: true, closed: true, members: {}}\n"
        "  Medium: {type: union",
    )
    package = compile_text(spec).package

    (found,) = package.validate({"Card": {"4111": 1}})

    assert ("unknown-member", "error") == (found.rule, found.severity)
    assert "4111" not in str(found)


def test_references_and_types_say_so() -> None:
    """Docstrings, the reference and TypeScript have a sentence for it."""
    said = "There are no other members: an unknown one is an error."
    files = compile_text(SPEC, targets=("dataclasses", "docs", "typescript")).files

    for path in ("docs/library/Book.md", "python/library/models.py"):
        assert said in files[path]
    (types,) = (text for path, text in files.items() if path.endswith(".ts"))
    assert 2 == types.count(said)


def test_a_sample_breaks_it() -> None:
    """A member is added, which is an error there."""
    sampler = Sampler(compile_text(SPEC).schema)

    broken = [
        one
        for one in sampler.invalid("Book")
        if one.constraint.keyword == "unknown-member"
    ]

    assert ["/UnknownMember", "/Medium/UnknownMember"] == [
        one.pointer for one in broken
    ]
    assert {"error"} == {one.constraint.severity for one in broken}


def test_a_draft_can_say_it() -> None:
    """Importers say it of a structure, and of the whole."""
    members = (Member(name="a", target=Shape(type="string")),)
    draft = Draft(
        command="test",
        origin=("nowhere",),
        package="library",
        title=None,
        shapes={
            "Book": Shape(type="structure", members=members),
            "Part": Shape(type="structure", members=members, closed=False),
        },
        roots=("Book", "Part"),
        closed=True,
    )

    shapes = compile_text(finish(draft).text, targets=()).schema.shapes

    closed = {name: getattr(shapes[name], "closed", None) for name in ("Book", "Part")}
    assert {"Book": True, "Part": False} == closed
