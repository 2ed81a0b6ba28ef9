"""Service models and schemas that become specs, and what these are compiled into.

The cases are in `tests/cases/imports/`, see `tests/support/import_cases.py`;
`pytest --update` rewrites what they expect.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from shapespec.compiler import compile_spec
from shapespec.contract.schema import BUILT_IN, Structure
from shapespec.drafts import finish
from shapespec.drafts.limits import LIMITATIONS
from shapespec.drafts.packages import package_name
from shapespec.drafts.reach import claiming
from shapespec.ground.errors import Unusable
from shapespec.ground.source import SourceFile
from shapespec.importers.json_file import MAX_DEPTH, read_json
from shapespec.importers.json_schema.spec import (
    SchemaOptions,
    draft as json_schema_draft,
)
from shapespec.patterns import PatternRefused, translate
from shapespec.patterns.ecmascript import as_java
from shapespec.project.files import MAX_SPEC_BYTES
from tests.support import ROOT, compile_text
from tests.support.import_cases import (
    CASES,
    FOLDERS,
    NAMES,
    draft_of,
    json_file,
    outcome,
)

Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

GUIDE = (ROOT / "spec" / "importing.md").read_text("utf-8")
ORDERS = CASES / "json-schema" / "orders" / "source.json"
ALL = ("json-schema", "dataclasses", "validators", "docs")

ODD_SERVICES = (
    "datapipeline",
    "efs",
    "glacier",
    "health",
    "lex-runtime",
    "rbin",
    "rds-data",
    "sagemaker-runtime",
    "signer",
    "signin",
    "sqs",
    "sts",
)
"""Shapes named like built-in types or like each other, enums whose values clash,
members that are keywords, sparse lists, streams, JSON in texts, refused patterns."""


def spec_of(schema: object) -> str:
    """The spec of a JSON Schema."""
    return finish(json_schema_draft(json_file(schema))).text


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


# --- the cases ------------------------------------------------------------------


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_case(folder: Path, *, update: bool) -> None:
    """A source gives the spec and the notes in its folder."""
    actual = outcome(folder)
    if update:
        (folder / "spec.yaml").write_text(actual.spec, "utf-8")
        (folder / "notes.txt").write_text(actual.notes, "utf-8")

    assert (folder / "spec.yaml").read_text("utf-8") == actual.spec
    assert (folder / "notes.txt").read_text("utf-8") == actual.notes


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_case_generates(folder: Path) -> None:
    """Every target is generated, and every public name of the package is there."""
    made = compile_text((folder / "spec.yaml").read_text("utf-8"), targets=ALL)

    for name in made.package.__all__:
        assert hasattr(made.package, name)
    for root in made.schema.roots:
        Draft202012Validator.check_schema(made.json_schema(root))


def test_every_limitation_is_shown_and_explained() -> None:
    """Each limitation is met in a case, and has a row in the guide."""
    specs = [(folder / "spec.yaml").read_text("utf-8") for folder in FOLDERS]
    met = {rule for text in specs for rule in re.findall(r"# note\[([a-z-]+)\]", text)}
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.*?) \|", GUIDE, re.MULTILINE))

    assert {*LIMITATIONS} == met
    assert {*LIMITATIONS} <= {*rows}
    for rule, meaning in LIMITATIONS.items():
        assert rows[rule].startswith(meaning[0].upper() + meaning[1:])


# --- JSON Schema ----------------------------------------------------------------


def values_of(folder: Path) -> dict[str, Any]:
    """What a case's values are, by whether they are right."""
    found: dict[str, Any] = json.loads((folder / "values.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("name", ["orders", "draft-07", "choices", "conditions"])
def test_json_schema_means_the_same(name: str) -> None:
    """What the schema accepts and refuses, the generated package does, too."""
    folder = CASES / "json-schema" / name
    schema = json.loads((folder / "source.json").read_text("utf-8"))
    source = validator_for(schema)(schema)
    made = compile_text((folder / "spec.yaml").read_text("utf-8"), targets=ALL)
    (root,) = made.schema.roots
    ours = Draft202012Validator(made.json_schema(root))
    values = values_of(folder)

    for value in values["valid"]:
        assert source.is_valid(value), value
        assert made.package.is_valid(value, shape=root), value
        assert ours.is_valid(value), value
    for value in values["invalid"]:
        assert not source.is_valid(value), value
        assert not made.package.is_valid(value, shape=root, strict=True), value


def test_orders_one_fault_at_a_time() -> None:
    """Each member that is required, and each bound, is enforced as the schema does."""
    folder = CASES / "json-schema" / "orders"
    schema = json.loads(ORDERS.read_text("utf-8"))
    source = Draft202012Validator(schema)
    made = compile_text((folder / "spec.yaml").read_text("utf-8"))
    page = values_of(folder)["valid"][-1]

    checked = 0
    for path in _paths(page):
        for other in ("", [], {}, -1, 0.5, True, "x" * 300):
            changed = _with(page, path, other)
            checked += 1
            ours = made.package.is_valid(changed, shape="OrderPage", strict=True)

            if _is_noted(path):
                continue
            assert source.is_valid(changed) == ours, (path, other)
    assert checked > 300


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    match value:
        case dict():
            return found + [
                p for key in value for p in _paths(value[key], (*path, key))
            ]
        case list():
            return found + [
                p for at, one in enumerate(value) for p in _paths(one, (*path, at))
            ]
    return found


def _with(page: Any, path: tuple[Any, ...], value: object) -> Any:
    changed = deepcopy(page)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


def _is_noted(path: tuple[Any, ...]) -> bool:
    """Whether the spec has a note there, or enforces more than the annotation does."""
    looser = {"attributes", "placed_at", "sent_at", "received_at", "signature"}
    return not looser.isdisjoint(path)


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ([], "is not a JSON Schema: expected an object"),
        ({}, "defines no object that a spec could describe"),
        (True, "defines no object that a spec could describe"),
    ],
    ids=str,
)
def test_what_is_no_object(schema: object, message: str) -> None:
    """A schema without any object is refused in clear words."""
    with pytest.raises(Unusable, match=message):
        spec_of(schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"$ref": "#/properties/a"}}},
        {"properties": {"a": {"$ref": "#/properties"}}},
        {"properties": {"a": {"allOf": [{"$ref": "#"}, {"$ref": "#"}], "minimum": 3}}},
        {"properties": {"a": {"items": {"$ref": "#/properties/a", "minItems": 1}}}},
        {
            "properties": {
                "a": {"anyOf": [{"$ref": "#/properties/a"}, {"type": "null"}]}
            }
        },
        {"properties": {"a": {"enum": []}, "b": {"type": "string", "enum": [1]}}},
        {"properties": {"class": {}, "def": {}, "a b": {}, "\ud800": {}, "1": {}}},
        {"properties": {"a": {"type": "number", "minimum": 3, "maximum": 1e308}}},
    ],
    ids=lambda schema: json.dumps(schema)[:60],
)
def test_odd_schema(schema: dict[str, Any]) -> None:
    """A schema however odd becomes a spec that compiles, or compiles."""
    text = spec_of({"type": "object", **schema})

    assert compile_text(text, targets=ALL).package.__all__


def test_root_that_is_a_list_of_what_leads_back_to_it() -> None:
    """A root can be a list, also by reference, and what it holds can refer to it."""
    tree = {"type": "object", "properties": {"parts": {"$ref": "#"}}}
    alias = {"$ref": "#/$defs/Trees"}
    trees = {"type": "array", "items": {"$ref": "#/$defs/Tree"}}

    own = spec_of({**trees, "$defs": {"Tree": tree}})
    other = spec_of({**alias, "$defs": {"Trees": trees, "Tree": tree}})

    for text, root in ((own, "Source"), (other, "Trees")):
        assert (root,) == compile_spec(SourceFile("tree.yaml", text)).roots


def test_required_members_of_all_options() -> None:
    """What all options require is required, and null is right where they allow it."""
    options = [
        {
            "properties": {"a": {"type": kind}, "b": {"type": [kind, "null"]}},
            "required": ["a", "b", "c", "d"],
        }
        for kind in ("string", "string")
    ]
    base = {"c": {"type": "string"}, "d": {"type": ["string", "null"]}}

    text = spec_of({"type": "object", "properties": base, "oneOf": options})
    schema = compile_spec(SourceFile("options.yaml", text))
    shape = schema.shapes[schema.roots[0]]

    assert isinstance(shape, Structure)
    assert {*"abcd"} == {one.name for one in shape.members if one.required}
    assert {"b", "d"} == {one.name for one in shape.members if one.nullable}


def test_references_in_a_chain_and_in_a_fan() -> None:
    """A thousand definitions in a row are read, and parts that double at each step."""
    chain = {
        f"D{at}": {
            "type": "object",
            "properties": {"next": {"$ref": f"#/$defs/D{at + 1}"}},
        }
        for at in range(1000)
    }
    fan = {
        f"F{at}": {"allOf": [{"$ref": f"#/$defs/F{at + 1}"}] * 2} for at in range(60)
    }
    ends = {"D1000": {"type": "object"}, "F60": {"type": "object"}}
    root = {"a": {"$ref": "#/$defs/D0"}, "b": {"$ref": "#/$defs/F0"}}

    text = spec_of(
        {"type": "object", "properties": root, "$defs": {**chain, **fan, **ends}}
    )

    assert len(compile_spec(SourceFile("chain.yaml", text)).roots) == 1


# --- files ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "source.json:1:2: this is not JSON"),
        ('{"a": 1, "a": 2}', "has the key 'a' twice"),
        ('{"a": NaN}', "NaN is not a JSON number"),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "nested deeper than"),
        ("[" * 100_000, "nested deeper than|no JSON"),
    ],
    ids=["cut", "twice", "nan", "deep", "deeper"],
)
def test_file_that_is_no_json(tmp_path: Path, text: str, message: str) -> None:
    """What is no JSON is refused with its place and the reason."""
    file = tmp_path / "source.json"
    file.write_text(text)

    with pytest.raises(Unusable, match=message):
        read_json(file, MAX_SPEC_BYTES)


# --- names ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "operations", "name"),
    [
        ("s3", (), "s3"),
        ("lambda", (), "lambda_api"),
        ("signal", (), "signal_api"),
        ("lex-runtime", ("PostText",), "lex_runtime_post_text"),
        ("sqs", ("A", "B"), "sqs"),
        ("2Fast", (), "api_2_fast"),
        ("ÄÖ", (), "api"),
        ("shapespec", (), "shapespec_api"),
    ],
)
def test_package_name(subject: str, operations: tuple[str, ...], name: str) -> None:
    """A package's name can be imported and is that of no module of Python."""
    assert name == package_name(subject, operations)


@pytest.mark.parametrize("name", [*BUILT_IN, "list", "Any", "None", "StrEnum", "_1"])
def test_shapes_named_like_something_else(name: str) -> None:
    """A shape may be called like a type, a keyword or a class that is in use."""
    member = {"shape": name}
    data = {
        "metadata": {"serviceFullName": "Names"},
        "operations": {"Get": {"name": "Get", "output": {"shape": "Out"}}},
        "shapes": {
            "Out": {
                "type": "structure",
                "members": {name: member, name.upper(): member},
            },
            name: {"type": "structure", "members": {"value": {"shape": "Out"}}},
        },
    }

    made = compile_text(finish(draft_of("botocore", json_file(data), "names")).text)
    value = made.package.Out.from_response({name: {}})

    assert {name: {}} == value.to_response()


# --- patterns of ECMA-262 ---------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [
        ("^[a-z]+$", ["a"], ["", "a\n", "A"]),
        ("b", ["b", "abc", "\nb\n"], ["", "ac"]),
        ("^a|b$", ["a", "ax", "xb"], ["xa", "bx", "b\n"]),
        ("(^a$)|c", ["a", "xc\n"], ["a\n", "b"]),
        ("^.$", ["a", "\x85"], ["\n", "\r", "\u2028", ""]),
        (r"^\s$", [" ", "\xa0", "\ufeff", "\v"], ["a", "\x85"]),
        (r"^[^\s]$", ["a", "\x85"], ["\u3000", "\n"]),
        (r"^[\w-.]$", ["-", ".", "_"], ["[", " "]),
        ("^[[&&a]$", ["[", "&", "a"], ["b"]),
        ("^[]$", [], ["", "a"]),
        ("^[^]$", ["a", "\n"], [""]),
        (r"^\/\-\cJ\x41\u0042\u{43}$", ["/-\nABC"], ["/-JABC"]),
        ("^{x}$", ["{x}"], ["x"]),
        ("^(?<year>[0-9]{4})$", ["2025"], ["25"]),
        ("^[\\b]\\v\\0$", ["\b\v\0"], ["b"]),
        ("", ["", "\n"], []),
        ("^.*x", ["x", "ax", "axb\n"], ["\nx"]),
        (".*x.*", ["x", "\nx\n"], ["y"]),
    ],
)
def test_pattern_of_ecma(pattern: str, right: list[str], wrong: list[str]) -> None:
    """A pattern that searches becomes one that matches the whole: the same one."""
    whole = re.compile(translate(as_java(pattern)).python)

    for text in right:
        assert whole.fullmatch(text), text
    for text in wrong:
        assert not whole.fullmatch(text), text


@pytest.mark.parametrize(
    "pattern",
    [r"(a)\1", r"\k<a>", r"\h", "a++", "[a", "(?>a)", "\\", r"\p{Script=Greek}"],
)
def test_pattern_of_ecma_refused(pattern: str) -> None:
    """What cannot be carried over exactly is refused with its reason."""
    with pytest.raises(PatternRefused):
        translate(as_java(pattern))


# --- the command ------------------------------------------------------------------


def test_import_generate_validate(run: Run, tmp_path: Path) -> None:
    """A schema of one's own becomes a package that judges documents."""
    (tmp_path / "orders.schema.json").write_bytes(ORDERS.read_bytes())
    (tmp_path / "page.json").write_text('{"orders": [], "total": -1}')

    made = run("import", "json-schema", "orders.schema.json", "--docs", "-o", "o.yaml")
    generated = run("generate", "o.yaml", "--out", "out")
    judged = run("validate", "page.json", "--spec", "o.yaml")

    assert (0, 0, 1) == (made.returncode, generated.returncode, judged.returncode)
    assert "note[format-checked]: 2 × a format is checked" in made.stderr
    assert "page.json:1:16: error[range] /total" in judged.stdout
    assert "How far an order has come." in (tmp_path / "o.yaml").read_text()


def test_members_called_id_are_no_identifiers() -> None:
    """In draft-04 objects of a list may have a member `id`, whatever it may be."""
    code = {"anyOf": [{"type": "string", "pattern": "^a"}, {"type": "null"}]}
    members = {"id": {"$ref": "#/definitions/code"}, "to": {"type": "string"}}
    schema = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "object",
        "properties": {"items": {"type": "array", "items": {"properties": members}}},
        "definitions": {"code": code},
    }

    made = finish(
        json_schema_draft(json_file(schema), reading=SchemaOptions(infer_types=True))
    )

    judge = compile_text(made.text).package.is_valid
    assert judge({"items": [{"id": None, "to": "b"}, {"id": "ab"}]})
    assert not judge({"items": [{"id": None, "to": None}]})
    assert not judge({"items": [{"id": "b"}]})


def test_options_of_a_circle_are_given_up_whole() -> None:
    """What leads back to itself is any value, and its other options are no roots."""
    schema = {
        "type": "object",
        "properties": {"b": {"$ref": "#/$defs/A"}},
        "$defs": {
            "A": {
                "oneOf": [
                    {"$ref": "#/$defs/A", "type": "integer"},
                    {"type": "object", "properties": {"c": {"type": "null"}}},
                ]
            }
        },
    }

    made = finish(json_schema_draft(json_file(schema)))

    assert "\nroots: [Source]\n" in made.text
    assert compile_text(made.text).package.is_valid({"b": {"c": None}})


def test_import_of_a_service(run: Run) -> None:
    """A service becomes a spec on standard output, with what it was made of."""
    pytest.importorskip("botocore")

    done = run("import", "botocore", "sqs", "--operation", "SendMessage")

    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.startswith("# Written by `shapespec import botocore sqs")
    assert "\npackage: sqs_send_message\n" in done.stdout
    assert "doc:" not in done.stdout.partition("\nshapes:")[2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("json-schema", "missing.json"), "cannot read missing.json"),
        (("json-schema", "x.json", "--operation", "A"), "which have no operations"),
        (
            ("json-schema", "x.json", "--edition", "1"),
            "are for evidence, not for specs",
        ),
        (
            ("json-schema", "x.json", "--evidence"),
            "evidence cannot be made from json-schema",
        ),
        (("smithy", "list.json"), 'expected an object with the keys "smithy"'),
        (("botocore", "sqss"), "did you mean sqs?"),
        (("botocore", "sqs", "--operation", "SendMesage"), "did you mean SendMessage?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_import_used_wrongly(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    """Wrong usage is one clear message and exit code 2."""
    if "botocore" in arguments:
        pytest.importorskip("botocore")
    (tmp_path / "list.json").write_text("[]")

    done = run("import", *arguments)

    assert 2 == done.returncode
    assert message in done.stderr
    assert "Traceback" not in done.stderr


# --- the sweep ------------------------------------------------------------------


def test_odd_services() -> None:
    """Twelve services with all their oddities pass the sweep: `make sweep` has all."""
    pytest.importorskip("botocore")

    done = subprocess.run(
        [sys.executable, "-m", "tests.sweep", *ODD_SERVICES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stderr), done.stdout
    assert re.search(r"^services +12 of 12$", done.stdout, re.MULTILINE)
    assert re.search(r"^samples disagreed +0$", done.stdout, re.MULTILINE)


# --- claims -------------------------------------------------------------------------


CLAIMING: dict[str, object] = {
    "metadata": {"serviceFullName": "Orchard"},
    "operations": {
        "PickApples": {
            "input": {"shape": "PickApplesInput"},
            "output": {"shape": "PickApplesOutput"},
        }
    },
    "shapes": {
        "PickApplesInput": {
            "type": "structure",
            "required": ["Tree"],
            "members": {"Tree": {"shape": "TreeName"}, "Note": {"shape": "Note"}},
        },
        "PickApplesOutput": {
            "type": "structure",
            "required": ["Left", "Count"],
            "members": {
                "Left": {"shape": "Trees"},
                "Count": {"shape": "Count"},
                "Tree": {"shape": "TreeName"},
            },
        },
        "TreeName": {"type": "string", "min": 2, "pattern": "[a-z]+"},
        "Trees": {"type": "list", "member": {"shape": "TreeName"}, "min": 1},
        "Count": {"type": "integer", "min": 1},
        "Note": {"type": "string", "max": 4},
    },
}


def claiming_spec() -> str:
    return finish(claiming(draft_of("botocore", json_file(CLAIMING), "orchard"))).text


@pytest.mark.parametrize(
    ("at", "value", "message"),
    [
        (("metadata", "apiVersion"), {}, "metadata.apiVersion: expected text"),
        (("metadata", "protocol"), ["json"], "metadata.protocol: expected text"),
        (("metadata", "serviceId"), 3, "metadata.serviceId: expected text"),
        (("shapes", "Count", "error"), "404", "shapes.Count.error: expected an object"),
        (("shapes", "Count", "queryName"), 1, "shapes.Count.queryName: expected text"),
        (("operations", "PickApples", "errors"), {}, "errors: expected a list"),
        (("operations", ""), {}, "operations: '' is not a name"),
    ],
)
def test_malformed_models(at: tuple[str, ...], value: object, message: str) -> None:
    """What a model says in the wrong type is named with its place."""
    model: Any = deepcopy(CLAIMING)
    *above, last = at
    part = model
    for name in above:
        part = part[name]
    part[last] = value

    with pytest.raises(Unusable, match=re.escape(message)):
        draft_of("botocore", json_file(model), "orchard")


LOANS: dict[str, object] = {
    "smithy": "2.0",
    "shapes": {
        "example#GetLoan": {"type": "operation", "output": {"target": "example#Loan"}},
        "example#Loan": {
            "type": "structure",
            "members": {"Days": {"target": "example#Days"}},
        },
        "example#Days": {"type": "list", "member": {"target": "smithy.api#String"}},
    },
}


@pytest.mark.parametrize(
    ("shape", "value", "message"),
    [
        (
            "example#Days",
            {"type": "string", "traits": {"smithy.api#length": {"max": -1}}},
            "example#Days: the trait `length`: `max`: expected a number of at least 0",
        ),
        (
            "example#Days",
            {"type": "integer", "traits": {"smithy.api#range": {"min": True}}},
            "example#Days: the trait `range`: `min`: expected a number",
        ),
        (
            "example#Days",
            {"type": "string", "traits": {"smithy.api#enum": True}},
            "example#Days: the trait `enum`: expected a list",
        ),
        ("", {"type": "string"}, "'' is not a shape id such as `example#Book`"),
        (
            "example#A$b",
            {"type": "string"},
            "'example#A$b' is not a shape id such as `example#Book`",
        ),
        (
            "example#Loan",
            {"type": "union", "members": {}},
            "the output of example#GetLoan is of type union; expected a structure",
        ),
    ],
)
def test_malformed_smithy_models(
    shape: str, value: dict[str, Any], message: str
) -> None:
    """So is what a Smithy model says."""
    model: Any = deepcopy(LOANS)
    model["shapes"][shape] = value

    with pytest.raises(Unusable, match=re.escape(message)):
        draft_of("smithy", json_file(model), "library")


def test_a_list_that_a_member_constrains_within_itself() -> None:
    """What cannot be said without end is a note."""
    model: Any = deepcopy(LOANS)
    length = {"smithy.api#length": {"max": 3}}
    inner = {"target": "example#Days", "traits": length}
    model["shapes"]["example#Days"]["member"] = inner

    made = finish(draft_of("smithy", json_file(model), "library"))

    assert "`example#Days` is constrained within itself" in made.text
    assert compile_text(made.text).package.is_valid({"Days": [[["a"]]]})


def test_constraints_of_responses_are_claims() -> None:
    """What a service model says of an output is a warning, which names the claim."""
    package = compile_text(claiming_spec()).package
    response = {"Left": [], "Tree": "A"}

    findings = package.validate(response, shape="PickApplesOutput")

    assert [
        (
            "warning[length] at /Left: expected at least 1 item (documented; not"
            " confirmed by responses), got none"
        ),
        (
            'warning[required] at /Count: the member "Count" is missing (documented as'
            " required; not confirmed by responses)"
        ),
        (
            "warning[length] at /Tree: expected at least 2 characters (documented; not"
            ' confirmed by responses), got 1: "A"'
        ),
    ] == [str(one) for one in findings]
    assert package.is_valid(response, shape="PickApplesOutput")
    assert not package.is_valid(response, shape="PickApplesOutput", strict=True)
    assert package.PickApplesOutput.from_response(response).count is None


def test_types_of_responses_are_facts() -> None:
    """A claim weakens no type: text in the place of a number is an error."""
    package = compile_text(claiming_spec()).package

    assert not package.is_valid({"Count": "1"}, shape="PickApplesOutput")


def test_constraints_of_requests_are_facts() -> None:
    """What only an input leads to is checked by the service, so it stays a fact."""
    package = compile_text(claiming_spec()).package
    request = {"Tree": "A", "Note": "too long"}

    findings = package.validate(request, shape="PickApplesInput")

    assert [("/Tree", "warning"), ("/Note", "error")] == [
        (one.pointer, one.severity) for one in findings
    ]
    assert not package.is_valid({}, shape="PickApplesInput")


def test_claims_are_annotations_of_the_json_schema() -> None:
    """The JSON Schema accepts what breaks a claim, and says under `x-claimed` which."""
    document = compile_text(claiming_spec()).json_schema("PickApplesOutput")
    shapes = document["$defs"]

    assert Draft202012Validator(document).is_valid({"Left": []})
    assert {"required": ["Left", "Count"]} == shapes["PickApplesOutput"]["x-claimed"]
    assert {"minItems": 1} == shapes["Trees"]["x-claimed"]
    assert "required" not in shapes["PickApplesOutput"]


@pytest.mark.parametrize("options", [(), ("--facts",)])
def test_facts_are_an_option(run: Run, options: tuple[str, ...]) -> None:
    """`shapespec import` makes claims, and with `--facts` it makes facts."""
    done = run("import", "botocore", "sqs", "--operation", "ListQueues", *options)

    assert ("claimed: true" in done.stdout) != bool(options)
    assert ("--facts" in done.stdout) == bool(options)


def test_a_json_schema_has_no_claims(run: Run) -> None:
    """Whoever writes a JSON Schema means it: `--facts` is refused."""
    done = run("import", "json-schema", ORDERS, "--facts")

    assert 2 == done.returncode
    assert "--facts is not for a JSON Schema" in done.stderr
