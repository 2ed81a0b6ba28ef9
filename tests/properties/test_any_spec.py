"""Any spec, any value: all that judges says the same, and JSON Schema agrees.

`FUZZ=100000 make fuzz` draws so many.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import jsonschema
from hypothesis import event, given, reject, strategies as st

from shapespec.contract import schema as ir
from shapespec.contract.judge import problem
from shapespec.diagnostics.model import Faults
from shapespec.tools.samples.draw import Amount, NoSample
from shapespec.tools.samples.sampler import Sampler
from shapespec.tools.samples.settle import Wish
from tests.support import Generated, compile_text, walked
from tests.support.checks import checks_of
from tests.support.fuzzing import fuzz, tried

MEMBERS = ("A", "b", "class", "x-1", "a.b", "é", "A_b")
NAMED = ("First", "Second", "Third")
PATTERNS = (
    *("[a-c]+", "a*", ".*", ".+", "^b$", r"[\s\S]{2,}", "(a|bc)b?", r"\d{1,3}"),
    *("[^,]+", "é|ß", "(?!a)[a-c]*", "[a-c]{2}", "a.c", "(ab?)*", r"\S*"),
)
TEXTS = (
    *("", "a", "b", "ab", "abc", "abca", "bc", "12", ",", "é", "a\nc", "\n", "\u2028"),
    *("2025-06-03T09:14:02Z", "YQ==", "Y", " ", "\U0001f600", "\ud800"),
)
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 3, 10**20, 1.0, 1.5, 2.0, -0.0, 1e300),
    *([], [[]], [None], {}, {"A": 1}, {"": None}, *TEXTS),
)
FORMS = {
    "wire": {"timestamps": {"read": ["epoch-seconds"], "write": "epoch-seconds"}},
    "hash": {
        "timestamps": {"read": ["iso-8601"], "write": "iso-8601"},
        "keys": "snake_case",
    },
    "row": {
        "timestamps": {"read": ["iso-8601"], "write": "iso-8601"},
        "keys": "snake_case",
        "columns": ["json", "hstore"],
    },
    "named": {
        "timestamps": {"read": ["iso-8601"], "write": "iso-8601"},
        "keys": "named",
    },
    "statistics": {
        "timestamps": {"read": ["iso-8601"], "write": "iso-8601"},
        "vectors": True,
        "absent": ["empty-list", "empty-structure"],
    },
    "event": {
        "timestamps": {"read": ["epoch-milliseconds"], "write": "epoch-milliseconds"},
        "envelope": {"member": "detail", "marks": {"source": "library"}},
    },
}

FUZZ = fuzz()


# --- specs --------------------------------------------------------------------------


@st.composite
def bounds(draw: st.DrawFn, low: int = 0) -> dict[str, int]:
    """At least one bound, the least before the greatest."""
    least = draw(st.none() | st.integers(low, 2))
    most = draw(st.none() | st.integers(least or 0, 3))
    found = {"min": least, "max": most}
    return {key: value for key, value in found.items() if value is not None} or {
        "max": 2
    }


@st.composite
def ranges(draw: st.DrawFn) -> dict[str, int]:
    """The same, of which a bound may be left out itself."""
    turned = {"min": "above", "max": "below"}
    return {
        turned[end] if draw(st.integers(0, 2)) == 0 else end: limit
        for end, limit in draw(bounds(-2)).items()
    }


def maybe(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of these keys."""
    return st.fixed_dictionaries({}, optional=keys)


_RANGE = {
    "min": "minimum",
    "max": "maximum",
    "above": "exclusiveMinimum",
    "below": "exclusiveMaximum",
}


@st.composite
def relaxed(draw: st.DrawFn, shape: dict[str, Any]) -> dict[str, Any]:
    """The same, some of its keywords relaxed."""
    noun = {"list": "Items", "map": "Properties"}.get(shape["type"], "Length")
    words = [f"{end}{noun}" for end in shape.get("length", ())]
    words += [_RANGE[end] for end in shape.get("range", ())]
    words += ["multipleOf"] * ("multiple_of" in shape)
    words += ["pattern"] * ("pattern" in shape)
    words += ["uniqueItems"] * shape.get("unique_items", False)
    if words and draw(st.integers(0, 3)) == 0:
        chosen = draw(st.sets(st.sampled_from(words), min_size=1))
        return {**shape, "relaxed": dict.fromkeys(sorted(chosen), "known")}
    return shape


def typed(name: str, **keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    made = maybe(**keys).map(lambda found: {"type": name, **found})
    return made.flatmap(relaxed)


LISTED = {
    "string": st.sampled_from(TEXTS[:-2]),
    "integer": st.sampled_from([0, 1, 2, 10**20]),
    "double": st.sampled_from([0.5, 1, 2.5]),
    "boolean": st.booleans(),
    "document": st.sampled_from([None, True, 1, 0.5, "", "a", [1], {"A": [None]}]),
}
"""Values that shapes of a type can list; JSON escapes the other texts, unlike YAML."""


@st.composite
def listed(draw: st.DrawFn) -> dict[str, Any]:
    """A constant, or a few values."""
    name = draw(st.sampled_from(sorted(LISTED)))
    if draw(st.booleans()):
        return {"type": name, "const": draw(LISTED[name])}
    values = draw(st.lists(LISTED[name], min_size=1, max_size=3, unique_by=repr))
    return {"type": name, "values": values}


SCALARS = st.one_of(
    listed(),
    typed("string", length=bounds(), pattern=st.sampled_from(PATTERNS)),
    typed("integer", range=ranges(), multiple_of=st.sampled_from([1, 2, 3])),
    typed("long", range=ranges()),
    typed("double", range=ranges(), multiple_of=st.sampled_from([2, 0.5, 0.25])),
    st.sampled_from(["boolean", "timestamp", "document", "blob"]).map(
        lambda name: {"type": name}
    ),
)
ENUMS = st.builds(
    lambda values, traits: {"type": "enum", "values": values, **traits},
    st.lists(st.sampled_from(TEXTS[1:9]), min_size=1, max_size=3, unique=True),
    maybe(open=st.booleans()),
)
KEYS = st.just("string") | typed(
    "string", length=bounds(), pattern=st.sampled_from(PATTERNS)
)
TARGETS = SCALARS | st.sampled_from(
    (*NAMED, "Root", "string", "double", "integer", "document", "timestamp", "boolean")
)


def structures(at_least: int) -> st.SearchStrategy[dict[str, Any]]:
    member = st.builds(
        lambda shape, traits: (
            {**({"target": shape} if isinstance(shape, str) else shape), **traits}
        ),
        TARGETS,
        maybe(required=st.booleans(), nullable=st.booleans()),
    )
    return st.dictionaries(
        st.sampled_from(MEMBERS), member, min_size=at_least, max_size=4
    )


SHAPES = st.one_of(
    SCALARS,
    ENUMS,
    st.tuples(TARGETS, maybe(length=bounds(), unique_items=st.booleans()))
    .map(lambda drawn: {"type": "list", "member": drawn[0], **drawn[1]})
    .flatmap(relaxed),
    TARGETS.map(lambda shape: {"type": "list", "member": shape, "sparse": True}),
    st.tuples(KEYS, TARGETS, maybe(length=bounds(), sparse=st.booleans()))
    .map(lambda drawn: {"type": "map", "key": drawn[0], "value": drawn[1], **drawn[2]})
    .flatmap(relaxed),
    st.tuples(structures(0), maybe(closed=st.booleans())).map(
        lambda drawn: {"type": "structure", "members": drawn[0], **drawn[1]}
    ),
    st.dictionaries(st.sampled_from(MEMBERS), TARGETS, min_size=1, max_size=3).map(
        lambda found: {"type": "union", "members": found}
    ),
    st.builds(
        lambda prefix, traits: {"type": "list", "prefix": prefix, **traits},
        st.lists(TARGETS, min_size=1, max_size=3),
        maybe(member=TARGETS, sparse=st.booleans(), unique_items=st.booleans()),
    ),
    st.builds(
        lambda options, traits: {"one_of": options, **traits},
        st.lists(
            SCALARS | st.sampled_from((*NAMED, "string", "integer", "boolean")),
            min_size=1,
            max_size=3,
        ),
        maybe(discriminator=st.sampled_from(MEMBERS), open=st.booleans()),
    ),
)


@st.composite
def specs(draw: st.DrawFn) -> str:
    """A spec whose root leads to all of its shapes."""
    root = draw(structures(0))
    root |= {name: {"target": name} for name in NAMED}
    shapes = {"Root": {"type": "structure", "members": root}}
    shapes |= {name: draw(SHAPES) for name in NAMED}
    spec = {"shapespec": 1, "package": "p", "roots": ["Root"], "shapes": shapes}
    nulls = st.sampled_from(["absent", "invalid"])
    return json.dumps(spec | draw(maybe(nulls=nulls, closed=st.booleans())))


def compiled(text: str) -> Generated:
    """The spec, compiled; another one is drawn where the compiler refuses it."""
    try:
        return compile_text(text)
    except Faults as faults:
        rules = {one.rule for one in faults.diagnostics}
        assert rules <= {
            "infinite-shape",
            "ambiguous-options",
            "missing-discriminator",
            "duplicate-python-name",
            "ambiguous-form",
            "empty-range",
        }
        reject()


# --- values -------------------------------------------------------------------------


@st.composite
def values(draw: st.DrawFn, schema: ir.Schema, target: str, deep: int = 0) -> Any:
    """A value of a shape, more or less; some parts of it are something else."""
    if draw(st.integers(0, 11)) == 0:
        return draw(st.sampled_from(ODD))
    shape = schema.shapes[target]
    few = 0 if deep > 3 else 3
    match shape:
        case ir.String():
            return draw(st.sampled_from(TEXTS))
        case ir.Enum():
            return draw(st.sampled_from([*(one.value for one in shape.values), "zz"]))
        case ir.Integer() | ir.Float():
            return draw(st.integers(-2, 4) | st.sampled_from([0.5, 1.0, 2.5]))
        case ir.Boolean():
            return draw(st.booleans())
        case ir.Timestamp():
            return draw(st.sampled_from([0, 1.5e9, "2025-06-03T09:14:02.118Z"]))
        case ir.Blob():
            return draw(st.sampled_from(["", "YQ==", "YWJj"]))
        case ir.Document():
            return draw(st.sampled_from(ODD))
        case ir.List():
            item = values(schema, shape.member, deep + 1)
            return draw(
                st.lists(item | st.none() if shape.sparse else item, max_size=few)
            )
        case ir.Map():
            key = st.sampled_from(TEXTS)
            item = values(schema, shape.value, deep + 1)
            item = item | st.none() if shape.sparse else item
            return draw(st.dictionaries(key, item, max_size=few))
        case ir.Tuple():
            several = [shape.at(index) for index in range(draw(st.integers(0, 4)))]
            if draw(st.integers(0, 3)):
                several = [*shape.prefix]
            return [
                draw(st.sampled_from(ODD))
                if target is None
                else draw(values(schema, target, deep + 1))
                for target in (several if few else several[: len(shape.prefix)])
            ]
        case ir.OneOf():
            option = draw(st.sampled_from(shape.options))
            value = draw(values(schema, option.target, deep))
            if isinstance(value, dict) and option.tags and draw(st.integers(0, 7)):
                value[shape.discriminator] = draw(st.sampled_from(option.tags))
            return value
        case ir.Structure() | ir.Union():
            chosen = [
                one
                for one in shape.members
                if (one.required and draw(st.integers(0, 9)))
                or (few and draw(st.integers(0, 2)) == 0)
            ]
            if isinstance(shape, ir.Union) and draw(st.integers(0, 5)):
                chosen = [draw(st.sampled_from(shape.members))]
            found = {
                one.name: draw(values(schema, one.target, deep + 1)) for one in chosen
            }
            if draw(st.integers(0, 7)) == 0:
                found[draw(st.sampled_from((*MEMBERS, "New")))] = draw(
                    st.sampled_from(ODD)
                )
            return found


@FUZZ
@given(st.data())
def test_any_spec(data: st.DataObject) -> None:
    """Both validators, the compiler, JSON Schema and the classes have one verdict."""
    generated = compiled(data.draw(specs()))
    package, schema = generated.package, generated.schema
    fast, clean = checks_of(package, "Root")
    document = generated.json_schema("Root")
    jsonschema.Draft202012Validator.check_schema(document)
    peer = jsonschema.Draft202012Validator(document)
    strict = not any(getattr(one, "relaxed", ()) for one in schema.shapes.values())

    for _ in range(8):
        value = data.draw(values(schema, "Root"))
        findings = package.validate(value)
        tried()
        errors = [one for one in findings if one.severity == "error"]
        event(f"right: {not errors}")

        assert findings == walked(package, value)
        assert not findings or not accepts(clean, value)
        # Lists of nothing but such lists are left to the full validator.
        assert findings or schema.hollow or accepts(clean, value)
        assert (not errors) == package.is_valid(value)
        assert (not findings) == package.is_valid(value, strict=True)
        assert (not errors) == peer.is_valid(value), errors
        assert not errors or not accepts(fast, value)
        if strict:
            assert (not errors) == (problem(schema, "Root", value) is None)
        if errors:
            continue
        again = package.Root.from_response(value).to_response()
        assert package.is_valid(again)
        assert again == package.Root.from_response(again).to_response()


def accepts(fast: Any, value: Any) -> bool:
    """Whether the fast path is sure; what it raises is a no."""
    try:
        return bool(fast(value))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return False


@FUZZ
@given(specs(), st.integers(0, 3))
def test_samples_of_any_spec(text: str, seed: int) -> None:
    """Samples are what they were made to be, in the eyes of JSON Schema, too."""
    generated = compiled(text)
    package = generated.package
    sampler = Sampler(generated.schema, package)
    peer = jsonschema.Draft202012Validator(generated.json_schema("Root"))
    try:
        for size in Amount:
            right = sampler.one("Root", str(seed), Wish(size=size))
            assert [] == package.validate(right)
            assert peer.is_valid(as_json(right))
    except NoSample:
        event("no value is right")
        return

    for constraint in sampler.constraints("Root"):
        if constraint.unbreakable is not None:
            continue
        kept = sampler.accepted("Root", constraint, seed=seed)
        assert kept is None or [] == package.validate(kept.response)
        broken = sampler.refused("Root", constraint, seed=seed)
        if broken is None:
            event(f"not broken: {constraint.keyword}")
            continue
        findings = package.validate(broken.response)
        tried()
        assert constraint.rule in {one.rule for one in findings}
        if constraint.severity == "error":
            assert not peer.is_valid(as_json(broken.response))


def as_json(value: Any) -> Any:
    """A response as JSON has it: moments are texts."""
    return json.loads(json.dumps(value, default=datetime.isoformat))


def with_names(shapes: dict[str, Any]) -> dict[str, Any]:
    """The same shapes, with members that are called as the next one, in a form."""
    found: dict[str, Any] = {}
    for name, shape in shapes.items():
        members = shape.get("members") if isinstance(shape, dict) else None
        found[name] = shape
        if members:
            following = [*members][1:] + [*members][:1]
            called = dict(zip(members, following, strict=True))
            found[name] = {
                **shape,
                "members": {
                    one: {
                        **({"target": says} if isinstance(says, str) else says),
                        "names": {"named": called[one]},
                    }
                    for one, says in members.items()
                },
            }
    return found


@FUZZ
@given(st.data())
def test_forms_of_any_spec(data: st.DataObject) -> None:
    """What is right stays right in every form, and is read as what it was."""
    spec = json.loads(data.draw(specs()))
    named = {**spec, "shapes": with_names(spec["shapes"])}
    generated = compiled(json.dumps({**named, "forms": FORMS}))
    package = generated.package

    for _ in range(5):
        value = data.draw(values(generated.schema, "Root"))
        if not package.is_valid(value):
            continue
        made = package.Root.from_response(value)
        for form, form_says in FORMS.items():
            tried()
            written = made.to_response(form=form)
            assert package.is_valid(written, form=form)
            again = package.Root.from_response(written, form=form)
            if "absent" not in form_says:  # else what is empty is not told from none
                assert again == made
