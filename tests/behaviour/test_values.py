"""Dataclasses as values: equality, hash and `repr` at any depth; what is not shown."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support import compile_text

SPEC = """
shapespec: 1
package: values
roots: [R]
shapes:
  R:
    type: structure
    members:
      Name: string
      Count: integer
      At: timestamp
      Any: document
      Parts: {type: list, member: Part}
      Tags: {type: map, key: string, value: string}
      Next: R
  Part: {type: structure, members: {Size: integer}}
"""
SECRETS = """
shapespec: 1
package: keepsafe
roots: [R]
shapes:
  R:
    type: structure
    members:
      One: Secret
      Keys: {type: list, member: Secret}
      Deep: {type: list, member: {type: map, key: string, value: Secret}}
      ByName: {type: map, key: string, value: Secret}
      ByKey: {type: map, key: Secret, value: string}
      G: Group
      Groups: {type: list, member: Group}
      Login: {target: Login, sensitive: true}
      Raw: {type: document, sensitive: true}
      Either: Either
      Plain: Plain
  Secret: {type: string, sensitive: true}
  Group: {type: structure, sensitive: true, members: {Inner: string, Below: Below}}
  Below: {type: structure, members: {Low: string}}
  Login: {type: structure, members: {User: string}}
  Either: {type: union, members: {A: Secret, B: string}}
  Plain: {type: structure, members: {Text: string}}
"""


@pytest.fixture(scope="module")
def values() -> Any:
    """The package of the first spec."""
    return compile_text(SPEC).package


def deep(depth: int) -> Any:
    """A document so many levels deep."""
    found: Any = "x"
    for _ in range(depth):
        found = [{"a": found}]
    return found


def test_equality_hash_and_repr_at_any_depth(values: Any) -> None:
    """A document of 100,000 levels is compared, hashed and shown."""
    one = values.R(any=deep(50_000))
    same, other = values.R(any=deep(50_000)), values.R(any=deep(49_999))

    assert one == same
    assert one != other
    assert hash(one) == hash(same)
    assert repr(one).startswith("R(any=[{'a': [{")
    assert len(repr(one)) < 200_000


def test_structures_at_any_depth(values: Any) -> None:
    """So are structures within each other."""
    one = same = None
    for _ in range(20_000):
        one, same = values.R(next=one), values.R(next=same)

    assert one == same
    assert hash(one) == hash(same)
    assert repr(one).startswith("R(next=R(next=")


def test_what_is_shared_is_no_explosion(values: Any) -> None:
    """A few objects that share each other are compared and shown in bounded space."""
    one: Any = []
    other: Any = []
    for _ in range(60):
        one, other = [one, one], [other, other]

    assert values.R(any=one) == values.R(any=other)
    assert len(repr(values.R(any=one))) < 200_000


def test_what_contains_itself(values: Any) -> None:
    """A document that contains itself is shown as Python shows it."""
    loop: list[Any] = [1]
    loop.append(loop)

    assert "any=[1, ...]" in repr(values.R(any=loop))
    assert values.R(any=loop) == values.R(any=loop)


def test_repr_is_the_call_that_makes_it(values: Any) -> None:
    """What is short is shown as dataclasses are: the call that makes it again."""
    at = datetime(2025, 6, 3, tzinfo=UTC)
    part = values.Part(size=1)
    one = values.R(name="x", count=2, parts=(part,), tags={"a": "b"}, any=[1, (2, 3)])

    assert (
        "R(name='x', count=2, any=[1, (2, 3)], parts=(Part(size=1),), tags={'a': 'b'})"
    ) == repr(one)
    assert repr(at) in repr(values.R(at=at))
    assert "<an integer of 16610 bits>" in repr(values.R(count=10**5000))


def test_equal_objects_have_one_hash(values: Any) -> None:
    """A structure can be a key, whatever maps and documents it holds."""
    response = {
        "Name": "x",
        "Count": 1,
        "Tags": {"a": "b"},
        "Any": [{}],
        "Parts": [{"Size": 1}],
        "New": {"a": 1},
    }
    one, same = values.R.from_response(response), values.R.from_response(response)

    assert {one: 1} == {same: 1}
    assert one == pickle.loads(pickle.dumps(one))
    assert one != values.R.from_response({**response, "New": {"a": 2}})
    assert one != values.R.from_response({**response, "Parts": [{"Size": 2}]})
    assert values.Part(size=1) != values.R(count=1)
    assert values.Part(size=1) == values.Part(size=1.0)


def test_what_is_sensitive_is_not_in_the_repr() -> None:
    """Neither is anything below it: items, values, keys, members of structures."""
    made = compile_text(SECRETS).package
    response = {
        "One": "hunter1",
        "Keys": ["hunter2"],
        "Deep": [{"a": "hunter3"}],
        "ByName": {"a": "hunter4"},
        "ByKey": {"hunter5": "x"},
        "G": {"Inner": "hunter6", "Below": {"Low": "hunter7"}},
        "Groups": [{"Inner": "hunter8"}],
        "Login": {"User": "hunter9"},
        "Raw": {"x": "hunter10"},
        "Either": {"A": "hunter11"},
        "Plain": {"Text": "seen"},
        "New": "hunter12",
    }
    job = made.R.from_response(response)

    shown = [job, job.g, job.g.below, job.groups[0], job.login, job.either, [job]]

    assert "hunter" not in " ".join(map(repr, shown))
    assert "Text='seen'".lower() in repr(job).lower()
    assert response == job.to_response()
