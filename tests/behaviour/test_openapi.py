"""OpenAPI descriptions that become specs: operations, directions, dialects, files."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from shapespec.contract.schema import Schema
from shapespec.ground.errors import Unusable
from shapespec.importers.openapi.description import Description, read_description
from tests.support import Generated, compile_text
from tests.support.import_cases import CASES
from tests.support.openapi_cases import described, description, imported, written

Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

SHOP = CASES / "openapi" / "shop"
ALL = ("json-schema", "dataclasses", "validators", "docs")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a command of shapespec in a folder of its own."""

    def command(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "shapespec", *map(str, arguments)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return command


def made(folder: Path, data: object, *operations: str) -> Generated:
    """What a description is compiled into."""
    return compile_text(imported(folder, data, *operations).text, targets=ALL)


def members(schema: Schema, name: str) -> dict[str, bool]:
    """The members of a structure, and whether each is required."""
    return {one.name: one.required for one in schema.shapes[name].members}  # type: ignore[union-attr]


# --- operations ---------------------------------------------------------------------


def test_an_operation_has_its_parameters_body_output_and_errors() -> None:
    """What is sent and what comes back, with the statuses in their places."""
    spec = compile_text((SHOP / "spec.yaml").read_text("utf-8"), targets=ALL)
    (found,) = (one for one in spec.schema.operations if one.name == "AddBicycle")

    assert ("Bicycle", ("Problem",)) == (found.output, found.errors)
    assert {"201": "Bicycle", "202": "Receipt", "default": "Problem"} == dict(
        found.outputs
    )
    assert {"page": False, "body": True} == members(spec.schema, str(found.input))
    assert {"Receipt", "BicycleInput"} <= {*spec.schema.roots}
    (listed,) = (one for one in spec.schema.operations if one.name == "ListBicycles")
    assert {"200": "ListBicyclesOutput", "4XX": "Problem"} == dict(listed.outputs)


def test_direction_decides_what_is_required() -> None:
    """A member that is only read is not required in a request, and the reverse."""
    spec = compile_text((SHOP / "spec.yaml").read_text("utf-8"), targets=ALL)
    valid = spec.package.is_valid
    received = {"id": 1, "frame": {"material": "steel"}}
    sent = {"key": "abcd", "frame": {"material": "steel"}}

    assert valid(received, shape="Bicycle")
    assert not valid(sent, shape="Bicycle")
    assert valid(sent, shape="BicycleInput")
    assert not valid(received, shape="BicycleInput")


def test_a_required_member_behind_a_reference_has_a_direction(tmp_path: Path) -> None:
    """`readOnly` counts where the schema of the member is elsewhere, or in a part."""
    schemas = {
        "Id": {"type": "integer", "readOnly": True},
        "Thing": {
            "allOf": [
                {"properties": {"id": {"$ref": "#/components/schemas/Id"}}},
                {
                    "type": "object",
                    "required": ["id", "at", "name"],
                    "properties": {
                        "id": {"allOf": [{"$ref": "#/components/schemas/Id"}]},
                        "at": {"type": "string", "readOnly": True},
                        "name": {"type": "string"},
                    },
                },
            ]
        },
    }
    request = {"$ref": "#/components/schemas/Thing"}
    spec = made(tmp_path, described(schemas, request=request))

    assert {"id": True, "at": True, "name": True} == members(spec.schema, "Thing")
    assert {"id": False, "at": False, "name": True} == members(
        spec.schema, "ThingInput"
    )


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_part_may_require_what_another_part_calls_read_only(
    tmp_path: Path, version: str
) -> None:
    """Members are those of the whole, wherever in it they are named or required."""
    reference = "#/components/schemas/"
    both = [
        {
            "allOf": [
                {"$ref": f"{reference}Base"},
                {"required": ["id", "key", "name"]},
            ]
        },
        {"allOf": [{"$ref": f"{reference}Base"}, {"$ref": f"{reference}Demand"}]},
        {"allOf": [{"$ref": f"{reference}Base"}], "required": ["id", "key", "name"]},
    ]
    for whole in both:
        schemas = {
            "Base": {
                "type": "object",
                "properties": {
                    "id": {"type": "integer", "readOnly": True},
                    "key": {"type": "string", "writeOnly": True},
                    "name": {"type": "string"},
                },
            },
            "Demand": {"type": "object", "required": ["id", "key", "name"]},
            "Thing": whole,
        }
        request = {"$ref": f"{reference}Thing"}
        spec = made(tmp_path, described(schemas, request=request, version=version))

        read = {"id": True, "key": False, "name": True}
        sent = {"id": False, "key": True, "name": True}
        assert read == members(spec.schema, "Thing")
        assert sent == members(spec.schema, "ThingInput")
        assert "BaseInput" not in spec.schema.shapes


def test_a_schema_alike_in_both_directions_is_one_shape(tmp_path: Path) -> None:
    """Only what differs by direction is there twice."""
    schemas = {"Thing": {"type": "object", "properties": {"a": {"type": "string"}}}}
    spec = made(
        tmp_path, described(schemas, request={"$ref": "#/components/schemas/Thing"})
    )

    assert "ThingInput" not in spec.schema.shapes


def test_only_the_operations_that_are_named(tmp_path: Path) -> None:
    """`--operation` takes a method and a path, or an id, and prunes the rest."""
    data = described(
        {
            "Thing": {"type": "object", "properties": {"n": {"type": "integer"}}},
            "Other": {"type": "object"},
        },
        request={"type": "object", "properties": {"x": {"type": "integer"}}},
    )
    spec = made(tmp_path, data, "get /things/{other_name}")

    assert ["GetThing"] == [one.name for one in spec.schema.operations]
    assert "Other" not in spec.schema.shapes


def test_operations_without_ids_are_named_by_method_and_path(tmp_path: Path) -> None:
    """Names are made of what there is, and none is there twice."""
    answers = {"204": {"description": "done"}}
    paths = {
        "/a-b/{id}": {"get": {"responses": answers}, "query": {"responses": answers}},
        "/a/b/{id}": {"get": {"responses": answers}},
        "/": {"additionalOperations": {"COPY": {"responses": answers}}},
    }
    data = {**described({}), "paths": paths, "openapi": "3.2.0"}
    found = description(tmp_path, data).operations

    assert ["GetABById", "QueryABById", "GetABById2", "CopyRoot"] == [
        one.name for one in found
    ]
    assert "COPY /" == str(found[-1])


def test_webhooks_are_operations(tmp_path: Path) -> None:
    """What the server sends is imported like what it is sent."""
    schema = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "integer"}},
    }
    content = {"application/json": {"schema": schema}}
    hooks = {"sold": {"post": {"requestBody": {"content": content}, "responses": {}}}}
    data = {**described({"Thing": schema}), "webhooks": hooks}
    spec = made(tmp_path, data)

    assert {"id": True} == members(spec.schema, "PostSoldBody")


def test_every_component_is_there(tmp_path: Path) -> None:
    """A schema that no operation uses is a root of its own."""
    lonely = {"type": "object", "properties": {"n": {"type": "integer"}}}
    data = described({"Thing": {"type": "object", "properties": {}}, "Lonely": lonely})

    assert "Lonely" in made(tmp_path, data).schema.roots


# --- the dialects -------------------------------------------------------------------

DIALECTS: tuple[tuple[str, Any, list[Any], list[Any]], ...] = (
    ("3.0.3", {"type": "string", "nullable": True}, ["a", None], [1]),
    ("3.0.3", {"type": "string"}, ["a"], [None, 1]),
    ("3.0.3", {"type": "string", "enum": ["a"], "nullable": True}, ["a", None], ["b"]),
    (
        "3.0.3",
        {"allOf": [{"$ref": "#/components/schemas/Part"}], "nullable": True},
        [{"n": 1}, None],
        [{"n": 0}],
    ),
    (
        "3.0.3",
        {"$ref": "#/components/schemas/Part", "description": "not read", "minimum": 7},
        [{"n": 1}],
        [{"n": 0}],
    ),
    ("3.0.3", {"type": "number", "minimum": 2, "exclusiveMinimum": True}, [2.5], [2]),
    ("3.0.3", {"type": "number", "maximum": 2, "exclusiveMaximum": False}, [2], [3]),
    ("3.1.0", {"type": ["string", "null"]}, ["a", None], [1]),
    ("3.1.0", {"type": "number", "exclusiveMinimum": 2}, [2.5], [2]),
    ("3.1.0", {"const": "a"}, ["a"], ["b"]),
    ("3.2.0", {"type": "integer", "multipleOf": 5}, [10], [11]),
    ("3.1.0", {"type": "string", "x-extensible-enum": ["a"]}, ["a", "b"], ["b", 1]),
)


@pytest.mark.parametrize(("version", "schema", "valid", "invalid"), DIALECTS)
def test_each_version_is_read_by_its_own_rules(
    version: str, schema: Any, valid: list[Any], invalid: list[Any], tmp_path: Path
) -> None:
    """The same keyword means what that version says it means."""
    part = {"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}}}
    thing = {"type": "object", "properties": {"v": schema}}
    data = described({"Part": part, "Thing": thing}, version=version)
    spec = made(tmp_path, data, "getThing")

    assert valid == [
        one for one in valid if spec.package.is_valid({"v": one}, shape="Thing")
    ]
    wrong = [one for one in invalid if one is not None]
    assert [] == [
        one
        for one in wrong
        if spec.package.is_valid({"v": one}, shape="Thing", strict=True)
    ]


def test_a_discriminator_is_a_constant_in_each_option(tmp_path: Path) -> None:
    """An option is known by the values of the mapping, or else by its name."""
    tag = {"type": "string"}
    schemas = {
        "Cat": {"type": "object", "properties": {"kind": tag}},
        "Dog": {
            "type": "object",
            "properties": {"kind": {"$ref": "#/components/schemas/Kind"}},
        },
        "Kind": tag,
        "Thing": {
            "oneOf": [
                {"$ref": "#/components/schemas/Cat"},
                {"$ref": "#/components/schemas/Dog"},
            ],
            "discriminator": {
                "propertyName": "kind",
                "mapping": {"cat": "#/components/schemas/Cat", "lion": "Cat"},
            },
        },
    }
    spec = made(tmp_path, described(schemas))
    valid = spec.package.is_valid

    for kind, shape in (("cat", "Cat"), ("lion", "Cat"), ("Dog", "Dog")):
        assert valid({"kind": kind}, shape=shape)
    for kind, shape in (("Cat", "Cat"), ("cat", "Dog")):
        assert not valid({"kind": kind}, shape=shape)
    # The schema of a cat requires no tag; that of a thing is one of two then.
    assert valid({}, shape="Cat")
    assert not valid({}, shape="Thing")


def test_wrong_examples_are_named() -> None:
    """An example of a body that its schema refuses is left out, with the reason."""
    text = (SHOP / "spec.yaml").read_text("utf-8")

    assert "# note[invalid-value]: example: `id`: value 0 is below 1" in text
    assert "examples: [{id: 7, frame: {material: steel" in text


# --- files --------------------------------------------------------------------------

ENTRY = """
openapi: 3.1.0
info: {title: Things, version: '1'}
paths:
  /things: {$ref: 'paths/things.yaml'}
"""
THINGS = """
get:
  operationId: getThings
  responses:
    '200':
      description: ok
      content:
        application/json:
          schema: {$ref: '../schemas/thing.json'}
"""
THING = {
    "type": "object",
    "required": ["part"],
    "properties": {
        "part": {"$ref": "common.json#/$defs/Part"},
        "next": {"$ref": "#"},
        "id": {"$ref": "#/$defs/a~1b"},
    },
    "$defs": {"a/b": {"type": "integer", "minimum": 1}},
}
COMMON = {"$defs": {"Part": {"type": "string", "minLength": 2}}}


def several(folder: Path) -> Path:
    """A description in four files."""
    (folder / "paths").mkdir()
    (folder / "paths" / "things.yaml").write_text(THINGS, "utf-8")
    written(folder, THING, "schemas/thing.json")
    written(folder, COMMON, "schemas/common.json")
    file = folder / "api.yaml"
    file.write_text(ENTRY, "utf-8")
    return file


def test_several_files_are_one_description(tmp_path: Path, run: Run) -> None:
    """References are followed from the file in which they are."""
    done = run("import", "openapi", several(tmp_path), "-o", "s.yaml")
    spec = compile_text((tmp_path / "s.yaml").read_text("utf-8"), targets=ALL)

    assert (0, "") == (done.returncode, done.stderr)
    assert "thing" == spec.schema.operations[0].output
    valid = {"part": "ab", "next": {"part": "cd"}, "id": 1}
    assert spec.package.is_valid(valid)
    for wrong in ({"part": "a"}, {"part": "ab", "next": {}}, {"part": "ab", "id": 0}):
        assert not spec.package.is_valid(wrong)


def test_discriminators_in_other_files_tell_options_apart(tmp_path: Path) -> None:
    """By their mapping, whose files are beside theirs."""
    fish = {"type": "object", "properties": {"t": {"type": "string"}, "n": {}}}
    bird = {"type": "object", "properties": {"t": {"type": "string"}, "m": {}}}
    one_of = {
        "oneOf": [{"$ref": "#/Fish"}, {"$ref": "bird.json"}],
        "discriminator": {
            "propertyName": "t",
            "mapping": {"f": "#/Fish", "b": "bird.json"},
        },
    }
    required = {"required": ["t"]}
    written(
        tmp_path, {"Animal": one_of, "Fish": {**fish, **required}}, "parts/all.json"
    )
    written(tmp_path, {**bird, **required}, "parts/bird.json")
    data = described({"Thing": {"$ref": "parts/all.json#/Animal"}})
    spec = made(tmp_path, data)

    judged = {one: spec.package.is_valid({"t": one}) for one in ("f", "b", "bird", "x")}
    assert {"f": True, "b": True, "bird": False, "x": False} == judged


def test_families_in_other_files_are_known_by_their_components(tmp_path: Path) -> None:
    """What extends a base in its own file has the name that the description gives."""
    base = {
        "type": "object",
        "required": ["kind"],
        "discriminator": {"propertyName": "kind"},
        "properties": {"kind": {"type": "string"}},
    }
    count = {"properties": {"n": {"type": "integer"}}}
    text = {"properties": {"n": {"type": "string"}}}
    written(tmp_path, base, "base.json")
    written(
        tmp_path,
        {
            "first": {"allOf": [{"$ref": "base.json"}, count]},
            "second": {"allOf": [{"$ref": "base.json"}, text]},
        },
        "kinds.json",
    )
    schemas = {
        "Thing": {"$ref": "base.json"},
        "Count": {"$ref": "kinds.json#/first"},
        "Text": {"$ref": "kinds.json#/second"},
    }
    valid = made(tmp_path, described(schemas), "getThing").package.is_valid

    assert valid({"kind": "Count", "n": 1})
    assert not valid({"kind": "Count", "n": "x"})
    assert not valid({"kind": "Text", "n": 1})
    assert valid({"kind": "Thing", "n": []})


# --- names of schemas ---------------------------------------------------------------


def test_references_by_anchor_and_by_uri(tmp_path: Path) -> None:
    """A schema of 3.1 is found by its `$anchor`, or below its `$id`."""
    schemas = {
        "Thing": {
            "$id": "https://things.example/thing",
            "type": "object",
            "properties": {
                "named": {"$ref": "#/components/schemas/Count"},
                "own": {"$ref": "#/$defs/Text"},
            },
            "$defs": {"Text": {"$anchor": "text", "type": "string"}},
        },
        "Count": {"$anchor": "count", "type": "integer"},
        "Other": {
            "type": "object",
            "required": ["type"],
            "properties": {
                "type": {"const": "$anchor"},
                "a": {"$ref": "#count"},
                "b": {"$ref": "https://things.example/thing#text"},
                "c": {"$ref": "https://things.example/thing#/properties/own"},
                "d": {"$ref": "https://things.example/thing"},
            },
        },
    }
    body = {"$ref": "#/components/schemas/Other"}
    valid = made(tmp_path, described(schemas, body), "getThing").package.is_valid
    right = {"type": "$anchor", "a": 1, "b": "x", "c": "x", "d": {"named": 1}}
    wrong = {"a": "x", "b": 1, "c": 1, "d": {"named": "x"}}

    assert valid(right)
    assert [] == [name for name in wrong if valid({**right, name: wrong[name]})]
    assert not valid({**right, "d": {"own": 1}})


def test_a_reference_that_depends_on_who_refers_is_named(tmp_path: Path) -> None:
    """`$dynamicRef` is any value, and a note says where."""
    schemas = {"Thing": {"properties": {"v": {"$dynamicRef": "#item"}}}}
    notes = imported(tmp_path, described(schemas)).notes

    assert ["#/components/schemas/Thing/properties/v/$dynamicRef"] == [
        one.note.said for one in notes if one.note.rule == "unsupported-keyword"
    ]


def test_a_description_of_3_2_has_a_uri_and_a_default_option(tmp_path: Path) -> None:
    """References go by `$self`; what no tag names is the option for all others."""
    uri = "https://things.example/api.json"
    kind = {"type": "object", "required": ["n"]}
    schemas = {
        "Thing": {
            "oneOf": [
                {"$ref": f"{uri}#/components/schemas/Count"},
                {"$ref": "#/components/schemas/Text"},
            ],
            "discriminator": {
                "propertyName": "kind",
                "mapping": {"count": "Count"},
                "defaultMapping": "Text",
            },
        },
        "Count": {
            **kind,
            "required": ["n", "kind"],
            "properties": {"kind": {"type": "string"}, "n": {"type": "integer"}},
        },
        "Text": {**kind, "properties": {"n": {"type": "string"}}},
    }
    data = described(schemas, version="3.2.0", **{"$self": uri})
    valid = made(tmp_path, data, "getThing").package.is_valid

    right = ({"kind": "count", "n": 1}, {"kind": "more", "n": "x"}, {"n": "x"})
    wrong = ({"kind": "count", "n": "x"}, {"kind": "more", "n": 1}, {"n": 1})
    assert [True] * 3 == [valid(one, shape="Thing") for one in right]
    assert [False] * 3 == [valid(one, shape="Thing") for one in wrong]


def test_a_body_that_may_be_null_is_named(tmp_path: Path) -> None:
    """A whole response that is null is not valid, and a note says so."""
    body = {"type": ["object", "null"], "properties": {"a": {"type": "string"}}}
    notes = imported(tmp_path, described({}, body)).notes

    assert [one.note.said.rpartition("/")[2] for one in notes] == ["schema"]
    assert ["root-null"] == [one.note.rule for one in notes]


def test_rules_say_where_they_are_in_the_description(tmp_path: Path) -> None:
    """And not in the schema that is made on the way."""
    thing = {"type": "object", "dependentRequired": {"a": ["b"]}}
    text = imported(tmp_path, described({"Thing": thing})).text

    assert "# #/components/schemas/Thing/dependentRequired" in text


# --- what is refused ----------------------------------------------------------------

REFUSED: tuple[tuple[object, str], ...] = (
    ([], "it has no key `openapi`"),
    ({"swagger": "2.0"}, "is Swagger 2.0; convert it"),
    ({"openapi": "4.0.0"}, "is not OpenAPI 3.0, 3.1 or 3.2: its version is '4.0.0'"),
    ({"openapi": "3.0.0", "paths": []}, "/paths: expected an object"),
    ({"openapi": "3.0.0", "paths": {"x": {}}}, "'x' does not begin with /"),
    ({"openapi": "3.0.0", "paths": {"/x": {"get": 1}}}, "/paths/~1x/get: expected"),
    (
        described({}, {"$ref": "#/components/schemas/No"}),
        "leads nowhere: there is no 'No'",
    ),
    (described({}, {"$ref": "https://e.org/x.json"}), "nothing is fetched"),
    (described({}, {"$ref": "../x.json"}), "it is not below"),
    (described({}, {"$ref": "x.json"}), "cannot read"),
    (described({}, {"$ref": 5}), "expected a reference"),
    (described({}, 5), "expected a schema, which is an object"),
    (described({}, {"properties": {"a": "string"}}), "expected a schema"),
    (
        {"openapi": "3.1.0", "paths": {"/a": {"$ref": "#/paths/~1a"}}},
        "leads back to itself",
    ),
    (
        {
            "openapi": "3.1.0",
            "paths": {"/a": {"parameters": [{"name": "x"}]}, "get": 1},
        },
        "",
    ),
)


@pytest.mark.parametrize(("data", "said"), REFUSED)
def test_what_is_malformed_is_refused_at_its_place(
    data: object, said: str, tmp_path: Path
) -> None:
    """With the file, and where there is one, the line and the pointer."""
    with pytest.raises(Unusable) as refused:
        imported(tmp_path, data)

    assert said in str(refused.value)
    assert "api.json" in str(refused.value)


def test_keywords_without_meaning_are_refused_at_their_places(
    tmp_path: Path, run: Run
) -> None:
    """All of them, with line and column, in whichever file they are."""
    (tmp_path / "part.yaml").write_text("type: string\nmaxLength: -1\n", "utf-8")
    (tmp_path / "api.yaml").write_text(
        "openapi: 3.1.0\n"
        "info: {title: Things, version: '1'}\n"
        "paths: {}\n"
        "components:\n"
        "  schemas:\n"
        "    Thing:\n"
        "      required: name\n"
        "      properties:\n"
        "        part: {$ref: part.yaml}\n",
        "utf-8",
    )
    done = run("import", "openapi", "api.yaml", "-o", "s.yaml")

    assert 1 == done.returncode
    assert "api.yaml:7:7" in done.stderr
    assert "part.yaml:2:1" in done.stderr
    assert not (tmp_path / "s.yaml").exists()


def test_an_unknown_operation_is_refused_with_the_nearest(
    tmp_path: Path, run: Run
) -> None:
    """As every name that nobody knows."""
    file = written(tmp_path, described({"Thing": {"type": "object", "properties": {}}}))
    done = run("import", "openapi", file, "--operation", "GET /thing/{id}")

    assert 2 == done.returncode
    assert "did you mean 'GET /things/{id}'?" in done.stderr


def test_json_schema_points_to_openapi(tmp_path: Path, run: Run) -> None:
    """Who takes the other word is told this one."""
    file = written(tmp_path, described({}))
    done = run("import", "json-schema", file)

    assert 2 == done.returncode
    assert "run `shapespec import openapi" in done.stderr


def test_hostile_names_stay_names(tmp_path: Path) -> None:
    """Nothing that a description calls something becomes code or markup."""
    nasty = 'a"; import os #\n\x1b[31m<script>`${x}'
    schemas = {nasty: {"type": "object", "properties": {nasty: {"type": "string"}}}}
    data = described(schemas, {"$ref": f"#/components/schemas/{_escaped(nasty)}"})
    data["paths"][f"/{nasty}"] = data["paths"].pop("/things/{id}")
    spec = made(tmp_path, data)

    assert spec.package.is_valid({nasty: "x"}, shape=spec.schema.operations[0].output)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1").replace("%", "%25")


def test_an_answer_is_found_by_number_then_class_then_default() -> None:
    """The most exact of the statuses that cover a number."""
    found: Description = read_description(SHOP / "source.json")
    adding, listing = found.find("addBicycle"), found.find("GET /bicycles")

    for number, status in ((201, "201"), (404, "default")):
        answer = adding.answer(number)
        assert answer is not None
        assert status == answer.status
    answer = listing.answer(404)
    assert answer is not None
    assert "4XX" == answer.status
    assert listing.answer(500) is None


def test_the_spec_of_a_description_is_the_same_each_time(run: Run) -> None:
    """Two runs give the same bytes."""
    first, second = (run("import", "openapi", SHOP / "source.json") for _ in range(2))

    assert 0 == first.returncode, first.stderr
    assert first.stdout == second.stdout
    assert json.loads((SHOP / "source.json").read_text("utf-8"))
