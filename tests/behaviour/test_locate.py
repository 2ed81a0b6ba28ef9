"""Places of findings: right in every text, and found in one pass."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, strategies as st

from shapespec.ground.pointer import pointer_to, steps
from shapespec.responses.locate import json_items, locate

TEXT = """\
{"a": [1, {"b\\n": "],"}, []],
  "c/d": {"": null, "~": {}},

"e\\"": "f"}"""

PLACES = [
    ("", (1, 1)),
    ("/a", (1, 2)),
    ("/a/0", (1, 8)),
    ("/a/1", (1, 11)),
    ("/a/1/b\n", (1, 12)),
    ("/a/1/absent/more", (1, 11)),
    ("/a/2/0", (1, 26)),
    ("/a/9", (1, 2)),
    ("/c~1d/", (2, 11)),
    ("/c~1d/~0", (2, 21)),
    ('/e"', (4, 1)),
    ('/e"/below a string', (4, 1)),
    ("/absent", (1, 1)),
]


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_places_of_json(kind: str) -> None:
    """A place is that of the name or item, or of what is around one that is absent."""
    pointers = [pointer for pointer, _ in PLACES]

    found = [*locate(TEXT, kind, pointers)]

    assert [place for _, place in PLACES] == found


def test_order_and_repetition_do_not_matter() -> None:
    """Places come in the order of the pointers, as often as they are asked about."""
    pointers = [pointer for pointer, _ in reversed(PLACES)] * 2

    found = [*locate(TEXT, "json", pointers)]

    assert [place for _, place in reversed(PLACES)] * 2 == found


def test_places_of_yaml() -> None:
    """In block style, with aliases: the place is where the value is used."""
    text = "a: &x\n  - 1\n  - b: 2\nc: *x\n"

    found = [*locate(text, "yaml", ["/a/1/b", "/c", "/c/1/b", "/a/one"])]

    assert [(3, 5), (4, 1), (3, 5), (1, 1)] == found


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    ),
    st.sampled_from([None, 0, 3]),
    st.booleans(),
)
def test_every_value_of_any_document(value: Any, indent: Any, plain: bool) -> None:  # noqa: FBT001 - drawn
    """At each place that is found, the text has that name or that value."""
    text = json.dumps(value, indent=indent, ensure_ascii=not plain)
    ways = [*_ways(value)]
    lines = text.split("\n")

    places = [*locate(text, "json", map(pointer_to, ways))]

    for way, (line, column) in zip(ways, places, strict=True):
        rest = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
        around, at = _at(value, way)
        there = way[-1] if isinstance(around, dict) else at
        read, _ = json.JSONDecoder().raw_decode(rest)
        assert there == read


@given(st.lists(st.text()))
def test_pointers_are_read_as_they_are_written(way: list[str]) -> None:
    """Steps of a pointer come back, whatever characters they have (RFC 6901)."""
    assert way == steps(pointer_to(way))


def test_items_of_a_list() -> None:
    """The items of a list are cut out of the text as they are written."""
    text = '{"x": {"a": []}, "y" : [ 1 , "]," , {"z": [2]},[ ] ] }'

    found = [text[item] for item in json_items(text, "/y")]

    assert ["1", '"],"', '{"z": [2]}', "[ ]"] == found


def test_the_depth_of_a_document_costs_no_stack() -> None:
    """A document that only another reader could read is walked without recursion."""
    depth = 100_000
    text = '[{"a":' * depth + "1" + "}]" * depth

    found = [*locate(text, "json", ["/0/a", "/1", "/0/a/0/a"])]

    assert [(1, 3), (1, 1), (1, 9)] == found


@pytest.mark.parametrize("kind", ["json", "yaml"])
@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        pytest.param(lambda n: ["x"] * n, "/{}", id="items"),
        pytest.param(lambda n: {str(i): "x" for i in range(n)}, "/{}", id="members"),
        pytest.param(lambda n: [{"a": ["x"]}] * n, "/{}/a/0", id="nested"),
        pytest.param(lambda n: {"a": ["x"] * n}, "/a/{}/b", id="absent"),
    ],
)
def test_twice_the_findings_take_twice_the_steps(
    kind: str, document: Callable[[int], Any], pointer: str
) -> None:
    """Steps are counted, not seconds: calls, also those of built-in functions."""
    counts = []
    for size in (400, 800):
        text = json.dumps(document(size))
        pointers = [pointer.format(index) for index in range(size)]

        def located(text: str = text, pointers: list[str] = pointers) -> None:
            assert len(pointers) == len([*locate(text, kind, pointers)])

        counts.append(_calls(located))

    assert counts[1] <= 2.2 * counts[0]


def _calls(work: Callable[[], None]) -> int:
    """How many functions some work calls, those of C included."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        del frame, argument
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def _ways(value: Any) -> list[list[str]]:
    found: list[list[str]] = [[]]
    if isinstance(value, dict):
        for name, item in value.items():
            found += [[name, *way] for way in _ways(item)]
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found += [[str(index), *way] for way in _ways(item)]
    return found


def _at(value: Any, way: list[str]) -> tuple[Any, Any]:
    around = None
    for step in way:
        around = value
        value = value[int(step)] if isinstance(value, list) else value[step]
    return around, value
