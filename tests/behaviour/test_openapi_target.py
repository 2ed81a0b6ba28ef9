"""The target `openapi`: what others say of it, and that it comes back as it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from shapespec.backends.json_schema import definitions
from shapespec.backends.openapi import description
from shapespec.compiler import compile_spec
from shapespec.contract.schema import OneOf, Schema
from shapespec.drafts import finish
from shapespec.ground.source import SourceFile
from shapespec.importers.openapi.description import read_description
from shapespec.importers.openapi.spec import draft
from shapespec.project.files import read_source
from tests.support import ROOT, flagship, run_shapespec
from tests.support.import_cases import FOLDERS, NAMES
from tests.support.openapi_cases import written

WAREHOUSE = """
shapespec: 1
package: warehouse
title: Warehouse
operations:
  GetItem:
    doc: Reads an item.
    input: GetItemRequest
    output: Item
    errors: [NotFound, Busy]
    http: {method: GET, path: '/items/{Sku}', headers: [If-None-Match]}
  PutItem:
    input: PutItemRequest
    output: Item
    http: {method: PUT, path: '/items/{Sku}', status: 201, query: [Draft], body: Item}
  ListItems:
    input: ListItemsRequest
    output: Items
    http: {method: GET, path: /items, cookies: [Session]}
  Recount: {input: Count, deprecated: true}
  ListAll:
    outputs: {200: AllItems, 404: NotFound, default: Busy}
    http: {method: GET, path: /all}
  Close: {errors: [Busy]}
shapes:
  GetItemRequest:
    type: structure
    members:
      Sku: {target: Sku, required: true}
      If-None-Match: {type: string, length: {max: 40}}
  PutItemRequest:
    type: structure
    members:
      Sku: {target: Sku, required: true}
      Draft: boolean
      Item: {target: Item, required: true}
  ListItemsRequest:
    type: structure
    members:
      Session: string
      Page: {type: integer, range: {min: 1}}
  Items: {type: structure, members: {Items: {type: list, member: Item, required: true}}}
  AllItems: {type: list, member: Item, length: {max: 1000}}
  Item:
    type: structure
    members:
      Sku: {target: Sku, required: true}
      Count: {type: long, range: {min: 0, max: 1000000}}
      Parts: {type: map, key: string, value: Sku, length: {max: 5}}
      Size: {type: double, range: {above: 0}, multiple_of: 0.5}
      Colour: {target: Colour, required: true}
  Sku: {type: string, pattern: '[A-Z]{2}-[0-9]+'}
  Colour: {type: enum, values: [red, green]}
  Count: {type: structure, members: {Sku: {target: Sku, required: true}, Note: string}}
  NotFound: {type: structure, members: {Message: string}}
  Busy: {type: structure, members: {Seconds: {type: integer, required: true}}}
"""


def compiled(text: str) -> Schema:
    return compile_spec(SourceFile("spec.yaml", text))


def returned(schema: Schema, folder: Path) -> Schema:
    """A contract as it comes back through the importer."""
    file = written(folder, description(schema), f"{schema.package}.json")
    return compiled(finish(draft(read_description(file))).text)


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_descriptions_are_valid(folder: Path) -> None:
    """For the specs of all importers, by the metaschema and its own rules."""
    validate(description(compile_spec(read_source(folder / "spec.yaml"))))


def test_the_flagship_is_valid() -> None:
    """An operation without `http` is called by its name."""
    found: Any = description(flagship())

    validate(found)
    assert ["/DescribeTrainingJob"] == [*found["paths"]]
    assert {*definitions(flagship())} == {*found["components"]["schemas"]}


def test_a_call_is_where_http_says() -> None:
    """Paths, headers, cookies, the query, bodies and statuses."""
    found: Any = description(compiled(WAREHOUSE))
    validate(found)
    items = found["paths"]["/items/{Sku}"]

    assert ["path Sku", "header If-None-Match"] == places(items["get"])
    assert ["path Sku", "query Draft"] == places(items["put"])
    assert ["cookie Session", "query Page"] == places(found["paths"]["/items"]["get"])
    assert ["200", "default"] == [*items["get"]["responses"]]
    assert ["201"] == [*items["put"]["responses"]]
    assert "#/components/schemas/Item" == body(items["put"])["$ref"]
    assert (
        "#/components/schemas/Count" == body(found["paths"]["/Recount"]["post"])["$ref"]
    )
    assert found["paths"]["/Recount"]["post"]["deprecated"]
    assert ["204", "default"] == [*found["paths"]["/Close"]["post"]["responses"]]


def places(operation: Any) -> list[str]:
    return [f"{one['in']} {one['name']}" for one in operation["parameters"]]


def body(operation: Any) -> Any:
    return operation["requestBody"]["content"]["application/json"]["schema"]


def test_a_contract_comes_back_as_it_was(tmp_path: Path) -> None:
    """Shapes with all their constraints, operations with all that they say."""
    schema = compiled(WAREHOUSE)
    back = returned(schema, tmp_path)
    expected = {one.name: one for one in schema.operations}
    found = {one.name: one for one in back.operations}

    assert [*expected] == [*found]
    for name in ("GetItem", "PutItem", "ListItems"):
        before, after = expected[name], found[name]
        assert before.output == after.output
        assert before.errors == after.errors
        assert before.http is not None
        assert after.http is not None
        assert (before.http.method, before.http.path) == (
            after.http.method,
            after.http.path,
        )
        assert before.http.headers == after.http.headers
        assert before.http.cookies == after.http.cookies
    assert "Count" == found["Recount"].input
    assert {*expected["ListAll"].outputs} == {*found["ListAll"].outputs}
    before_shapes, after_shapes = definitions(schema), definitions(back)
    for name in ("Item", "Items", "AllItems", "Colour", "Count", "NotFound", "Busy"):
        assert before_shapes[name] == after_shapes[name]


@pytest.mark.parametrize("is_open", [False, True])
def test_a_choice_by_a_tag_comes_back(tmp_path: Path, *, is_open: bool) -> None:
    """Open or not, with the same structure for each value of the tag."""
    text = f"""
shapespec: 1
package: warehouse
operations: {{Next: {{output: Event, http: {{method: GET, path: /next}}}}}}
shapes:
  Event:
    one_of: [Made, Sold]
    discriminator: kind
    mapping: {{made: Made, sold: Sold}}
    open: {str(is_open).lower()}
  Made: {{type: structure, members: {{kind: {{target: Kind, required: true}}}}}}
  Sold: {{type: structure, members: {{kind: {{target: Kind, required: true}}}}}}
  Kind: {{type: enum, values: [made, sold]}}
"""
    before = compiled(text)
    after = returned(before, tmp_path)
    choices = [one.shapes["Event"] for one in (before, after)]

    assert [is_open] * 2 == [isinstance(one, OneOf) and one.open for one in choices]
    assert definitions(before)["Event"] == definitions(after)["Event"]


def test_the_flagship_comes_back(tmp_path: Path) -> None:
    """All named structures have the members that they had, as required as they were."""
    schema = flagship()
    back = returned(schema, tmp_path)

    def shown(one: Schema) -> dict[str, dict[str, bool]]:
        return {
            name: {member.name: member.required for member in shape.members}
            for name, shape in one.shapes.items()
            if type(shape).__name__ == "Structure" and shape.named
        }

    assert shown(schema).items() <= shown(back).items()
    assert ("DescribeTrainingJob", schema.operations[0].output) == (
        back.operations[0].name,
        back.operations[0].output,
    )


def test_tags_lead_to_components() -> None:
    """The mapping of a discriminator refers to schemas that are there."""
    text = """
shapespec: 1
package: warehouse
shapes:
  Goods: {one_of: [Box, Bag], discriminator: kind, mapping: {box: Box, bag: Bag}}
  Box: {type: structure, members: {kind: string}}
  Bag: {type: structure, members: {kind: string}}
"""
    made = description(compile_spec(SourceFile("warehouse.yaml", text)))
    schemas: Any = made["components"]["schemas"]
    mapping = schemas["Goods"]["discriminator"]["mapping"]

    assert {"box": "#/components/schemas/Box", "bag": "#/components/schemas/Bag"} == (
        mapping
    )


def test_odd_names_stay_where_they_are() -> None:
    """Members that are called like keywords, and two paths that are alike."""
    text = """
shapespec: 1
package: odd
operations:
  A: {input: Odd, output: Odd, http: {method: GET, path: '/x/{a}'}}
  B: {input: Odd, output: Odd, http: {method: GET, path: '/x/{b}'}}
shapes:
  Odd:
    type: structure
    members:
      a: {target: string, required: true}
      b: {target: string, required: true}
      $ref: Inner
      examples: Inner
      default: {target: Inner, examples: [{n: 1}]}
  Inner: {type: structure, members: {n: integer}}
"""
    found: Any = description(compiled(text))
    validate(found)
    members = found["components"]["schemas"]["Odd"]["properties"]

    assert ["/x/{a}", "/B"] == [*found["paths"]]
    for name in ("$ref", "examples", "default"):
        assert "#/components/schemas/Inner" in json.dumps(members[name])
        assert "$defs" not in json.dumps(members[name])


def test_others_make_models_of_it(tmp_path: Path) -> None:
    """datamodel-code-generator reads a description, and what it makes works."""
    file = written(tmp_path, description(compiled(WAREHOUSE)))
    command = ["--input", str(file), "--input-file-type", "openapi"]
    command += ["--output", str(tmp_path / "models.py")]
    command += ["--output-model-type", "pydantic_v2.BaseModel"]
    made = subprocess.run(
        [sys.executable, "-m", "datamodel_code_generator", *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert 0 == made.returncode, made.stderr
    code = (
        "import models; models.Item.model_validate({'Sku': 'AB-1', 'Colour': 'red'})\n"
        "try:\n    models.Item.model_validate({'Sku': 'AB-1', 'Colour': 'blue'})\n"
        "except ValueError:\n    print('refused')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert (0, "refused\n") == (done.returncode, done.stdout), done.stderr


REDOCLY = ROOT / ".venv" / "npm" / "node_modules" / ".bin" / "redocly"


@pytest.mark.skipif(not REDOCLY.exists(), reason="`make interop` brings Redocly")
@pytest.mark.parametrize("source", ["flagship", "warehouse"])
def test_redocly_finds_no_error(source: str, tmp_path: Path) -> None:
    """Its linter has only advice: a licence, statuses of errors, unused shapes."""
    schema = flagship() if source == "flagship" else compiled(WAREHOUSE)
    file = written(tmp_path, description(schema), "api.json")
    done = subprocess.run(
        [
            str(REDOCLY),
            "lint",
            "--extends",
            "recommended",
            "--format",
            "json",
            str(file),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "REDOCLY_TELEMETRY": "off"},
    )
    totals = json.loads(done.stdout)["totals"]

    assert (0, 0) == (done.returncode, totals["errors"]), done.stdout


def test_the_command_writes_one_file(tmp_path: Path) -> None:
    """`generate --target openapi`, which is current afterwards."""
    (tmp_path / "w.yaml").write_text(WAREHOUSE, "utf-8")

    def run(*words: str) -> int:
        return subprocess.run(
            [sys.executable, "-m", "shapespec", "generate", "w.yaml", *words],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        ).returncode

    assert 0 == run("--target", "openapi")
    assert 0 == run("--target", "openapi", "--check")
    text = (tmp_path / "generated" / "openapi" / "warehouse.json").read_text("utf-8")
    assert description(compiled(WAREHOUSE))["paths"] == json.loads(text)["paths"]


def test_the_version_of_the_api_goes_there_and_back(tmp_path: Path) -> None:
    """`info.version` is `api_version` of each operation, and the other way round."""
    path = tmp_path / "api.yaml"
    described = {
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "2.10"},
        "paths": {
            "/pets": {
                "get": {
                    "operationId": "listPets",
                    "responses": {
                        "200": {
                            "description": "All.",
                            "content": {
                                "application/json": {"schema": {"type": "object"}}
                            },
                        }
                    },
                }
            }
        },
    }
    path.write_text(json.dumps(described))

    done = run_shapespec("import", "openapi", str(path))
    (tmp_path / "spec.yaml").write_text(done.stdout)
    words = ("generate", "spec.yaml", "--target", "openapi", "--out", "out")
    made = run_shapespec(*words, cwd=tmp_path)

    assert "api_version: '2.10'" in done.stdout
    assert 0 == made.returncode, made.stderr
    (written,) = (tmp_path / "out" / "openapi").glob("*.json")
    assert "2.10" == json.loads(written.read_text())["info"]["version"]
