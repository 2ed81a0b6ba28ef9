"""Facts about an operation and a warehouse: held against the spec, or decided."""

from __future__ import annotations

import pytest

from shapespec.compiler import compile_spec
from shapespec.contract.facts import Fact, Source, Value
from shapespec.evidence.files import write_evidence
from shapespec.ground.source import SourceFile
from shapespec.tools.audit import Audited, audit, check_decisions
from tests.support import FLAGSHIP, run_shapespec

SPEC = """
shapespec: 1
package: p
operations:
  ListThings:
    input: Asked
    output: Things
    api_version: '2025-03-14'
    pagination: {input_token: Next, output_token: [Next, More], items: Names}
shapes:
  Asked: {type: structure, members: {Next: string}}
  Things:
    type: structure
    members: {Next: string, More: string, Names: {type: list, member: string}}
forms:
  row:
    timestamps: {read: [iso-8601], write: iso-8601}
    columns: [json]
    table: warehouse.things
    extra_members: {id: integer}
evidence: [manual.yaml]
decisions: decisions.yaml
"""
PAGES: Value = {
    "input_token": "Next",
    "output_token": ["Next", "More"],
    "items": "Names",
}
ABOUT = (
    ("(operation)", "apiVersion", "2025-03-14", "2024-01-01"),
    ("(operation)", "paginated", True, False),
    ("(operation)", "pagination", PAGES, {"items": "Names"}),
    ("(table)", "table", "warehouse.things", "warehouse.other"),
    ("id", "type", "int64", "string"),
)


def audited(spec: str, facts: list[Fact], decisions: str = "{}") -> tuple[Audited, ...]:
    """The verdicts on what a source states, and on what the spec alone does."""
    source = Source("manual", "datadog-ddsql", "a manual", "2025", "x.md", "0" * 64)
    files = {
        "manual.yaml": write_evidence(source, facts, "shapespec import"),
        "decisions.yaml": f"decisions: {decisions}\n",
    }
    schema = compile_spec(
        SourceFile("spec.yaml", spec), lambda name: SourceFile(name, files[name])
    )
    found = audit(schema)
    assert [] == [*check_decisions(schema, found)]
    return found


@pytest.mark.parametrize(("path", "kind", "right", "wrong"), ABOUT)
def test_each_is_held_against_the_spec(
    path: str, kind: str, right: Value, wrong: Value
) -> None:
    """It agrees, is open where it differs, and can be decided."""

    def verdict(value: Value, decisions: str = "{}") -> tuple[str, str | None]:
        found = audited(SPEC, [Fact(path=path, kind=kind, value=value)], decisions)
        (one,) = (entry for entry in found if entry.source)
        return str(one.verdict), one.decision

    stands = {"int64": "long"}.get(str(right), right)
    decision = (
        f"{{d: {{paths: [{path}], kind: {kind}, says: {{manual: {shown(wrong)}}},"
        f" stands: {shown(stands)}, reason: r}}}}"
    )
    assert ("agrees", None) == verdict(right)
    assert ("open", None) == verdict(wrong)
    assert ("decided", "d") == verdict(wrong, decision)


def shown(value: Value) -> str:
    """A value as YAML, which JSON is."""
    import json

    return json.dumps(value)


def test_what_no_source_states_is_unsupported() -> None:
    """The spec does not make it up."""
    found = audited(SPEC, [])

    assert {(path, kind) for path, kind, _, _ in ABOUT} <= {
        (one.fact.path, one.fact.kind) for one in found if one.is_fault
    }


def test_an_operation_without_pages_agrees_with_a_source_that_says_so() -> None:
    """Nothing need be written for that."""
    spec = "\n".join(one for one in SPEC.split("\n") if "pagination" not in one)

    found = audited(spec, [Fact(path="(operation)", kind="paginated", value=False)])

    assert ["agrees"] == [str(one.verdict) for one in found if one.source]


def test_the_flagship_has_them_from_its_sources() -> None:
    """The version of the API from four, the table and its columns from one."""
    done = run_shapespec("audit", "--format", "json", str(FLAGSHIP))
    lines = [one for one in done.stdout.splitlines() if '"apiVersion"' in one]
    table = [one for one in done.stdout.splitlines() if '"kind": "table"' in one]

    assert 4 == len(lines)
    assert all('"agrees"' in one for one in (*lines, *table))
    assert 1 == len(table)
