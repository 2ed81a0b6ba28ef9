"""Objects that raise, lie or hold themselves: each has a verdict, in every form."""

from __future__ import annotations

import collections
import copy
import datetime as dt
import decimal
import fractions
import math
import pickle
import types
from collections.abc import Callable
from typing import Any
from unittest.mock import MagicMock, Mock

import numpy as np
import pytest

from tests.properties.test_any_input import EVERY_TYPE
from tests.support import compile_text

OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"form": "frame"},
    {"strict": True},
    {"strict": "all"},
)


class Boom(Exception):
    """What no validator of ours would raise."""


def boom(*_: object, **__: object) -> Any:
    raise Boom


def raising(base: type, *methods: str) -> Any:
    """A subclass of a built-in class, some of whose methods raise."""
    return type(f"Odd{base.__name__}", (base,), dict.fromkeys(methods, boom))


class Zone(dt.tzinfo):
    """A time zone that says, or raises, whatever it is given."""

    def __init__(self, said: object) -> None:
        """Say `said` of every moment."""
        self.said = said

    def utcoffset(self, moment: dt.datetime | None) -> Any:
        del moment
        if isinstance(self.said, BaseException):
            raise self.said
        return self.said

    def tzname(self, moment: dt.datetime | None) -> str:
        del moment
        return "odd"

    def dst(self, moment: dt.datetime | None) -> None:
        del moment


def loops() -> list[Any]:
    """Values that hold themselves."""
    items: list[Any] = []
    items.append(items)
    members: dict[str, Any] = {}
    members.update(Parts=[members], Any=members)
    return [items, members]


MOMENT = dt.datetime(2021, 1, 1)
ODD: list[Any] = [
    10**400,
    -0.0,
    math.nan,
    -math.inf,
    "\ud800",
    memoryview(b"a"),
    {1: 2, None: 3, (1,): 4, b"a": 5},
    iter([]),
    object(),
    Boom,
    boom,
    *(decimal.Decimal(text) for text in ("NaN", "sNaN", "Infinity", "1e999999")),
    fractions.Fraction(1, 3),
    complex(1, 2),
    *(np.int64(3), np.float64("nan"), np.float32(1.5), np.bool_(1), np.str_("abc")),
    *(np.datetime64("NaT"), np.timedelta64(1, "s"), np.longdouble(1), np.void(b"a")),
    *(np.array([1, 2]), np.array(1), np.array([[]]), np.array([None], dtype=object)),
    dt.datetime.max.replace(tzinfo=dt.timezone(dt.timedelta(hours=-23))),
    dt.datetime.min.replace(tzinfo=dt.timezone(dt.timedelta(hours=23))),
    *(
        MOMENT.replace(tzinfo=Zone(said))
        for said in (
            None,
            dt.timedelta(hours=30),
            "one hour",
            Boom(),
            RecursionError(),
            OverflowError(),
        )
    ),
    raising(str, "__len__")("abc"),
    raising(str, "__eq__", "__hash__")("abc"),
    raising(str, "__iter__", "__str__", "__repr__", "isascii", "encode")("abc"),
    raising(int, "__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__hash__")(3),
    raising(int, "__index__", "__int__", "__float__", "__repr__", "__bool__")(3),
    raising(float, "__float__", "__lt__", "__ge__", "is_integer", "__repr__")(3.0),
    raising(dict, "get")({"A": 1}),
    raising(dict, "items", "keys", "__iter__")({"A": 1}),
    raising(dict, "__getitem__", "__contains__")({"A": 1}),
    raising(dict, "__len__", "__bool__", "__eq__", "__repr__")({"A": 1}),
    raising(list, "__iter__")([1]),
    raising(list, "__len__", "__bool__")([1]),
    raising(list, "__getitem__", "__eq__", "__repr__")([1]),
    type("Long", (list,), {"__len__": lambda _: 10**9})(["a"]),
    type("Short", (list,), {"__len__": lambda _: -1})(["a"]),
    raising(dt.datetime, "utcoffset", "timestamp", "isoformat")(2021, 1, 1),
    raising(dt.datetime, "__lt__", "__gt__", "__sub__", "__eq__")(2021, 1, 1),
    MagicMock(),
    *(Mock(spec=kind) for kind in (int, str, dict, list, dt.datetime)),
    collections.UserDict(A=1),
    collections.UserString("abc"),
    types.MappingProxyType({"A": 1}),
    types.SimpleNamespace(a=1),
    type("Rude", (), dict.fromkeys(("__getattr__", "__repr__", "__bool__"), boom))(),
    type("Esc\x1b[31m\n::error::x", (), {})(),
    *loops(),
]


@pytest.fixture(scope="module")
def package() -> Any:
    """A contract with every type."""
    return compile_text(EVERY_TYPE).package


def around(value: Any) -> list[Any]:
    """Responses that hold a value, wherever one may stand."""
    members = EVERY_TYPE.partition("    members:\n")[2].partition("    rules:")[0]
    names = [line.split(":")[0].strip() for line in members.splitlines() if line]
    found = [value, {"Unknown": value}, {"Texts": [value, value], "Anys": [value, 1]}]
    found += [{name: value} for name in names]
    return [*found, {"Map": {"a": value}, "Parts": [{"Any": value}]}]


@pytest.mark.parametrize("value", ODD, ids=[str(n) for n in range(len(ODD))])
def test_every_object_has_a_verdict(package: Any, value: Any) -> None:
    """It is what `validate` says, in words that move no cursor."""
    for response in around(value):
        for options in OPTIONS:
            findings = package.validate(response, **options)
            errors = [one for one in findings if one.severity == "error"]

            assert (not errors) == package.is_valid(response, **options), options
            for one in findings:
                assert one.message.isprintable()
                assert one.got.isprintable()


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickle.dumps])
def test_what_is_refused_can_be_handed_on(
    package: Any, copied: Callable[[Any], object]
) -> None:
    """A refusal is copied and pickled, whatever was refused."""
    for value in ODD:
        with pytest.raises(package.InvalidResponse) as refused:
            package.Root.from_response({"Count": "x", "Any": value})

        copied(refused.value)


def test_a_zone_without_an_offset_is_none() -> None:
    """A moment whose zone knows no offset is naive, and so it is UTC."""
    package: Any = compile_text(
        "shapespec: 1\npackage: zoned\nforms:\n"
        "  boto3: {timestamps: {read: [datetime], write: datetime}}\n"
        "  wire: {timestamps: {read: [epoch-seconds], write: epoch-seconds}}\n"
        "shapes:\n"
        "  Thing: {type: structure, members: {At: timestamp, Any: document}}\n"
    ).package
    moment = MOMENT.replace(tzinfo=Zone(None))
    thing = package.Thing.from_response({"At": moment, "Any": {"At": moment}})

    seconds = MOMENT.replace(tzinfo=dt.UTC).timestamp()
    assert {"At": seconds, "Any": {"At": seconds}} == thing.to_response(form="wire")
