"""Null in the place of a member: as good as absent, a value, or invalid."""

from __future__ import annotations

from importlib import import_module
from typing import Any, get_type_hints

import pytest
from hypothesis import HealthCheck, find, settings

from shapespec.contract.schema import Structure
from shapespec.drafts import finish
from shapespec.drafts.model import Draft, Member, Shape
from shapespec.tools.diff.compare import compare
from shapespec.tools.diff.spec_side import spec_side
from shapespec.tools.samples.sampler import Sampler
from tests.support import compile_text, walked

SPEC = """
shapespec: 1
package: library
roots: [Book]
shapes:
  Book:
    type: structure
    members:
      Title: {target: string, required: true}
      Lender: {target: string, required: true, nullable: true}
      Lent: {target: timestamp, required: true, nullable: true}
      Parts: {type: list, member: Part, required: true, nullable: true}
      Shelf: {target: string, nullable: false}
  Part: {type: structure, members: {Name: string}}
"""

NULLS = {"Title": "x", "Lender": None, "Lent": None, "Parts": None}


def test_a_class_holds_null_and_writes_it() -> None:
    """The field has to be given, and `None` comes back as null."""
    package = compile_text(SPEC).package

    made = package.Book.from_response(NULLS)

    assert NULLS == made.to_response()
    assert made == package.Book(title="x", lender=None, lent=None, parts=None)
    hints = get_type_hints(
        package.Book, vars(import_module(f"{package.__name__}.models"))
    )
    assert str | None == hints["lender"]
    assert str is hints["title"]
    with pytest.raises(TypeError, match="lender"):
        package.Book(title="x", lent=None, parts=None)


def test_a_class_holds_the_value_too() -> None:
    """What is there is read and written as any other member."""
    package = compile_text(SPEC).package
    full = NULLS | {"Lender": "ada", "Parts": [{"Name": "a"}]}

    made = package.Book.from_response(full)

    assert (package.Part(name="a"),) == made.parts
    assert full == made.to_response()


def test_types_tell_null_from_absence() -> None:
    """TypeScript has a key for each: what may be left out, and what may be null."""
    (text,) = compile_text(SPEC, targets=("typescript",)).files.values()

    assert "  Title: string;" in text
    assert "  Lender: string | null;" in text
    assert "  Shelf?: string;" in text


def test_a_column_can_be_null() -> None:
    """A table has no other way to hold what is there and null."""
    spec = f"""{SPEC}
forms:
  row: {{timestamps: {{read: [iso-8601], write: iso-8601}}, columns: [json]}}
"""
    files = compile_text(spec, targets=("sql",)).files

    for table in files.values():
        lines = {
            line.split()[0].strip('"'): line for line in table.splitlines() if line
        }
        assert "NOT NULL" in lines["Title"]
        assert "NOT NULL" not in lines["Lender"]


def test_the_reference_says_so() -> None:
    """Each member that differs from the usual has a line about null."""
    files = compile_text(SPEC, targets=("docs",)).files
    page = files["docs/library/Book.md"]

    assert page.count("- **Null:** a valid value") == 3
    assert page.count("- **Null:** not valid") == 1


def test_null_is_drawn() -> None:
    """Strategies and samples have it, for it is not the same as nothing."""
    package = compile_text(SPEC, targets=("strategies",)).package
    books = import_module(f"{package.__name__}.strategies").books

    found = find(
        books(),
        lambda book: book["Lender"] is None,
        settings=settings(derandomize=True, suppress_health_check=list(HealthCheck)),
    )

    assert "Lender" in found
    assert package.is_valid(found, strict=True)
    samples = [*Sampler(compile_text(SPEC).schema).valid("Book", count=60)]
    assert {None} < {type(one) if (one := book["Lender"]) else one for book in samples}


def test_a_sample_breaks_it() -> None:
    """Where null is not valid, a sample shows it, and the finding that it has."""
    sampler = Sampler(compile_text(SPEC).schema)

    broken = [
        one for one in sampler.invalid("Book") if one.constraint.keyword == "nullable"
    ]

    assert ["/Shelf"] == [one.pointer for one in broken]
    assert ["type"] == [one.constraint.rule for one in broken]


def changes(old: str, new: str) -> list[tuple[str, str]]:
    sides = [
        spec_side(compile_text(text, targets=()).schema, name)
        for text, name in ((old, "a"), (new, "b"))
    ]
    return [(one.finding.what, one.finding.path) for one in compare(*sides).changes]


def test_what_required_explains_is_told_once() -> None:
    """A member that need not be there may be null, too: that is no second change."""
    optional = SPEC.replace("Title: {target: string, required: true}", "Title: string")

    assert [("required-removed", "Title")] == changes(SPEC, optional)


def test_the_choice_of_a_spec_is_told_at_each_member() -> None:
    """`nulls` changes what is right for members that do not say it themselves."""
    strict = SPEC.replace("roots:", "nulls: invalid\nroots:")

    assert [("null-forbidden", "Parts[].Name")] == changes(SPEC, strict)


def test_a_draft_can_say_it() -> None:
    """Importers say it of a member, and of the whole."""
    members = (
        Member(name="a", target=Shape(type="string"), required=True, nullable=True),
        Member(name="b", target=Shape(type="string")),
    )
    draft = Draft(
        command="test",
        origin=("nowhere",),
        package="library",
        title=None,
        shapes={"Book": Shape(type="structure", members=members)},
        roots=("Book",),
        nulls="invalid",
    )

    text = finish(draft).text
    book: Any = compile_text(text, targets=()).schema.shapes["Book"]

    assert isinstance(book, Structure)
    assert ["value", "invalid"] == [one.null for one in book.members]


@pytest.mark.parametrize("values", ["const: null", "values: [null, 1]"])
@pytest.mark.parametrize(
    ("member", "rules"),
    [
        ("required: true", {"{}": ["required"], "null": ["required"]}),
        ("nullable: false", {"{}": [], "null": ["type"]}),
        ("required: true, nullable: false", {"{}": ["required"], "null": ["type"]}),
        ("required: true, nullable: true", {"{}": ["required"], "null": []}),
        ("required: false", {"{}": [], "null": []}),
    ],
)
def test_a_member_says_whether_it_is_null_and_not_its_values(
    values: str, member: str, rules: dict[str, list[str]]
) -> None:
    """A document that has null among its values may still not be null in a member."""
    package = compile_text(
        f"""
shapespec: 1
package: library
shapes:
  Root: {{type: structure, members: {{Note: {{target: Note, {member}}}}}}}
  Note: {{type: document, {values}}}
"""
    ).package

    for response, name in (({}, "{}"), ({"Note": None}, "null")):
        assert rules[name] == [one.rule for one in package.validate(response)]
        assert package.is_valid(response) is (rules[name] == [])
        assert walked(package, response) == package.validate(response)
