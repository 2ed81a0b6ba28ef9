"""What importers cannot carry over is in the spec, and `diff` counts it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from shapespec.cli import shapespec as command
from shapespec.compiler import compile_spec
from shapespec.drafts import finish
from shapespec.drafts.limits import LIMITATIONS, STRICTER, WITHOUT_EFFECT
from shapespec.ground.source import SourceFile
from shapespec.importers.json_schema.spec import draft
from shapespec.lsp.formatting import formatted
from tests.support import compile_text
from tests.support.import_cases import json_file

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def shapespec(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [*map(str, arguments)])


def diff(tmp_path: Path, old: Any, new: Any) -> Result:
    """Two JSON values, compared as files."""
    files = [tmp_path / "a.json", tmp_path / "b.json"]
    for file, value in zip(files, (old, new), strict=True):
        file.write_text(json.dumps(value), "utf-8")
    return shapespec("diff", *files)


def schema(**members: Any) -> dict[str, Any]:
    return {"$schema": DIALECT, "type": "object", "properties": members}


def text_of(given: Any) -> str:
    return finish(draft(json_file(given, "orders.json"))).text


LEFT_OUT = (
    ("not", {"type": "integer"}, {"not": {"const": 4}}, {"not": {"const": 5}}),
    (
        "not beside options",
        {"anyOf": [{"type": "integer", "minimum": 3}, {"type": "number"}]},
        {"not": {"enum": [4]}},
        {"not": {"enum": [5]}},
    ),
    (
        "not beside options of one type",
        {"oneOf": [{"type": "integer", "minimum": 2}, {"multipleOf": 3}]},
        {"not": {"const": 4}},
        {"not": {"const": 5}},
    ),
    (
        "if beside options",
        {"anyOf": [{"type": "integer"}, {"type": "number", "minimum": 1}]},
        {"if": {"minimum": 4}, "then": {"multipleOf": 2}},
        {"if": {"minimum": 4}, "then": {"multipleOf": 3}},
    ),
    (
        "contains",
        {"type": "array"},
        {"contains": {"const": 1}},
        {"contains": {"const": 2}},
    ),
    (
        "oneOf that overlap",
        {},
        {"oneOf": [{"type": "integer", "minimum": 1}, {"type": "number"}]},
        {"oneOf": [{"type": "integer", "minimum": 2}, {"type": "number"}]},
    ),
    (
        "patternProperties",
        {"type": "object", "properties": {"a": {"type": "string"}}},
        {"patternProperties": {"^x": {"type": "integer"}}},
        {"patternProperties": {"^y": {"type": "integer"}}},
    ),
    (
        "then",
        {"type": "integer", "if": {"minimum": 3}},
        {"then": {"multipleOf": 2}},
        {"then": {"multipleOf": 3}},
    ),
    (
        "minProperties",
        {"type": "object", "properties": {"a": {}}},
        {"minProperties": 1},
        {"minProperties": 2},
    ),
    (
        "dependentRequired of odd names",
        {"type": "object", "properties": {"a-b": {}, "c": {}}},
        {"dependentRequired": {"a-b": ["c"]}},
        {"dependentRequired": {"c": ["a-b"]}},
    ),
    (
        "pattern",
        {"type": "string"},
        {"pattern": "(x+)\\1"},
        {"pattern": "(y+)\\1"},
    ),
)


@pytest.mark.parametrize(
    ("base", "one", "other"),
    [case[1:] for case in LEFT_OUT],
    ids=[case[0] for case in LEFT_OUT],
)
def test_a_keyword_that_is_not_carried_is_compared(
    tmp_path: Path, base: Any, one: Any, other: Any
) -> None:
    """Schemas that differ in nothing else differ."""
    sides = (schema(v=base), schema(v={**base, **one}), schema(v={**base, **other}))
    for old in sides:
        for new in sides:
            done = diff(tmp_path, old, new)

            assert (old is not new) == done.exit_code, done.output
            assert (old is new) == (done.output == "no changes\n")
            told = ("not carried: " in done.output, "rule" in done.output)
            assert old is new or any(told)


def test_what_it_refers_to_is_compared(tmp_path: Path) -> None:
    """A keyword says something else where a schema does that it leads to."""
    base = schema(v={"type": "array", "contains": {"$ref": "#/$defs/One"}})
    one = {"One": {"$ref": "#/$defs/Two"}, "Two": {"type": "integer", "minimum": 1}}
    two = {**one, "Two": {**one["Two"], "minimum": 2}}
    round_ = {**one, "One": {"items": {"$ref": "#/$defs/One"}}}

    for old, new in ((one, two), (one, round_), (round_, two)):
        done = diff(tmp_path, {**base, "$defs": old}, {**base, "$defs": new})
        assert 1 == done.exit_code
        assert "#/properties/v/contains says something else" in done.output


def test_annotations_are_not_compared(tmp_path: Path) -> None:
    """Titles, comments, examples and unknown keywords within it make no difference."""
    one = {"type": "array", "contains": {"type": "integer", "minimum": 1}}
    noise = {"title": "N", "$comment": "c", "x-a": {"not": {}}, "examples": [2]}
    other = {"type": "array", "contains": {"minimum": 1, **noise, "type": "integer"}}

    done = diff(tmp_path, schema(v=one), schema(v=other))

    assert (0, "no changes\n") == (done.exit_code, done.output)


@pytest.mark.parametrize(
    ("was", "now", "what"),
    [
        (None, "looser", "looseness-added"),
        ("looser", None, "looseness-removed"),
        ("looser", "looser", "looseness-changed"),
        (None, "stricter", "strictness-added"),
        ("stricter", None, "strictness-removed"),
        ("stricter", "stricter", "strictness-changed"),
        (None, "none", "documentation-added"),
    ],
)
def test_what_a_change_is_called(
    tmp_path: Path, was: str | None, now: str | None, what: str
) -> None:
    """It is a change of its own for what it makes of the spec."""
    paths = []
    for number, effect in enumerate((was, now)):
        spec = (
            "shapespec: 1\npackage: p\nshapes:\n  A: {type: structure, members: {}}\n"
        )
        if effect:
            place = f"{{at: A, keyword: not, digest: {number:08x}}}"
            spec += (
                f"not_carried:\n  some-limit:\n    effect: {effect}\n"
                f"    means: it is left out\n    places: [{place}]\n"
            )
        paths.append(tmp_path / f"{number}.yaml")
        paths[-1].write_text(spec, "utf-8")

    done = shapespec("diff", *paths, "--format", "json")

    (change,) = map(json.loads, done.output.splitlines())
    assert what == change["change"]
    assert "some-limit (root) not" == change["key"]


def test_spec_says_what_is_not_carried() -> None:
    """Each note is an entry with its place, keyword and digest; the text compiles."""
    given = schema(
        a={"type": "integer", "not": {"const": 3}},
        b={"type": "string", "format": "date-time", "minLength": 3},
    )
    text = text_of(given)
    found = compile_spec(SourceFile("orders.yaml", text)).not_carried

    assert [
        ("format-checked", "stricter", "", ""),
        ("text-length", "stricter", "Orders.b", "minLength"),
        ("unsupported-keyword", "looser", "Orders.a", "not"),
    ] == [(one.rule, one.effect, one.at, one.keyword) for one in found]
    assert [LIMITATIONS[one.rule] for one in found] == [one.means for one in found]
    assert formatted(text) is not None


def test_verdicts_do_not_depend_on_it() -> None:
    """The section changes no generated code."""
    text = text_of(schema(a={"type": "integer", "not": {"const": 3}}))
    bare = text.partition("not_carried:")[0]

    assert bare != text
    assert compile_text(text).package.is_valid({"a": 3})
    assert compile_text(bare).package.is_valid({"a": 3})


def test_those_of_imported_specs_count(tmp_path: Path) -> None:
    """The entries of another spec come along, with the names that its shapes get."""
    (tmp_path / "pyproject.toml").write_text("")
    other = tmp_path / "orders.yaml"
    other.write_text(text_of(schema(a={"type": "integer", "not": {"const": 3}})))
    spec = tmp_path / "spec.yaml"
    spec.write_text(
        "shapespec: 1\npackage: p\nnulls: invalid\nimports: {o: orders.yaml}\n"
        "shapes:\n  A: {type: structure, members: {x: o.Orders}}\n"
    )
    done = shapespec("audit", spec)

    assert "not carried (looser): OOrders.a not: a keyword that" in done.output
    assert "1 not carried: 1 looser" in done.output


def test_reference_lists_it(tmp_path: Path) -> None:
    """The first page of the reference and the site say what the source says besides."""
    spec = tmp_path / "spec.yaml"
    spec.write_text(text_of(schema(a={"type": "integer", "not": {"const": 3}})))
    targets = ("--target", "docs", "--target", "site")
    made = shapespec("generate", spec, "--out", tmp_path / "out", *targets)

    assert 0 == made.exit_code, made.output
    page = (tmp_path / "out/docs/orders/README.md").read_text("utf-8")
    assert "## Not carried over\n" in page
    assert "left out: `Orders.a` `not`\n" in page
    site = (tmp_path / "out/site/orders/index.html").read_text("utf-8")
    assert "left out: <code>Orders.a</code> <code>not</code></li>" in site


def test_effects_are_of_known_limitations() -> None:
    """A limitation is stricter, without effect, or neither, and not both."""
    assert {*LIMITATIONS} >= STRICTER | WITHOUT_EFFECT
    assert not STRICTER & WITHOUT_EFFECT


def description(**answer: Any) -> dict[str, Any]:
    body = {"application/json": {"schema": answer}}
    responses = {"200": {"description": "", "content": body}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "getA", "responses": responses}}},
    }


def test_openapi_descriptions_are_compared(tmp_path: Path) -> None:
    """Descriptions are sides as they are, and what is not carried of them counts."""
    old, new = (
        description(type="object", properties={"a": {"type": "integer", "not": limit}})
        for limit in ({"const": 1}, {"const": 2})
    )

    assert "no changes\n" == diff(tmp_path, old, old).output
    done = diff(tmp_path, old, new)
    assert 1 == done.exit_code
    assert "/not says something else in the source" in done.output


def test_services_are_compared() -> None:
    """An operation of the installed botocore is a side by its address."""
    pytest.importorskip("botocore")
    address = "aws:sts:GetCallerIdentity"

    assert "no changes\n" == shapespec("diff", address, address).output


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"enum": [1]}, {"enum": [3]}),
        ({"type": "array", "minItems": 1}, {"type": "array", "minItems": 2}),
        (
            {"type": "object", "maxProperties": 1},
            {"type": "object", "maxProperties": 2},
        ),
        ({"type": "string", "pattern": "^a"}, {"type": "string", "pattern": "^b"}),
        ({"type": "number", "minimum": 0}, {"type": "number", "exclusiveMinimum": 0}),
    ],
)
def test_what_is_said_of_a_root_is_compared(tmp_path: Path, old: Any, new: Any) -> None:
    """A root that is a list, a map or a simple value has constraints of its own."""
    done = diff(tmp_path, old, new)

    assert 1 == done.exit_code
    assert " the response " in done.output


@pytest.mark.parametrize(
    ("endless", "place"),
    [
        ({"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/L"}}, "minItems"),
        (
            {"type": "array", "minItems": 2, "prefixItems": [{"$ref": "#/$defs/L"}]},
            "minItems",
        ),
        (
            {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {"$ref": "#/$defs/L"},
            },
            "minProperties",
        ),
    ],
)
def test_a_bound_that_has_no_end_is_named_where_it_stands(
    endless: dict[str, Any], place: str
) -> None:
    """A list or map of values like itself may be empty; who says otherwise is told."""
    member = {"a": {"$ref": "#/$defs/L"}}
    whole = {"type": "object", "properties": member, "$defs": {"L": endless}}

    text = finish(draft(json_file(whole))).text

    compile_text(text)
    assert f"source: '#/$defs/L/{place}: at least {endless[place]}'" in text
