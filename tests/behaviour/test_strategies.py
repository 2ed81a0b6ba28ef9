"""Hypothesis strategies: all that they draw is right, and failures shrink to little."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("hypothesis", reason="the extra `hypothesis` is not installed")

from hypothesis import HealthCheck, Phase, find, given, settings

from sagemaker_training_job import is_valid, strategies
from shapespec.contract import naming
from tests.behaviour.test_sampling import EVERYTHING
from tests.support import ROOT, compile_text

# Machines that run tests are slow at times: how long drawing takes is no failure.
CALM = settings(
    max_examples=60,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
DRAWING = settings(
    CALM,
    max_examples=100,
    phases=[Phase.generate],
    suppress_health_check=[*HealthCheck],
)
SHRINKING = settings(CALM, max_examples=1000, phases=[Phase.generate, Phase.shrink])

LEAST = {
    "TrainingJobName": "0",
    "TrainingJobArn": "arn:aws:sagemaker::000000000000:training-job/0",
    "TrainingJobStatus": "InProgress",
    "SecondaryStatus": "Starting",
    "StoppingCondition": {},
}


@CALM
@given(strategies.describe_training_job_responses())
def test_responses_are_right(response: Any) -> None:
    """What is drawn has neither errors nor warnings."""
    assert is_valid(response, strict=True)


@CALM
@given(strategies.describe_training_job_requests())
def test_requests_are_right(request: Any) -> None:
    """So have requests."""
    assert is_valid(request, shape="DescribeTrainingJobRequest", strict=True)


@pytest.mark.parametrize("root", ["Zoo", "Medium", "Any", "Route", "Guest"])
def test_every_construct_is_drawn(root: str) -> None:
    """Unions, recursion, unique items, blobs, documents, look-behind, rules."""
    generated = compile_text(EVERYTHING, targets=("dataclasses", "strategies"))
    package = generated.package
    strategy = getattr(package_strategies(package), f"{root.lower()}s")()

    @CALM
    @given(strategy)
    def drawn(value: Any) -> None:
        assert package.is_valid(value, shape=root, strict=True)

    drawn()


def package_strategies(package: Any) -> Any:
    from importlib import import_module

    return import_module(f"{package.__name__}.strategies")


KINDS = r"""
shapespec: 1
package: kinds
nulls: NULLS
roots:
  [Nullable, Optional, AnyValue, Null, SparseList, SparseMap, SparseTuple, Variants,
   Tagged, TagRequired, Needs, Lengths, UniqueObjects, UniqueZeros, Uuids, Addresses,
   Mail, Host, Constants, Contains, Compared, Conforming]
shapes:
  Nullable:
    type: structure
    members: {a: {target: string, required: true, nullable: true}}
  Optional: {type: structure, members: {a: {target: string, nullable: true}}}
  AnyValue: {type: structure, members: {a: {target: document, required: true}}}
  Null:
    type: structure
    members: {a: {type: document, const: null, required: true, nullable: true}}
  SparseList: {type: list, member: string, sparse: true}
  SparseMap: {type: map, key: string, value: string, sparse: true}
  SparseTuple: {type: list, prefix: [string, integer], sparse: true}
  Variants: {one_of: [string, integer, boolean, Texts, A]}
  Texts: {type: list, member: string}
  Tagged: {one_of: [A, B], discriminator: k, mapping: {a: A, c: A, b: B}, otherwise: B}
  A: {type: structure, members: {k: string}}
  B: {type: structure, members: {k: string, x: {target: string, required: true}}}
  TagRequired: {one_of: [A, C], discriminator: k, mapping: {a: A, c: C}, otherwise: C}
  C: {type: structure, members: {k: {target: string, required: true}}}
  Needs: {one_of: [B, D]}
  D: {type: structure, members: {y: {target: string, required: true}}}
  Lengths:
    {type: list, prefix: [string, integer], member: boolean, length: {min: 1, max: 4}}
  UniqueObjects: {type: list, member: Flags, unique_items: true, length: {min: 2}}
  Flags: {type: structure, members: {a: boolean, b: boolean}}
  UniqueZeros: {type: list, member: Small, unique_items: true, length: {min: 2}}
  Small: {type: double, range: {min: -1, max: 1}}
  Uuids:
    type: list
    member: {type: string, format: uuid}
    unique_items: true
    length: {min: 5}
  Addresses:
    {type: map, key: {type: string, format: ipv4}, value: string, length: {min: 4}}
  Mail: {type: string, format: email, pattern: '.*@example\.net'}
  Host: {type: string, format: hostname, length: {max: 4}}
  Constants:
    type: structure
    members:
      a: {type: string, const: x}
      b: {type: integer, values: [1, 2]}
      c: {type: boolean, const: true}
      d: {type: document, values: [x, 1]}
  Contains:
    type: structure
    members: {a: {target: Texts, required: true}}
    rules: {zoo: {cel: "this.a.exists(x, x == 'zoo')", message: No zoo.}}
  Compared:
    type: structure
    members: {a: {target: string, required: true}, b: {target: integer, required: true}}
    rules:
      a: {cel: "this.a in ['x', 'y']", message: A.}
      b: {cel: "this.a.startsWith('y') || this.b == 71", message: B.}
  Conforming:
    type: structure
    members: {a: {target: document, required: true}, b: document}
    rules:
      c: {cel: "conforms(this.a, 'Number')", message: A.}
      d: {cel: "conforms(this, 'WithB')", message: B.}
  Number:
    type: structure
    closed: true
    members: {n: {target: integer, required: true}}
  WithB: {type: structure, members: {b: {target: Number, required: true}}}
"""
Test = Callable[[Any], bool]
DRAWN: dict[str, tuple[Test, ...]] = {
    # what is drawn among others
    "Nullable": (lambda r: r["a"] is None, lambda r: r["a"] is not None),
    "Optional": (lambda r: "a" not in r, lambda r: r.get("a", "") is None),
    "AnyValue": (lambda r: isinstance(r["a"], list), lambda r: r["a"] is True),
    "Null": (lambda r: r == {"a": None},),
    "SparseList": (lambda r: None in r, lambda r: "" in r, lambda r: not r),
    "SparseMap": (lambda r: None in r.values(), lambda r: "" in r.values()),
    "SparseTuple": (lambda r: r[0] is None, lambda r: r[1] is None),
    "Variants": tuple(
        lambda r, kind=kind: type(r) is kind for kind in (str, int, bool, list, dict)
    ),
    "Tagged": (
        *(lambda r, tag=tag: r.get("k") == tag for tag in "abc"),
        lambda r: "k" not in r,
    ),
    "TagRequired": tuple(lambda r, tag=tag: r["k"] == tag for tag in "ac"),
    "Needs": (lambda r: "x" in r, lambda r: "y" in r),
    "Lengths": tuple(lambda r, size=size: len(r) == size for size in range(1, 5)),
    "UniqueObjects": (lambda r: {"a": True, "b": True} in r,),
    "UniqueZeros": (lambda r: 0 in r,),
    "Uuids": (lambda r: len(r) == 5,),
    "Addresses": (lambda r: len(r) == 4,),
    "Mail": (lambda r: r != "@example.net",),
    "Host": (lambda r: "." in r, lambda r: len(r) == 1),
    "Constants": (
        lambda r: r.get("a") == "x",
        lambda r: r.get("b") == 2,
        lambda r: r.get("c") is True,
        lambda r: r.get("d") == "x",
        lambda r: r.get("d") == 1,
    ),
    "Contains": (lambda r: r["a"] == ["zoo"],),
    "Compared": (lambda r: r["a"] == "y", lambda r: r["b"] == 71),
    "Conforming": (lambda r: {"n"} == {*(r["a"] or ())} == {*(r["b"] or ())},),
}


@cache
def package_of_kinds(nulls: str) -> Any:
    """The package of the constructs, where null is the same as nothing or is not."""
    spec = KINDS.replace("NULLS", nulls)
    return compile_text(spec, targets=("dataclasses", "strategies")).package


@pytest.mark.parametrize("nulls", ["absent", "invalid"])
@pytest.mark.parametrize("root", DRAWN)
def test_all_kinds_of_values_are_drawn(root: str, nulls: str) -> None:
    """What a construct allows comes, and nothing that it forbids."""
    package = package_of_kinds(nulls)
    strategy = getattr(package_strategies(package), f"{naming.snake_case(root)}s")()
    seen: list[Any] = []

    @DRAWING
    @given(strategy)
    def drawn(value: Any) -> None:
        seen.append(value)

    drawn()

    assert [] == [
        one for one in seen if not package.is_valid(one, shape=root, strict=True)
    ]
    missing = [at for at, one in enumerate(DRAWN[root]) if not any(map(one, seen))]
    assert [] == missing


def test_types_are_those_of_the_roots() -> None:
    """A strategy of lists is not one of objects."""
    module = package_strategies(package_of_kinds("absent"))

    found = {
        name: getattr(module, name).__annotations__["return"]
        for name in ("uuidss", "addressess", "mails", "lengthss", "taggeds")
    }

    expected = {
        "uuidss": "st.SearchStrategy[list[Any]]",
        "addressess": "st.SearchStrategy[dict[str, Any]]",
        "mails": "st.SearchStrategy[Any]",
        "lengthss": "st.SearchStrategy[list[Any]]",
        "taggeds": "st.SearchStrategy[Any]",
    }
    assert expected == found


@pytest.mark.parametrize(
    ("condition", "least"),
    [
        (lambda _: True, {}),
        (lambda job: "HyperParameters" in job, {"HyperParameters": {}}),
        (
            lambda job: len(job.get("Environment", ())) > 1,
            {"Environment": {"A": "", "B": ""}},
        ),
    ],
    ids=["any", "member", "two-entries"],
)
def test_failures_shrink(
    condition: Callable[[Any], bool], least: dict[str, Any]
) -> None:
    """The least response with a property has what is required, that, hardly more."""
    found = find(
        strategies.describe_training_job_responses(), condition, settings=SHRINKING
    )
    created = found.pop("CreationTime")

    assert found.items() >= {**LEAST, **least}.items()
    assert len(found) <= len(LEAST) + len(least) + 1
    assert "2000-01-01T00:00:00+00:00" == created.isoformat()


def test_no_table_of_a_codec_is_needed(tmp_path: Path) -> None:
    """The first draw in a new folder does not try every character there is."""
    code = (
        "from hypothesis import given, settings\n"
        "from sagemaker_training_job.strategies import *\n"
        "@settings(max_examples=5, database=None)\n"
        "@given(describe_training_job_responses())\n"
        "def drawn(_): pass\n"
        "drawn()"
    )

    subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "CI": "true"},
        check=True,
    )

    written = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert "charmap.json.gz" in written
    assert not [name for name in written if name.startswith("codec-")]


def test_only_this_module_needs_hypothesis() -> None:
    """The package does without; the module says what to install."""
    code = (
        "import sys, json; sys.modules['hypothesis'] = None\n"
        "import sagemaker_training_job as package; package.is_valid({})\n"
        "try: import sagemaker_training_job.strategies\n"
        "except ImportError as error: print(json.dumps(str(error)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    expected = "strategies need Hypothesis: pip install hypothesis"
    assert expected == json.loads(done.stdout)
