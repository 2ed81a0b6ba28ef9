"""Specs that mean harm: they write nowhere else, run nothing, and end soon.

Nothing here measures time. What would take a square of its length would not end.
"""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from shapespec.backends import units
from shapespec.backends.targets import DEFAULT_TARGETS, TARGETS
from shapespec.compiler import compile_spec, generate
from shapespec.contract import places as check_places
from shapespec.contract.places import Tree
from shapespec.contract.schema import Schema
from shapespec.diagnostics.model import MOST, Diagnostic, Faults
from shapespec.ground.source import SourceFile
from shapespec.ground.writing import is_plain_path
from shapespec.tools.diff.spec_side import spec_side
from shapespec.tools.observe.sites import sites, walk
from shapespec.tools.samples.coverage import coverage
from shapespec.tools.samples.draw import Amount
from shapespec.tools.samples.sampler import Sampler
from shapespec.tools.samples.settle import Wish
from tests.support import compile_text, run_shapespec

HEAD = "shapespec: 1\npackage: p\n"
EMPTY = "{type: structure, members: {}}"
MB = 1_000_000

OURS = (*DEFAULT_TARGETS, "sql")
"""Targets of our own templates; for what other generators make, see test_models.py."""


def shapes(*declared: str) -> str:
    """A spec with these shapes."""
    return f"{HEAD}shapes:\n" + "".join(f"  {one}\n" for one in declared)


def members(*declared: str) -> str:
    """A spec with one structure that has these members."""
    lines = "".join(f"      {one}\n" for one in declared)
    return f"{HEAD}shapes:\n  R:\n    type: structure\n    members:\n{lines}"


def rule(cel: str) -> str:
    """A spec with a structure that has a rule."""
    text = json.dumps(cel)
    given = "members: {A: integer, B: boolean, L: L, R: R}"
    return shapes(
        f"R: {{type: structure, {given}, rules: {{r: {{cel: {text}, message: m}}}}}}",
        "L: {type: list, member: integer}",
    )


def faults(text: str) -> tuple[Diagnostic, ...]:
    """What the compiler says."""
    try:
        schema = compile_spec(SourceFile("spec.yaml", text))
    except Faults as found:
        return found.diagnostics
    generate(schema, TARGETS, layout=False)
    return ()


def rules(text: str) -> list[str]:
    """The rules that are broken, each once."""
    return [*dict.fromkeys(one.rule for one in faults(text))]


# --- where files go -------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "/usr/x",
        "a/b",
        "a\\b",
        "a\0b",
        "C:x",
        "",
        "a" * 129,
        "A",
        "é",
        ".x",
        "a-b",
    ],
)
def test_a_package_is_no_path(name: str) -> None:
    """A package whose name could lead anywhere is refused."""
    text = f"shapespec: 1\npackage: {json.dumps(name)}\nshapes:\n  R: {EMPTY}\n"
    assert ["invalid-name"] == rules(text)


@pytest.mark.parametrize(
    "name", ["../x", "/x", "x/y", "x\\y", "x\0y", "x:y", "S" * 129]
)
def test_a_shape_is_no_path(name: str) -> None:
    """A shape whose name could lead anywhere is refused, as are the roots."""
    key = json.dumps(name)
    assert "invalid-name" in rules(f"{HEAD}shapes:\n  {key}: {EMPTY}\n")
    assert "invalid-name" in rules(f"{HEAD}roots: [{key}]\nshapes:\n  R: {EMPTY}\n")


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../x.yaml", "a/../../x", "C:\\x", "a\0"]
)
def test_evidence_is_below_the_spec(name: str) -> None:
    """A spec names files beside it or below, and reads no others."""
    text = f"{HEAD}evidence: [{json.dumps(name)}]\nshapes:\n  R: {EMPTY}\n"
    assert ["invalid-name"] == rules(text)


@pytest.mark.skipif(os.name != "posix", reason="needs links and pipes")
@pytest.mark.parametrize("how", ["link", "linked folder", "pipe"])
def test_evidence_is_no_link_and_no_pipe(tmp_path: Path, how: str) -> None:
    """Neither a file elsewhere is read through a link, nor a pipe waited for."""
    (tmp_path / "secret.yaml").write_text("hunter2: [")
    project = tmp_path / "project"
    project.mkdir()
    name = "e.yaml"
    match how:
        case "link":
            (project / "e.yaml").symlink_to("../secret.yaml")
        case "linked folder":
            (project / "d").symlink_to("..")
            name = "d/secret.yaml"
        case _:
            os.mkfifo(project / "e.yaml")
    (project / "spec.yaml").write_text(
        f"{HEAD}evidence: [{name}]\nshapes:\n  R: {EMPTY}\n"
    )

    done = run_shapespec("generate", "spec.yaml", cwd=project)

    assert 1 == done.returncode
    assert "error[unreadable-file]" in done.stderr
    assert "hunter2" not in done.stderr


def test_the_longest_names_can_be_written(tmp_path: Path) -> None:
    """Files for names of the greatest length can be made."""
    name = "Aa" * 64
    text = f"shapespec: 1\npackage: {'a' * 128}\nshapes:\n  {name}: {EMPTY}\n"
    for file in compile_text(text, targets=TARGETS).files:
        place = tmp_path / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.with_name(f".{place.name}.shapespec-new").write_text("")


# --- what runs ------------------------------------------------------------------------

TEXTS = (
    '"""\nimport os; os.abort()\n"""',
    "''' + str(1/0) + '''",
    "\\",
    '\\"""',
    "{{ 7 * 7 }}{% raw %}{# x #}",
    "\N{RIGHT-TO-LEFT OVERRIDE}\u2028x = 1\x85\r\nx = 2",
    "%s %(x)s {x} f'{1/0}'",
    '" or __import__("os").abort() or "',
    "\0\x1b[2J",
    "# type: ignore\ncoding: rot13",
    "\N{FULLWIDTH QUOTATION MARK}" * 3,
)
"""Texts that end a literal, a docstring, a comment or a line, or begin a program."""


def spec_of(text: str) -> str:
    """A spec that has a text wherever any text may stand."""
    said = json.dumps(text)
    cel = json.dumps(f"this.Name != {json.dumps(text)}".replace("\\u0000", "0"))
    return f"""
shapespec: 1
package: twin
title: {said}
doc: {said}
operations:
  Get: {{output: Thing, doc: {said}}}
shapes:
  Thing:
    type: structure
    doc: {said}
    deprecated: {{since: {said}, use: {said}}}
    members:
      Name: {{target: Name, doc: {said}, default: {said}}}
      Kind: {{target: Kind, required: true}}
      Either: Either
      {said}: {{type: integer, unit: {said}, doc: {said}, python: odd}}
      Map: {{type: map, key: string, value: {{type: document, examples: [{said}]}}}}
    rules:
      named: {{cel: {cel}, message: {said}, source: [api]}}
    derived:
      Same: {{cel: {cel}, type: boolean, doc: {said}, unit: {said}}}
    notes:
      noted: {{doc: {said}}}
  Either: {{type: union, members: {{{said}: {{type: string, python: odd}}}}}}
  Name: {{type: string, examples: [{said}]}}
  Kind: {{type: enum, doc: {said}, values: {{{said}: {{doc: {said}, python: ODD}}}}}}
"""


def skeleton(text: str) -> Iterator[str]:
    """A module as its syntax tree, without names, and without what constants hold."""
    for node in ast.walk(ast.parse(text)):
        fields = [
            f"{name}:{type(value).__name__}"
            for name, value in ast.iter_fields(node)
            if not isinstance(value, ast.AST | list)
        ]
        lists = [
            f"{name}:{len(value)}"
            for name, value in ast.iter_fields(node)
            if isinstance(value, list)
        ]
        yield " ".join([type(node).__name__, *fields, *lists])


@pytest.mark.parametrize("big", [False, True], ids=["whole", "units"])
@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_code_holds_what_the_templates_put_there(
    text: str, *, big: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The syntax trees of a hostile and of a plain spec differ in constants alone."""
    if big:
        monkeypatch.setattr(units, "BIG", 0)
    plain = compile_text(spec_of("plain"), targets=OURS)
    hostile = compile_text(spec_of(text), targets=OURS)

    assert plain.files.keys() == hostile.files.keys()
    for path, module in hostile.files.items():
        assert is_plain_path(path)
        if path.endswith(".py"):
            assert [*skeleton(plain.files[path])] == [*skeleton(module)]
    response = {"Kind": text, text: 1, "Either": {text: "x"}}
    assert hostile.package.is_valid(response, shape="Thing")
    read = hostile.package.Thing.from_response(response)
    assert 1 == read.odd
    assert response == read.to_response()


RUNS = {
    "python": ("!!python/object/apply:os.abort []", "yaml-tag"),
    "local": ("!exec x", "yaml-tag"),
    "binary": ("!!binary aGk=", "yaml-tag"),
}


@pytest.mark.parametrize("name", RUNS)
def test_tags_mean_nothing(name: str) -> None:
    """No tag of YAML makes an object."""
    value, expected = RUNS[name]
    assert expected in rules(f"{HEAD}title: {value}\nshapes:\n  R: {EMPTY}\n")


@pytest.mark.parametrize(
    "cel",
    [
        "__import__('os').abort()",
        "this.__class__ == 1",
        "this.A.__init__.__globals__ == 1",
        "[x for x in this.L]",
        "lambda: 1",
        "this.A; 1",
        "open('x')",
        "this.L.all(__import__, true) && exec('x')",
    ],
)
def test_expressions_are_not_python(cel: str) -> None:
    """What is no CEL about this shape is refused; nothing is passed on to Python."""
    found = rules(rule(cel))
    assert found
    assert all(one.startswith("cel-") for one in found)


@pytest.mark.parametrize("name", ["__class__", "x = 1", "def", "a.b", "__init__", "é"])
def test_names_for_python_are_names(name: str) -> None:
    """What is no plain name is refused as one."""
    text = members(f"A: {{target: string, python: {json.dumps(name)}}}")
    assert set(rules(text)) <= {"invalid-name", "invalid-python-name"} != set()
    assert rules(text)


# --- time and memory ------------------------------------------------------------------

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{two}: &a{two} [{', '.join([f'*a{one}'] * 10)}]\n"
    for one, two in pairwise(range(12))
)
MANY = 5_000

ENDLESS = {
    "alias-bomb": (BOMB, ["alias-expansion"]),
    "aliases-of-shapes": (
        members(
            f"A: &a {{type: string, examples: [{'x,' * 200}]}}",
            *(f"B{one}: *a" for one in range(3000)),
        ),
        ["alias-expansion"],
    ),
    "nesting": ("[" * MB, ["nesting-too-deep"]),
    "huge-number": (
        members("A: {type: integer, range: {max: 1e999999}}"),
        ["wrong-type"],
    ),
    "huge-digits": (
        members(f"A: {{type: long, range: {{max: {'9' * MB}}}}}"),
        ["wrong-type"],
    ),
    "megabyte-member": (members(f"? {'m' * MB}\n      : string"), []),
    "megabyte-doc": (members(f"A: {{type: string, doc: {'d ' * (MB // 2)}}}"), []),
    "megabyte-value": (
        shapes(
            "R: {type: structure, members: {E: E}}",
            f"E: {{type: enum, values: [{'v' * MB}]}}",
        ),
        [],
    ),
    "megabyte-alias": (f"a: *{'b' * MB}\n", ["unknown-alias"]),
    "unknown-shapes": (
        members(*(f"M{one}: Unknwn{one}" for one in range(MANY)))
        + "".join(f"  Known{n}: {{type: string}}\n" for n in range(MANY)),
        ["unknown-shape"],
    ),
    "unknown-aliases": (
        "[" + ", ".join(f"&a{n} x, *b{n}" for n in range(MANY)) + "]",
        ["unknown-alias"],
    ),
    "unknown-keys": (
        members(
            f"A: {{type: string, {', '.join(f'k{one}: 1' for one in range(MANY))}}}"
        ),
        ["unknown-key"],
    ),
    "unknown-groups": (
        shapes(
            "R: {type: structure, members: {E: E, G: G}}",
            f"G: {{type: enum, values: [{', '.join(f'g{n}' for n in range(MANY))}]}}",
            "E: {type: enum, grouped_by: G, values: {"
            + ", ".join(f"e{one}: {{under: x{one}}}" for one in range(MANY))
            + "}}",
        ),
        ["unknown-group"],
    ),
    "values-twice": (
        shapes(
            "R: {type: structure, members: {E: E}}",
            f"E: {{type: enum, values: [{'a, ' * MANY}a]}}",
        ),
        ["duplicate-value"],
    ),
    "keys-twice": (members(*["A: string"] * MANY), ["duplicate-key"]),
    "names-clash": (
        members(*(f"a{'_' * (one % 40)}b{one // 40}: string" for one in range(MANY))),
        ["duplicate-python-name"],
    ),
    "endless-chain": (
        shapes(
            "R: {type: structure, members: {A: S0}}",
            *(
                f"S{n}: {{type: structure, members: {{N: {{target: S{(n + 1) % 1000},"
                f" required: {'true' if n else 'false'}}}}}}}"
                for n in range(1000)
            ),
        ),
        [],
    ),
    "roots-with-all": (
        f"{HEAD}operations:\n"
        + "".join(f"  O{one}: {{output: R{one}}}\n" for one in range(600))
        + "shapes:\n"
        + "".join(
            f"  R{one}: {{type: structure, members: {{N: S0}}}}\n" for one in range(600)
        )
        + "".join(
            f"  S{one}: {{type: structure, members: {{N: S{one + 1}}}}}\n"
            for one in range(600)
        )
        + f"  S600: {EMPTY}\n",
        ["too-many-definitions"],
    ),
    "example-that-backtracks": (
        members(
            f"A: {{type: string, pattern: '((a+)+)+b', examples: [{'a' * 99}, aab]}}"
        ),
        ["invalid-value"],
    ),
    "pattern-too-long": (
        members(f"A: {{type: string, pattern: '{'a|' * 5_001}'}}"),
        ["unsupported-pattern"],
    ),
    "pattern-nested": (
        members(f"A: {{type: string, pattern: '{'(' * 999 + ')' * 999}'}}"),
        ["unsupported-pattern"],
    ),
    "pattern-classes-nested": (
        members(f"A: {{type: string, pattern: '{'[' * 999 + 'a' + ']' * 999}'}}"),
        ["unsupported-pattern"],
    ),
    "pattern-of-properties": (
        members(f"A: {{type: string, pattern: '[{'&&'.join(['p{L}'] * 400)}]'}}"),
        [],
    ),
    "cel-too-long": (rule("this.A + " * 999 + "1 > 0"), ["cel-syntax"]),
    "cel-brackets": (rule("(" * 999 + "this.B" + ")" * 999), ["cel-syntax"]),
    "cel-not": (rule("!" * 3000 + "this.B"), ["cel-syntax"]),
    "cel-sum": (rule(" + ".join(["this.A"] * 400) + " > 0"), ["cel-syntax"]),
    "cel-way": (rule(f"has(this{'.R' * 1900})"), ["cel-syntax"]),
    "cel-choices": (rule("this.B ? true : " * 200 + "false"), ["cel-syntax"]),
    "cel-loops": (
        rule("this.L.all(x, " * 6 + "true" + ")" * 6),
        ["cel-unsupported"],
    ),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_everything_ends(name: str) -> None:
    """What could take a square of its length, or all memory, ends with a reason."""
    text, expected = ENDLESS[name]
    found = faults(text)
    assert expected == [*dict.fromkeys(one.rule for one in found)]
    assert len(found) <= MOST
    assert all(len(f"{one.message}{one.help}") < 2000 for one in found)


def crates(deep: int, *others: str) -> Schema:
    """Shapes in shapes, so deep; the innermost has other members."""
    inner = [
        f"S{one}: {{type: structure, members:"
        f" {{N: {{target: S{one + 1}, required: true}}}}}}"
        for one in range(1, deep)
    ]
    last = f"S{deep}: {{type: structure, members: {{{', '.join(others)}}}}}"
    return compile_spec(SourceFile("spec.yaml", shapes(*inner, last)))


WHO_LISTS: dict[str, Callable[[Schema], object]] = {
    "evidence": lambda schema: Tree(schema).places,
    "diff": lambda schema: [one.nodes for one in spec_side(schema, "a").contracts],
    "observe": lambda schema: list(walk(sites(schema, "S1"))),
    "coverage": lambda schema: list(coverage(Sampler(schema), ("S1",))),
    "sample": lambda schema: Sampler(schema).one("S1", "0", Wish(size=Amount.FULL)),
}


@pytest.mark.parametrize("lists", WHO_LISTS.values(), ids=WHO_LISTS)
def test_places_are_listed_or_refused(lists: Callable[[Schema], object]) -> None:
    """What lists every place takes what is 100 shapes deep, and refuses what is not."""
    assert lists(crates(100, "N: string"))
    for made in (crates(101, "N: string"), crates(2000, "N: string")):
        with pytest.raises(Faults) as caught:
            lists(made)
        assert ["too-many-places"] == [one.rule for one in caught.value.diagnostics]


AGAIN = shapes(
    "R: {type: structure, members: {A: W, B: W, N: N}}",
    "W: {type: structure, members: {M: {type: list, member: W}}}",
    "N: {type: integer}",
)


def test_places_are_counted() -> None:
    """A shape that is used again is as many places again; one in itself is one."""
    schema = compile_spec(SourceFile("spec.yaml", AGAIN))

    assert (8, 3) == check_places.extent(schema, "R")
    assert (3, 2) == check_places.extent(schema, "W")
    assert (1, 0) == check_places.extent(schema, "N")


@pytest.mark.parametrize(("most", "right"), [(8, True), (7, False)])
def test_so_many_places_can_be_listed(
    most: int, *, right: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many, and not one more."""
    monkeypatch.setattr(check_places, "MOST_PLACES", most)
    schema = compile_spec(SourceFile("spec.yaml", AGAIN))

    if right:
        check_places.require_places(schema, "R")
    else:
        with pytest.raises(Faults):
            check_places.require_places(schema, "R")


@pytest.mark.parametrize(
    "cel",
    [
        " + ".join(["this.A"] * 55) + " > 0",
        " && ".join(["this.B"] * 55),
        "this.B ? true : " * 50 + "this.B",
        "!" * 54 + "this.B",
        "-" * 54 + "this.A > 0",
        " / ".join(["this.A"] * 55) + " > 0",
        "(" * 40 + "this.B" + ")" * 40,
        "this" + ".R" * 50 + ".B",
        "this.L[" * 30 + "0" + "]" * 30 + " > 0",
        "this.L.all(a, this.L.all(b, this.L.exists(c, a + b > c)))",
    ],
)
def test_what_is_deep_and_allowed_is_python(cel: str) -> None:
    """Expressions just below the limits are compiled into what Python can read."""
    made = compile_text(rule(cel), targets=TARGETS)
    response: dict[str, Any] = {"A": 1, "B": True, "L": [0, 1]}
    assert isinstance(made.package.is_valid(response, shape="R"), bool)
    assert isinstance(made.package.validate(response, shape="R"), list)
