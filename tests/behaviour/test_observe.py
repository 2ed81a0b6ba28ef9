"""Observing responses: what is counted, what never leaves, and what is proposed."""

from __future__ import annotations

import gc
import gzip
import json
import re
import shlex
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from shapespec.compiler import compile_spec
from shapespec.contract import schema as ir
from shapespec.contract.facts import Fact, Value
from shapespec.contract.places import ERRORS, REQUEST, Tree
from shapespec.evidence.files import read_evidence
from shapespec.ground.source import SourceFile
from shapespec.project.files import read_source
from shapespec.responses.read import read_responses
from shapespec.tools.observe.facts import facts
from shapespec.tools.observe.model import Observation
from shapespec.tools.observe.observer import Observer
from shapespec.tools.observe.patch import Patch, propose
from shapespec.tools.samples.sampler import Sampler
from tests.support import FLAGSHIP, ROOT, SHARED, compile_text, run_shapespec

VALID: dict[str, Any] = json.loads(
    (ROOT / "spec" / "sagemaker" / "examples" / "valid.json").read_text("utf-8")
)
OBSERVED = ROOT / "spec" / "sagemaker" / "evidence" / "observed.yaml"

SPEC = """\
shapespec: 1
package: shop
forms:
  api:
    timestamps: {read: [iso-8601], write: iso-8601}
    extra_members: [Metadata]
shapes:
  Order:
    type: structure
    members:
      OrderStatus: {target: OrderStatus, required: true}
      Id: {type: string, required: true, length: {min: 3}}
      Lines: Lines
      Labels: Labels
      Note: string
      Hidden: {target: Kind, sensitive: true}
      Reply: Order
  OrderStatus: {type: enum, open: true, values: [Open, Closed]}
  Kind: {type: enum, values: [Small, Large]}
  Lines:
    type: list
    member: Line
    length: {min: 1, max: 3}
    relaxed: {minItems: empty-lines}
  Line:
    type: structure
    members:
      Kind: {target: Kind, required: true}
      Count: {type: integer, range: {min: 1, max: 9}}
  Labels:
    type: map
    key: {type: string, pattern: '[a-z]+'}
    value: {type: string, pattern: '[0-9]+'}
"""

Json: TypeAlias = Any
Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `shapespec observe` in a folder of its own."""
    return partial(run_shapespec, "observe", cwd=tmp_path)


def observer(text: str = SPEC, **options: Any) -> Observer:
    made = compile_text(text, targets=("validators",))
    return Observer(made.schema, made.package, **options)


def observe(*responses: Json, text: str = SPEC, **options: Any) -> Observation:
    """What is observed; the same, whether what is clean is counted by itself or not."""
    one, other = observer(text, **options), observer(text, **options)
    for response in responses:
        line = json.dumps(response)
        one.observe(json.loads(line), line)
        if not other.observe_clean(json.loads(line), line.encode()):
            other.observe(json.loads(line), line)
    assert one.result() == other.result()
    return one.result()


def stated(observation: Observation, kind: str) -> dict[str, Value]:
    return {fact.path: fact.value for fact in facts(observation) if fact.kind == kind}


def order(**members: Json) -> dict[str, Json]:
    return {"OrderStatus": "Open", "Id": "abc", **members}


def share(present: int, of: int) -> dict[str, int]:
    return {"present": present, "of": of}


# --- what is counted --------------------------------------------------------------


def test_presence_is_counted_by_status() -> None:
    """Each member has its count in all responses, and in those of each status."""
    found = stated(
        observe(
            order(Note="x"), order(), order(OrderStatus="Closed", Note=None), order()
        ),
        "presence",
    )

    assert {
        "total": share(1, 4),
        "by": {"Open": share(1, 3), "Closed": share(0, 1)},
    } == found["Note"]
    assert {
        "total": share(4, 4),
        "by": {"Open": share(3, 3), "Closed": share(1, 1)},
    } == found["OrderStatus"]


def test_within_a_list_the_items_are_counted() -> None:
    """A member of a list's items is there in so many of the items, by status too."""
    lines = [{"Kind": "Small", "Count": 1}, {"Kind": "Large"}]

    found = stated(observe(order(Lines=lines), order(), order(Lines=lines)), "presence")

    assert {"total": share(2, 4), "by": {"Open": share(2, 4)}} == found["Lines[].Count"]


def test_every_member_of_the_response_has_a_presence() -> None:
    """There is a fact for each place of the flagship that is a member, seen or not."""
    schema = compile_spec(read_source(FLAGSHIP))
    import sagemaker_training_job as contract

    one = Observer(schema, contract)
    one.observe(json.loads(json.dumps(VALID)), "")

    members = [
        place.path
        for place in Tree(schema).places.values()
        if place.member is not None and not place.path.startswith((REQUEST, ERRORS))
    ]
    assert sorted(members) == sorted(stated(one.result(), "presence"))


def test_what_nests_itself_counts_where_it_was_met_first() -> None:
    """A structure within itself counts at its first place, at any depth."""
    deep: dict[str, Json] = order(Odd=1)
    for _ in range(100):
        deep = order(Reply=deep)

    found = observe(deep)

    assert {"total": share(100, 101), "by": {"Open": share(100, 101)}} == stated(
        found, "presence"
    )["Reply"]
    assert {"Odd": {**share(1, 101), "types": {"integer": 1}}} == stated(found, "seen")


def test_no_depth_is_too_deep() -> None:
    """A response nested deeper than Python's stack is counted like any other."""
    deep: dict[str, Json] = order()
    for _ in range(sys.getrecursionlimit() * 3):
        deep = order(Reply=deep, Id="x")
    one = observer()

    one.observe(deep, "")

    (broken,) = one.result().broken
    assert ("Id", "minLength", 1) == (broken.path, broken.keyword, broken.responses)


def test_unknown_members_have_counts_and_types() -> None:
    """A member that the spec lacks is news, with JSON's words for what it held."""
    found = observe(
        order(New=1, Metadata={}), order(New="x", Lines=[{"Kind": "Small", "At": []}])
    )

    assert {
        "New": {**share(2, 2), "types": {"integer": 1, "string": 1}},
        "Lines[].At": {**share(1, 1), "types": {"array": 1}},
    } == stated(found, "seen")
    assert 2 == found.news


def test_extra_members_are_those_of_the_form() -> None:
    """What a form adds is no news in that form, and unknown below the top."""
    assert 0 == observe(order(Metadata=1), form="api").news
    assert 1 == observe(order(Reply=order(Metadata=1)), text=SPEC).news


def test_unknown_values_of_open_and_closed_enums() -> None:
    """A value that an enum lacks is counted if it looks like one, else as other."""
    found = observe(
        order(OrderStatus="Paused", Lines=[{"Kind": "Huge"}, {"Kind": "so big!"}]),
        order(OrderStatus="Paused", Lines=[{"Kind": "Small"}, {"Kind": "x" * 65}]),
        order(OrderStatus="of 123456789012", Hidden="Unseen"),
        order(OrderStatus="a123456789012"),
    )

    seen = stated(found, "seen")
    assert {"values": {"Paused": 2, "(other)": 2}} == seen["OrderStatus"]
    assert {"values": {"Huge": 1, "(other)": 2}} == seen["Lines[].Kind"]
    assert {"values": {"(other)": 1}} == seen["Hidden"]
    assert {"Paused": 2, "(other)": 2} == found.statuses


def test_retired_values_are_counted_and_no_news() -> None:
    """A retired value that is still sent is on record; the spec knows it."""
    text = SPEC.replace("[Open, Closed]", "{Open: , Closed: {retired: true}}")

    found = observe(order(OrderStatus="Closed"), text=text)

    assert {"OrderStatus": {"retired": {"Closed": 1}}} == stated(found, "seen")
    assert 0 == found.news


@pytest.mark.parametrize(
    ("members", "path", "keyword", "rule"),
    [
        ({"Id": "ab"}, "Id", "minLength", "length"),
        ({"Lines": [{"Kind": "Small"}] * 4}, "Lines", "maxItems", "length"),
        (
            {"Lines": [{"Kind": "Small", "Count": 10}]},
            "Lines[].Count",
            "maximum",
            "range",
        ),
        (
            {"Lines": [{"Kind": "Small", "Count": 0}]},
            "Lines[].Count",
            "minimum",
            "range",
        ),
        ({"Labels": {"A": "1"}}, "Labels{key}", "pattern", "pattern"),
        ({"Labels": {"a": "x"}}, "Labels{}", "pattern", "pattern"),
        ({"Labels": {"a": 1}}, "Labels{}", "type", "type"),
        ({"Note": 1}, "Note", "type", "type"),
    ],
)
def test_broken_constraints_have_place_and_keyword(
    members: dict[str, Json], path: str, keyword: str, rule: str
) -> None:
    """A broken constraint is known by place, rule and keyword; it is news."""
    found = observe(order(**members), order())

    counts = {"rule": rule, "severity": "error", "findings": 1, "responses": 1}
    assert {path: {"broken": {keyword: counts}}} == stated(found, "seen")
    assert 1 == found.news


def test_relaxed_keywords_are_counted_and_no_news() -> None:
    """What a decision relaxed is evidence for it, in a valid response too."""
    found = observe(order(Lines=[]), order(Lines=[]))

    counts = {"rule": "length", "severity": "warning", "findings": 2, "responses": 2}
    assert {"Lines": {"broken": {"minItems": counts}}} == stated(found, "seen")
    assert 0 == found.news


def test_an_absent_required_member_is_news() -> None:
    """A required member that was absent, or null, is news once for its place."""
    found = observe({"OrderStatus": "Open"}, order(Id=None), order())

    assert ["Id"] == [one.path for one in found.absent]
    assert 1 == found.news


def test_a_response_that_is_no_object() -> None:
    """It is counted, has no status, and breaks the type of the whole response."""
    found = observe([], "x", order())

    assert {"Open": 1, "(none)": 2} == found.statuses
    assert [("", "type", 2)] == [
        (one.path, one.keyword, one.responses) for one in found.broken
    ]


def test_the_status_can_be_named() -> None:
    """`status` counts by another enum of the response; text is no status."""
    text = SPEC.replace("{target: Kind, sensitive: true}", "{target: Kind}")

    found = observe(order(Hidden="Small"), order(), text=text, status="Hidden")

    assert {"Small": 1, "(none)": 1} == found.statuses
    with pytest.raises(Exception, match="no enum member 'Note'"):
        observer(status="Note")


def test_names_and_values_without_number_are_counted_together() -> None:
    """Of each place, 200 different words are kept; what comes later counts as more."""
    found = observe(
        *(
            order(**{f"N{number}": 1}, Lines=[{"Kind": f"K{number}"}])
            for number in range(300)
        )
    )

    seen = stated(found, "seen")
    assert {**share(100, 300), "types": {"integer": 100}} == seen["(more)"]
    values = seen["Lines[].Kind"]
    assert isinstance(values, dict)
    assert isinstance(values["values"], dict)
    assert (201, 100) == (len(values["values"]), values["values"]["(more)"])


def test_odd_names_are_counted_together() -> None:
    """Members whose names do not look like names are counted without them."""
    found = observe(order(**{"a b": 1, "": 2, "id:1": "x"}), order())

    assert {
        "(unnamed)": {**share(1, 2), "types": {"integer": 2, "string": 1}}
    } == stated(found, "seen")


def test_names_in_what_is_no_such_structure() -> None:
    """Where no known member is beside them, names may be anything, and stay out."""
    found = observe({"Alice": 1, "Bob": 2}, order(Lines=[{"Carol": 3}]))

    assert {
        "(unnamed)": {**share(1, 2), "types": {"integer": 2}},
        "Lines[].(unnamed)": {**share(1, 1), "types": {"integer": 1}},
    } == stated(found, "seen")


def test_keys_of_a_map_are_never_written() -> None:
    """Not even where they are an enum's, and look like values."""
    text = SPEC.replace("key: {type: string, pattern: '[a-z]+'}", "key: Kind")

    found = observe(order(Labels={"Small": "1", "Carol": "2"}), text=text)

    assert {"Labels{key}": {"values": {"(other)": 1}}} == stated(found, "seen")


def test_layouts_without_number_are_added_up() -> None:
    """More combinations of members than are kept still give the right counts."""
    names = [f"M{number}" for number in range(11)]
    members = "".join(f"      {name}: string\n" for name in names)
    text = (
        "shapespec: 1\npackage: many\nshapes:\n  Root:\n    type: structure\n"
        f"    members:\n{members}"
    )
    responses = [
        {name: "" for bit, name in enumerate(names) if number >> bit & 1}
        for number in range(2**11)
    ]

    found = stated(observe(*responses, text=text), "presence")

    assert [{"total": share(1024, 2048), "by": {}}] * 11 == [*found.values()]


def test_broken_advice_is_counted_and_no_news() -> None:
    """A response may bend it and be valid; how many do is evidence."""
    text = SPEC.replace(
        "  OrderStatus: {type",
        "    rules:\n      closed-for-a-reason:\n        severity: advice\n"
        "        cel: this.OrderStatus != 'Closed' || has(this.Note)\n"
        "        message: no reason is given\n        at: Note\n"
        "  OrderStatus: {type",
    )
    closed = order(OrderStatus="Closed")

    found = observe(closed, order(), {**closed, "Note": "done"}, closed, text=text)

    counts = {
        "rule": "closed-for-a-reason",
        "severity": "note",
        "findings": 2,
        "responses": 2,
    }
    assert {"Note": {"broken": {"closed-for-a-reason": counts}}} == stated(
        found, "seen"
    )
    assert 0 == found.news


# --- what never leaves --------------------------------------------------------------

WORD = "Geheimnis"
"""Stands in for free text that looks like a name."""

ODD = "q7x marked secret"
"""Stands in for what is not even that."""

NUMBER = 918273645
DIGITS = "Acct_918273645"


def secrets(schema: ir.Schema, shape: ir.Shape, text: str) -> Json:
    """A value for a place, with marks wherever a response can hold anything."""
    match shape:
        case ir.Structure(members=members) | ir.Union(members=members):
            found = {
                one.name: secrets(schema, schema.shapes[one.target], text)
                for one in members
            }
            inner = {text: text, WORD: [text, {WORD: NUMBER}]}
            odd = {ODD: inner, f"{WORD}-{WORD}": text, DIGITS: 1, WORD * 9: 2}
            return {**found, "Unheard": inner, **odd}
        case ir.List(member=member):
            return [secrets(schema, schema.shapes[member], text)] * 30
        case ir.Map(value=value):
            item = secrets(schema, schema.shapes[value], text)
            return {text: item, WORD: item, ODD: item}
        case ir.Enum():
            return {WORD: ODD, ODD: DIGITS}.get(text, WORD * 9)
        case ir.String() | ir.Timestamp() | ir.Blob():
            return text
        case ir.Integer() | ir.Float():
            return -NUMBER
        case _:
            return text


def wrong_types(schema: ir.Schema, shape: ir.Shape) -> Json:
    """A value of a wrong type for a place, or for each place within it."""
    match shape:
        case ir.Structure(members=members) | ir.Union(members=members):
            return {
                one.name: wrong_types(schema, schema.shapes[one.target])
                for one in members
            }
        case ir.List() | ir.Map() | ir.Enum():
            return NUMBER
        case ir.String() | ir.Timestamp() | ir.Blob():
            return {WORD: [ODD]}
        case _:
            return WORD


def marked_responses() -> Iterator[str]:
    schema = compile_spec(read_source(FLAGSHIP))
    root = schema.shapes["DescribeTrainingJobResponse"]
    for text in (WORD, ODD, f"arn:aws:iam::{NUMBER}:role/{WORD}"):
        yield json.dumps(secrets(schema, root, text))
    yield json.dumps(wrong_types(schema, root))
    yield json.dumps(WORD)
    yield json.dumps({WORD: WORD, ODD: {WORD: ODD}})
    yield json.dumps({"TrainingJobStatus": [WORD], ODD: {WORD: ODD}})
    yield json.dumps({**VALID, "TrainingJobName": WORD, "HyperParameters": {ODD: WORD}})
    yield f'{{"{WORD}": 1, "{WORD}": 2}}'
    yield f'{{"{WORD}": NaN}}'
    yield f'{{"{WORD}": "{ODD}" {WORD}'
    yield f'{{"{WORD}": "\\{WORD}"}}'


def marks(text: str) -> list[str]:
    """The marks in a text; the members that a test may name are left out first."""
    known = text.replace("Unheard", "")
    return [mark for mark in (WORD, ODD, "q7x", str(NUMBER)) if mark in known]


@pytest.mark.parametrize("output", ["text", "json"])
@pytest.mark.parametrize("form", [None, "wire"])
def test_nothing_that_a_response_holds_leaks(
    run: Run, tmp_path: Path, output: str, form: str | None
) -> None:
    """Values, numbers, keys of maps and odd names are in no output, however marked."""
    lines = tmp_path / "lines.ndjson"
    lines.write_text("".join(f"{line}\n" for line in marked_responses()), "utf-8")
    yaml = tmp_path / "one.yaml"
    yaml.write_text(f"{WORD}: &{WORD} {{{WORD}: 1, {WORD}: 2}}\n")
    other = tmp_path / "other.yaml"
    other.write_text(f"{WORD}-{WORD}: {ODD}\nTrainingJobStatus: '{ODD}'\n")
    options = ["--format", output, "-o", "evidence.yaml", "--patch", "spec.patch"]

    done = run(lines, yaml, other, *options, *(["--form", form] if form else []))

    evidence = (tmp_path / "evidence.yaml").read_text("utf-8")
    patch = (tmp_path / "spec.patch").read_text("utf-8")
    assert 2 == done.returncode
    assert "Unheard" in evidence
    assert "(other)" in evidence
    for name, text in {
        "evidence": evidence,
        "patch": patch,
        "stdout": done.stdout,
        "stderr": done.stderr,
    }.items():
        assert [] == marks(text), name


def test_a_wrapper_does_not_leak(run: Run, tmp_path: Path) -> None:
    """Neither does what stands around the response, nor what is in its place."""
    lines = [
        {"response": VALID, WORD: ODD},
        {"response": WORD},
        {"elsewhere": WORD},
        [WORD],
    ]
    text = "".join(f"{json.dumps(line)}\n" for line in lines)

    done = run("-", "--at", "/response", "-o", "e.yaml", "--patch", "p", stdin=text)

    assert 2 == done.returncode
    assert 2 == done.stderr.count("unreadable: there is nothing at /response")
    evidence = (tmp_path / "e.yaml").read_text("utf-8")
    assert [] == marks(done.stdout + done.stderr + evidence)


# --- what is proposed ---------------------------------------------------------------


def proposal(text: str, *responses: Json) -> Patch:
    source = SourceFile("spec.yaml", text)
    return propose(observe(*responses, text=text), compile_spec(source), source)


def apply(patch: str, text: str) -> str:
    """A unified diff applied to a text, every line of context compared."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    found: list[str] = []
    at = 0
    body = patch.split("\n@@ ")[1:]
    for hunk in body:
        head, _, rest = hunk.partition("\n")
        start = int(head.removeprefix("-").split(",")[0].split(" ")[0]) - 1
        found += lines[at:start]
        at = start
        for line in re.findall(r"[^\n]*\n|[^\n]+", f"{rest}\n"):
            if line.startswith("\\"):
                continue
            kind, content = line[0], line[1:]
            if kind in " -":
                assert content.rstrip("\n") == lines[at].rstrip("\n")
            if kind == " ":
                found.append(lines[at])
            if kind == "+":
                found.append(content)
            at += kind in " -"
    result = "".join([*found, *lines[at:]])
    return result.removesuffix("\n") if "\\ No newline" in patch else result


def git_apply(folder: Path, patch: str, text: str) -> str:
    """The same, by git."""
    (folder / "spec.yaml").write_bytes(text.encode())
    (folder / "spec.patch").write_bytes(patch.encode())
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    subprocess.run([git, "init", "--quiet"], cwd=folder, check=True)
    subprocess.run(
        [git, "-c", "core.autocrlf=false", "apply", "spec.patch"],
        cwd=folder,
        check=True,
    )
    return (folder / "spec.yaml").read_bytes().decode()


FLOWING = """\
shapespec: 1
package: tiny
shapes:
  Root: {type: structure, members: {Id: {required: true, type: string}, Kind: Kind}}
  Kind: {type: enum, values: [Small, Large]}
"""
FLOWING_AFTER = [
    "  Root: {type: structure, members: {Id: {type: string}, Kind: Kind}}",
    "  Kind: {type: enum, values: [Small, Large, Huge]}",
]
BLOCKS = """\
shapespec: 1
package: tiny
shapes:
  Root:
    type: structure
    members:
      # named in no document
      Id:
        type: string
        required: true  # so the document says
        length:
          min: 3
          max: 9
      Kind: Kind
      Size: {target: Size, required: true, doc: 'How large, by the way.'}
  Kind:
    type: enum
    values:
      # small ones first
      Small: Not large.
      Large: >-
        Not small,
        one hopes.

    # and that is all of them
  Size:
    type: enum
    values:
      - S   # up to 3
      - M

  # the end
"""
BLOCKS_BEFORE = [
    "        required: true  # so the document says",
    "      Size: {target: Size, required: true, doc: 'How large, by the way.'}",
]
BLOCKS_AFTER = [
    "        # so the document says",
    "        relaxed: {minLength: observed-root-id-min-length}",
    "      Size: {target: Size, doc: 'How large, by the way.'}",
    "      Huge: Seen in responses; no document explains it.",
    "      - XL",
]
ENDLESS = """\
shapespec: 1
package: tiny
shapes:
  Root: {type: structure, members: {Id: I, Kind: Kind}}
  Kind: {type: enum, values: {Small, Large}}
  I: {type: string, length: {min: 2, max: 3}, relaxed: {maxLength: x}, doc: Id.}"""
ENDLESS_AFTER = """\
  Kind: {type: enum, values: {Small, Large, Huge: Seen in responses; no document \
explains it.}}
  I: {type: string, length: {min: 2, max: 3}, relaxed: {maxLength: x, minLength: \
observed-i-min-length}, doc: Id.}
""".splitlines()
NEW = {"Kind": "Huge", "Size": "XL", "Id": "a"}


@pytest.mark.parametrize(
    ("text", "added", "removed"),
    [
        (FLOWING, FLOWING_AFTER, FLOWING.splitlines()[3:]),
        (BLOCKS, BLOCKS_AFTER, BLOCKS_BEFORE),
        (ENDLESS, ENDLESS_AFTER, ENDLESS.splitlines()[4:]),
    ],
    ids=["flow", "block", "no line break at the end"],
)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_the_patch_applies(
    tmp_path: Path, text: str, added: list[str], removed: list[str], line_break: str
) -> None:
    """The patch changes these lines only, by git and by hand alike, and compiles."""
    text = text.replace("\n", line_break)
    patch = proposal(text, NEW, {"Kind": "Small"})

    diff = patch.text("spec.yaml")

    patched = apply(diff, text)
    changed = [line for line in diff.split("\n") if re.match(r"[-+](?![-+])", line)]
    assert sorted(added) == sorted(
        line[1:].rstrip("\r") for line in changed if line[0] == "+"
    )
    assert sorted(removed) == sorted(
        line[1:].rstrip("\r") for line in changed if line[0] == "-"
    )
    assert patch.patched == patched
    assert patched == git_apply(tmp_path, diff, text)
    compile_spec(SourceFile("spec.yaml", patched))
    assert line_break == "\n" or "\n" not in patched.replace("\r\n", "")


def test_a_patched_spec_takes_what_was_seen() -> None:
    """Observed again with the patched spec, nothing but unknown members is new."""
    responses = [NEW, {"Kind": "Tiny", "More": 1}, {"Kind": "no word"}]

    patched = proposal(BLOCKS, *responses).patched

    again = observe(*responses, text=patched)
    assert ["More"] == [one.path for one in again.members]
    assert [{"(other)": 1}] == [one.counts for one in again.new_values]
    assert () == again.absent
    assert [False] == [one.is_news for one in again.broken]


def test_unknown_members_stay_out_of_the_spec() -> None:
    """They are named in comments ahead of the diff, which has nothing else to say."""
    patch = proposal(SPEC, order(New=1))

    assert patch.is_empty
    assert (
        "# New is not in the spec, and 1 of 1 had it: integer\n"
        "#     stays out until a document or a service model states it\n"
    ) in patch.text("spec.yaml")
    assert "@@" not in patch.text("spec.yaml")


def test_presence_that_follows_the_status_is_pointed_out() -> None:
    """Where a required member depends on the status, the patch thinks of a rule."""
    closed = order(OrderStatus="Closed")
    del closed["Id"]

    text = proposal(SPEC, order(), closed).text("spec.yaml")

    assert "a rule may say that it is there when the status\n#     is Open" in text
    assert "+      Id: {type: string, length: {min: 3}}\n" in text


def test_what_would_make_the_spec_wrong_is_left_out() -> None:
    """Of values that share a name in Python one is added, the other left to people."""
    patch = proposal(SPEC, *(order(OrderStatus=one) for one in ("AtRest", "At_Rest")))

    assert "values: [Open, Closed, AtRest]" in patch.patched
    assert "#     to be added by hand: At_Rest" in patch.text("spec.yaml")


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        (
            FLOWING.replace("Kind: Kind", "Kind: Kind, Other: Other").replace(
                "[Small, Large]}",
                "&one [Small, Large]}\n  Other: {type: enum, values: *one}",
            ),
            "to be added by hand: Huge",
        ),
        (
            FLOWING.replace("package: tiny", "package: &name tiny").replace(
                "required: true, type", "doc: *name, required: true, type"
            ),
            "take `required` from it by hand",
        ),
        (
            FLOWING.replace("{required", "{  # why\n     required"),
            "no longer required",
        ),
        (
            FLOWING.replace("true, type", "true,  # why\n     type"),
            "take `required` from it by hand",
        ),
    ],
    ids=["shared list", "alias ahead", "comment ahead", "comment behind"],
)
def test_what_stands_in_the_way_is_left_alone(text: str, remark: str) -> None:
    """An edit that would change more than is meant is not made, but proposed."""
    patch = proposal(text, {"Kind": "Huge"})

    assert remark in "\n".join(patch.notes)
    assert text.count("#") == patch.patched.count("#")
    compile_spec(SourceFile("spec.yaml", patch.patched))


def test_words_that_yaml_takes_for_something_else_are_quoted() -> None:
    """A value such as `null` or `no` is added as text."""
    patch = proposal(SPEC, order(OrderStatus="null"), order(OrderStatus="No"))

    assert "values: [Open, Closed, 'No', 'null']" in patch.patched


def test_a_long_list_goes_on_in_a_new_line() -> None:
    """Values join a list of many lines without making any of them too long."""
    text = SPEC.replace("[Open, Closed]", f"\n    [{'Open' * 20},\n     Closed]")
    statuses = [f"Status{letter}Longer" for letter in "ABCDEFGH"]

    patch = proposal(text, *(order(OrderStatus=one) for one in statuses))

    lines = [line for line in patch.patched.splitlines() if "Longer" in line]
    assert 2 == len(lines)
    assert all(len(line) <= 100 for line in lines)
    assert lines[1].startswith("     Status")


def test_a_blob_cannot_be_relaxed() -> None:
    """What no keyword can be relaxed for is left as it is, and said so."""
    text = SPEC.replace("Note: string", "Note: {type: blob, length: {max: 2}}")

    patch = proposal(text, order(Note="QUJDRA=="))

    assert "# Note broke `maxLength` in 1 response\n#     left as it is" in patch.text(
        ""
    )
    assert patch.is_empty


def test_the_flagship_is_patched(run: Run, tmp_path: Path) -> None:
    """News of every kind give a patch that applies at the root of the project."""
    for name in ("pyproject.toml", "spec/sagemaker/training_job.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    spec = tmp_path / "spec" / "sagemaker" / "training_job.yaml"
    response = {
        **VALID,
        "TrainingJobStatus": "Paused",
        "SecondaryStatus": "Resting",
        "RoleArn": "nobody" * 5,
        "CreatedBy": {},
        "ResourceConfig": {"InstanceType": "ml.z1.large", "InstanceCount": -1},
        "BillableTimeInSeconds": 0,
    }
    del response["CreationTime"]
    again = json.dumps(response)

    done = run("-", "--patch", "spec.patch", stdin=again)

    assert 1 == done.returncode
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    subprocess.run([git, "init", "--quiet"], cwd=tmp_path, check=True)
    apply_quietly = [git, "-c", "core.autocrlf=false", "apply", "spec.patch"]
    subprocess.run(apply_quietly, cwd=tmp_path, check=True)
    old = (ROOT / "spec/sagemaker/training_job.yaml").read_bytes().decode()
    new = spec.read_bytes().decode()
    assert apply((tmp_path / "spec.patch").read_bytes().decode(), old) == new
    compile_spec(SourceFile("spec.yaml", new))
    lines = set(new.splitlines()) - set(old.splitlines())
    assert 7 == len(lines)
    assert "news at 1 place\n" in run("-", stdin=again).stdout


# --- the command ----------------------------------------------------------------------


def test_exit_codes(run: Run, tmp_path: Path) -> None:
    """0 for nothing new, 1 for news, 2 where something cannot be read."""
    valid, new = json.dumps(VALID), json.dumps({**VALID, "New": 1})
    (tmp_path / "spec.yaml").write_text("shapespec: 1\n")

    assert 0 == run("-", stdin=valid).returncode
    assert 1 == run("-", stdin=f"{valid}\n{new}\n").returncode
    assert 2 == run("-", stdin=f"{new}\n{{broken\n").returncode
    assert 2 == run("absent.json").returncode
    assert 2 == run("-", "--form", "nobodys", stdin=valid).returncode
    assert 2 == run("-", "--shape", "Nothing", stdin=valid).returncode
    assert 2 == run("-", "--status", "RoleArn", stdin=valid).returncode
    assert 2 == run("-", "--at", "response", stdin=valid).returncode
    assert 2 == run("-", "--id", "No Id", stdin=valid).returncode
    assert 2 == run("-", "--spec", "spec.yaml", stdin=valid).returncode
    assert 2 == run("-", "-o", tmp_path / "spec.yaml" / "x", stdin=valid).returncode


def test_it_goes_on_behind_a_line_that_cannot_be_read(run: Run) -> None:
    """An unreadable line is reported and counted; the others are observed."""
    valid = json.dumps(VALID)

    done = run("-", stdin=f"{valid}\n{{broken\n\n{valid}\n")

    assert 2 == done.returncode
    assert "<stdin>:2: unreadable: it is not JSON" in done.stderr
    assert "2 responses (Completed 2), 1 unreadable, nothing new\n" == done.stdout


def test_text_output(run: Run, tmp_path: Path) -> None:
    """A table for each kind of news, and for what else is worth a look."""
    (tmp_path / "spec.yaml").write_text(SPEC)
    responses = [
        order(New=[], Note="x", Lines=[]),
        {"OrderStatus": "Closed", "Lines": [{"Kind": "Huge", "Count": 0}]},
    ]
    lines = "".join(f"{json.dumps(one)}\n" for one in responses)

    done = run("-", "--spec", "spec.yaml", stdin=lines)

    assert TABLES == done.stdout


TABLES = """\
required, yet absent
  Id  1 of 2  Open 1 of 1, Closed 0 of 1

members that the spec lacks
  New  1 of 2  array

values that the spec lacks
  Lines[].Kind  Huge 1

constraints that were broken
  Lines[].Count  minimum  range  1 time in 1 response

relaxed constraints and advice that were broken
  Lines  minItems  length  1 time in 1 response

optional, and there with some statuses only
  Note  1 of 2  Open 1 of 1, Closed 0 of 1

2 responses (Open 1, Closed 1), news at 4 places
"""


def test_json_output(run: Run) -> None:
    """One object a line: what cannot be read, each fact, and a sum."""
    lines = f"{json.dumps({**VALID, 'New': 1})}\n{{\n"

    done = run("-", "--format", "json", stdin=lines)

    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert "<stdin>:2" == found[0]["source"]
    assert {
        "responses": 1,
        "unreadable": 1,
        "statuses": {"Completed": 1},
        "news": 1,
    } == found[-1]
    assert [
        {
            "path": "New",
            "kind": "seen",
            "value": {**share(1, 1), "types": {"integer": 1}},
            "news": True,
        }
    ] == [one for one in found if one.get("news") is True]


def test_a_folder_stands_for_its_responses(run: Run, tmp_path: Path) -> None:
    """Files that hold responses are read at any depth; other files are not."""
    (tmp_path / "captures" / "more").mkdir(parents=True)
    valid = json.dumps(VALID)
    (tmp_path / "captures" / "a.json").write_text(json.dumps(VALID, indent=1))
    (tmp_path / "captures" / "more" / "b.jsonl").write_text(f"{valid}\n{valid}\n")
    (tmp_path / "captures" / "INDEX.md").write_text("no response")

    done = run("captures", "-o", "evidence.yaml")

    assert "3 responses (Completed 3), nothing new\n" == done.stdout
    assert '  document: "3 responses in 2 files"\n' in (
        tmp_path / "evidence.yaml"
    ).read_text("utf-8")
    (tmp_path / "empty").mkdir()
    done = run("empty")
    assert (2, True) == (
        done.returncode,
        "contains no file that ends in" in done.stderr,
    )


def test_rows_patterns_and_packed_files(run: Run, tmp_path: Path) -> None:
    """What `validate` reads is observed, and the evidence has the command."""
    frame = {name: {"0": value, "1": value} for name, value in VALID.items()}
    (tmp_path / "frame.json").write_text(json.dumps(frame))
    listed = json.dumps({"Jobs": [VALID, VALID, VALID]}).encode()
    (tmp_path / "list.json.gz").write_bytes(gzip.compress(listed))

    done = run("*.js*", "--rows", "-o", "evidence.yaml")

    assert "5 responses (Completed 5), nothing new\n" == done.stdout
    text = (tmp_path / "evidence.yaml").read_text("utf-8")
    assert "shapespec observe '*.js*' -o evidence.yaml --rows`" in text
    assert '  document: "5 responses in 2 files"\n' in text


def test_a_response_within_a_document(run: Run) -> None:
    """`--at` finds the response by a JSON Pointer, through objects and lists."""
    wrapped = json.dumps({"a/b": [{"~": None}, {"~": VALID}]})

    assert 0 == run("-", "--at", "/a~1b/1/~0", stdin=wrapped).returncode
    assert 2 == run("-", "--at", "/a~1b/2/~0", stdin=wrapped).returncode


def test_evidence_says_how_it_was_made(run: Run, tmp_path: Path) -> None:
    """Its first line is a comment with the command, whatever the options hold."""
    title = "`odd`\ntitle: [x"
    options = ["--id", "fleet", "--title", title, "--edition", "2025", "-o", "e.yaml"]

    run("-", *options, stdin=json.dumps(VALID))

    evidence = read_evidence(read_source(tmp_path / "e.yaml"))
    assert ("fleet", "observe", "`odd` title: [x", "2025") == evidence.source[:4]
    first = (tmp_path / "e.yaml").read_text("utf-8").splitlines()[0]
    assert "Written by `shapespec observe - -o e.yaml --id fleet --title " in first


def test_nothing_to_observe(run: Run, tmp_path: Path) -> None:
    """Without any response there is nothing new."""
    (tmp_path / "none.ndjson").write_text("")

    done = run("none.ndjson", "-o", "e.yaml", "--patch", "p.patch")

    assert (0, "0 responses, nothing new\n") == (done.returncode, done.stdout)
    assert "# There is nothing new.\n" in (tmp_path / "p.patch").read_text("utf-8")


def test_a_byte_order_mark_stays(run: Run, tmp_path: Path) -> None:
    """The patch of a spec that begins with such a mark applies to its first line."""
    text = "\ufeff" + FLOWING
    (tmp_path / "spec.yaml").write_bytes(text.encode())

    run("-", "--spec", "spec.yaml", "--patch", "p", stdin='{"Kind": "Huge"}')

    patch = (tmp_path / "p").read_bytes().decode()
    assert git_apply(tmp_path, patch, text).startswith("\ufeffshapespec: 1\n")


def test_samples_are_counted_as_clean() -> None:
    """What is clean is counted without a look at its values, and the counts agree."""
    schema = compile_spec(read_source(FLAGSHIP))
    import sagemaker_training_job as contract

    one, other = Observer(schema, contract), Observer(schema, contract)
    clean = 0
    sampler = Sampler(schema)
    for number in range(60):
        response = sampler.one("DescribeTrainingJobResponse", f"{number}")
        given = response if number % 3 else {**response, "FailureReason": None}
        line = json.dumps(given, default=datetime.timestamp)
        one.observe(json.loads(line), line)
        if other.observe_clean(json.loads(line), line.encode()):
            clean += 1
        else:
            other.observe(json.loads(line), line)

    assert one.result() == other.result()
    assert clean == 40


# --- how much it takes ----------------------------------------------------------------


def peak(lines: int, folder: Path) -> int:
    """The most memory in use while so many lines are observed [bytes]."""
    file = folder / f"{lines}.ndjson"
    with file.open("w", encoding="utf-8") as stream:
        for number in range(lines):
            odd: Mapping[str, Json] = {f"New{number}": number, f"odd {number}": "x"}
            status = {"TrainingJobStatus": f"Status{number}", "RoleArn": "nobody"}
            stream.write(json.dumps({**VALID, **odd, **status}) + "\n")
    import sagemaker_training_job as contract

    one = Observer(compile_spec(read_source(FLAGSHIP)), contract)
    gc.collect()
    tracemalloc.start()
    for response in read_responses(str(file)):
        one.observe(response.value, response.text)
    one.result()
    _, found = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return found


def test_memory_does_not_grow_with_the_number_of_responses(tmp_path: Path) -> None:
    """Ten times the lines take no more memory, though each has names of its own."""
    peak(300, tmp_path)  # whatever is loaded once, is loaded now

    few, many = peak(300, tmp_path), peak(3000, tmp_path)

    assert many < 1.5 * few


# --- the evidence of the project ------------------------------------------------------


def test_the_evidence_is_current(run: Run, tmp_path: Path) -> None:
    """Made again from the captures by the command in its first line, it is the same."""
    if not (SHARED / "samples").is_dir():
        pytest.skip("../shared/samples is absent")
    written = OBSERVED.read_bytes().decode()
    match = re.search(r"`(shapespec observe .*)`", written.splitlines()[0])
    assert match is not None
    shutil.copytree(SHARED / "samples", tmp_path / "shared" / "samples")
    project = tmp_path / "main"
    project.mkdir()

    _, _, *arguments = shlex.split(match[1])
    run(*arguments, cwd=project)

    assert written == (project / OBSERVED.relative_to(ROOT)).read_bytes().decode()


def test_the_evidence_is_of_real_captures() -> None:
    """It counts the sixteen that are real and whole; artifacts come with completion."""
    evidence = read_evidence(read_source(OBSERVED))
    by_place: dict[tuple[str, str], Fact] = {
        (fact.path, fact.kind): fact for fact in evidence.facts
    }

    assert {
        "total": share(6, 16),
        "by": {
            "InProgress": share(0, 9),
            "Completed": share(6, 6),
            "Failed": share(0, 1),
        },
    } == by_place["ModelArtifacts", "presence"].value
    seen = {
        path: fact.value for (path, kind), fact in by_place.items() if kind == "seen"
    }
    assert [
        "CreatedBy",
        "DebugConfig",
        "DisableEFA",
        "InputDataConfig[].EnableFFM",
        "OutputDataConfig.RemoveJobNameFromS3OutputPath",
        "RuleMonitoringStatuses",
        "TrainingJobOutput",
    ] == sorted(
        path
        for path, value in seen.items()
        if isinstance(value, dict) and "types" in value
    )
    empty = {"rule": "length", "severity": "warning", "findings": 2, "responses": 2}
    assert {"broken": {"minItems": empty}} == seen["InputDataConfig"]


def test_other_spellings_are_observed_as_the_service_spells_them() -> None:
    """A row in snake case counts for the members that it means."""
    text = SPEC.replace("forms:\n", f"forms:\n{HASH}")
    one = observe({"order_status": "Open", "id": "ab", "_key": 1}, text=text)
    other = observe({"order_status": "Open", "id": "ab"}, text=text, form="hash")

    for found in (one, other):
        (broken,) = found.broken
        assert ("Id", "minLength", 1) == (broken.path, broken.keyword, broken.responses)
        assert 1 == found.statuses["Open"]


HASH = """\
  hash:
    timestamps: {read: [iso-8601], write: iso-8601}
    extra_members: [_key]
    keys: snake_case
"""
