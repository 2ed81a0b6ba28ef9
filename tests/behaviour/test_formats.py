"""Formats of strings, in every output."""

from __future__ import annotations

import pytest

from shapespec.contract.formats import FORMATS
from shapespec.drafts import finish
from shapespec.drafts.model import Draft, Member, Shape
from shapespec.language import surface
from shapespec.tools.samples.sampler import Sampler
from tests.support import compile_text

MEMBERS = "".join(
    f"      {name}: {{type: string, format: {name}, required: true}}\n"
    for name in FORMATS
)
SPEC = f"""\
shapespec: 1
package: library
shapes:
  Root:
    type: structure
    members:
{MEMBERS}"""
ROW = """\
forms:
  row: {timestamps: {read: [iso-8601], write: iso-8601}, columns: [json]}
"""


def test_the_language_knows_them_all() -> None:
    """The grammar lists the formats that the contract defines."""
    assert surface.FORMATS == tuple(FORMATS)


def test_json_schema_has_the_name_and_the_pattern() -> None:
    """The one annotates, the other asserts; with `annotate` there is the one."""
    members = compile_text(SPEC).json_schema("Root")["$defs"]["Root"]["properties"]
    noted = compile_text(SPEC.replace("shapes:", "formats: annotate\nshapes:", 1))
    others = noted.json_schema("Root")["$defs"]["Root"]["properties"]

    for name in FORMATS:
        assert name == members[name]["format"] == others[name]["format"]
        assert "pattern" in members[name]
        assert "pattern" not in others[name]


def test_a_pattern_stays_beside_a_format() -> None:
    """Both are asserted."""
    spec = SPEC.replace("format: date,", "format: date, pattern: '20.*',")
    document = compile_text(spec).json_schema("Root")["$defs"]["Root"]

    found = document["properties"]["date"]
    assert "20" in found["pattern"]
    assert "02-29" in found["allOf"][0]["pattern"]


def test_samples_have_them_and_break_them() -> None:
    """Each is shown kept and broken."""
    generated = compile_text(SPEC)
    sampler = Sampler(generated.schema)

    for response in sampler.valid("Root", count=8):
        assert generated.package.is_valid(response, strict=True)
    broken = {
        one.pointer.removeprefix("/")
        for one in sampler.invalid("Root")
        if one.constraint.keyword == "format"
    }
    assert set(FORMATS) == broken


def test_a_sample_keeps_to_a_length_that_no_example_has() -> None:
    """A string is made for it."""
    spec = SPEC.replace(
        "format: hostname,", "format: hostname, length: {min: 12, max: 12},"
    )
    generated = compile_text(spec)

    (response,) = Sampler(generated.schema).valid("Root", count=1)

    assert 12 == len(response["hostname"])
    assert generated.package.is_valid(response)


def test_the_reference_says_who_defines_it() -> None:
    """And whether it is checked."""
    noted = SPEC.replace("shapes:", "formats: annotate\nshapes:", 1)
    page, other = (
        compile_text(text, targets=("docs",)).files["docs/library/Root.md"]
        for text in (SPEC, noted)
    )

    assert "- **Format:** an IPv4 address (RFC 2673, section 3.2, dotted-quad)" in page
    assert "an IPv4 address (RFC 2673, section 3.2, dotted-quad); not checked" in other


@pytest.mark.parametrize("dialect", ["postgresql", "duckdb"])
def test_tables_check_them(dialect: str) -> None:
    """A column holds nothing else, where the engine has words for it."""
    spec = SPEC + ROW
    text = compile_text(spec, targets=("sql",)).files[f"sql/library/{dialect}.sql"]

    for name in ("uuid", "ipv4", "byte", "duration"):
        assert f'"{name}_format"' in text or f"{name}_format" in text


def test_a_draft_can_say_them() -> None:
    """Importers say them of a shape, and of the whole that they annotate."""
    members = (Member(name="a", target=Shape(type="string", format="uuid")),)
    draft = Draft(
        command="test",
        origin=("nowhere",),
        package="library",
        title=None,
        shapes={"Book": Shape(type="structure", members=members)},
        roots=("Book",),
        formats="annotate",
    )

    package = compile_text(finish(draft).text).package

    assert package.is_valid({"a": "17"})
