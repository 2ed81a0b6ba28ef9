"""Specs and responses that nobody wrote: the compiler and validators never give up.

`make fuzz` tries many thousands; here it is a few. What was found once is a test in
test_hostile.py or a case.
"""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from functools import cache
from typing import Any

import pytest

pytest.importorskip("hypothesis")

from hypothesis import given, strategies as st

from shapespec.backends.targets import TARGETS
from shapespec.compiler import compile_spec, generate
from shapespec.diagnostics.model import Diagnostic, Faults
from shapespec.diagnostics.render import render
from shapespec.ground.source import SourceFile
from shapespec.ground.terminal import plain
from shapespec.patterns import PatternRefused, translate
from shapespec.patterns.match import Undecided, matches
from tests.behaviour.test_explanations import diagnostic_rules
from tests.behaviour.test_language_guide import SPECS as EXAMPLES
from tests.support import Generated, compile_text
from tests.support.fuzzing import fuzz

FUZZ = fuzz()
RULES = frozenset(diagnostic_rules())

SPEC = """
shapespec: 1
package: fuzz
operations: {Get: {output: Thing}}
shapes:
  Thing:
    type: structure
    members:
      Id: {target: Id, required: true}
      At: timestamp
      Size: {type: integer, range: {min: 0, max: 9}}
      Part: {type: double, range: {min: 0}}
      Tags: {type: map, key: Id, value: string, length: {max: 2}}
      Within: Thing
      Any: {type: document}
      Kind: Kind
      Bytes: {type: blob, length: {max: 3}}
      Either: Either
      Many: {type: list, member: Kind, unique_items: true}
    rules:
      small: {cel: "this.Size < 5 || this.Many.all(x, x != \\"b\\")", message: too big}
  Id: {type: string, pattern: "[a-c]{1,3}", length: {min: 1}}
  Kind: {type: enum, open: true, values: [a, b]}
  Either: {type: union, members: {A: string, B: boolean}}
forms:
  rows:
    timestamps: {read: [iso-8601], write: iso-8601}
"""
SPECS = [SPEC, *(example.text for example in EXAMPLES)]
WORDS = sorted({*re.findall(r"[\w-]+|[^\w\s]", "\n".join(SPECS))})

texts = st.text(max_size=12) | st.sampled_from(WORDS)
lines = st.lists(texts, max_size=6).map(" ".join)
edits = st.lists(
    st.tuples(st.integers(0, 4000), st.integers(0, 40), lines | st.just("")),
    min_size=1,
    max_size=4,
)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.datetimes()
    | st.binary(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
    ),
    max_leaves=12,
)
names = re.findall(r"^      (\w+): ", SPEC, re.MULTILINE)
things = st.dictionaries(
    st.sampled_from([*names, "A", "B"]) | texts,
    st.deferred(lambda: things) | json_values | st.sampled_from(["a", "abc", 1, 1.0]),
    max_size=6,
)


def compiled(text: str) -> None:
    """Compile a text; it is right, or wrong for reasons that are known."""
    found: tuple[Diagnostic, ...] = ()
    try:
        schema = compile_spec(SourceFile("spec.yaml", text))
    except Faults as faults:
        found = faults.diagnostics
    if found:
        assert {one.rule for one in found} <= RULES
        render(found, plain)
        return
    for file in generate(schema, TARGETS, layout=False):
        if file.path.endswith(".py"):
            ast.parse(file.text)


@FUZZ
@given(st.sampled_from(SPECS), edits)
def test_edited_specs(text: str, changes: list[tuple[int, int, str]]) -> None:
    """A spec with arbitrary edits is compiled, or refused with diagnostics."""
    for at, length, new in changes:
        place = at % (len(text) + 1)
        text = text[:place] + new + text[place + length :]
    compiled(text)


@FUZZ
@given(st.text())
def test_any_text(text: str) -> None:
    """Any text at all is compiled, or refused with diagnostics."""
    compiled(text)


@FUZZ
@given(st.text(alphabet="abc()[]{}^$.|*+?\\dwpLN-&,:=!<>0129 \n", max_size=24), texts)
def test_any_pattern(pattern: str, text: str) -> None:
    """A pattern is refused with its place, or means the same to both engines."""
    try:
        translated = translate(pattern)
    except PatternRefused:
        return
    found = re.compile(translated.python).fullmatch(text) is not None
    with suppress(Undecided):
        assert found == matches(translated.regex, text)


@FUZZ
@given(st.lists(texts, max_size=10).map("".join) | lines)
def test_any_expression(cel: str) -> None:
    """An expression is compiled, or refused as CEL."""
    text = SPEC.replace('this.Size < 5 || this.Many.all(x, x != \\"b\\")', "CEL")
    quoted = "".join(
        f"\\U{ord(char):08x}" for char in cel if not 0xD800 <= ord(char) < 0xE000
    )
    compiled(text.replace("CEL", quoted))


@cache
def package() -> Generated:
    """The generated package of the spec above."""
    return compile_text(SPEC)


@FUZZ
@given(
    response=things | json_values,
    form=st.sampled_from([None, "rows"]),
    strict=st.booleans(),
)
def test_any_response(response: Any, form: str | None, *, strict: bool) -> None:
    """Validators judge anything, agree with each other, and never raise."""
    made = package().package
    findings = made.validate(response, shape="Thing", form=form, strict=strict)
    valid = made.is_valid(response, shape="Thing", form=form, strict=strict)
    assert valid == (not any(one.severity == "error" for one in findings))
    if valid and form is None and not strict:
        made.Thing.from_response(response).to_response()
