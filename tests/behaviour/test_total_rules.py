"""Rules and derived values of any response: a verdict or none, and never an error."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest

from sagemaker_training_job import DescribeTrainingJobResponse
from shapespec.diagnostics.model import Faults
from shapespec.runtime import _cel as cel
from tests.support import ROOT, compile_text

MEMBERS = """
      A: string
      B: boolean
      N: integer
      D: double
      T: timestamp
      Doc: document
      Other: document
      Octets: blob
      Numbers: {type: list, member: integer}
      Docs: {type: list, member: document}
      Times: {type: list, member: timestamp}
      Dates: {type: map, key: string, value: timestamp}
      Node: Node
      Node2: Node
      Job: Job
"""
SHAPES = """
  Node: {type: structure, members: {Next: Node, Name: string}}
  Job: {type: structure, members: {At: timestamp}}
"""


def package(cel: str, *, derived: str | None = None) -> Any:
    """A contract with one rule, or one derived value of a type."""
    expression = json.dumps(cel)
    what = f"rules: {{r: {{cel: {expression}, message: m}}}}"
    if derived is not None:
        what = f"derived: {{Value: {{cel: {expression}, type: {derived}}}}}"
    root = f"  R:\n    type: structure\n    members:{MEMBERS}    {what}"
    text = f"shapespec: 1\npackage: p\nroots: [R]\nshapes:\n{root}\n{SHAPES}"
    return compile_text(text).package


def refused(cel: str) -> tuple[str, str]:
    """The rule and the message of the diagnostic that an expression gets."""
    with pytest.raises(Faults) as caught:
        package(cel)
    (diagnostic,) = caught.value.diagnostics
    return diagnostic.rule, diagnostic.message


def holds(cel: str, response: dict[str, Any]) -> bool:
    """Whether a rule is kept; both validators say the same."""
    made = package(cel)
    broken = any(one.rule == "r" for one in made.validate(response))
    assert made.is_valid(response) is not broken
    return not broken


def deep(make: Callable[[Any], Any], end: Any = None) -> Any:
    """A value that is nested 100,000 times."""
    for _ in range(100_000):
        end = make(end)
    return end


def shared() -> Any:
    """A value of few objects that would be 2**60 if each were written out."""
    found: Any = []
    for _ in range(60):
        found = [found, found]
    return found


# --- when compiling -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("this.D < 1e999", "greater than a double can be"),
        ("this.D > -1e999", "greater than a double can be"),
        ("this.D > 1e-999", "nearer to 0 than a double can be"),
        ("this.N < 9223372036854775808", "an integer has 64 bits"),
        ("this.N > -0x8000000000000001", "an integer has 64 bits"),
        ('this.A != "\\U00110000"', "beyond the last character"),
        ('this.A != "\\ud83d"', "half of a surrogate pair"),
        ('this.A.matches("\\ud83d")', "half of a surrogate pair"),
        ('this.A != "\\x4"', "needs 2 hexadecimal digits"),
        ('this.A != "\\u٣٣٣٣"', "needs 4 hexadecimal digits"),
        ('this.A != "\\899"', "needs 3 octal digits"),
    ],
)
def test_literals_beyond_their_type_are_refused(written: str, message: str) -> None:
    """A literal that is no value of its type is a fault of the spec, with its place."""
    rule, said = refused(written)

    assert "cel-syntax" == rule
    assert message in said


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('this.T < timestamp("2025-02-30T00:00:00Z")', "is not a timestamp"),
        ('this.T < timestamp("tomorrow")', "is not a timestamp"),
        ('this.T < timestamp("9999-12-31T23:59:59-01:00")', "is not a timestamp"),
        ('this.T < timestamp("12025-01-01T00:00:00Z")', "is not a timestamp"),
        ('this.T - this.T < duration("99999999999h")', "longer than a duration"),
        ('this.T - this.T < duration("' + "9" * 400 + 's")', "longer than a duration"),
        ('this.T - this.T < duration("soon")', "is not a duration"),
        ("(this.B ? 1 : 2.5) > 1", "the branches have different types: int and double"),
    ],
)
def test_values_that_cannot_be_are_refused(written: str, message: str) -> None:
    """So is a time or a duration that is written out and cannot be."""
    rule, said = refused(written)

    assert "cel-type" == rule
    assert message in said


@pytest.mark.parametrize(
    "written", ["this.Job == this.Job", "this.Job in [this.Job]", "this.Times != []"]
)
def test_what_holds_times_is_not_compared_as_a_whole(written: str) -> None:
    """A response may write one time in several ways, so the parts are compared."""
    rule, said = refused(written)

    assert "cel-unsupported" == rule
    assert "timestamp" in said


def test_largest_literals() -> None:
    """The greatest literals of each type are right."""
    assert holds("this.N == 9223372036854775807", {"N": 2**63 - 1})
    assert holds("this.N == -9223372036854775808", {"N": -(2**63)})
    assert holds("this.D < 1.7976931348623157e308", {"D": 1e308})
    assert holds('this.A == "\\U0010ffff\\x41\\101"', {"A": "\U0010ffffAA"})


# --- when asked ---------------------------------------------------------------------


@pytest.mark.parametrize("member", ["Doc", "Node"])
def test_equality_at_any_depth(member: str) -> None:
    """What is equal or differs at the bottom of 100,000 levels is found to be so."""
    below = {"Doc": lambda inner: [inner], "Node": lambda inner: {"Next": inner}}
    other = {"Doc": "Other", "Node": "Node2"}[member]
    end = {"Name": "x"} if member == "Node" else "x"
    one, same = deep(below[member], end), deep(below[member], end)
    differs = deep(below[member], {"Name": "y"} if member == "Node" else "y")
    made = package(f"this.{member} == this.{other}")

    assert [] == made.validate({member: one, other: same})
    assert made.is_valid({member: one, other: same})
    assert ["r"] == [one.rule for one in made.validate({member: one, other: differs})]


def test_equality_of_what_is_shared() -> None:
    """A few objects that share each other are compared in a few steps."""
    assert holds("this.Doc == this.Other", {"Doc": shared(), "Other": shared()})


def test_equality_of_what_contains_itself() -> None:
    """So is a document that contains itself."""
    one: list[Any] = []
    one.append(one)
    other: list[Any] = []
    other.append(other)

    assert holds("this.Doc == this.Other", {"Doc": one, "Other": other})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        ("1", 1, False),
        ([1, {"a": None}], [1, {"a": None}], True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"b": 1}, False),
        ([True], [1], False),
    ],
)
def test_documents_are_equal_as_cel_has_it(one: Any, other: Any, *, same: bool) -> None:
    """Numbers are equal by value, and no number equals a boolean."""
    response = {"Doc": one, "Other": other}

    assert same is holds("this.Doc == this.Other", response)
    assert same is not holds("this.Doc != this.Other", response)
    assert same is holds("this.Doc in this.Docs", {"Doc": one, "Docs": [0.5, other]})


def test_members_that_are_null_are_absent() -> None:
    """Structures with a member that is null equal those without."""
    response = {"Node": {"Next": {"Name": None}}, "Node2": {"Next": {}}}

    assert holds("this.Node == this.Node2", response)


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("!this.Doc", ["x", 1, 2.5, [], {}]),
        ("this.Doc && true", ["x", 1, 2.5, [], {}]),
        ("this.Doc < 5", ["x", True, [], {}]),
        ("-this.Doc == -1", ["x", True, [], {}]),
        ("int(this.Doc) == 5", ["x", True, [], {}]),
        ("double(this.Doc) == 5.0", ["x", True, [], {}]),
        ("size(this.Doc) > 5", [1, True, 2.5]),
        ('this.Doc.startsWith("x")', [1, True, 2.5, [], {}]),
        ('this.Doc.matches("x")', [1, True, 2.5, [], {}]),
        ("this.Doc[0] == 1", ["1", 1, True, [], {"0": 2}]),
        ('this.Doc["a"] == 1', ["a", 1, True, [], {"b": 2}]),
        ("this.Docs.all(one, one)", ["x", 1, 2.5, [], {}]),
        ("this.Doc ? false : false", ["x", 1, 2.5, [], {}]),
        ("1 in this.Doc", ["x", 1, 2.5, {}, {"1": 1}]),
    ],
)
def test_documents_of_another_type_break_nothing(
    written: str, wrong: list[Any]
) -> None:
    """An expression that has no value for what a document holds breaks no rule."""
    made = package(written)
    never = [None, b"bytes", 1j, object(), datetime(2025, 1, 1)]

    for value in [*wrong, *never]:
        for response in ({"Doc": value}, {"Docs": [value]}):
            assert [] == made.validate(response)
            assert made.is_valid(response)


def test_huge_numbers_have_no_verdict() -> None:
    """Where an integer is too great for a double, the rule breaks nothing."""
    for written in ("double(this.N) < 0.0", "this.D * 2.0 < 0.0", "this.D + 1.5 < 0.0"):
        assert holds(written, {"N": 10**400, "D": 10**400})
        assert not holds(written, {"N": 1, "D": 1})
    assert holds('string(this.N) == "x"', {"N": 10**5000})


def test_times_beyond_the_calendar_have_no_verdict() -> None:
    """So it is where a time would be after the year 9999."""
    written = 'this.T + duration("87600h") < timestamp("2000-01-01T00:00:00Z")'

    assert holds(written, {"T": "9998-01-01T00:00:00Z"})
    assert not holds(written, {"T": "1998-01-01T00:00:00Z"})
    assert holds(f"{written} || true", {"T": "9998-01-01T00:00:00Z"})
    assert not holds(f"{written} && false", {"T": "9998-01-01T00:00:00Z"})


def test_blobs_are_bytes_in_every_form() -> None:
    """The size of a blob is that of its bytes, given as such or as base64."""
    for value in (b"ABC", bytearray(b"ABC"), b64encode(b"ABC").decode()):
        assert holds("size(this.Octets) == 3", {"Octets": value})


def test_times_in_lists_and_maps() -> None:
    """Times are compared as times, however each is written."""
    response = {
        "T": "2025-06-03T09:14:02Z",
        "Times": [1748942042, datetime(2025, 6, 3, 9, 14, 2, tzinfo=UTC)],
        "Dates": {"a": "2025-06-03T10:14:02+01:00"},
    }

    assert holds("this.T in this.Times", response)
    assert holds("this.Times[0] == this.Times[1]", response)
    assert holds('this.Dates["a"] == this.T && this.Dates.a == this.T', response)
    assert holds("this.Times.filter(t, t == this.T)[1] == this.T", response)
    assert holds("this.Times.all(t, t == this.T)", response)


def test_numpy_numbers_are_judged_without_warnings() -> None:
    """A NumPy scalar that is a `float` is one, infinite or not."""
    made = package("this.D * 1e308 < 1e308")

    assert ["type"] == [one.rule for one in made.validate({"D": np.float64("inf")})]
    assert isinstance(made.is_valid({"D": np.float64(1e308)}), bool)


def test_durations_are_read_in_one_pass() -> None:
    """A text of digits without a unit is no duration, and is looked at once."""
    assert cel.to_duration("1" * 1_000_000) is None
    assert cel.to_duration("1.5h.5m-2s") is None
    assert cel.to_duration("-+2s") is None
    assert timedelta(seconds=-5430) == cel.to_duration("-1h30.5m")


def test_values_that_share_a_hash_are_told_apart() -> None:
    """Integers that are a multiple of 2**61 - 1 apart have one hash, but differ."""
    values = [(2**61 - 1) * count for count in range(20_000)]

    assert cel.distinct(values)
    assert not cel.distinct([*values, values[-1]])
    assert cel.distinct([1, True, "1", 1.5, [1], {"a": 1}, "x"])
    assert not cel.distinct([{"a": 1.0, "b": 2}, {"b": 2, "a": 1}])


# --- derived values -----------------------------------------------------------------


def test_savings_of_a_time_that_is_no_double() -> None:
    """A derived value that cannot be computed is `None`."""
    valid = json.loads((ROOT / "spec/sagemaker/examples/valid.json").read_text("utf-8"))
    response = {**valid, "BillableTimeInSeconds": 10**400}

    job = DescribeTrainingJobResponse.from_response(response)

    assert job.spot_savings_percent is None


@pytest.mark.parametrize(
    ("written", "type_", "response"),
    [
        ("double(this.N)", "double", {"N": 10**400}),
        ("this.D + 1.5", "double", {"D": 10**400}),
        ("this.D / 2.5", "double", {"D": 10**400}),
        ("this.T + duration('87600h') > this.T", "boolean", {"T": 253402300000}),
        ("this.Doc['a'] == 1", "boolean", {"Doc": [1]}),
        ("this.Docs[0] < 1", "boolean", {"Docs": ["x"]}),
        ("string(this.N)", "string", {"N": 10**5000}),
        ("int(this.A)", "integer", {"A": "x"}),
        ("size(this.Doc)", "integer", {"Doc": 1}),
        ("this.Numbers[0] / this.N", "integer", {"Numbers": [1], "N": 0}),
    ],
)
def test_derived_values_are_none_or_right(
    written: str, type_: str, response: dict[str, Any]
) -> None:
    """No response makes a derived value raise."""
    made = package(written, derived=type_)

    assert made.R.from_response(response).value is None


# --- values of classes that raise what they like -------------------------------------


class Trap(dict[str, Any]):
    """A dictionary that refuses to be read."""

    def get(self, *_: object) -> Any:
        raise RuntimeError("no")

    __iter__ = __contains__ = items = keys = values = get  # type: ignore[assignment]


class Mine(str):
    """A text that refuses to be compared."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no")

    def __hash__(self) -> int:
        raise RuntimeError("no")

    def __len__(self) -> int:
        raise RuntimeError("no")


class Far(timezone.__base__):  # type: ignore[misc]
    """A time zone that knows no offset."""

    def utcoffset(self, _: object) -> timedelta:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("response", "rules"),
    [
        ({"N": Trap(A=1)}, ["type"]),
        ({"Node": Trap(Name="x")}, []),
        ({"Node": Trap(Name=1)}, ["type"]),
        (Trap(A="x"), []),
        ({"Doc": Trap(A=1), "Other": [Mine("x")]}, []),
        ({"A": Mine("x")}, []),
        ({"T": datetime(9999, 12, 31, tzinfo=Far())}, ["timestamp"]),
        (
            {"T": datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=1)))},
            ["timestamp"],
        ),
    ],
)
def test_only_the_value_of_an_odd_class_counts(response: Any, rules: list[str]) -> None:
    """A subclass of a built-in type is judged by its value, whatever its methods do."""
    made = package('this.Doc == this.Other || this.A == "x" || true')

    assert rules == [one.rule for one in made.validate(response)]
    assert made.is_valid(response) is (not rules)


def test_what_only_says_that_it_is_a_number_is_none() -> None:
    """A mock of a class is not of that class."""
    from unittest.mock import MagicMock

    made = package("true")
    kinds: dict[str, Any] = {
        "A": str,
        "B": bool,
        "N": int,
        "D": float,
        "T": datetime,
        "Octets": bytes,
        "Numbers": list,
        "Dates": dict,
        "Node": dict,
    }
    for name, kind in kinds.items():
        (finding,) = made.validate({name: MagicMock(spec=kind)})

        assert finding.rule == ("timestamp" if name == "T" else "type")
        assert "MagicMock" in finding.message


def test_the_name_of_a_class_is_shown_safely() -> None:
    """A class whose name holds control characters is shown without them."""
    odd = type("\x1b[31m\n::error::", (), {})

    (finding,) = package("true").validate({"A": odd()})

    assert finding.message.isprintable()


def test_items_are_equal_only_if_they_are() -> None:
    """Objects are not equal because their names and values look alike when joined."""
    items = "{type: list, member: document, unique_items: true}"
    shapes = f"{{R: {{type: structure, members: {{X: {items}}}}}}}"
    spec = f"shapespec: 1\npackage: u\nroots: [R]\nshapes: {shapes}"
    made = compile_text(spec).package

    assert made.is_valid({"X": [{"a": 1, "b": 2}, {"a:1,b": 2}]})
    assert made.is_valid({"X": [{1: 1}, {"1": 1}, {None: 1}, {"None": 1}]})
    assert not made.is_valid({"X": [{"a": 1, "b": [1.0]}, {"b": [1], "a": 1}]})
    assert not made.is_valid({"X": [np.float64(1.5), 1.5]})
    assert not made.is_valid({"X": [np.str_("a"), "a"]})


TIMES: tuple[Any, ...] = (
    None,
    "yesterday",
    True,
    0.0,
    -1.0,
    1.5e9,
    1.5e9 + 2e-7,
    1.5e9 + 9e-6,
    1.5e9 + 2e-5,
    1_500_000_000,
    4e9,
    1e300,
    float("nan"),
    "2017-07-14T02:40:00Z",
    "2017-07-14T04:40:00+02:00",
    datetime(2017, 7, 14, 2, 40, 0, 10, tzinfo=UTC),
)


@pytest.mark.parametrize("one", TIMES)
@pytest.mark.parametrize("other", TIMES)
def test_numbers_are_in_the_order_of_the_moments_that_they_mean(
    one: Any, other: Any
) -> None:
    """They are compared as they are, where rounding to microseconds changes nothing."""
    moments = cel.moment(one), cel.moment(other)
    left, right = moments
    known = left is not None and right is not None

    assert cel.earlier(one, other) is (left < right if known else None)
    assert cel.no_later(one, other) is (left <= right if known else None)


# --- loops ----------------------------------------------------------------------------

LOOPS = """
shapespec: 1
package: p
roots: [R]
shapes:
  R:
    type: structure
    members:
      L: {type: list, member: integer}
      M: {type: list, member: integer}
      Rows: {type: list, member: Row}
      Same: Rows
      Apart: Others
      Text: string
    derived:
      Equal: {cel: "this.L.filter(a, this.M.exists(b, a == b)).size()", type: integer}
    rules:
      RULE
  Row: {type: structure, members: {Cells: {type: list, member: integer}}}
  Rows: {type: list, member: Row}
  Others: {type: map, key: string, value: {type: list, member: integer}}
"""


def looped(rule: str) -> Any:
    """A contract with a rule that loops, as a flow mapping without its message."""
    text = LOOPS.replace("RULE", f"r: {{{rule}, message: m}}")
    return compile_text(text).package


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("cel: 'this.L.all(a, this.L.exists(b, b == a + 1))'", {"L": [*range(1_300)]}),
        (
            "cel: 'this.Rows.all(r, r.Cells.all(c, c > 0))'",
            {"Rows": [[1] * 9_000, [0]]},
        ),
        (
            "cel: 'this.Rows.all(r, r.Cells.filter(c, c > 1).all(c, c > 2))'",
            {"Rows": [[0] * 9_000, [2]]},
        ),
        (
            "cel: 'this.L.all(a, a in this.M)'",
            {"L": [*range(1_300)], "M": [*range(1_299)]},
        ),
        (
            "cel: 'this.M.exists(m, m == item)', each: L",
            {"L": [*range(1_300)], "M": [*range(1_299)]},
        ),
    ],
)
def test_long_lists_are_judged(rule: str, given: dict[str, Any]) -> None:
    """Once, the loop in a loop of more than 1,000 items was passed over in silence."""
    rows = [{"Cells": cells} for cells in given.get("Rows", ())]

    found = looped(rule).validate({**given, "Rows": rows})

    assert [("r", "error", "m")] == [(f.rule, f.severity, f.message) for f in found]


@pytest.mark.parametrize(
    "rule",
    [
        "cel: 'this.L.all(a, this.L.all(b, this.L.all(c, this.L.all(d, a + d >= 0))))'",
        "cel: 'this.L.map(a, this.L).all(r, r.all(b, this.L.all(c, b + c >= 0)))'",
        "cel: 'this.L.all(a, this.Rows.all(r, r.Cells.all(c, a + c >= 0)))'",
        "cel: 'this.L.all(a, this.L.all(b, !(b in this.M)))'",
        "cel: 'this.L.all(a, this.L.all(b, a + b + item >= 0))', each: L",
        "cel: 'this.L.all(a, conforms(this.Rows, \"Rows\") || a < 0)'",
        "cel: 'this.L.all(a, conforms(others(this), \"Others\") || a < 0)'",
        "cel: 'this.L.all(a, a >= 0 && this.Rows == this.Same)'",
        "cel: 'this.L.all(a, a >= 0 && this.Text.contains(string(a)))'",
        "cel: 'this.L.all(a, a >= 0 && this.Text.matches(\"9$\"))'",
        "cel: 'this.L.all(a, (this.Text + string(a)).size() > a)'",
    ],
)
@pytest.mark.parametrize("severity", ["error", "advice"])
def test_loops_end_and_say_so(rule: str, severity: str) -> None:
    """A rule that would take for ever is not judged, and that is told."""
    package = looped(f"{rule}, severity: {severity}")
    numbers = [*range(300)]
    rows = [{"Cells": [*range(40_000)]}]
    text = "".join(map(str, range(40_000)))
    given = {"L": numbers, "M": [-1] * 300, "Rows": rows, "Same": rows, "Text": text}
    given["Other"] = numbers * 100

    (found,) = (one for one in package.validate(given) if one.rule != "unknown-member")

    assert "r" == found.rule
    assert {"error": "warning", "advice": "note"}[severity] == found.severity
    assert "not judged: its loops would look at more than 2,000,000 items" == (
        found.message
    )
    assert package.is_valid(given)
    few = {"L": [1], "M": [0], "Rows": [], "Same": [], "Text": "19"}
    assert [] == package.validate(few)


def test_a_value_after_many_others_is_derived() -> None:
    """Each value has all the steps that there are."""
    package = looped("cel: 'true'")
    numbers = [*range(1_200)]
    record = package.R.from_response({"L": numbers, "M": numbers[600:]})

    assert [600] * 3 == [record.equal for _ in range(3)]
