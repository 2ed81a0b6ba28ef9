"""Any JSON Schema: imported, it judges as python-jsonschema does, or says where not.

`FUZZ=10000 make fuzz` draws so many schemas; `make test` a few.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import jsonschema
import pytest
from jsonschema import validators
from referencing.exceptions import Unresolvable

from shapespec.contract.numbers import exact
from shapespec.diagnostics.model import Faults
from shapespec.drafts import Finished, finish
from shapespec.drafts.limits import STRICTER
from shapespec.ground.errors import Unusable
from shapespec.importers.json_schema.document import Node
from shapespec.importers.json_schema.parts import says_nothing
from shapespec.importers.json_schema.spec import document_of, draft
from shapespec.responses.contract import unload
from shapespec.tools.diff.compare import compare
from shapespec.tools.diff.imported import imported_side
from shapespec.tools.diff.model import Side
from tests.conformance.imported.suite import is_announced
from tests.support import compile_text
from tests.support.drawn_schemas import Drawer, smaller
from tests.support.fuzzing import inputs, tried
from tests.support.import_cases import json_file

SCHEMAS = inputs(60)
SHARDS = 10
VALUES = 25
CHANGES = 6


def verdict(judge: Any, value: Any) -> bool | None:
    """What a schema says of a value; none where it leads nowhere, or round for ever."""
    try:
        found: bool = judge.is_valid(value)
    except (TypeError, Unresolvable):
        return None  # of 2019-09, python-jsonschema does not stand `"items": true`
    except BaseException as error:
        if isinstance(error, RecursionError) or is_panic(error):
            return None
        raise
    return found


def is_panic(error: BaseException) -> bool:
    """Whether it is how Rust ends where Python's stack is full."""
    return type(error).__name__ == "PanicException"


def _multiple(validator: Any, of: float, value: Any, schema: Any) -> Iterator[Any]:
    """`multipleOf` as the numbers are written: 0.3 is a multiple of 0.1."""
    del schema
    if validator.is_type(value, "number") and exact(value) % exact(of):
        yield jsonschema.ValidationError(f"{value} is not a multiple of {of}")


def judge_of(schema: Any) -> Any:
    """What python-jsonschema makes of a schema, by its draft."""
    kind = validators.validator_for(schema, jsonschema.Draft202012Validator)
    newest = jsonschema.Draft202012Validator
    changed = {"multipleOf": _multiple}
    if (
        "unevaluatedProperties" in kind.VALIDATORS
    ):  # that of 2019-09 takes `{}` for none
        word = "unevaluatedProperties"
        changed[word] = newest.VALIDATORS[word]
    types = newest.TYPE_CHECKER  # 1.0 is whole in all drafts
    # what names its draft would be judged without the changes where it refers to itself
    unnamed = {word: said for word, said in schema.items() if word != "$schema"}
    return validators.extend(kind, changed, type_checker=types)(unnamed)


class Imported(NamedTuple):
    """A schema, and the package that it becomes."""

    schema: dict[str, Any]
    made: Finished
    top: Node
    package: Any
    judge: Any

    def wrong(self, value: Any) -> str:
        """Why a verdict is neither that of the schema nor announced; mostly empty."""
        theirs = verdict(self.judge, value)
        ours = self.package.is_valid(value)
        if theirs is None or ours == theirs:
            return ""
        if ours:
            try:
                known = is_announced(self.top, self.judge, value, self.made)
            except BaseException as error:
                if isinstance(error, RecursionError) or is_panic(error):
                    return ""  # it refuses, and then leads back to itself
                raise
            return "" if known else "looser"
        told = any(one.note.rule in STRICTER for one in self.made.notes)
        return "" if told else "stricter"


def imported(schema: Any) -> Imported | None:
    """A schema as a package; none where it has no root."""
    file = json_file(schema, "drawn.json")
    try:
        made = finish(draft(file))
    except Unusable as unusable:
        assert "defines no object" in str(unusable)  # noqa: PT017
        return None
    except Faults as faults:
        rules = {one.rule for one in faults.diagnostics}
        assert rules == {"circular-reference"}
        return None
    if {"root-not-object", "root-null"} & {one.note.rule for one in made.notes}:
        return None
    document = document_of(file)
    if says_nothing(document.root):
        return None
    package = compile_text(made.text, targets=("validators",)).package
    return Imported(schema, made, document.top, package, judge_of(schema))


@contextmanager
def using(schema: Any) -> Iterator[Imported | None]:
    """A schema as a package, which is forgotten after use: there may be many."""
    found = imported(schema)
    try:
        yield found
    finally:
        if found is not None:
            unload(found.package)


def difference(schema: Any, value: Any) -> str:
    """How a schema and its package differ about a value; empty if they agree."""
    try:
        judge_of(schema).check_schema(schema)
        with using(schema) as found:
            return found.wrong(value) if found else ""
    except (jsonschema.SchemaError, jsonschema.exceptions.RefResolutionError):
        return ""
    except Exception as error:  # noqa: BLE001  # a crash is a difference, too
        return f"{type(error).__name__}"


def reported(schema: Any, value: Any, wrong: str) -> str:
    """The smallest schema and value that differ in the same way."""
    schema = smaller(schema, lambda less: difference(less, value) == wrong)
    value = smaller(
        [value], lambda less: bool(less) and difference(schema, less[0]) == wrong
    )
    return f"{wrong}: {schema} of {value[0]!r}"


@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_difference_is_silent(shard: int) -> None:
    """A verdict is that of the schema, or a note is at the place."""
    for seed in range(shard, SCHEMAS, SHARDS):
        drawer = Drawer(seed)
        schema = drawer.whole()
        with using(schema) as found:
            for _ in range(VALUES if found else 0):
                value = drawer.value(schema, schema)
                assert found is not None
                wrong = found.wrong(value)
                tried()
                assert not wrong, f"seed {seed}: {reported(schema, value, wrong)}"


def side(schema: Any) -> Side | None:
    """A schema as one side of a comparison; none where it has no root."""
    try:
        text = finish(draft(json_file(schema, "drawn.json"))).text
        return imported_side("drawn.json", text)
    except Unusable:
        return None


def told_apart(drawer: Drawer, old: Any, new: Any) -> list[Any]:
    """Values of which only one of two schemas accepts each."""
    judges = [judge_of(one) for one in (old, new)]
    return [
        value
        for one in (old, new) * VALUES
        for value in [drawer.value(one, one)]
        if {verdict(judge, value) for judge in judges} == {True, False}
    ]


def is_right(schema: Any) -> bool:
    """Whether it is a schema at all."""
    try:
        judge_of(schema).check_schema(schema)
    except jsonschema.SchemaError:
        return False
    return True


def pair(seed: int) -> tuple[Any, Any, list[Any]]:
    """Two schemas that differ in a place, and the values that tell them apart."""
    drawer = Drawer(seed)
    old = drawer.whole()
    for _ in range(CHANGES):
        new = drawer.changed(old)
        apart = told_apart(drawer, old, new) if is_right(new) else []
        if apart:
            return old, new, apart
    return old, old, []


@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_change_is_called_none(shard: int) -> None:
    """Of two schemas that do not accept the same values, `diff` finds a change."""
    for seed in range(shard, SCHEMAS, SHARDS):
        old, new, apart = pair(seed)
        tried()
        sides = (side(old), side(new)) if apart else (None, None)
        if sides[0] is not None and sides[1] is not None:
            found = compare(*sides).changes
            assert found, f"seed {seed}: {old} and {new} of {apart[0]!r}"
