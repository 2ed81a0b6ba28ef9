"""Models, schemas and pages that nobody wrote: importers never give up either.

A source is one of the cases with things gone wrong in it. It gives a spec that compiles
or evidence, or it is refused: `Unusable` for what is no model, `Faults` for a page that
cannot be read. `make fuzz` tries many thousands; here it is a few.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from itertools import islice, product
from typing import Any, TypeAlias

import pytest

pytest.importorskip("hypothesis")

from hypothesis import given, strategies as st

from shapespec.compiler import compile_spec
from shapespec.diagnostics.model import Diagnostic, Faults
from shapespec.diagnostics.render import render
from shapespec.drafts import finish
from shapespec.evidence.files import read_evidence
from shapespec.ground.errors import Unusable
from shapespec.ground.source import SourceFile
from shapespec.ground.terminal import plain
from shapespec.importers import DOCUMENTS, SCHEMAS, find_reader
from tests.support.fuzzing import ASKED, fuzz, tried
from tests.support.import_cases import FOLDERS as MODELS, draft_of, json_file
from tests.support.importer_cases import FOLDERS as PAGES, evidence_of, page_of, tree_of

FUZZ = fuzz(25)

Path: TypeAlias = tuple[Any, ...]

ODD_NAMES = ("", "class", "a b", "1", "_", "$ref", "Ä", "\ud800", "a/b~c", "string")
SIGNS = st.sampled_from([*"(|`[]<>#*\"'\\\n\r\t-:@!", "\u2028", "\0", "é"])


def sources(kind: str) -> dict[str, Any]:
    """The models and schemas of the cases, by name."""
    folders = [folder for folder in MODELS if folder.parent.name == kind]
    return {
        folder.name: json.loads((folder / "source.json").read_text("utf-8"))
        for folder in folders
    }


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place in a JSON value but the whole."""
    match value:
        case dict():
            steps: list[Any] = [*value]
        case list():
            steps = [*range(len(value))]
        case _:
            steps = []
    for step in steps:
        yield (*path, step)
        yield from places(value[step], (*path, step))


def keys(value: Any) -> set[str]:
    """Every key of a JSON value."""
    return {step for path in places(value) for step in path if isinstance(step, str)}


SOURCES = {kind: sources(kind) for kind in SCHEMAS}
PLACES = {
    kind: {name: list(places(model)) for name, model in models.items()}
    for kind, models in SOURCES.items()
}
WORDS = {kind: sorted(keys([*SOURCES[kind].values()])) for kind in SCHEMAS}

numbers = st.sampled_from([0, -1, 2**31, 2**64, 10**400, 0.5, -0.0, 1e308, 1e-320])
json_values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=6) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def nested(value: Any, levels: int, *, key: str) -> Any:
    """A value within many others."""
    for _ in range(levels):
        value = {key: value}
    return value


@st.composite
def models(draw: st.DrawFn, kind: str) -> Any:
    """A model or schema with a few places gone wrong."""
    name = draw(st.sampled_from(sorted(SOURCES[kind])))
    known = PLACES[kind][name]
    model = deepcopy(SOURCES[kind][name])
    words = st.sampled_from([*WORDS[kind], *ODD_NAMES])
    for path in draw(st.lists(st.sampled_from(known), min_size=1, max_size=4)):
        owner = found(model, path[:-1])
        step = path[-1]
        if not isinstance(owner, dict | list) or not has(owner, step):
            continue
        match draw(st.integers(0, 6)):
            case 0:
                del owner[step]
            case 1:
                owner[step] = draw(json_values)
            case 2:
                owner[step] = draw(words)
            case 3:
                other = draw(st.sampled_from(known))
                owner[step] = deepcopy(found(model, other))
            case 4 if isinstance(owner, dict):
                owner[draw(words)] = owner.pop(step)
            case 5 if isinstance(owner, dict):
                owner[draw(words)] = draw(json_values)
            case _:
                levels = draw(st.integers(1, 60))
                owner[step] = nested(owner[step], levels, key=draw(words))
    return model


def has(owner: Any, step: Any) -> bool:
    """Whether a step leads anywhere."""
    if isinstance(owner, dict):
        return step in owner
    return isinstance(step, int) and step < len(owner)


def found(model: Any, path: Path) -> Any:
    """What stands at a place; none where it is gone."""
    for step in path:
        if not isinstance(model, dict | list) or not has(model, step):
            return None
        model = model[step]
    return model


@pytest.mark.parametrize("kind", SCHEMAS)
@FUZZ
@given(data=st.data())
def test_any_model(kind: str, data: st.DataObject) -> None:
    """A model gives a spec that compiles, or is refused in clear words."""
    file = json_file(data.draw(models(kind)))
    try:
        made = draft_of(kind, file, "orchard")
    except Faults as faults:
        # A description without its first key is read as a schema.
        if kind not in ("json-schema", "openapi"):
            raise
        render(faults.diagnostics, plain)
        return
    except Unusable:
        return
    try:
        text = finish(made).text
    except Unusable:
        return
    compile_spec(SourceFile("spec.yaml", text))


ODD = ("", None, [], {}, -1, 0.5, True, "a.b", [""], {"": {}}, [None])
"""Values that stand hardly anywhere in a model."""
EACH = 1 if ASKED else 29
"""Of how many combinations of a place and such a value one is tried."""


@pytest.mark.parametrize("kind", ["botocore", "smithy"])
def test_each_place_of_a_model_with_odd_values(kind: str) -> None:
    """Whatever stands anywhere in a model, it becomes a spec or is refused in words."""
    for name, model in SOURCES[kind].items():
        combinations = product(PLACES[kind][name], ODD)
        for (*above, last), odd in islice(combinations, 0, None, EACH):
            changed = deepcopy(model)
            found(changed, tuple(above))[last] = odd
            tried()
            with suppress(Unusable):
                text = finish(draft_of(kind, json_file(changed), "orchard")).text
                compile_spec(SourceFile("spec.yaml", text))


DOCUMENTS_OF = {
    kind: [
        (page_of(folder).text, tree_of(folder))
        for folder in PAGES
        if folder.parent.name == kind
    ]
    for kind in DOCUMENTS
}


@st.composite
def altered(draw: st.DrawFn, text: str) -> str:
    """A page with lines dropped, doubled and swapped, signs too many, and an end."""
    lines = text.splitlines(keepends=True) or [""]
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(lines) - 1))
        other = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 5)):
            case 0:
                lines[at] = ""
            case 1:
                lines[at] *= draw(st.integers(2, 4))
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] = lines[at][: draw(st.integers(0, 80))] + "\n"
            case 4:
                column = draw(st.integers(0, len(lines[at])))
                sign = draw(SIGNS | st.text(max_size=5))
                lines[at] = lines[at][:column] + sign + lines[at][column:]
            case _:
                lines[at] = "    " * draw(st.integers(0, 3)) + lines[at].lstrip()
    end = draw(st.none() | st.integers(0, len(text)))
    return "".join(lines)[:end]


@pytest.mark.parametrize("kind", DOCUMENTS)
@FUZZ
@given(data=st.data())
def test_any_page(kind: str, data: st.DataObject) -> None:
    """A page gives evidence that can be read again, or is refused at its places."""
    text, tree = data.draw(st.sampled_from(DOCUMENTS_OF[kind]))
    document = SourceFile("page.md", data.draw(altered(text)))
    shown: tuple[Diagnostic, ...] = ()
    try:
        page = find_reader(kind).read(
            document, data.draw(st.sampled_from([tree, None]))
        )
    except Faults as faults:
        page, shown = None, tuple(faults.diagnostics)
    if page is None:
        assert all(one.primary.span.file is document for one in shown)
        assert render(shown, plain)
        return
    render(page.warnings, plain)
    evidence = evidence_of(kind, page, document)
    assert len(page.facts) == len(
        read_evidence(SourceFile("page.yaml", evidence)).facts
    )
