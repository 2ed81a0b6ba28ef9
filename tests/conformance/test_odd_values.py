"""The table of odd values in `spec/language.md`: each value as each type."""

from __future__ import annotations

import json
import re
from collections import Counter, OrderedDict, UserDict, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple
from unittest.mock import MagicMock

import numpy as np
import pytest

from tests.support import ROOT, compile_text

SHAPES: dict[str, Any] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "double": {"type": "double"},
    "boolean": {"type": "boolean"},
    "timestamp": {"type": "timestamp"},
    "blob": {"type": "blob"},
    "list": {"type": "list", "member": "document"},
    "map": {"type": "map", "key": "string", "value": "document"},
    "structure": {"target": "Empty"},
    "document": {"type": "document"},
}
ITSELF: list[Any] = []
ITSELF.append(ITSELF)
NAMES = {
    **{one.__name__: one for one in (Counter, OrderedDict, UserDict, defaultdict)},
    **{one.__name__: one for one in (date, datetime, time, timedelta, Decimal)},
    **{one.__name__: one for one in (Fraction, MagicMock, IntEnum, StrEnum)},
    "timezone": timezone,
    "MappingProxyType": MappingProxyType,
    "UTC": UTC,
    "itself": ITSELF,
    "numpy": np,
}


class Case(NamedTuple):
    """A value, as the table writes it, and the types that it is right as."""

    value: str
    right_as: frozenset[str]


def cases() -> Iterator[Case]:
    guide = (ROOT / "spec" / "language.md").read_text("utf-8")
    section = guide.partition("\n### Odd values\n")[2].partition("\n## ")[0]
    for row in re.findall(r"^\| (`.*`) \| (.*?) \|", section, re.MULTILINE):
        values, types = row
        right = frozenset(types.split(", ")) - {"nothing"}
        assert right <= SHAPES.keys()
        for value in re.findall(r"`([^`]+)`", values):
            yield Case(value, right | {"document"})


CASES = list(cases())


@cache
def package(kind: str) -> Any:
    members = {"Value": SHAPES[kind]}
    shapes = {
        "Root": {"type": "structure", "members": members},
        "Empty": {"type": "structure", "members": {}},
    }
    if kind != "structure":
        del shapes["Empty"]
    spec = {"shapespec": 1, "package": "odd", "shapes": shapes}
    return compile_text(json.dumps(spec), targets=("validators",)).package


def test_the_table_is_read() -> None:
    """There are as many values as the issue names kinds, and more."""
    assert len(CASES) > 60


@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("case", CASES, ids=[case.value for case in CASES])
def test_value(case: Case, kind: str) -> None:
    """A value is right as the types that the table has, and wrong as all others."""
    value = eval(case.value, dict(NAMES))  # noqa: S307 - our own table
    judge = package(kind)

    findings = judge.validate({"Value": value})

    errors = [finding for finding in findings if finding.severity == "error"]
    assert judge.is_valid({"Value": value}) == (not errors)
    if kind in case.right_as:
        assert [] == errors
    else:
        expected = "timestamp" if kind == "timestamp" else "type"
        assert [expected] == [finding.rule for finding in errors]
        assert errors[0].pointer.startswith("/Value")
