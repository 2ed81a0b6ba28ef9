"""The audit: every fact accounted for, and nothing in the spec without a source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from shapespec.compiler import compile_spec
from shapespec.contract import schema as ir
from shapespec.contract.facts import Fact, Source
from shapespec.diagnostics.model import Faults
from shapespec.evidence.files import write_evidence
from shapespec.ground.source import SourceFile
from shapespec.project.files import read_source, siblings
from shapespec.tools.audit import (
    Audited,
    Outcome,
    audit,
    check_decisions,
    unjudged,
)
from tests.support import FLAGSHIP, run_shapespec

SCHEMA = compile_spec(
    read_source(FLAGSHIP, name="training_job.yaml"),
    siblings(FLAGSHIP, "training_job.yaml"),
)
ENTRIES = audit(SCHEMA)


def faults(schema: ir.Schema) -> list[Audited]:
    return [entry for entry in audit(schema) if entry.is_fault]


def with_shape(shape: ir.Shape) -> ir.Schema:
    shapes = {**SCHEMA.shapes, shape.id: shape}
    return replace(SCHEMA, shapes=MappingProxyType(shapes))


def test_the_flagship_has_no_fault() -> None:
    """Every fact agrees or is decided, and nothing stands without a source."""
    assert [] == faults(SCHEMA)
    assert [] == [*check_decisions(SCHEMA, ENTRIES)]


def test_every_source_is_heard() -> None:
    """The five documents, the service model and the responses all state facts."""
    sources = {evidence.source.id for evidence in SCHEMA.ledger.evidence}

    expected = {
        *("aws-api-reference", "paws", "aws-cli", "aws-sdk-ruby", "datadog-ddsql"),
        *("botocore", "observed"),
    }
    assert expected == sources
    assert sources == {entry.source for entry in ENTRIES if entry.source is not None}


# --- mutations: whatever is taken out of the spec, the audit misses it ----------------


def mutations() -> Iterator[tuple[str, str, ir.Schema]]:
    """What is taken out, how the audit has to name it, and the schema without it."""
    for shape in SCHEMA.shapes.values():
        if isinstance(shape, ir.Structure | ir.Union):
            for member in shape.members:
                rest = tuple(one for one in shape.members if one is not member)
                name = f"{shape.id}.{member.name}"
                yield name, member.name, with_shape(replace(shape, members=rest))
                if member.required:
                    lax = [
                        replace(one, required=one.required and one is not member)
                        for one in shape.members
                    ]
                    yield (
                        f"{name} required",
                        member.name,
                        with_shape(replace(shape, members=tuple(lax))),
                    )
        if isinstance(shape, ir.Enum):
            for value in shape.values:
                values = tuple(one for one in shape.values if one is not value)
                name = f"{shape.id}.{value.value}"
                yield name, value.value, with_shape(replace(shape, values=values))
        yield from without_bounds(shape)
        if isinstance(shape, ir.String) and shape.pattern is not None:
            found = with_shape(replace(shape, pattern=None))
            yield f"{shape.id} pattern", "pattern", found


def without_bounds(shape: ir.Shape) -> Iterator[tuple[str, str, ir.Schema]]:
    for trait in ("length", "range"):
        bounds = getattr(shape, trait, ir.UNBOUNDED)
        for end in ("min", "max"):
            if getattr(bounds, end) is not None:
                looser: Any = {trait: bounds._replace(**{end: None})}
                name = f"{shape.id} {trait} {end}"
                yield name, end, with_shape(replace(shape, **looser))


def test_nothing_can_be_taken_out_unseen() -> None:
    """Without any one member, requirement, bound, pattern or value, the audit fails.

    And it names what is missing: the place for a member, the kind for a trait, the
    list with the value for a value of an enum.
    """
    count = 0
    for name, word, schema in mutations():
        count += 1
        found = faults(schema)
        assert found, f"nobody misses {name}"
        assert any(
            word in f"{one.fact.path} {one.fact.kind} {one.fact.value}" for one in found
        )
    assert count > 900


def test_nothing_can_be_put_in_unseen() -> None:
    """A member, a bound or a value that no source states is unsupported."""
    response = SCHEMA.shapes["DescribeTrainingJobResponse"]
    assert isinstance(response, ir.Structure)
    extra = replace(response.members[0], name="Invented")
    status = SCHEMA.shapes["TrainingJobStatus"]
    assert isinstance(status, ir.Enum)
    value = replace(status.values[0], value="Dreaming")
    count = SCHEMA.shapes["TrainingInstanceCount"]
    assert isinstance(count, ir.Integer)

    for shape in (
        replace(response, members=(*response.members, extra)),
        replace(status, values=(*status.values, value)),
        replace(count, range=ir.Bounds(0, 100)),
    ):
        assert Outcome.UNSUPPORTED in {one.verdict for one in faults(with_shape(shape))}


# --- small contracts ------------------------------------------------------------------

SPEC = """
shapespec: 1
package: small
evidence: [evidence/manual.yaml]
decisions: decisions.yaml
shapes:
  Root:
    type: structure
    members:
      Name: {type: string, length: {max: 9}, required: true}
"""
SOURCE = Source("manual", "botocore", "a manual", "2020", "manual.txt", "0" * 64)
FACTS = (
    Fact(path="Name", kind="type", value="string", line=1),
    Fact(path="Name", kind="required", value=True, line=2),
    Fact(path="Name", kind="maxLength", value=9, line=3),
)


def small(facts: tuple[Fact, ...], decisions: str = "{}") -> ir.Schema:
    files = {
        "evidence/manual.yaml": write_evidence(SOURCE, facts, "shapespec import"),
        "decisions.yaml": f"decisions: {decisions}\n",
    }
    return compile_spec(
        SourceFile("spec.yaml", SPEC), lambda name: SourceFile(name, files[name])
    )


def verdicts(schema: ir.Schema) -> dict[tuple[str | None, str], Outcome]:
    return {(entry.source, entry.fact.kind): entry.verdict for entry in audit(schema)}


def test_what_agrees() -> None:
    """Facts that the spec states in the same way agree."""
    found = verdicts(small(FACTS))

    assert {Outcome.AGREES} == set(found.values())


def test_what_is_open() -> None:
    """A fact that the spec states otherwise is open; the spec's own is unsupported."""
    found = verdicts(small((*FACTS[:2], replace(FACTS[2], value=8))))

    assert Outcome.OPEN == found["manual", "maxLength"]
    assert Outcome.UNSUPPORTED == found[None, "maxLength"]


def test_what_is_decided() -> None:
    """A decision that quotes the source and names what the spec states settles it."""
    decision = (
        "{d: {paths: [Name], kind: maxLength, says: {manual: 8}, stands: 9, reason: r}}"
    )
    facts = (*FACTS[:2], replace(FACTS[2], value=8))

    schema = small(facts, decision)

    assert Outcome.DECIDED == verdicts(schema)["manual", "maxLength"]
    assert [] == faults(schema)
    assert [] == [*check_decisions(schema, audit(schema))]


@pytest.mark.parametrize(
    ("decision", "rule"),
    [
        ("{paths: [Nam], kind: type, says: {}, stands: 1, reason: r}", "unknown-place"),
        (
            "{paths: [Name], kind: maxLength, says: {manaul: 8}, stands: 9, reason: r}",
            "unknown-source",
        ),
        (
            "{paths: [Name], kind: maxLength, says: {manual: 7}, stands: 9, reason: r}",
            "misquoted-source",
        ),
        (
            "{paths: [Name], kind: type, says: {}, stands: string, reason: r}",
            "unused-decision",
        ),
    ],
)
def test_decisions_that_are_wrong(decision: str, rule: str) -> None:
    """A decision about nothing, or that misquotes, is a fault of its own."""
    schema = small(FACTS, f"{{d: {decision}}}")

    found = {fault.rule for fault in check_decisions(schema, audit(schema))}

    assert rule in found


def test_a_decision_does_not_hold_if_the_spec_states_something_else() -> None:
    """What stands has to be what the spec states, exactly."""
    said = "paths: [Name], kind: maxLength, says: {manual: 8}"
    decision = f"{{d: {{{said}, stands: 10, reason: r}}}}"

    schema = small((*FACTS[:2], replace(FACTS[2], value=8)), decision)

    assert Outcome.OPEN == verdicts(schema)["manual", "maxLength"]


def test_evidence_that_was_edited() -> None:
    """Facts that are not those that the importer wrote are refused."""
    text = write_evidence(SOURCE, FACTS, "shapespec import")
    edited = text.replace("value: 9", "value: 8")

    with pytest.raises(Faults) as caught:
        compile_spec(
            SourceFile("spec.yaml", SPEC),
            lambda name: SourceFile(
                name, edited if "evidence" in name else "decisions: {}\n"
            ),
        )

    assert ["edited-evidence"] == [one.rule for one in caught.value.diagnostics]


# --- constructs that sources have other words for, or none ----

CONSTRUCTS = """
shapespec: 1
package: small
evidence: [evidence/manual.yaml]
decisions: decisions.yaml
nulls: invalid
operations: {List: {output: Animals}, Other: {output: Place}}
shapes:
  Animals: {type: list, member: Animal, length: {min: 1}, unique_items: true}
  Animal: {one_of: [Bird, Fish], discriminator: Kind, mapping: {bird: Bird, fish: Fish}}
  Bird:
    type: structure
    closed: true
    members: {Kind: string, Wings: {type: integer, values: [0, 2], required: true}}
  Fish:
    type: structure
    members:
      Kind: string
      Place: Place
      Size: {one_of: [{type: string, length: {max: 9}}, integer]}
  Place: {type: list, prefix: [double, {type: double, range: {max: 90}}]}
"""
MANUAL = (
    ("", "minItems", 1),
    ("[]", "type", "structure"),
    ("[].Kind", "type", "string"),
    ("[].Wings", "type", "integer"),
    ("[].Wings", "required", True),
    ("[].Wings", "enum", [0, 2]),
    ("[].Place", "type", "list"),
    ("[].Place", "minItems", 2),
    ("[].Place", "maxItems", 2),
    ("[].Place[1]", "maximum", 90),
    ("[].Size", "type", "string"),
    ("[].Size", "maxLength", 9),
)


def constructed(*changes: tuple[str, str, Any]) -> ir.Schema:
    """The contract with facts of a manual, some of them changed."""
    stated = {(path, kind): value for path, kind, value in (*MANUAL, *changes)}
    facts = [
        Fact(path=path, kind=kind, value=value, line=1)
        for (path, kind), value in sorted(stated.items())
    ]
    files = {
        "evidence/manual.yaml": write_evidence(SOURCE, facts, "shapespec import"),
        "decisions.yaml": "decisions: {}\n",
    }
    return compile_spec(
        SourceFile("spec.yaml", CONSTRUCTS), lambda name: SourceFile(name, files[name])
    )


def told(schema: ir.Schema) -> list[tuple[str, str, str, Any]]:
    return [(f.verdict, f.fact.path, f.fact.kind, f.fact.value) for f in faults(schema)]


def test_constructs_agree_with_the_words_of_sources() -> None:
    """Roots, members of options, options, tuples and numbers that are listed.

    But a text is not the same as a text or a number.
    """
    mixed = (Outcome.OPEN, "[].Size", "type", "string")
    nobody = (Outcome.UNSUPPORTED, "[]<Fish>.Size", "type", "one_of")

    assert [mixed, nobody] == told(constructed())


@pytest.mark.parametrize(
    "change",
    [
        ("", "minItems", 2),
        ("[]", "type", "string"),
        ("[].Wings", "type", "string"),
        ("[].Wings", "enum", [0, 4]),
        ("[].Place", "type", "structure"),
        ("[].Place[1]", "maximum", 180),
        ("[].Size", "maxLength", 8),
    ],
)
def test_constructs_that_differ_are_open(change: tuple[str, str, Any]) -> None:
    """As any other fact that the spec states otherwise."""
    assert (Outcome.OPEN, *change) in told(constructed(change))


def test_listed_numbers_need_a_source() -> None:
    """Each of them, as values of enums do."""
    found = told(constructed(("[].Wings", "enum", [0])))

    assert (Outcome.UNSUPPORTED, "[]<Bird>.Wings", "enum", [2]) in found


def test_what_no_fact_can_say_is_counted() -> None:
    """Kinds of constraints that are no facts, and roots that no path leads to."""
    found = unjudged(constructed())

    expected = {
        "closed": 1,
        "discriminator": 1,
        "nullable": 5,
        "one_of": 1,
        "unique_items": 1,
    }
    assert expected == found.kinds
    assert ("Place",) == found.roots


# --- the command ----------------------------------------------------------------------


run = partial(run_shapespec, "audit")


def test_the_command_counts() -> None:
    """The table has a row for each source, with counts and percentages."""
    done = run()

    assert 0 == done.returncode, done.stdout + done.stderr
    assert "\n0 open, 0 unsupported, 0 lines open\n" in done.stdout
    assert "aws-api-reference  2019" in done.stdout


def test_the_command_lists_facts() -> None:
    """`--format json` gives one line for each fact, with its verdict."""
    facts = [json.loads(line) for line in run("--format", "json").stdout.splitlines()]

    assert len(ENTRIES) == len(facts)
    assert {"agrees", "decided"} == {fact["verdict"] for fact in facts}
    ruby = [fact for fact in facts if fact["source"] == "aws-sdk-ruby"]
    assert "auto_ml_job_arn" in {fact.get("as_written") for fact in ruby}
    decided = [fact for fact in facts if fact["verdict"] == "decided"]
    assert all("decision" in fact for fact in decided)


def test_the_command_fails_on_a_fault(tmp_path: Path) -> None:
    """A fault is shown with its file and line, and ends in exit code 1."""
    (tmp_path / "evidence").mkdir()
    facts = (*FACTS[:2], replace(FACTS[2], value=8))
    (tmp_path / "evidence" / "manual.yaml").write_text(
        write_evidence(SOURCE, facts, "shapespec import")
    )
    (tmp_path / "decisions.yaml").write_text("decisions: {}\n")
    (tmp_path / "spec.yaml").write_text(SPEC)

    done = run("spec.yaml", cwd=tmp_path)

    assert 1 == done.returncode
    assert "evidence/manual.yaml:13:5: open: Name maxLength" in done.stdout
    assert "manual states 8 (line 3 of the document)" in done.stdout
    assert "1 open, 1 unsupported" in done.stdout
