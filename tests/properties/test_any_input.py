"""Any value at any place: validators never raise, and never contradict each other."""

from __future__ import annotations

import copy
import json
from collections import OrderedDict, UserDict, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction
from typing import Any
from unittest.mock import MagicMock
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import sagemaker_training_job as flagship
from shapespec.compiler import compile_spec
from shapespec.contract.schema import Structure, Union
from shapespec.project.files import read_source
from tests.support import FLAGSHIP, ROOT, compile_text

VALID: dict[str, Any] = json.loads(
    (ROOT / "spec" / "sagemaker" / "examples" / "valid.json").read_text("utf-8")
)
FORMS = [None, *(form.name for form in compile_spec(read_source(FLAGSHIP)).forms)]

EVERY_TYPE = """\
shapespec: 1
package: everything
roots: [Root]
shapes:
  Root:
    type: structure
    members:
      Text: {type: string, length: {min: 1, max: 5}, pattern: '[a-z]*'}
      Free: {type: string, pattern: '.*'}
      Secret: {type: string, pattern: 'x', sensitive: true}
      Open: {target: Open, required: true}
      Closed: Closed
      Count: {type: integer, range: {min: 0, max: 10}}
      Long: long
      Share: {type: double, range: {min: 0, max: 1.5}}
      Flag: boolean
      At: timestamp
      Bytes: {type: blob, length: {max: 4}}
      Any: document
      Texts: {type: list, member: string, length: {max: 3}, unique_items: true}
      Anys: {type: list, member: document, unique_items: true}
      Sparse: {type: list, member: integer, sparse: true}
      Ats: {type: list, member: timestamp}
      Map: {type: map, key: {type: string, pattern: '[a-z]+'}, value: integer}
      Keyed: {type: map, key: Closed, value: Root, sparse: true}
      Choice: Choice
      Parts: {type: list, member: Root}
    rules:
      count-above-share:
        cel: double(this.Count) > this.Share
        message: the count is not above the share
      not-before:
        cel: this.At > timestamp('2020-01-01T00:00:00Z')
        message: too early
      texts-are-long:
        cel: this.Texts.all(text, size(text) > 1)
        message: a text is short
        severity: advice
      part-has-count:
        cel: item.Count * 2 > this.Count && item.Free.startsWith('a')
        message: a part counts too little
        each: Parts
  Open: {type: enum, open: true, values: {a: , b: {retired: true}}}
  Closed: {type: enum, values: [c, d]}
  Choice: {type: union, members: {One: integer, Two: Root}}
"""
compiled = compile_text(EVERY_TYPE, targets=("dataclasses", "validators"))
everything = compiled.package
NAMES = [
    member.name
    for shape in compiled.schema.shapes.values()
    if isinstance(shape, Structure | Union)
    for member in shape.members
]


class Color(str, Enum):  # noqa: UP042 - as many programs still have them
    """A text that is a member of an enum."""

    RED = "c"


class Level(IntEnum):
    """A number that is a member of an enum."""

    LOW = 1


class Text(str):
    """A text of a class of its own."""

    __slots__ = ()


def loop() -> list[Any]:
    found: list[Any] = []
    found.append(found)
    return found


def ring() -> dict[str, Any]:
    found: dict[str, Any] = {"Open": "a"}
    found["Parts"] = [found]
    found["Any"] = found
    return found


def deep(make: Callable[[Any], Any]) -> Any:
    found: Any = None
    for _ in range(2000):
        found = make(found)
    return found


ODD: list[Callable[[], Any]] = [
    loop,
    ring,
    lambda: deep(lambda below: [below]),
    lambda: deep(lambda below: {"Open": "a", "Parts": [below]}),
    lambda: deep(lambda below: {"Two": below}),
    lambda: 2**63,
    lambda: -(10**4999),
    lambda: 10**400,
    lambda: float("nan"),
    lambda: float("-inf"),
    lambda: -0.0,
    lambda: 1e3,
    lambda: 5e-324,
    lambda: Decimal("1.5"),
    lambda: Decimal("sNaN"),
    lambda: Fraction(1, 3),
    lambda: 1j,
    lambda: b"abc",
    lambda: bytearray(b"abc"),
    lambda: memoryview(b"abc"),
    lambda: date(2025, 3, 14),
    lambda: datetime(9999, 12, 31, 23, 59, 59),
    lambda: datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    lambda: datetime.max.replace(tzinfo=timezone(timedelta(hours=-23))),
    lambda: datetime(2025, 3, 14, tzinfo=UTC),
    lambda: timedelta(1),
    lambda: (),
    lambda: {"a"},
    lambda: frozenset("ab"),
    lambda: range(3),
    lambda: UUID(int=1),
    lambda: OrderedDict(Open="a"),
    lambda: defaultdict(list, Open="a"),
    lambda: UserDict(Open="a"),
    lambda: {1: 2, None: 3, b"k": 4, (1, 2): 5, 1.5: 7, 10**5000: 8},
    lambda: [{1: 2}, {"1": 2}, {10**5000: 1}],
    lambda: Color.RED,
    lambda: Level.LOW,
    lambda: Text("abc"),
    object,
    lambda: type,
    lambda: len,
    MagicMock,
    lambda: MagicMock(spec=dict),
    lambda: "\ud800",
    lambda: "\x00\x1b[2J",
    lambda: "a" * 100_000,
    lambda: "2016-12-31T23:59:60Z",
    lambda: "0001-01-01T00:00:00+23:59",
    lambda: "9999-12-31t23:59:59.999999999-23:59",
    lambda: "2025-03-14T09:26:53,5Z",
]

leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["a", "b", "c", "x", "2025-03-14T09:26:53Z", "AAAA"])
    | st.datetimes(timezones=st.none() | st.just(UTC))
    | st.binary(max_size=8)
    | st.sampled_from(ODD).map(lambda make: make())
)


keys = st.sampled_from([*NAMES, "c", "d", "Other"]) | st.text(max_size=3)
values = st.recursive(
    leaves,
    lambda below: (
        st.lists(below, max_size=4)
        | st.dictionaries(keys, below, max_size=5)
        | st.dictionaries(st.integers() | st.none() | st.binary(), below, max_size=2)
    ),
    max_leaves=12,
)
roots = values | st.fixed_dictionaries(
    {"Open": st.sampled_from(["a", "b", "c"]) | values},
    optional=dict.fromkeys({*NAMES} - {"Open"}, values),
)
exhaustive = settings(
    database=None,
    deadline=None,
    derandomize=True,
    max_examples=200,
    suppress_health_check=[*HealthCheck],
)


def places(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to every value within a value, but for the whole of it."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for step, item in items:
        yield (*way, step)
        if isinstance(item, dict | list):
            yield from places(item, (*way, step))


def put(response: Any, way: tuple[Any, ...], value: Any) -> None:
    """Put a value at a place; do nothing where it is gone."""
    *steps, last = way
    for step in steps:
        try:
            response = response[step]
        except (KeyError, IndexError, TypeError):
            return
    if type(response) is dict or (
        type(response) is list and last in range(len(response))
    ):
        response[last] = value


def check(package: Any, value: Any, **options: Any) -> list[Any]:
    """Judge a value; whatever it is, that gives findings that people can read."""
    findings: list[Any] = package.validate(value, **options)
    for finding in findings:
        assert finding.severity in ("error", "warning", "note")
        assert finding.pointer.isprintable() or finding.pointer
        assert str(json.loads(json.dumps(finding.as_dict()))["message"]).isprintable()
    errors = [finding for finding in findings if finding.severity == "error"]

    assert package.is_valid(value, **options) == (not errors)

    return errors


@exhaustive
@given(value=roots, strict=st.booleans())
def test_any_value_of_a_spec_with_every_type(value: Any, *, strict: bool) -> None:
    """`is_valid` is "no error in `validate`", and neither raises."""
    check(everything, value, strict=strict)


@exhaustive
@given(
    edits=st.lists(st.tuples(st.sampled_from([*places(VALID)]), values), max_size=3),
    form=st.sampled_from(FORMS),
    strict=st.booleans(),
)
def test_any_value_in_a_response_of_the_flagship(
    edits: list[tuple[tuple[Any, ...], Any]], form: str | None, *, strict: bool
) -> None:
    """The same for the contract that ships, in every form."""
    response = copy.deepcopy(VALID)
    for way, value in edits:
        put(response, way, value)

    check(flagship, response, form=form, strict=strict)


@exhaustive
@given(value=roots)
def test_objects_are_made_of_what_is_right(value: Any) -> None:
    """A dataclass takes what is valid, and refuses the rest with the findings."""
    if check(everything, value):
        with pytest.raises(everything.InvalidResponse):
            everything.Root.from_response(value)
        return

    everything.Root.from_response(value).to_response()


@pytest.mark.parametrize("make", ODD, ids=range(len(ODD)))
def test_odd_values_everywhere(make: Callable[[], Any]) -> None:
    """Each odd value at each place of both contracts has a verdict."""
    check(everything, make())
    for name in NAMES:
        check(everything, {"Open": "a", name: make()})
        check(everything, {"Open": "a", name: [make()]})
        check(everything, {"Open": "a", name: {"c": make()}})
    for way in places(VALID):
        response = copy.deepcopy(VALID)
        put(response, way, make())
        check(flagship, response)
