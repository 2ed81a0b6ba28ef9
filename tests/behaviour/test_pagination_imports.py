"""What turns pages comes from paginators of botocore and from Smithy's trait."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shapespec.compiler import compile_spec
from shapespec.contract.schema import Operation
from shapespec.ground.source import SourceFile
from tests.support import run_shapespec

MODEL = {
    "smithy": "2.0",
    "shapes": {
        "a#Library": {
            "type": "service",
            "version": "2025-03-14",
            "operations": [{"target": "a#ListBooks"}, {"target": "a#GetBook"}],
            "traits": {
                "smithy.api#paginated": {"inputToken": "Next", "outputToken": "Next"}
            },
        },
        "a#ListBooks": {
            "type": "operation",
            "input": {"target": "a#Asked"},
            "output": {"target": "a#Books"},
            "traits": {"smithy.api#paginated": {"items": "Books", "pageSize": "Most"}},
        },
        "a#GetBook": {"type": "operation", "output": {"target": "a#Books"}},
        "a#Asked": {
            "type": "structure",
            "members": {
                "Next": {"target": "smithy.api#String"},
                "Most": {"target": "smithy.api#Integer"},
            },
        },
        "a#Books": {
            "type": "structure",
            "members": {
                "Next": {"target": "smithy.api#String"},
                "Books": {"target": "a#List"},
            },
        },
        "a#List": {"type": "list", "member": {"target": "smithy.api#String"}},
    },
}


def operations(*command: str) -> dict[str, Operation]:
    """The operations of a spec that was imported."""
    done = run_shapespec("import", *command)
    assert 0 == done.returncode, done.stderr
    schema = compile_spec(SourceFile("spec.yaml", done.stdout))
    return {one.name: one for one in schema.operations}


def test_smithy(tmp_path: Path) -> None:
    """What an operation leaves out its service says."""
    file = tmp_path / "model.json"
    file.write_text(json.dumps(MODEL))

    found = operations("smithy", str(file))

    pages = found["ListBooks"].pagination
    assert pages is not None
    assert {
        "input_token": "Next",
        "output_token": "Next",
        "items": "Books",
        "page_size": "Most",
    } == pages.stated()
    assert found["GetBook"].pagination is None
    assert "2025-03-14" == found["GetBook"].api_version


def test_botocore() -> None:
    """The installed one: tokens may be several, and expressions."""
    pytest.importorskip("botocore")

    found = operations("botocore", "route53", "--operation", "ListResourceRecordSets")
    pages = found["ListResourceRecordSets"].pagination

    assert pages is not None
    assert 3 == len(pages.input_token) == len(pages.output_token)
    assert ("ResourceRecordSets",) == pages.items
    assert "MaxItems" == pages.page_size
    assert "IsTruncated" == pages.more_results
    assert "2013-04-01" == found["ListResourceRecordSets"].api_version


def test_evidence_of_botocore() -> None:
    """The same as facts; an operation without pages has none."""
    pytest.importorskip("botocore")

    paged = run_shapespec(
        *("import", "botocore", "sagemaker"),
        *("--operation", "ListTrainingJobs", "--evidence"),
    )

    assert '"(operation)", kind: paginated, value: true' in paged.stdout
    assert '"page_size": "MaxResults"' in paged.stdout
