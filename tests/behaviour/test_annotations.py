"""What a spec says beside its constraints arrives in the outputs."""

from __future__ import annotations

from shapespec.contract.schema import Structure
from tests.support import compile_text

SPEC = """
shapespec: 1
package: wind_farm
shapes:
  Turbine:
    type: structure
    doc: |
      It turns
      in the wind.

      It stands on a hill.
    members:
      Owner: {type: string, sensitive: true, doc: Who pays for it., examples: [Ada]}
      Height: {type: double, unit: m, default: 80}
      Blade: Length
      Code: {target: Code, deprecated: {since: '2024', use: Name}}
      Note: {type: string, deprecated: {since: '2023'}}
  Code: {type: string, sensitive: true, deprecated: {since: '2022'}}
  Length: {type: double, unit: m, range: {min: 0}}
"""

JOINED = """
shapespec: 1
package: wind_farm
shapes:
  Turbine:
    type: structure
    members: {Height: double, Blade: double}
    rules:
      blade-is-shorter:
        cel: this.Blade < this.Height
        message: a blade is shorter than the tower
        at: Blade
        source: [drawing]
    derived:
      Reach: {cel: this.Height + this.Blade, type: double, source: [drawing, sign]}
    notes:
      it-turns: {doc: It turns to the right., at: Blade, source: [sign]}
"""


def test_json_schema_holds_annotations() -> None:
    """A member's annotations stand in its schema, a shape's in its definition."""
    definitions = compile_text(SPEC).json_schema("Turbine")["$defs"]
    members = definitions["Turbine"]["properties"]

    assert True is members["Owner"]["x-sensitive"]
    assert "Who pays for it." == members["Owner"]["description"]
    assert ["Ada"] == members["Owner"]["examples"]
    assert ("m", 80) == (members["Height"]["x-unit"], members["Height"]["default"])
    assert True is members["Code"]["deprecated"]
    assert True is members["Note"]["deprecated"]
    assert "deprecated" not in members["Owner"]
    assert True is definitions["Code"]["x-sensitive"]
    assert True is definitions["Code"]["deprecated"]
    assert "m" == definitions["Length"]["x-unit"]


def test_lines_are_joined_and_paragraphs_kept() -> None:
    """A description has its lines joined; an empty line parts its paragraphs."""
    shape = compile_text(SPEC).json_schema("Turbine")["$defs"]["Turbine"]

    assert "It turns in the wind.\n\nIt stands on a hill." == shape["description"]


def test_a_package_without_title_is_called_by_its_name() -> None:
    """The name's words are the title."""
    generated = compile_text(SPEC)

    assert "Wind farm" == generated.schema.title
    assert generated.package.__doc__.startswith("Wind farm\n")


def test_a_title_is_kept() -> None:
    """A title that the spec gives is not made up."""
    given = SPEC.replace("package: wind_farm", "package: wind_farm\ntitle: Windpark")

    assert "Windpark" == compile_text(given).schema.title


def test_an_operation_knows_where_it_is_written() -> None:
    """Its place is that of its name, which `shapespec diff` points at."""
    operations = (
        "operations:\n  GetTurbine: {output: Turbine, deprecated: {use: GetTower}}\n"
    )
    text = SPEC + operations
    (operation,) = compile_text(text).schema.operations

    assert "GetTurbine" == text[operation.span.start : operation.span.end]
    assert (None, "GetTower") == operation.deprecated


def test_what_joins_members_knows_who_states_it_and_where() -> None:
    """Rules, derived values and notes have sources, and the place of their name."""
    turbine = compile_text(JOINED).schema.shapes["Turbine"]

    assert isinstance(turbine, Structure)
    assert [
        ("blade-is-shorter", ("drawing",)),
        ("Reach", ("drawing", "sign")),
        ("it-turns", ("sign",)),
    ] == [
        (JOINED[one.span.start : one.span.end], one.sources)
        for one in (*turbine.rules, *turbine.derived, *turbine.notes)
    ]
