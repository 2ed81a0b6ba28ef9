"""Any spec: its JSON Schema, and its OpenAPI description, import as what it was.

`FUZZ=100000 make fuzz` draws so many.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, strategies as st

from shapespec.compiler import generate
from shapespec.drafts import Finished, finish
from shapespec.drafts.limits import STRICTER, WITHOUT_EFFECT
from shapespec.importers.json_schema import spec as json_schema
from shapespec.importers.openapi import spec as openapi
from shapespec.importers.openapi.description import read_description
from tests.properties.test_any_spec import FUZZ, compiled, specs, values
from tests.support import Generated, compile_text
from tests.support.fuzzing import tried
from tests.support.import_cases import json_file


def through_json_schema(there: Generated) -> Finished:
    """The spec that the JSON Schema of a spec becomes."""
    file = json_file(there.json_schema("Root"), "Root.json")
    return finish(json_schema.draft(file))


def through_openapi(there: Generated) -> Finished:
    """The spec that the OpenAPI description of a spec becomes."""
    (made,) = generate(there.schema, ("openapi",))
    with TemporaryDirectory() as folder:
        file = Path(folder, "api.json")
        file.write_text(made.text, "utf-8")
        return finish(openapi.draft(read_description(file)))


_OF_TIMES = {"format-checked", "text-length", "unused-shape"}
"""What is noted of our own schemas without any difference: moments stay moments."""


def announced(made: Finished, *, looser: bool) -> bool:
    """Whether a note says that what comes back is looser, or stricter."""
    rules = {one.note.rule for one in made.notes} - _OF_TIMES - WITHOUT_EFFECT
    return bool(rules - STRICTER if looser else rules & STRICTER)


WAYS = {"json-schema": through_json_schema, "openapi": through_openapi}


@pytest.mark.parametrize("way", WAYS)
@FUZZ
@given(data=st.data())
def test_a_spec_comes_back(way: str, data: st.DataObject) -> None:
    """What a spec says of values comes back, but for what a note announces."""
    there = compiled(data.draw(specs()))
    made = WAYS[way](there)
    back = compile_text(made.text).package
    for _ in range(8):
        value = data.draw(values(there.schema, "Root"))
        ours = there.package.is_valid(value)
        tried()
        again = back.is_valid(value, shape="Root")
        assert ours == again or announced(made, looser=again), value
