"""JSON Schemas as documents: what is refused, and what references mean.

A folder `tests/cases/schemas/<variant>/` is a schema that is refused: `source.*`, and
`stderr.txt`, which `pytest --update` rewrites.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from jsonschema.exceptions import SchemaError
from jsonschema.validators import validator_for

from shapespec.diagnostics.model import Faults
from shapespec.diagnostics.render import render
from shapespec.drafts import finish
from shapespec.ground.errors import Unusable
from shapespec.ground.source import SourceFile
from shapespec.ground.terminal import plain
from shapespec.importers.json_schema.check import problems
from shapespec.importers.json_schema.dialects import DIALECTS, Dialect
from shapespec.importers.json_schema.files import parsed, read_schema
from shapespec.importers.json_schema.spec import SchemaOptions, draft
from tests.support import compile_text, run_shapespec
from tests.support.import_cases import json_file
from tests.support.importer_cases import SCHEMAS

LIMIT = 1_000_000
FOLDERS = sorted(file.parent for file in SCHEMAS.glob("*/source.*"))
D2020 = "https://json-schema.org/draft/2020-12/schema"


def verdicts(schema: dict[str, Any], *values: object) -> list[bool]:
    """What the package that a schema becomes says of values."""
    text = finish(draft(json_file({"$schema": D2020, **schema}))).text
    package = compile_text(text, targets=("validators",)).package
    return [package.is_valid(value) for value in values]


# --- what is refused --------------------------------------------------------------


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_refused_schema(folder: Path, *, update: bool) -> None:
    """Every fault of a schema is told with its line and column, and what to do."""
    (file,) = folder.glob("source.*")
    source = SourceFile(file.name, file.read_text("utf-8"))
    with pytest.raises(Faults) as caught:
        draft(parsed(source, file.name, file.absolute().as_uri()))
    said = render(caught.value.diagnostics, plain) + "\n"
    expected = folder / "stderr.txt"
    if update:
        expected.write_text(said, "utf-8")

    assert expected.read_text("utf-8") == said


def test_command_refuses_and_writes_nothing(tmp_path: Path) -> None:
    """A malformed schema is a failed run, and leaves no file."""
    out = tmp_path / "spec.yaml"

    done = run_shapespec(
        "import", "json-schema", SCHEMAS / "negative" / "source.json", "-o", out
    )

    assert 1 == done.returncode
    assert "source.json:2:46" in done.stderr
    assert not out.exists()


VALUES = st.sampled_from(
    [
        *(None, True, False, 0, 1, -1, 2.0, 1.5, "", "a", "string", "1bad", "#a"),
        *([], {}, ["a"], ["a", "a"], ["string", "null"], [1], [{}], [True]),
        *({"a": {}}, {"a": True}, {"a": ["b"]}, {"a": 1}, {"a": ["b", "b"]}),
        *([1, 1.0], ["a", 1], {"a": []}, {"a": "b"}, "integer", ["integer", "any"]),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(DIALECTS), st.data())
def test_checks_are_those_of_the_metaschema(
    dialect: Dialect, data: st.DataObject
) -> None:
    """A schema is refused if python-jsonschema refuses it by its metaschema."""
    names = [*sorted(dialect.keywords), "x-other", "default"]
    names = [name for name in names if name not in ("$schema", "$id", "id")]
    if dialect.year == 4:  # its metaschema says nothing of `$ref`
        names.remove("$ref")
    words = st.dictionaries(st.sampled_from(names), VALUES, min_size=1, max_size=2)
    schema: dict[str, Any] = {"$schema": dialect.uri + "#" * (dialect.year < 2019)}
    schema |= data.draw(words)
    if data.draw(st.booleans()):
        schema = {"$schema": schema["$schema"], "properties": {"p": schema}}

    judge = validator_for({"$schema": schema["$schema"]})
    try:
        judge.check_schema(schema)
    except SchemaError:
        expected = False
    else:
        expected = True

    said = [*problems(schema, dialect)]
    if any("regular expression" in one.message for one in said):
        return
    assert expected == (not said), said


def test_what_is_data_is_not_read() -> None:
    """Keywords in examples, defaults, constants and enums mean nothing."""
    data = {"$id": "https://x.example/t", "$anchor": "T", "type": "integer"}
    schema = {
        "type": "object",
        "properties": {
            "a": {"$ref": "#T"},
            "b": {"enum": [data]},
            "c": {"const": {**data, "minLength": -1, "$ref": "#/nowhere"}},
            "d": {"default": data, "examples": [{"$ref": 7, "$anchor": "T"}]},
        },
        "$defs": {"T": {"$anchor": "T", "type": "string"}},
    }

    assert [True, False] == verdicts(schema, {"a": "x"}, {"a": 1})


# --- what references mean ---------------------------------------------------------


def test_a_reference_is_about_its_own_resource() -> None:
    """`#/…` and anchors begin at the nearest schema with an `$id`."""
    inner = {
        "$id": "inner",
        "type": "object",
        "properties": {"v": {"$ref": "#/$defs/T"}, "w": {"$ref": "#T"}},
        "$defs": {"T": {"$anchor": "T", "type": "integer"}},
    }
    schema = {
        "$id": "https://x.example/root",
        "type": "object",
        "properties": {"b": {"$ref": "inner"}, "c": {"$ref": "/inner#T"}},
        "$defs": {"T": {"$anchor": "T", "type": "string"}, "I": inner},
    }

    assert [True, False, True, False, False] == verdicts(
        schema,
        {"b": {"v": 1}},
        {"b": {"v": "x"}},
        {"c": 1},
        {"c": "x"},
        {"b": {"w": "x"}},
    )


def test_dynamic_references_depend_on_what_led_there() -> None:
    """The outermost resource that has the anchor is meant."""
    tree = {
        "$id": "https://x.example/tree",
        "$dynamicAnchor": "node",
        "type": "object",
        "properties": {
            "children": {"type": "array", "items": {"$dynamicRef": "#node"}}
        },
    }
    strict = {
        "$id": "https://x.example/strict",
        "$dynamicAnchor": "node",
        "$ref": "tree",
        "properties": {"name": {"type": "string"}},
        "required": ["name"],
    }
    schema = {
        "type": "object",
        "properties": {"s": {"$ref": "strict"}, "t": {"$ref": "tree"}},
        "$id": "https://x.example/root",
        "$defs": {"tree": tree, "strict": strict},
    }
    named: dict[str, Any] = {"name": "n"}

    assert [True, True, False] == verdicts(
        schema,
        {"t": {"children": [{"children": []}]}},
        {"s": {**named, "children": [named]}},
        {"s": {**named, "children": [{"children": []}]}},
    )


def test_a_schema_beside_it(tmp_path: Path) -> None:
    """A reference to a file leads there, by path or by the URI of the schema."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "crate.yaml").write_text(
        "$defs: {Crate: {type: integer, maximum: 9}}\n", "utf-8"
    )
    ours = {
        "type": "object",
        "properties": {"c": {"$ref": "parts/crate.yaml#/$defs/Crate"}},
    }
    for own in ({}, {"$id": "https://x.example/ours.json"}):
        file = tmp_path / "ours.json"
        file.write_text(json.dumps({**own, **ours}), "utf-8")
        text = finish(draft(read_schema(str(file), LIMIT))).text
        package = compile_text(text, targets=("validators",)).package

        assert [True, False] == [package.is_valid({"c": one}) for one in (9, 10)]


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    """A reference that leads out of the folder of the schema is refused."""
    (tmp_path / "secret.json").write_text('{"type": "string"}', "utf-8")
    (tmp_path / "in").mkdir()
    file = tmp_path / "in" / "ours.json"
    for reference in ("../secret.json", (tmp_path / "secret.json").as_uri()):
        schema = {"type": "object", "properties": {"c": {"$ref": reference}}}
        file.write_text(json.dumps(schema), "utf-8")
        with pytest.raises(Faults) as caught:
            draft(read_schema(str(file), LIMIT))

        assert ["remote-reference"] == [one.rule for one in caught.value.diagnostics]


def test_metaschemas_are_known() -> None:
    """A reference to a metaschema needs no net."""
    natural = f"{DIALECTS[2].uri}#/definitions/nonNegativeInteger"
    schema = {"type": "object", "properties": {"n": {"$ref": natural}}}

    assert [True, False] == verdicts(schema, {"n": 1}, {"n": -1})


# --- where it comes from ----------------------------------------------------------


def test_yaml_and_standard_input() -> None:
    """A schema can be YAML, and come from standard input."""
    text = "type: object\nproperties: {no: {type: string, maxLength: 3}}\n"

    done = run_shapespec("import", "json-schema", "-", stdin=text)

    assert 0 == done.returncode
    assert "'no': {type: string, length: {max: 3}}" in done.stdout


def test_url_needs_leave() -> None:
    """A URL is refused with the option that allows it."""
    with pytest.raises(Unusable, match="with --allow-net"):
        read_schema("https://schemas.example/a.json", LIMIT)


def test_root_by_pointer() -> None:
    """With a pointer, a part of a document is the root; references lead on."""
    schema = {
        "components": {
            "Order": {
                "type": "object",
                "properties": {"a": {"$ref": "#/components/Item"}},
            },
            "Item": {"type": "object", "properties": {"n": {"type": "integer"}}},
        },
    }
    made = draft(json_file(schema), reading=SchemaOptions(root="/components/Order"))
    package = compile_text(finish(made).text, targets=("validators",)).package

    assert ("Order",) == made.roots
    assert [True, False] == [package.is_valid({"a": {"n": one}}) for one in (1, "x")]


@pytest.mark.parametrize("pointer", ["/nowhere", "components", "/components/0"])
def test_root_that_is_not_there(pointer: str) -> None:
    """A pointer to nothing is refused."""
    with pytest.raises(Unusable):
        draft(json_file({"components": {}}), reading=SchemaOptions(root=pointer))


def test_rules_of_several_structures_have_different_ids() -> None:
    """Conditions of several structures become rules of which each has its own id."""
    inner = {
        name: {
            "type": "object",
            "if": {"required": ["x"]},
            "then": {"required": [name]},
        }
        for name in ("red", "green")
    }
    text = finish(draft(json_file({"type": "object", "properties": inner}))).text
    package = compile_text(text).package

    assert "note[unsupported-keyword]" not in text
    for name in inner:
        assert package.is_valid({name: {"x": 1, name: 1}})
        (finding,) = package.validate({name: {"x": 1}})
        assert f"source-{name}-if" == finding.rule


@pytest.mark.parametrize(
    ("schema", "right", "wrong"),
    [
        ({"minItems": 2, "maxItems": 1}, "x", []),
        ({"minimum": 3, "exclusiveMaximum": 3}, "x", 3),
        ({"type": ["string", "integer"], "minLength": 2, "maxLength": 1}, 1, "ab"),
        ({"oneOf": [{"type": "null"}, {}]}, 1, None),
        ({"items": {"not": {"type": "null"}}}, [1], [None]),
        ({"type": ["object", "string"], "if": {}, "then": {"type": "string"}}, "x", {}),
        ({"type": ["object", "string"], "anyOf": [{"type": "string"}]}, "x", {}),
    ],
)
def test_what_contradicts_itself_is_refused(
    schema: Any, right: Any, wrong: Any
) -> None:
    """Bounds and options that no value of a type can satisfy leave the other types."""
    whole = {"type": "object", "properties": {"v": schema}}
    package = compile_text(finish(draft(json_file(whole))).text).package

    assert package.is_valid({"v": right})
    assert not package.is_valid({"v": wrong})


def test_numbers_that_may_be_null_are_asked_about() -> None:
    """A condition about members of which one lists numbers and null is carried."""
    schema = {
        "type": "object",
        "properties": {"a": {"type": ["number", "null"], "enum": [1, None]}, "b": {}},
        "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
    }
    package = compile_text(finish(draft(json_file(schema))).text).package

    assert [True, True, False] == [
        package.is_valid(one) for one in ({"a": 1}, {"b": 1}, {"a": 1, "b": 1})
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1,\n "a": 2}', ":2:2: this cannot be read: an object has the key 'a'"),
        (
            '{"a": "1e999",\n "maximum": 1e400}',
            ":2:13: this cannot be read: the number",
        ),
        ('{"maximum": NaN}', ":1:13: this cannot be read: NaN is not a JSON number"),
        ('{"maximum": ' + "9" * 5000 + "}", ":1:13: this cannot be read: a number of"),
    ],
)
def test_what_json_cannot_hold_has_a_place(
    tmp_path: Path, text: str, said: str
) -> None:
    """A key that comes twice and a number without a value have line and column."""
    file = tmp_path / "schema.json"
    file.write_text(text, "utf-8")

    with pytest.raises(Unusable) as refused:
        read_schema(str(file), 10_000)

    assert f"schema.json{said}" in str(refused.value)


def test_what_no_option_tells_apart_is_none_of_them() -> None:
    """`oneOf` of two schemas that say nothing of a type has no value of that type."""
    options = [
        {"properties": {name: {"type": "string"}}, "required": [name]} for name in "ab"
    ]
    schema = {"type": "object", "properties": {"v": {"oneOf": options}}}
    package = compile_text(finish(draft(json_file(schema))).text).package

    assert package.is_valid({"v": {"a": "x"}})
    for wrong in ("x", 1, [], {}, True):
        assert not package.is_valid({"v": wrong})


@pytest.mark.parametrize("tag", [{}, {"kind": {"const": "a"}}])
def test_an_option_may_have_options(tag: dict[str, Any]) -> None:
    """A choice among objects of which one is a choice itself becomes a spec."""
    inner = [{"properties": {"p": {"type": "string"}}}, {"properties": {"q": {}}}]
    one = {"properties": {"x": {}, **tag}, "required": ["x", *tag], "oneOf": inner}
    two = {"properties": {"y": {}, "kind": {"const": "b"}}, "required": ["y", "kind"]}
    options = [{"type": "object", **one}, {"type": "object", **two}]
    schema = {"type": "object", "properties": {"v": {"oneOf": options}}}
    package = compile_text(finish(draft(json_file(schema))).text).package

    assert package.is_valid({"v": {"y": 1, "kind": "b"}})
    assert not package.is_valid({"v": 1})


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"$ref": "#"}, "#"),
        ({"allOf": [{"$ref": "#"}]}, "#"),
        ({"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}}, "#/$defs/A"),
    ],
)
def test_a_root_that_leads_back_to_itself_has_a_place(
    tmp_path: Path, schema: Any, place: str
) -> None:
    """It says nothing, which is an error at the reference."""
    file = tmp_path / "round.json"
    file.write_text(json.dumps(schema), "utf-8")
    with pytest.raises(Faults) as raised:
        draft(read_schema(str(file), 1_000_000))
    (told,) = raised.value.diagnostics

    assert told.rule == "circular-reference"
    assert place in told.message
    assert told.primary is not None


@pytest.mark.parametrize("schema", [True, False])
def test_a_schema_without_keywords_is_no_contract(schema: bool) -> None:  # noqa: FBT001
    """`true` is a schema, and nothing that a spec could be about."""
    with pytest.raises(Unusable):
        draft(json_file(schema, "all.json"))


def test_dependencies_on_a_schema_and_on_names() -> None:
    """Both stand in one `dependencies`, which `referencing` cannot crawl."""
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "properties": {"a": {"$ref": "#/definitions/A"}, "b": {}, "c": {}},
        "dependencies": {"a": {"required": ["c"]}, "b": ["c"]},
        "definitions": {"A": {"type": "string"}},
    }
    made = finish(draft(json_file(schema, "both.json")))
    package = compile_text(made.text, targets=("validators",)).package

    assert package.is_valid({"a": "x", "b": 1, "c": 2})
    for wrong in ({"a": "x"}, {"b": 1}, {"a": 1, "c": 2}):
        assert not package.is_valid(wrong)
