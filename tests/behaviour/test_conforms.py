"""Rules that ask whether a value is right by a shape: what they decide."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from shapespec.cli import shapespec as command
from shapespec.compiler import compile_spec
from shapespec.diagnostics.model import Faults
from shapespec.drafts import finish
from shapespec.ground.source import SourceFile
from shapespec.importers.json_schema.spec import draft
from tests.support import compile_text
from tests.support.import_cases import json_file

STEPS = """
shapespec: 1
package: steps
shapes:
  Step:
    type: structure
    members:
      kind: {target: string, required: true}
      with: {target: document, nullable: true}
      next: {type: list, member: Step}
      until: timestamp
    rules:
      bash: {cel: "this.kind != 'bash' || conforms(this, 'Bash')", message: No script.}
      not-old: {cel: "!conforms(this, 'Old')", message: Old.}
      one: {cel: "conforming(this, ['One', 'Two']) <= 1", message: Both.}
      more: {cel: "conforms(others(this, 'n-.*'), 'Numbers')", message: No number.}
      known: {cel: "size(others(this, '[nx]-.*', false)) == 0", message: Unknown.}
      last: {cel: "conforms(this.until, 'Moment')", message: No moment.}
  Bash: {type: structure, members: {with: {target: With, required: true}}}
  With:
    type: structure
    closed: true
    members: {script: {target: string, required: true}}
  Old: {type: structure, members: {x-old: {target: boolean, required: true}}}
  One: {type: structure, members: {x-one: {target: string, required: true}}}
  Two: {type: structure, members: {x-two: {target: string, required: true}}}
  Numbers: {type: map, key: string, value: double}
  Moment: {type: timestamp}
"""

RIGHT: tuple[dict[str, Any], ...] = (
    {"kind": "bash", "with": {"script": "x"}},
    {"kind": "copy", "with": 7},
    {"kind": "copy", "x-one": "a"},
    {"kind": "copy", "x-two": "a", "n-1": 2.5, "n-2": 3},
    {"kind": "copy", "until": "2026-01-02T03:04:05Z"},
    {"kind": "copy", "next": [{"kind": "copy", "next": []}]},
)
WRONG: tuple[tuple[str, dict[str, Any]], ...] = (
    ("bash", {"kind": "bash"}),
    ("bash", {"kind": "bash", "with": None}),
    ("bash", {"kind": "bash", "with": {"script": "x", "shell": "zsh"}}),
    ("not-old", {"kind": "copy", "x-old": True}),
    ("one", {"kind": "copy", "x-one": "a", "x-two": "b"}),
    ("more", {"kind": "copy", "n-1": "two"}),
    ("more", {"kind": "copy", "n-1": None}),
    ("known", {"kind": "copy", "y": 1}),
    ("bash", {"kind": "copy", "next": [{"kind": "bash"}]}),
)


def run(*arguments: str) -> Result:
    """What a command does."""
    return CliRunner().invoke(command, [*arguments])


def rules_of(findings: Any) -> list[str]:
    """The rules of the errors."""
    return [one.rule for one in findings if one.severity == "error"]


@pytest.mark.parametrize("value", RIGHT, ids=json.dumps)
def test_what_conforms_is_right(value: dict[str, Any]) -> None:
    """Nothing is said of what the shapes accept, and the fast path says the same."""
    package = compile_text(STEPS, targets=("validators",)).package

    assert rules_of(package.validate(value)) == []
    assert package.is_valid(value)


@pytest.mark.parametrize(("rule", "value"), WRONG, ids=str)
def test_what_does_not_conform_is_an_error(rule: str, value: dict[str, Any]) -> None:
    """The finding is of the rule, and the fast path refuses the value."""
    package = compile_text(STEPS, targets=("validators",)).package

    assert rules_of(package.validate(value)) == [rule]
    assert not package.is_valid(value)


@pytest.mark.parametrize("value", [*RIGHT, *(one for _, one in WRONG)], ids=str)
def test_json_schema_says_the_same(value: dict[str, Any]) -> None:
    """The rules come out as keywords that decide as the validator does."""
    made = compile_text(STEPS, targets=("validators", "json-schema"))
    document = made.json_schema("Step")
    validator = jsonschema.Draft202012Validator(document)

    assert "x-rules" not in str(document)
    assert validator.is_valid(value) is made.package.is_valid(value)


def test_what_asks_for_itself_has_no_answer() -> None:
    """Rules in a circle are not broken, however often they are asked."""
    text = """
shapespec: 1
package: round
shapes:
  A:
    type: structure
    members: {a: A, n: integer}
    rules: {b: {cel: "conforms(this, 'B')", message: No B.}}
  B:
    type: structure
    members: {a: B, n: {type: integer, range: {min: 0}}}
    rules: {a: {cel: "conforms(this, 'A')", message: No A.}}
roots: [A]
"""
    package = compile_text(text, targets=("validators",)).package
    deep: dict[str, Any] = {"n": 1}
    for _ in range(60):
        deep = {"a": deep}

    assert package.is_valid(deep)
    assert package.is_valid({"a": {"n": 1}})
    assert not package.is_valid({"a": {"n": -1}})


def _asks(shape: int) -> str:
    return f"\"conforms(this, 'S{shape}')\""


def test_shapes_that_ask_for_each_other_take_no_time_without_end() -> None:
    """Each value is held against each shape once, not once for each way to it."""
    shapes = "\n".join(
        f"""  S{one}:
    type: structure
    members: {{a: S{one}, n: integer}}
    rules:
"""
        + "\n".join(
            f"      s{one}-{other}: {{cel: {_asks(other)}, message: No.}}"
            for other in range(8)
            if other != one
        )
        for one in range(8)
    )
    text = f"shapespec: 1\npackage: many\nroots: [S0]\nshapes:\n{shapes}\n"
    package = compile_text(text, targets=("validators",)).package
    deep: dict[str, Any] = {"n": 1}
    for _ in range(12):
        deep = {"a": deep}

    assert package.is_valid(deep)


@pytest.mark.parametrize(
    ("cel", "rule", "said"),
    [
        ("conforms(this, 'Bsh')", "cel-unknown-name", "did you mean `Bash`"),
        ("conforms(this, 'string')", "cel-unknown-name", "'string'"),
        ("conforms(this)", "cel-type", "a value and a shape"),
        ("conforms(this, this.kind)", "cel-type", "in quotes"),
        ("conforming(this, []) > 0", "cel-type", "names of shapes"),
        ("conforming(this, ['Bash', 'No']) > 0", "cel-unknown-name", "'No'"),
        ("conforms(others(this.kind), 'Bash')", "cel-type", "takes a structure"),
        (
            "conforms(others(this, '('), 'Bash')",
            "cel-type",
            "the pattern cannot be used",
        ),
        ("size(others(this, 'a', 1)) == 0", "cel-type", "takes a structure"),
        ("size(others(this.next)) == 0", "cel-type", "not a list"),
    ],
)
def test_wrong_questions_have_their_place(cel: str, rule: str, said: str) -> None:
    """What a function cannot take is a fault of the spec, and says what it takes."""
    text = STEPS.replace("!conforms(this, 'Old')", cel)
    with pytest.raises(Faults) as raised:
        compile_spec(SourceFile("spec.yaml", text))
    told = raised.value.diagnostics[0]

    assert told.rule == rule
    assert said in f"{told.message} {told.help}"


def test_derived_values_ask_for_no_shape() -> None:
    """A derived value is computed from a structure, and not from a response."""
    derived = "{a: {cel: \"conforms(this, 'Old')\", type: boolean}}"
    text = STEPS.replace("    rules:", f"    derived: {derived}\n    rules:")
    with pytest.raises(Faults) as raised:
        compile_spec(SourceFile("spec.yaml", text))

    assert raised.value.diagnostics[0].rule == "cel-unsupported"


def test_a_shape_that_only_a_rule_asks_for_is_no_root() -> None:
    """Nor is it one that nothing uses."""
    schema = compile_spec(SourceFile("spec.yaml", STEPS))

    assert schema.roots == ("Step",)


def test_imported_rules_ask_for_the_shapes_of_their_file(tmp_path: Path) -> None:
    """A name in a rule means what it means in its own file."""
    (tmp_path / "steps.yaml").write_text(STEPS, "utf-8")
    (tmp_path / "spec.yaml").write_text(
        "shapespec: 1\npackage: plan\nimports: {steps: steps.yaml}\nshapes:\n"
        "  Plan: {type: structure, members: {first: steps.Step}}\n"
        "  Bash: {type: structure, members: {nothing: string}}\n"
        "roots: [Plan, Bash]\n",
        "utf-8",
    )
    (tmp_path / "wrong.json").write_text('{"first": {"kind": "bash"}}', "utf-8")
    done = run(
        "validate",
        str(tmp_path / "wrong.json"),
        "--spec",
        str(tmp_path / "spec.yaml"),
        "--shape",
        "Plan",
    )

    assert done.exit_code == 1
    assert "error[bash] /first" in done.output


def test_diff_compares_what_a_rule_asks_for(tmp_path: Path) -> None:
    """A shape that only a rule leads to is part of the rule."""
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(STEPS, "utf-8")
    new.write_text(STEPS.replace("{script: {", "{line: {"), "utf-8")

    assert run("diff", str(old), str(old)).exit_code == 0
    done = run("diff", str(old), str(new))
    assert done.exit_code == 1
    assert "the rule bash" in done.output


def test_other_members_that_a_rule_knows_are_known() -> None:
    """A rule that says what other members are leaves nothing to warn of."""
    package = compile_text(STEPS, targets=("validators",)).package
    value = {"kind": "copy", "n-1": 1, "x-1": 2}

    assert package.validate(value, strict=True) == []
    assert package.is_valid(value, strict=True)
    assert [one.pointer for one in package.validate({**value, "y": 1})] == ["", "/y"]


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        (
            {
                "properties": {"a": {"type": ["string", "null"]}},
                "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
            },
            ({"a": None}, {"a": "x"}, {"b": 1}, {}, {"c": 1}),
        ),
        (
            {"dependentRequired": {"a-b": ["c d"]}},
            ({"a-b": 1}, {"a-b": None}, {"a-b": 1, "c d": None}, {"c d": 1}, {}),
        ),
        (
            {
                "properties": {"k": {"type": "string"}, "c": {"type": "object"}},
                "if": {"properties": {"k": {"const": "x"}}, "required": ["k"]},
                "then": {"properties": {"c": {"required": ["y"]}}},
                "else": {"not": {"required": ["c"]}},
            },
            ({"k": "x", "c": {}}, {"k": "x", "c": {"y": 1}}, {"k": "z", "c": {}}, {}),
        ),
        (
            {
                "properties": {"a": {"type": "string"}},
                "patternProperties": {"^x-": {"type": "integer"}},
                "additionalProperties": {"type": ["boolean", "null"]},
                "propertyNames": {"maxLength": 3},
                "minProperties": 1,
            },
            (
                *({"a": "x"}, {"x-1": 1}, {"x-1": "1"}, {"b": True}, {"b": None}),
                *({"b": "x"}, {"x-1": None}, {"long": True}, {}),
            ),
        ),
        (
            {
                "oneOf": [
                    {"properties": {"n": {"type": "integer"}}, "required": ["a"]},
                    {"properties": {"n": {"minimum": 3}}, "maxProperties": 2},
                ]
            },
            (
                {"a": 1},
                {"a": 1, "n": 1},
                {"n": 5},
                {"a": 1, "n": 5, "b": 1},
                {"n": "x"},
            ),
        ),
        (
            {
                "properties": {
                    "t": {
                        "oneOf": [{"pattern": "^a"}, {"maxLength": 2}],
                        "type": "string",
                    }
                }
            },
            ({"t": "abc"}, {"t": "a"}, {"t": "b"}, {"t": "bcd"}, {"t": 1}),
        ),
    ],
    ids=["null", "odd-names", "if", "others", "one-of", "texts"],
)
def test_imported_conditions_judge_as_the_schema_does(
    schema: dict[str, Any], values: tuple[Any, ...]
) -> None:
    """What was a note is a rule, or a pattern, and decides as its source."""
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        **schema,
    }
    made = finish(draft(json_file(whole, "thing.json")))
    package = compile_text(made.text, targets=("validators",)).package
    judge = jsonschema.Draft202012Validator(whole)

    left = {one.note.rule for one in made.notes} - {"slow-pattern", "null-in-rule"}
    assert left == set()
    for value in values:
        assert package.is_valid(value) == judge.is_valid(value), value


BOXES = """
shapespec: 1
package: boxes
roots: [Box]
shapes:
  Box:
    type: structure
    members: {inner: document, numbers: {type: list, member: integer}}
    rules:
      tidy:
        cel: "!has(this.inner) || conforms(this.inner, 'Tidy')"
        message: Untidy.
  Tidy:
    type: structure
    members: {inner: document, colour: string, numbers: {type: list, member: integer}}
    rules:
      inside:
        cel: "!has(this.inner) || conforms(this.inner, 'Tidy')"
        message: Untidy.
      sums:
        cel: "this.numbers.all(a, this.numbers.all(b, a + b >= 0))"
        message: Sum.
"""


def test_what_is_asked_too_deep_is_not_passed_over() -> None:
    """Once, a fault below 40 values that ask for each other was no fault."""
    package = compile_text(BOXES).package

    def said(depth: int) -> list[tuple[str, str, str]]:
        box: dict[str, Any] = {"colour": 7}
        for _ in range(depth):
            box = {"inner": box}
        return [(f.rule, f.severity, f.message) for f in package.validate(box)]

    assert [("tidy", "error", "Untidy.")] == said(30)
    deep = "not judged: more than 40 values in each other ask what they conform to"
    assert [("tidy", "warning", deep)] == said(60)


def test_what_is_asked_for_too_long_is_not_passed_over() -> None:
    """A rule of what is asked for that ends before its answer leaves none above it."""
    package = compile_text(BOXES).package

    found = package.validate({"inner": {"inner": {"numbers": [1] * 1_600}}})

    assert [("tidy", "warning")] == [(f.rule, f.severity) for f in found]
    assert "look at more than 2,000,000 items" in found[0].message
    few = package.validate({"inner": {"inner": {"numbers": [1] * 1_200 + [-2]}}})
    assert [("tidy", "error")] == [(f.rule, f.severity) for f in few]
