"""The flagship's rules and derived values, held against cel-python and JSON Schema."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

import jsonschema
import pytest

import sagemaker_training_job as contract
from sagemaker_training_job import DescribeTrainingJobResponse
from sagemaker_training_job._accept import CHECKS, KEPT
from sagemaker_training_job._contract import SHAPES
from sagemaker_training_job._findings import Checks
from sagemaker_training_job._forms import find_form
from sagemaker_training_job._report import Report
from shapespec.backends.json_schema.rules import rule_keywords
from shapespec.cel.keywords import NotSayable
from shapespec.contract import schema as ir
from tests.support import ROOT, SHARED, compile_text, flagship, rule_cases, walked
from tests.support.cel_oracle import Oracle, same
from tests.support.checks import checks_of
from tests.support.rule_cases import ABSENT, CHANGES, Change, changed

RESPONSE = "DescribeTrainingJobResponse"


def rules() -> dict[str, tuple[ir.Structure, ir.Rule]]:
    """Every rule of the flagship, with the structure that it is about."""
    return {
        rule.id: (shape, rule)
        for shape in flagship().shapes.values()
        if isinstance(shape, ir.Structure)
        for rule in shape.rules
    }


def samples() -> Iterator[Any]:
    """Responses built for the rules, and those that were collected, where right."""
    yield from rule_cases.responses()
    for path in sorted((SHARED / "samples").glob("**/*.json")):
        document = json.loads(path.read_text("utf-8"))
        response = document.get("response", document)
        findings = contract.validate(response)
        if not {"type", "timestamp"} & {one.rule for one in findings}:
            yield response


def broken(response: object) -> set[tuple[str, str]]:
    """The rules that our validator says are broken, and where."""
    return {
        (one.rule, one.pointer)
        for one in contract.validate(response)
        if one.rule in rules()
    }


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: " ".join(one.members))
def test_rules_find_what_is_broken(change: Change) -> None:
    """Of a response that breaks a rule, this rule is broken and no other."""
    assert set(change.broken) == {rule for rule, _ in broken(changed(change))}


def test_cel_python_agrees() -> None:
    """Every rule says of every sample what cel-python says, at the same places."""
    oracle = Oracle(flagship())
    heard: dict[str, set[bool | None]] = defaultdict(set)

    for response in samples():
        verdicts = set(oracle.verdicts(response, RESPONSE))
        for verdict in verdicts:
            heard[verdict.rule].add(verdict.holds)
        expected = {(one.rule, one.pointer) for one in verdicts if one.holds is False}

        assert expected == broken(response)
    assert rules().keys() == heard.keys()
    assert [] == [rule for rule, found in heard.items() if not {True, False} <= found]


WRONG = (None, "", 0, True, "x", "yesterday", "Completed", [], {}, [None], [{}], 1.5e9)
"""What is put in the place of any value; most of it is wrong in most places."""


def places_of(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to all that is in a value."""
    found: Any = ()
    if isinstance(value, dict):
        found = value.items()
    elif isinstance(value, list):
        found = enumerate(value)
    for step, item in found:
        yield (*way, step)
        yield from places_of(item, (*way, step))


def with_faults(response: Any, chance: Random) -> Any:
    """A copy with one to three values that are wrong or gone."""
    made = json.loads(json.dumps(response))
    for _ in range(chance.randint(1, 3)):
        *way, last = chance.choice([*places_of(made)])
        inner = made
        for step in way:
            inner = inner[step]
        if isinstance(inner, dict) and chance.random() < 0.2:
            del inner[last]
        else:
            inner[last] = deepcopy(chance.choice(WRONG))
    return made


def test_rules_named_by_the_silent_check_are_all_that_are_broken() -> None:
    """Of a response that is wrong, too: asked one by one, the rules say the same."""
    chance = Random(1)  # noqa: S311 - not for secrets
    form = find_form(None)
    quick, thorough = Checks(SHAPES, form, CHECKS, KEPT), Checks(SHAPES, form, {}, {})
    valid = json.loads((ROOT / "spec/sagemaker/examples/valid.json").read_text("utf-8"))
    many = [valid, *(json.loads(json.dumps(one, default=str)) for one in samples())]
    for _ in range(3000):
        response = with_faults(chance.choice(many), chance)
        said = [
            Report(form, strict=False).run(checks[RESPONSE], response)
            for checks in (quick, thorough)
        ]

        assert said[1] == said[0], response


def test_the_silent_check_agrees() -> None:
    """It says yes to a response if, and only if, there is nothing to say of it."""
    heard = set()
    _, is_clean = checks_of(contract, RESPONSE)

    for response in rule_cases.responses():
        clean = is_clean(response)
        assert clean is (not contract.validate(response))
        heard.add(clean)
    assert {True, False} == heard


ORDERS = ("<", "<=", ">", ">=", "==", "!=")
QUANTIFIED = (
    "this.Steps.exists(x, x.From {op} this.At)",
    "!this.Steps.all(x, this.At {op} x.From)",
    "this.Steps.all(x, x.From {op} this.At)",
    "this.Steps.all(x, x.From {op} this.At || x.To {op} this.At)",
    "this.Steps.exists(x, x.To {op} this.At)",
)
OF_EACH = (
    "!has(item.To) || this.Steps.exists(x, x.From {op} item.To)",
    "!has(item.To) || this.Steps.exists(x, x.From > item.From && item.To {op} x.From)",
    "this.Steps.all(x, item.From {op} x.From) || has(item.To)",
    "!this.Steps.all(x, x.From - item.From {op} duration('90s'))",
)
MOMENTS = (
    *(0, 1.0, 60, 60.0, 90.5, 1746105150.044, 4e9, 5e9, -1.0, -60000.5, 1e10),
    *("1970-01-01T00:01:00Z", "2025-05-01T13:12:30.044Z", "1960-01-01T00:00:00Z"),
)


def test_the_times_of_a_list_are_asked_together() -> None:
    """One time decides for many where it can, and says what asking each would say."""
    rules = {
        f"r{at}": {"cel": cel.format(op=op), "message": "m", "each": each}
        for at, (op, (cel, each)) in enumerate(
            itertools.product(
                ORDERS,
                [
                    *((one, None) for one in QUANTIFIED),
                    *((one, "Steps") for one in OF_EACH),
                ],
            )
        )
    }
    for rule in rules.values():
        if rule["each"] is None:
            del rule["each"]
    spec = {
        "shapespec": 1,
        "package": "steps",
        "shapes": {
            "Step": {
                "type": "structure",
                "members": {
                    "From": {"target": "timestamp", "required": True},
                    "To": "timestamp",
                },
            },
            "Root": {
                "type": "structure",
                "members": {
                    "Steps": {"type": "list", "member": "Step"},
                    "At": "timestamp",
                },
                "rules": rules,
            },
        },
    }
    made = compile_text(json.dumps(spec))
    package = made.package
    text = made.files["python/steps/_accept.py"]
    chance = Random(3)  # noqa: S311 - not for secrets
    some = [None, []]

    for _ in range(1500):
        few = chance.sample(MOMENTS, 3)
        steps = [
            {"From": chance.choice(few)}
            | ({"To": chance.choice(few)} if chance.random() < 0.7 else {})
            for _ in range(chance.randrange(5))
        ]
        response = {
            "At": chance.choice([*few, None]),
            "Steps": steps or chance.choice(some),
        }
        response = {key: one for key, one in response.items() if one is not None}

        assert walked(package, response) == package.validate(response), response
    assert "latest(" in text
    assert "earliest(" in text


NAMES_ALIKE = """\
shapespec: 1
package: alike
shapes:
  One: {type: structure, members: {b_c: timestamp, c: timestamp, c_0: timestamp}}
  Root:
    type: structure
    members:
      a: {type: list, member: One}
      a_b: {type: list, member: One}
    rules:
      first: {cel: "this.a.all(x, this.a[0].b_c <= x.b_c)", message: m, severity: error}
      second:
        {cel: "this.a_b.all(x, this.a_b[0].c <= x.c)", message: m, severity: error}
      third:
        {cel: "this.a_b.all(x, this.a_b[0].c <= x.c_0)", message: m, severity: error}
"""


@pytest.mark.parametrize(
    ("rule", "members", "names"),
    [
        ("first", "a", ("b_c", "b_c")),
        ("second", "a_b", ("c", "c")),
        ("third", "a_b", ("c", "c_0")),
    ],
)
def test_what_is_named_alike_is_not_the_same(
    rule: str, members: str, names: tuple[str, str]
) -> None:
    """Lists and members whose names join to one name have times of their own."""
    package = compile_text(NAMES_ALIKE).package
    late, early = 1.7e9, 1.6e9

    broken = package.validate({members: [{names[0]: late}, {names[1]: early}]})
    kept = package.validate({members: [{names[0]: early}, {names[1]: late}]})

    assert ([rule], []) == ([one.rule for one in broken], kept)


def test_cel_python_derives_the_same() -> None:
    """Every derived value of every sample is the one that cel-python computes."""
    oracle = Oracle(flagship())
    names = {
        "SpotSavingsPercent": "spot_savings_percent",
        "TotalBillableSeconds": "total_billable_seconds",
        "WarmPoolBillableSeconds": "warm_pool_billable_seconds",
    }
    known = set()

    for response in samples():
        if not contract.is_valid(response):
            continue
        job = DescribeTrainingJobResponse.from_response(response)
        for name, theirs in oracle.derived(response, RESPONSE).items():
            ours = getattr(job, names[name])
            assert same(ours, theirs), (name, ours, theirs)
            if ours is not None:
                known.add(name)
    assert names.keys() == known


def test_the_worked_example() -> None:
    """100 of 500 seconds billed save 80 %; two instances are billed for 200 s."""
    response = changed(
        Change(
            {
                "TrainingTimeInSeconds": 500,
                "BillableTimeInSeconds": 100,
                "ResourceConfig/InstanceCount": 2,
                "WarmPoolStatus": {
                    "Status": "Terminated",
                    "ResourceRetainedBillableTimeInSeconds": 45,
                },
            }
        )
    )

    job = DescribeTrainingJobResponse.from_response(response)

    assert 80.0 == job.spot_savings_percent
    assert 200 == job.total_billable_seconds
    assert 90 == job.warm_pool_billable_seconds


@pytest.mark.parametrize(
    ("resources", "instances"),
    [
        ({"InstanceCount": 2}, 2),
        ({"SelectedInstanceCount": 4}, 4),
        ({"InstanceGroups": []}, None),
        *(
            (
                {"InstanceGroups": [{"InstanceCount": one} for one in counts]},
                sum(counts),
            )
            for counts in ([2], [2, 3], [1, 2, 3], [1, 1, 1, 1], [1, 2, 3, 4, 5])
        ),
    ],
)
def test_instances_of_all_groups_are_billed(
    resources: dict[str, Any], instances: int | None
) -> None:
    """The cluster is all groups together, or what was selected from preferences."""
    for group in resources.get("InstanceGroups", ()):
        group |= {"InstanceType": "ml.m5.large", "InstanceGroupName": "g"}
    response = changed(Change({"ResourceConfig": resources}))

    job = DescribeTrainingJobResponse.from_response(response)

    billed = None if instances is None else 100 * instances
    assert billed == job.total_billable_seconds


UNSAYABLE = {
    "secondary-status-of-primary": "two members are compared",
    "rule-names-differ": "names of two lists are compared",
    "debug-rule-names-unique": "only whole items can be unique",
    "profiler-rule-names-unique": "only whole items can be unique",
    "collection-names-unique": "only whole items can be unique",
    "created-before-start": "times are compared",
    "started-before-end": "times are compared",
    "modified-after-creation": "times are compared",
    "transition-ends-after-start": "times are compared",
    "training-time-is-interval": "times are compared",
    "job-ends-within-30-days": "times are compared",
    "billed-at-most-training": "two members are compared",
    "wait-covers-runtime": "two members are compared",
    "instance-group-names-exist": "names of two lists are compared",
    "collection-and-rule-names-differ": "names of two lists are compared",
    "debug-status-of-known-rule": "names of two lists are compared",
    "profiler-status-of-known-rule": "names of two lists are compared",
    "arn-names-job": "two members are compared",
    "no-isolation-for-semantic-segmentation": "what a text contains is asked",
    "transitions-in-order": "times are compared",
    "transitions-do-not-overlap": "times are compared",
    "transitions-follow-each-other": "times are compared",
    "one-transition-is-open": "items are counted",
    "volume-key-needs-volume": "a pattern is asked of items",
    "volume-size-needed": "a pattern is asked of items",
    "last-transition-is-status": "two members are compared",
}
"""Rules that JSON Schema has no words for, and why."""


def test_what_json_schema_can_say_it_says() -> None:
    """The rules that are errors are in the JSON Schema, but for those listed."""
    path = (
        "generated/json_schema/sagemaker_training_job/DescribeTrainingJobResponse.json"
    )
    definitions = json.loads((ROOT / path).read_text("utf-8"))["$defs"]
    in_words: set[str] = set()
    in_keywords: set[str] = set()
    for definition in definitions.values():
        in_words |= {
            one["id"]
            for one in definition.get("x-rules", ())
            if one["severity"] == "error"
        }
        in_keywords |= {one["$comment"] for one in definition.get("allOf", ())}

    errors = {name for name, (_, rule) in rules().items() if rule.severity == "error"}
    assert errors & UNSAYABLE.keys() == in_words
    assert errors - UNSAYABLE.keys() == in_keywords


def test_json_schema_agrees() -> None:
    """What can be said in JSON Schema, of advice too, says what cel-python says."""
    oracle = Oracle(flagship())
    validators = {}
    for name, (shape, rule) in rules().items():
        try:
            said = rule_keywords(flagship(), shape, rule)
            validators[name] = jsonschema.Draft202012Validator(said)
        except NotSayable:
            assert name in UNSAYABLE
    assert rules().keys() - UNSAYABLE.keys() == validators.keys()

    for response in samples():
        for shape, value, at in oracle.structures(response, RESPONSE, ""):
            this = oracle.to_cel(value, shape.id)
            for rule in shape.rules:
                if rule.id not in validators:
                    continue
                verdicts = [*oracle.judged(rule, value, this, at)]
                kept = all(one.holds is not False for one in verdicts)
                assert kept == validators[rule.id].is_valid(value)


SEARCHES = {
    "^a|b$": ({"a", "ab", "xb", "ac", "b"}, {"", "xa", "bx", "b\n"}),
    "^(a|b)$": ({"a", "b"}, {"ab", "a\n", ""}),
    "b+c": ({"bc", "abbcd", "\nbc\n"}, {"b", "bxc"}),
    "^sg-": ({"sg-", "sg-1"}, {"", "xsg-"}),
    "[.]$": ({".", "a."}, {"a", ".a"}),
}
"""Patterns of `matches`, and texts in which each is found and is not."""


@pytest.mark.parametrize("pattern", SEARCHES)
def test_matches_searches(pattern: str) -> None:
    """`matches` finds what cel-python finds, in Python and in JSON Schema alike."""
    cel = f"this.Value.matches('{pattern}')"
    generated = compile_text(
        "shapespec: 1\npackage: p\nshapes:\n  R:\n    type: structure\n"
        "    members: {Value: string}\n    rules:\n"
        f'      found: {{cel: "{cel}", severity: error, message: no}}\n'
    )
    schema = jsonschema.Draft202012Validator(generated.json_schema("R"))
    found, absent = SEARCHES[pattern]

    for text in found | absent:
        response = {"Value": text}
        (verdict,) = Oracle(generated.schema).verdicts(response, "R")
        assert (text in found) == verdict.holds
        assert verdict.holds == generated.package.is_valid(response)
        assert verdict.holds == schema.is_valid(response)


EXPRESSIONS = {
    "": (
        "has(this.A.B)",
        "!has(this.A.B)",
        "this.A.B == 'x'",
        "'x' != this.A.B",
        "this.A.B in ['x', 'z']",
        "!(this.A.B in ['x', 'z'])",
        "this.Kind == 'k' ? this.A.B == 'x' : has(this.Kind)",
        "has(this.A) ? this.Kind == 'k' : this.Kind != 'k'",
        "!(this.Kind == 'k' && this.A.B != 'x')",
        "(this.Kind == 'k' ? has(this.A) : this.A.B == 'x') || this.A.N > 1",
        "has(this.A) != has(this.Kind)",
        "size(this.Items) > 1 || this.Kind.startsWith('k')",
        "this.Items.size() <= 1",
        "this.Kind.size() == 2 || this.A.N >= 2",
        "this.A.N < 2.5 && this.A.N != 1",
        "this.Items.all(one, has(one.Mode) && one.Mode != 'y')",
        "this.Kind.matches('^[a-k]+$') || true",
    ),
    "Items": (
        "item.Mode == 'x'",
        "has(item.Mode) ? item.Mode == 'x' : this.A.B == 'x'",
        "(has(item.Mode) ? item.Mode : this.A.B) == 'x'",
        "'x' == (this.Kind == 'k' ? item.Mode : item.Kind)",
        "this.Kind == 'k' || item.Mode == 'x'",
        "!(this.Kind == 'k') && item.Mode in ['x']",
        "this.Kind == 'k' && has(item.Mode) || item.Mode == 'x' && this.A.B == 'x'",
        "this.Kind == 'k'",
    ),
}
"""Rules about a structure, and about each of its items, that JSON Schema can say."""

LENIENT = "has(this.A.B)"
"""Where cel-python says false of a member of what is absent, and CEL has an error."""

PARTS: dict[str, tuple[Any, ...]] = {
    "A": (ABSENT, None, {}, {"B": None, "N": 1}, {"B": "x"}, {"B": "y", "N": 2}),
    "Kind": (ABSENT, None, "k", "no"),
    "Items": (ABSENT, [], [{}], [{"Mode": None}, {"Mode": "x"}], [{"Mode": "y"}] * 2),
}


@pytest.mark.parametrize(
    ("each", "cel"), [(each, cel) for each, all_ in EXPRESSIONS.items() for cel in all_]
)
def test_absent_and_null_members(each: str, cel: str) -> None:
    """Whatever is absent or null, all three say the same: ours, theirs, JSON Schema."""
    rule = {"cel": cel, "severity": "error", "message": "no"}
    item = {"type": "structure", "members": {"Mode": "string", "Kind": "string"}}
    spec = {
        "shapespec": 1,
        "package": "p",
        "shapes": {
            "R": {
                "type": "structure",
                "members": {
                    "A": {"target": "A"},
                    "Kind": "string",
                    "Items": {"type": "list", "member": "Item"},
                },
                "rules": {"rule": {**rule, "each": each} if each else rule},
            },
            "A": {"type": "structure", "members": {"B": "string", "N": "integer"}},
            "Item": item,
        },
    }
    generated = compile_text(json.dumps(spec))
    document = generated.json_schema("R")
    validator = jsonschema.Draft202012Validator(document)
    oracle = Oracle(generated.schema)

    assert "x-rules" not in document["$defs"]["R"]
    for parts in itertools.product(*PARTS.values()):
        pairs = zip(PARTS, parts, strict=True)
        response = {name: part for name, part in pairs if part is not ABSENT}
        kept = all(one.holds is not False for one in oracle.verdicts(response, "R"))
        if cel == LENIENT and response.get("A") is None:
            kept = True
        assert kept == generated.package.is_valid(response), response
        assert kept == validator.is_valid(response), response


MANY_RULES = """
shapespec: 1
package: library
shapes:
  Loan:
    type: structure
    members:
      Title: {type: string, required: true}
      Reader: {type: string, required: true}
      Days: integer
    rules:
      titled: {cel: has(this.Title), message: m}
      read: {cel: "has(this.Reader)", message: m}
      named: {cel: "this.Title != ''", message: m}
      days: {cel: "!has(this.Days) || this.Days < 9", message: m}
      both: {cel: "has(this.Title) || has(this.Days)", message: m}
"""


@pytest.mark.parametrize(
    ("response", "found"),
    [
        ({"Title": "a", "Reader": "b", "Days": 10}, {"days"}),
        ({"Title": "", "Reader": "b"}, {"named"}),
        ({"Reader": "b"}, {"required", "titled", "both"}),
        ({"Reader": "b", "Days": 10}, {"required", "titled", "days"}),
        ({"Title": None, "Reader": "b"}, {"required", "titled", "both"}),
        ({}, {"required", "titled", "read", "both"}),
        ({"Title": 3, "Reader": "b", "Days": 10}, {"type", "days"}),
    ],
)
def test_each_of_many_rules_is_asked_of_what_is_there(
    response: dict[str, object], found: set[str]
) -> None:
    """Rules are asked of a response with faults, whatever is missing or null in it."""
    package = compile_text(MANY_RULES).package

    assert found == {one.rule for one in package.validate(response)}
    assert not package.is_valid(response)


ITEMS = """
shapespec: 1
package: library
shapes:
  Shelf:
    type: structure
    members:
      Books: {type: list, member: Book}
      Boxes: {type: list, member: Book}
      Days: integer
    rules:
      titled: {each: Books, cel: has(item.Title), message: m}
      boxed: {each: Boxes, cel: "has(this.Boxes) && has(item.Title)", message: m}
      days: {cel: "!has(this.Days) || this.Days < 9", message: m}
      full: {cel: "has(this.Books)", message: m}
WHOLE
  Book:
    type: structure
    members:
      Title: string
      Pages: integer
  Text: {type: structure, members: {Days: {type: string, required: true}}}
"""
SHELF = {"Books": [{"Title": "a", "Pages": "b"}, {}], "Days": 10}


@pytest.mark.parametrize(
    ("whole", "response", "found"),
    [
        ("", SHELF, {"type", "titled", "days"}),
        ("", {"Boxes": [{"Pages": "b"}, {}], "Days": 10}, {"type", "days", "full"}),
        ("", {"Books": [{"Title": 1}], "Days": 1}, {"type"}),
        (
            "size(this.Books) > 1",
            {"Books": [{"Title": 1}], "Days": 10},
            {"type", "days"},
        ),
        ("!conforms(this, 'Text')", {"Books": [], "Days": "x"}, {"type", "whole"}),
    ],
)
def test_rules_are_asked_of_what_is_not_of_the_wrong_type(
    whole: str, response: dict[str, object], found: set[str]
) -> None:
    """What is of the wrong type keeps its own rules silent, and no others."""
    rule = f"      whole: {{cel: {json.dumps(whole)}, message: m}}" if whole else ""
    package = compile_text(ITEMS.replace("WHOLE", rule)).package

    assert found == {one.rule for one in package.validate(response, shape="Shelf")}


WITHIN_ITSELF = """
shapespec: 1
package: p
shapes:
  Forest:
    type: structure
    members: {Trees: Tree, Named: Named}
    rules:
      few: {cel: 'this.Trees.all(one, one.size() < 2)', message: m}
      named: {cel: 'this.Named.all(name, this.Named[name].size() < 2)', message: m}
  Tree: {type: list, member: Tree}
  Named: {type: map, key: string, value: Named}
"""


@pytest.mark.parametrize(
    ("response", "found"),
    [
        ({"Trees": [[[[]]], []], "Named": {"a": {"b": {}}}}, []),
        ({"Trees": [[], [[], []]]}, ["few"]),
        ({"Named": {"a": {"b": {}, "c": {}}}}, ["named"]),
    ],
)
def test_rules_read_lists_and_maps_of_themselves(
    response: dict[str, object], found: list[str]
) -> None:
    """What such a list holds is of the list's own type, which has no end."""
    package = compile_text(WITHIN_ITSELF).package

    assert found == [one.rule for one in package.validate(response, shape="Forest")]
