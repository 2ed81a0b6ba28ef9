"""What a spec says beside its constraints arrives in the outputs."""

from __future__ import annotations

from tests.support import compile_text

SPEC = """
shapespec: 1
package: wind_farm
shapes:
  Turbine:
    type: structure
    members:
      Owner: {type: string, sensitive: true, doc: Who pays for it., examples: [Ada]}
      Height: {type: double, unit: m, default: 80}
      Code: {target: Code, deprecated: {since: '2024', use: Name}}
      Note: {type: string, deprecated: {since: '2023'}}
  Code: {type: string, sensitive: true}
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


def test_a_package_without_title_is_called_by_its_name() -> None:
    """The name's words are the title."""
    generated = compile_text(SPEC)

    assert "Wind farm" == generated.schema.title
    assert generated.package.__doc__.startswith("Wind farm\n")


def test_a_title_is_kept() -> None:
    """A title that the spec gives is not made up."""
    given = SPEC.replace("package: wind_farm", "package: wind_farm\ntitle: Windpark")

    assert "Windpark" == compile_text(given).schema.title
